// Every operator tsrun knows: the catalogue of PyTorch's schemas, and for each the row, the derived form or the prelude source that computes it.
#pragma once
#include <span>
#include <string_view>
#include <vector>

#include "ir/schema.h"
#include "ops/op.h"

namespace tsrun {

/// One overload. Lives as long as the process.
struct Operator {
  Schema schema;
  const Op* op = nullptr;  ///< null: known from the catalogue and not computed by C++ (prelude, or missing)
};

/// All overloads of "aten::add" in the order PyTorch tries them; empty for an unknown name. Parsed on first use; thread-safe.
std::span<const Operator* const> overloads(std::string_view name);
/// By full name, "aten::add.Tensor"; null when unknown.
const Operator* find_operator(std::string_view full_name);
/// All names of the catalogue, sorted.
std::vector<std::string_view> operator_names();

/// Adds an operator at run time (custom operators of the API). Throws Error (usage) for a schema that exists or cannot be parsed.
void add_operator(std::string_view schema, OpCall call);

}  // namespace tsrun
