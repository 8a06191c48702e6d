#include "ops/kernels/pointwise.h"

#include <cstring>

#include "ops/kernels/pointwise_convert.h"
#include "vector_testing.h"

using namespace tsrun::kernels;
using namespace tsrun::kernels::testing;

namespace {

constexpr Unary kLast = Unary::pow;
const int64_t kLengths[] = {0, 1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 100};

/// Parameters that suit every operator that has some: lo/hi, slope, threshold/value, lambda, a/b, alpha/scale/input scale, beta/threshold.
const float kParams[] = {0.5f, 1.5f, 0.75f};
const double kParamsF64[] = {0.5, 1.5, 0.75};

}  // namespace

TEST_CASE("unary spans agree with their f64 versions and write nothing else") {
  for_each_isa([] {
    for (int op = 0; op <= static_cast<int>(kLast); op++) {
      INFO("operator " << op);
      for (int64_t n : kLengths) {
        Guarded<float> x(n), y(n);
        const auto values = numbers(n, 4, static_cast<unsigned>(n));
        std::copy(values.begin(), values.end(), x.data());
        unary_f32(static_cast<Unary>(op))(x.data(), y.data(), n, kParams);
        CHECK(x.intact());
        CHECK(y.intact());
        const std::vector<double> exact(values.begin(), values.end());
        std::vector<double> expected(exact.size());
        unary_f64(static_cast<Unary>(op))(exact.data(), expected.data(), n, kParamsF64);
        for (int64_t i = 0; i < n; i++) {
          INFO("n " << n << ", x " << x[i] << ", y " << y[i] << ", expected " << expected[static_cast<size_t>(i)]);
          const double e = expected[static_cast<size_t>(i)];
          CHECK((ulps(y[i], e) <= 4 || std::fabs(y[i] - e) <= 5e-7));
        }
        unary_f32(static_cast<Unary>(op))(x.data(), x.data(), n, kParams);  // in place
        for (int64_t i = 0; i < n; i++) CHECK(same(x[i], y[i]));
      }
    }
  });
}

TEST_CASE("unary operators treat special values as PyTorch") {
  struct Row {
    Unary op;
    float nan, inf, minus_inf, zero, minus_zero;
  };
  const Row rows[] = {
      {Unary::neg, kNan, -kInf, kInf, -0.0f, 0.0f},
      {Unary::abs, kNan, kInf, kInf, 0.0f, 0.0f},
      {Unary::square, kNan, kInf, kInf, 0.0f, 0.0f},
      {Unary::sqrt, kNan, kInf, kNan, 0.0f, -0.0f},
      {Unary::rsqrt, kNan, 0, kNan, kInf, -kInf},
      {Unary::reciprocal, kNan, 0.0f, -0.0f, kInf, -kInf},
      {Unary::sign, 0, 1, -1, 0, 0},
      {Unary::floor, kNan, kInf, -kInf, 0.0f, -0.0f},
      {Unary::ceil, kNan, kInf, -kInf, 0.0f, -0.0f},
      {Unary::trunc, kNan, kInf, -kInf, 0.0f, -0.0f},
      {Unary::round, kNan, kInf, -kInf, 0.0f, -0.0f},
      {Unary::relu, kNan, kInf, 0, 0.0f, -0.0f},
      {Unary::relu6, kNan, 6, 0, 0.0f, -0.0f},
      {Unary::hardsigmoid, kNan, 1, 0, 0.5f, 0.5f},
      {Unary::hardswish, kNan, kInf, kNan, 0.0f, -0.0f},
      {Unary::softsign, kNan, kNan, kNan, 0.0f, -0.0f},
      {Unary::hardtanh, kNan, 1.5f, 0.5f, 0.5f, 0.5f},
      {Unary::leaky_relu, kNan, kInf, -kInf, 0.0f, -0.0f},
      {Unary::threshold, kNan, kInf, 1.5f, 1.5f, 1.5f},
      {Unary::hardshrink, kNan, kInf, -kInf, 0, 0},
      {Unary::log_sigmoid, kNan, 0, -kInf, -0.693147181f, -0.693147181f},
  };
  const float x[] = {kNan, kInf, -kInf, 0.0f, -0.0f};
  for_each_isa([&] {
    for (const Row& row : rows) {
      INFO("operator " << static_cast<int>(row.op));
      float y[5];
      unary_f32(row.op)(x, y, 5, kParams);
      const float expected[] = {row.nan, row.inf, row.minus_inf, row.zero, row.minus_zero};
      for (int i = 0; i < 5; i++) {
        INFO("x " << x[i] << ", y " << y[i]);
        CHECK((same(y[i], expected[i]) || (expected[i] == 0 && y[i] == 0 && i < 3) || ulps(y[i], expected[i]) < 2));
      }
    }
  });
}

TEST_CASE("rounding takes halves to even") {
  for_each_isa([] {
    const std::vector<float> x = {0.5f, 1.5f, 2.5f, -0.5f, -1.5f, 8388609.0f, 1e30f, 2.4999f};
    std::vector<float> y(x.size());
    unary_f32(Unary::round)(x.data(), y.data(), static_cast<int64_t>(x.size()), nullptr);
    CHECK(y == std::vector<float>{0, 2, 2, -0.0f, -2, 8388609.0f, 1e30f, 2});
  });
}

TEST_CASE("powers with a constant exponent") {
  for_each_isa([] {
    auto x = numbers(50, 3);
    x.insert(x.end(), {0.0f, kInf});
    std::vector<float> y(x.size());
    for (float e : {2.0f, 3.0f, 0.5f, -0.5f, -1.0f, -2.0f, 1.7f, 4.0f, 0.0f}) {
      unary_f32(Unary::pow)(x.data(), y.data(), static_cast<int64_t>(x.size()), &e);
      for (size_t i = 0; i < x.size(); i++) {
        INFO(x[i] << " to the " << e);
        CHECK(ulps(y[i], std::pow(static_cast<double>(x[i]), e)) <= 2);
      }
    }
    const float negative_zero = -0.0f, root = 0.5f, inverse_root = -0.5f;  // square roots, not pow: PyTorch gives -0 and -infinity
    unary_f32(Unary::pow)(&negative_zero, y.data(), 1, &root);
    unary_f32(Unary::pow)(&negative_zero, y.data() + 1, 1, &inverse_root);
    CHECK((same(y[0], -0.0f) && y[1] == -kInf));
  });
}

namespace {

template <class T>
double expected_binary(Binary op, T a, T b, T alpha) {
  const double x = static_cast<double>(a), y = static_cast<double>(b);
  switch (op) {
    case Binary::add: return x + static_cast<double>(alpha) * y;
    case Binary::sub: return x - static_cast<double>(alpha) * y;
    case Binary::mul: return x * y;
    case Binary::div: return x / y;
    case Binary::max: return x > y ? x : y;
    case Binary::min: return x < y ? x : y;
    case Binary::pow: return std::pow(x, y);
    case Binary::atan2: return std::atan2(x, y);
    case Binary::hypot: return std::hypot(x, y);
    case Binary::logaddexp: return std::max(x, y) + std::log1p(std::exp(-std::fabs(x - y)));
    case Binary::fmod: return std::fmod(x, y);
    case Binary::remainder: return std::fmod(x, y) + (std::fmod(x, y) != 0 && (std::fmod(x, y) < 0) != (y < 0) ? y : 0);
    case Binary::floor_divide: return y == 0 ? x / y : std::floor(x / y);
  }
  return 0;
}

}  // namespace

TEST_CASE("binary functions broadcast rows, columns and scalars") {
  for_each_isa([] {
    const int64_t rows = 3;
    for (int64_t n : {1, 7, 16, 33}) {
      const auto full = numbers(rows * n, 2, 3), other = numbers(rows * n, 2, 4);
      const Operand<float> forms[] = {{other.data(), n, 1}, {other.data(), 0, 1}, {other.data(), 1, 0}, {other.data(), 0, 0}};
      for (Binary op : {Binary::add, Binary::sub, Binary::mul, Binary::div, Binary::max, Binary::min}) {
        for (const auto& b : forms) {
          for (bool swapped : {false, true}) {
            const Operand<float> a{full.data(), n, 1};
            const auto &left = swapped ? b : a, &right = swapped ? a : b;
            Guarded<float> y(rows * n);
            binary_f32(op)(left, right, y.data(), rows, n, 0.5f);
            CHECK(y.intact());
            for (int64_t i = 0; i < rows * n; i++) {
              const float l = left.data[i / n * left.row + i % n * left.step], r = right.data[i / n * right.row + i % n * right.step];
              CHECK(std::fabs(y[i] - expected_binary(op, l, r, 0.5f)) <= 2e-7 * std::fabs(static_cast<double>(y[i])) + 3e-7);
            }
          }
        }
      }
    }
    binary_f32(Binary::add)({nullptr, 0, 1}, {nullptr, 0, 1}, nullptr, 1, 0, 1);  // nothing to read
  });
}

TEST_CASE("functions of two numbers") {
  constexpr float largest = 3e38f, tiny = 1e-42f;
  std::vector<float> a, b;
  const float corners[] = {0.0f, -0.0f, 1, -1, 2.5f, -0.75f, largest, -largest, tiny, -tiny, kInf, -kInf, kNan, 12345678};
  for (float x : corners)
    for (float y : corners) a.push_back(x), b.push_back(y);
  const auto more = numbers(5000, 50, 5), divisors = numbers(5000, 7, 6);
  a.insert(a.end(), more.begin(), more.end());
  b.insert(b.end(), divisors.begin(), divisors.end());
  for (int i = 1; i < 300; i++) a.push_back(static_cast<float>(i) * 0.1f), b.push_back(0.1f);  // quotients next to integers
  const auto n = static_cast<int64_t>(a.size());
  std::vector<float> y(a.size());
  for_each_isa([&] {
    for (Binary op : {Binary::atan2, Binary::hypot, Binary::logaddexp, Binary::fmod, Binary::remainder}) {
      binary_f32(op)({a.data(), n, 1}, {b.data(), n, 1}, y.data(), 1, n, 1);
      for (size_t i = 0; i < a.size(); i++) {
        double e = expected_binary(op, a[i], b[i], 1.0f);
        if (op == Binary::logaddexp && std::isinf(a[i]) && a[i] == b[i]) e = a[i];
        if (op == Binary::logaddexp && (std::isnan(a[i]) || std::isnan(b[i]))) e = kNan;
        INFO("operator " << static_cast<int>(op) << " of " << a[i] << " and " << b[i] << ": " << y[i] << ", expected " << e);
        if (op == Binary::fmod || op == Binary::remainder) CHECK((same(y[i], static_cast<float>(e)) || ulps(y[i], e) == 0));
        else CHECK((ulps(y[i], e) <= 4 || std::fabs(y[i] - e) <= 4e-7 * std::fabs(static_cast<double>(a[i]))));
        if (op == Binary::atan2 && y[i] == 0) CHECK(std::signbit(y[i]) == std::signbit(a[i]));
      }
    }
    binary_f32(Binary::floor_divide)({a.data(), n, 1}, {b.data(), n, 1}, y.data(), 1, n, 1);
    for (size_t i = 0; i < a.size(); i++) {
      if (!std::isfinite(a[i]) || !std::isfinite(b[i]) || b[i] == 0 || std::fabs(a[i] / b[i]) > 4e6f) continue;
      INFO(a[i] << " over " << b[i]);
      CHECK(y[i] == static_cast<float>(expected_binary(Binary::floor_divide, a[i], b[i], 1.0f)));
    }
  });
}

TEST_CASE("maximum and minimum give NaN if either is") {
  for_each_isa([] {
    const std::vector<float> a = {kNan, 1, kNan, 2, kInf}, b = {1, kNan, kNan, 3, -kInf};
    std::vector<float> y(5);
    binary_f32(Binary::max)({a.data(), 5, 1}, {b.data(), 5, 1}, y.data(), 1, 5, 1);
    for (int i = 0; i < 3; i++) CHECK(std::isnan(y[static_cast<size_t>(i)]));
    CHECK((y[3] == 3 && y[4] == kInf));
    binary_f32(Binary::min)({a.data(), 5, 1}, {b.data(), 5, 1}, y.data(), 1, 5, 1);
    for (int i = 0; i < 3; i++) CHECK(std::isnan(y[static_cast<size_t>(i)]));
    CHECK((y[3] == 2 && y[4] == -kInf));
  });
}

TEST_CASE("integers wrap around and the smallest over -1 does not trap") {
  for_each_isa([] {
    constexpr int64_t lowest = std::numeric_limits<int64_t>::min();
    const std::vector<int64_t> a = {std::numeric_limits<int64_t>::max(), lowest, 7, -7}, b = {1, -1, 2, 2};
    std::vector<int64_t> y(4);
    const Operand<int64_t> x1{a.data(), 4, 1}, x2{b.data(), 4, 1};
    binary_i64(Binary::add)(x1, x2, y.data(), 1, 4, 1);
    CHECK(y == std::vector<int64_t>{lowest, std::numeric_limits<int64_t>::max(), 9, -5});
    binary_i64(Binary::div)(x1, x2, y.data(), 1, 4, 1);
    CHECK(y == std::vector<int64_t>{std::numeric_limits<int64_t>::max(), lowest, 3, -3});
    binary_i64(Binary::sub)(x1, x2, y.data(), 1, 4, 3);
    CHECK(y == std::vector<int64_t>{std::numeric_limits<int64_t>::max() - 3, lowest + 3, 1, -13});
    const std::vector<int32_t> c = {std::numeric_limits<int32_t>::max(), 5}, d = {2, -3};
    std::vector<int32_t> z(2);
    binary_i32(Binary::mul)({c.data(), 2, 1}, {d.data(), 2, 1}, z.data(), 1, 2, 1);
    CHECK(z == std::vector<int32_t>{-2, -15});
    CHECK(binary_i64(Binary::pow) == nullptr);
  });
}

TEST_CASE("every f16 goes to f32 and back") {
  std::vector<uint16_t> bits(65536), back(65536);
  for (size_t i = 0; i < bits.size(); i++) bits[i] = static_cast<uint16_t>(i);
  std::vector<float> wide(65536);
  for_each_isa([&] {
    convert_f16_to_f32(bits.data(), wide.data(), 65536);
    CHECK(wide[0x3c00] == 1.0f);
    CHECK(wide[0x0001] == std::ldexp(1.0f, -24));
    CHECK(wide[0x7bff] == 65504.0f);
    CHECK(wide[0xfc00] == -kInf);
    CHECK(std::isnan(wide[0x7e01]));
    convert_f32_to_f16(wide.data(), back.data(), 65536);
    int wrong = 0;
    for (size_t i = 0; i < bits.size(); i++) {
      const bool is_nan = (i & 0x7c00) == 0x7c00 && (i & 0x3ff) != 0;
      wrong += is_nan ? (back[i] & 0x7c00) != 0x7c00 || (back[i] & 0x3ff) == 0 : back[i] != bits[i];
    }
    CHECK(wrong == 0);
  });
}

TEST_CASE("rounding to 16-bit floats is to nearest, ties to even") {
  for_each_isa([] {
    std::vector<float> x;
    for (uint32_t exponent = 90; exponent < 150; exponent++) {
      for (uint32_t mantissa :
           {0u, 1u, 0xfffu, 0x1000u, 0x1001u, 0x2fffu, 0x3000u, 0x3001u, 0x7fffu, 0x8000u, 0x8001u, 0x18000u, 0x7fffffu}) {
        const uint32_t bits = exponent << 23 | mantissa;
        float value;
        std::memcpy(&value, &bits, 4);
        x.insert(x.end(), {value, -value});
      }
    }
    const auto n = static_cast<int64_t>(x.size());
    std::vector<uint16_t> half(x.size()), brain(x.size());
    std::vector<float> half_back(x.size()), brain_back(x.size());
    convert_f32_to_f16(x.data(), half.data(), n);
    convert_f16_to_f32(half.data(), half_back.data(), n);
    convert_f32_to_bf16(x.data(), brain.data(), n);
    convert_bf16_to_f32(brain.data(), brain_back.data(), n);
    for (size_t i = 0; i < x.size(); i++) {
      const double a = std::fabs(static_cast<double>(x[i]));
      const double half_step = std::ldexp(1.0, std::max(std::ilogb(a), -14) - 10), brain_step = std::ldexp(1.0, std::ilogb(a) - 7);
      const double half_exact = std::nearbyint(a / half_step) * half_step, brain_exact = std::nearbyint(a / brain_step) * brain_step;
      CHECK(std::fabs(half_back[i]) == (half_exact >= 65520 ? HUGE_VAL : half_exact));
      CHECK(std::fabs(brain_back[i]) == brain_exact);
      CHECK(std::signbit(brain_back[i]) == std::signbit(x[i]));
    }
    const float special[] = {kNan, kInf};
    uint16_t out[2];
    convert_f32_to_bf16(special, out, 2);
    CHECK((out[0] == 0x7fc0 && out[1] == 0x7f80));
  });
}

TEST_CASE("conversions between wide types") {
  for_each_isa([] {
    for (int64_t n : kLengths) {
      const auto x = numbers(n, 1000);
      Guarded<double> d(n);
      Guarded<float> f(n), g(n), h(n), k(n);
      convert_f32_to_f64(x.data(), d.data(), n);
      convert_f64_to_f32(d.data(), f.data(), n);
      std::vector<int32_t> i32(x.begin(), x.end());
      std::vector<int64_t> i64(x.begin(), x.end());
      std::vector<uint8_t> u8(i32.begin(), i32.end());
      convert_i32_to_f32(i32.data(), g.data(), n);
      convert_i64_to_f32(i64.data(), h.data(), n);
      convert_u8_to_f32(u8.data(), k.data(), n);
      for (int64_t i = 0; i < n; i++) {
        const auto at = static_cast<size_t>(i);
        CHECK((d[i] == x[at] && f[i] == x[at]));
        CHECK((g[i] == std::trunc(x[at]) && h[i] == g[i] && k[i] == u8[at]));
      }
      CHECK((d.intact() && f.intact() && g.intact() && h.intact() && k.intact()));
    }
  });
}
