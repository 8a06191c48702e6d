// From a run-time dtype to a C++ element type.
#pragma once
#include <complex>
#include <type_traits>
#include <utility>

#include "ops/check.h"
#include "ops/half.h"
#include "tsrun/dtype.h"

namespace tsrun {

using C64 = std::complex<float>;
using C128 = std::complex<double>;

template <class T>
inline constexpr DType dtype_of = DType::f32;
template <>
inline constexpr DType dtype_of<uint8_t> = DType::u8;
template <>
inline constexpr DType dtype_of<int8_t> = DType::i8;
template <>
inline constexpr DType dtype_of<int16_t> = DType::i16;
template <>
inline constexpr DType dtype_of<int32_t> = DType::i32;
template <>
inline constexpr DType dtype_of<int64_t> = DType::i64;
template <>
inline constexpr DType dtype_of<uint16_t> = DType::u16;
template <>
inline constexpr DType dtype_of<uint32_t> = DType::u32;
template <>
inline constexpr DType dtype_of<uint64_t> = DType::u64;
template <>
inline constexpr DType dtype_of<bool> = DType::boolean;
template <>
inline constexpr DType dtype_of<Half> = DType::f16;
template <>
inline constexpr DType dtype_of<BFloat16> = DType::bf16;
template <>
inline constexpr DType dtype_of<double> = DType::f64;
template <>
inline constexpr DType dtype_of<C64> = DType::c64;
template <>
inline constexpr DType dtype_of<C128> = DType::c128;

template <class T>
inline constexpr bool is_complex_type = std::is_same_v<T, C64> || std::is_same_v<T, C128>;
template <class T>
inline constexpr bool is_half_type = std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>;

/// The type in which arithmetic on T is done: float for the halves, T otherwise.
template <class T>
using Compute = std::conditional_t<is_half_type<T>, float, T>;

template <class... T>
struct TypeList {};
using FloatTypes = TypeList<float, double, Half, BFloat16>;
using ComplexTypes = TypeList<C64, C128>;
using IntTypes = TypeList<uint8_t, int8_t, int16_t, int32_t, int64_t>;
using RealTypes = TypeList<float, double, Half, BFloat16, uint8_t, int8_t, int16_t, int32_t, int64_t>;
using RealBoolTypes = TypeList<float, double, Half, BFloat16, uint8_t, int8_t, int16_t, int32_t, int64_t, bool>;
using FloatComplexTypes = TypeList<float, double, Half, BFloat16, C64, C128>;
using NumberTypes = TypeList<float, double, Half, BFloat16, uint8_t, int8_t, int16_t, int32_t, int64_t, C64, C128>;
using AllTypes = TypeList<float, double, Half, BFloat16, uint8_t, int8_t, int16_t, int32_t, int64_t, bool, C64, C128>;
/// AllTypes and the unsigned types that PyTorch can only store, convert and compare.
using StorableTypes =
    TypeList<float, double, Half, BFloat16, uint8_t, int8_t, int16_t, int32_t, int64_t, bool, C64, C128, uint16_t, uint32_t, uint64_t>;

/// Calls f.template operator()<T>() for the T of the list that `dtype` names; throws Error (model) "<what> ... not implemented for 'Long'"
/// otherwise.
template <class... T, class F>
void dispatch(TypeList<T...>, DType dtype, const char* what, F&& f) {
  bool found = ((dtype == dtype_of<T> && (f.template operator()<T>(), true)) || ...);
  if (!found) fail("\"", what, "\" not implemented for '", scalar_type_name(dtype), "'");
}

}  // namespace tsrun
