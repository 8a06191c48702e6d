#include "fill.h"

#include <bit>
#include <cmath>

#include "command.h"

namespace tsrun::tool {
namespace {

float half_to_float(uint16_t h) {
  const int exponent = (h >> 10) & 31, mantissa = h & 1023;
  const float magnitude = exponent == 31  ? (mantissa ? NAN : INFINITY)
                          : exponent == 0 ? std::ldexp(static_cast<float>(mantissa), -24)
                                          : std::ldexp(static_cast<float>(mantissa + 1024), exponent - 25);
  return h & 0x8000 ? -magnitude : magnitude;
}

/// Rounds to nearest even by way of the integer that counts units of the last place.
uint16_t float_to_half(float f) {
  const uint16_t sign = std::signbit(f) ? 0x8000 : 0;
  const float magnitude = std::fabs(f);
  if (std::isnan(f)) return sign | 0x7e00;
  if (magnitude >= 65520.0f) return sign | 0x7c00;
  if (magnitude < 0x1p-14f) return static_cast<uint16_t>(sign | static_cast<int>(std::nearbyint(magnitude * 0x1p24f)));
  int exponent;
  const float fraction = std::frexp(magnitude, &exponent);  // in [0.5, 1)
  return static_cast<uint16_t>(sign | (static_cast<int>(std::nearbyint(fraction * 2048)) + ((exponent + 13) << 10)));
}

float bfloat_to_float(uint16_t b) { return std::bit_cast<float>(uint32_t{b} << 16); }
uint16_t float_to_bfloat(float f) {
  const auto bits = std::bit_cast<uint32_t>(f);
  return static_cast<uint16_t>(std::isnan(f) ? (bits >> 16) | 0x40 : (bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

void store(void* p, DType dtype, std::complex<double> v) {
  auto put = [p](auto value) { *static_cast<decltype(value)*>(p) = value; };
  const double r = v.real();
  switch (dtype) {
    case DType::f32: return put(static_cast<float>(r));
    case DType::f64: return put(r);
    case DType::f16: return put(float_to_half(static_cast<float>(r)));
    case DType::bf16: return put(float_to_bfloat(static_cast<float>(r)));
    case DType::c64: return put(std::complex<float>(v));
    case DType::c128: return put(v);
    case DType::boolean: return put(static_cast<uint8_t>(v != 0.0));
    default: break;
  }
  if (!is_integer(dtype)) throw Error(ErrorKind::usage, std::string("tensors of ") + dtype_name(dtype) + " cannot be made here");
  const auto integer = std::fabs(r) < 0x1p63 ? static_cast<int64_t>(r) : 0;
  switch (item_size(dtype)) {
    case 1: return put(static_cast<uint8_t>(integer));
    case 2: return put(static_cast<uint16_t>(integer));
    case 4: return put(static_cast<uint32_t>(integer));
    default: return put(integer);
  }
}

}  // namespace

Tensor filled(IntSpan sizes, DType dtype, const std::function<std::complex<double>(int64_t)>& f) {
  Tensor x = Tensor::empty(sizes, dtype);
  auto* p = x.data<std::byte>();
  for (int64_t i = 0; i < x.numel(); ++i, p += item_size(dtype)) store(p, dtype, f(i));
  return x;
}

std::complex<double> complex_element(const Tensor& x, int64_t i) {
  switch (x.dtype()) {
    case DType::f32: return x.data<float>()[i];
    case DType::f64: return x.data<double>()[i];
    case DType::f16: return half_to_float(x.data<uint16_t>()[i]);
    case DType::bf16: return bfloat_to_float(x.data<uint16_t>()[i]);
    case DType::c64: return x.data<std::complex<float>>()[i];
    case DType::c128: return x.data<std::complex<double>>()[i];
    case DType::i8: return x.data<int8_t>()[i];
    case DType::i16: return x.data<int16_t>()[i];
    case DType::i32: return x.data<int32_t>()[i];
    case DType::i64: return static_cast<double>(x.data<int64_t>()[i]);
    case DType::u8: return x.data<uint8_t>()[i];
    case DType::boolean: return x.data<uint8_t>()[i] != 0;
    case DType::u16: return x.data<uint16_t>()[i];
    case DType::u32: return x.data<uint32_t>()[i];
    case DType::u64: return static_cast<double>(x.data<uint64_t>()[i]);
    default: throw Error(ErrorKind::unsupported, std::string("elements of ") + dtype_name(x.dtype()) + " cannot be shown as numbers");
  }
}

double element(const Tensor& x, int64_t i) { return complex_element(x, i).real(); }

}  // namespace tsrun::tool
