// Scaled dot-product attention.
#pragma once
#include <optional>

#include "ops/context.h"

namespace tsrun {

struct AttentionOptions {
  bool causal = false;          ///< query i sees keys 0..i
  std::optional<double> scale;  ///< 1 / sqrt(width) by default
  bool grouped_heads = false;   ///< several heads of q may share one of k and v
  double dropout = 0;           ///< of the weights; only attention_with_weights knows it
};

/// softmax(scale * q k^T + mask) v for q [..., heads, queries, width], k [..., heads, keys, width], v [..., heads, keys, v_width], 4
/// dimensions; floating dtypes, any strides. mask: null, or broadcast to [batch, heads, queries, keys], bool (true: seen) or floating
/// (added). A query that sees no key gets zeros. With heads_inside the result lies in memory as [batch, queries, heads, v_width].
Tensor attention(Context& ctx, const Tensor& q, const Tensor& k, const Tensor& v, const Tensor* mask, const AttentionOptions& options,
                 bool heads_inside);

/// The same through the matrix of weights, which is the second result; batch dimensions of any number broadcast.
std::pair<Tensor, Tensor> attention_with_weights(Context& ctx, const Tensor& q, const Tensor& k, const Tensor& v, const Tensor* mask,
                                                 const AttentionOptions& options);

}  // namespace tsrun
