#include "ops/kernels/norm.h"

#include "vector_testing.h"

using namespace tsrun::kernels;
using namespace tsrun::kernels::testing;

namespace {

struct Moments {
  double mean = 0, rstd = 0;
};

/// Statistics of the elements x[index(0..count)].
template <class Index>
Moments moments(const std::vector<float>& x, int64_t count, double eps, const Index& index) {
  Moments m;
  double variance = 0;
  for (int64_t i = 0; i < count; i++) m.mean += x[static_cast<size_t>(index(i))] / static_cast<double>(count);
  for (int64_t i = 0; i < count; i++) variance += std::pow(x[static_cast<size_t>(index(i))] - m.mean, 2) / static_cast<double>(count);
  m.rstd = 1 / std::sqrt(variance + eps);
  return m;
}

}  // namespace

TEST_CASE("layer norm with and without weight and bias") {
  for_each_isa([] {
    for (int64_t n : {1, 5, 16, 33, 64, 100, 768, 5000}) {
      const int64_t rows = 3;
      auto x = numbers(rows * n, 2);
      for (float& v : x) v += 3;
      const auto w = numbers(n, 1, 2), b = numbers(n, 1, 3);
      for (int mode = 0; mode < 4; mode++) {
        const float *weight = mode & 1 ? w.data() : nullptr, *bias = mode & 2 ? b.data() : nullptr;
        Guarded<float> y(rows * n);
        std::vector<float> mean(rows), rstd(rows);
        layer_norm(x.data(), weight, bias, y.data(), rows, n, 1e-5, mean.data(), rstd.data(), 2);
        CHECK(y.intact());
        for (int64_t i = 0; i < rows * n; i++) {
          const auto r = static_cast<size_t>(i / n), c = static_cast<size_t>(i % n);
          const Moments m = moments(x, n, 1e-5, [&](int64_t k) { return i / n * n + k; });
          const double exact = (x[static_cast<size_t>(i)] - m.mean) * m.rstd * (weight ? w[c] : 1.0) + (bias ? b[c] : 0.0);
          CHECK(std::fabs(mean[r] - m.mean) <= 1e-6);
          CHECK(std::fabs(rstd[r] / m.rstd - 1) <= (n == 1 ? 1e-3 : 2e-6));
          CHECK(std::fabs(y[i] - exact) <= 3e-6);
        }
      }
    }
    layer_norm(nullptr, nullptr, nullptr, nullptr, 0, 8, 1e-5, nullptr, nullptr, 1);
  });
}

TEST_CASE("layer norm of values far from zero keeps their differences") {
  for_each_isa([] {
    std::vector<float> x(512), y(512);
    for (size_t i = 0; i < x.size(); i++) x[i] = 10000.0f + static_cast<float>(i % 4);
    layer_norm(x.data(), nullptr, nullptr, y.data(), 1, 512, 0, nullptr, nullptr, 1);
    for (size_t i = 0; i < x.size(); i++) CHECK(std::fabs(y[i] - (static_cast<double>(i % 4) - 1.5) / std::sqrt(1.25)) < 2e-6);
  });
}

TEST_CASE("rms norm") {
  for_each_isa([] {
    for (int64_t n : {1, 7, 32, 300}) {
      const auto x = numbers(2 * n, 2), w = numbers(n, 1, 2);
      Guarded<float> y(2 * n);
      rms_norm(x.data(), w.data(), y.data(), 2, n, 1e-6, 1);
      CHECK(y.intact());
      for (int64_t i = 0; i < 2 * n; i++) {
        double squares = 0;
        for (int64_t k = 0; k < n; k++) squares += std::pow(x[static_cast<size_t>(i / n * n + k)], 2) / static_cast<double>(n);
        const double exact = x[static_cast<size_t>(i)] / std::sqrt(squares + 1e-6) * w[static_cast<size_t>(i % n)];
        CHECK(ulps(y[i], exact) <= 4);
      }
    }
  });
}

TEST_CASE("group norm is the same in both layouts") {
  const int64_t shapes[][3] = {{4, 1, 9}, {6, 3, 25}, {32, 8, 49}, {40, 2, 33}, {3, 3, 100}, {600, 1, 7}};  // channels, groups, pixels
  for_each_isa([&] {
    for (const auto& [channels, groups, pixels] : shapes) {
      const int64_t images = 2, width = channels / groups, size = images * channels * pixels;
      const auto x = numbers(size, 3), w = numbers(channels, 1, 2), b = numbers(channels, 1, 3);
      std::vector<float> last(x.size());
      const auto at_last = [&, c = channels, p = pixels](int64_t i) { return (i / (c * p) * p + i % p) * c + i / p % c; };
      for (int64_t i = 0; i < size; i++) last[static_cast<size_t>(at_last(i))] = x[static_cast<size_t>(i)];
      Guarded<float> y(size), z(size);
      std::vector<float> mean(static_cast<size_t>(images * groups)), rstd(mean.size());
      group_norm(x.data(), w.data(), b.data(), y.data(), images, channels, pixels, groups, 1e-5, Layout::nchw, mean.data(), rstd.data(), 2);
      group_norm(last.data(), w.data(), b.data(), z.data(), images, channels, pixels, groups, 1e-5, Layout::nhwc, nullptr, nullptr, 1);
      CHECK((y.intact() && z.intact()));
      for (int64_t g = 0; g < images * groups; g++) {
        const int64_t count = width * pixels;
        const Moments m = moments(x, count, 1e-5, [&](int64_t k) { return g * count + k; });
        CHECK(std::fabs(mean[static_cast<size_t>(g)] - m.mean) <= 1e-6);
        for (int64_t k = 0; k < count; k++) {
          const int64_t i = g * count + k, pixel_run = pixels;
          const auto c = static_cast<size_t>(i / pixel_run % channels);
          const double exact = (x[static_cast<size_t>(i)] - m.mean) * m.rstd * w[c] + b[c];
          CHECK(std::fabs(y[i] - exact) <= 3e-6);
          CHECK(std::fabs(z[at_last(i)] - exact) <= 3e-6);
        }
      }
    }
  });
}

TEST_CASE("batch norm folds into a scale and a shift per channel") {
  for_each_isa([] {
    const int64_t images = 2, channels = 19, pixels = 21, size = images * channels * pixels;
    const auto x = numbers(size, 3), mean = numbers(channels, 1, 2), w = numbers(channels, 1, 3), b = numbers(channels, 1, 4);
    auto var = numbers(channels, 1, 5);
    for (float& v : var) v = std::fabs(v) + 0.1f;
    std::vector<float> scale(channels), shift(channels);
    fold_batch_norm(mean.data(), var.data(), w.data(), b.data(), 1e-5, channels, scale.data(), shift.data());
    for (Layout layout : {Layout::nchw, Layout::nhwc}) {
      Guarded<float> y(size);
      scale_shift(x.data(), scale.data(), shift.data(), y.data(), images, channels, pixels, layout, 2);
      CHECK(y.intact());
      for (int64_t i = 0; i < size; i++) {
        const auto c = static_cast<size_t>(layout == Layout::nchw ? i / pixels % channels : i % channels);
        const double exact = (x[static_cast<size_t>(i)] - mean[c]) / std::sqrt(var[c] + 1e-5) * w[c] + b[c];
        CHECK(std::fabs(y[i] - exact) <= 2e-6 * (1 + std::fabs(exact)));
      }
    }
  });
}
