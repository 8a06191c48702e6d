// One element of each slice by its rank: k-th value, median, most frequent value.
#include <algorithm>
#include <cmath>

#include "ops/sort_slices.h"
#include "ops/tables.h"
#include "ops/view.h"

namespace tsrun {
namespace {

using Pair = std::tuple<Tensor, Tensor>;

/// pick(buffer, n) gives the chosen Ranked of each slice.
template <class Types, class F>
Pair reduce_slices(Context& ctx, const Tensor& self, int64_t dim, bool keepdim, const char* name, Types types, F&& pick) {
  int64_t d = wrap_dim(dim, self.dim()), n = slice_length(self, d);
  check(n > 0 || self.dim() == 0, name, "(): Expected reduction dim ", d, " to have non-zero size.");
  Dims sizes(self.sizes());
  if (self.dim() > 0) sizes[static_cast<size_t>(d)] = 1;
  Tensor values = ctx.empty(sizes, self.dtype()), indices = ctx.empty(sizes, DType::i64);
  dispatch(types, self.dtype(), name, [&]<class T>() {
    if (values.numel() == 0) return;
    SliceLoop<3> slices(d, {&values, &self, &indices});
    slices.template run<Ranked<T>>(ctx, n, [&](const std::array<int64_t, 3>& at, Ranked<T>* q) {
      load_slice(self.data<T>() + at[1], slices.step(1), q, n);
      Ranked<T> chosen = pick(q, n);
      values.data<T>()[at[0]] = T(chosen.value);
      indices.data<int64_t>()[at[2]] = chosen.index;
    });
  });
  if (!keepdim && self.dim() > 0) return {squeeze(values, d), squeeze(indices, d)};
  return {values, indices};
}

/// Brings the k-th smallest to q[k]: partitions around the median of the first, middle and last. Which of several equal numbers ends there
/// depends on the exact sequence of exchanges, and is the one PyTorch chooses.
template <class R>
void select_kth(R* q, int64_t n, int64_t k) {
  auto greater = [](const R& a, const R& b) { return (is_nan(a.value) && !is_nan(b.value)) || a.value > b.value; };
  auto order = [&](int64_t i, int64_t j) {
    if (greater(q[i], q[j])) std::swap(q[i], q[j]);
  };
  int64_t left = 0, right = n - 1;
  while (right > left + 1) {
    std::swap(q[left + (right - left) / 2], q[left + 1]);
    order(left + 1, right);
    order(left, right);
    order(left + 1, left);
    int64_t i = left + 1, j = right;
    const R pivot = q[left];
    for (;;) {
      do ++i;
      while (greater(pivot, q[i]));
      do --j;
      while (greater(q[j], pivot));
      if (j < i) break;
      std::swap(q[i], q[j]);
    }
    std::swap(q[left], q[j]);
    if (j <= k) left = i;
    if (j >= k) right = j - 1;
  }
  if (right == left + 1) order(left, right);
}

Pair kthvalue(Context& ctx, const Tensor& self, int64_t k, int64_t dim, bool keepdim) {
  int64_t d = wrap_dim(dim, self.dim()), n = slice_length(self, d);
  check(k >= 1 && k <= n, "kthvalue(): selected number k out of range for dimension ", d);
  return reduce_slices(ctx, self, dim, keepdim, "kthvalue", RealTypes(), [k](auto* q, int64_t n) {
    select_kth(q, n, k - 1);
    return q[k - 1];
  });
}

/// The lower of the two middle values. NaN wins, or (ignore_nan) does not count unless there is nothing else.
template <class R>
R middle(R* q, int64_t n, bool ignore_nan) {
  int64_t numbers = n;
  if (!ignore_nan) {
    for (int64_t i = 0; i < n; ++i)
      if (is_nan(q[i].value)) return q[i];
  } else {
    numbers = std::count_if(q, q + n, [](const R& r) { return !is_nan(r.value); });
  }
  int64_t k = std::max<int64_t>(numbers - 1, 0) / 2;
  std::nth_element(q, q + k, q + n, [](const R& a, const R& b) {
    Ascending less;
    return less(a, b) || (!less(b, a) && a.index < b.index);
  });
  return q[k];
}

template <bool IgnoreNan>
Pair median_dim(Context& ctx, const Tensor& self, int64_t dim, bool keepdim) {
  return reduce_slices(ctx, self, dim, keepdim, "median", RealTypes(), [](auto* q, int64_t n) { return middle(q, n, IgnoreNan); });
}

template <bool IgnoreNan>
Tensor median(Context& ctx, const Tensor& self) {
  if (self.numel() > 0) return std::get<0>(median_dim<IgnoreNan>(ctx, reshape(ctx, self, Dims{-1}), 0, false));
  Tensor out = ctx.zeros({}, self.dtype());
  if (is_floating(self.dtype())) fill(ctx, out, std::nan(""));
  return out;
}

/// The smallest of the most frequent values. The index is that of any of them, the one that the standard library's sort leaves last.
template <class R>
R most_frequent(R* q, int64_t n) {
  std::sort(q, q + n, Ascending());
  R best = q[0];
  int64_t longest = 0;
  for (int64_t start = 0; start < n;) {
    int64_t end = start + 1;
    while (end < n && q[end].value == q[start].value) ++end;
    if (end - start > longest) {
      longest = end - start;
      best = q[end - 1];
    }
    start = end;
  }
  return best;
}
Pair mode(Context& ctx, const Tensor& self, int64_t dim, bool keepdim) {
  return reduce_slices(ctx, self, dim, keepdim, "mode", RealBoolTypes(), [](auto* q, int64_t n) { return most_frequent(q, n); });
}

Pair kthvalue_out(Context& ctx, const Tensor& self, int64_t k, int64_t dim, bool keepdim, const Tensor& values, const Tensor& indices) {
  return deliver(ctx, kthvalue(ctx, self, k, dim, keepdim), values, indices);
}
template <Pair (*F)(Context&, const Tensor&, int64_t, bool)>
Pair out_of(Context& ctx, const Tensor& self, int64_t dim, bool keepdim, const Tensor& values, const Tensor& indices) {
  return deliver(ctx, F(ctx, self, dim, keepdim), values, indices);
}

#define TSRUN_OUT ", *, Tensor(a!) values, Tensor(b!) indices) -> (Tensor(a!) values, Tensor(b!) indices)"
constexpr Op rows[] = {
    op<"aten::kthvalue(Tensor self, SymInt k, int dim=-1, bool keepdim=False) -> (Tensor values, Tensor indices)", kthvalue>(),
    op<"aten::kthvalue.values(Tensor self, SymInt k, int dim=-1, bool keepdim=False" TSRUN_OUT, kthvalue_out>(),
    op<"aten::median(Tensor self) -> Tensor", median<false>>(),
    op<"aten::median.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)", median_dim<false>>(),
    op<"aten::median.dim_values(Tensor self, int dim, bool keepdim=False" TSRUN_OUT, out_of<median_dim<false>>>(),
    op<"aten::nanmedian(Tensor self) -> Tensor", median<true>>(),
    op<"aten::nanmedian.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)", median_dim<true>>(),
    op<"aten::nanmedian.dim_values(Tensor self, int dim, bool keepdim=False" TSRUN_OUT, out_of<median_dim<true>>>(),
    op<"aten::mode(Tensor self, int dim=-1, bool keepdim=False) -> (Tensor values, Tensor indices)", mode>(),
    op<"aten::mode.values(Tensor self, int dim=-1, bool keepdim=False" TSRUN_OUT, out_of<mode>>(),
};
#undef TSRUN_OUT

}  // namespace

const std::span<const Op> rank_ops = rows;

}  // namespace tsrun
