// Activations of the product epilogues. The clamps are applied in registers; the others to a finished tile while it is in the first cache.
#if defined(TSRUN_GEMM_ACTIVATION_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TSRUN_GEMM_ACTIVATION_INL_H_
#undef TSRUN_GEMM_ACTIVATION_INL_H_
#else
#define TSRUN_GEMM_ACTIVATION_INL_H_
#endif

#include <cmath>
#include <cstdint>
#include <limits>

#include "hwy/highway.h"
#include "ops/kernels/gemm.h"
#include "ops/kernels/simd-inl.h"
#include "ops/kernels/vmath-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tsrun::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

HWY_INLINE bool is_clamp(ActivationKind kind) { return kind <= ActivationKind::hardtanh; }

template <class T>
struct Clamp {
  explicit Clamp(const Activation& activation) {
    switch (activation.kind) {
      case ActivationKind::relu: low = 0; break;
      case ActivationKind::relu6: low = 0, high = 6; break;
      case ActivationKind::hardtanh: low = static_cast<T>(activation.a), high = static_cast<T>(activation.b); break;
      default: break;
    }
  }
  T low = -std::numeric_limits<T>::infinity(), high = std::numeric_limits<T>::infinity();
};

/// NaN stays: x86 minimum and maximum return their second operand when either is NaN; elsewhere NaN compares false.
template <class D, class V>
HWY_INLINE V clamped(D, V x, V low, V high) {
#if HWY_ARCH_X86 && HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
  return hn::Min(high, hn::Max(low, x));
#else
  x = hn::IfThenElse(hn::Lt(x, low), low, x);
  return hn::IfThenElse(hn::Lt(high, x), high, x);
#endif
}

/// f on every element of c[m, n], f from vector to vector.
template <class F>
HWY_INLINE void map_rows(float* c, int64_t ldc, int64_t m, int64_t n, F f) {
  const hn::ScalableTag<float> d;
  constexpr int64_t W = hn::MaxLanes(d);
  for (int64_t i = 0; i < m; i++, c += ldc) {
    int64_t j = 0;
    for (; j + W <= n; j += W) hn::StoreU(f(hn::LoadU(d, c + j)), d, c + j);
    if (j < n) store_first(f(load_first(d, c + j, n - j)), d, c + j, n - j);
  }
}

/// Applies an activation that is no clamp to c[m, n].
inline HWY_NOINLINE void activate(const Activation& activation, float* c, int64_t ldc, int64_t m, int64_t n) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const auto ramp = [=](V x) HWY_ATTR { return clamped(d, hn::Add(x, hn::Set(d, 3.0f)), hn::Zero(d), hn::Set(d, 6.0f)); };
  const auto map = [=](auto f) HWY_ATTR { map_rows(c, ldc, m, n, f); };
  switch (activation.kind) {
    case ActivationKind::leaky_relu: {
      const V slope = hn::Set(d, static_cast<float>(activation.a));
      return map([=](V x) HWY_ATTR { return hn::IfThenElse(hn::Lt(x, hn::Zero(d)), hn::Mul(x, slope), x); });
    }
    case ActivationKind::hardswish: return map([=](V x) HWY_ATTR { return hn::Div(hn::Mul(x, ramp(x)), hn::Set(d, 6.0f)); });
    case ActivationKind::hardsigmoid: return map([=](V x) HWY_ATTR { return hn::Div(ramp(x), hn::Set(d, 6.0f)); });
    case ActivationKind::silu: return map([=](V x) HWY_ATTR { return Silu(d, x); });
    case ActivationKind::sigmoid: return map([=](V x) HWY_ATTR { return Sigmoid(d, x); });
    case ActivationKind::tanh: return map([=](V x) HWY_ATTR { return Tanh(d, x); });
    case ActivationKind::gelu: return map([=](V x) HWY_ATTR { return Gelu(d, x); });
    case ActivationKind::gelu_tanh: return map([=](V x) HWY_ATTR { return GeluTanh(d, x); });
    default: return;
  }
}

HWY_INLINE double activate_one(const Activation& activation, double x) {
  const double ramp = x < -3 ? 0 : x > 3 ? 6 : x + 3;
  switch (activation.kind) {
    case ActivationKind::leaky_relu: return x < 0 ? x * activation.a : x;
    case ActivationKind::hardswish: return x * ramp / 6;
    case ActivationKind::hardsigmoid: return ramp / 6;
    case ActivationKind::silu: return x / (1 + std::exp(-x));
    case ActivationKind::sigmoid: return 1 / (1 + std::exp(-x));
    case ActivationKind::tanh: return std::tanh(x);
    case ActivationKind::gelu: return x / 2 * (1 + std::erf(x * 0.70710678118654752440));
    case ActivationKind::gelu_tanh: return x / 2 * (1 + std::tanh(0.79788456080286535588 * (x + 0.044715 * x * x * x)));
    default: return x;
  }
}

/// The f64 products are for exactness, not for speed: element by element.
inline HWY_NOINLINE void activate(const Activation& activation, double* c, int64_t ldc, int64_t m, int64_t n) {
  for (int64_t i = 0; i < m; i++) {
    for (int64_t j = 0; j < n; j++) c[i * ldc + j] = activate_one(activation, c[i * ldc + j]);
  }
}

}  // namespace tsrun::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
