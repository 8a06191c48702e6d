#include "runtime/program.h"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "ir/stack.h"
#include "ir/word_set.h"
#include "runtime/direct.h"
#include "runtime/slot_plan.h"

namespace tsrun {
namespace {

/// Copies the first operands into the instruction itself.
void place_operands(const Program& p, Instruction& i) {
  const Operand* o = p.operands.data() + i.operands;
  for (size_t k = 0; k < i.inputs && k < std::size(i.in); ++k) i.in[k] = o[k];
  if (i.outputs) i.out = o[i.inputs];
}

class Builder {
 public:
  Builder(const Graph& graph, Program& program, const PreludeLookup& prelude, bool specialised)
      : graph_(graph), p_(program), prelude_(prelude), specialised_(specialised), plan_(graph) {}

  void run() {
    const Block& body = *graph_.body;
    for (const Val* v : body.params()) slot_of(v);
    p_.parameters = static_cast<uint32_t>(body.params().size());
    block(body);
    begin(Code::return_, nullptr);
    input(body.outputs()[0]);
    std::reverse(p_.constants.begin(), p_.constants.end());
    for (Instruction& i : p_.code) place_operands(p_, i);
  }

 private:
  // ---- operands -----------------------------------------------------------------------------------------------------------------------
  Operand slot_of(const Val* v) {
    auto [it, fresh] = slots_.try_emplace(plan_.home(v), 0);
    if (fresh) it->second = new_slot();
    return it->second;
  }
  Operand new_slot() {
    if (!free_.empty()) {
      Operand s = free_.back();
      free_.pop_back();
      return s;
    }
    return static_cast<Operand>(p_.slots++);
  }
  Operand operand_of(const Val* v) {
    if (v->node->kind != NodeKind::constant) return slot_of(v);
    auto [it, fresh] = constants_.try_emplace(v, 0);
    if (fresh) {
      it->second = ~static_cast<Operand>(p_.constants.size());
      p_.constants.push_back(v->node->value);
    }
    return it->second;
  }

  Instruction& begin(Code code, const Node* n) {
    p_.code.push_back({});
    Instruction& i = p_.code.back();
    i.code = code;
    i.operands = static_cast<uint32_t>(p_.operands.size());
    InstructionDetail d;
    if (n) {
      d.where = n->where;
      d.call_chain = n->call_chain;
      d.operation = n->op;
      d.name = n->written_as.empty() ? n->name : n->written_as;
      d.types = n->types;
    }
    p_.details.push_back(std::move(d));
    return i;
  }
  Instruction& current() { return p_.code.back(); }
  void raw_input(Operand o) {
    p_.operands.push_back(o);
    ++current().inputs;
  }
  void raw_output(Operand o) {
    p_.operands.push_back(o);
    ++current().outputs;
  }
  void input(const Val* v) { raw_input(operand_of(v)); }
  void output(const Val* v) { raw_output(slot_of(v)); }
  uint32_t here() const { return static_cast<uint32_t>(p_.code.size()); }

  /// Clears the slots that die with n after the last instruction emitted for it.
  void release_after(const Node* n) {
    auto* deaths = plan_.deaths(n);
    if (!deaths) return;
    std::vector<Operand> clear;
    for (const SlotPlan::Death& d : *deaths) {
      auto s = slots_.find(plan_.home(d.value));
      if (s == slots_.end()) continue;
      if (d.clears) clear.push_back(s->second);
      if (d.frees) (depth_ == 0 ? free_ : inner_free_).push_back(s->second);
    }
    if (clear.empty()) return;
    bool attach =
        !p_.code.empty() && n->kind != NodeKind::if_ && n->kind != NodeKind::loop && current().releases == 0 && !is_scalar(current().code);
    if (attach) std::erase_if(clear, [&](Operand slot) { return take_input(current(), slot); });
    else begin(Code::move, nullptr);  // nothing to move: only clears
    current().releases = static_cast<uint32_t>(clear.size());
    p_.operands.insert(p_.operands.end(), clear.begin(), clear.end());
  }

  /// Lets the instruction move the slot's value instead of copying it and clearing the slot, if it reads the slot once.
  bool take_input(Instruction& i, Operand slot) {
    const Operand* o = p_.operands.data() + i.operands;
    const unsigned takable = takable_inputs(i.code);
    if (takable == 0 || std::count(o, o + i.inputs + i.outputs, slot) != 1) return false;
    size_t k = static_cast<size_t>(std::find(o, o + i.inputs, slot) - o);
    if (k >= 8 || k >= i.inputs || !(takable >> k & 1)) return false;
    i.takes = static_cast<uint8_t>(i.takes | 1u << k);
    return true;
  }

  // ---- blocks ---------------------------------------------------------------------------------------------------------------------------
  void block(const Block& b) {
    check_stack();
    for (const Node* n = b.first(); n != b.result; n = n->next) {
      if (n->kind == NodeKind::constant) continue;
      node(*n);
      release_after(n);
    }
  }

  struct Move {
    Operand from, to;
    bool takes;  ///< the value only leaves its block: it is moved, not shared
  };
  /// The moves that are needed: values that already lie where they belong are left out.
  std::vector<Move> moves_of(const std::vector<Val*>& from, size_t skip, const std::vector<Val*>& to, size_t to_skip,
                             const Block* made_in) {
    std::vector<Move> list;
    for (size_t i = skip; i < from.size(); ++i) {
      Operand source = operand_of(from[i]), target = slot_of(to[i - skip + to_skip]);
      bool takes =
          made_in && from[i]->node->block == made_in && from[i]->node != made_in->param && source >= 0 && !plan_.is_shared(from[i]);
      if (source != target) list.push_back({source, target, takes});
    }
    return list;
  }
  /// One after the other, each when nothing still has to read what it overwrites; what goes round in a circle moves at once.
  void emit(const std::vector<Move>& list) {
    std::unordered_map<Operand, size_t> readers, writers;
    for (const Move& m : list) ++readers[m.from];
    std::vector<size_t> ready;
    for (size_t i = list.size(); i-- > 0;) {
      writers[list[i].to] = i;
      if (!readers.count(list[i].to)) ready.push_back(i);
    }
    while (!ready.empty()) {
      const Move& m = list[ready.back()];
      ready.pop_back();
      bool last = --readers[m.from] == 0;
      begin(m.takes && last ? Code::take : Code::copy, nullptr);
      raw_input(m.from);
      raw_output(m.to);
      if (auto it = writers.find(m.from); last && it != writers.end()) ready.push_back(it->second);
    }
    std::vector<Move> circles;
    for (const Move& m : list)
      if (readers[m.to] > 0) circles.push_back(m);
    if (!circles.empty()) emit_at_once(circles);
  }
  void emit_at_once(const std::vector<Move>& list) {
    begin(Code::move, nullptr);
    for (const Move& m : list) raw_input(m.from);
    for (const Move& m : list) raw_output(m.to);
  }
  void moves(const std::vector<Val*>& from, size_t skip, const std::vector<Val*>& to, size_t to_skip, const Block* made_in = nullptr) {
    emit(moves_of(from, skip, to, to_skip, made_in));
  }

  void if_node(const Node& n) {
    if (!fuse_test(n.input(), false)) {
      begin(Code::jump_if_false, &n);
      input(n.input());
    }
    size_t test = p_.code.size() - 1;
    ++depth_;
    block(*n.blocks[0]);
    moves(n.blocks[0]->outputs(), 0, n.outputs, 0, n.blocks[0]);
    begin(Code::jump, nullptr);
    size_t over = p_.code.size() - 1;
    p_.code[test].target = here();
    block(*n.blocks[1]);
    moves(n.blocks[1]->outputs(), 0, n.outputs, 0, n.blocks[1]);
    --depth_;
    p_.code[over].target = here();
    if (over + 1 == here()) {  // an empty else: fall through
      p_.code.pop_back();
      p_.details.pop_back();
      p_.code[test].target = here();
    }
    if (depth_ == 0) reclaim();
  }

  /// Turns the comparison just emitted into a jump that is taken when its result is `taken`, if nothing else reads the result.
  bool fuse_test(const Val* condition, bool taken) {
    if (p_.code.empty() || condition->uses.size() != 1 || condition->node->kind != NodeKind::op || plan_.is_shared(condition)) return false;
    Instruction& test = current();
    if (!is_comparison(test.code) || p_.operands[test.operands + 2] != slot_of(condition)) return false;
    test.code = jump_unless(taken ? opposite(test.code) : test.code);
    test.outputs = 0;
    p_.operands.pop_back();
    return true;
  }

  static bool is_constant(const Val* v, int64_t number) {
    return v->node->kind == NodeKind::constant && v->node->value.is_int() && v->node->value.to_int() == number;
  }
  static bool is_true(const Val* v) { return v->node->kind == NodeKind::constant && v->node->value.is_bool() && v->node->value.to_bool(); }

  struct Loop {
    const Node* node;
    Operand maximum, condition, counter;
    std::vector<size_t> breaks, continues;
  };

  void loop_node(const Node& n) {
    const Block& body = *n.blocks[0];
    Loop loop{&n, 0, 0, 0, {}, {}};
    ++depth_;
    // Carried values live in the slots of the block's parameters; the loop's outputs take them over at the end.
    loop.counter = slot_of(body.params()[0]);
    for (size_t i = 1; i < body.params().size(); ++i) slot_of(body.params()[i]);
    moves(n.inputs, 2, body.params(), 1);
    // A while loop counts to no end and nothing reads the counter.
    bool while_loop = is_constant(n.input(0), std::numeric_limits<int64_t>::max()) && body.params()[0]->uses.empty();
    if (while_loop) {
      if (!fuse_test(n.input(1), false)) {
        begin(Code::jump_if_false, &n);
        input(n.input(1));
      }
    } else {
      begin(Code::loop_begin, &n);
      input(n.input(0));
      input(n.input(1));
      raw_output(loop.counter);
    }
    size_t start = p_.code.size() - 1;
    uint32_t top = here();
    loops_.push_back(&loop);
    block(body);
    loops_.pop_back();
    std::vector<Move> carried = moves_of(body.outputs(), 1, body.params(), 1, &body);
    Operand condition = operand_of(body.outputs()[0]);
    for (Move& m : carried) m.takes = m.takes && m.from != condition;
    bool overwritten = std::any_of(carried.begin(), carried.end(), [&](const Move& m) { return m.to == condition; });
    if (overwritten) {
      Operand kept = new_slot();
      carried.push_back({condition, kept, false});
      condition = kept;
    }
    emit(carried);
    for (size_t c : loop.continues) p_.code[c].target = here();
    if (!loop.continues.empty()) condition = continue_condition(loop, condition);
    if (while_loop) {
      bool last = carried.empty() && loop.continues.empty();  // the comparison may stand right before
      if (!last || !fuse_test(body.outputs()[0], true)) {
        begin(Code::jump_if_true, &n);
        raw_input(condition);
      }
    } else {
      bool counts = condition < 0 && is_true(body.outputs()[0]);
      begin(counts ? Code::count_next : Code::loop_next, &n);
      input(n.input(0));
      raw_input(condition);
      raw_output(loop.counter);
    }
    current().target = top;
    p_.code[start].target = here();
    for (size_t b : loop.breaks) p_.code[b].target = here();
    std::vector<Val*> finals(body.params().begin() + 1, body.params().end());
    moves(finals, 0, n.outputs, 0);
    --depth_;
    if (depth_ == 0) reclaim();
  }

  /// `continue` jumps to the loop's end with its condition in a slot of its own.
  Operand continue_condition(const Loop& loop, Operand condition) {
    Operand shared = continue_slots_[loop.node];
    size_t own = p_.code.size();
    begin(Code::copy, nullptr);  // the path that falls through fills the same slot
    raw_input(condition);
    raw_output(shared);
    for (size_t c : loop.continues) p_.code[c].target = static_cast<uint32_t>(own + 1);
    return shared;
  }

  void exit_node(const Node& n) {
    if (n.kind == NodeKind::return_) {
      begin(Code::return_, &n);
      input(n.input());
      return;
    }
    Loop& loop = *loops_.back();
    const auto& params = loop.node->blocks[0]->params();
    begin(Code::move, &n);
    size_t first = n.kind == NodeKind::continue_ ? 1 : 0;
    for (const Val* v : n.inputs) input(v);
    if (first) {
      auto [it, fresh] = continue_slots_.try_emplace(loop.node, 0);
      if (fresh) it->second = new_slot();
      raw_output(it->second);
    }
    for (size_t i = first; i < n.inputs.size(); ++i) output(params[i - first + 1]);
    begin(Code::jump, &n);
    (first ? loop.continues : loop.breaks).push_back(p_.code.size() - 1);
  }

  // Slots freed inside branches and loops are used again only after the outermost one: no path then reads a stale slot.
  void reclaim() {
    free_.insert(free_.end(), inner_free_.begin(), inner_free_.end());
    inner_free_.clear();
  }

  void node(const Node& n) {
    auto plain = [&](Code code) -> Instruction& {
      begin(code, &n);
      for (const Val* v : n.inputs) input(v);
      for (const Val* v : n.outputs) output(v);
      return current();
    };
    switch (n.kind) {
      case NodeKind::constant:
      case NodeKind::param:
      case NodeKind::result: return;
      case NodeKind::op: return op_node(n);
      case NodeKind::list_construct: plain(Code::list_construct).type = n.output()->type->element().get(); break;
      case NodeKind::dict_construct: plain(Code::dict_construct).type = n.output()->type.get(); break;
      case NodeKind::tuple_construct: {
        const Type& t = *n.output()->type;
        plain(Code::tuple_construct).type = t.name.empty() ? nullptr : &t;
        break;
      }
      case NodeKind::tuple_unpack: plain(Code::tuple_unpack); return;
      case NodeKind::list_unpack: plain(Code::list_unpack); return;
      case NodeKind::tuple_index: plain(Code::tuple_index).number = n.index; return;
      case NodeKind::tuple_slice: {
        Instruction& i = plain(Code::tuple_slice);
        i.number = n.index;
        i.target = static_cast<uint32_t>(n.end);
        return;
      }
      case NodeKind::if_: return if_node(n);
      case NodeKind::loop: return loop_node(n);
      case NodeKind::get_attr:
      case NodeKind::set_attr: {
        const Type& t = *n.input()->type;
        size_t slot = t.is(TypeKind::class_) ? as_class(t).find_attribute(n.name) : ClassType::npos;
        bool get = n.kind == NodeKind::get_attr;
        Code code = slot == ClassType::npos ? (get ? Code::get_attribute : Code::set_attribute) : get ? Code::get_slot : Code::set_slot;
        plain(code).number = static_cast<int64_t>(slot);
        return;
      }
      case NodeKind::create_object: plain(Code::create_object).type = n.output()->type.get(); break;
      case NodeKind::call_function: plain(Code::call).function = n.function; return;
      case NodeKind::call_method: plain(n.function ? Code::call : Code::call_interface).function = n.function; return;
      case NodeKind::fork: {
        size_t start = p_.code.size();
        begin(Code::begin_fork, &n);
        block(*n.blocks[0]);
        p_.code[start].target = here();
        begin(Code::make_future, &n);
        input(n.blocks[0]->outputs()[0]);
        output(n.output());
        current().type = n.output()->type->element().get();
        break;
      }
      case NodeKind::isinstance_: plain(Code::isinstance_); return;
      case NodeKind::unchecked_cast: {
        begin(Code::copy, &n);
        input(n.input());
        output(n.output());
        return;
      }
      case NodeKind::uninitialized:
        begin(Code::copy, &n);
        raw_input(none());
        output(n.output());
        return;
      case NodeKind::print: plain(Code::print); return;
      case NodeKind::tolist: plain(Code::tolist).type = n.output()->type.get(); break;
      case NodeKind::container_index: plain(Code::container_index); return;
      case NodeKind::raise: plain(Code::raise); return;
      case NodeKind::missing: plain(Code::missing); return;
      case NodeKind::return_:
      case NodeKind::break_:
      case NodeKind::continue_: return exit_node(n);
    }
    // The instruction points at types of these outputs: keep them alive with the program.
    for (const Val* v : n.outputs) p_.details.back().types.push_back(v->type);
  }

  Operand none() {
    if (none_ == 0) {
      none_ = ~static_cast<Operand>(p_.constants.size());
      p_.constants.push_back({});
    }
    return none_;
  }

  /// The arguments that are weights, one bit each, when those that are tensors are constant. The first argument and those that an
  /// operator reads as it reads the first (a residual, a state, a mask) are none. Recurrent layers look themselves whether their list of
  /// weights is still the one they prepared.
  uint64_t constant_weights(const Node& n, const Schema& schema) const {
    static const WordSet ordinary("residual key value mask hx batch_sizes");
    uint64_t weights = 0;
    for (size_t k = 1; k < n.inputs.size() && k < schema.arguments.size() && k < 64; ++k) {
      std::string_view name = schema.arguments[k].name;
      bool tensor = n.inputs[k]->type->is(TypeKind::tensor) && !ordinary.has(name);
      if (tensor && n.inputs[k]->node->kind != NodeKind::constant) return 0;
      if (tensor || (name == "params" && specialised_)) weights |= uint64_t{1} << k;
    }
    return weights;
  }

  void op_node(const Node& n) {
    const Operator& o = *n.op;
    const Operator* called = o.functional ? o.functional : &o;
    if (o.op) {
      begin(Code::op, &n);
      for (const Val* v : n.inputs) input(v);
      for (const Val* v : n.outputs) output(v);
      Instruction& i = current();
      i.op = o.op;
      i.code = direct_code(o, n);
      if (i.code != Code::op) {
        if (n.outputs.size() == 1 && n.output()->uses.empty() && !gives_result(i.code)) drop_output();
        return;
      }
      for (size_t k = 0; k < o.schema.arguments.size() && k < 63; ++k)
        if (o.schema.arguments[k].is_written) i.number |= int64_t{1} << k;
      if (uint64_t weights = constant_weights(n, o.schema)) {
        i.constant_weights = true;
        i.target = static_cast<uint32_t>(p_.prepared.size());
        p_.prepared.emplace_back().weights = weights;
      }
      return;
    }
    if (!called->prelude_function.empty()) {
      Function* f = prelude_(*called);
      if (f) {
        bool copies = o.functional != nullptr;
        size_t count = n.outputs.size(), destination = static_cast<size_t>(o.destination);
        begin(Code::call, &n);
        for (size_t k = 0; k < n.inputs.size(); ++k)
          if (!copies || destination == 0 || k < destination || k >= destination + count) input(n.inputs[k]);
        Operand result = 0;
        if (copies || count != 1) raw_output(result = new_slot());
        else output(n.output());
        current().function = f;
        if (copies) {
          std::vector<Operand> computed{result};
          if (count != 1) {
            begin(Code::tuple_unpack, &n);
            raw_input(result);
            computed.resize(count);
            for (Operand& c : computed) raw_output(c = new_slot());
          }
          begin(Code::op, &n);
          for (size_t k = 0; k < count; ++k) input(n.inputs[destination + k]);
          for (Operand c : computed) raw_input(c);
          for (const Val* v : n.outputs) output(v);
          current().op = o.store;
          current().number = (int64_t{1} << count) - 1;
        } else if (count != 1) {
          begin(Code::tuple_unpack, &n);
          raw_input(result);
          for (const Val* v : n.outputs) output(v);
        }
        return;
      }
    }
    begin(Code::missing, &n);
    for (const Val* v : n.inputs) input(v);
    for (const Val* v : n.outputs) output(v);
    p_.details.back().name = o.schema.full_name();
  }

  void drop_output() {
    p_.operands.pop_back();
    current().outputs = 0;
  }

  const Graph& graph_;
  Program& p_;
  const PreludeLookup& prelude_;
  bool specialised_;
  SlotPlan plan_;
  std::unordered_map<const Val*, Operand> slots_, constants_;
  std::unordered_map<const Node*, Operand> continue_slots_;
  std::vector<Operand> free_, inner_free_;
  std::vector<Loop*> loops_;
  Operand none_ = 0;
  int depth_ = 0;
};

}  // namespace

std::unique_ptr<Program> build_program(const Graph& graph, std::string name, const PreludeLookup& prelude, bool specialised) {
  auto program = std::make_unique<Program>();
  program->name = std::move(name);
  Builder(graph, *program, prelude, specialised).run();
  return program;
}

}  // namespace tsrun
