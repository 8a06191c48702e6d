#include "runtime/memory_pool.h"

#include <algorithm>
#include <bit>
#include <new>
#include <utility>

#include "ops/kernels/aligned_buffer.h"
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

namespace {

/// Stands before each block; as large as the alignment of tensors.
struct alignas(64) Header {
  size_t index;  ///< the block's class
  void* next;    ///< of the same class, while both are unused: a release must not ask for memory
};
Header& header_of(void* block) { return static_cast<Header*>(block)[-1]; }

void* new_block(size_t bytes, size_t index) try {
  auto* header = static_cast<Header*>(kernels::allocate_pages(bytes + sizeof(Header)));
  header->index = index;
  return header + 1;
} catch (const std::bad_alloc&) { return nullptr; }

void free_block(void* block, size_t bytes) { kernels::free_pages(&header_of(block), bytes + sizeof(Header)); }

}  // namespace

MemoryPool::~MemoryPool() { trim(); }

void MemoryPool::trim() {
  std::lock_guard lock(mutex_);
  for (size_t i = 0; i < classes; ++i) {
    while (void* p = free_[i]) {
      free_[i] = header_of(p).next;
      free_block(p, class_bytes(i));
    }
  }
}

void* MemoryPool::take(size_t& index) {
  constexpr size_t large = 256 * 1024, doubled = 8;  // classes to twice the size
  const size_t last = class_bytes(index) < large ? index : std::min(index + doubled, classes - 1);
  std::lock_guard lock(mutex_);
  for (size_t i = index; i <= last; ++i) {
    void* block = free_[i];
    if (!block) continue;
    free_[i] = header_of(block).next;
    index = i;
    return block;
  }
  return nullptr;
}

Ref<Storage> MemoryPool::allocate(size_t bytes) {
  if (bytes > (size_t{1} << 47)) throw Error(ErrorKind::limit, "an allocation of " + std::to_string(bytes) + " bytes is too large");
  size_t index = class_of(bytes);
  void* block = take(index);
  const size_t size = class_bytes(index), used = in_use_.fetch_add(size, std::memory_order_relaxed) + size;
  if (limit_ && used > limit_) {
    if (block) put(block);
    else in_use_.fetch_sub(size, std::memory_order_relaxed);
    throw Error(ErrorKind::limit, "the session's memory limit of " + std::to_string(limit_) + " bytes is reached");
  }
  if (!block) block = new_block(size, index);
  if (!block) {
    trim();
    block = new_block(size, index);
  }
  if (!block) {
    in_use_.fetch_sub(size, std::memory_order_relaxed);
    throw Error(ErrorKind::limit, "no memory for " + std::to_string(bytes) + " bytes");
  }
  size_t seen = peak_.load(std::memory_order_relaxed);
  while (used > seen && !peak_.compare_exchange_weak(seen, used, std::memory_order_relaxed)) {}
  try {
    return make_ref<Storage>(block, bytes, Ref<RefCounted>(this), &give_back);
  } catch (...) {
    put(block);
    throw;
  }
}

void MemoryPool::put(void* block) {
  const size_t index = header_of(block).index;
  std::lock_guard lock(mutex_);
  header_of(block).next = std::exchange(free_[index], block);
  in_use_.fetch_sub(class_bytes(index), std::memory_order_relaxed);
}

void MemoryPool::give_back(Storage& s) { static_cast<MemoryPool*>(s.owner())->put(s.data()); }

}  // namespace tsrun
