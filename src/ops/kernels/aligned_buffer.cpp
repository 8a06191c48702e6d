#include "ops/kernels/aligned_buffer.h"

#include <sys/mman.h>

#include <cstring>
#include <new>

namespace tsrun::kernels {
namespace {

constexpr size_t alignment = 64, large_page = size_t{2} << 20, most_populated = size_t{64} << 20;

/// Blocks below that are the heap's, and all of them where a sanitizer is to see their ends.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr size_t least_mapped = SIZE_MAX;
#else
constexpr size_t least_mapped = large_page / 2;
#endif

size_t mapped_size(size_t bytes) { return (bytes + 4095) / 4096 * 4096; }

}  // namespace

void* allocate_pages(size_t bytes) {
  if (bytes < least_mapped) return ::operator new (bytes, std::align_val_t{alignment});
  // A larger piece of address space, cut to begin at a large page.
  const size_t size = mapped_size(bytes);
  if (size < bytes || size + large_page < size) throw std::bad_alloc();
  void* p = ::mmap(nullptr, size + large_page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED) throw std::bad_alloc();
  auto* begin = static_cast<std::byte*>(p);
  const size_t before = (large_page - reinterpret_cast<uintptr_t>(p) % large_page) % large_page, after = large_page - before;
  if (before) ::munmap(begin, before);
  if (after) ::munmap(begin + before + size, after);
#ifdef MADV_HUGEPAGE
  ::madvise(begin + before, size, MADV_HUGEPAGE);
#endif
#ifdef MADV_POPULATE_WRITE  // one call instead of a fault for each page; what is larger may never be touched
  if (size <= most_populated) ::madvise(begin + before, size, MADV_POPULATE_WRITE);
#endif
  return begin + before;
}

void* allocate_zeros(size_t bytes) {
  void* p = allocate_pages(bytes);
  return bytes < least_mapped ? std::memset(p, 0, bytes) : p;
}

void free_pages(void* data, size_t bytes) {
  if (!data) return;
  if (bytes < least_mapped) ::operator delete (data, std::align_val_t{alignment});
  else ::munmap(data, mapped_size(bytes));
}

}  // namespace tsrun::kernels
