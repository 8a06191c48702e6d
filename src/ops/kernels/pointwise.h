// Elementwise functions on contiguous spans. y may be x (or an input of the same position), but spans must not overlap otherwise.
// n = 0 is allowed. NaN, infinities and signed zeros follow PyTorch. All functions run on the calling thread: split spans with
// parallel_for.
#pragma once
#include <cstdint>

namespace tsrun::kernels {

/// Operators with parameters read them from `params` in the order named here; the others never touch it.
enum class Unary : uint8_t {
  neg,
  abs,
  square,
  sqrt,
  rsqrt,
  reciprocal,
  sign,
  floor,
  ceil,
  trunc,
  round,  ///< half to even
  relu,
  relu6,
  hardswish,
  hardsigmoid,
  hardtanh,    ///< lo, hi: also clamp
  leaky_relu,  ///< slope of the negative side
  threshold,   ///< t, value: x > t ? x : value
  hardshrink,  ///< lambda
  softshrink,  ///< lambda
  affine,      ///< a, b: a x + b
  exp,
  expm1,
  log,
  log1p,
  log2,
  log10,
  sin,
  cos,
  tanh,
  erf,
  exp2,
  tan,
  atan,
  sinh,
  cosh,
  atanh,
  erfc,
  frac,
  sigmoid,
  log_sigmoid,
  silu,
  gelu,
  gelu_tanh,
  mish,
  softsign,
  elu,       ///< alpha, scale, input scale: x > 0 ? scale x : scale alpha (exp(input_scale x) - 1); selu and celu are settings of it
  softplus,  ///< beta, threshold
  pow,       ///< exponent
};

using UnaryF32 = void (*)(const float* x, float* y, int64_t n, const float* params);
using UnaryF64 = void (*)(const double* x, double* y, int64_t n, const double* params);

/// The inverse of erf and the quantile of the standard normal distribution: f32 only.
void erfinv(const float* x, float* y, int64_t n);
void ndtri(const float* x, float* y, int64_t n);

/// Never null. The f64 functions use the C library.
UnaryF32 unary_f32(Unary op);
UnaryF64 unary_f64(Unary op);

enum class Binary : uint8_t {
  add,  ///< a + alpha b
  sub,  ///< a - alpha b
  mul,
  div,  ///< true division; of integers: towards zero, and the caller rules out zero divisors
  max,  ///< NaN if either is
  min,  ///< NaN if either is
  pow,  ///< f32 and f64 only, as all that follow
  atan2,
  hypot,
  logaddexp,
  fmod,          ///< exact, the sign of a
  remainder,     ///< exact, the sign of b
  floor_divide,  ///< the quotient rounded down, by way of fmod
};

/// An operand seen as [rows, n]: element (r, i) is data[r * row + i * step], in elements. step is 0 or 1.
template <class T>
struct Operand {
  const T* data;
  int64_t row, step;
};

/// y[r * n + i] = a(r, i) op b(r, i). A vector is {p, n, 1}, a scalar {p, 0, 0}, a [n] against [rows, n] {p, 0, 1}, a [rows, 1] {p, 1, 0}.
/// alpha matters to add and sub only.
template <class T>
using BinaryFunction = void (*)(Operand<T> a, Operand<T> b, T* y, int64_t rows, int64_t n, T alpha);

BinaryFunction<float> binary_f32(Binary op);
BinaryFunction<double> binary_f64(Binary op);
/// Wraps around on overflow, as PyTorch. Null from pow on.
BinaryFunction<int32_t> binary_i32(Binary op);
BinaryFunction<int64_t> binary_i64(Binary op);

}  // namespace tsrun::kernels
