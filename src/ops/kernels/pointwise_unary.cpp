#include <cmath>

#include "ops/kernels/pointwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/kernels/pointwise_unary.cpp"
#include "ops/kernels/simd.h"
//
#include "hwy/foreach_target.h"
//
#include "hwy/highway.h"
#include "ops/kernels/simd-inl.h"
#include "ops/kernels/vmath-inl.h"
#include "ops/kernels/vmath_special-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tsrun::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
namespace {

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

HWY_INLINE V constant(float x) { return hn::Set(D(), x); }
HWY_INLINE V zero() { return hn::Zero(D()); }

/// Runs f over the span; f is a functor (const float* params) -> (V -> V), so that parameters are broadcast once.
template <class F>
HWY_ATTR void map(const float* x, float* y, int64_t n, const float* params) {
  const D d;
  const F f(params);
  constexpr int64_t lanes = hn::MaxLanes(d);
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(f(hn::LoadU(d, x + i)), d, y + i);
  if (i < n) store_first(f(load_first(d, x + i, n - i)), d, y + i, n - i);
}

template <V (*kFunction)(V)>
struct Plain {
  explicit Plain(const float*) {}
  HWY_INLINE V operator()(V x) const { return kFunction(x); }
};

HWY_INLINE V neg(V x) { return hn::Neg(x); }
HWY_INLINE V abs(V x) { return hn::Abs(x); }
HWY_INLINE V square(V x) { return hn::Mul(x, x); }
HWY_INLINE V sqrt(V x) { return hn::Sqrt(x); }
HWY_INLINE V rsqrt(V x) { return hn::Div(constant(1), hn::Sqrt(x)); }
HWY_INLINE V reciprocal(V x) { return hn::Div(constant(1), x); }
HWY_INLINE V floor(V x) { return hn::Floor(x); }
HWY_INLINE V ceil(V x) { return hn::Ceil(x); }
HWY_INLINE V trunc(V x) { return hn::Trunc(x); }
HWY_INLINE V round(V x) { return hn::Round(x); }
HWY_INLINE V sign(V x) {  // 0 for zeros and NaN
  const V up = hn::IfThenElse(hn::Gt(x, zero()), constant(1), zero());
  return hn::IfThenElse(hn::Lt(x, zero()), constant(-1), up);
}
HWY_INLINE V relu(V x) { return hn::IfThenElse(hn::Lt(x, zero()), zero(), x); }
HWY_INLINE V relu6(V x) { return Limit(D(), x, 0, 6); }
HWY_INLINE V hardsigmoid(V x) { return hn::Mul(Limit(D(), hn::Add(x, constant(3)), 0, 6), constant(1 / 6.0f)); }
HWY_INLINE V hardswish(V x) { return hn::Mul(hn::Mul(x, Limit(D(), hn::Add(x, constant(3)), 0, 6)), constant(1 / 6.0f)); }
HWY_INLINE V exp(V x) { return Exp(D(), x); }
HWY_INLINE V expm1(V x) { return Expm1(D(), x); }
HWY_INLINE V log(V x) { return Log(D(), x); }
HWY_INLINE V log1p(V x) { return Log1p(D(), x); }
HWY_INLINE V log2(V x) { return Log2(D(), x); }
HWY_INLINE V log10(V x) { return Log10(D(), x); }
HWY_INLINE V sin(V x) { return Sin(D(), x); }
HWY_INLINE V cos(V x) { return Cos(D(), x); }
HWY_INLINE V tanh(V x) { return Tanh(D(), x); }
HWY_INLINE V erf(V x) { return Erf(D(), x); }
HWY_INLINE V exp2(V x) { return Exp2(D(), x); }
HWY_INLINE V tan(V x) { return Tan(D(), x); }
HWY_INLINE V atan(V x) { return Atan(D(), x); }
HWY_INLINE V sinh(V x) { return Sinh(D(), x); }
HWY_INLINE V cosh(V x) { return Cosh(D(), x); }
HWY_INLINE V atanh(V x) { return Atanh(D(), x); }
HWY_INLINE V erfc(V x) { return Erfc(D(), x); }
HWY_INLINE V frac(V x) { return hn::Sub(x, hn::Trunc(x)); }
HWY_INLINE V sigmoid(V x) { return Sigmoid(D(), x); }
HWY_INLINE V log_sigmoid(V x) {  // min(x, 0) - log1p(exp(-|x|))
  const V low = hn::IfThenElse(hn::Gt(x, zero()), zero(), x);
  return hn::Sub(low, Log1p(D(), Exp(D(), hn::Neg(hn::Abs(x)))));
}
HWY_INLINE V silu(V x) { return Silu(D(), x); }
HWY_INLINE V gelu(V x) { return Gelu(D(), x); }
HWY_INLINE V gelu_tanh(V x) { return GeluTanh(D(), x); }
HWY_INLINE V mish(V x) { return Mish(D(), x); }
HWY_INLINE V softsign(V x) { return hn::Div(x, hn::Add(constant(1), hn::Abs(x))); }

struct Hardtanh {
  explicit Hardtanh(const float* p) : lo(constant(p[0])), hi(constant(p[1])) {}
  HWY_INLINE V operator()(V x) const {  // PyTorch's min(max(x, lo), hi): hi wins when lo > hi
    const V above = hn::IfThenElse(hn::Lt(x, lo), lo, x);
    return hn::IfThenElse(hn::Gt(above, hi), hi, above);
  }
  V lo, hi;
};
struct LeakyRelu {
  explicit LeakyRelu(const float* p) : slope(constant(p[0])) {}
  HWY_INLINE V operator()(V x) const { return hn::IfThenElse(hn::Gt(x, zero()), x, hn::Mul(x, slope)); }
  V slope;
};
struct Threshold {
  explicit Threshold(const float* p) : limit(constant(p[0])), value(constant(p[1])) {}
  HWY_INLINE V operator()(V x) const { return hn::IfThenElse(hn::Le(x, limit), value, x); }
  V limit, value;
};
struct Hardshrink {
  explicit Hardshrink(const float* p) : lambda(constant(p[0])) {}
  HWY_INLINE V operator()(V x) const { return hn::IfThenElse(hn::And(hn::Ge(x, hn::Neg(lambda)), hn::Le(x, lambda)), zero(), x); }
  V lambda;
};
struct Softshrink {
  explicit Softshrink(const float* p) : lambda(constant(p[0])) {}
  HWY_INLINE V operator()(V x) const {
    const V up = hn::IfThenElse(hn::Gt(x, lambda), hn::Sub(x, lambda), hn::Mul(x, zero()));  // NaN falls through as NaN
    return hn::IfThenElse(hn::Lt(x, hn::Neg(lambda)), hn::Add(x, lambda), up);
  }
  V lambda;
};
struct Affine {
  explicit Affine(const float* p) : a(constant(p[0])), b(constant(p[1])) {}
  HWY_INLINE V operator()(V x) const { return hn::MulAdd(a, x, b); }
  V a, b;
};
struct Elu {
  explicit Elu(const float* p) : negative(constant(p[0] * p[1])), scale(constant(p[1])), input_scale(constant(p[2])) {}
  HWY_INLINE V operator()(V x) const {
    const V below = hn::Mul(negative, Expm1(D(), hn::Mul(x, input_scale)));
    return hn::IfThenElse(hn::Gt(x, zero()), hn::Mul(x, scale), below);
  }
  V negative, scale, input_scale;
};
struct SoftplusOf {
  explicit SoftplusOf(const float* p) : beta(constant(p[0])), threshold(constant(p[1])) {}
  HWY_INLINE V operator()(V x) const { return Softplus(D(), x, beta, threshold); }
  V beta, threshold;
};

HWY_INLINE V erfinv(V x) { return Erfinv(D(), x); }
HWY_INLINE V ndtri(V x) { return Ndtri(D(), x); }

// PyTorch evaluates these exponents by multiplication or square root; the others by the C library's pow.
HWY_ATTR void pow(const float* x, float* y, int64_t n, const float* params) {
  const float e = params[0];
  struct Cube {
    explicit Cube(const float*) {}
    HWY_INLINE V operator()(V v) const { return hn::Mul(hn::Mul(v, v), v); }
  };
  struct InverseSquare {
    explicit InverseSquare(const float*) {}
    HWY_INLINE V operator()(V v) const { return hn::Div(constant(1), hn::Mul(v, v)); }
  };
  if (e == 2.0f) return map<Plain<square>>(x, y, n, params);
  if (e == 3.0f) return map<Cube>(x, y, n, params);
  if (e == 0.5f) return map<Plain<sqrt>>(x, y, n, params);
  if (e == -0.5f) return map<Plain<rsqrt>>(x, y, n, params);
  if (e == -1.0f) return map<Plain<reciprocal>>(x, y, n, params);
  if (e == -2.0f) return map<InverseSquare>(x, y, n, params);
  for (int64_t i = 0; i < n; i++) y[i] = std::pow(x[i], e);
}

}  // namespace

HWY_ATTR void erfinv_row(const float* x, float* y, int64_t n) { map<Plain<erfinv>>(x, y, n, nullptr); }
HWY_ATTR void ndtri_row(const float* x, float* y, int64_t n) { map<Plain<ndtri>>(x, y, n, nullptr); }

UnaryF32 unary_row(Unary op) {
  switch (op) {
    case Unary::neg: return map<Plain<neg>>;
    case Unary::abs: return map<Plain<abs>>;
    case Unary::square: return map<Plain<square>>;
    case Unary::sqrt: return map<Plain<sqrt>>;
    case Unary::rsqrt: return map<Plain<rsqrt>>;
    case Unary::reciprocal: return map<Plain<reciprocal>>;
    case Unary::sign: return map<Plain<sign>>;
    case Unary::floor: return map<Plain<floor>>;
    case Unary::ceil: return map<Plain<ceil>>;
    case Unary::trunc: return map<Plain<trunc>>;
    case Unary::round: return map<Plain<round>>;
    case Unary::relu: return map<Plain<relu>>;
    case Unary::relu6: return map<Plain<relu6>>;
    case Unary::hardswish: return map<Plain<hardswish>>;
    case Unary::hardsigmoid: return map<Plain<hardsigmoid>>;
    case Unary::hardtanh: return map<Hardtanh>;
    case Unary::leaky_relu: return map<LeakyRelu>;
    case Unary::threshold: return map<Threshold>;
    case Unary::hardshrink: return map<Hardshrink>;
    case Unary::softshrink: return map<Softshrink>;
    case Unary::affine: return map<Affine>;
    case Unary::exp: return map<Plain<exp>>;
    case Unary::expm1: return map<Plain<expm1>>;
    case Unary::log: return map<Plain<log>>;
    case Unary::log1p: return map<Plain<log1p>>;
    case Unary::log2: return map<Plain<log2>>;
    case Unary::log10: return map<Plain<log10>>;
    case Unary::sin: return map<Plain<sin>>;
    case Unary::cos: return map<Plain<cos>>;
    case Unary::tanh: return map<Plain<tanh>>;
    case Unary::erf: return map<Plain<erf>>;
    case Unary::exp2: return map<Plain<exp2>>;
    case Unary::tan: return map<Plain<tan>>;
    case Unary::atan: return map<Plain<atan>>;
    case Unary::sinh: return map<Plain<sinh>>;
    case Unary::cosh: return map<Plain<cosh>>;
    case Unary::atanh: return map<Plain<atanh>>;
    case Unary::erfc: return map<Plain<erfc>>;
    case Unary::frac: return map<Plain<frac>>;
    case Unary::sigmoid: return map<Plain<sigmoid>>;
    case Unary::log_sigmoid: return map<Plain<log_sigmoid>>;
    case Unary::silu: return map<Plain<silu>>;
    case Unary::gelu: return map<Plain<gelu>>;
    case Unary::gelu_tanh: return map<Plain<gelu_tanh>>;
    case Unary::mish: return map<Plain<mish>>;
    case Unary::softsign: return map<Plain<softsign>>;
    case Unary::elu: return map<Elu>;
    case Unary::softplus: return map<SoftplusOf>;
    case Unary::pow: return pow;
  }
  return map<Plain<neg>>;
}

}  // namespace tsrun::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tsrun::kernels {

void erfinv(const float* x, float* y, int64_t n) { TSRUN_PICK(erfinv_row)(x, y, n); }
void ndtri(const float* x, float* y, int64_t n) { TSRUN_PICK(ndtri_row)(x, y, n); }
UnaryF32 unary_f32(Unary op) { return TSRUN_PICK(unary_row)(op); }

}  // namespace tsrun::kernels
#endif
