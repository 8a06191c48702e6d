// Conjugates, phases, complex numbers from their parts; the operators that ask for dtypes.
#include <numbers>

#include "ops/pointwise.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

struct Conj : Functor<"conj_cpu"> {
  static constexpr DTypeSet accepts = dtypes::complexes;
  using Types = TypeList<C64, C128>;
  auto operator()(auto x) const { return std::conj(x); }
};
/// Tensors carry no conjugate bit: a conjugate is computed at once.
Tensor conj(Context& ctx, const Tensor& self) { return is_complex(self.dtype()) ? unary<Conj>(ctx, self) : self; }
Tensor conj_copy(Context& ctx, const Tensor& self) { return is_complex(self.dtype()) ? unary<Conj>(ctx, self) : clone(ctx, self); }
Tensor conj_of_complex(Context& ctx, const Tensor& self) { return unary<Conj>(ctx, self); }
Tensor resolve(Context&, const Tensor& self) { return self; }

struct Angle : Functor<"angle_cpu"> {
  static constexpr DTypeSet accepts = dtypes::floats | dtypes::complexes;
  static constexpr bool floating = true;
  using Types = TypeList<float, double, C128>;
  template <class T>
  auto operator()(T x) const {
    if constexpr (is_complex_type<T>) return std::isnan(x.real()) || std::isnan(x.imag()) ? std::nan("") : std::arg(x);
    else return x != x ? x : x < 0 ? static_cast<T>(std::numbers::pi) : T(0);
  }
};

// A complex result of two real operands: the span function writes pairs, which the generic machinery does not know.
template <class T>
void polar_span(const void* const* in, void* out, int64_t n, const void*) {
  const T *radius = static_cast<const T*>(in[0]), *angle = static_cast<const T*>(in[1]);
  auto* y = static_cast<std::complex<T>*>(out);
  for (int64_t i = 0; i < n; ++i) y[i] = {radius[i] * std::cos(angle[i]), radius[i] * std::sin(angle[i])};
}
Tensor polar(Context& ctx, const Tensor& abs, const Tensor& angle) {
  DType t = abs.dtype();
  check((t == DType::f32 || t == DType::f64) && is_floating(angle.dtype()),
        "Expected both inputs to be Half, Float or Double tensors but got ", scalar_type_name(t), " and ", scalar_type_name(angle.dtype()));
  check(t == angle.dtype(), "Expected object of scalar type ", scalar_type_name(t), " but got scalar type ",
        scalar_type_name(angle.dtype()), " for second argument");
  DType made = complex_type(t);
  return run(ctx, {t == DType::f32 ? polar_span<float> : polar_span<double>, nullptr, made, made},
             std::array{PassInput(abs, t), PassInput(angle, t)});
}

// ---- dtypes -------------------------------------------------------------------------------------------------------------------------
template <class A, class B>
int64_t type_of(Context&, const A& a, const B& b) {
  return static_cast<int64_t>(result_type(a, b));
}
int64_t promoted(Context&, DType a, DType b) { return static_cast<int64_t>(promote_types(a, b)); }
bool castable(Context&, DType from, DType to) { return can_cast(from, to); }

constexpr Op rows[] = {
    op<"aten::conj(Tensor(a) self) -> Tensor(a)", conj>(),
    op<"aten::_conj(Tensor(a) self) -> Tensor(a)", conj_of_complex>(),
    op<"aten::_conj_copy(Tensor self) -> Tensor", conj_of_complex>(),
    op<"aten::_conj_physical(Tensor self) -> Tensor", conj_copy>(),
    op<"aten::conj_physical(Tensor self) -> Tensor", conj_copy>(),
    op<"aten::resolve_conj(Tensor(a) self) -> Tensor(a)", resolve>(),
    op<"aten::resolve_neg(Tensor(a) self) -> Tensor(a)", resolve>(),
    op<"aten::angle(Tensor self) -> Tensor", unary<Angle>>(),
    op<"aten::polar(Tensor abs, Tensor angle) -> Tensor", polar>(),

    op<"aten::result_type.Tensor(Tensor tensor, Tensor other) -> ScalarType", type_of<Tensor, Tensor>>(),
    op<"aten::result_type.Scalar(Tensor tensor, Scalar other) -> ScalarType", type_of<Tensor, Scalar>>(),
    op<"aten::result_type.Scalar_Tensor(Scalar scalar, Tensor tensor) -> ScalarType", type_of<Scalar, Tensor>>(),
    op<"aten::result_type.Scalar_Scalar(Scalar scalar1, Scalar scalar2) -> ScalarType", type_of<Scalar, Scalar>>(),
    op<"aten::promote_types(ScalarType type1, ScalarType type2) -> ScalarType", promoted>(),
    op<"aten::can_cast(ScalarType from_, ScalarType to) -> bool", castable>(),
};

}  // namespace

const std::span<const Op> complex_ops = rows;

}  // namespace tsrun
