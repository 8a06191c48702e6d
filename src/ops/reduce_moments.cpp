// Variances, norms and log-sum-exp: reductions that need a value per result before they start, or a function at the end.
#include <cmath>
#include <vector>

#include "ops/dispatch.h"
#include "ops/kernels/pointwise.h"
#include "ops/promote.h"
#include "ops/reduce.h"
#include "ops/reduce_loop.h"
#include "ops/reduce_segment.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

/// Sums f(element, value of its result) in double.
template <class T, class F>
struct MappedSum {
  using Input = T;
  using Part = double;
  using Total = double;
  const double* values;  // one per result, or null
  F map;
  Part start() const { return 0; }
  Part step(Part p, T v, int64_t result) const { return p + map(static_cast<double>(v), values ? values[result] : 0.0); }
  Total zero() const { return 0; }
  void add(Total& t, Part p) const { t += p; }
  void merge(Total& t, Total o) const { t += o; }
};

template <class T, bool Max>
struct AbsExtreme {
  using Input = T;
  using Part = double;
  using Total = double;
  Part start() const { return Max ? 0 : INFINITY; }
  Part step(Part p, T v, int64_t) const {
    double x = std::abs(static_cast<double>(v));
    return (Max ? x > p : x < p) || x != x ? x : p;
  }
  Total zero() const { return start(); }
  void add(Total& t, Part p) const { t = (Max ? p > t : p < t) || p != p ? p : t; }
  void merge(Total& t, Total o) const { add(t, o); }
};

template <class T>
struct Largest {
  using Input = T;
  using Part = double;
  using Total = double;
  Part start() const { return -INFINITY; }
  Part step(Part p, T v, int64_t) const {
    double x = static_cast<double>(v);
    return x > p || x != x ? x : p;
  }
  Total zero() const { return -INFINITY; }
  void add(Total& t, Part p) const { t = p > t || p != p ? p : t; }
  void merge(Total& t, Total o) const { add(t, o); }
};

template <class T, class F>
std::vector<double> mapped_sum(Context& ctx, const Tensor& x, const ReducePlan& plan, const double* values, F map) {
  std::vector<double> totals(static_cast<size_t>(plan.results));
  reduce(ctx, MappedSum<T, F>{values, map}, plan, x.data<T>(), totals.data());
  return totals;
}

template <class T>
Tensor store(Context& ctx, const std::vector<double>& values, IntSpan sizes) {
  Tensor out = ctx.empty(sizes, dtype_of<T>);
  for (size_t i = 0; i < values.size(); ++i) out.data<T>()[i] = static_cast<T>(values[i]);
  return out;
}

IntSpan or_empty(const std::optional<IntSpan>& dims) { return dims ? *dims : IntSpan(); }

/// Absolute values of a complex tensor.
Tensor magnitudes(Context& ctx, const Tensor& x) {
  Tensor from = contiguous(ctx, x), out = ctx.empty(x.sizes(), real_type(x.dtype()));
  dispatch(ComplexTypes(), x.dtype(), "norm", [&]<class T>() {
    for (int64_t i = 0; i < x.numel(); ++i) out.data<typename T::value_type>()[i] = std::abs(from.data<T>()[i]);
  });
  return out;
}

/// Real and imaginary parts behind another dimension.
Tensor real_view(Context& ctx, const Tensor& x) {
  Tensor from = contiguous(ctx, x);
  Dims sizes(x.sizes());
  sizes.push_back(2);
  return Tensor::view_of(from.storage(), real_type(x.dtype()), sizes, contiguous_strides(sizes), 2 * from.offset());
}

}  // namespace

Moments moments(Context& ctx, const Tensor& x, IntSpan dims, double correction, bool keepdim, bool square_root) {
  uint64_t mask = dim_mask(dims, x.dim());
  Dims sizes = reduced_sizes(x.sizes(), mask, keepdim);
  ReducePlan plan = plan_reduction(x, mask);
  Moments m;
  dispatch(FloatTypes(), x.dtype(), "std_cpu", [&]<class T>() {
    double n = static_cast<double>(plan.count);
    std::vector<double> mean = mapped_sum<T>(ctx, x, plan, nullptr, [](double v, double) { return v; });
    for (double& v : mean) v /= n;
    std::vector<double> variance =
        mapped_sum<T>(ctx, x, plan, mean.data(), [](double v, double average) { return (v - average) * (v - average); });
    double divisor = std::max(0.0, n - correction);
    for (double& v : variance) {
      v /= divisor;
      if (square_root) v = std::sqrt(v);
    }
    m = {store<T>(ctx, variance, sizes), store<T>(ctx, mean, sizes)};
  });
  return m;
}

Tensor vector_norm(Context& ctx, const Tensor& x, double p, IntSpan dims, bool keepdim, std::optional<DType> dtype) {
  DType asked = dtype.value_or(x.dtype());
  check(is_floating(asked) || is_complex(asked), "linalg.vector_norm: Expected a floating point or complex tensor as input. Got ",
        scalar_type_name(asked));
  uint64_t mask = dim_mask(dims, x.dim());
  Dims sizes = reduced_sizes(x.sizes(), mask, keepdim);
  Tensor from = cast(ctx, x, asked);
  if (is_complex(asked)) {
    if (p == 2) {
      from = real_view(ctx, from);
      mask |= uint64_t{1} << x.dim();
    } else {
      from = magnitudes(ctx, from);
    }
  }
  ReducePlan plan = plan_reduction(from, mask);
  bool extreme = std::isinf(p);
  check(plan.count > 0 || (!extreme && p >= 0), "linalg.vector_norm cannot compute the ", p,
        " norm on an empty tensor because the operation does not have an identity");
  Tensor out;
  if (from.dtype() == DType::f32 && (p == 1 || p == 2) && dense_reduction(plan)) {
    out = ctx.empty(sizes, DType::f32);
    float* y = out.data<float>();
    reduce_dense(ctx, p == 1 ? kernels::Reduce::sum_abs : kernels::Reduce::sum_squares, plan, from.data<float>(), y);
    if (p == 2) kernels::unary_f32(kernels::Unary::sqrt)(y, y, out.numel(), nullptr);
    return out;
  }
  dispatch(FloatTypes(), from.dtype(), "linalg_vector_norm_cpu", [&]<class T>() {
    std::vector<double> totals(static_cast<size_t>(plan.results));
    if (p == INFINITY) reduce(ctx, AbsExtreme<T, true>{}, plan, from.data<T>(), totals.data());
    else if (p == -INFINITY) reduce(ctx, AbsExtreme<T, false>{}, plan, from.data<T>(), totals.data());
    else if (p == 0) totals = mapped_sum<T>(ctx, from, plan, nullptr, [](double v, double) { return v != 0 ? 1.0 : 0.0; });
    else if (p == 1) totals = mapped_sum<T>(ctx, from, plan, nullptr, [](double v, double) { return std::abs(v); });
    else if (p == 2) totals = mapped_sum<T>(ctx, from, plan, nullptr, [](double v, double) { return v * v; });
    else totals = mapped_sum<T>(ctx, from, plan, nullptr, [p](double v, double) { return std::pow(std::abs(v), p); });
    for (double& t : totals) {
      if (p == 2) t = std::sqrt(t);
      else if (!extreme && p != 0 && p != 1) t = std::pow(t, 1 / p);
    }
    out = store<T>(ctx, totals, sizes);
  });
  return out;
}

/// Complex variances are those of the parts, added.
static Moments spread(Context& ctx, const Tensor& self, IntSpan dims, double correction, bool keepdim, bool square_root) {
  check(is_floating(self.dtype()) || is_complex(self.dtype()), "std and var only support floating point and complex dtypes");
  if (!is_complex(self.dtype())) return moments(ctx, self, dims, correction, keepdim, square_root);
  Tensor parts = real_view(ctx, self);
  Dims inner;
  uint64_t mask = dim_mask(dims, self.dim());
  for (int64_t d = 0; d < self.dim(); ++d)
    if (mask >> d & 1) inner.push_back(d);
  Tensor variance;
  if (self.dim() == 0) variance = sum(ctx, moments(ctx, unsqueeze(parts, 0), Dims{0}, correction, false, false).variance, Dims{0});
  else variance = sum(ctx, moments(ctx, parts, inner, correction, keepdim, false).variance, Dims{-1});
  if (square_root)
    dispatch(TypeList<float, double>(), variance.dtype(), "std", [&]<class T>() {
      for (int64_t i = 0; i < variance.numel(); ++i) variance.data<T>()[i] = std::sqrt(variance.data<T>()[i]);
    });
  return {variance, mean(ctx, self, dims, keepdim)};
}

static double correction_of(const std::optional<Scalar>& c) { return c ? c->to_double() : 1; }

template <bool Root>
static Tensor spread_all(Context& ctx, const Tensor& self, bool unbiased) {
  return spread(ctx, self, {}, unbiased, false, Root).variance;
}

template <bool Root>
static Tensor spread_dims(Context& ctx, const Tensor& self, std::optional<IntSpan> dim, bool unbiased, bool keepdim) {
  return spread(ctx, self, or_empty(dim), unbiased, keepdim, Root).variance;
}

template <bool Root>
static Tensor spread_correction(Context& ctx, const Tensor& self, std::optional<IntSpan> dim, std::optional<Scalar> correction,
                                bool keepdim) {
  return spread(ctx, self, or_empty(dim), correction_of(correction), keepdim, Root).variance;
}

using Two = std::tuple<Tensor, Tensor>;

static Two pair(const Moments& m) { return {m.variance, m.mean}; }

template <bool Root>
static Two spread_mean_all(Context& ctx, const Tensor& self, bool unbiased) {
  return pair(spread(ctx, self, {}, unbiased, false, Root));
}

template <bool Root>
static Two spread_mean_dims(Context& ctx, const Tensor& self, std::optional<IntSpan> dim, bool unbiased, bool keepdim) {
  return pair(spread(ctx, self, or_empty(dim), unbiased, keepdim, Root));
}

template <bool Root>
static Two spread_mean_correction(Context& ctx, const Tensor& self, std::optional<IntSpan> dim, std::optional<Scalar> correction,
                                  bool keepdim) {
  return pair(spread(ctx, self, or_empty(dim), correction_of(correction), keepdim, Root));
}

static Tensor linalg_vector_norm(Context& ctx, const Tensor& self, const Scalar& ord, std::optional<IntSpan> dim, bool keepdim,
                                 std::optional<DType> dtype) {
  return vector_norm(ctx, self, ord.to_double(), or_empty(dim), keepdim, dtype);
}

/// sum |x|^ord over the dimensions.
static Tensor powsum(Context& ctx, const Tensor& self, const Scalar& ord, std::optional<IntSpan> dim, bool keepdim,
                     std::optional<DType> dtype) {
  Tensor x = cast(ctx, self, dtype.value_or(self.dtype()));
  check(is_floating(x.dtype()) || is_complex(x.dtype()), "linalg._powsum: Expected a floating point or complex tensor as input. Got ",
        scalar_type_name(x.dtype()));
  if (is_complex(x.dtype())) x = magnitudes(ctx, x);
  uint64_t mask = dim_mask(or_empty(dim), x.dim());
  Dims sizes = reduced_sizes(x.sizes(), mask, keepdim);
  ReducePlan plan = plan_reduction(x, mask);
  double p = ord.to_double();
  Tensor out;
  dispatch(FloatTypes(), x.dtype(), "linalg_powsum", [&]<class T>() {
    out = store<T>(ctx, mapped_sum<T>(ctx, x, plan, nullptr, [p](double v, double) { return std::pow(std::abs(v), p); }), sizes);
  });
  return out;
}

static void check_norm(const Tensor& self) {
  check(is_floating(self.dtype()) || is_complex(self.dtype()), "norm(): input dtype should be either floating point or complex dtype. Got ",
        scalar_type_name(self.dtype()), " instead.");
}

static Tensor norm_scalar(Context& ctx, const Tensor& self, const Scalar& p) {
  check_norm(self);
  return vector_norm(ctx, self, p.to_double(), {});
}

static Tensor norm_dims(Context& ctx, const Tensor& self, std::optional<Scalar> p, IntSpan dim, bool keepdim) {
  check_norm(self);
  return vector_norm(ctx, self, p ? p->to_double() : 2, dim, keepdim);
}

static Tensor norm_dtype(Context& ctx, const Tensor& self, std::optional<Scalar> p, DType dtype) {
  return vector_norm(ctx, self, p ? p->to_double() : 2, {}, false, dtype);
}

static Tensor norm_dims_dtype(Context& ctx, const Tensor& self, std::optional<Scalar> p, IntSpan dim, bool keepdim, DType dtype) {
  return vector_norm(ctx, self, p ? p->to_double() : 2, dim, keepdim, dtype);
}

static Tensor frobenius_norm(Context& ctx, const Tensor& self, IntSpan dim, bool keepdim) {
  return vector_norm(ctx, self, 2, dim, keepdim);
}

/// x's dimensions in the mask last, in one.
static Tensor reduced_last(Context& ctx, const Tensor& x, uint64_t mask) {
  Dims order, sizes;
  for (int64_t d = 0; d < x.dim(); ++d)
    if (!(mask >> d & 1)) order.push_back(d), sizes.push_back(x.size(d));
  int64_t rows = checked_numel(sizes);
  for (int64_t d = 0; d < x.dim(); ++d)
    if (mask >> d & 1) order.push_back(d);
  return reshape(ctx, permute(x, order), Dims{rows, rows ? x.numel() / rows : 1});
}

/// exp(x - shift) of contiguous [outer, n, inner], a shift for each row of n.
static void shifted_exponentials(const float* x, const float* shift, float* y, const DenseReduction& d, int threads) {
  auto minus = kernels::binary_f32(kernels::Binary::sub);
  auto exp = kernels::unary_f32(kernels::Unary::exp);
  int64_t rows = d.inner == 1 ? d.outer : d.outer * d.n, width = d.inner == 1 ? d.n : d.inner;
  kernels::parallel_for(threads, rows, 16384 / width + 1, [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r) {
      kernels::Operand<float> by =
          d.inner == 1 ? kernels::Operand<float>{shift + r, 0, 0} : kernels::Operand<float>{shift + r / d.n * width, 0, 1};
      minus({x + r * width, 0, 1}, by, y + r * width, 1, width, 1);
      exp(y + r * width, y + r * width, width, nullptr);
    }
  });
}

static Tensor logsumexp_f32(Context& ctx, const Tensor& x, const DenseReduction& d, IntSpan sizes) {
  Tensor shift = ctx.empty(sizes, DType::f32), powers = ctx.empty(Dims{d.outer * d.n * d.inner}, DType::f32),
         out = ctx.empty(sizes, DType::f32);
  float *top = shift.data<float>(), *y = out.data<float>();
  kernels::reduce(kernels::Reduce::max, x.data<float>(), top, d.outer, d.n, d.inner, ctx.threads);
  for (int64_t i = 0; i < shift.numel(); ++i)
    if (std::isinf(top[i])) top[i] = 0;
  shifted_exponentials(x.data<float>(), top, powers.data<float>(), d, ctx.threads);
  kernels::reduce(kernels::Reduce::sum, powers.data<float>(), y, d.outer, d.n, d.inner, ctx.threads);
  kernels::unary_f32(kernels::Unary::log)(y, y, out.numel(), nullptr);
  kernels::binary_f32(kernels::Binary::add)({y, 0, 1}, {top, 0, 1}, y, 1, out.numel(), 1);
  return out;
}

/// The largest real part is taken out of the exponentials.
static Tensor complex_logsumexp(Context& ctx, const Tensor& self, uint64_t mask, IntSpan sizes) {
  Tensor rows = contiguous(ctx, reduced_last(ctx, cast(ctx, self, DType::c128), mask)), out = ctx.empty(sizes, DType::c128);
  int64_t n = rows.size(1);
  for (int64_t r = 0; r < out.numel(); ++r) {
    std::span row(rows.data<C128>() + r * n, static_cast<size_t>(n));
    double top = -INFINITY;
    for (C128 v : row) top = v.real() > top || std::isnan(v.real()) ? v.real() : top;
    if (std::isinf(top)) top = 0;
    C128 total = 0;
    for (C128 v : row) total += std::exp(v - top);
    out.data<C128>()[r] = std::log(total) + top;
  }
  return cast(ctx, out, self.dtype());
}

static Tensor logsumexp(Context& ctx, const Tensor& self, IntSpan dim, bool keepdim) {
  Tensor x = cast(ctx, self, floating_type(self.dtype()));
  uint64_t mask = dim_mask(dim, x.dim());
  Dims sizes = reduced_sizes(x.sizes(), mask, keepdim);
  if (is_complex(x.dtype())) return complex_logsumexp(ctx, x, mask, sizes);
  ReducePlan plan = plan_reduction(x, mask);
  if (auto dense = dense_reduction(plan); dense && x.dtype() == DType::f32) return logsumexp_f32(ctx, x, *dense, sizes);
  Tensor out;
  dispatch(FloatTypes(), x.dtype(), "logsumexp", [&]<class T>() {
    std::vector<double> largest(static_cast<size_t>(plan.results));
    reduce(ctx, Largest<T>{}, plan, x.data<T>(), largest.data());
    for (double& v : largest)
      if (std::isinf(v)) v = 0;
    std::vector<double> totals = mapped_sum<T>(ctx, x, plan, largest.data(), [](double v, double top) { return std::exp(v - top); });
    for (size_t i = 0; i < totals.size(); ++i) totals[i] = std::log(totals[i]) + largest[i];
    out = store<T>(ctx, totals, sizes);
  });
  return out;
}

static constexpr Op rows[] = {
    op<"aten::var(Tensor self, bool unbiased=True) -> Tensor", spread_all<false>>(),
    op<"aten::var.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor", spread_dims<false>>(),
    op<"aten::var.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> Tensor",
       spread_correction<false>>(),
    op<"aten::std(Tensor self, bool unbiased=True) -> Tensor", spread_all<true>>(),
    op<"aten::std.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor", spread_dims<true>>(),
    op<"aten::std.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> Tensor",
       spread_correction<true>>(),
    op<"aten::var_mean(Tensor self, bool unbiased=True) -> (Tensor, Tensor)", spread_mean_all<false>>(),
    op<"aten::var_mean.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> (Tensor, Tensor)",
       spread_mean_dims<false>>(),
    op<"aten::var_mean.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> (Tensor, Tensor)",
       spread_mean_correction<false>>(),
    op<"aten::std_mean(Tensor self, bool unbiased=True) -> (Tensor, Tensor)", spread_mean_all<true>>(),
    op<"aten::std_mean.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> (Tensor, Tensor)",
       spread_mean_dims<true>>(),
    op<"aten::std_mean.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> (Tensor, Tensor)",
       spread_mean_correction<true>>(),
    op<"aten::linalg_vector_norm(Tensor self, Scalar ord=2, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor",
       linalg_vector_norm>(),
    op<"aten::linalg__powsum(Tensor self, Scalar ord=2, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor",
       powsum>(),
    op<"aten::norm.Scalar(Tensor self, Scalar p=2) -> Tensor", norm_scalar>(),
    op<"aten::norm.ScalarOpt_dim(Tensor self, Scalar? p, int[1] dim, bool keepdim=False) -> Tensor", norm_dims>(),
    op<"aten::norm.ScalarOpt_dim_dtype(Tensor self, Scalar? p, int[1] dim, bool keepdim, *, ScalarType dtype) -> Tensor",
       norm_dims_dtype>(),
    op<"aten::norm.ScalarOpt_dtype(Tensor self, Scalar? p, *, ScalarType dtype) -> Tensor", norm_dtype>(),
    op<"aten::native_norm(Tensor self, Scalar p=2) -> Tensor", norm_scalar>(),
    op<"aten::frobenius_norm.dim(Tensor self, int[1] dim, bool keepdim=False) -> Tensor", frobenius_norm>(),
    op<"aten::segment_reduce(Tensor data, str reduce, *, Tensor? lengths=None, Tensor? indices=None, Tensor? offsets=None, int axis=0, "
       "bool unsafe=False, Scalar? initial=None) -> Tensor",
       segment_reduce>(),
    op<"aten::hash_tensor(Tensor self, int[1] dim=[], *, bool keepdim=False, int mode=0) -> Tensor", hash_tensor>(),
    op<"aten::logsumexp(Tensor self, int[1] dim, bool keepdim=False) -> Tensor", logsumexp>(),
    op<"aten::special_logsumexp(Tensor self, int[1] dim, bool keepdim=False) -> Tensor", logsumexp>(),
};
const std::span<const Op> moment_ops = rows;

}  // namespace tsrun
