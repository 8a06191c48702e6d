// tsrun: runs TorchScript files. This header is the whole C++ API; it needs the standard library alone.
//
//   #include <tsrun/tsrun.h>
//
//   tsrun::Module model = tsrun::load("model.pt");
//   tsrun::Tensor x = tsrun::Tensor::zeros(tsrun::Dims{1, 3, 224, 224});
//   tsrun::Value y = model.forward({x});
//   std::cout << y.to_tensor().describe() << "\n";
//
// Errors are thrown as tsrun::Error. A Module may be shared by threads; each Session belongs to one thread at a time.
#pragma once
#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "tsrun/error.h"
#include "tsrun/tensor.h"
#include "tsrun/value.h"

namespace tsrun {

struct Options {
  int threads = 0;                 ///< for one run; 0: the cores this process may use
  bool optimize = true;            ///< false: the graph runs as written (--no-opt)
  bool exact = false;              ///< convolutions sum directly: slower than Winograd's algorithm, whose rounding is about 5 times larger
  uint64_t seed = 67280421310721;  ///< of the generator that a session starts with; the value of a fresh torch.Generator()
  size_t max_memory = 0;           ///< bytes a session may hold for tensors; 0: no limit
  int max_call_depth = 1000;       ///< nested calls before the model is stopped
  bool check_sums = false;         ///< also check the CRC of stored weights while loading
  std::ostream* output = nullptr;  ///< where print() of a model writes; null: std::cout
};

/// One argument of a method, or its result.
struct Parameter {
  std::string name;  ///< empty for results
  std::string type;  ///< "Tensor", "Optional[List[int]]"
  bool has_default = false;
};
struct Method {
  std::string name;
  std::vector<Parameter> arguments;  ///< without self
  std::string result_type;
};
struct NamedTensor {
  std::string name;  ///< "layer1.0.conv1.weight"
  Tensor tensor;
  bool is_parameter = false, is_buffer = false;
};
struct CodeFile {
  std::string name, text;  ///< "code/__torch__.py"
};
/// Where a file uses an operator.
struct OperatorUse {
  std::string name;  ///< "aten::conv2d"; with its overload when one was chosen
  bool supported = true;
  std::vector<std::string> places;  ///< "code/__torch__.py:41"
};

/// What a named tuple's class and fields are called; empty for other values.
struct TupleNames {
  std::string name;  ///< "Point"
  std::vector<std::string> fields;
};
TupleNames tuple_names(const Value& v);

using NamedValues = std::vector<std::pair<std::string, Value>>;

/// Where the time of a session's calls went, in nanoseconds from the start of the profile.
struct Profile {
  /// An operator at one line of the model. Its time is its own; that of operators it is composed of stands in their steps.
  struct Step {
    std::string name;   ///< "aten::conv2d"
    std::string place;  ///< "model.py:41: y = self.conv(x)"; a line of "code/..." when the archive does not have the Python lines
    int64_t count = 0;
    int64_t total = 0;
  };
  struct Event {
    uint32_t step;
    int64_t start, duration;
  };
  struct Call {
    std::string method;
    int64_t start, duration;
  };
  std::vector<Step> steps;    ///< in order of first use
  std::vector<Event> events;  ///< in order of time; the first million
  std::vector<Call> calls;    ///< whole calls: what is not in the steps is the interpreter's
};

class Session;

/// A loaded TorchScript file. Copies share it.
class Module {
 public:
  Module();  ///< empty; is assigned from load()

  /// Calls `forward` with the module's hooks, as calling the module does in PyTorch.
  Value forward(std::vector<Value> arguments, const NamedValues& keywords = {}) const;
  /// Calls one method. Throws Error (usage) for an unknown method or arguments that do not fit its signature.
  Value run(std::string_view method, std::vector<Value> arguments, const NamedValues& keywords = {}) const;

  std::vector<Method> methods() const;
  bool has_method(std::string_view name) const;
  /// "sub.weight" reaches into submodules. Throws Error (usage) when there is none.
  Value attribute(std::string_view name) const;
  void set_attribute(std::string_view name, Value value);
  /// All parameters and buffers with their qualified names, in order of declaration; shared tensors appear under each name.
  std::vector<NamedTensor> tensors() const;
  /// All attributes of this module and its submodules that are not tensors or modules: name, text of the type, value.
  std::vector<std::tuple<std::string, std::string, Value>> attributes() const;
  void eval();  ///< training = False, recursively
  void train(bool on = true);

  /// Deterministic text of a method's graph in PyTorch's notation; `optimized`: as it is executed.
  std::string graph(std::string_view method = "forward", bool optimized = false) const;
  std::vector<CodeFile> code() const;
  /// Operators of all methods that can be reached from the module's methods, in order of first use.
  std::vector<OperatorUse> operators() const;
  int64_t version() const;                                    ///< operator version of the archive
  std::string type_name() const;                              ///< "__torch__.torchvision.models.resnet.ResNet"
  std::vector<std::pair<std::string, size_t>> files() const;  ///< records of the archive with their sizes
  /// "extra/<name>" records.
  std::map<std::string, std::string> extra_files() const;

  struct Impl;
  explicit Module(std::shared_ptr<Impl> impl);
  const std::shared_ptr<Impl>& impl() const { return impl_; }

 private:
  std::shared_ptr<Impl> impl_;
};

/// The state of one stream of calls: memory, random generator, thread count. Sessions of one module share its attributes.
class Session {
 public:
  explicit Session(const Module& module, const Options& options);
  explicit Session(const Module& module);
  Session(Session&&) noexcept;
  ~Session();

  Value forward(std::vector<Value> arguments, const NamedValues& keywords = {});
  Value run(std::string_view method, std::vector<Value> arguments, const NamedValues& keywords = {});
  void manual_seed(uint64_t seed);
  void set_threads(int threads);
  void set_output(std::ostream* output);
  /// Bytes of tensor memory in use now, and the most there ever were.
  size_t memory_in_use() const;
  size_t peak_memory() const;
  /// From now on calls take the time of every operator.
  void start_profile();
  Profile stop_profile();

  struct Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

/// Opens a TorchScript archive. Throws Error: malformed, with the remedy for other kinds of files; unsupported; limit.
Module load(const std::string& path, const Options& options = {});
Module load(std::span<const std::byte> bytes, const Options& options = {});  ///< copied

/// A file of torch.save (tensors and plain containers: tuples, lists, dicts, numbers, strings, None), or of NumPy: .npy gives a tensor,
/// .npz a dict of tensors. Told by content.
Value load_values(const std::string& path);
/// Writes what torch.load(weights_only=True) reads back as the very value; NumPy's formats for paths that end in .npy (a tensor) or .npz
/// (tensors by name, or numbered). Throws Error (usage, unsupported) for values that do not go into the form.
void save_values(const std::string& path, const Value& value);

/// Structure, checksums, limits and graphs of a file; of its code runs only what loading does. Returns what was checked, a line each;
/// throws the first fault.
std::vector<std::string> verify(const std::string& path);

/// All operators of the catalogue: full name with overload, and whether tsrun computes it.
std::vector<std::pair<std::string, bool>> all_operators();

/// Text of a value as TorchScript's print() shows it; tensors with PyTorch's C++ layout.
std::string to_text(const Value& value);

/// Registers an operator for all modules loaded later: "my::scale(Tensor x, float by) -> Tensor".
using CustomOperator = std::function<Value(std::span<const Value> arguments)>;
void register_operator(std::string_view schema, CustomOperator function);

/// The instruction set kernels use ("avx512", "avx2", "sse4", "scalar"); throws Error (usage) naming what there is.
void set_isa(std::string_view name);
std::string isa();
std::vector<std::string> available_isas();
std::string version();

}  // namespace tsrun
