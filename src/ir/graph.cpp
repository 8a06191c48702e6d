#include "ir/graph.h"

#include <algorithm>

#include "ir/stack.h"

namespace tsrun {

const Node* Block::holder(const Node* n) const {
  while (n && n->block != this) n = n->block->owner;
  return n;
}

Graph::Graph() { body = add_block(nullptr); }

Node* Graph::make(NodeKind kind, std::vector<Val*> inputs) {
  nodes_.push_back(std::make_unique<Node>());
  Node* n = nodes_.back().get();
  n->kind = kind;
  for (Val* v : inputs) add_input(n, v);
  return n;
}

Val* Graph::add_output(Node* n, TypeRef type, std::string name) {
  values_.push_back(std::make_unique<Val>(Val{std::move(type), n, n->outputs.size(), std::move(name), {}}));
  n->outputs.push_back(values_.back().get());
  return n->outputs.back();
}

Block* Graph::add_block(Node* owner) {
  blocks_.push_back(std::make_unique<Block>());
  Block* b = blocks_.back().get();
  b->graph = this;
  b->owner = owner;
  b->param = make(NodeKind::param);
  b->result = make(NodeKind::result);
  b->param->block = b->result->block = b;
  b->param->next = b->param->previous = b->result;
  b->result->next = b->result->previous = b->param;
  if (owner) owner->blocks.push_back(b);
  return b;
}

void Graph::insert_before(Node* n, Node* place) {
  n->block = place->block;
  n->previous = place->previous;
  n->next = place;
  place->previous->next = n;
  place->previous = n;
}

void Graph::detach(Node* n) {
  n->previous->next = n->next;
  n->next->previous = n->previous;
  n->block = nullptr;
  n->next = n->previous = nullptr;
}

void Graph::move_before(Node* n, Node* place) {
  detach(n);
  insert_before(n, place);
}

static void drop_use(Val* v, const Node* user, size_t index) {
  // From the end: nodes are mostly removed last first.
  auto it = std::find_if(v->uses.rbegin(), v->uses.rend(), [&](const Use& u) { return u.user == user && u.index == index; });
  if (it != v->uses.rend()) {
    *it = v->uses.back();
    v->uses.pop_back();
  }
}

void Graph::remove(Node* n) {
  check_stack();
  for (Block* b : n->blocks) {
    while (b->result->inputs.size()) remove_input(b->result, b->result->inputs.size() - 1);
    for (Node* inner = b->result->previous; inner != b->param;) {
      Node* previous = inner->previous;
      remove(inner);
      inner = previous;
    }
  }
  while (!n->inputs.empty()) remove_input(n, n->inputs.size() - 1);
  detach(n);
}

void Graph::set_input(Node* n, size_t i, Val* v) {
  drop_use(n->inputs[i], n, i);
  n->inputs[i] = v;
  v->uses.push_back({n, i});
}

void Graph::add_input(Node* n, Val* v) {
  v->uses.push_back({n, n->inputs.size()});
  n->inputs.push_back(v);
}

void Graph::remove_input(Node* n, size_t i) {
  drop_use(n->inputs[i], n, i);
  for (size_t j = i + 1; j < n->inputs.size(); ++j)
    for (Use& u : n->inputs[j]->uses)
      if (u.user == n && u.index == j) {
        u.index = j - 1;
        break;
      }
  n->inputs.erase(n->inputs.begin() + static_cast<std::ptrdiff_t>(i));
}

void Graph::remove_output(Node* n, size_t i) {
  n->outputs.erase(n->outputs.begin() + static_cast<std::ptrdiff_t>(i));
  for (size_t j = i; j < n->outputs.size(); ++j) n->outputs[j]->index = j;
}

void Graph::replace_uses(Val* from, Val* to) {
  if (from == to) return;
  for (const Use& u : from->uses) {
    u.user->inputs[u.index] = to;
    to->uses.push_back(u);
  }
  from->uses.clear();
}

void Graph::clone_nodes(const Block& from, Node* place, std::unordered_map<const Val*, Val*>& map) {
  check_stack();
  auto mapped = [&](Val* v) {
    auto it = map.find(v);
    return it == map.end() ? v : it->second;
  };
  for (const Node* n = from.first(); n != from.result; n = n->next) {
    Node* copy = make(n->kind);
    for (Val* v : n->inputs) add_input(copy, mapped(v));
    copy->where = n->where;
    copy->call_chain = n->call_chain;
    copy->op = n->op;
    copy->function = n->function;
    copy->value = n->value;
    copy->name = n->name;
    copy->index = n->index;
    copy->end = n->end;
    copy->types = n->types;
    insert_before(copy, place);
    for (const Block* b : n->blocks) {
      Block* inner = add_block(copy);
      for (const Val* p : b->params()) map[p] = add_output(inner->param, p->type, p->name);
      clone_nodes(*b, inner->result, map);
      for (Val* v : b->outputs()) add_input(inner->result, mapped(v));
    }
    for (const Val* v : n->outputs) map[v] = add_output(copy, v->type, v->name);
  }
}

Val* Graph::constant(Value value, TypeRef type, Node* before) {
  Node* n = make(NodeKind::constant);
  n->value = std::move(value);
  insert_before(n, before);
  return add_output(n, std::move(type));
}

}  // namespace tsrun
