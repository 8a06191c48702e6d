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

HWY_BEFORE_NAMESPACE();
namespace tsrun::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
namespace {

// Each functor has a vector form for floats; integers and pow take the element form. Integer arithmetic is unsigned: it wraps around.
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

template <class F, class T>
constexpr bool has_vector_form() {
  return std::is_floating_point_v<T> && !std::is_same_v<F, Pow>;
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
