// Pooling of images, f32. x and y do not overlap; both have the same layout.
#pragma once
#include <cstdint>

#include "ops/kernels/layout.h"

namespace tsrun::kernels {

/// The output size is the caller's (ceil mode, padding at the bottom and right are in it). 1-D pooling has h = kernel_h = out_h = 1.
/// The caller rules out kernels, strides and dilations below 1, negative padding, and values beyond 2^31.
struct PoolShape {
  int64_t images, channels, h, w, out_h, out_w;
  int64_t kernel_h, kernel_w, stride_h, stride_w;
  int64_t pad_h = 0, pad_w = 0;            ///< at the top and left
  int64_t dilation_h = 1, dilation_w = 1;  ///< max pooling only
};

/// NaN if a window holds one. indices, y's shape, receive h * w positions in the image (the first largest) unless null.
void max_pool(const float* x, float* y, int64_t* indices, const PoolShape& shape, Layout layout, int threads);

/// The sum over the part of a window inside the image, divided by: divisor if not 0; else the window's size clipped to the padded image
/// if count_include_pad; else its size inside the image. pad_h also is the padding at the bottom that count_include_pad counts, pad_w
/// right.
void avg_pool(const float* x, float* y, const PoolShape& shape, bool count_include_pad, int64_t divisor, Layout layout, int threads);

/// Windows [floor(i h / out_h), ceil((i + 1) h / out_h)), likewise for w. kernel, stride, pad and dilation are not read.
void adaptive_avg_pool(const float* x, float* y, const PoolShape& shape, Layout layout, int threads);

/// y is [images, channels]: the mean over pixels.
void global_avg_pool(const float* x, float* y, int64_t images, int64_t channels, int64_t pixels, Layout layout, int threads);

}  // namespace tsrun::kernels
