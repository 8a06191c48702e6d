// Gradient flags. Nothing is differentiated, but a file may ask which tensors require gradients.
#pragma once
#include "ir/schema.h"
#include "ops/op.h"

namespace tsrun {

/// Does the code ask or set (x.requires_grad, x.is_leaf, x.requires_grad_())? Only then are results marked; parameters always carry their
/// flag.
bool asks_for_gradients(std::string_view code);

/// Before a call in gradient mode: a leaf that requires gradients, or a view of one, must not be written. Throws Error (model).
void check_leaves(const Schema& schema, Arguments arguments);
/// After a call in gradient mode: what was computed from a tensor that requires gradients requires them too and is no leaf.
void mark_results(const Schema& schema, Arguments arguments, Value* const* results);

}  // namespace tsrun
