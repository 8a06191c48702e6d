#include "tsrun/dtype.h"

#include <array>
#include <charconv>

#include "tsrun/error.h"

namespace tsrun {
namespace {

struct Row {
  DType dtype;
  size_t bytes;
  const char* name;         // torch.<name>
  const char* scalar_type;  // c10::ScalarType's word
  const char* shorthand;
};

constexpr Row rows[] = {
    {DType::u8, 1, "uint8", "Byte", "u8"},
    {DType::i8, 1, "int8", "Char", "i8"},
    {DType::i16, 2, "int16", "Short", "i16"},
    {DType::i32, 4, "int32", "Int", "i32"},
    {DType::i64, 8, "int64", "Long", "i64"},
    {DType::f16, 2, "float16", "Half", "f16"},
    {DType::f32, 4, "float32", "Float", "f32"},
    {DType::f64, 8, "float64", "Double", "f64"},
    {DType::c32, 4, "complex32", "ComplexHalf", "c32"},
    {DType::c64, 8, "complex64", "ComplexFloat", "c64"},
    {DType::c128, 16, "complex128", "ComplexDouble", "c128"},
    {DType::boolean, 1, "bool", "Bool", "bool"},
    {DType::qi8, 1, "qint8", "QInt8", "qi8"},
    {DType::qu8, 1, "quint8", "QUInt8", "qu8"},
    {DType::qi32, 4, "qint32", "QInt32", "qi32"},
    {DType::bf16, 2, "bfloat16", "BFloat16", "bf16"},
    {DType::f8_e5m2, 1, "float8_e5m2", "Float8_e5m2", "f8e5m2"},
    {DType::f8_e4m3fn, 1, "float8_e4m3fn", "Float8_e4m3fn", "f8e4m3fn"},
    {DType::f8_e5m2fnuz, 1, "float8_e5m2fnuz", "Float8_e5m2fnuz", "f8e5m2fnuz"},
    {DType::f8_e4m3fnuz, 1, "float8_e4m3fnuz", "Float8_e4m3fnuz", "f8e4m3fnuz"},
    {DType::u16, 2, "uint16", "UInt16", "u16"},
    {DType::u32, 4, "uint32", "UInt32", "u32"},
    {DType::u64, 8, "uint64", "UInt64", "u64"},
};

const Row* find(DType dtype) {
  static const auto table = [] {
    std::array<const Row*, 128> t{};
    for (const Row& r : rows) t[static_cast<size_t>(r.dtype)] = &r;
    return t;
  }();
  auto i = static_cast<int>(dtype);
  return i >= 0 ? table[static_cast<size_t>(i)] : nullptr;
}

}  // namespace

size_t item_size(DType dtype) {
  const Row* r = find(dtype);
  return r ? r->bytes : 0;
}
const char* dtype_name(DType dtype) {
  const Row* r = find(dtype);
  return r ? r->name : "unknown";
}
const char* scalar_type_name(DType dtype) {
  const Row* r = find(dtype);
  return r ? r->scalar_type : "Unknown";
}

DType dtype_from_int(int64_t number) {
  if (number < 0 || number > 127 || !find(static_cast<DType>(number)))
    throw Error(ErrorKind::model, std::to_string(number) + " is not the number of a dtype tsrun knows");
  return static_cast<DType>(number);
}

bool parse_dtype(std::string_view name, DType& out) {
  if (name.starts_with("torch.")) name.remove_prefix(6);
  for (const Row& r : rows)
    if (name == r.name || name == r.shorthand) return out = r.dtype, true;
  static constexpr std::pair<std::string_view, DType> other[] = {
      {"float", DType::f32}, {"double", DType::f64}, {"half", DType::f16},     {"long", DType::i64},       {"int", DType::i32},
      {"short", DType::i16}, {"cfloat", DType::c64}, {"cdouble", DType::c128}, {"boolean", DType::boolean}};
  for (auto& [n, d] : other)
    if (name == n) return out = d, true;
  return false;
}

Device parse_device(std::string_view text) {
  size_t colon = text.find(':');
  std::string_view kind = text.substr(0, colon);
  static constexpr std::pair<std::string_view, Device::Kind> kinds[] = {
      {"cpu", Device::Kind::cpu}, {"cuda", Device::Kind::cuda}, {"meta", Device::Kind::meta}, {"mps", Device::Kind::mps}};
  int index = -1;
  bool valid = colon == text.npos;
  if (!valid) {
    auto digits = text.substr(colon + 1);
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
    valid = error == std::errc() && end == digits.data() + digits.size() && index >= 0 && index < 127 && !digits.empty();
  }
  for (auto& [name, k] : kinds)
    if (valid && kind == name) return {k, static_cast<int8_t>(index)};
  for (std::string_view name : {"xla", "xpu", "hpu", "vulkan", "mkldnn", "ipu", "mtia", "lazy", "hip", "privateuseone"})
    if (valid && kind == name) return {Device::Kind::other, static_cast<int8_t>(index)};
  throw Error(ErrorKind::model, "Invalid device string: '" + std::string(text) + "'");
}

std::string to_string(Device d) {
  const char* kind = d.kind == Device::Kind::cpu    ? "cpu"
                     : d.kind == Device::Kind::cuda ? "cuda"
                     : d.kind == Device::Kind::meta ? "meta"
                     : d.kind == Device::Kind::mps  ? "mps"
                                                    : "other";
  return d.index < 0 ? kind : kind + (":" + std::to_string(d.index));
}

}  // namespace tsrun
