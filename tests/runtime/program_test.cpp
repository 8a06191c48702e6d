// What programs are made of, where a test of results alone would not see it.
#include <algorithm>
#include <bit>
#include <catch2/catch.hpp>

#include "ir/compile_testing.h"
#include "runtime/module_impl.h"

using namespace tsrun;

namespace {

/// The function `f` of some code, as a program that can be run.
class Compiled {
 public:
  explicit Compiled(const std::string& code)
      : unit_(code), program_(build_program(unit_.graph("f"), "f", prelude_function)), interpreter_(environment()) {}

  const Program& program() const { return *program_; }
  Value run(std::vector<Value> arguments) {
    Context context;
    return interpreter_.run(*program_, arguments, context);
  }

 private:
  RunEnvironment environment() {
    RunEnvironment e;
    e.program_of = [this](Function& f) -> const Program& { return program_of(f, cache_); };
    return e;
  }
  TestUnit unit_;
  ProgramCache cache_;
  std::unique_ptr<Program> program_;
  Interpreter interpreter_;
};

std::string list_of(const std::string& element, size_t count) {
  std::string text = "[" + element;
  for (size_t i = 1; i < count; ++i) text += ", " + element;
  return text + "]";
}

}  // namespace

TEST_CASE("an instruction takes and releases any number of operands", "[program]") {
  constexpr size_t count = 70000;  // more than 16 bits count
  Compiled f("def f(n: int) -> List[str]:\n  return " + list_of("str(n)", count) + "\n");
  const auto& code = f.program().code;
  auto list = std::find_if(code.begin(), code.end(), [](const Instruction& i) { return i.code == Code::list_construct; });
  REQUIRE(list != code.end());
  CHECK(list->inputs == count);
  CHECK(list->releases + static_cast<size_t>(std::popcount(list->takes)) == count);
  const auto result = f.run({int64_t{7}}).to_list().elements;
  REQUIRE(result.size() == count);
  CHECK(std::all_of(result.begin(), result.end(), [](const Value& v) { return v.to_string() == "7"; }));
}
