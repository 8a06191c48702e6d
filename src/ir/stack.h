// How much of the thread's stack is left, for functions that recurse over what a file says.
#pragma once

namespace tsrun {

/// Throws Error (limit) when little of this thread's stack is left. Functions that call themselves once per level of nested code, blocks or
/// types begin with it: a file nested deeper than the stack allows is refused on every thread.
void check_stack();

}  // namespace tsrun
