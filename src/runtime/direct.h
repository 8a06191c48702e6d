// Operators that the interpreter computes itself, without a call through their row; number.h says what the arithmetic means for both.
#pragma once
#include "runtime/program.h"

namespace tsrun {

/// The instruction for `o` where the node `n` calls it; Code::op when only its row computes it.
Code direct_code(const Operator& o, const Node& n);

/// Instructions on numbers alone: they never have slots to clear.
inline bool is_scalar(Code c) { return c >= Code::first_scalar && c <= Code::last_scalar; }
/// list_set, list_append and dict_set: their operators return the container, which the instruction does not.
inline bool gives_result(Code c) { return c != Code::list_set && c != Code::list_append && c != Code::dict_set; }

/// Bit k: the instruction can move its input k out of its slot.
inline unsigned takable_inputs(Code c) {
  switch (c) {
    case Code::list_append:
    case Code::set_slot: return 0b10;
    case Code::list_set: return 0b100;
    case Code::dict_set: return 0b110;
    case Code::list_construct:
    case Code::tuple_construct:
    case Code::call:
    case Code::call_interface: return 0xff;
    default: return 0;
  }
}

inline bool is_comparison(Code c) { return c >= Code::less_int && c <= Code::not_equal_int; }
/// The jump that is taken when the comparison does not hold.
inline Code jump_unless(Code comparison) {
  return static_cast<Code>(static_cast<int>(Code::jump_unless_less) + static_cast<int>(comparison) - static_cast<int>(Code::less_int));
}
/// The comparison that holds when this one does not.
Code opposite(Code comparison);

}  // namespace tsrun
