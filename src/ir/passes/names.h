// Sets of operators by name, for what no schema tells.
#pragma once
#include <string>
#include <string_view>

#include "ir/word_set.h"

namespace tsrun {

/// A set of aten operators, written as one text of words without "aten::": "relu add.Scalar".
class Names {
 public:
  explicit Names(std::string_view words) : words_(words) {}
  /// Is "aten::relu" (or another full name with its overload) in the set?
  bool has(std::string_view full_name) const;

 private:
  WordSet words_;
};

/// A function of each element of the first input, the only tensor among the inputs.
bool is_elementwise(std::string_view full_name);
/// "aten::add.Tensor" for "aten::add_.Tensor"; other names as they are.
std::string functional_name(const std::string& full_name);

}  // namespace tsrun
