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

Function* old_meaning(const std::string& full_name, int64_t version) {
  struct Change {
    int64_t version;
    std::string_view function;
  };
  static const std::unordered_map<std::string_view, Change> changes = {
      {"aten::div.Tensor", {4, "_p_old_div"}},           {"aten::div.Scalar", {4, "_p_old_div_number"}},
      {"aten::div_.Tensor", {4, "_p_old_div_in_place"}}, {"aten::div_.Scalar", {4, "_p_old_div_number_in_place"}},
      {"aten::div.out", {4, "_p_old_div_out"}},          {"aten::full", {5, "_p_old_full"}},
      {"aten::linspace", {8, "_p_old_linspace"}},        {"aten::linspace.out", {8, "_p_old_linspace_out"}},
      {"aten::logspace", {9, "_p_old_logspace"}},        {"aten::logspace.out", {9, "_p_old_logspace_out"}},
  };
  auto it = changes.find(full_name);
  if (it == changes.end() || version >= it->second.version) return nullptr;
  return prelude().unit.find_function("prelude." + std::string(it->second.function));
}

Function* find_prelude_function(const std::string& qualified_name) { return prelude().unit.find_function(qualified_name); }

const Program& program_of(Function& f, ProgramCache& own) { return (f.unit == &prelude().unit ? prelude().programs : own).program_of(f); }

}  // namespace tsrun
