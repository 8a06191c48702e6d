// Copies in which every dimension reads its source indices from a list of its own: flips, rolls, repeats, reflecting and wrapping pads.
#pragma once
#include <vector>

#include "ops/tensor_ops.h"

namespace tsrun {

/// The source indices start, start + step, ... of a dimension.
struct IndexRun {
  int64_t start, step, length;
};
using IndexMap = std::vector<IndexRun>;

/// All indices in order.
IndexMap identity_map(int64_t size);
/// The indices index(0) ... index(count - 1), gathered into runs.
template <class F>
IndexMap index_map(int64_t count, F&& index) {
  IndexMap map;
  for (int64_t i = 0; i < count; ++i) {
    int64_t at = index(i);
    if (!map.empty() && map.back().length == 1) map.back().step = at - map.back().start;
    if (!map.empty() && at == map.back().start + map.back().step * map.back().length) ++map.back().length;
    else map.push_back({at, 0, 1});
  }
  return map;
}

/// A new tensor with the elements of x that the maps name, one map for each dimension; `strides` of the result must be dense.
/// Throws Error (internal) for an index outside x.
Tensor copy_mapped(Context& ctx, const Tensor& x, const std::vector<IndexMap>& maps, MemoryFormat format = MemoryFormat::contiguous);

}  // namespace tsrun
