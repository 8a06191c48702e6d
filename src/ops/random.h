// Filling tensors with random numbers, one by one in PyTorch's order.
#pragma once
#include <numeric>

#include "ops/dispatch.h"
#include "ops/generator.h"
#include "ops/tensor_ops.h"

namespace tsrun {

/// The generator given to the operator, or the session's.
Generator& generator_of(Context& ctx, Generator* given);

/// Calls f(element) for every element, in the order in which they lie in memory.
template <class T, class F>
void for_each_in_memory(const Tensor& t, F&& f) {
  if (t.numel() == 0) return;
  if (t.is_contiguous()) {
    for (T *p = t.data<T>(), *end = p + t.numel(); p != end; ++p) f(*p);
    return;
  }
  Dims order(static_cast<size_t>(t.dim()));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) { return t.stride(a) > t.stride(b); });
  Dims index(order.size());
  T* p = t.data<T>();
  for (int64_t n = t.numel(); n > 0; --n) {
    f(*p);
    for (size_t i = order.size(); i-- > 0;) {
      p += t.stride(order[i]);
      if (++index[i] < t.size(order[i])) break;
      p -= t.stride(order[i]) * index[i];
      index[i] = 0;
    }
  }
}

/// Sets every element of a floating tensor to draw(), a double.
template <class F>
void fill_floats(const Tensor& t, const char* name, F&& draw) {
  dispatch(FloatTypes{}, t.dtype(), name,
           [&]<class T>() { for_each_in_memory<T>(t, [&](T& e) { e = static_cast<T>(static_cast<Compute<T>>(draw())); }); });
}

/// torch.dropout in training, with the session's generator.
Tensor dropout(Context& ctx, const Tensor& input, double p);

void fill_uniform(const Tensor& t, double from, double to, Generator& g);
void fill_normal(const Tensor& t, double mean, double std, Generator& g);
/// 1 with probability p, else 0; any dtype.
void fill_bernoulli(const Tensor& t, double p, Generator& g);
void fill_exponential(const Tensor& t, double lambda, Generator& g);
/// Integers from `from` to below `to`.
void fill_integers(const Tensor& t, int64_t from, int64_t to, Generator& g);
/// `base` plus a number below `range`; a range of 0 means all 2^64.
void fill_range(const Tensor& t, uint64_t range, int64_t base, Generator& g);

/// The largest integer up to which the element type has no gaps.
template <class T>
constexpr uint64_t largest_whole() {
  if constexpr (std::is_same_v<T, Half>) return uint64_t{1} << 11;
  else if constexpr (std::is_same_v<T, BFloat16>) return uint64_t{1} << 8;
  else if constexpr (std::is_floating_point_v<T>) return uint64_t{1} << std::numeric_limits<T>::digits;
  else return static_cast<uint64_t>(std::numeric_limits<T>::max());
}
template <class T>
T from_integer(int64_t v) {
  if constexpr (is_half_type<T>) return static_cast<T>(static_cast<float>(v));
  else return static_cast<T>(v);
}

}  // namespace tsrun
