// The one-dimensional slices of tensors along a dimension, and the order of numbers that sorting uses.
#pragma once
#include <array>
#include <atomic>
#include <tuple>

#include "ops/dispatch.h"
#include "ops/kernels/parallel.h"
#include "ops/tensor_ops.h"

namespace tsrun {

/// N tensors that agree in all sizes but that of `dim`; their slices along it, counted in row-major order of the other dimensions.
template <size_t N>
class SliceLoop {
 public:
  SliceLoop(int64_t dim, const std::array<const Tensor*, N>& tensors) {
    const Tensor& first = *tensors[0];
    for (int64_t d = 0; d < first.dim(); ++d) {
      if (d == dim) continue;
      sizes_.push_back(first.size(d));
      count_ *= first.size(d);
      for (size_t k = 0; k < N; ++k) strides_[k].push_back(tensors[k]->stride(d));
    }
    for (size_t k = 0; k < N; ++k) steps_[k] = tensors[k]->dim() == 0 ? 1 : tensors[k]->stride(dim);
  }

  int64_t count() const { return count_; }
  /// Distance of two neighbours in a slice of operand k, in elements.
  int64_t step(size_t k) const { return steps_[k]; }
  /// Where slice i starts in each operand, in elements.
  std::array<int64_t, N> start(int64_t i) const {
    std::array<int64_t, N> at{};
    for (size_t d = sizes_.size(); d-- > 0; i /= sizes_[d])
      for (size_t k = 0; k < N; ++k) at[k] += i % sizes_[d] * strides_[k][d];
    return at;
  }

  /// f(starts, buffer) for every slice, on several threads; each has its own buffer of `length` B. f must not throw.
  template <class B, class F>
  void run(Context& ctx, int64_t length, F&& f) const {
    int64_t bytes = checked_numel(Dims{std::max(ctx.threads, 1), length}, sizeof(B)) * static_cast<int64_t>(sizeof(B));
    Ref<Storage> memory = ctx.workspace(static_cast<size_t>(bytes));
    std::atomic<int64_t> next{0};
    kernels::parallel_for(ctx.threads, count_, std::max<int64_t>(4096 / std::max<int64_t>(length, 1), 1), [&](int64_t begin, int64_t end) {
      B* buffer = reinterpret_cast<B*>(memory->data()) + next++ * length;
      for (int64_t i = begin; i < end; ++i) f(start(i), buffer);
    });
  }

 private:
  Dims sizes_;
  std::array<Dims, N> strides_;
  std::array<int64_t, N> steps_;
  int64_t count_ = 1;
};

/// A number and where it came from. Halves are widened to float.
template <class T>
struct Ranked {
  Compute<T> value;
  int64_t index;
};

template <class V>
bool is_nan(V v) {
  return v != v;
}
/// NaN is larger than every number.
struct Ascending {
  template <class R>
  bool operator()(const R& a, const R& b) const {
    return a.value < b.value || (is_nan(b.value) && !is_nan(a.value));
  }
};
struct Descending {
  template <class R>
  bool operator()(const R& a, const R& b) const {
    return a.value > b.value || (is_nan(a.value) && !is_nan(b.value));
  }
};

template <class T>
void load_slice(const T* x, int64_t step, Ranked<T>* to, int64_t n) {
  for (int64_t i = 0; i < n; ++i) to[i] = {static_cast<Compute<T>>(x[i * step]), i};
}

/// Length of a slice: a tensor without dimensions has slices of one.
inline int64_t slice_length(const Tensor& x, int64_t dim) { return x.dim() == 0 ? 1 : x.size(dim); }

/// Values and indices have the dense strides of x. Without `stable` equal numbers come in the order that std::sort leaves them, as in
/// PyTorch.
std::tuple<Tensor, Tensor> sort(Context& ctx, const Tensor& x, int64_t dim, bool descending, bool stable);

/// Copies results into tensors given by keyword (out=), which take their sizes.
std::tuple<Tensor, Tensor> deliver(Context& ctx, std::tuple<Tensor, Tensor> results, const Tensor& values, const Tensor& indices);

}  // namespace tsrun
