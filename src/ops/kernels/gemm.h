// Matrix products on raw pointers: C[M,N] = activation(A[M,K] * B[K,N] + bias[N] + residual[M,N]), for float and double.
//
// Strides and leading dimensions count elements. C has contiguous rows at distance ldc and must not overlap A or B. No alignment is asked
// of any matrix. K = 0 is a sum of nothing (C becomes activation(bias + residual)); M = 0 or N = 0 does nothing.
// Results do not depend on the number of threads, bit for bit. They may differ in the last bits between instruction sets.
#pragma once
#include <cstddef>
#include <cstdint>

#include "ops/kernels/aligned_buffer.h"
#include "ops/kernels/isa.h"

namespace tsrun::kernels {

enum class ActivationKind : uint8_t {
  none,
  relu,
  relu6,
  hardtanh,    ///< clamped to [a, b]
  leaky_relu,  ///< x < 0 ? a * x : x
  hardswish,
  hardsigmoid,
  silu,
  sigmoid,
  tanh,
  gelu,       ///< with erf
  gelu_tanh,  ///< PyTorch's approximate="tanh"
};

/// Applied to an output element after everything is summed. NaN stays NaN in every kind.
struct Activation {
  ActivationKind kind = ActivationKind::none;
  double a = 0, b = 0;
};

template <class T>
struct Epilogue {
  const T* bias = nullptr;      ///< [N], or null
  const T* residual = nullptr;  ///< [M,N] with contiguous rows, or null; may be C itself (C is then accumulated into)
  int64_t ld_residual = 0;
  Activation activation;
};

/// A matrix to read, by any strides (0 broadcasts, negative is fine).
template <class T>
struct MatrixView {
  const T* data;
  int64_t row_stride, col_stride;
};

template <class T>
struct GemmKernels;

/// B in the order in which the micro-kernel reads it, for the instruction set that was current when it was packed. Opaque, move-only;
/// B itself is no longer needed. Costs K * N elements, N rounded up to a vector.
template <class T>
struct PackedMatrix {
  int64_t k = 0, n = 0;
  const GemmKernels<T>* kernels = nullptr;
  AlignedBuffer<T> panels;
};

/// Packs B[k,n] read by strides: a [K,N] matrix has (stride_k, stride_n) = (N, 1), a linear layer's weight [N,K] has (1, K).
PackedMatrix<float> pack_b(const float* b, int64_t k, int64_t n, int64_t stride_k, int64_t stride_n, int threads = 1);
PackedMatrix<double> pack_b(const double* b, int64_t k, int64_t n, int64_t stride_k, int64_t stride_n, int threads = 1);

/// A[m, b.k] (rows contiguous, at distance lda) times packed B. Needs no workspace. The fast way for weights.
void gemm_packed(int64_t m, const float* a, int64_t lda, const PackedMatrix<float>& b, float* c, int64_t ldc,
                 const Epilogue<float>& epilogue, int threads);
void gemm_packed(int64_t m, const double* a, int64_t lda, const PackedMatrix<double>& b, double* c, int64_t ldc,
                 const Epilogue<double>& epilogue, int threads);

/// A * B with both given by strides, for products of activations (matmul, bmm, attention); a batch is the caller's loop, which may give
/// each of its own threads a product with threads = 1 and a workspace of its own. workspace: gemm_workspace_bytes<T>(m, n, k) bytes,
/// 64-byte aligned, uninitialised; holds B packed and, when needed, A with contiguous rows.
void gemm(int64_t m, int64_t n, int64_t k, MatrixView<float> a, MatrixView<float> b, float* c, int64_t ldc, const Epilogue<float>& epilogue,
          void* workspace, int threads);
void gemm(int64_t m, int64_t n, int64_t k, MatrixView<double> a, MatrixView<double> b, double* c, int64_t ldc,
          const Epilogue<double>& epilogue, void* workspace, int threads);

/// Enough for every stride and every thread count. Throws std::bad_alloc when the size cannot be represented.
template <class T>
size_t gemm_workspace_bytes(int64_t m, int64_t n, int64_t k);

}  // namespace tsrun::kernels
