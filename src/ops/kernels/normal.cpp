#include "ops/kernels/normal.h"

#include <algorithm>
#include <bit>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/kernels/normal.cpp"
#include "ops/kernels/simd.h"
//
#include "hwy/foreach_target.h"
//
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace tsrun::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
namespace {

// The scalar functions serve targets whose product and sum are not fused; those on vectors take the same steps.
#if !HWY_NATIVE_FMA

/// Natural logarithm of Cephes, every product and sum that follow each other fused: PyTorch's vectors round this way.
float fused_log(float x) {
  x = std::max(x, 0x1p-126f);
  auto bits = std::bit_cast<uint32_t>(x);
  float exponent = static_cast<float>(static_cast<int32_t>(bits >> 23) - 126);
  x = std::bit_cast<float>((bits & 0x807fffffu) | 0x3f000000u);  // to [0.5, 1)
  if (x < 0.707106781186547524f) {
    exponent -= 1;
    x = x - 1 + x;
  } else {
    x = x - 1;
  }
  float square = x * x, y = 7.0376836292E-2f;
  for (float c : {-1.1514610310E-1f, 1.1676998740E-1f, -1.2420140846E-1f, 1.4249322787E-1f, -1.6668057665E-1f, 2.0000714765E-1f,
                  -2.4999993993E-1f, 3.3333331174E-1f})
    y = std::fma(y, x, c);
  y = std::fma(y * x, square, exponent * -2.12194440e-4f);
  y = std::fma(-0.5f, square, y);
  return std::fma(exponent, 0.693359375f, x + y);
}

/// Sine and cosine of Cephes for 0 <= x <= 2 pi, fused likewise.
void fused_sin_cos(float x, float& sine, float& cosine) {
  int octant = (static_cast<int>(x * 1.27323954473516f) + 1) & ~1;
  auto y = static_cast<float>(octant);
  x = std::fma(y, -0.78515625f, x);
  x = std::fma(y, -2.4187564849853515625e-4f, x);
  x = std::fma(y, -3.77489497744594108e-8f, x);
  float square = x * x;
  float even = std::fma(2.443315711809948E-005f, square, -1.388731625493765E-003f);
  even = std::fma(even, square, 4.166664568298827E-002f) * square;
  even = std::fma(even, square, -0.5f * square) + 1;
  float odd = std::fma(-1.9515295891E-4f, square, 8.3321608736E-3f);
  odd = std::fma(odd, square, -1.6666654611E-1f) * square;
  odd = std::fma(odd, x, x);
  bool swapped = octant & 2;
  sine = swapped ? even : odd;
  cosine = swapped ? odd : even;
  if (octant & 4) sine = -sine;
  if ((octant + 2) & 4) cosine = -cosine;
}

void block(float* u, float mean, float std) {
  for (int j = 0; j < 8; ++j) {
    float radius = std::sqrt(-2 * fused_log(1 - u[j])), sine, cosine;
    fused_sin_cos(6.283185307179586f * u[j + 8], sine, cosine);
    u[j] = std::fma(radius * cosine, std, mean);
    u[j + 8] = std::fma(radius * sine, std, mean);
  }
}

#else

using D = hn::CappedTag<float, 8>;
using V = hn::Vec<D>;
static_assert(hn::MaxLanes(D()) == 8);

HWY_INLINE V constant(float x) { return hn::Set(D(), x); }

/// Natural logarithm of Cephes for x in (0, 1].
HWY_INLINE V fused_log(V x) {
  const hn::RebindToSigned<D> di;
  const auto bits = hn::BitCast(di, hn::Max(x, constant(0x1p-126f)));
  const V binade = hn::ConvertTo(D(), hn::Sub(hn::ShiftRight<23>(bits), hn::Set(di, 126)));
  const V m = hn::BitCast(D(), hn::Or(hn::And(bits, hn::Set(di, 0x007fffff)), hn::Set(di, 0x3f000000)));
  const auto low = hn::Lt(m, constant(0.707106781186547524f));
  const V exponent = hn::Sub(binade, hn::IfThenElseZero(low, constant(1)));
  x = hn::Add(hn::Sub(m, constant(1)), hn::IfThenElseZero(low, m));
  const V square = hn::Mul(x, x);
  V y = constant(7.0376836292E-2f);
  for (float c : {-1.1514610310E-1f, 1.1676998740E-1f, -1.2420140846E-1f, 1.4249322787E-1f, -1.6668057665E-1f, 2.0000714765E-1f,
                  -2.4999993993E-1f, 3.3333331174E-1f})
    y = hn::MulAdd(y, x, constant(c));
  y = hn::MulAdd(hn::Mul(y, x), square, hn::Mul(exponent, constant(-2.12194440e-4f)));
  y = hn::MulAdd(constant(-0.5f), square, y);
  return hn::MulAdd(exponent, constant(0.693359375f), hn::Add(x, y));
}

/// Sine and cosine of Cephes for 0 <= x <= 2 pi.
HWY_INLINE void fused_sin_cos(V x, V& sine, V& cosine) {
  const hn::RebindToSigned<D> di;
  const auto octant = hn::And(hn::Add(hn::ConvertTo(di, hn::Mul(x, constant(1.27323954473516f))), hn::Set(di, 1)), hn::Set(di, ~1));
  const V y = hn::ConvertTo(D(), octant);
  x = hn::MulAdd(y, constant(-0.78515625f), x);
  x = hn::MulAdd(y, constant(-2.4187564849853515625e-4f), x);
  x = hn::MulAdd(y, constant(-3.77489497744594108e-8f), x);
  const V square = hn::Mul(x, x);
  V even = hn::MulAdd(constant(2.443315711809948E-005f), square, constant(-1.388731625493765E-003f));
  even = hn::Mul(hn::MulAdd(even, square, constant(4.166664568298827E-002f)), square);
  even = hn::Add(hn::MulAdd(even, square, hn::Mul(constant(-0.5f), square)), constant(1));
  V odd = hn::MulAdd(constant(-1.9515295891E-4f), square, constant(8.3321608736E-3f));
  odd = hn::Mul(hn::MulAdd(odd, square, constant(-1.6666654611E-1f)), square);
  odd = hn::MulAdd(odd, x, x);
  const auto swapped = hn::RebindMask(D(), hn::Ne(hn::And(octant, hn::Set(di, 2)), hn::Zero(di)));
  const auto sign_of = [&](auto k) HWY_ATTR { return hn::BitCast(D(), hn::ShiftLeft<29>(hn::And(k, hn::Set(di, 4)))); };
  sine = hn::Xor(hn::IfThenElse(swapped, even, odd), sign_of(octant));
  cosine = hn::Xor(hn::IfThenElse(swapped, odd, even), sign_of(hn::Add(octant, hn::Set(di, 2))));
}

HWY_INLINE void block(float* u, float mean, float std) {
  const D d;
  const V radius = hn::Sqrt(hn::Mul(constant(-2), fused_log(hn::Sub(constant(1), hn::LoadU(d, u)))));
  V sine = radius, cosine = radius;
  fused_sin_cos(hn::Mul(constant(6.283185307179586f), hn::LoadU(d, u + 8)), sine, cosine);
  hn::StoreU(hn::MulAdd(hn::Mul(radius, cosine), constant(std), constant(mean)), d, u);
  hn::StoreU(hn::MulAdd(hn::Mul(radius, sine), constant(std), constant(mean)), d, u + 8);
}

#endif

}  // namespace

HWY_ATTR void normal_blocks(float* u, int64_t blocks, float mean, float std) {
  for (int64_t i = 0; i < blocks; i++) block(u + 16 * i, mean, std);
}

}  // namespace tsrun::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tsrun::kernels {

void normal_from_uniform(float* u, int64_t blocks, float mean, float std) { TSRUN_PICK(normal_blocks)(u, blocks, mean, std); }

}  // namespace tsrun::kernels
#endif
