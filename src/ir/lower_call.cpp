// Lowering: calls of functions, methods, operators, constructors and the special forms of serialized code.
#include <algorithm>

#include "ir/lowering.h"

namespace tsrun {
namespace {

/// x.float() and its kin are conversions.
const std::unordered_map<std::string_view, DType> cast_methods = {
    {"aten::float", DType::f32},    {"aten::double", DType::f64},    {"aten::half", DType::f16},   {"aten::int", DType::i32},
    {"aten::long", DType::i64},     {"aten::short", DType::i16},     {"aten::byte", DType::u8},    {"aten::char", DType::i8},
    {"aten::bool", DType::boolean}, {"aten::bfloat16", DType::bf16}, {"aten::cfloat", DType::c64}, {"aten::cdouble", DType::c128}};

/// Functions that PyTorch defines as TorchScript helpers under an operator's name.
const std::unordered_map<std::string_view, size_t> repeats = {
    {"aten::_single", 1}, {"aten::_pair", 2}, {"aten::_triple", 3}, {"aten::_quadruple", 4}};

}  // namespace

std::vector<CallArgument> Lowering::arguments(const Expr& e, size_t from) {
  std::vector<CallArgument> args;
  for (size_t i = from; i < e.children.size(); ++i) {
    const std::string& keyword = e.keywords[i - 1];
    if (e[i].kind == ExprKind::starred) {
      Val* v = expression(e[i][0]);
      if (v->type->is(TypeKind::list)) fail(e[i].span, "a list cannot be spread into arguments: its length is not known");
      for (Val* part : unpack(v, v->type->elements.size(), e[i].span)) args.push_back({part, {}});
    } else {
      args.push_back({expression(e[i]), keyword});
    }
  }
  return args;
}

Sugar Lowering::call(const Expr& e, const TypeRef& hint) {
  Sugar callee = sugared(e[0]);
  switch (callee.kind) {
    case Sugar::Kind::special: {
      if (callee.text == "__new__") return value_sugar(emit_one(NodeKind::create_object, e.span, {}, callee.type));
      return special_call(callee.text, e, hint);
    }
    case Sugar::Kind::function: return value_sugar(call_function(*callee.function, nullptr, arguments(e), e.span));
    case Sugar::Kind::method: return value_sugar(call_method(callee.val, callee.text, arguments(e), e.span));
    case Sugar::Kind::type: return value_sugar(construct(callee.type, e));
    case Sugar::Kind::value:
      if (callee.val->type->is(TypeKind::class_) || callee.val->type->is(TypeKind::interface)) {
        bool module = as_class(*callee.val->type).is_module;
        return value_sugar(call_method(callee.val, module ? "forward" : "__call__", arguments(e), e.span));
      }
      fail(e.span, "a value of type " + to_text(*callee.val->type) + " cannot be called");
    case Sugar::Kind::name_space: fail(e.span, "undefined function '" + callee.text + "'");
    case Sugar::Kind::closure: fail(e.span, "a nested function can only be given to fork()");
    case Sugar::Kind::builtin: break;
  }
  const std::string& op = callee.text;
  Val* self = callee.val;
  if (op == "prim::RaiseException" || op == "aten::RaiseException") {
    std::vector<CallArgument> args = arguments(e);
    Val* message = args.empty() ? constant(std::string_view("Exception"), e.span) : args[0].val;
    emit(NodeKind::raise, e.span, {message, args.size() > 1 ? args[1].val : none(e.span)});
    return value_sugar(none(e.span));
  }
  if (op == "aten::tolist" && self) {
    if (!hint) fail(e.span, "tolist() needs a type: annotate(List[int], x.tolist())");
    return value_sugar(emit_one(NodeKind::tolist, e.span, {self}, hint));
  }
  if (op == "prim::unchecked_unwrap_optional" || op == "aten::_unwrap_optional") {
    if (e.children.size() != 2) fail(e.span, op + " takes one argument");
    Val* v = expression(e[1]);
    if (op == "aten::_unwrap_optional" && admits_none(*v->type)) {
      Val* unwrapped = builtin(op, {v}, e.span);
      unwrapped->type = without_none(v->type);
      return value_sugar(unwrapped);
    }
    return value_sugar(admits_none(*v->type) ? emit_one(NodeKind::unchecked_cast, e.span, {v}, without_none(v->type)) : v);
  }
  if (auto it = cast_methods.find(op); it != cast_methods.end() && self && self->type->is(TypeKind::tensor) && e.children.size() == 1) {
    Val* no = constant(false, e.span);
    return value_sugar(builtin("aten::to", {self, constant(static_cast<int64_t>(it->second), e.span), no, no}, e.span));
  }
  std::vector<CallArgument> args = arguments(e);
  if (self && op == "aten::type" && self->type->is(TypeKind::tensor)) return value_sugar(builtin("aten::to", self, args, e.span));
  if (auto it = repeats.find(op); it != repeats.end() && args.size() == 1) {
    if (args[0].val->type->is(TypeKind::list)) return value_sugar(args[0].val);
    std::vector<Val*> elements(it->second, args[0].val);
    return value_sugar(emit_one(NodeKind::list_construct, e.span, std::move(elements), types::list(args[0].val->type)));
  }
  if (op == "aten::wait" && args.size() == 1 && args[0].val->type->is(TypeKind::future)) {
    Val* v = builtin(op, {args[0].val}, e.span);
    v->type = args[0].val->type->element();
    return value_sugar(v);
  }
  if (op == "aten::sort" || op == "aten::sorted") {
    const Val* list = self ? self : args.empty() ? nullptr : args[0].val;
    if (list && list->type->is(TypeKind::list) && list->type->element()->is(TypeKind::class_))
      return value_sugar(call_function(*unit_.sort_function(*list->type->element(), op == "aten::sort"), self, args, e.span));
  }
  Val* result = builtin(op, self, args, e.span, hint);
  if (op == "prim::EnumValue" && !args.empty() && args[0].val->type->is(TypeKind::enumeration)) result->type = args[0].val->type->element();
  return value_sugar(result);
}

Val* Lowering::construct(const TypeRef& type, const Expr& e) {
  if (type->is(TypeKind::tuple)) {
    std::vector<Val*> elements(type->elements.size(), nullptr);
    size_t position = 0;
    for (auto& a : arguments(e)) {
      size_t i = position;
      if (!a.keyword.empty())
        i = static_cast<size_t>(std::find(type->fields.begin(), type->fields.end(), a.keyword) - type->fields.begin());
      else ++position;
      if (i >= elements.size()) fail(e.span, type->name + " has no such field");
      elements[i] = coerce(a.val, type->elements[i], "field '" + type->fields[i] + "'", e.span);
    }
    size_t first_default = type->elements.size() - type->field_defaults.size();
    for (size_t i = 0; i < elements.size(); ++i) {
      if (elements[i]) continue;
      if (i < first_default) fail(e.span, "field '" + type->fields[i] + "' of " + type->name + " is missing");
      elements[i] = coerce(constant(type->field_defaults[i - first_default], e.span), type->elements[i], "a default", e.span);
    }
    return emit_one(NodeKind::tuple_construct, e.span, std::move(elements), type);
  }
  if (type->is(TypeKind::enumeration)) fail(e.span, "an enum cannot be constructed; name one of its members");
  Val* object = emit_one(NodeKind::create_object, e.span, {}, type);
  if (as_class(*type).find_method("__init__")) call_method(object, "__init__", arguments(e), e.span);
  return object;
}

Val* Lowering::cast_call(const std::string& name, const Expr& e) {
  std::vector<CallArgument> args = arguments(e);
  static const std::unordered_map<std::string_view, std::pair<std::string_view, TypeKind>> casts = {
      {"int", {"aten::Int", TypeKind::integer}},
      {"float", {"aten::Float", TypeKind::floating}},
      {"bool", {"aten::Bool", TypeKind::boolean}},
      {"complex", {"aten::Complex", TypeKind::complex}},
      {"str", {"aten::str", TypeKind::string}}};
  auto& [op, kind] = casts.at(name);
  if (args.empty()) {
    switch (kind) {
      case TypeKind::integer: return constant(int64_t{0}, e.span);
      case TypeKind::floating: return constant(0.0, e.span);
      case TypeKind::boolean: return constant(false, e.span);
      default: return constant(std::string_view(""), e.span);
    }
  }
  Val* v = args[0].val;
  if (args.size() == 1 && v->type->is(kind)) return v;
  if (v->type->is(TypeKind::class_)) {
    std::string method = "__" + name + "__";
    if (as_class(*v->type).find_method(method)) return call_method(v, method, {}, e.span);
  }
  if (kind == TypeKind::boolean && args.size() == 1) return truth(v, e.span);
  return builtin(std::string(op), nullptr, args, e.span);
}

Sugar Lowering::special_call(const std::string& name, const Expr& e, const TypeRef& hint) {
  auto value = [](Val* v) { return value_sugar(v); };
  auto want = [&](size_t n) {
    if (e.children.size() != n + 1) fail(e.span, name + "() takes " + std::to_string(n) + " arguments");
  };
  if (name == "annotate") {
    want(2);
    TypeRef t = unit_.resolve_type(e[1], source_);
    Val* v = coerce(expression(e[2], t), t, "the annotated value", e.span);
    if (same_type(v->type, t)) return value(v);
    return value(emit_one(NodeKind::unchecked_cast, e.span, {v}, t));
  }
  if (name == "unchecked_cast") {
    want(2);
    TypeRef t = unit_.resolve_type(e[1], source_);
    return value(emit_one(NodeKind::unchecked_cast, e.span, {expression(e[2], t)}, t));
  }
  if (name == "uninitialized") {
    want(1);
    return value(emit_one(NodeKind::uninitialized, e.span, {}, unit_.resolve_type(e[1], source_)));
  }
  if (name == "isinstance") {
    Condition c = isinstance_condition(e);
    return value(as_bool(c, e.span));
  }
  if (name == "hasattr") {
    Condition c = condition(e);
    return value(as_bool(c, e.span));
  }
  if (name == "getattr") {
    if (e.children.size() < 3 || e[2].kind != ExprKind::string) fail(e.span, "getattr() takes an object and a constant name");
    Val* v = expression(e[1]);
    if (e.children.size() == 4 && v->type->is(TypeKind::class_)) {
      const ClassType& c = as_class(*v->type);
      if (c.find_attribute(e[2].text) == ClassType::npos && !c.find_method(e[2].text)) return sugared(e[3]);
    }
    return attribute_of(v, e[2].text, e.span);
  }
  if (name == "print") {
    std::vector<Val*> inputs;
    for (auto& a : arguments(e)) inputs.push_back(a.val);
    emit(NodeKind::print, e.span, std::move(inputs));
    return value(none(e.span));
  }
  if (name == "fork" || name == "awaitable") return value(fork_call(e));
  if (name == "int" || name == "float" || name == "bool" || name == "complex" || name == "str") return value(cast_call(name, e));
  if (name == "tuple") {
    want(1);
    Val* v = expression(e[1]);
    if (v->type->is(TypeKind::tuple)) return value(v);
    fail(e.span, "tuple() of " + to_text(*v->type) + ": its length is not known");
  }
  if (name == "list" || name == "dict") {
    std::vector<CallArgument> args = arguments(e);
    if (args.empty()) {
      TypeRef t = hint && without_none(hint)->is(name == "list" ? TypeKind::list : TypeKind::dict) ? without_none(hint)
                  : name == "list"                                                                 ? types::list(types::tensor())
                                   : types::dict(types::string(), types::tensor());
      return value(emit_one(name == "list" ? NodeKind::list_construct : NodeKind::dict_construct, e.span, {}, t));
    }
    if (name == "list" && args[0].val->type->is(TypeKind::dict)) return value(builtin("aten::keys", {args[0].val}, e.span));
    if (name == "list" && args[0].val->type->is(TypeKind::tuple)) {
      Val* v = args[0].val;
      std::vector<Val*> parts = unpack(v, v->type->elements.size(), e.span);
      TypeRef element = parts.empty() ? types::tensor() : parts[0]->type;
      return value(convert(v, types::list(element), 0, Conversions::implicit, e.span));
    }
    return value(builtin("aten::" + name, nullptr, args, e.span));
  }
  if (name == "range") {
    want(1);
    Val* n = expression(e[1]);
    return value(builtin("prim::rangelist", {n}, e.span));
  }
  if (name == "zip" || name == "enumerate") fail(e.span, name + "() can only be iterated over");
  fail(e.span, "'" + name + "' cannot be called");
}

Condition Lowering::isinstance_condition(const Expr& e) {
  if (e.children.size() != 3) fail(e.span, "isinstance() takes two arguments");
  Val* v = expression(e[1]);
  std::vector<TypeRef> candidates;
  std::function<void(const Expr&)> collect = [&](const Expr& t) {
    if (t.kind == ExprKind::tuple)
      for (auto& c : t.children) collect(*c);
    else candidates.push_back(unit_.resolve_type(t, source_));
  };
  collect(e[2]);
  auto meets = [&](const TypeRef& t) {
    return std::any_of(candidates.begin(), candidates.end(), [&](auto& c) { return is_subtype(*t, *c); });
  };
  Condition c;
  std::vector<TypeRef> members{v->type}, yes, no;
  if (v->type->is(TypeKind::optional)) members = {v->type->element(), types::none()};
  if (v->type->is(TypeKind::union_)) members = v->type->elements;
  bool open = v->type->is(TypeKind::any) || v->type->is(TypeKind::number) || v->type->is(TypeKind::interface);
  for (auto& m : members) (meets(m) ? yes : no).push_back(m);
  if (meets(v->type) || (!open && no.empty())) {
    c.known = 1;
  } else if (!open && yes.empty()) {
    c.known = 0;
  } else {
    Node* n = emit(NodeKind::isinstance_, e.span, {v});
    n->types = candidates;
    c.val = graph_->add_output(n, types::boolean());
    if (e[1].kind == ExprKind::name) {
      c.refinements.when_true.emplace_back(e[1].text, open ? types::union_of(candidates) : types::union_of(yes));
      if (!open) c.refinements.when_false.emplace_back(e[1].text, types::union_of(no));
    }
  }
  return c;
}

Val* Lowering::fork_call(const Expr& e) {
  if (e.children.size() < 2) fail(e.span, "fork() takes a function");
  Sugar callee = sugared(e[1]);
  Node* n = graph_->make(NodeKind::fork);
  n->where = at(e.span);
  std::vector<CallArgument> args;
  for (size_t i = 2; i < e.children.size(); ++i) args.push_back({expression(e[i]), e.keywords[i - 1]});
  graph_->append(n, block_);
  Block* outer_block = block_;
  Scope* outer = scope_;
  Scope scope;
  enter(graph_->add_block(n), scope);
  Val* result = nullptr;
  if (callee.kind == Sugar::Kind::closure) {
    Scope body;
    body.returns_here = true;
    enter(block_, body);
    bool was = std::exchange(in_closure_, true);
    for (size_t i = 0; i < callee.def->parameters.size() && i < args.size(); ++i)
      body.variables[callee.def->parameters[i].name] = value_sugar(args[i].val);
    auto loops = std::exchange(loops_, {});
    statements(callee.def->body);
    loops_ = std::move(loops);
    in_closure_ = was;
    leave(block_, &scope);
    result = body.exits && !block_->result->inputs.empty() ? block_->result->inputs[0] : nullptr;
  } else if (callee.kind == Sugar::Kind::function) {
    result = call_function(*callee.function, nullptr, args, e.span);
  } else if (callee.kind == Sugar::Kind::method) {
    result = call_method(callee.val, callee.text, args, e.span);
  } else if (callee.kind == Sugar::Kind::value && callee.val->type->is(TypeKind::class_)) {
    result = call_method(callee.val, "forward", args, e.span);
  } else {
    fail(e.span, "fork() takes a function or a method");
  }
  if (!result) result = none(e.span);
  if (block_->result->inputs.empty()) graph_->add_input(block_->result, result);
  leave(outer_block, outer);
  bool awaitable = e[0].text == "awaitable";
  return graph_->add_output(n, awaitable ? types::await_of(result->type) : types::future(result->type));
}

}  // namespace tsrun
