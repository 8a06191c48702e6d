// Size arithmetic shared by all operators: one copy of each rule.
#pragma once
#include "ops/check.h"
#include "tsrun/tensor.h"

namespace tsrun {

/// dim in [-rank, rank) to [0, rank); a 0-dim tensor accepts -1 and 0. Throws PyTorch's "Dimension out of range".
inline int64_t wrap_dim(int64_t dim, int64_t rank) {
  int64_t range = rank > 0 ? rank : 1;
  check(dim >= -range && dim < range, "Dimension out of range (expected to be in range of [", -range, ", ", range - 1, "], but got ", dim,
        ")");
  return dim < 0 ? dim + range : dim;
}

/// Sizes both broadcast to. Throws Error (model) naming the dimension that does not match.
Dims broadcast_sizes(IntSpan a, IntSpan b);
/// Strides that make a tensor of `sizes`, `strides` read as if it had the broadcast sizes `to`.
Dims broadcast_strides(IntSpan sizes, IntSpan strides, IntSpan to);
/// `sizes` with one -1 replaced so that the product is numel (view, reshape, unflatten).
Dims infer_size(IntSpan sizes, int64_t numel);
/// Output length of a convolution or pooling window; ceil_mode as in PyTorch (no window starts in the padding behind the end).
int64_t window_count(int64_t input, int64_t kernel, int64_t pad_low, int64_t pad_high, int64_t stride, int64_t dilation,
                     bool ceil_mode = false);
/// One value repeated to n, n values as they are ("kernel_size" of 1 or n ints).
Dims expand_to(IntSpan values, size_t n, const char* what);
/// Which dimensions a reduction removes: bit d set for each; all when dims is empty or absent. At most 64 dimensions; throws for repeats.
uint64_t dim_mask(IntSpan dims, int64_t rank, bool empty_means_all = true);
/// sizes without (or, keepdim, with 1 for) the dimensions of the mask.
Dims reduced_sizes(IntSpan sizes, uint64_t mask, bool keepdim);

}  // namespace tsrun
