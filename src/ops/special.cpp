// Special functions: gamma, error, Bessel, Airy and zeta functions and the orthogonal polynomials.
#include <numbers>

#include "ops/pointwise.h"
#include "ops/special_math.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

// All functions share one copy of the machinery: the functor holds a pointer to the scalar function, and everything is computed in double.
struct OfOne : DoubleFunction<"special"> {
  double (*function)(double) = nullptr;
  double operator()(double x) const { return function(x); }
};
struct OfTwo : DoubleFunction<"special"> {
  double (*function)(double, double) = nullptr;
  double operator()(double x, double y) const { return function(x, y); }
};

template <class F, class... Operands>
Tensor in_double(Context& ctx, std::string_view name, DTypeSet accepts, decltype(F::function) function, const Operands&... operands) {
  DType common = floating_type(result_type(operands...));
  if (!(accepts & set_of(common))) detail::refuse(name, common);
  F f;
  f.function = function;
  return compute(ctx, f, common, std::array{pass_input(operands)...});
}

/// The functions that PyTorch does not have for halves say `wide`.
constexpr DTypeSet wide = dtypes::wide_floats;
template <detail::Text Name, double (*Function)(double), DTypeSet Accepts = dtypes::floats>
Tensor one(Context& ctx, const Tensor& self) {
  return in_double<OfOne>(ctx, Name.view(), Accepts, Function, self);
}
template <detail::Text Name, double (*Function)(double, double), DTypeSet Accepts, class A, class B>
Tensor two(Context& ctx, const A& a, const B& b) {
  return in_double<OfTwo>(ctx, Name.view(), Accepts, Function, a, b);
}

/// A function that has a vector kernel for float.
template <detail::Text Name, void (*Kernel)(const float*, float*, int64_t), double (*Function)(double), DTypeSet Accepts = dtypes::floats>
Tensor with_kernel(Context& ctx, const Tensor& self) {
  if (self.dtype() != DType::f32) return one<Name, Function, Accepts>(ctx, self);
  auto span = [](const void* const* in, void* out, int64_t n, const void*) {
    Kernel(static_cast<const float*>(in[0]), static_cast<float*>(out), n);
  };
  return run(ctx, {span, nullptr, DType::f32, DType::f32}, std::array{PassInput(self, DType::f32)});
}

double lgamma_of(double x) { return std::lgamma(x); }
double entr(double x) { return std::isnan(x) ? x : x > 0 ? -x * std::log(x) : x == 0 ? 0 : -std::numeric_limits<double>::infinity(); }

double k0(double x) { return special::scaled_k(0, x) * std::exp(-x); }
double k1(double x) { return special::scaled_k(1, x) * std::exp(-x); }
double scaled_k0(double x) { return special::scaled_k(0, x); }
double scaled_k1(double x) { return special::scaled_k(1, x); }
double spherical_j0(double x) {
  if (std::isinf(x)) return 0;
  double s = x * x;
  return s < 1e-6 ? 1 - s / 6 : std::sin(x) / x;
}

/// The incomplete gamma functions take floating tensors only.
template <detail::Text Name, double (*Function)(double, double)>
Tensor incomplete_gamma(Context& ctx, const Tensor& self, const Tensor& other) {
  DType common = result_type(self, other);
  if (!is_floating(common)) detail::refuse(Name.view(), common);
  return two<Name, Function, dtypes::floats>(ctx, self, other);
}
constexpr auto lgamma = one<"lgamma_vml_cpu", lgamma_of>;
constexpr auto digamma = one<"digamma", special::digamma>;
constexpr auto igamma = incomplete_gamma<"igamma_cpu", special::gamma_p>;
constexpr auto igammac = incomplete_gamma<"igammac_cpu", special::gamma_q>;
constexpr auto erfinv = with_kernel<"erfinv_vml_cpu", kernels::erfinv, special::erfinv>;
constexpr auto i0_of = one<"i0_vml_cpu", special::i0>;
template <class A, class B>
constexpr auto zeta = two<"zeta_cpu", special::zeta, wide, A, B>;

struct Trigamma : FloatFunction<"polygamma"> {
  auto operator()(auto x) const { return special::trigamma(x); }
};
struct Polygamma : DoubleFunction<"polygamma"> {
  double n = 0;
  double operator()(double x) const { return (std::fmod(n, 2) == 0 ? -1 : 1) * std::exp(std::lgamma(n + 1)) * special::zeta(n + 1, x); }
};
Tensor polygamma(Context& ctx, int64_t n, const Tensor& self) {
  check(n >= 0, "polygamma(n, x) does not support negative n.");
  if (n == 0) return digamma(ctx, self);
  if (n == 1) return unary<Trigamma>(ctx, self);
  Polygamma f;
  f.n = static_cast<double>(n);
  return apply(ctx, f, self);
}

/// The in-place form has its arguments in another order than the functional one.
Tensor polygamma_in_place(Context& ctx, const Tensor& self, int64_t n) {
  Tensor result = polygamma(ctx, n, self);
  check(can_cast(result.dtype(), self.dtype()), "result type ", scalar_type_name(result.dtype()),
        " can't be cast to the desired output type ", scalar_type_name(self.dtype()));
  copy_into(ctx, self, result);
  return self;
}

/// Rounded as a sum of tensors is.
struct Mvlgamma : FloatFunction<"lgamma_vml_cpu"> {
  int64_t p = 1;
  template <class T>
  T operator()(T x) const {
    auto dims = static_cast<double>(p);
    T sum = 0;
    for (int64_t j = 1; j <= p; ++j) sum += std::lgamma(x + static_cast<T>(static_cast<double>(j - p) / 2));
    return sum + static_cast<T>(dims * (dims - 1) / 4 * std::log(std::numbers::pi));
  }
};
Tensor mvlgamma(Context& ctx, const Tensor& self, int64_t p) {
  check(p >= 1, "p has to be greater than or equal to 1");
  check(p <= 1 << 20, "mvlgamma: p = ", p, " is too large");
  Mvlgamma f;
  f.p = p;
  return apply(ctx, f, contiguous(ctx, self));
}

// ---- polynomials --------------------------------------------------------------------------------------------------------------------
/// The degree comes as a floating number. PyTorch gives NaN for degrees of Hermite polynomials above a limit of the type.
struct Polynomial : FloatFunction<"polynomial"> {
  float (*narrow)(float, int64_t) = nullptr;
  double (*wide)(double, int64_t) = nullptr;
  bool shifted = false, limited = false;
  template <class T>
  T operator()(T x, T n) const {
    int64_t degree = n >= T(-0x1p62) && n < T(0x1p62) ? static_cast<int64_t>(n) : -1;
    if (limited && degree > (std::is_same_v<T, float> ? 128 : 512)) return static_cast<T>(NAN);
    T at = shifted ? x + x - 1 : x;
    if constexpr (std::is_same_v<T, float>) return narrow(at, degree);
    else return wide(at, degree);
  }
};
template <detail::Text Name, float (*Narrow)(float, int64_t), double (*Wide)(double, int64_t), bool Shifted, bool Limited, class A, class B>
Tensor polynomial(Context& ctx, const A& x, const B& n) {
  DType common = floating_type(result_type(x, n));
  if (!(wide & set_of(common))) detail::refuse(Name.view(), common);
  Polynomial f;
  f.narrow = Narrow;
  f.wide = Wide;
  f.shifted = Shifted;
  f.limited = Limited;
  return compute(ctx, f, common, std::array{pass_input(x), pass_input(n)});
}
template <class A, class B>
constexpr auto chebyshev_t =
    polynomial<"chebyshev_polynomial_t_cpu", special::chebyshev_t<float>, special::chebyshev_t<double>, false, false, A, B>;
template <class A, class B>
constexpr auto chebyshev_u =
    polynomial<"chebyshev_polynomial_u_cpu", special::chebyshev_u<float>, special::chebyshev_u<double>, false, false, A, B>;
template <class A, class B>
constexpr auto chebyshev_v =
    polynomial<"chebyshev_polynomial_v_cpu", special::chebyshev_v<float>, special::chebyshev_v<double>, false, false, A, B>;
template <class A, class B>
constexpr auto chebyshev_w =
    polynomial<"chebyshev_polynomial_w_cpu", special::chebyshev_w<float>, special::chebyshev_w<double>, false, false, A, B>;
template <class A, class B>
constexpr auto shifted_chebyshev_t =
    polynomial<"shifted_chebyshev_polynomial_t_cpu", special::chebyshev_t<float>, special::chebyshev_t<double>, true, false, A, B>;
template <class A, class B>
constexpr auto shifted_chebyshev_u =
    polynomial<"shifted_chebyshev_polynomial_u_cpu", special::chebyshev_u<float>, special::chebyshev_u<double>, true, false, A, B>;
template <class A, class B>
constexpr auto shifted_chebyshev_v =
    polynomial<"shifted_chebyshev_polynomial_v_cpu", special::chebyshev_v<float>, special::chebyshev_v<double>, true, false, A, B>;
template <class A, class B>
constexpr auto shifted_chebyshev_w =
    polynomial<"shifted_chebyshev_polynomial_w_cpu", special::chebyshev_w<float>, special::chebyshev_w<double>, true, false, A, B>;
template <class A, class B>
constexpr auto hermite_h = polynomial<"hermite_polynomial_h_cpu", special::hermite_h<float>, special::hermite_h<double>, false, true, A, B>;
template <class A, class B>
constexpr auto hermite_he =
    polynomial<"hermite_polynomial_he_cpu", special::hermite_he<float>, special::hermite_he<double>, false, true, A, B>;
template <class A, class B>
constexpr auto laguerre_l =
    polynomial<"laguerre_polynomial_l_cpu", special::laguerre_l<float>, special::laguerre_l<double>, false, false, A, B>;
template <class A, class B>
constexpr auto legendre_p =
    polynomial<"legendre_polynomial_p_cpu", special::legendre_p<float>, special::legendre_p<double>, false, false, A, B>;

constexpr Op rows[] = {
    op<"aten::lgamma(Tensor self) -> Tensor", lgamma>(),
    op<"aten::special_gammaln(Tensor self) -> Tensor", lgamma>(),
    op<"aten::mvlgamma(Tensor self, int p) -> Tensor", mvlgamma>(),
    op<"aten::special_multigammaln(Tensor self, int p) -> Tensor", mvlgamma>(),
    op<"aten::digamma(Tensor self) -> Tensor", digamma>(),
    op<"aten::special_digamma(Tensor self) -> Tensor", digamma>(),
    op<"aten::special_psi(Tensor self) -> Tensor", digamma>(),
    op<"aten::polygamma(int n, Tensor self) -> Tensor", polygamma>(),
    op<"aten::polygamma_(Tensor(a!) self, int n) -> Tensor(a!)", polygamma_in_place>(),
    op<"aten::special_polygamma(int n, Tensor self) -> Tensor", polygamma>(),
    op<"aten::igamma(Tensor self, Tensor other) -> Tensor", igamma>(),
    op<"aten::igammac(Tensor self, Tensor other) -> Tensor", igammac>(),
    op<"aten::special_gammainc(Tensor self, Tensor other) -> Tensor", igamma>(),
    op<"aten::special_gammaincc(Tensor self, Tensor other) -> Tensor", igammac>(),
    op<"aten::special_zeta(Tensor self, Tensor other) -> Tensor", zeta<Tensor, Tensor>>(),
    op<"aten::special_zeta.other_scalar(Tensor self, Scalar other) -> Tensor", zeta<Tensor, Scalar>>(),
    op<"aten::special_zeta.self_scalar(Scalar self, Tensor other) -> Tensor", zeta<Scalar, Tensor>>(),

    op<"aten::erfinv(Tensor self) -> Tensor", erfinv>(),
    op<"aten::special_erfinv(Tensor self) -> Tensor", erfinv>(),
    op<"aten::special_erfcx(Tensor self) -> Tensor", one<"erfcx_cpu", special::erfcx, wide>>(),
    op<"aten::special_ndtri(Tensor self) -> Tensor", with_kernel<"ndtri_cpu", kernels::ndtri, special::ndtri, wide>>(),
    op<"aten::special_log_ndtr(Tensor self) -> Tensor", one<"log_ndtr_cpu", special::log_ndtr, wide>>(),
    op<"aten::special_entr(Tensor self) -> Tensor", one<"entr_cpu", entr>>(),

    op<"aten::i0(Tensor self) -> Tensor", i0_of>(),
    op<"aten::special_i0(Tensor self) -> Tensor", i0_of>(),
    op<"aten::special_i0e(Tensor self) -> Tensor", one<"i0e_cpu", special::scaled_i0>>(),
    op<"aten::special_i1(Tensor self) -> Tensor", one<"i1_cpu", special::i1>>(),
    op<"aten::special_i1e(Tensor self) -> Tensor", one<"i1e_cpu", special::scaled_i1>>(),
    op<"aten::special_bessel_j0(Tensor self) -> Tensor", one<"bessel_j0_cpu", special::bessel_j0, wide>>(),
    op<"aten::special_bessel_j1(Tensor self) -> Tensor", one<"bessel_j1_cpu", special::bessel_j1, wide>>(),
    op<"aten::special_bessel_y0(Tensor self) -> Tensor", one<"bessel_y0_cpu", special::bessel_y0, wide>>(),
    op<"aten::special_bessel_y1(Tensor self) -> Tensor", one<"bessel_y1_cpu", special::bessel_y1, wide>>(),
    op<"aten::special_modified_bessel_i0(Tensor self) -> Tensor", one<"modified_bessel_i0_cpu", special::i0, wide>>(),
    op<"aten::special_modified_bessel_i1(Tensor self) -> Tensor", one<"modified_bessel_i1_cpu", special::i1, wide>>(),
    op<"aten::special_modified_bessel_k0(Tensor self) -> Tensor", one<"modified_bessel_k0_cpu", k0, wide>>(),
    op<"aten::special_modified_bessel_k1(Tensor self) -> Tensor", one<"modified_bessel_k1_cpu", k1, wide>>(),
    op<"aten::special_scaled_modified_bessel_k0(Tensor x) -> Tensor", one<"scaled_modified_bessel_k0_cpu", scaled_k0, wide>>(),
    op<"aten::special_scaled_modified_bessel_k1(Tensor x) -> Tensor", one<"scaled_modified_bessel_k1_cpu", scaled_k1, wide>>(),
    op<"aten::special_spherical_bessel_j0(Tensor x) -> Tensor", one<"spherical_bessel_j0_cpu", spherical_j0, wide>>(),
    op<"aten::special_airy_ai(Tensor x) -> Tensor", one<"airy_ai_cpu", special::airy_ai, wide>>(),

    op<"aten::special_chebyshev_polynomial_t(Tensor x, Tensor n) -> Tensor", chebyshev_t<Tensor, Tensor>>(),
    op<"aten::special_chebyshev_polynomial_t.x_scalar(Scalar x, Tensor n) -> Tensor", chebyshev_t<Scalar, Tensor>>(),
    op<"aten::special_chebyshev_polynomial_t.n_scalar(Tensor x, Scalar n) -> Tensor", chebyshev_t<Tensor, Scalar>>(),
    op<"aten::special_chebyshev_polynomial_u(Tensor x, Tensor n) -> Tensor", chebyshev_u<Tensor, Tensor>>(),
    op<"aten::special_chebyshev_polynomial_u.x_scalar(Scalar x, Tensor n) -> Tensor", chebyshev_u<Scalar, Tensor>>(),
    op<"aten::special_chebyshev_polynomial_u.n_scalar(Tensor x, Scalar n) -> Tensor", chebyshev_u<Tensor, Scalar>>(),
    op<"aten::special_chebyshev_polynomial_v(Tensor x, Tensor n) -> Tensor", chebyshev_v<Tensor, Tensor>>(),
    op<"aten::special_chebyshev_polynomial_v.x_scalar(Scalar x, Tensor n) -> Tensor", chebyshev_v<Scalar, Tensor>>(),
    op<"aten::special_chebyshev_polynomial_v.n_scalar(Tensor x, Scalar n) -> Tensor", chebyshev_v<Tensor, Scalar>>(),
    op<"aten::special_chebyshev_polynomial_w(Tensor x, Tensor n) -> Tensor", chebyshev_w<Tensor, Tensor>>(),
    op<"aten::special_chebyshev_polynomial_w.x_scalar(Scalar x, Tensor n) -> Tensor", chebyshev_w<Scalar, Tensor>>(),
    op<"aten::special_chebyshev_polynomial_w.n_scalar(Tensor x, Scalar n) -> Tensor", chebyshev_w<Tensor, Scalar>>(),
    op<"aten::special_shifted_chebyshev_polynomial_t(Tensor x, Tensor n) -> Tensor", shifted_chebyshev_t<Tensor, Tensor>>(),
    op<"aten::special_shifted_chebyshev_polynomial_t.x_scalar(Scalar x, Tensor n) -> Tensor", shifted_chebyshev_t<Scalar, Tensor>>(),
    op<"aten::special_shifted_chebyshev_polynomial_t.n_scalar(Tensor x, Scalar n) -> Tensor", shifted_chebyshev_t<Tensor, Scalar>>(),
    op<"aten::special_shifted_chebyshev_polynomial_u(Tensor x, Tensor n) -> Tensor", shifted_chebyshev_u<Tensor, Tensor>>(),
    op<"aten::special_shifted_chebyshev_polynomial_u.x_scalar(Scalar x, Tensor n) -> Tensor", shifted_chebyshev_u<Scalar, Tensor>>(),
    op<"aten::special_shifted_chebyshev_polynomial_u.n_scalar(Tensor x, Scalar n) -> Tensor", shifted_chebyshev_u<Tensor, Scalar>>(),
    op<"aten::special_shifted_chebyshev_polynomial_v(Tensor x, Tensor n) -> Tensor", shifted_chebyshev_v<Tensor, Tensor>>(),
    op<"aten::special_shifted_chebyshev_polynomial_v.x_scalar(Scalar x, Tensor n) -> Tensor", shifted_chebyshev_v<Scalar, Tensor>>(),
    op<"aten::special_shifted_chebyshev_polynomial_v.n_scalar(Tensor x, Scalar n) -> Tensor", shifted_chebyshev_v<Tensor, Scalar>>(),
    op<"aten::special_shifted_chebyshev_polynomial_w(Tensor x, Tensor n) -> Tensor", shifted_chebyshev_w<Tensor, Tensor>>(),
    op<"aten::special_shifted_chebyshev_polynomial_w.x_scalar(Scalar x, Tensor n) -> Tensor", shifted_chebyshev_w<Scalar, Tensor>>(),
    op<"aten::special_shifted_chebyshev_polynomial_w.n_scalar(Tensor x, Scalar n) -> Tensor", shifted_chebyshev_w<Tensor, Scalar>>(),
    op<"aten::special_hermite_polynomial_h(Tensor x, Tensor n) -> Tensor", hermite_h<Tensor, Tensor>>(),
    op<"aten::special_hermite_polynomial_h.x_scalar(Scalar x, Tensor n) -> Tensor", hermite_h<Scalar, Tensor>>(),
    op<"aten::special_hermite_polynomial_h.n_scalar(Tensor x, Scalar n) -> Tensor", hermite_h<Tensor, Scalar>>(),
    op<"aten::special_hermite_polynomial_he(Tensor x, Tensor n) -> Tensor", hermite_he<Tensor, Tensor>>(),
    op<"aten::special_hermite_polynomial_he.x_scalar(Scalar x, Tensor n) -> Tensor", hermite_he<Scalar, Tensor>>(),
    op<"aten::special_hermite_polynomial_he.n_scalar(Tensor x, Scalar n) -> Tensor", hermite_he<Tensor, Scalar>>(),
    op<"aten::special_laguerre_polynomial_l(Tensor x, Tensor n) -> Tensor", laguerre_l<Tensor, Tensor>>(),
    op<"aten::special_laguerre_polynomial_l.x_scalar(Scalar x, Tensor n) -> Tensor", laguerre_l<Scalar, Tensor>>(),
    op<"aten::special_laguerre_polynomial_l.n_scalar(Tensor x, Scalar n) -> Tensor", laguerre_l<Tensor, Scalar>>(),
    op<"aten::special_legendre_polynomial_p(Tensor x, Tensor n) -> Tensor", legendre_p<Tensor, Tensor>>(),
    op<"aten::special_legendre_polynomial_p.x_scalar(Scalar x, Tensor n) -> Tensor", legendre_p<Scalar, Tensor>>(),
    op<"aten::special_legendre_polynomial_p.n_scalar(Tensor x, Scalar n) -> Tensor", legendre_p<Tensor, Scalar>>(),
};

}  // namespace

const std::span<const Op> special_ops = rows;

}  // namespace tsrun
