// Elementary functions on f32 vectors, for kernels to call on values in registers. Compiled once per target, see simd.h.
// All take (d, x) with d a full-width float tag. NaN gives NaN and infinities give the limit on every target; errors are against the
// exact result, over the whole range. Straight-line code but for Sin and Cos, which leave it when a lane is beyond 2^20.
#include <cmath>
#include <cstdint>

#if defined(TSRUN_VMATH_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef TSRUN_VMATH_INL_H
#undef TSRUN_VMATH_INL_H
#else
#define TSRUN_VMATH_INL_H
#endif

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace tsrun::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// c[0] x^n + c[1] x^(n-1) + ... + c[n], by Horner's rule.
template <class D, class V, class... Rest>
HWY_INLINE V Polynomial(D d, V x, float first, Rest... rest) {
  V sum = hn::Set(d, first);
  ((sum = hn::MulAdd(sum, x, hn::Set(d, rest))), ...);
  return sum;
}

/// x limited to [lo, hi]; NaN stays NaN: x86 minimum and maximum return their second operand when either is NaN.
template <class D, class V>
HWY_INLINE V Limit(D d, V x, float lo, float hi) {
  const V low = hn::Set(d, lo), high = hn::Set(d, hi);
#if HWY_ARCH_X86 && HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
  return hn::Min(high, hn::Max(low, x));
#else
  const V above = hn::IfThenElse(hn::Lt(x, low), low, x);
  return hn::IfThenElse(hn::Gt(above, high), high, above);
#endif
}

/// 2^n for integral n in [-126, 127].
template <class D, class V>
HWY_INLINE V PowerOfTwo(D d, V n) {
  const hn::RebindToSigned<D> di;
  return hn::BitCast(d, hn::ShiftLeft<23>(hn::Add(hn::ConvertTo(di, n), hn::Set(di, 127))));
}

/// x 2^n for integral n in [-252, 254], rounded once.
template <class D, class V>
HWY_INLINE V Scale(D d, V x, V n) {
#if HWY_TARGET == HWY_AVX3
  if constexpr (hn::MaxLanes(D()) == 16) return V{_mm512_scalef_ps(x.raw, n.raw)};
#endif
  const V half = hn::Floor(hn::Mul(n, hn::Set(d, 0.5f)));  // two factors: the last binade and subnormal results come out right
  return hn::Mul(hn::Mul(x, PowerOfTwo(d, half)), PowerOfTwo(d, hn::Sub(n, half)));
}

/// The parts of exp(x) = 2^n (1 + r + r^2 u), n integral, |r| <= ln2 / 2.
template <class V>
struct ExpParts {
  V n, r, u;
};

template <class D, class V>
HWY_INLINE ExpParts<V> SplitExp(D d, V x) {
  const V n = hn::Round(hn::Mul(x, hn::Set(d, 1.442695040888963407f)));
  V r = hn::MulAdd(n, hn::Set(d, -0.693145751953125f), x);  // ln2 in two parts; the products with the first are exact
  r = hn::MulAdd(n, hn::Set(d, -1.428606765330187045e-06f), r);
  const V u = Polynomial(d, r, 0.000198527617612853646278381f, 0.00139304355252534151077271f, 0.00833336077630519866943359f,
                         0.0416664853692054748535156f, 0.166666671633720397949219f, 0.5f);
  return {n, r, u};
}

/// 1 ulp.
template <class D, class V>
HWY_INLINE V Exp(D d, V x) {
  const auto [n, r, u] = SplitExp(d, Limit(d, x, -104.0f, 89.0f));
  const V mantissa = hn::Add(hn::MulAdd(hn::Mul(r, r), u, r), hn::Set(d, 1.0f));
  return Scale(d, mantissa, n);
}

/// exp(x) - 1 without cancellation: 2 ulp.
template <class D, class V>
HWY_INLINE V Expm1(D d, V x) {
  const auto [n, r, u] = SplitExp(d, Limit(d, x, -40.0f, 89.0f));
  const V p = hn::MulAdd(hn::Mul(r, r), u, r);
  const V half = PowerOfTwo(d, hn::Sub(n, hn::Set(d, 1.0f)));  // 2^(n-1): n = 128 must not overflow before the end
  const V y = hn::MulAdd(half, p, hn::Sub(half, hn::Set(d, 0.5f)));
  return hn::IfThenElse(hn::Lt(hn::Abs(x), hn::Set(d, 1e-8f)), x, hn::Add(y, y));
}

/// The parts of a positive finite x = 2^e m, sqrt(1/2) <= m < sqrt(2), and log(m) = f + rest with f = m - 1.
template <class V>
struct LogParts {
  V e, f, rest;
};

template <class D, class V>
HWY_INLINE LogParts<V> SplitLog(D d, V x) {
  const hn::RebindToSigned<D> di;
  const auto subnormal = hn::Lt(x, hn::Set(d, 1.17549435e-38f));
  const V scaled = hn::IfThenElse(subnormal, hn::Mul(x, hn::Set(d, 8388608.0f)), x);
  const auto offset = hn::Sub(hn::BitCast(di, scaled), hn::Set(di, 0x3f3504f3));  // bits above those of sqrt(1/2)
  const V binade = hn::ConvertTo(d, hn::ShiftRight<23>(offset));
  const auto mantissa = hn::Add(hn::And(offset, hn::Set(di, 0x007fffff)), hn::Set(di, 0x3f3504f3));
  const V f = hn::Sub(hn::BitCast(d, mantissa), hn::Set(d, 1.0f)), z = hn::Mul(f, f);
  const V p = Polynomial(d, f, 7.0376836292e-2f, -1.1514610310e-1f, 1.1676998740e-1f, -1.2420140846e-1f, 1.4249322787e-1f,
                         -1.6668057665e-1f, 2.0000714765e-1f, -2.4999993993e-1f, 3.3333331174e-1f);
  const V rest = hn::MulAdd(hn::Mul(f, z), p, hn::Mul(z, hn::Set(d, -0.5f)));
  return {hn::IfThenElse(subnormal, hn::Sub(binade, hn::Set(d, 23.0f)), binade), f, rest};
}

/// y, but the right limits where x has no finite logarithm.
template <class D, class V>
HWY_INLINE V LogLimits(D d, V x, V y) {
  const V inf = hn::Set(d, HUGE_VALF);
  y = hn::IfThenElse(hn::Eq(x, inf), inf, y);
  y = hn::IfThenElse(hn::Eq(x, hn::Zero(d)), hn::Neg(inf), y);
  return hn::IfThenElse(hn::Ge(x, hn::Zero(d)), y, hn::NaN(d));
}

/// 1 ulp.
template <class D, class V>
HWY_INLINE V Log(D d, V x) {
  const auto [e, f, rest] = SplitLog(d, x);
  const V low = hn::MulAdd(e, hn::Set(d, -2.12194440e-4f), rest);
  return LogLimits(d, x, hn::MulAdd(e, hn::Set(d, 0.693359375f), hn::Add(f, low)));
}

/// 2 ulp; powers of two are exact.
template <class D, class V>
HWY_INLINE V Log2(D d, V x) {
  const auto [e, f, rest] = SplitLog(d, x);
  const V scale = hn::Set(d, 1.44269504088896f), scale_low = hn::Set(d, 1.925963033500011e-8f);
  const V low = hn::MulAdd(f, scale_low, hn::Mul(rest, scale));
  return LogLimits(d, x, hn::Add(e, hn::MulAdd(f, scale, low)));
}

/// 2 ulp.
template <class D, class V>
HWY_INLINE V Log10(D d, V x) {
  const auto [e, f, rest] = SplitLog(d, x);
  const V scale = hn::Set(d, 0.43429448190325f);
  const V low = hn::MulAdd(e, hn::Set(d, 4.6050390665e-6f), hn::Mul(rest, scale));
  return LogLimits(d, x, hn::MulAdd(e, hn::Set(d, 0.301025390625f), hn::MulAdd(f, scale, low)));
}

/// log(1 + x) without cancellation: 2 ulp.
template <class D, class V>
HWY_INLINE V Log1p(D d, V x) {
  const V one = hn::Set(d, 1.0f), u = hn::Add(x, one);
  const V lost = hn::Sub(x, hn::Sub(u, one));  // what rounding took from u; exact while |x| < 2^24, and negligible beyond
  const V y = hn::Add(Log(d, u), hn::IfThenElse(hn::Lt(u, hn::Set(d, 1e7f)), hn::Div(lost, u), hn::Zero(d)));
  const V whole = hn::IfThenElse(hn::Eq(u, hn::Zero(d)), hn::Set(d, -HUGE_VALF), y);
  return hn::IfThenElse(hn::Lt(hn::Abs(x), hn::Set(d, 1e-8f)), x, whole);
}

/// 1.5 ulp.
template <class D, class V>
HWY_INLINE V Tanh(D d, V x) {
  const V a = hn::Abs(x), z = hn::Mul(x, x), one = hn::Set(d, 1.0f);
  const V p = Polynomial(d, z, -5.70498872745e-3f, 2.06390887954e-2f, -5.37397155531e-2f, 1.33314422036e-1f, -3.33332819422e-1f);
  const V near = hn::MulAdd(hn::Mul(p, z), x, x);
  const V far = hn::Sub(one, hn::Div(hn::Set(d, 2.0f), hn::Add(Exp(d, hn::Add(a, a)), one)));
  return hn::CopySign(hn::IfThenElse(hn::Lt(a, hn::Set(d, 0.625f)), near, far), x);  // the polynomial turns -0 into 0
}

/// 2.5 ulp, absolute 9e-8.
template <class D, class V>
HWY_INLINE V Sigmoid(D d, V x) {
  const V one = hn::Set(d, 1.0f);
  return hn::Div(one, hn::Add(one, Exp(d, hn::Neg(x))));
}

/// x sigmoid(x): 2.5 ulp; Silu(-inf) is NaN as in PyTorch.
template <class D, class V>
HWY_INLINE V Silu(D d, V x) {
  return hn::Div(x, hn::Add(hn::Set(d, 1.0f), Exp(d, hn::Neg(x))));
}

/// 1 ulp.
template <class D, class V>
HWY_INLINE V Erf(D d, V x) {
  const V t = hn::Abs(x), s = hn::Mul(x, x);
  const V high = hn::MulAdd(hn::Set(d, -1.72853470e-5f), t, hn::Set(d, 3.83197126e-4f));
  const V low = hn::MulAdd(hn::Set(d, -3.88396438e-3f), t, hn::Set(d, 2.42546219e-2f));
  V r = hn::MulAdd(high, s, low);
  r = hn::MulAdd(r, t, hn::Set(d, -1.06777877e-1f));
  r = hn::MulAdd(r, t, hn::Set(d, -6.34846687e-1f));
  r = hn::MulAdd(r, t, hn::Set(d, -1.28717512e-1f));
  r = hn::MulAdd(r, t, hn::Neg(t));
  const V far = hn::CopySign(hn::Sub(hn::Set(d, 1.0f), Exp(d, r)), x);
  const V q = Polynomial(d, s, -5.96761703e-4f, 4.99119423e-3f, -2.67681349e-2f, 1.12819925e-1f, -3.76125336e-1f, 1.28379166e-1f);
  const V near = hn::CopySign(hn::MulAdd(q, x, x), x);
  const V limited = hn::IfThenElse(hn::Gt(t, hn::Set(d, 4.0f)), hn::CopySign(hn::Set(d, 1.0f), x), far);  // r is inf - inf at infinity
  return hn::IfThenElse(hn::Gt(t, hn::Set(d, 0.927734375f)), limited, near);                              // NaN takes `near`
}

/// x/2 (1 + erf(x/sqrt2)): absolute 4.5e-7; NaN at -inf.
template <class D, class V>
HWY_INLINE V Gelu(D d, V x) {
  const V half = hn::Mul(x, hn::Set(d, 0.5f));
  return hn::Mul(half, hn::Add(hn::Set(d, 1.0f), Erf(d, hn::Mul(x, hn::Set(d, 0.70710678118654752f)))));
}

/// x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))): absolute 4.5e-7; NaN at -inf.
template <class D, class V>
HWY_INLINE V GeluTanh(D d, V x) {
  const V half = hn::Mul(x, hn::Set(d, 0.5f)), cube = hn::Mul(hn::Mul(x, x), x);
  const V inner = hn::Mul(hn::Set(d, 0.79788456080286536f), hn::MulAdd(cube, hn::Set(d, 0.044715f), x));
  return hn::Mul(half, hn::Add(hn::Set(d, 1.0f), Tanh(d, inner)));
}

/// log(1 + exp(beta x)) / beta, and x itself where beta x > threshold: 3 ulp.
template <class D, class V>
HWY_INLINE V Softplus(D d, V x, V beta, V threshold) {
  const V scaled = hn::Mul(x, beta);
  return hn::IfThenElse(hn::Gt(scaled, threshold), x, hn::Div(Log1p(d, Exp(d, scaled)), beta));
}

/// x tanh(log(1 + exp(x))), as a quotient in e = exp(x): 4 ulp; NaN at -inf.
template <class D, class V>
HWY_INLINE V Mish(D d, V x) {
  const V two = hn::Set(d, 2.0f), e = Exp(d, x), n = hn::Mul(e, hn::Add(e, two));
  const V y = hn::Mul(x, hn::Div(n, hn::Add(n, two)));
  return hn::IfThenElse(hn::Gt(x, hn::Set(d, 20.0f)), x, y);
}

/// f applied to each lane, for the rare lane that straight-line code does not cover.
template <class D, class V>
HWY_NOINLINE HWY_ATTR V ByLane(D d, V x, float (*f)(float)) {
  HWY_ALIGN float lanes[hn::MaxLanes(D())];
  hn::Store(x, d, lanes);
  for (float& lane : lanes) lane = f(lane);
  return hn::Load(d, lanes);
}

#if HWY_TARGET != HWY_SCALAR
/// x = q pi/2 + r with |r| <= pi/4, for |x| < 2^20. In f64: exact enough on targets without fused multiply-add, too.
template <class D, class V, class I>
HWY_INLINE void ReduceHalfPi(D d, V x, V& r, I& q) {
  const hn::Half<D> dh;
  const hn::Rebind<double, decltype(dh)> dd;
  const hn::RebindToSigned<D> di;
  const hn::RebindToSigned<decltype(dh)> dih;
  const auto low = hn::PromoteTo(dd, hn::LowerHalf(dh, x)), high = hn::PromoteTo(dd, hn::UpperHalf(dh, x));
  const auto inverse = hn::Set(dd, 0.63661977236758134308), part1 = hn::Set(dd, 1.57079632673412561417e+00);
  const auto part2 = hn::Set(dd, 6.07710050650619224932e-11);
  const auto n_low = hn::Round(hn::Mul(low, inverse)), n_high = hn::Round(hn::Mul(high, inverse));
  const auto r_low = hn::NegMulAdd(n_low, part2, hn::NegMulAdd(n_low, part1, low));
  const auto r_high = hn::NegMulAdd(n_high, part2, hn::NegMulAdd(n_high, part1, high));
  r = hn::Combine(d, hn::DemoteTo(dh, r_high), hn::DemoteTo(dh, r_low));
  q = hn::Combine(di, hn::DemoteTo(dih, n_high), hn::DemoteTo(dih, n_low));
}

/// sin(x + quarter pi/2) for |x| < 2^20.
template <class D, class V>
HWY_INLINE V SinQuarter(D d, V x, int quarter) {
  const hn::RebindToSigned<D> di;
  V r = x;
  auto q = hn::Zero(di);
  ReduceHalfPi(d, x, r, q);
  q = hn::Add(q, hn::Set(di, quarter));
  const V z = hn::Mul(r, r), one = hn::Set(d, 1.0f);
  const V sine = hn::MulAdd(hn::Mul(Polynomial(d, z, -1.9515295891e-4f, 8.3321608736e-3f, -1.6666654611e-1f), z), r, r);
  const V tail = hn::Mul(Polynomial(d, z, 2.443315711809948e-5f, -1.388731625493765e-3f, 4.166664568298827e-2f), z);
  const V cosine = hn::MulAdd(hn::Sub(tail, hn::Set(d, 0.5f)), z, one);
  const auto odd = hn::Eq(hn::And(q, hn::Set(di, 1)), hn::Set(di, 1));
  const V sign = hn::BitCast(d, hn::ShiftLeft<30>(hn::And(q, hn::Set(di, 2))));
  return hn::Xor(hn::IfThenElse(hn::RebindMask(d, odd), cosine, sine), sign);
}

/// 1.5 ulp (the C library's for lanes beyond 2^20).
template <class D, class V>
HWY_INLINE V Sin(D d, V x) {
  const V a = hn::Abs(x);
  if (HWY_UNLIKELY(!hn::AllTrue(d, hn::Lt(a, hn::Set(d, 1048576.0f))))) return ByLane(d, x, [](float t) { return std::sin(t); });
  return hn::IfThenElse(hn::Lt(a, hn::Set(d, 1e-4f)), x, SinQuarter(d, x, 0));
}

/// 1.5 ulp (the C library's for lanes beyond 2^20).
template <class D, class V>
HWY_INLINE V Cos(D d, V x) {
  if (HWY_UNLIKELY(!hn::AllTrue(d, hn::Lt(hn::Abs(x), hn::Set(d, 1048576.0f))))) return ByLane(d, x, [](float t) { return std::cos(t); });
  return SinQuarter(d, x, 1);
}
#else
template <class D, class V>
HWY_INLINE V Sin(D d, V x) {
  return ByLane(d, x, [](float t) { return std::sin(t); });
}

template <class D, class V>
HWY_INLINE V Cos(D d, V x) {
  return ByLane(d, x, [](float t) { return std::cos(t); });
}
#endif

}  // namespace tsrun::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
