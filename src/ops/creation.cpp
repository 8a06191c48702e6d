// New tensors from sizes, numbers and lists.
#include <cmath>

#include "ir/type.h"
#include "ops/copy_convert.h"
#include "ops/copy_loop.h"
#include "ops/number.h"
#include "ops/promote.h"
#include "ops/tables.h"
#include "ops/view.h"

namespace tsrun {
namespace {

using Wanted = std::optional<DType>;
using Lay = std::optional<Layout>;
using Dev = std::optional<Device>;  // everything is computed on the CPU: where a result should live is not looked at
using Pin = std::optional<bool>;
using Format = std::optional<MemoryFormat>;

/// Memory that no operator fills reads as zeros: a model's result must not depend on, or show, what lay there before.
Tensor unfilled(Context& ctx, const Tensor& t) {
  fill(ctx, t, 0);
  return t;
}

// ---- empty, zeros, ones, full -----------------------------------------------------------------------------------------------------
Tensor filled(Context& ctx, IntSpan size, const Scalar& value, DType type, Lay layout) {
  check_strided(layout);
  return full(ctx, size, value, type);
}
Tensor empty(Context& ctx, IntSpan size, Wanted dtype, Lay layout, Dev, Pin, Format format) {
  check_strided(layout);
  check(format != MemoryFormat::preserve, "memory format option is only supported by strided tensors and cannot be preserve here");
  check(format != MemoryFormat::channels_last || size.size() == 4, "required rank 4 tensor to use channels_last format");
  check(format != MemoryFormat::channels_last_3d || size.size() == 5, "required rank 5 tensor to use channels_last_3d format");
  return unfilled(ctx, ctx.empty(size, dtype.value_or(default_dtype), format.value_or(MemoryFormat::contiguous)));
}
Tensor zeros(Context& ctx, IntSpan size, Wanted dtype, Lay layout, Dev, Pin) {
  return filled(ctx, size, 0, dtype.value_or(default_dtype), layout);
}
Tensor ones(Context& ctx, IntSpan size, Wanted dtype, Lay layout, Dev, Pin) {
  return filled(ctx, size, 1, dtype.value_or(default_dtype), layout);
}

DType dtype_of_number(const Scalar& v) {
  return v.is_bool() ? DType::boolean : v.is_int() ? DType::i64 : v.is_complex() ? complex_type(default_dtype) : default_dtype;
}
Tensor full_row(Context& ctx, IntSpan size, const Scalar& value, Wanted dtype, Lay layout, Dev, Pin) {
  return filled(ctx, size, value, dtype.value_or(dtype_of_number(value)), layout);
}

Tensor like(Context& ctx, const Tensor& self, Wanted dtype, Lay layout, Format format) {
  check_strided(layout);
  return empty_like(ctx, self, dtype.value_or(self.dtype()), format.value_or(MemoryFormat::preserve));
}
Tensor full_like(Context& ctx, const Tensor& self, const Scalar& value, Wanted dtype, Lay layout, Dev, Pin, Format format) {
  Tensor out = like(ctx, self, dtype, layout, format);
  fill(ctx, out, value);
  return out;
}
Tensor empty_like_row(Context& ctx, const Tensor& self, Wanted dtype, Lay layout, Dev, Pin, Format format) {
  return unfilled(ctx, like(ctx, self, dtype, layout, format));
}
Tensor zeros_like(Context& ctx, const Tensor& self, Wanted dtype, Lay layout, Dev device, Pin pin, Format format) {
  return full_like(ctx, self, 0, dtype, layout, device, pin, format);
}
Tensor ones_like(Context& ctx, const Tensor& self, Wanted dtype, Lay layout, Dev device, Pin pin, Format format) {
  return full_like(ctx, self, 1, dtype, layout, device, pin, format);
}

Tensor new_full(Context& ctx, const Tensor& self, IntSpan size, const Scalar& value, Wanted dtype, Lay layout, Dev, Pin) {
  return filled(ctx, size, value, dtype.value_or(self.dtype()), layout);
}
Tensor new_zeros(Context& ctx, const Tensor& self, IntSpan size, Wanted dtype, Lay layout, Dev device, Pin pin) {
  return new_full(ctx, self, size, 0, dtype, layout, device, pin);
}
Tensor new_ones(Context& ctx, const Tensor& self, IntSpan size, Wanted dtype, Lay layout, Dev device, Pin pin) {
  return new_full(ctx, self, size, 1, dtype, layout, device, pin);
}

Tensor empty_strided(Context& ctx, IntSpan size, IntSpan stride, Wanted dtype, Lay layout, Dev, Pin) {
  check_strided(layout);
  check(size.size() == stride.size(), "mismatch in length of strides and shape");
  checked_numel(size);
  int64_t count = 1;
  bool overflow = false, none = false;
  for (size_t d = 0; d < size.size(); ++d) {
    int64_t reach = 0;
    check(stride[d] >= 0, "as_strided: Negative strides are not supported at the moment, got strides: ", stride);
    none = none || size[d] == 0;
    overflow = overflow || __builtin_mul_overflow(size[d] - 1, stride[d], &reach) || __builtin_add_overflow(count, reach, &count);
  }
  check(none || !overflow, "empty_strided: sizes ", size, " with strides ", stride, " are too large");
  Tensor block = ctx.zeros(Dims{none ? 0 : count}, dtype.value_or(default_dtype));
  return make_view(block, size, stride, 0);
}
Tensor new_empty_strided(Context& ctx, const Tensor& self, IntSpan size, IntSpan stride, Wanted dtype, Lay layout, Dev device, Pin pin) {
  return empty_strided(ctx, size, stride, dtype.value_or(self.dtype()), layout, device, pin);
}
Tensor empty_permuted(Context& ctx, IntSpan size, IntSpan physical_layout, Wanted dtype, Lay layout, Dev, Pin) {
  check_strided(layout);
  check(size.size() == physical_layout.size(),
        "Number of dimensions in size does not match the length of the physical_layout; i.e. len(size) = ", size.size(),
        " is not equal to len(physical_layout) = ", physical_layout.size());
  dim_mask(physical_layout, static_cast<int64_t>(size.size()), false);
  Dims physical, order(size.size());
  for (size_t i = 0; i < size.size(); ++i) {
    size_t d = static_cast<size_t>(wrap_dim(physical_layout[i], static_cast<int64_t>(size.size())));
    physical.push_back(size[d]);
    order[d] = static_cast<int64_t>(i);
  }
  return permute(ctx.zeros(physical, dtype.value_or(default_dtype)), order);
}

// ---- numbers and lists -------------------------------------------------------------------------------------------------------------
// torch.tensor and torch.as_tensor store numbers in the dtype they have by themselves and convert them then: 0.1 in float64 is that of float32.
Tensor scalar_tensor_row(Context& ctx, const Scalar& s, Wanted dtype, Lay layout, Dev, Pin) {
  check_strided(layout);
  return scalar_tensor(ctx, s, dtype.value_or(default_dtype));
}

template <class T>
Tensor tensor_of(Context& ctx, T t, Wanted dtype, Dev, bool requires_grad) {
  DType own = dtype_of_number(t);
  Tensor out = cast(ctx, scalar_tensor(ctx, t, own), dtype.value_or(own));
  out.impl()->requires_grad = requires_grad;
  return out;
}
template <class T>
Tensor as_tensor_of(Context& ctx, T t, Wanted dtype, Dev device) {
  return tensor_of<T>(ctx, t, dtype, device, false);
}
Tensor as_tensor(Context& ctx, const Tensor& data, Wanted dtype, Dev) { return cast(ctx, data, dtype.value_or(data.dtype())); }

/// The dtype of what is left when all lists are gone, by its static type: an empty list has no elements to ask.
DType dtype_of_type(const Wanted& dtype, TypeRef type) {
  if (dtype) return *dtype;
  while (type && type->is(TypeKind::list)) type = type->element();
  if (!type) return default_dtype;
  return type->is(TypeKind::integer)   ? DType::i64
         : type->is(TypeKind::boolean) ? DType::boolean
         : type->is(TypeKind::complex) ? complex_type(default_dtype)
                                       : default_dtype;
}

void store_list(const Value& v, IntSpan sizes, size_t depth, DType type, char*& to) {
  if (depth == sizes.size()) {
    check(v.is_number(), "Input must be of ints, floats, or bools, got ", tag_name(v.tag()));
    store_scalar(Scalar(v), type, to);
    to += item_size(type);
    return;
  }
  check(v.is_list(), "Expected sequence at dim ", depth);
  const std::vector<Value>& elements = v.to_list().elements;
  check(static_cast<int64_t>(elements.size()) == sizes[depth], "Expected sequence of length ", sizes[depth], " at dim ", depth, " (got ",
        elements.size(), ")");
  for (const Value& e : elements) store_list(e, sizes, depth + 1, type, to);
}

Tensor tensor_list(Context& ctx, const Value& data, Wanted dtype, Dev, bool requires_grad) {
  Dims sizes;
  const Value* v = &data;
  TypeRef static_type;
  while (v->is_list()) {
    const ListObject& list = v->to_list();
    check(sizes.size() < 64, "a tensor cannot have more than 64 dimensions");
    sizes.push_back(static_cast<int64_t>(list.elements.size()));
    static_type = list.element;
    if (list.elements.empty()) break;
    v = &list.elements[0];
  }
  DType type = v->is_list() ? dtype_of_type(dtype, static_type) : v->is_number() ? dtype_of_number(Scalar(*v)) : default_dtype;
  Tensor out = ctx.empty(sizes, type);
  char* to = out.data<char>();
  if (out.numel() > 0 || !v->is_list()) store_list(data, sizes, 0, type, to);
  out = cast(ctx, out, dtype.value_or(type));
  out.impl()->requires_grad = requires_grad;
  return out;
}
Tensor as_tensor_list(Context& ctx, const Value& data, Wanted dtype, Dev device) { return tensor_list(ctx, data, dtype, device, false); }

Tensor dim_arange(Context& ctx, const Tensor& like, int64_t dim) {
  Tensor out = ctx.empty(Dims{like.dim() == 0 ? 1 : like.size(wrap_dim(dim, like.dim()))}, DType::i64);
  for (int64_t i = 0; i < out.numel(); ++i) out.data<int64_t>()[i] = i;
  return out;
}
Tensor shape_as_tensor(Context& ctx, const Tensor& self) {
  Tensor out = ctx.empty(Dims{self.dim()}, DType::i64);
  std::ranges::copy(self.sizes(), out.data<int64_t>());
  return out;
}

Tensor one_hot(Context& ctx, const Tensor& self, int64_t num_classes) {
  check(self.dtype() == DType::i64, "one_hot is only applicable to index tensor of type LongTensor.");
  check(self.numel() > 0 || num_classes > 0, "Can not infer total number of classes from empty tensor.");
  Tensor index = contiguous(ctx, self);
  const int64_t* at = index.data<int64_t>();
  if (self.numel() > 0) check(*std::min_element(at, at + self.numel()) >= 0, "Class values must be non-negative.");
  int64_t most = self.numel() > 0 ? *std::max_element(at, at + self.numel()) : -1;
  if (num_classes == -1) num_classes = wrap_add(most, 1);
  check(num_classes > 0, "num_classes should be positive");
  check(most < num_classes, "Class values must be smaller than num_classes.");
  Dims sizes(self.sizes());
  sizes.push_back(num_classes);
  Tensor out = ctx.zeros(sizes, DType::i64);
  for (int64_t i = 0; i < self.numel(); ++i) out.data<int64_t>()[i * num_classes + at[i]] = 1;
  return out;
}

#define TSRUN_OPTIONS "ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None"
constexpr Op rows[] = {
    op<"aten::empty.memory_format(SymInt[] size, *, " TSRUN_OPTIONS ", MemoryFormat? memory_format=None) -> Tensor", empty>(),
    op<"aten::empty_like(Tensor self, *, " TSRUN_OPTIONS ", MemoryFormat? memory_format=None) -> Tensor", empty_like_row>(),
    op<"aten::empty_strided(SymInt[] size, SymInt[] stride, *, " TSRUN_OPTIONS ") -> Tensor", empty_strided>(),
    op<"aten::empty_permuted(SymInt[] size, int[] physical_layout, *, " TSRUN_OPTIONS ") -> Tensor", empty_permuted>(),
    op<"aten::zeros(SymInt[] size, *, " TSRUN_OPTIONS ") -> Tensor", zeros>(),
    op<"aten::_efficientzerotensor(SymInt[] size, *, " TSRUN_OPTIONS ") -> Tensor", zeros>(),
    op<"aten::zeros_like(Tensor self, *, " TSRUN_OPTIONS ", MemoryFormat? memory_format=None) -> Tensor", zeros_like>(),
    op<"aten::ones(SymInt[] size, *, " TSRUN_OPTIONS ") -> Tensor", ones>(),
    op<"aten::ones_like(Tensor self, *, " TSRUN_OPTIONS ", MemoryFormat? memory_format=None) -> Tensor", ones_like>(),
    op<"aten::full(SymInt[] size, Scalar fill_value, *, " TSRUN_OPTIONS ") -> Tensor", full_row>(),
    op<"aten::full_like(Tensor self, Scalar fill_value, *, " TSRUN_OPTIONS ", MemoryFormat? memory_format=None) -> Tensor", full_like>(),
    op<"aten::new_empty(Tensor self, SymInt[] size, *, " TSRUN_OPTIONS ") -> Tensor", new_zeros>(),
    op<"aten::new_empty_strided(Tensor self, SymInt[] size, SymInt[] stride, *, " TSRUN_OPTIONS ") -> Tensor", new_empty_strided>(),
    op<"aten::new_zeros(Tensor self, SymInt[] size, *, " TSRUN_OPTIONS ") -> Tensor", new_zeros>(),
    op<"aten::new_ones(Tensor self, SymInt[] size, *, " TSRUN_OPTIONS ") -> Tensor", new_ones>(),
    op<"aten::new_full(Tensor self, SymInt[] size, Scalar fill_value, *, " TSRUN_OPTIONS ") -> Tensor", new_full>(),
    op<"aten::scalar_tensor(Scalar s, *, " TSRUN_OPTIONS ") -> Tensor", scalar_tensor_row>(),
    op<"aten::tensor.bool(bool t, *, ScalarType? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor", tensor_of<bool>>(),
    op<"aten::tensor.float(float t, *, ScalarType? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
       tensor_of<double>>(),
    op<"aten::tensor.int(int t, *, ScalarType? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor", tensor_of<int64_t>>(),
    op<"aten::tensor.complex(complex t, *, ScalarType? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
       tensor_of<std::complex<double>>>(),
    op<"aten::tensor(t[] data, *, ScalarType? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor", tensor_list>(),
    op<"aten::as_tensor.bool(bool t, *, ScalarType? dtype=None, Device? device=None) -> Tensor", as_tensor_of<bool>>(),
    op<"aten::as_tensor.float(float t, *, ScalarType? dtype=None, Device? device=None) -> Tensor", as_tensor_of<double>>(),
    op<"aten::as_tensor.int(int t, *, ScalarType? dtype=None, Device? device=None) -> Tensor", as_tensor_of<int64_t>>(),
    op<"aten::as_tensor.complex(complex t, *, ScalarType? dtype=None, Device? device=None) -> Tensor",
       as_tensor_of<std::complex<double>>>(),
    op<"aten::as_tensor(Tensor(a) data, *, ScalarType? dtype=None, Device? device=None) -> Tensor(b|a)", as_tensor>(),
    op<"aten::as_tensor.list(t[] data, *, ScalarType? dtype=None, Device? device=None) -> Tensor", as_tensor_list>(),
    op<"aten::_dim_arange(Tensor like, int dim) -> Tensor", dim_arange>(),
    op<"aten::_shape_as_tensor(Tensor self) -> Tensor", shape_as_tensor>(),
    op<"aten::one_hot(Tensor self, int num_classes=-1) -> Tensor", one_hot>(),
};
#undef TSRUN_OPTIONS

}  // namespace

const std::span<const Op> creation_ops = rows;

}  // namespace tsrun
