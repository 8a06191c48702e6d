#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "ops/special_math.h"

namespace tsrun::special {

static constexpr double infinity = std::numeric_limits<double>::infinity();
static const double nan = std::nan("");

/// Bernoulli numbers B2, B4, ... B24.
static constexpr std::array<double, 12> bernoulli{1.0 / 6,       -1.0 / 30,       1.0 / 42,       -1.0 / 30,
                                                  5.0 / 66,      -691.0 / 2730,   7.0 / 6,        -3617.0 / 510,
                                                  43867.0 / 798, -174611.0 / 330, 854513.0 / 138, -236364091.0 / 2730};

double digamma(double x) {
  if (x == 0) return std::copysign(infinity, -x);
  if (x < 0) {
    if (x == std::trunc(x)) return nan;
    double whole, part = std::modf(x, &whole);
    return digamma(1 - x) - std::numbers::pi / std::tan(std::numbers::pi * part);
  }
  double shift = 0;
  for (; x < 10; ++x) shift -= 1 / x;
  double y = 1 / (x * x), power = y, tail = 0;
  for (size_t k = 0; k < 8; ++k, power *= y) tail += bernoulli[k] / (2.0 * static_cast<double>(k + 1)) * power;
  return shift + std::log(x) - 0.5 / x - (std::isinf(x) ? 0 : tail);
}

double trigamma(double x) {
  if (x < 0.5 && x != std::floor(x)) {
    double s = std::numbers::pi / std::sin(std::numbers::pi * x);
    return s * s - trigamma(1 - x);
  }
  return zeta(2, x);
}

float trigamma(float x) {
  float sign = 1, sum = 0;
  if (x < 0.5f) {
    sign = -1;
    float s = std::sin(std::numbers::pi_v<float> * x);
    sum -= std::numbers::pi_v<float> * std::numbers::pi_v<float> / (s * s);
    x = 1 - x;
  }
  for (int i = 0; i < 6; ++i, x += 1) sum += 1 / (x * x);
  float y = 1 / (x * x);
  sum += (1 + 1 / (2 * x) + y * (1.0f / 6 - y * (1.0f / 30 - y * (1.0f / 42)))) / x;
  return sign * sum;
}

/// Euler and Maclaurin's sum for x > 1 and q > 0.
static double zeta_positive(double x, double q) {
  double sum = 0;
  for (; q < 12; ++q) sum += std::pow(q, -x);
  double term = std::pow(q, -x);
  if (term == 0) return sum;
  sum += term * (q / (x - 1) + 0.5);
  double rising = x / q;  // x (x + 1) ... (x + 2k) / ((2k + 2)! q^(2k + 1)) without the factorial's last step
  double factorial = 2;
  for (size_t k = 0; k < bernoulli.size(); ++k) {
    double step = bernoulli[k] / factorial * rising * term;
    sum += step;
    if (std::abs(step) < std::abs(sum) * 1e-17) break;
    double j = 2.0 * static_cast<double>(k);
    rising *= (x + j + 1) * (x + j + 2) / (q * q);
    factorial *= (j + 3) * (j + 4);
  }
  return sum;
}

double zeta(double x, double q) {
  if (x == 1) return infinity;
  if (x < 1) return nan;
  if (q <= 0 && q == std::floor(q)) return infinity;
  if (std::isnan(x) || std::isnan(q) || std::isinf(q)) return nan;
  if (std::isinf(x)) return q < 1 ? infinity : q == 1 ? 1 : nan;
  if (q > 0) return zeta_positive(x, q);
  if (x != std::floor(x)) return nan;
  // The terms below zero mirror those of another positive sum.
  double below = std::ceil(-q), above = q + below, sign = std::fmod(x, 2) == 0 ? 1 : -1;
  return zeta_positive(x, above) + sign * (zeta_positive(x, 1 - above) - zeta_positive(x, 1 - above + below));
}

/// x^a exp(-x) / gamma(a)
static double gamma_density(double a, double x) { return std::exp(a * std::log(x) - x - std::lgamma(a)); }

static constexpr int iterations = 4000;

/// P(a, x) by its power series, for x below a + 1.
static double gamma_series(double a, double x) {
  double sum = 1 / a, term = sum;
  for (int k = 1; k < iterations && term > sum * 1e-17; ++k) {
    term *= x / (a + k);
    sum += term;
  }
  return sum * gamma_density(a, x);
}

/// Q(a, x) by its continued fraction, evaluated from the front, for x above a + 1.
static double gamma_fraction(double a, double x) {
  double b = x + 1 - a, c = 1e300, d = 1 / b, h = d;
  for (int k = 1; k < iterations; ++k) {
    double an = k * (a - k);
    b += 2;
    d = an * d + b;
    c = b + an / c;
    if (d == 0) d = 1e-300;
    if (c == 0) c = 1e-300;
    d = 1 / d;
    h *= c * d;
    if (std::abs(c * d - 1) < 1e-16) break;
  }
  return h * gamma_density(a, x);
}

/// Q(a, x) for large a: the normal distribution with its first correction, uniform in x.
static double gamma_uniform(double a, double x) {
  double mu = (x - a) / a;
  double half_square = mu - std::log1p(mu);  // eta^2 / 2
  double eta = std::copysign(std::sqrt(2 * std::max(half_square, 0.0)), mu);
  double first = std::abs(mu) < 1e-4 ? -1.0 / 3 + mu / 12 : 1 / mu - 1 / eta;
  return std::erfc(eta * std::sqrt(a / 2)) / 2 + std::exp(-a * half_square) / std::sqrt(2 * std::numbers::pi * a) * first;
}

/// Both at once: P when `lower`, else Q.
static double incomplete_gamma(double a, double x, bool lower) {
  if (a < 0 || x < 0) return nan;
  if (a == 0) return x > 0 ? (lower ? 1 : 0) : nan;
  if (x == 0) return lower ? 0 : 1;
  if (std::isinf(a)) return std::isinf(x) ? nan : lower ? 0 : 1;
  if (std::isinf(x)) return lower ? 1 : 0;
  if (std::isnan(a) || std::isnan(x)) return nan;
  if (a > 1e4) {
    double q = gamma_uniform(a, x);
    return lower ? 1 - q : q;
  }
  bool series = x < a + 1;
  double value = series ? gamma_series(a, x) : gamma_fraction(a, x);
  return series == lower ? value : 1 - value;
}

double gamma_p(double a, double x) { return incomplete_gamma(a, x, true); }
double gamma_q(double a, double x) { return incomplete_gamma(a, x, false); }

}  // namespace tsrun::special
