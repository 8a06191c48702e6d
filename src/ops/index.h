// Reading and writing at places that tensors of indices name.
#pragma once
#include "ops/tensor_ops.h"

namespace tsrun {

/// Throws PyTorch's error unless all elements of `index` (int64) lie in [-size, size), or [0, size) when not `negative`.
void check_indices(const Tensor& index, int64_t size, int64_t dim, bool negative);
/// An int64 tensor of the same values; throws for other than int32 and int64. Never shares memory with `written`, whose changes must not
/// reach it.
Tensor to_indices(Context& ctx, const Tensor& index, const char* name, const Tensor* written = nullptr);
/// x at the given positions of dimension dim; index has at most one dimension.
Tensor index_select(Context& ctx, const Tensor& x, int64_t dim, const Tensor& index);
/// Coordinates of the elements that are not zero: int64 [count, x.dim()].
Tensor nonzero(Context& ctx, const Tensor& x);

}  // namespace tsrun
