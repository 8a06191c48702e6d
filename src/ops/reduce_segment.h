// Reductions over segments of a dimension, and the hash of a tensor's bits: the functions behind two rows of moment_ops.
#pragma once
#include <optional>
#include <string_view>

#include "ops/context.h"
#include "ops/scalar.h"

namespace tsrun {

Tensor segment_reduce(Context& ctx, const Tensor& data, std::string_view reduce, const Tensor* lengths, const Tensor* indices,
                      const Tensor* offsets, int64_t axis, bool is_unsafe, const std::optional<Scalar>& initial);
Tensor hash_tensor(Context& ctx, const Tensor& self, IntSpan dim, bool keepdim, int64_t mode);

}  // namespace tsrun
