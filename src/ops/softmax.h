// Softmax along a dimension, for operators that end in one.
#pragma once
#include "ops/context.h"
#include "ops/kernels/softmax.h"

namespace tsrun {

/// Contiguous; floating dtypes, the halves computed in float. With keep_float a half gives float32.
Tensor softmax(Context& ctx, const Tensor& x, int64_t dim, kernels::SoftmaxKind kind = kernels::SoftmaxKind::softmax,
               bool keep_float = false);

}  // namespace tsrun
