// Depthwise convolution of channels-last images: vectors run across channels, a tile is a few output pixels of one row.
#pragma once
#include <cstdint>

#include "ops/kernels/gemm.h"

namespace tsrun::kernels {

/// One tile: `count` output pixels side by side, all channels. out[t][c] = activation(bias[c] + residual[t][c] + the sum over its taps).
struct DepthwiseTile {
  /// Addresses of input pixels at channel 0. Inside form: [rows], the first column of each kernel row, further columns pixel_step apart.
  /// Border form: [rows][columns]. Scattered form: [taps][count]. Padding points at `channels` zeros.
  const float* const* pixels;
  int64_t pixel_step;
  int64_t rows;  ///< kernel rows that lie in the image; taps in the scattered form
  int64_t channels;
  const float* weights;          ///< [rows][kernel width][channels], or [taps][channels]
  const float* bias;             ///< or null
  const float* residual;         ///< of the first pixel, the next `channels` further; or null
  float* out;                    ///< likewise
  const Activation* activation;  ///< or null
};

struct DepthwiseKernels {
  using Run = void (*)(const DepthwiseTile&);

  /// Kernel widths and strides with a kernel of their own, which loads every input column once per kernel row (dilation 1).
  struct Kind {
    int64_t width, stride;
  };
  static constexpr Kind kKinds[] = {{3, 1}, {3, 2}, {5, 1}, {5, 2}, {7, 1}};
  static constexpr int64_t kCounts[] = {7, 4, 2, 1};  ///< pixels of a tile
  static constexpr int64_t kMostColumns = 15;         ///< input columns under the widest tile
  static constexpr int64_t kWide = 7;                 ///< pixels of the inside tiles

  Run inside[5];     ///< by kind; 7 pixels
  Run border[5][4];  ///< by kind and count
  Run scattered[4];  ///< any kernel, by count
};

/// The table of current_isa().
const DepthwiseKernels& depthwise_kernels();

}  // namespace tsrun::kernels
