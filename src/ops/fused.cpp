#include "ops/fused.h"

#include "ops/conv.h"
#include "ops/kernels/norm.h"
#include "ops/matmul.h"
#include "ops/registry.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

using kernels::Activation;
using kernels::ActivationKind;

struct NamedActivation {
  std::string_view name, op;  // `op` computes it alone
  ActivationKind kind;
};
constexpr NamedActivation activations[] = {
    {"none", "", ActivationKind::none},
    {"relu", "aten::relu", ActivationKind::relu},
    {"relu6", "aten::relu6", ActivationKind::relu6},
    {"hardtanh", "aten::hardtanh", ActivationKind::hardtanh},
    {"leaky_relu", "aten::leaky_relu", ActivationKind::leaky_relu},
    {"hardswish", "aten::hardswish", ActivationKind::hardswish},
    {"hardsigmoid", "aten::hardsigmoid", ActivationKind::hardsigmoid},
    {"silu", "aten::silu", ActivationKind::silu},
    {"sigmoid", "aten::sigmoid", ActivationKind::sigmoid},
    {"tanh", "aten::tanh", ActivationKind::tanh},
    {"gelu", "aten::gelu", ActivationKind::gelu},
    {"gelu_tanh", "aten::gelu", ActivationKind::gelu_tanh},
};

/// What follows the product: a sum with another tensor, then an activation.
struct Tail {
  const Tensor* residual;
  std::string_view sum;  // of product and residual: "none", "add", "radd" (the residual first: it decides about strides), "add_" (in place)
  const NamedActivation* activation;
  double a, b;

  Tail(const Tensor* addend, std::string_view form, std::string_view name, double first, double second)
      : residual(addend), sum(form), activation(nullptr), a(first), b(second) {
    for (const NamedActivation& n : activations)
      if (n.name == name) activation = &n;
    check(activation, "there is no activation '", name, "'");
  }

  bool is_empty() const { return !residual && activation->kind == ActivationKind::none; }
  Activation fused() const { return {activation->kind, a, b}; }

  /// The operators one after another, for tensors that the fused kernels do not take.
  Tensor apply(Context& ctx, const Tensor& product) const {
    Tensor y = product;
    if (residual && sum == "radd") y = call(ctx, "aten::add.Tensor", {*residual, y, int64_t{1}});
    else if (residual) y = call(ctx, sum == "add_" ? "aten::add_.Tensor" : "aten::add.Tensor", {y, *residual, int64_t{1}});
    if (activation->kind == ActivationKind::none) return y;
    std::vector<Value> arguments{y};
    if (activation->kind == ActivationKind::hardtanh || activation->kind == ActivationKind::leaky_relu) arguments.push_back(a);
    if (activation->kind == ActivationKind::hardtanh) arguments.push_back(b);
    if (activation->kind == ActivationKind::gelu) arguments.push_back(std::string("none"));
    if (activation->kind == ActivationKind::gelu_tanh) arguments.push_back(std::string("tanh"));
    return call(ctx, activation->op, arguments);
  }

 private:
  static Tensor call(Context& ctx, std::string_view name, const std::vector<Value>& arguments) {
    const Op& op = *find_operator(name)->op;
    std::vector<const Value*> in;
    for (const Value& v : arguments) in.push_back(&v);
    Value result, *place = &result;
    op.call(ctx, op, Arguments(in.data(), in.size()), &place);
    return result.to_tensor();
  }
};

/// Has the sum of a float32 product and the residual the product's sizes and strides?
bool fits_product(const Tensor& residual, IntSpan sizes, MemoryFormat format) {
  return residual.dtype() == DType::f32 && std::ranges::equal(residual.sizes(), sizes) && residual.is_contiguous(format);
}

/// While the fallback's own operators run, the weights prepared for the instruction are not theirs.
class WithoutPrepared {
 public:
  explicit WithoutPrepared(Context& ctx) : ctx_(ctx), prepared_(ctx.prepared) { ctx.prepared = nullptr; }
  ~WithoutPrepared() { ctx_.prepared = prepared_; }

 private:
  Context& ctx_;
  Ref<const Prepared>* prepared_;
};

class ChannelsLastResult {
 public:
  ChannelsLastResult(Context& ctx, bool on) : ctx_(ctx) { ctx.channels_last_result = on; }
  ~ChannelsLastResult() { ctx_.channels_last_result = false; }

 private:
  Context& ctx_;
};

Tensor convolution(Context& ctx, const Tensor& input, const Tensor* residual, const Tensor& weight, const Tensor* bias, const Tensor* scale,
                   IntSpan stride, IntSpan padding, IntSpan dilation, bool transposed, IntSpan output_padding, int64_t groups,
                   bool batched_only, std::string_view sum, std::string_view activation, double a, double b, bool channels_last) {
  Tail tail(residual, sum, activation, a, b);
  ConvParams params = make_conv_params(weight, stride, padding, dilation, groups, transposed, output_padding);
  bool batched = input.dim() + 1 != weight.dim();
  if (batched) check_convolution(input, weight, bias, params);
  if (batched_only) check_batched(input, weight);
  Tensor product;
  {
    ChannelsLastResult order(ctx, channels_last);
    bool fits = batched && input.dtype() == DType::f32 && input.dim() < 5;
    if (fits && residual) {
      Dims sizes = conv_result_sizes(input, weight, params);
      fits = fits_product(*residual, sizes, conv_result_format(ctx, input, weight));
    }
    if (fits) return convolve(ctx, input, weight, bias, params, tail.fused(), residual, scale);
    product = batched ? convolve(ctx, input, weight, bias, params, {}, nullptr, scale)
                      : squeeze(convolve(ctx, unsqueeze(input, 0), weight, bias, params), 0);
  }
  WithoutPrepared aside(ctx);
  return tail.is_empty() ? product : tail.apply(ctx, product);
}

Tensor fused_linear(Context& ctx, const Tensor& input, const Tensor* residual, const Tensor& weight, const Tensor* bias,
                    std::string_view sum, std::string_view activation, double a, double b) {
  Tail tail(residual, sum, activation, a, b);
  bool fits = input.dtype() == DType::f32 && input.dim() >= 1 && weight.dim() == 2;
  if (fits && residual) {
    Dims sizes(input.sizes());
    sizes.back() = weight.size(0);
    fits = fits_product(*residual, sizes, MemoryFormat::contiguous);
  }
  if (fits) return linear(ctx, input, weight, bias, tail.fused(), residual);
  Tensor product = linear(ctx, input, weight, bias);
  WithoutPrepared aside(ctx);
  return tail.apply(ctx, product);
}

/// The factor and the bias that make a convolution of a convolution followed by a batch norm.
std::tuple<Tensor, Tensor> fold_batch_norm(Context& ctx, const Tensor* conv_bias, const Tensor* weight, const Tensor* bias,
                                           const Tensor& mean, const Tensor& var, double eps) {
  auto row = [&](const Tensor* t, double missing) { return t ? contiguous(ctx, *t) : full(ctx, mean.sizes(), missing, DType::f32); };
  Tensor w = row(weight, 1), shift = row(bias, 0), before = row(conv_bias, 0), m = row(&mean, 0), v = row(&var, 1);
  Tensor scale = ctx.empty(mean.sizes(), DType::f32), offset = ctx.empty(mean.sizes(), DType::f32);
  // (conv + before - mean) * scale + shift: the convolution's bias moves the mean
  Tensor moved = clone(ctx, m, MemoryFormat::contiguous);
  for (int64_t i = 0; i < moved.numel(); ++i) moved.data<float>()[i] -= before.data<float>()[i];
  kernels::fold_batch_norm(moved.data<float>(), v.data<float>(), w.data<float>(), shift.data<float>(), eps, mean.numel(),
                           scale.data<float>(), offset.data<float>());
  return {scale, offset};
}

/// Are the results of convolutions of this image, and of what follows them, contiguous in PyTorch?
bool enter_channels_last(Context&, const Tensor& image) {
  return image.dim() == 4 && image.dtype() == DType::f32 && !looks_channels_last(image);
}

/// x with contiguous strides, to the last one, when `entered`; else x itself.
Tensor leave_channels_last(Context& ctx, const Tensor& x, bool entered) {
  if (!entered) return x;
  Tensor y = contiguous(ctx, x);
  Dims strides = contiguous_strides(y.sizes());
  return std::ranges::equal(y.strides(), IntSpan(strides)) ? y : make_view(y, y.sizes(), strides, y.offset());
}

constexpr Op rows[] = {
    op<"tsrun::convolution(Tensor input, Tensor? residual, Tensor weight, Tensor? bias, Tensor? scale, int[] stride, int[] padding, int[] "
       "dilation, "
       "bool transposed, int[] output_padding, int groups, bool batched, str sum, str activation, float a, float b, bool "
       "channels_last) -> Tensor",
       convolution>(),
    op<"tsrun::linear(Tensor input, Tensor? residual, Tensor weight, Tensor? bias, str sum, str activation, float a, float b) -> "
       "Tensor",
       fused_linear>(),
    op<"tsrun::fold_batch_norm(Tensor? conv_bias, Tensor? weight, Tensor? bias, Tensor mean, Tensor var, float eps) -> (Tensor scale, "
       "Tensor bias)",
       fold_batch_norm>(),
    op<"tsrun::enter_channels_last(Tensor image) -> bool", enter_channels_last>(),
    op<"tsrun::leave_channels_last(Tensor(a) x, bool entered) -> Tensor(a)", leave_channels_last>(),
};

}  // namespace

const std::span<const Op> fused_ops = rows;

}  // namespace tsrun
