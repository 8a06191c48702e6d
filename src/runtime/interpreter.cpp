#include "runtime/interpreter.h"

#include <algorithm>
#include <iostream>
#include <new>

#include "ir/text.h"
#include "ops/check.h"
#include "runtime/tolist.h"

namespace tsrun {
namespace {

const Value& operand(const Program& p, Value* slots, Operand o) { return o >= 0 ? slots[o] : p.constants[static_cast<size_t>(~o)]; }

std::string argument_shapes(Arguments arguments) {
  std::string s;
  for (size_t i = 0; i < arguments.size() && i < 12; ++i) {
    const Value& v = arguments[i];
    if (i) s += ", ";
    if (v.is_tensor()) s += v.to_tensor().describe();
    else if (v.is_int() || v.is_double() || v.is_bool() || v.is_none()) s += to_str(v);
    else if (v.is_list()) s += v.to_list().elements.size() <= 8 && (v.to_list().elements.empty() || v.to_list().elements[0].is_int()) ? to_str(v) : "a list";
    else s += tag_name(v.tag());
  }
  return s;
}

}  // namespace

Interpreter::Interpreter(RunEnvironment environment) : environment_(std::move(environment)) { stack_.reserve(256); }

Value Interpreter::run(const Program& program, std::vector<Value> arguments, Context& context) {
  frames_.clear();
  stack_.clear();
  if (arguments.size() != program.parameters)
    throw Error(ErrorKind::usage, program.name + " takes " + std::to_string(program.parameters) + " arguments, " + std::to_string(arguments.size()) + " were given");
  stack_.resize(std::max<size_t>(program.slots, arguments.size()));
  for (size_t i = 0; i < arguments.size(); ++i) stack_[i] = std::move(arguments[i]);
  frames_.push_back({&program, 0, 0});
  try {
    Value result = loop(context);
    stack_.clear();
    return result;
  } catch (const Error& e) {
    rethrow(e);
  } catch (const std::bad_alloc&) {
    rethrow(Error(ErrorKind::limit, "out of memory"));
  } catch (const std::length_error&) {
    rethrow(Error(ErrorKind::limit, "out of memory"));
  } catch (const std::exception& e) {
    rethrow(Error(ErrorKind::internal, std::string("unexpected failure inside tsrun: ") + e.what()));
  }
}

void Interpreter::rethrow(const Error& e) {
  std::string message = e.what(), trace;
  const Frame& top = frames_.back();
  const Instruction& i = top.program->code[top.pc];
  const InstructionDetail& d = top.program->details[i.node];
  if (i.code == Code::op && d.operation) {
    const Operand* o = top.program->operands.data() + i.operands;
    std::vector<const Value*> values;
    for (uint16_t k = 0; k < i.inputs; ++k) values.push_back(&operand(*top.program, stack_.data() + top.base, o[k]));
    message = d.operation->schema.full_name() + ": " + message + " (arguments: " + argument_shapes(Arguments(values.data(), values.size())) + ")";
  }
  auto line = [&](const Location& where) {
    if (!where.source) return;
    std::string text = environment_.python_line ? environment_.python_line(where) : std::string();
    if (text.empty()) text = where.text() + ": " + std::string(where.source->line_text(where.source->line_of(where.span.begin)));
    trace += text + "\n";
  };
  for (const Frame& f : frames_) {
    const InstructionDetail& at = f.program->details[f.program->code[f.pc].node];
    for (const Location& l : at.call_chain) line(l);
    line(at.where);
  }
  stack_.clear();
  frames_.clear();
  throw Error(e.kind() == ErrorKind::usage ? ErrorKind::model : e.kind(), message, trace);
}

void Interpreter::push(const Program& program, size_t) {
  if (frames_.size() >= static_cast<size_t>(environment_.max_call_depth))
    throw Error(ErrorKind::limit, "calls are nested more than " + std::to_string(environment_.max_call_depth) + " deep");
  size_t base = frames_.back().base + frames_.back().program->slots;
  if (stack_.size() < base + program.slots) stack_.resize(std::max(base + program.slots, 2 * stack_.size()));
  frames_.push_back({&program, 0, base});
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
        for (size_t k = 1; k < arguments.size(); ++k)
          if (arguments[k].is_tensor()) arguments[k].to_tensor().storage()->baked = true;
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
  for (uint16_t k = 0; k < i.inputs; ++k) values[k] = &operand(p, slots, o[k]);
  Value* results[8];
  for (uint16_t k = 0; k < i.outputs && k < 8; ++k) results[k] = &slots[o[i.inputs + k]];
  Arguments arguments(values, i.inputs);
  context.channels_last_result = i.channels_last;
  uint64_t written = static_cast<uint64_t>(i.number);
  if (written) {  // the result may take the place of the argument: note first what is written
    bool baked = false;
    for (size_t k = 0; k < i.inputs; ++k)
      if ((written >> k & 1) && values[k]->is_tensor()) baked = baked || values[k]->to_tensor().storage()->baked.load(std::memory_order_relaxed);
    if (baked && environment_.invalidate) environment_.invalidate();
  }
  if (i.constant_weights) prepare_and_call(p, i, arguments, results, context);
  else i.op->call(context, *i.op, arguments, results);
}

Value Interpreter::loop(Context& context) {
  const Program* p = frames_.back().program;
  Value* slots = stack_.data() + frames_.back().base;
  uint32_t pc = 0;
  for (;;) {
    const Instruction& i = p->code[pc];
    const Operand* o = p->operands.data() + i.operands;
    frames_.back().pc = pc;
    auto in = [&](size_t k) -> const Value& { return operand(*p, slots, o[k]); };
    auto out = [&](size_t k) -> Value& { return slots[o[i.inputs + k]]; };
    uint32_t next = pc + 1;
    switch (i.code) {
      case Code::op: call_operator(*p, i, slots, context); break;
      case Code::move:
        if (i.inputs == 1) {
          Value v = in(0);
          out(0) = std::move(v);
        } else if (i.inputs > 1) {
          moving_.clear();
          for (uint16_t k = 0; k < i.inputs; ++k) moving_.push_back(in(k));
          for (uint16_t k = 0; k < i.inputs; ++k) out(k) = std::move(moving_[k]);
        }
        break;
      case Code::jump: next = i.target; break;
      case Code::jump_if_false:
        if (!in(0).to_bool()) next = i.target;
        break;
      case Code::loop_begin:
        if (in(0).to_int() > 0 && in(1).to_bool()) out(0) = int64_t{0};
        else next = i.target;
        break;
      case Code::loop_next: {
        int64_t count = out(0).int_unchecked() + 1;
        if (count < in(0).to_int() && in(1).to_bool()) {
          out(0) = count;
          next = i.target;
        }
        break;
      }
      case Code::list_construct: {
        std::vector<Value> elements;
        elements.reserve(i.inputs);
        for (uint16_t k = 0; k < i.inputs; ++k) elements.push_back(in(k));
        out(0) = make_ref<ListObject>(std::move(elements), TypeRef(i.type));
        break;
      }
      case Code::dict_construct: {
        auto d = make_ref<DictObject>(i.type->element(0), i.type->element(1));
        for (uint16_t k = 0; k + 1 < i.inputs; k += 2) d->set(in(k), in(k + 1));
        out(0) = std::move(d);
        break;
      }
      case Code::tuple_construct: {
        std::vector<Value> elements;
        elements.reserve(i.inputs);
        for (uint16_t k = 0; k < i.inputs; ++k) elements.push_back(in(k));
        out(0) = make_ref<TupleObject>(std::move(elements), TypeRef(i.type));
        break;
      }
      case Code::tuple_unpack:
      case Code::list_unpack: {
        Value whole = in(0);
        const auto& elements = whole.is_tuple() ? whole.to_tuple().elements : whole.to_list().elements;
        if (elements.size() != i.outputs)
          throw Error(ErrorKind::model, "Expected " + std::to_string(i.outputs) + " elements in a list but found " + std::to_string(elements.size()));
        for (uint16_t k = 0; k < i.outputs; ++k) out(k) = elements[k];
        break;
      }
      case Code::tuple_index: {
        Value v = in(0).to_tuple().elements.at(static_cast<size_t>(i.number));
        out(0) = std::move(v);
        break;
      }
      case Code::tuple_slice: {
        const auto& elements = in(0).to_tuple().elements;
        out(0) = make_tuple({elements.begin() + i.number, elements.begin() + i.target});
        break;
      }
      case Code::get_slot: {
        Value v = in(0).to_object().slots[static_cast<size_t>(i.number)];
        out(0) = std::move(v);
        break;
      }
      case Code::set_slot: {
        ClassObject& object = in(0).to_object();
        object.slots[static_cast<size_t>(i.number)] = in(1);
        if (object.frozen && environment_.invalidate) environment_.invalidate();
        break;
      }
      case Code::get_attribute:
      case Code::set_attribute: {
        ClassObject& object = in(0).to_object();
        const std::string& name = p->details[i.node].name;
        size_t slot = as_class(*object.type).find_attribute(name);
        if (slot == ClassType::npos) throw Error(ErrorKind::model, object.type->name + " has no attribute '" + name + "'");
        if (i.code == Code::get_attribute) {
          Value v = object.slots[slot];
          out(0) = std::move(v);
        } else {
          object.slots[slot] = in(1);
          if (object.frozen && environment_.invalidate) environment_.invalidate();
        }
        break;
      }
      case Code::create_object: out(0) = make_ref<ClassObject>(TypeRef(i.type), as_class(*i.type).attributes.size()); break;
      case Code::call:
      case Code::call_interface: {
        Function* f = i.function;
        if (i.code == Code::call_interface) {
          ClassObject& object = in(0).to_object();
          f = as_class(*object.type).find_method(p->details[i.node].name);
          if (!f) throw Error(ErrorKind::model, object.type->name + " has no method '" + p->details[i.node].name + "'");
        }
        const Program& callee = environment_.program_of(*f);
        if (callee.parameters != i.inputs) throw Error(ErrorKind::model, f->name + " takes " + std::to_string(callee.parameters) + " arguments");
        push(callee, i.inputs);
        slots = stack_.data() + frames_[frames_.size() - 2].base;
        Value* inner = stack_.data() + frames_.back().base;
        for (uint16_t k = 0; k < i.inputs; ++k) inner[k] = operand(*p, slots, o[k]);
        for (uint16_t k = 0; k < i.releases; ++k) slots[o[i.inputs + i.outputs + k]] = Value();
        p = &callee;
        slots = inner;
        pc = 0;
        continue;
      }
      case Code::make_future: out(0) = make_ref<FutureObject>(in(0), TypeRef(i.type)); break;
      case Code::isinstance_: {
        const Value& v = in(0);
        const auto& candidates = p->details[i.node].types;
        out(0) = std::any_of(candidates.begin(), candidates.end(), [&](auto& t) { return value_is(v, *t); });
        break;
      }
      case Code::print: {
        moving_.clear();
        for (uint16_t k = 0; k < i.inputs; ++k) moving_.push_back(in(k));
        (context.output ? *context.output : std::cout) << print_text(moving_);
        moving_.clear();
        break;
      }
      case Code::tolist: out(0) = tensor_to_list(in(0).to_tensor(), *i.type); break;
      case Code::container_index: {
        ClassObject& container = in(0).to_object();
        const ClassType& c = as_class(*container.type);
        std::string name = in(1).is_int() ? std::to_string(in(1).to_int() < 0 ? in(1).to_int() + static_cast<int64_t>(c.attributes.size()) : in(1).to_int())
                                          : in(1).to_string();
        size_t slot = c.find_attribute(name);
        if (slot == ClassType::npos) throw Error(ErrorKind::model, "KeyError: " + name);
        out(0) = container.slots[slot];
        break;
      }
      case Code::raise: {
        std::string message = to_str(in(0));
        if (i.inputs > 1 && in(1).is_string()) message = in(1).to_string() + ": " + message;
        throw Error(ErrorKind::model, message);
      }
      case Code::missing: {
        const std::string& name = p->details[i.node].name;
        throw Error(ErrorKind::unsupported, "operator " + name + " is not supported by this version of tsrun ('tsrun ops' lists all that a file needs)");
      }
      case Code::return_: {
        Value result = in(0);
        for (Value *v = slots, *end = slots + p->slots; v != end; ++v) *v = Value();
        frames_.pop_back();
        if (frames_.empty()) return result;
        p = frames_.back().program;
        slots = stack_.data() + frames_.back().base;
        pc = frames_.back().pc;
        const Instruction& call = p->code[pc];
        if (call.outputs) slots[p->operands[call.operands + call.inputs]] = std::move(result);
        ++pc;
        continue;
      }
    }
    for (uint16_t k = 0; k < i.releases; ++k) slots[o[i.inputs + i.outputs + k]] = Value();
    pc = next;
  }
}

}  // namespace tsrun
