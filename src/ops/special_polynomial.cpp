#include <cmath>

#include "ops/special_math.h"

// Computed in the type of the argument and with fused multiplications: rounding in float shows in the results, and PyTorch's show it.
namespace tsrun::special {
namespace {

constexpr int64_t highest_degree = 10'000'000;

/// p(0) = 1, p(1) = first, p(k + 1) = next(k, p(k), p(k - 1)); stops when the values overflow to NaN.
template <class T, class Next>
T recur(int64_t n, T first, Next next) {
  if (n > highest_degree) return static_cast<T>(NAN);
  T before = 1, value = first;
  if (n == 0) return 1;
  for (int64_t k = 1; k < n && !std::isnan(value); ++k) {
    T following = next(static_cast<T>(k), value, before);
    before = value;
    value = following;
  }
  return value;
}

/// All kinds share the recurrence and differ in the polynomial of degree 1.
template <class T>
T chebyshev(T x, int64_t n, T first) {
  return recur(n, first, [x](T, T p, T q) { return std::fma(x + x, p, -q); });
}

template <class T>
T alternating(int64_t n) {
  return n % 2 == 0 ? T(1) : T(-1);
}

}  // namespace

template <class T>
T chebyshev_t(T x, int64_t n) {
  if (n < 0) return 0;
  if (std::abs(x) == 1) return x > 0 ? T(1) : alternating<T>(n);
  if (n > 6 && std::abs(x) < 1) return std::cos(static_cast<T>(n) * std::acos(x));
  return chebyshev(x, n, x);
}

template <class T>
T chebyshev_u(T x, int64_t n) {
  if (n < 0) return 0;
  auto degree = static_cast<T>(n);
  if (std::abs(x) == 1) return (x > 0 ? T(1) : alternating<T>(n)) * (degree + 1);
  if (n > 8 && std::abs(x) < 1) {
    T angle = std::acos(x);
    return std::sin((degree + 1) * angle) / std::sin(angle);
  }
  return chebyshev(x, n, x + x);
}

template <class T>
T chebyshev_v(T x, int64_t n) {
  if (n < 0) return 0;
  auto degree = static_cast<T>(n);
  if (std::abs(x) == 1) return x > 0 ? T(1) : alternating<T>(n) * (2 * degree + 1);
  if (n > 8 && std::abs(x) < 1) {
    T angle = std::acos(x);
    return std::cos((degree + T(0.5)) * angle) / std::cos(angle / 2);
  }
  return chebyshev(x, n, x + x - 1);
}

template <class T>
T chebyshev_w(T x, int64_t n) {
  if (n < 0) return 0;
  auto degree = static_cast<T>(n);
  if (std::abs(x) == 1) return x > 0 ? 2 * degree + 1 : alternating<T>(n);
  if (n > 8 && std::abs(x) < 1) {
    T angle = std::acos(x);
    return std::sin((degree + T(0.5)) * angle) / std::sin(angle / 2);
  }
  return chebyshev(x, n, x + x + 1);
}

template <class T>
T hermite_h(T x, int64_t n) {
  if (n < 0) return 0;
  return recur(n, x + x, [x](T k, T p, T q) { return std::fma(x + x, p, -(2 * k * q)); });
}

template <class T>
T hermite_he(T x, int64_t n) {
  if (n < 0) return 0;
  return recur(n, x, [x](T k, T p, T q) { return std::fma(x, p, -(k * q)); });
}

template <class T>
T laguerre_l(T x, int64_t n) {
  if (n < 0) return 0;
  if (x == 0) return 1;
  return recur(n, 1 - x, [x](T k, T p, T q) { return std::fma(k + k + (1 - x), p, -(k * q)) / (k + 1); });
}

template <class T>
T legendre_p(T x, int64_t n) {
  if (n < 0) return 0;
  if (std::abs(x) == 1) return x > 0 ? T(1) : alternating<T>(n);
  return recur(n, x, [x](T k, T p, T q) { return std::fma((k + k + 1) * x, p, -(k * q)) / (k + 1); });
}

#define TSRUN_INSTANTIATE(T)             \
  template T chebyshev_t<T>(T, int64_t); \
  template T chebyshev_u<T>(T, int64_t); \
  template T chebyshev_v<T>(T, int64_t); \
  template T chebyshev_w<T>(T, int64_t); \
  template T hermite_h<T>(T, int64_t);   \
  template T hermite_he<T>(T, int64_t);  \
  template T laguerre_l<T>(T, int64_t);  \
  template T legendre_p<T>(T, int64_t);
TSRUN_INSTANTIATE(float)
TSRUN_INSTANTIATE(double)
#undef TSRUN_INSTANTIATE

}  // namespace tsrun::special
