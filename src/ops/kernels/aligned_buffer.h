// Memory for packed weights: 64-byte aligned, zero-filled, move-only.
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>

namespace tsrun::kernels {

/// Zeros at a multiple of 64 bytes. Large blocks come from the system in large pages: weights are read in long runs.
void* allocate_zeros(size_t bytes);
void free_zeros(void* data, size_t bytes);

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
    void operator()(T* p) const { free_zeros(p, bytes); }
  };
  std::unique_ptr<T, Free> data_;
  size_t bytes_ = 0;
};

}  // namespace tsrun::kernels
