#include "ir/passes/fuse.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include "ir/passes/fused.h"
#include "ir/stack.h"

namespace tsrun {
namespace {

const Value* constant_input(const Node& n, size_t i) {
  return i < n.inputs.size() && is_constant(n.inputs[i]) ? &n.inputs[i]->node->value : nullptr;
}

std::optional<double> number(const Value* v) {
  if (v && v->is_double()) return v->to_double();
  if (v && v->is_int()) return static_cast<double>(v->to_int());
  return {};
}

struct Activation {
  std::string kind;
  double a = 0, b = 0;
};

/// The activation an operator computes, when its parameters are constants.
std::optional<Activation> activation_of(const Node& n) {
  static const std::set<std::string_view> plain = {"relu", "relu6", "hardswish", "hardsigmoid", "silu", "sigmoid", "tanh"};
  if (n.kind != NodeKind::op || !n.name.starts_with("aten::")) return {};
  std::string name = n.name.substr(6);
  if (name.ends_with('_')) name.pop_back();
  if (plain.count(name)) return Activation{name};
  std::optional<double> first = number(constant_input(n, 1)), second = number(constant_input(n, 2));
  if (name == "leaky_relu" && first) return Activation{name, *first};
  if ((name == "hardtanh" || name == "clamp") && first && second && *first <= *second) return Activation{"hardtanh", *first, *second};
  if (const Value* approximate = constant_input(n, 1); name == "gelu" && approximate && approximate->is_string()) {
    if (approximate->to_string() == "none") return Activation{"gelu"};
    if (approximate->to_string() == "tanh") return Activation{"gelu_tanh"};
  }
  return {};
}

class Fuser {
 public:
  Fuser(Graph& graph, PassEnvironment& env) : graph_(graph), env_(env) {}

  void block(Block& b) {
    check_stack();
    for (Node* n = b.first(); n != b.result;) {
      Node* next = n->next;
      for (Block* inner : n->blocks) block(*inner);
      if (n->kind == NodeKind::op) absorb(n);
      n = next;
    }
  }

 private:
  void absorb(Node* n) {
    if (n->name == "aten::batch_norm") take_batch_norm(n);
    else if (n->name == "aten::add.Tensor" || n->name == "aten::add_.Tensor") take_addition(n);
    else if (std::optional<Activation> a = activation_of(*n)) take_activation(n, *a);
  }

  bool writes_first(const Node& n) const { return env_.schema_of(*n.op).arguments[0].is_written; }

  /// Can the result of n stand for v, its first input, in all of v's uses, v being new memory?
  /// For an operator in place those after it see what it wrote; before it, and beside one that writes nothing, only queries may stand.
  bool is_last_reader(const Node* n, const Val* v) const {
    bool in_place = writes_first(*n);
    return std::all_of(v->uses.begin(), v->uses.end(), [&](const Use& u) {
      if (u.user == n) return u.index == 0;
      if (is_query(*u.user)) return true;
      const Node* there = n->block->holder(u.user);
      return in_place && there && stands_before(n, there);
    });
  }

  /// The layer whose result n reads first and alone.
  Node* layer_before(const Node* n) const {
    const Val* v = n->input();
    if (v->node->block != n->block || !FusedNode::can_make(v->node) || !is_last_reader(n, v)) return nullptr;
    if (FusedNode f = FusedNode::of(v->node); f && f.has_activation()) return nullptr;
    return v->node;
  }

  void replace(Node* n, FusedNode f) {
    graph_.replace_uses(n->output(), f.node()->output());
    graph_.remove(n);
  }

  void set(FusedNode f, size_t i, Value v, const TypeRef& t) { graph_.set_input(f.node(), i, graph_.constant(std::move(v), t, f.node())); }

  void take_activation(Node* n, const Activation& a) {
    Node* layer = layer_before(n);
    if (!layer) return;
    FusedNode f = FusedNode::make(graph_, env_, layer);
    set(f, f.activation(), a.kind, types::string());
    set(f, f.a(), a.a, types::floating());
    set(f, f.b(), a.b, types::floating());
    replace(n, f);
  }

  static bool is_vector(const Value* v, int64_t n) {
    return v && v->is_tensor() && v->to_tensor().dtype() == DType::f32 && v->to_tensor().dim() == 1 && v->to_tensor().numel() == n;
  }

  void take_batch_norm(Node* n) {
    Node* layer = layer_before(n);
    const Value *training = constant_input(*n, 5), *eps = constant_input(*n, 7);
    if (!layer || layer->name.find("linear") != std::string::npos || !training || !training->is_bool() || training->to_bool() ||
        !number(eps))
      return;
    FusedNode before = FusedNode::of(layer);
    if (before && (before.has(FusedNode::scale) || before.has(FusedNode::residual))) return;
    const Value *weight = constant_input(*layer, before ? FusedNode::weight : 1),
                *bias = constant_input(*layer, before ? FusedNode::bias : 2);
    const Value* mean = constant_input(*n, 3);
    if (!weight || !bias || !mean || !mean->is_tensor() || weight->to_tensor().dtype() != DType::f32) return;
    int64_t channels = mean->to_tensor().numel();
    if (!is_vector(mean, channels) || !is_vector(constant_input(*n, 4), channels)) return;
    for (const Value* optional : {bias, constant_input(*n, 1), constant_input(*n, 2)})
      if (!optional || !(optional->is_none() || is_vector(optional, channels))) return;
    std::vector<Value> inputs{*bias, *constant_input(*n, 1), *constant_input(*n, 2), *mean, *constant_input(*n, 4), *number(eps)}, results;
    if (!env_.evaluate(*env_.find_operator("tsrun::fold_batch_norm"), inputs, results) || results.size() != 2 || !env_.bake(inputs)) return;
    FusedNode f = FusedNode::make(graph_, env_, layer);
    set(f, FusedNode::scale, results[0], types::tensor());
    set(f, FusedNode::bias, results[1], types::tensor());
    set(f, FusedNode::batched, true, types::boolean());  // the norm's channels are dimension 1
    replace(n, f);
  }

  /// Between `layer` and n nothing may write: the layer moves down to n, where the other operand is there.
  bool can_move_down(const Node* layer, const Node* n) const {
    for (const Node* m = layer->next; m != n; m = m->next)
      if (may_write(*m, env_)) return false;
    return true;
  }

  bool can_take_addition(const Node* n, const Val* v) const {
    if (v->uses.size() != 1 || v->node->block != n->block || !FusedNode::can_make(v->node)) return false;
    FusedNode f = FusedNode::of(v->node);
    return !(f && (f.has_activation() || f.has(FusedNode::residual))) && can_move_down(v->node, n);
  }

  void take_addition(Node* n) {
    Val *first = n->input(0), *second = n->input(1);
    std::optional<double> alpha = number(constant_input(*n, 2));
    if (!alpha || *alpha != 1 || first == second) return;
    bool in_place = writes_first(*n);
    bool left = can_take_addition(n, first), right = !in_place && can_take_addition(n, second);
    if (!left && !right) return;
    if (left && right) left = stands_before(second->node, first->node);  // the later one has the shorter way
    Val *sum = left ? first : second, *other = left ? second : first;
    FusedNode f = FusedNode::make(graph_, env_, sum->node);
    graph_.move_before(f.node(), n);
    graph_.set_input(f.node(), FusedNode::residual, other);
    set(f, f.sum(), std::string(in_place ? "add_" : left ? "add" : "radd"), types::string());
    replace(n, f);
  }

  Graph& graph_;
  PassEnvironment& env_;
};

}  // namespace

void fuse(Graph& graph, PassEnvironment& env) { Fuser(graph, env).block(*graph.body); }

}  // namespace tsrun
