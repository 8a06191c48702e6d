// Memory for packed weights: 64-byte aligned, zero-filled, move-only.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <new>

namespace tsrun::kernels {

template <class T>
class AlignedBuffer {
 public:
  AlignedBuffer() = default;

  /// Throws std::bad_alloc when count is negative or too large for memory.
  explicit AlignedBuffer(int64_t count) {
    if (count < 0 || count > std::numeric_limits<int64_t>::max() / static_cast<int64_t>(sizeof(T))) throw std::bad_alloc();
    size_t size = static_cast<size_t>(count) * sizeof(T);
    data_.reset(static_cast<T*>(::operator new (size, std::align_val_t{64})));
    std::memset(data_.get(), 0, size);
    bytes_ = size;
  }

  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  size_t bytes() const { return bytes_; }

 private:
  struct Free {
    void operator()(T* p) const { ::operator delete (p, std::align_val_t{64}); }
  };
  std::unique_ptr<T, Free> data_;
  size_t bytes_ = 0;
};

}  // namespace tsrun::kernels
