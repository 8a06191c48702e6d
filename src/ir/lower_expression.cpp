// Lowering: names, attributes, literals, operators, subscripts and conditions.
#include <algorithm>
#include <cmath>

#include "ir/lowering.h"

namespace tsrun {
namespace {

Sugar named(Sugar::Kind kind, std::string text, Val* val = nullptr) {
  Sugar s;
  s.kind = kind;
  s.text = std::move(text);
  s.val = val;
  return s;
}

const std::set<std::string_view> special_names = {"annotate", "unchecked_cast", "uninitialized", "isinstance", "getattr", "hasattr", "print", "fork", "awaitable",
                                                  "int", "float", "bool", "complex", "str", "tuple", "range", "zip", "enumerate", "AssertionError", "dict", "list"};

/// Global functions and the operators they are.
const std::unordered_map<std::string_view, std::string_view> global_operators = {
    {"len", "aten::len"}, {"hex", "aten::hex"}, {"oct", "aten::oct"}, {"round", "aten::round"}, {"hash", "aten::hash"}, {"id", "prim::id"},
    {"min", "prim::min"}, {"max", "prim::max"}, {"abs", "prim::abs"}, {"all", "aten::all"}, {"any", "aten::any"}, {"divmod", "aten::divmod"},
    {"sum", "aten::sum"}, {"ord", "aten::ord"}, {"chr", "aten::chr"}, {"bin", "aten::bin"}, {"pow", "aten::pow"}, {"rangelist", "prim::rangelist"},
    {"sorted", "aten::sorted"}, {"_to_tensor", "aten::_to_tensor"}};

/// Attributes of tensors, and the operators that give them.
const std::unordered_map<std::string_view, std::string_view> tensor_attributes = {
    {"dtype", "prim::dtype"}, {"device", "prim::device"}, {"grad", "prim::grad"}, {"data", "prim::data"}, {"shape", "aten::size"}, {"ndim", "aten::dim"},
    {"is_cuda", "prim::is_cuda"}, {"is_cpu", "prim::is_cpu"}, {"is_xla", "prim::is_xla"}, {"is_xpu", "prim::is_xpu"}, {"is_sparse", "prim::is_sparse"},
    {"is_sparse_csr", "prim::is_sparse_csr"}, {"is_quantized", "prim::is_quantized"}, {"is_mkldnn", "prim::is_mkldnn"}, {"is_meta", "prim::is_meta"},
    {"is_mps", "prim::is_mps"}, {"is_vulkan", "prim::is_vulkan"}, {"is_nested", "prim::is_nested"}, {"is_leaf", "aten::is_leaf"},
    {"requires_grad", "prim::requires_grad"}, {"layout", "prim::layout"}, {"T", "aten::numpy_T"}, {"H", "aten::matrix_H"}, {"mT", "aten::mT"},
    {"mH", "aten::mH"}, {"name", "prim::name"}, {"real", "aten::real"}, {"imag", "aten::imag"}, {"retains_grad", "aten::retains_grad"},
    {"itemsize", "prim::itemsize"}, {"nbytes", "prim::nbytes"}};

const std::unordered_map<std::string_view, std::pair<std::string_view, std::string_view>> binary_operators = {
    {"+", {"aten::add", "__add__"}}, {"-", {"aten::sub", "__sub__"}}, {"*", {"aten::mul", "__mul__"}}, {"/", {"aten::div", "__truediv__"}},
    {"//", {"aten::floordiv", "__floordiv__"}}, {"%", {"aten::remainder", "__mod__"}}, {"**", {"aten::pow", "__pow__"}}, {"@", {"aten::matmul", "__matmul__"}},
    {"<<", {"aten::__lshift__", "__lshift__"}}, {">>", {"aten::__rshift__", "__rshift__"}}, {"&", {"aten::__and__", "__and__"}},
    {"|", {"aten::__or__", "__or__"}}, {"^", {"aten::__xor__", "__xor__"}}, {"==", {"aten::eq", "__eq__"}}, {"!=", {"aten::ne", "__ne__"}},
    {"<", {"aten::lt", "__lt__"}}, {">", {"aten::gt", "__gt__"}}, {"<=", {"aten::le", "__le__"}}, {">=", {"aten::ge", "__ge__"}}};

}  // namespace

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
  auto value = [](Val* v) { return value_sugar(v); };
  switch (e.kind) {
    case ExprKind::name: return name(e);
    case ExprKind::attribute: return attribute(e);
    case ExprKind::call: return call(e, hint);
    case ExprKind::integer:
    case ExprKind::floating:
    case ExprKind::imaginary: {
      Value v = number_literal(e, source_);
      if (hint && v.is_int() && without_none(hint)->is(TypeKind::floating)) v = static_cast<double>(v.to_int());  // 1e10 is printed without a dot
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

Sugar Lowering::name(const Expr& e) {
  if (Sugar* v = find_variable(e.text)) return *v;
  for (Scope* s = scope_; s; s = s->parent)
    if (s->undefined.count(e.text))
      fail(e.span, "variable '" + e.text + "' is not defined on every path, or has types that do not fit together");
  if (e.text == "torch" || e.text == "ops" || e.text == "CONSTANTS" || e.text == "__torch__") return named(Sugar::Kind::name_space, e.text);
  if (auto it = global_operators.find(e.text); it != global_operators.end()) return named(Sugar::Kind::builtin, std::string(it->second));
  if (special_names.count(e.text)) return named(Sugar::Kind::special, e.text);
  if (e.text == "inf") return value_sugar(constant(HUGE_VAL, e.span));
  if (e.text == "nan") return value_sugar(constant(std::nan(""), e.span));
  if (e.text == "infj") return value_sugar(constant(std::complex<double>(0, HUGE_VAL), e.span));
  if (e.text == "nanj") return value_sugar(constant(std::complex<double>(0, std::nan("")), e.span));
  if (!f_.name.starts_with("__torch__."))  // the prelude's functions call each other by their bare names
    if (Function* f = unit_.find_function(f_.name.substr(0, f_.name.rfind('.') + 1) + e.text)) {
      Sugar s = named(Sugar::Kind::function, e.text);
      s.function = f;
      return s;
    }
  fail(e.span, "undefined name '" + e.text + "'");
}

Sugar Lowering::attribute(const Expr& e) {
  Sugar base = sugared(e[0]);
  switch (base.kind) {
    case Sugar::Kind::value: return attribute_of(base.val, e.text, e.span);
    case Sugar::Kind::name_space: {
      if (base.text == "torch") {
        if (e.text == "autograd" || e.text == "ops" || e.text == "classes") return named(Sugar::Kind::name_space, base.text + "." + e.text);
        return named(Sugar::Kind::builtin, "aten::" + e.text);
      }
      if (base.text == "torch.autograd") return named(Sugar::Kind::builtin, "aten::" + e.text);
      if (base.text == "ops" || base.text == "torch.ops") return named(Sugar::Kind::name_space, "ops." + e.text);
      if (base.text.starts_with("ops.")) return named(Sugar::Kind::builtin, base.text.substr(4) + "::" + e.text);
      if (base.text == "CONSTANTS") {
        size_t i = e.text.size() > 1 && e.text[0] == 'c' ? std::strtoul(e.text.c_str() + 1, nullptr, 10) : unit_.constants.size();
        if (i >= unit_.constants.size()) fail(e.span, "the archive has no constant '" + e.text + "'");
        return value_sugar(constant(unit_.constants[i], e.span));
      }
      std::string qualified = base.text + "." + e.text;
      if (TypeRef t = unit_.find_type(qualified)) {
        Sugar s = named(Sugar::Kind::type, qualified);
        s.type = t;
        return s;
      }
      if (Function* f = unit_.find_function(qualified)) {
        Sugar s = named(Sugar::Kind::function, qualified);
        s.function = f;
        return s;
      }
      return named(Sugar::Kind::name_space, qualified);
    }
    case Sugar::Kind::type: {
      if (base.type->is(TypeKind::enumeration))
        for (const Value& m : as_enum(*base.type).members)
          if (m.to_enum().name == e.text) return value_sugar(constant(m, base.type, e.span));
      if (base.type->is(TypeKind::class_)) {
        if (e.text == "__new__") {
          Sugar s = named(Sugar::Kind::special, "__new__");
          s.type = base.type;
          return s;
        }
        if (Function* f = as_class(*base.type).find_method(e.text)) {
          Sugar s = named(Sugar::Kind::function, e.text);
          s.function = f;
          return s;
        }
      }
      // A class and a code file may share a prefix: __torch__.H and code/__torch__/H.py
      if (Function* f = unit_.find_function(base.text + "." + e.text)) {
        Sugar s = named(Sugar::Kind::function, e.text);
        s.function = f;
        return s;
      }
      if (TypeRef t = unit_.find_type(base.text + "." + e.text)) {
        Sugar s = named(Sugar::Kind::type, base.text + "." + e.text);
        s.type = t;
        return s;
      }
      fail(e.span, base.type->name + " has no member '" + e.text + "'");
    }
    case Sugar::Kind::builtin:  // torch.ops style chains do not occur below an operator
    default: fail(e.span, "'" + e.text + "' is not an attribute of this");
  }
}

Sugar Lowering::attribute_of(Val* v, const std::string& name, Span span) {
  const Type& t = *v->type;
  auto op = [&](std::string_view n) { return value_sugar(builtin(std::string(n), {v}, span)); };
  switch (t.kind) {
    case TypeKind::class_:
    case TypeKind::interface: {
      const ClassType& c = as_class(t);
      if (size_t slot = c.find_attribute(name); slot != ClassType::npos) {
        Node* n = emit(NodeKind::get_attr, span, {v});
        n->name = name;
        return value_sugar(graph_->add_output(n, c.attributes[slot].type, name));
      }
      if (Function* f = c.find_method(name)) {
        Sugar s = named(Sugar::Kind::method, name, v);
        s.function = f;
        return s;
      }
      if (c.find_method("__" + name + "_getter")) return value_sugar(call_method(v, "__" + name + "_getter", {}, span));
      for (auto& [n, value] : c.constants)
        if (n == name) return value_sugar(constant(value, span));
      fail(span, t.name + " has no attribute or method '" + name + "'");
    }
    case TypeKind::tuple: {
      auto it = std::find(t.fields.begin(), t.fields.end(), name);
      if (it == t.fields.end()) break;
      Node* n = emit(NodeKind::tuple_index, span, {v});
      n->index = it - t.fields.begin();
      return value_sugar(graph_->add_output(n, t.elements[static_cast<size_t>(n->index)]));
    }
    case TypeKind::tensor: {
      if (auto it = tensor_attributes.find(name); it != tensor_attributes.end()) return op(it->second);
      break;
    }
    case TypeKind::device:
      if (name == "type") return op("prim::type");
      if (name == "index") return op("prim::index");
      break;
    case TypeKind::enumeration:
      if (name == "name") return op("prim::EnumName");
      if (name == "value") {
        Val* value = builtin("prim::EnumValue", {v}, span);
        value->type = t.element();
        return value_sugar(value);
      }
      break;
    case TypeKind::complex:
    case TypeKind::floating:
    case TypeKind::integer:
      if (name == "real" || name == "imag") return op("aten::" + name);
      break;
    default: break;
  }
  if (name == "get" && t.is(TypeKind::dict)) return named(Sugar::Kind::builtin, "aten::get", v);
  return named(Sugar::Kind::builtin, "aten::" + name, v);
}

// ---- literals -------------------------------------------------------------------------------------------------------------------------
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
  if (element && !std::all_of(elements.begin(), elements.end(), [&](Val* v) { return convertible(*v, element, 0, Conversions::implicit); })) element = {};
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

// ---- operators ------------------------------------------------------------------------------------------------------------------------
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
  if ((symbol == "==" || symbol == "!=") && a->type->is(TypeKind::tuple) && b->type->is(TypeKind::tuple)) return builtin(std::string(op), {a, b}, span);
  if (symbol == "//" && (a->type->is(TypeKind::tensor) || b->type->is(TypeKind::tensor))) return builtin("aten::floor_divide", {a, b}, span);
  bool a_is_number = a->type->is(TypeKind::integer) || a->type->is(TypeKind::floating) || a->type->is(TypeKind::complex) ||
                     a->type->is(TypeKind::number) || a->type->is(TypeKind::boolean);
  if (a_is_number && b->type->is(TypeKind::tensor)) {  // 1 - x: PyTorch's script helpers
    if (symbol == "-") return builtin("aten::add", {builtin("aten::neg", {b}, span), a}, span);
    if (symbol == "/") return builtin("aten::mul", {builtin("aten::reciprocal", {b}, span), a}, span);
    static const std::unordered_map<std::string_view, std::string_view> mirrored = {
        {"+", "aten::add"}, {"*", "aten::mul"}, {"==", "aten::eq"}, {"!=", "aten::ne"}, {"<", "aten::gt"}, {">", "aten::lt"}, {"<=", "aten::ge"}, {">=", "aten::le"}};
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

// ---- subscripts -----------------------------------------------------------------------------------------------------------------------
static bool constant_int(const Val* v, int64_t& out) {
  if (v->node->kind != NodeKind::constant || !v->node->value.is_int()) return false;
  out = v->node->value.to_int();
  return true;
}

Val* Lowering::subscript(const Expr& e, const TypeRef& hint) {
  Val* v = expression(e[0]);
  const Type& t = *v->type;
  if (t.is(TypeKind::tensor)) return tensor_subscript(v, e, e.span);
  if (e.children.size() != 2) fail(e.span, to_text(t) + " takes one subscript");
  const Expr& item = e[1];
  auto bound = [&](size_t i) { return item.children[i] ? expression(item[i]) : nullptr; };
  if (t.is(TypeKind::tuple)) {
    auto size = static_cast<int64_t>(t.elements.size());
    if (item.kind == ExprKind::slice) {
      int64_t bounds[3] = {0, size, 1};
      for (size_t i = 0; i < 3; ++i)
        if (Val* b = bound(i); b && !b->type->is(TypeKind::none) && !constant_int(b, bounds[i])) fail(e.span, "a tuple slice needs constant bounds");
      auto clamp = [&](int64_t i) { return std::clamp<int64_t>(i < 0 ? i + size : i, 0, size); };
      std::vector<Val*> all = unpack(v, t.elements.size(), e.span), parts;
      std::vector<TypeRef> part_types;
      if (bounds[2] != 1) {
        if (bounds[2] < 1) fail(e.span, "a tuple slice needs a positive step");
      }
      for (int64_t i = clamp(bounds[0]); i < clamp(bounds[1]); i += bounds[2]) {
        parts.push_back(all[static_cast<size_t>(i)]);
        part_types.push_back(parts.back()->type);
      }
      return emit_one(NodeKind::tuple_construct, e.span, std::move(parts), types::tuple(std::move(part_types)));
    }
    Val* at = expression(item);
    int64_t i;
    if (!constant_int(at, i)) {
      if (t.elements.empty() || std::any_of(t.elements.begin(), t.elements.end(), [&](const TypeRef& u) { return !same_type(u, t.elements[0]); }))
        fail(e.span, "a tuple is indexed by a constant integer unless all its elements have one type");
      Val* list = emit_one(NodeKind::list_construct, e.span, unpack(v, t.elements.size(), e.span), types::list(t.elements[0]));
      return builtin("aten::__getitem__", {list, at}, e.span);
    }
    if (i < -size || i >= size) fail(e.span, "tuple index " + std::to_string(i) + " is out of range for " + std::to_string(size) + " elements");
    Node* n = emit(NodeKind::tuple_index, e.span, {v});
    n->index = i < 0 ? i + size : i;
    return graph_->add_output(n, t.elements[static_cast<size_t>(n->index)]);
  }
  if (item.kind == ExprKind::slice) {
    Val* parts[3];
    for (size_t i = 0; i < 3; ++i) {
      parts[i] = bound(i);
      if (!parts[i]) parts[i] = i < 2 ? none(e.span) : constant(int64_t{1}, e.span);
    }
    return builtin("aten::slice", {v, parts[0], parts[1], parts[2]}, e.span);
  }
  Val* key = expression(item);
  if (t.is(TypeKind::class_) || t.is(TypeKind::interface)) {
    const ClassType& c = as_class(t);
    if (c.find_method("__getitem__")) return call_method(v, "__getitem__", {{key, {}}}, e.span);
    if (c.is_module && hint) return emit_one(NodeKind::container_index, e.span, {v, key}, hint);
    fail(e.span, t.name + " cannot be indexed");
  }
  return builtin("aten::__getitem__", {v, key}, e.span);
}

/// Integers, slices and None become views, in order; tensor items are left in `tensors` at the dimension they index.
Val* Lowering::index_view(Val* v, const Expr& e, std::vector<Val*>& tensors, Span span) {
  std::vector<const Expr*> items;
  for (size_t i = 1; i < e.children.size(); ++i) {
    if (e[i].kind == ExprKind::tuple)
      for (auto& c : e[i].children) items.push_back(c.get());
    else items.push_back(&e[i]);
  }
  auto number = [&](int64_t i) { return constant(i, span); };
  int64_t dim = 0;
  bool after_ellipsis = false;
  for (size_t at = 0; at < items.size(); ++at) {
    const Expr& item = *items[at];
    if (item.kind == ExprKind::ellipsis) {
      after_ellipsis = true;
      continue;
    }
    if (after_ellipsis) {  // dimensions to the right of `...` count from the end
      dim = 0;
      for (size_t k = at; k < items.size(); ++k) dim -= items[k]->kind != ExprKind::none;
    }
    if (item.kind == ExprKind::none) {
      v = builtin("aten::unsqueeze", {v, number(after_ellipsis ? dim - 1 : dim)}, span);
      ++dim;
      continue;
    }
    if (item.kind == ExprKind::slice) {
      Val* parts[3];
      for (size_t i = 0; i < 3; ++i) parts[i] = item.children[i] ? expression(item[i]) : i < 2 ? none(span) : number(1);
      bool whole = !item.children[0] && !item.children[1] && !item.children[2];
      if (!whole) v = builtin("aten::slice", {v, number(dim), parts[0], parts[1], parts[2]}, span);
      ++dim;
      continue;
    }
    Val* index = expression(item);
    if (index->type->is(TypeKind::integer)) {
      v = builtin("aten::select", {v, number(dim), index}, span);
      continue;
    }
    if (index->type->is(TypeKind::none)) {
      v = builtin("aten::unsqueeze", {v, number(after_ellipsis ? dim - 1 : dim)}, span);
      ++dim;
      continue;
    }
    if (index->type->is(TypeKind::list)) {
      bool booleans = index->type->element()->is(TypeKind::boolean);
      index = builtin("aten::tensor", nullptr, {{index, {}}, {constant(static_cast<int64_t>(booleans ? DType::boolean : DType::i64), span), "dtype"}}, span);
    }
    if (!convertible_type(without_none(index->type), types::tensor(), Conversions::none))
      fail(span, "a tensor cannot be indexed by " + to_text(*index->type));
    if (after_ellipsis) fail(span, "a tensor index after '...'", ErrorKind::unsupported);
    while (tensors.size() < static_cast<size_t>(dim)) tensors.push_back(nullptr);
    tensors.push_back(index);
    ++dim;
  }
  return v;
}

static TypeRef index_list_type() {
  static const TypeRef t = types::list(types::optional(types::tensor()));
  return t;
}

Val* Lowering::tensor_subscript(Val* v, const Expr& e, Span span) {
  std::vector<Val*> tensors;
  Val* view = index_view(v, e, tensors, span);
  if (tensors.empty()) {
    if (view == v) return builtin("aten::alias", {v}, span);
    return view;
  }
  for (Val*& t : tensors)
    if (!t) t = none(span);
  return builtin("aten::index", {view, emit_one(NodeKind::list_construct, span, std::move(tensors), index_list_type())}, span);
}

void Lowering::assign_subscript(const Expr& target, Val* value, Span span) {
  Val* v = expression(target[0]);
  if (v->type->is(TypeKind::tensor)) {
    std::vector<Val*> tensors;
    Val* view = index_view(v, target, tensors, span);
    if (!value->type->is(TypeKind::tensor))
      value = builtin("aten::tensor", nullptr, {{value, {}}, {builtin("prim::dtype", {v}, span), "dtype"}, {builtin("prim::device", {v}, span), "device"}}, span);
    if (tensors.empty()) {
      builtin("aten::copy_", {view, value}, span);
      return;
    }
    for (Val*& t : tensors)
      if (!t) t = none(span);
    builtin("aten::index_put_", {view, emit_one(NodeKind::list_construct, span, std::move(tensors), index_list_type()), value}, span);
    return;
  }
  if (target.children.size() != 2) fail(span, to_text(*v->type) + " takes one subscript");
  Val* key = expression(target[1]);
  if (v->type->is(TypeKind::class_)) {
    call_method(v, "__setitem__", {{key, {}}, {value, {}}}, span);
    return;
  }
  builtin("aten::_set_item", {v, key, value}, span);
}

}  // namespace tsrun
