// Elements in another order or several times: flip, roll, rotate, repeat.
#include "ops/copy_mapped.h"
#include "ops/index.h"
#include "ops/number.h"
#include "ops/tables.h"
#include "ops/view.h"

namespace tsrun {
namespace {

std::vector<IndexMap> identity_maps(const Tensor& x) {
  std::vector<IndexMap> maps;
  for (int64_t s : x.sizes()) maps.push_back(identity_map(s));
  return maps;
}

Tensor flip(Context& ctx, const Tensor& self, IntSpan dims) {
  uint64_t mask = dim_mask(dims, self.dim(), false);
  std::vector<IndexMap> maps = identity_maps(self);
  for (size_t d = 0; d < maps.size(); ++d)
    if ((mask >> d & 1) && self.sizes()[d] > 0) maps[d] = {{self.sizes()[d] - 1, -1, self.sizes()[d]}};
  return copy_mapped(ctx, self, maps, MemoryFormat::preserve);
}
Tensor fliplr(Context& ctx, const Tensor& self) {
  check(self.dim() >= 2, "Input must be >= 2-d.");
  return flip(ctx, self, Dims{1});
}
Tensor flipud(Context& ctx, const Tensor& self) {
  check(self.dim() >= 1, "Input must be >= 1-d.");
  return flip(ctx, self, Dims{0});
}

Tensor roll(Context& ctx, const Tensor& self, IntSpan shifts, IntSpan dims) {
  check(!shifts.empty(), "`shifts` required");
  if (dims.empty() && shifts.size() == 1) {
    Tensor flat = reshape(ctx, self, Dims{-1});
    return self.numel() == 0 ? clone(ctx, self) : view(roll(ctx, flat, shifts, Dims{0}), self.sizes());
  }
  check(shifts.size() == dims.size(), "shifts and dimensions must align. shifts: ", shifts.size(), ", dims:", dims.size());
  if (self.numel() == 0) return clone(ctx, self);
  Dims total(self.sizes().size());
  for (size_t i = 0; i < dims.size(); ++i) {
    check(self.dim() > 0, "Dimension specified as ", dims[i], " but tensor has no dimensions");
    size_t d = static_cast<size_t>(wrap_dim(dims[i], self.dim()));
    total[d] = (total[d] + python_mod(shifts[i], self.sizes()[d])) % self.sizes()[d];
  }
  std::vector<IndexMap> maps = identity_maps(self);
  for (size_t d = 0; d < maps.size(); ++d)
    if (total[d] > 0) maps[d] = {{self.sizes()[d] - total[d], 1, total[d]}, {0, 1, self.sizes()[d] - total[d]}};
  return copy_mapped(ctx, self, maps, suggested_format(self));
}

Tensor rot90(Context& ctx, const Tensor& self, int64_t k, IntSpan dims) {
  check(dims.size() == 2, "expected total rotation dims == 2, but got dims = ", dims.size());
  check(self.dim() >= 2, "expected total dims >= 2, but got total dims = ", self.dim());
  int64_t a = wrap_dim(dims[0], self.dim()), b = wrap_dim(dims[1], self.dim());
  check(a != b, "expected rotation dims to be different, but got dim0 = ", dims[0], " and dim1 = ", dims[1]);
  switch (python_mod(k, 4)) {
    case 1: return transpose(flip(ctx, self, Dims{b}), a, b);
    case 2: return flip(ctx, self, Dims{a, b});
    case 3: return transpose(flip(ctx, self, Dims{a}), a, b);
    default: return clone(ctx, self, MemoryFormat::contiguous);
  }
}

Tensor repeat(Context& ctx, const Tensor& self, IntSpan repeats) {
  check(static_cast<int64_t>(repeats.size()) >= self.dim(),
        "Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor");
  Dims sizes(repeats), lead(repeats.size() - self.sizes().size(), 1);
  for (int64_t s : self.sizes()) lead.push_back(s);
  for (size_t d = 0; d < sizes.size(); ++d) {
    check(repeats[d] >= 0, "Trying to create tensor with negative dimension ", repeats[d], ": ", repeats);
    check(!__builtin_mul_overflow(sizes[d], lead[d], &sizes[d]), "repeat: the result is too large");
  }
  Tensor x = expand(self, lead);
  Tensor out = ctx.empty(sizes, self.dtype());
  if (out.numel() == 0) return out;
  // Each repeated dimension is two of the result: which repetition, and the index within.
  Dims pair_sizes, pair_strides, source_strides;
  for (size_t d = 0; d < sizes.size(); ++d) {
    pair_sizes.push_back(repeats[d]);
    pair_sizes.push_back(lead[d]);
    pair_strides.push_back(lead[d] * out.strides()[d]);
    pair_strides.push_back(out.strides()[d]);
    source_strides.push_back(0);
    source_strides.push_back(x.strides()[d]);
  }
  auto drop_ones = [&](const Dims& from) {
    Dims kept;
    for (size_t i = 0; i < from.size(); ++i)
      if (pair_sizes[i] != 1) kept.push_back(from[i]);
    return kept;
  };
  Dims strides = drop_ones(pair_strides), from_strides = drop_ones(source_strides), kept = drop_ones(pair_sizes);
  copy_into(ctx, make_view(out, kept, strides, 0), make_view(x, kept, from_strides, x.offset()));
  return out;
}

Tensor tile(Context& ctx, const Tensor& self, IntSpan dims) {
  Dims repeats(dims);
  while (static_cast<int64_t>(repeats.size()) < self.dim()) repeats.insert(0, 1);
  return repeat(ctx, self, repeats);
}

// ---- repeat_interleave --------------------------------------------------------------------------------------------------------------
/// 0 repeats[0] times, 1 repeats[1] times, ...
Tensor repeat_indices(Context& ctx, const Tensor& repeats, std::optional<int64_t> output_size) {
  check(repeats.dim() == 1, "repeat_interleave only accept 1D vector as repeat");
  check(repeats.dtype() == DType::i64 || repeats.dtype() == DType::i32, "repeats has to be Long or Int tensor");
  Tensor counts = contiguous(ctx, cast(ctx, repeats, DType::i64));
  int64_t total = 0;
  for (int64_t i = 0; i < counts.numel(); ++i) {
    int64_t n = counts.data<int64_t>()[i];
    check(n >= 0, "repeats can not be negative");
    check(!__builtin_add_overflow(total, n, &total), "repeat_interleave: the result is too large");
  }
  check(!output_size || *output_size == total, "allocated size does not match required size");
  Tensor out = ctx.empty(Dims{total}, DType::i64);
  int64_t* y = out.data<int64_t>();
  for (int64_t i = 0; i < counts.numel(); ++i) y = std::fill_n(y, counts.data<int64_t>()[i], i);
  return cast(ctx, out, repeats.dtype());
}

/// Without a dimension the tensor is taken as flat.
std::pair<Tensor, int64_t> along(Context& ctx, const Tensor& self, std::optional<int64_t> dim) {
  Tensor x = dim && self.dim() > 0 ? self : reshape(ctx, self, Dims{-1});
  return {x, wrap_dim(dim.value_or(0), x.dim())};
}

Tensor repeat_interleave_int(Context& ctx, const Tensor& self, int64_t repeats, std::optional<int64_t> dim,
                             std::optional<int64_t> output_size) {
  check(repeats >= 0, "Repeats must be non-negative");
  auto [x, d] = along(ctx, self, dim);
  int64_t total;
  check(!__builtin_mul_overflow(x.size(d), repeats, &total), "repeat_interleave: the result is too large");
  check(!output_size || *output_size == total, "repeat_interleave: Invalid output_size, expected ", total, " but got ",
        output_size.value_or(0));
  Dims wide(x.sizes()), sizes(x.sizes());
  wide.insert(static_cast<size_t>(d) + 1, repeats);
  sizes[static_cast<size_t>(d)] = total;
  return view(clone(ctx, expand(unsqueeze(x, d + 1), wide), MemoryFormat::contiguous), sizes);
}

Tensor repeat_interleave_tensor(Context& ctx, const Tensor& self, const Tensor& repeats, std::optional<int64_t> dim,
                                std::optional<int64_t> output_size) {
  auto [x, d] = along(ctx, self, dim);
  check(repeats.dim() <= 1, "repeats must be 0-dim or 1-dim tensor");
  bool single = repeats.dim() == 0 || repeats.size(0) == 1;
  check(single || repeats.size(0) == x.size(d),
        "repeats must have the same size as input along dim, but got repeats.size(0) = ", repeats.numel(), " and input.size(", d,
        ") = ", x.size(d));
  Tensor counts = single ? expand(reshape(ctx, repeats, Dims{1}), Dims{x.size(d)}) : repeats;
  return index_select(ctx, x, d, repeat_indices(ctx, counts, output_size));
}

constexpr Op rows[] = {
    op<"aten::flip(Tensor self, int[] dims) -> Tensor", flip>(),
    op<"aten::fliplr(Tensor self) -> Tensor", fliplr>(),
    op<"aten::flipud(Tensor self) -> Tensor", flipud>(),
    op<"aten::roll(Tensor self, SymInt[1] shifts, int[1] dims=[]) -> Tensor", roll>(),
    op<"aten::rot90(Tensor self, int k=1, int[] dims=[0, 1]) -> Tensor", rot90>(),
    op<"aten::repeat(Tensor self, SymInt[] repeats) -> Tensor", repeat>(),
    op<"aten::tile(Tensor self, SymInt[] dims) -> Tensor", tile>(),
    op<"aten::repeat_interleave.Tensor(Tensor repeats, *, SymInt? output_size=None) -> Tensor", repeat_indices>(),
    op<"aten::repeat_interleave.self_Tensor(Tensor self, Tensor repeats, int? dim=None, *, SymInt? output_size=None) -> Tensor",
       repeat_interleave_tensor>(),
    op<"aten::repeat_interleave.self_int(Tensor self, SymInt repeats, int? dim=None, *, SymInt? output_size=None) -> Tensor",
       repeat_interleave_int>(),
};

}  // namespace

const std::span<const Op> arrange_ops = rows;

}  // namespace tsrun
