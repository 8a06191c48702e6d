// Borders around the last dimensions of a tensor. `pad` lists (before, after) from the last dimension inwards; negative numbers crop.
#include "ops/copy_mapped.h"
#include "ops/number.h"
#include "ops/tables.h"
#include "ops/view.h"

namespace tsrun {
namespace {

Tensor constant_pad(Context& ctx, const Tensor& self, IntSpan pad, const Scalar& value) {
  check(pad.size() % 2 == 0, "Length of pad must be even but instead it equals ", pad.size());
  check(static_cast<int64_t>(pad.size()) <= 2 * self.dim(),
        "Length of pad should be no more than twice the number of dimensions of the input. Pad length is ", pad.size(),
        " while the input has ", self.dim(), " dimensions.");
  // What is cropped, and how much border remains on either side of each dimension.
  Tensor inside = self;
  Dims sizes(self.sizes()), low(self.sizes().size()), high(self.sizes().size());
  for (size_t i = 0; i < pad.size() / 2; ++i) {
    size_t d = self.sizes().size() - 1 - i;
    int64_t before = pad[2 * i], after = pad[2 * i + 1];
    bool overflow = __builtin_add_overflow(sizes[d], before, &sizes[d]) || __builtin_add_overflow(sizes[d], after, &sizes[d]);
    check(!overflow && sizes[d] >= 0, "The input size ", self.sizes()[d], ", plus negative padding ", before, " and ", after,
          " resulted in a negative output size, which is invalid. Check dimension ", d, " of your input.");
    int64_t size = self.sizes()[d], first = std::min(std::max<int64_t>(-before, 0), size),
            last = std::max(size - std::max<int64_t>(-after, 0), first);
    inside = narrow(inside, static_cast<int64_t>(d), first, last - first);
    low[d] = std::min(std::max<int64_t>(before, 0), sizes[d]);
    high[d] = sizes[d] - low[d] - (last - first);
    if (high[d] < 0) {  // all of the input is cropped from one side, and more
      inside = narrow(inside, static_cast<int64_t>(d), 0, 0);
      high[d] = sizes[d] - low[d];
    }
  }
  if (std::ranges::all_of(pad, [](int64_t p) { return p <= 0; })) return clone(ctx, inside);
  Tensor out = ctx.empty(sizes, self.dtype(), suggested_format(self)), rest = out;
  for (size_t i = 0; i < pad.size() / 2; ++i) {
    int64_t d = static_cast<int64_t>(self.sizes().size() - 1 - i);
    size_t k = static_cast<size_t>(d);
    if (low[k] > 0) fill(ctx, narrow(rest, d, 0, low[k]), value);
    if (high[k] > 0) fill(ctx, narrow(rest, d, sizes[k] - high[k], high[k]), value);
    rest = narrow(rest, d, low[k], sizes[k] - low[k] - high[k]);
  }
  copy_into(ctx, rest, inside);
  return out;
}

enum class Mode { reflect, replicate, circular, constant };

/// The input index that index i of the padded dimension shows.
int64_t source_index(Mode mode, int64_t i, int64_t before, int64_t after, int64_t size) {
  int64_t at = i - before;
  switch (mode) {
    case Mode::circular: {  // what is left after cropping repeats
      int64_t cropped = std::max<int64_t>(-before, 0);
      return cropped + python_mod(at - cropped, size - cropped - std::max<int64_t>(-after, 0));
    }
    case Mode::reflect: return at < 0 ? -at : at >= size ? 2 * (size - 1) - at : at;
    case Mode::replicate: return std::clamp<int64_t>(at, 0, size - 1);
    default: return at;
  }
}

void check_border(Mode mode, const Tensor& self, IntSpan pad, size_t d, int64_t before, int64_t after) {
  int64_t size = self.sizes()[d];
  constexpr int64_t most = int64_t{1} << 47;
  check(std::max(before, after) < most && std::min(before, after) > -most, "the padding ", pad, " is too large");
  if (mode == Mode::reflect)
    check(before < size && after < size, "Padding size should be less than the corresponding input dimension, but got: padding (", before,
          ", ", after, ") at dimension ", d, " of input ", self.sizes());
  if (mode == Mode::circular) check(before <= size && after <= size, "Padding value causes wrapping around more than once.");
  int64_t out;
  bool overflow = __builtin_add_overflow(size, before, &out) || __builtin_add_overflow(out, after, &out);
  check(!overflow && out >= (mode == Mode::circular ? 0 : 1), "input of sizes ", self.sizes(), " is too small for the padding ", pad);
  if (mode == Mode::circular && (before < 0 || after < 0))
    check(out == 0 || size + std::min<int64_t>(before, 0) + std::min<int64_t>(after, 0) > 0,
          "Negative padding value is resulting in an empty dimension.");
  check(mode != Mode::reflect || (-before < size && -after < size), "input of sizes ", self.sizes(), " is too small for the padding ", pad);
}

/// n spatial dimensions, with one or two dimensions before them.
Tensor border_pad(Context& ctx, const Tensor& self, IntSpan pad, size_t n, Mode mode) {
  check(pad.size() == 2 * n, "padding size is expected to be ", 2 * n, ", but got: ", pad.size());
  size_t rank = self.sizes().size();
  check(rank == n + 1 || rank == n + 2, "Expected ", n + 1, "D or ", n + 2,
        "D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions "
        "for input, but got: ",
        self.sizes());
  for (size_t d = rank == n + 2 ? 1 : 0; d < rank; ++d)
    check(self.sizes()[d] != 0, "Expected ", n + 1, "D or ", n + 2,
          "D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, "
          "but got: ",
          self.sizes());
  check(mode == Mode::circular || self.dtype() != DType::boolean, "\"", mode == Mode::reflect ? "reflection_pad" : "replication_pad", n,
        "d\" not implemented for 'Bool'");
  std::vector<IndexMap> maps;
  for (size_t d = 0; d < rank; ++d) {
    size_t pair = rank - 1 - d;
    if (pair >= n) {
      maps.push_back(identity_map(self.sizes()[d]));
      continue;
    }
    int64_t before = pad[2 * pair], after = pad[2 * pair + 1], size = self.sizes()[d];
    check_border(mode, self, pad, d, before, after);
    checked_numel(Dims{size + before + after}, 16);
    maps.push_back(index_map(size + before + after, [&](int64_t i) { return source_index(mode, i, before, after, size); }));
  }
  return copy_mapped(ctx, self, maps, mode == Mode::circular ? MemoryFormat::contiguous : suggested_format(self));
}

template <size_t N, Mode M>
Tensor border_row(Context& ctx, const Tensor& self, IntSpan padding) {
  return border_pad(ctx, self, padding, N, M);
}

Tensor pad_circular(Context& ctx, const Tensor& self, IntSpan pad) {
  check(static_cast<int64_t>(pad.size()) / 2 + 2 == self.dim() || static_cast<int64_t>(pad.size()) / 2 + 1 == self.dim(),
        "Invalid padding size, expected 1 or 2 non-padded dimensions, which would be equivalent to padding of length ", 2 * self.dim() - 4,
        " or ", 2 * self.dim() - 2, " respectively but got ", pad.size());
  return border_pad(ctx, self, pad, pad.size() / 2, Mode::circular);
}

Tensor pad_by(Context& ctx, const Tensor& self, IntSpan pad, Mode mode, std::optional<double> value) {
  check(pad.size() % 2 == 0, "Padding length must be divisible by 2");
  check(static_cast<int64_t>(pad.size()) <= 2 * self.dim(),
        "Padding length should be less than or equal to two times the input dimension but got padding "
        "length ",
        pad.size(), " and input of dimension ", self.dim());
  if (mode == Mode::constant) return constant_pad(ctx, self, pad, value.value_or(0));
  check(!value || *value == 0, "Padding mode does not take a value argument");
  size_t n = pad.size() / 2;
  check(n >= 1 && n <= 3 && (self.dim() == static_cast<int64_t>(n) + 1 || self.dim() == static_cast<int64_t>(n) + 2),
        "Only 2D, 3D, 4D, 5D padding with non-constant padding are supported for now");
  return border_pad(ctx, self, pad, n, mode);
}

Tensor pad_enum(Context& ctx, const Tensor& self, IntSpan pad, int64_t mode, std::optional<double> value) {
  check(mode >= 0 && mode <= 3, "Unrecognised padding mode ", mode);
  return pad_by(ctx, self, pad, static_cast<Mode>(mode), value);
}

Tensor pad(Context& ctx, const Tensor& self, IntSpan sizes, std::string_view mode, std::optional<double> value) {
  constexpr std::string_view names[] = {"reflect", "replicate", "circular", "constant"};
  for (size_t i = 0; i < std::size(names); ++i)
    if (mode == names[i]) return pad_by(ctx, self, sizes, static_cast<Mode>(i), value);
  fail("Unrecognised padding mode ", mode);
}

constexpr Op rows[] = {
    op<"aten::constant_pad_nd(Tensor self, SymInt[] pad, Scalar value=0) -> Tensor", constant_pad>(),
    op<"aten::pad(Tensor self, SymInt[] pad, str mode=\"constant\", float? value=None) -> Tensor", pad>(),
    op<"aten::_pad_enum(Tensor self, SymInt[] pad, int mode, float? value=None) -> Tensor", pad_enum>(),
    op<"aten::_pad_circular(Tensor self, SymInt[] pad) -> Tensor", pad_circular>(),
    op<"aten::reflection_pad1d(Tensor self, SymInt[2] padding) -> Tensor", border_row<1, Mode::reflect>>(),
    op<"aten::reflection_pad2d(Tensor self, SymInt[4] padding) -> Tensor", border_row<2, Mode::reflect>>(),
    op<"aten::reflection_pad3d(Tensor self, SymInt[6] padding) -> Tensor", border_row<3, Mode::reflect>>(),
    op<"aten::replication_pad1d(Tensor self, SymInt[2] padding) -> Tensor", border_row<1, Mode::replicate>>(),
    op<"aten::replication_pad2d(Tensor self, SymInt[4] padding) -> Tensor", border_row<2, Mode::replicate>>(),
    op<"aten::replication_pad3d(Tensor self, SymInt[6] padding) -> Tensor", border_row<3, Mode::replicate>>(),
};

}  // namespace

const std::span<const Op> pad_ops = rows;

}  // namespace tsrun
