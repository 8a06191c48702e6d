#include "runtime/tolist.h"

#include <complex>

#include "ops/check.h"

namespace tsrun {
namespace {

bool dtype_fits(DType dtype, const Type& element) {
  switch (element.kind) {
    case TypeKind::integer: return is_integer(dtype);
    case TypeKind::floating: return is_floating(dtype);
    case TypeKind::boolean: return dtype == DType::boolean;
    case TypeKind::complex: return is_complex(dtype);
    default: return false;
  }
}

Value element_at(const Tensor& x, int64_t offset, const Type& type) {
  Tensor one = Tensor::view_of(x.storage(), x.dtype(), {}, {}, offset);
  switch (type.kind) {
    case TypeKind::integer: return one.item_int();
    case TypeKind::floating: return one.item();
    case TypeKind::boolean: return one.item_int() != 0;
    default: return x.dtype() == DType::c64 ? std::complex<double>(*one.data<std::complex<float>>()) : *one.data<std::complex<double>>();
  }
}

Value convert(const Tensor& x, const Type& type, int64_t dim, int64_t offset) {
  if (dim == x.dim()) return element_at(x, offset, type);
  std::vector<Value> elements;
  elements.reserve(static_cast<size_t>(x.size(dim)));
  for (int64_t i = 0; i < x.size(dim); ++i) elements.push_back(convert(x, *type.element(), dim + 1, offset + i * x.stride(dim)));
  return make_list(std::move(elements), type.element());
}

}  // namespace

Value tensor_to_list(const Tensor& x, const Type& type) {
  int64_t depth = 0;
  const Type* element = &type;
  for (; element->is(TypeKind::list); element = element->element().get()) ++depth;
  check(depth == x.dim(), "Output annotation list dimension and runtime tensor dimension must match for tolist()");
  check(dtype_fits(x.dtype(), *element),
        "Output annotation element type and runtime tensor element type must match for tolist(): ", x.dtype(), " and ", to_text(*element));
  return convert(x, type, 0, x.offset());
}

}  // namespace tsrun
