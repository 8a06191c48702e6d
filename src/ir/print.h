// Graphs as text, in PyTorch's notation.
#pragma once
#include <string>

#include "ir/graph.h"

namespace tsrun {

/// "graph(%x.1 : Tensor):\n  %2 : int = prim::Constant[value=1]()\n ...  return (%5)\n". Values are named after variables where there are
/// some, else numbered in order of definition; each line ends with "# file:line" where the place is known.
std::string to_text(const Graph& graph);

}  // namespace tsrun
