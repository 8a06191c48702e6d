// Tuples that are only made to be taken apart again.
#pragma once
#include "ir/graph.h"

namespace tsrun {

/// Reading an element of a tuple that is made in the graph becomes the element. What an if gives or a loop carries round as a tuple
/// becomes one value for each element, when the tuple is made by a branch or by the loop's body and only its elements are read.
/// Tuples that nobody reads afterwards are removed.
void take_tuples_apart(Graph& graph);

}  // namespace tsrun
