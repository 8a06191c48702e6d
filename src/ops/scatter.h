// Writing at named places of one dimension, over what is there or combined with it.
#pragma once
#include <string_view>

#include "ops/tensor_ops.h"

namespace tsrun {

enum class Combine { assign, add, multiply, maximum, minimum };

/// self[..., index[i, j], ...] = combine(itself, src[i, j]) for all places of index, in their order; index stands for dimension dim.
/// The caller has checked: index is int64 with values in [0, size of dim), does not share memory with self, and has as many dimensions as
/// self and src, none larger than theirs (but dim of self). self and src have one dtype; src does not share memory with self.
void scatter_into(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, Combine combine, const char* name);

/// The reductions "sum", "prod", "mean", "amax", "amin" over what self holds (when include_self) and all src that go to a place.
void scatter_reduce_into(Context& ctx, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce,
                         bool include_self, const char* name);

}  // namespace tsrun
