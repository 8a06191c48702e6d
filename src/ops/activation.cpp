// Activation functions.
#include "ops/pointwise.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

using kernels::Unary;

/// An activation that is a vector kernel with parameters.
template <detail::Text Name, Unary Kernel>
struct Activation : Functor<Name> {
  static constexpr Unary kernel = Kernel;
  static constexpr DTypeSet accepts = dtypes::floats;
  using Types = TypeList<float, double>;
  std::array<double, 4> values{};
  std::array<double, 4> params() const { return values; }
};
template <class F>
Tensor activate(Context& ctx, const Tensor& self, const std::array<double, 4>& values) {
  F f;
  f.values = values;
  return apply(ctx, f, self);
}

struct Gelu : Activation<"GeluKernelImpl", Unary::gelu> {};
struct GeluTanh : Activation<"GeluKernelImpl", Unary::gelu_tanh> {};
struct Mish : Activation<"mish_cpu", Unary::mish> {};
struct Hardswish : Activation<"hardswish_cpu", Unary::hardswish> {};
struct Hardsigmoid : Activation<"hardsigmoid_cpu", Unary::hardsigmoid> {};
struct LogSigmoid : Activation<"log_sigmoid_cpu", Unary::log_sigmoid> {};
struct LeakyRelu : Activation<"leaky_relu_cpu", Unary::leaky_relu> {};
struct Hardshrink : Activation<"hardshrink_cpu", Unary::hardshrink> {};
struct Softshrink : Activation<"softshrink_cpu", Unary::softshrink> {};
struct Softplus : Activation<"softplus_cpu", Unary::softplus> {};
struct Elu : Activation<"elu_cpu", Unary::elu> {};

struct Silu : ComplexFunction<"silu_cpu"> {
  static constexpr Unary kernel = Unary::silu;
  static constexpr bool floating = false;
  C128 operator()(C128 x) const { return x / (1.0 + std::exp(-x)); }
};

struct Relu : Functor<"clamp_min_scalar_cpu"> {
  static constexpr Unary kernel = Unary::relu;
  int64_t operator()(int64_t x) const { return std::max<int64_t>(x, 0); }
};
Tensor relu(Context& ctx, const Tensor& self) {
  check(self.dtype() != DType::boolean, "Boolean inputs not supported for relu");
  check(!is_complex(self.dtype()), "clamp is not supported for complex types");
  return unary<Relu>(ctx, self);
}

struct Hardtanh : Functor<"clamp_scalar_cpu"> {
  static constexpr Unary kernel = Unary::hardtanh;
  Scalar low = 0, high = 0;
  std::array<double, 4> params() const { return {low.to_double(), high.to_double()}; }
  int64_t operator()(int64_t x) const { return std::min(std::max(x, low.to_int()), high.to_int()); }
};
Tensor hardtanh(Context& ctx, const Tensor& self, const Scalar& min, const Scalar& max) {
  check(self.dtype() != DType::boolean, "Bool inputs not supported for hardtanh");
  check(!is_complex(self.dtype()), "clamp is not supported for complex types");
  check(self.dtype() != DType::u8 || (min.to_int() >= 0 && max.to_int() >= 0),
        "cannot do hardtanh on an unsigned type with negative limits");
  Hardtanh f;
  f.low = detail::converted(min, self.dtype());
  f.high = detail::converted(max, self.dtype());
  return compute(ctx, f, self.dtype(), std::array{pass_input(self)});
}
Tensor relu6(Context& ctx, const Tensor& self) { return hardtanh(ctx, self, 0, 6); }

struct Threshold : Functor<"threshold_cpu"> {
  static constexpr Unary kernel = Unary::threshold;
  Scalar limit = 0, value = 0;
  std::array<double, 4> params() const { return {limit.to_double(), value.to_double()}; }
  int64_t operator()(int64_t x) const { return x <= limit.to_int() ? value.to_int() : x; }
};
Tensor threshold(Context& ctx, const Tensor& self, const Scalar& limit, const Scalar& value) {
  Threshold f;
  if (!(Threshold::accepts & set_of(self.dtype()))) detail::refuse(Threshold::name, self.dtype());
  f.limit = detail::converted(limit, self.dtype());
  f.value = detail::converted(value, self.dtype());
  return compute(ctx, f, self.dtype(), std::array{pass_input(self)});
}

// ---- parameters from Python numbers -------------------------------------------------------------------------------------------------
Tensor gelu(Context& ctx, const Tensor& self, std::string_view approximate) {
  check(approximate == "none" || approximate == "tanh", "approximate argument must be either none or tanh.");
  return approximate == "none" ? unary<Gelu>(ctx, self) : unary<GeluTanh>(ctx, self);
}
Tensor leaky_relu(Context& ctx, const Tensor& self, const Scalar& slope) { return activate<LeakyRelu>(ctx, self, {slope.to_double()}); }
Tensor hardshrink(Context& ctx, const Tensor& self, const Scalar& lambd) { return activate<Hardshrink>(ctx, self, {lambd.to_double()}); }
Tensor softshrink(Context& ctx, const Tensor& self, const Scalar& lambd) {
  check(lambd.to_double() >= 0, "lambda must be in range [0, inf) for input dtype ", scalar_type_name(self.dtype()), ", but found ",
        lambd.to_double());
  return activate<Softshrink>(ctx, self, {lambd.to_double()});
}
Tensor softplus(Context& ctx, const Tensor& self, const Scalar& beta, const Scalar& limit) {
  return activate<Softplus>(ctx, self, {beta.to_double(), limit.to_double()});
}
Tensor elu(Context& ctx, const Tensor& self, const Scalar& alpha, const Scalar& scale, const Scalar& input_scale) {
  return activate<Elu>(ctx, self, {alpha.to_double(), scale.to_double(), input_scale.to_double()});
}
Tensor selu(Context& ctx, const Tensor& self) { return activate<Elu>(ctx, self, {1.6732632423543772, 1.0507009873554805, 1}); }
Tensor celu(Context& ctx, const Tensor& self, const Scalar& alpha) {
  check(alpha.to_double() != 0, "ZeroDivisionError: alpha cannot be 0 for CELU");
  return activate<Elu>(ctx, self, {alpha.to_double(), 1, 1 / alpha.to_double()});
}

// ---- several operands or results ----------------------------------------------------------------------------------------------------
struct Prelu : Functor<"prelu_cpu"> {
  static constexpr DTypeSet accepts = dtypes::floats;
  using Types = TypeList<float, double>;
  template <class T>
  T operator()(T x, T weight) const {
    return x > 0 ? x : weight * x;
  }
};
Tensor prelu_kernel(Context& ctx, const Tensor& self, const Tensor& weight) {
  check(self.dtype() == weight.dtype(), "Found dtype ", scalar_type_name(weight.dtype()), " but expected ", scalar_type_name(self.dtype()));
  return binary<Prelu>(ctx, self, weight);
}
Tensor prelu(Context& ctx, const Tensor& self, const Tensor& weight) {
  check(weight.dim() <= 1, "prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = ", weight.dim());
  check(self.dtype() == weight.dtype(), "prelu: Type promoting not supported. Got ", scalar_type_name(self.dtype()), " and ",
        scalar_type_name(weight.dtype()));
  if (weight.numel() == 1) return binary<Prelu>(ctx, self, reshape(ctx, weight, Dims(static_cast<size_t>(self.dim()), 1)));
  check(self.dim() > 0, "Not allow zero-dim input tensor.");
  int64_t channels = self.dim() > 1 ? self.size(1) : 1;
  check(channels == weight.numel(), "Mismatch of parameter numbers and input channel size. Found parameter numbers = ", weight.numel(),
        " and channel size = ", channels, ".");
  Dims sizes(static_cast<size_t>(self.dim()), 1);
  if (self.dim() > 1) sizes[1] = channels;
  return binary<Prelu>(ctx, self, reshape(ctx, weight, sizes));
}

template <class T>
void glu_span(const void* const* in, void* out, int64_t n, const void*) {
  constexpr int64_t part = 256;
  T gate[part];
  const T *a = static_cast<const T*>(in[0]), *b = static_cast<const T*>(in[1]);
  T* y = static_cast<T*>(out);
  for (int64_t begin = 0; begin < n; begin += part) {
    int64_t count = std::min(part, n - begin);
    if constexpr (std::is_same_v<T, float>) kernels::unary_f32(Unary::sigmoid)(b + begin, gate, count, nullptr);
    else kernels::unary_f64(Unary::sigmoid)(b + begin, gate, count, nullptr);
    for (int64_t i = 0; i < count; ++i) y[begin + i] = a[begin + i] * gate[i];
  }
}
Tensor glu(Context& ctx, const Tensor& self, int64_t dim) {
  check(self.dim() > 0, "glu does not support 0-dimensional tensors");
  dim = wrap_dim(dim, self.dim());
  int64_t size = self.size(dim);
  check(size % 2 == 0, "Halving dimension must be even, but dimension ", dim, " is size ", size);
  DType t = self.dtype();
  if (t >= DType(32) || !(dtypes::floats & set_of(t))) detail::refuse("glu_cpu", t);
  Tensor a = narrow(self, dim, 0, size / 2), b = narrow(self, dim, size / 2, size / 2);
  if (t == DType::f64) return run(ctx, {glu_span<double>, nullptr, t, t}, std::array{PassInput(a, t), PassInput(b, t)});
  return run(ctx, {glu_span<float>, nullptr, DType::f32, t}, std::array{PassInput(a, DType::f32), PassInput(b, DType::f32)});
}

/// What PyTorch keeps for the backward pass of log_sigmoid.
struct ExpOfMinusAbs : FloatFunction<"log_sigmoid_cpu"> {
  auto operator()(auto x) const { return std::exp(-std::abs(x)); }
};
// The results are always contiguous.
Tensor log_sigmoid(Context& ctx, const Tensor& self) { return unary<LogSigmoid>(ctx, contiguous(ctx, self)); }
std::tuple<Tensor, Tensor> log_sigmoid_forward(Context& ctx, const Tensor& self) {
  Context inner = without_destination(ctx);
  Tensor x = contiguous(ctx, self);
  return {unary<LogSigmoid>(inner, x), unary<ExpOfMinusAbs>(inner, x)};
}

constexpr Op rows[] = {
    op<"aten::relu(Tensor self) -> Tensor", relu>(),
    op<"aten::relu6(Tensor self) -> Tensor", relu6>(),
    op<"aten::hardtanh(Tensor self, Scalar min_val=-1, Scalar max_val=1) -> Tensor", hardtanh>(),
    op<"aten::threshold(Tensor self, Scalar threshold, Scalar value) -> Tensor", threshold>(),
    op<"aten::leaky_relu(Tensor self, Scalar negative_slope=0.01) -> Tensor", leaky_relu>(),
    op<"aten::prelu(Tensor self, Tensor weight) -> Tensor", prelu>(),
    op<"aten::_prelu_kernel(Tensor self, Tensor weight) -> Tensor", prelu_kernel>(),
    op<"aten::elu(Tensor self, Scalar alpha=1, Scalar scale=1, Scalar input_scale=1) -> Tensor", elu>(),
    op<"aten::selu(Tensor self) -> Tensor", selu>(),
    op<"aten::celu(Tensor self, Scalar alpha=1.) -> Tensor", celu>(),
    op<"aten::gelu(Tensor self, *, str approximate=\"none\") -> Tensor", gelu>(),
    op<"aten::silu(Tensor self) -> Tensor", unary<Silu>>(),
    op<"aten::mish(Tensor self) -> Tensor", unary<Mish>>(),
    op<"aten::hardswish(Tensor self) -> Tensor", unary<Hardswish>>(),
    op<"aten::hardsigmoid(Tensor self) -> Tensor", unary<Hardsigmoid>>(),
    op<"aten::hardshrink(Tensor self, Scalar lambd=0.5) -> Tensor", hardshrink>(),
    op<"aten::softshrink(Tensor self, Scalar lambd=0.5) -> Tensor", softshrink>(),
    op<"aten::softplus(Tensor self, Scalar beta=1, Scalar threshold=20) -> Tensor", softplus>(),
    op<"aten::log_sigmoid(Tensor self) -> Tensor", log_sigmoid>(),
    op<"aten::log_sigmoid_forward(Tensor self) -> (Tensor output, Tensor buffer)", log_sigmoid_forward>(),
    op<"aten::glu(Tensor self, int dim=-1) -> Tensor", glu>(),
};

}  // namespace

const std::span<const Op> activation_ops = rows;

}  // namespace tsrun
