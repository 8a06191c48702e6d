// Tokens to syntax tree.
#pragma once
#include "ir/ast.h"

namespace tsrun {

/// Throws Error (malformed) with the place; nesting deeper than 500 is refused.
Unit parse_unit(const Source& source);
/// A lone expression, such as a type in a pickle: "Dict[str, List[int]]".
ExprPtr parse_expression(const Source& source);

}  // namespace tsrun
