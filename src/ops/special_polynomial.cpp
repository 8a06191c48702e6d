#include <cmath>

#include "ops/special_math.h"

namespace tsrun::special {

static constexpr int64_t highest_degree = 10'000'000;

/// p(0) = 1, p(1) = first, p(k + 1) = next(k, p(k), p(k - 1)); stops when the values overflow to NaN.
template <class Next>
static double recur(int64_t n, double first, Next next) {
  if (n > highest_degree) return std::nan("");
  double before = 1, value = first;
  if (n == 0) return 1;
  for (int64_t k = 1; k < n && !std::isnan(value); ++k) {
    double following = next(static_cast<double>(k), value, before);
    before = value;
    value = following;
  }
  return value;
}

/// All kinds share the recurrence and differ in the polynomial of degree 1.
static double chebyshev(double x, int64_t n, double first) {
  return recur(n, first, [x](double, double p, double q) { return 2 * x * p - q; });
}

static double alternating(int64_t n) { return n % 2 == 0 ? 1 : -1; }

double chebyshev_t(double x, int64_t n) {
  if (n < 0) return 0;
  if (std::abs(x) == 1) return x > 0 ? 1 : alternating(n);
  if (n > 6 && std::abs(x) < 1) return std::cos(static_cast<double>(n) * std::acos(x));
  return chebyshev(x, n, x);
}

double chebyshev_u(double x, int64_t n) {
  if (n < 0) return 0;
  auto degree = static_cast<double>(n);
  if (std::abs(x) == 1) return (x > 0 ? 1 : alternating(n)) * (degree + 1);
  if (n > 8 && std::abs(x) < 1) {
    double angle = std::acos(x);
    return std::sin((degree + 1) * angle) / std::sin(angle);
  }
  return chebyshev(x, n, 2 * x);
}

double chebyshev_v(double x, int64_t n) {
  if (n < 0) return 0;
  auto degree = static_cast<double>(n);
  if (std::abs(x) == 1) return x > 0 ? 1 : alternating(n) * (2 * degree + 1);
  if (n > 8 && std::abs(x) < 1) {
    double angle = std::acos(x);
    return std::cos((degree + 0.5) * angle) / std::cos(angle / 2);
  }
  return chebyshev(x, n, 2 * x - 1);
}

double chebyshev_w(double x, int64_t n) {
  if (n < 0) return 0;
  auto degree = static_cast<double>(n);
  if (std::abs(x) == 1) return x > 0 ? 2 * degree + 1 : alternating(n);
  if (n > 8 && std::abs(x) < 1) {
    double angle = std::acos(x);
    return std::sin((degree + 0.5) * angle) / std::sin(angle / 2);
  }
  return chebyshev(x, n, 2 * x + 1);
}

double hermite_h(double x, int64_t n) {
  if (n < 0) return 0;
  return recur(n, 2 * x, [x](double k, double p, double q) { return 2 * x * p - 2 * k * q; });
}

double hermite_he(double x, int64_t n) {
  if (n < 0) return 0;
  return recur(n, x, [x](double k, double p, double q) { return x * p - k * q; });
}

double laguerre_l(double x, int64_t n) {
  if (n < 0) return 0;
  if (x == 0) return 1;
  return recur(n, 1 - x, [x](double k, double p, double q) { return ((2 * k + 1 - x) * p - k * q) / (k + 1); });
}

double legendre_p(double x, int64_t n) {
  if (n < 0) return 0;
  if (std::abs(x) == 1) return x > 0 ? 1 : alternating(n);
  return recur(n, x, [x](double k, double p, double q) { return ((2 * k + 1) * x * p - k * q) / (k + 1); });
}

}  // namespace tsrun::special
