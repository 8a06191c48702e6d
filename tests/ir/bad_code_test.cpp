// Code that does not compile: one line that says where and why, never a crash.
#include <pthread.h>

#include <catch2/catch.hpp>

#include "compile_testing.h"

using namespace tsrun;

namespace {

/// The error of compiling `def f(x: int) -> int:` with this body, or of a whole file that begins with "def" or "class".
std::string fault(const std::string& code) {
  bool whole = code.starts_with("def") || code.starts_with("class");
  try {
    TestUnit unit(whole ? code : "def f(x: int, t: Tensor) -> int:\n" + code + "\n  return x\n");
    if (whole && code.starts_with("class")) unit.find_type("__torch__.C");
    else unit.graph("f");
  } catch (const Error& e) {
    std::string what = e.what();
    CHECK(what.find('\n') == what.npos);
    if (e.kind() == ErrorKind::limit) return what;
    CHECK(e.kind() == ErrorKind::malformed);
    CHECK(what.starts_with("code/__torch__.py:"));
    return what;
  }
  return "compiles";
}

std::string repeated(const std::string& s, size_t n = 10000) {
  std::string out;
  for (size_t i = 0; i < n; ++i) out += s;
  return out;
}

}  // namespace

TEST_CASE("bad code is refused with its place", "[code]") {
  const std::pair<const char*, const char*> cases[] = {
      {"  y = x +", "py:2: expected an expression"},
      {"  y = (x", "expected ')'"},
      {"  y = z", "undefined name 'z'"},
      {"  y = __torch__.nope(x)", "undefined function '__torch__.nope'"},
      {"  y = torch.add(x, \"a\")", "no overload of aten::add takes (int, str)"},
      {"  y = torch.relu(t, 1, 2)", "it takes 1 arguments, 3 were given"},
      {"  y = torch.relu(t, nope=3)", "unknown keyword argument 'nope'"},
      {"  y : Lst[int] = []", "unknown generic type 'Lst'"},
      {"  y : Dict[int] = {}", "Dict takes 2 type arguments"},
      {"  a, b, c = (1, 2)", "cannot unpack a tuple of 2 into 3 names"},
      {"  break", "'break' outside a loop"},
      {"  y = 99999999999999999999", "does not fit 64 bits"},
      {"  y = \"\\q\"", "unknown escape"},
      {"  y = \"abc", "unterminated string"},
      {"  y = \xff", "unexpected character '\\xff'"},
      {"  y = CONSTANTS.c5", "the archive has no constant 'c5'"},
      {"  y = ...", "not allowed here"},
      {"  for i in range():\n    pass", "range() takes one to three arguments"},
      {"  for i in enumerate():\n    pass", "enumerate() takes one or two arguments"},
      {"  for i in zip():\n    pass", "cannot be iterated over"},
      {"  y = range()", "range() takes 1 arguments"},
      {"  y = getattr(x)", "getattr() takes an object and a constant name"},
      {"  y = isinstance(x)", "isinstance() takes two arguments"},
      {"  y = annotate(int)", "annotate() takes 2 arguments"},
      {"  y = fork()", "fork() takes a function"},
      {"  y = torch._unwrap_optional()", "takes one argument"},
      {"  y = torch.add(*x)", "cannot unpack"},
      {"  with x:\n    pass", "has no method '__enter__'"},
      {"  y = x(1)", "a value of type int cannot be called"},
      {"  1 = x", "cannot assign"},
      {"  y += x", "undefined name 'y'"},
      {"  y = (1, 2)[5]", "tuple index 5 is out of range for 2 elements"},
      {"def f(x: int, x: int) -> int:\n  return x\n", "parameter 'x' is declared twice"},
      {"def f(x: int):\n  return __torch__.f(x)\n", "is called recursively before its result type is known"},
      {"def f(x: __torch__.Nope) -> int:\n  return 1\n", "unknown type '__torch__.Nope'"},
      {"class C(Module):\n  def g() -> int:\n    return 1\n", "lacks the parameter for its object"},
      {"class C(Module):\n  k : int\n  k : int\n", "attribute 'k' is declared twice"},
      {"class C(Module):\n  k : Final[int] = y + 1\n", "expected a constant"},
  };
  for (auto& [code, why] : cases) {
    INFO(code);
    CHECK_THAT(fault(code), Catch::Matchers::Contains(why));
  }
}

/// Code of each kind, nested n levels deep.
static std::vector<std::string> nested_code(size_t n) {
  std::vector<std::string> list = {
      "  y = " + repeated("(", n) + "x" + repeated(")", n),
      "  y = " + repeated("[", n) + "x" + repeated("]", n),
      "  y = " + repeated("(", n) + "x" + repeated(",)", n),
      "  y = " + repeated("-", n) + "x",
      "  y = " + repeated("not ", n) + "True",
      "  y = t" + repeated(".relu()", n),
      "  y = t" + repeated("[0]", n),
      "  y = " + repeated("torch.relu(", n) + "t" + repeated(")", n),
      "  y = " + repeated("x + ", n) + "x",
      "  y = " + repeated("x - (", n) + "x" + repeated(")", n),
      "  y = " + repeated("x if x > 1 else ", n) + "x",
      "  y = annotate(" + repeated("List[", n) + "int" + repeated("]", n) + ", [])",
      "  if x > 0:\n    y = 1\n" + repeated("  elif x > 1:\n    y = 2\n", n) + "  else:\n    y = 3",
  };
  if (n > 1000) return list;  // a text of n * n blanks
  std::string ifs, loops;
  for (size_t i = 2; i < n; ++i) {
    ifs += std::string(i, ' ') + "if x > 0:\n";
    loops += std::string(i, ' ') + "for i in range(x):\n";
  }
  list.push_back(ifs + std::string(n, ' ') + "pass");
  list.push_back(loops + std::string(n, ' ') + "pass");
  return list;
}

/// Levels that the main thread's stack has room for.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
static constexpr size_t deep = 100;  // sanitizers make every frame several times as large
#else
static constexpr size_t deep = 1000;
#endif

TEST_CASE("code may be nested as deep as the stack allows", "[code]") {
  for (const std::string& code : nested_code(deep)) {
    INFO(code.substr(0, 30));
    CHECK(fault(code) == "compiles");
  }
}

TEST_CASE("code nested without end is refused", "[code]") {
  for (const std::string& code : nested_code(200000)) {
    INFO(code.substr(0, 30));
    CHECK_THAT(fault(code), Catch::Matchers::Contains("code is nested"));
  }
}

/// Calls f in a thread with a small stack.
template <class F>
static void on_small_stack(F f) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, size_t{768} * 1024);
  auto run = [](void* g) -> void* {
    (*static_cast<F*>(g))();
    return nullptr;
  };
  pthread_t thread;
  REQUIRE(pthread_create(&thread, &attributes, run, &f) == 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

TEST_CASE("a small stack refuses sooner", "[code]") {
  for (const std::string& code : nested_code(20000)) {
    std::string said;
    on_small_stack([&] { said = fault(code); });
    INFO(code.substr(0, 30));
    CHECK_THAT(said, Catch::Matchers::Contains("code is nested"));
  }
}

TEST_CASE("what a large stack has read, a small one can release", "[code]") {
  for (const std::string& code : nested_code(2 * deep)) {
    auto unit = std::make_unique<TestUnit>("def f(x: int, t: Tensor) -> int:\n" + code + "\n  return x\n");
    unit->find_function("__torch__.f");
    on_small_stack([&] { unit.reset(); });
    CHECK(!unit);
  }
}
