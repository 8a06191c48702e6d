#include "ir/read_graph.h"

#include <algorithm>
#include <unordered_map>

#include "ir/schema.h"

namespace tsrun {
namespace {

const std::unordered_map<std::string_view, NodeKind> kinds = {{"prim::ListConstruct", NodeKind::list_construct},
                                                              {"prim::DictConstruct", NodeKind::dict_construct},
                                                              {"prim::TupleConstruct", NodeKind::tuple_construct},
                                                              {"prim::TupleUnpack", NodeKind::tuple_unpack},
                                                              {"prim::ListUnpack", NodeKind::list_unpack},
                                                              {"prim::TupleIndex", NodeKind::tuple_index},
                                                              {"prim::TupleSlice", NodeKind::tuple_slice},
                                                              {"prim::If", NodeKind::if_},
                                                              {"prim::Loop", NodeKind::loop},
                                                              {"prim::GetAttr", NodeKind::get_attr},
                                                              {"prim::SetAttr", NodeKind::set_attr},
                                                              {"prim::CreateObject", NodeKind::create_object},
                                                              {"prim::CallFunction", NodeKind::call_function},
                                                              {"prim::CallMethod", NodeKind::call_method},
                                                              {"prim::fork", NodeKind::fork},
                                                              {"prim::isinstance", NodeKind::isinstance_},
                                                              {"prim::unchecked_cast", NodeKind::unchecked_cast},
                                                              {"prim::Uninitialized", NodeKind::uninitialized},
                                                              {"prim::Print", NodeKind::print},
                                                              {"prim::tolist", NodeKind::tolist},
                                                              {"prim::ModuleContainerIndex", NodeKind::container_index},
                                                              {"prim::RaiseException", NodeKind::raise},
                                                              {"prim::ReturnStmt", NodeKind::return_},
                                                              {"prim::BreakStmt", NodeKind::break_},
                                                              {"prim::ContinueStmt", NodeKind::continue_},
                                                              {"prim::Constant", NodeKind::constant}};

/// Can a value of type `actual` be the argument? Type variables take anything of their outer form.
bool takes(const Type& formal, const Type& actual) {
  if (formal.is(TypeKind::variable)) return true;
  if (is_subtype(actual, formal)) return true;
  if (formal.is(TypeKind::optional) && !actual.is(TypeKind::optional)) return actual.is(TypeKind::none) || takes(*formal.element(), actual);
  if (formal.is(TypeKind::any_enum)) return actual.is(TypeKind::enumeration);
  if (formal.kind != actual.kind || formal.elements.size() != actual.elements.size() || formal.elements.empty()) return false;
  for (size_t i = 0; i < formal.elements.size(); ++i)
    if (!takes(*formal.element(i), *actual.element(i))) return false;
  return true;
}

class GraphReader {
 public:
  GraphReader(std::string_view text, const GraphReading& reading) : text_(text), reading_(reading), graph_(std::make_unique<Graph>()) {}

  std::unique_ptr<Graph> run() {
    skip_blanks();
    expect("graph(");
    outputs(graph_->body->param, ')');
    expect(":");
    next_line();
    nodes(graph_->body);
    expect("return (");
    inputs(graph_->body->result);
    next_line();
    if (at_ < text_.size()) fail("text behind the end of the graph");
    return std::move(graph_);
  }

 private:
  // ---- characters ---------------------------------------------------------------------------------------------------------------------
  [[noreturn]] void fail(const std::string& why) const {
    auto line = 1 + std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(std::min(at_, text_.size())), '\n');
    throw Error(ErrorKind::malformed, "graph:" + std::to_string(line) + ": " + why);
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\n'; }
  bool starts(std::string_view s) const { return text_.substr(std::min(at_, text_.size())).starts_with(s); }
  bool accept(std::string_view s) {
    if (!starts(s)) return false;
    at_ += s.size();
    return true;
  }
  void expect(std::string_view s) {
    if (!accept(s)) fail("expected '" + std::string(s) + "'");
  }
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  void next_line() {
    while (accept(" ")) {}
    if (peek() == '#') at_ = std::min(text_.find('\n', at_), text_.size());
    if (at_ < text_.size() && text_[at_] != '\n') fail("text behind the end of a statement");
    skip_blanks();
  }
  std::string word(std::string_view stop) {
    size_t end = std::min(text_.find_first_of(stop, at_), text_.size());
    std::string s(text_.substr(at_, end - at_));
    at_ = end;
    return s;
  }

  // ---- types --------------------------------------------------------------------------------------------------------------------------
  std::vector<TypeRef> type_list() {
    std::vector<TypeRef> list;
    while (!accept(")")) {
      if (!list.empty()) expect(", ");
      list.push_back(type());
    }
    return list;
  }

  TypeRef type() {
    if (++depth_ > 100) fail("a type is nested too deep");
    TypeRef t = plain_type();
    for (;;) {
      if (accept("[]")) t = types::list(t);
      else if (accept("?")) t = types::optional(t);
      else break;
    }
    --depth_;
    return t;
  }

  TypeRef plain_type() {
    if (accept("(")) return types::tuple(type_list());
    std::string name = word(" ,()[]?\n");
    if (accept("(")) {
      std::vector<TypeRef> parts = type_list();
      if (name == "Dict" && parts.size() == 2) return types::dict(parts[0], parts[1]);
      if (name == "Future" && parts.size() == 1) return types::future(parts[0]);
      if (name == "Await" && parts.size() == 1) return types::await_of(parts[0]);
      if (name == "Union" && parts.size() > 1) return types::union_of(parts);
      fail("there is no type '" + name + "' of " + std::to_string(parts.size()) + " types");
    }
    if (name == "Scalar") return types::number();
    if (name.starts_with("__torch__.")) {
      if (TypeRef t = reading_.unit.find_type(name)) return t;
    } else {
      for (int k = 0; k <= static_cast<int>(TypeKind::any_class); ++k) {
        const TypeRef& t = types::simple(static_cast<TypeKind>(k));
        bool compound = k >= static_cast<int>(TypeKind::list) && k <= static_cast<int>(TypeKind::variable);
        if (!compound && to_text(*t) == name) return t;
      }
    }
    fail("there is no type '" + name + "'");
  }

  // ---- values -------------------------------------------------------------------------------------------------------------------------
  /// "%x.1 : Tensor, %2 : int" up to `stop`, which is taken.
  void outputs(Node* n, char stop) {
    while (!accept(std::string_view(&stop, 1))) {
      if (!n->outputs.empty()) {
        expect(",");
        skip_blanks();
      }
      std::string name = word(" ,\n");
      if (!name.starts_with('%')) fail("expected a value");
      expect(" : ");
      size_t dot = name.rfind('.');
      Val* v = graph_->add_output(n, type(), dot == name.npos ? "" : name.substr(1, dot - 1));
      if (!values_.emplace(name, v).second) fail(name + " is defined twice");
      if (stop == '=') accept(" ");
    }
  }

  void inputs(Node* n) {
    for (bool first = true; !accept(")"); first = false) {
      if (!first) expect(", ");
      std::string name = word(" ,)\n");
      auto it = values_.find(name);
      if (it == values_.end()) fail(name + " is not defined");
      graph_->add_input(n, it->second);
    }
  }

  std::string quoted() {
    expect("\"");
    std::string s;
    for (; peek() != '"'; ++at_) {
      if (at_ >= text_.size() || text_[at_] == '\n') fail("unterminated string");
      if (text_[at_] == '\\') {
        ++at_;
        s += peek() == 'n' ? '\n' : peek();
      } else {
        s += text_[at_];
      }
    }
    ++at_;
    return s;
  }

  Value number(const Type& t) {
    std::string digits = word(",]\n");
    if (t.is(TypeKind::boolean)) return digits == "1";
    char* end = nullptr;
    bool real = t.is(TypeKind::floating) || digits.find_first_of(".einf") != digits.npos;
    Value v = real ? Value(std::strtod(digits.c_str(), &end)) : Value(static_cast<int64_t>(std::strtoll(digits.c_str(), &end, 10)));
    if (digits.empty() || *end) fail("'" + digits + "' is no number");
    return v;
  }

  Value constant(const TypeRef& type) {
    const TypeRef bare = without_none(type);
    if (peek() == '"') {
      std::string s = quoted();
      return bare->is(TypeKind::device) ? Value(parse_device(s)) : Value(s);
    }
    if (peek() == '<') {
      word("]\n");
      if (untold_ >= reading_.untold.size()) fail("the value of this constant is not given");
      return reading_.untold[untold_++];
    }
    if (!accept("[")) return number(*bare);
    std::vector<Value> elements;
    const TypeRef element = bare->is(TypeKind::list) ? bare->element() : types::number();
    while (!accept("]")) {
      if (!elements.empty()) expect(", ");
      elements.push_back(number(*element));
    }
    return make_list(std::move(elements), element);
  }

  // ---- nodes --------------------------------------------------------------------------------------------------------------------------
  void nodes(Block* b) {
    while (!starts("return (") && !starts("-> (") && at_ < text_.size()) node(b);
  }

  void node(Block* b) {
    check_stack();
    Node* n = graph_->make(NodeKind::missing);
    if (peek() == '%') {
      outputs(n, '=');
      expect(" ");
    }
    std::string head = word("[(\n");
    if (auto it = kinds.find(head); it != kinds.end()) n->kind = it->second;
    n->name = head;
    if (accept("[")) attributes(n);
    expect("(");
    inputs(n);
    graph_->append(n, b);
    finish(n);
    next_line();
    for (size_t i = 0; accept("block" + std::to_string(i) + "("); ++i) {
      Block* inner = graph_->add_block(n);
      outputs(inner->param, ')');
      expect(":");
      next_line();
      nodes(inner);
      expect("-> (");
      inputs(inner->result);
      next_line();
    }
  }

  void attributes(Node* n) {
    if (accept("value=")) {
      if (n->outputs.size() != 1) fail("a constant has one output");
      n->value = constant(n->output()->type);
    } else if (accept("name=")) {
      n->name = quoted();
    } else if (accept("index=")) {
      n->index = number(*types::integer()).to_int();
    } else if (accept("beg=")) {
      n->index = number(*types::integer()).to_int();
      expect(", end=");
      n->end = number(*types::integer()).to_int();
    } else {
      expect("types=[");
      size_t start = at_;
      for (size_t depth = 0; peek() != ']' || depth; ++at_) {
        if (at_ >= text_.size() || text_[at_] == '\n') fail("unterminated list of types");
        if (peek() == '[') ++depth;
        if (peek() == ']') --depth;
        if (peek() == ',' && depth == 0) {
          n->types.push_back(reading_.unit.resolve_type(text_.substr(start, at_ - start)));
          start = at_ + 2;
        }
      }
      if (at_ > start) n->types.push_back(reading_.unit.resolve_type(text_.substr(start, at_ - start)));
      ++at_;
    }
    expect("]");
  }

  void finish(Node* n) {
    switch (n->kind) {
      case NodeKind::call_function:
        n->function = reading_.find_function ? reading_.find_function(n->name) : nullptr;
        if (!n->function) fail("there is no function '" + n->name + "'");
        return;
      case NodeKind::call_method: {
        const Type& t = *n->input()->type;
        if (t.is(TypeKind::class_)) n->function = as_class(t).find_method(n->name);
        return;
      }
      case NodeKind::return_:
      case NodeKind::break_:
      case NodeKind::continue_: graph_->has_exits = true; return;
      case NodeKind::missing: return choose_overload(n);
      default: return;
    }
  }

  void choose_overload(Node* n) {
    for (const Operator* o : reading_.unit.environment.overloads(n->name)) {
      const Schema& s = reading_.unit.environment.schema_of(*o);
      bool fits = s.vararg ? n->inputs.size() >= s.arguments.size() : n->inputs.size() == s.arguments.size();
      fits = fits && (s.varret || n->outputs.size() == s.returns.size());
      for (size_t i = 0; fits && i < s.arguments.size(); ++i) fits = takes(*s.arguments[i].type, *n->input(i)->type);
      if (!fits) continue;
      n->kind = NodeKind::op;
      n->op = o;
      n->name = s.full_name();
      return;
    }
  }

  std::string_view text_;
  const GraphReading& reading_;
  std::unique_ptr<Graph> graph_;
  std::unordered_map<std::string, Val*> values_;
  size_t at_ = 0, untold_ = 0, depth_ = 0;
};

}  // namespace

std::unique_ptr<Graph> read_graph(std::string_view text, const GraphReading& reading) { return GraphReader(text, reading).run(); }

}  // namespace tsrun
