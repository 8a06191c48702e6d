// Elements chosen by truth: nonzero, masked_select, masked_scatter.
#include <cstring>

#include "ops/copy_loop.h"
#include "ops/dispatch.h"
#include "ops/index.h"
#include "ops/tables.h"
#include "ops/view.h"

namespace tsrun {
namespace {

/// Truth of each element, one byte each, row-major.
Tensor truth(Context& ctx, const Tensor& x) {
  return contiguous(ctx, x.dtype() == DType::u8 ? x : cast(ctx, x, DType::boolean));  // any byte but 0 is true
}

int64_t count_true(const Tensor& mask) {
  int64_t count = 0;
  const uint8_t* m = mask.data<uint8_t>();
  for (int64_t i = 0; i < mask.numel(); ++i) count += m[i] != 0;
  return count;
}

}  // namespace

Tensor nonzero(Context& ctx, const Tensor& x) {
  Tensor mask = truth(ctx, x);
  const uint8_t* m = mask.data<uint8_t>();
  size_t rank = x.sizes().size();
  Tensor out = ctx.empty(Dims{count_true(mask), x.dim()}, DType::i64);
  if (out.numel() == 0) return out;
  int64_t* y = out.data<int64_t>();
  int64_t row = x.size(-1);
  Dims index(rank);
  for (int64_t at = 0; at < mask.numel(); at += row) {
    for (int64_t i = 0; i < row; ++i) {
      if (!m[at + i]) continue;
      index[rank - 1] = i;
      y = std::copy(index.begin(), index.end(), y);
    }
    for (size_t d = rank - 1; d-- > 0;) {
      if (++index[d] < x.sizes()[d]) break;
      index[d] = 0;
    }
  }
  return out;
}

namespace {

Tensor nonzero_row(Context& ctx, const Tensor& self) { return nonzero(ctx, self); }

std::vector<Tensor> nonzero_numpy(Context& ctx, const Tensor& self) {
  Tensor x = self.dim() == 0 ? unsqueeze(self, 0) : self, places = nonzero(ctx, x);
  std::vector<Tensor> out;
  for (int64_t d = 0; d < x.dim(); ++d) out.push_back(select(places, 1, d));
  return out;
}

Tensor nonzero_static(Context& ctx, const Tensor& self, int64_t size, int64_t fill_value) {
  check(size >= 0, "nonzero_static: 'size' must be an non-negative integer");
  Tensor places = nonzero(ctx, self), out = full(ctx, Dims{size, self.dim()}, fill_value, DType::i64);
  int64_t n = std::min(size, places.size(0));
  copy_into(ctx, narrow(out, 0, 0, n), narrow(places, 0, 0, n));
  return out;
}

void check_mask(const Tensor& mask, const char* name) {
  check(mask.dtype() == DType::boolean || mask.dtype() == DType::u8, name, ": expected BoolTensor or ByteTensor for mask");
}

Tensor masked_select(Context& ctx, const Tensor& self, const Tensor& mask) {
  check_mask(mask, "masked_select");
  Dims sizes = broadcast_sizes(self.sizes(), mask.sizes());
  Tensor x = contiguous(ctx, expand(self, sizes)), m = truth(ctx, expand(mask, sizes)), out = ctx.empty(Dims{count_true(m)}, self.dtype());
  const uint8_t* chosen = m.data<uint8_t>();
  for_item_size(item_size(self.dtype()), [&]<class T>() {
    T* y = out.data<T>();
    for (int64_t i = 0; i < x.numel(); ++i)
      if (chosen[i]) *y++ = x.data<T>()[i];
  });
  return out;
}

Tensor masked_scatter_(Context& ctx, const Tensor& self, const Tensor& mask, const Tensor& source) {
  check_mask(mask, "masked_scatter_");
  check(self.dtype() == source.dtype(), "masked_scatter: expected self and source to have same dtypes but got ",
        scalar_type_name(self.dtype()), " and ", scalar_type_name(source.dtype()));
  check_writable(self);
  Tensor m = truth(ctx, expand(mask, self.sizes())), values = contiguous(ctx, source), out = clone(ctx, self, MemoryFormat::contiguous);
  check(count_true(m) <= source.numel(), "masked_scatter: expected number of elements of source >= number of ones in mask");
  for_item_size(item_size(self.dtype()), [&]<class T>() {
    const T* v = values.data<T>();
    for (int64_t i = 0; i < out.numel(); ++i)
      if (m.data<uint8_t>()[i]) out.data<T>()[i] = *v++;
  });
  copy_into(ctx, self, out);
  return self;
}
Tensor masked_scatter(Context& ctx, const Tensor& self, const Tensor& mask, const Tensor& source) {
  Dims sizes = broadcast_sizes(self.sizes(), mask.sizes());
  return masked_scatter_(ctx, clone(ctx, expand(self, sizes), MemoryFormat::contiguous), mask, source);
}

constexpr Op rows[] = {
    op<"aten::nonzero(Tensor self) -> Tensor", nonzero_row>(),
    op<"aten::argwhere(Tensor self) -> Tensor", nonzero_row>(),
    op<"aten::nonzero_numpy(Tensor self) -> Tensor[]", nonzero_numpy>(),
    op<"aten::where(Tensor condition) -> Tensor[]", nonzero_numpy>(),
    op<"aten::nonzero_static(Tensor self, *, SymInt size, int fill_value=-1) -> Tensor", nonzero_static>(),
    op<"aten::masked_select(Tensor self, Tensor mask) -> Tensor", masked_select>(),
    op<"aten::masked_scatter(Tensor self, Tensor mask, Tensor source) -> Tensor", masked_scatter>(),
    op<"aten::masked_scatter_(Tensor(a!) self, Tensor mask, Tensor source) -> Tensor(a!)", masked_scatter_>(),
};

}  // namespace

const std::span<const Op> mask_ops = rows;

}  // namespace tsrun
