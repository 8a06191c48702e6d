// Reductions that operators of other families build upon. Results are contiguous.
#pragma once
#include <optional>

#include "ops/context.h"

namespace tsrun {

/// Sum over the dimensions; all of them when dims is empty. Integers and bools give int64 unless a dtype is asked for.
Tensor sum(Context& ctx, const Tensor& x, IntSpan dims, bool keepdim = false, std::optional<DType> dtype = {});
Tensor mean(Context& ctx, const Tensor& x, IntSpan dims, bool keepdim = false, std::optional<DType> dtype = {});
/// (sum |x|^p)^(1/p) over the dimensions, p any number or +-infinity; real for complex x.
Tensor vector_norm(Context& ctx, const Tensor& x, double p, IntSpan dims, bool keepdim = false, std::optional<DType> dtype = {});
/// Variance and mean of floating x, in one pass each; divided by max(0, count - correction).
struct Moments {
  Tensor variance, mean;
};
Moments moments(Context& ctx, const Tensor& x, IntSpan dims, double correction, bool keepdim, bool square_root);

}  // namespace tsrun
