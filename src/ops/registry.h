// Every operator tsrun knows: the catalogue of PyTorch's schemas, and for each the row, the derived form or the prelude function that
// computes it.
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
  const Op* op = nullptr;                ///< what computes it in C++; null for prelude functions and for operators tsrun lacks
  std::string_view prelude_function{};   ///< its function in the prelude, "std__dim"; empty when there is none
  const Operator* functional = nullptr;  ///< in-place and out= forms of a prelude function: the form to call and copy from
  int destination = -1;                  ///< those forms: the (first) argument that is written
  const Op* store = nullptr;             ///< those forms: call_store, to be called with the destinations and then what was computed

  bool supported() const { return op || !prelude_function.empty() || functional; }
};

/// All overloads of "aten::add" in the order PyTorch tries them; empty for an unknown name. Parsed on first use; thread-safe.
std::span<const Operator* const> overloads(std::string_view name);
/// By full name, "aten::add.Tensor"; null when unknown.
const Operator* find_operator(std::string_view full_name);
/// All names of the catalogue, sorted.
std::vector<std::string_view> operator_names();

/// Adds an operator at run time (custom operators of the API); `op` must live as long as the process.
/// Throws Error (usage) for a schema that exists or cannot be parsed.
void add_operator(const Op& op);

/// The in-place or out= form of `op.base`: PyTorch's checks, the call, and a copy of each result to its destination (derive.cpp). The
/// destinations are the arguments from `op.destination_argument` on, one for each result, or one list of tensors for a list.
void call_derived(Context& ctx, const Op& op, Arguments arguments, Value* const* results);
/// The last step of it, for results that were computed elsewhere: half of the arguments are destinations, the others go there.
void call_store(Context& ctx, const Op& op, Arguments arguments, Value* const* results);

}  // namespace tsrun
