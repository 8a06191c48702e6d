// Reading at named places of one dimension: index_select, gather, take.
#include <cstring>

#include "ops/copy_loop.h"
#include "ops/dispatch.h"
#include "ops/index.h"
#include "ops/tables.h"
#include "ops/view.h"

namespace tsrun {

void check_indices(const Tensor& index, int64_t size, int64_t dim, bool negative) {
  if (index.numel() == 0) return;
  StridedLoop<1> loop(index.sizes(), {loop_operand(index)});
  int64_t low = INT64_MAX, high = INT64_MIN;
  loop.run(1, [&](auto& at, auto& step, int64_t n) {
    for (int64_t i = 0; i < n; ++i) {
      int64_t k = *reinterpret_cast<const int64_t*>(at[0] + i * step[0]);
      low = std::min(low, k);
      high = std::max(high, k);
    }
  });
  bool above = high >= size;
  if (above || low < (negative ? -size : 0))
    fail("index ", above ? high : low, " is out of bounds for dimension ", dim, " with size ", size);
}

Tensor to_indices(Context& ctx, const Tensor& index, const char* name, const Tensor* written) {
  check(index.dtype() == DType::i64 || index.dtype() == DType::i32, name, "(): Expected dtype int32 or int64 for index");
  if (index.dtype() == DType::i64 && written && may_overlap(index, *written)) return clone(ctx, index);
  return cast(ctx, index, DType::i64);
}

Tensor index_select(Context& ctx, const Tensor& self, int64_t dim, const Tensor& index) {
  check(index.dim() <= 1, "index_select(): Index is supposed to be a vector");
  int64_t d = wrap_dim(dim, self.dim());
  Tensor x = self.dim() == 0 ? unsqueeze(self, 0) : self, places = contiguous(ctx, to_indices(ctx, index, "index_select"));
  check_indices(places, x.size(d), d, false);
  Dims sizes(x.sizes());
  sizes[static_cast<size_t>(d)] = places.numel();
  Tensor out = ctx.empty(self.dim() == 0 ? Dims() : sizes, self.dtype()), rows = out;
  check(self.dim() > 0 || places.numel() == 1, "index_select(): Index to scalar can have only 1 value, got ", places.numel(), " value(s)");
  if (self.dim() == 0) rows = unsqueeze(out, 0);
  if (out.numel() == 0) return out;
  const int64_t* at = places.data<int64_t>();
  int64_t item = static_cast<int64_t>(item_size(x.dtype())), outer = 1, inner = item, count = places.numel();
  if (x.is_contiguous()) {
    for (int64_t i = 0; i < d; ++i) outer *= x.size(i);
    for (int64_t i = d + 1; i < x.dim(); ++i) inner *= x.size(i);
    int64_t source = x.size(d) * inner;
    if (inner == item) {  // single elements: a call of memcpy for each would cost more than they do
      for_item_size(item, [&]<class T>() {
        T* to = rows.data<T>();
        const T* from = x.data<T>();
        const int64_t size = x.size(d);
        kernels::parallel_for(ctx.threads, outer, 32768 / count + 1, [&](int64_t begin, int64_t end) {
          for (int64_t r = begin; r < end; ++r)
            for (int64_t i = 0; i < count; ++i) to[r * count + i] = from[r * size + at[i]];
        });
      });
      return out;
    }
    kernels::parallel_for(ctx.threads, outer * count, std::max<int64_t>(131072 / inner, 1), [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r)
        std::memcpy(rows.data<char>() + r * inner, x.data<char>() + r / count * source + at[r % count] * inner, static_cast<size_t>(inner));
    });
    return out;
  }
  for (int64_t i = 0; i < count; ++i) copy_into(ctx, select(rows, d, i), select(x, d, at[i]));
  return out;
}

namespace {

// ---- gather -----------------------------------------------------------------------------------------------------------------------------
/// For each element of index (checked): y = x at that place of dimension d. x and y are at least as large as index elsewhere.
Tensor gather_along(Context& ctx, const Tensor& x, int64_t d, const Tensor& index) {
  Tensor out = ctx.empty(index.sizes(), x.dtype());
  if (out.numel() == 0) return out;
  Dims strides(x.strides());
  int64_t along = strides[static_cast<size_t>(d)];
  strides[static_cast<size_t>(d)] = 0;
  for_item_size(item_size(x.dtype()), [&]<class T>() {
    StridedLoop<3> loop(index.sizes(), {loop_operand(out), loop_operand(index), LoopOperand{x.data(), strides, sizeof(T)}});
    loop.run(ctx.threads, [along](auto& at, auto& step, int64_t n) {
      for (int64_t i = 0; i < n; ++i)
        *reinterpret_cast<T*>(at[0] + i * step[0]) =
            reinterpret_cast<const T*>(at[2] + i * step[2])[*reinterpret_cast<const int64_t*>(at[1] + i * step[1]) * along];
    });
  });
  return out;
}

Tensor gather(Context& ctx, const Tensor& self, int64_t dim, const Tensor& index, bool) {
  int64_t d = wrap_dim(dim, self.dim());
  if (index.numel() == 0) return ctx.empty(index.sizes(), self.dtype());
  Tensor places = to_indices(ctx, index, "gather");
  check(std::max<int64_t>(self.dim(), 1) == std::max<int64_t>(index.dim(), 1),
        "Index tensor must have the same number of dimensions as input tensor");
  Tensor x = self.dim() == 0 ? unsqueeze(self, 0) : self;
  if (places.dim() == 0) places = unsqueeze(places, 0);
  for (int64_t k = 0; k < x.dim(); ++k)
    check(k == d || places.size(k) <= x.size(k), "Size does not match at dimension ", k, " expected index ", index.sizes(),
          " to be no larger than self ", self.sizes(), " apart from dimension ", d);
  check_indices(places, x.size(d), d, false);
  return view(gather_along(ctx, x, d, places), index.sizes());
}

// ---- take, put: places in the tensor as if it were flat
// ----------------------------------------------------------------------------------
Tensor wrapped(Context& ctx, const Tensor& index, int64_t size) {
  Tensor out = clone(ctx, index, MemoryFormat::contiguous);
  for (int64_t i = 0; i < out.numel(); ++i)
    if (int64_t& k = out.data<int64_t>()[i]; k < 0) k += size;
  return out;
}

Tensor take(Context& ctx, const Tensor& self, const Tensor& index) {
  check(index.dtype() == DType::i64, "take(): Expected a long tensor for index, but got ", scalar_type_name(index.dtype()));
  check(self.numel() > 0 || index.numel() == 0, "take(): tried to take from an empty tensor");
  check_indices(index, self.numel(), 0, true);
  Tensor flat = reshape(ctx, self, Dims{-1}), places = wrapped(ctx, index, self.numel());
  return view(index_select(ctx, flat, 0, view(places, Dims{-1})), index.sizes());
}

Tensor put_(Context& ctx, const Tensor& self, const Tensor& index, const Tensor& source, bool accumulate) {
  check(index.dtype() == DType::i64, "put_(): Expected a long tensor for index, but got ", scalar_type_name(index.dtype()));
  check(self.dtype() == source.dtype(), "put_(): self and source expected to have the same dtype, but got self.dtype = ", self.dtype(),
        " and source.dtype = ", source.dtype());
  check(source.numel() == index.numel(),
        "put_(): Expected source and index to have the same number of elements, but got source.numel() = ", source.numel(),
        ", index.numel() = ", index.numel());
  check_writable(self);
  check(self.numel() > 0 || index.numel() == 0, "put_(): Tried to put elements into an empty tensor");
  check_indices(index, self.numel(), 0, true);
  Tensor places = wrapped(ctx, index, self.numel()), flat = clone(ctx, self, MemoryFormat::contiguous), values = contiguous(ctx, source);
  dispatch(AllTypes(), self.dtype(), "put_", [&]<class T>() {
    for (int64_t i = 0; i < places.numel(); ++i) {
      T &to = flat.data<T>()[places.data<int64_t>()[i]], from = values.data<T>()[i];
      if (!accumulate) to = from;
      else if constexpr (std::is_same_v<T, bool>) to = to || from;
      else to = T(to + from);
    }
  });
  copy_into(ctx, self, flat);
  return self;
}
Tensor put(Context& ctx, const Tensor& self, const Tensor& index, const Tensor& source, bool accumulate) {
  return put_(ctx, clone(ctx, self), index, source, accumulate);
}

/// gather with negative places counted from the end.
Tensor gather_wrapped(Context& ctx, const Tensor& x, int64_t d, const Tensor& indices) {
  int64_t size = x.dim() == 0 ? 1 : x.size(d);
  check_indices(indices, size, d, true);
  return gather(ctx, x, d, wrapped(ctx, indices, size), false);
}

Tensor take_along_dim(Context& ctx, const Tensor& self, const Tensor& indices, std::optional<int64_t> dim) {
  check(indices.dtype() == DType::i64, "torch.take_along_dim(): dtype of indices should be Long but got ",
        scalar_type_name(indices.dtype()));
  if (!dim) return gather_wrapped(ctx, reshape(ctx, self, Dims{-1}), 0, reshape(ctx, indices, Dims{-1}));
  check(self.dim() == indices.dim(), "torch.take_along_dim(): input and indices should have the same number of dimensions, but got ",
        self.dim(), " dimensions for input, and ", indices.dim(), " dimensions for indices");
  size_t d = static_cast<size_t>(wrap_dim(*dim, self.dim()));
  if (self.dim() == 0) return gather_wrapped(ctx, self, 0, indices);
  Dims x_sizes(self.sizes()), index_sizes(indices.sizes());
  x_sizes[d] = index_sizes[d] = 1;
  Dims common = broadcast_sizes(x_sizes, index_sizes), x_wide = common, index_wide = common;
  x_wide[d] = self.sizes()[d];
  index_wide[d] = indices.sizes()[d];
  return gather_wrapped(ctx, expand(self, x_wide), static_cast<int64_t>(d), expand(indices, index_wide));
}

Tensor index_select_row(Context& ctx, const Tensor& self, int64_t dim, const Tensor& index) { return index_select(ctx, self, dim, index); }

constexpr Op rows[] = {
    op<"aten::index_select(Tensor self, int dim, Tensor index) -> Tensor", index_select_row>(),
    op<"aten::gather(Tensor self, int dim, Tensor index, *, bool sparse_grad=False) -> Tensor", gather>(),
    op<"aten::take(Tensor self, Tensor index) -> Tensor", take>(),
    op<"aten::take_along_dim(Tensor self, Tensor indices, int? dim=None) -> Tensor", take_along_dim>(),
    op<"aten::put(Tensor self, Tensor index, Tensor source, bool accumulate=False) -> Tensor", put>(),
    op<"aten::put_(Tensor(a!) self, Tensor index, Tensor source, bool accumulate=False) -> Tensor(a!)", put_>(),
};

}  // namespace

const std::span<const Op> gather_ops = rows;

}  // namespace tsrun
