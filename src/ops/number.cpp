// Operators on Python numbers: arithmetic, comparison, bits, conversions. Functions of one number are in number_math.cpp.
#include "ops/number.h"

#include <numeric>

#include "ops/tables.h"

namespace tsrun {

namespace {

using namespace number;

/// What two operands are computed in: complex before float before int.
template <class A, class B>
using Common = std::conditional_t<std::is_same_v<A, Complex> || std::is_same_v<B, Complex>, Complex,
                                  std::conditional_t<std::is_same_v<A, double> || std::is_same_v<B, double>, double,
                                                     std::conditional_t<std::is_same_v<A, bool>, bool, int64_t>>>;

/// A real operand beside a complex one stays real: -0.0 and NaN in the part it does not have matter.
template <class A, class B>
using LeftOperand = std::conditional_t<std::is_same_v<B, Complex> && !std::is_same_v<A, Complex>, double, Common<A, B>>;

template <class F, class A, class B>
auto binary(Context&, A a, B b) {
  return F::of(static_cast<LeftOperand<A, B>>(a), static_cast<LeftOperand<B, A>>(b));
}

// Numbers whose kind is known only now.
template <class F>
Scalar scalar_real(Context&, const Scalar& a, const Scalar& b) {
  check(!a.is_complex() && !b.is_complex(), "expected a real number, got a complex one");
  if (a.is_floating() || b.is_floating()) return F::of(a.to_double(), b.to_double());
  return F::of(a.to_int(), b.to_int());
}
template <class F>
Scalar scalar_binary(Context& ctx, const Scalar& a, const Scalar& b) {
  if (a.is_complex() || b.is_complex()) return F::of(a.to_complex(), b.to_complex());
  return scalar_real<F>(ctx, a, b);
}
template <class F>
double scalar_to_float(Context& ctx, const Scalar& a, const Scalar& b) {
  return scalar_real<F>(ctx, a, b).to_double();
}
template <class F>
bool scalar_order(Context& ctx, const Scalar& a, const Scalar& b) {
  return scalar_real<F>(ctx, a, b).to_bool();
}
template <class F>
bool scalar_compare(Context& ctx, const Scalar& a, const Scalar& b) {
  return scalar_binary<F>(ctx, a, b).to_bool();
}

struct Pow {
  static double of(double a, double b) {
    check(a != 0 || !(b < 0), "0.0 cannot be raised to a negative power");
    return std::pow(a, b);
  }
  static double of(int64_t a, int64_t b) { return of(static_cast<double>(a), static_cast<double>(b)); }
  template <class A, class B>
  static Complex of(A a, B b) {
    return std::pow(a, b);
  }
};
struct UncheckedPow {
  static double of(double a, double b) { return std::pow(a, b); }
  static double of(int64_t a, int64_t b) { return std::pow(static_cast<double>(a), static_cast<double>(b)); }
};
struct LogBase {
  static double of(double a, double b) { return std::log(a) / std::log(b); }
  static double of(int64_t a, int64_t b) { return of(static_cast<double>(a), static_cast<double>(b)); }
  static Complex of(Complex a, Complex b) { return Div::of(std::log(a), std::log(b)); }
  static Complex of(double a, Complex b) { return Div::of(Complex(std::log(a)), std::log(b)); }
  static Complex of(Complex a, double b) { return std::log(a) / std::log(b); }
};

/// A function of two floats that integers are converted for.
template <double (*f)(double, double)>
struct OfFloats {
  static double of(double a, double b) { return f(a, b); }
  static double of(int64_t a, int64_t b) { return f(static_cast<double>(a), static_cast<double>(b)); }
};
using Fmod = OfFloats<std::fmod>;
using MathRemainder = OfFloats<std::remainder>;
using Copysign = OfFloats<std::copysign>;
using Atan2 = OfFloats<std::atan2>;

int64_t int_pow(Context&, int64_t a, int64_t b) { return float_to_int(Pow::of(a, b)); }

template <class A, class B>
Complex polar(Context&, A radius, B angle) {
  auto r = static_cast<double>(radius), phi = static_cast<double>(angle);
  return {r * std::cos(phi), r * std::sin(phi)};
}
Scalar scalar_polar(Context& ctx, const Scalar& radius, const Scalar& angle) {
  check(!radius.is_complex() && !angle.is_complex(), "expected a real number, got a complex one");
  return polar(ctx, radius.to_double(), angle.to_double());
}

template <class A, class B>
std::tuple<Common<A, B>, Common<A, B>> divide(Context&, A x, B y) {
  using T = Common<A, B>;
  T a = static_cast<T>(x), b = static_cast<T>(y);
  check(b != 0, std::is_same_v<T, double> ? "ZeroDivisionError: float divmod()" : "ZeroDivisionError: integer division or modulo by zero");
  if constexpr (!std::is_same_v<A, B>) {  // mixed operands are divided in float32
    float quotient = std::floor(static_cast<float>(a) / static_cast<float>(b));
    return {quotient + 0.0, static_cast<float>(a) - quotient * static_cast<float>(b)};
  } else if constexpr (std::is_same_v<T, double>) {
    double rest = std::fmod(a, b);
    if (rest != 0 && (a < 0) != (b < 0)) rest += b;
    return {(a - rest) / b, rest};
  } else {
    return {floor_div(a, b), python_mod(a, b)};
  }
}

int64_t greatest_divisor(Context&, int64_t a, int64_t b) {
  auto magnitude = [](int64_t v) { return v < 0 ? 0 - static_cast<uint64_t>(v) : static_cast<uint64_t>(v); };
  return static_cast<int64_t>(std::gcd(magnitude(a), magnitude(b)));
}
int64_t factorial(Context&, int64_t n) {
  check(n >= 0, "factorial() not defined for negative values");
  if (n > 65) return 0;  // 66! has 64 factors of two: the wrapped product is zero from there on
  int64_t product = 1;
  for (int64_t i = 2; i <= n; ++i) product = wrap_mul(product, i);
  return product;
}

bool logical_not(Context&, bool a) { return !a; }
int64_t range_length_op(Context&, int64_t lo, int64_t hi, int64_t step) { return range_length(lo, hi, step); }
int64_t derive_index_op(Context&, int64_t i, int64_t start, int64_t step) { return derive_index(i, start, step); }

int64_t int_from_bool(Context&, bool a) { return a; }
int64_t int_from_float(Context&, double a) { return float_to_int(a); }
int64_t int_from_scalar(Context&, const Scalar& a) {
  if (a.is_bool() || a.is_int()) return a.to_int();
  double d = a.to_double();
  check(a.to_complex().imag() == 0 && d >= -0x1p63 && d < 0x1p63, "value cannot be converted to type int without overflow");
  return static_cast<int64_t>(d);
}
double float_from_scalar(Context&, const Scalar& a) { return a.to_double(); }
double float_from_int(Context&, int64_t a) { return static_cast<double>(static_cast<float>(a)); }  // narrowed, as LibTorch does
double float_from_bool(Context&, bool a) { return a; }
bool bool_from_int(Context&, int64_t a) { return a != 0; }
bool bool_from_float(Context&, double a) { return a != 0; }
Complex complex_from_scalar(Context&, const Scalar& a) { return a.to_complex(); }
template <class A, class B>
Complex complex_from(Context&, A real, B imaginary) {
  return {static_cast<double>(real), static_cast<double>(imaginary)};
}

constexpr Op rows[] = {
    op<"aten::add.int(int a, int b) -> int", binary<Add, int64_t, int64_t>>(),
    op<"aten::add.float(float a, float b) -> float", binary<Add, double, double>>(),
    op<"aten::add.complex(complex a, complex b) -> complex", binary<Add, Complex, Complex>>(),
    op<"aten::add.int_float(int a, float b) -> float", binary<Add, int64_t, double>>(),
    op<"aten::add.float_int(float a, int b) -> float", binary<Add, double, int64_t>>(),
    op<"aten::add.int_complex(int a, complex b) -> complex", binary<Add, int64_t, Complex>>(),
    op<"aten::add.complex_int(complex a, int b) -> complex", binary<Add, Complex, int64_t>>(),
    op<"aten::add.float_complex(float a, complex b) -> complex", binary<Add, double, Complex>>(),
    op<"aten::add.complex_float(complex a, float b) -> complex", binary<Add, Complex, double>>(),
    op<"aten::add(Scalar a, Scalar b) -> Scalar", scalar_binary<Add>>(),
    op<"aten::sub.int(int a, int b) -> int", binary<Sub, int64_t, int64_t>>(),
    op<"aten::sub.float(float a, float b) -> float", binary<Sub, double, double>>(),
    op<"aten::sub.complex(complex a, complex b) -> complex", binary<Sub, Complex, Complex>>(),
    op<"aten::sub.int_float(int a, float b) -> float", binary<Sub, int64_t, double>>(),
    op<"aten::sub.float_int(float a, int b) -> float", binary<Sub, double, int64_t>>(),
    op<"aten::sub.int_complex(int a, complex b) -> complex", binary<Sub, int64_t, Complex>>(),
    op<"aten::sub.complex_int(complex a, int b) -> complex", binary<Sub, Complex, int64_t>>(),
    op<"aten::sub.float_complex(float a, complex b) -> complex", binary<Sub, double, Complex>>(),
    op<"aten::sub.complex_float(complex a, float b) -> complex", binary<Sub, Complex, double>>(),
    op<"aten::sub(Scalar a, Scalar b) -> Scalar", scalar_binary<Sub>>(),
    op<"aten::mul.int(int a, int b) -> int", binary<Mul, int64_t, int64_t>>(),
    op<"aten::mul.float(float a, float b) -> float", binary<Mul, double, double>>(),
    op<"aten::mul.complex(complex a, complex b) -> complex", binary<Mul, Complex, Complex>>(),
    op<"aten::mul.int_float(int a, float b) -> float", binary<Mul, int64_t, double>>(),
    op<"aten::mul.float_int(float a, int b) -> float", binary<Mul, double, int64_t>>(),
    op<"aten::mul.int_complex(int a, complex b) -> complex", binary<Mul, int64_t, Complex>>(),
    op<"aten::mul.complex_int(complex a, int b) -> complex", binary<Mul, Complex, int64_t>>(),
    op<"aten::mul.float_complex(float a, complex b) -> complex", binary<Mul, double, Complex>>(),
    op<"aten::mul.complex_float(complex a, float b) -> complex", binary<Mul, Complex, double>>(),
    op<"aten::mul(Scalar a, Scalar b) -> Scalar", scalar_binary<Mul>>(),
    op<"aten::div.int(int a, int b) -> float", binary<Div, int64_t, int64_t>>(),
    op<"aten::div.complex(complex a, complex b) -> complex", binary<Div, Complex, Complex>>(),
    op<"aten::div.float(float a, float b) -> float", binary<Div, double, double>>(),
    op<"aten::div(Scalar a, Scalar b) -> float", scalar_to_float<Div>>(),
    op<"aten::floordiv.int(int a, int b) -> int", binary<FloorDiv, int64_t, int64_t>>(),
    op<"aten::floordiv.float(float a, float b) -> float", binary<FloorDiv, double, double>>(),
    op<"aten::floordiv.int_float(int a, float b) -> float", binary<FloorDiv, int64_t, double>>(),
    op<"aten::floordiv.float_int(float a, int b) -> float", binary<FloorDiv, double, int64_t>>(),
    op<"aten::floordiv(Scalar a, Scalar b) -> Scalar", scalar_real<FloorDiv>>(),
    op<"aten::remainder.int(int a, int b) -> int", binary<Remainder, int64_t, int64_t>>(),
    op<"aten::remainder.float(float a, float b) -> float", binary<Remainder, double, double>>(),
    op<"aten::remainder.int_float(int a, float b) -> float", binary<Remainder, int64_t, double>>(),
    op<"aten::remainder.float_int(float a, int b) -> float", binary<Remainder, double, int64_t>>(),
    op<"aten::remainder(Scalar a, Scalar b) -> Scalar", scalar_real<Remainder>>(),
    op<"aten::__round_to_zero_floordiv.int(int a, int b) -> int", binary<TruncDiv, int64_t, int64_t>>(),
    op<"aten::fmod.int(int a, int b) -> float", binary<Fmod, int64_t, int64_t>>(),
    op<"aten::fmod.float(float a, float b) -> float", binary<Fmod, double, double>>(),
    op<"aten::fmod.int_float(int a, float b) -> float", binary<Fmod, int64_t, double>>(),
    op<"aten::fmod.float_int(float a, int b) -> float", binary<Fmod, double, int64_t>>(),
    op<"aten::fmod(Scalar a, Scalar b) -> float", scalar_to_float<Fmod>>(),
    op<"aten::mathremainder.int(int a, int b) -> float", binary<MathRemainder, int64_t, int64_t>>(),
    op<"aten::mathremainder.float(float a, float b) -> float", binary<MathRemainder, double, double>>(),
    op<"aten::mathremainder.int_float(int a, float b) -> float", binary<MathRemainder, int64_t, double>>(),
    op<"aten::mathremainder.float_int(float a, int b) -> float", binary<MathRemainder, double, int64_t>>(),
    op<"aten::mathremainder(Scalar a, Scalar b) -> float", scalar_to_float<MathRemainder>>(),
    op<"aten::copysign.int(int a, int b) -> float", binary<Copysign, int64_t, int64_t>>(),
    op<"aten::copysign.float(float a, float b) -> float", binary<Copysign, double, double>>(),
    op<"aten::copysign.int_float(int a, float b) -> float", binary<Copysign, int64_t, double>>(),
    op<"aten::copysign.float_int(float a, int b) -> float", binary<Copysign, double, int64_t>>(),
    op<"aten::copysign(Scalar a, Scalar b) -> float", scalar_to_float<Copysign>>(),
    op<"aten::atan2.int(int a, int b) -> float", binary<Atan2, int64_t, int64_t>>(),
    op<"aten::atan2.float(float a, float b) -> float", binary<Atan2, double, double>>(),
    op<"aten::atan2.int_float(int a, float b) -> float", binary<Atan2, int64_t, double>>(),
    op<"aten::atan2.float_int(float a, int b) -> float", binary<Atan2, double, int64_t>>(),
    op<"aten::atan2.Scalar_Scalar(Scalar a, Scalar b) -> float", scalar_to_float<Atan2>>(),
    op<"aten::pow.int(int a, int b) -> float", binary<Pow, int64_t, int64_t>>(),
    op<"aten::pow.complex(complex a, complex b) -> complex", binary<Pow, Complex, Complex>>(),
    op<"aten::pow.float(float a, float b) -> float", binary<Pow, double, double>>(),
    op<"aten::pow.int_float(int a, float b) -> float", binary<Pow, int64_t, double>>(),
    op<"aten::pow.float_int(float a, int b) -> float", binary<Pow, double, int64_t>>(),
    op<"aten::pow.float_complex(float a, complex b) -> complex", binary<Pow, double, Complex>>(),
    op<"aten::pow.complex_float(complex a, float b) -> complex", binary<Pow, Complex, double>>(),
    op<"aten::pow.Scalar_Scalar(Scalar a, Scalar b) -> float", scalar_to_float<UncheckedPow>>(),
    op<"aten::pow.int_to_int(int a, int b) -> int", int_pow>(),
    op<"aten::polar.int(int a, int b) -> complex", polar<int64_t, int64_t>>(),
    op<"aten::polar.float(float a, float b) -> complex", polar<double, double>>(),
    op<"aten::polar.int_float(int a, float b) -> complex", polar<int64_t, double>>(),
    op<"aten::polar.float_int(float a, int b) -> complex", polar<double, int64_t>>(),
    op<"aten::polar.Scalar_Scalar(Scalar a, Scalar b) -> Scalar", scalar_polar>(),
    op<"aten::log.int_int(int a, int b) -> float", binary<LogBase, int64_t, int64_t>>(),
    op<"aten::log.float_float(float a, float b) -> float", binary<LogBase, double, double>>(),
    op<"aten::log.complex_complex(complex a, complex b) -> complex", binary<LogBase, Complex, Complex>>(),
    op<"aten::log.int_float(int a, float b) -> float", binary<LogBase, int64_t, double>>(),
    op<"aten::log.float_int(float a, int b) -> float", binary<LogBase, double, int64_t>>(),
    op<"aten::log.int_complex(int a, complex b) -> complex", binary<LogBase, int64_t, Complex>>(),
    op<"aten::log.complex_int(complex a, int b) -> complex", binary<LogBase, Complex, int64_t>>(),
    op<"aten::log.float_complex(float a, complex b) -> complex", binary<LogBase, double, Complex>>(),
    op<"aten::log.complex_float(complex a, float b) -> complex", binary<LogBase, Complex, double>>(),
    op<"aten::log.Scalar_Scalar(Scalar a, Scalar b) -> float", scalar_to_float<LogBase>>(),
    op<"aten::divmod.int(int x, int y) -> (int, int)", divide<int64_t, int64_t>>(),
    op<"aten::divmod.float(float x, float y) -> (float, float)", divide<double, double>>(),
    op<"aten::divmod.int_float(int x, float y) -> (float, float)", divide<int64_t, double>>(),
    op<"aten::divmod.float_int(float x, int y) -> (float, float)", divide<double, int64_t>>(),
    op<"aten::gcd.int(int a, int b) -> int", greatest_divisor>(),
    op<"aten::factorial.int(int a) -> int", factorial>(),
    op<"aten::lt.int(int a, int b) -> bool", binary<Less, int64_t, int64_t>>(),
    op<"aten::lt.float(float a, float b) -> bool", binary<Less, double, double>>(),
    op<"aten::lt.int_float(int a, float b) -> bool", binary<Less, int64_t, double>>(),
    op<"aten::lt.float_int(float a, int b) -> bool", binary<Less, double, int64_t>>(),
    op<"aten::lt(Scalar a, Scalar b) -> bool", scalar_order<Less>>(),
    op<"aten::le.int(int a, int b) -> bool", binary<LessEqual, int64_t, int64_t>>(),
    op<"aten::le.float(float a, float b) -> bool", binary<LessEqual, double, double>>(),
    op<"aten::le.int_float(int a, float b) -> bool", binary<LessEqual, int64_t, double>>(),
    op<"aten::le.float_int(float a, int b) -> bool", binary<LessEqual, double, int64_t>>(),
    op<"aten::le(Scalar a, Scalar b) -> bool", scalar_order<LessEqual>>(),
    op<"aten::gt.int(int a, int b) -> bool", binary<Greater, int64_t, int64_t>>(),
    op<"aten::gt.float(float a, float b) -> bool", binary<Greater, double, double>>(),
    op<"aten::gt.int_float(int a, float b) -> bool", binary<Greater, int64_t, double>>(),
    op<"aten::gt.float_int(float a, int b) -> bool", binary<Greater, double, int64_t>>(),
    op<"aten::gt(Scalar a, Scalar b) -> bool", scalar_order<Greater>>(),
    op<"aten::ge.int(int a, int b) -> bool", binary<GreaterEqual, int64_t, int64_t>>(),
    op<"aten::ge.float(float a, float b) -> bool", binary<GreaterEqual, double, double>>(),
    op<"aten::ge.int_float(int a, float b) -> bool", binary<GreaterEqual, int64_t, double>>(),
    op<"aten::ge.float_int(float a, int b) -> bool", binary<GreaterEqual, double, int64_t>>(),
    op<"aten::ge(Scalar a, Scalar b) -> bool", scalar_order<GreaterEqual>>(),
    op<"aten::eq.int(int a, int b) -> bool", binary<Equal, int64_t, int64_t>>(),
    op<"aten::eq.complex(complex a, complex b) -> bool", binary<Equal, Complex, Complex>>(),
    op<"aten::eq.float(float a, float b) -> bool", binary<Equal, double, double>>(),
    op<"aten::eq.int_float(int a, float b) -> bool", binary<Equal, int64_t, double>>(),
    op<"aten::eq.float_int(float a, int b) -> bool", binary<Equal, double, int64_t>>(),
    op<"aten::eq.float_complex(float a, complex b) -> bool", binary<Equal, double, Complex>>(),
    op<"aten::eq.complex_float(complex a, float b) -> bool", binary<Equal, Complex, double>>(),
    op<"aten::eq(Scalar a, Scalar b) -> bool", scalar_compare<Equal>>(),
    op<"aten::eq.bool(bool a, bool b) -> bool", binary<Equal, bool, bool>>(),
    op<"aten::ne.int(int a, int b) -> bool", binary<NotEqual, int64_t, int64_t>>(),
    op<"aten::ne.complex(complex a, complex b) -> bool", binary<NotEqual, Complex, Complex>>(),
    op<"aten::ne.float(float a, float b) -> bool", binary<NotEqual, double, double>>(),
    op<"aten::ne.int_float(int a, float b) -> bool", binary<NotEqual, int64_t, double>>(),
    op<"aten::ne.float_int(float a, int b) -> bool", binary<NotEqual, double, int64_t>>(),
    op<"aten::ne.float_complex(float a, complex b) -> bool", binary<NotEqual, double, Complex>>(),
    op<"aten::ne.complex_float(complex a, float b) -> bool", binary<NotEqual, Complex, double>>(),
    op<"aten::ne(Scalar a, Scalar b) -> bool", scalar_compare<NotEqual>>(),
    op<"aten::ne.bool(bool a, bool b) -> bool", binary<NotEqual, bool, bool>>(),
    op<"aten::__and__.bool(bool a, bool b) -> bool", binary<And, bool, bool>>(),
    op<"aten::__and__.int(int a, int b) -> int", binary<And, int64_t, int64_t>>(),
    op<"aten::__or__.bool(bool a, bool b) -> bool", binary<Or, bool, bool>>(),
    op<"aten::__or__.int(int a, int b) -> int", binary<Or, int64_t, int64_t>>(),
    op<"aten::__xor__.bool(bool a, bool b) -> bool", binary<Xor, bool, bool>>(),
    op<"aten::__xor__.int(int a, int b) -> int", binary<Xor, int64_t, int64_t>>(),
    op<"aten::__lshift__.int(int a, int b) -> int", binary<ShiftLeft, int64_t, int64_t>>(),
    op<"aten::__rshift__.int(int a, int b) -> int", binary<ShiftRight, int64_t, int64_t>>(),
    op<"aten::__not__(bool self) -> bool", logical_not>(),
    op<"prim::min.int(int a, int b) -> int", binary<Min, int64_t, int64_t>>(),
    op<"prim::min.float(float a, float b) -> float", binary<Min, double, double>>(),
    op<"prim::min.int_float(int a, float b) -> float", binary<Min, int64_t, double>>(),
    op<"prim::min.float_int(float a, int b) -> float", binary<Min, double, int64_t>>(),
    op<"prim::min(Scalar a, Scalar b) -> Scalar", scalar_real<Min>>(),
    op<"prim::max.int(int a, int b) -> int", binary<Max, int64_t, int64_t>>(),
    op<"prim::max.float(float a, float b) -> float", binary<Max, double, double>>(),
    op<"prim::max.int_float(int a, float b) -> float", binary<Max, int64_t, double>>(),
    op<"prim::max.float_int(float a, int b) -> float", binary<Max, double, int64_t>>(),
    op<"prim::max(Scalar a, Scalar b) -> Scalar", scalar_real<Max>>(),
    op<"aten::__range_length(int lo, int hi, int step) -> int", range_length_op>(),
    op<"aten::__derive_index(int index, int start, int step) -> int", derive_index_op>(),
    op<"aten::Int.bool(bool a) -> int", int_from_bool>(),
    op<"aten::Int.float(float a) -> int", int_from_float>(),
    op<"aten::Int.Scalar(Scalar a) -> int", int_from_scalar>(),
    op<"aten::Float.Scalar(Scalar a) -> float", float_from_scalar>(),
    op<"aten::Float.int(int a) -> float", float_from_int>(),
    op<"aten::Float.bool(bool a) -> float", float_from_bool>(),
    op<"aten::Bool.int(int a) -> bool", bool_from_int>(),
    op<"aten::Bool.float(float a) -> bool", bool_from_float>(),
    op<"aten::Complex.Scalar(Scalar a) -> complex", complex_from_scalar>(),
    op<"aten::Complex.int_int(int x, int y) -> complex", complex_from<int64_t, int64_t>>(),
    op<"aten::Complex.int_float(int x, float y) -> complex", complex_from<int64_t, double>>(),
    op<"aten::Complex.int_bool(int x, bool y) -> complex", complex_from<int64_t, bool>>(),
    op<"aten::Complex.float_int(float x, int y) -> complex", complex_from<double, int64_t>>(),
    op<"aten::Complex.float_float(float x, float y) -> complex", complex_from<double, double>>(),
    op<"aten::Complex.float_bool(float x, bool y) -> complex", complex_from<double, bool>>(),
    op<"aten::Complex.bool_int(bool x, int y) -> complex", complex_from<bool, int64_t>>(),
    op<"aten::Complex.bool_float(bool x, float y) -> complex", complex_from<bool, double>>(),
    op<"aten::Complex.bool_bool(bool x, bool y) -> complex", complex_from<bool, bool>>(),
};

}  // namespace

const std::span<const Op> number_ops = rows;

}  // namespace tsrun
