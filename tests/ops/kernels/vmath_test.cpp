// The elementary functions of vmath-inl.h, seen through the unary table, against the C library in f64.
#include "ops/kernels/pointwise.h"
#include "vector_testing.h"

using namespace tsrun::kernels;
using namespace tsrun::kernels::testing;

namespace {

struct Case {
  const char* name;
  Unary op;
  double (*exact)(double);
  double lo, hi;
  double max_ulps;
  double absolute;  // accepted instead, where the result's relative accuracy is not promised
};

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double silu(double x) { return x / (1 + std::exp(-x)); }
double gelu(double x) { return 0.5 * x * std::erfc(-x * std::sqrt(0.5)); }
double gelu_tanh(double x) { return 0.5 * x * (1 + std::tanh(0.79788456080286535588 * (x + 0.044715 * x * x * x))); }
double mish(double x) { return x * std::tanh(std::log1p(std::exp(x))); }
double log_sigmoid(double x) { return x < 0 ? x - std::log1p(std::exp(x)) : -std::log1p(std::exp(-x)); }

const Case kCases[] = {
    {"exp", Unary::exp, std::exp, -104, 89, 1.0, 0},
    {"expm1", Unary::expm1, std::expm1, -50, 89, 2.0, 0},
    {"expm1 near 0", Unary::expm1, std::expm1, -1, 1, 2.0, 0},
    {"log", Unary::log, std::log, 0, 1e4, 1.0, 0},
    {"log near 1", Unary::log, std::log, 0.5, 2, 1.0, 0},
    {"log of large", Unary::log, std::log, 1e30, 3e38, 1.0, 0},
    {"log of subnormal", Unary::log, std::log, 1e-45, 1e-37, 1.0, 0},
    {"log2", Unary::log2, std::log2, 0, 100, 2.0, 0},
    {"log10", Unary::log10, std::log10, 0, 100, 2.0, 0},
    {"log1p", Unary::log1p, std::log1p, -0.999, 1e3, 2.0, 0},
    {"log1p near 0", Unary::log1p, std::log1p, -1e-2, 1e-2, 2.0, 0},
    {"log1p of large", Unary::log1p, std::log1p, 1e6, 3e38, 2.0, 0},
    {"tanh", Unary::tanh, std::tanh, -12, 12, 1.5, 0},
    {"tanh near 0", Unary::tanh, std::tanh, -0.7, 0.7, 1.5, 0},
    {"erf", Unary::erf, std::erf, -6, 6, 1.1, 0},
    {"erf near 0", Unary::erf, std::erf, -1e-3, 1e-3, 1.1, 0},
    {"exp2", Unary::exp2, std::exp2, -150, 128.5, 1.2, 0},
    {"tan", Unary::tan, std::tan, -10, 10, 2.5, 0},
    {"tan of large", Unary::tan, std::tan, -1e6, 1e6, 2.5, 0},
    {"tan of huge", Unary::tan, std::tan, 1e6, 1e30, 2.5, 0},
    {"atan", Unary::atan, std::atan, -20, 20, 2, 0},
    {"atan near 0", Unary::atan, std::atan, -1.1, 1.1, 2, 0},
    {"atan of large", Unary::atan, std::atan, -3e38, 3e38, 2, 0},
    {"sinh", Unary::sinh, std::sinh, -90, 90, 2, 0},
    {"sinh near 0", Unary::sinh, std::sinh, -1.1, 1.1, 2, 0},
    {"cosh", Unary::cosh, std::cosh, -90, 90, 2, 0},
    {"cosh near 0", Unary::cosh, std::cosh, -1.1, 1.1, 2, 0},
    {"atanh", Unary::atanh, std::atanh, -1, 1, 3, 0},
    {"atanh near 0", Unary::atanh, std::atanh, -1e-2, 1e-2, 3, 0},
    {"erfc", Unary::erfc, std::erfc, -5, 9.1, 5, 0},
    {"erfc of subnormal result", Unary::erfc, std::erfc, 9, 11, 5, 0},
    {"sigmoid", Unary::sigmoid, sigmoid, -87, 87, 2.5, 0},
    {"silu", Unary::silu, silu, -87, 87, 2.6, 0},
    {"gelu", Unary::gelu, gelu, -10, 10, 0, 4.5e-7},
    {"gelu_tanh", Unary::gelu_tanh, gelu_tanh, -10, 10, 0, 4.5e-7},
    {"mish", Unary::mish, mish, -80, 40, 4.0, 0},
    {"log_sigmoid", Unary::log_sigmoid, log_sigmoid, -80, 80, 3.0, 0},
    {"sin", Unary::sin, std::sin, -10, 10, 1.5, 0},
    {"sin of large", Unary::sin, std::sin, -1e6, 1e6, 1.5, 0},
    {"sin of huge", Unary::sin, std::sin, 1e6, 1e30, 1.5, 0},
    {"cos", Unary::cos, std::cos, -10, 10, 1.5, 0},
    {"cos of large", Unary::cos, std::cos, -1e6, 1e6, 1.5, 0},
    {"cos of huge", Unary::cos, std::cos, 1e6, 1e30, 1.5, 0},
};

void check_edges(Unary op, std::vector<float> x, std::vector<float> expected) {
  std::vector<float> y(x.size());
  unary_f32(op)(x.data(), y.data(), static_cast<int64_t>(x.size()), nullptr);
  for (size_t i = 0; i < x.size(); i++) {
    INFO("x = " << x[i] << ", y = " << y[i] << ", expected " << expected[i]);
    CHECK(same(y[i], expected[i]));
  }
}

}  // namespace

TEST_CASE("vector functions keep their error bounds over their range") {
  constexpr int64_t n = 200001;
  std::vector<float> x(n), y(n);
  for_each_isa([&] {
    for (const Case& c : kCases) {
      for (int64_t i = 0; i < n; i++) x[i] = static_cast<float>(c.lo + (c.hi - c.lo) * static_cast<double>(i) / (n - 1));
      unary_f32(c.op)(x.data(), y.data(), n, nullptr);
      double worst = 0;
      float where = 0;
      for (int64_t i = 0; i < n; i++) {
        const double exact = c.exact(x[i]);
        if (c.absolute > 0 && std::fabs(y[i] - exact) <= c.absolute * std::max(1.0, std::fabs(exact))) continue;
        const double error = ulps(y[i], exact);
        if (!(error <= worst)) worst = error, where = x[i];
      }
      INFO(c.name << " is worst at " << where);
      CHECK(worst <= c.max_ulps);
    }
  });
}

TEST_CASE("sine and cosine are accurate next to the multiples of pi/2") {
  std::vector<float> x, s, c;
  for (int64_t q = 1; q < 600000; q += 7) {
    const float near = static_cast<float>(static_cast<double>(q) * 1.57079632679489661923);
    x.insert(x.end(), {std::nextafter(near, 0.0f), near, std::nextafter(near, kInf)});
  }
  s.resize(x.size()), c.resize(x.size());
  for_each_isa([&] {
    const auto n = static_cast<int64_t>(x.size());
    unary_f32(Unary::sin)(x.data(), s.data(), n, nullptr);
    unary_f32(Unary::cos)(x.data(), c.data(), n, nullptr);
    double worst = 0;
    for (size_t i = 0; i < x.size(); i++) {
      worst = std::max({worst, ulps(s[i], std::sin(static_cast<double>(x[i]))), ulps(c[i], std::cos(static_cast<double>(x[i])))});
    }
    CHECK(worst <= 1.5);
  });
}

TEST_CASE("vector functions at the edges of float") {
  const float tiny = 1e-40f;
  const std::vector<float> x = {kNan, kInf, -kInf, 0.0f, -0.0f, tiny, -tiny};
  for_each_isa([&] {
    check_edges(Unary::exp, x, {kNan, kInf, 0, 1, 1, 1, 1});
    check_edges(Unary::expm1, x, {kNan, kInf, -1, 0.0f, -0.0f, tiny, -tiny});
    check_edges(Unary::log, x, {kNan, kInf, kNan, -kInf, -kInf, static_cast<float>(std::log(static_cast<double>(tiny))), kNan});
    check_edges(Unary::log1p, x, {kNan, kInf, kNan, 0.0f, -0.0f, tiny, -tiny});
    check_edges(Unary::log1p, {-1.0f, -1.5f}, {-kInf, kNan});
    check_edges(Unary::log2, {kNan, kInf, -1.0f, 0.0f, 8.0f, 0.125f, 1.0f}, {kNan, kInf, kNan, -kInf, 3, -3, 0});
    check_edges(Unary::log10, {kNan, kInf, -1.0f, 0.0f, 1.0f, 1000.0f}, {kNan, kInf, kNan, -kInf, 0, 3});
    check_edges(Unary::tanh, x, {kNan, 1, -1, 0.0f, -0.0f, tiny, -tiny});
    check_edges(Unary::erf, {kNan, kInf, -kInf, 0.0f, -0.0f}, {kNan, 1, -1, 0.0f, -0.0f});
    check_edges(Unary::sigmoid, {kNan, kInf, -kInf, 0.0f, -0.0f}, {kNan, 1, 0, 0.5f, 0.5f});
    check_edges(Unary::silu, {kNan, kInf, -kInf, 0.0f, -0.0f}, {kNan, kInf, kNan, 0.0f, -0.0f});
    check_edges(Unary::gelu, {kNan, kInf, -kInf, 0.0f, -0.0f}, {kNan, kInf, kNan, 0.0f, -0.0f});
    check_edges(Unary::gelu_tanh, {kNan, kInf, -kInf, 0.0f, -0.0f}, {kNan, kInf, kNan, 0.0f, -0.0f});
    check_edges(Unary::mish, {kNan, kInf, -kInf, 0.0f, -0.0f}, {kNan, kInf, kNan, 0.0f, -0.0f});
    check_edges(Unary::sin, {kNan, kInf, -kInf, 0.0f, -0.0f, tiny, -tiny}, {kNan, kNan, kNan, 0.0f, -0.0f, tiny, -tiny});
    check_edges(Unary::cos, {kNan, kInf, -kInf, 0.0f, -0.0f, tiny}, {kNan, kNan, kNan, 1, 1, 1});
  });
}

TEST_CASE("tangents, inverses and hyperbolic functions at the edges of float") {
  const float tiny = 1e-40f, right = static_cast<float>(std::atan(HUGE_VAL));
  const std::vector<float> x = {kNan, kInf, -kInf, 0.0f, -0.0f, tiny, -tiny};
  for_each_isa([&] {
    check_edges(Unary::exp2, x, {kNan, kInf, 0, 1, 1, 1, 1});
    check_edges(Unary::exp2, {3, -2, 127, 128, -149}, {8, 0.25f, 0x1p127f, kInf, 0x1p-149f});
    check_edges(Unary::tan, x, {kNan, kNan, kNan, 0.0f, -0.0f, tiny, -tiny});
    check_edges(Unary::atan, x, {kNan, right, -right, 0.0f, -0.0f, tiny, -tiny});
    check_edges(Unary::sinh, x, {kNan, kInf, -kInf, 0.0f, -0.0f, tiny, -tiny});
    check_edges(Unary::cosh, x, {kNan, kInf, kInf, 1, 1, 1, 1});
    check_edges(Unary::atanh, x, {kNan, kNan, kNan, 0.0f, -0.0f, tiny, -tiny});
    check_edges(Unary::atanh, {1, -1, 1.5f, -2}, {kInf, -kInf, kNan, kNan});
    check_edges(Unary::erfc, x, {kNan, 0, 2, 1, 1, 1, 1});
    check_edges(Unary::frac, {kNan, 1.75f, -1.75f, 8388609.0f}, {kNan, 0.75f, -0.75f, 0});
  });
}

TEST_CASE("erfinv and ndtri give back the argument of erf and erfc") {
  constexpr int64_t n = 100001;
  std::vector<float> x(n), y(n), edges(5);
  for_each_isa([&] {
    double worst = 0;
    for (int64_t i = 0; i < n; i++) x[i] = static_cast<float>(-1 + 2 * static_cast<double>(i) / (n - 1));
    erfinv(x.data(), y.data(), n);
    for (int64_t i = 1; i + 1 < n; i++) {  // the error of y from that of erf(y), by the derivative
      if (x[i] == 0) continue;
      const double v = y[i], a = std::fabs(x[i]), miss = a > 0.5 ? std::erfc(std::fabs(v)) - (1 - a) : a - std::erf(std::fabs(v));
      worst = std::max(worst, std::fabs(miss / (2 / std::sqrt(3.14159265358979) * std::exp(-v * v))) / std::fabs(v));
    }
    CHECK(worst <= 6 * 0x1p-23);
    worst = 0;
    for (int64_t i = 0; i < n; i++) x[i] = std::exp2(-149 * static_cast<float>(n - i) / n);
    ndtri(x.data(), y.data(), n);
    for (int64_t i = 0; i < n; i++) {
      const double v = y[i], p = x[i];
      const double miss = p > 0.5 ? std::erfc(v / std::sqrt(2.0)) / 2 - (1 - p) : std::erfc(-v / std::sqrt(2.0)) / 2 - p;
      const double error = std::fabs(miss / (std::exp(-v * v / 2) / std::sqrt(2 * 3.14159265358979)));
      worst = std::max(worst, error / std::max(std::fabs(v), 1e-3));
    }
    CHECK(worst <= 7 * 0x1p-23);
    const float q[] = {0, 1, -0.5f, 1.5f, kNan}, e[] = {1, -1, 1.5f, kNan, -0.0f};
    ndtri(q, edges.data(), 5);
    CHECK((edges[0] == -kInf && edges[1] == kInf && std::isnan(edges[2]) && std::isnan(edges[3]) && std::isnan(edges[4])));
    erfinv(e, edges.data(), 5);
    CHECK((edges[0] == kInf && edges[1] == -kInf && std::isnan(edges[2]) && std::isnan(edges[3]) && same(edges[4], -0.0f)));
  });
}

TEST_CASE("softplus and elu follow their parameters") {
  for_each_isa([] {
    const auto x = numbers(1001, 30);
    std::vector<float> y(x.size());
    for (float beta : {1.0f, 0.5f, 3.0f}) {
      const float params[] = {beta, 20.0f};
      unary_f32(Unary::softplus)(x.data(), y.data(), 1001, params);
      for (size_t i = 0; i < x.size(); i++) {
        const double scaled = static_cast<double>(x[i]) * beta;
        CHECK(ulps(y[i], scaled > 20 ? x[i] : std::log1p(std::exp(scaled)) / beta) <= 4 + std::fabs(scaled));  // exp of a rounded product
      }
    }
    const float selu[] = {1.67326324f, 1.05070099f, 1.0f};
    unary_f32(Unary::elu)(x.data(), y.data(), 1001, selu);
    for (size_t i = 0; i < x.size(); i++) {
      const double exact = x[i] > 0 ? static_cast<double>(x[i]) * selu[1] : static_cast<double>(selu[0]) * selu[1] * std::expm1(x[i]);
      CHECK(ulps(y[i], exact) <= 4);
    }
  });
}
