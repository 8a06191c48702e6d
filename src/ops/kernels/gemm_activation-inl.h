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

/// NaN compares false and so stays.
template <class D, class V>
HWY_INLINE V clamped(D, V x, V low, V high) {
  x = hn::IfThenElse(hn::Lt(x, low), low, x);
  return hn::IfThenElse(hn::Lt(high, x), high, x);
}

template <class T>
HWY_INLINE T activate_one(const Activation& activation, T x) {
  switch (activation.kind) {
    case ActivationKind::leaky_relu: return x < 0 ? x * static_cast<T>(activation.a) : x;
    case ActivationKind::hardswish: return x * (x < -3 ? T(0) : x > 3 ? T(6) : x + 3) / 6;
    case ActivationKind::hardsigmoid: return (x < -3 ? T(0) : x > 3 ? T(6) : x + 3) / 6;
    case ActivationKind::silu: return x / (1 + std::exp(-x));
    case ActivationKind::sigmoid: return 1 / (1 + std::exp(-x));
    case ActivationKind::tanh: return std::tanh(x);
    case ActivationKind::gelu: return x / 2 * (1 + std::erf(x * T(0.70710678118654752440)));
    case ActivationKind::gelu_tanh: return x / 2 * (1 + std::tanh(T(0.79788456080286535588) * (x + T(0.044715) * x * x * x)));
    default: return x;
  }
}

/// Applies an activation that is no clamp to c[m, n].
template <class T>
HWY_NOINLINE void activate(const Activation& activation, T* c, int64_t ldc, int64_t m, int64_t n) {
  for (int64_t i = 0; i < m; i++) {
    for (int64_t j = 0; j < n; j++) c[i * ldc + j] = activate_one(activation, c[i * ldc + j]);
  }
}

}  // namespace tsrun::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
