// Sizes, strides and other short lists of integers, without a heap allocation for up to six of them.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <span>
#include <utility>

namespace tsrun {

using IntSpan = std::span<const int64_t>;

class Dims {
 public:
  static constexpr size_t inline_capacity = 6;

  Dims() = default;
  explicit Dims(size_t n, int64_t value = 0) { resize(n, value); }
  Dims(std::initializer_list<int64_t> v) : Dims(IntSpan(v.begin(), v.size())) {}
  Dims(IntSpan v) { assign(v); }
  Dims(const Dims& o) : Dims(IntSpan(o)) {}
  Dims(Dims&& o) noexcept { take(o); }
  Dims& operator=(const Dims& o) {
    if (this != &o) assign(o);
    return *this;
  }
  Dims& operator=(Dims&& o) noexcept {
    if (this != &o) {
      free();
      take(o);
    }
    return *this;
  }
  ~Dims() { free(); }

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  int64_t* data() { return data_; }
  const int64_t* data() const { return data_; }
  int64_t* begin() { return data_; }
  int64_t* end() { return data_ + size_; }
  const int64_t* begin() const { return data_; }
  const int64_t* end() const { return data_ + size_; }
  int64_t& operator[](size_t i) { return data_[i]; }
  int64_t operator[](size_t i) const { return data_[i]; }
  int64_t& front() { return data_[0]; }
  int64_t front() const { return data_[0]; }
  int64_t& back() { return data_[size_ - 1]; }
  int64_t back() const { return data_[size_ - 1]; }
  operator IntSpan() const { return {data_, size_}; }

  void reserve(size_t n) {
    if (n <= capacity_) return;
    n = std::max<size_t>(n, 2 * capacity_);
    auto* bigger = new int64_t[n];
    std::memcpy(bigger, data_, size_ * sizeof(int64_t));
    free();
    data_ = bigger;
    capacity_ = static_cast<uint32_t>(n);
  }
  void resize(size_t n, int64_t value = 0) {
    reserve(n);
    if (n > size_) std::fill(data_ + size_, data_ + n, value);
    size_ = static_cast<uint32_t>(n);
  }
  void push_back(int64_t v) {
    reserve(size_ + 1);
    data_[size_++] = v;
  }
  void pop_back() { --size_; }
  void clear() { size_ = 0; }
  void assign(IntSpan v) {
    reserve(v.size());
    if (!v.empty()) std::memmove(data_, v.data(), v.size_bytes());
    size_ = static_cast<uint32_t>(v.size());
  }
  void insert(size_t at, int64_t v) {
    push_back(v);
    std::rotate(data_ + at, data_ + size_ - 1, data_ + size_);
  }
  void erase(size_t at) {
    std::copy(data_ + at + 1, data_ + size_, data_ + at);
    --size_;
  }
  friend bool operator==(const Dims& a, const Dims& b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

 private:
  void free() {
    if (data_ != inline_) delete[] data_;
    data_ = inline_;
    capacity_ = inline_capacity;
  }
  void take(Dims& o) {
    size_ = o.size_;
    if (o.data_ == o.inline_) {
      std::memcpy(inline_, o.inline_, sizeof inline_);
    } else {
      data_ = std::exchange(o.data_, o.inline_);
      capacity_ = std::exchange(o.capacity_, uint32_t{inline_capacity});
    }
    o.size_ = 0;
  }

  int64_t* data_ = inline_;
  uint32_t size_ = 0;
  uint32_t capacity_ = inline_capacity;
  int64_t inline_[inline_capacity] = {};
};

}  // namespace tsrun
