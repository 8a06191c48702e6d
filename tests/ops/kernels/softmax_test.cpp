#include "ops/kernels/softmax.h"

#include "vector_testing.h"

using namespace tsrun::kernels;
using namespace tsrun::kernels::testing;

namespace {

template <class T>
std::vector<double> expected(SoftmaxKind kind, const std::vector<T>& x, int64_t outer, int64_t n, int64_t inner) {
  std::vector<double> y(x.size());
  for (int64_t o = 0; o < outer; o++) {
    for (int64_t c = 0; c < inner; c++) {
      const auto at = [&](int64_t k) { return static_cast<size_t>((o * n + k) * inner + c); };
      double max = -HUGE_VAL, sum = 0;
      for (int64_t k = 0; k < n; k++) max = std::max(max, static_cast<double>(x[at(k)]));
      for (int64_t k = 0; k < n; k++) sum += std::exp(x[at(k)] - max);
      for (int64_t k = 0; k < n; k++) {
        y[at(k)] = kind == SoftmaxKind::softmax ? std::exp(x[at(k)] - max) / sum : x[at(k)] - max - std::log(sum);
      }
    }
  }
  return y;
}

}  // namespace

TEST_CASE("softmax and log_softmax along every kind of dimension") {
  const int64_t shapes[][3] = {{1, 1, 1}, {3, 5, 1}, {2, 16, 1},  {5, 33, 1},   {2, 1000, 1},
                               {1, 3, 2}, {2, 7, 5}, {2, 21, 40}, {1, 4, 1200}, {1, 5000, 3}};
  for_each_isa([&] {
    for (const auto& [outer, n, inner] : shapes) {
      for (SoftmaxKind kind : {SoftmaxKind::softmax, SoftmaxKind::log_softmax}) {
        INFO("[" << outer << ", " << n << ", " << inner << "], kind " << static_cast<int>(kind));
        const auto x = numbers(outer * n * inner, 10);
        const auto want = expected(kind, x, outer, n, inner);
        Guarded<float> y(outer * n * inner), two(outer * n * inner);
        softmax(kind, x.data(), y.data(), outer, n, inner, 1);
        softmax(kind, x.data(), two.data(), outer, n, inner, 2);
        CHECK(y.intact());
        double worst = 0;
        bool equal = true;
        for (int64_t i = 0; i < y.size(); i++) {
          const double e = want[static_cast<size_t>(i)];
          // A probability's error is relative: the argument of exp, up to 20, is rounded. The logarithm of a sum of at least 1 rounds
          // to an absolute error.
          worst = std::max(worst, std::fabs(y[i] - e) / (kind == SoftmaxKind::softmax ? 1e-30 + std::fabs(e) : 5 + std::fabs(e)));
          equal = equal && y[i] == two[i];
        }
        CHECK(worst < (kind == SoftmaxKind::softmax ? 3e-6 : 1e-7));
        CHECK(equal);
        auto in_place = x;
        softmax(kind, in_place.data(), in_place.data(), outer, n, inner, 1);
        CHECK(std::equal(in_place.begin(), in_place.end(), y.data()));

        const std::vector<double> wide(x.begin(), x.end());
        std::vector<double> z(wide.size());
        softmax(kind, wide.data(), z.data(), outer, n, inner, 1);
        for (size_t i = 0; i < z.size(); i++) CHECK(std::fabs(z[i] - want[i]) <= 1e-13 * (1 + std::fabs(want[i])));
      }
    }
  });
}

TEST_CASE("softmax of rows without a finite maximum is NaN, as in PyTorch") {
  for_each_isa([] {
    for (int64_t n : {3, 20}) {
      for (float special : {kNan, kInf}) {
        for (int64_t where = 0; where < n; where++) {
          auto x = numbers(n);
          x[static_cast<size_t>(where)] = special;
          softmax(SoftmaxKind::softmax, x.data(), x.data(), 1, n, 1, 1);
          for (float y : x) CHECK(std::isnan(y));
        }
      }
      std::vector<float> x(static_cast<size_t>(n), -kInf);
      softmax(SoftmaxKind::softmax, x.data(), x.data(), 1, n, 1, 1);
      for (float y : x) CHECK(std::isnan(y));
    }
    std::vector<float> masked = {-kInf, 0, -kInf, 0};
    softmax(SoftmaxKind::softmax, masked.data(), masked.data(), 1, 4, 1, 1);
    CHECK(masked == std::vector<float>{0, 0.5f, 0, 0.5f});
    softmax(SoftmaxKind::softmax, masked.data(), masked.data(), 0, 4, 1, 1);
    softmax(SoftmaxKind::softmax, masked.data(), masked.data(), 4, 0, 1, 1);
  });
}
