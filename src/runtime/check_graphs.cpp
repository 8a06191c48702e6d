// Every graph of a module, checked.
#include "ir/print.h"
#include "ir/read_graph.h"
#include "ir/verify.h"
#include "runtime/module_impl.h"

namespace tsrun {
namespace {

std::vector<const Operator*> operators_of(const Graph& graph) {
  std::vector<const Operator*> list;
  for_each_node(*graph.body, [&](Node* n) {
    if (n->kind == NodeKind::op) list.push_back(n->op);
  });
  return list;
}

void check_graph(const Graph& graph, const std::string& name, CompilationUnit& unit) {
  verify(graph, unit.environment.schema_of);
  GraphReading reading{unit, {}, {}};
  reading.find_function = [&](const std::string& f) {
    return f.starts_with("prelude.") ? find_prelude_function(f) : unit.find_function(f);
  };
  std::vector<Value> untold = untold_constants(graph);
  reading.untold = untold;
  std::string text = to_text(graph, false);
  std::unique_ptr<Graph> again = read_graph(text, reading);
  verify(*again, unit.environment.schema_of);
  if (to_text(*again, false) != text || operators_of(*again) != operators_of(graph))
    throw Error(ErrorKind::internal, "the graph of " + name + " reads back from its text as another one");
}

}  // namespace

size_t Module::Impl::check_graphs() {
  std::lock_guard lock(unit->mutex);
  size_t count = 0;
  for (Function* f : reachable_functions()) {
    check_graph(f->unit->graph_of(*f), f->name, *unit);
    ++count;
  }
  for (const std::string& m : type().method_order) {
    check_graph(*specialised_graph(*type().find_method(m)), m + ", optimised", *unit);
    ++count;
  }
  return count;
}

}  // namespace tsrun
