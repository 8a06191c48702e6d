#include "ir/passes/tuples.h"

#include <algorithm>

#include "ir/stack.h"

namespace tsrun {
namespace {

/// Tuples longer than this stay whole, and no more than this many are taken apart: types of nested tuples may be huge.
constexpr size_t longest = 64, most = 2000;

bool is_made(const Val* v) { return v->node->kind == NodeKind::tuple_construct; }

bool reads_element(const Use& u) {
  NodeKind k = u.user->kind;
  return k == NodeKind::tuple_index || k == NodeKind::tuple_unpack || k == NodeKind::tuple_slice;
}

bool can_split(const Val* v) { return v->type->is(TypeKind::tuple) && v->type->elements.size() <= longest; }

class Splitter {
 public:
  explicit Splitter(Graph& graph) : graph_(graph) {}

  void run() {
    do {
      changed_ = false;
      block(*graph_.body);
    } while (changed_);
  }

 private:
  void block(Block& b) {
    check_stack();
    for (Node* n = b.first(); n != b.result;) {
      for (Block* inner : n->blocks) block(*inner);
      Node* next = n->next;
      node(n);
      n = next;
    }
    remove_unread(b);
  }

  /// An unread tuple would count as a reader of its elements.
  void remove_unread(Block& b) {
    for (Node* n = b.result->previous; n != b.param;) {
      Node* previous = n->previous;
      bool reads_or_makes = n->kind == NodeKind::tuple_construct || n->kind == NodeKind::tuple_index;
      if (reads_or_makes && n->output()->uses.empty()) {
        graph_.remove(n);
        changed_ = true;
      }
      n = previous;
    }
  }

  void node(Node* n) {
    switch (n->kind) {
      case NodeKind::tuple_index:
      case NodeKind::tuple_unpack:
      case NodeKind::tuple_slice:
        if (is_made(n->input())) read(n);
        return;
      case NodeKind::if_:
        for (size_t i = n->outputs.size(); i-- > 0;)
          if (splits(*n, i)) split_if(n, i);
        return;
      case NodeKind::loop:
        if (graph_.has_exits) return;  // break and continue hand over carried values too
        for (size_t i = n->outputs.size(); i-- > 0;)
          if (carries(*n, i)) split_loop(n, i);
        return;
      default: return;
    }
  }

  /// n reads elements of a tuple made in the graph.
  void read(Node* n) {
    const std::vector<Val*>& elements = n->input()->node->inputs;
    size_t first = static_cast<size_t>(n->index);
    if (n->kind == NodeKind::tuple_unpack) {
      if (elements.size() != n->outputs.size()) return;
      for (size_t i = 0; i < elements.size(); ++i) graph_.replace_uses(n->outputs[i], elements[i]);
    } else if (n->kind == NodeKind::tuple_index) {
      if (first >= elements.size()) return;
      graph_.replace_uses(n->output(), elements[first]);
    } else {
      size_t end = static_cast<size_t>(n->end);
      if (first > end || end > elements.size()) return;
      std::vector<Val*> part(elements.begin() + n->index, elements.begin() + n->end);
      graph_.replace_uses(n->output(), tuple(part, n->output(), n));
    }
    graph_.remove(n);
    changed_ = true;
  }

  bool splits(const Node& n, size_t i) const {
    const Val* v = n.outputs[i];
    return can_split(v) && splits_ < most &&
           std::any_of(n.blocks.begin(), n.blocks.end(), [&](const Block* b) { return is_made(b->outputs()[i]); }) &&
           std::all_of(v->uses.begin(), v->uses.end(), [](const Use& u) { return reads_element(u) || u.user->kind == NodeKind::result; });
  }

  bool carries(const Node& n, size_t i) const {
    const Val* carried = n.blocks[0]->params()[i + 1];
    const Val* next = n.blocks[0]->outputs()[i + 1];
    return can_split(carried) && splits_ < most && is_made(next) && std::all_of(carried->uses.begin(), carried->uses.end(), reads_element);
  }

  void split_if(Node* n, size_t i) {
    Val* whole = n->outputs[i];
    std::vector<Val*> elements = add_outputs(n, whole);
    for (Block* b : n->blocks) {
      for (Val* e : elements_of(b->outputs()[i], whole, b->result)) graph_.add_input(b->result, e);
      graph_.remove_input(b->result, i);
    }
    graph_.replace_uses(whole, tuple(elements, whole, n->next));
    graph_.remove_output(n, i);
    note_split();
  }

  void split_loop(Node* n, size_t i) {
    Block* body = n->blocks[0];
    Val *whole = n->outputs[i], *carried = body->params()[i + 1];
    for (Val* e : elements_of(n->inputs[i + 2], whole, n)) graph_.add_input(n, e);
    for (Val* e : elements_of(body->outputs()[i + 1], whole, body->result)) graph_.add_input(body->result, e);
    std::vector<Val*> inside = add_outputs(body->param, carried), after = add_outputs(n, whole);
    graph_.replace_uses(carried, tuple(inside, carried, body->first()));
    graph_.replace_uses(whole, tuple(after, whole, n->next));
    graph_.remove_input(n, i + 2);
    graph_.remove_input(body->result, i + 1);
    graph_.remove_output(body->param, i + 1);
    graph_.remove_output(n, i);
    note_split();
  }

  void note_split() {
    ++splits_;
    changed_ = true;
  }

  std::vector<Val*> add_outputs(Node* n, const Val* whole) {
    std::vector<Val*> elements;
    for (const TypeRef& t : whole->type->elements) elements.push_back(graph_.add_output(n, t, whole->name));
    return elements;
  }

  /// The elements of v, which stands for `whole`, before `place`.
  std::vector<Val*> elements_of(Val* v, const Val* whole, Node* place) {
    if (is_made(v)) return v->node->inputs;
    bool never_read = v->node->kind == NodeKind::uninitialized;
    std::vector<Val*> elements;
    for (const TypeRef& t : whole->type->elements) {
      Node* n = never_read ? graph_.make(NodeKind::uninitialized) : graph_.make(NodeKind::tuple_index, {v});
      n->index = static_cast<int64_t>(elements.size());
      elements.push_back(placed(n, t, place));
    }
    return elements;
  }

  /// A tuple like `whole`, before `place`.
  Val* tuple(const std::vector<Val*>& elements, const Val* whole, Node* place) {
    Node* n = graph_.make(NodeKind::tuple_construct, elements);
    Val* v = placed(n, whole->type, place);
    v->name = whole->name;
    return v;
  }

  Val* placed(Node* n, const TypeRef& type, Node* place) {
    n->where = place->where;
    n->call_chain = place->call_chain;
    graph_.insert_before(n, place);
    return graph_.add_output(n, type);
  }

  Graph& graph_;
  bool changed_ = false;
  size_t splits_ = 0;
};

}  // namespace

void take_tuples_apart(Graph& graph) { Splitter(graph).run(); }

}  // namespace tsrun
