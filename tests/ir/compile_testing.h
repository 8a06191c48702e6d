// A compilation unit of texts given in a test.
#pragma once
#include <map>
#include <string>

#include "ir/unit.h"
#include "ops/registry.h"

namespace tsrun {

inline UnitEnvironment unit_environment(std::map<std::string, std::string> files) {
  UnitEnvironment e;
  e.overloads = [](std::string_view name) { return overloads(name); };
  e.schema_of = [](const Operator& o) -> const Schema& { return o.schema; };
  e.load_source = [files](const std::string& path) -> SourceRef {
    auto it = files.find(path);
    return it == files.end() ? nullptr : std::make_shared<Source>(Source{path, it->second});
  };
  return e;
}

/// One file, code/__torch__.py.
struct TestUnit : CompilationUnit {
  explicit TestUnit(std::string code) : CompilationUnit(unit_environment({{"code/__torch__.py", std::move(code)}})) {}
  Graph& graph(const std::string& function) { return graph_of(*find_function("__torch__." + function)); }
};

}  // namespace tsrun
