// Whether a graph is one: what lowering and every pass promise.
#pragma once
#include <functional>

#include "ir/graph.h"
#include "ir/schema.h"

namespace tsrun {

using SchemaOf = std::function<const Schema&(const Operator&)>;

/// Throws Error (internal), naming the node, unless
/// - neighbours, blocks and owners of nodes agree, and every input stands in the uses of its value exactly once;
/// - every input is defined before the node, in its block or one around it;
/// - blocks of if, loop and fork have the parameters and outputs their nodes call for, of fitting types;
/// - operators have the inputs and outputs of their schemas, of fitting types, and calls those of their functions.
void verify(const Graph& graph, const SchemaOf& schema_of);

/// After lowering and after passes, in builds other than Release.
inline void verify_in_debug([[maybe_unused]] const Graph& graph, [[maybe_unused]] const SchemaOf& schema_of) {
#ifdef TSRUN_VERIFY_GRAPHS
  verify(graph, schema_of);
#endif
}

}  // namespace tsrun
