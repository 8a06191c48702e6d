// What a tensor that requires gradients says about its origin.
#pragma once
#include "tsrun/tensor.h"

namespace tsrun {

/// TensorImpl::extra of a tensor that came out of a differentiable operator: it is no leaf.
struct Computed : RefCounted {
  explicit Computed(bool view) : view_of_leaf(view) {}
  bool view_of_leaf;
};

inline const Computed* computed(const Tensor& x) { return dynamic_cast<const Computed*>(x.impl()->extra.get()); }
inline bool is_leaf(const Tensor& x) { return !x.requires_grad() || !computed(x); }

}  // namespace tsrun
