#include "convert.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <vector>

namespace tsrun::python {
namespace {

using nb::dlpack::dtype_code;

struct DtypePair {
  DType dtype;
  dtype_code code;
  uint8_t bits;
};
constexpr DtypePair dtypes[] = {
    {DType::f32, dtype_code::Float, 32},
    {DType::i64, dtype_code::Int, 64},
    {DType::boolean, dtype_code::Bool, 8},
    {DType::f64, dtype_code::Float, 64},
    {DType::f16, dtype_code::Float, 16},
    {DType::bf16, dtype_code::Bfloat, 16},
    {DType::u8, dtype_code::UInt, 8},
    {DType::i8, dtype_code::Int, 8},
    {DType::i16, dtype_code::Int, 16},
    {DType::i32, dtype_code::Int, 32},
    {DType::u16, dtype_code::UInt, 16},
    {DType::u32, dtype_code::UInt, 32},
    {DType::u64, dtype_code::UInt, 64},
    {DType::c32, dtype_code::Complex, 32},
    {DType::c64, dtype_code::Complex, 64},
    {DType::c128, dtype_code::Complex, 128},
    {DType::f8_e4m3fn, dtype_code::Float8_E4M3FN, 8},
    {DType::f8_e4m3fnuz, dtype_code::Float8_E4M3FNUZ, 8},
    {DType::f8_e5m2, dtype_code::Float8_E5M2, 8},
    {DType::f8_e5m2fnuz, dtype_code::Float8_E5M2FNUZ, 8},
};

using Array = nb::ndarray<>;
using ConstArray = nb::ndarray<nb::ro>;

/// Keeps an imported array alive; the last tensor may go on a thread without the GIL.
template <class A>
struct ArrayOwner : RefCounted {
  explicit ArrayOwner(A a) : array(std::move(a)) {}
  ~ArrayOwner() override {
    nb::gil_scoped_acquire gil;
    array = A();
  }
  A array;
};

[[noreturn]] void refuse(const std::string& why) { throw Error(ErrorKind::usage, why); }

std::string class_name(nb::handle object) { return nb::cast<std::string>(object.type().attr("__name__")); }

DType dtype_of(nb::dlpack::dtype t) {
  for (const DtypePair& p : dtypes)
    if (static_cast<uint8_t>(p.code) == t.code && p.bits == t.bits && t.lanes == 1) return p.dtype;
  refuse("arrays of this dtype are not supported (DLPack code " + std::to_string(t.code) + ", " + std::to_string(t.bits) + " bits)");
}

/// Row-major copy of strided elements of any size; strides may be negative.
void copy_elements(std::byte* out, const std::byte* in, const std::vector<int64_t>& sizes, const std::vector<int64_t>& strides,
                   size_t item) {
  int64_t count = 1;
  for (int64_t s : sizes) count *= s;
  std::vector<int64_t> at(sizes.size(), 0);
  for (int64_t i = 0; i < count; ++i, out += item) {
    std::memcpy(out, in, item);
    for (size_t d = sizes.size(); d-- > 0;) {
      in += strides[d] * static_cast<int64_t>(item);
      if (++at[d] < sizes[d]) break;
      in -= strides[d] * sizes[d] * static_cast<int64_t>(item);
      at[d] = 0;
    }
  }
}

template <class A>
Value from_array(A array, bool copy) {
  if (array.device_type() != nb::device::cpu::value) refuse("an array is not in the memory of the CPU");
  const DType dtype = dtype_of(array.dtype());
  std::vector<int64_t> sizes(array.ndim()), strides(array.ndim());
  for (size_t d = 0; d < array.ndim(); ++d) {
    sizes[d] = static_cast<int64_t>(array.shape(d));
    strides[d] = array.stride(d);
    copy = copy || (strides[d] < 0 && sizes[d] > 1);
    if (strides[d] < 0 && sizes[d] <= 1) strides[d] = 1;
  }
  const size_t item = item_size(dtype);
  auto* data = static_cast<std::byte*>(const_cast<void*>(static_cast<const void*>(array.data())));
  if (copy) {
    Tensor x = Tensor::empty(sizes, dtype);
    if (x.numel()) copy_elements(static_cast<std::byte*>(x.data()), data, sizes, strides, item);
    return x;
  }
  int64_t elements = 1;
  for (size_t d = 0; d < sizes.size(); ++d) elements = sizes[d] ? elements + (sizes[d] - 1) * strides[d] : elements;
  if (array.size() == 0) elements = 0;
  auto owner = make_ref<ArrayOwner<A>>(std::move(array));
  auto storage = make_ref<Storage>(data, static_cast<size_t>(elements) * item, owner);
  return Tensor::view_of(storage, dtype, sizes, strides, 0);
}

/// Null when the object is no array.
bool array_value(nb::handle object, Value& out) {
  Array array;
  if (nb::try_cast(object, array)) return out = from_array(std::move(array), false), true;
  ConstArray read_only;
  if (nb::try_cast(object, read_only)) return out = from_array(std::move(read_only), true), true;
  return false;
}

nb::handle module_class(const char* name) {
  // The package outlives every call into it.
  return nb::object(nb::module_::import_("tsrun").attr(name)).release();
}

Value from_int(nb::handle object) {
  int overflow = 0;
  const long long i = PyLong_AsLongLongAndOverflow(object.ptr(), &overflow);
  if (overflow) refuse("the integer " + nb::cast<std::string>(nb::str(object)) + " does not fit 64 bits");
  if (i == -1 && PyErr_Occurred()) throw nb::python_error();
  return static_cast<int64_t>(i);
}

/// PyTorch's tensors may need a gradient, or have conjugation or negation pending: DLPack knows neither.
nb::object plain_torch_tensor(nb::handle object) {
  if (!nb::hasattr(object, "resolve_conj")) return nb::borrow(object);
  const nb::object quantized = object.attr("is_quantized"), layout = object.attr("layout");
  if (quantized.ptr() == Py_True || nb::cast<std::string>(nb::str(layout)) != "torch.strided")
    refuse("quantized and sparse tensors cannot be passed to a model");
  return object.attr("detach")().attr("resolve_conj")().attr("resolve_neg")();
}

Value from_sequence(nb::handle object, int depth);
Value from_dict(nb::handle object, int depth);

Value convert(nb::handle object, int depth) {
  if (depth > 1000) refuse("containers nest too deep, or hold themselves");
  PyObject* p = object.ptr();
  if (p == Py_None) return {};
  if (PyBool_Check(p)) return p == Py_True;
  if (PyLong_Check(p)) return from_int(object);
  if (PyFloat_Check(p)) return PyFloat_AsDouble(p);
  if (PyComplex_Check(p)) return std::complex<double>(PyComplex_RealAsDouble(p), PyComplex_ImagAsDouble(p));
  if (PyUnicode_Check(p)) {
    static const nb::handle device = module_class("Device");
    const std::string text = nb::cast<std::string>(nb::str(object));
    return nb::isinstance(object, device) ? Value(parse_device(text)) : Value(text);
  }
  if (PyBytes_Check(p)) return std::string(PyBytes_AS_STRING(p), static_cast<size_t>(PyBytes_GET_SIZE(p)));
  if (nb::isinstance<Value>(object)) return nb::cast<Value>(object);
  if (nb::isinstance<Tensor>(object)) return nb::cast<Tensor>(object);
  if (PyTuple_Check(p) || PyList_Check(p)) return from_sequence(object, depth);
  if (PyDict_Check(p)) return from_dict(object, depth);
  const std::string type = class_name(object);
  Value array;
  if (array_value(type == "Tensor" || type == "Parameter" ? plain_torch_tensor(object) : nb::borrow(object), array)) return array;
  if (type == "device") return parse_device(nb::cast<std::string>(nb::str(object)));
  if (type == "dtype") {
    std::string name = nb::cast<std::string>(nb::str(object));
    DType dtype;
    if (parse_dtype(std::string_view(name).substr(name.rfind('.') + 1), dtype)) return static_cast<int64_t>(dtype);
  }
  if (nb::hasattr(object, "item") && nb::hasattr(object, "ndim")) return convert(object.attr("item")(), depth + 1);
  if (nb::hasattr(object, "__array__")) return convert(nb::module_::import_("numpy").attr("asarray")(object), depth + 1);
  if (nb::hasattr(object, "value") && nb::hasattr(object, "name")) return convert(object.attr("name"), depth + 1);
  refuse("an argument of type " + type + " cannot be passed to a model");
}

Value from_sequence(nb::handle object, int depth) {
  std::vector<Value> elements;
  for (nb::handle e : object) elements.push_back(convert(e, depth + 1));
  return PyTuple_Check(object.ptr()) ? make_tuple(std::move(elements)) : make_list(std::move(elements));
}

Value from_dict(nb::handle object, int depth) {
  auto dict = make_ref<DictObject>();
  for (auto [key, value] : nb::borrow<nb::dict>(object)) {
    Value k = convert(key, depth + 1);
    if (!k.is_string() && !k.is_number() && !k.is_tensor())
      refuse("a dict key of type " + class_name(key) + " cannot be passed to a model");
    dict->set(std::move(k), convert(value, depth + 1));
  }
  return dict;
}

nb::dlpack::dtype dlpack_dtype(DType t) {
  for (const DtypePair& p : dtypes)
    if (p.dtype == t) return {static_cast<uint8_t>(p.code), p.bits, 1};
  refuse(std::string("tensors of ") + dtype_name(t) + " cannot be shared");
}

template <class A>
nb::object export_array(const Tensor& x) {
  const nb::dlpack::dtype dtype = dlpack_dtype(x.dtype());
  std::vector<size_t> sizes(x.sizes().begin(), x.sizes().end());
  nb::capsule owner(new Tensor(x), [](void* p) noexcept { delete static_cast<Tensor*>(p); });
  return nb::cast(A(x.data(), sizes.size(), sizes.data(), owner, x.strides().data(), dtype), nb::rv_policy::reference);
}

}  // namespace

Value to_value(nb::handle object) { return convert(object, 0); }

nb::object to_python(const Value& value) {
  switch (value.tag()) {
    case Tag::none: return nb::none();
    case Tag::boolean: return nb::bool_(value.to_bool());
    case Tag::integer: return nb::int_(value.to_int());
    case Tag::floating: return nb::float_(value.to_double());
    case Tag::complex: return nb::steal(PyComplex_FromDoubles(value.to_complex().real(), value.to_complex().imag()));
    case Tag::string: {
      const std::string& s = value.to_string();
      return nb::steal(PyUnicode_DecodeUTF8(s.data(), static_cast<Py_ssize_t>(s.size()), "surrogateescape"));
    }
    case Tag::device: {
      static const nb::handle device = module_class("Device");
      return device(to_string(value.to_device()));
    }
    case Tag::tensor: return nb::cast(value.to_tensor());
    case Tag::tuple: {
      const auto& elements = value.to_tuple().elements;
      nb::object tuple = nb::steal(PyTuple_New(static_cast<Py_ssize_t>(elements.size())));
      for (size_t i = 0; i < elements.size(); ++i)
        PyTuple_SET_ITEM(tuple.ptr(), static_cast<Py_ssize_t>(i), to_python(elements[i]).release().ptr());
      const TupleNames names = tuple_names(value);
      if (names.fields.empty()) return tuple;
      static const nb::handle named_tuple = module_class("_named_tuple");
      return named_tuple(names.name, nb::cast(names.fields)).attr("_make")(tuple);
    }
    case Tag::list: {
      nb::list list;
      for (const Value& e : value.to_list().elements) list.append(to_python(e));
      return list;
    }
    case Tag::dict: {
      nb::dict dict;
      value.to_dict().for_each([&](const DictObject::Entry& e) { dict[to_python(e.key)] = to_python(e.value); });
      return dict;
    }
    case Tag::enumeration: return to_python(value.to_enum().value);
    case Tag::future: return to_python(value.to_future().value);
    default: return nb::cast(value);
  }
}

nb::object to_dlpack(const Tensor& x) { return export_array<nb::ndarray<>>(x); }

nb::object to_numpy(const Tensor& x) {
  if (x.dtype() == DType::bf16 || x.dtype() == DType::c32 || item_size(x.dtype()) == 1) {
    const bool plain = x.dtype() == DType::u8 || x.dtype() == DType::i8 || x.dtype() == DType::boolean;
    if (!plain) refuse(std::string("NumPy has no dtype ") + dtype_name(x.dtype()));
  }
  return export_array<nb::ndarray<nb::numpy>>(x);
}

}  // namespace tsrun::python
