#include "ir/passes/channels_last.h"

#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>

#include "ir/passes/fused.h"
#include "ir/passes/names.h"
#include "ir/stack.h"

namespace tsrun {
namespace {

/// Operators whose result has the memory order of their first input, the only image among their inputs; in place too.
bool is_unary(const std::string& name) {
  static const Names names(
      "batch_norm max_pool2d avg_pool2d adaptive_avg_pool2d mean.dim upsample_nearest2d upsample_nearest2d.vec upsample_bilinear2d "
      "upsample_bilinear2d.vec");
  std::string functional = functional_name(name);
  return is_elementwise(functional) || names.has(functional);
}

bool is_binary(const std::string& name) {
  static const Names names("add.Tensor sub.Tensor mul.Tensor div.Tensor maximum minimum");
  return names.has(functional_name(name));
}

class Regions {
 public:
  Regions(Graph& graph, PassEnvironment& env) : graph_(graph), env_(env) {}

  void run() {
    block(*graph_.body);
    for (Val* v : order_) finish(v);
  }

 private:
  void block(Block& b) {
    check_stack();
    for (Node* n = b.first(); n != b.result;) {
      Node* next = n->next;
      for (Block* inner : n->blocks) block(*inner);
      if (n->kind == NodeKind::op) node(n);
      n = next;
    }
  }

  Val* guard_of(const Val* v) const {
    auto it = guards_.find(v);
    return it == guards_.end() ? nullptr : it->second;
  }

  void node(Node* n) {
    if (is_image_convolution(*n)) return convolution(n);
    std::vector<Val*> images = image_inputs(*n);
    if (images.empty()) return;
    Val* guard = guard_of(images[0]);
    if (!guard || !std::all_of(images.begin(), images.end(), [&](Val* v) { return guard_of(v) == guard; })) return;
    if (writes(*n) && !is_only_user(*n)) return;
    add(n, guard);
  }

  bool writes(const Node& n) const { return env_.schema_of(*n.op).arguments[0].is_written; }
  static bool is_only_user(const Node& n) {
    return std::all_of(n.input()->uses.begin(), n.input()->uses.end(), [&](const Use& u) { return u.user == &n || is_query(*u.user); });
  }

  /// The tensors whose memory order n's result follows; empty when n is no operator of regions.
  static std::vector<Val*> image_inputs(const Node& n) {
    if (is_unary(n.name)) return {n.inputs[0]};
    if (is_binary(n.name)) return {n.inputs[0], n.inputs[1]};
    if (n.name == "aten::cat" && n.input()->node->kind == NodeKind::list_construct && n.input()->uses.size() == 1)
      return n.input()->node->inputs;
    return {};
  }

  bool is_image_convolution(const Node& n) const {
    if (!FusedNode::can_make(&n) || n.name.find("linear") != std::string::npos) return false;
    const Tensor& w = n.input(n.name.starts_with("tsrun::") ? FusedNode::weight : 1)->node->value.to_tensor();
    if (w.dim() != 4 || w.dtype() != DType::f32) return false;
    return w.is_contiguous() && !(w.size(1) == 1 && w.size(2) * w.size(3) == 1);  // else PyTorch may take the weight for channels-last
  }

  void convolution(Node* n) {
    if (FusedNode f = FusedNode::of(n); f && f.has(FusedNode::residual)) {
      // The addend decides about the strides of the sum, too.
      Val* guard = guard_of(n->input(FusedNode::residual));
      if (!guard || guard != guard_of(n->input(FusedNode::input))) return;
    }
    Val *image = n->input(FusedNode::input), *guard = guard_of(image);
    if (!guard && must_leave_at_once(n->output())) return;
    FusedNode f = FusedNode::make(graph_, env_, n);
    n = f.node();
    if (!guard) {
      auto [it, fresh] = entries_.try_emplace({image, n->block}, nullptr);
      if (fresh) it->second = make_op(graph_, env_, "tsrun::enter_channels_last", {image}, n)->output();
      guard = it->second;
    }
    graph_.set_input(n, FusedNode::channels_last, guard);
    add(n, guard);
  }

  void add(Node* n, Val* guard) {
    members_[n] = guard;
    Val* v = n->output();
    if (must_leave_at_once(v)) {
      leave(v, guard, [](const Use&) { return true; });
      return;
    }
    guards_[v] = guard;
    order_.push_back(v);
  }

  /// Could somebody write to v, or hold a view of it, so that a copy would be told from the original?
  bool must_leave_at_once(const Val* v) const {
    return std::any_of(v->uses.begin(), v->uses.end(), [&](const Use& u) {
      const Node& n = *u.user;
      if (n.kind == NodeKind::list_construct) return !(n.output()->uses.size() == 1 && n.output()->uses[0].user->name == "aten::cat");
      if (n.kind != NodeKind::op) return true;
      if (env_.schema_of(*n.op).arguments[u.index].is_written)
        return !(u.index == 0 && (is_unary(n.name) || is_binary(n.name)) && is_only_user(n));
      return !gives_new_memory(n) && !is_query(n) && !is_unary(n.name) && !is_binary(n.name);
    });
  }

  /// Gives PyTorch's strides to the uses of v that `chosen` picks.
  template <class F>
  void leave(Val* v, Val* guard, F chosen) {
    std::vector<Use> uses;
    for (const Use& u : v->uses)
      if (chosen(u)) uses.push_back(u);
    if (uses.empty()) return;
    Node* left = make_op(graph_, env_, "tsrun::leave_channels_last", {v, guard}, v->node->next);
    for (const Use& u : uses) graph_.set_input(u.user, u.index, left->output());
  }

  /// Does the use stay inside the region of v?
  bool stays(const Use& u, const Val* guard) const {
    const Node* n = u.user;
    if (n->kind == NodeKind::list_construct) n = n->output()->uses[0].user;
    auto it = members_.find(n);
    return is_query(*n) || (it != members_.end() && it->second == guard);
  }

  void finish(Val* v) {
    Val* guard = guard_of(v);
    if (FusedNode f = FusedNode::of(v->node);
        f && !guard_of(f.node()->input(FusedNode::input)) && !guard_of(f.node()->input(FusedNode::residual)))
      if (std::none_of(v->uses.begin(), v->uses.end(), [&](const Use& u) { return !is_query(*u.user) && stays(u, guard); })) {
        // Nothing to hand on: the convolution itself may as well write PyTorch's order.
        graph_.set_input(f.node(), FusedNode::channels_last, graph_.constant(false, types::boolean(), f.node()));
        return;
      }
    leave(v, guard, [&](const Use& u) { return !stays(u, guard); });
  }

  Graph& graph_;
  PassEnvironment& env_;
  std::map<std::pair<const Val*, const Block*>, Val*> entries_;
  std::unordered_map<const Node*, Val*> members_;  // operators of regions, with their regions' guards
  std::unordered_map<const Val*, Val*> guards_;    // values in channels-last order when the guard is true
  std::vector<Val*> order_;                        // the same values as they were met
};

}  // namespace

void use_channels_last(Graph& graph, PassEnvironment& env) { Regions(graph, env).run(); }

}  // namespace tsrun
