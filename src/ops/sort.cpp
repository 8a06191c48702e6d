// Sorting along a dimension.
#include <algorithm>

#include "ops/sort_slices.h"
#include "ops/tables.h"
#include "ops/view.h"

namespace tsrun {
namespace {

template <class T>
void sort_slices(Context& ctx, const Tensor& x, const Tensor& values, const Tensor& indices, int64_t dim, bool descending, bool stable) {
  int64_t n = slice_length(x, dim);
  SliceLoop<3> slices(dim, {&x, &values, &indices});
  slices.run<Ranked<T>>(ctx, n, [&](const std::array<int64_t, 3>& at, Ranked<T>* buffer) {
    load_slice(x.data<T>() + at[0], slices.step(0), buffer, n);
    if (stable && descending) std::stable_sort(buffer, buffer + n, Descending());
    else if (stable) std::stable_sort(buffer, buffer + n, Ascending());
    else if (descending) std::sort(buffer, buffer + n, Descending());
    else std::sort(buffer, buffer + n, Ascending());
    T* v = values.data<T>() + at[1];
    int64_t* k = indices.data<int64_t>() + at[2];
    for (int64_t i = 0; i < n; ++i) {
      v[i * slices.step(1)] = T(buffer[i].value);
      k[i * slices.step(2)] = buffer[i].index;
    }
  });
}

}  // namespace

std::tuple<Tensor, Tensor> sort(Context& ctx, const Tensor& x, int64_t dim, bool descending, bool stable) {
  int64_t d = wrap_dim(dim, x.dim());
  // PyTorch sorts long vectors of integers by radix, which happens to be stable.
  stable = stable || (x.dim() == 1 && !descending && is_integer(x.dtype()) && x.numel() >= 32768);
  Tensor values = empty_like(ctx, x), indices = empty_like(ctx, x, DType::i64);
  dispatch(RealBoolTypes(), x.dtype(), "sort_stable", [&]<class T>() {
    if (x.numel() > 0) sort_slices<T>(ctx, x, values, indices, d, descending, stable);
  });
  return {values, indices};
}

std::tuple<Tensor, Tensor> deliver(Context& ctx, std::tuple<Tensor, Tensor> results, const Tensor& values, const Tensor& indices) {
  auto& [v, i] = results;
  check(values.dtype() == v.dtype() && indices.dtype() == DType::i64, "Expected out tensors to have dtypes ", v.dtype(),
        " and int64, but got ", values.dtype(), " and ", indices.dtype());
  resize(values, v.sizes());
  resize(indices, i.sizes());
  copy_into(ctx, values, v);
  copy_into(ctx, indices, i);
  return {values, indices};
}
namespace {

std::tuple<Tensor, Tensor> sort_row(Context& ctx, const Tensor& self, int64_t dim, bool descending) {
  return sort(ctx, self, dim, descending, false);
}
std::tuple<Tensor, Tensor> sort_stable(Context& ctx, const Tensor& self, std::optional<bool> stable, int64_t dim, bool descending) {
  return sort(ctx, self, dim, descending, stable.value_or(false));
}
Tensor argsort_stable(Context& ctx, const Tensor& self, bool stable, int64_t dim, bool descending) {
  return std::get<1>(sort(ctx, self, dim, descending, stable));
}
Tensor argsort(Context& ctx, const Tensor& self, int64_t dim, bool descending) { return argsort_stable(ctx, self, false, dim, descending); }
Tensor msort(Context& ctx, const Tensor& self) { return std::get<0>(sort(ctx, self, 0, false, false)); }

std::tuple<Tensor, Tensor> sort_out(Context& ctx, const Tensor& self, int64_t dim, bool descending, const Tensor& values,
                                    const Tensor& indices) {
  return deliver(ctx, sort(ctx, self, dim, descending, false), values, indices);
}
std::tuple<Tensor, Tensor> sort_stable_out(Context& ctx, const Tensor& self, std::optional<bool> stable, int64_t dim, bool descending,
                                           const Tensor& values, const Tensor& indices) {
  return deliver(ctx, sort(ctx, self, dim, descending, stable.value_or(false)), values, indices);
}

// ---- the first k -----------------------------------------------------------------------------------------------------------------------
/// Which of several equal numbers is chosen follows from the algorithm of the standard library, as in PyTorch.
template <class R, class Before>
void choose(R* q, int64_t n, int64_t k, bool sorted, Before before) {
  if (k * 64 <= n) {
    std::partial_sort(q, q + k, q + n, before);
  } else {
    std::nth_element(q, q + k - 1, q + n, before);
    if (sorted) std::sort(q, q + k - 1, before);
  }
}

std::tuple<Tensor, Tensor> topk(Context& ctx, const Tensor& self, int64_t k, int64_t dim, bool largest, bool sorted) {
  int64_t d = wrap_dim(dim, self.dim()), n = slice_length(self, d);
  check(k >= 0 && k <= n, "selected index k out of range");
  Dims sizes(self.sizes());
  if (self.dim() > 0) sizes[static_cast<size_t>(d)] = k;
  Tensor values = ctx.empty(sizes, self.dtype()), indices = ctx.empty(sizes, DType::i64);
  dispatch(RealTypes(), self.dtype(), "topk_cpu", [&]<class T>() {
    if (values.numel() == 0 || k == 0) return;
    SliceLoop<3> slices(d, {&values, &self, &indices});
    slices.run<Ranked<T>>(ctx, n, [&](const std::array<int64_t, 3>& at, Ranked<T>* q) {
      load_slice(self.data<T>() + at[1], slices.step(1), q, n);
      if (largest) choose(q, n, k, sorted, Descending());
      else choose(q, n, k, sorted, Ascending());
      for (int64_t i = 0; i < k; ++i) {
        values.data<T>()[at[0] + i * slices.step(0)] = T(q[i].value);
        indices.data<int64_t>()[at[2] + i * slices.step(2)] = q[i].index;
      }
    });
  });
  return {values, indices};
}
std::tuple<Tensor, Tensor> topk_out(Context& ctx, const Tensor& self, int64_t k, int64_t dim, bool largest, bool sorted,
                                    const Tensor& values, const Tensor& indices) {
  return deliver(ctx, topk(ctx, self, k, dim, largest, sorted), values, indices);
}

constexpr Op rows[] = {
    op<"aten::sort(Tensor self, int dim=-1, bool descending=False) -> (Tensor values, Tensor indices)", sort_row>(),
    op<"aten::sort.stable(Tensor self, *, bool? stable, int dim=-1, bool descending=False) -> (Tensor values, Tensor indices)",
       sort_stable>(),
    op<"aten::sort.values(Tensor self, int dim=-1, bool descending=False, *, Tensor(a!) values, Tensor(b!) indices) -> "
       "(Tensor(a!) values, Tensor(b!) indices)",
       sort_out>(),
    op<"aten::sort.values_stable(Tensor self, *, bool? stable, int dim=-1, bool descending=False, Tensor(a!) values, Tensor(b!) indices) "
       "-> "
       "(Tensor(a!) values, Tensor(b!) indices)",
       sort_stable_out>(),
    op<"aten::argsort(Tensor self, int dim=-1, bool descending=False) -> Tensor", argsort>(),
    op<"aten::argsort.stable(Tensor self, *, bool stable, int dim=-1, bool descending=False) -> Tensor", argsort_stable>(),
    op<"aten::msort(Tensor self) -> Tensor", msort>(),
    op<"aten::topk(Tensor self, SymInt k, int dim=-1, bool largest=True, bool sorted=True) -> (Tensor values, Tensor indices)", topk>(),
    op<"aten::topk.values(Tensor self, SymInt k, int dim=-1, bool largest=True, bool sorted=True, *, Tensor(a!) values, Tensor(b!) "
       "indices) -> "
       "(Tensor(a!) values, Tensor(b!) indices)",
       topk_out>(),
};

}  // namespace

const std::span<const Op> sort_ops = rows;

}  // namespace tsrun
