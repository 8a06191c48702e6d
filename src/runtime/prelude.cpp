// Programs of functions, and the prelude: operators written in TorchScript.
#include "ops/embedded.h"
#include "runtime/module_impl.h"

namespace tsrun {

const Program& ProgramCache::program_of(Function& f) {
  if (const void* p = f.program.load(std::memory_order_acquire)) return *static_cast<const Program*>(p);
  const Graph& graph = f.unit->graph_of(f);
  std::lock_guard lock(mutex_);
  auto& slot = programs_[&f];
  if (!slot) {
    slot = build_program(graph, f.name, prelude_function);
    f.program.store(slot.get(), std::memory_order_release);
  }
  return *slot;
}

UnitEnvironment operator_environment() {
  UnitEnvironment e;
  e.overloads = [](std::string_view name) { return overloads(name); };
  e.schema_of = [](const Operator& o) -> const Schema& { return o.schema; };
  return e;
}

namespace {

struct Prelude {
  Prelude() : unit(environment()) {}

  static UnitEnvironment environment() {
    UnitEnvironment e = operator_environment();
    e.load_source = [](const std::string& path) -> SourceRef {
      if (path != "code/prelude.py") return nullptr;
      std::string text;
      for (const EmbeddedText& f : prelude_sources) text += std::string(f.text) + "\n";
      return std::make_shared<Source>(Source{"prelude.py", std::move(text)});
    };
    return e;
  }

  CompilationUnit unit;
  ProgramCache programs;
};

Prelude& prelude() {
  static auto* p = new Prelude;  // lives to the end: modules in static objects may still run
  return *p;
}

}  // namespace

Function* prelude_function(const Operator& o) { return prelude().unit.find_function("prelude." + std::string(o.prelude_function)); }

const Program& program_of(Function& f, ProgramCache& own) { return (f.unit == &prelude().unit ? prelude().programs : own).program_of(f); }

}  // namespace tsrun
