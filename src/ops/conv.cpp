// The convolution operators: arguments, sizes, memory formats.
#include "ops/conv.h"

#include "ops/dispatch.h"
#include "ops/kernels/pointwise.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {

bool looks_channels_last(const Tensor& t) {
  if (t.dim() != 4 && t.dim() != 5) return false;
  if (t.stride(1) == 0) return false;
  int64_t least = 0;
  auto step = [&](int64_t d) {
    if (t.size(d) == 0 || t.stride(d) < least || (d == 0 && least == t.stride(1))) return false;
    least = t.stride(d) * std::max<int64_t>(t.size(d), 1);
    return true;
  };
  if (!step(1)) return false;
  for (int64_t d = t.dim() - 1; d >= 2; --d)
    if (!step(d)) return false;
  return step(0);
}

Dims conv_result_sizes(const Tensor& input, const Tensor& weight, const ConvParams& p) {
  Dims sizes{input.size(0), p.transposed ? weight.size(1) * p.groups : weight.size(0)};
  for (size_t d = 0; d < p.stride.size(); ++d) {
    int64_t in = input.sizes()[d + 2], kernel = weight.sizes()[d + 2];
    sizes.push_back(p.transposed
                        ? (in - 1) * p.stride[d] - p.pad_low[d] - p.pad_high[d] + p.dilation[d] * (kernel - 1) + p.output_padding[d] + 1
                        : window_count(in, kernel, p.pad_low[d], p.pad_high[d], p.stride[d], p.dilation[d]));
  }
  return sizes;
}

static Tensor add_channels(Context& ctx, const Tensor& y, const Tensor& bias) {
  Dims sizes(static_cast<size_t>(y.dim()), 1);
  sizes[1] = bias.numel();
  Tensor b = contiguous(ctx, bias);
  int64_t channels = y.size(1), plane = y.numel() / std::max<int64_t>(1, y.size(0) * channels);
  dispatch(TypeList<float, double, Half, BFloat16, C64, C128, uint8_t, int8_t, int16_t, int32_t, int64_t>(), y.dtype(), "convolution",
           [&]<class T>() {
             T* p = y.data<T>();
             const T* v = b.data<T>();
             for (int64_t i = 0; i < y.size(0) * channels; ++i)
               for (int64_t end = plane; end > 0; --end, ++p) *p = static_cast<T>(*p + v[i % channels]);
           });
  return y;
}

void check_convolution(const Tensor& input, const Tensor& weight, const Tensor* bias, const ConvParams& p) {
  size_t rank = p.stride.size();
  constexpr int64_t limit = int64_t{1} << 31;
  check(weight.dim() == static_cast<int64_t>(rank) + 2 && input.dim() == weight.dim(), "Expected ", rank + 1, "D (unbatched) or ", rank + 2,
        "D (batched) input to conv", rank, "d, but got input of size: ", input.sizes(), " and weight of size ", weight.sizes());
  for (size_t d = 0; d < rank; ++d) {
    check(p.stride[d] > 0, "non-positive stride is not supported");
    check(p.dilation[d] > 0, "dilation should be greater than zero");
    check(p.pad_low[d] >= 0 && p.pad_high[d] >= 0, "negative padding is not supported");
    check(p.output_padding[d] >= 0, "negative output_padding is not supported");
    check(p.stride[d] < limit && p.dilation[d] < limit && p.pad_low[d] < limit && p.output_padding[d] < limit &&
              weight.sizes()[d + 2] < limit && input.sizes()[d + 2] < limit,
          "convolution parameters are too large");
    check(weight.sizes()[d + 2] > 0, "the kernel must not be empty, got weight of size ", weight.sizes());
    if (p.transposed)
      check(p.output_padding[d] < std::max(p.stride[d], p.dilation[d]),
            "output padding must be smaller than either stride or dilation, but got output_padding: ", p.output_padding,
            " stride: ", p.stride, " dilation: ", p.dilation);
  }
  check(p.groups > 0, "expected groups to be greater than 0, but got groups=", p.groups);
  int64_t outer = weight.size(0), channels = p.transposed ? outer : weight.size(1);
  check(outer >= p.groups && outer % p.groups == 0, "Given groups=", p.groups, ", expected weight to be divisible by ", p.groups,
        " at dimension 0, but got weight of size ", weight.sizes(), " instead");
  bool fits = p.transposed ? input.size(1) == channels : input.size(1) % p.groups == 0 && input.size(1) / p.groups == channels;
  check(fits, "Given groups=", p.groups, p.transposed ? ", transposed=1" : "", ", weight of size ", weight.sizes(), ", expected input",
        input.sizes(), " to have ", p.transposed ? channels : channels * p.groups, " channels, but got ", input.size(1),
        " channels instead");
  check(channels > 0 && weight.size(1) > 0, "convolution of no channels is not supported, got weight of size ", weight.sizes());
  check(input.dtype() == weight.dtype(), "Input type (", scalar_type_name(input.dtype()), ") and weight type (",
        scalar_type_name(weight.dtype()), ") should be the same");
  if (bias) {
    int64_t wanted = p.transposed ? weight.size(1) * p.groups : outer;
    check(bias->dim() == 1 && bias->size(0) == wanted, "Given ", p.transposed ? "transposed=1, " : "", "weight of size ", weight.sizes(),
          ", expected bias to be 1-dimensional with ", wanted, " elements, but got bias of size ", bias->sizes(), " instead");
    check(bias->dtype() == input.dtype(), "Input type (", scalar_type_name(input.dtype()), ") and bias type (",
          scalar_type_name(bias->dtype()), ") should be the same");
  }
}

static void check_result(IntSpan sizes, const Tensor& input, const Tensor& weight, const ConvParams& p) {
  bool fits = true;
  for (int64_t s : sizes.subspan(2)) fits = fits && s > 0;
  if (fits) return;
  if (p.transposed)
    fail("Given input size per channel: ", input.sizes().subspan(2), ". Calculated output size per channel: ", sizes.subspan(2),
         ". Output size is too small");
  Dims padded(input.sizes().subspan(2));
  for (size_t d = 0; d < padded.size(); ++d) padded[d] += p.pad_low[d] + p.pad_high[d];
  fail("Calculated padded input size per channel: ", padded, ". Kernel size: ", weight.sizes().subspan(2),
       ". Kernel size can't be greater than actual input size");
}

MemoryFormat conv_result_format(const Context& ctx, const Tensor& input, const Tensor& weight) {
  bool last = input.dim() >= 4 && (ctx.channels_last_result || looks_channels_last(input) || looks_channels_last(weight));
  return !last ? MemoryFormat::contiguous : input.dim() == 4 ? MemoryFormat::channels_last : MemoryFormat::channels_last_3d;
}

/// Whether PyTorch has only its plain transposed convolution, which rounds the products and each of their sums to halves.
static bool rounds_by_step(DType dtype, const ConvParams& p) {
  bool wide = false;  // more output padding than oneDNN takes
  for (size_t d = 0; d < p.stride.size(); ++d) wide = wide || p.output_padding[d] >= p.stride[d];
  return p.transposed && (dtype == DType::f16 || wide);
}

Tensor convolve(Context& ctx, const Tensor& input, const Tensor& weight, const Tensor* bias, const ConvParams& params,
                kernels::Activation activation, const Tensor* residual, const Tensor* scale) {
  check_convolution(input, weight, bias, params);
  Dims sizes = conv_result_sizes(input, weight, params);
  check_result(sizes, input, weight, params);
  DType dtype = input.dtype();
  MemoryFormat format = conv_result_format(ctx, input, weight);
  if (checked_numel(sizes, item_size(dtype)) == 0) return ctx.empty(sizes, dtype, format);
  bool fused = activation.kind == kernels::ActivationKind::none && !residual;
  check(fused || (dtype == DType::f32 && input.dim() < 5), "a fused convolution must be float32 with one or two dimensions");
  check(!scale || (dtype == DType::f32 && scale->dtype() == dtype && scale->numel() == sizes[1]), "the scale does not fit the convolution");
  if (dtype == DType::f32) return convolve_f32(ctx, input, weight, bias, params, sizes, format, activation, residual, scale);
  if ((dtype == DType::f16 || dtype == DType::bf16) && !rounds_by_step(dtype, params)) {
    Tensor wide_bias = bias ? cast(ctx, *bias, DType::f32) : Tensor();
    return cast(ctx,
                convolve_f32(ctx, cast(ctx, input, DType::f32), weight, bias ? &wide_bias : nullptr, params, sizes, format, activation,
                             residual, nullptr),
                dtype);
  }
  Tensor y = convolve_by_columns(ctx, input, weight, params, sizes);
  if (bias) y = add_channels(ctx, y, *bias);
  return input.dim() == 5 ? y : contiguous(ctx, y, format);
}

/// The operators' common part: numbers expanded to the rank, a missing batch dimension added and removed.
static Tensor run_conv(Context& ctx, const Tensor& input, const Tensor& weight, const Tensor* bias, ConvParams p) {
  if (input.dim() + 1 != weight.dim()) return convolve(ctx, input, weight, bias, p);
  return squeeze(convolve(ctx, unsqueeze(input, 0), weight, bias, p), 0);
}

ConvParams make_conv_params(const Tensor& weight, IntSpan stride, IntSpan padding, IntSpan dilation, int64_t groups, bool transposed,
                            IntSpan output_padding) {
  check(weight.dim() >= 3 && weight.dim() <= 5, "weight should have 3 to 5 dimensions, got ", weight);
  size_t rank = static_cast<size_t>(weight.dim() - 2);
  ConvParams p;
  p.stride = expand_to(stride, rank, "stride");
  p.pad_low = p.pad_high = expand_to(padding, rank, "padding");
  p.dilation = expand_to(dilation, rank, "dilation");
  p.output_padding = output_padding.empty() ? Dims(rank, 0) : expand_to(output_padding, rank, "output_padding");
  p.groups = groups;
  p.transposed = transposed;
  return p;
}

void check_batched(const Tensor& input, const Tensor& weight) {
  check(input.dim() == weight.dim(), "Expected ", weight.dim(), "-dimensional input for ", weight.dim(), "-dimensional weight ",
        weight.sizes(), ", but got ", input.dim(), "-dimensional input of size ", input.sizes(), " instead");
}

static Tensor convolution(Context& ctx, const Tensor& input, const Tensor& weight, const Tensor* bias, IntSpan stride, IntSpan padding,
                          IntSpan dilation, bool transposed, IntSpan output_padding, int64_t groups) {
  check_batched(input, weight);
  return run_conv(ctx, input, weight, bias, make_conv_params(weight, stride, padding, dilation, groups, transposed, output_padding));
}

static Tensor convolution_deprecated(Context& ctx, const Tensor& input, const Tensor& weight, const Tensor* bias, IntSpan stride,
                                     IntSpan padding, IntSpan dilation, bool transposed, IntSpan output_padding, int64_t groups, bool, bool,
                                     bool) {
  return convolution(ctx, input, weight, bias, stride, padding, dilation, transposed, output_padding, groups);
}

static Tensor convolution_traced(Context& ctx, const Tensor& input, const Tensor& weight, const Tensor* bias, IntSpan stride,
                                 IntSpan padding, IntSpan dilation, bool transposed, IntSpan output_padding, int64_t groups, bool, bool,
                                 bool, bool) {
  return convolution(ctx, input, weight, bias, stride, padding, dilation, transposed, output_padding, groups);
}

template <int Rank>
static Tensor conv(Context& ctx, const Tensor& input, const Tensor& weight, const Tensor* bias, IntSpan stride, IntSpan padding,
                   IntSpan dilation, int64_t groups) {
  check(input.dim() == Rank + 1 || input.dim() == Rank + 2, "Expected ", Rank + 1, "D (unbatched) or ", Rank + 2,
        "D (batched) input to conv", Rank, "d, but got input of size: ", input.sizes());
  check(weight.dim() == Rank + 2, "weight should have ", Rank + 2, " dimensions, got ", weight);
  return run_conv(ctx, input, weight, bias, make_conv_params(weight, stride, padding, dilation, groups));
}

static Tensor conv_mode(Context& ctx, const Tensor& input, const Tensor& weight, const Tensor* bias, IntSpan stride,
                        std::string_view padding, IntSpan dilation, int64_t groups) {
  ConvParams p = make_conv_params(weight, stride, Dims{0}, dilation, groups);
  check(padding == "valid" || padding == "same", "Invalid padding string: '", padding, "'");
  if (padding == "same")
    for (size_t d = 0; d < p.stride.size(); ++d) {
      check(p.stride[d] == 1, "padding='same' is not supported for strided convolutions");
      int64_t kernel = weight.sizes()[d + 2];
      check(p.dilation[d] > 0 && p.dilation[d] < (int64_t{1} << 31) && kernel < (int64_t{1} << 31), "convolution parameters are too large");
      int64_t total = p.dilation[d] * (kernel - 1);
      p.pad_low[d] = total / 2;
      p.pad_high[d] = total - total / 2;
    }
  return run_conv(ctx, input, weight, bias, p);
}

static Tensor convolution_mode(Context& ctx, const Tensor& input, const Tensor& weight, const Tensor* bias, IntSpan stride,
                               std::string_view padding, IntSpan dilation, int64_t groups) {
  check_batched(input, weight);
  return conv_mode(ctx, input, weight, bias, stride, padding, dilation, groups);
}

static Tensor conv_transpose(Context& ctx, const Tensor& input, const Tensor& weight, const Tensor* bias, IntSpan stride, IntSpan padding,
                             IntSpan output_padding, int64_t groups, IntSpan dilation) {
  check(input.dim() == weight.dim() || input.dim() + 1 == weight.dim(), "Expected ", weight.dim() - 1, "D (unbatched) or ", weight.dim(),
        "D (batched) input to conv_transpose", weight.dim() - 2, "d, but got input of size: ", input.sizes());
  return run_conv(ctx, input, weight, bias, make_conv_params(weight, stride, padding, dilation, groups, true, output_padding));
}

static Tensor mkldnn_convolution(Context& ctx, const Tensor& self, const Tensor& weight, const Tensor* bias, IntSpan padding,
                                 IntSpan stride, IntSpan dilation, int64_t groups) {
  return run_conv(ctx, self, weight, bias, make_conv_params(weight, stride, padding, dilation, groups));
}

static Tensor thnn_conv2d(Context& ctx, const Tensor& self, const Tensor& weight, IntSpan, const Tensor* bias, IntSpan stride,
                          IntSpan padding) {
  return conv<2>(ctx, self, weight, bias, stride, padding, Dims{1}, 1);
}

static Tensor slow_conv3d(Context& ctx, const Tensor& self, const Tensor& weight, IntSpan, const Tensor* bias, IntSpan stride,
                          IntSpan padding) {
  return conv<3>(ctx, self, weight, bias, stride, padding, Dims{1}, 1);
}

/// Time, batch, channels: the input [t, n, c], the weight [kernel, c, c_out].
static Tensor conv_tbc(Context& ctx, const Tensor& self, const Tensor& weight, const Tensor& bias, int64_t pad) {
  check(self.dim() == 3 && weight.dim() == 3 && bias.dim() == 1, "conv_tbc: input and weight must have 3 dimensions and bias 1");
  ConvParams p = make_conv_params(weight, Dims{1}, Dims{pad}, Dims{1}, 1);
  return contiguous(ctx, permute(convolve(ctx, permute(self, Dims{1, 2, 0}), permute(weight, Dims{2, 1, 0}), &bias, p), Dims{2, 0, 1}));
}

static constexpr Op rows[] = {
    op<"aten::_convolution(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, SymInt[] padding, SymInt[] dilation, bool "
       "transposed, "
       "SymInt[] output_padding, SymInt groups, bool benchmark, bool deterministic, bool cudnn_enabled, bool allow_tf32) -> Tensor",
       convolution_traced>(),
    op<"aten::_convolution.deprecated(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, SymInt[] padding, SymInt[] dilation, "
       "bool transposed, "
       "int[] output_padding, SymInt groups, bool benchmark, bool deterministic, bool cudnn_enabled) -> Tensor",
       convolution_deprecated>(),
    op<"aten::_convolution_mode(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, str padding, SymInt[] dilation, SymInt groups) "
       "-> Tensor",
       convolution_mode>(),
    op<"aten::convolution(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, SymInt[] padding, SymInt[] dilation, bool "
       "transposed, "
       "SymInt[] output_padding, SymInt groups) -> Tensor",
       convolution>(),
    op<"aten::convolution_overrideable(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, SymInt[] padding, SymInt[] dilation, "
       "bool transposed, "
       "SymInt[] output_padding, SymInt groups) -> Tensor",
       convolution>(),
    op<"aten::conv1d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[1] stride=[1], SymInt[1] padding=[0], SymInt[1] dilation=[1], "
       "SymInt groups=1) -> Tensor",
       conv<1>>(),
    op<"aten::conv1d.padding(Tensor input, Tensor weight, Tensor? bias=None, SymInt[1] stride=[1], str padding=\"valid\", SymInt[1] "
       "dilation=[1], "
       "SymInt groups=1) -> Tensor",
       conv_mode>(),
    op<"aten::conv2d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=[1, 1], SymInt[2] padding=[0, 0], SymInt[2] "
       "dilation=[1, 1], "
       "SymInt groups=1) -> Tensor",
       conv<2>>(),
    op<"aten::conv2d.padding(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=[1, 1], str padding=\"valid\", "
       "SymInt[2] dilation=[1, 1], SymInt groups=1) -> Tensor",
       conv_mode>(),
    op<"aten::conv3d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[3] stride=[1, 1, 1], SymInt[3] padding=[0, 0, 0], "
       "SymInt[3] dilation=[1, 1, 1], SymInt groups=1) -> Tensor",
       conv<3>>(),
    op<"aten::conv3d.padding(Tensor input, Tensor weight, Tensor? bias=None, SymInt[3] stride=[1, 1, 1], str padding=\"valid\", "
       "SymInt[3] dilation=[1, 1, 1], SymInt groups=1) -> Tensor",
       conv_mode>(),
    op<"aten::conv_transpose1d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[1] stride=[1], SymInt[1] padding=[0], "
       "SymInt[1] output_padding=[0], SymInt groups=1, SymInt[1] dilation=[1]) -> Tensor",
       conv_transpose>(),
    op<"aten::conv_transpose2d.input(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=[1, 1], SymInt[2] padding=[0, 0], "
       "SymInt[2] output_padding=[0, 0], SymInt groups=1, SymInt[2] dilation=[1, 1]) -> Tensor",
       conv_transpose>(),
    op<"aten::conv_transpose3d.input(Tensor input, Tensor weight, Tensor? bias=None, SymInt[3] stride=[1, 1, 1], SymInt[3] padding=[0, 0, "
       "0], "
       "SymInt[3] output_padding=[0, 0, 0], SymInt groups=1, SymInt[3] dilation=[1, 1, 1]) -> Tensor",
       conv_transpose>(),
    op<"aten::mkldnn_convolution(Tensor self, Tensor weight, Tensor? bias, SymInt[] padding, SymInt[] stride, SymInt[] dilation, SymInt "
       "groups) -> Tensor",
       mkldnn_convolution>(),
    op<"aten::thnn_conv2d(Tensor self, Tensor weight, SymInt[2] kernel_size, Tensor? bias=None, SymInt[2] stride=[1, 1], SymInt[2] "
       "padding=[0, 0]) -> Tensor",
       thnn_conv2d>(),
    op<"aten::_slow_conv2d_forward(Tensor self, Tensor weight, SymInt[2] kernel_size, Tensor? bias, SymInt[2] stride, SymInt[2] padding) "
       "-> Tensor",
       thnn_conv2d>(),
    op<"aten::slow_conv3d(Tensor self, Tensor weight, SymInt[3] kernel_size, Tensor? bias=None, SymInt[3] stride=[1, 1, 1], "
       "SymInt[3] padding=[0, 0, 0]) -> Tensor",
       slow_conv3d>(),
    op<"aten::conv_tbc(Tensor self, Tensor weight, Tensor bias, int pad=0) -> Tensor", conv_tbc>(),
};
const std::span<const Op> conv_ops = rows;

}  // namespace tsrun
