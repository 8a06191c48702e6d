#include "runtime/program.h"

#include <algorithm>
#include <unordered_map>

namespace tsrun {
namespace {

class Builder {
 public:
  Builder(const Graph& graph, Program& program, const PreludeLookup& prelude) : graph_(graph), p_(program), prelude_(prelude) {}

  void run() {
    const Block& body = *graph_.body;
    for (const Val* v : body.params()) slot_of(v);
    p_.parameters = static_cast<uint32_t>(body.params().size());
    find_deaths(body);
    block(body);
    begin(Code::return_, nullptr);
    input(body.outputs()[0]);
    end();
  }

 private:
  // ---- operands -----------------------------------------------------------------------------------------------------------------------
  Operand slot_of(const Val* v) {
    auto [it, fresh] = slots_.try_emplace(v, 0);
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
    i.node = static_cast<uint32_t>(p_.details.size());
    InstructionDetail d;
    if (n) {
      d.where = n->where;
      d.call_chain = n->call_chain;
      d.operation = n->op;
      d.name = n->name;
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
  void end() {}
  uint32_t here() const { return static_cast<uint32_t>(p_.code.size()); }

  // ---- lifetimes ------------------------------------------------------------------------------------------------------------------------
  /// The node of `v`'s own block after which v is not read any more; a use inside an inner block counts for the node that holds the block.
  void find_deaths(const Block& b) {
    bool loop_body = b.owner && b.owner->kind == NodeKind::loop;
    for (const Val* v : b.params())
      // A loop reads its counter once more at the end; break and continue leave carried values in the parameters' slots.
      if (!loop_body || (v != b.params()[0] && !graph_.has_exits)) find_death(v, b);
    for (const Node* n = b.first(); n != b.result; n = n->next) {
      for (const Val* v : n->outputs)
        if (n->kind != NodeKind::constant) find_death(v, b);
      for (const Block* inner : n->blocks) find_deaths(*inner);
    }
  }
  void find_death(const Val* v, const Block& b) {
    const Node* last = nullptr;
    for (const Use& u : v->uses) {
      const Node* n = u.user;
      while (n->block != &b) n = n->block->owner;
      if (n == b.result) return;  // moved out at the end of the block
      if (!last || after(n, last)) last = n;
    }
    deaths_[last ? last : v->node].push_back(v);
  }
  /// Position within a block, numbered on first need.
  bool after(const Node* a, const Node* b) {
    auto position = [&](const Node* n) {
      auto it = positions_.find(n);
      if (it != positions_.end()) return it->second;
      size_t i = 0;
      for (const Node* m = n->block->param; ; m = m->next) {
        positions_[m] = i++;
        if (m == n->block->result) break;
      }
      return positions_[n];
    };
    return position(a) > position(b);
  }

  /// Clears the slots that die with n after the last instruction emitted for it.
  void release_after(const Node* n) {
    auto it = deaths_.find(n);
    if (it == deaths_.end()) return;
    bool attach = !p_.code.empty() && n->kind != NodeKind::if_ && n->kind != NodeKind::loop && n->kind != NodeKind::param && current().releases == 0;
    std::vector<Operand> dying;
    for (const Val* v : it->second)
      if (auto s = slots_.find(v); s != slots_.end()) dying.push_back(s->second);
    if (dying.empty()) return;
    if (!attach) begin(Code::move, nullptr);  // nothing to move: only clears
    current().releases = static_cast<uint16_t>(std::min<size_t>(dying.size(), 65535));
    p_.operands.insert(p_.operands.end(), dying.begin(), dying.end());
    if (depth_ == 0) free_.insert(free_.end(), dying.begin(), dying.end());
    else inner_free_.insert(inner_free_.end(), dying.begin(), dying.end());
  }

  // ---- blocks ---------------------------------------------------------------------------------------------------------------------------
  void block(const Block& b) {
    for (const Node* n = b.first(); n != b.result; n = n->next) {
      if (n->kind == NodeKind::constant) continue;
      node(*n);
      release_after(n);
    }
  }

  void moves(const std::vector<Val*>& from, size_t skip, const std::vector<Val*>& to, size_t to_skip, const Block* made_in = nullptr) {
    if (from.size() == skip) return;
    begin(Code::move, nullptr);
    for (size_t i = skip; i < from.size(); ++i) input(from[i]);
    for (size_t i = skip; i < from.size(); ++i) output(to[i - skip + to_skip]);
    for (size_t i = skip; i < from.size(); ++i)  // a value that only leaves its block is moved, not shared
      if (made_in && from[i]->node->block == made_in && from[i]->node != made_in->param && from[i]->node->kind != NodeKind::constant) {
        p_.operands.push_back(slot_of(from[i]));
        ++current().releases;
      }
    end();
  }

  void if_node(const Node& n) {
    begin(Code::jump_if_false, &n);
    input(n.input());
    size_t test = p_.code.size() - 1;
    end();
    ++depth_;
    block(*n.blocks[0]);
    moves(n.blocks[0]->outputs(), 0, n.outputs, 0, n.blocks[0]);
    begin(Code::jump, nullptr);
    size_t over = p_.code.size() - 1;
    end();
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
    begin(Code::loop_begin, &n);
    input(n.input(0));
    input(n.input(1));
    raw_output(loop.counter);
    size_t start = p_.code.size() - 1;
    end();
    uint32_t top = here();
    loops_.push_back(&loop);
    block(body);
    loops_.pop_back();
    std::vector<Val*> carried(body.outputs().begin() + 1, body.outputs().end());
    Operand condition = operand_of(body.outputs()[0]);
    if (condition >= 0 && !carried.empty()) {  // the moves may overwrite where the condition lies
      begin(Code::move, nullptr);
      input(body.outputs()[0]);
      for (Val* v : carried) input(v);
      Operand kept = new_slot();
      raw_output(kept);
      for (size_t i = 1; i < body.params().size(); ++i) output(body.params()[i]);
      condition = kept;
    } else {
      moves(carried, 0, body.params(), 1, &body);
    }
    for (size_t c : loop.continues) p_.code[c].target = here();
    if (!loop.continues.empty()) condition = continue_condition(loop, condition);
    begin(Code::loop_next, &n);
    input(n.input(0));
    raw_input(condition);
    raw_output(loop.counter);
    current().target = top;
    end();
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
    begin(Code::move, nullptr);  // the path that falls through fills the same slot
    raw_input(condition);
    raw_output(shared);
    for (size_t c : loop.continues) p_.code[c].target = static_cast<uint32_t>(own + 1);
    return shared;
  }

  void exit_node(const Node& n) {
    if (n.kind == NodeKind::return_) {
      begin(Code::return_, &n);
      input(n.input());
      end();
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
    end();
    begin(Code::jump, &n);
    (first ? loop.continues : loop.breaks).push_back(p_.code.size() - 1);
    end();
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
      case NodeKind::fork:
        block(*n.blocks[0]);
        begin(Code::make_future, &n);
        input(n.blocks[0]->outputs()[0]);
        output(n.output());
        current().type = n.output()->type->element().get();
        break;
      case NodeKind::isinstance_: plain(Code::isinstance_); return;
      case NodeKind::unchecked_cast: {
        begin(Code::move, &n);
        input(n.input());
        output(n.output());
        return;
      }
      case NodeKind::uninitialized:
        begin(Code::move, &n);
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

  void op_node(const Node& n) {
    const Operator& o = *n.op;
    const Operator* called = o.functional ? o.functional : &o;
    if (o.op) {
      begin(Code::op, &n);
      for (const Val* v : n.inputs) input(v);
      for (const Val* v : n.outputs) output(v);
      Instruction& i = current();
      i.op = o.op;
      for (size_t k = 0; k < o.schema.arguments.size() && k < 63; ++k)
        if (o.schema.arguments[k].is_written) i.number |= int64_t{1} << k;
      bool weights = n.inputs.size() > 1, any = false;
      for (size_t k = 1; k < n.inputs.size(); ++k) {
        bool constant = n.inputs[k]->node->kind == NodeKind::constant;
        if (k < o.schema.arguments.size() && n.inputs[k]->type->is(TypeKind::tensor)) {
          weights = weights && constant;
          any = any || constant;
        }
      }
      if (weights && any) {
        i.constant_weights = true;
        i.target = static_cast<uint32_t>(p_.prepared.size());
        p_.prepared.emplace_back();
      }
      return;
    }
    if (!called->prelude_function.empty()) {
      Function* f = prelude_(*called);
      if (f) {
        bool copies = o.functional != nullptr;
        begin(Code::call, &n);
        for (size_t k = 0; k < n.inputs.size(); ++k)
          if (!copies || o.destination == 0 || static_cast<int>(k) != o.destination) input(n.inputs[k]);
        Operand result = 0;
        if (copies || n.outputs.size() != 1) raw_output(result = new_slot());
        else output(n.output());
        current().function = f;
        end();
        if (copies) {
          static const Operator* copy = find_operator("aten::copy_");
          begin(Code::op, &n);
          input(n.inputs[static_cast<size_t>(o.destination)]);
          raw_input(result);
          raw_input(constant_false());
          output(n.output());
          current().op = copy->op;
          current().number = 1;
        } else if (n.outputs.size() != 1) {
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

  Operand constant_false() {
    p_.constants.push_back(false);
    return ~static_cast<Operand>(p_.constants.size() - 1);
  }

  const Graph& graph_;
  Program& p_;
  const PreludeLookup& prelude_;
  std::unordered_map<const Val*, Operand> slots_, constants_;
  std::unordered_map<const Node*, std::vector<const Val*>> deaths_;
  std::unordered_map<const Node*, size_t> positions_;
  std::unordered_map<const Node*, Operand> continue_slots_;
  std::vector<Operand> free_, inner_free_;
  std::vector<Loop*> loops_;
  Operand none_ = 0;
  int depth_ = 0;
};

}  // namespace

std::unique_ptr<Program> build_program(const Graph& graph, std::string name, const PreludeLookup& prelude) {
  auto program = std::make_unique<Program>();
  program->name = std::move(name);
  Builder(graph, *program, prelude).run();
  return program;
}

}  // namespace tsrun
