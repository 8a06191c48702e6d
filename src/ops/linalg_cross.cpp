// Cross products.
#include "ops/dispatch.h"
#include "ops/promote.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {

namespace {

Tensor linalg_cross(Context& ctx, const Tensor& self, const Tensor& other, int64_t dim) {
  check(self.dim() == other.dim(), "linalg.cross: inputs must have the same number of dimensions.");
  const int64_t at = wrap_dim(dim, self.dim());
  check(self.dim() > 0 && self.size(at) == 3 && other.size(at) == 3, "linalg.cross: inputs dimension ", dim, " must have length 3. Got ",
        self.dim() > 0 ? self.size(at) : 0, " and ", self.dim() > 0 ? other.size(at) : 0);
  const DType dtype = result_type(self, other);
  const Dims sizes = broadcast_sizes(self.sizes(), other.sizes());
  Tensor result = ctx.empty(sizes, dtype);
  const int64_t inner = result.stride(at), outer = result.numel() / std::max<int64_t>(3 * inner, 1);
  dispatch(NumberTypes(), dtype, "cross", [&]<class T>() {
    Tensor left = contiguous(ctx, expand(cast(ctx, self, dtype), sizes)), right = contiguous(ctx, expand(cast(ctx, other, dtype), sizes));
    // halves are rounded after each operation, as in PyTorch
    auto product = [](T x, T y) {
      return static_cast<Compute<T>>(static_cast<T>(static_cast<Compute<T>>(x) * static_cast<Compute<T>>(y)));
    };
    for (int64_t o = 0; o < outer; ++o) {
      const T *a = left.data<T>() + o * 3 * inner, *b = right.data<T>() + o * 3 * inner;
      T* c = result.data<T>() + o * 3 * inner;
      for (int64_t part = 0; part < 3; ++part) {
        const int64_t p = (part + 1) % 3 * inner, q = (part + 2) % 3 * inner;
        for (int64_t i = 0; i < inner; ++i) c[part * inner + i] = static_cast<T>(product(a[p + i], b[q + i]) - product(a[q + i], b[p + i]));
      }
    }
  });
  return result;
}

/// Without a dimension: the first of size 3.
Tensor cross(Context& ctx, const Tensor& self, const Tensor& other, std::optional<int64_t> dim) {
  if (dim) return linalg_cross(ctx, self, other, *dim);
  int64_t found = 0;
  while (found < self.dim() && self.size(found) != 3) ++found;
  check(found < self.dim(), "no dimension of size 3 in input");
  return linalg_cross(ctx, self, other, found);
}

constexpr Op rows[] = {
    op<"aten::linalg_cross(Tensor self, Tensor other, *, int dim=-1) -> Tensor", linalg_cross>(),
    op<"aten::cross(Tensor self, Tensor other, int? dim=None) -> Tensor", cross>(),
};

}  // namespace
const std::span<const Op> cross_ops = rows;

}  // namespace tsrun
