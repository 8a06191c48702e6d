#include "ops/kernels/gemm_dot.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/kernels/gemm_dot.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "ops/kernels/simd-inl.h"
#include "ops/kernels/simd.h"

#ifndef TSRUN_UNROLL
#define TSRUN_UNROLL _Pragma("GCC unroll 32")
#endif

HWY_BEFORE_NAMESPACE();
namespace tsrun::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// kFew x kMany dot products at once share their loads; each is summed in the same order, one chain per lane.
template <int kFew, int kMany, class T>
HWY_INLINE void dot_tile(const DotProduct<T>& t, int64_t j0) {
  const hn::ScalableTag<T> d;
  using V = hn::Vec<decltype(d)>;
  constexpr int64_t W = hn::MaxLanes(d);
  V sum[kFew][kMany];
  TSRUN_UNROLL for (int i = 0; i < kFew; i++) { TSRUN_UNROLL for (int j = 0; j < kMany; j++) sum[i][j] = hn::Zero(d); }
  const auto multiply = [&](auto load) HWY_ATTR {
    V q[kMany];
    TSRUN_UNROLL for (int j = 0; j < kMany; j++) q[j] = load(t.q + (j0 + j) * t.q_step);
    TSRUN_UNROLL for (int i = 0; i < kFew; i++) {
      const V p = load(t.p + i * t.p_step);
      TSRUN_UNROLL for (int j = 0; j < kMany; j++) sum[i][j] = hn::MulAdd(p, q[j], sum[i][j]);
    }
  };
  int64_t k = 0;
  for (; k + W <= t.k; k += W) multiply([&](const T* row) HWY_ATTR { return hn::LoadU(d, row + k); });
  if (k < t.k) multiply([&](const T* row) HWY_ATTR { return load_first(d, row + k, t.k - k); });
  TSRUN_UNROLL for (int i = 0; i < kFew; i++) {
    TSRUN_UNROLL for (int j = 0; j < kMany; j++) {
      T value = hn::GetLane(hn::SumOfLanes(d, sum[i][j]));
      if (t.residual) value += t.residual[i * t.residual_i + (j0 + j) * t.residual_j];
      t.c[i * t.stride_i + (j0 + j) * t.stride_j] = value;
    }
  }
}

template <int kFew, class T>
HWY_NOINLINE void dot_rows(const DotProduct<T>& t) {
  constexpr int kMany = 4;
  int64_t j = 0;
  for (; j + kMany <= t.many; j += kMany) dot_tile<kFew, kMany>(t, j);
  for (; j < t.many; j++) dot_tile<kFew, 1>(t, j);
}

template <class T>
void dot_any(const DotProduct<T>& t) {
  switch (t.few) {
    case 1: return dot_rows<1>(t);
    case 2: return dot_rows<2>(t);
    case 3: return dot_rows<3>(t);
    default: return dot_rows<4>(t);
  }
}

void dot_f32(const DotProduct<float>& t) { dot_any(t); }
void dot_f64(const DotProduct<double>& t) { dot_any(t); }

}  // namespace tsrun::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tsrun::kernels {

void run_dot(const DotProduct<float>& product) { TSRUN_PICK(dot_f32)(product); }
void run_dot(const DotProduct<double>& product) { TSRUN_PICK(dot_f64)(product); }

}  // namespace tsrun::kernels
#endif
