#include <cmath>
#include <limits>
#include <numbers>

#include "ops/special_math.h"

namespace tsrun::special {

static constexpr double infinity = std::numeric_limits<double>::infinity();
static constexpr double root2 = std::numbers::sqrt2;

/// The y >= 0 with erfc(y) = q for q in (0, 1], by Halley's method from an elementary approximation.
static double erfc_inverse(double q) {
  if (q == 1) return 0;
  double l = std::log(q * (2 - q)), b = 2 / (std::numbers::pi * 0.147) + l / 2;
  double y = std::sqrt(std::sqrt(b * b - l / 0.147) - b);
  for (int i = 0; i < 8; ++i) {
    // erfc(y) / q - 1 over its derivative; exp(-y^2) is divided out where it would underflow
    double ratio = (erfcx(y) - q * std::exp(y * y)) * std::sqrt(std::numbers::pi) / 2;
    y += ratio / (1 + y * ratio);
  }
  return y;
}

double erfinv(double x) {
  double a = std::abs(x);
  if (!(a <= 1)) return std::nan("");
  if (a == 1) return std::copysign(infinity, x);
  double y;
  if (a > 0.5) {
    y = erfc_inverse(1 - a);
  } else {
    y = a * std::sqrt(std::numbers::pi) / 2;
    for (int i = 0; i < 5; ++i) {
      double ratio = (std::erf(y) - a) * std::exp(y * y) * std::sqrt(std::numbers::pi) / 2;
      y -= ratio / (1 + y * ratio);
    }
  }
  return std::copysign(y, x);
}

double erfcx(double x) {
  if (x < 0) return x < -26.7 ? infinity : 2 * std::exp(x * x) - erfcx(-x);
  if (x < 25) return std::exp(x * x) * std::erfc(x);
  double s = 1 / (2 * x * x);
  return (1 - s * (1 - 3 * s * (1 - 5 * s * (1 - 7 * s * (1 - 9 * s))))) / (x * std::sqrt(std::numbers::pi));
}

double ndtri(double p) {
  if (!(p >= 0 && p <= 1)) return std::nan("");
  if (p == 0) return -infinity;
  if (p == 1) return infinity;
  if (p < 0.25) return -root2 * erfc_inverse(2 * p);
  return root2 * erfinv(2 * p - 1);
}

double log_ndtr(double x) {
  if (x < -1) return std::log(erfcx(-x / root2) / 2) - x * x / 2;
  return std::log1p(-std::erfc(x / root2) / 2);
}

}  // namespace tsrun::special
