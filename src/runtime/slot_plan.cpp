#include "runtime/slot_plan.h"

#include <algorithm>

#include "ir/stack.h"

namespace tsrun {
namespace {

bool held_in_place(const Type& t) {
  return t.is(TypeKind::integer) || t.is(TypeKind::floating) || t.is(TypeKind::boolean) || t.is(TypeKind::none) || t.is(TypeKind::device);
}

}  // namespace

SlotPlan::SlotPlan(const Graph& graph) : graph_(graph) {
  number(*graph.body);
  share(*graph.body);
  find_deaths(*graph.body);
}

const Val* SlotPlan::home(const Val* v) const {
  for (auto it = homes_.find(v); it != homes_.end() && it->second != v; it = homes_.find(v)) v = it->second;
  return v;
}

const std::vector<SlotPlan::Death>* SlotPlan::deaths(const Node* n) const {
  auto it = deaths_.find(n);
  return it == deaths_.end() ? nullptr : &it->second;
}

void SlotPlan::number(const Block& b) {
  check_stack();
  size_t i = 0;
  for (const Node* n = b.param;; n = n->next) {
    positions_[n] = i++;
    for (const Block* inner : n->blocks) number(*inner);
    if (n == b.result) return;
  }
}

// ---- values that share a slot ---------------------------------------------------------------------------------------------------------

void SlotPlan::share(const Block& b) {
  check_stack();
  for (const Node* n = b.first(); n != b.result; n = n->next) {
    if (n->kind == NodeKind::loop) {
      const Block& body = *n->blocks[0];
      for (size_t i = 0; i < n->outputs.size(); ++i) {
        const Val* carried = body.params()[i + 1];
        join(n->output(i), n->output(i));
        join(carried, n->output(i));
        try_share(body, body.outputs()[i + 1], n->output(i), carried);
      }
    } else if (n->kind == NodeKind::if_) {
      for (size_t i = 0; i < n->outputs.size(); ++i)
        if (!homes_.count(n->output(i)))
          for (const Block* branch : n->blocks) try_share(*branch, branch->outputs()[i], n->output(i), nullptr);
    }
    for (const Block* inner : n->blocks) share(*inner);
  }
}

/// `v` is an output of `b` and is moved to `target` at its end. If it is made in `b` it is computed there at once when nothing reads what
/// is there before, `occupant`, afterwards.
void SlotPlan::try_share(const Block& b, const Val* v, const Val* target, const Val* occupant) {
  check_stack();
  const Node* n = v->node;
  if (n->block != &b || n->kind == NodeKind::constant || n->kind == NodeKind::param || homes_.count(v)) return;
  size_t ends = 0;
  for (const Use& u : v->uses) ends += u.user == b.result;
  const Node* owner = b.owner;
  bool ends_here = owner && (owner->kind == NodeKind::loop || owner->kind == NodeKind::if_) && ends == 1;
  if (!ends_here || (occupant && used_after(occupant, n))) return;
  if (n->kind == NodeKind::loop) return;  // its own slots are written before its body has read everything
  join(target, target);
  join(v, target);
  if (occupant) overwritten_[occupant] = true;
  if (n->kind == NodeKind::if_)
    for (const Block* branch : n->blocks) try_share(*branch, branch->outputs()[v->index], target, occupant);
}

/// Whether v is read after n where n stands, or in the blocks beside.
bool SlotPlan::used_after(const Val* v, const Node* n) const {
  return std::any_of(v->uses.begin(), v->uses.end(), [&](const Use& u) {
    const Node* at = n->block->holder(u.user);
    return at && after(at, n);
  });
}

void SlotPlan::join(const Val* v, const Val* target) { homes_[v] = home(target); }

// ---- lifetimes --------------------------------------------------------------------------------------------------------------------------

void SlotPlan::find_deaths(const Block& b) {
  check_stack();
  const Node* owner = b.owner;
  bool loop_body = owner && owner->kind == NodeKind::loop;
  for (const Val* v : b.params()) {
    if (!loop_body) find_death(v, b, true);
    // A loop reads its counter once more at the end; break and continue leave carried values in the parameters' slots.
    else if (v != b.params()[0] && !graph_.has_exits && !overwritten_.count(v)) find_death(v, b, false);
  }
  for (const Node* n = b.first(); n != b.result; n = n->next) {
    for (const Val* v : n->outputs)
      if (n->kind != NodeKind::constant) find_death(v, b, true);
    for (const Block* inner : n->blocks) find_deaths(*inner);
  }
}

void SlotPlan::find_death(const Val* v, const Block& b, bool frees) {
  const Node* last = nullptr;
  for (const Use& u : v->uses) {
    const Node* n = b.holder(u.user);
    if (n == b.result) return;  // moved out at the end of the block
    if (!last || after(n, last)) last = n;
  }
  bool clears = !held_in_place(*v->type);
  if (clears || frees) deaths_[last ? last : v->node].push_back({v, clears, frees});
}

}  // namespace tsrun
