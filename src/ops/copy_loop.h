// Walks over several strided tensors of equal sizes at once, in whole rows.
#pragma once
#include <array>

#include "ops/kernels/parallel.h"
#include "tsrun/tensor.h"

namespace tsrun {

/// One tensor of a StridedLoop: the first element and, for each dimension, the distance to the next one in elements.
struct LoopOperand {
  const void* data;
  IntSpan strides;
  size_t item_bytes;
};
inline LoopOperand loop_operand(const Tensor& t) { return {t.data(), t.strides(), item_size(t.dtype())}; }

/// Dimensions are ordered by the first operand's strides (later operands decide where those are 0) and merged where all operands allow it.
/// At least one operand; all have one stride for each of `sizes`.
template <size_t N>
class StridedLoop {
 public:
  StridedLoop(IntSpan sizes, const std::array<LoopOperand, N>& operands) {
    for (size_t k = 0; k < N; ++k) data_[k] = static_cast<char*>(const_cast<void*>(operands[k].data));
    for (size_t d = 0; d < sizes.size(); ++d) {
      numel_ *= sizes[d];
      if (sizes[d] == 1) continue;
      std::array<int64_t, N> strides;
      for (size_t k = 0; k < N; ++k) strides[k] = operands[k].strides[d] * static_cast<int64_t>(operands[k].item_bytes);
      size_t at = sizes_.size();
      while (at > 0 && steps_less(at - 1, strides)) --at;
      sizes_.insert(at, sizes[d]);
      for (size_t k = 0; k < N; ++k) strides_[k].insert(at, strides[k]);
    }
    if (numel_ > 0) merge();
    if (sizes_.empty()) {
      sizes_.push_back(1);
      for (Dims& s : strides_) s.push_back(static_cast<int64_t>(operands[0].item_bytes));
    }
  }

  int64_t numel() const { return numel_; }
  /// Length of a full row, and each operand's distance between its elements in bytes.
  int64_t row() const { return sizes_.back(); }
  int64_t step(size_t k) const { return strides_[k].back(); }

  /// f(pointers, steps, n): the first n elements from pointers[k] on, steps[k] bytes apart. Rows may come in parts. f must not throw.
  template <class F>
  void run(int threads, F&& f, int64_t grain = 32768) const {
    std::array<int64_t, N> steps;
    for (size_t k = 0; k < N; ++k) steps[k] = step(k);
    kernels::parallel_for(threads, numel_, grain, [&](int64_t begin, int64_t end) { run_range(begin, end, steps, f); });
  }

 private:
  /// Should dimension d lie inside (after) one with these strides?
  bool steps_less(size_t d, const std::array<int64_t, N>& strides) const {
    for (size_t k = 0; k < N; ++k) {
      if (strides_[k][d] == 0 || strides[k] == 0) continue;
      if (strides_[k][d] != strides[k]) return strides_[k][d] < strides[k];
    }
    return false;
  }

  void merge() {
    size_t kept = 0;
    for (size_t d = 1; d < sizes_.size(); ++d) {
      bool joins = true;
      for (size_t k = 0; k < N; ++k) joins = joins && strides_[k][kept] == strides_[k][d] * sizes_[d];
      if (joins) {
        sizes_[kept] *= sizes_[d];
      } else {
        sizes_[++kept] = sizes_[d];
      }
      for (size_t k = 0; k < N; ++k) strides_[k][kept] = strides_[k][d];
    }
    if (sizes_.empty()) return;
    sizes_.resize(kept + 1);
    for (Dims& s : strides_) s.resize(kept + 1);
  }

  template <class F>
  void run_range(int64_t begin, int64_t end, const std::array<int64_t, N>& steps, F& f) const {
    size_t outer = sizes_.size() - 1;
    Dims index(outer);
    std::array<char*, N> rows = data_;
    int64_t left = begin / row(), inner = begin % row();
    for (size_t d = outer; d-- > 0; left /= sizes_[d]) {
      index[d] = left % sizes_[d];
      for (size_t k = 0; k < N; ++k) rows[k] += index[d] * strides_[k][d];
    }
    while (begin < end) {
      std::array<char*, N> at = rows;
      for (size_t k = 0; k < N; ++k) at[k] += inner * steps[k];
      int64_t n = std::min(row() - inner, end - begin);
      f(at, steps, n);
      begin += n;
      inner = 0;
      for (size_t d = outer; d-- > 0;) {
        for (size_t k = 0; k < N; ++k) rows[k] += strides_[k][d];
        if (++index[d] < sizes_[d]) break;
        index[d] = 0;
        for (size_t k = 0; k < N; ++k) rows[k] -= sizes_[d] * strides_[k][d];
      }
    }
  }

  int64_t numel_ = 1;
  Dims sizes_;
  std::array<Dims, N> strides_;
  std::array<char*, N> data_;
};

/// Calls f.template operator()<T>() with an unsigned (or two-word) type of that many bytes: 1, 2, 4, 8 or 16.
struct Word16 {
  uint64_t low, high;
};
template <class F>
void for_item_size(size_t bytes, F&& f) {
  switch (bytes) {
    case 1: return f.template operator()<uint8_t>();
    case 2: return f.template operator()<uint16_t>();
    case 4: return f.template operator()<uint32_t>();
    case 8: return f.template operator()<uint64_t>();
    default: return f.template operator()<Word16>();
  }
}

}  // namespace tsrun
