#include "tsrun/ref.h"

#include <new>

namespace tsrun {
namespace {

constexpr size_t step = 16, largest = 256, most = 256;  // sizes of objects whose memory is kept, and how many of each size

/// Of one thread. Trivial, so that reading it costs no check for its construction; FreeOwner empties it.
struct FreeObjects {
  struct List {
    void* first;
    size_t count;
  };
  List lists[largest / step];
  bool owned;   // a FreeOwner exists
  bool closed;  // the thread is ending
};
thread_local constinit FreeObjects free_objects{};

struct FreeOwner {
  ~FreeOwner() {
    free_objects.closed = true;
    for (FreeObjects::List& list : free_objects.lists)
      while (list.first) ::operator delete(std::exchange(list.first, *static_cast<void**>(list.first)));
  }
};

size_t list_of(size_t bytes) { return (bytes - 1) / step; }

#ifdef __SANITIZE_ADDRESS__
constexpr bool keeps = false;  // memory that is used again would hide uses of released objects
#else
constexpr bool keeps = true;
#endif

}  // namespace

void* RefCounted::operator new(size_t bytes) {
  if (keeps && bytes <= largest) {
    FreeObjects::List& list = free_objects.lists[list_of(bytes)];
    if (void* p = list.first) {
      list.first = *static_cast<void**>(p);
      --list.count;
      return p;
    }
  }
  return ::operator new(keeps&& bytes <= largest ? (bytes + step - 1) / step * step : bytes);
}

void RefCounted::operator delete(void* p, size_t bytes) noexcept {
  FreeObjects& here = free_objects;
  if (!keeps || bytes > largest || here.closed || here.lists[list_of(bytes)].count >= most) return ::operator delete(p);
  if (!here.owned) {
    static thread_local FreeOwner owner;
    (void)owner;
    here.owned = true;
  }
  FreeObjects::List& list = here.lists[list_of(bytes)];
  *static_cast<void**>(p) = std::exchange(list.first, p);
  ++list.count;
}

void RefCounted::destroy() const noexcept {
  constexpr int max_depth = 100;
  static thread_local constinit int depth = 0;
  static thread_local constinit const RefCounted* waiting = nullptr;  // linked through their counts, which nobody reads any more
  if (depth >= max_depth) {
    refs_.store(reinterpret_cast<uintptr_t>(std::exchange(waiting, this)), std::memory_order_relaxed);
    return;
  }
  ++depth;
  delete this;
  if (--depth > 0) return;
  while (waiting) {
    const RefCounted* next = waiting;
    waiting = reinterpret_cast<const RefCounted*>(static_cast<uintptr_t>(next->refs_.load(std::memory_order_relaxed)));
    ++depth;
    delete next;
    --depth;
  }
}

}  // namespace tsrun
