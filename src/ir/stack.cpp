#include "ir/stack.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "tsrun/error.h"

#ifdef __linux__
#include <pthread.h>
#endif

namespace tsrun {
namespace {

/// The stack of a thread: it grows down from `high`; below `low` nothing recurses.
struct Stack {
  uintptr_t low = 0, high = 0;
};

Stack this_stack(uintptr_t here) {
  constexpr size_t reserve = 256 * 1024;  // for what is called at the deepest place, and for unwinding
#ifdef __linux__
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
    void* lowest = nullptr;
    size_t size = 0;
    bool known = pthread_attr_getstack(&attributes, &lowest, &size) == 0;
    pthread_attr_destroy(&attributes);
    if (known) {
      uintptr_t low = reinterpret_cast<uintptr_t>(lowest);
      return {low + std::min(reserve, size / 2), low + size};
    }
  }
#endif
  return {here - reserve, here + reserve};
}

}  // namespace

void check_stack() {
  static thread_local constinit Stack stack [[gnu::tls_model("initial-exec")]];
  const uintptr_t here = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  if (here >= stack.low && here < stack.high) [[likely]]
    return;
  if (here >= stack.high) stack = this_stack(here);  // the first call of this thread, or one from a stack that somebody else made
  if (here >= stack.low && here < stack.high) return;
  throw Error(ErrorKind::limit, "code is nested deeper than the stack of this thread allows");
}

}  // namespace tsrun
