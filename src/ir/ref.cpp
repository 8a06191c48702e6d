#include "tsrun/ref.h"

#include <vector>

namespace tsrun {

void RefCounted::destroy() const noexcept {
  constexpr int max_depth = 100;
  thread_local int depth = 0;
  thread_local std::vector<const RefCounted*> waiting;
  if (depth >= max_depth) {
    waiting.push_back(this);
    return;
  }
  ++depth;
  delete this;
  if (--depth == 0) {
    while (!waiting.empty()) {
      const RefCounted* next = waiting.back();
      waiting.pop_back();
      ++depth;
      delete next;
      --depth;
    }
  }
}

}  // namespace tsrun
