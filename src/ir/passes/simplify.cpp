#include "ir/passes/simplify.h"

#include <algorithm>
#include <unordered_map>

#include "ir/passes/names.h"
#include "ir/stack.h"

namespace tsrun {
namespace {

size_t tensor_bytes(const Value& v) {
  if (v.is_tensor()) return v.to_tensor().defined() ? static_cast<size_t>(v.to_tensor().numel()) * item_size(v.to_tensor().dtype()) : 0;
  size_t sum = 0;
  if (v.is_list())
    for (const Value& e : v.to_list().elements) sum += tensor_bytes(e);
  return sum;
}

class Simplifier {
 public:
  Simplifier(Graph& graph, PassEnvironment& env) : graph_(graph), env_(env) {}

  void block(Block& b) {
    check_stack();
    for (Node* n = b.first(); n != b.result;) {
      Node* next = n->next;
      for (Block* inner : n->blocks) block(*inner);
      if (n->kind == NodeKind::op && !fold(n) && !skip_dropout(n)) ask_input_for_rank(n);
      n = next;
    }
  }

 private:
  /// The value of a constant, or of a list made of constants that nobody changes.
  bool constant_value_of(const Val* v, Value& value) const {
    if (is_constant(v)) {
      value = v->node->value;
      return !value.is_object();
    }
    const Node* n = v->node;
    if (n->kind != NodeKind::list_construct || !std::all_of(n->inputs.begin(), n->inputs.end(), is_constant) || !is_only_read(v, env_))
      return false;
    std::vector<Value> elements;
    for (const Val* e : n->inputs) elements.push_back(e->node->value);
    value = make_list(std::move(elements), v->type->element());
    return true;
  }

  bool fold(Node* n) {
    if (!is_pure(*n, env_)) return false;
    constexpr size_t small = size_t{1} << 20;
    std::vector<Value> inputs(n->inputs.size()), results;
    size_t bytes = 0;
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (!constant_value_of(n->inputs[i], inputs[i])) return false;
      bytes += tensor_bytes(inputs[i]);
    }
    for (const Val* v : n->outputs) {
      TypeKind k = v->type->kind;
      bool number = k == TypeKind::boolean || k == TypeKind::integer || k == TypeKind::floating || k == TypeKind::string;
      if (!number && (k != TypeKind::tensor || !is_only_read(v, env_))) return false;
    }
    if (!env_.evaluate(*n->op, inputs, results) || results.size() != n->outputs.size()) return false;
    for (const Value& r : results)
      if (tensor_bytes(r) > std::max(small, 2 * bytes)) return false;
    if (!env_.bake(inputs)) return false;
    for (size_t i = 0; i < results.size(); ++i) {
      Val* c = graph_.constant(results[i], n->outputs[i]->type, n);
      c->node->where = n->where;
      graph_.replace_uses(n->outputs[i], c);
    }
    graph_.remove(n);
    return true;
  }

  bool skip_dropout(Node* n) {
    static const Names names("dropout alpha_dropout feature_dropout feature_alpha_dropout");
    if (!names.has(functional_name(n->name)) || !is_constant(n->input(1)) || !is_constant(n->input(2))) return false;
    const Value &p = n->input(1)->node->value, &train = n->input(2)->node->value;
    if (!train.is_bool() || train.to_bool() || !p.is_double() || p.to_double() < 0 || p.to_double() > 1) return false;
    graph_.replace_uses(n->output(), n->input());
    graph_.remove(n);
    return true;
  }

  static bool keeps_rank(const Node& n) {
    static const Names names("conv1d conv2d conv3d conv1d.padding conv2d.padding batch_norm max_pool2d avg_pool2d adaptive_avg_pool2d");
    if (n.kind != NodeKind::op) return false;
    std::string name = functional_name(n.name);
    return is_elementwise(name) || names.has(name);
  }

  /// Norm layers check the rank of what they are given; asking further up leaves the tensor between layer and norm with one user. The
  /// question stands before the layer that reads the tensor: further up there may be none yet.
  void ask_input_for_rank(Node* n) {
    if (n->name != "aten::dim") return;
    Node* layer = nullptr;
    for (Node* above = n->input()->node; keeps_rank(*above); above = above->input()->node) layer = above;
    if (!layer) return;
    auto [it, fresh] = ranks_.try_emplace(layer, n->output());
    if (fresh) {
      graph_.set_input(n, 0, layer->input());
      graph_.move_before(n, layer);
    } else if (it->second != n->output()) {
      graph_.replace_uses(n->output(), it->second);
      graph_.remove(n);
    }
  }

  Graph& graph_;
  PassEnvironment& env_;
  std::unordered_map<const Node*, Val*> ranks_;  // of a layer's input
};

}  // namespace

void simplify(Graph& graph, PassEnvironment& env) { Simplifier(graph, env).block(*graph.body); }

}  // namespace tsrun
