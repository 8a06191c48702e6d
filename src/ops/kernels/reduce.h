// Reductions of contiguous [outer, n, inner] over the middle dimension, and of whole spans. Sums are pairwise over blocks, so that the
// error grows with the logarithm of n, as PyTorch's. Results do not depend on the number of threads.
#pragma once
#include <cstdint>

namespace tsrun::kernels {

enum class Reduce : uint8_t {
  sum,
  mean,  ///< f32 and f64; NaN when n = 0
  sum_abs,
  sum_squares,
  sum_numbers,  ///< NaN counts as 0
  product,
  max,  ///< NaN if any is
  min,  ///< NaN if any is
};

/// y is [outer, inner]; inner = 1 reduces rows, outer = 1 columns. With n = 0 sums give 0, products 1, max and min the lowest and highest
/// value.
void reduce(Reduce op, const float* x, float* y, int64_t outer, int64_t n, int64_t inner, int threads);
void reduce(Reduce op, const double* x, double* y, int64_t outer, int64_t n, int64_t inner, int threads);
/// mean is the sum divided towards zero; sums wrap around.
void reduce(Reduce op, const int64_t* x, int64_t* y, int64_t outer, int64_t n, int64_t inner, int threads);

/// y = index of the first largest (smallest) element, or of the first NaN. n > 0.
void argmax(const float* x, int64_t* y, int64_t outer, int64_t n, int64_t inner, int threads);
void argmin(const float* x, int64_t* y, int64_t outer, int64_t n, int64_t inner, int threads);

}  // namespace tsrun::kernels
