#include <algorithm>

#include "ops/iterate.h"
#include "ops/tensor_ops.h"

namespace tsrun {

/// Does every element have its own place, with no gaps between them?
static bool is_dense(const Tensor& t) {
  Dims order;
  for (int64_t d = 0; d < t.dim(); ++d)
    if (t.size(d) != 1) order.push_back(d);
  std::sort(order.begin(), order.end(), [&](int64_t a, int64_t b) { return t.stride(a) < t.stride(b); });
  int64_t expected = 1;
  for (int64_t d : order) {
    if (t.stride(d) != expected) return false;
    expected *= t.size(d);
  }
  return true;
}

/// PyTorch's comparison of two dimensions in memory: positive when `inner` has the larger steps and should lie outside `outer`.
/// Inputs are asked in order; one that is broadcast along either dimension has no opinion.
static int compare_dims(std::span<const Dims> strides, IntSpan sizes, size_t inner, size_t outer) {
  for (const Dims& s : strides) {
    if (s[inner] == 0 || s[outer] == 0) continue;
    if (s[inner] != s[outer]) return s[inner] < s[outer] ? -1 : 1;
    if (sizes[inner] > sizes[outer]) return 1;
  }
  return 0;
}

Dims broadcast_sizes(std::span<const PassInput> inputs) {
  Dims sizes;
  bool first = true;
  for (const PassInput& in : inputs) {
    if (!in.tensor) continue;
    if (first) sizes = Dims(in.tensor->sizes());
    else if (!std::ranges::equal(sizes, in.tensor->sizes())) sizes = broadcast_sizes(sizes, in.tensor->sizes());
    first = false;
  }
  return sizes;
}

Dims result_strides(std::span<const PassInput> inputs, IntSpan sizes) {
  bool same = true, contiguous = true, channels_last = true, dense = true;
  const Tensor* first = nullptr;
  for (const PassInput& in : inputs) {
    same = same && in.tensor && std::ranges::equal(in.tensor->sizes(), sizes);
    if (!same) break;
    if (!first) first = in.tensor;
    contiguous = contiguous && in.tensor->is_contiguous();
    channels_last = channels_last && sizes.size() == 4 && in.tensor->is_contiguous(MemoryFormat::channels_last);
    dense = dense && std::ranges::equal(in.tensor->strides(), first->strides()) && is_dense(*in.tensor);
  }
  if (same && contiguous) return contiguous_strides(sizes);
  if (same && channels_last) return strides_for(sizes, MemoryFormat::channels_last);
  if (same && dense) return Dims(first->strides());

  size_t rank = sizes.size(), count = 0;
  std::array<Dims, 6> strides;
  for (const PassInput& in : inputs)
    if (in.tensor) strides[count++] = broadcast_strides(in.tensor->sizes(), in.tensor->strides(), sizes);
  Dims order(rank);  // innermost first
  for (size_t i = 0; i < rank; ++i) order[i] = static_cast<int64_t>(rank - 1 - i);
  for (size_t i = 1; i < rank; ++i) {  // insertion sort that passes over pairs it cannot tell apart
    size_t at = i;
    for (size_t j = i; j-- > 0;) {
      int c = compare_dims(std::span(strides).first(count), sizes, static_cast<size_t>(order[j]), static_cast<size_t>(order[at]));
      if (c < 0) break;
      if (c > 0) {
        std::swap(order[j], order[at]);
        at = j;
      }
    }
  }
  Dims out(rank);
  int64_t step = 1;
  for (int64_t d : order) {
    out[static_cast<size_t>(d)] = step;
    step *= std::max<int64_t>(sizes[static_cast<size_t>(d)], 1);
  }
  return out;
}

bool destination_fits(const Context& ctx, std::span<const PassInput> inputs, IntSpan sizes, DType result) {
  if (!ctx.destination) return false;
  const Tensor& out = *ctx.destination;
  if (out.dtype() != result || !std::ranges::equal(out.sizes(), sizes)) return false;
  for (int64_t d = 0; d < out.dim(); ++d)
    if (out.stride(d) == 0 && out.size(d) > 1) return false;
  for (const PassInput& in : inputs) {
    if (!in.tensor || in.tensor->is_same(out)) continue;
    const Tensor& t = *in.tensor;
    bool identical = t.data() == out.data() && t.dtype() == out.dtype() && std::ranges::equal(t.sizes(), out.sizes()) &&
                     std::ranges::equal(t.strides(), out.strides());
    if (!identical && may_overlap(t, out)) return false;
  }
  return true;
}

}  // namespace tsrun
