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
Tensor conj_of_complex(Context& ctx, const Tensor& self) { return unary<Conj>(ctx, self); }
Tensor conj_contiguous(Context& ctx, const Tensor& self) { return unary<Conj>(ctx, contiguous(ctx, self)); }
Tensor conj_new(Context& ctx, const Tensor& self) { return is_complex(self.dtype()) ? unary<Conj>(ctx, self) : clone(ctx, self); }
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

/// Phases of complex tensors are always contiguous.
Tensor angle(Context& ctx, const Tensor& self) { return unary<Angle>(ctx, is_complex(self.dtype()) ? contiguous(ctx, self) : self); }

/// The real parts (part 0) or imaginary parts (part 1) as a view.
Tensor part_of(const Tensor& self, int64_t part) {
  Dims strides(self.strides());
  for (int64_t& s : strides)
    if (__builtin_mul_overflow(s, 2, &s)) s = 0;  // only where nothing is ever reached by it
  return Tensor::view_of(self.storage(), real_type(self.dtype()), self.sizes(), strides, 2 * self.offset() + part);
}
Tensor real(Context&, const Tensor& self) { return is_complex(self.dtype()) ? part_of(self, 0) : self; }
Tensor imag(Context&, const Tensor& self) {
  check(is_complex(self.dtype()), "imag is not implemented for tensors with non-complex dtypes.");
  return part_of(self, 1);
}

// A complex result of two real operands: the span function writes pairs, which the generic machinery does not know.
template <class T>
void polar_span(const void* const* in, void* out, int64_t n, const void*) {
  const T *radius = static_cast<const T*>(in[0]), *angle = static_cast<const T*>(in[1]);
  auto* y = static_cast<std::complex<T>*>(out);
  for (int64_t i = 0; i < n; ++i) y[i] = {radius[i] * std::cos(angle[i]), radius[i] * std::sin(angle[i])};
}
template <class T>
void complex_span(const void* const* in, void* out, int64_t n, const void*) {
  const T *real = static_cast<const T*>(in[0]), *imaginary = static_cast<const T*>(in[1]);
  auto* y = static_cast<std::complex<T>*>(out);
  for (int64_t i = 0; i < n; ++i) y[i] = {real[i], imaginary[i]};
}

Tensor from_parts(Context& ctx, const Tensor& a, const Tensor& b, SpanFunction f32, SpanFunction f64) {
  DType t = a.dtype(), other = b.dtype();
  auto fits = [](DType d) { return d == DType::f16 || d == DType::f32 || d == DType::f64; };
  check(fits(t) && fits(other), "Expected both inputs to be Half, Float or Double tensors but got ", scalar_type_name(t), " and ",
        scalar_type_name(other));
  check(t == other, "Expected object of scalar type ", scalar_type_name(t), " but got scalar type ", scalar_type_name(other),
        " for second argument");
  if (t == DType::f16) return cast(ctx, from_parts(ctx, cast(ctx, a, DType::f32), cast(ctx, b, DType::f32), f32, f64), DType::c32);
  DType made = complex_type(t);
  return run(ctx, {t == DType::f32 ? f32 : f64, nullptr, made, made}, std::array{PassInput(a, t), PassInput(b, t)});
}
Tensor complex(Context& ctx, const Tensor& real, const Tensor& imag) {
  return from_parts(ctx, real, imag, complex_span<float>, complex_span<double>);
}
Tensor polar(Context& ctx, const Tensor& abs, const Tensor& angle) {
  return from_parts(ctx, abs, angle, polar_span<float>, polar_span<double>);
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
    op<"aten::_conj_copy(Tensor self) -> Tensor", conj_contiguous>(),
    op<"aten::_conj_physical(Tensor self) -> Tensor", conj_new>(),
    op<"aten::conj_physical(Tensor self) -> Tensor", conj>(),
    op<"aten::resolve_conj(Tensor(a) self) -> Tensor(a)", resolve>(),
    op<"aten::resolve_neg(Tensor(a) self) -> Tensor(a)", resolve>(),
    op<"aten::angle(Tensor self) -> Tensor", angle>(),
    op<"aten::real(Tensor(a) self) -> Tensor(a)", real>(),
    op<"aten::imag(Tensor(a) self) -> Tensor(a)", imag>(),
    op<"aten::complex(Tensor real, Tensor imag) -> Tensor", complex>(),
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
