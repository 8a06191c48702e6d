// Running sums, products, maxima along a dimension.
#include <cmath>

#include "ops/dispatch.h"
#include "ops/kernels/parallel.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

/// A contiguous tensor seen as [outer, n, inner] around the scanned dimension.
struct Lines {
  int64_t outer = 1, n = 1, inner = 1;
  Lines(const Tensor& x, int64_t dim) {
    for (int64_t d = 0; d < x.dim(); ++d) (d < dim ? outer : d == dim ? n : inner) *= x.size(d);
  }
};

/// Calls f(first element, stride) for every line.
template <class F>
void for_each_line(Context& ctx, const Lines& l, F f) {
  kernels::parallel_for(ctx.threads, l.outer * l.inner, 32768 / std::max<int64_t>(l.n, 1) + 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) f(i / l.inner * l.n * l.inner + i % l.inner, l.inner);
  });
}

/// The type in which a line is accumulated.
template <class T>
using Running = std::conditional_t<std::is_integral_v<T>, uint64_t, std::conditional_t<is_complex_type<T>, C128, double>>;

template <bool Product>
Tensor accumulate(Context& ctx, const Tensor& self, int64_t dim, std::optional<DType> dtype) {
  bool whole = is_integer(self.dtype()) || self.dtype() == DType::boolean;
  Tensor x = contiguous(ctx, cast(ctx, self, dtype.value_or(whole ? DType::i64 : self.dtype())));
  Lines lines(x, wrap_dim(dim, x.dim()));
  Tensor y = ctx.empty(x.sizes(), x.dtype());
  dispatch(NumberTypes(), x.dtype(), Product ? "cumprod_out_cpu" : "cumsum_out_cpu", [&]<class T>() {
    const T* from = x.data<T>();
    T* to = y.data<T>();
    for_each_line(ctx, lines, [&](int64_t at, int64_t stride) {
      Running<T> total = Product ? 1 : 0;
      for (int64_t i = 0; i < lines.n; ++i, at += stride) {
        if constexpr (is_half_type<T>) total = Product ? total * static_cast<float>(from[at]) : total + static_cast<float>(from[at]);
        else total = Product ? total * static_cast<Running<T>>(from[at]) : total + static_cast<Running<T>>(from[at]);
        to[at] = static_cast<T>(total);
      }
    });
  });
  return y;
}

/// Later equal elements win, as does NaN once met.
template <bool Max>
std::tuple<Tensor, Tensor> running_extreme(Context& ctx, const Tensor& self, int64_t dim) {
  Tensor x = contiguous(ctx, self), values = ctx.empty(x.sizes(), x.dtype()), indices = ctx.empty(x.sizes(), DType::i64);
  Lines lines(x, wrap_dim(dim, x.dim()));
  dispatch(RealBoolTypes(), x.dtype(), Max ? "cummax_helper_cpu" : "cummin_helper_cpu", [&]<class T>() {
    const T* from = x.data<T>();
    for_each_line(ctx, lines, [&](int64_t at, int64_t stride) {
      if (lines.n == 0) return;
      Compute<T> best = static_cast<Compute<T>>(from[at]);
      int64_t where = 0;
      for (int64_t i = 0; i < lines.n; ++i, at += stride) {
        Compute<T> v = static_cast<Compute<T>>(from[at]);
        if (v != v || (best == best && (Max ? v >= best : v <= best))) best = v, where = i;
        values.data<T>()[at] = static_cast<T>(best);
        indices.data<int64_t>()[at] = where;
      }
    });
  });
  return {values, indices};
}

double log_add(double a, double b) {
  double low = std::min(a, b), high = std::max(a, b);
  if (a != a || b != b) return NAN;
  return low != high || !std::isinf(low) ? high + std::log1p(std::exp(low - high)) : a;
}

C128 log_add(C128 a, C128 b) {
  if (a.real() < b.real()) std::swap(a, b);
  if (std::isinf(b.real()) && b.real() < 0) return a;
  return a + std::log(1.0 + std::exp(b - a));
}

Tensor logcumsumexp(Context& ctx, const Tensor& self, int64_t dim) {
  Tensor x = contiguous(ctx, self), y = ctx.empty(x.sizes(), x.dtype());
  Lines lines(x, wrap_dim(dim, x.dim()));
  dispatch(FloatComplexTypes(), x.dtype(), "logcumsumexp_out_cpu", [&]<class T>() {
    const T* from = x.data<T>();
    for_each_line(ctx, lines, [&](int64_t at, int64_t stride) {
      Running<T> total = -INFINITY;
      for (int64_t i = 0; i < lines.n; ++i, at += stride) {
        if constexpr (is_complex_type<T>) total = log_add(total, C128(from[at]));
        else total = log_add(total, static_cast<double>(from[at]));
        y.data<T>()[at] = static_cast<T>(total);
      }
    });
  });
  return y;
}

constexpr Op rows[] = {
    op<"aten::cumsum(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor", accumulate<false>>(),
    op<"aten::cumprod(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor", accumulate<true>>(),
    op<"aten::cummax(Tensor self, int dim) -> (Tensor values, Tensor indices)", running_extreme<true>>(),
    op<"aten::cummin(Tensor self, int dim) -> (Tensor values, Tensor indices)", running_extreme<false>>(),
    op<"aten::logcumsumexp(Tensor self, int dim) -> Tensor", logcumsumexp>(),
    op<"aten::_logcumsumexp(Tensor self, int dim) -> Tensor", logcumsumexp>(),
};

}  // namespace

const std::span<const Op> scan_ops = rows;

}  // namespace tsrun
