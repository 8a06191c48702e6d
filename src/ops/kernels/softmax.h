// Softmax and its logarithm along one dimension.
#pragma once
#include <cstdint>

namespace tsrun::kernels {

enum class SoftmaxKind : uint8_t { softmax, log_softmax };

/// x and y are contiguous [outer, n, inner]; the sums run over the middle dimension (inner = 1: rows). y may be x.
/// A row that is all -infinity, or holds NaN or +infinity, becomes NaN as in PyTorch. f32 sums in f32, a vector of partial sums per row.
void softmax(SoftmaxKind kind, const float* x, float* y, int64_t outer, int64_t n, int64_t inner, int threads);
void softmax(SoftmaxKind kind, const double* x, double* y, int64_t outer, int64_t n, int64_t inner, int threads);

}  // namespace tsrun::kernels
