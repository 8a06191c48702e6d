// Element types, devices and layouts, with PyTorch's numbers and names.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tsrun {

/// The numbers are PyTorch's ScalarType: TorchScript code writes dtypes as these integers.
enum class DType : int8_t {
  u8 = 0,
  i8 = 1,
  i16 = 2,
  i32 = 3,
  i64 = 4,
  f16 = 5,
  f32 = 6,
  f64 = 7,
  c32 = 8,
  c64 = 9,
  c128 = 10,
  boolean = 11,
  qi8 = 12,
  qu8 = 13,
  qi32 = 14,
  bf16 = 15,
  f8_e5m2 = 23,
  f8_e4m3fn = 24,
  f8_e5m2fnuz = 25,
  f8_e4m3fnuz = 26,
  u16 = 27,
  u32 = 28,
  u64 = 29,
};

/// Bytes of one element; 0 for a number that is no DType.
size_t item_size(DType dtype);
/// "float32", "int64", "bool": torch.float32 without the prefix.
const char* dtype_name(DType dtype);
/// "Float", "Long", "Bool": the word of PyTorch's C++ messages and tensor printer.
const char* scalar_type_name(DType dtype);
/// From PyTorch's number; throws Error (model) for a number tsrun does not know.
DType dtype_from_int(int64_t number);
/// From "float32", "f32", "float", "int64", "i64", "long", "bool"...; false when unknown.
bool parse_dtype(std::string_view name, DType& out);

constexpr bool is_complex(DType t) { return t == DType::c32 || t == DType::c64 || t == DType::c128; }
constexpr bool is_floating(DType t) {
  return t == DType::f16 || t == DType::f32 || t == DType::f64 || t == DType::bf16 || (t >= DType::f8_e5m2 && t <= DType::f8_e4m3fnuz);
}
constexpr bool is_quantized(DType t) { return t == DType::qi8 || t == DType::qu8 || t == DType::qi32; }
/// Integers without bool and quantized types.
constexpr bool is_integer(DType t) { return (t >= DType::u8 && t <= DType::i64) || (t >= DType::u16 && t <= DType::u64); }

/// Where a tensor says it lives. Everything is computed on the CPU; other kinds are kept as names only.
struct Device {
  enum class Kind : int8_t { cpu = 0, cuda = 1, meta = 14, mps = 13, other = 127 };
  Kind kind = Kind::cpu;
  int8_t index = -1;  ///< -1: none given
  bool operator==(const Device&) const = default;
};
/// "cpu", "cuda:0"; throws Error (model) for text that names no device.
Device parse_device(std::string_view text);
std::string to_string(Device device);

enum class Layout : int8_t { strided = 0, sparse_coo = 1, sparse_csr = 2, mkldnn = 3, sparse_csc = 4, sparse_bsr = 5, sparse_bsc = 6 };
enum class MemoryFormat : int8_t { contiguous = 0, preserve = 1, channels_last = 2, channels_last_3d = 3 };

}  // namespace tsrun
