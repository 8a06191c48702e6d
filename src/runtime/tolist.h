// Tensor.tolist() of TorchScript, whose result type is written in the code.
#pragma once
#include "ir/type.h"

namespace tsrun {

/// Nested lists as `type` says: a number for a 0-dim tensor. Throws Error (model) when dimensions or dtype do not fit.
Value tensor_to_list(const Tensor& x, const Type& type);

}  // namespace tsrun
