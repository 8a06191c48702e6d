#include "archive/rebuild_tensor.h"

#include <complex>

#include "archive/pickle_atoms.h"
#include "tsrun/error.h"

namespace tsrun::pickle {
namespace {

constexpr size_t max_rank = 64;

[[noreturn]] void fail(const std::string& why) { throw Error(ErrorKind::malformed, "a tensor " + why); }

int64_t integer(const Value& v, const char* what) {
  if (!v.is_int()) fail(std::string("has a ") + tag_name(v.tag()) + " for its " + what);
  return v.to_int();
}

Dims dims(const Value& v, const char* what) {
  const std::vector<Value>* elements = v.is_tuple() ? &v.to_tuple().elements : v.is_list() ? &v.to_list().elements : nullptr;
  if (!elements) fail(std::string("has a ") + tag_name(v.tag()) + " for its " + what);
  if (elements->size() > max_rank) fail("has " + std::to_string(elements->size()) + " dimensions");
  Dims d;
  for (const Value& e : *elements) {
    d.push_back(integer(e, what));
    if (d.back() < 0) fail(std::string("has negative ") + what);
  }
  return d;
}

/// Applies f to each element of a contiguous copy. A small storage may stand for a huge expanded tensor: that is not copied.
template <class T, class F>
Tensor mapped(const Tensor& x, F f) {
  if (static_cast<size_t>(x.numel()) > x.storage()->bytes() / sizeof(T)) fail("is conjugated or negated and larger than its storage");
  Tensor source = x.contiguous();
  Tensor y = Tensor::empty(x.sizes(), x.dtype());
  for (int64_t i = 0; i < x.numel(); ++i) y.data<T>()[i] = f(source.data<T>()[i]);
  return y;
}

Tensor conjugated(const Tensor& x) {
  if (x.dtype() == DType::c64) return mapped<std::complex<float>>(x, [](auto c) { return std::conj(c); });
  if (x.dtype() == DType::c128) return mapped<std::complex<double>>(x, [](auto c) { return std::conj(c); });
  if (x.dtype() == DType::c32) return mapped<uint32_t>(x, [](uint32_t pair) { return pair ^ 0x80000000u; });  // the sign of the upper half
  fail("of " + std::string(dtype_name(x.dtype())) + " is marked as conjugated");
}

Tensor negated(const Tensor& x) {
  switch (x.dtype()) {
    case DType::f32: return mapped<float>(x, [](float v) { return -v; });
    case DType::f64: return mapped<double>(x, [](double v) { return -v; });
    case DType::f16: return mapped<uint16_t>(x, [](uint16_t v) { return static_cast<uint16_t>(v ^ 0x8000); });
    case DType::c64: return mapped<std::complex<float>>(x, [](auto c) { return -c; });
    case DType::c128: return mapped<std::complex<double>>(x, [](auto c) { return -c; });
    case DType::c32: return mapped<uint32_t>(x, [](uint32_t pair) { return pair ^ 0x80008000u; });
    default: fail("of " + std::string(dtype_name(x.dtype())) + " is marked as negated");
  }
}

Tensor with_metadata(Tensor x, const Value& metadata) {
  if (metadata.is_none()) return x;
  if (!metadata.is_dict()) fail(std::string("has a ") + tag_name(metadata.tag()) + " for its metadata");
  auto flag = [&](const char* name) {
    const Value* v = metadata.to_dict().find(name);
    return v && v->is_bool() && v->to_bool();
  };
  const bool requires_grad = x.requires_grad();
  if (flag("conj")) x = conjugated(x);
  if (flag("neg")) x = negated(x);
  x.impl()->requires_grad = requires_grad;
  return x;
}

Tensor view(std::span<const Value> args, const DType* dtype) {
  const auto* storage = as_atom<StorageAtom>(args[0]);
  if (!storage) fail("has no storage");
  const int64_t offset = integer(args[1], "offset");
  if (offset < 0) fail("has a negative offset");
  const Dims sizes = dims(args[2], "sizes"), strides = dims(args[3], "strides");
  if (sizes.size() != strides.size())
    fail("has " + std::to_string(sizes.size()) + " sizes and " + std::to_string(strides.size()) + " strides");
  Tensor x = Tensor::view_of(storage->storage, dtype ? *dtype : storage->dtype, sizes, strides, offset);
  x.impl()->requires_grad = args.size() > 4 && args[4].is_bool() && args[4].to_bool();
  return x;
}

}  // namespace

Value rebuild_tensor(std::span<const Value> args) {
  Tensor x = view(args, nullptr);
  return args.size() > 6 ? with_metadata(std::move(x), args[6]) : x;
}

Value rebuild_tensor_v3(std::span<const Value> args) {
  const DType dtype = dtype_from_int(integer(args[6], "dtype"));
  Tensor x = view(args, &dtype);
  return args.size() > 7 ? with_metadata(std::move(x), args[7]) : x;
}

Value rebuild_parameter(std::span<const Value> args) {
  if (!args[0].is_tensor()) fail("is missing in a parameter");
  const Tensor& x = args[0].to_tensor();
  x.impl()->requires_grad = args[1].is_bool() && args[1].to_bool();
  return x;
}

Value rebuild_quantized(std::span<const Value>) { throw Error(ErrorKind::unsupported, "quantized tensors are not supported"); }

}  // namespace tsrun::pickle
