#include "tsrun/ref.h"

#include <new>

namespace tsrun {
namespace {

constexpr size_t step = 16, largest = 256, most = 256;  // sizes of objects whose memory is kept, and how many of each size

struct FreeObjects {
  struct List {
    void* first = nullptr;
    size_t count = 0;
  };
  List lists[largest / step];
};

// Of one thread. initial-exec: read without a call; the room for such variables is small, so they are few.
thread_local constinit FreeObjects* free_objects [[gnu::tls_model("initial-exec")]] = nullptr;
thread_local constinit bool closed [[gnu::tls_model("initial-exec")]] = false;  // the thread is ending

struct FreeOwner {
  ~FreeOwner() {
    closed = true;
    FreeObjects* objects = std::exchange(free_objects, nullptr);
    for (FreeObjects::List& list : objects->lists)
      while (list.first) ::operator delete(std::exchange(list.first, *static_cast<void**>(list.first)));
    delete objects;
  }
};

/// False when there is no memory for the lists.
bool open_lists() {
  free_objects = new (std::nothrow) FreeObjects;
  if (!free_objects) return false;
  static thread_local FreeOwner owner;
  (void)owner;
  return true;
}

size_t list_of(size_t bytes) { return (bytes - 1) / step; }

#ifdef __SANITIZE_ADDRESS__
constexpr bool keeps = false;  // memory that is used again would hide uses of released objects
#else
constexpr bool keeps = true;
#endif

}  // namespace

void* RefCounted::operator new(size_t bytes) {
  if (keeps && bytes <= largest && free_objects) {
    FreeObjects::List& list = free_objects->lists[list_of(bytes)];
    if (void* p = list.first) {
      list.first = *static_cast<void**>(p);
      --list.count;
      return p;
    }
  }
  return ::operator new(keeps&& bytes <= largest ? (bytes + step - 1) / step * step : bytes);
}

void RefCounted::operator delete(void* p, size_t bytes) noexcept {
  if (!keeps || bytes > largest || closed || (!free_objects && !open_lists())) return ::operator delete(p);
  FreeObjects::List& list = free_objects->lists[list_of(bytes)];
  if (list.count >= most) return ::operator delete(p);
  *static_cast<void**>(p) = std::exchange(list.first, p);
  ++list.count;
}

void RefCounted::destroy() const noexcept {
  constexpr int max_depth = 100;
  static thread_local constinit int depth [[gnu::tls_model("initial-exec")]] = 0;
  static thread_local constinit const RefCounted* waiting [[gnu::tls_model("initial-exec")]] =
      nullptr;  // linked through their counts, which nobody reads any more
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
