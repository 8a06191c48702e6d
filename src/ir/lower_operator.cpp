// Lowering: operators, conditional expressions and conditions.
#include "ir/lowering.h"
#include "ir/stack.h"

namespace tsrun {
namespace {

const std::unordered_map<std::string_view, std::pair<std::string_view, std::string_view>> binary_operators = {
    {"+", {"aten::add", "__add__"}},
    {"-", {"aten::sub", "__sub__"}},
    {"*", {"aten::mul", "__mul__"}},
    {"/", {"aten::div", "__truediv__"}},
    {"//", {"aten::floordiv", "__floordiv__"}},
    {"%", {"aten::remainder", "__mod__"}},
    {"**", {"aten::pow", "__pow__"}},
    {"@", {"aten::matmul", "__matmul__"}},
    {"<<", {"aten::__lshift__", "__lshift__"}},
    {">>", {"aten::__rshift__", "__rshift__"}},
    {"&", {"aten::__and__", "__and__"}},
    {"|", {"aten::__or__", "__or__"}},
    {"^", {"aten::__xor__", "__xor__"}},
    {"==", {"aten::eq", "__eq__"}},
    {"!=", {"aten::ne", "__ne__"}},
    {"<", {"aten::lt", "__lt__"}},
    {">", {"aten::gt", "__gt__"}},
    {"<=", {"aten::le", "__le__"}},
    {">=", {"aten::ge", "__ge__"}}};

}  // namespace

Val* Lowering::binary(const Expr& e) {
  if (e.text == "and" || e.text == "or" || e.text == "is" || e.text == "is not") {
    Condition c = condition(e);
    return as_bool(c, e.span);
  }
  if (e.text == "in" || e.text == "not in") {
    Val* item = expression(e[0]);
    Val* container = expression(e[1]);
    Val* found = container->type->is(TypeKind::class_) ? call_method(container, "__contains__", {{item, {}}}, e.span)
                                                       : builtin("aten::__contains__", {container, item}, e.span);
    return e.text == "in" ? found : builtin("aten::__not__", {found}, e.span);
  }
  Val* a = expression(e[0]);
  Val* b = expression(e[1]);
  return binary_op(e.text, a, b, e.span);
}

Val* Lowering::binary_op(const std::string& symbol, Val* a, Val* b, Span span) {
  auto it = binary_operators.find(symbol);
  if (it == binary_operators.end()) fail(span, "unknown operator '" + symbol + "'");
  auto& [op, method] = it->second;
  if (a->type->is(TypeKind::class_)) return call_method(a, std::string(method), {{b, {}}}, span);
  if (symbol == "%" && a->type->is(TypeKind::string)) return builtin("aten::percentFormat", {a, b}, span);
  if (symbol == "+" && a->type->is(TypeKind::tuple) && b->type->is(TypeKind::tuple)) {
    std::vector<Val*> parts = unpack(a, a->type->elements.size(), span), second = unpack(b, b->type->elements.size(), span);
    parts.insert(parts.end(), second.begin(), second.end());
    std::vector<TypeRef> part_types;
    for (Val* v : parts) part_types.push_back(v->type);
    return emit_one(NodeKind::tuple_construct, span, std::move(parts), types::tuple(std::move(part_types)));
  }
  if ((symbol == "==" || symbol == "!=") && a->type->is(TypeKind::tuple) && b->type->is(TypeKind::tuple))
    return builtin(std::string(op), {a, b}, span);
  if (symbol == "//" && (a->type->is(TypeKind::tensor) || b->type->is(TypeKind::tensor)))
    return builtin("aten::floor_divide", {a, b}, span);
  bool a_is_number = a->type->is(TypeKind::integer) || a->type->is(TypeKind::floating) || a->type->is(TypeKind::complex) ||
                     a->type->is(TypeKind::number) || a->type->is(TypeKind::boolean);
  if (a_is_number && b->type->is(TypeKind::tensor)) {  // 1 - x: PyTorch's script helpers
    if (symbol == "-") return builtin("aten::add", {builtin("aten::neg", {b}, span), a}, span);
    if (symbol == "/") return builtin("aten::mul", {builtin("aten::reciprocal", {b}, span), a}, span);
    static const std::unordered_map<std::string_view, std::string_view> mirrored = {
        {"+", "aten::add"}, {"*", "aten::mul"}, {"==", "aten::eq"}, {"!=", "aten::ne"},
        {"<", "aten::gt"},  {">", "aten::lt"},  {"<=", "aten::ge"}, {">=", "aten::le"}};
    if (auto m = mirrored.find(symbol); m != mirrored.end()) return builtin(std::string(m->second), {b, a}, span);
  }
  return builtin(std::string(op), {a, b}, span);
}

Val* Lowering::unary(const Expr& e) {
  if (e.text == "not") {
    Condition c = condition(e);
    return as_bool(c, e.span);
  }
  Val* v = expression(e[0]);
  if (v->type->is(TypeKind::class_)) return call_method(v, e.text == "-" ? "__neg__" : "__invert__", {}, e.span);
  if (v->node->kind == NodeKind::constant && e.text == "-") {
    const Value& c = v->node->value;
    if (c.is_int()) return constant(static_cast<int64_t>(0 - static_cast<uint64_t>(c.to_int())), e.span);
    if (c.is_double()) return constant(-c.to_double(), e.span);
    if (c.is_complex()) return constant(-c.to_complex(), e.span);
  }
  return builtin(e.text == "-" ? "aten::neg" : "aten::bitwise_not", {v}, e.span);
}

Val* Lowering::ternary(const Expr& e, const TypeRef& hint) {
  Condition c = condition(e[0]);
  Block* outer_block = block_;
  Scope* outer = scope_;
  if (c.known >= 0) {
    Scope scope;
    enter(block_, scope);
    refine(c.known ? c.refinements.when_true : c.refinements.when_false, e.span);
    Val* v = expression(e[c.known ? 1 : 2], hint);
    leave(block_, outer);
    return v;
  }
  Node* n = emit(NodeKind::if_, e.span, {as_bool(c, e.span)});
  Val* values[2];
  for (size_t i = 0; i < 2; ++i) {
    Scope scope;
    enter(graph_->add_block(n), scope);
    refine(i == 0 ? c.refinements.when_true : c.refinements.when_false, e.span);
    values[i] = expression(e[i + 1], hint);
    leave(outer_block, outer);
  }
  TypeRef t = unify(values[0]->type, values[1]->type);
  if (!t) t = types::union_of({values[0]->type, values[1]->type});
  for (size_t i = 0; i < 2; ++i) graph_->add_input(n->blocks[i]->result, values[i]);
  return graph_->add_output(n, t);
}

// ---- conditions -----------------------------------------------------------------------------------------------------------------------
Val* Lowering::truth(Val* v, Span span) {
  switch (v->type->kind) {
    case TypeKind::boolean: return v;
    case TypeKind::tensor:
    case TypeKind::integer:
    case TypeKind::floating:
    case TypeKind::number: return builtin("aten::Bool", {v}, span);
    case TypeKind::string:
    case TypeKind::list:
    case TypeKind::dict: return builtin("aten::ne", {builtin("aten::len", {v}, span), constant(int64_t{0}, span)}, span);
    case TypeKind::class_:
      if (as_class(*v->type).find_method("__bool__")) return call_method(v, "__bool__", {}, span);
      if (as_class(*v->type).find_method("__len__"))
        return builtin("aten::ne", {call_method(v, "__len__", {}, span), constant(int64_t{0}, span)}, span);
      break;
    default: break;
  }
  fail(span, "a value of type " + to_text(*v->type) + " cannot be a condition");
}

Val* Lowering::as_bool(Condition& c, Span span) {
  if (!c.val) c.val = constant(c.known == 1, span);
  return c.val;
}

Condition Lowering::condition(const Expr& e) {
  check_stack();
  Condition c;
  auto known = [](bool b) {
    Condition k;
    k.known = b;
    return k;
  };
  if (e.kind == ExprKind::true_) return known(true);
  if (e.kind == ExprKind::false_) return known(false);
  if (e.kind == ExprKind::unary && e.text == "not") {
    c = condition(e[0]);
    std::swap(c.refinements.when_true, c.refinements.when_false);
    if (c.known >= 0) {
      c.known = !c.known;
      c.val = nullptr;
    } else {
      c.val = builtin("aten::__not__", {c.val}, e.span);
    }
    return c;
  }
  if (e.kind == ExprKind::binary && (e.text == "is" || e.text == "is not")) {
    bool is = e.text == "is";
    Val* left = expression(e[0]);
    Val* right = expression(e[1]);
    if (left->type->is(TypeKind::none)) std::swap(left, right);
    if (!right->type->is(TypeKind::none)) {
      c.val = builtin(is ? "aten::__is__" : "aten::__isnot__", {left, right}, e.span);
      return c;
    }
    if (left->type->is(TypeKind::none)) return known(is);
    if (!admits_none(*left->type)) return known(!is);
    c.val = builtin(is ? "aten::__is__" : "aten::__isnot__", {left, right}, e.span);
    const Expr& subject = e[0].kind == ExprKind::none ? e[1] : e[0];
    if (subject.kind == ExprKind::name && !left->type->is(TypeKind::any)) {
      auto& none_side = is ? c.refinements.when_true : c.refinements.when_false;
      auto& some_side = is ? c.refinements.when_false : c.refinements.when_true;
      none_side.emplace_back(subject.text, types::none());
      some_side.emplace_back(subject.text, without_none(left->type));
    }
    return c;
  }
  if (e.kind == ExprKind::binary && (e.text == "and" || e.text == "or")) {
    bool is_and = e.text == "and";
    Condition first = condition(e[0]);
    auto& passing = is_and ? first.refinements.when_true : first.refinements.when_false;
    if (first.known >= 0) {
      if ((first.known == 1) != is_and) return first;
      refine(passing, e.span);
      return condition(e[1]);
    }
    Node* n = emit(NodeKind::if_, e.span, {first.val});
    Block* outer_block = block_;
    Scope* outer = scope_;
    Block* blocks[2] = {graph_->add_block(n), graph_->add_block(n)};
    Block* evaluating = is_and ? blocks[0] : blocks[1];
    Block* shortcut = is_and ? blocks[1] : blocks[0];
    Scope scope;
    enter(evaluating, scope);
    refine(passing, e.span);
    Condition second = condition(e[1]);
    Val* value = as_bool(second, e.span);
    graph_->add_input(evaluating->result, value);
    leave(shortcut, outer);
    graph_->add_input(shortcut->result, constant(!is_and, e.span));
    leave(outer_block, outer);
    c.val = graph_->add_output(n, types::boolean());
    auto& joined = is_and ? c.refinements.when_true : c.refinements.when_false;
    joined = passing;
    for (auto& r : is_and ? second.refinements.when_true : second.refinements.when_false) joined.push_back(r);
    return c;
  }
  if (e.kind == ExprKind::call && e[0].kind == ExprKind::name && !find_variable(e[0].text)) {
    if (e[0].text == "isinstance") return isinstance_condition(e);
    if (e[0].text == "hasattr" && e.children.size() == 3) {
      Val* v = expression(e[1]);
      if (!v->type->is(TypeKind::class_) || e[2].kind != ExprKind::string) fail(e.span, "hasattr() takes an object and a name");
      const ClassType& t = as_class(*v->type);
      return known(t.find_attribute(e[2].text) != ClassType::npos || t.find_method(e[2].text));
    }
  }
  c.val = truth(expression(e), e.span);
  return c;
}

}  // namespace tsrun
