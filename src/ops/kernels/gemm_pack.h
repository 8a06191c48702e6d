// Copies matrices into the order in which the micro-kernels read them.
#pragma once
#include <cstdint>

#include "ops/kernels/gemm_kernels.h"

namespace tsrun::kernels {

/// Columns of all panels of an n-column B together: n rounded up to vectors. n must not be negative.
template <class T>
int64_t padded_columns(const GemmKernels<T>& kernels, int64_t n);

/// Writes B[k,n] as panels [k][width], zeros in the columns past n. out has room for k * padded_columns(n).
template <class T>
void pack_panels(const GemmKernels<T>& kernels, MatrixView<T> b, int64_t k, int64_t n, T* out, int threads);

/// Writes A[m,k] with contiguous rows at distance k.
template <class T>
void copy_rows(MatrixView<T> a, int64_t m, int64_t k, T* out);

}  // namespace tsrun::kernels
