// Arguments to parameters: which overload a call means, and the conversions that make its arguments fit (`format.md` 3.8).
#include <algorithm>

#include "ir/lowering.h"

namespace tsrun {
namespace {

bool has_variable(const Type& t) {
  return t.is(TypeKind::variable) || std::any_of(t.elements.begin(), t.elements.end(), [](auto& e) { return has_variable(*e); });
}

using Variables = std::unordered_map<std::string, TypeRef>;

/// `formal` with its variables bound by `actual`; null when they do not fit.
TypeRef bind_variables(const TypeRef& formal, const TypeRef& actual, Variables& variables) {
  if (!has_variable(*formal)) return formal;
  switch (formal->kind) {
    case TypeKind::variable: {
      TypeRef& bound = variables[formal->name];
      if (!bound) return bound = actual;
      TypeRef both = unify(bound, actual);
      return both ? (bound = both) : both;
    }
    case TypeKind::optional: {
      if (actual->is(TypeKind::none)) {
        const TypeRef& e = formal->element();
        auto it = e->is(TypeKind::variable) ? variables.find(e->name) : variables.end();
        return it != variables.end() && it->second ? types::optional(it->second) : types::none();
      }
      TypeRef e = bind_variables(formal->element(), actual->is(TypeKind::optional) ? actual->element() : actual, variables);
      return e ? types::optional(e) : e;
    }
    case TypeKind::list: {
      TypeRef element;
      if (actual->is(TypeKind::list)) element = actual->element();
      if (actual->is(TypeKind::tuple) && !actual->elements.empty()) {
        element = actual->element();
        for (auto& e : actual->elements) element = element ? unify(element, e) : element;
      }
      if (!element) return {};
      TypeRef e = bind_variables(formal->element(), element, variables);
      return e ? types::list(e) : e;
    }
    default: {
      if (actual->kind != formal->kind || actual->elements.size() != formal->elements.size()) return {};
      std::vector<TypeRef> elements;
      for (size_t i = 0; i < formal->elements.size(); ++i) {
        elements.push_back(bind_variables(formal->elements[i], actual->elements[i], variables));
        if (!elements.back()) return {};
      }
      return TypeRef(new Type(formal->kind, std::move(elements), formal->name));
    }
  }
}

/// The result type of an operator once its variables are known.
TypeRef substitute(const TypeRef& t, const Variables& variables) {
  if (!has_variable(*t)) return t;
  if (t->is(TypeKind::variable)) {
    auto it = variables.find(t->name);
    return it == variables.end() || !it->second ? types::any() : it->second;
  }
  std::vector<TypeRef> elements;
  for (auto& e : t->elements) elements.push_back(substitute(e, variables));
  if (t->is(TypeKind::list)) return types::list(elements[0]);
  if (t->is(TypeKind::optional)) return types::optional(elements[0]);
  return TypeRef(new Type(t->kind, std::move(elements), t->name));
}

bool is_number(const Type& t) {
  return t.is(TypeKind::integer) || t.is(TypeKind::floating) || t.is(TypeKind::complex) || t.is(TypeKind::number);
}

}  // namespace

bool Lowering::is_empty_list_literal(const Val& v) const { return empty_lists_.count(v.node) > 0; }

bool Lowering::convertible_type(const TypeRef& from, const TypeRef& to, Conversions level) const {
  if (is_subtype(*from, *to)) return true;
  if (to->is(TypeKind::optional)) return convertible_type(from, to->element(), level);
  if (from->is(TypeKind::tuple)) {
    if (to->is(TypeKind::list))
      return std::all_of(from->elements.begin(), from->elements.end(), [&](auto& e) { return convertible_type(e, to->element(), level); });
    if (to->is(TypeKind::tuple) && to->name.empty() && from->elements.size() == to->elements.size()) {
      for (size_t i = 0; i < to->elements.size(); ++i)
        if (!convertible_type(from->elements[i], to->elements[i], level)) return false;
      return true;
    }
  }
  if (level == Conversions::none) return false;
  if (from->is(TypeKind::tensor) && is_number(*to)) return true;
  if (from->is(TypeKind::number) && is_number(*to)) return true;
  if (from->is(TypeKind::boolean) && (to->is(TypeKind::integer) || to->is(TypeKind::floating) || to->is(TypeKind::number))) return true;
  if (from->is(TypeKind::string) && to->is(TypeKind::device)) return true;
  return level == Conversions::lenient && from->is(TypeKind::integer) && to->is(TypeKind::floating);
}

bool Lowering::convertible(const Val& v, const TypeRef& to, int fixed_size, Conversions level) const {
  if (convertible_type(v.type, to, level)) return true;
  const TypeRef bare = to->is(TypeKind::optional) ? to->element() : to;
  if (!bare->is(TypeKind::list)) return false;
  if (is_empty_list_literal(v)) return true;
  if (fixed_size > 0) {
    if (is_subtype(*v.type, *bare->element())) return true;
    if (level != Conversions::none && v.type->is(TypeKind::tensor) && is_number(*bare->element())) return true;
  }
  return level == Conversions::lenient && v.node->kind == NodeKind::list_construct && bare->element()->is(TypeKind::floating) &&
         v.type->is(TypeKind::list) && v.type->element()->is(TypeKind::integer);
}

Val* Lowering::convert(Val* v, const TypeRef& to, int fixed_size, Conversions level, Span span) {
  if (is_subtype(*v->type, *to)) { return v; }
  if (to->is(TypeKind::optional)) {
    if (v->type->is(TypeKind::none)) return v;
    return convert(v, to->element(), fixed_size, level, span);
  }
  if (to->is(TypeKind::list)) {
    if (is_empty_list_literal(*v)) return emit_one(NodeKind::list_construct, span, {}, to);
    if (v->type->is(TypeKind::tuple)) {
      std::vector<Val*> elements;
      for (Val* e : unpack(v, v->type->elements.size(), span)) elements.push_back(convert(e, to->element(), 0, level, span));
      return emit_one(NodeKind::list_construct, span, std::move(elements), to);
    }
    if (fixed_size > 0 && !v->type->is(TypeKind::list)) {
      Val* e = convert(v, to->element(), 0, level, span);
      return emit_one(NodeKind::list_construct, span, std::vector<Val*>(static_cast<size_t>(fixed_size), e), to);
    }
    if (v->node->kind == NodeKind::list_construct) {  // a literal of integers where floats are wanted
      std::vector<Val*> elements;
      for (Val* e : v->node->inputs) elements.push_back(convert(e, to->element(), 0, Conversions::lenient, span));
      return emit_one(NodeKind::list_construct, span, std::move(elements), to);
    }
  }
  if (to->is(TypeKind::tuple) && v->type->is(TypeKind::tuple)) {
    std::vector<Val*> elements = unpack(v, v->type->elements.size(), span);
    for (size_t i = 0; i < elements.size(); ++i) elements[i] = convert(elements[i], to->elements[i], 0, level, span);
    return emit_one(NodeKind::tuple_construct, span, std::move(elements), to);
  }
  if (v->type->is(TypeKind::tensor)) {
    const char* op = to->is(TypeKind::integer)    ? "aten::IntImplicit"
                     : to->is(TypeKind::floating) ? "aten::FloatImplicit"
                     : to->is(TypeKind::complex)  ? "aten::ComplexImplicit"
                                                  : "aten::ScalarImplicit";
    return builtin(op, {v}, span);
  }
  if (to->is(TypeKind::device)) return builtin("aten::device", {v}, span);
  if (to->is(TypeKind::floating)) return builtin("aten::Float", {v}, span);
  if (to->is(TypeKind::complex)) return builtin("aten::Complex", {v}, span);
  return builtin("aten::Int", {v}, span);  // number or bool to int, bool to number
}

Val* Lowering::coerce(Val* v, const TypeRef& to, const std::string& what, Span span, Conversions level) {
  if (!convertible(*v, to, 0, level)) {
    if (!convertible(*v, to, 0, Conversions::lenient))
      fail(span, what + " has type " + to_text(*v->type) + " but " + to_text(*to) + " is expected");
    level = Conversions::lenient;
  }
  return convert(v, to, 0, level, span);
}

bool Lowering::match(const Schema& schema, Val* self, const std::vector<CallArgument>& args, Conversions level, Plan& plan,
                     std::string* why) {
  plan = {};
  auto no = [&](const std::string& reason) {
    if (why) *why = reason;
    return false;
  };
  std::vector<bool> used(args.size(), false);
  size_t positional = 0;
  auto next_positional = [&]() -> const CallArgument* {
    while (positional < args.size() && (!args[positional].keyword.empty() || used[positional])) ++positional;
    return positional < args.size() ? &args[positional] : nullptr;
  };
  bool self_used = self == nullptr;
  size_t last_positional = schema.arguments.size();
  for (size_t i = 0; i < schema.arguments.size(); ++i)
    if (!schema.arguments[i].keyword_only) last_positional = i;
  bool is_aten = schema.name.starts_with("aten::");

  for (size_t i = 0; i < schema.arguments.size(); ++i) {
    const SchemaArgument& p = schema.arguments[i];
    Plan::Item item;
    item.fixed_size = p.fixed_size;
    if (!self_used && p.name == "self") {
      item.val = self;
      self_used = true;
    } else if (const CallArgument* a = p.keyword_only ? nullptr : next_positional()) {
      const Type& bare = p.type->is(TypeKind::optional) ? *p.type->element() : *p.type;
      bool is_sequence = a->val->type->is(TypeKind::list) || a->val->type->is(TypeKind::tuple);
      if (level != Conversions::none && i == last_positional && bare.is(TypeKind::list) && p.fixed_size == 0 &&
          !bare.element()->is(TypeKind::variable) && !p.type->is(TypeKind::optional) && !is_sequence) {
        item.is_gathered = true;
        while ((a = next_positional())) {
          if (!convertible(*a->val, bare.element(), 0, level))
            return no("argument '" + p.name + "' takes a list of " + to_text(*bare.element()));
          item.gathered.push_back(a->val);
          used[positional] = true;
        }
        item.type = p.type;
        plan.items.push_back(std::move(item));
        continue;
      }
      item.val = a->val;
      used[positional] = true;
    } else {
      for (size_t k = 0; k < args.size(); ++k)
        if (!used[k] && (args[k].keyword == p.name || (is_aten && p.name == "self" && args[k].keyword == "input"))) {
          item.val = args[k].val;
          used[k] = true;
          break;
        }
      if (!item.val) {
        if (!p.default_value) return no("argument '" + p.name + "' is missing");
        item.fallback = &*p.default_value;
        item.type = p.type;
        plan.items.push_back(std::move(item));
        continue;
      }
    }
    item.type = bind_variables(p.type, item.val->type, plan.variables);
    if (!item.type || !convertible(*item.val, item.type, p.fixed_size, level))
      return no("argument '" + p.name + "' has type " + to_text(*item.val->type) + " but " + to_text(*p.type) + " is expected");
    plan.items.push_back(std::move(item));
  }
  if (!self_used) return no("it has no parameter 'self'");
  for (size_t k = 0; k < args.size(); ++k) {
    if (used[k]) continue;
    if (!args[k].keyword.empty()) return no("unknown keyword argument '" + args[k].keyword + "'");
    if (!schema.vararg)
      return no("it takes " + std::to_string(schema.arguments.size()) + " arguments, " + std::to_string(args.size() + (self ? 1 : 0)) +
                " were given");
    plan.varargs.push_back(args[k].val);
  }
  return true;
}

std::vector<Val*> Lowering::convert_arguments(const Schema& schema, const Plan& plan, Conversions level, Span span) {
  std::vector<Val*> inputs;
  for (size_t i = 0; i < plan.items.size(); ++i) {
    const Plan::Item& item = plan.items[i];
    const SchemaArgument& p = schema.arguments[i];
    if (item.is_gathered) {
      const TypeRef& element = p.type->element();
      std::vector<Val*> elements;
      for (Val* v : item.gathered) elements.push_back(convert(v, element, 0, level, span));
      inputs.push_back(emit_one(NodeKind::list_construct, span, std::move(elements), types::list(element)));
    } else if (item.fallback) {
      TypeRef t = item.fallback->is_none() ? types::none() : substitute(item.type, plan.variables);
      inputs.push_back(constant(*item.fallback, std::move(t), span));
    } else {
      inputs.push_back(convert(item.val, substitute(item.type, plan.variables), item.fixed_size, level, span));
    }
  }
  inputs.insert(inputs.end(), plan.varargs.begin(), plan.varargs.end());
  return inputs;
}

Val* Lowering::emit_op(const Operator& op, const Schema& schema, std::vector<Val*> inputs, const Variables& variables, Span span) {
  Node* n = emit(NodeKind::op, span, std::move(inputs));
  n->op = &op;
  n->name = schema.full_name();
  std::vector<TypeRef> result_types;
  std::vector<std::string> fields;
  for (auto& r : schema.returns) {
    result_types.push_back(substitute(r.type, variables));
    if (!r.name.empty()) fields.push_back(r.name);
    graph_->add_output(n, result_types.back());
  }
  if (n->outputs.size() == 1) return n->output();
  if (n->outputs.empty()) return none(span);
  TypeRef t = fields.size() == result_types.size() ? types::named_tuple("", result_types, fields) : types::tuple(result_types);
  return emit_one(NodeKind::tuple_construct, span, n->outputs, t);
}

Val* Lowering::builtin(const std::string& name, std::vector<Val*> args, Span span) {
  std::vector<CallArgument> list;
  for (Val* v : args) list.push_back({v, {}});
  return builtin(name, nullptr, list, span);
}

Val* Lowering::old_call(const std::string& full_name, Val* self, const std::vector<CallArgument>& args, Span span) {
  if (!f_.owner || !unit_.environment.old_meaning) return nullptr;  // PyTorch gives old meanings to methods only
  Function* f = unit_.environment.old_meaning(full_name);
  Plan plan;
  if (!f || !match(f->schema, self, args, Conversions::implicit, plan, nullptr)) return nullptr;
  std::vector<CallArgument> all;
  if (self) all.push_back({self, {}});
  all.insert(all.end(), args.begin(), args.end());
  return call_function(*f, nullptr, all, span);
}

/// A constant tensor without dimensions is a number to these, as it is to PyTorch when it runs them: a trace keeps numbers as tensors.
static bool takes_numbers(const Schema& s) {
  return s.overload == "Tensor" && (s.name == "aten::add" || s.name == "aten::sub" || s.name == "aten::mul" || s.name == "aten::div");
}

static bool is_number(const Val& v) {
  if (v.node->kind != NodeKind::constant || !v.node->value.is_tensor()) return false;
  const Tensor& t = v.node->value.to_tensor();
  return t.defined() && t.dim() == 0 && t.dtype() != DType::c32;
}

static Value number_of(const Val& v) {
  const Tensor& t = v.node->value.to_tensor();
  if (t.dtype() == DType::c64) return std::complex<double>(*t.data<std::complex<float>>());
  if (t.dtype() == DType::c128) return *t.data<std::complex<double>>();
  if (is_floating(t.dtype())) return t.item();
  return t.dtype() == DType::boolean ? Value(t.item_int() != 0) : Value(t.item_int());
}

Val* Lowering::builtin(const std::string& name, Val* self, const std::vector<CallArgument>& args, Span span, const TypeRef& hint) {
  std::span<const Operator* const> candidates = unit_.environment.overloads(name);
  Plan plan;
  for (Conversions level : {Conversions::none, Conversions::implicit, Conversions::lenient}) {
    if (candidates.size() == 1 && level == Conversions::none) continue;
    for (const Operator* op : candidates) {
      const Schema& schema = unit_.environment.schema_of(*op);
      if (schema.name == "aten::view" && schema.overload == "dtype" && level != Conversions::lenient) continue;
      if (match(schema, self, args, level, plan, nullptr)) {
        if (Val* old = old_call(schema.full_name(), self, args, span)) return old;
        std::vector<Val*> inputs = convert_arguments(schema, plan, level, span);
        if (takes_numbers(schema) && is_number(*inputs[1])) {
          inputs[1] = constant(number_of(*inputs[1]), span);
          return builtin(name, std::move(inputs), span);
        }
        const bool same = inputs.size() == 2 && inputs[0] == inputs[1] && inputs[0]->node->kind != NodeKind::constant;
        if (same && schema.overload == "float" && (name == "aten::eq" || name == "aten::ne"))
          return constant(name == "aten::eq", span);  // PyTorch does not look at the value: a NaN equals itself here
        return emit_op(*op, schema, std::move(inputs), plan.variables, span);
      }
    }
  }
  for (const Operator* op : candidates)
    if (Val* old = old_call(unit_.environment.schema_of(*op).full_name(), self, args, span)) return old;
  if (candidates.empty()) {  // runs as far as it can; `tsrun ops` lists it
    std::vector<Val*> inputs;
    if (self) inputs.push_back(self);
    for (auto& a : args) inputs.push_back(a.val);
    Node* n = emit(NodeKind::missing, span, std::move(inputs));
    n->name = name;
    return graph_->add_output(n, hint ? hint : types::tensor());
  }
  std::string given = self ? to_text(*self->type) + " self" : "";
  for (auto& a : args) given += (given.empty() ? "" : ", ") + (a.keyword.empty() ? "" : a.keyword + "=") + to_text(*a.val->type);
  std::string message = "no overload of " + name + " takes (" + given + ")";
  std::string why;
  for (size_t i = 0; i < candidates.size() && i < 6; ++i) {
    const Schema& schema = unit_.environment.schema_of(*candidates[i]);
    match(schema, self, args, Conversions::implicit, plan, &why);
    message += "; " + schema.full_name() + ": " + why;
  }
  fail(span, message);
}

Val* Lowering::call_function(Function& f, Val* self, const std::vector<CallArgument>& args, Span span) {
  Plan plan;
  std::string why;
  Conversions level = Conversions::implicit;
  std::vector<CallArgument> all;
  if (self) all.push_back({self, {}});
  all.insert(all.end(), args.begin(), args.end());
  if (!match(f.schema, nullptr, all, level, plan, &why)) {
    level = Conversions::lenient;
    if (!match(f.schema, nullptr, all, level, plan, nullptr)) fail(span, "call of '" + f.name + "': " + why);
  }
  std::vector<Val*> inputs = convert_arguments(f.schema, plan, level, span);
  if (!f.return_type_known) unit_.graph_of(f);
  Node* n = emit(f.owner ? NodeKind::call_method : NodeKind::call_function, span, std::move(inputs));
  n->function = &f;
  n->name = f.schema.name;
  return graph_->add_output(n, f.schema.returns[0].type);
}

Val* Lowering::call_method(Val* object, const std::string& method, const std::vector<CallArgument>& args, Span span) {
  const Type& t = *object->type;
  if (!t.is(TypeKind::class_) && !t.is(TypeKind::interface)) fail(span, to_text(t) + " has no method '" + method + "'");
  Function* f = as_class(t).find_method(method);
  if (!f) fail(span, t.name + " has no method '" + method + "'");
  Val* result = call_function(*f, object, args, span);
  if (t.is(TypeKind::interface)) result->node->function = nullptr;  // found on the run-time class
  return result;
}

}  // namespace tsrun
