// Max pooling: fixed, adaptive and fractional windows, positions of the maxima, and the way back.
#include <cmath>
#include <limits>

#include "ops/dispatch.h"
#include "ops/kernels/parallel.h"
#include "ops/pool_window.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

struct Range {
  int64_t begin, end, step;
};

Range fixed_range(const PoolWindow& w, int d, int64_t i) {
  int64_t begin = i * w.stride[d] - w.pad[d], end = std::min(begin + (w.kernel[d] - 1) * w.dilation[d] + 1, w.in[d]);
  if (begin < 0) begin += (-begin + w.dilation[d] - 1) / w.dilation[d] * w.dilation[d];
  return {begin, end, w.dilation[d]};
}

Range adaptive_range(const PoolWindow& w, int d, int64_t i) {
  return {adaptive_begin(i, w.in[d], w.out[d]), adaptive_end(i, w.in[d], w.out[d]), 1};
}

/// Contiguous planes; range_of(plane, dimension, i) is the window of output i. indices count within a plane.
template <class T, class RangeOf>
void max_planes(const T* x, T* y, int64_t* indices, const PoolWindow& w, int threads, RangeOf range_of) {
  kernels::parallel_for(threads, w.planes, 32768 / std::max<int64_t>(w.in_plane(), 1) + 1, [&](int64_t first, int64_t last) {
    for (int64_t p = first; p < last; ++p) {
      const T* plane = x + p * w.in_plane();
      int64_t o = p * w.out_plane();
      for (int64_t i = 0; i < w.out[0]; ++i)
        for (int64_t j = 0; j < w.out[1]; ++j)
          for (int64_t k = 0; k < w.out[2]; ++k, ++o) {
            Range a = range_of(p, 0, i), b = range_of(p, 1, j), c = range_of(p, 2, k);
            T best = std::numeric_limits<T>::has_infinity ? -std::numeric_limits<T>::infinity() : std::numeric_limits<T>::lowest();
            int64_t at = (a.begin * w.in[1] + b.begin) * w.in[2] + c.begin;
            for (int64_t u = a.begin; u < a.end; u += a.step)
              for (int64_t v = b.begin; v < b.end; v += b.step)
                for (int64_t t = c.begin; t < c.end; t += c.step) {
                  int64_t here = (u * w.in[1] + v) * w.in[2] + t;
                  if (plane[here] > best || plane[here] != plane[here]) best = plane[here], at = here;
                }
            y[o] = best;
            if (indices) indices[o] = at;
          }
    }
  });
}

struct Pooled {
  Tensor values, indices;
};

template <class RangeOf>
Pooled max_windows(Context& ctx, const Tensor& input, const PoolWindow& w, bool with_indices, const char* name, RangeOf range_of) {
  bool half = input.dtype() == DType::f16 || input.dtype() == DType::bf16;
  Tensor x = contiguous(ctx, half ? cast(ctx, input, DType::f32) : input);
  Pooled r{ctx.empty(w.result_sizes, x.dtype()), with_indices ? ctx.empty(w.result_sizes, DType::i64) : Tensor()};
  dispatch(TypeList<float, double, uint8_t, int8_t, int16_t, int32_t, int64_t>(), x.dtype(), name, [&]<class T>() {
    max_planes(x.data<T>(), r.values.data<T>(), with_indices ? r.indices.data<int64_t>() : nullptr, w, ctx.threads, range_of);
  });
  r.values = contiguous(ctx, cast(ctx, r.values, input.dtype()), w.format);
  if (with_indices) r.indices = contiguous(ctx, r.indices, w.format);
  return r;
}

Pooled max_pool(Context& ctx, const Tensor& x, int64_t rank, const PoolWindow& w, bool with_indices) {
  bool half = x.dtype() == DType::f16 || x.dtype() == DType::bf16;
  if ((half || x.dtype() == DType::f32) && rank <= 2) {
    bool last = w.format == MemoryFormat::channels_last;
    Tensor from = contiguous(ctx, cast(ctx, x, DType::f32), w.format);
    Pooled r{ctx.empty(w.result_sizes, DType::f32, w.format), with_indices ? ctx.empty(w.result_sizes, DType::i64, w.format) : Tensor()};
    if (r.values.numel())
      kernels::max_pool(from.data<float>(), r.values.data<float>(), with_indices ? r.indices.data<int64_t>() : nullptr, w.image(),
                        last ? kernels::Layout::nhwc : kernels::Layout::nchw, ctx.threads);
    if (half) r.values = contiguous(ctx, cast(ctx, r.values, x.dtype()), w.format);
    return r;
  }
  return max_windows(ctx, x, w, with_indices, "max_pool", [&w](int64_t, int d, int64_t i) { return fixed_range(w, d, i); });
}

using Two = std::tuple<Tensor, Tensor>;

void check_floating(const Tensor& x, const char* name) {
  check(is_floating(x.dtype()), "\"", name, "\" not implemented for '", scalar_type_name(x.dtype()), "'");
}

template <int Rank>
Tensor max_pool_row(Context& ctx, const Tensor& self, IntSpan kernel, IntSpan stride, IntSpan padding, IntSpan dilation, bool ceil_mode) {
  if (Rank == 1) check_floating(self, "max_pool1d_impl");
  return max_pool(ctx, self, Rank, make_window(self, Rank, kernel, stride, padding, dilation, ceil_mode), false).values;
}

template <int Rank>
Two max_pool_indices(Context& ctx, const Tensor& self, IntSpan kernel, IntSpan stride, IntSpan padding, IntSpan dilation, bool ceil_mode) {
  Pooled r = max_pool(ctx, self, Rank, make_window(self, Rank, kernel, stride, padding, dilation, ceil_mode), true);
  return {r.values, r.indices};
}

template <int Rank>
Two adaptive_max_pool(Context& ctx, const Tensor& self, IntSpan output_size) {
  check_floating(self, Rank == 3 ? "adaptive_max_pool3d_cpu" : "adaptive_max_pool2d");
  PoolWindow w = make_adaptive_window(self, Rank, output_size);
  Pooled r = max_windows(ctx, self, w, true, "adaptive_max_pool", [&w](int64_t, int d, int64_t i) { return adaptive_range(w, d, i); });
  return {r.values, r.indices};
}

/// Window starts drawn by the caller: random_samples[n, c, rank] in [0, 1); of images the last dimension comes first, of volumes last.
template <int Rank>
Two fractional_max_pool(Context& ctx, const Tensor& self, IntSpan kernel_size, IntSpan output_size, const Tensor& random_samples) {
  PoolWindow w = make_adaptive_window(self, Rank, output_size);
  Dims kernel = expand_to(kernel_size, Rank, "kernel_size");
  for (int d = 0; d < Rank; ++d) {
    int at = 3 - Rank + d;
    w.kernel[at] = kernel[static_cast<size_t>(d)];
    check(w.out[at] > 0 && w.kernel[at] > 0 && w.kernel[at] < (int64_t{1} << 31) && w.out[at] + w.kernel[at] - 1 <= w.in[at],
          "fractional_max_pool: pool size ", w.kernel[at], " too large relative to input size ", w.in[at]);
  }
  w.format = MemoryFormat::contiguous;
  check(random_samples.dim() == 3 && random_samples.size(0) * random_samples.size(1) == w.planes && random_samples.size(2) == Rank,
        "fractional_max_pool: expected _random_samples of ", w.planes, " planes and ", Rank, " dimensions, got ", random_samples);
  check(random_samples.dtype() == self.dtype(), "Expect _random_samples to have the same dtype as input");
  Tensor samples = contiguous(ctx, cast(ctx, random_samples, DType::f64));
  const double* drawn = samples.data<double>();
  Pooled r = max_windows(ctx, self, w, true, "fractional_max_pool", [&w, drawn](int64_t plane, int d, int64_t i) {
    int64_t begin = 0;
    if (w.in[d] != 1 || w.out[d] != 1 || w.kernel[d] != 1) {
      int64_t span = w.in[d] - w.kernel[d];
      double sample = drawn[plane * Rank + (Rank == 2 ? 2 - d : d)];
      double alpha = w.out[d] > 1 ? static_cast<double>(span) / static_cast<double>(w.out[d] - 1) : 0;
      begin =
          i == w.out[d] - 1 ? span : static_cast<int64_t>((static_cast<double>(i) + sample) * alpha) - static_cast<int64_t>(sample * alpha);
      begin = std::clamp<int64_t>(begin, 0, span);
    }
    return Range{begin, begin + w.kernel[d], 1};
  });
  return {r.values, r.indices};
}

Tensor unpool(Context& ctx, const Tensor& self, const Tensor& indices, int64_t rank, IntSpan output_size) {
  check(indices.dtype() == DType::i64, "elements in indices should be type int64 but got: ", indices.dtype());
  check(self.sizes().size() == indices.sizes().size() && std::equal(self.sizes().begin(), self.sizes().end(), indices.sizes().begin()),
        "Expected shape of indices to be: ", self.sizes(), " but got: ", indices.sizes());
  check(self.dim() == rank + 1 || self.dim() == rank + 2, "max_unpooling: expected ", rank + 1, "D or ", rank + 2, "D input, got ", self);
  check(static_cast<int64_t>(output_size.size()) == rank, "There should be exactly ", rank, " elements in output_size, but got ",
        output_size);
  Dims sizes;
  int64_t planes = 1, in = 1, out = checked_numel(output_size);
  for (int64_t d = 0; d < self.dim(); ++d) {
    bool leading = d < self.dim() - rank;
    (leading ? planes : in) *= self.size(d);
    if (leading) sizes.push_back(self.size(d));
  }
  for (int64_t s : output_size) sizes.push_back(s);
  Tensor x = contiguous(ctx, self), at = contiguous(ctx, indices), y = ctx.zeros(sizes, self.dtype());
  const int64_t* index = at.data<int64_t>();
  for (int64_t i = 0; i < x.numel(); ++i)
    check(index[i] >= 0 && index[i] < out, "found an invalid max index: ", index[i], " (output volumes are of size ", output_size, ")");
  dispatch(RealTypes(), x.dtype(), "max_unpooling", [&]<class T>() {
    for (int64_t p = 0; p < planes; ++p)
      for (int64_t i = p * in; i < (p + 1) * in; ++i) y.data<T>()[p * out + index[i]] = x.data<T>()[i];
  });
  return y;
}

Tensor max_unpool2d(Context& ctx, const Tensor& self, const Tensor& indices, IntSpan output_size) {
  return unpool(ctx, self, indices, 2, output_size);
}

Tensor max_unpool3d(Context& ctx, const Tensor& self, const Tensor& indices, IntSpan output_size, IntSpan, IntSpan) {
  return unpool(ctx, self, indices, 3, output_size);
}

constexpr Op rows[] = {
    op<"aten::max_pool1d(Tensor self, int[1] kernel_size, int[1] stride=[], int[1] padding=[0], int[1] dilation=[1], bool ceil_mode=False) "
       "-> Tensor",
       max_pool_row<1>>(),
    op<"aten::max_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, int[2] dilation=1, bool ceil_mode=False) -> "
       "Tensor",
       max_pool_row<2>>(),
    op<"aten::max_pool3d(Tensor self, int[3] kernel_size, int[3] stride=[], int[3] padding=0, int[3] dilation=1, bool ceil_mode=False) -> "
       "Tensor",
       max_pool_row<3>>(),
    op<"aten::max_pool1d_with_indices(Tensor self, int[1] kernel_size, int[1] stride=[], int[1] padding=[0], int[1] dilation=[1], "
       "bool ceil_mode=False) -> (Tensor, Tensor)",
       max_pool_indices<1>>(),
    op<"aten::max_pool2d_with_indices(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, int[2] dilation=1, "
       "bool ceil_mode=False) -> (Tensor, Tensor)",
       max_pool_indices<2>>(),
    op<"aten::max_pool3d_with_indices(Tensor self, int[3] kernel_size, int[3] stride=[], int[3] padding=0, int[3] dilation=1, "
       "bool ceil_mode=False) -> (Tensor, Tensor)",
       max_pool_indices<3>>(),
    op<"aten::adaptive_max_pool1d(Tensor self, int[1] output_size) -> (Tensor, Tensor)", adaptive_max_pool<1>>(),
    op<"aten::adaptive_max_pool2d(Tensor self, int[2] output_size) -> (Tensor, Tensor)", adaptive_max_pool<2>>(),
    op<"aten::adaptive_max_pool3d(Tensor self, int[3] output_size) -> (Tensor, Tensor)", adaptive_max_pool<3>>(),
    op<"aten::fractional_max_pool2d(Tensor self, int[2] kernel_size, int[2] output_size, Tensor random_samples) -> (Tensor, Tensor)",
       fractional_max_pool<2>>(),
    op<"aten::fractional_max_pool3d(Tensor self, int[3] kernel_size, int[3] output_size, Tensor random_samples) -> (Tensor, Tensor)",
       fractional_max_pool<3>>(),
    op<"aten::max_unpool2d(Tensor self, Tensor indices, SymInt[2] output_size) -> Tensor", max_unpool2d>(),
    op<"aten::max_unpool3d(Tensor self, Tensor indices, SymInt[3] output_size, int[3] stride, int[3] padding) -> Tensor", max_unpool3d>(),
};

}  // namespace

const std::span<const Op> max_pool_ops = rows;

}  // namespace tsrun
