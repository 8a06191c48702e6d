#include "ir/passes/effects.h"

#include <algorithm>
#include <array>
#include <string>

#include "ir/passes/names.h"
#include "ir/stack.h"

namespace tsrun {

static void for_each_tensor(const Value& v, const std::function<void(const Tensor&)>& f) {
  if (v.is_tensor() && v.to_tensor().defined()) f(v.to_tensor());
  if (v.is_list())
    for (const Value& e : v.to_list().elements) for_each_tensor(e, f);
}

bool PassEnvironment::bake(const std::vector<Value>& values) {
  std::vector<Tensor> found;
  bool safe = true;
  for (const Value& v : values)
    for_each_tensor(v, [&](const Tensor& t) {
      safe = safe && !exposed.count(t.storage().get());
      found.push_back(t);
    });
  if (safe) baked.insert(baked.end(), found.begin(), found.end());
  return safe;
}

void find_exposed(Graph& graph, PassEnvironment& env) {
  for_each_node(*graph.body, [&](Node* n) {
    if (n->kind == NodeKind::constant && !is_only_read(n->output(), env))
      for_each_tensor(n->value, [&](const Tensor& t) { env.exposed.insert(t.storage().get()); });
  });
}

bool is_constant(const Val* v) { return v->node->kind == NodeKind::constant; }

Node* make_op(Graph& graph, const PassEnvironment& env, std::string_view full_name, std::vector<Val*> inputs, Node* place) {
  Node* n = graph.make(NodeKind::op, std::move(inputs));
  n->op = env.find_operator(full_name);
  n->name = full_name;
  n->where = place->where;
  n->call_chain = place->call_chain;
  for (const SchemaArgument& r : env.schema_of(*n->op).returns) graph.add_output(n, r.type);
  graph.insert_before(n, place);
  return n;
}

/// "aten::add" of a node; overloads share their effects.
static std::string_view base_name(const Node& n) {
  std::string_view name = n.name;
  return name.substr(0, name.find('.', std::min(name.find("::"), name.size())));
}

bool is_pure(const Node& n, const PassEnvironment& env) {
  if (n.kind != NodeKind::op || !n.op) return false;
  const Schema& s = env.schema_of(*n.op);
  if (!(n.name.starts_with("aten::") || n.name.starts_with("tsrun::")) || s.vararg || s.varret || s.returns.empty() || s.writes_arguments())
    return false;
  // Parts of names: random numbers, switches of the session, checks, and layers that may drop out or move running statistics.
  static constexpr std::array<std::string_view, 23> impure = {
      "rand",      "dropout", "bernoulli", "multinomial", "normal.",       "poisson", "binomial", "empty",
      "rrelu",     "seed",    "grad",      "warn",        "autocast",      "lstm",    "gru",      "rnn_",
      "attention", "assert",  "constrain", "batch_norm",  "instance_norm", "resize",  "wait"};
  std::string name = std::string(base_name(n)) + ".";
  return std::none_of(impure.begin(), impure.end(), [&](std::string_view part) { return name.find(part) != name.npos; });
}

bool gives_new_memory(const Node& n) {
  static const Names names(
      "conv1d conv2d conv3d _convolution convolution conv_transpose1d conv_transpose2d conv_transpose3d linear addmm mm bmm matmul "
      "batch_norm layer_norm group_norm instance_norm softmax log_softmax add sub mul div rsub pow rsqrt maximum minimum where clamp prelu "
      "max_pool1d max_pool2d max_pool3d avg_pool1d avg_pool2d avg_pool3d adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d "
      "adaptive_max_pool2d upsample_nearest2d upsample_bilinear2d upsample_bicubic2d pixel_shuffle cat stack mean sum eq ne lt le gt ge "
      "embedding index index_select gather masked_fill lstm gru");
  if (n.kind != NodeKind::op) return false;
  return n.name == "tsrun::convolution" || n.name == "tsrun::linear" || names.has(base_name(n)) || is_elementwise(base_name(n));
}

bool is_query(const Node& n) {
  static const Names names("dim size is_floating_point numel len");
  return n.kind == NodeKind::op && (names.has(base_name(n)) || n.name == "prim::dtype" || n.name == "prim::device");
}

bool may_write(const Node& n, const PassEnvironment& env) {
  check_stack();
  switch (n.kind) {
    case NodeKind::op: {
      if (is_pure(n, env) || gives_new_memory(n) || is_query(n)) return n.name.find("batch_norm") != n.name.npos;
      return n.name != "aten::format";  // takes anything, and makes a text of it
    }
    case NodeKind::set_attr:
    case NodeKind::call_function:
    case NodeKind::call_method: return true;
    default: break;
  }
  for (const Block* b : n.blocks)
    for (const Node* m = b->first(); m != b->result; m = m->next)
      if (may_write(*m, env)) return true;
  return false;
}

bool is_only_read(const Val* v, const PassEnvironment& env) {
  check_stack();
  for (const Use& u : v->uses) {
    const Node& n = *u.user;
    switch (n.kind) {
      case NodeKind::op: {
        const Schema& s = env.schema_of(*n.op);
        if (s.vararg || u.index >= s.arguments.size() || s.arguments[u.index].is_written) return false;
        if (gives_new_memory(n)) continue;
        if (!n.name.starts_with("aten::") && !n.name.starts_with("prim::")) return false;
        for (const Val* out : n.outputs) {
          TypeKind k = out->type->kind;
          bool number =
              k == TypeKind::integer || k == TypeKind::floating || k == TypeKind::boolean || k == TypeKind::string || k == TypeKind::device;
          if (!number && !is_only_read(out, env)) return false;
        }
        continue;
      }
      case NodeKind::list_construct:
      case NodeKind::list_unpack:
        for (const Val* out : n.outputs)
          if (!is_only_read(out, env)) return false;
        continue;
      default: return false;
    }
  }
  return true;
}

bool stands_before(const Node* a, const Node* b) {
  for (const Node* n = a->next; n != a->block->param; n = n->next)
    if (n == b) return true;
  return false;
}

static bool is_removable(const Node& n, const PassEnvironment& env) {
  if (std::any_of(n.outputs.begin(), n.outputs.end(), [](const Val* v) { return !v->uses.empty(); })) return false;
  switch (n.kind) {
    case NodeKind::op: return is_pure(n, env) || is_query(n);
    case NodeKind::constant:
    case NodeKind::list_construct:
    case NodeKind::tuple_construct:
    case NodeKind::tuple_index:
    case NodeKind::get_attr:
    case NodeKind::unchecked_cast:
    case NodeKind::uninitialized: return true;
    case NodeKind::if_: return std::all_of(n.blocks.begin(), n.blocks.end(), [](const Block* b) { return b->first() == b->result; });
    default: return false;
  }
}

/// What no later node reads, the branches need not hand out.
static void drop_unread_outputs(Graph& graph, Node* n) {
  for (size_t i = n->outputs.size(); i-- > 0;) {
    if (!n->outputs[i]->uses.empty()) continue;
    for (Block* b : n->blocks) graph.remove_input(b->result, i);
    graph.remove_output(n, i);
  }
}

static void sweep(Graph& graph, Block& b, const PassEnvironment& env) {
  check_stack();
  for (Node* n = b.result->previous; n != b.param;) {
    Node* previous = n->previous;
    if (n->kind == NodeKind::if_) drop_unread_outputs(graph, n);
    for (Block* inner : n->blocks) sweep(graph, *inner, env);
    if (is_removable(*n, env)) graph.remove(n);
    n = previous;
  }
}

void remove_dead(Graph& graph, const PassEnvironment& env) { sweep(graph, *graph.body, env); }

}  // namespace tsrun
