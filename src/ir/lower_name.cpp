// Lowering: names and attributes, and what they denote before they are values.
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

const std::set<std::string_view> special_names = {
    "annotate", "unchecked_cast", "uninitialized", "isinstance", "getattr",        "hasattr", "print",
    "fork",     "awaitable",      "int",           "float",      "bool",           "complex", "str",
    "tuple",    "range",          "zip",           "enumerate",  "AssertionError", "dict",    "list"};

/// Global functions and the operators they are.
const std::unordered_map<std::string_view, std::string_view> global_operators = {
    {"len", "aten::len"},       {"hex", "aten::hex"},
    {"oct", "aten::oct"},       {"round", "aten::round"},
    {"hash", "aten::hash"},     {"id", "prim::id"},
    {"min", "prim::min"},       {"max", "prim::max"},
    {"abs", "prim::abs"},       {"all", "aten::all"},
    {"any", "aten::any"},       {"divmod", "aten::divmod"},
    {"sum", "aten::sum"},       {"ord", "aten::ord"},
    {"chr", "aten::chr"},       {"bin", "aten::bin"},
    {"pow", "aten::pow"},       {"rangelist", "prim::rangelist"},
    {"sorted", "aten::sorted"}, {"_to_tensor", "aten::_to_tensor"}};

/// Attributes of tensors, and the operators that give them.
const std::unordered_map<std::string_view, std::string_view> tensor_attributes = {
    {"dtype", "prim::dtype"},
    {"device", "prim::device"},
    {"grad", "prim::grad"},
    {"data", "prim::data"},
    {"shape", "aten::size"},
    {"ndim", "aten::dim"},
    {"is_cuda", "prim::is_cuda"},
    {"is_cpu", "prim::is_cpu"},
    {"is_xla", "prim::is_xla"},
    {"is_xpu", "prim::is_xpu"},
    {"is_sparse", "prim::is_sparse"},
    {"is_sparse_csr", "prim::is_sparse_csr"},
    {"is_quantized", "prim::is_quantized"},
    {"is_mkldnn", "prim::is_mkldnn"},
    {"is_meta", "prim::is_meta"},
    {"is_mps", "prim::is_mps"},
    {"is_vulkan", "prim::is_vulkan"},
    {"is_nested", "prim::is_nested"},
    {"is_leaf", "aten::is_leaf"},
    {"requires_grad", "prim::requires_grad"},
    {"layout", "prim::layout"},
    {"T", "aten::numpy_T"},
    {"H", "aten::matrix_H"},
    {"mT", "aten::mT"},
    {"mH", "aten::mH"},
    {"name", "prim::name"},
    {"real", "aten::real"},
    {"imag", "aten::imag"},
    {"retains_grad", "aten::retains_grad"},
    {"itemsize", "prim::itemsize"},
    {"nbytes", "prim::nbytes"},
};

}  // namespace

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
          if (m.to_enum().name == e.text) {  // `is` tells mentions of a member apart, as in PyTorch
            const EnumObject& member = m.to_enum();
            return value_sugar(constant(make_ref<EnumObject>(member.type, member.name, member.value), base.type, e.span));
          }
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

}  // namespace tsrun
