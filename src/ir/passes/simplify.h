// Simplifications that need no new operators.
#pragma once
#include "ir/passes/effects.h"

namespace tsrun {

/// - A pure operator whose inputs are all constants becomes its result, unless the result may be written to or leaves the graph: the
///   program would share one tensor between its runs. Results much larger than their inputs stay computed.
/// - Dropout outside training becomes its input.
/// - The number of dimensions of a layer's result is asked of the layer's input, once.
void simplify(Graph& graph, PassEnvironment& env);

}  // namespace tsrun
