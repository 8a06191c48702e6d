#include "ir/passes/specialise.h"

#include <algorithm>
#include <unordered_map>

#include "ir/stack.h"

namespace tsrun {
namespace {

constexpr size_t max_nodes = 200000, max_depth = 200;

class Specialiser {
 public:
  Specialiser(Graph& graph, SpecialiseEnvironment& environment) : graph_(graph), env_(environment) {}

  void block(Block& b) {
    check_stack();
    for (Node* n = b.first(); n != b.result;) {
      Node* before = n->previous;
      if (node(n)) n = before->next;  // replaced: look at what stands there now
      else n = n->next;
    }
  }

  /// Attributes whose tensors an operator of the graph writes, through views or directly.
  std::set<std::string> changed_attributes(Block& b) {
    std::set<std::string> names;
    std::set<const Val*> seen;
    for_each_node(b, [&](Node* n) {
      if (n->kind != NodeKind::op) return;
      const Schema& s = env_.schema_of(*n->op);
      for (size_t i = 0; i < s.arguments.size() && i < n->inputs.size(); ++i)
        if (s.arguments[i].is_written) trace(n->inputs[i], names, seen);
    });
    std::set<const Storage*> storages;  // two attributes may share one
    for (auto& [v, name] : origin_)
      if (names.count(name)) storages.insert(v->node->value.to_tensor().storage().get());
    for (auto& [v, name] : origin_)
      if (storages.count(v->node->value.to_tensor().storage().get())) names.insert(name);
    return names;
  }

 private:
  /// Goes back from a written value over views and containers to the constants whose memory it may share.
  void trace(Val* v, std::set<std::string>& names, std::set<const Val*>& seen) {
    check_stack();
    if (!seen.insert(v).second) return;
    if (is_constant(v)) {
      if (auto it = origin_.find(v); it != origin_.end()) names.insert(it->second);
      return;
    }
    const Node* n = v->node;
    if (n->kind == NodeKind::param) {  // of a loop: the values carried in and round
      if (const Node* owner = n->block->owner) {
        for (Val* in : owner->inputs) trace(in, names, seen);
        for (Val* out : n->block->outputs()) trace(out, names, seen);
      }
      return;
    }
    const Schema* s = n->kind == NodeKind::op ? &env_.schema_of(*n->op) : nullptr;
    for (size_t i = 0; i < n->inputs.size(); ++i)
      if (!s || i >= s->arguments.size() || !s->arguments[i].alias.empty() || n->name.find("dropout") != std::string::npos)
        trace(n->inputs[i], names, seen);
    for (const Block* b : n->blocks)
      for (Val* out : b->outputs()) trace(out, names, seen);
  }

  void replace(Node* n, size_t output, Val* v) { graph_.replace_uses(n->outputs[output], v); }

  Val* constant(Value v, const TypeRef& t, Node* place) {
    Val* c = graph_.constant(std::move(v), t, place);
    c->node->where = place->where;
    return c;
  }

  /// True when n was replaced.
  bool node(Node* n) {
    switch (n->kind) {
      case NodeKind::get_attr: return attribute(n);
      case NodeKind::call_method:
      case NodeKind::call_function: return call(n);
      case NodeKind::op: return fold(n);
      case NodeKind::if_: return branch(n);
      case NodeKind::unchecked_cast:
        if (!is_constant(n->input())) return false;
        replace(n, 0, constant(n->input()->node->value, n->output()->type, n));
        graph_.remove(n);
        return true;
      case NodeKind::tuple_index:
        if (n->input()->node->kind != NodeKind::tuple_construct) return false;
        replace(n, 0, n->input()->node->inputs[static_cast<size_t>(n->index)]);
        graph_.remove(n);
        return true;
      case NodeKind::tuple_unpack:
        if (n->input()->node->kind != NodeKind::tuple_construct || n->input()->node->inputs.size() != n->outputs.size()) return false;
        for (size_t i = 0; i < n->outputs.size(); ++i) replace(n, i, n->input()->node->inputs[i]);
        graph_.remove(n);
        return true;
      case NodeKind::list_construct: return list(n);
      default:
        for (Block* inner : n->blocks) block(*inner);
        return false;
    }
  }

  bool attribute(Node* n) {
    if (!is_constant(n->input()) || !n->input()->node->value.is_object() || env_.written.count(n->name)) return false;
    ClassObject& object = n->input()->node->value.to_object();
    if (!object.type->is(TypeKind::class_) || !as_class(*object.type).is_module) return false;
    size_t slot = as_class(*object.type).find_attribute(n->name);
    if (slot == ClassType::npos) return false;
    const Value& v = object.slots[slot];
    if (v.is_list() || v.is_dict() || v.is_tuple() || v.tag() == Tag::future) return false;  // may be changed where it lies
    if (v.is_object() && !(v.to_object().type->is(TypeKind::class_) && as_class(*v.to_object().type).is_module)) return false;
    object.frozen = true;
    Val* c = constant(v, n->output()->type, n);
    if (v.is_object()) c->type = v.to_object().type;
    if (v.is_tensor() && v.to_tensor().defined()) origin_[c] = n->name;
    replace(n, 0, c);
    graph_.remove(n);
    return true;
  }

  bool call(Node* n) {
    Function* f = n->function;
    if (!f && is_constant(n->input()) && n->input()->node->value.is_object())
      f = as_class(*n->input()->node->value.to_object().type).find_method(n->name);
    if (!f || !f->def || n->call_chain.size() >= max_depth || nodes_ > max_nodes) return false;
    if (std::count(path_.begin(), path_.end(), f) > 0) return false;
    Graph& callee = env_.graph_of(*f);
    if (callee.has_exits) return false;
    std::unordered_map<const Val*, Val*> map;
    const auto& params = callee.body->params();
    if (params.size() != n->inputs.size()) return false;
    for (size_t i = 0; i < params.size(); ++i) map[params[i]] = n->inputs[i];
    Node* before = n->previous;
    graph_.clone_nodes(*callee.body, n, map);
    std::vector<Location> chain = n->call_chain;
    chain.push_back(n->where);
    for (Node* m = before->next; m != n; m = m->next) mark(m, chain);
    Val* result = callee.body->outputs()[0];
    auto it = map.find(result);
    replace(n, 0, it == map.end() ? result : it->second);
    // The inlined nodes are looked at now, while the callee is on the path: recursion stays a call.
    path_.push_back(f);
    for (Node* m = before->next; m != n;) {
      Node* previous = m->previous;
      if (node(m)) m = previous->next;
      else m = m->next;
    }
    path_.pop_back();
    graph_.remove(n);
    return true;
  }

  void mark(Node* n, const std::vector<Location>& chain) {
    check_stack();
    ++nodes_;
    n->call_chain.insert(n->call_chain.begin(), chain.begin(), chain.end());
    for (Block* b : n->blocks)
      for (Node* m = b->first(); m != b->result; m = m->next) mark(m, chain);
  }

  bool branch(Node* n) {
    Val* condition = n->input();
    if (!is_constant(condition) || !condition->node->value.is_bool()) {
      for (Block* inner : n->blocks) block(*inner);
      return false;
    }
    Block* taken = n->blocks[condition->node->value.to_bool() ? 0 : 1];
    while (taken->first() != taken->result) graph_.move_before(taken->first(), n);
    for (size_t i = 0; i < n->outputs.size(); ++i) replace(n, i, taken->outputs()[i]);
    graph_.remove(n);
    return true;
  }

  /// Operators on constant numbers, strings and None whose results are such again, and questions about constant tensors.
  bool fold(Node* n) {
    if (n->outputs.empty() || !(is_pure(*n, env_) || is_query(*n))) return false;
    for (const Val* v : n->outputs) {
      TypeKind k = v->type->kind;
      if (k != TypeKind::boolean && k != TypeKind::integer && k != TypeKind::floating && k != TypeKind::string) return false;
    }
    std::vector<Value> inputs, results;
    for (const Val* v : n->inputs) {
      if (!is_constant(v)) return false;
      const Value& c = v->node->value;
      bool content_matters = !n->name.starts_with("aten::__is") && !(is_query(*n) && c.is_tensor());
      if (content_matters && !(c.is_none() || c.is_bool() || c.is_int() || c.is_double() || c.is_string())) return false;
      inputs.push_back(c);
    }
    if (inputs.empty() || !env_.evaluate(*n->op, inputs, results) || results.size() != n->outputs.size()) return false;
    for (size_t i = 0; i < results.size(); ++i) replace(n, i, constant(results[i], n->outputs[i]->type, n));
    graph_.remove(n);
    return true;
  }

  /// A list of constants that only feeds operators which read it is made once.
  bool list(Node* n) {
    TypeKind k = n->output()->type->element()->kind;
    if (k != TypeKind::integer && k != TypeKind::floating && k != TypeKind::boolean) return false;
    if (n->output()->uses.empty() || !std::all_of(n->inputs.begin(), n->inputs.end(), is_constant)) return false;
    for (const Use& u : n->output()->uses) {
      if (u.user->kind != NodeKind::op) return false;
      const Schema& s = env_.schema_of(*u.user->op);
      if (s.vararg || u.index >= s.arguments.size() || s.arguments[u.index].is_written || !s.arguments[u.index].alias.empty()) return false;
      for (const Val* v : u.user->outputs)
        if (!v->type->is(TypeKind::tensor)) return false;
    }
    std::vector<Value> elements;
    for (const Val* v : n->inputs) elements.push_back(v->node->value);
    replace(n, 0, constant(make_list(std::move(elements), n->output()->type->element()), n->output()->type, n));
    graph_.remove(n);
    return true;
  }

  Graph& graph_;
  SpecialiseEnvironment& env_;
  std::vector<Function*> path_;
  std::unordered_map<const Val*, std::string> origin_;
  size_t nodes_ = 0;
};

}  // namespace

std::unique_ptr<Graph> specialise(Function& method, const Ref<ClassObject>& self, SpecialiseEnvironment& environment) {
  const Graph& original = environment.graph_of(method);
  for (;;) {
    auto graph = std::make_unique<Graph>();
    std::unordered_map<const Val*, Val*> map;
    for (const Val* p : original.body->params()) map[p] = graph->add_output(graph->body->param, p->type, p->name);
    graph->has_exits = original.has_exits;
    graph->clone_nodes(*original.body, graph->body->result, map);
    for (const Val* v : original.body->outputs()) graph->add_input(graph->body->result, map.count(v) ? map[v] : const_cast<Val*>(v));
    if (Val* receiver = graph->body->params()[0]; graph->body->first() != graph->body->result)
      graph->replace_uses(receiver, graph->constant(Value(self), receiver->type, graph->body->first()));
    Specialiser s(*graph, environment);
    s.block(*graph->body);
    remove_dead(*graph, environment);
    size_t known = environment.written.size();
    environment.written.merge(s.changed_attributes(*graph->body));
    if (environment.written.size() == known) return graph;
  }
}

}  // namespace tsrun
