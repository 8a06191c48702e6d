#include "ir/unit.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdlib>

#include "ir/parser.h"
#include "ir/stack.h"
#include "ir/verify.h"

namespace tsrun {
namespace {

constexpr int max_type_depth = 400;

std::string_view before_last_dot(std::string_view s) { return s.substr(0, s.rfind('.')); }
std::string_view after_last_dot(std::string_view s) { return s.substr(s.rfind('.') + 1); }

[[noreturn]] void fail(const Source& source, Span span, const std::string& why) { fail_at({&source, span}, ErrorKind::malformed, why); }

/// "__torch__.a.B" of an attribute chain of names; empty when e is something else.
std::string dotted_name(const Expr& e) {
  if (e.kind == ExprKind::name) return e.text;
  if (e.kind != ExprKind::attribute) return {};
  std::string base = dotted_name(e[0]);
  return base.empty() ? base : base + "." + e.text;
}

}  // namespace

CompilationUnit::~CompilationUnit() {
  for (auto& [name, type] : types_)
    if (type && (type->is(TypeKind::class_) || type->is(TypeKind::interface)))
      for (Attribute& a : const_cast<ClassType&>(as_class(*type)).attributes) a.type = types::any();
  for (auto& [name, type] : types_)
    if (type && type->is(TypeKind::enumeration)) const_cast<EnumType&>(as_enum(*type)).members.clear();
}

CompilationUnit::File* CompilationUnit::file_of(const std::string& prefix) {
  auto it = files_.find(prefix);
  if (it != files_.end()) return it->second.get();
  std::string path = "code/" + prefix + ".py";
  std::replace(path.begin() + 5, path.end() - 3, '.', '/');
  SourceRef source = environment.load_source ? environment.load_source(path) : nullptr;
  return (files_[prefix] = source ? read_file(std::move(source)) : nullptr).get();
}

std::unique_ptr<CompilationUnit::File> CompilationUnit::read_file(SourceRef source) {
  auto file = std::make_unique<File>();
  file->unit = parse_unit(*source);
  file->source = std::move(source);
  for (auto& c : file->unit.classes) file->classes.emplace(c->name, c.get());
  for (auto& f : file->unit.functions) file->functions.emplace(f->name, f.get());
  return file;
}

bool CompilationUnit::is_prefix(const std::string& qualified_prefix) { return qualified_prefix.starts_with("__torch__"); }

TypeRef CompilationUnit::find_type(const std::string& qualified_name) {
  std::lock_guard lock(mutex);
  if (auto it = types_.find(qualified_name); it != types_.end()) return it->second;
  if (qualified_name.starts_with("__torch__.torch.classes."))
    return types_[qualified_name] = TypeRef(new ClassType(TypeKind::quantized_params, qualified_name));
  File* file = qualified_name.find('.') == std::string::npos ? nullptr : file_of(std::string(before_last_dot(qualified_name)));
  if (!file) return {};
  auto it = file->classes.find(std::string(after_last_dot(qualified_name)));
  if (it == file->classes.end()) return {};
  const ClassDef& def = *it->second;
  if (def.base == "NamedTuple") return types_[qualified_name] = define_named_tuple(qualified_name, def, *file->source);
  if (def.base == "Enum") return define_enum(qualified_name, def, *file->source);
  return define_class(qualified_name, def, *file->source);
}

Function* CompilationUnit::find_function(const std::string& qualified_name) {
  std::lock_guard lock(mutex);
  if (auto it = functions_.find(qualified_name); it != functions_.end()) return it->second;
  File* file = qualified_name.find('.') == std::string::npos ? nullptr : file_of(std::string(before_last_dot(qualified_name)));
  if (!file) return nullptr;
  auto it = file->functions.find(std::string(after_last_dot(qualified_name)));
  if (it == file->functions.end()) return nullptr;
  return functions_[qualified_name] = define_function(qualified_name, *it->second, *file->source, nullptr);
}

Graph& CompilationUnit::graph_of(Function& f) {
  std::lock_guard lock(mutex);
  if (!f.graph) {
    if (!f.def) throw Error(ErrorKind::malformed, f.name + " has no code");
    if (f.lowering)
      fail(*f.source, f.def->span, "function '" + f.name + "' is called recursively before its result type is known: give it a '-> type'");
    f.lowering = true;
    try {
      f.graph = lower(f);
      verify_in_debug(*f.graph, environment.schema_of);
    } catch (...) {
      f.lowering = false;
      throw;
    }
    f.lowering = false;
  }
  return *f.graph;
}

TypeRef CompilationUnit::define_class(const std::string& qualified_name, const ClassDef& def, const Source& source) {
  bool interface = def.base == "Interface" || def.base == "ModuleInterface";
  auto* type = new ClassType(interface ? TypeKind::interface : TypeKind::class_, qualified_name);
  TypeRef ref(type);
  type->is_module = def.base == "Module" || def.base == "ModuleInterface";
  types_[qualified_name] = ref;
  thread_local int depth = 0;
  struct Depth {
    ~Depth() { --depth; }
  } guard;
  if (++depth > max_type_depth) fail(source, def.span, "classes refer to each other more than " + std::to_string(max_type_depth) + " deep");
  try {
    define_members(*type, def, source);
  } catch (...) {
    types_.erase(qualified_name);
    throw;
  }
  return ref;
}

static std::vector<std::string> string_list(const Expr& e, const Source& source) {
  std::vector<std::string> names;
  if (e.kind != ExprKind::list) fail(source, e.span, "expected a list of strings");
  for (auto& c : e.children) {
    if (c->kind != ExprKind::string) fail(source, c->span, "expected a string");
    names.push_back(c->text);
  }
  return names;
}

void CompilationUnit::define_members(ClassType& type, const ClassDef& def, const Source& source) {
  std::vector<std::string> parameters, buffers;
  auto attribute = [&](const std::string& name, TypeRef t, Span span) {
    if (type.find_attribute(name) != ClassType::npos)
      fail(source, span, "attribute '" + name + "' is declared twice in class " + type.name);
    bool parameter = std::find(parameters.begin(), parameters.end(), name) != parameters.end();
    bool buffer = std::find(buffers.begin(), buffers.end(), name) != buffers.end();
    type.add_attribute({name, std::move(t), parameter, buffer});
  };
  for (auto& m : def.members) {
    const Expr& target = *m->exprs[0];
    if (m->kind == StmtKind::assign && m->exprs.size() == 2) {
      const Expr& value = *m->exprs[1];
      if (target.kind == ExprKind::name) {
        if (target.text == "__parameters__") parameters = string_list(value, source);
        else if (target.text == "__buffers__") buffers = string_list(value, source);
        else if (target.text == "__forward_pre_hooks__") type.forward_pre_hooks = string_list(value, source);
        else if (target.text == "__forward_hooks__") type.forward_hooks = string_list(value, source);
        else if (target.text != "__annotations__") type.constants.emplace_back(target.text, constant_value(value, source, nullptr, *this));
      } else if (target.kind == ExprKind::subscript && target[0].text == "__annotations__" && target.children.size() == 2 &&
                 target[1].kind == ExprKind::string) {
        attribute(target[1].text, resolve_type(value, source), m->span);
      } else {
        fail(source, m->span, "unexpected assignment in a class body");
      }
    } else if (m->kind == StmtKind::annotate && target.kind == ExprKind::name) {
      const Expr& t = *m->exprs[1];
      if (t.kind == ExprKind::subscript && t[0].kind == ExprKind::name && t[0].text == "Final") {
        TypeRef constant_type = resolve_type(t[1], source);
        if (!m->exprs[2]) fail(source, m->span, "a Final attribute needs a value");
        type.constants.emplace_back(target.text, constant_value(*m->exprs[2], source, constant_type.get(), *this));
      } else {
        attribute(target.text, resolve_type(t, source), m->span);
      }
    } else if (m->kind != StmtKind::expression) {
      fail(source, m->span, "unexpected statement in a class body");
    }
  }
  for (auto& f : def.methods) {
    type.methods[f->name] = nullptr;
    type.method_order.push_back(f->name);
  }
  for (auto& f : def.methods) type.methods[f->name] = define_function(type.name + "." + f->name, *f, source, &type);
}

TypeRef CompilationUnit::define_named_tuple(const std::string& qualified_name, const ClassDef& def, const Source& source) {
  std::vector<TypeRef> elements;
  std::vector<std::string> fields;
  std::vector<Value> defaults;
  for (auto& m : def.members) {
    if (m->kind != StmtKind::annotate || m->exprs[0]->kind != ExprKind::name)
      fail(source, m->span, "expected a field 'name : type' of a named tuple");
    elements.push_back(resolve_type(*m->exprs[1], source));
    fields.push_back(m->exprs[0]->text);
    if (m->exprs[2]) defaults.push_back(constant_value(*m->exprs[2], source, elements.back().get(), *this));
    else if (!defaults.empty()) fail(source, m->span, "a field without a default follows one with a default");
  }
  return types::named_tuple(qualified_name, std::move(elements), std::move(fields), std::move(defaults));
}

TypeRef CompilationUnit::define_enum(const std::string& qualified_name, const ClassDef& def, const Source& source) {
  std::vector<std::pair<std::string, Value>> members;
  for (auto& m : def.members) {
    if (m->kind != StmtKind::assign || m->exprs.size() != 2 || m->exprs[0]->kind != ExprKind::name)
      fail(source, m->span, "expected a member 'NAME = value' of an enum");
    members.emplace_back(m->exprs[0]->text, constant_value(*m->exprs[1], source, nullptr, *this));
  }
  auto* type = new EnumType(qualified_name, members.empty() ? types::integer() : type_of(members[0].second));
  TypeRef ref(type);
  for (auto& [name, value] : members) type->members.push_back(make_ref<EnumObject>(ref, name, value));
  return types_[qualified_name] = ref;
}

Function* CompilationUnit::define_function(std::string qualified_name, const FunctionDef& def, const Source& source,
                                           const ClassType* owner) {
  owned_.push_back(std::make_unique<Function>());
  Function& f = *owned_.back();
  f.name = std::move(qualified_name);
  f.unit = this;
  f.source = &source;
  f.owner = owner;
  bool abstract = owner && owner->is(TypeKind::interface);
  f.def = abstract ? nullptr : &def;
  f.schema.name = def.name;
  if (owner && def.parameters.empty()) fail(source, def.span, "method '" + def.name + "' lacks the parameter for its object");
  for (size_t i = 0; i < def.parameters.size(); ++i) {
    const ParameterDef& p = def.parameters[i];
    for (size_t k = 0; k < i; ++k)
      if (def.parameters[k].name == p.name) fail(source, p.span, "parameter '" + p.name + "' is declared twice");
    SchemaArgument a;
    a.name = p.name;
    a.keyword_only = p.keyword_only;
    if (i == 0 && owner) {
      a.type = TypeRef(owner);
    } else if (!p.type) {
      a.type = types::tensor();
    } else if (p.type->kind == ExprKind::subscript && p.type->children[0]->text.starts_with("BroadcastingList")) {
      a.fixed_size = std::atoi(p.type->children[0]->text.c_str() + 16);
      a.type = types::list(resolve_type((*p.type)[1], source));
    } else {
      a.type = resolve_type(*p.type, source);
    }
    if (p.default_value) a.default_value = constant_value(*p.default_value, source, a.type.get(), *this);
    f.schema.arguments.push_back(std::move(a));
  }
  SchemaArgument result;
  f.return_type_known = def.return_type != nullptr;
  result.type = def.return_type ? resolve_type(*def.return_type, source) : types::none();
  f.schema.returns.push_back(std::move(result));
  return &f;
}

static void assigned_attributes_in(const std::vector<StmtPtr>& body, std::set<std::string>& names) {
  std::function<void(const Expr&)> target = [&](const Expr& e) {
    if (e.kind == ExprKind::attribute) names.insert(e.text);
    if (e.kind == ExprKind::tuple || e.kind == ExprKind::list || e.kind == ExprKind::starred)
      for (auto& c : e.children) target(*c);
  };
  for (auto& s : body) {
    if (s->kind == StmtKind::assign)
      for (size_t i = 0; i + 1 < s->exprs.size(); ++i) target(*s->exprs[i]);
    if (s->kind == StmtKind::annotate || s->kind == StmtKind::augment || s->kind == StmtKind::for_) target(*s->exprs[0]);
    if (s->kind == StmtKind::with)
      for (size_t i = 1; i < s->exprs.size(); i += 2)
        if (s->exprs[i]) target(*s->exprs[i]);
    assigned_attributes_in(s->body, names);
    assigned_attributes_in(s->other, names);
    if (s->function) assigned_attributes_in(s->function->body, names);
  }
}

std::set<std::string> CompilationUnit::assigned_attributes() {
  std::lock_guard lock(mutex);
  std::set<std::string> names;
  for (auto& [prefix, file] : files_) {
    if (!file) continue;
    for (auto& f : file->unit.functions) assigned_attributes_in(f->body, names);
    for (auto& c : file->unit.classes)
      for (auto& m : c->methods) assigned_attributes_in(m->body, names);
  }
  return names;
}

// ---- types --------------------------------------------------------------------------------------------------------------------------
TypeRef CompilationUnit::resolve_type(std::string_view text) {
  Source source{"type", std::string(text)};
  return resolve_type(*parse_expression(source), source);
}

TypeRef CompilationUnit::resolve_type(const Expr& e, const Source& source) {
  check_stack();
  static const std::unordered_map<std::string_view, TypeKind> simple = {{"Tensor", TypeKind::tensor},
                                                                        {"LongTensor", TypeKind::tensor},
                                                                        {"DoubleTensor", TypeKind::tensor},
                                                                        {"FloatTensor", TypeKind::tensor},
                                                                        {"IntTensor", TypeKind::tensor},
                                                                        {"ShortTensor", TypeKind::tensor},
                                                                        {"HalfTensor", TypeKind::tensor},
                                                                        {"CharTensor", TypeKind::tensor},
                                                                        {"ByteTensor", TypeKind::tensor},
                                                                        {"BoolTensor", TypeKind::tensor},
                                                                        {"int", TypeKind::integer},
                                                                        {"float", TypeKind::floating},
                                                                        {"bool", TypeKind::boolean},
                                                                        {"complex", TypeKind::complex},
                                                                        {"str", TypeKind::string},
                                                                        {"number", TypeKind::number},
                                                                        {"Any", TypeKind::any},
                                                                        {"None", TypeKind::none},
                                                                        {"NoneType", TypeKind::none},
                                                                        {"Device", TypeKind::device},
                                                                        {"Stream", TypeKind::stream},
                                                                        {"Generator", TypeKind::generator},
                                                                        {"Capsule", TypeKind::capsule},
                                                                        {"PyObject", TypeKind::any},
                                                                        {"list", TypeKind::any_list},
                                                                        {"tuple", TypeKind::any_tuple},
                                                                        {"Layout", TypeKind::integer},
                                                                        {"Storage", TypeKind::storage},
                                                                        {"AnyEnumType", TypeKind::any_enum}};
  switch (e.kind) {
    case ExprKind::none: return types::none();
    case ExprKind::name: {
      if (auto it = simple.find(e.text); it != simple.end()) return types::simple(it->second);
      if (e.text == "List") return types::list(types::tensor());
      if (e.text == "Tuple") return types::simple(TypeKind::any_tuple);
      fail(source, e.span, "unknown type name '" + e.text + "'");
    }
    case ExprKind::string: {
      if (TypeRef t = find_type(e.text)) return t;
      fail(source, e.span, "unknown type name '" + e.text + "'");
    }
    case ExprKind::attribute: {
      std::string name = dotted_name(e);
      if (name.starts_with("torch."))
        if (auto it = simple.find(std::string_view(name).substr(6)); it != simple.end()) return types::simple(it->second);
      if (name == "torch.device") return types::device();
      if (TypeRef t = name.empty() ? TypeRef() : find_type(name)) return t;
      fail(source, e.span, "unknown type '" + name + "'");
    }
    case ExprKind::subscript: break;
    default: fail(source, e.span, "expected a type");
  }
  std::string head = e[0].text;
  std::vector<TypeRef> arguments;
  for (size_t i = 1; i < e.children.size(); ++i) {
    const Expr& a = e[i];
    if (a.kind == ExprKind::tuple) {
      for (auto& c : a.children) arguments.push_back(resolve_type(*c, source));
    } else {
      arguments.push_back(resolve_type(a, source));
    }
  }
  auto want = [&](size_t n) {
    if (arguments.size() != n) fail(source, e.span, head + " takes " + std::to_string(n) + " type argument" + (n == 1 ? "" : "s"));
  };
  if (head == "Tuple" || head == "tuple") return types::tuple(std::move(arguments));
  if (head == "Union") {
    if (arguments.empty()) fail(source, e.span, "Union takes at least one type");
    return types::union_of(std::move(arguments));
  }
  if (head == "Dict" || head == "dict") {
    want(2);
    TypeKind k = arguments[0]->kind;
    if (k != TypeKind::string && k != TypeKind::integer && k != TypeKind::boolean && k != TypeKind::floating && k != TypeKind::complex &&
        k != TypeKind::tensor)
      fail(source, e.span, "a dict key must be str, int, bool, float, complex or Tensor, not " + to_text(*arguments[0]));
    return types::dict(arguments[0], arguments[1]);
  }
  want(1);
  if (head == "List" || head == "list") return types::list(arguments[0]);
  if (head == "Optional") return types::optional(arguments[0]);
  if (head == "Future" || head == "RRef") return types::future(arguments[0]);
  if (head == "Await") return types::await_of(arguments[0]);
  if (head == "Final") return arguments[0];
  if (head.starts_with("BroadcastingList")) return types::list(arguments[0]);
  fail(source, e.span, "unknown generic type '" + head + "'");
}

// ---- constants ------------------------------------------------------------------------------------------------------------------------
Value number_literal(const Expr& e, const Source& source) {
  if (e.kind == ExprKind::imaginary) return std::complex<double>(0, std::strtod(e.text.c_str(), nullptr));
  if (e.kind == ExprKind::floating) return std::strtod(e.text.c_str(), nullptr);
  errno = 0;
  int64_t i = std::strtoll(e.text.c_str(), nullptr, 0);  // base 0: 0x10 is 16, 010 is 8
  if (errno == ERANGE) fail(source, e.span, "the integer " + e.text.substr(0, 40) + " does not fit 64 bits");
  return i;
}

Value constant_value(const Expr& e, const Source& source, const Type* expected, CompilationUnit& unit) {
  if (expected && expected->is(TypeKind::optional)) {
    if (e.kind == ExprKind::none) return {};
    return constant_value(e, source, expected->element().get(), unit);
  }
  auto child = [&](size_t i, const Type* t) { return constant_value(e[i], source, t, unit); };
  switch (e.kind) {
    case ExprKind::true_: return true;
    case ExprKind::false_: return false;
    case ExprKind::none: return {};
    case ExprKind::string: return e.text;
    case ExprKind::integer:
    case ExprKind::floating:
    case ExprKind::imaginary: {
      Value v = number_literal(e, source);
      if (expected && expected->is(TypeKind::floating) && v.is_int()) return static_cast<double>(v.to_int());
      return v;
    }
    case ExprKind::name: {
      if (e.text == "inf") return HUGE_VAL;
      if (e.text == "nan") return std::strtod("nan", nullptr);
      if (e.text == "infj") return std::complex<double>(0, HUGE_VAL);
      break;
    }
    case ExprKind::unary: {
      if (e.text != "-") break;
      Value v = child(0, expected);
      if (v.is_int()) return static_cast<int64_t>(0 - static_cast<uint64_t>(v.to_int()));
      if (v.is_double()) return -v.to_double();
      if (v.is_complex()) return -v.to_complex();
      break;
    }
    case ExprKind::binary: {  // 1.+2.j
      if (e.text != "+" && e.text != "-") break;
      Value a = child(0, nullptr), b = child(1, nullptr);
      if (!b.is_complex() || !(a.is_double() || a.is_int())) break;
      double real = a.is_int() ? static_cast<double>(a.to_int()) : a.to_double();
      return e.text == "+" ? real + b.to_complex() : real - b.to_complex();
    }
    case ExprKind::list: {
      TypeRef element = expected && expected->is(TypeKind::list) ? expected->element() : TypeRef();
      std::vector<Value> elements;
      for (size_t i = 0; i < e.children.size(); ++i) elements.push_back(child(i, element.get()));
      return make_list(std::move(elements), element);
    }
    case ExprKind::tuple: {
      std::vector<Value> elements;
      bool typed = expected && expected->is(TypeKind::tuple) && expected->elements.size() == e.children.size();
      for (size_t i = 0; i < e.children.size(); ++i) elements.push_back(child(i, typed ? expected->elements[i].get() : nullptr));
      return make_tuple(std::move(elements));
    }
    case ExprKind::dict: {
      auto d = make_ref<DictObject>();
      for (size_t i = 0; i + 1 < e.children.size(); i += 2) d->set(child(i, nullptr), child(i + 1, nullptr));
      return d;
    }
    case ExprKind::attribute: {
      std::string name = dotted_name(e);
      if (name.starts_with("CONSTANTS.c")) {
        size_t i = static_cast<size_t>(std::strtoul(name.c_str() + 11, nullptr, 10));
        if (i < unit.constants.size()) return unit.constants[i];
      }
      if (size_t dot = name.rfind('.'); dot != name.npos)
        if (TypeRef t = unit.find_type(name.substr(0, dot)); t && t->is(TypeKind::enumeration))
          for (const Value& m : as_enum(*t).members)
            if (m.to_enum().name == e.text) return m;
      break;
    }
    case ExprKind::call: {
      std::string callee = dotted_name(e[0]);
      if (callee == "torch.device" && e.children.size() >= 2) return parse_device(child(1, nullptr).to_string());
      if (callee == "annotate" && e.children.size() == 3) {
        TypeRef t = unit.resolve_type(e[1], source);
        Value v = child(2, t.get());
        push_type(v, *t);
        return v;
      }
      if (TypeRef t = callee.empty() ? TypeRef() : unit.find_type(callee); t && t->is(TypeKind::tuple)) {
        std::vector<Value> elements;
        for (size_t i = 1; i < e.children.size(); ++i) elements.push_back(child(i, nullptr));
        return make_ref<TupleObject>(std::move(elements), t);
      }
      break;
    }
    default: break;
  }
  fail(source, e.span, "expected a constant");
}

}  // namespace tsrun
