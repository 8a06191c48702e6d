// Winograd's minimal filtering for 3x3 kernels: an output tile of size x size from an input tile of (size + 2)^2 with one multiplication
// per input element. Both image transforms here work on one tile, all channels; between them stand (size + 2)^2 matrix products.
//
// Size 4 interpolates at 0, +-1/sqrt2, +-sqrt2 and infinity, size 2 at 0, +-1 and infinity: the points whose rounding is least.
#pragma once
#include <cstdint>

#include "ops/kernels/gemm.h"

namespace tsrun::kernels {

constexpr int64_t winograd_points(int64_t size) { return (size + 2) * (size + 2); }

/// values[point * step + c] = the transform of the tile's pixels.
struct WinogradInput {
  const float* const* pixels;  ///< [size + 2][size + 2], each at channel 0; outside the image at `channels` zeros
  int64_t channels;
  float* values;
  int64_t step;
};

/// out[row][column][c] = activation(the inverse transform of products[point * step + c] + bias + residual).
struct WinogradOutput {
  const float* products;
  int64_t step, channels;
  const float* bias;      ///< or null
  const float* residual;  ///< laid out as out; or null
  float* out;
  int64_t row_step;       ///< from one output row to the next; columns are `channels` apart
  int64_t rows, columns;  ///< how much of the tile lies in the image
  const Activation* activation;
};

struct WinogradKernels {
  int64_t size;
  void (*input)(const WinogradInput&);
  void (*output)(const WinogradOutput&);
  /// u[point * step + i] for filters i < count, whose elements g[ky * 3 + kx] are `g_step` apart: computed in double, rounded once.
  /// count is a multiple of the vector length of the matrix product's kernels.
  void (*filter)(const float* g, int64_t g_step, int64_t count, float* u, int64_t step);
};

/// size 2 or 4, for current_isa().
const WinogradKernels& winograd_kernels(int64_t size);

}  // namespace tsrun::kernels
