// Runs programs: one loop over instructions, an explicit stack of frames.
#pragma once
#include <functional>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "runtime/program.h"

namespace tsrun {

class Profiler;

/// What a running program needs from its module.
struct RunEnvironment {
  /// The compiled form of a function, made on first use.
  std::function<const Program&(Function&)> program_of;
  /// Called when an operator has written to a storage that is `baked`, or an attribute of a frozen module was set.
  std::function<void()> invalidate;
  /// Lines of the user's Python source for a place in the archive's code, innermost last; used for error traces.
  std::function<std::string(const Location&)> python_line;
  int max_call_depth = 1000;
  bool follow_gradients = false;  ///< mark what requires gradients (gradients.h)
};

/// The frames of one thread of execution. Not for use by two threads at a time; not re-entrant.
class Interpreter {
 public:
  explicit Interpreter(RunEnvironment environment);

  /// Calls a program with one value per parameter, which are moved from. Errors carry a trace of the model's source lines.
  Value run(const Program& program, std::span<Value> arguments, Context& context);
  /// Where the times of operators go; null for nowhere. Borrowed.
  void set_profiler(Profiler* profiler) { profiler_ = profiler; }

 private:
  struct Frame {
    const Program* program;
    uint32_t pc;  ///< of the call instruction, while a callee runs
    size_t base;
  };

  void push(const Program& program);
  Value loop(Context& context);
  /// Calls i's function; its frame is the top one afterwards.
  void enter(const Program& p, const Instruction& i, Value* slots);
  /// Instructions that are rare, or slow in themselves.
  void other(const Program& p, const Instruction& i, Value* slots, Context& context);
  void move_all(const Program& p, const Instruction& i, Value* slots);
  void set_slot(ClassObject& object, size_t slot, Value value);
  void call_operator(const Program& p, const Instruction& i, Value* slots, Context& context);
  void call_timed(const Program& p, const Instruction& i, Value* slots, Context& context);
  void call_followed(const Program& p, const Instruction& i, Arguments arguments, Value* const* results, Context& context);
  void prepare_and_call(const Program& p, const Instruction& i, Arguments arguments, Value* const* results, Context& context);
  /// The error with the place where execution stands.
  Error located(const Error& e);
  /// An error inside a fork becomes its future's, and execution goes on behind it; others end the run.
  void fail(const Error& e, Context& context);

  /// Calls __exit__ of the managers entered since there were `remaining`, innermost first; errors in there are dropped.
  void leave_managers(size_t remaining, Context& context);

  RunEnvironment environment_;
  Profiler* profiler_ = nullptr;
  std::vector<Value> stack_;
  std::vector<Frame> frames_;
  struct Fork {
    size_t frames;      ///< how many there are where the fork stands
    uint32_t target;    ///< its make_future
    bool grad_enabled;  ///< as it was at the fork, which has a mode of its own
    size_t managers;    ///< how many were entered before it
  };
  std::vector<Fork> forks_;  ///< those that run at this moment, innermost last
  std::vector<Value> managers_;  ///< objects of `with` statements that execution is in, innermost last
  std::vector<Value> moving_;
  std::vector<const Value*> many_arguments_;
};

}  // namespace tsrun
