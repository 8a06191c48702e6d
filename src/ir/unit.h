// A compilation unit: the classes and functions of one archive (or of the prelude), found and compiled when first asked for.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "ir/ast.h"
#include "ir/graph.h"
#include "ir/schema.h"

namespace tsrun {

class CompilationUnit;

/// A function or method. Its signature is known when its class is; its graph is made by CompilationUnit::graph_of.
struct Function {
  std::string name;  ///< "__torch__.M.forward"
  Schema schema;     ///< name, parameters with types and defaults, returns; for methods the first parameter is self
  CompilationUnit* unit = nullptr;
  const Source* source = nullptr;
  const FunctionDef* def = nullptr;  ///< null for functions without source (interface methods)
  const ClassType* owner = nullptr;  ///< the class of a method
  bool return_type_known = true;
  bool lowering = false;  ///< being lowered at this moment: recursion into a function without declared result
  std::unique_ptr<Graph> graph;
  std::atomic<const void*> program{nullptr};  ///< the runtime's compiled form
};

/// What the compiler needs from the layers above it.
struct UnitEnvironment {
  /// Text of "code/__torch__/a.py"; null when there is no such file.
  std::function<SourceRef(const std::string& path)> load_source;
  /// Candidates for a call to an operator name such as "aten::add"; the registry's overloads().
  std::function<std::span<const Operator* const>(std::string_view name)> overloads;
  /// Schema of an operator of the registry.
  std::function<const Schema&(const Operator&)> schema_of;
  /// What an operator ("aten::div.Tensor") meant in files of this version; null when it means the same today. May be empty.
  std::function<Function*(const std::string& full_name)> old_meaning;
};

class CompilationUnit {
 public:
  explicit CompilationUnit(UnitEnvironment environment) : environment(std::move(environment)) {}
  /// Classes may refer to each other in circles: the circles are opened here.
  ~CompilationUnit();

  /// "__torch__.a.B": its class, interface, enum or named tuple. Null when the archive has none of that name.
  TypeRef find_type(const std::string& qualified_name);
  /// "__torch__.a.f": a free function. Null when there is none.
  Function* find_function(const std::string& qualified_name);
  /// list.sort() or sorted(list) for a list of objects of this class, by its __lt__.
  Function* sort_function(const Type& element, bool in_place);
  /// Lowers f on first use.
  Graph& graph_of(Function& f);
  /// A type as written in code; throws Error (malformed) with the place.
  TypeRef resolve_type(const Expr& e, const Source& source);
  /// A type as written in a pickle: "Dict[str, int]".
  TypeRef resolve_type(std::string_view text);
  /// True when code files exist below this qualified prefix ("__torch__.torch.nn").
  bool is_prefix(const std::string& qualified_prefix);

  /// Names that follow the dot in assignments (`self.x = ...`) anywhere in the files read so far.
  std::set<std::string> assigned_attributes();

  UnitEnvironment environment;
  std::vector<Value> constants;  ///< CONSTANTS.cN
  std::recursive_mutex mutex;    ///< held while types are found and functions lowered: threads may reach a method first together

 private:
  struct File {
    SourceRef source;
    Unit unit;
    std::unordered_map<std::string, const ClassDef*> classes;
    std::unordered_map<std::string, const FunctionDef*> functions;
  };
  static std::unique_ptr<File> read_file(SourceRef source);
  File* file_of(const std::string& prefix);
  TypeRef define_class(const std::string& qualified_name, const ClassDef& def, const Source& source);
  TypeRef define_named_tuple(const std::string& qualified_name, const ClassDef& def, const Source& source);
  TypeRef define_enum(const std::string& qualified_name, const ClassDef& def, const Source& source);
  void define_members(ClassType& type, const ClassDef& def, const Source& source);
  Function* define_function(std::string qualified_name, const FunctionDef& def, const Source& source, const ClassType* owner);

  std::unordered_map<std::string, std::unique_ptr<File>> files_;
  std::unordered_map<std::string, TypeRef> types_;
  std::unordered_map<std::string, Function*> functions_;
  std::vector<std::unique_ptr<Function>> owned_;
};

/// The literal an expression spells (numbers, strings, None, lists, tuples, negation...); used for defaults and enum members.
/// Throws Error (malformed) when it is not a constant.
Value constant_value(const Expr& e, const Source& source, const Type* expected, CompilationUnit& unit);
/// The number a literal spells: int, float or complex.
Value number_literal(const Expr& e, const Source& source);

/// Makes the graph of f from its syntax tree (lower.cpp).
std::unique_ptr<Graph> lower(Function& f);

}  // namespace tsrun
