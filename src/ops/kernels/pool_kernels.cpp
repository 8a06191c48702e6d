#include "ops/kernels/pool_kernels.h"

#include <algorithm>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/kernels/pool_kernels.cpp"
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

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;
constexpr int64_t kLanes = hn::MaxLanes(D());

struct Max {
  static constexpr float kStart = -HUGE_VALF;
  HWY_INLINE static float join(float a, float b) { return (b > a) | (b != b) ? b : a; }
  HWY_INLINE static V join(V a, V b) { return hn::IfThenElse(hn::Or(hn::Gt(b, a), hn::IsNaN(b)), b, a); }
};
struct Sum {
  static constexpr float kStart = 0;
  HWY_INLINE static float join(float a, float b) { return a + b; }
  HWY_INLINE static V join(V a, V b) { return hn::Add(a, b); }
};

/// to[i] = join over the rows of x[row, i] for i < n.
template <class F>
HWY_INLINE void join_rows(const float* x, float* to, int64_t n, int64_t w, int64_t step, int64_t rows) {
  const D d;
  for (int64_t i = 0; i < n; i += kLanes) {
    const int64_t count = n - i < kLanes ? n - i : kLanes;
    V acc = hn::Set(d, F::kStart);
    for (int64_t r = 0; r < rows; r++) {
      const float* p = x + r * step * w + i;
      acc = F::join(acc, count == kLanes ? hn::LoadU(d, p) : load_first(d, p, count));
    }
    store_first(acc, d, to + i, count);
  }
}

/// y[i] = join over the taps k of from[i * stride + k * dilation].
template <class F>
HWY_INLINE void join_columns(const float* from, float* y, int64_t n, int64_t kernel, int64_t stride, int64_t dilation) {
  const D d;
  int64_t i = 0;
  if (stride == 1) {
    for (; i + kLanes <= n; i += kLanes) {
      V acc = hn::LoadU(d, from + i);
      for (int64_t k = 1; k < kernel; k++) acc = F::join(acc, hn::LoadU(d, from + i + k * dilation));
      hn::StoreU(acc, d, y + i);
    }
  }
#if HWY_TARGET != HWY_SCALAR
  if (stride == 2) {  // the even lanes of two vectors; the second one must not read behind the last tap
    for (; i + kLanes < n; i += kLanes) {
      V acc = hn::Set(d, F::kStart);
      for (int64_t k = 0; k < kernel; k++) {
        const float* p = from + 2 * i + k * dilation;
        acc = F::join(acc, hn::ConcatEven(d, hn::LoadU(d, p + kLanes), hn::LoadU(d, p)));
      }
      hn::StoreU(acc, d, y + i);
    }
  }
#endif
  for (; i < n; i++) {
    float acc = from[i * stride];
    for (int64_t k = 1; k < kernel; k++) acc = F::join(acc, from[i * stride + k * dilation]);
    y[i] = acc;
  }
}

/// Rows first, into a bordered line on the stack, then columns; a block of outputs at a time, so that the line's length is bounded.
template <class F>
HWY_ATTR void pool_row(const float* x, float* y, const PoolShape& s, PoolRange rows) {
  constexpr int64_t kLine = 2048;
  const int64_t reach = (s.kernel_w - 1) * s.dilation_w + 1, image_step = s.dilation_h;
  const float* first_row = x + rows.first * s.w;
  if (reach > kLine) {  // one column of the window at a time
    for (int64_t ow = 0; ow < s.out_w; ow++) {
      float acc = F::kStart;
      for (int64_t k = 0; k < s.kernel_w; k++) {
        const int64_t column = ow * s.stride_w - s.pad_w + k * s.dilation_w;
        if (column < 0 || column >= s.w) continue;
        for (int64_t r = 0; r < rows.count; r++) acc = F::join(acc, first_row[r * image_step * s.w + column]);
      }
      y[ow] = acc;
    }
    return;
  }
  HWY_ALIGN float line[kLine];
  const int64_t block = (kLine - reach) / s.stride_w + 1;
  for (int64_t ow = 0; ow < s.out_w; ow += block) {
    const int64_t count = std::min(block, s.out_w - ow);
    const int64_t begin = ow * s.stride_w - s.pad_w, length = (count - 1) * s.stride_w + reach;
    const int64_t inside_begin = std::clamp<int64_t>(-begin, 0, length),
                  inside_end = std::clamp<int64_t>(s.w - begin, inside_begin, length);
    std::fill(line, line + inside_begin, F::kStart);
    join_rows<F>(first_row + begin + inside_begin, line + inside_begin, inside_end - inside_begin, s.w, image_step, rows.count);
    std::fill(line + inside_end, line + length, F::kStart);
    join_columns<F>(line, y + ow, count, s.kernel_w, s.stride_w, s.dilation_w);
  }
}

template <class F>
HWY_ATTR void pool_channels(const float* x, float* y, const PoolShape& s, PoolRange rows, PoolRange columns, int64_t dilation_h,
                            int64_t dilation_w, float by) {
  const D d;
  const float* corner = x + (rows.first * s.w + columns.first) * s.channels;
  const int64_t row_step = dilation_h * s.w * s.channels, column_step = dilation_w * s.channels;
  const V divisor = hn::Set(d, by);
  int64_t c = 0;
  for (; c + 2 * kLanes <= s.channels; c += 2 * kLanes) {
    V a = hn::Set(d, F::kStart), b = a;
    for (int64_t i = 0; i < rows.count; i++) {
      const float* p = corner + i * row_step + c;
      for (int64_t j = 0; j < columns.count; j++, p += column_step) {
        a = F::join(a, hn::LoadU(d, p));
        b = F::join(b, hn::LoadU(d, p + kLanes));
      }
    }
    hn::StoreU(by == 1 ? a : hn::Div(a, divisor), d, y + c);
    hn::StoreU(by == 1 ? b : hn::Div(b, divisor), d, y + c + kLanes);
  }
  for (; c < s.channels; c += kLanes) {
    const int64_t count = s.channels - c < kLanes ? s.channels - c : kLanes;
    V a = hn::Set(d, F::kStart);
    for (int64_t i = 0; i < rows.count; i++) {
      const float* p = corner + i * row_step + c;
      for (int64_t j = 0; j < columns.count; j++, p += column_step) {
        a = F::join(a, count == kLanes ? hn::LoadU(d, p) : load_first(d, p, count));
      }
    }
    store_first(by == 1 ? a : hn::Div(a, divisor), d, y + c, count);
  }
}

}  // namespace

const PoolKernels kPoolKernels = {pool_row<Max>, pool_row<Sum>, pool_channels<Max>, pool_channels<Sum>};

}  // namespace tsrun::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tsrun::kernels {

const PoolKernels& pool_kernels() { return *TSRUN_PICK(kPoolKernels); }

}  // namespace tsrun::kernels
#endif
