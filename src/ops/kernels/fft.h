// Discrete Fourier transforms of any length. Several transforms run side by side: element k of the transform in lane l lies at
// [k * lanes + l], real and imaginary parts in arrays of their own. A plan is immutable and may be shared by threads.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

namespace tsrun::kernels {

/// One pass over the data: m * s blocks of `radix` elements x[q + s * (p + m * j)], j < radix, are transformed, multiplied with the
/// twiddles w[(k - 1) * m + p] and written to y[q + s * (radix * p + k)].
template <class T>
struct FftPass {
  int64_t radix, m, s;
  const T *w_re, *w_im;
  const T *cosines, *sines;  // of 2 pi i / radix, i < radix; only for radices above 5
  const T *x_re, *x_im;
  T *y_re, *y_im;
};
void run_fft_pass(const FftPass<float>& pass);
void run_fft_pass(const FftPass<double>& pass);
/// The largest prime a pass can have as its radix.
constexpr int64_t max_fft_radix = 61;

/// The complex transform sum_j x[j] exp(-2 pi i j k / n). Lengths with a larger prime factor than max_fft_radix go through a convolution
/// (Bluestein), so that the time is n log n for all.
template <class T>
class Fft {
 public:
  /// n > 0
  explicit Fft(int64_t n);
  int64_t length() const { return n_; }
  /// How many elements `work` needs.
  int64_t workspace(int64_t lanes) const;
  /// Transforms in place. With re and im exchanged it is the inverse, n times too large.
  void run(T* re, T* im, T* work, int64_t lanes) const;

 private:
  struct Stage {
    int64_t radix, m;
    std::vector<T> w_re, w_im, cosines, sines;
  };
  void run_passes(T* re, T* im, T* work, int64_t lanes) const;
  void run_convolution(T* re, T* im, T* work, int64_t lanes) const;

  int64_t n_;
  std::vector<Stage> stages_;
  // Bluestein: x times the chirp, convolved with its conjugate by transforms of a length without large factors. The three transforms
  // would add up their rounding errors, so they are done in double precision.
  std::unique_ptr<Fft<double>> inner_;
  std::vector<double> chirp_re_, chirp_im_, filter_re_, filter_im_;
};

/// The transform of real numbers and its inverse; an even length takes a complex transform of half of it.
template <class T>
class RealFft {
 public:
  /// n > 0
  explicit RealFft(int64_t n);
  int64_t length() const { return n_; }
  const Fft<T>& complex() const { return fft_; }
  /// Are two neighbours the parts of one complex number?
  bool packed() const { return n_ % 2 == 0; }
  /// Elements of re and of im that forward and backward use, for one lane.
  int64_t room() const { return packed() ? n_ / 2 + 1 : n_; }
  /// re, im: the numbers with even and with odd index, or, not packed, the numbers and zeros; replaced by the n / 2 + 1 first frequencies.
  void forward(T* re, T* im, T* work, int64_t lanes) const;
  /// The way back, n times too large; the imaginary parts of frequency 0 and n / 2 count as zero.
  void backward(T* re, T* im, T* work, int64_t lanes) const;

 private:
  int64_t n_;
  Fft<T> fft_;
  std::vector<T> w_re_, w_im_;  // exp(-2 pi i k / n)
};

/// Lines of a tensor: element k of line l is in[in_offsets[l] + k * in_step], counted in numbers T, of which a complex element has two.
template <class T>
struct FftLines {
  const T* in;
  T* out;
  const int64_t *in_offsets, *out_offsets;
  int64_t in_step, out_step;
  int64_t lanes;
  T scale;  // of the results
};

/// How many elements `work` needs below.
template <class T>
int64_t fft_workspace(const Fft<T>& fft, int64_t lanes) {
  return 2 * fft.length() * lanes + fft.workspace(lanes);
}
template <class T>
int64_t fft_workspace(const RealFft<T>& fft, int64_t lanes) {
  return 2 * fft.room() * lanes + fft.complex().workspace(lanes);
}

/// Complex to complex; in and out may be the same.
void transform_lines(const Fft<float>& fft, const FftLines<float>& lines, bool forward, float* work);
void transform_lines(const Fft<double>& fft, const FftLines<double>& lines, bool forward, double* work);
/// Real to complex: the n / 2 + 1 first frequencies, or all n.
void transform_real_lines(const RealFft<float>& fft, const FftLines<float>& lines, bool all, float* work);
void transform_real_lines(const RealFft<double>& fft, const FftLines<double>& lines, bool all, double* work);
/// From n / 2 + 1 frequencies to n real numbers.
void invert_to_real_lines(const RealFft<float>& fft, const FftLines<float>& lines, float* work);
void invert_to_real_lines(const RealFft<double>& fft, const FftLines<double>& lines, double* work);

}  // namespace tsrun::kernels
