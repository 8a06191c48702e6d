// Products with at most kSumRows rows and contiguous rows of B: each row of C is a weighted sum of the rows of B, which are read once, in
// the order of memory, with nothing packed.
#pragma once
#include <cstdint>

#include "ops/kernels/gemm.h"

namespace tsrun::kernels {

constexpr int64_t kSumRows = 4;

/// c[m, n] = a[m, k] * b[k, n] + residual, m <= kSumRows.
template <class T>
struct RowSums {
  int64_t m, n, k;
  const T* a;
  int64_t lda;
  const T* b;
  int64_t ldb;
  T* c;
  int64_t ldc;
  const T* residual;  ///< or null
  int64_t ld_residual;
};

/// For current_isa(). Every element is summed in an order that depends on m and k alone. k must be positive.
void run_row_sums(const RowSums<float>& sums);
void run_row_sums(const RowSums<double>& sums);

}  // namespace tsrun::kernels
