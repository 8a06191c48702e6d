#include "ir/verify.h"

#include <algorithm>
#include <unordered_set>

#include "ir/print.h"
#include "ir/stack.h"
#include "ir/unit.h"

namespace tsrun {
namespace {

bool holds_variable(const Type& t) {
  if (t.is(TypeKind::variable) || t.is(TypeKind::any_list) || t.is(TypeKind::any_enum) || t.is(TypeKind::any_class)) return true;
  return std::any_of(t.elements.begin(), t.elements.end(), [](auto& e) { return holds_variable(*e); });
}

class Verifier {
 public:
  explicit Verifier(const SchemaOf& schema_of) : schema_of_(schema_of) {}

  void run(const Graph& graph) {
    block(*graph.body, nullptr);
    require(graph.body->outputs().size() == 1, *graph.body->result, "a function gives one value");
  }

 private:
  [[noreturn]] static void fail(const Node& n, const std::string& why) {
    std::string place = n.where.text();
    throw Error(ErrorKind::internal,
                "the graph is broken at '" + node_text(n) + "'" + (place.empty() ? "" : " from " + place) + ": " + why);
  }
  static void require(bool holds, const Node& n, const std::string& why) {
    if (!holds) fail(n, why);
  }
  static void fits(const Val* v, const Type& wanted, const Node& n, const std::string& what) {
    if (!is_subtype(*v->type, wanted)) fail(n, what + " has type " + to_text(*v->type) + ", not " + to_text(wanted));
  }

  void block(const Block& b, const Node* owner) {
    check_stack();
    require(b.owner == owner, *b.param, "the owner of its block is another node");
    require(b.param->kind == NodeKind::param && b.result->kind == NodeKind::result, *b.param, "the block lacks its ends");
    std::vector<const Val*> here;
    for (const Node* n = b.param;; n = n->next) {
      require(n->block == &b, *n, "it stands in a block that is not its own");
      require(n->next && n->next->previous == n, *n, "its neighbours do not agree");
      inputs(*n);
      for (const Block* inner : n->blocks) block(*inner, n);
      shape(*n);
      for (size_t i = 0; i < n->outputs.size(); ++i) {
        const Val* v = n->outputs[i];
        require(v->node == n && v->index == i && v->type, *n, "output " + std::to_string(i) + " belongs to another node");
        for (const Use& u : v->uses)
          require(u.index < u.user->inputs.size() && u.user->inputs[u.index] == v, *n,
                  "output " + std::to_string(i) + " lists a use that is none");
        defined_.insert(v);
        here.push_back(v);
      }
      if (n == b.result) break;
    }
    for (const Val* v : here) defined_.erase(v);
  }

  void inputs(const Node& n) {
    for (size_t i = 0; i < n.inputs.size(); ++i) {
      const Val* v = n.inputs[i];
      std::string which = "input " + std::to_string(i);
      require(v != nullptr, n, which + " is missing");
      require(defined_.count(v) > 0, n, which + " is not defined there");
      auto uses = std::count_if(v->uses.begin(), v->uses.end(), [&](const Use& u) { return u.user == &n && u.index == i; });
      require(uses == 1, n, which + " stands " + std::to_string(uses) + " times in the uses of its value");
    }
  }

  void counts(const Node& n, size_t inputs, size_t outputs, size_t blocks = 0) {
    require(n.inputs.size() == inputs && n.outputs.size() == outputs && n.blocks.size() == blocks, n,
            "it has " + std::to_string(n.inputs.size()) + " inputs, " + std::to_string(n.outputs.size()) + " outputs, " +
                std::to_string(n.blocks.size()) + " blocks instead of " + std::to_string(inputs) + ", " + std::to_string(outputs) + ", " +
                std::to_string(blocks));
  }

  void shape(const Node& n) {
    switch (n.kind) {
      case NodeKind::constant: return counts(n, 0, 1);
      case NodeKind::create_object:
      case NodeKind::uninitialized: return counts(n, 0, 1);
      case NodeKind::tuple_index:
      case NodeKind::tuple_slice:
      case NodeKind::get_attr:
      case NodeKind::isinstance_:
      case NodeKind::unchecked_cast:
      case NodeKind::tolist: return counts(n, 1, 1);
      case NodeKind::set_attr: return counts(n, 2, 0);
      case NodeKind::container_index: return counts(n, 2, 1);
      case NodeKind::raise: return counts(n, 2, 0);
      case NodeKind::return_: return counts(n, 1, 0);
      case NodeKind::list_construct:
        counts(n, n.inputs.size(), 1);
        for (const Val* v : n.inputs) fits(v, *n.output()->type->element(), n, "an element");
        return;
      case NodeKind::tuple_construct:
        counts(n, n.output()->type->elements.size(), 1);
        for (size_t i = 0; i < n.inputs.size(); ++i) fits(n.input(i), *n.output()->type->element(i), n, "element " + std::to_string(i));
        return;
      case NodeKind::dict_construct:
        return require(n.inputs.size() % 2 == 0 && n.outputs.size() == 1, n, "it needs keys and values in pairs");
      case NodeKind::if_:
        counts(n, 1, n.outputs.size(), 2);
        fits(n.input(), *types::boolean(), n, "the condition");
        for (const Block* b : n.blocks) ends(n, *b, 0, n.outputs.size());
        return;
      case NodeKind::loop:
        require(n.inputs.size() >= 2, n, "a loop has a maximum and a condition");
        counts(n, n.outputs.size() + 2, n.outputs.size(), 1);
        fits(n.input(0), *types::integer(), n, "the maximum");
        fits(n.input(1), *types::boolean(), n, "the condition");
        return ends(n, *n.blocks[0], n.outputs.size() + 1, n.outputs.size() + 1);
      case NodeKind::fork: counts(n, 0, 1, 1); return ends(n, *n.blocks[0], 0, 1);
      case NodeKind::op: return op(n);
      case NodeKind::call_function:
      case NodeKind::call_method:
        require(n.outputs.size() == 1, n, "a call gives one value");
        if (n.function) {
          const auto& formals = n.function->schema.arguments;
          counts(n, formals.size(), 1);
          for (size_t i = 0; i < formals.size(); ++i) fits(n.input(i), *formals[i].type, n, "argument '" + formals[i].name + "'");
        }
        return;
      default: return;
    }
  }

  void ends(const Node& n, const Block& b, size_t params, size_t outputs) {
    require(b.params().size() == params && b.outputs().size() == outputs, n,
            "a block has " + std::to_string(b.params().size()) + " parameters and " + std::to_string(b.outputs().size()) +
                " outputs instead of " + std::to_string(params) + " and " + std::to_string(outputs));
    if (n.kind == NodeKind::fork) return;
    size_t first = n.kind == NodeKind::loop ? 1 : 0;  // the condition comes first
    for (size_t i = first; i < outputs; ++i)
      fits(b.outputs()[i], *n.outputs[i - first]->type, n, "output " + std::to_string(i) + " of a block");
  }

  void op(const Node& n) {
    require(n.op != nullptr, n, "it names no operator");
    const Schema& s = schema_of_(*n.op);
    if (!s.vararg)
      require(n.inputs.size() == s.arguments.size(), n, "the schema takes " + std::to_string(s.arguments.size()) + " arguments: " + s.text);
    if (!s.varret)
      require(n.outputs.size() == s.returns.size(), n, "the schema gives " + std::to_string(s.returns.size()) + " values: " + s.text);
    for (size_t i = 0; i < s.arguments.size() && i < n.inputs.size(); ++i)
      if (!holds_variable(*s.arguments[i].type)) fits(n.input(i), *s.arguments[i].type, n, "argument '" + s.arguments[i].name + "'");
  }

  const SchemaOf& schema_of_;
  std::unordered_set<const Val*> defined_;
};

}  // namespace

void verify(const Graph& graph, const SchemaOf& schema_of) { Verifier(schema_of).run(graph); }

}  // namespace tsrun
