// Matrix transposition and the change between the two image layouts.
#pragma once
#include <cstdint>

namespace tsrun::kernels {

/// y[j * ldy + i] = x[i * ldx + j] for i < rows, j < columns. No overlap.
void transpose2d(const float* x, int64_t rows, int64_t columns, int64_t ldx, float* y, int64_t ldy);

/// [n, channels, pixels] to [n, pixels, channels]. No overlap. The way back is the same call with channels and pixels exchanged.
void transpose_images(const float* x, int64_t n, int64_t channels, int64_t pixels, float* y, int threads);

}  // namespace tsrun::kernels
