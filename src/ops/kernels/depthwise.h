// Depthwise convolution of channels-last images: vectors run across channels, a tile is a few output pixels of one row.
#pragma once
#include <cstdint>

#include "ops/kernels/gemm.h"

namespace tsrun::kernels {

/// One tile: `count` output pixels side by side, all channels. out[t][c] = activation(bias[c] + residual[t][c] + the sum over its taps).
struct DepthwiseTile {
  /// Addresses of input pixels at channel 0: [rows][input columns under the tile], or [taps][count] in the scattered form. Those outside
  /// the image point at `channels` zeros.
  const float* const* pixels;
  int64_t rows;  ///< kernel rows, only those inside the image; or taps
  int64_t channels;
  const float* weights;          ///< [rows][kernel width][channels], or [taps][channels]
  const float* bias;             ///< or null
  const float* residual;         ///< of the first pixel, the next `channels` further; or null
  float* out;                    ///< likewise
  const Activation* activation;  ///< or null
};

struct DepthwiseKernels {
  using Run = void (*)(const DepthwiseTile&);

  static constexpr int64_t kCounts[] = {7, 4, 2, 1};  ///< pixels of a tile
  struct Row {
    Run by_count[4];
  };

  /// Kernel widths and strides with a kernel of their own, which loads every input column once per kernel row (dilation 1).
  struct Kind {
    int64_t width, stride;
  };
  static constexpr Kind kKinds[] = {{3, 1}, {3, 2}, {5, 1}, {5, 2}, {7, 1}};
  static constexpr int64_t kMostColumns = 17;  ///< input columns under the widest tile

  Row kinds[5];
  Row scattered;  ///< any kernel
};

/// The table of current_isa().
const DepthwiseKernels& depthwise_kernels();

}  // namespace tsrun::kernels
