// Where the windows of a pooling lie: arguments checked, sizes computed, memory formats chosen. Shared by all pooling operators.
#pragma once
#include "ops/context.h"
#include "ops/kernels/pool.h"

namespace tsrun {

/// Windows over 1 to 3 spatial dimensions, seen as 3 (missing ones have kernel 1). Results have [n, c, out...] or, unbatched, [c, out...].
struct PoolWindow {
  int64_t planes = 1, channels = 1;  ///< batch * channels, and channels
  int64_t in[3] = {1, 1, 1}, out[3] = {1, 1, 1};
  int64_t kernel[3] = {1, 1, 1}, stride[3] = {1, 1, 1}, pad[3] = {0, 0, 0}, dilation[3] = {1, 1, 1};
  Dims result_sizes;
  MemoryFormat format = MemoryFormat::contiguous;  ///< of the result: that of the input

  int64_t in_plane() const { return in[0] * in[1] * in[2]; }
  int64_t out_plane() const { return out[0] * out[1] * out[2]; }
  kernels::PoolShape image() const;  ///< for the kernels; in[0] must be 1
};

/// Fixed windows. An empty stride means the kernel's size. Throws Error (model) with PyTorch's words.
PoolWindow make_window(const Tensor& x, int64_t rank, IntSpan kernel, IntSpan stride, IntSpan padding, IntSpan dilation, bool ceil_mode);
/// Windows that divide the input into output_size parts.
PoolWindow make_adaptive_window(const Tensor& x, int64_t rank, IntSpan output_size);

/// First and last + 1 of adaptive window i.
inline int64_t adaptive_begin(int64_t i, int64_t in, int64_t out) { return i / out * in + i % out * in / out; }
inline int64_t adaptive_end(int64_t i, int64_t in, int64_t out) { return 1 + ((i + 1) * in - 1) / out; }

}  // namespace tsrun
