// The Module of the public API.
#include <algorithm>
#include <set>

#include "ir/print.h"
#include "runtime/module_impl.h"
#include "tsrun/tsrun.h"

namespace tsrun {

RunEnvironment Module::Impl::run_environment() {
  RunEnvironment e;
  e.program_of = [this](Function& f) -> const Program& { return program_of(f, programs); };
  e.invalidate = [this] { invalidate(); };
  e.python_line = [this](const Location& where) { return python_line(where); };
  e.max_call_depth = options.max_call_depth;
  e.follow_gradients = follow_gradients;
  return e;
}

std::string Module::Impl::python_line(const Location& where) {
  if (!archive || !where.source || !where.source->name.starts_with("code/")) return {};
  std::lock_guard lock(mutex);
  auto it = source_ranges.find(where.source->name);
  if (it == source_ranges.end()) it = source_ranges.emplace(where.source->name, archive->source_ranges(where.source->name)).first;
  auto place = it->second.find(where.span.begin);
  if (!place) return {};
  size_t start = place->text.find_first_not_of(" \t");
  return place->file + ":" + std::to_string(place->line) + ": " + (start == std::string::npos ? "" : place->text.substr(start));
}

std::string Module::Impl::source_line(const Location& where) {
  std::string line = python_line(where);
  if (!line.empty() || !where.source) return line;
  std::string text(where.source->line_text(where.source->line_of(where.span.begin)));
  return where.text() + ": " + text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
}

void Module::Impl::invalidate() {
  std::lock_guard lock(mutex);
  specialised.clear();
  ++generation;
}

constexpr size_t most_idle = 8;

std::unique_ptr<Session> Module::Impl::take_session() {
  std::lock_guard lock(mutex);
  idle_sessions.reserve(most_idle);  // so that giving one back asks for no memory
  if (idle_sessions.empty()) return nullptr;
  auto s = std::move(idle_sessions.back());
  idle_sessions.pop_back();
  return s;
}

void Module::Impl::return_session(std::unique_ptr<Session> s) {
  std::lock_guard lock(mutex);
  if (idle_sessions.size() < most_idle) idle_sessions.push_back(std::move(s));
}

Module::Module() = default;
Module::Module(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

/// A session for one call: idle ones are kept, without holding the module that keeps them.
struct BorrowedSession {
  explicit BorrowedSession(const Module& m) : module(m.impl()), session(module->take_session()) {
    if (!session)
      session = std::make_unique<Session>(Module(std::shared_ptr<Module::Impl>(module.get(), [](Module::Impl*) {})), module->options);
  }
  ~BorrowedSession() { module->return_session(std::move(session)); }
  std::shared_ptr<Module::Impl> module;
  std::unique_ptr<Session> session;
};

static Module::Impl& need(const std::shared_ptr<Module::Impl>& impl) {
  if (!impl) throw Error(ErrorKind::usage, "this Module is empty: assign it from tsrun::load()");
  return *impl;
}

Value Module::forward(std::vector<Value> arguments, const NamedValues& keywords) const {
  need(impl_);
  return BorrowedSession(*this).session->forward(std::move(arguments), keywords);
}

Value Module::run(std::string_view method, std::vector<Value> arguments, const NamedValues& keywords) const {
  need(impl_);
  return BorrowedSession(*this).session->run(method, std::move(arguments), keywords);
}

std::vector<Method> Module::methods() const {
  std::vector<Method> list;
  const ClassType& c = need(impl_).type();
  for (const std::string& name : c.method_order) {
    const Function& f = *c.find_method(name);
    Method m{name, {}, to_text(*f.schema.returns[0].type)};
    for (size_t i = 1; i < f.schema.arguments.size(); ++i) {
      const SchemaArgument& a = f.schema.arguments[i];
      m.arguments.push_back({a.name, to_text(*a.type), a.default_value.has_value()});
    }
    list.push_back(std::move(m));
  }
  return list;
}

bool Module::has_method(std::string_view name) const { return need(impl_).type().find_method(std::string(name)) != nullptr; }

/// The object that holds the last part of a dotted name, and the slot there.
static std::pair<ClassObject*, size_t> find_slot(Module::Impl& impl, std::string_view name) {
  ClassObject* object = impl.root.get();
  for (std::string_view rest = name;;) {
    size_t dot = rest.find('.');
    size_t slot = as_class(*object->type).find_attribute(rest.substr(0, dot));
    if (slot == ClassType::npos)
      throw Error(ErrorKind::usage, "there is no attribute '" + std::string(name) + "': " + object->type->name + " has no '" +
                                        std::string(rest.substr(0, dot)) + "'");
    if (dot == rest.npos) return {object, slot};
    const Value& v = object->slots[slot];
    if (!v.is_object() || !v.to_object().type->is(TypeKind::class_))
      throw Error(ErrorKind::usage, "'" + std::string(rest.substr(0, dot)) + "' in '" + std::string(name) + "' is no module");
    object = &v.to_object();
    rest.remove_prefix(dot + 1);
  }
}

Value Module::attribute(std::string_view name) const {
  auto [object, slot] = find_slot(need(impl_), name);
  return object->slots[slot];
}

void Module::set_attribute(std::string_view name, Value value) {
  auto [object, slot] = find_slot(need(impl_), name);
  const TypeRef& t = as_class(*object->type).attributes[slot].type;
  if (t->is(TypeKind::floating) && value.is_int()) value = static_cast<double>(value.to_int());
  push_type(value, *t);
  if (!value_is(value, *t))
    throw Error(ErrorKind::usage, "attribute '" + std::string(name) + "' takes " + to_text(*t) + ", not " + to_text(*type_of(value)));
  object->slots[slot] = std::move(value);
  impl_->invalidate();
}

/// Visits submodules depth first, each with its qualified prefix ("layer1.0."); a module reached twice is visited under each name.
template <class F>
static void for_each_module(ClassObject& object, const std::string& prefix, std::vector<ClassObject*>& path, F&& f) {
  if (std::find(path.begin(), path.end(), &object) != path.end() || path.size() > 1000) return;
  path.push_back(&object);
  f(object, prefix);
  const ClassType& c = as_class(*object.type);
  for (size_t i = 0; i < c.attributes.size(); ++i)
    if (const Value& v = object.slots[i];
        v.is_object() && v.to_object().type->is(TypeKind::class_) && as_class(*v.to_object().type).is_module)
      for_each_module(v.to_object(), prefix + c.attributes[i].name + ".", path, f);
  path.pop_back();
}

std::vector<NamedTensor> Module::tensors() const {
  std::vector<NamedTensor> list;
  std::vector<ClassObject*> path;
  for_each_module(*need(impl_).root, "", path, [&](ClassObject& object, const std::string& prefix) {
    const ClassType& c = as_class(*object.type);
    for (size_t i = 0; i < c.attributes.size(); ++i)
      if (object.slots[i].is_tensor())
        list.push_back(
            {prefix + c.attributes[i].name, object.slots[i].to_tensor(), c.attributes[i].is_parameter, c.attributes[i].is_buffer});
  });
  return list;
}

std::vector<std::tuple<std::string, std::string, Value>> Module::attributes() const {
  std::vector<std::tuple<std::string, std::string, Value>> list;
  std::vector<ClassObject*> path;
  for_each_module(*need(impl_).root, "", path, [&](ClassObject& object, const std::string& prefix) {
    const ClassType& c = as_class(*object.type);
    for (size_t i = 0; i < c.attributes.size(); ++i) {
      const Value& v = object.slots[i];
      bool module = v.is_object() && v.to_object().type->is(TypeKind::class_) && as_class(*v.to_object().type).is_module;
      if (!v.is_tensor() && !module) list.emplace_back(prefix + c.attributes[i].name, to_text(*c.attributes[i].type), v);
    }
  });
  return list;
}

void Module::eval() { train(false); }

void Module::train(bool on) {
  std::vector<ClassObject*> path;
  for_each_module(*need(impl_).root, "", path, [&](ClassObject& object, const std::string&) {
    size_t slot = as_class(*object.type).find_attribute("training");
    if (slot != ClassType::npos && object.slots[slot].is_bool()) object.slots[slot] = on;
  });
  impl_->invalidate();
}

std::string Module::graph(std::string_view method, bool optimized) const {
  Module::Impl& impl = need(impl_);
  Function* f = impl.type().find_method(std::string(method));
  if (!f) throw Error(ErrorKind::usage, "the module has no method '" + std::string(method) + "'");
  if (optimized) return tsrun::to_text(*impl.specialised_graph(*f));
  return tsrun::to_text(impl.unit->graph_of(*f));
}

std::vector<CodeFile> Module::code() const {
  std::vector<CodeFile> files;
  for (const std::string& name : need(impl_).archive->code_names()) files.push_back({name, impl_->archive->text(name)});
  return files;
}

int64_t Module::version() const { return need(impl_).archive->version(); }
std::string Module::type_name() const { return need(impl_).type().name; }

std::vector<std::pair<std::string, size_t>> Module::files() const {
  std::vector<std::pair<std::string, size_t>> list;
  for (const std::string& name : need(impl_).archive->names()) list.emplace_back(name, impl_->archive->size_of(name));
  return list;
}

std::map<std::string, std::string> Module::extra_files() const {
  std::map<std::string, std::string> files;
  for (const std::string& name : need(impl_).archive->extra_names()) files[name] = impl_->archive->text("extra/" + name);
  return files;
}

std::vector<OperatorUse> Module::operators() const {
  Module::Impl& impl = need(impl_);
  std::vector<OperatorUse> uses;
  std::unordered_map<std::string, size_t> index;
  auto note = [&](const std::string& name, bool supported, const Location& where) {
    auto [it, fresh] = index.try_emplace(name, uses.size());
    if (fresh) uses.push_back({name, supported, {}});
    std::string place = impl.python_line(where);
    if (place.empty()) place = where.text();
    auto& places = uses[it->second].places;
    if (std::find(places.begin(), places.end(), place) == places.end()) places.push_back(std::move(place));
  };
  for (Function* f : impl.reachable_functions())
    for_each_node(*f->unit->graph_of(*f).body, [&](Node* n) {
      if (n->kind == NodeKind::op) note(n->op->schema.full_name(), n->op->supported(), n->where);
      if (n->kind == NodeKind::missing) note(n->name, false, n->where);
    });
  return uses;
}

std::vector<Function*> Module::Impl::reachable_functions() {
  std::vector<Function*> waiting, found;
  std::set<Function*> seen;
  auto visit = [&](Function* f) {
    if (f && f->def && seen.insert(f).second) waiting.push_back(f);
  };
  auto visit_class = [&](const Type& t) {
    if (t.is(TypeKind::class_))
      for (const std::string& m : as_class(t).method_order) visit(as_class(t).find_method(m));
  };
  std::vector<ClassObject*> path;
  for_each_module(*root, "", path, [&](ClassObject& object, const std::string&) { visit_class(*object.type); });
  while (!waiting.empty()) {
    Function* f = waiting.back();
    waiting.pop_back();
    found.push_back(f);
    for_each_node(*f->unit->graph_of(*f).body, [&](Node* n) {
      if (n->kind == NodeKind::create_object) visit_class(*n->output()->type);
      visit(n->function);
    });
  }
  return found;
}

}  // namespace tsrun
