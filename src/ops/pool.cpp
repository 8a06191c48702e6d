// Average pooling: fixed and adaptive windows.
#include "ops/dispatch.h"
#include "ops/kernels/parallel.h"
#include "ops/pool_window.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

/// The elements of one window along one dimension, and how many it counts as, padding included when asked for.
struct Span {
  int64_t begin, end, counted;
};

Span fixed_span(const PoolWindow& w, int d, int64_t i, bool count_pad) {
  int64_t begin = i * w.stride[d] - w.pad[d], end = std::min(begin + w.kernel[d], w.in[d] + w.pad[d]), counted = end - begin;
  begin = std::max<int64_t>(begin, 0), end = std::min(end, w.in[d]);
  return {begin, end, count_pad ? counted : end - begin};
}

Span adaptive_span(const PoolWindow& w, int d, int64_t i) {
  int64_t begin = adaptive_begin(i, w.in[d], w.out[d]), end = adaptive_end(i, w.in[d], w.out[d]);
  return {begin, end, end - begin};
}

/// Halves are added up in halves only where PyTorch does so (adaptive windows of volumes).
template <class T, class SpanOf>
void average_planes(const T* x, T* y, const PoolWindow& w, int64_t divisor, int threads, SpanOf span_of) {
  kernels::parallel_for(threads, w.planes, 32768 / std::max<int64_t>(w.in_plane(), 1) + 1, [&](int64_t first, int64_t last) {
    for (int64_t p = first; p < last; ++p) {
      const T* plane = x + p * w.in_plane();
      T* out = y + p * w.out_plane();
      for (int64_t i = 0; i < w.out[0]; ++i)
        for (int64_t j = 0; j < w.out[1]; ++j)
          for (int64_t k = 0; k < w.out[2]; ++k) {
            Span a = span_of(0, i), b = span_of(1, j), c = span_of(2, k);
            T sum = 0;
            for (int64_t u = a.begin; u < a.end; ++u)
              for (int64_t v = b.begin; v < b.end; ++v)
                for (int64_t t = c.begin; t < c.end; ++t) sum = static_cast<T>(sum + plane[(u * w.in[1] + v) * w.in[2] + t]);
            bool outside = a.begin >= a.end || b.begin >= b.end || c.begin >= c.end;
            int64_t by = divisor ? divisor : a.counted * b.counted * c.counted;
            if constexpr (is_half_type<T>) *out++ = T(T(T(sum / c.counted) / b.counted) / a.counted);
            else *out++ = outside ? T(0) : sum / static_cast<T>(by);
          }
    }
  });
}

template <class SpanOf>
Tensor average_windows(Context& ctx, const Tensor& input, const PoolWindow& w, int64_t divisor, const char* name, SpanOf span_of) {
  bool half = input.dtype() == DType::f16 || input.dtype() == DType::bf16;
  Tensor x = contiguous(ctx, half ? cast(ctx, input, DType::f32) : input), y = ctx.empty(w.result_sizes, x.dtype());
  dispatch(TypeList<float, double, int64_t>(), x.dtype(), name,
           [&]<class T>() { average_planes(x.data<T>(), y.data<T>(), w, divisor, ctx.threads, span_of); });
  return contiguous(ctx, cast(ctx, y, input.dtype()), w.format);
}

template <int Rank>
Tensor avg_pool(Context& ctx, const Tensor& self, IntSpan kernel, IntSpan stride, IntSpan padding, bool ceil_mode, bool count_include_pad,
                std::optional<int64_t> divisor_override) {
  check(!divisor_override || *divisor_override != 0, "divisor must be not zero");
  PoolWindow w = make_window(self, Rank, kernel, stride, padding, Dims{1}, ceil_mode);
  int64_t divisor = divisor_override.value_or(0);
  if (Rank == 3) w.format = MemoryFormat::contiguous;
  if (self.dtype() == DType::f32 && Rank <= 2) {
    Tensor x = contiguous(ctx, self, w.format), y = ctx.empty(w.result_sizes, DType::f32, w.format);
    if (y.numel())
      kernels::avg_pool(x.data<float>(), y.data<float>(), w.image(), count_include_pad, divisor,
                        w.format == MemoryFormat::channels_last ? kernels::Layout::nhwc : kernels::Layout::nchw, ctx.threads);
    return y;
  }
  return average_windows(ctx, self, w, divisor, Rank == 3 ? "avg_pool3d_out_frame" : "avg_pool2d",
                         [&](int d, int64_t i) { return fixed_span(w, d, i, count_include_pad); });
}

Tensor avg_pool1d(Context& ctx, const Tensor& self, IntSpan kernel, IntSpan stride, IntSpan padding, bool ceil_mode,
                  bool count_include_pad) {
  return avg_pool<1>(ctx, self, kernel, stride, padding, ceil_mode, count_include_pad, {});
}

template <int Rank>
Tensor adaptive_avg_pool(Context& ctx, const Tensor& self, IntSpan output_size) {
  PoolWindow w = make_adaptive_window(self, Rank, output_size);
  check(is_floating(self.dtype()), "\"adaptive_avg_pool", Rank, "d_cpu\" not implemented for '", scalar_type_name(self.dtype()), "'");
  DType dtype = self.dtype();
  bool narrow = dtype != DType::f64;
  kernels::Layout layout = w.format == MemoryFormat::contiguous ? kernels::Layout::nchw : kernels::Layout::nhwc;
  Tensor y;
  if (w.out_plane() == 1 && narrow && w.planes > 0) {
    Tensor x = contiguous(ctx, cast(ctx, self, DType::f32), w.format);
    y = ctx.empty(w.result_sizes, DType::f32, w.format);
    kernels::global_avg_pool(x.data<float>(), y.data<float>(), w.planes / w.channels, w.channels, w.in_plane(), layout, ctx.threads);
  } else if (Rank <= 2 && narrow) {
    Tensor x = contiguous(ctx, cast(ctx, self, DType::f32), w.format);
    y = ctx.empty(w.result_sizes, DType::f32, w.format);
    if (y.numel()) kernels::adaptive_avg_pool(x.data<float>(), y.data<float>(), w.image(), layout, ctx.threads);
  } else if (Rank == 3 && (dtype == DType::f16 || dtype == DType::bf16)) {
    Tensor x = contiguous(ctx, self);
    y = ctx.empty(w.result_sizes, dtype);
    dispatch(TypeList<Half, BFloat16>(), dtype, "adaptive_avg_pool3d_cpu", [&]<class T>() {
      average_planes(x.data<T>(), y.data<T>(), w, 0, ctx.threads, [&](int d, int64_t i) { return adaptive_span(w, d, i); });
    });
    y = contiguous(ctx, y, w.format);
  } else {
    y = average_windows(ctx, self, w, 0, "adaptive_avg_pool", [&](int d, int64_t i) { return adaptive_span(w, d, i); });
  }
  return cast(ctx, y, dtype);
}

constexpr Op rows[] = {
    op<"aten::avg_pool1d(Tensor self, int[1] kernel_size, int[1] stride=[], int[1] padding=[0], bool ceil_mode=False, "
       "bool count_include_pad=True) -> Tensor",
       avg_pool1d>(),
    op<"aten::avg_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, bool ceil_mode=False, bool "
       "count_include_pad=True, "
       "int? divisor_override=None) -> Tensor",
       avg_pool<2>>(),
    op<"aten::avg_pool3d(Tensor self, int[3] kernel_size, int[3] stride=[], int[3] padding=0, bool ceil_mode=False, bool "
       "count_include_pad=True, "
       "int? divisor_override=None) -> Tensor",
       avg_pool<3>>(),
    op<"aten::adaptive_avg_pool1d(Tensor self, int[1] output_size) -> Tensor", adaptive_avg_pool<1>>(),
    op<"aten::adaptive_avg_pool2d(Tensor self, SymInt[2] output_size) -> Tensor", adaptive_avg_pool<2>>(),
    op<"aten::_adaptive_avg_pool2d(Tensor self, SymInt[2] output_size) -> Tensor", adaptive_avg_pool<2>>(),
    op<"aten::adaptive_avg_pool3d(Tensor self, SymInt[3] output_size) -> Tensor", adaptive_avg_pool<3>>(),
    op<"aten::_adaptive_avg_pool3d(Tensor self, SymInt[3] output_size) -> Tensor", adaptive_avg_pool<3>>(),
};

}  // namespace

const std::span<const Op> pool_ops = rows;

}  // namespace tsrun
