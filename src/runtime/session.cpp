// Sessions: binding arguments, choosing the program, running it.
#include <sched.h>

#include <algorithm>
#include <thread>

#include "ops/generator.h"
#include "runtime/module_impl.h"

namespace tsrun {
namespace {

int available_threads() {
#ifdef __linux__
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
#endif
  return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

/// Values from outside take the small steps that PyTorch's Python binding takes: int for float, list for a list of its type.
void adapt(Value& v, const Type& t) {
  if (t.is(TypeKind::optional)) {
    if (!v.is_none()) adapt(v, *t.element());
    return;
  }
  if (t.is(TypeKind::floating) && v.is_int()) v = static_cast<double>(v.to_int());
  else if (t.is(TypeKind::complex) && v.is_double()) v = std::complex<double>(v.to_double(), 0);
  else if (t.is(TypeKind::integer) && v.is_bool()) v = static_cast<int64_t>(v.to_bool());
  else if (t.is(TypeKind::device) && v.is_string()) v = parse_device(v.to_string());
  else if (t.is(TypeKind::list) && v.is_tuple()) v = make_list(v.to_tuple().elements);
  else if (t.is(TypeKind::tuple) && v.is_list()) v = make_tuple(v.to_list().elements);
  else if (t.is(TypeKind::enumeration) && !v.is_enum()) {
    for (const Value& m : as_enum(t).members)
      if (v.is_string() && m.to_enum().name == v.to_string()) return void(v = m);
    for (const Value& m : as_enum(t).members) {  // a member that is a number or a string as well: IntEnum
      const Value& held = m.to_enum().value;
      if (v.is_int() && held.is_int() && v.to_int() == held.to_int()) return void(v = m);
      if (v.is_string() && held.is_string() && v.to_string() == held.to_string()) return void(v = m);
    }
  }
  if (t.is(TypeKind::list) && v.is_list())
    for (Value& e : v.to_list().elements) adapt(e, *t.element());
  if (t.is(TypeKind::tuple) && v.is_tuple() && v.to_tuple().elements.size() == t.elements.size())
    for (size_t i = 0; i < t.elements.size(); ++i) adapt(v.to_tuple().elements[i], *t.elements[i]);
  push_type(v, t);
}

}  // namespace

void bind_arguments(const Function& f, std::vector<Value>& arguments, const NamedValues& keywords, std::vector<Value>& bound) {
  const auto& formals = f.schema.arguments;
  size_t first = f.owner ? 1 : 0, count = formals.size() - first;
  if (arguments.size() > count)
    throw Error(ErrorKind::usage, f.schema.name + "() takes " + std::to_string(count) + " arguments, " + std::to_string(arguments.size()) +
                                      " were given: " + to_text(f.schema));
  for (auto& [name, value] : keywords) {
    size_t i = 0;
    while (i < count && formals[first + i].name != name) ++i;
    if (i == count) throw Error(ErrorKind::usage, f.schema.name + "() has no argument '" + name + "': " + to_text(f.schema));
    auto same = [&, &name = name](const auto& other) { return other.first == name; };
    if (i < arguments.size() || std::count_if(keywords.begin(), keywords.end(), same) > 1)
      throw Error(ErrorKind::usage, f.schema.name + "() got two values for argument '" + name + "'");
  }
  for (size_t i = 0; i < count; ++i) {
    const SchemaArgument& a = formals[first + i];
    auto named = std::find_if(keywords.begin(), keywords.end(), [&](const auto& k) { return k.first == a.name; });
    if (i < arguments.size()) bound.push_back(std::move(arguments[i]));
    else if (named != keywords.end()) bound.push_back(named->second);
    else if (a.default_value) bound.push_back(*a.default_value);
    else throw Error(ErrorKind::usage, f.schema.name + "() is missing a value for argument '" + a.name + "': " + to_text(f.schema));
    Value& v = bound.back();
    adapt(v, *a.type);
    if (!value_is(v, *a.type))
      throw Error(ErrorKind::usage,
                  f.schema.name + "() expects " + to_text(*a.type) + " for argument '" + a.name + "', got " + to_text(*type_of(v)));
  }
}

Session::Impl::Impl(std::shared_ptr<Module::Impl> m, const Options& o)
    : module(std::move(m)), options(o), pool(make_ref<MemoryPool>(o.max_memory)), interpreter(module->run_environment()) {
  auto g = make_ref<Generator>(o.seed);
  context.generator = g.get();
  generator = g;
  context.allocator = pool;
  context.threads = o.threads > 0 ? o.threads : available_threads();
  context.output = o.output;
  context.exact = o.exact;
  context.grad_enabled = true;
}

const Session::Impl::Entry& Session::Impl::entry(std::string_view method) {
  auto at = std::find_if(methods_.begin(), methods_.end(), [&](const Entry& e) { return e.name == method; });
  uint64_t generation = module->generation.load(std::memory_order_acquire);
  if (at != methods_.end() && at->generation == generation) return *at;
  std::string name(method);
  Function* f = module->type().find_method(name);
  if (!f) {
    std::string known;
    for (const std::string& m : module->type().method_order) known += (known.empty() ? "" : ", ") + m;
    throw Error(ErrorKind::usage, "the module has no method '" + name + "'; it has: " + known);
  }
  Entry e{name, f, generation, nullptr, nullptr};
  if (options.optimize) e.specialised = module->specialise(name);
  e.program = options.optimize ? e.specialised.get() : &program_of(*f, module->programs);
  if (at == methods_.end()) return methods_.emplace_back(std::move(e));
  return *at = std::move(e);
}

Value Session::Impl::run(std::string_view method, std::vector<Value> arguments, const NamedValues& keywords) {
  const Entry& e = entry(method);
  struct Clear {
    std::vector<Value>& values;
    ~Clear() { values.clear(); }
  } clear{bound_};
  bound_.clear();
  bound_.push_back(module->root);
  bind_arguments(*e.function, arguments, keywords, bound_);
  return interpreter.run(*e.program, bound_, context);
}

Value Session::Impl::forward(std::vector<Value> arguments, const NamedValues& keywords) {
  const ClassType& c = module->type();
  if (c.forward_pre_hooks.empty() && c.forward_hooks.empty()) return run("forward", std::move(arguments), keywords);
  auto call = [&](const std::string& hook, std::vector<Value> values) {
    Function* f = c.find_method(hook);
    if (!f) throw Error(ErrorKind::malformed, c.name + " names hook '" + hook + "', which it does not define");
    values.insert(values.begin(), Value(module->root));
    return interpreter.run(program_of(*f, module->programs), values, context);
  };
  Function* f = c.find_method("forward");
  if (!f) throw Error(ErrorKind::usage, "the module has no method 'forward'");
  std::vector<Value> bound;
  bind_arguments(*f, arguments, keywords, bound);
  for (const std::string& hook : c.forward_pre_hooks) {
    Value replaced = call(hook, {make_tuple(bound)});
    if (replaced.is_tuple()) bound = replaced.to_tuple().elements;
    else if (!replaced.is_none()) bound = {replaced};
  }
  Value inputs = make_tuple(bound);
  Value result = run("forward", std::move(bound), {});
  for (const std::string& hook : c.forward_hooks) {
    Value replaced = call(hook, {inputs, result});
    if (!replaced.is_none()) result = replaced;
  }
  return result;
}

Session::Session(const Module& module, const Options& options) : impl_(std::make_unique<Impl>(module.impl(), options)) {}
Session::Session(const Module& module) : Session(module, module.impl()->options) {}
Session::Session(Session&&) noexcept = default;
Session::~Session() = default;

/// Notes a call in the session's profile, if one is taken.
template <class F>
static Value timed(Session::Impl& session, std::string_view method, F&& call) {
  if (!session.profiler) return call();
  session.profiler->forget();
  const int64_t begin = session.profiler->now();
  Value result = call();
  session.profiler->add_call(std::string(method), begin);
  return result;
}

Value Session::forward(std::vector<Value> arguments, const NamedValues& keywords) {
  return timed(*impl_, "forward", [&] { return impl_->forward(std::move(arguments), keywords); });
}
Value Session::run(std::string_view method, std::vector<Value> arguments, const NamedValues& keywords) {
  return timed(*impl_, method, [&] { return impl_->run(method, std::move(arguments), keywords); });
}
void Session::start_profile() {
  impl_->profiler =
      std::make_unique<Profiler>([module = impl_->module.get()](const Location& where) { return module->source_line(where); });
  impl_->interpreter.set_profiler(impl_->profiler.get());
}
Profile Session::stop_profile() {
  if (!impl_->profiler) return {};
  Profile profile = impl_->profiler->take();
  impl_->interpreter.set_profiler(nullptr);
  impl_->profiler.reset();
  return profile;
}
void Session::manual_seed(uint64_t seed) { impl_->context.generator->set_seed(seed); }
void Session::set_threads(int threads) { impl_->context.threads = threads > 0 ? threads : available_threads(); }
void Session::set_output(std::ostream* output) { impl_->context.output = output; }
size_t Session::memory_in_use() const { return impl_->pool->in_use(); }
size_t Session::peak_memory() const { return impl_->pool->peak(); }

}  // namespace tsrun
