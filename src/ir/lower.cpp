// Lowering: the function as a whole, assignments and the simple statements.
#include <algorithm>

#include "ir/lowering.h"
#include "ir/stack.h"

namespace tsrun {

std::unique_ptr<Graph> lower(Function& f) { return Lowering(f).run(); }

Lowering::Lowering(Function& f) : f_(f), unit_(*f.unit), source_(*f.source), graph_(std::make_unique<Graph>()) {}

std::unique_ptr<Graph> Lowering::run() {
  Scope scope;
  scope.returns_here = true;
  scope_ = &scope;
  block_ = graph_->body;
  for (auto& a : f_.schema.arguments) {
    Val* v = graph_->add_output(block_->param, a.type, a.name);
    scope.variables[a.name] = {Sugar::Kind::value, v, {}, nullptr, {}, nullptr};
  }
  statements(f_.def->body);
  if (!scope.exits) {  // fell off the end
    Val* v = none(f_.def->span);
    const TypeRef& declared = f_.schema.returns[0].type;
    graph_->add_input(block_->result,
                      f_.return_type_known ? coerce(v, declared, "the missing return value of '" + f_.name + "'", f_.def->span) : v);
  } else if (block_->result->inputs.empty()) {  // every path left from inside a block
    TypeRef t = f_.schema.returns[0].type;
    graph_->add_input(block_->result, emit_one(NodeKind::uninitialized, f_.def->span, {}, t));
  }
  f_.return_type_known = true;
  return std::move(graph_);
}

void Lowering::fail(Span span, const std::string& why, ErrorKind kind) const { fail_at(at(span), kind, why); }

Node* Lowering::emit(NodeKind kind, Span span, std::vector<Val*> inputs) {
  Node* n = graph_->make(kind, std::move(inputs));
  n->where = at(span);
  graph_->append(n, block_);
  return n;
}

Val* Lowering::emit_one(NodeKind kind, Span span, std::vector<Val*> inputs, TypeRef type) {
  return graph_->add_output(emit(kind, span, std::move(inputs)), std::move(type));
}

Val* Lowering::constant(Value v, TypeRef type, Span span) {
  Val* out = graph_->constant(std::move(v), std::move(type), block_->result);
  out->node->where = at(span);
  return out;
}

Val* Lowering::constant(Value v, Span span) {
  TypeRef t = type_of(v);
  return constant(std::move(v), std::move(t), span);
}

Sugar* Lowering::find_variable(const std::string& name) {
  for (Scope* s = scope_; s; s = s->parent) {
    if (auto it = s->variables.find(name); it != s->variables.end()) return &it->second;
    if (s->undefined.count(name)) return nullptr;
  }
  return nullptr;
}

void Lowering::statements(const std::vector<StmtPtr>& body) {
  for (auto& s : body) {
    if (scope_->exits) return;
    statement(*s);
  }
}

void Lowering::statement(const Stmt& s) {
  check_stack();
  switch (s.kind) {
    case StmtKind::assign: return assign_statement(s);
    case StmtKind::annotate: return annotated_assign(s);
    case StmtKind::augment: return augmented_assign(s);
    case StmtKind::expression: sugared(*s.exprs[0]); return;
    case StmtKind::return_: return return_statement(s);
    case StmtKind::pass:
    case StmtKind::global: return;
    case StmtKind::break_:
    case StmtKind::continue_: return exit_loop(s);
    case StmtKind::delete_: return delete_statement(s);
    case StmtKind::raise: return raise_statement(s);
    case StmtKind::assert_: return assert_statement(s);
    case StmtKind::if_: return if_statement(s);
    case StmtKind::while_: return while_statement(s);
    case StmtKind::for_: return for_statement(s);
    case StmtKind::with: return with_statement(s);
    case StmtKind::def: {
      Sugar closure;
      closure.kind = Sugar::Kind::closure;
      closure.def = s.function.get();
      assign_name(s.function->name, closure, s.span);
      return;
    }
  }
}

// ---- assignment -----------------------------------------------------------------------------------------------------------------------
void Lowering::assign_name(const std::string& name, Sugar value, Span span) {
  if (value.kind == Sugar::Kind::value) {
    if (scope_->parent) {  // a name of an enclosing block keeps its type
      for (Scope* s = scope_->parent; s; s = s->parent) {
        auto it = s->variables.find(name);
        if (it == s->variables.end()) continue;
        if (it->second.kind == Sugar::Kind::value && scope_->variables.find(name) == scope_->variables.end() && !loops_.empty()) {
          const TypeRef& outer = it->second.val->type;
          if (!is_subtype(*value.val->type, *outer) && convertible(*value.val, outer, 0, Conversions::none))
            value.val = convert(value.val, outer, 0, Conversions::none, span);
        }
        break;
      }
    }
    if (value.val->name.empty()) value.val->name = name;
  }
  scope_->undefined.erase(name);
  scope_->variables[name] = std::move(value);
}

void Lowering::assign(const Expr& target, Val* value, Span span) {
  switch (target.kind) {
    case ExprKind::name: return assign_name(target.text, {Sugar::Kind::value, value, {}, nullptr, {}, nullptr}, span);
    case ExprKind::tuple:
    case ExprKind::list: return destructure(target, value);
    case ExprKind::starred: return assign(target[0], value, span);
    case ExprKind::subscript: return assign_subscript(target, value, span);
    case ExprKind::attribute: {
      Val* object = expression(target[0]);
      if (object->type->is(TypeKind::tensor)) {
        if (target.text == "data") {
          builtin("aten::set_data", {object, value}, span);
          return;
        }
        if (target.text == "requires_grad") {
          builtin("aten::requires_grad_", {object, value}, span);
          return;
        }
      }
      if (!object->type->is(TypeKind::class_)) fail(span, "cannot set attribute '" + target.text + "' of " + to_text(*object->type));
      const ClassType& c = as_class(*object->type);
      size_t slot = c.find_attribute(target.text);
      if (slot == ClassType::npos) {
        if (c.find_method("__" + target.text + "_setter")) {
          call_method(object, "__" + target.text + "_setter", {{value, {}}}, span);
          return;
        }
        fail(span, c.name + " has no attribute '" + target.text + "'");
      }
      Node* n = emit(NodeKind::set_attr, span, {object, coerce(value, c.attributes[slot].type, "attribute '" + target.text + "'", span)});
      n->name = target.text;
      return;
    }
    default: fail(target.span, "cannot assign to this expression");
  }
}

std::vector<Val*> Lowering::unpack(Val* v, size_t count, Span span, bool at_least) {
  if (v->type->is(TypeKind::tuple)) {
    size_t have = v->type->elements.size();
    if (at_least ? have < count : have != count)
      fail(span, "cannot unpack a tuple of " + std::to_string(have) + " into " + std::to_string(count) + " names");
    if (v->node->kind == NodeKind::tuple_construct) return v->node->inputs;
    Node* n = emit(NodeKind::tuple_unpack, span, {v});
    for (auto& t : v->type->elements) graph_->add_output(n, t);
    return n->outputs;
  }
  if (v->type->is(TypeKind::list)) {
    Node* n = emit(NodeKind::list_unpack, span, {v});
    for (size_t i = 0; i < count; ++i) graph_->add_output(n, v->type->element());
    return n->outputs;
  }
  if (v->type->is(TypeKind::tensor)) {
    Val* list = builtin("aten::unbind", {v}, span);
    return unpack(list, count, span);
  }
  fail(span, "cannot unpack a value of type " + to_text(*v->type));
}

void Lowering::destructure(const Expr& target, Val* value) {
  const auto& names = target.children;
  auto star = std::find_if(names.begin(), names.end(), [](auto& c) { return c->kind == ExprKind::starred; });
  if (value->node->kind == NodeKind::missing && value->type->is(TypeKind::tensor) && star == names.end()) {
    Node* n = value->node;  // an operator tsrun lacks gives as many results as are asked for
    while (n->outputs.size() < names.size()) graph_->add_output(n, types::tensor());
    for (size_t i = 0; i < names.size(); ++i) assign(*names[i], n->outputs[i], names[i]->span);
    return;
  }
  if (star == names.end()) {
    std::vector<Val*> parts = unpack(value, names.size(), target.span);
    for (size_t i = 0; i < names.size(); ++i) assign(*names[i], parts[i], names[i]->span);
    return;
  }
  if (!value->type->is(TypeKind::tuple)) fail(target.span, "a starred name needs a tuple on the right side");
  std::vector<Val*> parts = unpack(value, names.size() - 1, target.span, true);
  size_t before = static_cast<size_t>(star - names.begin()), after = names.size() - 1 - before, middle = parts.size() - before - after;
  for (size_t i = 0; i < before; ++i) assign(*names[i], parts[i], names[i]->span);
  std::vector<Val*> rest(parts.begin() + static_cast<std::ptrdiff_t>(before), parts.begin() + static_cast<std::ptrdiff_t>(before + middle));
  std::vector<TypeRef> rest_types;
  for (Val* r : rest) rest_types.push_back(r->type);
  assign(**star, emit_one(NodeKind::tuple_construct, target.span, rest, types::tuple(rest_types)), target.span);
  for (size_t i = 0; i < after; ++i) assign(*names[before + 1 + i], parts[before + middle + i], names[before + 1 + i]->span);
}

void Lowering::assign_statement(const Stmt& s) {
  const Expr& right = *s.exprs.back();
  if (s.exprs.size() == 2 && s.exprs[0]->kind == ExprKind::tuple && right.kind == ExprKind::tuple &&
      s.exprs[0]->children.size() == right.children.size() &&
      std::none_of(right.children.begin(), right.children.end(), [](auto& c) { return c->kind == ExprKind::starred; }) &&
      std::none_of(s.exprs[0]->children.begin(), s.exprs[0]->children.end(), [](auto& c) { return c->kind == ExprKind::starred; })) {
    std::vector<Val*> values;  // a, b = x, y: all of the right side first
    for (auto& c : right.children) values.push_back(expression(*c));
    for (size_t i = 0; i < values.size(); ++i) assign((*s.exprs[0])[i], values[i], s.span);
    return;
  }
  TypeRef hint;
  if (s.exprs[0]->kind == ExprKind::attribute) {  // self.x = []
    Sugar base = sugared((*s.exprs[0])[0]);
    if (base.kind == Sugar::Kind::value && base.val->type->is(TypeKind::class_)) {
      const ClassType& c = as_class(*base.val->type);
      if (size_t slot = c.find_attribute(s.exprs[0]->text); slot != ClassType::npos) hint = c.attributes[slot].type;
    }
  }
  Sugar value = sugared(right, hint);
  if (value.kind != Sugar::Kind::value && s.exprs[0]->kind == ExprKind::name) return assign_name(s.exprs[0]->text, value, s.span);
  Val* v = as_value(value, right.span);
  for (size_t i = 0; i + 1 < s.exprs.size(); ++i) assign(*s.exprs[i], v, s.span);
}

void Lowering::annotated_assign(const Stmt& s) {
  TypeRef t = unit_.resolve_type(*s.exprs[1], source_);
  if (!s.exprs[2]) return;
  Val* v = coerce(expression(*s.exprs[2], t), t, "the value", s.span);
  if (!same_type(v->type, t)) v = emit_one(NodeKind::unchecked_cast, s.span, {v}, t);
  assign(*s.exprs[0], v, s.span);
}

void Lowering::augmented_assign(const Stmt& s) {
  const Expr& target = *s.exprs[0];
  static const std::unordered_map<std::string, std::string> in_place = {
      {"+", "aten::add_"}, {"-", "aten::sub_"}, {"*", "aten::mul_"}, {"/", "aten::div_"}, {"%", "aten::fmod_"}};
  static const std::unordered_map<std::string, std::string> methods = {
      {"+", "__iadd__"}, {"-", "__isub__"}, {"*", "__imul__"},     {"/", "__itruediv__"}, {"%", "__imod__"},  {"|", "__ior__"},
      {"&", "__iand__"}, {"^", "__ixor__"}, {"<<", "__ilshift__"}, {">>", "__irshift__"}, {"**", "__ipow__"}, {"//", "__ifloordiv__"}};
  if (target.kind == ExprKind::subscript) {
    Val* container = expression(target[0]);
    if (container->type->is(TypeKind::tensor)) {  // x[i] += v changes x through the view
      Val* element = tensor_subscript(container, target, s.span);
      Val* value = expression(*s.exprs[1]);
      auto it = in_place.find(s.text);
      bool advanced = element->node->kind == NodeKind::op && element->node->name.starts_with("aten::index");
      if (it != in_place.end() && !advanced) {
        builtin(it->second, {element, value}, s.span);
        return;
      }
      assign_subscript(target, binary_op(s.text, element, value, s.span), s.span);
      return;
    }
  }
  Val* left = expression(target);
  if (left->type->is(TypeKind::class_)) {
    const ClassType& c = as_class(*left->type);
    if (auto m = methods.find(s.text); m != methods.end() && c.find_method(m->second))
      return assign(target, call_method(left, m->second, {{expression(*s.exprs[1]), {}}}, s.span), s.span);
    return assign(target, binary_op(s.text, left, expression(*s.exprs[1]), s.span), s.span);
  }
  Val* right = expression(*s.exprs[1], left->type);
  bool mutates = left->type->is(TypeKind::tensor) || left->type->is(TypeKind::list);
  if (auto it = in_place.find(s.text); it != in_place.end() && mutates)
    return assign(target, builtin(it->second, {left, right}, s.span), s.span);
  static const std::unordered_map<std::string, std::string> tensor_bits = {
      {"|", "aten::bitwise_or"}, {"&", "aten::bitwise_and"}, {"^", "aten::bitwise_xor"}};
  if (auto it = tensor_bits.find(s.text); it != tensor_bits.end() && left->type->is(TypeKind::tensor))
    return assign(target, builtin(it->second, {left, right}, s.span), s.span);
  if (s.text == "%" && !left->type->is(TypeKind::string)) return assign(target, builtin("aten::fmod", {left, right}, s.span), s.span);
  assign(target, binary_op(s.text, left, right, s.span), s.span);
}

void Lowering::delete_statement(const Stmt& s) {
  for (auto& e : s.exprs) {
    if (e->kind == ExprKind::name) {
      if (!find_variable(e->text)) fail(e->span, "undefined variable '" + e->text + "'");
      scope_->variables.erase(e->text);
      scope_->undefined.insert(e->text);
    } else if (e->kind == ExprKind::subscript && e->children.size() == 2) {
      builtin("aten::Delete", {expression((*e)[0]), expression((*e)[1])}, e->span);
    } else {
      fail(e->span, "cannot delete this expression");
    }
  }
}

void Lowering::return_statement(const Stmt& s) {
  const TypeRef& declared = f_.schema.returns[0].type;
  bool typed = f_.return_type_known && !in_closure_;
  Val* v = s.exprs[0] ? expression(*s.exprs[0], typed ? declared : TypeRef()) : none(s.span);
  if (typed) v = coerce(v, declared, "the return value", s.span);
  scope_->exits = true;
  if (scope_->returns_here) {
    graph_->add_input(block_->result, v);
  } else {
    if (in_closure_) fail(s.span, "a forked function returns at its end only", ErrorKind::unsupported);
    graph_->has_exits = true;
    emit(NodeKind::return_, s.span, {v});
  }
  if (!typed && !in_closure_) {
    TypeRef& result = f_.schema.returns[0].type;
    TypeRef both = f_.lowering && !scope_->parent && result->is(TypeKind::none)
                       ? v->type
                       : unify(result->is(TypeKind::none) ? v->type : result, v->type);
    if (!both) fail(s.span, "return values of types " + to_text(*result) + " and " + to_text(*v->type));
    result = both;
  }
}

void Lowering::raise_statement(const Stmt& s) {
  Val* message = nullptr;
  std::string name = "Exception";
  if (s.exprs[0]) {
    const Expr& e = *s.exprs[0];
    const Expr& head = e.kind == ExprKind::call ? e[0] : e;
    if (head.kind == ExprKind::name) name = head.text;
    if (e.kind == ExprKind::call && e.children.size() > 1) message = builtin("aten::str", {expression(e[1])}, s.span);
  }
  if (!message) message = constant(std::string_view(""), s.span);
  emit(NodeKind::raise, s.span, {message, constant("builtins." + name, s.span)});
  scope_->exits = true;
}

}  // namespace tsrun
