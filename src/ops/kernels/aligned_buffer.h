// Memory for packed weights: 64-byte aligned, zero-filled, move-only.
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>

namespace tsrun::kernels {

/// Bytes at a multiple of 64, uninitialised. Large blocks come from the system in large pages: they are read and written in long runs.
/// Throws std::bad_alloc. free_pages() wants the same size.
void* allocate_pages(size_t bytes);
void free_pages(void* data, size_t bytes);
/// As allocate_pages(), filled with zeros.
void* allocate_zeros(size_t bytes);

template <class T>
class AlignedBuffer {
 public:
  AlignedBuffer() = default;

  /// Zeros. Throws std::bad_alloc when count is negative or too large for memory.
  explicit AlignedBuffer(int64_t count) {
    if (count < 0 || count > std::numeric_limits<int64_t>::max() / static_cast<int64_t>(sizeof(T))) throw std::bad_alloc();
    bytes_ = static_cast<size_t>(count) * sizeof(T);
    data_ = std::unique_ptr<T, Free>(static_cast<T*>(allocate_zeros(bytes_)), Free{bytes_});
  }

  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  size_t bytes() const { return bytes_; }

 private:
  struct Free {
    size_t bytes = 0;
    void operator()(T* p) const { free_pages(p, bytes); }
  };
  std::unique_ptr<T, Free> data_;
  size_t bytes_ = 0;
};

}  // namespace tsrun::kernels
