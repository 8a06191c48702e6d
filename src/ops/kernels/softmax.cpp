#include "ops/kernels/softmax.h"

#include <cmath>

#include "ops/kernels/parallel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/kernels/softmax.cpp"
#include "ops/kernels/simd.h"
//
#include "hwy/foreach_target.h"
//
#include "hwy/highway.h"
#include "ops/kernels/softmax_row-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tsrun::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Rows [begin, end) of length n.
template <class T>
HWY_ATTR void softmax_rows(SoftmaxKind kind, const T* x, T* y, int64_t n, int64_t begin, int64_t end) {
  const hn::ScalableTag<T> d;
  constexpr int64_t lanes = hn::MaxLanes(d);
  for (int64_t r = begin; r < end; r++) {
    const T* from = x + r * n;
    T* to = y + r * n;
    if (kind == SoftmaxKind::softmax) {
      row_softmax(from, to, n);
      continue;
    }
    const T max = row_max(from, n), log_sum = std::log(row_exp_sum(from, n, max, [](int64_t, int64_t, auto) {}));
    const auto m = hn::Set(d, max), s = hn::Set(d, log_sum);
    int64_t i = 0;
    for (; i + lanes <= n; i += lanes) hn::StoreU(hn::Sub(hn::Sub(hn::LoadU(d, from + i), m), s), d, to + i);
    if (i < n) store_first(hn::Sub(hn::Sub(load_first(d, from + i, n - i), m), s), d, to + i, n - i);
  }
}

template <class D, class V>
HWY_INLINE V log_of(D d, V x) {
  if constexpr (sizeof(hn::TFromD<D>) == 4) {
    return Log(d, x);
  } else {
    HWY_ALIGN double lanes[hn::MaxLanes(D())];
    hn::Store(x, d, lanes);
    for (double& lane : lanes) lane = std::log(lane);
    return hn::Load(d, lanes);
  }
}

constexpr int64_t kScratchBytes = 16384;  // half of a first-level cache

/// `count` columns, at most a vector, of a [n, inner] matrix by way of a dense scratch: rows of x and y, often a power of two apart,
/// would displace each other from the cache between the passes.
template <class T>
HWY_ATTR void softmax_short_columns(SoftmaxKind kind, const T* x, T* y, int64_t n, int64_t inner, int64_t count) {
  const hn::ScalableTag<T> d;
  constexpr int64_t lanes = hn::MaxLanes(d);
  HWY_ALIGN T scratch[kScratchBytes / sizeof(T)];
  auto max = hn::Set(d, static_cast<T>(-HUGE_VAL)), sum = hn::Zero(d);
  for (int64_t k = 0; k < n; k++) {
    const auto v = count == lanes ? hn::LoadU(d, x + k * inner) : load_first(d, x + k * inner, count);
    hn::Store(v, d, scratch + k * lanes);
    max = hn::Max(max, v);
  }
  for (int64_t k = 0; k < n; k++) {
    const auto shifted = hn::Sub(hn::Load(d, scratch + k * lanes), max), e = exp_of(d, shifted);
    hn::Store(kind == SoftmaxKind::softmax ? e : shifted, d, scratch + k * lanes);
    sum = hn::Add(sum, e);
  }
  const auto last = kind == SoftmaxKind::softmax ? hn::Div(hn::Set(d, T(1)), sum) : log_of(d, sum);
  for (int64_t k = 0; k < n; k++) {
    const auto v = hn::Load(d, scratch + k * lanes);
    const auto result = kind == SoftmaxKind::softmax ? hn::Mul(v, last) : hn::Sub(v, last);
    if (count == lanes) hn::StoreU(result, d, y + k * inner);
    else store_first(result, d, y + k * inner, count);
  }
}

/// Columns [begin, end) of a [n, inner] matrix; a vector takes as many neighbouring columns as it has lanes.
template <class T>
HWY_ATTR void softmax_columns(SoftmaxKind kind, const T* x, T* y, int64_t n, int64_t inner, int64_t begin, int64_t end) {
  const hn::ScalableTag<T> d;
  constexpr int64_t lanes = hn::MaxLanes(d);
  const bool is_short = n * lanes * static_cast<int64_t>(sizeof(T)) <= kScratchBytes;
  for (int64_t c = begin; c < end; c += lanes) {
    const int64_t count = end - c < lanes ? end - c : lanes;
    if (is_short) {
      softmax_short_columns(kind, x + c, y + c, n, inner, count);
      continue;
    }
    const bool whole = count == lanes;
    const auto load = [&](const T* p) HWY_ATTR { return whole ? hn::LoadU(d, p) : load_first(d, p, count); };
    const auto store = [&](auto v, T* p) HWY_ATTR {
      if (whole) hn::StoreU(v, d, p);
      else store_first(v, d, p, count);
    };
    auto max = hn::Set(d, static_cast<T>(-HUGE_VAL));
    for (int64_t k = 0; k < n; k++) max = hn::Max(max, load(x + k * inner + c));
    auto sum = hn::Zero(d);
    for (int64_t first = 0; first < n; first += 64) {  // the sum of a block, then of blocks: many small terms keep their weight
      auto block = hn::Zero(d);
      for (int64_t k = first; k < n && k < first + 64; k++) {
        const auto e = exp_of(d, hn::Sub(load(x + k * inner + c), max));
        if (kind == SoftmaxKind::softmax) store(e, y + k * inner + c);
        block = hn::Add(block, e);
      }
      sum = hn::Add(sum, block);
    }
    if (kind == SoftmaxKind::softmax) {
      const auto scale = hn::Div(hn::Set(d, T(1)), sum);
      for (int64_t k = 0; k < n; k++) store(hn::Mul(load(y + k * inner + c), scale), y + k * inner + c);
    } else {
      const auto log_sum = log_of(d, sum);
      for (int64_t k = 0; k < n; k++) store(hn::Sub(hn::Sub(load(x + k * inner + c), max), log_sum), y + k * inner + c);
    }
  }
}

}  // namespace tsrun::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tsrun::kernels {
namespace {

constexpr int64_t kGrain = 16384;  // elements worth a thread

template <class T>
void softmax_any(SoftmaxKind kind, const T* x, T* y, int64_t outer, int64_t n, int64_t inner, int threads) {
  if (outer <= 0 || n <= 0 || inner <= 0) return;
  if (inner == 1) {
    const auto rows = TSRUN_PICK(softmax_rows<T>);
    parallel_for(threads, outer, kGrain / n, [&](int64_t begin, int64_t end) { rows(kind, x, y, n, begin, end); });
    return;
  }
  constexpr int64_t kColumns = 512;
  const auto columns = TSRUN_PICK(softmax_columns<T>);
  const int64_t blocks = (inner + kColumns - 1) / kColumns, width = inner < kColumns ? inner : kColumns;
  parallel_for(threads, outer * blocks, kGrain / n / width, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const int64_t start = i / blocks * n * inner, first = i % blocks * kColumns;
      columns(kind, x + start, y + start, n, inner, first, first + kColumns < inner ? first + kColumns : inner);
    }
  });
}

}  // namespace

void softmax(SoftmaxKind kind, const float* x, float* y, int64_t outer, int64_t n, int64_t inner, int threads) {
  softmax_any(kind, x, y, outer, n, inner, threads);
}
void softmax(SoftmaxKind kind, const double* x, double* y, int64_t outer, int64_t n, int64_t inner, int threads) {
  softmax_any(kind, x, y, outer, n, inner, threads);
}

}  // namespace tsrun::kernels
#endif
