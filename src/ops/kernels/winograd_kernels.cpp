#include "ops/kernels/winograd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/kernels/winograd_kernels.cpp"
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

constexpr float kRoot = 1.41421356237309505f, kHalfRoot = 0.70710678118654752f;

// One dimension of the transforms, by tile size. A point and its negative share their even and odd halves.
template <int kSize>
struct Transform;

template <>
struct Transform<4> {
  static HWY_INLINE void input(const V (&x)[6], V (&t)[6]) {
    const D d;
    const V middle = hn::Set(d, -2.5f), two = hn::Set(d, -2.0f), half = hn::Set(d, -0.5f), r = hn::Set(d, kRoot), h = hn::Set(d, kHalfRoot);
    t[0] = hn::MulAdd(x[2], middle, hn::Add(x[0], x[4]));
    V even = hn::MulAdd(x[2], two, x[4]), odd = hn::MulSub(h, x[3], hn::Mul(r, x[1]));
    t[1] = hn::Add(even, odd);
    t[2] = hn::Sub(even, odd);
    even = hn::MulAdd(x[2], half, x[4]);
    odd = hn::MulSub(r, x[3], hn::Mul(h, x[1]));
    t[3] = hn::Add(even, odd);
    t[4] = hn::Sub(even, odd);
    t[5] = hn::MulAdd(x[3], middle, hn::Add(x[1], x[5]));
  }
  static HWY_INLINE void output(const V (&m)[6], V (&y)[4]) {
    const D d;
    const V sum1 = hn::Add(m[1], m[2]), diff1 = hn::Sub(m[1], m[2]), sum2 = hn::Add(m[3], m[4]), diff2 = hn::Sub(m[3], m[4]);
    y[0] = hn::Add(m[0], hn::Add(sum1, sum2));
    y[1] = hn::MulAdd(hn::Set(d, kHalfRoot), diff1, hn::Mul(hn::Set(d, kRoot), diff2));
    y[2] = hn::MulAdd(hn::Set(d, 0.5f), sum1, hn::Add(sum2, sum2));
    y[3] = hn::MulAdd(hn::Set(d, kHalfRoot / 2), diff1, hn::MulAdd(hn::Set(d, 2 * kRoot), diff2, m[5]));
  }
};

template <>
struct Transform<2> {
  static HWY_INLINE void input(const V (&x)[4], V (&t)[4]) {
    t[0] = hn::Sub(x[0], x[2]);
    t[1] = hn::Add(x[1], x[2]);
    t[2] = hn::Sub(x[2], x[1]);
    t[3] = hn::Sub(x[3], x[1]);
  }
  static HWY_INLINE void output(const V (&m)[4], V (&y)[2]) {
    y[0] = hn::Add(m[0], hn::Add(m[1], m[2]));
    y[1] = hn::Add(hn::Sub(m[1], m[2]), m[3]);
  }
};

// Columns first, then rows.
template <int kSize>
HWY_NOINLINE void transform_input(const WinogradInput& t) {
  constexpr int N = kSize + 2;
  for_channels(t.channels, [&](int64_t c, auto load, auto store) HWY_ATTR {
    V half[N][N];
    TSRUN_UNROLL for (int j = 0; j < N; j++) {
      V x[N], y[N];
      TSRUN_UNROLL for (int i = 0; i < N; i++) x[i] = load(t.pixels[i * N + j] + c);
      Transform<kSize>::input(x, y);
      TSRUN_UNROLL for (int i = 0; i < N; i++) half[i][j] = y[i];
    }
    TSRUN_UNROLL for (int i = 0; i < N; i++) {
      V y[N];
      Transform<kSize>::input(half[i], y);
      TSRUN_UNROLL for (int j = 0; j < N; j++) store(y[j], t.values + (i * N + j) * t.step + c);
    }
  });
}

template <int kSize>
HWY_NOINLINE void transform_output(const WinogradOutput& t) {
  constexpr int N = kSize + 2;
  const D d;
  const bool clamps = t.activation && is_clamp(t.activation->kind);
  const Clamp<float> clamp(t.activation ? *t.activation : Activation());
  for_channels(t.channels, [&](int64_t c, auto load, auto store) HWY_ATTR {
    V half[kSize][N];
    TSRUN_UNROLL for (int j = 0; j < N; j++) {
      V m[N], y[kSize];
      TSRUN_UNROLL for (int i = 0; i < N; i++) m[i] = load(t.products + (i * N + j) * t.step + c);
      Transform<kSize>::output(m, y);
      TSRUN_UNROLL for (int i = 0; i < kSize; i++) half[i][j] = y[i];
    }
    const V bias = t.bias ? load(t.bias + c) : hn::Zero(d), low = hn::Set(d, clamp.low), high = hn::Set(d, clamp.high);
    TSRUN_UNROLL for (int i = 0; i < kSize; i++) {
      if (i >= t.rows) break;
      V y[kSize];
      Transform<kSize>::output(half[i], y);
      TSRUN_UNROLL for (int j = 0; j < kSize; j++) {
        if (j >= t.columns) break;
        const int64_t at = i * t.row_step + j * t.channels + c;
        V v = hn::Add(y[j], bias);
        if (t.residual) v = hn::Add(v, load(t.residual + at));
        if (clamps) v = clamped(d, v, low, high);
        store(v, t.out + at);
      }
    }
  });
  if (t.activation && !clamps) {
    for (int64_t i = 0; i < t.rows; i++) activate(*t.activation, t.out + i * t.row_step, t.channels, t.columns, t.channels);
  }
}

template <int kSize>
struct FilterMatrix;

template <>
struct FilterMatrix<4> {
  static constexpr double r = 1.41421356237309504880 / 6, h = 0.70710678118654752440 * 2 / 3;
  static constexpr double rows[6][3] = {{1, 0, 0},           {-2 / 3., -h, -1 / 3.}, {-2 / 3., h, -1 / 3.},
                                        {1 / 6., r, 1 / 3.}, {1 / 6., -r, 1 / 3.},   {0, 0, 1}};
};

template <>
struct FilterMatrix<2> {
  static constexpr double rows[4][3] = {{1, 0, 0}, {.5, .5, .5}, {.5, -.5, .5}, {0, 0, 1}};
};

// rows * g, g being three vectors.
template <int kSize, class DD, class VD = hn::Vec<DD>>
HWY_INLINE void filter_line(DD d, const VD (&g)[3], VD (&t)[kSize + 2]) {
  TSRUN_UNROLL for (int i = 0; i < kSize + 2; i++) {
    const auto& m = FilterMatrix<kSize>::rows[i];
    t[i] = hn::MulAdd(hn::Set(d, m[2]), g[2], hn::MulAdd(hn::Set(d, m[1]), g[1], hn::Mul(hn::Set(d, m[0]), g[0])));
  }
}

template <int kSize>
HWY_NOINLINE void transform_filter(const float* g, int64_t g_step, int64_t count, float* u, int64_t step) {
  constexpr int N = kSize + 2;
  const hn::ScalableTag<double> d;
  const hn::Rebind<float, decltype(d)> narrow;
  using VD = hn::Vec<decltype(d)>;
  for (int64_t c = 0; c < count; c += static_cast<int64_t>(hn::Lanes(d))) {
    VD half[N][3];
    TSRUN_UNROLL for (int j = 0; j < 3; j++) {
      VD column[3], t[N];
      TSRUN_UNROLL for (int i = 0; i < 3; i++) column[i] = hn::PromoteTo(d, hn::LoadU(narrow, g + (i * 3 + j) * g_step + c));
      filter_line<kSize>(d, column, t);
      TSRUN_UNROLL for (int i = 0; i < N; i++) half[i][j] = t[i];
    }
    TSRUN_UNROLL for (int i = 0; i < N; i++) {
      VD t[N];
      filter_line<kSize>(d, half[i], t);
      TSRUN_UNROLL for (int j = 0; j < N; j++) hn::StoreU(hn::DemoteTo(narrow, t[j]), narrow, u + (i * N + j) * step + c);
    }
  }
}

constexpr WinogradKernels kWinograd2 = {2, transform_input<2>, transform_output<2>, transform_filter<2>};
constexpr WinogradKernels kWinograd4 = {4, transform_input<4>, transform_output<4>, transform_filter<4>};

}  // namespace tsrun::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tsrun::kernels {

const WinogradKernels& winograd_kernels(int64_t size) { return size == 2 ? *TSRUN_PICK(kWinograd2) : *TSRUN_PICK(kWinograd4); }

}  // namespace tsrun::kernels
#endif
