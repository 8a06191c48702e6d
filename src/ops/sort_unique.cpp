// Distinct values, of a whole tensor or as slices along a dimension.
#include <algorithm>
#include <cstring>

#include "ops/index.h"
#include "ops/sort_slices.h"
#include "ops/tables.h"
#include "ops/view.h"

namespace tsrun {
namespace {

using Three = std::tuple<Tensor, Tensor, Tensor>;

/// `order` lists the items (elements or slices) so that equal ones stand together; same(a, b) tells. Gives the first item of each group,
/// for each item its group, and the sizes of the groups.
struct Groups {
  std::vector<int64_t> first;
  Tensor inverse, counts;
};

template <class Same>
Groups group(Context& ctx, const std::vector<int64_t>& order, bool want_inverse, bool want_counts, Same&& same) {
  Groups g;
  g.inverse = ctx.empty(Dims{want_inverse ? static_cast<int64_t>(order.size()) : 0}, DType::i64);
  std::vector<int64_t> counts;
  for (size_t i = 0; i < order.size(); ++i) {
    if (i == 0 || !same(order[i - 1], order[i])) {
      g.first.push_back(order[i]);
      counts.push_back(0);
    }
    ++counts.back();
    if (want_inverse) g.inverse.data<int64_t>()[order[i]] = static_cast<int64_t>(g.first.size()) - 1;
  }
  g.counts = ctx.empty(Dims{want_counts ? static_cast<int64_t>(counts.size()) : 0}, DType::i64);
  if (want_counts) std::ranges::copy(counts, g.counts.data<int64_t>());
  return g;
}

std::vector<int64_t> counting(int64_t n) {
  std::vector<int64_t> order(static_cast<size_t>(n));
  for (int64_t i = 0; i < n; ++i) order[static_cast<size_t>(i)] = i;
  return order;
}

// ---- elements ---------------------------------------------------------------------------------------------------------------------------
Three unique_elements(Context& ctx, const Tensor& self, bool sorted, bool want_inverse, bool want_counts) {
  Tensor x = contiguous(ctx, self), values;
  Groups g;
  dispatch(RealBoolTypes(), self.dtype(), "unique", [&]<class T>() {
    const T* p = x.data<T>();
    auto value = [p](int64_t i) { return static_cast<Compute<T>>(p[i]); };
    std::vector<int64_t> order = counting(x.numel());
    if (sorted)
      std::stable_sort(order.begin(), order.end(),
                       [&](int64_t a, int64_t b) { return value(a) < value(b) || (is_nan(value(b)) && !is_nan(value(a))); });
    g = group(ctx, order, want_inverse, want_counts, [&](int64_t a, int64_t b) { return value(a) == value(b); });
    values = ctx.empty(Dims{static_cast<int64_t>(g.first.size())}, self.dtype());
    for (size_t i = 0; i < g.first.size(); ++i) values.data<T>()[i] = p[g.first[i]];
  });
  return {values, want_inverse ? view(g.inverse, self.sizes()) : g.inverse, g.counts};
}

Three unique2(Context& ctx, const Tensor& self, bool, bool return_inverse, bool return_counts) {
  return unique_elements(ctx, self, true, return_inverse, return_counts);
}
std::tuple<Tensor, Tensor> unique(Context& ctx, const Tensor& self, bool, bool return_inverse) {
  auto [values, inverse, counts] = unique_elements(ctx, self, true, return_inverse, false);
  return {values, inverse};
}

// ---- slices -----------------------------------------------------------------------------------------------------------------------------
/// Inverse and counts come whether asked for or not, as in PyTorch.
Three unique_slices(Context& ctx, const Tensor& self, int64_t dim, bool sorted) {
  int64_t d = wrap_dim(dim, self.dim());
  check(self.dim() > 0, "unique needs a tensor of at least one dimension when dim is given");
  int64_t n = self.size(d);
  check(n > 0 || self.numel() == 0, "There are 0 sized dimensions, and they aren't selected, so unique cannot be applied");
  Tensor slices = contiguous(ctx, transpose(self, 0, d));
  int64_t length = n > 0 ? slices.numel() / n : 0;
  check(n == 0 || length > 0, "There are 0 sized dimensions, and they aren't selected, so unique cannot be applied");
  if (n == 0) return {clone(ctx, self), ctx.empty(Dims{0}, DType::i64), ctx.empty(Dims{0}, DType::i64)};
  Groups g;
  dispatch(RealBoolTypes(), self.dtype(), "unique_dim", [&]<class T>() {
    const T* p = slices.data<T>();
    auto before = [=](int64_t a, int64_t b) {
      for (int64_t i = 0; i < length; ++i) {
        auto x = static_cast<Compute<T>>(p[a * length + i]), y = static_cast<Compute<T>>(p[b * length + i]);
        if (x < y || (is_nan(y) && !is_nan(x))) return true;
        if (x > y || (is_nan(x) && !is_nan(y))) return false;
      }
      return false;
    };
    auto same = [=](int64_t a, int64_t b) {
      for (int64_t i = 0; i < length; ++i)
        if (!(static_cast<Compute<T>>(p[a * length + i]) == static_cast<Compute<T>>(p[b * length + i]))) return false;
      return true;
    };
    std::vector<int64_t> order = counting(n);
    if (sorted) std::stable_sort(order.begin(), order.end(), before);
    g = group(ctx, order, true, true, same);
  });
  Tensor first = ctx.empty(Dims{static_cast<int64_t>(g.first.size())}, DType::i64);
  std::ranges::copy(g.first, first.data<int64_t>());
  return {index_select(ctx, self, d, first), g.inverse, g.counts};
}

Three unique_dim(Context& ctx, const Tensor& self, int64_t dim, bool, bool, bool) { return unique_slices(ctx, self, dim, true); }
Three unique_dim_consecutive(Context& ctx, const Tensor& self, int64_t dim, bool, bool) { return unique_slices(ctx, self, dim, false); }
Three unique_consecutive(Context& ctx, const Tensor& self, bool return_inverse, bool return_counts, std::optional<int64_t> dim) {
  if (dim && !(*dim == 0 && self.dim() == 1)) return unique_slices(ctx, self, *dim, false);
  return unique_elements(ctx, self, false, return_inverse, return_counts);
}

constexpr Op rows[] = {
    op<"aten::_unique(Tensor self, bool sorted=True, bool return_inverse=False) -> (Tensor, Tensor)", unique>(),
    op<"aten::_unique2(Tensor self, bool sorted=True, bool return_inverse=False, bool return_counts=False) -> (Tensor, Tensor, Tensor)",
       unique2>(),
    op<"aten::unique_dim(Tensor self, int dim, bool sorted=True, bool return_inverse=False, bool return_counts=False) -> (Tensor, Tensor, "
       "Tensor)",
       unique_dim>(),
    op<"aten::unique_consecutive(Tensor self, bool return_inverse=False, bool return_counts=False, int? dim=None) -> (Tensor, Tensor, "
       "Tensor)",
       unique_consecutive>(),
    op<"aten::unique_dim_consecutive(Tensor self, int dim, bool return_inverse=False, bool return_counts=False) -> (Tensor, Tensor, "
       "Tensor)",
       unique_dim_consecutive>(),
};

}  // namespace

const std::span<const Op> unique_ops = rows;

}  // namespace tsrun
