#include "ops/op.h"

#include <cstring>

#include "ir/type.h"

namespace tsrun {

Scalar::Scalar(const Value& v) : Scalar() {
  switch (v.tag()) {
    case Tag::boolean: *this = Scalar(v.bool_unchecked()); break;
    case Tag::integer: *this = Scalar(v.int_unchecked()); break;
    case Tag::complex: *this = Scalar(v.to_complex()); break;
    default: *this = Scalar(v.to_double()); break;  // throws for what is no number
  }
}

DType Scalar::dtype() const {
  switch (kind_) {
    case Kind::boolean: return DType::boolean;
    case Kind::integer: return DType::i64;
    case Kind::floating: return DType::f64;
    case Kind::complex: return DType::c128;
  }
  return DType::f64;
}

Value Scalar::to_value() const {
  switch (kind_) {
    case Kind::boolean: return i_ != 0;
    case Kind::integer: return i_;
    case Kind::floating: return d_;
    case Kind::complex: return to_complex();
  }
  return {};
}

Tensor Context::empty(IntSpan sizes, DType dtype) const { return empty_strided(sizes, contiguous_strides(sizes), dtype); }

Tensor Context::empty_strided(IntSpan sizes, IntSpan strides, DType dtype) const {
  int64_t n = checked_numel(sizes, item_size(dtype));
  auto impl = make_ref<TensorImpl>();
  impl->storage = workspace(static_cast<size_t>(n) * item_size(dtype));
  impl->dtype = dtype;
  impl->sizes.assign(sizes);
  impl->strides.assign(strides);
  impl->numel = n;
  return Tensor(std::move(impl));
}

Tensor Context::zeros(IntSpan sizes, DType dtype) const {
  Tensor t = empty(sizes, dtype);
  std::memset(t.data(), 0, static_cast<size_t>(t.numel()) * item_size(dtype));
  return t;
}

namespace detail {

Value to_value(const std::vector<double>& v) { return make_list(std::vector<Value>(v.begin(), v.end()), types::floating()); }
Value to_value(const std::vector<bool>& v) {
  std::vector<Value> elements;
  for (bool b : v) elements.emplace_back(b);
  return make_list(std::move(elements), types::boolean());
}
Value to_value(std::vector<Tensor> v) {
  std::vector<Value> elements = spare_elements(v.size());
  for (Tensor& t : v) elements.emplace_back(std::move(t));
  return make_list(std::move(elements), types::tensor());
}

}  // namespace detail
}  // namespace tsrun
