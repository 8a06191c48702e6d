#include "ir/passes/tuples.h"

#include <catch2/catch.hpp>

#include "ir/passes/passes_testing.h"
#include "ir/print.h"
#include "ir/text.h"
#include "ir/verify.h"

using namespace tsrun;

namespace {

/// The graph of `def f(n: int, c: bool)` with this body after the pass; it must compute what it did.
std::string apart(const std::string& body) {
  PassTest test("def f(n: int, c: bool):\n" + body, {});
  std::vector<std::string> want;
  const std::vector<Value> arguments[] = {{3, true}, {3, false}, {0, true}};
  for (auto& a : arguments) want.push_back(to_str(test.run(a)));
  take_tuples_apart(test.graph());
  remove_dead(test.graph(), test.environment);
  verify(test.graph(), test.environment.schema_of);
  for (size_t i = 0; i < want.size(); ++i) CHECK(to_str(test.run(arguments[i])) == want[i]);
  return to_text(test.graph(), false);
}

bool has(const std::string& text, const char* part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("reading a tuple that was just made is its element", "[tuples]") {
  CHECK(apart("  a, b = (n, torch.add(n, 1))\n  return torch.mul(a, ((n, b), n)[0][1])\n") == R"(graph(%n.1 : int,
      %c.1 : bool):
  %0 : int = prim::Constant[value=1]()
  %b.1 : int = aten::add(%n.1, %0)
  %1 : int = aten::mul(%n.1, %b.1)
  return (%1)
)");
  CHECK(apart("  return (n, c, 2)[1:3]\n") == R"(graph(%n.1 : int,
      %c.1 : bool):
  %0 : int = prim::Constant[value=2]()
  %1 : (bool, int) = prim::TupleConstruct(%c.1, %0)
  return (%1)
)");
}

TEST_CASE("a tuple carried round a loop becomes its elements", "[tuples]") {
  CHECK(apart(R"(
  pair = (0, 1)
  for i in range(n):
    a, b = pair
    pair = (b, torch.add(a, b))
  return pair
)") == R"(graph(%n.1 : int,
      %c.1 : bool):
  %0 : int = prim::Constant[value=0]()
  %1 : int = prim::Constant[value=1]()
  %2 : bool = prim::Constant[value=1]()
  %pair.1 : int, %pair.2 : int = prim::Loop(%n.1, %2, %0, %1)
    block0(%i.1 : int, %pair.3 : int, %pair.4 : int):
      %3 : int = aten::add(%pair.3, %pair.4)
      %4 : bool = prim::Constant[value=1]()
      -> (%4, %pair.4, %3)
  %pair.5 : (int, int) = prim::TupleConstruct(%pair.1, %pair.2)
  return (%pair.5)
)");
}

TEST_CASE("a tuple that a branch makes becomes its elements", "[tuples]") {
  CHECK(apart(R"(
  if c:
    p = (n, 1)
  else:
    p = (2, n)
  return torch.sub(p[0], p[1])
)") == R"(graph(%n.1 : int,
      %c.1 : bool):
  %p.1 : int, %p.2 : int = prim::If(%c.1)
    block0():
      %0 : int = prim::Constant[value=1]()
      -> (%n.1, %0)
    block1():
      %1 : int = prim::Constant[value=2]()
      -> (%1, %n.1)
  %2 : int = aten::sub(%p.1, %p.2)
  return (%2)
)");
  std::string kept = apart(R"(
  p = (n, (1, c))
  for i in range(n):
    if torch.gt(i, 1):
      p = (torch.add(p[0], i), (p[1][0], False))
  return p[1]
)");
  INFO(kept);
  CHECK(!has(kept, "TupleIndex"));
  CHECK(has(kept, "prim::Loop(%n.1, %1, %n.1, %0, %c.1)"));
}

TEST_CASE("a branch that raises hands out nothing", "[tuples]") {
  std::string text = apart(R"(
  if torch.gt(n, 100):
    ops.prim.RaiseException("large")
    p = uninitialized(Tuple[int, bool])
  else:
    p = (n, c)
  return p[1]
)");
  CHECK(!has(text, "Tuple"));
}

TEST_CASE("a tuple that somebody wants whole is not made more often", "[tuples]") {
  CHECK(has(apart(R"(
  seen = annotate(List[Tuple[int, bool]], [])
  p = (n, c)
  for i in range(n):
    _0 = torch.append(seen, p)
    p = (p[0], False)
  return seen
)"),
            "prim::Loop(%n.1, %0, %p.1)"));
}
