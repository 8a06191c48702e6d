#include "runtime/memory_pool.h"

#include <algorithm>
#include <bit>
#include <cstdlib>

#include "tsrun/error.h"

namespace tsrun {

// Class 8 e + m holds blocks of (8 + m + 1) * 2^e * 8 bytes: eight steps for each power of two, from 64 bytes up.
size_t MemoryPool::class_of(size_t bytes) {
  size_t units = (std::max<size_t>(bytes, 64) + 63) / 64;  // 64-byte units
  if (units <= 8) return units - 1;
  size_t e = static_cast<size_t>(std::bit_width(units - 1)) - 4;  // units in (2^(e+3), 2^(e+4)]
  size_t step = size_t{1} << e;
  return 8 * (e + 1) + ((units + step - 1) / step - 8) - 1;
}

size_t MemoryPool::class_bytes(size_t index) {
  if (index < 8) return (index + 1) * 64;
  size_t e = index / 8 - 1;
  return ((index % 8 + 9) << e) * 64;
}

MemoryPool::~MemoryPool() { trim(); }

void MemoryPool::trim() {
  std::lock_guard lock(mutex_);
  for (auto& list : free_) {
    for (void* p : list) std::free(p);
    list.clear();
  }
  cached_ = 0;
}

Ref<Storage> MemoryPool::allocate(size_t bytes) {
  if (bytes > (size_t{1} << 47)) throw Error(ErrorKind::limit, "an allocation of " + std::to_string(bytes) + " bytes is too large");
  size_t index = class_of(bytes), size = class_bytes(index);
  void* block = nullptr;
  {
    std::lock_guard lock(mutex_);
    if (!free_[index].empty()) {
      block = free_[index].back();
      free_[index].pop_back();
      cached_ -= size;
    }
  }
  size_t used = in_use_.fetch_add(size, std::memory_order_relaxed) + size;
  if (limit_ && used > limit_) {
    if (block) put(block, index);
    else in_use_.fetch_sub(size, std::memory_order_relaxed);
    throw Error(ErrorKind::limit, "the session's memory limit of " + std::to_string(limit_) + " bytes is reached");
  }
  if (!block) {
    block = std::aligned_alloc(64, size);
    if (!block) {
      trim();
      block = std::aligned_alloc(64, size);
    }
    if (!block) {
      in_use_.fetch_sub(size, std::memory_order_relaxed);
      throw Error(ErrorKind::limit, "no memory for " + std::to_string(bytes) + " bytes");
    }
  }
  size_t seen = peak_.load(std::memory_order_relaxed);
  while (used > seen && !peak_.compare_exchange_weak(seen, used, std::memory_order_relaxed)) {}
  return make_ref<Storage>(block, bytes, Ref<RefCounted>(this), &give_back);
}

void MemoryPool::put(void* block, size_t index) {
  std::lock_guard lock(mutex_);
  free_[index].push_back(block);
  cached_ += class_bytes(index);
  in_use_.fetch_sub(class_bytes(index), std::memory_order_relaxed);
}

void MemoryPool::give_back(Storage& s) { static_cast<MemoryPool*>(s.owner())->put(s.data(), class_of(s.bytes())); }

}  // namespace tsrun
