// A graph's text as a picture for Graphviz.
#pragma once
#include <string>

namespace tsrun::tool {

/// One node for each line that computes something, one edge for each value it uses. `text` is what Module::graph() gives.
std::string graph_dot(const std::string& text);

}  // namespace tsrun::tool
