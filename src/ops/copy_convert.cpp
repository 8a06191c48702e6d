#include "ops/copy_convert.h"

#include <cmath>
#include <cstring>
#include <limits>

#include "ops/dispatch.h"
#include "ops/kernels/pointwise_convert.h"

namespace tsrun {
namespace {

// A row goes through one of four wide types, a tile at a time: 15 readers and 4 x 15 writers instead of 225 pairs.
constexpr int64_t tile = 256;

template <class T>
using Wide = std::conditional_t<
    is_complex_type<T>, C128,
    std::conditional_t<std::is_same_v<T, uint64_t>, uint64_t, std::conditional_t<std::is_integral_v<T>, int64_t, double>>>;

/// The conversions of the x86 instructions, without undefined behaviour: out of range gives the most negative number.
template <class Int>
Int truncate(double x) {
  constexpr double low = static_cast<double>(std::numeric_limits<Int>::min());
  return x >= low && x < -low ? static_cast<Int>(x) : std::numeric_limits<Int>::min();
}

template <class To, class From>
To narrow_number(From x) {
  if constexpr (std::is_same_v<From, C128>) {
    if constexpr (std::is_same_v<To, bool>) return x != C128(0);
    else if constexpr (is_complex_type<To>) return To(x);
    else return narrow_number<To>(x.real());
  } else if constexpr (std::is_same_v<To, bool>) {
    return x != 0;
  } else if constexpr (is_complex_type<To>) {
    return To(static_cast<typename To::value_type>(x));
  } else if constexpr (std::is_same_v<From, double> && std::is_same_v<To, uint64_t>) {
    return x >= 0x1p63 ? static_cast<uint64_t>(truncate<int64_t>(x - 0x1p63)) + (uint64_t{1} << 63)
                       : static_cast<uint64_t>(truncate<int64_t>(x));
  } else if constexpr (std::is_same_v<From, double> && std::is_integral_v<To>) {
    using Int = std::conditional_t<sizeof(To) == 8 || std::is_unsigned_v<To>, int64_t, int32_t>;
    return static_cast<To>(truncate<Int>(x));
  } else {
    return static_cast<To>(x);
  }
}

template <class From>
void load_tile(const char* from, int64_t step, Wide<From>* to, int64_t n) {
  for (int64_t i = 0; i < n; ++i) to[i] = Wide<From>(*reinterpret_cast<const From*>(from + i * step));
}

template <class W, class To>
void store_tile(const W* from, char* to, int64_t step, int64_t n) {
  for (int64_t i = 0; i < n; ++i) *reinterpret_cast<To*>(to + i * step) = narrow_number<To>(from[i]);
}

template <class W>
void store_wide(DType to_type, const W* from, char* to, int64_t step, int64_t n) {
  dispatch(StorableTypes(), to_type, "copy_kernel", [&]<class To>() { store_tile<W, To>(from, to, step, n); });
}

void through_wide(const char* from, int64_t from_step, char* to, int64_t to_step, int64_t n, DType from_type, DType to_type) {
  dispatch(StorableTypes(), from_type, "copy_kernel", [&]<class From>() {
    Wide<From> wide[tile];
    for (int64_t i = 0; i < n; i += tile) {
      int64_t part = std::min(tile, n - i);
      load_tile<From>(from + i * from_step, from_step, wide, part);
      store_wide(to_type, wide, to + i * to_step, to_step, part);
    }
  });
}

/// A direct loop for a pair met often; `Span`, when not null, does contiguous rows.
template <class From, class To, auto Span = nullptr>
void direct(const char* from, int64_t from_step, char* to, int64_t to_step, int64_t n, DType, DType) {
  if (from_step == sizeof(From) && to_step == sizeof(To)) {
    if constexpr (!std::is_null_pointer_v<decltype(Span)>) {
      Span(reinterpret_cast<const From*>(from), reinterpret_cast<To*>(to), n);
      return;
    }
    auto* x = reinterpret_cast<const From*>(from);
    auto* y = reinterpret_cast<To*>(to);
    for (int64_t i = 0; i < n; ++i) y[i] = narrow_number<To>(Wide<From>(x[i]));
    return;
  }
  for (int64_t i = 0; i < n; ++i)
    *reinterpret_cast<To*>(to + i * to_step) = narrow_number<To>(Wide<From>(*reinterpret_cast<const From*>(from + i * from_step)));
}

template <auto Span>
struct FromBits;
/// The 16-bit formats are bare bits to the kernels.
template <class From, class To, void (*Span)(const From*, To*, int64_t)>
struct FromBits<Span> {
  template <class A, class B>
  static void run(const A* x, B* y, int64_t n) {
    Span(reinterpret_cast<const From*>(x), reinterpret_cast<To*>(y), n);
  }
};

struct Pair {
  DType from, to;
  ConvertRow row;
};

constexpr Pair direct_pairs[] = {
    {DType::f16, DType::f32, direct<Half, float, FromBits<kernels::convert_f16_to_f32>::run<Half, float>>},
    {DType::f32, DType::f16, direct<float, Half, FromBits<kernels::convert_f32_to_f16>::run<float, Half>>},
    {DType::bf16, DType::f32, direct<BFloat16, float, FromBits<kernels::convert_bf16_to_f32>::run<BFloat16, float>>},
    {DType::f32, DType::bf16, direct<float, BFloat16, FromBits<kernels::convert_f32_to_bf16>::run<float, BFloat16>>},
    {DType::f32, DType::f64, direct<float, double, kernels::convert_f32_to_f64>},
    {DType::f64, DType::f32, direct<double, float, kernels::convert_f64_to_f32>},
    {DType::i32, DType::f32, direct<int32_t, float, kernels::convert_i32_to_f32>},
    {DType::i64, DType::f32, direct<int64_t, float, kernels::convert_i64_to_f32>},
    {DType::u8, DType::f32, direct<uint8_t, float, kernels::convert_u8_to_f32>},
    {DType::boolean, DType::f32, direct<uint8_t, float, kernels::convert_u8_to_f32>},
    {DType::f32, DType::i64, direct<float, int64_t>},
    {DType::f32, DType::u8, direct<float, uint8_t>},
    {DType::i64, DType::i32, direct<int64_t, int32_t>},
    {DType::i32, DType::i64, direct<int32_t, int64_t>},
    {DType::boolean, DType::i64, direct<uint8_t, int64_t>},
    {DType::i64, DType::boolean, direct<int64_t, bool>},
    {DType::u8, DType::i64, direct<uint8_t, int64_t>},
    {DType::i64, DType::u8, direct<int64_t, uint8_t>},
};

/// Complex numbers of halves are two halves; everything else about them goes through complex64.
struct C32 {
  Half real, imaginary;
};

void from_c32(const char* from, int64_t from_step, char* to, int64_t to_step, int64_t n, DType, DType to_type) {
  C64 narrow[tile];
  for (int64_t i = 0; i < n; i += tile) {
    int64_t part = std::min(tile, n - i);
    for (int64_t j = 0; j < part; ++j) {
      auto& c = *reinterpret_cast<const C32*>(from + (i + j) * from_step);
      narrow[j] = {c.real, c.imaginary};
    }
    convert_row(DType::c64, to_type)(reinterpret_cast<const char*>(narrow), sizeof(C64), to + i * to_step, to_step, part, DType::c64,
                                     to_type);
  }
}

void to_c32(const char* from, int64_t from_step, char* to, int64_t to_step, int64_t n, DType from_type, DType) {
  C64 narrow[tile];
  for (int64_t i = 0; i < n; i += tile) {
    int64_t part = std::min(tile, n - i);
    convert_row(from_type, DType::c64)(from + i * from_step, from_step, reinterpret_cast<char*>(narrow), sizeof(C64), part, from_type,
                                       DType::c64);
    for (int64_t j = 0; j < part; ++j) {
      auto& c = *reinterpret_cast<C32*>(to + (i + j) * to_step);
      c.real = Half(narrow[j].real());
      c.imaginary = Half(narrow[j].imag());
    }
  }
}

bool convertible(DType t) { return !is_quantized(t) && !(t >= DType::f8_e5m2 && t <= DType::f8_e4m3fnuz); }

/// The C++ name that PyTorch's overflow message gives a type.
const char* cpp_name(DType t) {
  switch (t) {
    case DType::u8: return "uint8_t";
    case DType::i8: return "int8_t";
    case DType::i16: return "int16_t";
    case DType::i32: return "int";
    case DType::i64: return "int64_t";
    case DType::u16: return "uint16_t";
    case DType::u32: return "uint32_t";
    case DType::u64: return "uint64_t";
    case DType::f16: return "c10::Half";
    case DType::bf16: return "c10::BFloat16";
    case DType::f32: return "float";
    case DType::f64: return "double";
    default: return scalar_type_name(t);
  }
}

template <class T>
bool fits(const Scalar& v) {
  if constexpr (std::is_same_v<T, bool> || is_complex_type<T>) {
    return true;
  } else {
    if (v.is_complex() && v.to_complex().imag() != 0) return false;
    double d = v.to_double();
    if constexpr (!std::is_integral_v<T>) {
      double high = std::is_same_v<T, Half>       ? 65504.0
                    : std::is_same_v<T, BFloat16> ? 0x1.fep127
                                                  : static_cast<double>(std::numeric_limits<Compute<T>>::max());
      return !(std::abs(d) > high) || std::isinf(d);
    } else if (v.is_bool() || v.is_int()) {
      if (std::is_unsigned_v<T> && sizeof(T) == 8) return true;
      int64_t i = v.to_int(), high = static_cast<int64_t>(std::numeric_limits<T>::max());
      return i <= high &&
             i >= (std::is_unsigned_v<T> ? -high : static_cast<int64_t>(std::numeric_limits<T>::min()));  // negative wraps around
    } else {
      double high = std::ldexp(1.0, std::numeric_limits<T>::digits);
      return d < high && (std::is_unsigned_v<T> ? d > -high : d >= -high);
    }
  }
}

}  // namespace

ConvertRow convert_row(DType from, DType to) {
  for (const Pair& pair : direct_pairs)
    if (pair.from == from && pair.to == to) return pair.row;
  if (from == DType::c32 && convertible(to)) return from_c32;
  if (to == DType::c32 && convertible(from)) return to_c32;
  if (!convertible(from) || !convertible(to)) unsupported("conversion from ", from, " to ", to);
  return through_wide;
}

void store_scalar(const Scalar& value, DType dtype, void* element) {
  dispatch(StorableTypes(), dtype, "fill_cpu", [&]<class T>() {
    if (!fits<T>(value)) fail("value cannot be converted to type ", cpp_name(dtype), " without overflow");
    T v = value.is_complex()    ? narrow_number<T>(value.to_complex())
          : value.is_floating() ? narrow_number<T>(value.to_double())
                                : narrow_number<T>(value.to_int());
    std::memcpy(element, &v, sizeof v);
  });
}

Scalar load_scalar(const void* element, DType dtype) {
  Scalar out;
  dispatch(StorableTypes(), dtype, "_local_scalar_dense_cpu", [&]<class T>() {
    T v;
    std::memcpy(&v, element, sizeof v);
    if constexpr (std::is_same_v<T, bool>) out = Scalar(v);
    else if constexpr (std::is_integral_v<T>) out = Scalar(static_cast<int64_t>(v));
    else if constexpr (is_complex_type<T>) out = Scalar(C128(v));
    else out = Scalar(static_cast<double>(v));
  });
  return out;
}

}  // namespace tsrun
