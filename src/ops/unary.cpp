// Functions of one tensor: arithmetic, rounding, exponentials, trigonometry, tests.
#include <numbers>

#include "ops/pointwise.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

using kernels::Unary;

// ---- arithmetic ---------------------------------------------------------------------------------------------------------------------
struct Neg : Functor<"neg_cpu"> {
  static constexpr Unary kernel = Unary::neg;
  static constexpr DTypeSet accepts = dtypes::numbers;
  using Types = TypeList<float, double, int64_t, C64, C128>;
  C64 operator()(C64 x) const { return -x; }
  C128 operator()(C128 x) const { return -x; }
  int64_t operator()(int64_t x) const { return static_cast<int64_t>(0 - static_cast<uint64_t>(x)); }
  template <class T>
  T operator()(T x) const {
    return -x;
  }
};

struct Abs : Functor<"abs_cpu"> {
  static constexpr Unary kernel = Unary::abs;
  static constexpr DTypeSet accepts = dtypes::numbers;
  using Types = TypeList<float, double, int64_t, C128>;
  double operator()(C128 x) const { return std::abs(x); }
  int64_t operator()(int64_t x) const { return x < 0 ? static_cast<int64_t>(0 - static_cast<uint64_t>(x)) : x; }
  template <class T>
  T operator()(T x) const {
    return std::abs(x);
  }
};

struct Sign : Functor<"sign_cpu"> {
  static constexpr DTypeSet accepts = dtypes::reals | dtypes::boolean;
  template <class T>
  T operator()(T x) const {
    return static_cast<T>((T(0) < x) - (x < T(0)));
  }
};

struct Sgn : Sign {
  static constexpr DTypeSet accepts = dtypes::all;
  using Types = TypeList<float, double, int64_t, C128>;
  using Sign::operator();
  C128 operator()(C128 x) const { return x == C128(0) ? C128(0) : x / std::abs(x); }
};

struct Square : Functor<"pow"> {
  static constexpr Unary kernel = Unary::square;
  static constexpr DTypeSet accepts = dtypes::numbers;
  using Types = TypeList<float, double, int64_t, C64, C128>;
  template <class T>
  T operator()(T x) const {
    if constexpr (std::is_same_v<T, int64_t>) return static_cast<int64_t>(static_cast<uint64_t>(x) * static_cast<uint64_t>(x));
    else return x * x;
  }
};

struct Reciprocal : ComplexFunction<"reciprocal_cpu"> {
  static constexpr Unary kernel = Unary::reciprocal;
  C128 operator()(C128 z) const {  // scaled, so that large parts do not overflow
    double a = z.real(), b = z.imag();
    if (std::isinf(a) || std::isinf(b)) return {std::isnan(a) ? a : std::copysign(0.0, a), std::isnan(b) ? b : std::copysign(0.0, -b)};
    if (std::abs(a) >= std::abs(b)) {
      double r = b / a, d = a + b * r;
      return {1 / d, a == 0 && b == 0 ? std::nan("") : -r / d};
    }
    double r = a / b, d = a * r + b;
    return {r / d, -1 / d};
  }
  template <class T>
  T operator()(T x) const {
    return 1 / x;
  }
};

struct Deg2rad : FloatFunction<"deg2rad"> {
  template <class T>
  T operator()(T x) const {
    return x * static_cast<T>(std::numbers::pi / 180);
  }
};
struct Rad2deg : FloatFunction<"rad2deg"> {
  template <class T>
  T operator()(T x) const {
    return x * static_cast<T>(180 / std::numbers::pi);
  }
};

// ---- rounding -----------------------------------------------------------------------------------------------------------------------
template <detail::Text Name, Unary Kernel>
struct Rounding : Functor<Name> {
  static constexpr Unary kernel = Kernel;
  static constexpr DTypeSet accepts = dtypes::floats;
  using Types = TypeList<float, double>;
};
struct Floor : Rounding<"floor_vml_cpu", Unary::floor> {};
struct Ceil : Rounding<"ceil_vml_cpu", Unary::ceil> {};
struct Round : Rounding<"round_vml_cpu", Unary::round> {};
struct Trunc : Rounding<"trunc_vml_cpu", Unary::trunc> {};

/// Integers are whole already.
template <class F>
Tensor whole(Context& ctx, const Tensor& self) {
  return is_integer(self.dtype()) ? clone(ctx, self) : unary<F>(ctx, self);
}

struct Frac : Rounding<"frac_cpu", Unary::frac> {};

struct RoundDecimals : Functor<"round_cpu"> {
  static constexpr DTypeSet accepts = dtypes::floats;
  using Types = TypeList<float, double>;
  double ten = 1;  ///< a power of ten
  bool negative = false;
  template <class T>
  T operator()(T x) const {
    T t = static_cast<T>(ten);
    return negative ? std::nearbyint(x / t) * t : std::nearbyint(x * t) / t;
  }
};
Tensor round_decimals(Context& ctx, const Tensor& self, int64_t decimals) {
  if (decimals == 0 && is_floating(self.dtype())) return unary<Round>(ctx, self);
  RoundDecimals f;
  f.ten = std::pow(10.0, std::abs(static_cast<double>(decimals)));
  f.negative = decimals < 0;
  return apply(ctx, f, self);
}

// ---- exponentials and logarithms ----------------------------------------------------------------------------------------------------
/// A function that the vector kernels have for real numbers.
template <detail::Text Name, Unary Kernel>
struct VectorFunction : FloatFunction<Name> {
  static constexpr Unary kernel = Kernel;
};
template <detail::Text Name, Unary Kernel>
struct VectorComplex : ComplexFunction<Name> {
  static constexpr Unary kernel = Kernel;
};

struct Exp : VectorComplex<"exp_vml_cpu", Unary::exp> {
  auto operator()(auto x) const { return std::exp(x); }
};
struct Log : VectorComplex<"log_vml_cpu", Unary::log> {
  auto operator()(auto x) const { return std::log(x); }
};
struct Log10 : VectorComplex<"log10_vml_cpu", Unary::log10> {
  auto operator()(auto x) const { return std::log10(x); }
};
struct Sin : VectorComplex<"sin_vml_cpu", Unary::sin> {
  auto operator()(auto x) const { return std::sin(x); }
};
struct Cos : VectorComplex<"cos_vml_cpu", Unary::cos> {
  auto operator()(auto x) const { return std::cos(x); }
};
struct Tanh : VectorComplex<"tanh_vml_cpu", Unary::tanh> {
  auto operator()(auto x) const { return std::tanh(x); }
};
struct Sqrt : VectorComplex<"sqrt_vml_cpu", Unary::sqrt> {
  auto operator()(auto x) const { return std::sqrt(x); }
};
struct Rsqrt : VectorComplex<"rsqrt_cpu", Unary::rsqrt> {
  auto operator()(auto x) const { return decltype(x)(1) / std::sqrt(x); }
};
struct Sigmoid : VectorComplex<"sigmoid_cpu", Unary::sigmoid> {
  template <class T>
  T operator()(T x) const {
    return T(1) / (T(1) + std::exp(-x));
  }
};
struct Log2 : VectorComplex<"log2_vml_cpu", Unary::log2> {
  template <class T>
  T operator()(T x) const {
    return std::log(x) * (1 / std::numbers::ln2);
  }
};
struct Exp2 : VectorComplex<"exp2", Unary::exp2> {
  C128 operator()(C128 x) const { return std::exp(x * std::numbers::ln2); }
  auto operator()(auto x) const { return std::exp2(x); }
};
struct Expm1 : VectorComplex<"expm1_vml_cpu", Unary::expm1> {
  double operator()(double x) const { return std::expm1(x); }
  C128 operator()(C128 z) const {  // exp(a) cos(b) - 1 without cancellation near 0
    double s = std::sin(z.imag() / 2), e = std::expm1(z.real());
    return {e * std::cos(z.imag()) - 2 * s * s, (e + 1) * std::sin(z.imag())};
  }
};
struct Log1p : VectorComplex<"log1p_vml_cpu", Unary::log1p> {
  double operator()(double x) const { return std::log1p(x); }
  C128 operator()(C128 z) const {  // log|1 + z| from |1 + z|^2 - 1 where that is small
    double x = z.real(), y = z.imag(), square = x * (2 + x) + y * y;
    double modulus = std::abs(square) < 0.5 ? std::log1p(square) / 2 : std::log(std::hypot(1 + x, y));
    return {modulus, std::atan2(y, 1 + x)};
  }
};

// ---- trigonometry and error functions -----------------------------------------------------------------------------------------------
struct Tan : VectorComplex<"tan_vml_cpu", Unary::tan> {
  auto operator()(auto x) const { return std::tan(x); }
};
struct Asin : ComplexFunction<"asin_vml_cpu"> {
  auto operator()(auto x) const { return std::asin(x); }
};
struct Acos : ComplexFunction<"acos_vml_cpu"> {
  auto operator()(auto x) const { return std::acos(x); }
};
struct Atan : VectorComplex<"atan_vml_cpu", Unary::atan> {
  auto operator()(auto x) const { return std::atan(x); }
};
struct Sinh : VectorComplex<"sinh_cpu", Unary::sinh> {
  auto operator()(auto x) const { return std::sinh(x); }
};
struct Cosh : VectorComplex<"cosh_cpu", Unary::cosh> {
  auto operator()(auto x) const { return std::cosh(x); }
};
struct Asinh : ComplexFunction<"asinh_cpu"> {
  auto operator()(auto x) const { return std::asinh(x); }
};
struct Acosh : ComplexFunction<"acosh_cpu"> {
  auto operator()(auto x) const { return std::acosh(x); }
};
struct Atanh : VectorComplex<"atanh_cpu", Unary::atanh> {
  auto operator()(auto x) const { return std::atanh(x); }
};
struct Erf : VectorFunction<"erf_vml_cpu", Unary::erf> {};
struct Erfc : VectorFunction<"erfc_vml_cpu", Unary::erfc> {};

struct Sinc : ComplexFunction<"sinc_cpu"> {
  using Types = TypeList<float, double, C64, C128>;  // overflows where PyTorch's does
  template <class T>
  T operator()(T x) const {
    if (x == T(0)) return T(1);
    using Real = decltype(std::abs(x));
    T y = x * static_cast<Real>(std::numbers::pi);
    return std::sin(y) / y;
  }
};

/// Halves are rounded after every step.
struct Logit : FloatFunction<"logit_cpu"> {
  using Types = TypeList<float, double, Half, BFloat16>;
  double eps = -1;  ///< negative: none
  template <class T>
  T operator()(T given) const {
    using C = Compute<T>;
    C x = given;
    if (eps >= 0) {
      C low = T(static_cast<C>(eps)), high = T(1 - low);
      x = x < low ? low : x > high ? high : x;
    }
    return std::log(static_cast<C>(T(x / static_cast<C>(T(1 - x)))));
  }
};
Tensor logit(Context& ctx, const Tensor& self, std::optional<double> eps) {
  Logit f;
  f.eps = eps.value_or(-1);
  return apply(ctx, f, self);
}

// ---- tests --------------------------------------------------------------------------------------------------------------------------
template <detail::Text Name>
struct Test : Functor<Name> {
  static constexpr DTypeSet accepts = dtypes::all;
  using Types = TypeList<float, double, int64_t, C128>;
};
struct IsNan : Test<"isnan"> {
  bool operator()(auto x) const { return x != x; }
};
struct IsPosInf : Test<"isposinf"> {
  static constexpr DTypeSet accepts = dtypes::reals | dtypes::boolean | dtypes::late_unsigned;
  using Types = TypeList<float, double, int64_t>;
  template <class T>
  bool operator()(T x) const {
    return std::is_floating_point_v<T> && x == std::numeric_limits<T>::infinity();
  }
};
struct IsNegInf : IsPosInf {
  static constexpr std::string_view name = "isneginf";
  template <class T>
  bool operator()(T x) const {
    return std::is_floating_point_v<T> && x == -std::numeric_limits<T>::infinity();
  }
};
struct SignBit : IsPosInf {
  static constexpr std::string_view name = "signbit_cpu";
  template <class T>
  bool operator()(T x) const {
    if constexpr (std::is_floating_point_v<T>) return std::signbit(x);
    else return x < 0;
  }
};
struct IsInf : Test<"isinf"> {
  bool operator()(C128 x) const { return std::isinf(x.real()) || std::isinf(x.imag()); }
  bool operator()(int64_t) const { return false; }
  bool operator()(auto x) const { return std::isinf(x); }
};
struct IsFinite : Test<"isfinite"> {
  bool operator()(C128 x) const { return std::isfinite(x.real()) && std::isfinite(x.imag()); }
  bool operator()(int64_t) const { return true; }
  bool operator()(auto x) const { return std::isfinite(x); }
};
struct IsReal : Test<"isreal"> {
  bool operator()(C128 x) const { return x.imag() == 0; }
  bool operator()(auto) const { return true; }
};
struct LogicalNot : Test<"logical_not_cpu"> {
  using Types = TypeList<float, double, int64_t, bool, C128>;
  bool operator()(bool x) const { return x ^ true; }
  template <class T>
  bool operator()(T x) const {
    return x == T(0);
  }
};

/// Tests of numbers that only floating and complex types can be.
template <class F, bool OfOthers>
Tensor test_of_floats(Context& ctx, const Tensor& self) {
  if (is_floating(self.dtype()) || is_complex(self.dtype())) return unary<F>(ctx, self);
  Tensor out = empty_like(ctx, self, DType::boolean);
  fill(ctx, out, OfOthers);
  return out;
}

struct BitwiseNot : Functor<"bitwise_not_cpu"> {
  static constexpr DTypeSet accepts = dtypes::ints | dtypes::boolean;
  using Types = TypeList<int64_t, bool>;
  bool operator()(bool x) const { return x ^ true; }
  int64_t operator()(int64_t x) const { return ~x; }
};

// ---- those with a check of their own ------------------------------------------------------------------------------------------------
Tensor neg(Context& ctx, const Tensor& self) {
  check(self.dtype() != DType::boolean,
        "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` "
        "operator instead.");
  return unary<Neg>(ctx, self);
}
Tensor positive(Context&, const Tensor& self) {
  check(self.dtype() != DType::boolean, "The `+` operator, on a bool tensor is not supported.");
  return self;
}
Tensor sign(Context& ctx, const Tensor& self) {
  check(!is_complex(self.dtype()), "Unlike NumPy, torch.sign is not intended to support complex numbers. Please use torch.sgn instead.");
  return unary<Sign>(ctx, self);
}
Tensor signbit(Context& ctx, const Tensor& self) {
  check(!is_complex(self.dtype()), "signbit is not implemented for complex tensors.");
  return unary<SignBit>(ctx, self);
}
Tensor square(Context& ctx, const Tensor& self) {
  return unary<Square>(ctx, self.dtype() == DType::boolean ? cast(ctx, self, DType::i64) : self);
}

struct NanToNum : Functor<"nan_to_num"> {
  using Types = TypeList<float, double, C128>;
  static constexpr DTypeSet accepts = dtypes::floats | dtypes::complexes;
  double nan = 0, positive = 0, negative = 0;
  template <class T>
  T operator()(T x) const {
    if constexpr (is_complex_type<T>) {
      return T((*this)(x.real()), (*this)(x.imag()));
    } else {
      const T of_nan = static_cast<T>(nan), high = static_cast<T>(positive), low = static_cast<T>(negative);
      T finite = x == std::numeric_limits<T>::infinity() ? high : x;
      finite = x == -std::numeric_limits<T>::infinity() ? low : finite;
      return x != x ? of_nan : finite;
    }
  }
};
Tensor nan_to_num(Context& ctx, const Tensor& self, std::optional<double> nan, std::optional<double> posinf, std::optional<double> neginf) {
  DType t = real_type(self.dtype());
  if (!is_floating(t)) return clone(ctx, self);
  double largest = t == DType::f16    ? 65504
                   : t == DType::bf16 ? 0x1.fep127
                   : t == DType::f32  ? std::numeric_limits<float>::max()
                                      : std::numeric_limits<double>::max();
  NanToNum f;
  f.nan = nan.value_or(0);
  f.positive = posinf.value_or(largest);
  f.negative = neginf.value_or(-largest);
  return apply(ctx, f, self);
}

/// The two results of frexp, one pass each.
struct Mantissa : Functor<"frexp"> {
  static constexpr DTypeSet accepts = dtypes::floats;
  using Types = TypeList<float, double>;
  template <class T>
  T operator()(T x) const {
    int exponent;
    return std::frexp(x, &exponent);
  }
};
struct Exponent : Mantissa {
  using Types = TypeList<double>;
  double operator()(double x) const {
    int exponent = 0;
    if (std::isfinite(x)) std::frexp(x, &exponent);
    return exponent;
  }
};
std::tuple<Tensor, Tensor> frexp(Context& ctx, const Tensor& self) {
  check(is_floating(self.dtype()), "torch.frexp() only supports floating-point dtypes");
  Context inner = without_destination(ctx);
  Tensor exact = item_size(self.dtype()) == 2 ? cast(ctx, self, DType::f32) : self;
  return {unary<Mantissa>(inner, self), cast(ctx, unary<Exponent>(inner, exact), DType::i32)};
}

constexpr Op rows[] = {
    op<"aten::neg(Tensor self) -> Tensor", neg>(),
    op<"aten::negative(Tensor self) -> Tensor", neg>(),
    op<"aten::positive(Tensor(a) self) -> Tensor(a)", positive>(),
    op<"aten::abs(Tensor self) -> Tensor", unary<Abs>>(),
    op<"aten::absolute(Tensor self) -> Tensor", unary<Abs>>(),
    op<"aten::sign(Tensor self) -> Tensor", sign>(),
    op<"aten::sgn(Tensor self) -> Tensor", unary<Sgn>>(),
    op<"aten::square(Tensor self) -> Tensor", square>(),
    op<"aten::reciprocal(Tensor self) -> Tensor", unary<Reciprocal>>(),
    op<"aten::deg2rad(Tensor self) -> Tensor", unary<Deg2rad>>(),
    op<"aten::rad2deg(Tensor self) -> Tensor", unary<Rad2deg>>(),

    op<"aten::floor(Tensor self) -> Tensor", whole<Floor>>(),
    op<"aten::ceil(Tensor self) -> Tensor", whole<Ceil>>(),
    op<"aten::round(Tensor self) -> Tensor", whole<Round>>(),
    op<"aten::round.decimals(Tensor self, *, int decimals) -> Tensor", round_decimals>(),
    op<"aten::trunc(Tensor self) -> Tensor", whole<Trunc>>(),
    op<"aten::fix(Tensor self) -> Tensor", whole<Trunc>>(),
    op<"aten::frac(Tensor self) -> Tensor", unary<Frac>>(),

    op<"aten::exp(Tensor self) -> Tensor", unary<Exp>>(),
    op<"aten::exp2(Tensor self) -> Tensor", unary<Exp2>>(),
    op<"aten::expm1(Tensor self) -> Tensor", unary<Expm1>>(),
    op<"aten::log(Tensor self) -> Tensor", unary<Log>>(),
    op<"aten::log2(Tensor self) -> Tensor", unary<Log2>>(),
    op<"aten::log10(Tensor self) -> Tensor", unary<Log10>>(),
    op<"aten::log1p(Tensor self) -> Tensor", unary<Log1p>>(),
    op<"aten::sqrt(Tensor self) -> Tensor", unary<Sqrt>>(),
    op<"aten::rsqrt(Tensor self) -> Tensor", unary<Rsqrt>>(),
    op<"aten::sigmoid(Tensor self) -> Tensor", unary<Sigmoid>>(),
    op<"aten::logit(Tensor self, float? eps=None) -> Tensor", logit>(),

    op<"aten::sin(Tensor self) -> Tensor", unary<Sin>>(),
    op<"aten::cos(Tensor self) -> Tensor", unary<Cos>>(),
    op<"aten::tan(Tensor self) -> Tensor", unary<Tan>>(),
    op<"aten::asin(Tensor self) -> Tensor", unary<Asin>>(),
    op<"aten::arcsin(Tensor self) -> Tensor", unary<Asin>>(),
    op<"aten::acos(Tensor self) -> Tensor", unary<Acos>>(),
    op<"aten::arccos(Tensor self) -> Tensor", unary<Acos>>(),
    op<"aten::atan(Tensor self) -> Tensor", unary<Atan>>(),
    op<"aten::arctan(Tensor self) -> Tensor", unary<Atan>>(),
    op<"aten::sinh(Tensor self) -> Tensor", unary<Sinh>>(),
    op<"aten::cosh(Tensor self) -> Tensor", unary<Cosh>>(),
    op<"aten::tanh(Tensor self) -> Tensor", unary<Tanh>>(),
    op<"aten::asinh(Tensor self) -> Tensor", unary<Asinh>>(),
    op<"aten::arcsinh(Tensor self) -> Tensor", unary<Asinh>>(),
    op<"aten::acosh(Tensor self) -> Tensor", unary<Acosh>>(),
    op<"aten::arccosh(Tensor self) -> Tensor", unary<Acosh>>(),
    op<"aten::atanh(Tensor self) -> Tensor", unary<Atanh>>(),
    op<"aten::arctanh(Tensor self) -> Tensor", unary<Atanh>>(),
    op<"aten::sinc(Tensor self) -> Tensor", unary<Sinc>>(),
    op<"aten::erf(Tensor self) -> Tensor", unary<Erf>>(),
    op<"aten::erfc(Tensor self) -> Tensor", unary<Erfc>>(),

    op<"aten::isnan(Tensor self) -> Tensor", test_of_floats<IsNan, false>>(),
    op<"aten::isinf(Tensor self) -> Tensor", test_of_floats<IsInf, false>>(),
    op<"aten::isfinite(Tensor self) -> Tensor", test_of_floats<IsFinite, true>>(),
    op<"aten::isreal(Tensor self) -> Tensor", test_of_floats<IsReal, true>>(),
    op<"aten::isposinf(Tensor self) -> Tensor", unary<IsPosInf>>(),
    op<"aten::isneginf(Tensor self) -> Tensor", unary<IsNegInf>>(),
    op<"aten::signbit(Tensor self) -> Tensor", signbit>(),
    op<"aten::logical_not(Tensor self) -> Tensor", unary<LogicalNot>>(),
    op<"aten::bitwise_not(Tensor self) -> Tensor", unary<BitwiseNot>>(),
    op<"aten::nan_to_num(Tensor self, float? nan=None, float? posinf=None, float? neginf=None) -> Tensor", nan_to_num>(),
    op<"aten::frexp.Tensor(Tensor self) -> (Tensor mantissa, Tensor exponent)", frexp>(),

    op<"aten::special_exp2(Tensor self) -> Tensor", unary<Exp2>>(),
    op<"aten::special_expm1(Tensor self) -> Tensor", unary<Expm1>>(),
    op<"aten::special_log1p(Tensor self) -> Tensor", unary<Log1p>>(),
    op<"aten::special_expit(Tensor self) -> Tensor", unary<Sigmoid>>(),
    op<"aten::special_logit(Tensor self, float? eps=None) -> Tensor", logit>(),
    op<"aten::special_round(Tensor self, *, int decimals=0) -> Tensor", round_decimals>(),
    op<"aten::special_sinc(Tensor self) -> Tensor", unary<Sinc>>(),
    op<"aten::special_erf(Tensor self) -> Tensor", unary<Erf>>(),
    op<"aten::special_erfc(Tensor self) -> Tensor", unary<Erfc>>(),
};

}  // namespace

const std::span<const Op> unary_ops = rows;

}  // namespace tsrun
