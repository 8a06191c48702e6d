// Pointwise operators from functors: one functor for the arithmetic, one row for the schema.
//
//   struct Sinh : ComplexFunction<"sinh"> { auto operator()(auto x) const { return std::sinh(x); } };
//   op<"aten::sinh(Tensor self) -> Tensor", unary<Sinh>>()
//
// A functor derives from Functor (or one of the shorthands below) and says, where the default does not fit:
//   name      for messages: "name" not implemented for 'Long'
//   accepts   dtypes it is defined for, after promotion
//   Types     C++ types the arithmetic is compiled for. A dtype that is not among them is computed in the next wider one:
//             halves in float, float in double, small integers and bool in int64_t, complex<float> in complex<double>
//   floating  integers and bool become the default dtype first
//   exact     operands of another dtype that are not rounded to the common dtype first, where halves are computed in float
//   kernel    a vector kernel (kernels::Unary or kernels::Binary) that does float and double; params() gives its parameters
// Its call operator takes one value for each operand. A bool result makes a bool tensor, a real result of complex values the real dtype.
#pragma once
#include <cmath>

#include "ops/dispatch.h"
#include "ops/iterate.h"
#include "ops/op.h"
#include "ops/promote.h"

// Before a loop whose iterations do not depend on each other, though its arrays may be the same one.
#ifdef __clang__
#define TSRUN_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define TSRUN_INDEPENDENT _Pragma("GCC ivdep")
#endif

namespace tsrun {

// ---- sets of dtypes --------------------------------------------------------------------------------------------------------------
using DTypeSet = uint32_t;
constexpr DTypeSet set_of(DType t) { return DTypeSet{1} << static_cast<int>(t); }
namespace dtypes {
constexpr DTypeSet wide_floats = set_of(DType::f32) | set_of(DType::f64);
constexpr DTypeSet floats = wide_floats | set_of(DType::f16) | set_of(DType::bf16);
constexpr DTypeSet ints = set_of(DType::u8) | set_of(DType::i8) | set_of(DType::i16) | set_of(DType::i32) | set_of(DType::i64);
constexpr DTypeSet boolean = set_of(DType::boolean);
constexpr DTypeSet complexes = set_of(DType::c64) | set_of(DType::c128);
constexpr DTypeSet late_unsigned = set_of(DType::u16) | set_of(DType::u32) | set_of(DType::u64);
constexpr DTypeSet reals = floats | ints;
constexpr DTypeSet numbers = reals | complexes;
constexpr DTypeSet all = numbers | boolean;
}  // namespace dtypes

/// Which operands keep their precision: PyTorch treats Python numbers and 0-dim tensors differently from operator to operator.
enum class Exact : uint8_t { none, numbers, second, all };

// ---- what functors derive from -----------------------------------------------------------------------------------------------------
template <detail::Text Name>
struct Functor {
  static constexpr std::string_view name = Name.view();
  static constexpr DTypeSet accepts = dtypes::reals;
  using Types = TypeList<float, double, int64_t>;
  static constexpr bool floating = false;
  static constexpr Exact exact = Exact::none;
};
/// Real functions: integers become float32.
template <detail::Text Name>
struct FloatFunction : Functor<Name> {
  static constexpr DTypeSet accepts = dtypes::floats;
  using Types = TypeList<float, double>;
  static constexpr bool floating = true;
};
/// As FloatFunction, always computed in double: for long formulas, where one copy of the code is enough.
template <detail::Text Name>
struct DoubleFunction : FloatFunction<Name> {
  using Types = TypeList<double>;
};
/// Real and complex functions.
template <detail::Text Name>
struct ComplexFunction : FloatFunction<Name> {
  static constexpr DTypeSet accepts = dtypes::floats | dtypes::complexes;
  using Types = TypeList<float, double, C128>;
};

// ---- machinery ---------------------------------------------------------------------------------------------------------------------
namespace detail {

template <class... T>
constexpr bool contains(TypeList<T...>, DType t) {
  return ((dtype_of<T> == t) || ...);
}
constexpr DType wider(DType t) {
  switch (t) {
    case DType::f16:
    case DType::bf16: return DType::f32;
    case DType::f32: return DType::f64;
    case DType::c64: return DType::c128;
    default: return DType::i64;
  }
}
/// The type in which `common` is computed.
template <class Types>
constexpr DType compute_type(Types types, DType common) {
  DType t = common;
  while (!contains(types, t) && t != wider(t) && t != DType::f64 && t != DType::c128) t = wider(t);
  return t;
}

template <class F, class T, size_t N>
void span_loop(const void* const* in, void* out, int64_t n, const void* state) {
  const F f = *static_cast<const F*>(state);
  [&]<size_t... I>(std::index_sequence<I...>) {
    using R = decltype(f((static_cast<void>(I), T())...));
    using Read = std::conditional_t<std::is_same_v<T, bool>, uint8_t, T>;  // compilers do not vectorise loads of bool
    const Read* a[N] = {static_cast<const Read*>(in[I])...};
    R* y = static_cast<R*>(out);
    TSRUN_INDEPENDENT
    for (int64_t i = 0; i < n; ++i) y[i] = f(static_cast<T>(a[I][i])...);
  }
  (std::make_index_sequence<N>());
}

/// Inputs ready to be read as `compute`: those of a dtype that is not `common` are rounded to it first, where that makes a difference.
class Inputs {
 public:
  Inputs(Context& ctx, std::span<const PassInput> inputs, DType common, DType compute, Exact exact);
  operator std::span<const PassInput>() const { return inputs_; }

 private:
  std::vector<PassInput> inputs_;
  std::array<Tensor, 5> cast_;
};

/// As PyTorch converts a parameter: throws "value cannot be converted to type uint8_t without overflow".
Scalar converted(const Scalar& s, DType to);

[[noreturn]] void refuse(std::string_view name, DType dtype);

struct UnaryKernelState {
  void (*function)();
  double wide[4];
  float narrow[4];
};
UnaryKernelState unary_kernel_state(kernels::Unary op, bool wide, std::span<const double> params);
void unary_kernel_f32(const void* const* in, void* out, int64_t n, const void* state);
void unary_kernel_f64(const void* const* in, void* out, int64_t n, const void* state);

template <class F>
concept UnaryKernel = requires {
  { F::kernel } -> std::convertible_to<kernels::Unary>;
};
template <class F>
concept BinaryKernel = requires {
  { F::kernel } -> std::convertible_to<kernels::Binary>;
};

template <class T>
kernels::BinaryFunction<T> binary_kernel(kernels::Binary op) {
  if constexpr (std::is_same_v<T, float>) return kernels::binary_f32(op);
  else if constexpr (std::is_same_v<T, double>) return kernels::binary_f64(op);
  else if constexpr (std::is_same_v<T, int32_t>) return kernels::binary_i32(op);
  else if constexpr (std::is_same_v<T, int64_t>) return kernels::binary_i64(op);
  else return nullptr;
}
template <class F, class T>
constexpr bool has_binary_kernel() {
  if constexpr (BinaryKernel<F>)
    return std::is_same_v<T, float> || std::is_same_v<T, double> ||
           (F::kernel < kernels::Binary::pow && (std::is_same_v<T, int32_t> || std::is_same_v<T, int64_t>));
  else return false;
}

}  // namespace detail

/// Runs the functor over the inputs (their `type` is ignored), computing as if all had the dtype `common`.
template <class F, size_t N>
Tensor compute(Context& ctx, const F& f, DType common, const std::array<PassInput, N>& inputs) {
  if (common >= DType(32) || !(F::accepts & set_of(common))) detail::refuse(F::name, common);
  DType type = detail::compute_type(typename F::Types(), common);
  detail::Inputs ready(ctx, inputs, common, type, F::exact);
  if constexpr (detail::UnaryKernel<F>) {
    if (type == DType::f32 || type == DType::f64) {
      std::array<double, 4> params{};
      if constexpr (requires { f.params(); }) params = f.params();
      bool wide = type == DType::f64;
      detail::UnaryKernelState state = detail::unary_kernel_state(F::kernel, wide, params);
      return run(ctx, {wide ? detail::unary_kernel_f64 : detail::unary_kernel_f32, &state, type, common}, ready);
    }
  }
  Tensor result;
  dispatch(typename F::Types(), type, F::name.data(), [&]<class T>() {
    if constexpr (detail::has_binary_kernel<F, T>()) {
      T alpha = 1;
      if constexpr (requires { f.alpha; }) alpha = f.alpha.template to<T>();
      result = run_binary<T>(ctx, detail::binary_kernel<T>(F::kernel), alpha, ready, common);
    } else if constexpr (!detail::UnaryKernel<F> || !(std::is_same_v<T, float> || std::is_same_v<T, double>)) {
      using R = decltype([&]<size_t... I>(std::index_sequence<I...>) {
        return f((static_cast<void>(I), T())...);
      }(std::make_index_sequence<N>()));
      DType dtype = std::is_same_v<R, bool> ? DType::boolean : is_complex_type<T> && !is_complex_type<R> ? real_type(common) : common;
      result = run(ctx, {detail::span_loop<F, T, N>, &f, dtype_of<R>, dtype}, ready);
    }
  });
  return result;
}

inline PassInput pass_input(const Tensor& t) { return {t, t.dtype()}; }
inline PassInput pass_input(const Scalar& s) { return {s, s.dtype()}; }

template <class F, class... Operands>
Tensor apply(Context& ctx, const F& f, const Operands&... operands) {
  DType common = result_type(operands...);
  return compute(ctx, f, F::floating ? floating_type(common) : common, std::array{pass_input(operands)...});
}

/// For a pass whose result is not the operator's.
inline Context without_destination(const Context& ctx) {
  Context inner = ctx;
  inner.destination = nullptr;
  return inner;
}

// ---- the shapes of rows ------------------------------------------------------------------------------------------------------------
template <class F>
Tensor unary(Context& ctx, const Tensor& self) {
  return compute(ctx, F(), F::floating ? floating_type(self.dtype()) : self.dtype(), std::array{pass_input(self)});
}
template <class F>
Tensor binary(Context& ctx, const Tensor& a, const Tensor& b) {
  return apply(ctx, F(), a, b);
}
template <class F>
Tensor binary_number(Context& ctx, const Tensor& a, const Scalar& b) {
  return apply(ctx, F(), a, b);
}
template <class F>
Tensor number_binary(Context& ctx, const Scalar& a, const Tensor& b) {
  return apply(ctx, F(), a, b);
}

}  // namespace tsrun
