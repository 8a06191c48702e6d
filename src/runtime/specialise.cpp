// The optimised form of a method of the root module.
#include "ir/passes/specialise.h"

#include "ir/passes/optimise.h"
#include "ir/verify.h"
#include "runtime/module_impl.h"

namespace tsrun {

void connect_passes(PassEnvironment& e) {
  e.schema_of = [](const Operator& o) -> const Schema& { return o.schema; };
  e.find_operator = find_operator;
  e.evaluate = [](const Operator& o, const std::vector<Value>& inputs, std::vector<Value>& results) {
    if (!o.op) return false;
    Context context;
    std::vector<const Value*> in;
    for (const Value& v : inputs) in.push_back(&v);
    results.resize(o.schema.returns.size());
    std::vector<Value*> out;
    for (Value& v : results) out.push_back(&v);
    try {
      o.op->call(context, *o.op, Arguments(in.data(), in.size()), out.data());
    } catch (const std::exception&) {
      return false;  // the program raises it when it gets there
    }
    return true;
  };
}

std::unique_ptr<Graph> Module::Impl::specialised_graph(Function& f) {
  SpecialiseEnvironment e;
  connect_passes(e);
  e.graph_of = [](Function& g) -> Graph& { return g.unit->graph_of(g); };
  e.written = unit->assigned_attributes();
  std::unique_ptr<Graph> graph = tsrun::specialise(f, root, e);
  verify_in_debug(*graph, e.schema_of);
  optimise(*graph, e);
  verify_in_debug(*graph, e.schema_of);
  for (const Tensor& t : e.baked) t.storage()->baked = true;
  return graph;
}

std::shared_ptr<const Program> Module::Impl::specialise(const std::string& method) {
  uint64_t started;
  {
    std::lock_guard lock(mutex);
    if (auto it = specialised.find(method); it != specialised.end()) return it->second;
    started = generation;
  }
  std::lock_guard compiling(unit->mutex);
  Function* f = type().find_method(method);
  std::unique_ptr<Graph> graph = specialised_graph(*f);
  std::shared_ptr<const Program> program = build_program(*graph, f->name, prelude_function, true);
  std::lock_guard lock(mutex);
  if (generation == started) specialised[method] = program;
  return program;
}

}  // namespace tsrun
