// Tensor memory of a session: blocks are kept and handed out again, so a run whose shapes were seen before allocates nothing.
#pragma once
#include <array>
#include <atomic>
#include <mutex>

#include "ops/context.h"

namespace tsrun {

/// Blocks come in classes of at most 12.5 % waste. A released block is the next one handed out: it is still in the cache. A large request
/// takes an unused block of up to twice its size before the system is asked for a new one.
/// Tensors that outlive the session keep the pool alive; release may happen on any thread.
class MemoryPool final : public Allocator {
 public:
  /// `limit` in bytes, 0 for none.
  explicit MemoryPool(size_t limit = 0) : limit_(limit) {}
  ~MemoryPool() override;

  Ref<Storage> allocate(size_t bytes) override;
  /// Gives all unused blocks back to the system.
  void trim();
  size_t in_use() const { return in_use_.load(std::memory_order_relaxed); }
  size_t peak() const { return peak_.load(std::memory_order_relaxed); }

 private:
  static constexpr size_t classes = 8 * 48;
  static size_t class_of(size_t bytes);
  static size_t class_bytes(size_t index);
  static void give_back(Storage& s);
  /// An unused block that will do, with its class in `index`; null when there is none.
  void* take(size_t& index);
  void put(void* block);

  std::mutex mutex_;
  std::array<void*, classes> free_{};  // the unused block of each class that was released last
  size_t limit_;
  std::atomic<size_t> in_use_{0}, peak_{0};
};

}  // namespace tsrun
