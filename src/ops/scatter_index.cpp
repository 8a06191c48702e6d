// Whole slices written at named places: index_add, index_copy, index_fill, index_reduce.
#include "ops/dispatch.h"
#include "ops/index.h"
#include "ops/number.h"
#include "ops/scatter.h"
#include "ops/tables.h"
#include "ops/view.h"

namespace tsrun {
namespace {

/// self with at least one dimension, and the vector of places spread over the shape of `source`.
struct Slices {
  Tensor self, index, source;
  int64_t dim;
};

Slices slices_of(Context& ctx, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, const char* name) {
  check_writable(self);
  int64_t d = wrap_dim(dim, self.dim());
  check(index.dim() <= 1, name, ": Index is supposed to be a vector, but got dim: ", index.dim());
  check(self.dtype() == source.dtype(), name, ": self and source expected to have the same dtype, but got (self) ",
        scalar_type_name(self.dtype()), " and (source) ", scalar_type_name(source.dtype()));
  auto vector = [](const Tensor& t) { return t.dim() == 0 ? unsqueeze(t, 0) : t; };
  Slices s{vector(self), vector(to_indices(ctx, index, name, &self)), vector(source), d};
  check(s.self.dim() == s.source.dim(), name,
        ": When source and destination are not scalars, their dimensionality must match. Source dimensionality (", source.dim(),
        "), destination dimensionality (", self.dim(), ")");
  check(s.source.size(d) == s.index.numel(), name, ": Number of indices (", s.index.numel(), ") should be equal to source.size(dim): (",
        s.source.size(d), "), for dim: ", d);
  for (int64_t k = 0; k < s.self.dim(); ++k)
    check(k == d || s.self.size(k) == s.source.size(k), name,
          ": source and destination must have same slice shapes. Destination slice shape: ", self.sizes(), " at dimension ", d,
          " and source slice shape: ", source.sizes(), " at dimension ", d, ".");
  if (s.source.numel() > 0 || s.index.numel() > 0) check_indices(s.index, s.self.size(d), d, false);
  Dims shape(s.source.sizes().size(), 1);
  shape[static_cast<size_t>(d)] = s.index.numel();
  s.index = expand(reshape(ctx, s.index, shape), s.source.sizes());
  if (may_overlap(self, s.source)) s.source = clone(ctx, s.source);
  return s;
}

Tensor scaled(Context& ctx, const Tensor& x, const Scalar& by) {
  Tensor out = clone(ctx, x, MemoryFormat::contiguous);
  dispatch(AllTypes(), x.dtype(), "index_add", [&]<class T>() {
    T* y = out.data<T>();
    for (int64_t i = 0; i < out.numel(); ++i) {
      if constexpr (std::is_same_v<T, bool>) y[i] = y[i] && by.to_bool();
      else if constexpr (std::is_integral_v<T>) y[i] = static_cast<T>(wrap_mul(static_cast<int64_t>(y[i]), by.to_int()));
      else y[i] = T(Compute<T>(y[i]) * by.to<Compute<T>>());
    }
  });
  return out;
}

Tensor index_add_(Context& ctx, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha) {
  Slices s = slices_of(ctx, self, dim, index, source, "index_add_()");
  bool one = !alpha.is_complex() && alpha.to_double() == 1;
  scatter_into(s.self, s.dim, s.index, one ? s.source : scaled(ctx, s.source, alpha), Combine::add, "index_add");
  return self;
}

Tensor index_copy_(Context& ctx, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source) {
  Slices s = slices_of(ctx, self, dim, index, source, "index_copy_()");
  scatter_into(s.self, s.dim, s.index, s.source, Combine::assign, "index_copy");
  return self;
}

Tensor index_reduce_(Context& ctx, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce,
                     bool include_self) {
  check(reduce == "prod" || reduce == "mean" || reduce == "amax" || reduce == "amin",
        "reduce argument must be either prod, mean, amax or amin, got ", reduce, ".");
  Slices s = slices_of(ctx, self, dim, index, source, "index_reduce_()");
  scatter_reduce_into(ctx, s.self, s.dim, s.index, s.source, reduce, include_self, "index_reduce");
  return self;
}

Tensor index_fill_(Context& ctx, const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value) {
  check(index.dtype() == DType::i64 || index.dtype() == DType::i32, "index_fill_(): Expected dtype int64 for index.");
  check(index.dim() <= 1, "Index has to be a vector/scalar");
  check(is_complex(self.dtype()) || !value.is_complex(), "index_fill_(): Converting complex Scalar to non-complex type is not supported");
  int64_t d = wrap_dim(dim, self.dim()), size = self.dim() == 0 ? 1 : self.size(d);
  Tensor places = clone(ctx, cast(ctx, index, DType::i64), MemoryFormat::contiguous);
  check_indices(places, size, d, true);
  for (int64_t i = 0; i < places.numel(); ++i)
    if (int64_t& k = places.data<int64_t>()[i]; k < 0) k += size;
  Dims sizes(self.sizes());
  if (self.dim() > 0) sizes[static_cast<size_t>(d)] = places.numel();
  else sizes.push_back(places.numel());
  return index_copy_(ctx, self, dim, places, expand(scalar_tensor(ctx, value, self.dtype()), sizes));
}
Scalar fill_value(const Tensor& value) {
  check(value.dim() == 0, "Only supports 0-dimensional value tensor, but got tensor with ", value.dim(), " dimension(s).");
  return item(value);
}
Tensor index_fill_tensor_(Context& ctx, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& value) {
  return index_fill_(ctx, self, dim, index, fill_value(value));
}

template <auto InPlace, MemoryFormat Format = MemoryFormat::contiguous>
struct CopyOf;
template <class... A, Tensor (*InPlace)(Context&, const Tensor&, A...), MemoryFormat Format>
struct CopyOf<InPlace, Format> {
  static Tensor call(Context& ctx, const Tensor& self, A... a) { return InPlace(ctx, clone(ctx, self, Format), a...); }
};

constexpr Op rows[] = {
    op<"aten::index_add(Tensor self, int dim, Tensor index, Tensor source, *, Scalar alpha=1) -> Tensor", CopyOf<index_add_>::call>(),
    op<"aten::index_add_(Tensor(a!) self, int dim, Tensor index, Tensor source, *, Scalar alpha=1) -> Tensor(a!)", index_add_>(),
    op<"aten::index_copy(Tensor self, int dim, Tensor index, Tensor source) -> Tensor", CopyOf<index_copy_>::call>(),
    op<"aten::index_copy_(Tensor(a!) self, int dim, Tensor index, Tensor source) -> Tensor(a!)", index_copy_>(),
    op<"aten::index_reduce(Tensor self, int dim, Tensor index, Tensor source, str reduce, *, bool include_self=True) -> Tensor",
       CopyOf<index_reduce_>::call>(),
    op<"aten::index_reduce_(Tensor(a!) self, int dim, Tensor index, Tensor source, str reduce, *, bool include_self=True) -> Tensor(a!)",
       index_reduce_>(),
    op<"aten::index_fill.int_Scalar(Tensor self, int dim, Tensor index, Scalar value) -> Tensor",
       CopyOf<index_fill_, MemoryFormat::preserve>::call>(),
    op<"aten::index_fill.int_Tensor(Tensor self, int dim, Tensor index, Tensor value) -> Tensor",
       CopyOf<index_fill_tensor_, MemoryFormat::preserve>::call>(),
    op<"aten::index_fill_.int_Scalar(Tensor(a!) self, int dim, Tensor index, Scalar value) -> Tensor(a!)", index_fill_>(),
    op<"aten::index_fill_.int_Tensor(Tensor(a!) self, int dim, Tensor index, Tensor value) -> Tensor(a!)", index_fill_tensor_>(),
};

}  // namespace

const std::span<const Op> index_add_ops = rows;

}  // namespace tsrun
