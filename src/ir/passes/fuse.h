// Fusion: what follows a convolution or a linear layer becomes part of it.
#pragma once
#include "ir/passes/effects.h"

namespace tsrun {

/// Takes into the layer before them, as one tsrun::convolution or tsrun::linear node:
/// - batch norm with constant statistics: a factor for each output channel of the weight, and a bias;
/// - the addition of another tensor;
/// - an activation with constant parameters, also in place.
/// Only where nobody else can see the tensor between.
void fuse(Graph& graph, PassEnvironment& env);

}  // namespace tsrun
