#include "ops/scatter.h"

#include <cmath>

#include "ops/copy_loop.h"
#include "ops/dispatch.h"
#include "ops/index.h"
#include "ops/number.h"
#include "ops/tables.h"
#include "ops/view.h"

namespace tsrun {
namespace {

template <Combine C, class T>
T combined(T a, T b) {
  using V = Compute<T>;
  if constexpr (C == Combine::assign) return b;
  else if constexpr (std::is_same_v<T, bool>) return C == Combine::add || C == Combine::maximum ? a || b : a && b;
  else if constexpr (C == Combine::add && std::is_integral_v<T>)
    return static_cast<T>(wrap_add(static_cast<int64_t>(a), static_cast<int64_t>(b)));
  else if constexpr (C == Combine::multiply && std::is_integral_v<T>)
    return static_cast<T>(wrap_mul(static_cast<int64_t>(a), static_cast<int64_t>(b)));
  else if constexpr (C == Combine::add) return T(V(a) + V(b));
  else if constexpr (C == Combine::multiply) return T(V(a) * V(b));
  else if constexpr (!is_complex_type<T>) {
    if (V(a) != V(a)) return a;  // NaN wins
    return V(b) != V(b) || (C == Combine::maximum ? V(b) > V(a) : V(b) < V(a)) ? b : a;
  } else return b;
}

template <Combine C, class T>
void run(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src) {
  Dims strides(self.strides());
  int64_t along = strides[static_cast<size_t>(dim)];
  strides[static_cast<size_t>(dim)] = 0;
  StridedLoop<3> loop(index.sizes(), {LoopOperand{src.data(), src.strides(), sizeof(T)}, loop_operand(index),
                                      LoopOperand{self.data(), strides, sizeof(T)}});
  loop.run(1, [along](auto& at, auto& step, int64_t n) {
    for (int64_t i = 0; i < n; ++i) {
      T* to = reinterpret_cast<T*>(at[2] + i * step[2]) + *reinterpret_cast<const int64_t*>(at[1] + i * step[1]) * along;
      const T from = *reinterpret_cast<const T*>(at[0] + i * step[0]);
      if constexpr (C == Combine::assign) *to = from;
      else *to = combined<C>(*to, from);
    }
  });
}

/// self /= count, for integers rounded down.
void divide_by_counts(const Tensor& self, const Tensor& count) {
  StridedLoop<2> loop(self.sizes(), {loop_operand(self), loop_operand(count)});
  dispatch(NumberTypes(), self.dtype(), "scatter_reduce", [&]<class T>() {
    loop.run(1, [](auto& at, auto& step, int64_t n) {
      for (int64_t i = 0; i < n; ++i) {
        T& x = *reinterpret_cast<T*>(at[0] + i * step[0]);
        int64_t k = std::max<int64_t>(*reinterpret_cast<const int64_t*>(at[1] + i * step[1]), 1);
        if constexpr (std::is_integral_v<T>) x = static_cast<T>(floor_div(static_cast<int64_t>(x), k));
        else if constexpr (is_complex_type<T>) x = x / static_cast<typename T::value_type>(k);
        else x = T(static_cast<Compute<T>>(x) / static_cast<Compute<T>>(k));
      }
    });
  });
}

/// What a reduction starts from.
Scalar identity_of(std::string_view reduce, DType type) {
  if (reduce == "sum" || reduce == "mean") return 0;
  if (reduce == "prod") return 1;
  bool highest = reduce == "amin";
  if (is_floating(type)) return highest ? HUGE_VAL : -HUGE_VAL;
  if (type == DType::boolean) return highest;
  int bits = static_cast<int>(8 * item_size(type));
  if (type == DType::u8) return highest ? 255 : 0;
  int64_t top = static_cast<int64_t>((uint64_t{1} << (bits - 1)) - 1);
  return highest ? top : -top - 1;
}

}  // namespace

void scatter_into(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, Combine combine, const char* name) {
  if (index.numel() == 0) return;
  switch (combine) {
    case Combine::assign: return for_item_size(item_size(self.dtype()), [&]<class T>() { run<Combine::assign, T>(self, dim, index, src); });
    case Combine::add: return dispatch(AllTypes(), self.dtype(), name, [&]<class T>() { run<Combine::add, T>(self, dim, index, src); });
    case Combine::multiply:
      return dispatch(AllTypes(), self.dtype(), name, [&]<class T>() { run<Combine::multiply, T>(self, dim, index, src); });
    case Combine::maximum:
      return dispatch(RealBoolTypes(), self.dtype(), name, [&]<class T>() { run<Combine::maximum, T>(self, dim, index, src); });
    case Combine::minimum:
      return dispatch(RealBoolTypes(), self.dtype(), name, [&]<class T>() { run<Combine::minimum, T>(self, dim, index, src); });
  }
}

void scatter_reduce_into(Context& ctx, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce,
                         bool include_self, const char* name) {
  bool mean = reduce == "mean";
  check(mean || reduce == "sum" || reduce == "prod" || reduce == "amax" || reduce == "amin",
        "reduce argument must be either sum, prod, mean, amax or amin, got ", reduce);
  if (!include_self) {
    Tensor start = scalar_tensor(ctx, identity_of(reduce, self.dtype()), self.dtype());
    scatter_into(self, dim, index, expand(start, index.sizes()), Combine::assign, name);
  }
  Combine combine = reduce == "prod"   ? Combine::multiply
                    : reduce == "amax" ? Combine::maximum
                    : reduce == "amin" ? Combine::minimum
                                       : Combine::add;
  scatter_into(self, dim, index, src, combine, name);
  if (!mean) return;
  Tensor count = full(ctx, self.sizes(), include_self ? 1 : 0, DType::i64);
  scatter_into(count, dim, index, expand(scalar_tensor(ctx, 1, DType::i64), index.sizes()), Combine::add, name);
  divide_by_counts(self, count);
}

namespace {

/// Arguments after the checks that all forms share; tensors without dimensions count as having one.
struct Places {
  Tensor self, index;
  int64_t dim;
};

Places places_of(Context& ctx, const Tensor& self, int64_t dim, const Tensor& index, const char* name) {
  int64_t d = wrap_dim(dim, self.dim());
  Tensor places = to_indices(ctx, index, name, &self);
  auto vector = [](const Tensor& t) { return t.dim() == 0 ? unsqueeze(t, 0) : t; };
  Places p{vector(self), vector(places), d};
  if (index.numel() == 0) return p;
  check(p.self.dim() == p.index.dim(), "Index tensor must have the same number of dimensions as self tensor");
  for (int64_t k = 0; k < p.self.dim(); ++k)
    check(k == d || p.index.size(k) <= p.self.size(k), "Expected index ", index.sizes(), " to be no larger than self ", self.sizes(),
          " apart from dimension ", d);
  check_indices(p.index, p.self.size(d), d, false);
  return p;
}

/// src, fit to be written to self at the places of index.
Tensor source_of(Context& ctx, const Tensor& self, const Tensor& src, const Places& p, const char* name) {
  check(self.dtype() == src.dtype(), name, "(): Expected self.dtype to be equal to src.dtype");
  Tensor x = src.dim() == 0 ? unsqueeze(src, 0) : src;
  if (p.index.numel() == 0) return x;
  check(x.dim() == p.index.dim(), "Index tensor must have the same number of dimensions as src tensor");
  for (int64_t k = 0; k < x.dim(); ++k)
    check(p.index.size(k) <= x.size(k), "Expected index ", p.index.sizes(), " to be no larger than src ", src.sizes());
  return may_overlap(self, x) ? clone(ctx, x) : x;
}

Tensor scatter_tensor(Context& ctx, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, Combine combine,
                      const char* name) {
  check_writable(self);
  Places p = places_of(ctx, self, dim, index, name);
  scatter_into(p.self, p.dim, p.index, source_of(ctx, self, src, p, name), combine, name);
  return self;
}
Tensor scatter_number(Context& ctx, const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value, Combine combine) {
  check_writable(self);
  Places p = places_of(ctx, self, dim, index, "scatter");
  scatter_into(p.self, p.dim, p.index, expand(scalar_tensor(ctx, value, self.dtype()), p.index.sizes()), combine, "scatter_scalar_reduce");
  return self;
}

Combine combine_named(std::string_view reduce) {
  check(reduce == "add" || reduce == "multiply", "reduce argument must be either add or multiply.");
  return reduce == "add" ? Combine::add : Combine::multiply;
}

Tensor scatter_src_(Context& ctx, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src) {
  return scatter_tensor(ctx, self, dim, index, src, Combine::assign, "scatter");
}
Tensor scatter_value_(Context& ctx, const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value) {
  return scatter_number(ctx, self, dim, index, value, Combine::assign);
}
Tensor scatter_src_reduce_(Context& ctx, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce) {
  return scatter_tensor(ctx, self, dim, index, src, combine_named(reduce), "scatter");
}
Tensor scatter_value_reduce_(Context& ctx, const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value,
                             std::string_view reduce) {
  return scatter_number(ctx, self, dim, index, value, combine_named(reduce));
}
Tensor scatter_add_(Context& ctx, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src) {
  return scatter_tensor(ctx, self, dim, index, src, Combine::add, "scatter_add");
}
Tensor scatter_reduce_(Context& ctx, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce,
                       bool include_self) {
  check_writable(self);
  Places p = places_of(ctx, self, dim, index, "scatter");
  Tensor source = source_of(ctx, self, src, p, "scatter");
  scatter_reduce_into(ctx, p.self, p.dim, p.index, source, reduce, include_self, "scatter_reduce");
  return self;
}

template <auto InPlace>
struct CopyOf;
template <class... A, Tensor (*InPlace)(Context&, const Tensor&, A...)>
struct CopyOf<InPlace> {
  static Tensor call(Context& ctx, const Tensor& self, A... a) { return InPlace(ctx, clone(ctx, self, MemoryFormat::contiguous), a...); }
};

// ---- a copy of self in which one view has other values --------------------------------------------------------------------------------
Tensor with_part(Context& ctx, const Tensor& copy, const Tensor& part, const Tensor& src) {
  check(std::ranges::equal(part.sizes(), src.sizes()), "expected src to have a size equal to the slice of self. src size = ", src.sizes(),
        ", slice size = ", part.sizes());
  copy_into(ctx, part, src);
  return copy;
}
Tensor select_scatter(Context& ctx, const Tensor& self, const Tensor& src, int64_t dim, int64_t index) {
  Tensor out = clone(ctx, self);
  return with_part(ctx, out, select(out, dim, index), src);
}
Tensor slice_scatter(Context& ctx, const Tensor& self, const Tensor& src, int64_t dim, std::optional<int64_t> start,
                     std::optional<int64_t> end, int64_t step) {
  Tensor out = clone(ctx, self);
  return with_part(ctx, out, slice(out, dim, start.value_or(0), end.value_or(INT64_MAX), step), src);
}
Tensor diagonal_scatter(Context& ctx, const Tensor& self, const Tensor& src, int64_t offset, int64_t dim1, int64_t dim2) {
  Tensor out = clone(ctx, self);
  return with_part(ctx, out, diagonal(out, offset, dim1, dim2), src);
}
Tensor as_strided_scatter(Context& ctx, const Tensor& self, const Tensor& src, IntSpan size, IntSpan stride,
                          std::optional<int64_t> storage_offset) {
  Tensor out = clone(ctx, self);
  return with_part(ctx, out, make_view(out, size, stride, storage_offset.value_or(0)), src);
}

constexpr Op rows[] = {
    op<"aten::scatter.src(Tensor self, int dim, Tensor index, Tensor src) -> Tensor", CopyOf<scatter_src_>::call>(),
    op<"aten::scatter.value(Tensor self, int dim, Tensor index, Scalar value) -> Tensor", CopyOf<scatter_value_>::call>(),
    op<"aten::scatter.reduce(Tensor self, int dim, Tensor index, Tensor src, *, str reduce) -> Tensor",
       CopyOf<scatter_src_reduce_>::call>(),
    op<"aten::scatter.value_reduce(Tensor self, int dim, Tensor index, Scalar value, *, str reduce) -> Tensor",
       CopyOf<scatter_value_reduce_>::call>(),
    op<"aten::scatter_.src(Tensor(a!) self, int dim, Tensor index, Tensor src) -> Tensor(a!)", scatter_src_>(),
    op<"aten::scatter_.value(Tensor(a!) self, int dim, Tensor index, Scalar value) -> Tensor(a!)", scatter_value_>(),
    op<"aten::scatter_.reduce(Tensor(a!) self, int dim, Tensor index, Tensor src, *, str reduce) -> Tensor(a!)", scatter_src_reduce_>(),
    op<"aten::scatter_.value_reduce(Tensor(a!) self, int dim, Tensor index, Scalar value, *, str reduce) -> Tensor(a!)",
       scatter_value_reduce_>(),
    op<"aten::scatter_add(Tensor self, int dim, Tensor index, Tensor src) -> Tensor", CopyOf<scatter_add_>::call>(),
    op<"aten::scatter_add_(Tensor(a!) self, int dim, Tensor index, Tensor src) -> Tensor(a!)", scatter_add_>(),
    op<"aten::scatter_reduce.two(Tensor self, int dim, Tensor index, Tensor src, str reduce, *, bool include_self=True) -> Tensor",
       CopyOf<scatter_reduce_>::call>(),
    op<"aten::scatter_reduce_.two(Tensor(a!) self, int dim, Tensor index, Tensor src, str reduce, *, bool include_self=True) -> Tensor(a!)",
       scatter_reduce_>(),
    op<"aten::select_scatter(Tensor self, Tensor src, int dim, SymInt index) -> Tensor", select_scatter>(),
    op<"aten::slice_scatter(Tensor self, Tensor src, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) -> Tensor",
       slice_scatter>(),
    op<"aten::diagonal_scatter(Tensor self, Tensor src, int offset=0, int dim1=0, int dim2=1) -> Tensor", diagonal_scatter>(),
    op<"aten::as_strided_scatter(Tensor self, Tensor src, SymInt[] size, SymInt[] stride, SymInt? storage_offset=None) -> Tensor",
       as_strided_scatter>(),
};

}  // namespace

const std::span<const Op> scatter_ops = rows;

}  // namespace tsrun
