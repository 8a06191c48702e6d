// Copies, conversions, filling, and the way between tensors and numbers.
#include <cmath>

#include "ops/copy_convert.h"
#include "ops/copy_loop.h"
#include "ops/tables.h"
#include "ops/view.h"

namespace tsrun {

void check_strided(std::optional<Layout> layout) {
  if (layout && *layout != Layout::strided) unsupported("tensors of layout ", static_cast<int>(*layout), ": only strided ones exist here");
}

void masked_fill_into(Context& ctx, const Tensor& self, const Tensor& mask, const Scalar& value) {
  check(mask.dtype() == DType::boolean, "masked_fill_ only supports boolean masks, but got mask with dtype ", mask.dtype());
  check_writable(self);
  alignas(16) std::byte element[16];
  store_scalar(value, self.dtype(), element);
  Dims mask_strides = broadcast_strides(mask.sizes(), mask.strides(), self.sizes());
  Tensor condition = may_overlap(self, mask) ? clone(ctx, mask) : mask;
  if (!condition.is_same(mask)) mask_strides = broadcast_strides(mask.sizes(), condition.strides(), self.sizes());
  if (self.numel() == 0) return;
  StridedLoop<2> loop(self.sizes(), {loop_operand(self), LoopOperand{condition.data(), mask_strides, 1}});
  for_item_size(item_size(self.dtype()), [&]<class T>() {
    T v;
    std::memcpy(&v, element, sizeof v);
    loop.run(ctx.threads, [v](auto& at, auto& step, int64_t n) {
      auto* m = reinterpret_cast<const uint8_t*>(at[1]);
      if (step[0] == sizeof(T) && step[1] == 1) {
        T* y = reinterpret_cast<T*>(at[0]);
        for (int64_t i = 0; i < n; ++i) y[i] = m[i] ? v : y[i];
      } else if (step[1] == 0 && !*m) {
        return;
      } else {
        for (int64_t i = 0; i < n; ++i)
          if (m[i * step[1]]) *reinterpret_cast<T*>(at[0] + i * step[0]) = v;
      }
    });
  });
}

namespace {

// ---- to -----------------------------------------------------------------------------------------------------------------------------
using Format = std::optional<MemoryFormat>;

Tensor to(Context& ctx, const Tensor& self, std::optional<DType> dtype, bool copy, Format format) {
  DType type = dtype.value_or(self.dtype());
  MemoryFormat f = format.value_or(MemoryFormat::preserve);
  bool in_place = f == MemoryFormat::preserve || self.is_contiguous(f);
  if (type == self.dtype()) return !copy && in_place ? self : clone(ctx, self, f);
  if (f == MemoryFormat::preserve) return cast(ctx, self, type);
  Tensor out = empty_like(ctx, self, type, f);
  copy_into(ctx, out, self);
  return out;
}

Tensor to_device(Context& ctx, const Tensor& self, Device, DType dtype, bool, bool copy, Format format) {
  return to(ctx, self, dtype, copy, format);
}
Tensor to_dtype(Context& ctx, const Tensor& self, DType dtype, bool, bool copy, Format format) {
  return to(ctx, self, dtype, copy, format);
}
Tensor to_other(Context& ctx, const Tensor& self, const Tensor& other, bool, bool copy, Format format) {
  return to(ctx, self, other.dtype(), copy, format);
}
Tensor to_dtype_layout(Context& ctx, const Tensor& self, std::optional<DType> dtype, std::optional<Layout> layout, std::optional<Device>,
                       std::optional<bool>, bool, bool copy, Format format) {
  check_strided(layout);
  return to(ctx, self, dtype, copy, format);
}
std::optional<DType> dtype_of_int(std::optional<int64_t> dtype) { return dtype ? std::optional(dtype_from_int(*dtype)) : std::nullopt; }
Tensor to_prim_device(Context& ctx, const Tensor& self, std::optional<Device>, std::optional<int64_t> dtype, bool, bool copy) {
  return to(ctx, self, dtype_of_int(dtype), copy, {});
}
Tensor to_prim_dtype(Context& ctx, const Tensor& self, std::optional<int64_t> dtype, bool, bool copy) {
  return to(ctx, self, dtype_of_int(dtype), copy, {});
}
Tensor to_prim_other(Context& ctx, const Tensor& self, bool, bool copy) { return to(ctx, self, {}, copy, {}); }
Tensor to_copy(Context& ctx, const Tensor& self, std::optional<DType> dtype, std::optional<Layout> layout, std::optional<Device>,
               std::optional<bool>, bool, Format format) {
  check_strided(layout);
  return to(ctx, self, dtype, true, format);
}
Tensor type_as(Context& ctx, const Tensor& self, const Tensor& other) { return cast(ctx, self, other.dtype()); }
template <DType T>
Tensor cast_to(Context& ctx, const Tensor& self, bool) {
  return cast(ctx, self, T);
}
Tensor chalf(Context& ctx, const Tensor& self, Format format) { return to(ctx, self, DType::c32, false, format); }
Tensor clone_row(Context& ctx, const Tensor& self, Format format) { return clone(ctx, self, format.value_or(MemoryFormat::preserve)); }
Tensor reduced_precision(Context& ctx, const Tensor& self, bool, bool cpu_enabled, DType, DType cpu_dtype) {
  return cpu_enabled && self.dtype() == DType::f32 ? cast(ctx, self, cpu_dtype) : self;
}
Tensor full_precision(Context& ctx, const Tensor& self, bool, bool cpu_enabled) {
  return cpu_enabled && (self.dtype() == DType::f16 || self.dtype() == DType::bf16) ? cast(ctx, self, DType::f32) : self;
}

// ---- writing ------------------------------------------------------------------------------------------------------------------------
Tensor copy_(Context& ctx, const Tensor& self, const Tensor& src, bool) {
  check_writable(self);
  check_no_partial_overlap(self, src);
  copy_into(ctx, self, src);
  return self;
}
Tensor copy_tensor(Context& ctx, const Tensor& self, const Tensor& other) { return copy_(ctx, self, other, false); }
Tensor copy(Context& ctx, const Tensor& self, const Tensor& src, bool) {
  Tensor out = clone(ctx, self);
  copy_into(ctx, out, src);
  return out;
}
Tensor copy_from(Context& ctx, const Tensor& self, const Tensor& dst, bool) { return copy_(ctx, dst, self, false); }
void foreach_copy(Context& ctx, TensorSpan self, TensorSpan src, bool) {
  check(self.size() == src.size(), "Tensor lists must have the same number of tensors, got ", self.size(), " and ", src.size());
  for (size_t i = 0; i < self.size(); ++i) copy_(ctx, self[i], src[i], false);
}

Tensor fill_scalar(Context& ctx, const Tensor& self, const Scalar& value) {
  fill(ctx, self, value);
  return self;
}
Tensor copy_int(Context& ctx, const Tensor& self, int64_t other) { return fill_scalar(ctx, self, other); }
Tensor copy_float(Context& ctx, const Tensor& self, double other) { return fill_scalar(ctx, self, other); }
Scalar fill_value(const Tensor& value) {
  check(value.dim() == 0, "fill_ only supports 0-dimension value tensor but got tensor with ", value.dim(), " dimensions.");
  return item(value);
}
Tensor fill_tensor(Context& ctx, const Tensor& self, const Tensor& value) { return fill_scalar(ctx, self, fill_value(value)); }
Tensor filled(Context& ctx, const Tensor& self, const Scalar& value) { return fill_scalar(ctx, empty_like(ctx, self), value); }
Tensor filled_tensor(Context& ctx, const Tensor& self, const Tensor& value) { return filled(ctx, self, fill_value(value)); }
Tensor zero_(Context& ctx, const Tensor& self) { return fill_scalar(ctx, self, 0); }
Tensor zero(Context& ctx, const Tensor& self) { return filled(ctx, self, 0); }

Scalar mask_value(const Tensor& value) {
  check(value.dim() == 0, "masked_fill_ only supports a 0-dimensional value tensor, but got tensor with ", value.dim(), " dimension(s).");
  return item(value);
}
Tensor masked_fill_(Context& ctx, const Tensor& self, const Tensor& mask, const Scalar& value) {
  masked_fill_into(ctx, self, mask, value);
  return self;
}
Tensor masked_fill_tensor_(Context& ctx, const Tensor& self, const Tensor& mask, const Tensor& value) {
  return masked_fill_(ctx, self, mask, mask_value(value));
}
Tensor masked_fill(Context& ctx, const Tensor& self, const Tensor& mask, const Scalar& value) {
  Tensor out = clone(ctx, expand(self, broadcast_sizes(self.sizes(), mask.sizes())), MemoryFormat::contiguous);
  masked_fill_into(ctx, out, mask, value);
  return out;
}
Tensor masked_fill_tensor(Context& ctx, const Tensor& self, const Tensor& mask, const Tensor& value) {
  return masked_fill(ctx, self, mask, mask_value(value));
}

// ---- storage ------------------------------------------------------------------------------------------------------------------------
Tensor resize_(Context&, const Tensor& self, IntSpan size, Format format) {
  resize(self, size);
  if (format && *format != MemoryFormat::preserve && *format != MemoryFormat::contiguous) self.impl()->strides = strides_for(size, *format);
  return self;
}
Tensor resized(Context& ctx, const Tensor& self, IntSpan size, Format format) { return resize_(ctx, clone(ctx, self), size, format); }
Tensor resize_as_(Context& ctx, const Tensor& self, const Tensor& the_template, Format format) {
  return resize_(ctx, self, the_template.sizes(), format == MemoryFormat::preserve ? suggested_format(the_template) : format);
}
Tensor resize_output(Context& ctx, const Tensor& self, IntSpan size, Device) { return resize_(ctx, self, size, {}); }

Tensor set_geometry_of(const Tensor& self, const Tensor& view) {
  check(self.dtype() == view.dtype(), "Could not set tensor of type ", scalar_type_name(view.dtype()), " to a tensor of type ",
        scalar_type_name(self.dtype()));
  self.impl()->storage = view.storage();
  set_geometry(self, view);
  return self;
}
Tensor set_source(Context&, const Tensor& self, const Tensor& source) { return set_geometry_of(self, source); }
Tensor set_source_view(Context&, const Tensor& self, const Tensor& source, int64_t offset, IntSpan size, IntSpan stride) {
  Dims strides = stride.empty() ? contiguous_strides(size) : Dims(stride);
  return set_geometry_of(self, make_view(source, size, strides, offset));
}
Tensor set_nothing(Context& ctx, const Tensor& self) { return set_geometry_of(self, ctx.empty(Dims{0}, self.dtype())); }

// ---- tensors and numbers --------------------------------------------------------------------------------------------------------------
Scalar item_row(Context&, const Tensor& self) { return item(self); }

bool is_nonzero(Context&, const Tensor& self) {
  check(self.numel() != 0, "Boolean value of Tensor with no values is ambiguous");
  check(self.numel() == 1, "Boolean value of Tensor with more than one value is ambiguous");
  return item(self).to_bool();
}

int64_t int_of(Context&, const Tensor& a) {
  Scalar v = item(a);
  int64_t out;
  store_scalar(v, DType::i64, &out);
  return out;
}
double float_of(Context&, const Tensor& a) {
  Scalar v = item(a);
  check(!v.is_complex() || v.to_complex().imag() == 0, "value cannot be converted to type double without overflow");
  return v.to_double();
}
std::complex<double> complex_of(Context&, const Tensor& a) { return item(a).to_complex(); }

void check_implicit(const Tensor& a) {
  check(a.dim() == 0, "Cannot input a tensor of dimension other than 0 as a scalar argument");
  check(!a.requires_grad(), "Cannot input a tensor that requires grad as a scalar argument");
}
int64_t int_implicit(Context& ctx, const Tensor& a) {
  check_implicit(a);
  check(is_integer(a.dtype()) || a.dtype() == DType::boolean, "Cannot input a tensor of type ", scalar_type_name(a.dtype()),
        " as an integral argument");
  return int_of(ctx, a);
}
double float_implicit(Context& ctx, const Tensor& a) {
  check_implicit(a);
  return float_of(ctx, a);
}
std::complex<double> complex_implicit(Context& ctx, const Tensor& a) {
  check_implicit(a);
  return complex_of(ctx, a);
}
Scalar scalar_implicit(Context&, const Tensor& a) {
  check_implicit(a);
  return item(a);
}

std::complex<double> complex_of_parts(Context&, const Value& x, const Value& y) {
  auto part = [](const Value& v) { return v.is_tensor() ? item(v.to_tensor()).to_double() : Scalar(v).to_double(); };
  return {part(x), part(y)};
}

Tensor number_to_tensor(Context& ctx, const Scalar& a) { return scalar_tensor(ctx, a, a.dtype()); }
Tensor bool_to_tensor(Context& ctx, bool a) { return scalar_tensor(ctx, a, DType::boolean); }

Dims tensor_to_list(Context& ctx, const Tensor& self) {
  check(self.dim() <= 1 && is_integer(self.dtype()), "a list of integers needs an integer tensor of one dimension, not ", self);
  Tensor x = contiguous(ctx, cast(ctx, self, DType::i64));
  return IntSpan(x.data<int64_t>(), static_cast<size_t>(x.numel()));
}
Tensor list_to_tensor(Context& ctx, IntSpan self) {
  Tensor out = ctx.empty(Dims{static_cast<int64_t>(self.size())}, DType::i64);
  std::ranges::copy(self, out.data<int64_t>());
  return out;
}

constexpr Op rows[] = {
    op<"aten::to.device(Tensor(a) self, Device device, ScalarType dtype, bool non_blocking=False, bool copy=False, "
       "MemoryFormat? memory_format=None) -> Tensor(a)",
       to_device>(),
    op<"aten::to.dtype(Tensor(a) self, ScalarType dtype, bool non_blocking=False, bool copy=False, MemoryFormat? memory_format=None) -> "
       "Tensor(a)",
       to_dtype>(),
    op<"aten::to.other(Tensor(a) self, Tensor other, bool non_blocking=False, bool copy=False, MemoryFormat? memory_format=None) -> "
       "Tensor(a)",
       to_other>(),
    op<"aten::to.dtype_layout(Tensor(a) self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, "
       "bool non_blocking=False, bool copy=False, MemoryFormat? memory_format=None) -> Tensor(a)",
       to_dtype_layout>(),
    op<"aten::to.prim_Device(Tensor(a) self, Device? device, int? dtype=None, bool non_blocking=False, bool copy=False) -> Tensor(b|a)",
       to_prim_device>(),
    op<"aten::to.prim_dtype(Tensor(a) self, int? dtype=None, bool non_blocking=False, bool copy=False) -> Tensor(b|a)", to_prim_dtype>(),
    op<"aten::to.prim_other(Tensor(a) self, bool non_blocking=False, bool copy=False) -> Tensor(b|a)", to_prim_other>(),
    op<"aten::_to_copy(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, "
       "bool non_blocking=False, MemoryFormat? memory_format=None) -> Tensor",
       to_copy>(),
    op<"aten::chalf(Tensor self, *, MemoryFormat? memory_format=None) -> Tensor", chalf>(),
    op<"aten::type_as(Tensor self, Tensor other) -> Tensor", type_as>(),
    op<"aten::_cast_Byte(Tensor self, bool non_blocking=False) -> Tensor", cast_to<DType::u8>>(),
    op<"aten::_cast_Char(Tensor self, bool non_blocking=False) -> Tensor", cast_to<DType::i8>>(),
    op<"aten::_cast_Double(Tensor self, bool non_blocking=False) -> Tensor", cast_to<DType::f64>>(),
    op<"aten::_cast_Float(Tensor self, bool non_blocking=False) -> Tensor", cast_to<DType::f32>>(),
    op<"aten::_cast_Half(Tensor self, bool non_blocking=False) -> Tensor", cast_to<DType::f16>>(),
    op<"aten::_cast_Int(Tensor self, bool non_blocking=False) -> Tensor", cast_to<DType::i32>>(),
    op<"aten::_cast_Long(Tensor self, bool non_blocking=False) -> Tensor", cast_to<DType::i64>>(),
    op<"aten::_cast_Short(Tensor self, bool non_blocking=False) -> Tensor", cast_to<DType::i16>>(),
    op<"aten::_autocast_to_reduced_precision(Tensor(a) self, bool cuda_enabled, bool cpu_enabled, ScalarType cuda_dtype, ScalarType "
       "cpu_dtype) -> Tensor(a)",
       reduced_precision>(),
    op<"aten::_autocast_to_full_precision(Tensor(a) self, bool cuda_enabled, bool cpu_enabled) -> Tensor(a)", full_precision>(),
    op<"aten::clone(Tensor self, *, MemoryFormat? memory_format=None) -> Tensor", clone_row>(),
    op<"aten::copy_(Tensor(a!) self, Tensor src, bool non_blocking=False) -> Tensor(a!)", copy_>(),
    op<"aten::copy_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)", copy_tensor>(),
    op<"aten::copy_.int(Tensor(a!) self, int other) -> Tensor(a!)", copy_int>(),
    op<"aten::copy_.float(Tensor(a!) self, float other) -> Tensor(a!)", copy_float>(),
    op<"aten::copy(Tensor self, Tensor src, bool non_blocking=False) -> Tensor", copy>(),
    op<"aten::_copy_from(Tensor self, Tensor dst, bool non_blocking=False) -> Tensor", copy_from>(),
    op<"aten::_foreach_copy_(Tensor(a!)[] self, Tensor[] src, bool non_blocking=False) -> ()", foreach_copy>(),
    op<"aten::fill_.Scalar(Tensor(a!) self, Scalar value) -> Tensor(a!)", fill_scalar>(),
    op<"aten::fill_.Tensor(Tensor(a!) self, Tensor value) -> Tensor(a!)", fill_tensor>(),
    op<"aten::fill.Scalar(Tensor self, Scalar value) -> Tensor", filled>(),
    op<"aten::fill.Tensor(Tensor self, Tensor value) -> Tensor", filled_tensor>(),
    op<"aten::_no_grad_fill_(Tensor(a!) tensor, float val) -> Tensor(a!)", copy_float>(),
    op<"aten::_no_grad_zero_(Tensor(a!) tensor) -> Tensor(a!)", zero_>(),
    op<"aten::zero_(Tensor(a!) self) -> Tensor(a!)", zero_>(),
    op<"aten::zero(Tensor self) -> Tensor", zero>(),
    op<"aten::masked_fill.Scalar(Tensor self, Tensor mask, Scalar value) -> Tensor", masked_fill>(),
    op<"aten::masked_fill.Tensor(Tensor self, Tensor mask, Tensor value) -> Tensor", masked_fill_tensor>(),
    op<"aten::masked_fill_.Scalar(Tensor(a!) self, Tensor mask, Scalar value) -> Tensor(a!)", masked_fill_>(),
    op<"aten::masked_fill_.Tensor(Tensor(a!) self, Tensor mask, Tensor value) -> Tensor(a!)", masked_fill_tensor_>(),
    op<"aten::resize_(Tensor(a!) self, SymInt[] size, *, MemoryFormat? memory_format=None) -> Tensor(a!)", resize_>(),
    op<"aten::resize(Tensor self, SymInt[] size, *, MemoryFormat? memory_format=None) -> Tensor", resized>(),
    op<"aten::resize_as_(Tensor(a!) self, Tensor the_template, *, MemoryFormat? memory_format=None) -> Tensor(a!)", resize_as_>(),
    op<"aten::_resize_output_(Tensor(a!) self, SymInt[] size, Device device) -> Tensor(a!)", resize_output>(),
    op<"aten::set_.source_Tensor(Tensor(a!) self, Tensor source) -> Tensor(a!)", set_source>(),
    op<"aten::set_.source_Tensor_storage_offset(Tensor(a!) self, Tensor source, SymInt storage_offset, SymInt[] size, SymInt[] stride=[]) "
       "-> Tensor(a!)",
       set_source_view>(),
    op<"aten::set_(Tensor(a!) self) -> Tensor(a!)", set_nothing>(),
    op<"aten::item(Tensor self) -> Scalar", item_row>(),
    op<"aten::_local_scalar_dense(Tensor self) -> Scalar", item_row>(),
    op<"aten::is_nonzero(Tensor self) -> bool", is_nonzero>(),
    op<"aten::Bool.Tensor(Tensor a) -> bool", is_nonzero>(),
    op<"aten::Int.Tensor(Tensor a) -> int", int_of>(),
    op<"aten::Float.Tensor(Tensor a) -> float", float_of>(),
    op<"aten::IntImplicit(Tensor a) -> int", int_implicit>(),
    op<"aten::FloatImplicit(Tensor a) -> float", float_implicit>(),
    op<"aten::ComplexImplicit(Tensor a) -> complex", complex_implicit>(),
    op<"aten::ScalarImplicit(Tensor a) -> Scalar", scalar_implicit>(),
    op<"aten::Complex.Tensor_Tensor(Tensor a, Tensor b) -> complex", complex_of_parts>(),
    op<"aten::Complex.Tensor_float(Tensor x, float y) -> complex", complex_of_parts>(),
    op<"aten::Complex.float_Tensor(float x, Tensor y) -> complex", complex_of_parts>(),
    op<"aten::Complex.Tensor_int(Tensor x, int y) -> complex", complex_of_parts>(),
    op<"aten::Complex.int_Tensor(int x, Tensor y) -> complex", complex_of_parts>(),
    op<"aten::Complex.Tensor_bool(Tensor x, bool y) -> complex", complex_of_parts>(),
    op<"aten::Complex.bool_Tensor(bool x, Tensor y) -> complex", complex_of_parts>(),
    op<"prim::NumToTensor.Scalar(Scalar a) -> Tensor", number_to_tensor>(),
    op<"prim::NumToTensor.bool(bool a) -> Tensor", bool_to_tensor>(),
    op<"aten::_tensor_to_list(Tensor self) -> int[]", tensor_to_list>(),
    op<"aten::_list_to_tensor(int[] self) -> Tensor", list_to_tensor>(),
};

}  // namespace

const std::span<const Op> copy_ops = rows;

}  // namespace tsrun
