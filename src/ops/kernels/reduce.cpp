#include "ops/kernels/reduce.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "ops/kernels/parallel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/kernels/reduce.cpp"
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

template <class T>
using Unsigned = std::make_unsigned_t<T>;

template <class T>
HWY_INLINE T plus(T a, T b) {
  if constexpr (std::is_integral_v<T>) return static_cast<T>(static_cast<Unsigned<T>>(a) + static_cast<Unsigned<T>>(b));
  else return a + b;
}

// map prepares an element, join combines two results; each for elements and for vectors of floats.
template <class T>
struct Sum {
  static T start() { return 0; }
  HWY_INLINE static T map(T x) { return x; }
  HWY_INLINE static T join(T a, T b) { return plus(a, b); }
  template <class V>
  HWY_INLINE static V map_v(V x) {
    return x;
  }
  template <class V>
  HWY_INLINE static V join_v(V a, V b) {
    return hn::Add(a, b);
  }
};
template <class T>
struct SumAbs : Sum<T> {
  HWY_INLINE static T map(T x) {
    if constexpr (std::is_integral_v<T>) return x < 0 ? static_cast<T>(Unsigned<T>(0) - static_cast<Unsigned<T>>(x)) : x;
    else return std::fabs(x);
  }
  template <class V>
  HWY_INLINE static V map_v(V x) {
    return hn::Abs(x);
  }
};
template <class T>
struct SumSquares : Sum<T> {
  HWY_INLINE static T map(T x) {
    if constexpr (std::is_integral_v<T>) return static_cast<T>(static_cast<Unsigned<T>>(x) * static_cast<Unsigned<T>>(x));
    else return x * x;
  }
  template <class V>
  HWY_INLINE static V map_v(V x) {
    return hn::Mul(x, x);
  }
};
template <class T>
struct SumNumbers : Sum<T> {
  HWY_INLINE static T map(T x) { return x == x ? x : T(0); }
  template <class V>
  HWY_INLINE static V map_v(V x) {
    return hn::IfThenZeroElse(hn::IsNaN(x), x);
  }
};
template <class T>
struct Product {
  static T start() { return 1; }
  HWY_INLINE static T map(T x) { return x; }
  HWY_INLINE static T join(T a, T b) {
    if constexpr (std::is_integral_v<T>) return static_cast<T>(static_cast<Unsigned<T>>(a) * static_cast<Unsigned<T>>(b));
    else return a * b;
  }
  template <class V>
  HWY_INLINE static V map_v(V x) {
    return x;
  }
  template <class V>
  HWY_INLINE static V join_v(V a, V b) {
    return hn::Mul(a, b);
  }
};
template <class T>
struct Max {
  static T start() { return std::is_integral_v<T> ? std::numeric_limits<T>::lowest() : static_cast<T>(-HUGE_VAL); }
  HWY_INLINE static T map(T x) { return x; }
  HWY_INLINE static T join(T a, T b) { return a > b || a != a ? a : b; }
  template <class V>
  HWY_INLINE static V map_v(V x) {
    return x;
  }
  template <class V>
  HWY_INLINE static V join_v(V a, V b) {
    return hn::IfThenElse(hn::Or(hn::Gt(a, b), hn::IsNaN(a)), a, b);
  }
};
template <class T>
struct Min : Max<T> {
  static T start() { return std::is_integral_v<T> ? std::numeric_limits<T>::max() : static_cast<T>(HUGE_VAL); }
  HWY_INLINE static T join(T a, T b) { return a < b || a != a ? a : b; }
  template <class V>
  HWY_INLINE static V join_v(V a, V b) {
    return hn::IfThenElse(hn::Or(hn::Lt(a, b), hn::IsNaN(a)), a, b);
  }
};

// Each lane sums 16 elements (16 rows, in columns) in sequence; all beyond is pairwise.
constexpr int64_t kBlockRows = 16;
template <class T>
constexpr int64_t kBlock = kBlockRows * 4 * static_cast<int64_t>(hn::MaxLanes(hn::ScalableTag<T>()));

template <class F, class T>
HWY_INLINE T reduce_block(const T* x, int64_t n) {
  T result = F::start();
  int64_t i = 0;
  if constexpr (std::is_floating_point_v<T>) {
    const hn::ScalableTag<T> d;
    constexpr int64_t lanes = hn::MaxLanes(d);
    if (n >= 4 * lanes) {
      auto a = F::map_v(hn::LoadU(d, x)), b = F::map_v(hn::LoadU(d, x + lanes));
      auto c = F::map_v(hn::LoadU(d, x + 2 * lanes)), e = F::map_v(hn::LoadU(d, x + 3 * lanes));
      for (i = 4 * lanes; i + 4 * lanes <= n; i += 4 * lanes) {
        a = F::join_v(a, F::map_v(hn::LoadU(d, x + i)));
        b = F::join_v(b, F::map_v(hn::LoadU(d, x + i + lanes)));
        c = F::join_v(c, F::map_v(hn::LoadU(d, x + i + 2 * lanes)));
        e = F::join_v(e, F::map_v(hn::LoadU(d, x + i + 3 * lanes)));
      }
      for (; i + lanes <= n; i += lanes) a = F::join_v(a, F::map_v(hn::LoadU(d, x + i)));
      HWY_ALIGN T last[lanes];
      hn::Store(F::join_v(F::join_v(a, b), F::join_v(c, e)), d, last);
      for (int64_t width = lanes / 2; width > 0; width /= 2) {
        for (int64_t j = 0; j < width; j++) last[j] = F::join(last[j], last[j + width]);
      }
      result = last[0];
    }
  }
  for (; i < n; i++) result = F::join(result, F::map(x[i]));
  return result;
}

template <class F, class T>
HWY_ATTR T reduce_span(const T* x, int64_t n) {
  if (n <= kBlock<T>) return reduce_block<F>(x, n);
  const int64_t half = (n / 2 + kBlock<T> - 1) / kBlock<T> * kBlock<T>;
  return F::join(reduce_span<F>(x, half), reduce_span<F>(x + half, n - half));
}

template <class F, class T>
HWY_ATTR void reduce_rows(const T* x, T* y, int64_t n, int64_t begin, int64_t end) {
  for (int64_t r = begin; r < end; r++) y[r] = reduce_span<F>(x + r * n, n);
}

template <class T, int kVectors>
struct Columns {
  hn::Vec<hn::ScalableTag<T>> v[kVectors];
};

/// n rows of kVectors vectors of columns (of `count` columns when kVectors is 1).
template <class F, class T, int kVectors>
HWY_ATTR Columns<T, kVectors> reduce_columns(const T* x, int64_t n, int64_t stride, int64_t count) {
  const hn::ScalableTag<T> d;
  constexpr int64_t lanes = hn::MaxLanes(d);
  Columns<T, kVectors> sum;
  if (n <= kBlockRows) {
    for (int j = 0; j < kVectors; j++) sum.v[j] = hn::Set(d, F::start());
    for (int64_t k = 0; k < n; k++) {
      for (int j = 0; j < kVectors; j++) {
        const T* p = x + k * stride + j * lanes;
        const auto value = kVectors > 1 || count == lanes ? hn::LoadU(d, p) : load_first(d, p, count);
        sum.v[j] = F::join_v(sum.v[j], F::map_v(value));
      }
    }
    return sum;
  }
  const int64_t half = (n / 2 + kBlockRows - 1) / kBlockRows * kBlockRows;
  const auto low = reduce_columns<F, T, kVectors>(x, half, stride, count);
  const auto high = reduce_columns<F, T, kVectors>(x + half * stride, n - half, stride, count);
  for (int j = 0; j < kVectors; j++) sum.v[j] = F::join_v(low.v[j], high.v[j]);
  return sum;
}

/// Columns [begin, end) of [n, inner].
template <class F, class T>
HWY_ATTR void reduce_column_range(const T* x, T* y, int64_t n, int64_t inner, int64_t begin, int64_t end) {
  int64_t c = begin;
  if constexpr (std::is_floating_point_v<T>) {
    const hn::ScalableTag<T> d;
    constexpr int64_t lanes = hn::MaxLanes(d);
    for (; c + 4 * lanes <= end; c += 4 * lanes) {
      const auto sum = reduce_columns<F, T, 4>(x + c, n, inner, lanes);
      for (int j = 0; j < 4; j++) hn::StoreU(sum.v[j], d, y + c + j * lanes);
    }
    for (; c < end; c += lanes) {
      const int64_t count = end - c < lanes ? end - c : lanes;
      store_first(reduce_columns<F, T, 1>(x + c, n, inner, count).v[0], d, y + c, count);
    }
  } else {
    for (int64_t j = c; j < end; j++) y[j] = F::start();
    for (int64_t k = 0; k < n; k++) {
      for (int64_t j = c; j < end; j++) y[j] = F::join(y[j], F::map(x[k * inner + j]));
    }
  }
}

}  // namespace

template <class T>
using Rows = void (*)(const T* x, T* y, int64_t n, int64_t begin, int64_t end);

template <class T>
Rows<T> rows_of(Reduce op) {
  switch (op) {
    case Reduce::sum:
    case Reduce::mean: break;
    case Reduce::sum_abs: return reduce_rows<SumAbs<T>, T>;
    case Reduce::sum_squares: return reduce_rows<SumSquares<T>, T>;
    case Reduce::sum_numbers: return reduce_rows<SumNumbers<T>, T>;
    case Reduce::product: return reduce_rows<Product<T>, T>;
    case Reduce::max: return reduce_rows<Max<T>, T>;
    case Reduce::min: return reduce_rows<Min<T>, T>;
  }
  return reduce_rows<Sum<T>, T>;
}

template <class T>
using ColumnRange = void (*)(const T* x, T* y, int64_t n, int64_t inner, int64_t begin, int64_t end);

template <class T>
ColumnRange<T> columns_of(Reduce op) {
  switch (op) {
    case Reduce::sum:
    case Reduce::mean: break;
    case Reduce::sum_abs: return reduce_column_range<SumAbs<T>, T>;
    case Reduce::sum_squares: return reduce_column_range<SumSquares<T>, T>;
    case Reduce::sum_numbers: return reduce_column_range<SumNumbers<T>, T>;
    case Reduce::product: return reduce_column_range<Product<T>, T>;
    case Reduce::max: return reduce_column_range<Max<T>, T>;
    case Reduce::min: return reduce_column_range<Min<T>, T>;
  }
  return reduce_column_range<Sum<T>, T>;
}

}  // namespace tsrun::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tsrun::kernels {
namespace {

constexpr int64_t kGrain = 32768;  // elements worth a thread
constexpr int64_t kMaxParts = 256;
constexpr int64_t kColumnBlock = 512;

template <class T>
using RowFunction = void (*)(const T*, T*, int64_t, int64_t, int64_t);

/// What reduces results of parts: sums of squares are not squared again.
Reduce joining(Reduce op) { return op == Reduce::max || op == Reduce::min || op == Reduce::product ? op : Reduce::sum; }

/// One long row in parts whose lengths depend on n alone. `join` reduces the parts' results.
template <class T>
void reduce_long_row(RowFunction<T> rows, RowFunction<T> join, const T* x, T* y, int64_t n, int threads) {
  const int64_t length = std::max<int64_t>(kGrain / 4, (n + kMaxParts - 1) / kMaxParts);
  const int64_t parts = (n + length - 1) / length;
  T results[kMaxParts];
  parallel_for(threads, parts, kGrain / length, [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; p++) rows(x + p * length, results + p, std::min(length, n - p * length), 0, 1);
  });
  join(results, y, parts, 0, 1);
}

template <class T>
void reduce_any(Reduce op, const T* x, T* y, int64_t outer, int64_t n, int64_t inner, int threads) {
  if (outer <= 0 || inner <= 0) return;
  const auto rows = TSRUN_PICK(rows_of<T>)(op);
  if (inner == 1 && outer < 64 && n >= 2 * kGrain) {
    const auto join = TSRUN_PICK(rows_of<T>)(joining(op));
    for (int64_t o = 0; o < outer; o++) reduce_long_row<T>(rows, join, x + o * n, y + o, n, threads);
  } else if (inner == 1) {
    parallel_for(threads, outer, kGrain / std::max<int64_t>(n, 1), [&](int64_t begin, int64_t end) { rows(x, y, n, begin, end); });
  } else {
    const auto columns = TSRUN_PICK(columns_of<T>)(op);
    const int64_t blocks = (inner + kColumnBlock - 1) / kColumnBlock, width = std::min(inner, kColumnBlock);
    parallel_for(threads, outer * blocks, kGrain / std::max<int64_t>(n, 1) / width, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        const int64_t o = i / blocks, first = i % blocks * kColumnBlock;
        columns(x + o * n * inner, y + o * inner, n, inner, first, std::min(inner, first + kColumnBlock));
      }
    });
  }
  if (op == Reduce::mean) {
    for (int64_t i = 0; i < outer * inner; i++) y[i] = std::is_integral_v<T> && n == 0 ? T(0) : y[i] / static_cast<T>(n);
  }
}

/// kDirection is 1 for the largest, -1 for the smallest. The first NaN wins over all numbers.
template <int kDirection>
bool better(float candidate, float best) {
  if (best != best) return false;
  return candidate != candidate || (kDirection > 0 ? candidate > best : candidate < best);
}

template <int kDirection>
void arg_extreme(const float* x, int64_t* y, int64_t outer, int64_t n, int64_t inner, int threads) {
  if (outer <= 0 || n <= 0 || inner <= 0) return;
  const auto rows = TSRUN_PICK(rows_of<float>)(kDirection > 0 ? Reduce::max : Reduce::min);
  parallel_for(threads, outer, kGrain / n / inner, [&](int64_t begin, int64_t end) {
    for (int64_t o = begin; o < end; o++) {
      const float* image = x + o * n * inner;
      if (inner == 1) {
        float best;
        rows(image, &best, n, 0, 1);
        int64_t i = 0;
        while (i < n - 1 && !(image[i] == best || (image[i] != image[i] && best != best))) i++;
        y[o] = i;
        continue;
      }
      for (int64_t c = 0; c < inner; c++) {
        int64_t best = 0;
        for (int64_t k = 1; k < n; k++) {
          if (better<kDirection>(image[k * inner + c], image[best * inner + c])) best = k;
        }
        y[o * inner + c] = best;
      }
    }
  });
}

}  // namespace

void reduce(Reduce op, const float* x, float* y, int64_t outer, int64_t n, int64_t inner, int threads) {
  reduce_any(op, x, y, outer, n, inner, threads);
}
void reduce(Reduce op, const double* x, double* y, int64_t outer, int64_t n, int64_t inner, int threads) {
  reduce_any(op, x, y, outer, n, inner, threads);
}
void reduce(Reduce op, const int64_t* x, int64_t* y, int64_t outer, int64_t n, int64_t inner, int threads) {
  reduce_any(op, x, y, outer, n, inner, threads);
}

void argmax(const float* x, int64_t* y, int64_t outer, int64_t n, int64_t inner, int threads) {
  arg_extreme<1>(x, y, outer, n, inner, threads);
}
void argmin(const float* x, int64_t* y, int64_t outer, int64_t n, int64_t inner, int threads) {
  arg_extreme<-1>(x, y, outer, n, inner, threads);
}

}  // namespace tsrun::kernels
#endif
