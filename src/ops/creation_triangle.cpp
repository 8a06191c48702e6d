// Diagonals and triangles of matrices.
#include <cstring>

#include "ops/dispatch.h"
#include "ops/promote.h"
#include "ops/tables.h"
#include "ops/view.h"

namespace tsrun {
namespace {

using Wanted = std::optional<DType>;
using Lay = std::optional<Layout>;
using Dev = std::optional<Device>;
using Pin = std::optional<bool>;

// ---- tril, triu ---------------------------------------------------------------------------------------------------------------------
/// Sets elements [from, to) of a row to zero.
void zero_columns(char* row, int64_t step, size_t item, int64_t from, int64_t to) {
  if (from >= to) return;
  if (step == static_cast<int64_t>(item)) std::memset(row + from * step, 0, static_cast<size_t>((to - from) * step));
  else
    for (int64_t c = from; c < to; ++c) std::memset(row + c * step, 0, item);
}

/// Zeroes what lies above (upper) or below the diagonal; `diagonal` counts to the right.
void zero_triangle(const Tensor& x, int64_t diagonal, bool upper) {
  check(x.dim() >= 2, upper ? "tril" : "triu", ": input tensor must have at least 2 dimensions");
  if (x.numel() == 0) return;
  size_t item = item_size(x.dtype()), batch_dims = x.sizes().size() - 2;
  int64_t rows = x.size(-2), columns = x.size(-1), row_step = x.stride(-2) * static_cast<int64_t>(item),
          step = x.stride(-1) * static_cast<int64_t>(item);
  diagonal = std::clamp(diagonal, -rows, columns);
  Dims index(batch_dims);
  char* matrix = x.data<char>();
  for (int64_t batch = x.numel() / (rows * columns); batch > 0; --batch) {
    for (int64_t r = 0; r < rows; ++r) {
      int64_t edge = std::clamp<int64_t>(r + diagonal + (upper ? 1 : 0), 0, columns);
      zero_columns(matrix + r * row_step, step, item, upper ? edge : 0, upper ? columns : edge);
    }
    for (size_t d = batch_dims; d-- > 0;) {
      matrix += x.strides()[d] * static_cast<int64_t>(item);
      if (++index[d] < x.sizes()[d]) break;
      matrix -= x.sizes()[d] * x.strides()[d] * static_cast<int64_t>(item);
      index[d] = 0;
    }
  }
}

template <bool Upper>
Tensor triangle(Context& ctx, const Tensor& self, int64_t diagonal) {
  check(self.dim() >= 2, Upper ? "triu" : "tril", ": input tensor must have at least 2 dimensions");
  Tensor out = clone(ctx, self, MemoryFormat::contiguous);
  zero_triangle(out, diagonal, !Upper);
  return out;
}
template <bool Upper>
Tensor triangle_(Context&, const Tensor& self, int64_t diagonal) {
  check_writable(self);
  zero_triangle(self, diagonal, !Upper);
  return self;
}

template <bool Upper>
Tensor triangle_indices(Context& ctx, int64_t row, int64_t col, int64_t offset, Wanted dtype, Lay layout, Dev, Pin) {
  check_strided(layout);
  check(row >= 0, "row must be non-negative, got", row);
  check(col >= 0, "col must be non-negative, got", col);
  checked_numel(Dims{row, col}, 16);
  offset = std::clamp(offset, -row, col);
  auto begin = [&](int64_t r) { return Upper ? std::clamp<int64_t>(r + offset, 0, col) : int64_t{0}; };
  auto end = [&](int64_t r) { return Upper ? col : std::clamp<int64_t>(r + offset + 1, 0, col); };
  int64_t count = 0;
  for (int64_t r = 0; r < row; ++r) count += end(r) - begin(r);
  Tensor out = ctx.empty(Dims{2, count}, DType::i64);
  int64_t* y = out.data<int64_t>();
  for (int64_t r = 0; r < row; ++r)
    for (int64_t c = begin(r); c < end(r); ++c, ++y) {
      y[0] = r;
      y[count] = c;
    }
  return cast(ctx, out, dtype.value_or(DType::i64));
}

// ---- diagonals ------------------------------------------------------------------------------------------------------------------------
Tensor eye_m(Context& ctx, int64_t n, int64_t m, Wanted dtype, Lay layout, Dev, Pin) {
  check_strided(layout);
  check(n >= 0, "n must be greater or equal to 0, got ", n);
  check(m >= 0, "m must be greater or equal to 0, got ", m);
  Tensor out = full(ctx, Dims{n, m}, 0, dtype.value_or(default_dtype));
  fill(ctx, diagonal(out, 0, 0, 1), 1);
  return out;
}
Tensor eye(Context& ctx, int64_t n, Wanted dtype, Lay layout, Dev device, Pin pin) { return eye_m(ctx, n, n, dtype, layout, device, pin); }

Tensor diag_embed(Context& ctx, const Tensor& self, int64_t offset, int64_t dim1, int64_t dim2) {
  check(self.dim() > 0, "diag_embed needs a tensor of at least one dimension");
  int64_t rank = self.dim() + 1, a = wrap_dim(dim1, rank), b = wrap_dim(dim2, rank), side;
  check(a != b, "diagonal dimensions cannot be identical ", dim1, ", ", dim2);
  check(offset != INT64_MIN && !__builtin_add_overflow(offset < 0 ? -offset : offset, self.size(-1), &side), "diag_embed: offset ", offset,
        " is too large");
  Dims sizes(self.sizes().first(self.sizes().size() - 1));
  sizes.insert(static_cast<size_t>(std::min(a, b)), side);
  sizes.insert(static_cast<size_t>(std::max(a, b)), side);
  Tensor out = ctx.zeros(sizes, self.dtype());
  copy_into(ctx, diagonal(out, offset, a, b), self);
  return out;
}

Tensor diag(Context& ctx, const Tensor& self, int64_t offset) {
  check(self.dim() == 1 || self.dim() == 2, "diag(): Supports 1D or 2D tensors. Got ", self.dim(), "D");
  if (self.dim() == 1) return diag_embed(ctx, self, offset, 0, 1);
  return clone(ctx, diagonal(self, offset, 0, 1), MemoryFormat::contiguous);
}

Tensor fill_diagonal_(Context& ctx, const Tensor& self, const Scalar& value, bool wrap) {
  check(self.dim() >= 2, "dimensions must larger than 1");
  check(self.dim() == 2 || std::ranges::all_of(self.sizes(), [&](int64_t s) { return s == self.size(0); }),
        "all dimensions of input must be of equal length");
  check_writable(self);
  if (self.numel() == 0) return self;
  int64_t step = 0, length = *std::ranges::min_element(self.sizes()), columns = self.size(1);
  for (int64_t s : self.strides()) step += s;
  fill(ctx, make_view(self, Dims{length}, Dims{step}, self.offset()), value);
  if (!wrap || self.dim() != 2) return self;
  // Below the square part of a tall matrix the diagonal starts again after one row.
  for (int64_t row = columns + 1; row < self.size(0); row += columns + 1)
    fill(ctx, diagonal(narrow(self, 0, row, self.size(0) - row), 0, 0, 1), value);
  return self;
}

Tensor diagflat(Context& ctx, const Tensor& self, int64_t offset) { return diag_embed(ctx, reshape(ctx, self, Dims{-1}), offset, 0, 1); }

Tensor trace(Context& ctx, const Tensor& self) {
  check(self.dim() == 2, "trace: expected a matrix, but got tensor with dim ", self.dim());
  Tensor x = diagonal(self, 0, 0, 1), out;
  dispatch(NumberTypes(), self.dtype(), "trace", [&]<class T>() {
    using Sum = std::conditional_t<std::is_integral_v<T>, uint64_t, std::conditional_t<is_complex_type<T>, C128, double>>;
    Sum sum{};
    for (int64_t i = 0; i < x.numel(); ++i) sum += static_cast<Sum>(x.data<T>()[i * x.stride(0)]);
    out = ctx.empty({}, std::is_integral_v<T> ? DType::i64 : self.dtype());
    if constexpr (std::is_integral_v<T>) *out.data<int64_t>() = static_cast<int64_t>(sum);
    else if constexpr (is_complex_type<T>) *out.data<T>() = T(sum);
    else *out.data<T>() = T(static_cast<Compute<T>>(sum));
  });
  return out;
}

#define TSRUN_OPTIONS "Layout? layout=None, Device? device=None, bool? pin_memory=None"
constexpr Op rows[] = {
    op<"aten::tril(Tensor self, SymInt diagonal=0) -> Tensor", triangle<false>>(),
    op<"aten::tril_(Tensor(a!) self, SymInt diagonal=0) -> Tensor(a!)", triangle_<false>>(),
    op<"aten::triu(Tensor self, SymInt diagonal=0) -> Tensor", triangle<true>>(),
    op<"aten::triu_(Tensor(a!) self, SymInt diagonal=0) -> Tensor(a!)", triangle_<true>>(),
    op<"aten::tril_indices(int row, int col, int offset=0, *, ScalarType? dtype=4, " TSRUN_OPTIONS ") -> Tensor",
       triangle_indices<false>>(),
    op<"aten::triu_indices(int row, int col, int offset=0, *, ScalarType? dtype=4, " TSRUN_OPTIONS ") -> Tensor", triangle_indices<true>>(),
    op<"aten::eye(SymInt n, *, ScalarType? dtype=None, " TSRUN_OPTIONS ") -> Tensor", eye>(),
    op<"aten::eye.m(SymInt n, SymInt m, *, ScalarType? dtype=None, " TSRUN_OPTIONS ") -> Tensor", eye_m>(),
    op<"aten::fill_diagonal_(Tensor(a!) self, Scalar fill_value, bool wrap=False) -> Tensor(a!)", fill_diagonal_>(),
    op<"aten::diag(Tensor self, int diagonal=0) -> Tensor", diag>(),
    op<"aten::diag_embed(Tensor self, int offset=0, int dim1=-2, int dim2=-1) -> Tensor", diag_embed>(),
    op<"aten::diagflat(Tensor self, int offset=0) -> Tensor", diagflat>(),
    op<"aten::trace(Tensor self) -> Tensor", trace>(),
};
#undef TSRUN_OPTIONS

}  // namespace

const std::span<const Op> triangle_ops = rows;

}  // namespace tsrun
