// The pieces of a row's softmax, shared by softmax and attention. Compiled once per target, see simd.h.
#include <cmath>
#include <cstdint>

#if defined(TSRUN_SOFTMAX_ROW_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef TSRUN_SOFTMAX_ROW_INL_H
#undef TSRUN_SOFTMAX_ROW_INL_H
#else
#define TSRUN_SOFTMAX_ROW_INL_H
#endif

#include "hwy/highway.h"
#include "ops/kernels/simd-inl.h"
#include "ops/kernels/vmath-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tsrun::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// The largest of x[0, n), -infinity when n = 0. A NaN may or may not be seen: its exponential shows it later.
template <class T>
HWY_INLINE T row_max(const T* x, int64_t n) {
  const hn::ScalableTag<T> d;
  constexpr int64_t lanes = hn::MaxLanes(d);
  const auto lowest = hn::Set(d, static_cast<T>(-HUGE_VAL));
  auto max0 = lowest, max1 = lowest;
  int64_t i = 0;
  for (; i + 2 * lanes <= n; i += 2 * lanes) {
    max0 = hn::Max(max0, hn::LoadU(d, x + i));
    max1 = hn::Max(max1, hn::LoadU(d, x + i + lanes));
  }
  for (; i + lanes <= n; i += lanes) max0 = hn::Max(max0, hn::LoadU(d, x + i));
  T max = hn::GetLane(hn::MaxOfLanes(d, hn::Max(max0, max1)));
  for (; i < n; i++) max = x[i] > max ? x[i] : max;
  return max;
}

/// exp of each lane; f64 goes through the C library.
template <class D, class V>
HWY_INLINE V exp_of(D d, V x) {
  if constexpr (sizeof(hn::TFromD<D>) == 4) {
    return Exp(d, x);
  } else {
    HWY_ALIGN double lanes[hn::MaxLanes(D())];
    hn::Store(x, d, lanes);
    for (double& lane : lanes) lane = std::exp(lane);
    return hn::Load(d, lanes);
  }
}

/// Calls store(i, count, v) with v = exp(x[i...] - max) for whole and partial vectors, and returns the sum of all.
template <class T, class Store>
HWY_INLINE T row_exp_sum(const T* x, int64_t n, T max, const Store& store) {
  const hn::ScalableTag<T> d;
  constexpr int64_t lanes = hn::MaxLanes(d);
  const auto shift = hn::Set(d, max);
  auto sum0 = hn::Zero(d), sum1 = hn::Zero(d);
  int64_t i = 0;
  for (; i + 2 * lanes <= n; i += 2 * lanes) {
    const auto e0 = exp_of(d, hn::Sub(hn::LoadU(d, x + i), shift)), e1 = exp_of(d, hn::Sub(hn::LoadU(d, x + i + lanes), shift));
    store(i, lanes, e0);
    store(i + lanes, lanes, e1);
    sum0 = hn::Add(sum0, e0);
    sum1 = hn::Add(sum1, e1);
  }
  for (; i < n; i += lanes) {
    const int64_t count = n - i < lanes ? n - i : lanes;
    auto e = exp_of(d, hn::Sub(load_first(d, x + i, count), shift));
    store(i, count, e);
    sum0 = hn::Add(sum0, hn::IfThenElseZero(hn::FirstN(d, static_cast<size_t>(count)), e));
  }
  return hn::GetLane(hn::SumOfLanes(d, hn::Add(sum0, sum1)));
}

/// y = x * scale over a row; y may be x.
template <class T>
HWY_INLINE void row_scale(const T* x, T* y, int64_t n, T scale) {
  const hn::ScalableTag<T> d;
  constexpr int64_t lanes = hn::MaxLanes(d);
  const auto s = hn::Set(d, scale);
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(hn::Mul(hn::LoadU(d, x + i), s), d, y + i);
  if (i < n) store_first(hn::Mul(load_first(d, x + i, n - i), s), d, y + i, n - i);
}

/// y = softmax(x) over a row; y may be x. Returns the sum of exp(x - max).
template <class T>
HWY_INLINE T row_softmax(const T* x, T* y, int64_t n) {
  const hn::ScalableTag<T> d;
  const T sum = row_exp_sum(x, n, row_max(x, n), [&](int64_t i, int64_t count, auto v) HWY_ATTR {
    if (count == static_cast<int64_t>(hn::MaxLanes(d))) hn::StoreU(v, d, y + i);
    else store_first(v, d, y + i, count);
  });
  row_scale(y, y, n, 1 / sum);
  return sum;
}

}  // namespace tsrun::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
