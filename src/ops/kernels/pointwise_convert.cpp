#include "ops/kernels/pointwise_convert.h"

#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/kernels/pointwise_convert.cpp"
#include "ops/kernels/simd.h"
//
#include "hwy/foreach_target.h"
//
#include "hwy/highway.h"
#include "ops/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tsrun::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
namespace {

template <class To, class From>
HWY_INLINE To bits_as(From x) {
  static_assert(sizeof(To) == sizeof(From));
  To y;
  std::memcpy(&y, &x, sizeof y);
  return y;
}

HWY_INLINE float f16_to_f32(uint16_t h) {
  uint32_t sign = static_cast<uint32_t>(h & 0x8000) << 16, magnitude = h & 0x7fff;
  if (magnitude >= 0x7c00) return bits_as<float>(sign | 0x7f800000 | (magnitude & 0x3ff) << 13);  // infinity, NaN
  float scaled = bits_as<float>(magnitude << 13) * 5.192296858534828e+33f;                        // 2^112; subnormals come out normal
  return bits_as<float>(sign | bits_as<uint32_t>(scaled));
}

HWY_INLINE uint16_t f32_to_f16(float x) {
  uint32_t bits = bits_as<uint32_t>(x), sign = bits >> 16 & 0x8000, magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return static_cast<uint16_t>(sign | 0x7e00);
  if (magnitude >= 0x477ff000) return static_cast<uint16_t>(sign | 0x7c00);  // 65520 and more
  if (magnitude < 0x38800000) {                                              // below 2^-14: the addition rounds at a step of 2^-24
    uint32_t rounded = bits_as<uint32_t>(bits_as<float>(magnitude) + 0.5f) - 0x3f000000;
    return static_cast<uint16_t>(sign | rounded);
  }
  uint32_t rounded = magnitude - 0x38000000 + 0xfff + (magnitude >> 13 & 1);
  return static_cast<uint16_t>(sign | rounded >> 13);
}

HWY_INLINE uint16_t f32_to_bf16(float x) {
  uint32_t bits = bits_as<uint32_t>(x);
  uint32_t rounded = bits + 0x7fff + (bits >> 16 & 1);
  return static_cast<uint16_t>((bits & 0x7fffffff) > 0x7f800000 ? 0x7fc0 : rounded >> 16);
}

HWY_ATTR void f16_to_f32_row(const uint16_t* x, float* y, int64_t n) {
  int64_t i = 0;
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3
  const hn::ScalableTag<float> d;
  const hn::Rebind<hwy::float16_t, decltype(d)> dh;
  const hn::Rebind<uint16_t, decltype(d)> du;
  constexpr int64_t lanes = hn::MaxLanes(d);
  for (; i + lanes <= n; i += lanes) hn::StoreU(hn::PromoteTo(d, hn::BitCast(dh, hn::LoadU(du, x + i))), d, y + i);
#endif
  for (; i < n; i++) y[i] = f16_to_f32(x[i]);
}

HWY_ATTR void f32_to_f16_row(const float* x, uint16_t* y, int64_t n) {
  int64_t i = 0;
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3
  const hn::ScalableTag<float> d;
  const hn::Rebind<hwy::float16_t, decltype(d)> dh;
  const hn::Rebind<uint16_t, decltype(d)> du;
  constexpr int64_t lanes = hn::MaxLanes(d);
  for (; i + lanes <= n; i += lanes) hn::StoreU(hn::BitCast(du, hn::DemoteTo(dh, hn::LoadU(d, x + i))), du, y + i);
#endif
  for (; i < n; i++) y[i] = f32_to_f16(x[i]);
}

// The loops below are plain: the compiler makes vectors of them for each target.
HWY_ATTR void bf16_to_f32_row(const uint16_t* x, float* y, int64_t n) {
  for (int64_t i = 0; i < n; i++) y[i] = bits_as<float>(static_cast<uint32_t>(x[i]) << 16);
}

HWY_ATTR void f32_to_bf16_row(const float* x, uint16_t* y, int64_t n) {
  for (int64_t i = 0; i < n; i++) y[i] = f32_to_bf16(x[i]);
}

template <class From, class To>
HWY_ATTR void cast_row(const From* x, To* y, int64_t n) {
  for (int64_t i = 0; i < n; i++) y[i] = static_cast<To>(x[i]);
}

}  // namespace

}  // namespace tsrun::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tsrun::kernels {

void convert_f16_to_f32(const uint16_t* x, float* y, int64_t n) { TSRUN_PICK(f16_to_f32_row)(x, y, n); }
void convert_f32_to_f16(const float* x, uint16_t* y, int64_t n) { TSRUN_PICK(f32_to_f16_row)(x, y, n); }
void convert_bf16_to_f32(const uint16_t* x, float* y, int64_t n) { TSRUN_PICK(bf16_to_f32_row)(x, y, n); }
void convert_f32_to_bf16(const float* x, uint16_t* y, int64_t n) { TSRUN_PICK(f32_to_bf16_row)(x, y, n); }
void convert_f32_to_f64(const float* x, double* y, int64_t n) { TSRUN_PICK(cast_row<float, double>)(x, y, n); }
void convert_f64_to_f32(const double* x, float* y, int64_t n) { TSRUN_PICK(cast_row<double, float>)(x, y, n); }
void convert_i32_to_f32(const int32_t* x, float* y, int64_t n) { TSRUN_PICK(cast_row<int32_t, float>)(x, y, n); }
void convert_i64_to_f32(const int64_t* x, float* y, int64_t n) { TSRUN_PICK(cast_row<int64_t, float>)(x, y, n); }
void convert_u8_to_f32(const uint8_t* x, float* y, int64_t n) { TSRUN_PICK(cast_row<uint8_t, float>)(x, y, n); }

}  // namespace tsrun::kernels
#endif
