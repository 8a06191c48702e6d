// Largest and smallest elements, with and without their positions. NaN is larger and smaller than everything; the first of equals counts.
#include <limits>

#include "ops/dispatch.h"
#include "ops/kernels/reduce.h"
#include "ops/reduce_loop.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

using Ordered = TypeList<float, double, Half, BFloat16, uint8_t, int8_t, int16_t, int32_t, int64_t, bool>;

template <class T, bool Max>
constexpr Compute<T> worst() {
  using C = Compute<T>;
  if constexpr (std::numeric_limits<C>::has_infinity) return Max ? -std::numeric_limits<C>::infinity() : std::numeric_limits<C>::infinity();
  else return Max ? std::numeric_limits<C>::lowest() : std::numeric_limits<C>::max();
}

template <bool Max, class C>
bool beats(C v, C best) {
  return Max ? v > best : v < best;
}

template <class T, bool Max>
struct Extreme {
  using Input = T;
  using Part = Compute<T>;
  using Total = Compute<T>;
  Part start() const { return worst<T, Max>(); }
  Part step(Part p, T v, int64_t) const {
    Part x = static_cast<Part>(v);
    return beats<Max>(x, p) || x != x ? x : p;
  }
  Total zero() const { return worst<T, Max>(); }
  void add(Total& t, Part p) const { t = step(t, static_cast<T>(p), 0); }
  void merge(Total& t, Total o) const { add(t, o); }
};

void check_not_empty(const Tensor& x, uint64_t mask, const char* name) {
  for (int64_t d = 0; d < x.dim(); ++d)
    check(!(mask >> d & 1) || x.size(d) != 0, name, "(): Expected reduction dim ", d, " to have non-zero size.");
}

void check_whole(const Tensor& x, const char* name) {
  check(x.numel() > 0, name,
        "(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.");
}

template <bool Max>
Tensor extreme(Context& ctx, const Tensor& x, uint64_t mask, bool keepdim, const char* name) {
  Tensor out = ctx.empty(reduced_sizes(x.sizes(), mask, keepdim), x.dtype());
  dispatch(Ordered(), x.dtype(), name, [&]<class T>() {
    using C = Compute<T>;
    ReducePlan plan = plan_reduction(x, mask);
    if constexpr (std::is_floating_point_v<T> || std::is_same_v<T, int64_t>) {
      if (reduce_dense(ctx, Max ? kernels::Reduce::max : kernels::Reduce::min, plan, x.data<T>(), out.data<T>())) return;
    }
    auto totals = std::make_unique<C[]>(static_cast<size_t>(plan.results));
    reduce(ctx, Extreme<T, Max>{}, plan, x.data<T>(), totals.get());
    for (int64_t i = 0; i < plan.results; ++i) out.data<T>()[i] = static_cast<T>(totals[static_cast<size_t>(i)]);
  });
  return out;
}

uint64_t all_dims(const Tensor& x) { return dim_mask({}, x.dim()); }

template <bool Max>
Tensor extreme_dims(Context& ctx, const Tensor& self, IntSpan dim, bool keepdim) {
  uint64_t mask = dim_mask(dim, self.dim());
  if (dim.empty())
    check(self.numel() > 0, Max ? "amax" : "amin",
          "(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.");
  check_not_empty(self, mask, Max ? "amax" : "amin");
  return extreme<Max>(ctx, self, mask, keepdim, Max ? "amax_cpu" : "amin_cpu");
}

template <bool Max>
Tensor extreme_all(Context& ctx, const Tensor& self) {
  check_whole(self, Max ? "max" : "min");
  return extreme<Max>(ctx, self, all_dims(self), false, Max ? "max_all" : "min_all");
}

/// Position of the extreme element in a row.
template <bool Max, class T>
int64_t find(const T* x, int64_t n, int64_t stride) {
  using C = Compute<T>;
  C best = static_cast<C>(x[0]);
  int64_t at = 0;
  for (int64_t i = 1; i < n && best == best; ++i) {
    C v = static_cast<C>(x[i * stride]);
    if (beats<Max>(v, best) || v != v) best = v, at = i;
  }
  return at;
}

/// Positions along the reduced dimension; x is contiguous [outer, n, inner].
template <bool Max, class T>
void find_all(const T* x, int64_t* y, int64_t outer, int64_t n, int64_t inner, int threads) {
  if constexpr (std::is_same_v<T, float>) {
    (Max ? kernels::argmax : kernels::argmin)(x, y, outer, n, inner, threads);
  } else {
    kernels::parallel_for(threads, outer * inner, 32768 / n + 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) y[i] = find<Max>(x + i / inner * n * inner + i % inner, n, inner);
    });
  }
}

struct Found {
  Tensor values, indices;
};

template <bool Max>
Found find_along(Context& ctx, const Tensor& self, int64_t dim, bool keepdim, bool with_values, const char* name) {
  check(!is_complex(self.dtype()), name, "(): does not support complex input");
  uint64_t mask = dim_mask(Dims{dim}, self.dim());
  check_not_empty(self, mask, name);
  dim = wrap_dim(dim, self.dim());
  int64_t outer = 1, n = self.dim() ? self.size(dim) : 1, inner = 1;
  for (int64_t d = 0; d < self.dim(); ++d)
    if (d != dim) (d < dim ? outer : inner) *= self.size(d);
  Dims sizes = reduced_sizes(self.sizes(), mask, keepdim);
  Found f{with_values ? ctx.empty(sizes, self.dtype()) : Tensor(), ctx.empty(sizes, DType::i64)};
  if (f.indices.numel() == 0) return f;
  Tensor x = contiguous(ctx, self);
  dispatch(Ordered(), self.dtype(), name, [&]<class T>() {
    const T* from = x.data<T>();
    int64_t* at = f.indices.data<int64_t>();
    find_all<Max>(from, at, outer, n, inner, ctx.threads);
    if (!with_values) return;
    for (int64_t i = 0; i < outer * inner; ++i) f.values.data<T>()[i] = from[(i / inner * n + at[i]) * inner + i % inner];
  });
  return f;
}

template <bool Max>
std::tuple<Tensor, Tensor> extreme_dim(Context& ctx, const Tensor& self, int64_t dim, bool keepdim) {
  Found f = find_along<Max>(ctx, self, dim, keepdim, true, Max ? "max" : "min");
  return {f.values, f.indices};
}

template <bool Max>
Tensor arg_extreme(Context& ctx, const Tensor& self, std::optional<int64_t> dim, bool keepdim) {
  const char* name = Max ? "argmax" : "argmin";
  check(self.dtype() != DType::boolean, "\"", name, "_cpu\" not implemented for 'Bool'");
  if (dim) return find_along<Max>(ctx, self, *dim, keepdim, false, name).indices;
  check_whole(self, name);
  Tensor flat = reshape(ctx, self, Dims{-1});
  Tensor at = find_along<Max>(ctx, flat, 0, false, false, name).indices;
  return keepdim ? reshape(ctx, at, Dims(static_cast<size_t>(self.dim()), 1)) : at;
}

std::tuple<Tensor, Tensor> aminmax(Context& ctx, const Tensor& self, std::optional<int64_t> dim, bool keepdim) {
  if (!dim) check(self.numel() > 0, "aminmax(): cannot compute aminmax over an empty dimension as the operation has no identity.");
  uint64_t mask = dim ? dim_mask(Dims{*dim}, self.dim()) : all_dims(self);
  check_not_empty(self, mask, "aminmax");
  return {extreme<false>(ctx, self, mask, keepdim, "aminmax_cpu"), extreme<true>(ctx, self, mask, keepdim, "aminmax_cpu")};
}

std::tuple<Tensor, Tensor> aminmax_all(Context& ctx, const Tensor& self) { return aminmax(ctx, self, {}, false); }
std::tuple<Tensor, Tensor> aminmax_dim(Context& ctx, const Tensor& self, int64_t dim, bool keepdim) {
  return aminmax(ctx, self, dim, keepdim);
}

constexpr Op rows[] = {
    op<"aten::amax(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor", extreme_dims<true>>(),
    op<"aten::amin(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor", extreme_dims<false>>(),
    op<"aten::max(Tensor self) -> Tensor", extreme_all<true>>(),
    op<"aten::min(Tensor self) -> Tensor", extreme_all<false>>(),
    op<"aten::max.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)", extreme_dim<true>>(),
    op<"aten::min.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)", extreme_dim<false>>(),
    op<"aten::argmax(Tensor self, int? dim=None, bool keepdim=False) -> Tensor", arg_extreme<true>>(),
    op<"aten::argmin(Tensor self, int? dim=None, bool keepdim=False) -> Tensor", arg_extreme<false>>(),
    op<"aten::aminmax(Tensor self, *, int? dim=None, bool keepdim=False) -> (Tensor min, Tensor max)", aminmax>(),
    op<"aten::_aminmax(Tensor self) -> (Tensor, Tensor)", aminmax_all>(),
    op<"aten::_aminmax.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor, Tensor)", aminmax_dim>(),
};

}  // namespace

const std::span<const Op> extremum_ops = rows;

}  // namespace tsrun
