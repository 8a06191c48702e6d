#include "ops/kernels/depthwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/kernels/depthwise_kernels.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "ops/kernels/channels-inl.h"
#include "ops/kernels/gemm_activation-inl.h"
#include "ops/kernels/simd.h"

#ifndef TSRUN_UNROLL
#define TSRUN_UNROLL _Pragma("GCC unroll 64")
#endif

HWY_BEFORE_NAMESPACE();
namespace tsrun::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

// Sums start from the bias, and end here.
template <int T, class Load, class Store>
HWY_INLINE void finish(const DepthwiseTile& t, int64_t c, V (&sum)[T], Load load, Store store) {
  const D d;
  if (t.residual) { TSRUN_UNROLL for (int i = 0; i < T; i++) sum[i] = hn::Add(sum[i], load(t.residual + i * t.channels + c)); }
  if (t.activation && is_clamp(t.activation->kind)) {
    const Clamp<float> clamp(*t.activation);
    const V low = hn::Set(d, clamp.low), high = hn::Set(d, clamp.high);
    TSRUN_UNROLL for (int i = 0; i < T; i++) sum[i] = clamped(d, sum[i], low, high);
  }
  TSRUN_UNROLL for (int i = 0; i < T; i++) store(sum[i], t.out + i * t.channels + c);
}

template <int T>
HWY_INLINE void activate_tile(const DepthwiseTile& t) {
  if (t.activation && !is_clamp(t.activation->kind)) activate(*t.activation, t.out, t.channels, T, t.channels);
}

// With wide vectors the usual case, no row outside the image, is unrolled: that is most of this file's code, and of no use to narrow ones.
constexpr bool kUnrollRows = HWY_TARGET <= HWY_AVX2;

template <int K, int S, int T>
HWY_NOINLINE void run_rows(const DepthwiseTile& t) {
  constexpr int kColumns = (T - 1) * S + K;
  for_channels(t.channels, [&](int64_t c, auto load, auto store) HWY_ATTR {
    V sum[T];
    const V start = t.bias ? load(t.bias + c) : hn::Zero(D());
    TSRUN_UNROLL for (int i = 0; i < T; i++) sum[i] = start;
    const auto add_row = [&](int64_t r) HWY_ATTR {
      const float* weights = t.weights + r * K * t.channels + c;
      V w[K];
      TSRUN_UNROLL for (int k = 0; k < K; k++) w[k] = load(weights + k * t.channels);
      TSRUN_UNROLL for (int x = 0; x < kColumns; x++) {
        const V v = load(t.pixels[r * kColumns + x] + c);
        TSRUN_UNROLL for (int i = 0; i < T; i++) {
          const int k = x - i * S;
          if (k >= 0 && k < K) sum[i] = hn::MulAdd(v, w[k < 0 || k >= K ? 0 : k], sum[i]);
        }
      }
    };
    if (kUnrollRows && t.rows == K) {
      TSRUN_UNROLL for (int r = 0; r < K; r++) add_row(r);
    } else {
      for (int64_t r = 0; r < t.rows; r++) add_row(r);
    }
    finish<T>(t, c, sum, load, store);
  });
  activate_tile<T>(t);
}

template <int T>
HWY_NOINLINE void run_scattered(const DepthwiseTile& t) {
  for_channels(t.channels, [&](int64_t c, auto load, auto store) HWY_ATTR {
    V sum[T];
    const V start = t.bias ? load(t.bias + c) : hn::Zero(D());
    TSRUN_UNROLL for (int i = 0; i < T; i++) sum[i] = start;
    for (int64_t tap = 0; tap < t.rows; tap++) {
      const V w = load(t.weights + tap * t.channels + c);
      TSRUN_UNROLL for (int i = 0; i < T; i++) sum[i] = hn::MulAdd(load(t.pixels[tap * T + i] + c), w, sum[i]);
    }
    finish<T>(t, c, sum, load, store);
  });
  activate_tile<T>(t);
}

template <int K, int S>
constexpr DepthwiseKernels::Row by_count() {
  return {{run_rows<K, S, 7>, run_rows<K, S, 4>, run_rows<K, S, 2>, run_rows<K, S, 1>}};
}

constexpr DepthwiseKernels kDepthwise = {
    {by_count<3, 1>(), by_count<3, 2>(), by_count<5, 1>(), by_count<5, 2>(), by_count<7, 1>()},
    {{run_scattered<7>, run_scattered<4>, run_scattered<2>, run_scattered<1>}},
};

}  // namespace tsrun::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tsrun::kernels {

const DepthwiseKernels& depthwise_kernels() { return *TSRUN_PICK(kDepthwise); }

}  // namespace tsrun::kernels
#endif
