// What a Module holds. Internal to src/runtime.
#pragma once
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "archive/archive.h"
#include "ir/passes/effects.h"
#include "runtime/interpreter.h"
#include "runtime/memory_pool.h"
#include "runtime/profiler.h"
#include "tsrun/tsrun.h"

namespace tsrun {

/// Compiled forms of a unit's functions, made when first called.
class ProgramCache {
 public:
  const Program& program_of(Function& f);

 private:
  std::mutex mutex_;
  std::unordered_map<Function*, std::unique_ptr<Program>> programs_;
};

/// The functions of src/ops/prelude, compiled on first use; one for the process.
Function* prelude_function(const Operator& o);
/// "prelude._p_old_div"; null when the prelude has none of that name.
Function* find_prelude_function(const std::string& qualified_name);
/// What the operator meant in files below the version that changed it, as a function of the prelude; null when it means the same today.
Function* old_meaning(const std::string& full_name, int64_t version);
/// Files of this version and newer have no operator with an old meaning.
constexpr int64_t newest_changed_version = 10;
/// Finds functions' programs whichever unit they belong to.
const Program& program_of(Function& f, ProgramCache& own);
/// Connects a unit to the registry of operators.
UnitEnvironment operator_environment();
/// Connects passes to it.
void connect_passes(PassEnvironment& e);

struct Module::Impl {
  Options options;
  std::unique_ptr<Archive> archive;
  std::unique_ptr<CompilationUnit> unit;
  ProgramCache programs;
  Ref<ClassObject> root;
  bool follow_gradients = false;  ///< the code asks for gradient flags

  std::mutex mutex;                                                                // guards the members below
  std::map<std::string, std::shared_ptr<const Program>, std::less<>> specialised;  // by method; empty after invalidate()
  std::vector<std::unique_ptr<Session>> idle_sessions;
  std::unordered_map<std::string, SourceRanges> source_ranges;
  std::atomic<uint64_t> generation{0};  // counts invalidations

  const ClassType& type() const { return as_class(*root->type); }
  RunEnvironment run_environment();
  std::string python_line(const Location& where);
  /// "model.py:41: y = f(x)": the user's Python, or the archive's code where that is not known.
  std::string source_line(const Location& where);
  std::unique_ptr<Graph> specialised_graph(Function& f);
  /// The optimised program of a method of the root module.
  std::shared_ptr<const Program> specialise(const std::string& method);
  /// The methods of all modules of the tree, and what they call.
  std::vector<Function*> reachable_functions();
  /// Verifies the graphs of all those, and the optimised ones of the root's methods; their texts are read back and must say the same.
  /// Gives their number. Throws Error: of the code at fault, or internal.
  size_t check_graphs();
  void invalidate();
  std::unique_ptr<Session> take_session();
  void return_session(std::unique_ptr<Session> s);
};

struct Session::Impl {
  Impl(std::shared_ptr<Module::Impl> m, const Options& o);
  std::shared_ptr<Module::Impl> module;
  Options options;
  Ref<MemoryPool> pool;
  Ref<RefCounted> generator;  // a Generator
  Context context;
  Interpreter interpreter;
  std::unique_ptr<Profiler> profiler;

  Value run(std::string_view method, std::vector<Value> arguments, const NamedValues& keywords);
  Value forward(std::vector<Value> arguments, const NamedValues& keywords);

 private:
  struct Entry {
    std::string name;
    Function* function;
    uint64_t generation;  ///< of the module when the program was made
    std::shared_ptr<const Program> specialised;
    const Program* program;
  };
  /// Finds the method, and its program unless the one from the call before is still valid.
  const Entry& entry(std::string_view method);

  std::vector<Entry> methods_;
  std::vector<Value> bound_;
};

/// Positional and named arguments in the order of the signature (self left out), checked, defaults filled in; appended to `bound`.
void bind_arguments(const Function& f, std::vector<Value>& arguments, const NamedValues& keywords, std::vector<Value>& bound);

}  // namespace tsrun
