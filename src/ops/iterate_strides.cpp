#include <algorithm>

#include "ops/iterate.h"
#include "ops/tensor_ops.h"
#include "ops/view.h"

namespace tsrun {

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

  size_t count = 0;
  std::array<Dims, 6> strides;
  std::array<IntSpan, 6> spans;
  for (const PassInput& in : inputs)
    if (in.tensor) {
      strides[count] = broadcast_strides(in.tensor->sizes(), in.tensor->strides(), sizes);
      spans[count] = strides[count];
      ++count;
    }
  return iterator_strides(sizes, std::span(spans).first(count));
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
