// All passes over a specialised graph, in their order.
#pragma once
#include "ir/passes/effects.h"

namespace tsrun {

/// The graph computes what it did before: same values up to rounding, same sizes and strides, same tensors shared and written.
/// Tensors whose contents went into the graph are in env.baked afterwards.
void optimise(Graph& graph, PassEnvironment& env);

}  // namespace tsrun
