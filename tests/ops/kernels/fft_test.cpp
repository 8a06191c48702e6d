#include "ops/kernels/fft.h"

#include <cmath>
#include <complex>
#include <numbers>

#include "vector_testing.h"

using namespace tsrun::kernels;
using namespace tsrun::kernels::testing;

namespace {

using C = std::complex<double>;

/// The definition: sum_j x[j] exp(-2 pi i j k / n), more precise than what is tested.
std::vector<C> defined(const std::vector<C>& x) {
  using L = std::complex<long double>;
  const auto n = static_cast<int64_t>(x.size());
  std::vector<L> roots;
  for (int64_t j = 0; j < n; ++j)
    roots.push_back(std::polar(1.0L, -2 * std::numbers::pi_v<long double> * static_cast<long double>(j) / static_cast<long double>(n)));
  std::vector<C> y;
  for (int64_t k = 0; k < n; ++k) {
    L sum = 0;
    for (int64_t j = 0; j < n; ++j) sum += L(x[static_cast<size_t>(j)]) * roots[static_cast<size_t>(j * k % n)];
    y.push_back(C(sum));
  }
  return y;
}

/// Errors grow with the root of the energy of the input; the bound is in units of the rounding error.
template <class T>
double bound(int64_t n) {
  return 8.0 * static_cast<double>(std::numeric_limits<T>::epsilon()) * std::sqrt(static_cast<double>(n));
}

template <class T>
void check_complex(int64_t n, int64_t lanes) {
  INFO("n " << n << ", lanes " << lanes << ", bytes " << sizeof(T));
  const auto noise = numbers(2 * n * lanes, 1);
  std::vector<T> re(static_cast<size_t>(n * lanes)), im(re.size()), work;
  for (size_t i = 0; i < re.size(); ++i) re[i] = noise[i], im[i] = noise[i + re.size()];
  const auto x_re = re, x_im = im;
  const Fft<T> fft(n);
  work.resize(static_cast<size_t>(fft.workspace(lanes)));
  fft.run(re.data(), im.data(), work.data(), lanes);
  for (int64_t l = 0; l < lanes; ++l) {
    std::vector<C> x(static_cast<size_t>(n));
    for (int64_t k = 0; k < n; ++k)
      x[static_cast<size_t>(k)] = {static_cast<double>(x_re[static_cast<size_t>(k * lanes + l)]),
                                   static_cast<double>(x_im[static_cast<size_t>(k * lanes + l)])};
    const auto y = defined(x);
    double worst = 0;
    for (int64_t k = 0; k < n; ++k) {
      const auto at = static_cast<size_t>(k * lanes + l);
      worst = std::max(worst, std::abs(y[static_cast<size_t>(k)] - C(static_cast<double>(re[at]), static_cast<double>(im[at]))));
    }
    CHECK(worst / bound<T>(n) < 1);
  }
  fft.run(im.data(), re.data(), work.data(), lanes);  // the inverse
  double worst = 0;
  for (size_t i = 0; i < re.size(); ++i)
    worst = std::max({worst, std::fabs(static_cast<double>(re[i]) / static_cast<double>(n) - x_re[i]),
                      std::fabs(static_cast<double>(im[i]) / static_cast<double>(n) - x_im[i])});
  CHECK(worst / static_cast<double>(std::numeric_limits<T>::epsilon()) < 20);
}

template <class T>
void check_real(int64_t n) {
  INFO("n " << n << ", bytes " << sizeof(T));
  const auto noise = numbers(n, 1);
  const std::vector<T> x(noise.begin(), noise.end());
  const auto y = defined(std::vector<C>(noise.begin(), noise.end()));
  const RealFft<T> fft(n);
  std::vector<T> work(static_cast<size_t>(fft_workspace(fft, 1))), spectrum(static_cast<size_t>(2 * n)), back(x.size());
  const int64_t start = 0;
  transform_real_lines(fft, FftLines<T>{x.data(), spectrum.data(), &start, &start, 1, 2, 1, T(1)}, true, work.data());
  double worst = 0;
  for (size_t k = 0; k < y.size(); ++k)
    worst = std::max(worst, std::abs(y[k] - C(static_cast<double>(spectrum[2 * k]), static_cast<double>(spectrum[2 * k + 1]))));
  CHECK(worst / bound<T>(n) < 1);
  spectrum[1] = 7;  // imaginary parts where there can be none are not read
  if (n % 2 == 0) spectrum[static_cast<size_t>(n + 1)] = 7;
  invert_to_real_lines(fft, FftLines<T>{spectrum.data(), back.data(), &start, &start, 2, 1, 1, T(1) / static_cast<T>(n)}, work.data());
  worst = 0;
  for (size_t k = 0; k < x.size(); ++k) worst = std::max(worst, std::fabs(static_cast<double>(back[k]) - x[k]));
  CHECK(worst / static_cast<double>(std::numeric_limits<T>::epsilon()) < 20);
}

}  // namespace

TEST_CASE("complex Fourier transforms of every kind of length", "[fft]") {
  for_each_isa([] {
    for (int64_t n :
         {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 20, 30, 49, 61, 64, 67, 97, 122, 128, 134, 210, 256, 400, 509, 512, 1000})
      for (int64_t lanes : {1, 3, 16}) {
        check_complex<float>(n, lanes);
        check_complex<double>(n, lanes);
      }
  });
}

TEST_CASE("real Fourier transforms and their inverse", "[fft]") {
  for (int64_t n : {1, 2, 3, 4, 5, 6, 7, 8, 12, 15, 16, 18, 31, 64, 67, 100, 134, 256, 400, 1018}) {
    check_real<float>(n);
    check_real<double>(n);
  }
}
