// The free functions of the public API.
#include <deque>
#include <fstream>

#include "archive/archive.h"
#include "archive/value_file.h"
#include "ir/text.h"
#include "ops/kernels/isa.h"
#include "ops/registry.h"
#include "runtime/module_impl.h"
#include "tsrun/tsrun.h"

namespace tsrun {

Value load_values(const std::string& path) { return read_value_file(FileBytes::open(path)); }

void save_values(const std::string& path, const Value& value) {
  std::string bytes = write_value_file(path, value);
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) throw Error(ErrorKind::usage, "cannot write " + path);
}

std::vector<std::string> verify(const std::string& path) {
  Archive archive = Archive::open(FileBytes::open(path));
  std::vector<std::string> report;
  report.push_back("directory: " + std::to_string(archive.names().size()) + " records, names, ranges and limits");
  archive.verify();
  report.push_back("checksums of all records");
  if (archive.kind() == ArchiveKind::torchscript) {
    report.push_back("operator version " + std::to_string(archive.version()));
    report.push_back("code: " + std::to_string(load(path).impl()->check_graphs()) + " graphs are sound and read back from their text");
  }
  return report;
}

std::vector<std::pair<std::string, bool>> all_operators() {
  std::vector<std::pair<std::string, bool>> list;
  for (std::string_view name : operator_names())
    for (const Operator* o : overloads(name)) list.emplace_back(o->schema.full_name(), o->supported());
  return list;
}

std::string to_text(const Value& value) { return to_str(value); }

namespace {

struct CustomRow : Op {
  std::string text;
  CustomOperator function;
};

void call_custom(Context&, const Op& op, Arguments arguments, Value* const* results) {
  std::vector<Value> values;
  for (size_t i = 0; i < arguments.size(); ++i) values.push_back(arguments[i]);
  *results[0] = static_cast<const CustomRow&>(op).function(values);
}

}  // namespace

void register_operator(std::string_view schema, CustomOperator function) {
  static auto* rows = new std::deque<CustomRow>;
  CustomRow& row = rows->emplace_back();
  row.text = std::string(schema);
  row.function = std::move(function);
  row.schema = row.text;
  row.call = &call_custom;
  try {
    if (parse_schema(schema).returns.size() != 1)
      throw Error(ErrorKind::usage, "a custom operator returns one value: " + std::string(schema));
    add_operator(row);
  } catch (...) {
    rows->pop_back();
    throw;
  }
}

TupleNames tuple_names(const Value& v) {
  if (!v.is_tuple() || !v.to_tuple().type || v.to_tuple().type->fields.size() != v.to_tuple().elements.size()) return {};
  const Type& type = *v.to_tuple().type;
  return {type.name.substr(type.name.rfind('.') + 1), type.fields};
}

void set_isa(std::string_view name) { kernels::set_isa(name); }
std::string isa() { return kernels::isa_name(kernels::current_isa()); }

std::vector<std::string> available_isas() {
  std::vector<std::string> names;
  for (auto i : {kernels::Isa::scalar, kernels::Isa::sse4, kernels::Isa::avx2, kernels::Isa::avx512})
    if (i <= kernels::best_isa()) names.push_back(kernels::isa_name(i));
  return names;
}

std::string version() { return TSRUN_VERSION; }

}  // namespace tsrun
