// Tangent, inverse trigonometric and hyperbolic functions, the complement and the inverses of erf, on f32 vectors; what vmath-inl.h says of
// its functions holds for these. The polynomials are minimax fits in the relative error of the result.
#include <cmath>
#include <cstdint>

#if defined(TSRUN_VMATH_SPECIAL_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef TSRUN_VMATH_SPECIAL_INL_H
#undef TSRUN_VMATH_SPECIAL_INL_H
#else
#define TSRUN_VMATH_SPECIAL_INL_H
#endif

#include "hwy/highway.h"
#include "ops/kernels/vmath-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tsrun::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// y 2^n for integral n in [-250, 250], in two factors.
template <class D, class V>
HWY_INLINE V ScaleByPower(D d, V y, V n) {
  const V half = hn::Floor(hn::Mul(n, hn::Set(d, 0.5f)));
  return hn::Mul(hn::Mul(y, PowerOfTwo(d, half)), PowerOfTwo(d, hn::Sub(n, half)));
}

/// 1.2 ulp.
template <class D, class V>
HWY_INLINE V Exp2(D d, V x) {
  const V limited = Limit(d, x, -151.0f, 129.0f), n = hn::Round(limited), r = hn::Sub(limited, n);
  const V q = Polynomial(d, r, 1.535336050e-04f, 1.339887502e-03f, 9.618436918e-03f, 5.550332367e-02f, 2.402264774e-01f, 6.931471825e-01f);
  return ScaleByPower(d, hn::MulAdd(q, r, hn::Set(d, 1.0f)), n);
}

/// exp(x) / 2, finite as long as the half is: 1 ulp.
template <class D, class V>
HWY_INLINE V HalfExp(D d, V x) {
  const auto [n, r, u] = SplitExp(d, Limit(d, x, -104.0f, 90.0f));
  return ScaleByPower(d, hn::Add(hn::MulAdd(hn::Mul(r, r), u, r), hn::Set(d, 1.0f)), hn::Sub(n, hn::Set(d, 1.0f)));
}

/// 2 ulp.
template <class D, class V>
HWY_INLINE V Sinh(D d, V x) {
  const V a = hn::Abs(x), z = hn::Mul(x, x), half = HalfExp(d, a);
  const V p = Polynomial(d, z, 2.817439736e-06f, 1.983606635e-04f, 8.333350532e-03f, 1.666666716e-01f);
  const V near = hn::MulAdd(hn::Mul(p, z), a, a);
  const V far = hn::Sub(half, hn::Div(hn::Set(d, 0.25f), half));
  return hn::CopySign(hn::IfThenElse(hn::Lt(a, hn::Set(d, 1.0f)), near, far), x);
}

/// 2 ulp.
template <class D, class V>
HWY_INLINE V Cosh(D d, V x) {
  const V half = HalfExp(d, hn::Abs(x));
  return hn::Add(half, hn::Div(hn::Set(d, 0.25f), half));
}

/// 3 ulp.
template <class D, class V>
HWY_INLINE V Atanh(D d, V x) {
  const V a = hn::Abs(x), half = hn::Set(d, 0.5f);
  return hn::CopySign(hn::Mul(half, Log1p(d, hn::Div(hn::Add(a, a), hn::Sub(hn::Set(d, 1.0f), a)))), x);
}

/// atan(t) for t in [0, 1].
template <class D, class V>
HWY_INLINE V AtanOfUnit(D d, V t) {
  const V z = hn::Mul(t, t);
  const V p = Polynomial(d, z, -1.827184693e-03f, 1.106431521e-02f, -3.145546839e-02f, 5.823431909e-02f, -8.419445902e-02f,
                         1.095757186e-01f, -1.426524520e-01f, 1.999863833e-01f, -3.333330154e-01f);
  return hn::MulAdd(hn::Mul(p, z), t, t);
}

constexpr float kHalfPi = 1.57079637f, kHalfPiRest = -4.37113883e-08f;

/// 2 ulp.
template <class D, class V>
HWY_INLINE V Atan(D d, V x) {
  const V a = hn::Abs(x), one = hn::Set(d, 1.0f);
  const auto large = hn::Gt(a, one);
  const V r = AtanOfUnit(d, hn::IfThenElse(large, hn::Div(one, a), a));
  const V turned = hn::Sub(hn::Set(d, kHalfPi), hn::Sub(r, hn::Set(d, kHalfPiRest)));
  return hn::CopySign(hn::IfThenElse(large, turned, r), x);
}

/// The angle of the point (x, y), with C's answers for zeros and infinities: 2 ulp.
template <class D, class V>
HWY_INLINE V Atan2(D d, V y, V x) {
  const V a = hn::Abs(y), b = hn::Abs(x), zero = hn::Zero(d);
  const auto steep = hn::Gt(a, b), equal = hn::Eq(a, b);
  V t = hn::Div(hn::IfThenElse(steep, b, a), hn::IfThenElse(steep, a, b));
  t = hn::IfThenElse(equal, hn::IfThenElse(hn::Eq(a, zero), zero, hn::Set(d, 1.0f)), t);  // 0 / 0, and infinity over infinity
  V r = AtanOfUnit(d, t);
  r = hn::IfThenElse(steep, hn::Sub(hn::Set(d, kHalfPi), hn::Sub(r, hn::Set(d, kHalfPiRest))), r);
  const V mirrored = hn::Sub(hn::Set(d, 2 * kHalfPi), hn::Sub(r, hn::Set(d, 2 * kHalfPiRest)));
  r = hn::IfThenElse(hn::Lt(hn::CopySign(hn::Set(d, 1.0f), x), zero), mirrored, r);
  return hn::IfThenElse(hn::Or(hn::IsNaN(x), hn::IsNaN(y)), hn::NaN(d), hn::CopySign(r, y));
}

/// 2 ulp (the C library's for lanes beyond 2^20).
template <class D, class V>
HWY_INLINE V Tan(D d, V x) {
#if HWY_TARGET == HWY_SCALAR
  return ByLane(d, x, [](float t) { return std::tan(t); });
#else
  const V a = hn::Abs(x);
  if (HWY_UNLIKELY(!hn::AllTrue(d, hn::Lt(a, hn::Set(d, 1048576.0f))))) return ByLane(d, x, [](float t) { return std::tan(t); });
  const hn::RebindToSigned<D> di;
  V r = x;
  auto q = hn::Zero(di);
  ReduceHalfPi(d, x, r, q);
  const V z = hn::Mul(r, r);
  const V p = Polynomial(d, z, 9.466621093e-03f, 2.972724615e-03f, 2.452933043e-02f, 5.338095501e-02f, 1.333920360e-01f, 3.333314061e-01f);
  const V t = hn::MulAdd(hn::Mul(p, z), r, r);
  const auto odd = hn::RebindMask(d, hn::Eq(hn::And(q, hn::Set(di, 1)), hn::Set(di, 1)));
  return hn::IfThenElse(hn::Lt(a, hn::Set(d, 1e-4f)), x, hn::IfThenElse(odd, hn::Div(hn::Set(d, -1.0f), t), t));
#endif
}

/// 1 - erf(x), accurate where it is small: 4 ulp.
template <class D, class V>
HWY_INLINE V Erfc(D d, V x) {
  // exp(x^2) erfc(x) (1 + 2x) as a polynomial in (x - 2) / (x + 2), x in [0, 10.2]; the result is 0 from 10.06 on.
  const V a = Limit(d, hn::Abs(x), 0, 10.2f), two = hn::Set(d, 2.0f), one = hn::Set(d, 1.0f);
  const V t = hn::Div(hn::Sub(a, two), hn::Add(a, two));
  const V p = Polynomial(d, t, 2.775367648e-05f, -3.620207135e-04f, -1.253062976e-03f, 1.271210727e-03f, 8.637555875e-03f,
                         -8.044015616e-03f, -5.420486256e-02f, 1.640530974e-01f, -1.660313904e-01f, -9.276389331e-02f, 1.276978374e+00f);
  // a^2 = high^2 + (a - high)(a + high); the square of high is exact
  const hn::RebindToUnsigned<D> du;
  const V high = hn::BitCast(d, hn::And(hn::BitCast(du, a), hn::Set(du, 0xfffff000u)));
  const V rest = hn::Mul(hn::Sub(a, high), hn::Add(a, high));
  const V y = hn::Mul(hn::Mul(Exp(d, hn::Neg(hn::Mul(high, high))), Exp(d, hn::Neg(rest))), hn::Div(p, hn::MulAdd(two, a, one)));
  return hn::IfThenElse(hn::Lt(x, hn::Zero(d)), hn::Sub(two, y), y);
}

/// The y >= 0 with erf(y) = a, from a in [0, 1] and s^2 = w = -log(1 - a^2): 5 ulp.
template <class D, class V>
HWY_INLINE V ErfInverse(D d, V a, V w) {
  const V u = hn::Sub(w, hn::Set(d, 2.5f)), s = hn::Sqrt(w), v = hn::Sub(s, hn::Set(d, 3.0f)), f = hn::Sub(s, hn::Set(d, 7.0f));
  const V near = Polynomial(d, u, 2.853478875e-08f, 3.437270664e-07f, -3.528859452e-06f, -4.396781151e-06f, 2.186021884e-04f,
                            -1.253707567e-03f, -4.177707713e-03f, 2.466407269e-01f, 1.501409411e+00f);
  const V mid = Polynomial(d, v, -4.686784087e-05f, 1.081041992e-03f, -3.517725039e-03f, 5.860455334e-03f, -7.667568978e-03f,
                           9.420019574e-03f, 1.001677036e+00f, 2.832977295e+00f);
  const V far = Polynomial(d, f, -9.727980199e-08f, 5.488267334e-07f, -1.212249572e-06f, 4.492379958e-06f, 4.795779205e-06f,
                           -5.095271626e-04f, 1.008597255e+00f, 6.869018555e+00f);
  const V p = hn::IfThenElse(hn::Lt(w, hn::Set(d, 5.0f)), near, hn::IfThenElse(hn::Lt(w, hn::Set(d, 16.0f)), mid, far));
  return hn::Mul(p, a);
}

/// 5 ulp.
template <class D, class V>
HWY_INLINE V Erfinv(D d, V x) {
  const V a = hn::Abs(x), one = hn::Set(d, 1.0f);
  const V y = ErfInverse(d, a, hn::Neg(Log(d, hn::Mul(hn::Sub(one, a), hn::Add(one, a)))));
  return hn::CopySign(hn::IfThenElse(hn::Eq(a, one), hn::Set(d, HUGE_VALF), y), x);
}

/// The quantile of the standard normal distribution: 6 ulp.
template <class D, class V>
HWY_INLINE V Ndtri(D d, V p) {
  const V one = hn::Set(d, 1.0f), two = hn::Set(d, 2.0f), q = hn::Add(p, p), centred = hn::Sub(q, one);
  const auto low = hn::Lt(p, hn::Set(d, 0.25f));
  const V a = hn::Abs(centred);  // exact where it matters: from 1/4 on
  const V lost = hn::IfThenElse(low, q, hn::Sub(one, a));
  V y = ErfInverse(d, a, hn::Neg(Log(d, hn::Mul(lost, hn::Sub(two, lost)))));
  y = hn::IfThenElse(hn::Eq(lost, hn::Zero(d)), hn::Set(d, HUGE_VALF), y);
  return hn::CopySign(hn::Mul(y, hn::Set(d, 1.41421356f)), centred);
}

}  // namespace tsrun::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
