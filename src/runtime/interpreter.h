// Runs programs: one loop over instructions, an explicit stack of frames.
#pragma once
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "runtime/program.h"

namespace tsrun {

/// What a running program needs from its module.
struct RunEnvironment {
  /// The compiled form of a function, made on first use.
  std::function<const Program&(Function&)> program_of;
  /// Called when an operator has written to a storage that is `baked`, or an attribute of a frozen module was set.
  std::function<void()> invalidate;
  /// Lines of the user's Python source for a place in the archive's code, innermost last; used for error traces.
  std::function<std::string(const Location&)> python_line;
  int max_call_depth = 1000;
};

/// The frames of one thread of execution. Not for use by two threads at a time; not re-entrant.
class Interpreter {
 public:
  explicit Interpreter(RunEnvironment environment);

  /// Calls a program with one value per parameter. Errors carry a trace of the model's source lines.
  Value run(const Program& program, std::vector<Value> arguments, Context& context);

 private:
  struct Frame {
    const Program* program;
    uint32_t pc;      ///< of the call instruction, while a callee runs
    size_t base;
  };

  void push(const Program& program);
  Value loop(Context& context);
  /// Calls i's function; its frame is the top one afterwards.
  void enter(const Program& p, const Instruction& i, Value* slots);
  /// Instructions that are rare, or slow in themselves.
  void other(const Program& p, const Instruction& i, Value* slots, Context& context);
  void move_all(const Program& p, const Instruction& i, Value* slots);
  void set_slot(ClassObject& object, size_t slot, const Value& value);
  void call_operator(const Program& p, const Instruction& i, Value* slots, Context& context);
  void prepare_and_call(const Program& p, const Instruction& i, Arguments arguments, Value* const* results, Context& context);
  [[noreturn]] void rethrow(const Error& e);

  RunEnvironment environment_;
  std::vector<Value> stack_;
  std::vector<Frame> frames_;
  std::vector<Value> moving_;
  std::vector<const Value*> many_arguments_;
};

}  // namespace tsrun
