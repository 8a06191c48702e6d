#include "ops/kernels/reduce.h"

#include "vector_testing.h"

using namespace tsrun::kernels;
using namespace tsrun::kernels::testing;

namespace {

double expected(Reduce op, const float* x, int64_t n, int64_t step) {
  long double sum = 0;
  double best = op == Reduce::max ? -HUGE_VAL : HUGE_VAL;
  for (int64_t k = 0; k < n; k++) {
    const double v = x[k * step];
    sum += op == Reduce::sum_abs ? std::fabs(v) : op == Reduce::sum_squares ? static_cast<long double>(v) * v : v;
    best = op == Reduce::max ? std::max(best, v) : std::min(best, v);
  }
  if (op == Reduce::max || op == Reduce::min) return best;
  return static_cast<double>(op == Reduce::mean ? sum / static_cast<long double>(n) : sum);
}

}  // namespace

TEST_CASE("reductions of rows, columns and middle dimensions") {
  const int64_t shapes[][3] = {{1, 1, 1},     {3, 7, 1}, {2, 100, 1},  {3, 1025, 1}, {1, 5000, 1}, {1, 200000, 1},
                               {70, 1000, 1}, {1, 3, 5}, {1, 100, 17}, {2, 33, 64},  {3, 65, 130}, {1, 500, 600}};
  for_each_isa([&] {
    for (const auto& [outer, n, inner] : shapes) {
      const auto x = numbers(outer * n * inner, 1);
      for (Reduce op : {Reduce::sum, Reduce::mean, Reduce::sum_abs, Reduce::sum_squares, Reduce::max, Reduce::min}) {
        INFO("[" << outer << ", " << n << ", " << inner << "], operator " << static_cast<int>(op));
        Guarded<float> y(outer * inner), two(outer * inner);
        reduce(op, x.data(), y.data(), outer, n, inner, 1);
        reduce(op, x.data(), two.data(), outer, n, inner, 2);
        CHECK(y.intact());
        const std::vector<double> wide(x.begin(), x.end());
        std::vector<double> z(static_cast<size_t>(outer * inner));
        reduce(op, wide.data(), z.data(), outer, n, inner, 2);
        for (int64_t i = 0; i < outer * inner; i++) {
          const float* from = x.data() + i / inner * n * inner + i % inner;
          const double exact = expected(op, from, n, inner), size = expected(Reduce::sum_abs, from, n, inner);
          const double bound = op == Reduce::max || op == Reduce::min ? 0 : op == Reduce::mean ? size / static_cast<double>(n) : size;
          CHECK(std::fabs(y[i] - exact) <= 1e-6 * bound);
          CHECK(std::fabs(z[static_cast<size_t>(i)] - exact) <= 1e-14 * bound);
          CHECK(y[i] == two[i]);
        }
      }
    }
  });
}

TEST_CASE("long sums do not drift") {
  for_each_isa([] {
    const std::vector<float> x(3000000, 0.1f);
    float y = 0;
    reduce(Reduce::sum, x.data(), &y, 1, 3000000, 1, 1);
    CHECK(std::fabs(y - 3e6 * static_cast<double>(0.1f)) < 0.1);
    float columns[3];
    reduce(Reduce::sum, x.data(), columns, 1, 1000000, 3, 1);
    for (float c : columns) CHECK(std::fabs(c - 1e6 * static_cast<double>(0.1f)) < 0.05);
  });
}

TEST_CASE("maximum and minimum find NaN wherever it is, and the empty reduction has a value") {
  for_each_isa([] {
    for (int64_t n : {1, 5, 64, 200}) {
      for (int64_t where = 0; where < n; where++) {
        auto x = numbers(n);
        x[static_cast<size_t>(where)] = kNan;
        float y = 0;
        reduce(Reduce::max, x.data(), &y, 1, n, 1, 1);
        CHECK(std::isnan(y));
        reduce(Reduce::min, x.data(), &y, 1, n, 1, 1);
        CHECK(std::isnan(y));
        int64_t at = -1;
        argmax(x.data(), &at, 1, n, 1, 1);
        CHECK(at == where);
      }
    }
    const std::vector<float> columns = {1, 2, kNan, 0, 3, 1};  // [3, 2]
    float best[2];
    reduce(Reduce::max, columns.data(), best, 1, 3, 2, 1);
    CHECK((std::isnan(best[0]) && best[1] == 2));
    float y[2];
    reduce(Reduce::sum, static_cast<const float*>(nullptr), y, 2, 0, 1, 1);
    CHECK((y[0] == 0 && y[1] == 0));
    reduce(Reduce::max, static_cast<const float*>(nullptr), y, 1, 0, 2, 1);
    CHECK((y[0] == -kInf && y[1] == -kInf));
    reduce(Reduce::mean, static_cast<const float*>(nullptr), y, 1, 0, 1, 1);
    CHECK(std::isnan(y[0]));
    reduce(Reduce::product, static_cast<const float*>(nullptr), y, 1, 0, 1, 1);
    CHECK(y[0] == 1);
  });
}

TEST_CASE("products, and sums that pass over NaN") {
  const int64_t shapes[][3] = {{1, 1, 1}, {3, 100, 1}, {1, 200000, 1}, {2, 33, 70}, {1, 500, 17}};
  for_each_isa([&] {
    for (const auto& [outer, n, inner] : shapes) {
      INFO("[" << outer << ", " << n << ", " << inner << "]");
      auto x = numbers(outer * n * inner, 1);
      for (float& v : x) v = std::exp2(v * 0.05f);
      Guarded<float> y(outer * inner), z(outer * inner);
      reduce(Reduce::product, x.data(), y.data(), outer, n, inner, 2);
      auto holed = x;
      for (size_t i = 0; i < holed.size(); i += 3) holed[i] = kNan;
      reduce(Reduce::sum_numbers, holed.data(), z.data(), outer, n, inner, 2);
      CHECK((y.intact() && z.intact()));
      for (int64_t r = 0; r < outer * inner; r++) {
        double product = 1, sum = 0;
        for (int64_t k = 0; k < n; k++) {
          const auto at = static_cast<size_t>(r / inner * n * inner + k * inner + r % inner);
          product *= x[at];
          sum += std::isnan(holed[at]) ? 0 : static_cast<double>(holed[at]);
        }
        CHECK(std::fabs(y[r] - product) <= 6e-8 * static_cast<double>(n) * product);
        CHECK(std::fabs(z[r] - sum) <= 1e-6 * sum);
      }
    }
    const float infinities[] = {kInf, -kInf, kNan};
    float y;
    reduce(Reduce::sum_numbers, infinities, &y, 1, 3, 1, 1);
    CHECK(std::isnan(y));
  });
}

TEST_CASE("integer reductions") {
  for_each_isa([] {
    const std::vector<int64_t> x = {3, -7, 5, std::numeric_limits<int64_t>::max(), 1, -2};
    int64_t y[3];
    reduce(Reduce::sum, x.data(), y, 2, 3, 1, 1);
    CHECK((y[0] == 1 && y[1] == std::numeric_limits<int64_t>::max() - 1));
    reduce(Reduce::max, x.data(), y, 1, 2, 3, 1);
    CHECK((y[0] == std::numeric_limits<int64_t>::max() && y[1] == 1 && y[2] == 5));
    reduce(Reduce::min, x.data(), y, 1, 6, 1, 1);
    CHECK(y[0] == -7);
    reduce(Reduce::sum_abs, x.data(), y, 1, 3, 1, 1);
    CHECK(y[0] == 15);
    reduce(Reduce::sum_squares, x.data(), y, 1, 3, 1, 1);
    CHECK(y[0] == 83);
    reduce(Reduce::product, x.data(), y, 1, 3, 1, 1);
    CHECK(y[0] == -105);
  });
}

TEST_CASE("argmax and argmin take the first of equals") {
  for_each_isa([] {
    const std::vector<float> x = {1, 5, 5, 0, 0, 2};
    int64_t y[3];
    argmax(x.data(), y, 1, 6, 1, 1);
    CHECK(y[0] == 1);
    argmin(x.data(), y, 1, 6, 1, 1);
    CHECK(y[0] == 3);
    argmax(x.data(), y, 1, 2, 3, 1);  // columns 1 0, 5 0, 5 2
    CHECK((y[0] == 0 && y[1] == 0 && y[2] == 0));
    argmin(x.data(), y, 1, 2, 3, 1);
    CHECK((y[0] == 1 && y[1] == 1 && y[2] == 1));
    const auto large = numbers(100000);
    argmax(large.data(), y, 1, 100000, 1, 2);
    CHECK(y[0] == std::max_element(large.begin(), large.end()) - large.begin());
  });
}
