// What a tensor says about itself: x.dtype, x.device, x.requires_grad, x.is_cuda and their kin. Gradients are never computed.
#include "ops/conv.h"
#include "ops/gradient_mark.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"
#include "ops/view.h"

namespace tsrun {

namespace {

bool no(Context&, const Tensor&) { return false; }
int64_t zero(Context&, const Tensor&) { return 0; }
Tensor same(Context&, const Tensor& self) { return self; }

bool requires_grad(Context&, const Tensor& self) { return self.requires_grad(); }
bool leaf(Context&, const Tensor& self) { return is_leaf(self); }
Tensor grad(Context&, const Tensor&) { return {}; }
void retain_grad(Context&, const Tensor&) {}
Value name(Context&, const Tensor&) { return {}; }
Tensor set_requires_grad(Context&, const Tensor& self, bool requires_grad) {
  check(!requires_grad || is_floating(self.dtype()) || is_complex(self.dtype()),
        "only Tensors of floating point dtype can require gradients");
  check(requires_grad || is_leaf(self), "you can only change requires_grad flags of leaf variables.");
  self.impl()->requires_grad = requires_grad;
  return self;
}
Tensor detach_in_place(Context&, const Tensor& self) {
  self.impl()->requires_grad = false;
  return self;
}
Tensor data(Context&, const Tensor& self) {
  Tensor view(make_ref<TensorImpl>(*self.impl()));
  view.impl()->requires_grad = false;
  return view;
}
/// self becomes another view of other's elements.
void set_data(Context&, const Tensor& self, const Tensor& other) {
  TensorImpl &to = *self.impl(), &from = *other.impl();
  to.storage = from.storage;
  to.offset = from.offset;
  to.dtype = from.dtype;
  to.device = from.device;
  to.sizes = from.sizes;
  to.strides = from.strides;
  to.numel = from.numel;
  to.extra = from.extra;
}
void backward(Context&, const Tensor&, const Tensor*, std::optional<bool>, bool) { unsupported("gradients are not computed"); }
void backward_of_list(Context&, Arguments) { unsupported("gradients are not computed"); }
Value grad_of_list(Context&, Arguments) { unsupported("gradients are not computed"); }

int64_t layout(Context&, const Tensor&) { return static_cast<int64_t>(Layout::strided); }
int64_t dtype(Context&, const Tensor& self) { return static_cast<int64_t>(self.dtype()); }
Device device(Context&, const Tensor& self) { return self.device(); }
int64_t device_number(Context&, const Tensor& self) { return self.device().kind == Device::Kind::cpu ? -1 : self.device().index; }
template <Device::Kind kind>
bool on(Context&, const Tensor& self) {
  return self.device().kind == kind;
}
bool is_pinned(Context&, const Tensor&, std::optional<Device>) { return false; }

int64_t item_bytes(Context&, const Tensor& self) { return static_cast<int64_t>(item_size(self.dtype())); }
int64_t bytes(Context& ctx, const Tensor& self) { return self.numel() * item_bytes(ctx, self); }
bool is_floating_point(Context&, const Tensor& self) { return is_floating(self.dtype()); }
bool is_complex_tensor(Context&, const Tensor& self) { return is_complex(self.dtype()); }
bool is_quantized_tensor(Context&, const Tensor& self) { return is_quantized(self.dtype()); }
bool is_signed(Context&, const Tensor& self) {
  switch (self.dtype()) {
    case DType::u8:
    case DType::u16:
    case DType::u32:
    case DType::u64:
    case DType::boolean:
    case DType::qu8: return false;
    default: return true;
  }
}
bool is_same_size(Context&, const Tensor& self, const Tensor& other) {
  return std::equal(self.sizes().begin(), self.sizes().end(), other.sizes().begin(), other.sizes().end());
}
bool is_set_to(Context& ctx, const Tensor& self, const Tensor& other) {
  return self.storage() == other.storage() && self.offset() == other.offset() && is_same_size(ctx, self, other) &&
         std::equal(self.strides().begin(), self.strides().end(), other.strides().begin(), other.strides().end());
}
bool sym_is_contiguous(Context&, const Tensor& self, MemoryFormat format) {
  return format == MemoryFormat::channels_last || format == MemoryFormat::channels_last_3d ? self.is_contiguous(format)
                                                                                           : self.is_contiguous();
}
bool is_strides_like(Context&, const Tensor& self, MemoryFormat format) {
  return (format == MemoryFormat::channels_last ? self.dim() == 4 : format == MemoryFormat::channels_last_3d && self.dim() == 5) &&
         looks_channels_last(self);
}
/// 0: no element lies at the place of another, 1: some do, 2: not known.
int64_t internal_overlap(Context&, const Tensor& self) {
  if (is_dense(self)) return 0;
  for (int64_t d = 0; d < self.dim(); ++d)
    if (self.size(d) > 1 && self.stride(d) == 0) return 1;
  return 2;
}
bool same_storage_size(Context&, const Tensor& self, const Tensor& other) {
  return self.storage()->bytes() / item_size(self.dtype()) == other.storage()->bytes() / item_size(other.dtype());
}
bool compatible(Context&, const Tensor&, const Tensor&) { return true; }
bool is_coalesced(Context&, const Tensor&) { fail("is_coalesced expected sparse coordinate tensor layout but got Strided"); }

constexpr Op rows[] = {
    op<"prim::requires_grad(Tensor a) -> bool", requires_grad>(),
    op<"prim::grad(Tensor a) -> Tensor(*)", grad>(),
    op<"aten::retains_grad(Tensor self) -> bool", no>(),
    op<"prim::name(Tensor a) -> str?", name>(),
    op<"prim::data(Tensor(a) a) -> Tensor(a)", data>(),
    op<"aten::data(Tensor self) -> Tensor", data>(),
    op<"aten::set_data(Tensor(a!) self, Tensor new_data) -> ()", set_data>(),
    op<"aten::detach_(Tensor(a!) self) -> Tensor(a!)", detach_in_place>(),
    op<"aten::backward.TensorList(Tensor[] tensors, Tensor?[]? grad_tensors=None, bool? retain_graph=None, bool create_graph=False) -> ()",
       backward_of_list>(),
    op<"aten::grad(Tensor[] outputs, Tensor[] inputs, Tensor?[]? grad_outputs=None, bool? retain_graph=None, bool create_graph=False, "
       "bool allow_unused=False) -> Tensor?[]",
       grad_of_list>(),
    op<"aten::requires_grad_(Tensor(a!) self, bool requires_grad=True) -> Tensor(a!)", set_requires_grad>(),
    op<"aten::retain_grad(Tensor(a!) self) -> ()", retain_grad>(),
    op<"prim::layout(Tensor a) -> Layout", layout>(),
    op<"prim::dtype(Tensor a) -> int", dtype>(),
    op<"prim::device(Tensor a) -> Device", device>(),
    op<"prim::itemsize(Tensor a) -> int", item_bytes>(),
    op<"aten::element_size(Tensor self) -> int", item_bytes>(),
    op<"prim::nbytes(Tensor a) -> int", bytes>(),
    op<"aten::is_leaf(Tensor self) -> bool", leaf>(),
    op<"aten::output_nr(Tensor self) -> int", zero>(),
    op<"aten::_version(Tensor self) -> int", zero>(),
    op<"aten::is_floating_point(Tensor self) -> bool", is_floating_point>(),
    op<"aten::is_complex(Tensor self) -> bool", is_complex_tensor>(),
    op<"aten::is_signed(Tensor self) -> bool", is_signed>(),
    op<"aten::is_same_size(Tensor self, Tensor other) -> bool", is_same_size>(),
    op<"aten::is_set_to(Tensor self, Tensor tensor) -> bool", is_set_to>(),
    op<"aten::get_device(Tensor self) -> int", device_number>(),
    op<"aten::cpu(Tensor(a) self) -> Tensor(b|a)", same>(),
    op<"aten::cuda(Tensor(a) self) -> Tensor(b|a)", same>(),
    op<"aten::is_coalesced(Tensor self) -> bool", is_coalesced>(),
    op<"aten::sym_is_contiguous(Tensor self, MemoryFormat memory_format=0) -> SymBool", sym_is_contiguous>(),
    op<"aten::is_strides_like_format(Tensor self, MemoryFormat memory_format) -> bool", is_strides_like>(),
    op<"aten::_debug_has_internal_overlap(Tensor self) -> int", internal_overlap>(),
    op<"aten::_has_same_storage_numel(Tensor self, Tensor other) -> bool", same_storage_size>(),
    op<"aten::_has_compatible_shallow_copy_type(Tensor self, Tensor from) -> bool", compatible>(),
    op<"aten::_is_zerotensor(Tensor self) -> bool", no>(),
    op<"aten::is_pinned(Tensor self, Device? device=None) -> bool", is_pinned>(),
    op<"prim::is_quantized(Tensor a) -> bool", is_quantized_tensor>(),
    op<"prim::is_cpu(Tensor a) -> bool", on<Device::Kind::cpu>>(),
    op<"prim::is_cuda(Tensor a) -> bool", on<Device::Kind::cuda>>(),
    op<"prim::is_mps(Tensor a) -> bool", on<Device::Kind::mps>>(),
    op<"prim::is_meta(Tensor a) -> bool", on<Device::Kind::meta>>(),
    op<"aten::is_conj(Tensor self) -> bool", no>(),
    op<"aten::is_neg(Tensor self) -> bool", no>(),
    op<"aten::is_inference(Tensor self) -> bool", no>(),
    op<"aten::is_distributed(Tensor self) -> bool", no>(),
    op<"prim::is_sparse(Tensor a) -> bool", no>(),
    op<"prim::is_sparse_csr(Tensor a) -> bool", no>(),
    op<"prim::is_mkldnn(Tensor a) -> bool", no>(),
    op<"prim::is_nested(Tensor a) -> bool", no>(),
    op<"prim::is_xla(Tensor a) -> bool", no>(),
    op<"prim::is_xpu(Tensor a) -> bool", no>(),
    op<"prim::is_ipu(Tensor a) -> bool", no>(),
    op<"prim::is_vulkan(Tensor a) -> bool", no>(),
    op<"prim::is_mtia(Tensor a) -> bool", no>(),
    op<"prim::is_maia(Tensor a) -> bool", no>(),
    op<"aten::backward(Tensor self, Tensor? gradient=None, bool? retain_graph=None, bool create_graph=False) -> ()", backward>(),
};

}  // namespace

const std::span<const Op> attribute_ops = rows;

}  // namespace tsrun
