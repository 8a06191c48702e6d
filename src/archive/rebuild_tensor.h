// Tensors from the argument lists of PyTorch's rebuild functions. Every view is checked against its storage.
#pragma once
#include <span>

#include "tsrun/value.h"

namespace tsrun::pickle {

/// (storage, offset, sizes, strides [, requires_grad, hooks, metadata]). Metadata with "conj" or "neg" is applied to a copy of the data.
Value rebuild_tensor(std::span<const Value> args);
/// (untyped storage, offset, sizes, strides, requires_grad, hooks, dtype [, metadata])
Value rebuild_tensor_v3(std::span<const Value> args);
/// (tensor, requires_grad, ...)
Value rebuild_parameter(std::span<const Value> args);
/// (storage, offset, sizes, strides, (scheme, scale, zero point [, axis]), requires_grad, hooks)
Value rebuild_quantized(std::span<const Value> args);

}  // namespace tsrun::pickle
