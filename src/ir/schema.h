// Operator schemas in PyTorch's notation: "aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor".
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/type.h"

namespace tsrun {

struct SchemaArgument {
  std::string name;
  TypeRef type;
  std::optional<Value> default_value;
  int fixed_size = 0;  ///< N of `int[N]`: a single number is repeated N times; 0 when not given
  bool keyword_only = false;
  std::string alias;           ///< "a" of `Tensor(a!)`; empty without a mark, "*" for wildcard
  bool is_written = false;     ///< the mark has a `!`
  bool from_int_enum = false;  ///< ScalarType, Layout or MemoryFormat: an int in TorchScript
};

struct Schema {
  std::string text;      ///< as given
  std::string name;      ///< "aten::add"
  std::string overload;  ///< "Tensor", may be empty
  std::vector<SchemaArgument> arguments;
  std::vector<SchemaArgument> returns;  ///< names are empty for most
  bool vararg = false;                  ///< takes any arguments after the listed ones
  bool varret = false;

  /// "aten::add.Tensor"
  std::string full_name() const { return overload.empty() ? name : name + "." + overload; }
  bool writes_arguments() const;
};

/// Throws Error (unsupported) naming the text at fault.
Schema parse_schema(std::string_view text);
/// `int[2]?`, `Tensor(a!)`, `Dict(str, t)`: a type in schema notation.
TypeRef parse_schema_type(std::string_view text);
/// The signature of a function or method as PyTorch prints it: "forward(__torch__.M self, Tensor x) -> Tensor".
std::string to_text(const Schema& schema);
/// A type in schema notation: "int[]", "Tensor?", "Dict(str, int)", as graphs and messages print it.
std::string schema_type_text(const Type& t);

}  // namespace tsrun
