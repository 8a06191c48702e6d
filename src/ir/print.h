// Graphs as text, in PyTorch's notation.
#pragma once
#include <string>
#include <vector>

#include "ir/graph.h"

namespace tsrun {

/// "graph(%x.1 : Tensor):\n  %2 : int = prim::Constant[value=1]()\n ...  return (%5)\n". Values are named after variables where there are
/// some, else numbered in order of definition; each line ends with "# file:line" where the place is known and wanted.
std::string to_text(const Graph& graph, bool places = true);
/// One node, without its blocks, as it stands in the text of a graph of its own.
std::string node_text(const Node& n);
/// The constants that the text only hints at, in its order: `value=<Tensor>`. What the text says in full is not among them.
std::vector<Value> untold_constants(const Graph& graph);

}  // namespace tsrun
