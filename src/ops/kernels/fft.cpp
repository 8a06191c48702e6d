#include "ops/kernels/fft.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace tsrun::kernels {

namespace {

struct Angle {
  double cosine, sine;
};

/// cos and sin of 2 pi k / n, the angle brought below pi / 4, where both functions are exact to the last place.
Angle angle(int64_t k, int64_t n) {
  k %= n;
  if (8 * k > 7 * n) {
    Angle a = angle(n - k, n);
    return {a.cosine, -a.sine};
  }
  const int64_t quarter = (8 * k + n) / (2 * n);  // the nearest multiple of pi / 2
  const double x = 2 * std::numbers::pi * static_cast<double>(4 * k - quarter * n) / (4 * static_cast<double>(n));
  const double c = std::cos(x), s = std::sin(x);
  switch (quarter) {
    case 0: return {c, s};
    case 1: return {-s, c};
    case 2: return {-c, -s};
    default: return {s, -c};
  }
}

/// Fours first, so that the vectors of later passes are long, then twos, threes, fives and other primes.
std::vector<int64_t> factors(int64_t n) {
  std::vector<int64_t> found;
  auto divide = [&](int64_t radix) {
    for (; n % radix == 0; n /= radix) found.push_back(radix);
  };
  divide(4);
  divide(2);
  for (int64_t p = 3; p * p <= n; p += 2) divide(p);
  if (n > 1) found.push_back(n);
  return found;
}

/// The smallest length from n on with no factor but 2, 3 and 5.
int64_t smooth_length(int64_t n) {
  for (;; ++n) {
    int64_t rest = n;
    for (int64_t p : {2, 3, 5})
      while (rest % p == 0) rest /= p;
    if (rest == 1) return n;
  }
}

}  // namespace

template <class T>
Fft<T>::Fft(int64_t n) : n_(n) {
  std::vector<int64_t> radices = factors(n);
  if (radices.empty() || *std::max_element(radices.begin(), radices.end()) <= max_fft_radix) {
    int64_t length = n;
    for (int64_t radix : radices) {
      Stage stage{radix, length / radix, {}, {}, {}, {}};
      for (int64_t k = 1; k < radix; ++k)
        for (int64_t p = 0; p < stage.m; ++p) {
          const Angle a = angle(p * k, length);
          stage.w_re.push_back(static_cast<T>(a.cosine));
          stage.w_im.push_back(static_cast<T>(-a.sine));
        }
      for (int64_t i = 0; radix > 5 && i < radix; ++i) {
        const Angle a = angle(i, radix);
        stage.cosines.push_back(static_cast<T>(a.cosine));
        stage.sines.push_back(static_cast<T>(a.sine));
      }
      length = stage.m;
      stages_.push_back(std::move(stage));
    }
    return;
  }
  const int64_t size = smooth_length(2 * n - 1);
  inner_ = std::make_unique<Fft<double>>(size);
  filter_re_.resize(static_cast<size_t>(size));
  filter_im_.resize(static_cast<size_t>(size));
  for (int64_t k = 0, square = 0; k < n; ++k) {  // square = k * k modulo 2 n
    const Angle a = angle(square, 2 * n);
    chirp_re_.push_back(a.cosine);
    chirp_im_.push_back(-a.sine);
    for (int64_t at : {k, (size - k) % size}) {
      filter_re_[static_cast<size_t>(at)] = a.cosine / static_cast<double>(size);
      filter_im_[static_cast<size_t>(at)] = a.sine / static_cast<double>(size);
    }
    square = (square + 2 * k + 1) % (2 * n);
  }
  std::vector<double> work(static_cast<size_t>(inner_->workspace(1)));
  inner_->run(filter_re_.data(), filter_im_.data(), work.data(), 1);
}

template <class T>
int64_t Fft<T>::workspace(int64_t lanes) const {
  constexpr int64_t ratio = sizeof(double) / sizeof(T);
  return inner_ ? ratio * (2 * inner_->length() * lanes + inner_->workspace(lanes) + 1) : 2 * n_ * lanes;
}

template <class T>
void Fft<T>::run(T* re, T* im, T* work, int64_t lanes) const {
  if (inner_) run_convolution(re, im, work, lanes);
  else run_passes(re, im, work, lanes);
}

template <class T>
void Fft<T>::run_passes(T* re, T* im, T* work, int64_t lanes) const {
  T *x_re = re, *x_im = im, *y_re = work, *y_im = work + n_ * lanes;
  int64_t s = lanes;
  for (const Stage& stage : stages_) {
    run_fft_pass(
        {stage.radix, stage.m, s, stage.w_re.data(), stage.w_im.data(), stage.cosines.data(), stage.sines.data(), x_re, x_im, y_re, y_im});
    std::swap(x_re, y_re);
    std::swap(x_im, y_im);
    s *= stage.radix;
  }
  if (x_re == re) return;
  std::copy_n(x_re, n_ * lanes, re);
  std::copy_n(x_im, n_ * lanes, im);
}

template <class From, class To>
static void multiply(const From* x_re, const From* x_im, double w_re, double w_im, To* y_re, To* y_im, int64_t lanes) {
  for (int64_t l = 0; l < lanes; ++l) {
    const double r = x_re[l], i = x_im[l];
    y_re[l] = static_cast<To>(r * w_re - i * w_im);
    y_im[l] = static_cast<To>(r * w_im + i * w_re);
  }
}

template <class T>
void Fft<T>::run_convolution(T* re, T* im, T* work, int64_t lanes) const {
  const int64_t size = inner_->length();
  const auto misaligned = reinterpret_cast<uintptr_t>(work) % sizeof(double);
  double* a_re = reinterpret_cast<double*>(reinterpret_cast<std::byte*>(work) + (misaligned ? sizeof(double) - misaligned : 0));
  double *a_im = a_re + size * lanes, *rest = a_im + size * lanes;
  for (int64_t k = 0; k < n_; ++k) {
    const int64_t at = k * lanes;
    multiply(re + at, im + at, chirp_re_[static_cast<size_t>(k)], chirp_im_[static_cast<size_t>(k)], a_re + at, a_im + at, lanes);
  }
  std::fill(a_re + n_ * lanes, a_re + size * lanes, 0.0);
  std::fill(a_im + n_ * lanes, a_im + size * lanes, 0.0);
  inner_->run(a_re, a_im, rest, lanes);
  for (int64_t k = 0; k < size; ++k) {
    const int64_t at = k * lanes;
    multiply(a_re + at, a_im + at, filter_re_[static_cast<size_t>(k)], filter_im_[static_cast<size_t>(k)], a_re + at, a_im + at, lanes);
  }
  inner_->run(a_im, a_re, rest, lanes);
  for (int64_t k = 0; k < n_; ++k) {
    const int64_t at = k * lanes;
    multiply(a_re + at, a_im + at, chirp_re_[static_cast<size_t>(k)], chirp_im_[static_cast<size_t>(k)], re + at, im + at, lanes);
  }
}

template <class T>
RealFft<T>::RealFft(int64_t n) : n_(n), fft_(n % 2 == 0 ? n / 2 : n) {
  for (int64_t k = 0; packed() && k <= n / 4; ++k) {
    const Angle a = angle(k, n);
    w_re_.push_back(static_cast<T>(a.cosine));
    w_im_.push_back(static_cast<T>(-a.sine));
  }
}

// With Z the transform of even + i odd numbers, h = n / 2 and Z* its conjugate: the even numbers have E = (Z[k] + Z*[h - k]) / 2, the odd
// ones O = (Z[k] - Z*[h - k]) / 2i, and X[k] = E + w O, X[h - k] = conj(E - w O).
template <class T>
void RealFft<T>::forward(T* re, T* im, T* work, int64_t lanes) const {
  fft_.run(re, im, work, lanes);
  if (!packed()) return;
  const int64_t h = n_ / 2;
  for (int64_t l = 0; l < lanes; ++l) {
    const T sum = re[l] + im[l], difference = re[l] - im[l];
    re[l] = sum;
    re[h * lanes + l] = difference;
    im[l] = im[h * lanes + l] = 0;
  }
  for (int64_t k = 1; k <= h / 2; ++k) {
    const T w_re = w_re_[static_cast<size_t>(k)], w_im = w_im_[static_cast<size_t>(k)], half = T(0.5);
    T *low_re = re + k * lanes, *low_im = im + k * lanes, *high_re = re + (h - k) * lanes, *high_im = im + (h - k) * lanes;
    for (int64_t l = 0; l < lanes; ++l) {
      const T e_re = half * (low_re[l] + high_re[l]), e_im = half * (low_im[l] - high_im[l]);
      const T o_re = half * (low_im[l] + high_im[l]), o_im = half * (high_re[l] - low_re[l]);
      const T t_re = o_re * w_re - o_im * w_im, t_im = o_re * w_im + o_im * w_re;
      low_re[l] = e_re + t_re;
      low_im[l] = e_im + t_im;
      high_re[l] = e_re - t_re;
      high_im[l] = t_im - e_im;
    }
  }
}

template <class T>
void RealFft<T>::backward(T* re, T* im, T* work, int64_t lanes) const {
  std::fill(im, im + lanes, T(0));
  if (!packed()) {
    for (int64_t k = 1; k <= n_ / 2; ++k)
      for (int64_t l = 0; l < lanes; ++l) {
        re[(n_ - k) * lanes + l] = re[k * lanes + l];
        im[(n_ - k) * lanes + l] = -im[k * lanes + l];
      }
    return fft_.run(im, re, work, lanes);
  }
  const int64_t h = n_ / 2;
  for (int64_t l = 0; l < lanes; ++l) {
    const T sum = re[l] + re[h * lanes + l], difference = re[l] - re[h * lanes + l];
    re[l] = sum;
    im[l] = difference;
  }
  for (int64_t k = 1; k <= h / 2; ++k) {
    const T w_re = w_re_[static_cast<size_t>(k)], w_im = w_im_[static_cast<size_t>(k)];
    T *low_re = re + k * lanes, *low_im = im + k * lanes, *high_re = re + (h - k) * lanes, *high_im = im + (h - k) * lanes;
    for (int64_t l = 0; l < lanes; ++l) {
      const T e_re = low_re[l] + high_re[l], e_im = low_im[l] - high_im[l];
      const T t_re = low_re[l] - high_re[l], t_im = low_im[l] + high_im[l];
      const T o_re = t_re * w_re + t_im * w_im, o_im = t_im * w_re - t_re * w_im;
      low_re[l] = e_re - o_im;
      low_im[l] = e_im + o_re;
      high_re[l] = e_re + o_im;
      high_im[l] = o_re - e_im;
    }
  }
  fft_.run(im, re, work, lanes);
}

template class Fft<float>;
template class Fft<double>;
template class RealFft<float>;
template class RealFft<double>;

namespace {

/// n elements of each line, `parts` numbers apiece, into arrays re and im (im only for complex elements).
template <int parts, class T>
void load(const FftLines<T>& lines, int64_t n, T* re, T* im) {
  for (int64_t l = 0; l < lines.lanes; ++l) {
    const T* from = lines.in + lines.in_offsets[l];
    for (int64_t k = 0; k < n; ++k) {
      re[k * lines.lanes + l] = from[k * lines.in_step];
      if constexpr (parts == 2) im[k * lines.lanes + l] = from[k * lines.in_step + 1];
    }
  }
}

template <class T>
void store_complex(const FftLines<T>& lines, int64_t n, const T* re, const T* im) {
  for (int64_t l = 0; l < lines.lanes; ++l) {
    T* to = lines.out + lines.out_offsets[l];
    for (int64_t k = 0; k < n; ++k) {
      to[k * lines.out_step] = re[k * lines.lanes + l] * lines.scale;
      to[k * lines.out_step + 1] = im[k * lines.lanes + l] * lines.scale;
    }
  }
}

template <class T>
void transform(const Fft<T>& fft, const FftLines<T>& lines, bool forward, T* work) {
  const int64_t n = fft.length();
  T *re = work, *im = re + n * lines.lanes, *rest = im + n * lines.lanes;
  load<2>(lines, n, re, im);
  if (forward) fft.run(re, im, rest, lines.lanes);
  else fft.run(im, re, rest, lines.lanes);
  store_complex(lines, n, re, im);
}

template <class T>
void transform_real(const RealFft<T>& fft, const FftLines<T>& lines, bool all, T* work) {
  const int64_t n = fft.length(), kept = n / 2 + 1, lanes = lines.lanes;
  T *re = work, *im = re + fft.room() * lanes, *rest = im + fft.room() * lanes;
  if (fft.packed()) {
    FftLines<T> pairs = lines;
    pairs.in_step *= 2;
    load<1>(pairs, n / 2, re, im);
    pairs.in += lines.in_step;
    load<1>(pairs, n / 2, im, re);
  } else {
    load<1>(lines, n, re, im);
    std::fill(im, im + n * lanes, T(0));
  }
  fft.forward(re, im, rest, lanes);
  store_complex(lines, kept, re, im);
  if (!all) return;
  for (int64_t l = 0; l < lanes; ++l) {
    T* to = lines.out + lines.out_offsets[l];
    for (int64_t k = kept; k < n; ++k) {
      to[k * lines.out_step] = to[(n - k) * lines.out_step];
      to[k * lines.out_step + 1] = -to[(n - k) * lines.out_step + 1];
    }
  }
}

template <class T>
void invert_to_real(const RealFft<T>& fft, const FftLines<T>& lines, T* work) {
  const int64_t n = fft.length(), lanes = lines.lanes;
  T *re = work, *im = re + fft.room() * lanes, *rest = im + fft.room() * lanes;
  load<2>(lines, n / 2 + 1, re, im);
  fft.backward(re, im, rest, lanes);
  for (int64_t l = 0; l < lanes; ++l) {
    T* to = lines.out + lines.out_offsets[l];
    if (fft.packed()) {
      for (int64_t k = 0; k < n / 2; ++k) {
        to[2 * k * lines.out_step] = re[k * lanes + l] * lines.scale;
        to[(2 * k + 1) * lines.out_step] = im[k * lanes + l] * lines.scale;
      }
    } else {
      for (int64_t k = 0; k < n; ++k) to[k * lines.out_step] = re[k * lanes + l] * lines.scale;
    }
  }
}

}  // namespace

void transform_lines(const Fft<float>& fft, const FftLines<float>& lines, bool forward, float* work) {
  transform(fft, lines, forward, work);
}
void transform_lines(const Fft<double>& fft, const FftLines<double>& lines, bool forward, double* work) {
  transform(fft, lines, forward, work);
}
void transform_real_lines(const RealFft<float>& fft, const FftLines<float>& lines, bool all, float* work) {
  transform_real(fft, lines, all, work);
}
void transform_real_lines(const RealFft<double>& fft, const FftLines<double>& lines, bool all, double* work) {
  transform_real(fft, lines, all, work);
}
void invert_to_real_lines(const RealFft<float>& fft, const FftLines<float>& lines, float* work) { invert_to_real(fft, lines, work); }
void invert_to_real_lines(const RealFft<double>& fft, const FftLines<double>& lines, double* work) { invert_to_real(fft, lines, work); }

}  // namespace tsrun::kernels
