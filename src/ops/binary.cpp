// Arithmetic of two operands.
#include <atomic>
#include <bit>
#include <numeric>

#include "ops/pointwise.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

using kernels::Binary;

bool is_half(DType t) { return t == DType::f16 || t == DType::bf16; }
bool is_bool(const Tensor& t) { return t.dtype() == DType::boolean; }
bool is_bool(const Scalar& s) { return s.is_bool(); }

// ---- +, - and * ---------------------------------------------------------------------------------------------------------------------
struct Mul : Functor<"mul_cpu"> {
  static constexpr Binary kernel = Binary::mul;
  static constexpr DTypeSet accepts = dtypes::all | dtypes::late_unsigned;
  static constexpr Exact exact = Exact::second;
  using Types = TypeList<float, double, int32_t, int64_t, C64, C128>;
  template <class T>
  T operator()(T a, T b) const {
    return a * b;
  }
};

template <detail::Text Name, Binary Kernel>
struct Sum : Functor<Name> {
  static constexpr Binary kernel = Kernel;
  static constexpr DTypeSet accepts = dtypes::all;
  static constexpr Exact exact = Kernel == Binary::add ? Exact::numbers : Exact::none;
  using Types = TypeList<float, double, int32_t, int64_t, C64, C128>;
  Scalar alpha = 1;
  template <class T>
  T operator()(T a, T b) const {
    T scaled = alpha.to<T>() * b;
    return Kernel == Binary::add ? a + scaled : a - scaled;
  }
};
using Add = Sum<"add_stub", Binary::add>;
using Sub = Sum<"add_stub", Binary::sub>;

template <class F, class A, class B>
Tensor sum(Context& ctx, const A& a, const B& b, const Scalar& alpha) {
  F f;
  DType common = result_type(a, b);
  check(!alpha.is_bool() || common == DType::boolean, "Boolean alpha only supported for Boolean results.");
  check(is_floating(common) || is_complex(common) || alpha.is_int() || alpha.is_bool(),
        "For integral input tensors, argument alpha must not be a floating point number.");
  check(is_complex(common) || !alpha.is_complex(), "For non-complex input tensors, argument alpha must not be a complex number.");
  f.alpha = is_half(common) ? alpha : detail::converted(alpha, common);
  if constexpr (std::is_same_v<A, Tensor> && std::is_same_v<B, Tensor>) {
    if (is_half(common) && alpha.to_double() != 1) {  // halves: a + rounded(alpha * b), except in PyTorch's vectorized loop
      f.alpha = Scalar(common == DType::f16 ? float{Half(alpha.to<float>())} : float{BFloat16(alpha.to<float>())});
      bool vectors = a.numel() >= 64 && a.is_contiguous() && b.is_contiguous() && std::ranges::equal(a.sizes(), b.sizes());
      if (!vectors) {
        const Tensor* destination = std::exchange(ctx.destination, nullptr);
        Tensor scaled = apply(ctx, Mul(), cast(ctx, b, common), f.alpha);
        ctx.destination = destination;
        f.alpha = 1;
        return compute(ctx, f, common, std::array{pass_input(a), pass_input(scaled)});
      }
    }
  }
  return compute(ctx, f, common, std::array{pass_input(a), pass_input(b)});
}

template <class A, class B>
Tensor difference(Context& ctx, const A& a, const B& b, const Scalar& alpha) {
  check(!is_bool(a) || !is_bool(b),
        "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead.");
  check(!is_bool(a) && !is_bool(b),
        "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use the `~` or "
        "`logical_not()` "
        "operator instead.");
  return sum<Sub>(ctx, a, b, alpha);
}

template <class A, class B>
Tensor reverse_difference(Context& ctx, const A& a, const B& b, const Scalar& alpha) {
  return difference(ctx, b, a, alpha);
}

constexpr auto add = sum<Add, Tensor, Tensor>;
constexpr auto add_number = sum<Add, Tensor, Scalar>;
constexpr auto sub = difference<Tensor, Tensor>;
constexpr auto sub_number = difference<Tensor, Scalar>;

// ---- / -------------------------------------------------------------------------------------------------------------------------------
struct Div : Functor<"div_cpu"> {
  static constexpr Binary kernel = Binary::div;
  static constexpr DTypeSet accepts = dtypes::floats | dtypes::complexes;
  static constexpr bool floating = true;
  static constexpr Exact exact = Exact::second;
  using Types = TypeList<float, double, C64, C128>;
  template <class T>
  T operator()(T a, T b) const {
    return a / b;
  }
};

/// Integer operators that a zero divisor stops: PyTorch's error is raised after the pass.
template <detail::Text Name>
struct Division : Functor<Name> {
  static constexpr Exact exact = Exact::all;
  std::atomic<bool>* zero = nullptr;
  bool by_zero(int64_t b) const {
    if (b == 0) [[unlikely]]
      zero->store(true, std::memory_order_relaxed);
    return b == 0;
  }
};

/// The quotient of integers; the lowest by -1 wraps.
int64_t quotient(int64_t a, int64_t b) { return b == -1 ? static_cast<int64_t>(0 - static_cast<uint64_t>(a)) : a / b; }
int64_t rest(int64_t a, int64_t b) { return b == -1 ? 0 : a % b; }

struct DivTrunc : Division<"div_trunc_cpu"> {
  template <class T>
  T operator()(T a, T b) const {
    if constexpr (std::is_integral_v<T>) return by_zero(b) ? 0 : quotient(a, b);
    else return std::trunc(a / b);
  }
};

struct DivFloor : Division<"div_floor_cpu"> {
  static constexpr Binary kernel = Binary::floor_divide;
  int64_t operator()(int64_t a, int64_t b) const { return by_zero(b) ? 0 : quotient(a, b) - (rest(a, b) != 0 && (a < 0) != (b < 0)); }
};

/// Quotients of two tensors of halves: PyTorch rounds after every step.
template <bool Down>
struct HalfQuotient : Functor<"div_cpu"> {
  using Types = TypeList<Half, BFloat16>;
  template <class T>
  T operator()(T x, T y) const {
    float a = x, b = y;
    T quotient = a / b;
    if (!Down) return std::trunc(quotient);
    if (b == 0) return quotient;
    float mod = T(std::fmod(a, b)), div = T(static_cast<float>(T(a - mod)) / b);
    if (mod != 0 && (b < 0) != (mod < 0)) div = T(div - 1);
    if (div == 0) return std::copysign(0.0f, quotient);
    float down = std::floor(div);
    return div - down > 0.5f ? down + 1 : down;
  }
};

struct Remainder : Division<"remainder_cpu"> {
  static constexpr Exact exact = Exact::none;
  static constexpr Binary kernel = Binary::remainder;
  int64_t operator()(int64_t a, int64_t b) const {
    if (by_zero(b)) return 0;
    int64_t mod = rest(a, b);
    return mod != 0 && (mod < 0) != (b < 0) ? mod + b : mod;
  }
};

struct Fmod : Division<"fmod_cpu"> {
  static constexpr Exact exact = Exact::none;
  static constexpr Binary kernel = Binary::fmod;
  int64_t operator()(int64_t a, int64_t b) const { return by_zero(b) ? 0 : rest(a, b); }
};

template <class F, class A, class B>
Tensor divide(Context& ctx, const A& a, const B& b) {
  std::atomic<bool> zero = false;
  F f;
  f.zero = &zero;
  Tensor result = apply(ctx, f, a, b);
  check(!zero, "ZeroDivisionError");
  return result;
}

/// Rounded division, down or to zero.
template <class F, bool Down>
Tensor whole_quotient(Context& ctx, const Tensor& a, const Tensor& b) {
  DType common = result_type(a, b);
  if (is_half(common) && a.dim() > 0 && b.dim() > 0)
    return compute(ctx, HalfQuotient<Down>(), common, std::array{pass_input(a), pass_input(b)});
  return divide<F>(ctx, a, b);
}
template <class F, bool Down>
Tensor whole_quotient(Context& ctx, const Tensor& a, const Scalar& b) {
  return divide<F>(ctx, a, b);
}
Tensor floor_divide(Context& ctx, const Tensor& a, const Tensor& b) { return whole_quotient<DivFloor, true>(ctx, a, b); }
Tensor floor_divide_number(Context& ctx, const Tensor& a, const Scalar& b) { return divide<DivFloor>(ctx, a, b); }

template <class B>
Tensor div_mode(Context& ctx, const Tensor& a, const B& b, std::optional<std::string_view> mode) {
  if (!mode) return apply(ctx, Div(), a, b);
  if (*mode == "trunc") return whole_quotient<DivTrunc, false>(ctx, a, b);
  if (*mode == "floor") return whole_quotient<DivFloor, true>(ctx, a, b);
  fail("div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '", *mode, "'");
}

// ---- powers -------------------------------------------------------------------------------------------------------------------------
int64_t integer_power(int64_t base, int64_t exponent) {
  if (exponent < 0) return base == 1 ? 1 : base == -1 ? (exponent % 2 ? -1 : 1) : 0;
  uint64_t result = 1, square = static_cast<uint64_t>(base);
  for (; exponent; exponent >>= 1, square *= square)
    if (exponent & 1) result *= square;
  return static_cast<int64_t>(result);
}

struct Pow : Functor<"pow"> {
  static constexpr Binary kernel = Binary::pow;
  static constexpr DTypeSet accepts = dtypes::numbers;
  using Types = TypeList<float, double, int64_t, C64, C128>;
  int64_t operator()(int64_t a, int64_t b) const { return integer_power(a, b); }
  C64 operator()(C64 a, C64 b) const { return b == C64(0) ? C64(1) : std::pow(a, b); }
  C128 operator()(C128 a, C128 b) const { return b == C128(0) ? C128(1) : std::pow(a, b); }
};

struct PowNumber : Functor<"pow"> {
  static constexpr kernels::Unary kernel = kernels::Unary::pow;
  static constexpr DTypeSet accepts = dtypes::numbers;
  using Types = TypeList<float, double, int64_t, C128>;
  Scalar exponent;
  std::array<double, 4> params() const { return {exponent.to_double()}; }
  int64_t operator()(int64_t x) const { return integer_power(x, exponent.to_int()); }
  C128 operator()(C128 x) const {
    C128 e = exponent.to_complex();
    return e == 2.0 ? x * x : e == 3.0 ? x * x * x : e == 0.5 ? std::sqrt(x) : e == -1.0 ? 1.0 / x : std::pow(x, e);
  }
};

/// The exponents that PyTorch does not leave to the C library.
struct PowDouble : Functor<"pow"> {
  static constexpr DTypeSet accepts = set_of(DType::f64);
  using Types = TypeList<double>;
  double exponent = 0;
  double operator()(double x) const {
    if (exponent == 2) return x * x;
    if (exponent == 3) return x * x * x;
    if (exponent == 0.5) return std::sqrt(x);
    if (exponent == -0.5) return 1 / std::sqrt(x);
    if (exponent == -1) return 1 / x;
    if (exponent == -2) return 1 / (x * x);
    return std::pow(x, exponent);
  }
};

Tensor filled_like(Context& ctx, const Tensor& like, DType dtype) {
  if (dtype == DType::boolean) detail::refuse("pow", dtype);
  Tensor out = empty_like(ctx, like, dtype);
  fill(ctx, out, 1);
  return out;
}

Tensor pow_number(Context& ctx, const Tensor& self, const Scalar& exponent) {
  DType common = result_type(self, exponent);
  check(!is_integer(common) || !exponent.is_int() || exponent.to_int() >= 0, "Integers to negative integer powers are not allowed.");
  if (!exponent.is_complex() && exponent.to_double() == 0) return filled_like(ctx, self, common);
  if (common == DType::f64) {
    PowDouble f;
    f.exponent = exponent.to_double();
    return compute(ctx, f, common, std::array{pass_input(self)});
  }
  PowNumber f;
  f.exponent = is_integer(common) ? detail::converted(exponent, common) : exponent;
  return compute(ctx, f, common, std::array{pass_input(self)});
}

Tensor number_pow(Context& ctx, const Scalar& self, const Tensor& exponent) {
  if (!self.is_complex() && self.to_double() == 1) return filled_like(ctx, contiguous(ctx, exponent), result_type(self, exponent));
  return apply(ctx, Pow(), self, contiguous(ctx, exponent));
}

template <class A, class B>
DType float_power_type(const A& a, const B& b) {
  return is_complex(result_type(a, b)) ? DType::c128 : DType::f64;
}
Tensor float_power(Context& ctx, const Tensor& self, const Tensor& exponent) {
  DType t = float_power_type(self, exponent);
  return apply(ctx, Pow(), cast(ctx, self, t), cast(ctx, exponent, t));
}
Tensor float_power_number(Context& ctx, const Tensor& self, const Scalar& exponent) {
  return pow_number(ctx, cast(ctx, self, float_power_type(self, exponent)),
                    exponent.is_complex() ? exponent : Scalar(exponent.to_double()));
}
Tensor number_float_power(Context& ctx, const Scalar& self, const Tensor& exponent) {
  return number_pow(ctx, self.is_complex() ? self : Scalar(self.to_double()), cast(ctx, exponent, float_power_type(self, exponent)));
}

struct Ldexp : DoubleFunction<"ldexp_cpu_exp"> {
  static constexpr Exact exact = Exact::all;
  double operator()(double x, double n) const { return std::ldexp(x, static_cast<int>(std::clamp(n, -4200.0, 4200.0))); }
};
Tensor ldexp(Context& ctx, const Tensor& self, const Tensor& other) {
  DType t = other.dtype();
  if (is_floating(self.dtype()) && !is_floating(t) && !is_complex(t)) {
    if (!(dtypes::ints & set_of(t))) detail::refuse(Ldexp::name, t);
    return compute(ctx, Ldexp(), self.dtype(), std::array{pass_input(self), pass_input(other)});
  }
  Context inner = without_destination(ctx);
  return apply(ctx, Mul(), self, apply(inner, Pow(), Scalar(2.0), other));
}

// ---- functions of two numbers -------------------------------------------------------------------------------------------------------
struct Atan2 : FloatFunction<"atan2_cpu"> {
  static constexpr Binary kernel = Binary::atan2;
};
struct Copysign : FloatFunction<"copysign_cpu"> {
  auto operator()(auto a, auto b) const { return std::copysign(a, b); }
};
struct Hypot : FloatFunction<"hypot_cpu"> {
  static constexpr bool floating = false;
  static constexpr Binary kernel = Binary::hypot;
};

struct LogAddExp : ComplexFunction<"logaddexp_cpu"> {
  static constexpr bool floating = false;
  static constexpr Binary kernel = Binary::logaddexp;
  C128 operator()(C128 a, C128 b) const {
    if (a.real() < b.real()) std::swap(a, b);
    return std::isinf(a.real()) && a.real() == b.real() ? a : a + std::log(1.0 + std::exp(b - a));
  }
};
struct LogAddExp2 : FloatFunction<"logaddexp2_cpu"> {
  static constexpr bool floating = false;
  template <class T>
  T operator()(T a, T b) const {
    if (std::isinf(a) && a == b) return a;
    return std::max(a, b) + std::log1p(std::exp2(-std::abs(a - b))) * static_cast<T>(1 / 0.693147180559945309417);
  }
};

struct Xlogy : FloatFunction<"xlogy_cpu"> {
  template <class T>
  T operator()(T x, T y) const {
    return std::isnan(y) ? y : x == 0 ? T(0) : x * std::log(y);
  }
};
struct Xlog1py : FloatFunction<"xlog1py_cpu"> {
  template <class T>
  T operator()(T x, T y) const {
    return std::isnan(y) ? y : x == 0 ? T(0) : x * std::log1p(y);
  }
};

/// The neighbour of a in the direction of b; halves step through their own bits.
struct NextAfter : Functor<"nextafter_cpu"> {
  static constexpr DTypeSet accepts = dtypes::floats;
  using Types = TypeList<float, double, Half, BFloat16>;
  template <class T>
  T operator()(T a, T b) const {
    if constexpr (!is_half_type<T>) {
      using Bits = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;
      constexpr Bits sign = Bits(1) << (8 * sizeof(T) - 1);
      Bits from = std::bit_cast<Bits>(a), to = std::bit_cast<Bits>(b);
      Bits next = (a < b) == (a > 0) ? from + 1 : from - 1;  // no branches: the loop is vectorised
      next = a == 0 ? (to & sign) | 1 : next;
      next = a == b ? to : next;
      return a != a || b != b ? a + b : std::bit_cast<T>(next);
    } else {
      float x = a, y = b;
      if (std::isnan(x)) return a;
      if (std::isnan(y) || x == y) return b;
      T out = a;
      if (x == 0) out.bits = static_cast<uint16_t>(std::signbit(y) ? 0x8001 : 1);
      else out.bits = static_cast<uint16_t>((x < y) == (x > 0) ? a.bits + 1 : a.bits - 1);
      return out;
    }
  }
};

struct Heaviside : Functor<"heaviside_cpu"> {
  static constexpr DTypeSet accepts = dtypes::reals | dtypes::boolean;
  template <class T>
  T operator()(T x, T at_zero) const {
    return x == 0 ? at_zero : static_cast<T>(x > 0);
  }
};
Tensor heaviside(Context& ctx, const Tensor& self, const Tensor& values) {
  check(!is_complex(self.dtype()) && !is_complex(values.dtype()), "heaviside is not yet implemented for complex tensors.");
  check(self.dtype() == values.dtype(), "heaviside is not yet implemented for tensors with different dtypes.");
  return binary<Heaviside>(ctx, self, values);
}

struct Gcd : Functor<"gcd_cpu"> {
  static constexpr DTypeSet accepts = dtypes::ints;
  using Types = TypeList<int64_t>;
  static uint64_t magnitude(int64_t x) { return x < 0 ? 0 - static_cast<uint64_t>(x) : static_cast<uint64_t>(x); }
  int64_t operator()(int64_t a, int64_t b) const { return static_cast<int64_t>(std::gcd(magnitude(a), magnitude(b))); }
};
struct Lcm : Gcd {
  static constexpr std::string_view name = "lcm_cpu";
  int64_t operator()(int64_t a, int64_t b) const {
    uint64_t divisor = std::gcd(magnitude(a), magnitude(b));
    return divisor == 0 ? 0 : static_cast<int64_t>(magnitude(static_cast<int64_t>(magnitude(a) / divisor * magnitude(b))));
  }
};

constexpr Op rows[] = {
    op<"aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor", add>(),
    op<"aten::add.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor", add_number>(),
    op<"aten::sub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor", sub>(),
    op<"aten::sub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor", sub_number>(),
    op<"aten::subtract.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor", sub>(),
    op<"aten::subtract.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor", sub_number>(),
    op<"aten::rsub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor", reverse_difference<Tensor, Tensor>>(),
    op<"aten::rsub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor", reverse_difference<Tensor, Scalar>>(),
    op<"aten::mul.Tensor(Tensor self, Tensor other) -> Tensor", binary<Mul>>(),
    op<"aten::mul.Scalar(Tensor self, Scalar other) -> Tensor", binary_number<Mul>>(),
    op<"aten::multiply.Tensor(Tensor self, Tensor other) -> Tensor", binary<Mul>>(),
    op<"aten::multiply.Scalar(Tensor self, Scalar other) -> Tensor", binary_number<Mul>>(),
    op<"aten::div.Tensor(Tensor self, Tensor other) -> Tensor", binary<Div>>(),
    op<"aten::div.Scalar(Tensor self, Scalar other) -> Tensor", binary_number<Div>>(),
    op<"aten::div.Tensor_mode(Tensor self, Tensor other, *, str? rounding_mode) -> Tensor", div_mode<Tensor>>(),
    op<"aten::div.Scalar_mode(Tensor self, Scalar other, *, str? rounding_mode) -> Tensor", div_mode<Scalar>>(),
    op<"aten::divide.Tensor(Tensor self, Tensor other) -> Tensor", binary<Div>>(),
    op<"aten::divide.Scalar(Tensor self, Scalar other) -> Tensor", binary_number<Div>>(),
    op<"aten::divide.Tensor_mode(Tensor self, Tensor other, *, str? rounding_mode) -> Tensor", div_mode<Tensor>>(),
    op<"aten::divide.Scalar_mode(Tensor self, Scalar other, *, str? rounding_mode) -> Tensor", div_mode<Scalar>>(),
    op<"aten::true_divide.Tensor(Tensor self, Tensor other) -> Tensor", binary<Div>>(),
    op<"aten::true_divide.Scalar(Tensor self, Scalar other) -> Tensor", binary_number<Div>>(),
    op<"aten::floor_divide(Tensor self, Tensor other) -> Tensor", floor_divide>(),
    op<"aten::floor_divide.Scalar(Tensor self, Scalar other) -> Tensor", floor_divide_number>(),
    op<"aten::remainder.Tensor(Tensor self, Tensor other) -> Tensor", divide<Remainder, Tensor, Tensor>>(),
    op<"aten::remainder.Scalar(Tensor self, Scalar other) -> Tensor", divide<Remainder, Tensor, Scalar>>(),
    op<"aten::remainder.Scalar_Tensor(Scalar self, Tensor other) -> Tensor", divide<Remainder, Scalar, Tensor>>(),
    op<"aten::fmod.Tensor(Tensor self, Tensor other) -> Tensor", divide<Fmod, Tensor, Tensor>>(),
    op<"aten::fmod.Scalar(Tensor self, Scalar other) -> Tensor", divide<Fmod, Tensor, Scalar>>(),

    op<"aten::pow.Tensor_Tensor(Tensor self, Tensor exponent) -> Tensor", binary<Pow>>(),
    op<"aten::pow.Tensor_Scalar(Tensor self, Scalar exponent) -> Tensor", pow_number>(),
    op<"aten::pow.Scalar(Scalar self, Tensor exponent) -> Tensor", number_pow>(),
    op<"aten::float_power.Tensor_Tensor(Tensor self, Tensor exponent) -> Tensor", float_power>(),
    op<"aten::float_power.Tensor_Scalar(Tensor self, Scalar exponent) -> Tensor", float_power_number>(),
    op<"aten::float_power.Scalar(Scalar self, Tensor exponent) -> Tensor", number_float_power>(),
    op<"aten::ldexp.Tensor(Tensor self, Tensor other) -> Tensor", ldexp>(),

    op<"aten::atan2(Tensor self, Tensor other) -> Tensor", binary<Atan2>>(),
    op<"aten::arctan2(Tensor self, Tensor other) -> Tensor", binary<Atan2>>(),
    op<"aten::copysign.Tensor(Tensor self, Tensor other) -> Tensor", binary<Copysign>>(),
    op<"aten::copysign.Scalar(Tensor self, Scalar other) -> Tensor", binary_number<Copysign>>(),
    op<"aten::hypot(Tensor self, Tensor other) -> Tensor", binary<Hypot>>(),
    op<"aten::logaddexp(Tensor self, Tensor other) -> Tensor", binary<LogAddExp>>(),
    op<"aten::logaddexp2(Tensor self, Tensor other) -> Tensor", binary<LogAddExp2>>(),
    op<"aten::xlogy.Tensor(Tensor self, Tensor other) -> Tensor", binary<Xlogy>>(),
    op<"aten::xlogy.Scalar_Other(Tensor self, Scalar other) -> Tensor", binary_number<Xlogy>>(),
    op<"aten::xlogy.Scalar_Self(Scalar self, Tensor other) -> Tensor", number_binary<Xlogy>>(),
    op<"aten::special_xlogy(Tensor self, Tensor other) -> Tensor", binary<Xlogy>>(),
    op<"aten::special_xlogy.other_scalar(Tensor self, Scalar other) -> Tensor", binary_number<Xlogy>>(),
    op<"aten::special_xlogy.self_scalar(Scalar self, Tensor other) -> Tensor", number_binary<Xlogy>>(),
    op<"aten::special_xlog1py(Tensor self, Tensor other) -> Tensor", binary<Xlog1py>>(),
    op<"aten::special_xlog1py.other_scalar(Tensor self, Scalar other) -> Tensor", binary_number<Xlog1py>>(),
    op<"aten::special_xlog1py.self_scalar(Scalar self, Tensor other) -> Tensor", number_binary<Xlog1py>>(),
    op<"aten::nextafter(Tensor self, Tensor other) -> Tensor", binary<NextAfter>>(),
    op<"aten::heaviside(Tensor self, Tensor values) -> Tensor", heaviside>(),
    op<"aten::gcd(Tensor self, Tensor other) -> Tensor", binary<Gcd>>(),
    op<"aten::lcm(Tensor self, Tensor other) -> Tensor", binary<Lcm>>(),
};

}  // namespace

const std::span<const Op> binary_ops = rows;

}  // namespace tsrun
