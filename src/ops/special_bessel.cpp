#include <cmath>
#include <limits>
#include <numbers>

#include "ops/special_math.h"

namespace tsrun::special {

/// Hankel's expansion 1 - m/(8x) + m'/(2! (8x)^2) ... of the modified functions: sign +1 for K, -1 for I. Ends at its smallest term.
static double hankel(double order, double x, double sign) {
  double mu = 4 * order * order, term = 1, sum = 1;
  for (int k = 1; k < 60; ++k) {
    double odd = 2.0 * k - 1, next = term * sign * (mu - odd * odd) / (8.0 * k * x);
    if (std::abs(next) >= std::abs(term) || std::abs(next) < 1e-17) break;
    sum += term = next;
  }
  return sum;
}

/// The power series of I(order, x) for order 0 or 1 and 0 <= x <= 18.
static double series_i(int order, double x) {
  double quarter = x * x / 4, term = order == 0 ? 1 : x / 2, sum = term;
  for (int k = 1; k < 100 && term > sum * 1e-17; ++k) sum += term *= quarter / (static_cast<double>(k) * (k + order));
  return sum;
}

/// exp(-x) I(order, x) for x >= 0 and order 0 or 1.
static double scaled_i(int order, double x) {
  if (std::isinf(x)) return 0;
  if (x > 18) return hankel(order, x, -1) / std::sqrt(2 * std::numbers::pi * x);
  return series_i(order, x) * std::exp(-x);
}

double scaled_i0(double x) { return scaled_i(0, std::abs(x)); }
double scaled_i1(double x) { return std::copysign(scaled_i(1, std::abs(x)), x); }
double i0(double x) {
  double a = std::abs(x);
  return a <= 18 ? series_i(0, a) : scaled_i0(a) * std::exp(a);
}
double i1(double x) {
  double a = std::abs(x);
  return a <= 18 ? std::copysign(series_i(1, a), x) : scaled_i1(x) * std::exp(a);
}

double scaled_k(double order, double x) {
  if (std::isnan(x) || x < 0) return std::nan("");
  if (x == 0) return std::numeric_limits<double>::infinity();
  if (x > 30) return std::isinf(x) ? 0 : std::sqrt(std::numbers::pi / (2 * x)) * hankel(order, x, 1);
  // The integral of exp(-x (cosh t - 1)) cosh(order t): the trapezoidal rule converges faster than any power of its step.
  constexpr double step = 1.0 / 16;
  double sum = 0.5;
  for (int k = 1; k < 100000; ++k) {
    double t = k * step, term = std::exp(-2 * x * std::sinh(t / 2) * std::sinh(t / 2)) * std::cosh(order * t);
    sum += term;
    if (term < sum * 1e-18) break;
  }
  return sum * step;
}

/// The power series, for arguments of moderate size.
static double airy_series(double x) {
  constexpr double at_zero = 0.355028053887817239260, slope = 0.258819403792806798405;
  double cube = x * x * x, f = 1, g = x, f_sum = f, g_sum = g;
  for (int k = 1; k < 100; ++k) {
    double n = 3.0 * k;
    f *= cube / (n * (n - 1));
    g *= cube / (n * (n + 1));
    f_sum += f;
    g_sum += g;
    if (std::abs(f) < 1e-18 && std::abs(g) < 1e-18) break;
  }
  return at_zero * f_sum - slope * g_sum;
}

/// Ai(-x) for large x: a wave with slowly varying amplitude.
static double airy_wave(double x) {
  double zeta = 2.0 / 3 * x * std::sqrt(x), u = 1, even = 1, odd = 0;
  for (int k = 1; k < 20; ++k) {
    double next = u * (6.0 * k - 5) * (6.0 * k - 3) * (6.0 * k - 1) / (216.0 * k * (2.0 * k - 1)) / zeta;
    if (std::abs(next) >= std::abs(u)) break;
    u = next;
    double sign = k % 4 < 2 ? 1 : -1;
    (k % 2 ? odd : even) += sign * u;
  }
  double phase = zeta - std::numbers::pi / 4;
  return (std::cos(phase) * even + std::sin(phase) * odd) / (std::sqrt(std::numbers::pi) * std::pow(x, 0.25));
}

double airy_ai(double x) {
  if (!std::isfinite(x)) return std::nan("");
  if (x < -7) return airy_wave(-x);
  if (x <= 2) return airy_series(x);
  double zeta = 2.0 / 3 * x * std::sqrt(x);
  return std::sqrt(x / 3) / std::numbers::pi * scaled_k(1.0 / 3, zeta) * std::exp(-zeta);
}

}  // namespace tsrun::special
