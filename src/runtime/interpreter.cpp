#include "runtime/interpreter.h"

#include <algorithm>
#include <new>

#include "ir/text.h"
#include "ops/future.h"
#include "runtime/gradients.h"
#include "runtime/profiler.h"

namespace tsrun {
namespace {

std::string argument_shapes(Arguments arguments) {
  std::string s;
  for (size_t i = 0; i < arguments.size() && i < 12; ++i) {
    const Value& v = arguments[i];
    if (i) s += ", ";
    if (v.is_tensor()) s += v.to_tensor().describe();
    else if (v.is_int() || v.is_double() || v.is_bool() || v.is_none()) s += to_str(v);
    else if (v.is_list())
      s += v.to_list().elements.size() <= 8 && (v.to_list().elements.empty() || v.to_list().elements[0].is_int()) ? to_str(v) : "a list";
    else s += tag_name(v.tag());
  }
  return s;
}

}  // namespace

Interpreter::Interpreter(RunEnvironment environment) : environment_(std::move(environment)) { stack_.reserve(256); }

Value Interpreter::run(const Program& program, std::span<Value> arguments, Context& context) {
  frames_.clear();
  stack_.clear();
  forks_.clear();
  managers_.clear();
  if (arguments.size() != program.parameters)
    throw Error(ErrorKind::usage, program.name + " takes " + std::to_string(program.parameters) + " arguments, " +
                                      std::to_string(arguments.size()) + " were given");
  stack_.resize(std::max<size_t>(program.slots, arguments.size()));
  std::move(arguments.begin(), arguments.end(), stack_.begin());
  frames_.push_back({&program, 0, 0});
  for (;;) {
    try {
      Value result = loop(context);
      stack_.clear();
      return result;
    } catch (const Error& e) { fail(e, context); } catch (const std::bad_alloc&) {
      fail(Error(ErrorKind::limit, "out of memory"), context);
    } catch (const std::length_error&) { fail(Error(ErrorKind::limit, "out of memory"), context); } catch (const std::exception& e) {
      fail(Error(ErrorKind::internal, std::string("unexpected failure inside tsrun: ") + e.what()), context);
    }
  }
}

void Interpreter::fail(const Error& e, Context& context) {
  context.prepared = nullptr;
  Error error = located(e);
  leave_managers(forks_.empty() ? 0 : forks_.back().managers, context);
  if (forks_.empty()) {
    stack_.clear();
    frames_.clear();
    throw error;
  }
  Fork fork = forks_.back();
  forks_.pop_back();
  context.grad_enabled = fork.grad_enabled;
  frames_.resize(fork.frames);
  Frame& frame = frames_.back();
  const Instruction& i = frame.program->code[fork.target];
  const Operand* o = frame.program->operands.data() + i.operands;
  Value* slots = stack_.data() + frame.base;
  slots[o[i.inputs]] = Ref<FutureObject>(new FailedFuture(std::move(error), TypeRef(i.type)));
  for (uint32_t k = 0; k < i.releases; ++k) slots[o[i.inputs + i.outputs + k]] = Value();
  std::fill(stack_.begin() + static_cast<std::ptrdiff_t>(frame.base + frame.program->slots), stack_.end(), Value());
  frame.pc = fork.target + 1;
}

void Interpreter::leave_managers(size_t remaining, Context& context) {
  constexpr int calls_within = 4;  // the part of the call depth that an __exit__ has: those that raise in turn come to an end
  RunEnvironment environment = environment_;
  environment.max_call_depth /= calls_within;
  for (; managers_.size() > remaining; managers_.pop_back()) {
    Function* leave = managers_.back().is_object() ? as_class(*managers_.back().to_object().type).find_method("__exit__") : nullptr;
    if (!leave || environment.max_call_depth == 0) continue;
    try {
      Value arguments[4] = {managers_.back()};
      Interpreter(environment).run(environment.program_of(*leave), arguments, context);
    } catch (const std::exception&) {}  // PyTorch tells of the first error alone
  }
}

Error Interpreter::located(const Error& e) {
  std::string message = e.what(), trace;
  bool raised_in_fork = !e.trace().empty();
  const Frame& top = frames_.back();
  const Instruction& i = top.program->code[top.pc];
  const InstructionDetail& d = top.program->detail(i);
  if (d.operation && !raised_in_fork && i.code != Code::call && i.code != Code::missing && i.code != Code::tuple_unpack) {
    const Operand* o = top.program->operands.data() + i.operands;
    // Of an operator that a pass put in place of the program's, only the tensors mean something to its author.
    const std::string name = d.operation->schema.full_name();
    std::vector<const Value*> values;
    for (uint32_t k = 0; k < i.inputs; ++k) {
      const Value& v = top.program->operand(stack_.data() + top.base, o[k]);
      if (d.name == name || v.is_tensor()) values.push_back(&v);
    }
    message = d.name + ": " + message + " (arguments: " + argument_shapes(Arguments(values.data(), values.size())) + ")";
  }
  auto line = [&](const Location& where) {
    if (!where.source) return;
    std::string text = environment_.python_line ? environment_.python_line(where) : std::string();
    if (text.empty()) text = where.text() + ": " + std::string(where.source->line_text(where.source->line_of(where.span.begin)));
    trace += text + "\n";
  };
  for (const Frame& f : frames_) {
    const InstructionDetail& at = f.program->details[f.pc];
    for (const Location& l : at.call_chain) line(l);
    line(at.where);
  }
  return Error(e.kind() == ErrorKind::usage ? ErrorKind::model : e.kind(), message, trace + e.trace());
}

void Interpreter::push(const Program& program) {
  if (frames_.size() >= static_cast<size_t>(environment_.max_call_depth))
    throw Error(ErrorKind::limit, "calls are nested more than " + std::to_string(environment_.max_call_depth) + " deep");
  size_t base = frames_.back().base + frames_.back().program->slots;
  if (stack_.size() < base + program.slots) stack_.resize(std::max(base + program.slots, 2 * stack_.size()));
  frames_.push_back({&program, 0, base});
}

static void mark_baked(const Value& weights) {
  if (weights.is_tensor() && weights.to_tensor().defined()) weights.to_tensor().storage()->baked = true;
  if (weights.is_list())
    for (const Value& w : weights.to_list().elements) mark_baked(w);
}

void Interpreter::prepare_and_call(const Program& p, const Instruction& i, Arguments arguments, Value* const* results, Context& context) {
  auto& place = const_cast<Program&>(p).prepared[i.target];
  if (!place.tried.load(std::memory_order_acquire)) {
    std::lock_guard lock(const_cast<Program&>(p).prepare_mutex);
    if (!place.tried.load(std::memory_order_relaxed)) {
      context.prepared = &place.value;
      i.op->call(context, *i.op, arguments, results);
      context.prepared = nullptr;
      if (place.value)
        for (size_t k = 1; k < arguments.size() && k < 64; ++k)
          if (place.weights >> k & 1) mark_baked(arguments[k]);
      place.tried.store(true, std::memory_order_release);
      return;
    }
  }
  context.prepared = place.value ? &place.value : nullptr;
  i.op->call(context, *i.op, arguments, results);
  context.prepared = nullptr;
}

void Interpreter::call_operator(const Program& p, const Instruction& i, Value* slots, Context& context) {
  const Operand* o = p.operands.data() + i.operands;
  const Value* few[24];
  const Value** values = few;
  if (i.inputs > 24) {
    many_arguments_.resize(i.inputs);
    values = many_arguments_.data();
  }
  for (uint32_t k = 0; k < i.inputs; ++k) values[k] = &p.operand(slots, o[k]);
  Value* results[8];
  for (uint32_t k = 0; k < i.outputs && k < 8; ++k) results[k] = &slots[o[i.inputs + k]];
  Arguments arguments(values, i.inputs);
  uint64_t written = static_cast<uint64_t>(i.number);
  if (written) {  // the result may take the place of the argument: note first what is written
    bool baked = false;
    for (size_t k = 0; k < i.inputs; ++k)
      if ((written >> k & 1) && values[k]->is_tensor())
        baked = baked || values[k]->to_tensor().storage()->baked.load(std::memory_order_relaxed);
    if (baked && environment_.invalidate) environment_.invalidate();
  }
  if (environment_.follow_gradients && context.grad_enabled) return call_followed(p, i, arguments, results, context);
  if (i.constant_weights) prepare_and_call(p, i, arguments, results, context);
  else i.op->call(context, *i.op, arguments, results);
}

void Interpreter::call_timed(const Program& p, const Instruction& i, Value* slots, Context& context) {
  const int64_t begin = profiler_->now();
  call_operator(p, i, slots, context);
  auto is_models = [](const InstructionDetail& d) { return d.where.source && d.where.source->name.starts_with("code/"); };
  const InstructionDetail* user = &p.detail(i);
  for (size_t f = frames_.size() - 1; f-- > 0 && !is_models(*user);)  // out of the prelude
    user = &frames_[f].program->details[frames_[f].pc];
  profiler_->add(p.detail(i), *user, begin);
}

void Interpreter::call_followed(const Program& p, const Instruction& i, Arguments arguments, Value* const* results, Context& context) {
  const Schema& schema = p.detail(i).operation->schema;
  std::vector<Value> kept;  // a result may take an argument's slot
  std::vector<const Value*> places;
  for (size_t k = 0; k < arguments.size(); ++k) kept.push_back(arguments[k]);
  for (const Value& v : kept) places.push_back(&v);
  Arguments before(places.data(), places.size());
  check_leaves(schema, before);
  i.op->call(context, *i.op, before, results);
  mark_results(schema, before, results);
}

}  // namespace tsrun
