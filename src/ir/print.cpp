#include "ir/print.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "ir/schema.h"
#include "ir/stack.h"
#include "ir/text.h"
#include "ir/unit.h"

namespace tsrun {
namespace {

std::string quoted(const std::string& s) {
  std::string out = "\"";
  for (char c : s) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') out += "\\n";
    else out += c;
  }
  return out + "\"";
}

bool is_told(const Value& v) {
  switch (v.tag()) {
    case Tag::none:
    case Tag::string:
    case Tag::boolean:
    case Tag::integer:
    case Tag::floating:
    case Tag::device: return true;
    case Tag::list:
      return std::all_of(v.to_list().elements.begin(), v.to_list().elements.end(),
                         [](const Value& e) { return e.is_int() || e.is_double() || e.is_bool(); });
    default: return false;
  }
}

std::string value_text(const Value& v) {
  switch (v.tag()) {
    case Tag::string: return quoted(v.to_string());
    case Tag::device: return quoted(to_str(v));
    case Tag::boolean: return v.to_bool() ? "1" : "0";
    case Tag::floating: return v.to_double() == 0 && std::signbit(v.to_double()) ? "-0." : to_str(v);
    case Tag::tensor: return "<Tensor>";
    case Tag::object: return "<" + v.to_object().type->name + ">";
    case Tag::list: {
      if (!is_told(v)) return "<List>";
      std::string s;
      for (const Value& e : v.to_list().elements) s += (s.empty() ? "" : ", ") + value_text(e);
      return "[" + s + "]";
    }
    default: return is_told(v) ? to_str(v) : std::string("<") + tag_name(v.tag()) + ">";
  }
}

std::string constant_text(const Value& v) { return v.is_none() ? "prim::Constant()" : "prim::Constant[value=" + value_text(v) + "]()"; }

class Printer {
 public:
  explicit Printer(bool places) : places_(places) {}

  std::string run(const Graph& graph) {
    out_ = "graph(";
    const auto& params = graph.body->params();
    for (size_t i = 0; i < params.size(); ++i) out_ += (i ? ",\n      " : "") + typed(params[i]);
    out_ += "):\n";
    nodes(*graph.body, 1);
    out_ += "  return (" + names(graph.body->outputs()) + ")\n";
    return std::move(out_);
  }

  std::string line(const Node& n) {
    std::string s;
    for (size_t i = 0; i < n.outputs.size(); ++i) s += (i ? ", " : "") + typed(n.outputs[i]);
    if (!n.outputs.empty()) s += " = ";
    return s + (n.kind == NodeKind::constant ? constant_text(n.value) : head(n) + "(" + names(n.inputs) + ")");
  }

 private:
  std::string name(const Val* v) {
    auto [it, fresh] = names_.try_emplace(v);
    if (fresh) {
      bool plain = !v->name.empty() && !isdigit(static_cast<unsigned char>(v->name[0]));
      std::string base = plain ? v->name + "." : "";
      for (size_t n = plain ? 1 : counter_++;; n = plain ? n + 1 : counter_++) {
        it->second = "%" + base + std::to_string(n);
        if (taken_.insert(it->second).second) break;
      }
    }
    return it->second;
  }
  std::string typed(const Val* v) { return name(v) + " : " + schema_type_text(*v->type); }
  std::string names(const std::vector<Val*>& values) {
    std::string s;
    for (const Val* v : values) s += (s.empty() ? "" : ", ") + name(v);
    return s;
  }

  static std::string head(const Node& n) {
    auto attribute = [&](const char* kind) { return std::string(kind) + "[name=" + quoted(n.name) + "]"; };
    switch (n.kind) {
      case NodeKind::op: return n.name.substr(0, n.name.find('.', n.name.find("::")));
      case NodeKind::list_construct: return "prim::ListConstruct";
      case NodeKind::dict_construct: return "prim::DictConstruct";
      case NodeKind::tuple_construct: return "prim::TupleConstruct";
      case NodeKind::tuple_unpack: return "prim::TupleUnpack";
      case NodeKind::list_unpack: return "prim::ListUnpack";
      case NodeKind::tuple_index: return "prim::TupleIndex[index=" + std::to_string(n.index) + "]";
      case NodeKind::tuple_slice: return "prim::TupleSlice[beg=" + std::to_string(n.index) + ", end=" + std::to_string(n.end) + "]";
      case NodeKind::if_: return "prim::If";
      case NodeKind::loop: return "prim::Loop";
      case NodeKind::get_attr: return attribute("prim::GetAttr");
      case NodeKind::set_attr: return attribute("prim::SetAttr");
      case NodeKind::create_object: return "prim::CreateObject";
      case NodeKind::call_function: return "prim::CallFunction[name=" + quoted(n.function->name) + "]";
      case NodeKind::call_method: return attribute("prim::CallMethod");
      case NodeKind::fork: return "prim::fork";
      case NodeKind::isinstance_: {
        std::string types;
        for (auto& t : n.types) types += (types.empty() ? "" : ", ") + to_text(*t);
        return "prim::isinstance[types=[" + types + "]]";
      }
      case NodeKind::unchecked_cast: return "prim::unchecked_cast";
      case NodeKind::uninitialized: return "prim::Uninitialized";
      case NodeKind::print: return "prim::Print";
      case NodeKind::tolist: return "prim::tolist";
      case NodeKind::container_index: return "prim::ModuleContainerIndex";
      case NodeKind::raise: return "prim::RaiseException";
      case NodeKind::missing: return n.name;
      case NodeKind::return_: return "prim::ReturnStmt";
      case NodeKind::break_: return "prim::BreakStmt";
      case NodeKind::continue_: return "prim::ContinueStmt";
      default: return "prim::Unknown";
    }
  }

  void nodes(const Block& b, size_t depth) {
    check_stack();
    for (const Node* n = b.first(); n != b.result; n = n->next) node(*n, depth);
  }

  void node(const Node& n, size_t depth) {
    out_ += std::string(2 * depth, ' ') + line(n);
    if (std::string place = places_ ? n.where.text() : ""; !place.empty()) out_ += " # " + place;
    out_ += "\n";
    for (size_t i = 0; i < n.blocks.size(); ++i) {
      std::string params;
      for (const Val* p : n.blocks[i]->params()) params += (params.empty() ? "" : ", ") + typed(p);
      out_ += std::string(2 * (depth + 1), ' ') + "block" + std::to_string(i) + "(" + params + "):\n";
      nodes(*n.blocks[i], depth + 2);
      out_ += std::string(2 * (depth + 2), ' ') + "-> (" + names(n.blocks[i]->outputs()) + ")\n";
    }
  }

  bool places_;
  std::string out_;
  std::unordered_map<const Val*, std::string> names_;
  std::unordered_set<std::string> taken_;
  size_t counter_ = 0;
};

}  // namespace

std::string to_text(const Graph& graph, bool places) { return Printer(places).run(graph); }

std::string node_text(const Node& n) { return Printer(false).line(n); }

std::vector<Value> untold_constants(const Graph& graph) {
  std::vector<Value> values;
  auto visit = [&](const Block& b, auto& self) -> void {
    check_stack();
    for (const Node* n = b.first(); n != b.result; n = n->next) {
      if (n->kind == NodeKind::constant && !is_told(n->value)) values.push_back(n->value);
      for (const Block* inner : n->blocks) self(*inner, self);
    }
  };
  visit(*graph.body, visit);
  return values;
}

}  // namespace tsrun
