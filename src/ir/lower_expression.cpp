// Lowering: expressions by kind, and the literals.
#include <algorithm>

#include "ir/lowering.h"
#include "ir/stack.h"

namespace tsrun {

Val* Lowering::expression(const Expr& e, const TypeRef& hint) { return as_value(sugared(e, hint), e.span); }

Val* Lowering::as_value(const Sugar& s, Span span) {
  switch (s.kind) {
    case Sugar::Kind::value: return s.val;
    case Sugar::Kind::function:
    case Sugar::Kind::builtin:
    case Sugar::Kind::special:
    case Sugar::Kind::method: fail(span, "a function cannot be used as a value");
    case Sugar::Kind::type: fail(span, "a class cannot be used as a value");
    case Sugar::Kind::name_space: fail(span, "undefined name '" + s.text + "'");
    case Sugar::Kind::closure: fail(span, "a nested function cannot be used as a value");
  }
  return nullptr;
}

Sugar Lowering::sugared(const Expr& e, const TypeRef& hint) {
  check_stack();
  auto value = [](Val* v) { return value_sugar(v); };
  switch (e.kind) {
    case ExprKind::name: return name(e);
    case ExprKind::attribute: return attribute(e);
    case ExprKind::call: return call(e, hint);
    case ExprKind::integer:
    case ExprKind::floating:
    case ExprKind::imaginary: {
      Value v = number_literal(e, source_);
      if (hint && v.is_int() && without_none(hint)->is(TypeKind::floating))
        v = static_cast<double>(v.to_int());  // 1e10 is printed without a dot
      return value(constant(std::move(v), e.span));
    }
    case ExprKind::string: return value(constant(Value(e.text), e.span));
    case ExprKind::true_: return value(constant(true, e.span));
    case ExprKind::false_: return value(constant(false, e.span));
    case ExprKind::none: return value(none(e.span));
    case ExprKind::subscript: return value(subscript(e, hint));
    case ExprKind::tuple: return value(tuple_literal(e, hint));
    case ExprKind::list: return value(list_literal(e, hint));
    case ExprKind::dict: return value(dict_literal(e, hint));
    case ExprKind::unary: return value(unary(e));
    case ExprKind::binary: return value(binary(e));
    case ExprKind::ternary: return value(ternary(e, hint));
    case ExprKind::list_comp: return value(list_comprehension(e, hint));
    case ExprKind::dict_comp: return value(dict_comprehension(e, hint));
    case ExprKind::starred:
    case ExprKind::slice:
    case ExprKind::ellipsis: fail(e.span, "this expression is not allowed here");
  }
  return {};
}

static TypeRef element_hint(const TypeRef& hint, TypeKind kind, size_t i = 0) {
  if (!hint) return {};
  TypeRef bare = without_none(hint);
  if (bare->is(kind) && i < bare->elements.size()) return bare->elements[i];
  if (bare->is(TypeKind::union_))
    for (auto& e : bare->elements)
      if (e->is(kind) && i < e->elements.size()) return e->elements[i];
  return {};
}

/// The type all of them can stand for; a union when nothing smaller does.
static TypeRef common_type(const std::vector<Val*>& values) {
  TypeRef t = values[0]->type;
  for (Val* v : values) {
    TypeRef both = unify(t, v->type);
    t = both ? both : types::union_of({t, v->type});
  }
  return t;
}

Val* Lowering::list_literal(const Expr& e, const TypeRef& hint) {
  TypeRef wanted = element_hint(hint, TypeKind::list);
  std::vector<Val*> elements;
  for (auto& c : e.children) {
    if (c->kind == ExprKind::starred) {
      Val* v = expression((*c)[0]);
      if (!v->type->is(TypeKind::tuple)) fail(c->span, "only a tuple can be spread into a list");
      for (Val* part : unpack(v, v->type->elements.size(), c->span)) elements.push_back(part);
    } else {
      elements.push_back(expression(*c, wanted));
    }
  }
  if (elements.empty()) {
    Val* v = emit_one(NodeKind::list_construct, e.span, {}, types::list(wanted ? wanted : types::tensor()));
    if (!wanted) empty_lists_.insert(v->node);
    return v;
  }
  TypeRef element = wanted;
  if (element && !std::all_of(elements.begin(), elements.end(), [&](Val* v) { return convertible(*v, element, 0, Conversions::implicit); }))
    element = {};
  if (!element) element = common_type(elements);
  for (Val*& v : elements) v = convert(v, element, 0, Conversions::implicit, e.span);
  return emit_one(NodeKind::list_construct, e.span, std::move(elements), types::list(element));
}

Val* Lowering::dict_literal(const Expr& e, const TypeRef& hint) {
  TypeRef wanted_key = element_hint(hint, TypeKind::dict, 0), wanted_value = element_hint(hint, TypeKind::dict, 1);
  std::vector<Val*> inputs, keys, values;
  for (size_t i = 0; i + 1 < e.children.size(); i += 2) {
    keys.push_back(expression(e[i], wanted_key));
    values.push_back(expression(e[i + 1], wanted_value));
  }
  TypeRef key = wanted_key ? wanted_key : keys.empty() ? types::string() : common_type(keys);
  TypeRef value = wanted_value ? wanted_value : values.empty() ? types::tensor() : common_type(values);
  for (size_t i = 0; i < keys.size(); ++i) {
    inputs.push_back(coerce(keys[i], key, "a dictionary key", e.span));
    inputs.push_back(coerce(values[i], value, "a dictionary value", e.span));
  }
  return emit_one(NodeKind::dict_construct, e.span, std::move(inputs), types::dict(key, value));
}

Val* Lowering::tuple_literal(const Expr& e, const TypeRef& hint) {
  std::vector<Val*> elements;
  std::vector<TypeRef> element_types;
  for (size_t i = 0; i < e.children.size(); ++i) {
    if (e[i].kind == ExprKind::starred) {
      Val* v = expression(e[i][0]);
      if (!v->type->is(TypeKind::tuple)) fail(e[i].span, "only a tuple can be spread into a tuple");
      for (Val* part : unpack(v, v->type->elements.size(), e[i].span)) elements.push_back(part);
    } else {
      elements.push_back(expression(e[i], element_hint(hint, TypeKind::tuple, i)));
    }
  }
  for (Val* v : elements) element_types.push_back(v->type);
  return emit_one(NodeKind::tuple_construct, e.span, std::move(elements), types::tuple(std::move(element_types)));
}

Val* Lowering::list_comprehension(const Expr& e, const TypeRef& hint) {
  Val* result = emit_one(NodeKind::list_construct, e.span, {}, types::list(types::tensor()));
  TypeRef wanted = element_hint(hint, TypeKind::list), element = wanted;
  Scope scope;  // the loop variable is the comprehension's own
  enter(block_, scope);
  for_over(e.span, e[2], {}, [&](Val* item) {
    assign(e[1], item, e.span);
    Val* v = expression(e[0], wanted);
    element = wanted ? wanted : v->type;
    result->type = types::list(element);
    builtin("aten::append", {result, coerce(v, element, "an element", e.span)}, e.span);
  });
  leave(block_, scope.parent);
  return result;
}

Val* Lowering::dict_comprehension(const Expr& e, const TypeRef& hint) {
  Val* result = emit_one(NodeKind::dict_construct, e.span, {}, types::dict(types::string(), types::tensor()));
  TypeRef key = element_hint(hint, TypeKind::dict, 0), value = element_hint(hint, TypeKind::dict, 1);
  Scope scope;
  enter(block_, scope);
  for_over(e.span, e[3], {}, [&](Val* item) {
    assign(e[2], item, e.span);
    Val* k = expression(e[0], key);
    Val* v = expression(e[1], value);
    result->type = types::dict(key ? key : k->type, value ? value : v->type);
    builtin("aten::_set_item", {result, k, v}, e.span);
  });
  leave(block_, scope.parent);
  return result;
}

}  // namespace tsrun
