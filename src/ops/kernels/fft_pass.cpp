#include "ops/kernels/fft.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/kernels/fft_pass.cpp"
#include "ops/kernels/simd.h"
//
#include "hwy/foreach_target.h"
//
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace tsrun::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
namespace {

template <class V>
struct Complex {
  V re, im;
};

template <class V>
HWY_INLINE Complex<V> operator+(Complex<V> a, Complex<V> b) {
  return {hn::Add(a.re, b.re), hn::Add(a.im, b.im)};
}
template <class V>
HWY_INLINE Complex<V> operator-(Complex<V> a, Complex<V> b) {
  return {hn::Sub(a.re, b.re), hn::Sub(a.im, b.im)};
}
template <class V>
HWY_INLINE Complex<V> times(Complex<V> a, Complex<V> b) {
  return {hn::MulSub(a.re, b.re, hn::Mul(a.im, b.im)), hn::MulAdd(a.re, b.im, hn::Mul(a.im, b.re))};
}
template <class V>
HWY_INLINE Complex<V> scaled(Complex<V> a, V f) {
  return {hn::Mul(a.re, f), hn::Mul(a.im, f)};
}
/// a + f b
template <class V>
HWY_INLINE Complex<V> plus_scaled(Complex<V> a, V f, Complex<V> b) {
  return {hn::MulAdd(f, b.re, a.re), hn::MulAdd(f, b.im, a.im)};
}
/// a - i b and a + i b
template <class V>
HWY_INLINE Complex<V> minus_i(Complex<V> a, Complex<V> b) {
  return {hn::Add(a.re, b.im), hn::Sub(a.im, b.re)};
}
template <class V>
HWY_INLINE Complex<V> plus_i(Complex<V> a, Complex<V> b) {
  return {hn::Sub(a.re, b.im), hn::Add(a.im, b.re)};
}

// The transform of R numbers in place.
template <int R>
struct Butterfly;

template <>
struct Butterfly<2> {
  template <class D, class V>
  static HWY_INLINE void run(D, Complex<V>* a) {
    const Complex<V> first = a[0];
    a[0] = first + a[1];
    a[1] = first - a[1];
  }
};

template <>
struct Butterfly<3> {
  template <class D, class V>
  static HWY_INLINE void run(D d, Complex<V>* a) {
    using T = hn::TFromD<D>;
    const Complex<V> sum = a[1] + a[2], difference = scaled(a[1] - a[2], hn::Set(d, static_cast<T>(0.86602540378443864676)));
    const Complex<V> middle = plus_scaled(a[0], hn::Set(d, static_cast<T>(-0.5)), sum);
    a[0] = a[0] + sum;
    a[1] = minus_i(middle, difference);
    a[2] = plus_i(middle, difference);
  }
};

template <>
struct Butterfly<4> {
  template <class D, class V>
  static HWY_INLINE void run(D, Complex<V>* a) {
    const Complex<V> even = a[0] + a[2], odd = a[1] + a[3], even_part = a[0] - a[2], odd_part = a[1] - a[3];
    a[0] = even + odd;
    a[1] = minus_i(even_part, odd_part);
    a[2] = even - odd;
    a[3] = plus_i(even_part, odd_part);
  }
};

template <>
struct Butterfly<5> {
  template <class D, class V>
  static HWY_INLINE void run(D d, Complex<V>* a) {
    using T = hn::TFromD<D>;
    const V c1 = hn::Set(d, static_cast<T>(0.30901699437494742410)), c2 = hn::Set(d, static_cast<T>(-0.80901699437494742410));
    const V s1 = hn::Set(d, static_cast<T>(0.95105651629515357212)), s2 = hn::Set(d, static_cast<T>(0.58778525229247312917));
    const Complex<V> sum1 = a[1] + a[4], sum2 = a[2] + a[3], difference1 = a[1] - a[4], difference2 = a[2] - a[3];
    const Complex<V> even1 = plus_scaled(plus_scaled(a[0], c1, sum1), c2, sum2), even2 = plus_scaled(plus_scaled(a[0], c2, sum1), c1, sum2);
    const Complex<V> odd1 = plus_scaled(scaled(difference1, s1), s2, difference2);
    const Complex<V> odd2 = scaled(difference1, s2) - scaled(difference2, s1);
    a[0] = a[0] + sum1 + sum2;
    a[1] = minus_i(even1, odd1);
    a[2] = minus_i(even2, odd2);
    a[3] = plus_i(even2, odd2);
    a[4] = plus_i(even1, odd1);
  }
};

/// Elements [q, s) of block p, as many as fill vectors of d; returns the first that was left.
template <int R, class D, class T>
HWY_INLINE int64_t run_block(D d, const FftPass<T>& f, int64_t p, int64_t q) {
  using V = hn::Vec<D>;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  Complex<V> w[R];
  for (int k = 1; k < R; ++k) w[k] = {hn::Set(d, f.w_re[(k - 1) * f.m + p]), hn::Set(d, f.w_im[(k - 1) * f.m + p])};
  for (; q + lanes <= f.s; q += lanes) {
    Complex<V> a[R];
    for (int j = 0; j < R; ++j) {
      const int64_t at = q + f.s * (p + f.m * j);
      a[j] = {hn::LoadU(d, f.x_re + at), hn::LoadU(d, f.x_im + at)};
    }
    Butterfly<R>::run(d, a);
    for (int k = 0; k < R; ++k) {
      const int64_t at = q + f.s * (R * p + k);
      const Complex<V> y = k == 0 ? a[0] : times(a[k], w[k]);
      hn::StoreU(y.re, d, f.y_re + at);
      hn::StoreU(y.im, d, f.y_im + at);
    }
  }
  return q;
}

template <int R, class D, class T>
HWY_INLINE void store_blocks(D d, const Complex<hn::Vec<D>>* a, const FftPass<T>& f, int64_t p) {
  if constexpr (R == 2) {
    hn::StoreInterleaved2(a[0].re, a[1].re, d, f.y_re + R * p);
    hn::StoreInterleaved2(a[0].im, a[1].im, d, f.y_im + R * p);
  } else if constexpr (R == 3) {
    hn::StoreInterleaved3(a[0].re, a[1].re, a[2].re, d, f.y_re + R * p);
    hn::StoreInterleaved3(a[0].im, a[1].im, a[2].im, d, f.y_im + R * p);
  } else {
    hn::StoreInterleaved4(a[0].re, a[1].re, a[2].re, a[3].re, d, f.y_re + R * p);
    hn::StoreInterleaved4(a[0].im, a[1].im, a[2].im, a[3].im, d, f.y_im + R * p);
  }
}

/// The first pass over one lane: neighbouring blocks make the vectors. Returns the first block that was left.
template <int R, class T>
HWY_INLINE int64_t run_neighbours(const FftPass<T>& f) {
  if constexpr (R <= 4) {
    const hn::ScalableTag<T> d;
    using V = hn::Vec<decltype(d)>;
    const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
    int64_t p = 0;
    for (; p + lanes <= f.m; p += lanes) {
      Complex<V> a[R];
      for (int j = 0; j < R; ++j) a[j] = {hn::LoadU(d, f.x_re + p + f.m * j), hn::LoadU(d, f.x_im + p + f.m * j)};
      Butterfly<R>::run(d, a);
      for (int k = 1; k < R; ++k) {
        const Complex<V> w = {hn::LoadU(d, f.w_re + (k - 1) * f.m + p), hn::LoadU(d, f.w_im + (k - 1) * f.m + p)};
        a[k] = times(a[k], w);
      }
      store_blocks<R>(d, a, f, p);
    }
    return p;
  }
  return 0;
}

template <int R, class T>
HWY_NOINLINE void run_fixed(const FftPass<T>& f) {
  const hn::ScalableTag<T> wide;
  const hn::CappedTag<T, 4> narrow;
  const hn::CappedTag<T, 1> one;
  const auto lanes = static_cast<int64_t>(hn::Lanes(wide));
  for (int64_t p = f.s == 1 ? run_neighbours<R>(f) : 0; p < f.m; ++p) {
    int64_t q = 0;
    if (f.s >= lanes) q = run_block<R>(wide, f, p, q);
    if (f.s - q >= 4) q = run_block<R>(narrow, f, p, q);
    if (q < f.s) run_block<R>(one, f, p, q);
  }
}

/// As run_block for a prime radix: elements j and radix - j share their cosines and sines.
template <class D, class T>
HWY_INLINE int64_t run_prime_block(D d, const FftPass<T>& f, int64_t p, int64_t q) {
  using V = hn::Vec<D>;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d)), radix = f.radix, half = (radix - 1) / 2;
  Complex<V> sum[max_fft_radix / 2 + 1], difference[max_fft_radix / 2 + 1];
  for (; q + lanes <= f.s; q += lanes) {
    auto load = [&](int64_t j) HWY_ATTR {
      const int64_t at = q + f.s * (p + f.m * j);
      return Complex<V>{hn::LoadU(d, f.x_re + at), hn::LoadU(d, f.x_im + at)};
    };
    auto store = [&](int64_t k, Complex<V> y) HWY_ATTR {
      const int64_t at = q + f.s * (radix * p + k);
      if (k > 0) y = times(y, Complex<V>{hn::Set(d, f.w_re[(k - 1) * f.m + p]), hn::Set(d, f.w_im[(k - 1) * f.m + p])});
      hn::StoreU(y.re, d, f.y_re + at);
      hn::StoreU(y.im, d, f.y_im + at);
    };
    const Complex<V> first = load(0);
    Complex<V> total = first;
    for (int64_t j = 1; j <= half; ++j) {
      const Complex<V> a = load(j), b = load(radix - j);
      sum[j] = a + b;
      difference[j] = a - b;
      total = total + sum[j];
    }
    store(0, total);
    for (int64_t k = 1; k <= half; ++k) {
      Complex<V> even = first, odd = {hn::Zero(d), hn::Zero(d)};
      for (int64_t j = 1, at = k; j <= half; ++j, at = at + k < radix ? at + k : at + k - radix) {
        even = plus_scaled(even, hn::Set(d, f.cosines[at]), sum[j]);
        odd = plus_scaled(odd, hn::Set(d, f.sines[at]), difference[j]);
      }
      store(k, minus_i(even, odd));
      store(radix - k, plus_i(even, odd));
    }
  }
  return q;
}

template <class T>
HWY_NOINLINE void run_prime(const FftPass<T>& f) {
  const hn::ScalableTag<T> wide;
  const hn::CappedTag<T, 1> one;
  for (int64_t p = 0; p < f.m; ++p) {
    const int64_t q = run_prime_block(wide, f, p, 0);
    if (q < f.s) run_prime_block(one, f, p, q);
  }
}

template <class T>
HWY_INLINE void run_pass(const FftPass<T>& f) {
  switch (f.radix) {
    case 2: return run_fixed<2>(f);
    case 3: return run_fixed<3>(f);
    case 4: return run_fixed<4>(f);
    case 5: return run_fixed<5>(f);
    default: return run_prime(f);
  }
}

}  // namespace

void run_fft_pass_f32(const FftPass<float>& pass) { run_pass(pass); }
void run_fft_pass_f64(const FftPass<double>& pass) { run_pass(pass); }

}  // namespace tsrun::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tsrun::kernels {

void run_fft_pass(const FftPass<float>& pass) { TSRUN_PICK(run_fft_pass_f32)(pass); }
void run_fft_pass(const FftPass<double>& pass) { TSRUN_PICK(run_fft_pass_f64)(pass); }

}  // namespace tsrun::kernels
#endif
