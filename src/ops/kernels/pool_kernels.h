// The inner loops of pooling, one row of pointers per instruction set.
#pragma once
#include <cstdint>

#include "ops/kernels/pool.h"

namespace tsrun::kernels {

/// Taps first, first + dilation, ..., `count` of them, all inside the image.
struct PoolRange {
  int64_t first, count;
};

struct PoolKernels {
  /// One output row of one plane (nchw): y[out_w] joins the rows of x[h, w] in `rows` and, by the shape's w fields, columns.
  void (*max_row)(const float* x, float* y, const PoolShape& shape, PoolRange rows);
  void (*sum_row)(const float* x, float* y, const PoolShape& shape, PoolRange rows);

  /// One output pixel (nhwc): y[channels] joins the taps of x[h, w, channels] and is divided by `by`.
  using Channels = void (*)(const float* x, float* y, const PoolShape& shape, PoolRange rows, PoolRange columns, int64_t dilation_h,
                            int64_t dilation_w, float by);
  Channels max_channels, sum_channels;
};

const PoolKernels& pool_kernels();

}  // namespace tsrun::kernels
