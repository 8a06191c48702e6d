// Graphs from their text (print.h).
#pragma once
#include <functional>
#include <span>
#include <string_view>

#include "ir/graph.h"
#include "ir/unit.h"

namespace tsrun {

struct GraphReading {
  CompilationUnit& unit;  ///< knows the classes and operators that the text names
  /// Functions by their qualified names; may give null.
  std::function<Function*(const std::string&)> find_function;
  std::span<const Value> untold;  ///< for constants such as <Tensor>, in the order of the text
};

/// Reads what to_text(graph, false) writes; comments are allowed. Overloads of operators are found by the types of their inputs.
/// Throws Error (malformed) with "graph:<line>" for text that is no graph.
std::unique_ptr<Graph> read_graph(std::string_view text, const GraphReading& reading);

}  // namespace tsrun
