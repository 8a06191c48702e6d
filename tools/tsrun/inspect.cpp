// tsrun inspect: what is in a file. Runs nothing.
#include <iostream>

#include "graph_dot.h"
#include "json_value.h"
#include "verbs.h"

namespace tsrun::tool {
namespace {

std::string signature(const Method& m) {
  std::string text = m.name + "(";
  for (size_t i = 0; i < m.arguments.size(); ++i) {
    const Parameter& p = m.arguments[i];
    text += (i ? ", " : "") + p.name + ": " + p.type + (p.has_default ? " = ..." : "");
  }
  return text + ") -> " + m.result_type;
}

size_t bytes_of(const Tensor& x) { return static_cast<size_t>(x.numel()) * item_size(x.dtype()); }

Json as_json(const Module& module, const std::string& path) {
  Json methods = Json::array(), tensors = Json::array(), attributes = Json::object(), files = Json::object();
  for (const Method& m : module.methods()) {
    Json arguments = Json::array();
    for (const Parameter& p : m.arguments) arguments.push_back({{"name", p.name}, {"type", p.type}, {"has_default", p.has_default}});
    methods.push_back({{"name", m.name}, {"arguments", std::move(arguments)}, {"result", m.result_type}});
  }
  for (const NamedTensor& t : module.tensors())
    tensors.push_back({{"name", t.name},
                       {"dtype", dtype_name(t.tensor.dtype())},
                       {"shape", std::vector<int64_t>(t.tensor.sizes().begin(), t.tensor.sizes().end())},
                       {"kind", t.is_parameter ? "parameter"
                                : t.is_buffer  ? "buffer"
                                               : "attribute"}});
  for (const auto& [name, type, value] : module.attributes()) attributes[name] = {{"type", type}, {"value", to_text(value)}};
  for (const auto& [name, size] : module.files()) files[name] = size;
  return {{"model", path},
          {"type", module.type_name()},
          {"version", module.version()},
          {"methods", std::move(methods)},
          {"tensors", std::move(tensors)},
          {"attributes", std::move(attributes)},
          {"files", std::move(files)}};
}

void print_overview(const Module& module) {
  std::cout << module.type_name() << ", operator version " << module.version() << "\n\nmethods\n";
  for (const Method& m : module.methods()) std::cout << "  " << signature(m) << "\n";
  size_t elements = 0, bytes = 0;
  const std::vector<NamedTensor> tensors = module.tensors();
  for (const NamedTensor& t : tensors) {
    elements += static_cast<size_t>(t.tensor.numel());
    bytes += bytes_of(t.tensor);
  }
  std::cout << "\ntensors: " << tensors.size() << ", " << elements << " elements, " << bytes << " bytes\n";
  for (const NamedTensor& t : tensors)
    std::cout << "  " << t.name << "  " << t.tensor.describe() << (t.is_buffer ? "  buffer" : t.is_parameter ? "" : "  attribute") << "\n";
  std::cout << "\nattributes\n";
  for (const auto& [name, type, value] : module.attributes()) std::cout << "  " << name << ": " << type << " = " << to_text(value) << "\n";
  std::cout << "\nfiles\n";
  for (const auto& [name, size] : module.files()) std::cout << "  " << name << "  " << size << "\n";
}

}  // namespace

int inspect(const InspectOptions& o) {
  const Module module = load(o.model);
  if (o.code) {
    for (const CodeFile& f : module.code()) std::cout << "# " << f.name << "\n" << f.text << (f.text.ends_with('\n') ? "" : "\n");
  } else if (o.show_graph || o.dot || o.optimized) {
    const std::string text = module.graph(o.graph.empty() ? "forward" : o.graph, o.optimized);
    std::cout << (o.dot ? graph_dot(text) : text);
  } else if (o.json) {
    std::cout << as_json(module, o.model).dump(1) << "\n";
  } else {
    print_overview(module);
  }
  return success;
}

}  // namespace tsrun::tool
