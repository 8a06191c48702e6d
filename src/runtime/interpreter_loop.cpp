// The interpreter's loop: what each instruction does.
#include <algorithm>
#include <iostream>

#include "ir/text.h"
#include "ops/check.h"
#include "ops/list.h"
#include "ops/number.h"
#include "runtime/interpreter.h"
#include "runtime/tolist.h"

namespace tsrun {
namespace {

/// Where operands lie: the slots of the running function, and its constants.
struct Operands {
  Value* slots;
  const Value* constants_end;

  const Value& operator[](Operand o) const { return (o >= 0 ? slots : constants_end)[o]; }
};

double real(const Value& v) { return v.is_int() ? static_cast<double>(v.int_unchecked()) : v.to_double(); }

template <class F>
int64_t of_ints(const Operands& f, const Instruction& i) {
  return F::of(f[i.in[0]].to_int(), f[i.in[1]].to_int());
}
template <class F>
bool compare_ints(const Operands& f, const Instruction& i) {
  return F::of(f[i.in[0]].to_int(), f[i.in[1]].to_int());
}
template <class F>
double of_reals(const Operands& f, const Instruction& i) {
  return F::of(real(f[i.in[0]]), real(f[i.in[1]]));
}
template <class F>
bool compare_reals(const Operands& f, const Instruction& i) {
  return F::of(real(f[i.in[0]]), real(f[i.in[1]]));
}
template <class F>
bool of_bools(const Operands& f, const Instruction& i) {
  return F::of(f[i.in[0]].to_bool(), f[i.in[1]].to_bool());
}

const Value& element(const Value& list, const Value& index) {
  const auto& e = list.to_list().elements;
  return e[list_position(index.to_int(), e.size())];
}

const Value& entry(const Value& dict, const Value& key) {
  const Value* v = dict.to_dict().find(key);
  if (!v) [[unlikely]]
    fail("KeyError: ", to_str(key));
  return *v;
}

size_t attribute_slot(const ClassObject& object, const std::string& name) {
  size_t slot = as_class(*object.type).find_attribute(name);
  if (slot == ClassType::npos) throw Error(ErrorKind::model, object.type->name + " has no attribute '" + name + "'");
  return slot;
}

const Value& contained(const ClassObject& container, const Value& key) {
  const ClassType& c = as_class(*container.type);
  int64_t count = static_cast<int64_t>(c.attributes.size());
  std::string name = key.is_int() ? std::to_string(key.to_int() < 0 ? key.to_int() + count : key.to_int()) : key.to_string();
  size_t slot = c.find_attribute(name);
  if (slot == ClassType::npos) throw Error(ErrorKind::model, "KeyError: " + name);
  return container.slots[slot];
}

/// Input k, moved when its slot dies.
Value taken(const Program& p, const Instruction& i, Value* slots, uint32_t k) {
  Operand o = p.operands[i.operands + k];
  if (k < 8 && i.takes >> k & 1) return std::move(slots[o]);
  return p.operand(slots, o);
}

}  // namespace

void Interpreter::enter(const Program& p, const Instruction& i, Value* slots) {
  const Operand* o = p.operands.data() + i.operands;
  Function* f = i.function;
  if (i.code == Code::call_interface) {
    ClassObject& object = p.operand(slots, o[0]).to_object();
    f = as_class(*object.type).find_method(p.detail(i).name);
    if (!f) throw Error(ErrorKind::model, object.type->name + " has no method '" + p.detail(i).name + "'");
  }
  const void* ready = f->program.load(std::memory_order_acquire);
  const Program& callee = ready ? *static_cast<const Program*>(ready) : environment_.program_of(*f);
  if (callee.parameters != i.inputs) throw Error(ErrorKind::model, f->name + " takes " + std::to_string(callee.parameters) + " arguments");
  push(callee);
  slots = stack_.data() + frames_[frames_.size() - 2].base;
  Value* inner = stack_.data() + frames_.back().base;
  for (uint32_t k = 0; k < i.inputs; ++k) inner[k] = taken(p, i, slots, k);
  for (uint32_t k = 0; k < i.releases; ++k) slots[o[i.inputs + i.outputs + k]] = Value();
}

void Interpreter::move_all(const Program& p, const Instruction& i, Value* slots) {
  const Operand* o = p.operands.data() + i.operands;
  moving_.clear();
  for (uint32_t k = 0; k < i.inputs; ++k) moving_.push_back(p.operand(slots, o[k]));
  for (uint32_t k = 0; k < i.inputs; ++k) slots[o[i.inputs + k]] = std::move(moving_[k]);
}

void Interpreter::set_slot(ClassObject& object, size_t slot, Value value) {
  object.slots[slot] = std::move(value);
  if (object.frozen && environment_.invalidate) environment_.invalidate();
}

void Interpreter::other(const Program& p, const Instruction& i, Value* slots, Context& context) {
  const Operand* o = p.operands.data() + i.operands;
  auto in = [&](size_t k) -> const Value& { return p.operand(slots, o[k]); };
  auto out = [&](size_t k) -> Value& { return slots[o[i.inputs + k]]; };
  auto elements = [&] {
    std::vector<Value> list = spare_elements(i.inputs);
    for (uint32_t k = 0; k < i.inputs; ++k) list.push_back(taken(p, i, slots, k));
    return list;
  };
  switch (i.code) {
    case Code::list_construct: out(0) = make_ref<ListObject>(elements(), TypeRef(i.type)); break;
    case Code::tuple_construct: out(0) = make_ref<TupleObject>(elements(), TypeRef(i.type)); break;
    case Code::dict_construct: {
      auto d = make_ref<DictObject>(i.type->element(0), i.type->element(1));
      for (uint32_t k = 0; k + 1 < i.inputs; k += 2) d->set(in(k), in(k + 1));
      out(0) = std::move(d);
      break;
    }
    case Code::tuple_unpack:
    case Code::list_unpack: {
      Value whole = in(0);
      const auto& parts = whole.is_tuple() ? whole.to_tuple().elements : whole.to_list().elements;
      if (parts.size() != i.outputs)
        throw Error(ErrorKind::model,
                    "Expected " + std::to_string(i.outputs) + " elements in a list but found " + std::to_string(parts.size()));
      for (uint32_t k = 0; k < i.outputs; ++k) out(k) = parts[k];
      break;
    }
    case Code::tuple_slice: {
      const auto& parts = in(0).to_tuple().elements;
      out(0) = make_tuple({parts.begin() + i.number, parts.begin() + i.target});
      break;
    }
    case Code::get_attribute: {
      const ClassObject& object = in(0).to_object();
      out(0) = object.slots[attribute_slot(object, p.detail(i).name)];
      break;
    }
    case Code::set_attribute: {
      ClassObject& object = in(0).to_object();
      set_slot(object, attribute_slot(object, p.detail(i).name), in(1));
      break;
    }
    case Code::create_object: out(0) = make_ref<ClassObject>(TypeRef(i.type), as_class(*i.type).attributes.size()); break;
    case Code::begin_fork: forks_.push_back({frames_.size(), i.target, context.grad_enabled, managers_.size()}); break;
    case Code::enter_context: managers_.push_back(in(0)); break;
    case Code::leave_context:
      if (managers_.empty()) throw Error(ErrorKind::malformed, "a context is left that was not entered");
      managers_.pop_back();
      break;
    case Code::make_future:
      context.grad_enabled = forks_.back().grad_enabled;
      forks_.pop_back();
      out(0) = make_ref<FutureObject>(in(0), TypeRef(i.type));
      break;
    case Code::isinstance_: {
      const Value& v = in(0);
      const auto& candidates = p.detail(i).types;
      out(0) = std::any_of(candidates.begin(), candidates.end(), [&](auto& t) { return value_is(v, *t); });
      break;
    }
    case Code::print: (context.output ? *context.output : std::cout) << print_text(elements()); break;
    case Code::tolist: out(0) = tensor_to_list(in(0).to_tensor(), *i.type); break;
    case Code::container_index: out(0) = contained(in(0).to_object(), in(1)); break;
    case Code::raise: {
      std::string message = to_str(in(0));
      if (i.inputs > 1 && in(1).is_string()) message = in(1).to_string() + ": " + message;
      throw Error(ErrorKind::model, message);
    }
    case Code::missing:
      throw Error(ErrorKind::unsupported,
                  "operator " + p.detail(i).name + " is not supported by this version of tsrun ('tsrun ops' lists all that a file needs)");
    default: throw Error(ErrorKind::internal, "unknown instruction");
  }
}

Value Interpreter::loop(Context& context) {
  const Program* p = frames_.back().program;
  const Instruction* at = p->code.data() + frames_.back().pc;
  Operands f{stack_.data() + frames_.back().base, p->constants.data() + p->constants.size()};
  auto resume = [&] {  // in the frame that is on top now
    p = frames_.back().program;
    f = {stack_.data() + frames_.back().base, p->constants.data() + p->constants.size()};
    at = p->code.data() + frames_.back().pc;
  };
  using namespace number;
  try {
    for (;;) {
      const Instruction& i = *at;
      // A case that ends in `continue` is done; `break` clears the instruction's dead slots and goes on with the next one.
      auto next = [&](auto&& result) {
        f.slots[i.out] = result;
        ++at;
      };
      auto jump_unless = [&](bool holds) { at = holds ? at + 1 : p->code.data() + i.target; };
      auto clear_dead = [&] {
        if (i.releases == 0) return;
        const Operand* dead = p->operands.data() + i.operands + i.inputs + i.outputs;
        for (const Operand* end = dead + i.releases; dead != end; ++dead) f.slots[*dead] = Value();
      };
      // Input k, one of the first three, moved when its slot dies.
      auto take = [&](unsigned k) -> Value {
        if (i.takes >> k & 1) return std::move(f.slots[i.in[k]]);
        return f[i.in[k]];
      };
      switch (i.code) {
        case Code::op:
          if (profiler_) call_timed(*p, i, f.slots, context);
          else call_operator(*p, i, f.slots, context);
          break;
        case Code::move: move_all(*p, i, f.slots); break;
        case Code::copy: f.slots[i.out] = f[i.in[0]]; break;
        case Code::take: f.slots[i.out] = std::move(f.slots[i.in[0]]); break;
        case Code::jump:
          clear_dead();
          at = p->code.data() + i.target;
          continue;
        case Code::jump_if_false: jump_unless(f[i.in[0]].to_bool()); continue;
        case Code::jump_if_true: jump_unless(!f[i.in[0]].to_bool()); continue;
        case Code::loop_begin:
          jump_unless(f[i.in[0]].to_int() > 0 && f[i.in[1]].to_bool());
          f.slots[i.out] = int64_t{0};
          continue;
        case Code::loop_next: {
          int64_t count = f.slots[i.out].int_unchecked() + 1;
          bool again = count < f[i.in[0]].to_int() && f[i.in[1]].to_bool();
          f.slots[i.out] = count;
          jump_unless(!again);
          continue;
        }
        case Code::count_next: {
          int64_t count = f.slots[i.out].int_unchecked() + 1;
          f.slots[i.out] = count;
          jump_unless(count >= f[i.in[0]].to_int());
          continue;
        }
        case Code::tuple_index: {
          const auto& parts = f[i.in[0]].to_tuple().elements;
          f.slots[i.out] = parts.at(static_cast<size_t>(i.number));
          break;
        }
        case Code::get_slot: f.slots[i.out] = f[i.in[0]].to_object().slots[static_cast<size_t>(i.number)]; break;
        case Code::set_slot: set_slot(f[i.in[0]].to_object(), static_cast<size_t>(i.number), take(1)); break;
        case Code::call:
        case Code::call_interface:
          frames_.back().pc = static_cast<uint32_t>(at - p->code.data());
          enter(*p, i, f.slots);
          resume();
          continue;
        case Code::return_: {
          Value result = i.in[0] >= 0 ? std::move(f.slots[i.in[0]]) : f[i.in[0]];
          for (Value *v = f.slots, *end = f.slots + p->slots; v != end; ++v) *v = Value();
          frames_.pop_back();
          if (frames_.empty()) return result;
          resume();
          if (at->outputs) f.slots[at->out] = std::move(result);
          ++at;
          continue;
        }

        case Code::list_get: f.slots[i.out] = element(f[i.in[0]], f[i.in[1]]); break;
        case Code::list_set: {
          auto& e = f[i.in[0]].to_list().elements;
          e[list_position(f[i.in[1]].to_int(), e.size())] = take(2);
          break;
        }
        case Code::list_append: f[i.in[0]].to_list().elements.push_back(take(1)); break;
        case Code::list_length: f.slots[i.out] = static_cast<int64_t>(f[i.in[0]].to_list().elements.size()); break;
        case Code::dict_get: f.slots[i.out] = entry(f[i.in[0]], f[i.in[1]]); break;
        case Code::dict_get_or: {
          const Value* v = f[i.in[0]].to_dict().find(f[i.in[1]]);
          f.slots[i.out] = v ? *v : f[i.in[2]];
          break;
        }
        case Code::dict_set: f[i.in[0]].to_dict().set(take(1), take(2)); break;
        case Code::dict_contains: f.slots[i.out] = f[i.in[0]].to_dict().find(f[i.in[1]]) != nullptr; break;
        case Code::is: f.slots[i.out] = f[i.in[0]].is(f[i.in[1]]); break;
        case Code::is_not: f.slots[i.out] = !f[i.in[0]].is(f[i.in[1]]); break;

        case Code::add_int: next(of_ints<Add>(f, i)); continue;
        case Code::subtract_int: next(of_ints<Sub>(f, i)); continue;
        case Code::multiply_int: next(of_ints<Mul>(f, i)); continue;
        case Code::floor_divide_int: next(of_ints<FloorDiv>(f, i)); continue;
        case Code::remainder_int: next(of_ints<Remainder>(f, i)); continue;
        case Code::negate_int: next(wrap_neg(f[i.in[0]].to_int())); continue;
        case Code::and_int: next(of_ints<And>(f, i)); continue;
        case Code::or_int: next(of_ints<Or>(f, i)); continue;
        case Code::xor_int: next(of_ints<Xor>(f, i)); continue;
        case Code::shift_left_int: next(of_ints<ShiftLeft>(f, i)); continue;
        case Code::shift_right_int: next(of_ints<ShiftRight>(f, i)); continue;
        case Code::min_int: next(of_ints<Min>(f, i)); continue;
        case Code::max_int: next(of_ints<Max>(f, i)); continue;
        case Code::derive_index: next(tsrun::derive_index(f[i.in[0]].to_int(), f[i.in[1]].to_int(), f[i.in[2]].to_int())); continue;
        case Code::less_int: next(compare_ints<Less>(f, i)); continue;
        case Code::less_equal_int: next(compare_ints<LessEqual>(f, i)); continue;
        case Code::greater_int: next(compare_ints<Greater>(f, i)); continue;
        case Code::greater_equal_int: next(compare_ints<GreaterEqual>(f, i)); continue;
        case Code::equal_int: next(compare_ints<Equal>(f, i)); continue;
        case Code::not_equal_int: next(compare_ints<NotEqual>(f, i)); continue;
        case Code::add_float: next(of_reals<Add>(f, i)); continue;
        case Code::subtract_float: next(of_reals<Sub>(f, i)); continue;
        case Code::multiply_float: next(of_reals<Mul>(f, i)); continue;
        case Code::divide_float: next(of_reals<Div>(f, i)); continue;
        case Code::floor_divide_float: next(of_reals<FloorDiv>(f, i)); continue;
        case Code::remainder_float: next(of_reals<Remainder>(f, i)); continue;
        case Code::negate_float: next(-f[i.in[0]].to_double()); continue;
        case Code::min_float: next(of_reals<Min>(f, i)); continue;
        case Code::max_float: next(of_reals<Max>(f, i)); continue;
        case Code::less_float: next(compare_reals<Less>(f, i)); continue;
        case Code::less_equal_float: next(compare_reals<LessEqual>(f, i)); continue;
        case Code::greater_float: next(compare_reals<Greater>(f, i)); continue;
        case Code::greater_equal_float: next(compare_reals<GreaterEqual>(f, i)); continue;
        case Code::equal_float: next(compare_reals<Equal>(f, i)); continue;
        case Code::not_equal_float: next(compare_reals<NotEqual>(f, i)); continue;
        case Code::not_bool: next(!f[i.in[0]].to_bool()); continue;
        case Code::and_bool: next(of_bools<And>(f, i)); continue;
        case Code::or_bool: next(of_bools<Or>(f, i)); continue;
        case Code::equal_bool: next(of_bools<Equal>(f, i)); continue;
        case Code::not_equal_bool: next(of_bools<NotEqual>(f, i)); continue;
        case Code::jump_unless_less: jump_unless(compare_ints<Less>(f, i)); continue;
        case Code::jump_unless_less_equal: jump_unless(compare_ints<LessEqual>(f, i)); continue;
        case Code::jump_unless_greater: jump_unless(compare_ints<Greater>(f, i)); continue;
        case Code::jump_unless_greater_equal: jump_unless(compare_ints<GreaterEqual>(f, i)); continue;
        case Code::jump_unless_equal: jump_unless(compare_ints<Equal>(f, i)); continue;
        case Code::jump_unless_not_equal: jump_unless(compare_ints<NotEqual>(f, i)); continue;
        default: other(*p, i, f.slots, context); break;
      }
      clear_dead();
      ++at;
    }
  } catch (...) {
    frames_.back().pc = static_cast<uint32_t>(at - p->code.data());
    throw;
  }
}

}  // namespace tsrun
