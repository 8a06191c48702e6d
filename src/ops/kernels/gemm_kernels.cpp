#include "ops/kernels/gemm_kernels.h"

#include <array>
#include <type_traits>
#include <utility>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/kernels/gemm_kernels.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "ops/kernels/gemm_activation-inl.h"
#include "ops/kernels/simd-inl.h"
#include "ops/kernels/simd.h"

// Loops over registers must vanish entirely, the epilogue's too: one that remains makes the compiler keep the sums on the stack.
#ifndef TSRUN_UNROLL
#define TSRUN_UNROLL _Pragma("GCC unroll 32")
#endif

HWY_BEFORE_NAMESPACE();
namespace tsrun::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Registers: sums + one row of weights + one broadcast. AVX-512 12x2 vectors of 32, AVX2 6x2 of 16, SSE4 6x2 of 16.
#if HWY_TARGET <= HWY_AVX3
constexpr int kMaxRows = 12, kVectors = 2;
#elif HWY_TARGET <= HWY_AVX2
constexpr int kMaxRows = 6, kVectors = 2;
#elif HWY_TARGET <= HWY_SSE4
constexpr int kMaxRows = 6, kVectors = 2;
#else
constexpr int kMaxRows = 4, kVectors = 2;
#endif

template <class T, bool kWhole, int MR, int NV, class V = hn::Vec<hn::ScalableTag<T>>>
HWY_INLINE void finish(const GemmTile<T>& t, V (&c)[MR][NV]) {
  const hn::ScalableTag<T> d;
  constexpr int64_t W = hn::MaxLanes(d);
  const auto left = [&](int j) { return HWY_MIN(t.n - j * W, W); };
  const auto load = [&](const T* p, int j) HWY_ATTR {
    if (kWhole) return hn::LoadU(d, p + j * W);
    return left(j) > 0 ? load_first(d, p + j * W, left(j)) : hn::Zero(d);
  };
  if (t.add) {
    TSRUN_UNROLL for (int i = 0; i < MR; i++) {
      TSRUN_UNROLL for (int j = 0; j < NV; j++) c[i][j] = hn::Add(c[i][j], load(t.add + i * t.ld_add, j));
    }
  }
  if (t.bias) {
    TSRUN_UNROLL for (int j = 0; j < NV; j++) {
      const V bias = load(t.bias, j);
      TSRUN_UNROLL for (int i = 0; i < MR; i++) c[i][j] = hn::Add(c[i][j], bias);
    }
  }
  if (t.activation && is_clamp(t.activation->kind)) {
    const Clamp<T> clamp(*t.activation);
    const V low = hn::Set(d, clamp.low), high = hn::Set(d, clamp.high);
    TSRUN_UNROLL for (int i = 0; i < MR; i++) { TSRUN_UNROLL for (int j = 0; j < NV; j++) c[i][j] = clamped(d, c[i][j], low, high); }
  }
  TSRUN_UNROLL for (int i = 0; i < MR; i++) {
    TSRUN_UNROLL for (int j = 0; j < NV; j++) {
      T* p = t.c + i * t.ldc + j * W;
      if (kWhole) hn::StoreU(c[i][j], d, p);
      else if (left(j) > 0) store_first(c[i][j], d, p, left(j));
    }
  }
}

// KU consecutive k feed separate sums, joined at the end: the latency of one multiply-add hides behind MR * NV * KU others.
template <class T, int MR, int NV, int KU>
HWY_NOINLINE void run_tile(const GemmTile<T>& t) {
  const hn::ScalableTag<T> d;
  using V = hn::Vec<decltype(d)>;
  constexpr int64_t W = hn::MaxLanes(d);
  V sum[KU][MR][NV];
  TSRUN_UNROLL for (int u = 0; u < KU; u++) {
    TSRUN_UNROLL for (int i = 0; i < MR; i++) { TSRUN_UNROLL for (int j = 0; j < NV; j++) sum[u][i][j] = hn::Zero(d); }
  }
  const T* b = t.b;
  const int64_t ldb = t.ldb, step = t.next_step;
  const char* next = t.next;
  const T* const* rows = t.rows;
  TSRUN_UNROLL for (int i = 0; i < MR; i++) {  // by the time the sums are ready, their place is in the cache
    TSRUN_UNROLL for (int j = 0; j < NV; j++) __builtin_prefetch(t.c + i * t.ldc + j * W, 1, 3);
  }
  for (int64_t tap = 0; tap < t.taps; tap++, rows += MR) {
    const T* a[MR];
    TSRUN_UNROLL for (int i = 0; i < MR; i++) a[i] = rows[i];
    const auto multiply = [&](int64_t k, V(&c)[MR][NV]) HWY_ATTR {
      V w[NV];
      TSRUN_UNROLL for (int j = 0; j < NV; j++) w[j] = hn::LoadU(d, b + j * W);
      for (int64_t p = 0; p < step; p += 64) __builtin_prefetch(next + p, 0, 2);
      next += step;
      TSRUN_UNROLL for (int i = 0; i < MR; i++) {
        const V x = hn::Set(d, a[i][k]);
        TSRUN_UNROLL for (int j = 0; j < NV; j++) c[i][j] = hn::MulAdd(x, w[j], c[i][j]);
      }
      b += ldb;
    };
    int64_t k = 0;
    if constexpr (KU > 1) {
      for (; k + KU <= t.k; k += KU) { TSRUN_UNROLL for (int u = 0; u < KU; u++) multiply(k + u, sum[u]); }
    }
    for (; k < t.k; k++) multiply(k, sum[0]);
  }
  TSRUN_UNROLL for (int u = KU - 1; u > 0; u--) {
    TSRUN_UNROLL for (int i = 0; i < MR; i++) {
      TSRUN_UNROLL for (int j = 0; j < NV; j++) sum[u - 1][i][j] = hn::Add(sum[u - 1][i][j], sum[u][i][j]);
    }
  }
  if (t.n == NV * W) finish<T, true, MR, NV>(t, sum[0]);
  else finish<T, false, MR, NV>(t, sum[0]);
  if (t.activation && !is_clamp(t.activation->kind)) activate(*t.activation, t.c, t.ldc, MR, t.n);
}

template <class T, int NV, int KU, int... I>
constexpr std::array<typename GemmKernels<T>::Run, sizeof...(I)> tiles(std::integer_sequence<int, I...>) {
  return {run_tile<T, I + 1, NV, KU>...};
}

template <class T>
const GemmKernels<T>& table() {
  using Rows = std::make_integer_sequence<int, kMaxRows>;
  using GemvRows = std::make_integer_sequence<int, GemmKernels<T>::kGemvRows>;
  static constexpr auto full = tiles<T, kVectors, 1>(Rows());
  static constexpr auto narrow = tiles<T, 1, 1>(Rows());
  static constexpr auto gemv_full = tiles<T, kVectors, 4>(GemvRows());
  static constexpr auto gemv_narrow = tiles<T, 1, 4>(GemvRows());
  constexpr int lanes = hn::MaxLanes(hn::ScalableTag<T>());
  static constexpr GemmKernels<T> kernels = {lanes,         kVectors * lanes, kMaxRows,          full.data(),
                                             narrow.data(), gemv_full.data(), gemv_narrow.data()};
  return kernels;
}

const GemmKernels<float>& table_f32() { return table<float>(); }
const GemmKernels<double>& table_f64() { return table<double>(); }

}  // namespace tsrun::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tsrun::kernels {

template <>
const GemmKernels<float>& gemm_kernels<float>() {
  return TSRUN_PICK(table_f32)();
}

template <>
const GemmKernels<double>& gemm_kernels<double>() {
  return TSRUN_PICK(table_f64)();
}

}  // namespace tsrun::kernels
#endif
