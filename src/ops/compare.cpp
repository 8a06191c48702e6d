// Comparisons, larger and smaller of two, logical and bitwise operators.
#include "ops/pointwise.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

// ---- comparisons --------------------------------------------------------------------------------------------------------------------
template <detail::Text Name>
struct Equality : Functor<Name> {
  static constexpr DTypeSet accepts = dtypes::all | dtypes::late_unsigned;
  using Types = TypeList<float, double, int64_t, bool, C128>;
};
struct Eq : Equality<"eq_cpu"> {
  bool operator()(auto a, auto b) const { return a == b; }
};
struct Ne : Equality<"ne_cpu"> {
  bool operator()(auto a, auto b) const { return a != b; }
};

template <detail::Text Name>
struct Order : Functor<Name> {
  static constexpr DTypeSet accepts = dtypes::reals | dtypes::boolean;
  using Types = TypeList<float, double, int64_t>;
};
struct Lt : Order<"lt_cpu"> {
  bool operator()(auto a, auto b) const { return a < b; }
};
struct Le : Order<"le_cpu"> {
  bool operator()(auto a, auto b) const { return a <= b; }
};
struct Gt : Order<"gt_cpu"> {
  bool operator()(auto a, auto b) const { return a > b; }
};
struct Ge : Order<"ge_cpu"> {
  bool operator()(auto a, auto b) const { return a >= b; }
};

struct IsClose : Equality<"isclose"> {
  using Types = TypeList<double, int64_t, C128>;
  double rtol = 0, atol = 0;
  bool equal_nan = false;
  template <class T>
  bool operator()(T a, T b) const {
    if (a == b || (equal_nan && a != a && b != b)) return true;
    double difference =
        std::is_integral_v<T> ? std::abs(static_cast<double>(std::abs(C128(a) - C128(b)))) : static_cast<double>(std::abs(a - b));
    double allowed = atol + rtol * static_cast<double>(std::abs(C128(b)));
    return std::isfinite(difference) && difference <= allowed;
  }
};
Tensor isclose(Context& ctx, const Tensor& self, const Tensor& other, double rtol, double atol, bool equal_nan) {
  check(self.dtype() == other.dtype(), scalar_type_name(self.dtype()), " did not match ", scalar_type_name(other.dtype()));
  check(rtol >= 0, "rtol must be greater than or equal to zero, but got ", rtol);
  check(atol >= 0, "atol must be greater than or equal to zero, but got ", atol);
  IsClose f;
  f.rtol = rtol;
  f.atol = atol;
  f.equal_nan = equal_nan;
  return apply(ctx, f, self, other);
}

bool all_true(Context& ctx, const Tensor& flags) {
  Tensor dense = contiguous(ctx, flags);
  const bool* f = dense.data<bool>();
  return std::all_of(f, f + dense.numel(), [](bool b) { return b; });
}
bool allclose(Context& ctx, const Tensor& self, const Tensor& other, double rtol, double atol, bool equal_nan) {
  return all_true(ctx, isclose(ctx, self, other, rtol, atol, equal_nan));
}
bool equal(Context& ctx, const Tensor& self, const Tensor& other) {
  if (!std::ranges::equal(self.sizes(), other.sizes())) return false;
  return all_true(ctx, binary<Eq>(ctx, self, other));
}

// ---- larger and smaller -------------------------------------------------------------------------------------------------------------
template <detail::Text Name, kernels::Binary Kernel>
struct Extremum : Functor<Name> {
  static constexpr kernels::Binary kernel = Kernel;
  static constexpr DTypeSet accepts = dtypes::reals | dtypes::boolean;
  using Types = TypeList<float, double, int32_t, int64_t>;
};
using Maximum = Extremum<"maximum_cpu", kernels::Binary::max>;
using Minimum = Extremum<"minimum_cpu", kernels::Binary::min>;

/// As maximum and minimum, but a number wins over NaN.
struct Fmax : Functor<"fmax_cpu"> {
  static constexpr DTypeSet accepts = dtypes::reals | dtypes::boolean;
  template <class T>
  T operator()(T a, T b) const {
    return a != a || a < b ? b : a;
  }
};
struct Fmin : Fmax {
  static constexpr std::string_view name = "fmin_cpu";
  template <class T>
  T operator()(T a, T b) const {
    return a != a || b < a ? b : a;
  }
};

template <class F, detail::Text Name>
Tensor extremum(Context& ctx, const Tensor& self, const Tensor& other) {
  check(!is_complex(self.dtype()) && !is_complex(other.dtype()), Name.view(), " not implemented for complex tensors.");
  return binary<F>(ctx, self, other);
}

// ---- logical and bitwise ------------------------------------------------------------------------------------------------------------
template <detail::Text Name>
struct Logical : Functor<Name> {
  static constexpr DTypeSet accepts = dtypes::all;
  using Types = TypeList<float, double, int64_t, bool, C128>;
  static bool truth(auto x) { return x != decltype(x)(0); }
};
struct LogicalAnd : Logical<"logical_and_cpu"> {
  bool operator()(auto a, auto b) const { return truth(a) & truth(b); }
};
struct LogicalOr : Logical<"logical_or_cpu"> {
  bool operator()(auto a, auto b) const { return truth(a) | truth(b); }
};
struct LogicalXor : Logical<"logical_xor_cpu"> {
  bool operator()(auto a, auto b) const { return truth(a) != truth(b); }
};

template <detail::Text Name>
struct Bitwise : Functor<Name> {
  static constexpr DTypeSet accepts = dtypes::ints | dtypes::boolean | dtypes::late_unsigned;
  using Types = TypeList<int64_t, bool>;
};
struct BitwiseAnd : Bitwise<"bitwise_and_cpu"> {
  auto operator()(auto a, auto b) const { return static_cast<decltype(a)>(a & b); }
};
struct BitwiseOr : Bitwise<"bitwise_or_cpu"> {
  auto operator()(auto a, auto b) const { return static_cast<decltype(a)>(a | b); }
};
struct BitwiseXor : Bitwise<"bitwise_xor_cpu"> {
  auto operator()(auto a, auto b) const { return static_cast<decltype(a)>(a ^ b); }
};

struct LeftShift : Functor<"lshift_cpu"> {
  static constexpr DTypeSet accepts = dtypes::ints;
  using Types = TypeList<int64_t>;
  int64_t bits = 64;  ///< of the dtype
  int64_t operator()(int64_t a, int64_t b) const { return b < 0 || b >= bits ? 0 : static_cast<int64_t>(static_cast<uint64_t>(a) << b); }
};
struct RightShift : LeftShift {
  static constexpr std::string_view name = "rshift_cpu";
  int64_t operator()(int64_t a, int64_t b) const { return a >> (b < 0 || b >= bits ? std::min<int64_t>(bits, 63) : b); }
};
template <class F, class A, class B>
Tensor shift(Context& ctx, const A& a, const B& b) {
  F f;
  f.bits = 8 * static_cast<int64_t>(item_size(result_type(a, b)));
  return apply(ctx, f, a, b);
}

constexpr Op rows[] = {
    op<"aten::eq.Tensor(Tensor self, Tensor other) -> Tensor", binary<Eq>>(),
    op<"aten::eq.Scalar(Tensor self, Scalar other) -> Tensor", binary_number<Eq>>(),
    op<"aten::ne.Tensor(Tensor self, Tensor other) -> Tensor", binary<Ne>>(),
    op<"aten::ne.Scalar(Tensor self, Scalar other) -> Tensor", binary_number<Ne>>(),
    op<"aten::lt.Tensor(Tensor self, Tensor other) -> Tensor", binary<Lt>>(),
    op<"aten::lt.Scalar(Tensor self, Scalar other) -> Tensor", binary_number<Lt>>(),
    op<"aten::le.Tensor(Tensor self, Tensor other) -> Tensor", binary<Le>>(),
    op<"aten::le.Scalar(Tensor self, Scalar other) -> Tensor", binary_number<Le>>(),
    op<"aten::gt.Tensor(Tensor self, Tensor other) -> Tensor", binary<Gt>>(),
    op<"aten::gt.Scalar(Tensor self, Scalar other) -> Tensor", binary_number<Gt>>(),
    op<"aten::ge.Tensor(Tensor self, Tensor other) -> Tensor", binary<Ge>>(),
    op<"aten::ge.Scalar(Tensor self, Scalar other) -> Tensor", binary_number<Ge>>(),
    op<"aten::not_equal.Tensor(Tensor self, Tensor other) -> Tensor", binary<Ne>>(),
    op<"aten::not_equal.Scalar(Tensor self, Scalar other) -> Tensor", binary_number<Ne>>(),
    op<"aten::less.Tensor(Tensor self, Tensor other) -> Tensor", binary<Lt>>(),
    op<"aten::less.Scalar(Tensor self, Scalar other) -> Tensor", binary_number<Lt>>(),
    op<"aten::less_equal.Tensor(Tensor self, Tensor other) -> Tensor", binary<Le>>(),
    op<"aten::less_equal.Scalar(Tensor self, Scalar other) -> Tensor", binary_number<Le>>(),
    op<"aten::greater.Tensor(Tensor self, Tensor other) -> Tensor", binary<Gt>>(),
    op<"aten::greater.Scalar(Tensor self, Scalar other) -> Tensor", binary_number<Gt>>(),
    op<"aten::greater_equal.Tensor(Tensor self, Tensor other) -> Tensor", binary<Ge>>(),
    op<"aten::greater_equal.Scalar(Tensor self, Scalar other) -> Tensor", binary_number<Ge>>(),
    op<"aten::isclose(Tensor self, Tensor other, float rtol=1.0000000000000001e-05, float atol=1e-08, bool equal_nan=False) -> Tensor",
       isclose>(),
    op<"aten::allclose(Tensor self, Tensor other, float rtol=1.0000000000000001e-05, float atol=1e-08, bool equal_nan=False) -> bool",
       allclose>(),
    op<"aten::equal(Tensor self, Tensor other) -> bool", equal>(),

    op<"aten::maximum(Tensor self, Tensor other) -> Tensor", extremum<Maximum, "maximum">>(),
    op<"aten::minimum(Tensor self, Tensor other) -> Tensor", extremum<Minimum, "minimum">>(),
    op<"aten::max.other(Tensor self, Tensor other) -> Tensor", extremum<Maximum, "maximum">>(),
    op<"aten::min.other(Tensor self, Tensor other) -> Tensor", extremum<Minimum, "minimum">>(),
    op<"aten::fmax(Tensor self, Tensor other) -> Tensor", extremum<Fmax, "fmax">>(),
    op<"aten::fmin(Tensor self, Tensor other) -> Tensor", extremum<Fmin, "fmin">>(),

    op<"aten::logical_and(Tensor self, Tensor other) -> Tensor", binary<LogicalAnd>>(),
    op<"aten::logical_or(Tensor self, Tensor other) -> Tensor", binary<LogicalOr>>(),
    op<"aten::logical_xor(Tensor self, Tensor other) -> Tensor", binary<LogicalXor>>(),

    op<"aten::bitwise_and.Tensor(Tensor self, Tensor other) -> Tensor", binary<BitwiseAnd>>(),
    op<"aten::bitwise_and.Scalar(Tensor self, Scalar other) -> Tensor", binary_number<BitwiseAnd>>(),
    op<"aten::bitwise_and.Scalar_Tensor(Scalar self, Tensor other) -> Tensor", number_binary<BitwiseAnd>>(),
    op<"aten::bitwise_or.Tensor(Tensor self, Tensor other) -> Tensor", binary<BitwiseOr>>(),
    op<"aten::bitwise_or.Scalar(Tensor self, Scalar other) -> Tensor", binary_number<BitwiseOr>>(),
    op<"aten::bitwise_or.Scalar_Tensor(Scalar self, Tensor other) -> Tensor", number_binary<BitwiseOr>>(),
    op<"aten::bitwise_xor.Tensor(Tensor self, Tensor other) -> Tensor", binary<BitwiseXor>>(),
    op<"aten::bitwise_xor.Scalar(Tensor self, Scalar other) -> Tensor", binary_number<BitwiseXor>>(),
    op<"aten::bitwise_xor.Scalar_Tensor(Scalar self, Tensor other) -> Tensor", number_binary<BitwiseXor>>(),
    op<"aten::__and__.Tensor(Tensor self, Tensor other) -> Tensor", binary<BitwiseAnd>>(),
    op<"aten::__and__.Scalar(Tensor self, Scalar other) -> Tensor", binary_number<BitwiseAnd>>(),
    op<"aten::__or__.Tensor(Tensor self, Tensor other) -> Tensor", binary<BitwiseOr>>(),
    op<"aten::__or__.Scalar(Tensor self, Scalar other) -> Tensor", binary_number<BitwiseOr>>(),
    op<"aten::__xor__.Tensor(Tensor self, Tensor other) -> Tensor", binary<BitwiseXor>>(),
    op<"aten::__xor__.Scalar(Tensor self, Scalar other) -> Tensor", binary_number<BitwiseXor>>(),

    op<"aten::bitwise_left_shift.Tensor(Tensor self, Tensor other) -> Tensor", shift<LeftShift, Tensor, Tensor>>(),
    op<"aten::bitwise_left_shift.Tensor_Scalar(Tensor self, Scalar other) -> Tensor", shift<LeftShift, Tensor, Scalar>>(),
    op<"aten::bitwise_left_shift.Scalar_Tensor(Scalar self, Tensor other) -> Tensor", shift<LeftShift, Scalar, Tensor>>(),
    op<"aten::bitwise_right_shift.Tensor(Tensor self, Tensor other) -> Tensor", shift<RightShift, Tensor, Tensor>>(),
    op<"aten::bitwise_right_shift.Tensor_Scalar(Tensor self, Scalar other) -> Tensor", shift<RightShift, Tensor, Scalar>>(),
    op<"aten::bitwise_right_shift.Scalar_Tensor(Scalar self, Tensor other) -> Tensor", shift<RightShift, Scalar, Tensor>>(),
    op<"aten::__lshift__.Tensor(Tensor self, Tensor other) -> Tensor", shift<LeftShift, Tensor, Tensor>>(),
    op<"aten::__lshift__.Scalar(Tensor self, Scalar other) -> Tensor", shift<LeftShift, Tensor, Scalar>>(),
    op<"aten::__rshift__.Tensor(Tensor self, Tensor other) -> Tensor", shift<RightShift, Tensor, Tensor>>(),
    op<"aten::__rshift__.Scalar(Tensor self, Scalar other) -> Tensor", shift<RightShift, Tensor, Scalar>>(),
};

}  // namespace

const std::span<const Op> compare_ops = rows;

}  // namespace tsrun
