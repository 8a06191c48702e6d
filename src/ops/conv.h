// Convolutions of one to three spatial dimensions, plain and transposed.
#pragma once
#include "ops/context.h"
#include "ops/kernels/gemm.h"

namespace tsrun {

/// One number per spatial dimension, all below 2^31.
struct ConvParams {
  Dims stride, pad_low, pad_high, dilation, output_padding;
  int64_t groups = 1;
  bool transposed = false;
};

/// The parameters as operators give them, expanded to the rank of the weight (3 to 5 dimensions); an empty output_padding is 0.
ConvParams make_conv_params(const Tensor& weight, IntSpan stride, IntSpan padding, IntSpan dilation, int64_t groups,
                            bool transposed = false, IntSpan output_padding = {});

/// activation(convolution + bias + residual); input [n, c, spatial...], weight [c_out, c / groups, kernel...], or [c, c_out / groups,
/// kernel...] transposed. The result is channels-last when the input or the weight is, or when ctx.channels_last_result allows it; the
/// residual has the result's sizes. A scale, [c_out] beside float32 operands, multiplies the weight's output channels. Keeps the packed
/// weight and its plans in ctx.prepared. Throws Error (model) for shapes that do not fit.
Tensor convolve(Context& ctx, const Tensor& input, const Tensor& weight, const Tensor* bias, const ConvParams& params,
                kernels::Activation activation = {}, const Tensor* residual = nullptr, const Tensor* scale = nullptr);

/// Throws Error (model) with PyTorch's text when the operands do not fit each other.
void check_convolution(const Tensor& input, const Tensor& weight, const Tensor* bias, const ConvParams& params);

/// Throws Error (model) when the input has not the rank of the weight.
void check_batched(const Tensor& input, const Tensor& weight);

/// [n, c_out, spatial...] of the result, of operands that fit.
Dims conv_result_sizes(const Tensor& input, const Tensor& weight, const ConvParams& params);

/// Are the strides those of channels last (4 or 5 dimensions), by PyTorch's reading of ambiguous ones?
bool looks_channels_last(const Tensor& t);

/// The memory format of the result.
MemoryFormat conv_result_format(const Context& ctx, const Tensor& input, const Tensor& weight);

// The two ways to compute; input and weight fit and the result has elements. format is the memory format of the result.

/// float32 through the convolution kernels; the weight may be of a 16-bit type.
Tensor convolve_f32(Context& ctx, const Tensor& input, const Tensor& weight, const Tensor* bias, const ConvParams& params,
                    IntSpan result_sizes, MemoryFormat format, kernels::Activation activation, const Tensor* residual, const Tensor* scale);
/// Every dtype that has products, through a matrix of columns. Contiguous.
Tensor convolve_by_columns(Context& ctx, const Tensor& input, const Tensor& weight, const ConvParams& params, IntSpan result_sizes);

/// Windows of [channels, spatial...] laid out as [channels * kernel..., positions...]; both contiguous, elements outside the input are
/// zero.
struct ColumnShape {
  Dims input, kernel, output, stride, pad, dilation;  ///< one number per spatial dimension
};
void copy_columns(const void* input, void* columns, int64_t channels, const ColumnShape& shape, size_t item);
/// The sum of all windows at their places: the other direction. The output must be set to zero before.
void add_columns(const void* columns, void* output, int64_t channels, const ColumnShape& shape, DType dtype);

}  // namespace tsrun
