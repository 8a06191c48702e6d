// Matrix products that other families build upon. All results are contiguous.
#pragma once
#include "ops/context.h"
#include "ops/kernels/gemm.h"

namespace tsrun {

/// a[batch, m, k] times b[batch, k, n], one dtype, any strides (0 shares a matrix between batches). Halves are multiplied and summed in
/// float; with keep_float their result stays float32.
Tensor batched_product(Context& ctx, const Tensor& a, const Tensor& b, bool keep_float = false);
/// As above for matrices.
Tensor matrix_product(Context& ctx, const Tensor& a, const Tensor& b, bool keep_float = false);

/// torch.matmul: every rank from 1 up, batch dimensions broadcast.
Tensor matmul(Context& ctx, const Tensor& a, const Tensor& b);

/// activation(input @ weight.T + bias + residual); the residual has the result's sizes. Keeps the packed weight in ctx.prepared.
Tensor linear(Context& ctx, const Tensor& input, const Tensor& weight, const Tensor* bias, kernels::Activation activation = {},
              const Tensor* residual = nullptr);

/// The weight of `linear` in kernel order, for operators that hold several weights.
struct PackedLinear {
  kernels::PackedMatrix<float> f32;
  kernels::PackedMatrix<double> f64;
};
/// weight [n, k]; f64 is filled for float64 weights, f32 for all other floating ones.
PackedLinear pack_linear(Context& ctx, const Tensor& weight);
/// activation(x @ weight.T + bias + residual); x [..., k] with any strides, of the dtype that was packed; the residual has the result's
/// sizes.
Tensor apply_linear(Context& ctx, const Tensor& x, const PackedLinear& weight, const Tensor* bias, kernels::Activation activation = {},
                    const Tensor* residual = nullptr);

/// Do all dtypes match? Throws PyTorch's text otherwise.
void check_same_dtype(const Tensor& a, const Tensor& b);

}  // namespace tsrun
