// The optimised form of a method of the root module.
#include "ir/passes/specialise.h"

#include "runtime/module_impl.h"

namespace tsrun {

std::unique_ptr<Graph> Module::Impl::specialised_graph(Function& f) {
  SpecialiseEnvironment e;
  e.graph_of = [](Function& g) -> Graph& { return g.unit->graph_of(g); };
  e.schema_of = [](const Operator& o) -> const Schema& { return o.schema; };
  e.evaluate = [](const Operator& o, const std::vector<Value>& inputs, std::vector<Value>& results) {
    static const std::set<std::string> pure = {"aten::__is__", "aten::__isnot__", "aten::__not__", "aten::eq", "aten::ne", "aten::lt", "aten::le", "aten::gt",
                                               "aten::ge", "aten::add", "aten::sub", "aten::mul", "aten::__and__", "aten::__or__", "aten::Bool"};
    if (!o.op || !pure.count(o.schema.name)) return false;
    Context context;
    std::vector<const Value*> in;
    for (const Value& v : inputs) in.push_back(&v);
    results.resize(o.schema.returns.size());
    std::vector<Value*> out;
    for (Value& v : results) out.push_back(&v);
    try {
      o.op->call(context, *o.op, Arguments(in.data(), in.size()), out.data());
    } catch (const Error&) {
      return false;  // the program raises it when it gets there
    }
    return true;
  };
  e.written = unit->assigned_attributes();
  return tsrun::specialise(f, root, e);
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
  std::shared_ptr<const Program> program = build_program(*graph, f->name, prelude_function);
  std::lock_guard lock(mutex);
  if (generation == started) specialised[method] = program;
  return program;
}

}  // namespace tsrun
