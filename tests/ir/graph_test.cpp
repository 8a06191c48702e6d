#include <catch2/catch.hpp>

#include "compile_testing.h"
#include "ir/print.h"
#include "ir/read_graph.h"
#include "ir/verify.h"

using namespace tsrun;

namespace {

const char* const code = R"(
class P(Module):
  x : int
  def get(self, k: int=1) -> int:
    return torch.add(self.x, k)
def helper(a: Tensor, n: int) -> Tensor:
  return torch.add(a, n)
def f(p: __torch__.P, a: Tensor, xs: List[int], o: Optional[str]) -> Tuple[Tensor, int]:
  total = 0
  for i in range(torch.len(xs)):
    if torch.gt(xs[i], 2):
      total = torch.add(total, xs[i])
    else:
      total = torch.sub(total, 1)
  y = __torch__.helper(a, (p).get())
  d = {"a": [1, 2], "b\n\"q\"": annotate(List[int], [])}
  if isinstance(o, str):
    print(o, d, -0.0, 1.5, True, None)
  else:
    pass
  def __forked_function():
    return __torch__.helper(y, total)
  z = torch.wait(fork(__forked_function))
  v, i = torch.max(z, 0)
  return (torch.mul(v, 2.5), total)
)";

GraphReading reading(CompilationUnit& unit) {
  return {unit, [&unit](const std::string& name) { return unit.find_function(name); }, {}};
}

const SchemaOf schema_of = [](const Operator& o) -> const Schema& { return o.schema; };

Node* first(Graph& g, NodeKind kind) {
  Node* found = nullptr;
  for_each_node(*g.body, [&](Node* n) {
    if (!found && n->kind == kind) found = n;
  });
  return found;
}

std::string fault(TestUnit& unit, Graph& g) {
  try {
    verify(g, unit.environment.schema_of);
  } catch (const Error& e) {
    CHECK(e.kind() == ErrorKind::internal);
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a graph reads back from its text", "[graph]") {
  TestUnit unit(code);
  Graph& g = unit.graph("f");
  verify(g, schema_of);
  std::string text = to_text(g, false);
  auto again = read_graph(text, reading(unit));
  verify(*again, schema_of);
  CHECK(to_text(*again, false) == text);
  CHECK(to_text(*read_graph(to_text(g), reading(unit)), false) == text);  // comments are passed over
}

TEST_CASE("constants that the text does not spell come from a list", "[graph]") {
  TestUnit unit("def f() -> Tensor:\n  return CONSTANTS.c0\n");
  unit.constants.push_back(Tensor::zeros(Dims{2}));
  Graph& g = unit.graph("f");
  std::string text = to_text(g, false);
  CHECK(text == "graph():\n  %0 : Tensor = prim::Constant[value=<Tensor>]()\n  return (%0)\n");
  CHECK_THROWS_WITH(read_graph(text, reading(unit)), Catch::Matchers::Contains("graph:2: the value of this constant is not given"));
  std::vector<Value> untold = untold_constants(g);
  GraphReading with = reading(unit);
  with.untold = untold;
  CHECK(read_graph(text, with)->body->outputs()[0]->node->value.is(unit.constants[0]));
}

TEST_CASE("text that is no graph is refused with its line", "[graph]") {
  TestUnit unit("");
  auto refused = [&](const char* text) {
    try {
      read_graph(text, reading(unit));
    } catch (const Error& e) {
      CHECK(e.kind() == ErrorKind::malformed);
      return std::string(e.what());
    }
    return std::string("accepted");
  };
  CHECK(refused("") == "graph:1: expected 'graph('");
  CHECK(refused("graph():\n  return (%0)\n") == "graph:2: %0 is not defined");
  CHECK(refused("graph(%x : Tensor):\n  %x : int = prim::Constant[value=1]()\n  return (%x)\n") == "graph:2: %x is defined twice");
  CHECK(refused("graph(%x : Tensr):\n  return (%x)\n") == "graph:1: there is no type 'Tensr'");
  CHECK(refused("graph(%x : int):\n  %y : int = prim::Constant[value=one]()\n  return (%x)\n") == "graph:2: 'one' is no number");
  CHECK(refused("graph(%x : int):\n  %y : str = prim::Constant[value=\"one]()\n  return (%x)\n") == "graph:2: unterminated string");
  CHECK(refused("graph(%x : int):\n  %y : int = prim::CallFunction[name=\"f\"](%x)\n  return (%x)\n") ==
        "graph:2: there is no function 'f'");
  CHECK(refused("graph(%x : int):\n  return (%x) and more\n") == "graph:2: text behind the end of a statement");
  std::string deep = "graph(%x : ";
  for (int i = 0; i < 100000; ++i) deep += "(";
  CHECK(refused(deep.c_str()) == "graph:1: a type is nested too deep");
}

TEST_CASE("the verifier finds what a pass may break", "[graph]") {
  TestUnit unit(code);
  Graph& g = unit.graph("f");
  REQUIRE(fault(unit, g) == "");
  SECTION("a use that is not listed") {
    first(g, NodeKind::op)->inputs[0]->uses.clear();
    CHECK(fault(unit, g).find("stands 0 times in the uses") != std::string::npos);
  }
  SECTION("a value used before its definition") {
    Node* loop = first(g, NodeKind::loop);
    g.move_before(loop, g.body->first());
    CHECK(fault(unit, g).find("is not defined there") != std::string::npos);
  }
  SECTION("a value of an inner block used outside") {
    Node* inner = first(g, NodeKind::if_)->blocks[0]->first();
    while (inner->outputs.empty() || !inner->output()->type->is(TypeKind::integer)) inner = inner->next;
    g.set_input(g.body->result, 0, inner->output());
    CHECK(fault(unit, g).find("is not defined there") != std::string::npos);
  }
  SECTION("an argument of another type") {
    g.set_input(first(g, NodeKind::loop), 1, g.body->params()[1]);
    CHECK(fault(unit, g).find("the condition has type Tensor, not bool") != std::string::npos);
  }
  SECTION("a missing argument") {
    Node* n = first(g, NodeKind::call_function);
    g.remove_input(n, 1);
    CHECK(fault(unit, g).find("instead of 2") != std::string::npos);
  }
  SECTION("a block with an output too many") {
    Node* n = first(g, NodeKind::if_);
    g.add_input(n->blocks[1]->result, g.constant(int64_t{1}, types::integer(), n->blocks[1]->result));
    CHECK(fault(unit, g).find("a block has") != std::string::npos);
  }
}
