#include "ir/type.h"

#include <algorithm>
#include <array>

#include "ir/stack.h"

namespace tsrun {

template <>
Ref<const Type>::Ref(const Type* p) : p_(p) {
  if (p_) p_->retain();
}
template <>
Ref<const Type>::~Ref() {
  if (p_) p_->release();
}

size_t ClassType::find_attribute(std::string_view attribute) const {
  auto it = index_.find(std::string(attribute));
  return it == index_.end() ? npos : it->second;
}

Function* ClassType::find_method(const std::string& method) const {
  auto it = methods.find(method);
  return it == methods.end() ? nullptr : it->second;
}

void ClassType::add_attribute(Attribute a) {
  index_.emplace(a.name, attributes.size());
  attributes.push_back(std::move(a));
}

namespace types {

const TypeRef& simple(TypeKind kind) {
  static const auto all = [] {
    std::array<TypeRef, 40> a;
    for (size_t i = 0; i < a.size(); ++i) a[i] = TypeRef(new Type(static_cast<TypeKind>(i)));
    return a;
  }();
  return all[static_cast<size_t>(kind)];
}
const TypeRef& tensor() { return simple(TypeKind::tensor); }
const TypeRef& none() { return simple(TypeKind::none); }
const TypeRef& boolean() { return simple(TypeKind::boolean); }
const TypeRef& integer() { return simple(TypeKind::integer); }
const TypeRef& floating() { return simple(TypeKind::floating); }
const TypeRef& complex() { return simple(TypeKind::complex); }
const TypeRef& number() { return simple(TypeKind::number); }
const TypeRef& string() { return simple(TypeKind::string); }
const TypeRef& any() { return simple(TypeKind::any); }
const TypeRef& device() { return simple(TypeKind::device); }
const TypeRef& generator() { return simple(TypeKind::generator); }

static TypeRef make(TypeKind kind, std::vector<TypeRef> elements, std::string name = {}) {
  return TypeRef(new Type(kind, std::move(elements), std::move(name)));
}

TypeRef list(TypeRef element) {
  switch (element->kind) {  // the common ones are shared, so that the interpreter's list instructions do not allocate types
    case TypeKind::integer: {
      static const TypeRef t = make(TypeKind::list, {integer()});
      return t;
    }
    case TypeKind::floating: {
      static const TypeRef t = make(TypeKind::list, {floating()});
      return t;
    }
    case TypeKind::boolean: {
      static const TypeRef t = make(TypeKind::list, {boolean()});
      return t;
    }
    case TypeKind::string: {
      static const TypeRef t = make(TypeKind::list, {string()});
      return t;
    }
    case TypeKind::tensor: {
      static const TypeRef t = make(TypeKind::list, {tensor()});
      return t;
    }
    default: return make(TypeKind::list, {std::move(element)});
  }
}
TypeRef dict(TypeRef key, TypeRef value) { return make(TypeKind::dict, {std::move(key), std::move(value)}); }
TypeRef tuple(std::vector<TypeRef> elements) { return make(TypeKind::tuple, std::move(elements)); }
TypeRef future(TypeRef element) { return make(TypeKind::future, {std::move(element)}); }
TypeRef await_of(TypeRef element) { return make(TypeKind::await_, {std::move(element)}); }
TypeRef variable(std::string letter) { return make(TypeKind::variable, {}, std::move(letter)); }

TypeRef named_tuple(std::string qualified_name, std::vector<TypeRef> elements, std::vector<std::string> fields,
                    std::vector<Value> defaults) {
  auto* t = new Type(TypeKind::tuple, std::move(elements), std::move(qualified_name));
  t->fields = std::move(fields);
  t->field_defaults = std::move(defaults);
  return TypeRef(t);
}

TypeRef optional(TypeRef element) {
  if (admits_none(*element)) return element;
  if (element->is(TypeKind::union_)) {
    auto members = element->elements;
    members.push_back(none());
    return make(TypeKind::union_, std::move(members));
  }
  return make(TypeKind::optional, {std::move(element)});
}

TypeRef union_of(std::vector<TypeRef> members) {
  std::vector<TypeRef> flat;
  auto add = [&](const TypeRef& t, auto& self) -> void {
    if (t->is(TypeKind::union_)) {
      for (auto& e : t->elements) self(e, self);
    } else if (t->is(TypeKind::optional)) {
      self(t->element(), self);
      self(none(), self);
    } else if (std::none_of(flat.begin(), flat.end(), [&](auto& f) { return is_subtype(*t, *f); })) {
      std::erase_if(flat, [&](auto& f) { return is_subtype(*f, *t); });
      flat.push_back(t);
    }
  };
  for (auto& m : members) add(m, add);
  auto has = [&](TypeKind k) { return std::any_of(flat.begin(), flat.end(), [&](auto& f) { return f->is(k); }); };
  if (has(TypeKind::integer) && has(TypeKind::floating) && has(TypeKind::complex)) {
    std::erase_if(flat, [](auto& f) { return f->is(TypeKind::integer) || f->is(TypeKind::floating) || f->is(TypeKind::complex); });
    flat.push_back(number());
  }
  if (flat.size() == 1) return flat[0];
  if (flat.size() == 2 && has(TypeKind::none)) return optional(flat[0]->is(TypeKind::none) ? flat[1] : flat[0]);
  return make(TypeKind::union_, std::move(flat));
}

}  // namespace types

static std::string joined(const std::vector<TypeRef>& elements) {
  std::string s;
  for (auto& e : elements) s += (s.empty() ? "" : ", ") + to_text(*e);
  return s;
}

std::string to_text(const Type& t) {
  check_stack();
  switch (t.kind) {
    case TypeKind::tensor: return "Tensor";
    case TypeKind::none: return "NoneType";
    case TypeKind::boolean: return "bool";
    case TypeKind::integer: return "int";
    case TypeKind::floating: return "float";
    case TypeKind::complex: return "complex";
    case TypeKind::number: return "number";
    case TypeKind::string: return "str";
    case TypeKind::any: return "Any";
    case TypeKind::device: return "Device";
    case TypeKind::generator: return "Generator";
    case TypeKind::stream: return "Stream";
    case TypeKind::storage: return "Storage";
    case TypeKind::capsule: return "Capsule";
    case TypeKind::list: return "List[" + to_text(*t.element()) + "]";
    case TypeKind::tuple:
      if (!t.name.empty()) return t.name;
      return t.elements.empty() ? "Tuple[()]" : "Tuple[" + joined(t.elements) + "]";
    case TypeKind::optional: return "Optional[" + to_text(*t.element()) + "]";
    case TypeKind::union_: return "Union[" + joined(t.elements) + "]";
    case TypeKind::dict: return "Dict[" + joined(t.elements) + "]";
    case TypeKind::future: return "Future[" + to_text(*t.element()) + "]";
    case TypeKind::await_: return "Await[" + to_text(*t.element()) + "]";
    case TypeKind::class_:
    case TypeKind::interface:
    case TypeKind::enumeration:
    case TypeKind::quantized_params:
    case TypeKind::variable: return t.name;
    case TypeKind::any_list: return "list";
    case TypeKind::any_tuple: return "tuple";
    case TypeKind::any_enum: return "AnyEnumType";
    case TypeKind::any_class: return "AnyClassType";
  }
  return "?";
}

bool same_type(const Type& a, const Type& b) {
  check_stack();
  if (&a == &b) return true;
  if (a.kind != b.kind || a.name != b.name || a.elements.size() != b.elements.size()) return false;
  if (a.is(TypeKind::union_))
    return std::all_of(a.elements.begin(), a.elements.end(), [&](auto& e) {
      return std::any_of(b.elements.begin(), b.elements.end(), [&](auto& f) { return same_type(*e, *f); });
    });
  for (size_t i = 0; i < a.elements.size(); ++i)
    if (!same_type(*a.elements[i], *b.elements[i])) return false;
  return true;
}

/// An interface is met by a class that has all of its methods.
static bool implements(const ClassType& c, const ClassType& interface) {
  if (interface.is_module && !c.is_module) return false;
  return std::all_of(interface.method_order.begin(), interface.method_order.end(), [&](auto& m) { return c.find_method(m) != nullptr; });
}

bool is_subtype(const Type& a, const Type& b) {
  check_stack();
  if (same_type(a, b) || b.is(TypeKind::any)) return true;
  if (a.is(TypeKind::union_)) return std::all_of(a.elements.begin(), a.elements.end(), [&](auto& e) { return is_subtype(*e, b); });
  if (a.is(TypeKind::optional) && (b.is(TypeKind::union_) || b.is(TypeKind::optional)))
    return is_subtype(*a.element(), b) && admits_none(b);
  switch (b.kind) {
    case TypeKind::optional: return a.is(TypeKind::none) || is_subtype(a, *b.element());
    case TypeKind::union_: return std::any_of(b.elements.begin(), b.elements.end(), [&](auto& e) { return is_subtype(a, *e); });
    case TypeKind::number: return a.is(TypeKind::integer) || a.is(TypeKind::floating) || a.is(TypeKind::complex);
    case TypeKind::any_list: return a.is(TypeKind::list);
    case TypeKind::any_tuple: return a.is(TypeKind::tuple);
    case TypeKind::any_enum: return a.is(TypeKind::enumeration);
    case TypeKind::any_class: return a.is(TypeKind::class_) || a.is(TypeKind::interface);
    case TypeKind::tuple:
      if (!a.is(TypeKind::tuple) || !b.name.empty() || a.elements.size() != b.elements.size()) return false;
      for (size_t i = 0; i < a.elements.size(); ++i)
        if (!is_subtype(*a.elements[i], *b.elements[i])) return false;
      return true;
    case TypeKind::future:
    case TypeKind::await_: return a.kind == b.kind && is_subtype(*a.element(), *b.element());
    case TypeKind::interface: return (a.is(TypeKind::class_) || a.is(TypeKind::interface)) && implements(as_class(a), as_class(b));
    default: return false;
  }
}

bool admits_none(const Type& t) {
  return t.is(TypeKind::none) || t.is(TypeKind::optional) || t.is(TypeKind::any) ||
         (t.is(TypeKind::union_) && std::any_of(t.elements.begin(), t.elements.end(), [](auto& e) { return e->is(TypeKind::none); }));
}

TypeRef unify(const TypeRef& a, const TypeRef& b) {
  check_stack();
  if (is_subtype(*a, *b)) return b;
  if (is_subtype(*b, *a)) return a;
  if (a->is(TypeKind::none)) return types::optional(b);
  if (b->is(TypeKind::none)) return types::optional(a);
  if (a->is(TypeKind::optional) || b->is(TypeKind::optional)) {
    TypeRef u = unify(without_none(a), without_none(b));
    return u ? types::optional(u) : u;
  }
  if (a->is(TypeKind::tuple) && b->is(TypeKind::tuple) && a->elements.size() == b->elements.size()) {
    std::vector<TypeRef> elements;
    for (size_t i = 0; i < a->elements.size(); ++i) {
      elements.push_back(unify(a->elements[i], b->elements[i]));
      if (!elements.back()) return {};
    }
    return types::tuple(std::move(elements));
  }
  return {};
}

TypeRef without_none(const TypeRef& t) {
  if (t->is(TypeKind::optional)) return t->element();
  if (!t->is(TypeKind::union_)) return t;
  std::vector<TypeRef> rest;
  for (auto& e : t->elements)
    if (!e->is(TypeKind::none)) rest.push_back(e);
  return types::union_of(std::move(rest));
}

bool value_is(const Value& v, const Type& t) {
  check_stack();
  switch (t.kind) {
    case TypeKind::any: return true;
    case TypeKind::tensor: return v.is_tensor();
    case TypeKind::integer: return v.is_int();
    case TypeKind::floating: return v.is_double();
    case TypeKind::boolean: return v.is_bool();
    case TypeKind::optional: return v.is_none() || value_is(v, *t.element());
    case TypeKind::union_: return std::any_of(t.elements.begin(), t.elements.end(), [&](auto& e) { return value_is(v, *e); });
    case TypeKind::number: return v.is_int() || v.is_double() || v.is_complex();
    case TypeKind::list: {
      if (!v.is_list()) return false;
      auto& l = v.to_list();
      if (l.element) return is_subtype(*l.element, *t.element());
      return std::all_of(l.elements.begin(), l.elements.end(), [&](auto& e) { return value_is(e, *t.element()); });
    }
    case TypeKind::dict: {
      if (!v.is_dict()) return false;
      auto& d = v.to_dict();
      if (d.key && d.value) return is_subtype(*d.key, *t.element(0)) && is_subtype(*d.value, *t.element(1));
      bool all = true;
      d.for_each([&](auto& e) { all = all && value_is(e.key, *t.element(0)) && value_is(e.value, *t.element(1)); });
      return all;
    }
    case TypeKind::tuple: {
      if (!v.is_tuple()) return false;
      auto& tuple = v.to_tuple();
      if (!t.name.empty() && (!tuple.type || tuple.type->name != t.name)) return false;
      if (tuple.elements.size() != t.elements.size()) return false;
      for (size_t i = 0; i < t.elements.size(); ++i)
        if (!value_is(tuple.elements[i], *t.elements[i])) return false;
      return true;
    }
    default: return is_subtype(*type_of(v), t);
  }
}

TypeRef type_of(const Value& v) {
  check_stack();
  auto or_any = [](const TypeRef& t) { return t ? t : types::any(); };
  switch (v.tag()) {
    case Tag::none: return types::none();
    case Tag::boolean: return types::boolean();
    case Tag::integer: return types::integer();
    case Tag::floating: return types::floating();
    case Tag::device: return types::device();
    case Tag::tensor: return types::tensor();
    case Tag::string: return types::string();
    case Tag::complex: return types::complex();
    case Tag::tuple: {
      if (v.to_tuple().type) return v.to_tuple().type;
      std::vector<TypeRef> elements;
      for (auto& e : v.to_tuple().elements) elements.push_back(type_of(e));
      return types::tuple(std::move(elements));
    }
    case Tag::list: return types::list(or_any(v.to_list().element));
    case Tag::dict: return types::dict(or_any(v.to_dict().key), or_any(v.to_dict().value));
    case Tag::object: return v.to_object().type;
    case Tag::enumeration: return v.to_enum().type;
    case Tag::generator: return types::generator();
    case Tag::future: return types::future(or_any(v.to_future().element));
    case Tag::capsule: return types::simple(TypeKind::capsule);
  }
  return types::any();
}

void push_type(const Value& v, const Type& t) {
  check_stack();
  switch (t.kind) {
    case TypeKind::optional:
      if (!v.is_none()) push_type(v, *t.element());
      break;
    case TypeKind::union_:
      for (auto& e : t.elements)
        if (value_is(v, *e)) {
          push_type(v, *e);
          break;
        }
      break;
    case TypeKind::list:
      if (v.is_list()) {
        auto& l = v.to_list();
        if (l.element && same_type(l.element, t.element())) break;
        l.element = t.element();
        for (auto& e : l.elements) {
          if (t.element()->is(TypeKind::floating) && e.is_int()) e = static_cast<double>(e.to_int());
          push_type(e, *t.element());
        }
      }
      break;
    case TypeKind::dict:
      if (v.is_dict()) {
        auto& d = v.to_dict();
        d.key = t.element(0);
        d.value = t.element(1);
        d.for_each([&](auto& e) { push_type(e.value, *t.element(1)); });
      }
      break;
    case TypeKind::tuple:
      if (v.is_tuple() && v.to_tuple().elements.size() == t.elements.size()) {
        auto& tuple = v.to_tuple();
        if (!t.name.empty() && !tuple.type) tuple.type = TypeRef(&t);
        for (size_t i = 0; i < t.elements.size(); ++i) push_type(tuple.elements[i], *t.elements[i]);
      }
      break;
    default: break;
  }
}

Value make_int_list(IntSpan values) {
  std::vector<Value> elements = spare_elements(values.size());
  elements.assign(values.begin(), values.end());
  return make_list(std::move(elements), types::integer());
}

}  // namespace tsrun
