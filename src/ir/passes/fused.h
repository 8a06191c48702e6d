// The operators that passes put in place of several: tsrun::convolution and tsrun::linear (src/ops/fused.cpp).
#pragma once
#include "ir/passes/effects.h"

namespace tsrun {

/// A node of one of the fused operators, with names for its inputs.
class FusedNode {
 public:
  explicit operator bool() const { return node_; }
  Node* node() const { return node_; }
  bool is_convolution() const { return convolution_; }

  // Positions of inputs; see the schemas in src/ops/fused.cpp.
  static constexpr size_t input = 0, residual = 1, weight = 2, bias = 3;
  static constexpr size_t scale = 4, stride = 5, padding = 6, dilation = 7, transposed = 8, output_padding = 9, groups = 10,
                          batched = 11;  // of convolutions
  size_t sum() const { return convolution_ ? 12 : 4; }
  size_t activation() const { return sum() + 1; }
  size_t a() const { return sum() + 2; }
  size_t b() const { return sum() + 3; }
  static constexpr size_t channels_last = 16;  // of convolutions

  bool has(size_t i) const { return !(is_constant(node_->inputs[i]) && node_->inputs[i]->node->value.is_none()); }
  bool has_activation() const { return node_->inputs[activation()]->node->value.to_string() != "none"; }

  static FusedNode of(Node* n);
  /// Is n fused, or a layer that make() can replace: a convolution or linear layer with a constant weight?
  static bool can_make(const Node* n);
  /// n itself when it is fused, else a fused node in its place.
  static FusedNode make(Graph& graph, const PassEnvironment& env, Node* n);

 private:
  Node* node_ = nullptr;
  bool convolution_ = false;
};

}  // namespace tsrun
