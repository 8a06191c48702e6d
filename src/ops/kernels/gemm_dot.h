// Products with at most kDotRows rows or columns whose operands both run along K: a few dot products at a time, nothing packed.
#pragma once
#include <cstdint>

#include "ops/kernels/gemm.h"

namespace tsrun::kernels {

constexpr int64_t kDotRows = 4;

/// c[i * stride_i + j * stride_j] = dot(p row i, q row j) + residual at the same place, for i < few <= kDotRows and j < many.
template <class T>
struct DotProduct {
  int64_t few, many, k;
  const T* p;
  int64_t p_step;
  const T* q;
  int64_t q_step;
  T* c;
  int64_t stride_i, stride_j;
  const T* residual;  ///< or null
  int64_t residual_i, residual_j;
};

/// For current_isa(). Every dot product is summed in the same order, whatever few and many are.
void run_dot(const DotProduct<float>& product);
void run_dot(const DotProduct<double>& product);

}  // namespace tsrun::kernels
