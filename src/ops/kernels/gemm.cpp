#include "ops/kernels/gemm.h"

#include <algorithm>
#include <limits>
#include <new>

#include "ops/kernels/gemm_dot.h"
#include "ops/kernels/gemm_driver.h"
#include "ops/kernels/gemm_pack.h"
#include "ops/kernels/gemm_rows.h"

namespace tsrun::kernels {
namespace {

constexpr int64_t kAlignment = 64;
constexpr int64_t kWorthAThread = 65536;  // multiply-adds

int64_t checked_product(int64_t a, int64_t b) {
  int64_t result;
  if (a < 0 || b < 0 || __builtin_mul_overflow(a, b, &result)) throw std::bad_alloc();
  return result;
}

int64_t rounded_up(int64_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

template <class T>
PackedMatrix<T> pack_any(const T* b, int64_t k, int64_t n, int64_t stride_k, int64_t stride_n, int threads) {
  PackedMatrix<T> packed;
  packed.k = k;
  packed.n = n;
  packed.kernels = &gemm_kernels<T>();
  packed.panels = AlignedBuffer<T>(checked_product(k, padded_columns(*packed.kernels, n)));
  pack_panels(*packed.kernels, MatrixView<T>{b, stride_k, stride_n}, k, n, packed.panels.data(), threads);
  return packed;
}

template <class T>
void gemm_packed_any(int64_t m, const T* a, int64_t lda, const PackedMatrix<T>& b, T* c, int64_t ldc, const Epilogue<T>& epilogue,
                     int threads) {
  if (!b.kernels) return;
  const Product<T> product = {b.kernels, m, b.n, 1, b.k, packed_panels(*b.kernels, b.panels.data(), b.k, b.n), c, ldc, &epilogue};
  run_product(product, StridedRows<T>{a, lda}, threads);
}

// Bias and activation of rows of C that hold their sums.
template <class T>
void finish_rows(int64_t m, int64_t n, T* c, int64_t ldc, const T* bias, const Activation& activation) {
  if (!bias && activation.kind == ActivationKind::none) return;
  const Epilogue<T> epilogue = {bias, c, ldc, activation};
  run_product(Product<T>{&gemm_kernels<T>(), m, n, 1, 0, {}, c, ldc, &epilogue}, StridedRows<T>{c, 0}, 1);
}

// A[m,k] and the columns of B are contiguous along K, and one of them is few.
template <class T>
void gemm_by_dots(int64_t m, int64_t n, int64_t k, const T* a, int64_t lda, const T* b, int64_t ldb, T* c, int64_t ldc,
                  const Epilogue<T>& epilogue, int threads) {
  const bool few_rows = m <= kDotRows;
  const int64_t many = few_rows ? n : m, few = few_rows ? m : n, grain = 1 + kWorthAThread / std::max<int64_t>(1, few * k);
  parallel_for(threads, many, grain, [&](int64_t begin, int64_t end) {
    const int64_t ldr = epilogue.ld_residual;
    DotProduct<T> t = {few, end - begin, k, a, lda, b + begin * ldb, ldb, c + begin, ldc, 1, epilogue.residual, ldr, 1};
    if (!few_rows) t = {few, end - begin, k, b, ldb, a + begin * lda, lda, c + begin * ldc, 1, ldc, epilogue.residual, 1, ldr};
    if (t.residual) t.residual += begin * t.residual_j;
    run_dot(t);
  });
  finish_rows(m, n, c, ldc, epilogue.bias, epilogue.activation);
}

// Few rows, and B has contiguous rows.
template <class T>
void gemm_by_rows(int64_t m, int64_t n, int64_t k, const T* a, int64_t lda, const T* b, int64_t ldb, T* c, int64_t ldc,
                  const Epilogue<T>& epilogue, int threads) {
  constexpr int64_t kFewestColumns = 256;  // a thread's part of a row of B must be long enough to stream
  const int64_t grain = std::max(kFewestColumns, 1 + kWorthAThread / (m * k));
  parallel_for(threads, n, grain, [&](int64_t begin, int64_t end) {
    const T* residual = epilogue.residual ? epilogue.residual + begin : nullptr;
    run_row_sums({m, end - begin, k, a, lda, b + begin, ldb, c + begin, ldc, residual, epilogue.ld_residual});
  });
  finish_rows(m, n, c, ldc, epilogue.bias, epilogue.activation);
}

template <class T>
void gemm_any(int64_t m, int64_t n, int64_t k, MatrixView<T> a, MatrixView<T> b, T* c, int64_t ldc, const Epilogue<T>& epilogue,
              void* workspace, int threads) {
  if (m <= 0 || n <= 0) return;
  const GemmKernels<T>& kernels = gemm_kernels<T>();
  T* space = static_cast<T*>(workspace);
  if (a.col_stride != 1 && k > 1) {
    copy_rows(a, m, k, space);
    a = {space, k, 1};
    space += rounded_up(m * k * static_cast<int64_t>(sizeof(T))) / static_cast<int64_t>(sizeof(T));
  }
  if (n <= kDotRows && b.row_stride != 1) {
    copy_rows({b.data, b.col_stride, b.row_stride}, n, k, space);
    b = {space, 1, k};
  }
  if (b.row_stride == 1 && std::min(m, n) <= kDotRows) {
    gemm_by_dots(m, n, k, a.data, a.row_stride, b.data, b.col_stride, c, ldc, epilogue, threads);
  } else if (b.col_stride == 1 && m <= kSumRows && k > 0) {
    gemm_by_rows(m, n, k, a.data, a.row_stride, b.data, b.row_stride, c, ldc, epilogue, threads);
  } else {
    pack_panels(kernels, b, k, n, space, threads);
    run_product(Product<T>{&kernels, m, n, 1, k, packed_panels(kernels, space, k, n), c, ldc, &epilogue},
                StridedRows<T>{a.data, a.row_stride}, threads);
  }
}

}  // namespace

PackedMatrix<float> pack_b(const float* b, int64_t k, int64_t n, int64_t stride_k, int64_t stride_n, int threads) {
  return pack_any(b, k, n, stride_k, stride_n, threads);
}

PackedMatrix<double> pack_b(const double* b, int64_t k, int64_t n, int64_t stride_k, int64_t stride_n, int threads) {
  return pack_any(b, k, n, stride_k, stride_n, threads);
}

void gemm_packed(int64_t m, const float* a, int64_t lda, const PackedMatrix<float>& b, float* c, int64_t ldc,
                 const Epilogue<float>& epilogue, int threads) {
  gemm_packed_any(m, a, lda, b, c, ldc, epilogue, threads);
}

void gemm_packed(int64_t m, const double* a, int64_t lda, const PackedMatrix<double>& b, double* c, int64_t ldc,
                 const Epilogue<double>& epilogue, int threads) {
  gemm_packed_any(m, a, lda, b, c, ldc, epilogue, threads);
}

void gemm(int64_t m, int64_t n, int64_t k, MatrixView<float> a, MatrixView<float> b, float* c, int64_t ldc, const Epilogue<float>& epilogue,
          void* workspace, int threads) {
  gemm_any(m, n, k, a, b, c, ldc, epilogue, workspace, threads);
}

void gemm(int64_t m, int64_t n, int64_t k, MatrixView<double> a, MatrixView<double> b, double* c, int64_t ldc,
          const Epilogue<double>& epilogue, void* workspace, int threads) {
  gemm_any(m, n, k, a, b, c, ldc, epilogue, workspace, threads);
}

template <class T>
size_t gemm_workspace_bytes(int64_t m, int64_t n, int64_t k) {
  const int64_t size = sizeof(T), columns = padded_columns(gemm_kernels<T>(), n);
  const int64_t a = checked_product(checked_product(m, k), size), b = checked_product(checked_product(k, columns), size);
  if (a > std::numeric_limits<int64_t>::max() / 4 || b > std::numeric_limits<int64_t>::max() / 4) throw std::bad_alloc();
  return static_cast<size_t>(rounded_up(a) + rounded_up(b));
}

template size_t gemm_workspace_bytes<float>(int64_t, int64_t, int64_t);
template size_t gemm_workspace_bytes<double>(int64_t, int64_t, int64_t);

}  // namespace tsrun::kernels
