#include "ops/pool_window.h"

#include "ops/conv.h"
#include "ops/shape.h"

namespace tsrun {

kernels::PoolShape PoolWindow::image() const {
  kernels::PoolShape s{
      planes / std::max<int64_t>(channels, 1), channels, in[1], in[2], out[1], out[2], kernel[1], kernel[2], stride[1], stride[2]};
  s.pad_h = pad[1], s.pad_w = pad[2], s.dilation_h = dilation[1], s.dilation_w = dilation[2];
  return s;
}

static PoolWindow start_window(const Tensor& x, int64_t rank) {
  bool batched = x.dim() == rank + 2;
  check(batched || x.dim() == rank + 1, "Expected ", rank + 1, "D or ", rank + 2,
        "D (batch mode) tensor with optional 0 dim batch size for input, but got: ", x.sizes());
  PoolWindow w;
  for (int64_t d = batched ? 1 : 0; d < x.dim(); ++d)
    check(x.size(d) > 0, "Expected ", rank + 1, "D or ", rank + 2,
          "D (batch mode) tensor with optional 0 dim batch size for input, but got: ", x.sizes());
  w.channels = x.size(batched ? 1 : 0);
  w.planes = batched ? x.size(0) * w.channels : w.channels;
  for (int64_t d = 0; d < x.dim() - rank; ++d) w.result_sizes.push_back(x.size(d));
  for (int64_t d = 0; d < rank; ++d) w.in[3 - rank + d] = x.size(x.dim() - rank + d);
  for (int64_t s : w.in) check(s < (int64_t{1} << 31), "pooling of an input too large: ", x.sizes());
  if (batched && rank > 1 && looks_channels_last(x)) w.format = rank == 2 ? MemoryFormat::channels_last : MemoryFormat::channels_last_3d;
  return w;
}

PoolWindow make_window(const Tensor& x, int64_t rank, IntSpan kernel, IntSpan stride, IntSpan padding, IntSpan dilation, bool ceil_mode) {
  PoolWindow w = start_window(x, rank);
  size_t n = static_cast<size_t>(rank);
  Dims k = expand_to(kernel, n, "kernel_size"), s = stride.empty() ? k : expand_to(stride, n, "stride");
  Dims p = expand_to(padding, n, "padding"), dil = expand_to(dilation, n, "dilation");
  for (size_t d = 0; d < n; ++d) {
    size_t at = 3 - n + d;
    check(k[d] > 0 && k[d] < (int64_t{1} << 31), "kernel size should be greater than zero, but got ", k);
    check(s[d] > 0 && s[d] < (int64_t{1} << 31), "stride should be greater than zero, but got ", s);
    check(dil[d] > 0 && dil[d] < (int64_t{1} << 31), "dilation should be greater than zero, but got ", dil);
    check(p[d] >= 0, "pad must be non-negative, but got pad: ", p[d]);
    check(p[d] <= ((k[d] - 1) * dil[d] + 1) / 2, "pad should be at most half of effective kernel size, but got pad=", p[d],
          ", kernel_size=", k[d], " and dilation=", dil[d]);
    w.kernel[at] = k[d], w.stride[at] = s[d], w.pad[at] = p[d], w.dilation[at] = dil[d];
    w.out[at] = window_count(w.in[at], k[d], p[d], p[d], s[d], dil[d], ceil_mode);
    w.result_sizes.push_back(w.out[at]);
  }
  for (size_t d = 3 - n; d < 3; ++d)
    check(w.out[d] > 0, "Given input size: ", x.sizes(), ". Calculated output size: ", w.result_sizes, ". Output size is too small");
  return w;
}

PoolWindow make_adaptive_window(const Tensor& x, int64_t rank, IntSpan output_size) {
  PoolWindow w = start_window(x, rank);
  Dims out = expand_to(output_size, static_cast<size_t>(rank), "output_size");
  for (int64_t d = 0; d < rank; ++d) {
    int64_t size = out[static_cast<size_t>(d)];
    check(size >= 0 && size < (int64_t{1} << 31), "elements of output_size must be greater than or equal to 0 but received ", out);
    w.out[3 - rank + d] = size;
    w.result_sizes.push_back(size);
  }
  return w;
}

}  // namespace tsrun
