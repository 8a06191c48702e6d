#include "ops/registry.h"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "ops/check.h"
#include "ops/embedded.h"
#include "ops/fused.h"
#include "ops/tables.h"

namespace tsrun {
namespace {

std::string_view name_of(std::string_view schema) {  // "aten::add"
  std::string_view full = schema.substr(0, schema.find('('));
  size_t colons = full.find("::");
  return full.substr(0, full.find('.', colons == full.npos ? 0 : colons));
}
std::string_view full_name_of(std::string_view schema) { return schema.substr(0, schema.find('(')); }

struct Family {
  std::vector<std::string_view> lines;  // schema texts in order of resolution
  std::vector<const Operator*> operators;
  bool parsed = false;
};

class Registry {
 public:
  static Registry& instance() {
    static Registry r;
    return r;
  }

  std::span<const Operator* const> overloads(std::string_view name) {
    std::lock_guard lock(mutex_);
    auto it = families_.find(name);
    if (it == families_.end()) return {};
    if (!it->second.parsed) parse(it->second);
    return it->second.operators;
  }

  std::vector<std::string_view> names() {
    std::lock_guard lock(mutex_);
    std::vector<std::string_view> all;
    for (auto& [name, family] : families_) all.push_back(name);
    std::sort(all.begin(), all.end());
    return all;
  }

  void add(const Op& op) {
    std::lock_guard lock(mutex_);
    if (rows_.count(full_name_of(op.schema)))
      throw Error(ErrorKind::usage, "operator '" + std::string(full_name_of(op.schema)) + "' exists already");
    Schema parsed = parse_schema(op.schema);
    rows_[full_name_of(op.schema)] = &op;
    Family& family = families_[name_of(op.schema)];
    family.lines.push_back(op.schema);
    operators_.push_back({std::move(parsed), &op});
    if (family.parsed) family.operators.push_back(&operators_.back());
  }

 private:
  Registry() {
    families_.reserve(4096);
    for (const EmbeddedText& file : schema_catalogue)
      for (std::string_view rest = file.text; !rest.empty();) {
        size_t end = std::min(rest.find('\n'), rest.size());
        std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (!line.empty()) families_[name_of(line)].lines.push_back(line);
      }
#define TSRUN_ADD_TABLE(table) add_rows(table);
    TSRUN_OPERATOR_TABLES(TSRUN_ADD_TABLE)
#undef TSRUN_ADD_TABLE
    add_rows(fused_ops);
    for (const EmbeddedText& file : prelude_sources) add_prelude(file.text);
  }

  void add_rows(std::span<const Op> table) {
    for (const Op& row : table) {
      std::string_view full = full_name_of(row.schema);
      rows_.emplace(full, &row);
      auto& lines = families_[name_of(row.schema)].lines;  // operators of other libraries (torchvision::nms) are not in the catalogue
      if (std::none_of(lines.begin(), lines.end(), [&](std::string_view line) { return full_name_of(line) == full; }))
        lines.push_back(row.schema);
    }
  }

  /// `def std__dim(` defines aten::std.dim; names that begin with `_p_` are the prelude's own.
  void add_prelude(std::string_view text) {
    for (size_t at = text.starts_with("def ") ? 0 : text.find("\ndef "); at != text.npos; at = text.find("\ndef ", at + 1)) {
      size_t start = text.find("def ", at) + 4;
      std::string_view function = text.substr(start, text.find('(', start) - start);
      std::string key = "aten::" + std::string(function);
      if (size_t split = function.find("__", 1); split != function.npos && split + 2 < function.size())
        key = "aten::" + std::string(function.substr(0, split)) + "." + std::string(function.substr(split + 2));
      prelude_.emplace(std::move(key), function);
    }
  }

  void parse(Family& family) {
    std::vector<Operator*> fresh;
    auto take = [&](std::string_view line) {
      operators_.push_back({});
      operators_.back().schema = parse_schema(line);
      fresh.push_back(&operators_.back());
    };
    for (std::string_view line : family.lines) take(line);
    for (Operator* o : fresh) implement(*o);
    for (Operator* o : fresh) family.operators.push_back(o);
    family.parsed = true;
  }

  void implement(Operator& o) {
    std::string full = o.schema.full_name();
    if (auto row = rows_.find(full); row != rows_.end()) {
      o.op = row->second;
      return;
    }
    if (auto p = prelude_.find(full); p != prelude_.end()) {
      o.prelude_function = p->second;
      return;
    }
    derive(o);
  }

  /// Finds the functional form of an in-place (`add_.Tensor`) or out= (`add.out`, `sort.values`, `split.Tensor_out`) overload.
  void derive(Operator& o) {
    const auto& formals = o.schema.arguments;
    auto is_written = [](const SchemaArgument& a) { return a.is_written; };
    auto first = std::find_if(formals.begin(), formals.end(), is_written), end = std::find_if_not(first, formals.end(), is_written);
    size_t written = static_cast<size_t>(end - first);
    if (written == 0 || written > 8 || std::any_of(end, formals.end(), is_written)) return;
    bool list = written == 1 && first->type->is(TypeKind::list);
    if (o.schema.returns.size() != (list ? 0 : written)) return;
    if (!list && !std::all_of(first, end, [](const SchemaArgument& a) { return a.type->is(TypeKind::tensor); })) return;
    int destination = static_cast<int>(first - formals.begin());
    bool in_place = destination == 0 && o.schema.name.ends_with('_');
    if (!in_place && !first->keyword_only) return;
    std::string name = in_place ? o.schema.name.substr(0, o.schema.name.size() - 1) : o.schema.name;
    if (in_place && name.starts_with("aten::__i")) name = "aten::__" + o.schema.name.substr(9);  // __iand__ writes what __and__ gives
    auto matches = [&](const Schema& s) {
      if (s.returns.size() != written || s.writes_arguments() || (list && !same_type(s.returns[0].type, first->type))) return false;
      std::vector<const SchemaArgument*> mine;
      for (auto a = formals.begin(); a != formals.end(); ++a)
        if (in_place || a < first || a >= end) mine.push_back(&*a);
      size_t shared = std::min(mine.size(), s.arguments.size());
      for (size_t i = 0; i < shared; ++i)
        if (!same_type(mine[i]->type, s.arguments[i].type)) return false;
      // Factory functions take dtype, layout, device, pin_memory besides; those come from the destination.
      for (size_t i = shared; i < s.arguments.size(); ++i)
        if (!s.arguments[i].default_value) return false;
      return mine.size() <= s.arguments.size();
    };
    auto family = families_.find(name);
    if (family == families_.end()) return;
    for (std::string_view line : family->second.lines) {
      Schema s = parse_schema(line);
      if (!matches(s)) continue;
      std::string full = s.full_name();
      if (auto row = rows_.find(full); row != rows_.end()) {
        operators_.push_back({std::move(s), row->second});
        derived_.push_back({o.schema.text, &call_derived, row->second, &operators_.back().schema, destination});
        o.op = &derived_.back();
        return;
      }
      if (auto p = prelude_.find(full); p != prelude_.end() && !list) {
        operators_.push_back({std::move(s), nullptr, p->second});
        derived_.push_back({o.schema.text, &call_store, nullptr, &operators_.back().schema, destination});
        o.store = &derived_.back();
        o.functional = &operators_.back();
        o.destination = destination;
        return;
      }
    }
  }

  std::mutex mutex_;
  std::unordered_map<std::string_view, Family> families_;
  std::unordered_map<std::string_view, const Op*> rows_;
  std::unordered_map<std::string, std::string_view> prelude_;
  std::deque<Operator> operators_;
  std::deque<Op> derived_;
};

}  // namespace

std::span<const Operator* const> overloads(std::string_view name) { return Registry::instance().overloads(name); }

const Operator* find_operator(std::string_view full_name) {
  size_t colons = full_name.find("::");
  for (const Operator* o : overloads(full_name.substr(0, full_name.find('.', colons == full_name.npos ? 0 : colons))))
    if (o->schema.full_name() == full_name) return o;
  return nullptr;
}

std::vector<std::string_view> operator_names() { return Registry::instance().names(); }

void add_operator(const Op& op) { Registry::instance().add(op); }

}  // namespace tsrun
