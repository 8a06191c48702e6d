#include <cmath>
#include <type_traits>

#include "ops/kernels/pointwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/kernels/pointwise_binary.cpp"
#include "ops/kernels/simd.h"
//
#include "hwy/foreach_target.h"
//
#include "hwy/highway.h"
#include "ops/kernels/simd-inl.h"
#include "ops/kernels/vmath_special-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tsrun::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
namespace {

// Each functor has a vector form for floats; integers and pow take the element form, functions of two numbers in double, too. Integer
// arithmetic is unsigned: it wraps around.
template <class T>
auto wrap(T x) {
  if constexpr (std::is_integral_v<T>) return static_cast<std::make_unsigned_t<T>>(x);
  else return x;
}

struct Add {
  template <class D, class V>
  HWY_INLINE V operator()(D, V a, V b, V alpha) const {
    return hn::MulAdd(b, alpha, a);
  }
  template <class T>
  HWY_INLINE T element(T a, T b, T alpha) const {
    return static_cast<T>(wrap(a) + wrap(b) * wrap(alpha));
  }
};
struct Sub {
  template <class D, class V>
  HWY_INLINE V operator()(D, V a, V b, V alpha) const {
    return hn::NegMulAdd(b, alpha, a);
  }
  template <class T>
  HWY_INLINE T element(T a, T b, T alpha) const {
    return static_cast<T>(wrap(a) - wrap(b) * wrap(alpha));
  }
};
struct Mul {
  template <class D, class V>
  HWY_INLINE V operator()(D, V a, V b, V) const {
    return hn::Mul(a, b);
  }
  template <class T>
  HWY_INLINE T element(T a, T b, T) const {
    return static_cast<T>(wrap(a) * wrap(b));
  }
};
struct Div {
  template <class D, class V>
  HWY_INLINE V operator()(D, V a, V b, V) const {
    return hn::Div(a, b);
  }
  template <class T>
  HWY_INLINE T element(T a, T b, T) const {
    return b == T(-1) ? static_cast<T>(-wrap(a)) : a / b;  // the smallest integer over -1 traps
  }
};
struct Max {
  template <class D, class V>
  HWY_INLINE V operator()(D, V a, V b, V) const {
    const V larger = hn::IfThenElse(hn::Gt(a, b), a, b);  // b when b is NaN
    return hn::IfThenElse(hn::IsNaN(a), a, larger);
  }
  template <class T>
  HWY_INLINE T element(T a, T b, T) const {
    return a > b ? a : b;
  }
};
struct Min {
  template <class D, class V>
  HWY_INLINE V operator()(D, V a, V b, V) const {
    const V smaller = hn::IfThenElse(hn::Lt(a, b), a, b);
    return hn::IfThenElse(hn::IsNaN(a), a, smaller);
  }
  template <class T>
  HWY_INLINE T element(T a, T b, T) const {
    return a < b ? a : b;
  }
};
struct Pow {
  template <class T>
  HWY_INLINE T element(T a, T b, T) const {
    return std::pow(a, b);
  }
};

struct Atan2Of {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V a, V b, V) const {
    return Atan2(d, a, b);
  }
  double element(double a, double b, double) const { return std::atan2(a, b); }
};
struct Hypot {  // the larger times sqrt(1 + ratio^2), which neither overflows nor underflows: 2 ulp
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x, V y, V) const {
    const V a = hn::Abs(x), b = hn::Abs(y), inf = hn::Set(d, HUGE_VALF);
    const V larger = hn::IfThenElse(hn::Lt(a, b), b, a), smaller = hn::IfThenElse(hn::Lt(a, b), a, b);
    const V ratio = hn::Div(smaller, larger);
    V r = hn::Mul(larger, hn::Sqrt(hn::MulAdd(ratio, ratio, hn::Set(d, 1.0f))));
    r = hn::IfThenElse(hn::Eq(larger, hn::Zero(d)), hn::Add(a, b), r);
    return hn::IfThenElse(hn::Or(hn::Eq(a, inf), hn::Eq(b, inf)), inf, r);
  }
  double element(double a, double b, double) const { return std::hypot(a, b); }
};
struct LogAddExp {  // 4 ulp of the larger of the result and the operands
  template <class D, class V>
  HWY_INLINE V operator()(D d, V a, V b, V) const {
    const V larger = Max()(d, a, b, a), distance = hn::Abs(hn::Sub(a, b));
    const V y = hn::Add(larger, Log1p(d, Exp(d, hn::Neg(distance))));
    return hn::IfThenElse(hn::And(hn::Eq(a, b), hn::Eq(hn::Abs(a), hn::Set(d, HUGE_VALF))), a, y);
  }
  double element(double a, double b, double) const {
    if (std::isinf(a) && a == b) return a;
    return std::max(a, b) + std::log1p(std::exp(-std::fabs(a - b)));
  }
};

/// Without a product that rounds once, or where the quotient has no exact integer below it, the C library.
template <class D, class V>
HWY_NOINLINE HWY_ATTR V FmodByLane(D d, V a, V b) {
  HWY_ALIGN float x[hn::MaxLanes(D())], y[hn::MaxLanes(D())];
  hn::Store(a, d, x);
  hn::Store(b, d, y);
  for (size_t i = 0; i < hn::MaxLanes(D()); i++) x[i] = std::fmod(x[i], y[i]);
  return hn::Load(d, x);
}

struct Fmod {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V a, V b, V) const {
#if HWY_NATIVE_FMA
    const V x = hn::Abs(a), y = hn::Abs(b), zero = hn::Zero(d), quotient = hn::Div(x, y);
    if (HWY_UNLIKELY(!hn::AllTrue(d, hn::Lt(quotient, hn::Set(d, 4194304.0f))))) return FmodByLane(d, a, b);
    const V q = hn::Floor(quotient);  // the true one, or one more where the division rounded up to it
    V rest = hn::NegMulAdd(q, y, x);
    rest = hn::IfThenElse(hn::Lt(rest, zero), hn::Add(rest, y), rest);
    return hn::CopySign(hn::IfThenElse(hn::Eq(q, zero), x, rest), a);
#else
    return FmodByLane(d, a, b);
#endif
  }
  double element(double a, double b, double) const { return std::fmod(a, b); }
};
struct Remainder {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V a, V b, V scale) const {
    const V mod = Fmod()(d, a, b, scale), zero = hn::Zero(d);
    const auto other_side = hn::Xor(hn::Lt(mod, zero), hn::Lt(b, zero));
    return hn::IfThenElse(hn::And(hn::Ne(mod, zero), other_side), hn::Add(mod, b), mod);
  }
  double element(double a, double b, double) const {
    const double mod = std::fmod(a, b);
    return mod != 0 && (mod < 0) != (b < 0) ? mod + b : mod;
  }
};
struct FloorDivide {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V a, V b, V scale) const {
    const V mod = Fmod()(d, a, b, scale), zero = hn::Zero(d), one = hn::Set(d, 1.0f), plain = hn::Div(a, b);
    V q = hn::Div(hn::Sub(a, mod), b);
    const auto other_side = hn::Xor(hn::Lt(mod, zero), hn::Lt(b, zero));
    q = hn::IfThenElse(hn::And(hn::Ne(mod, zero), other_side), hn::Sub(q, one), q);
    const V down = hn::Floor(q);
    const V near = hn::IfThenElse(hn::Gt(hn::Sub(q, down), hn::Set(d, 0.5f)), hn::Add(down, one), down);
    const V y = hn::IfThenElse(hn::Eq(q, zero), hn::CopySign(zero, plain), near);
    return hn::IfThenElse(hn::Eq(b, zero), plain, y);
  }
  double element(double a, double b, double) const {
    if (b == 0) return a / b;
    const double mod = std::fmod(a, b);
    double q = (a - mod) / b;
    if (mod != 0 && (b < 0) != (mod < 0)) q -= 1;
    if (q == 0) return std::copysign(0.0, a / b);
    const double down = std::floor(q);
    return q - down > 0.5 ? down + 1 : down;
  }
};

template <class F, class... Others>
constexpr bool is_one_of = (std::is_same_v<F, Others> || ...);

template <class F, class T>
constexpr bool has_vector_form() {
  if constexpr (std::is_same_v<T, float>) return !std::is_same_v<F, Pow>;
  else return std::is_same_v<T, double> && is_one_of<F, Add, Sub, Mul, Div, Max, Min>;
}

/// One row; kStepA and kStepB are known so that the inner loop is straight.
template <class F, class T, int kStepA, int kStepB>
HWY_INLINE void row(const T* a, const T* b, T* y, int64_t n, T alpha) {
  const F f;
  if constexpr (has_vector_form<F, T>()) {
    const hn::ScalableTag<T> d;
    constexpr int64_t lanes = hn::MaxLanes(d);
    const auto scale = hn::Set(d, alpha);
    const auto fixed_a = hn::Set(d, a[0]), fixed_b = hn::Set(d, b[0]);
    int64_t i = 0;
    for (; i + lanes <= n; i += lanes) {
      const auto va = kStepA ? hn::LoadU(d, a + i) : fixed_a;
      const auto vb = kStepB ? hn::LoadU(d, b + i) : fixed_b;
      hn::StoreU(f(d, va, vb, scale), d, y + i);
    }
    if (i < n) {
      const auto va = kStepA ? load_first(d, a + i, n - i) : fixed_a;
      const auto vb = kStepB ? load_first(d, b + i, n - i) : fixed_b;
      store_first(f(d, va, vb, scale), d, y + i, n - i);
    }
  } else {
    for (int64_t i = 0; i < n; i++) y[i] = f.element(a[kStepA * i], b[kStepB * i], alpha);
  }
}

template <class F, class T>
HWY_ATTR void binary(Operand<T> a, Operand<T> b, T* y, int64_t rows, int64_t n, T alpha) {
  if (n <= 0) return;
  for (int64_t r = 0; r < rows; r++, y += n) {
    const T *pa = a.data + r * a.row, *pb = b.data + r * b.row;
    if (a.step && b.step) row<F, T, 1, 1>(pa, pb, y, n, alpha);
    else if (a.step) row<F, T, 1, 0>(pa, pb, y, n, alpha);
    else if (b.step) row<F, T, 0, 1>(pa, pb, y, n, alpha);
    else row<F, T, 0, 0>(pa, pb, y, n, alpha);
  }
}

}  // namespace

template <class T>
BinaryFunction<T> binary_row(Binary op) {
  switch (op) {
    case Binary::add: return binary<Add, T>;
    case Binary::sub: return binary<Sub, T>;
    case Binary::mul: return binary<Mul, T>;
    case Binary::div: return binary<Div, T>;
    case Binary::max: return binary<Max, T>;
    case Binary::min: return binary<Min, T>;
    case Binary::pow:
      if constexpr (std::is_floating_point_v<T>) return binary<Pow, T>;
      break;
    case Binary::atan2:
      if constexpr (std::is_floating_point_v<T>) return binary<Atan2Of, T>;
      break;
    case Binary::hypot:
      if constexpr (std::is_floating_point_v<T>) return binary<Hypot, T>;
      break;
    case Binary::logaddexp:
      if constexpr (std::is_floating_point_v<T>) return binary<LogAddExp, T>;
      break;
    case Binary::fmod:
      if constexpr (std::is_floating_point_v<T>) return binary<Fmod, T>;
      break;
    case Binary::remainder:
      if constexpr (std::is_floating_point_v<T>) return binary<Remainder, T>;
      break;
    case Binary::floor_divide:
      if constexpr (std::is_floating_point_v<T>) return binary<FloorDivide, T>;
      break;
  }
  return nullptr;
}

}  // namespace tsrun::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tsrun::kernels {

BinaryFunction<float> binary_f32(Binary op) { return TSRUN_PICK(binary_row<float>)(op); }
BinaryFunction<double> binary_f64(Binary op) { return TSRUN_PICK(binary_row<double>)(op); }
BinaryFunction<int32_t> binary_i32(Binary op) { return TSRUN_PICK(binary_row<int32_t>)(op); }
BinaryFunction<int64_t> binary_i64(Binary op) { return TSRUN_PICK(binary_row<int64_t>)(op); }

}  // namespace tsrun::kernels
#endif
