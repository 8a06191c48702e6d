// Sums, products, counts and truth over dimensions.
#include "ops/reduce.h"

#include <cmath>
#include <vector>

#include "ops/dispatch.h"
#include "ops/reduce_loop.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {

ReducePlan plan_reduction(const Tensor& x, uint64_t mask) {
  ReducePlan plan;
  struct Dim {
    int64_t size, stride;
  };
  std::vector<Dim> reduced;
  for (int64_t d = 0; d < x.dim(); ++d) {
    int64_t size = x.size(d), stride = x.stride(d);
    bool gone = mask >> d & 1;
    (gone ? plan.count : plan.results) *= size;
    if (size == 1) continue;
    if (gone) reduced.push_back({size, stride});
    else if (!plan.kept.empty() && plan.kept_strides.back() == stride * size) plan.kept.back() *= size, plan.kept_strides.back() = stride;
    else plan.kept.push_back(size), plan.kept_strides.push_back(stride);
  }
  std::stable_sort(reduced.begin(), reduced.end(), [](const Dim& a, const Dim& b) { return std::abs(a.stride) > std::abs(b.stride); });
  for (const Dim& d : reduced) {
    if (!plan.reduced.empty() && plan.reduced_strides.back() == d.stride * d.size)
      plan.reduced.back() *= d.size, plan.reduced_strides.back() = d.stride;
    else plan.reduced.push_back(d.size), plan.reduced_strides.push_back(d.stride);
  }
  return plan;
}

std::optional<DenseReduction> dense_reduction(const ReducePlan& plan) {
  if (plan.reduced.size() != 1 || plan.count == 0 || plan.results == 0) return {};
  const int64_t n = plan.count, stride = plan.reduced_strides[0];
  const Dims &kept = plan.kept, &strides = plan.kept_strides;
  if (kept.empty() && stride == 1) return DenseReduction{1, n, 1};
  if (kept.size() == 1 && stride == 1 && strides[0] == n) return DenseReduction{kept[0], n, 1};
  if (kept.empty() || strides.back() != 1 || stride != kept.back()) return {};
  if (kept.size() == 1) return DenseReduction{1, n, kept[0]};
  if (kept.size() == 2 && strides[0] == n * stride) return DenseReduction{kept[0], n, stride};
  return {};
}

namespace {

/// Few elements are summed in the arithmetic type of T, the partial sums in its widest relative.
template <class T>
struct SumTypes {
  using Part = std::conditional_t<std::is_integral_v<T>, int64_t, Compute<T>>;
  using Total = std::conditional_t<std::is_same_v<Part, float>, double, std::conditional_t<std::is_same_v<Part, C64>, C128, Part>>;
};

template <class T>
struct Sum {
  using Input = T;
  using Part = typename SumTypes<T>::Part;
  using Total = typename SumTypes<T>::Total;
  Part start() const { return Part{}; }
  Part step(Part p, T v, int64_t) const { return p + static_cast<Part>(v); }
  Total zero() const { return Total{}; }
  void add(Total& t, Part p) const { t += static_cast<Total>(p); }
  void merge(Total& t, const Total& o) const { t += o; }
};

template <class T>
struct NanSum : Sum<T> {
  using Part = typename Sum<T>::Part;
  Part step(Part p, T v, int64_t) const {
    Part x = static_cast<Part>(v);
    return x == x ? p + x : p;
  }
};

template <class T>
struct Product {
  using Input = T;
  using Part = typename SumTypes<T>::Part;
  using Total = typename SumTypes<T>::Total;
  Part start() const { return Part{1}; }
  Part step(Part p, T v, int64_t) const {
    if constexpr (std::is_integral_v<T>) return static_cast<Part>(static_cast<uint64_t>(p) * static_cast<uint64_t>(static_cast<Part>(v)));
    else return p * static_cast<Part>(v);
  }
  Total zero() const { return Total{1}; }
  void add(Total& t, Part p) const {
    if constexpr (std::is_integral_v<T>) t = static_cast<Total>(static_cast<uint64_t>(t) * static_cast<uint64_t>(p));
    else t *= static_cast<Total>(p);
  }
  void merge(Total& t, const Total& o) const {
    if constexpr (std::is_integral_v<T>) add(t, o);
    else t *= o;
  }
};

template <class T>
bool is_true(T v) {
  if constexpr (is_half_type<T>) return (v.bits & 0x7fff) != 0;
  else return v != T{};
}

template <class T>
struct CountNonzero {
  using Input = T;
  using Part = int64_t;
  using Total = int64_t;
  Part start() const { return 0; }
  Part step(Part p, T v, int64_t) const { return p + (is_true(v) ? 1 : 0); }
  Total zero() const { return 0; }
  void add(Total& t, Part p) const { t += p; }
  void merge(Total& t, Total o) const { t += o; }
};

template <class T, bool All>
struct Truth {
  using Input = T;
  using Part = uint8_t;
  using Total = uint8_t;
  Part start() const { return All; }
  Part step(Part p, T v, int64_t) const { return All ? p & static_cast<uint8_t>(is_true(v)) : p | static_cast<uint8_t>(is_true(v)); }
  Total zero() const { return All; }
  void add(Total& t, Part p) const { t = All ? t & p : t | p; }
  void merge(Total& t, Total o) const { add(t, o); }
};

/// The vector kernel for a reducer, where there is one.
template <class R>
constexpr std::optional<kernels::Reduce> kernel_of = std::nullopt;
template <class T>
requires std::is_floating_point_v<T>
constexpr std::optional<kernels::Reduce> kernel_of<Sum<T>> = kernels::Reduce::sum;
template <class T>
requires std::is_floating_point_v<T>
constexpr std::optional<kernels::Reduce> kernel_of<NanSum<T>> = kernels::Reduce::sum_numbers;
template <class T>
requires std::is_floating_point_v<T>
constexpr std::optional<kernels::Reduce> kernel_of<Product<T>> = kernels::Reduce::product;

/// Runs R<T> over x and stores finish(total) as elements of type Out.
template <template <class> class R, class Out, class T, class Finish>
void run(Context& ctx, const Tensor& x, uint64_t mask, const Tensor& out, Finish finish, const R<T>& r = {}) {
  ReducePlan plan = plan_reduction(x, mask);
  Out* y = out.data<Out>();
  if constexpr (kernel_of<R<T>> && std::is_same_v<T, Out>) {
    if (reduce_dense(ctx, *kernel_of<R<T>>, plan, x.data<T>(), y)) {
      for (int64_t i = 0; i < plan.results; ++i) y[i] = static_cast<Out>(finish(y[i]));
      return;
    }
  }
  auto totals = std::make_unique<typename R<T>::Total[]>(static_cast<size_t>(plan.results));
  reduce(ctx, r, plan, x.data<T>(), totals.get());
  for (size_t i = 0; i < static_cast<size_t>(plan.results); ++i) y[i] = static_cast<Out>(finish(totals[i]));
}

template <class T>
using AllOf = Truth<T, true>;
template <class T>
using AnyOf = Truth<T, false>;

using Summable = TypeList<float, double, Half, BFloat16, C64, C128, uint8_t, int8_t, int16_t, int32_t, int64_t, bool>;

/// dtype of a sum or product, and x cast to it unless the loop reads x as it is.
DType sum_dtype(const Tensor& x, std::optional<DType> asked) {
  if (asked) return *asked;
  return is_integer(x.dtype()) || x.dtype() == DType::boolean ? DType::i64 : x.dtype();
}

template <template <class> class R, class Finish>
Tensor arithmetic(Context& ctx, const Tensor& self, uint64_t mask, bool keepdim, std::optional<DType> asked, const char* name,
                  Finish finish) {
  DType dtype = sum_dtype(self, asked);
  bool widened = dtype == DType::i64 && (is_integer(self.dtype()) || self.dtype() == DType::boolean);
  Tensor x = widened ? self : cast(ctx, self, dtype);
  bool narrow = !widened && is_integer(dtype) && dtype != DType::i64;  // summed as int64, stored wrapped around
  Tensor out = ctx.empty(reduced_sizes(x.sizes(), mask, keepdim), narrow ? DType::i64 : dtype);
  dispatch(Summable(), x.dtype(), name, [&]<class T>() {
    using Out = std::conditional_t<std::is_integral_v<T>, int64_t, T>;
    if constexpr (std::is_same_v<T, bool>) {
      if (!widened) {  // dtype=torch.bool
        run<AnyOf, bool, bool>(ctx, x, mask, out, [](uint8_t t) { return t != 0; });
        return;
      }
    }
    run<R, Out, T>(ctx, x, mask, out, finish);
  });
  return narrow ? cast(ctx, out, dtype) : out;
}

uint64_t all_dims(const Tensor& x) { return dim_mask({}, x.dim()); }

constexpr auto as_is = [](const auto& total) { return total; };

int64_t reduced_count(const Tensor& x, uint64_t mask) {
  int64_t n = 1;
  for (int64_t d = 0; d < x.dim(); ++d) n *= mask >> d & 1 ? x.size(d) : 1;
  return n;
}

IntSpan or_empty(const std::optional<IntSpan>& dims) { return dims ? *dims : IntSpan(); }

}  // namespace

Tensor sum(Context& ctx, const Tensor& x, IntSpan dims, bool keepdim, std::optional<DType> dtype) {
  return arithmetic<Sum>(ctx, x, dim_mask(dims, x.dim()), keepdim, dtype, "sum_cpu", as_is);
}

Tensor mean(Context& ctx, const Tensor& x, IntSpan dims, bool keepdim, std::optional<DType> dtype) {
  DType result = dtype.value_or(x.dtype());
  check(is_floating(result) || is_complex(result),
        "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: ",
        scalar_type_name(result));
  uint64_t mask = dim_mask(dims, x.dim());
  double n = static_cast<double>(reduced_count(x, mask));
  return arithmetic<Sum>(ctx, x, mask, keepdim, result, "mean_cpu", [n](const auto& total) {
    using Total = std::remove_cvref_t<decltype(total)>;
    if constexpr (is_complex_type<Total>) return Total(total / n);
    else return static_cast<double>(total) / n;
  });
}

static Tensor sum_all(Context& ctx, const Tensor& self, std::optional<DType> dtype) { return sum(ctx, self, {}, false, dtype); }

static Tensor sum_dims(Context& ctx, const Tensor& self, std::optional<IntSpan> dim, bool keepdim, std::optional<DType> dtype) {
  return sum(ctx, self, or_empty(dim), keepdim, dtype);
}

static Tensor mean_all(Context& ctx, const Tensor& self, std::optional<DType> dtype) { return mean(ctx, self, {}, false, dtype); }

static Tensor mean_dims(Context& ctx, const Tensor& self, std::optional<IntSpan> dim, bool keepdim, std::optional<DType> dtype) {
  return mean(ctx, self, or_empty(dim), keepdim, dtype);
}

static Tensor nansum(Context& ctx, const Tensor& self, std::optional<IntSpan> dim, bool keepdim, std::optional<DType> dtype) {
  check(!is_complex(self.dtype()), "nansum does not support complex inputs");
  if (!is_floating(self.dtype())) return sum(ctx, self, or_empty(dim), keepdim, dtype);
  uint64_t mask = dim_mask(or_empty(dim), self.dim());
  Tensor x = dtype && is_floating(*dtype) ? cast(ctx, self, *dtype) : self;
  Tensor out = ctx.empty(reduced_sizes(x.sizes(), mask, keepdim), x.dtype());
  dispatch(FloatTypes(), x.dtype(), "nansum_cpu", [&]<class T>() { run<NanSum, T, T>(ctx, x, mask, out, as_is); });
  return dtype ? cast(ctx, out, *dtype) : out;
}

static Tensor prod_all(Context& ctx, const Tensor& self, std::optional<DType> dtype) {
  return arithmetic<Product>(ctx, self, all_dims(self), false, dtype, "prod_cpu", as_is);
}

static Tensor prod_dim(Context& ctx, const Tensor& self, int64_t dim, bool keepdim, std::optional<DType> dtype) {
  return arithmetic<Product>(ctx, self, dim_mask(Dims{dim}, self.dim()), keepdim, dtype, "prod_cpu", as_is);
}

static Tensor count_mask(Context& ctx, const Tensor& self, uint64_t mask) {
  Tensor out = ctx.empty(reduced_sizes(self.sizes(), mask, false), DType::i64);
  dispatch(AllTypes(), self.dtype(), "nonzero_count_cpu", [&]<class T>() { run<CountNonzero, int64_t, T>(ctx, self, mask, out, as_is); });
  return out;
}

static Tensor count_nonzero(Context& ctx, const Tensor& self, std::optional<int64_t> dim) {
  return count_mask(ctx, self, dim ? dim_mask(Dims{*dim}, self.dim()) : all_dims(self));
}

static Tensor count_nonzero_dims(Context& ctx, const Tensor& self, IntSpan dim) { return count_mask(ctx, self, dim_mask(dim, self.dim())); }

/// uint8 answers in uint8, every other dtype in bool.
template <bool All>
static Tensor truth(Context& ctx, const Tensor& self, uint64_t mask, bool keepdim) {
  Tensor out = ctx.empty(reduced_sizes(self.sizes(), mask, keepdim), self.dtype() == DType::u8 ? DType::u8 : DType::boolean);
  dispatch(AllTypes(), self.dtype(), All ? "all_cpu" : "any_cpu", [&]<class T>() {
    if constexpr (All) run<AllOf, uint8_t, T>(ctx, self, mask, out, as_is);
    else run<AnyOf, uint8_t, T>(ctx, self, mask, out, as_is);
  });
  return out;
}

template <bool All>
static Tensor truth_all(Context& ctx, const Tensor& self) {
  return truth<All>(ctx, self, all_dims(self), false);
}

template <bool All>
static Tensor truth_dim(Context& ctx, const Tensor& self, int64_t dim, bool keepdim) {
  return truth<All>(ctx, self, dim_mask(Dims{dim}, self.dim()), keepdim);
}

template <bool All>
static Tensor truth_dims(Context& ctx, const Tensor& self, std::optional<IntSpan> dim, bool keepdim) {
  return truth<All>(ctx, self, dim ? dim_mask(*dim, self.dim(), false) : all_dims(self), keepdim);
}

static constexpr Op rows[] = {
    op<"aten::sum(Tensor self, *, ScalarType? dtype=None) -> Tensor", sum_all>(),
    op<"aten::sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor", sum_dims>(),
    op<"aten::mean(Tensor self, *, ScalarType? dtype=None) -> Tensor", mean_all>(),
    op<"aten::mean.dim(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor", mean_dims>(),
    op<"aten::nansum(Tensor self, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor", nansum>(),
    op<"aten::prod(Tensor self, *, ScalarType? dtype=None) -> Tensor", prod_all>(),
    op<"aten::prod.dim_int(Tensor self, int dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor", prod_dim>(),
    op<"aten::count_nonzero(Tensor self, int? dim=None) -> Tensor", count_nonzero>(),
    op<"aten::count_nonzero.dim_IntList(Tensor self, int[] dim) -> Tensor", count_nonzero_dims>(),
    op<"aten::all(Tensor self) -> Tensor", truth_all<true>>(),
    op<"aten::all.dim(Tensor self, int dim, bool keepdim=False) -> Tensor", truth_dim<true>>(),
    op<"aten::all.dims(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor", truth_dims<true>>(),
    op<"aten::any(Tensor self) -> Tensor", truth_all<false>>(),
    op<"aten::any.dim(Tensor self, int dim, bool keepdim=False) -> Tensor", truth_dim<false>>(),
    op<"aten::any.dims(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor", truth_dims<false>>(),
    op<"aten::_is_all_true(Tensor self) -> Tensor", truth_all<true>>(),
    op<"aten::_is_any_true(Tensor self) -> Tensor", truth_all<false>>(),
};
const std::span<const Op> reduce_ops = rows;

}  // namespace tsrun
