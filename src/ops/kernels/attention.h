// Scaled dot-product attention, f32: y = softmax(scale q k^T + mask) v for every image of the batch and head.
#pragma once
#include <cstddef>
#include <cstdint>

namespace tsrun::kernels {

/// An operand [batch, heads, rows, columns] whose columns are adjacent; strides in elements, 0 to broadcast.
struct AttentionOperand {
  const float* data;
  int64_t batch_stride, head_stride, row_stride;
};

struct AttentionShape {
  int64_t batch, heads;
  int64_t heads_per_kv = 1;  ///< query heads that share one head of k and v
  int64_t queries, keys;
  int64_t width;        ///< columns of q and k
  int64_t v_width;      ///< columns of v and y
  float scale;          ///< 1 / sqrt(width) unless the model says otherwise
  bool causal = false;  ///< query i sees keys 0..i
};

/// Bytes of workspace for attention(); 64-byte aligned memory is best, any float-aligned works. Throws std::bad_alloc when the size cannot
/// be represented (expanded tensors may claim any size).
size_t attention_workspace(const AttentionShape& shape, int threads);

/// mask is added to the scaled scores; its data is null when there is none (a boolean mask is 0 where true and -infinity where false).
/// A query that sees no key gets zeros. y is [batch, heads, queries, v_width] through its strides and overlaps no input.
void attention(const AttentionShape& shape, const AttentionOperand& q, const AttentionOperand& k, const AttentionOperand& v,
               const AttentionOperand& mask, float* y, int64_t y_batch_stride, int64_t y_head_stride, int64_t y_row_stride, void* workspace,
               int threads);

}  // namespace tsrun::kernels
