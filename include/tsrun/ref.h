// Intrusive reference counting: the lifetime of everything a Value or a Tensor points to.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace tsrun {

/// Base of shared objects. Starts at zero references; the first Ref makes it one.
class RefCounted {
 public:
  RefCounted() = default;
  RefCounted(const RefCounted&) {}
  RefCounted& operator=(const RefCounted&) { return *this; }
  virtual ~RefCounted() = default;

  void retain() const noexcept { refs_.fetch_add(1, std::memory_order_relaxed); }
  void release() const noexcept {
    if (refs_.fetch_sub(1, std::memory_order_acq_rel) == 1) destroy();
  }
  /// True while exactly one reference exists: its holder may change the object unseen.
  bool unique() const noexcept { return refs_.load(std::memory_order_acquire) == 1; }

  /// Memory of small objects released on this thread is used again: the steady state of a model makes no trip to the heap.
  static void* operator new(size_t bytes);
  static void operator delete(void* p, size_t bytes) noexcept;

 private:
  /// Deletes this; chains of any length (a linked list of a million nodes) are taken apart without deep recursion.
  void destroy() const noexcept;
  mutable std::atomic<uint64_t> refs_{0};
};

/// Owning pointer to a RefCounted; null by default.
template <class T>
class Ref {
 public:
  Ref() = default;
  Ref(std::nullptr_t) {}
  explicit Ref(T* p) : p_(p) {
    if (p_) p_->retain();
  }
  Ref(const Ref& o) : Ref(o.p_) {}
  Ref(Ref&& o) noexcept : p_(std::exchange(o.p_, nullptr)) {}
  template <class U>
  requires std::is_convertible_v<U*, T*> Ref(const Ref<U>& o) : Ref(o.get()) {}
  Ref& operator=(Ref o) noexcept {
    std::swap(p_, o.p_);
    return *this;
  }
  ~Ref() {
    if (p_) p_->release();
  }

  T* get() const { return p_; }
  T& operator*() const { return *p_; }
  T* operator->() const { return p_; }
  explicit operator bool() const { return p_ != nullptr; }
  friend bool operator==(const Ref& a, const Ref& b) { return a.p_ == b.p_; }
  friend bool operator==(const Ref& a, std::nullptr_t) { return a.p_ == nullptr; }

  /// Takes over one reference that the caller already holds / gives up the one held.
  static Ref adopt(T* p) {
    Ref r;
    r.p_ = p;
    return r;
  }
  T* detach() { return std::exchange(p_, nullptr); }

 private:
  T* p_ = nullptr;
};

template <class T, class... A>
Ref<T> make_ref(A&&... a) {
  static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);  // what RefCounted's operator new gives
  return Ref<T>(new T(std::forward<A>(a)...));
}

}  // namespace tsrun
