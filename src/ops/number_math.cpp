// Functions of one Python number.
#include <limits>

#include "ops/number.h"
#include "ops/tables.h"

namespace tsrun {

namespace {

using Complex = std::complex<double>;

struct Acos {
  template <class T>
  static T of(T x) {
    return std::acos(x);
  }
};
struct Acosh {
  template <class T>
  static T of(T x) {
    return std::acosh(x);
  }
};
struct Asin {
  template <class T>
  static T of(T x) {
    return std::asin(x);
  }
};
struct Asinh {
  template <class T>
  static T of(T x) {
    return std::asinh(x);
  }
};
struct Atan {
  template <class T>
  static T of(T x) {
    return std::atan(x);
  }
};
struct Atanh {
  template <class T>
  static T of(T x) {
    return std::atanh(x);
  }
};
struct Cos {
  template <class T>
  static T of(T x) {
    return std::cos(x);
  }
};
struct Cosh {
  template <class T>
  static T of(T x) {
    return std::cosh(x);
  }
};
struct Sin {
  template <class T>
  static T of(T x) {
    return std::sin(x);
  }
};
struct Sinh {
  template <class T>
  static T of(T x) {
    return std::sinh(x);
  }
};
struct Tan {
  template <class T>
  static T of(T x) {
    return std::tan(x);
  }
};
struct Tanh {
  template <class T>
  static T of(T x) {
    return std::tanh(x);
  }
};
struct Exp {
  template <class T>
  static T of(T x) {
    return std::exp(x);
  }
};
struct Sqrt {
  template <class T>
  static T of(T x) {
    return std::sqrt(x);
  }
};
struct Log {
  template <class T>
  static T of(T x) {
    return std::log(x);
  }
};
struct Log10 {
  template <class T>
  static T of(T x) {
    return std::log10(x);
  }
};
struct Angle {
  template <class T>
  static double of(T x) {
    return std::arg(x);
  }
};
struct Expm1 {
  static double of(double x) { return std::expm1(x); }
};
struct Log1p {
  static double of(double x) { return std::log1p(x); }
};
struct Erf {
  static double of(double x) { return std::erf(x); }
};
struct Erfc {
  static double of(double x) { return std::erfc(x); }
};
struct Gamma {
  static double of(double x) { return std::tgamma(x); }
};
struct LogGamma {
  static double of(double x) { return std::lgamma(x); }
};
struct Fabs {
  static double of(double x) { return std::fabs(x); }
};
struct Round {
  static double of(double x) { return std::nearbyint(x); }
};
struct Degrees {
  static double of(double x) { return x * (180.0 / M_PI); }
};
struct Radians {
  static double of(double x) { return x * (M_PI / 180.0); }
};

template <class F>
double of_int(Context&, int64_t a) {
  return F::of(static_cast<double>(a));
}
template <class F>
double of_float(Context&, double a) {
  return F::of(a);
}
template <class F>
auto of_complex(Context&, Complex a) {
  return F::of(a);
}

// Of a number whose kind is known only now; LibTorch narrows float results to float32 there.
double narrowed(double a) { return static_cast<double>(static_cast<float>(a)); }

template <class F>
Scalar of_real_scalar(Context&, const Scalar& a) {
  check(!a.is_complex(), "expected a real number, got a complex one");
  return narrowed(F::of(a.to_double()));
}
template <class F>
Scalar of_scalar(Context& ctx, const Scalar& a) {
  if (!a.is_complex()) return of_real_scalar<F>(ctx, a);
  if constexpr (std::is_same_v<F, Angle>) return narrowed(F::of(a.to_complex()));
  else return F::of(a.to_complex());
}

struct Ceil {
  static double of(double x) { return std::ceil(x); }
};
struct Floor {
  static double of(double x) { return std::floor(x); }
};
template <class F>
int64_t to_whole(Context&, double a) {
  double whole = F::of(a);
  check(whole >= -0x1p63 && whole < 0x1p63, "Cannot convert float ", std::to_string(whole), " to integer");
  return static_cast<int64_t>(whole);
}
template <class F>
Scalar scalar_to_whole(Context& ctx, const Scalar& a) {
  check(!a.is_complex(), "expected a real number, got a complex one");
  return a.is_floating() ? to_whole<F>(ctx, a.to_double()) : a.to_int();
}
/// floor and ceil of an int go through a float, and come back as x86 converts: what no int can hold is the lowest one.
int64_t through_float(Context&, int64_t a) {
  auto d = static_cast<double>(a);
  return d < 0x1p63 ? static_cast<int64_t>(d) : std::numeric_limits<int64_t>::min();
}

template <class T>
T negate(Context&, T a) {
  if constexpr (std::is_same_v<T, int64_t>) return wrap_neg(a);
  else return -a;
}
Scalar scalar_negate(Context&, const Scalar& a) {
  if (a.is_complex()) return -a.to_complex();
  if (a.is_floating()) return narrowed(-a.to_double());
  return wrap_neg(a.to_int());
}
template <class T>
auto magnitude(Context&, T a) {
  if constexpr (std::is_same_v<T, int64_t>) return a < 0 ? wrap_neg(a) : a;
  else return std::abs(a);
}
Scalar scalar_magnitude(Context& ctx, const Scalar& a) {
  if (a.is_complex()) return std::abs(a.to_complex());
  if (a.is_floating()) return narrowed(std::abs(a.to_double()));
  return magnitude(ctx, a.to_int());
}

bool is_nan(Context&, double a) { return std::isnan(a); }
bool is_infinite(Context&, double a) { return std::isinf(a); }
bool is_finite(Context&, double a) { return std::isfinite(a); }
bool complex_is_nan(Context&, Complex a) { return std::isnan(a.real()) || std::isnan(a.imag()); }
bool complex_is_infinite(Context&, Complex a) { return std::isinf(a.real()) || std::isinf(a.imag()); }
bool complex_is_finite(Context&, Complex a) { return std::isfinite(a.real()) && std::isfinite(a.imag()); }

std::tuple<double, int64_t> split_exponent(Context&, double a) {
  int exponent = 0;
  double mantissa = std::frexp(a, &exponent);
  return {mantissa, std::isfinite(a) ? exponent : 0};
}
double join_exponent(Context&, double x, int64_t exponent) {
  return std::ldexp(x, static_cast<int>(std::clamp<int64_t>(exponent, -100000, 100000)));
}
std::tuple<double, double> split_fraction(Context&, double a) {
  double whole = 0;
  double fraction = std::modf(a, &whole);
  return {fraction, whole};
}

constexpr Op rows[] = {
    op<"aten::acos.int(int a) -> float", of_int<Acos>>(),
    op<"aten::acos.float(float a) -> float", of_float<Acos>>(),
    op<"aten::acos.complex(complex a) -> complex", of_complex<Acos>>(),
    op<"aten::acos.Scalar(Scalar a) -> Scalar", of_scalar<Acos>>(),
    op<"aten::acosh.int(int a) -> float", of_int<Acosh>>(),
    op<"aten::acosh.float(float a) -> float", of_float<Acosh>>(),
    op<"aten::acosh.complex(complex a) -> complex", of_complex<Acosh>>(),
    op<"aten::acosh.Scalar(Scalar a) -> Scalar", of_scalar<Acosh>>(),
    op<"aten::asin.int(int a) -> float", of_int<Asin>>(),
    op<"aten::asin.float(float a) -> float", of_float<Asin>>(),
    op<"aten::asin.complex(complex a) -> complex", of_complex<Asin>>(),
    op<"aten::asin.Scalar(Scalar a) -> Scalar", of_scalar<Asin>>(),
    op<"aten::asinh.int(int a) -> float", of_int<Asinh>>(),
    op<"aten::asinh.float(float a) -> float", of_float<Asinh>>(),
    op<"aten::asinh.complex(complex a) -> complex", of_complex<Asinh>>(),
    op<"aten::asinh.Scalar(Scalar a) -> Scalar", of_scalar<Asinh>>(),
    op<"aten::atan.int(int a) -> float", of_int<Atan>>(),
    op<"aten::atan.float(float a) -> float", of_float<Atan>>(),
    op<"aten::atan.complex(complex a) -> complex", of_complex<Atan>>(),
    op<"aten::atan.Scalar(Scalar a) -> Scalar", of_scalar<Atan>>(),
    op<"aten::atanh.int(int a) -> float", of_int<Atanh>>(),
    op<"aten::atanh.float(float a) -> float", of_float<Atanh>>(),
    op<"aten::atanh.complex(complex a) -> complex", of_complex<Atanh>>(),
    op<"aten::atanh.Scalar(Scalar a) -> Scalar", of_scalar<Atanh>>(),
    op<"aten::cos.int(int a) -> float", of_int<Cos>>(),
    op<"aten::cos.float(float a) -> float", of_float<Cos>>(),
    op<"aten::cos.complex(complex a) -> complex", of_complex<Cos>>(),
    op<"aten::cos.Scalar(Scalar a) -> Scalar", of_scalar<Cos>>(),
    op<"aten::cosh.int(int a) -> float", of_int<Cosh>>(),
    op<"aten::cosh.float(float a) -> float", of_float<Cosh>>(),
    op<"aten::cosh.complex(complex a) -> complex", of_complex<Cosh>>(),
    op<"aten::cosh.Scalar(Scalar a) -> Scalar", of_scalar<Cosh>>(),
    op<"aten::sin.int(int a) -> float", of_int<Sin>>(),
    op<"aten::sin.float(float a) -> float", of_float<Sin>>(),
    op<"aten::sin.complex(complex a) -> complex", of_complex<Sin>>(),
    op<"aten::sin.Scalar(Scalar a) -> Scalar", of_scalar<Sin>>(),
    op<"aten::sinh.int(int a) -> float", of_int<Sinh>>(),
    op<"aten::sinh.float(float a) -> float", of_float<Sinh>>(),
    op<"aten::sinh.complex(complex a) -> complex", of_complex<Sinh>>(),
    op<"aten::sinh.Scalar(Scalar a) -> Scalar", of_scalar<Sinh>>(),
    op<"aten::tan.int(int a) -> float", of_int<Tan>>(),
    op<"aten::tan.float(float a) -> float", of_float<Tan>>(),
    op<"aten::tan.complex(complex a) -> complex", of_complex<Tan>>(),
    op<"aten::tan.Scalar(Scalar a) -> Scalar", of_scalar<Tan>>(),
    op<"aten::tanh.int(int a) -> float", of_int<Tanh>>(),
    op<"aten::tanh.float(float a) -> float", of_float<Tanh>>(),
    op<"aten::tanh.complex(complex a) -> complex", of_complex<Tanh>>(),
    op<"aten::tanh.Scalar(Scalar a) -> Scalar", of_scalar<Tanh>>(),
    op<"aten::exp.int(int a) -> float", of_int<Exp>>(),
    op<"aten::exp.float(float a) -> float", of_float<Exp>>(),
    op<"aten::exp.complex(complex a) -> complex", of_complex<Exp>>(),
    op<"aten::exp.Scalar(Scalar a) -> Scalar", of_scalar<Exp>>(),
    op<"aten::sqrt.int(int a) -> float", of_int<Sqrt>>(),
    op<"aten::sqrt.float(float a) -> float", of_float<Sqrt>>(),
    op<"aten::sqrt.complex(complex a) -> complex", of_complex<Sqrt>>(),
    op<"aten::sqrt.Scalar(Scalar a) -> Scalar", of_scalar<Sqrt>>(),
    op<"aten::log.int(int a) -> float", of_int<Log>>(),
    op<"aten::log.float(float a) -> float", of_float<Log>>(),
    op<"aten::log.complex(complex a) -> complex", of_complex<Log>>(),
    op<"aten::log.Scalar(Scalar a) -> Scalar", of_scalar<Log>>(),
    op<"aten::log10.int(int a) -> float", of_int<Log10>>(),
    op<"aten::log10.float(float a) -> float", of_float<Log10>>(),
    op<"aten::log10.complex(complex a) -> complex", of_complex<Log10>>(),
    op<"aten::log10.Scalar(Scalar a) -> Scalar", of_scalar<Log10>>(),
    op<"aten::angle.int(int a) -> float", of_int<Angle>>(),
    op<"aten::angle.float(float a) -> float", of_float<Angle>>(),
    op<"aten::angle.complex(complex a) -> float", of_complex<Angle>>(),
    op<"aten::angle.Scalar(Scalar a) -> Scalar", of_scalar<Angle>>(),
    op<"aten::expm1.int(int a) -> float", of_int<Expm1>>(),
    op<"aten::expm1.float(float a) -> float", of_float<Expm1>>(),
    op<"aten::expm1.Scalar(Scalar a) -> Scalar", of_real_scalar<Expm1>>(),
    op<"aten::log1p.int(int a) -> float", of_int<Log1p>>(),
    op<"aten::log1p.float(float a) -> float", of_float<Log1p>>(),
    op<"aten::log1p.Scalar(Scalar a) -> Scalar", of_real_scalar<Log1p>>(),
    op<"aten::erf.int(int a) -> float", of_int<Erf>>(),
    op<"aten::erf.float(float a) -> float", of_float<Erf>>(),
    op<"aten::erf.Scalar(Scalar a) -> Scalar", of_real_scalar<Erf>>(),
    op<"aten::erfc.int(int a) -> float", of_int<Erfc>>(),
    op<"aten::erfc.float(float a) -> float", of_float<Erfc>>(),
    op<"aten::erfc.Scalar(Scalar a) -> Scalar", of_real_scalar<Erfc>>(),
    op<"aten::gamma.int(int a) -> float", of_int<Gamma>>(),
    op<"aten::gamma.float(float a) -> float", of_float<Gamma>>(),
    op<"aten::gamma.Scalar(Scalar a) -> Scalar", of_real_scalar<Gamma>>(),
    op<"aten::lgamma.int(int a) -> float", of_int<LogGamma>>(),
    op<"aten::lgamma.float(float a) -> float", of_float<LogGamma>>(),
    op<"aten::lgamma.Scalar(Scalar a) -> Scalar", of_real_scalar<LogGamma>>(),
    op<"aten::degrees.int(int a) -> float", of_int<Degrees>>(),
    op<"aten::degrees.float(float a) -> float", of_float<Degrees>>(),
    op<"aten::degrees.Scalar(Scalar a) -> Scalar", of_real_scalar<Degrees>>(),
    op<"aten::radians.int(int a) -> float", of_int<Radians>>(),
    op<"aten::radians.float(float a) -> float", of_float<Radians>>(),
    op<"aten::radians.Scalar(Scalar a) -> Scalar", of_real_scalar<Radians>>(),
    op<"aten::fabs.int(int a) -> float", of_int<Fabs>>(),
    op<"aten::fabs.float(float a) -> float", of_float<Fabs>>(),
    op<"aten::fabs.Scalar(Scalar a) -> Scalar", of_real_scalar<Fabs>>(),
    op<"aten::round.int(int a) -> float", of_int<Round>>(),
    op<"aten::round.float(float a) -> float", of_float<Round>>(),
    op<"aten::round.Scalar(Scalar a) -> Scalar", of_real_scalar<Round>>(),
    op<"aten::ceil.int(int a) -> int", through_float>(),
    op<"aten::ceil.float(float a) -> int", to_whole<Ceil>>(),
    op<"aten::ceil.Scalar(Scalar a) -> Scalar", scalar_to_whole<Ceil>>(),
    op<"aten::floor.int(int a) -> int", through_float>(),
    op<"aten::floor.float(float a) -> int", to_whole<Floor>>(),
    op<"aten::floor.Scalar(Scalar a) -> Scalar", scalar_to_whole<Floor>>(),
    op<"aten::neg.int(int a) -> int", negate<int64_t>>(),
    op<"aten::neg.float(float a) -> float", negate<double>>(),
    op<"aten::neg.complex(complex a) -> complex", negate<Complex>>(),
    op<"aten::neg.Scalar(Scalar a) -> Scalar", scalar_negate>(),
    op<"prim::abs.int(int a) -> int", magnitude<int64_t>>(),
    op<"prim::abs.float(float a) -> float", magnitude<double>>(),
    op<"prim::abs.complex(complex a) -> float", magnitude<Complex>>(),
    op<"prim::abs.Scalar(Scalar a) -> Scalar", scalar_magnitude>(),
    op<"aten::isnan.float(float a) -> bool", is_nan>(),
    op<"aten::isnan.complex(complex a) -> bool", complex_is_nan>(),
    op<"aten::isinf.float(float a) -> bool", is_infinite>(),
    op<"aten::isinf.complex(complex a) -> bool", complex_is_infinite>(),
    op<"aten::isfinite.float(float a) -> bool", is_finite>(),
    op<"aten::isfinite.complex(complex a) -> bool", complex_is_finite>(),
    op<"aten::frexp(float a) -> (float, int)", split_exponent>(),
    op<"aten::ldexp(float x, int i) -> float", join_exponent>(),
    op<"aten::modf(float a) -> (float, float)", split_fraction>(),
};

}  // namespace

const std::span<const Op> math_ops = rows;

}  // namespace tsrun
