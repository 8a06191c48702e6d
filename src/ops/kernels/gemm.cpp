#include "ops/kernels/gemm.h"

#include <limits>
#include <new>

#include "ops/kernels/gemm_driver.h"
#include "ops/kernels/gemm_pack.h"

namespace tsrun::kernels {
namespace {

constexpr int64_t kAlignment = 64;

int64_t checked_product(int64_t a, int64_t b) {
  int64_t result;
  if (a < 0 || b < 0 || __builtin_mul_overflow(a, b, &result)) throw std::bad_alloc();
  return result;
}

int64_t rounded_up(int64_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

template <class T>
PackedMatrix<T> pack_any(const T* b, int64_t k, int64_t n, int64_t stride_k, int64_t stride_n) {
  PackedMatrix<T> packed;
  packed.k = k;
  packed.n = n;
  packed.kernels = &gemm_kernels<T>();
  packed.panels = AlignedBuffer<T>(checked_product(k, padded_columns(*packed.kernels, n)));
  pack_panels(*packed.kernels, MatrixView<T>{b, stride_k, stride_n}, k, n, packed.panels.data(), 1);
  return packed;
}

template <class T>
void gemm_packed_any(int64_t m, const T* a, int64_t lda, const PackedMatrix<T>& b, T* c, int64_t ldc, const Epilogue<T>& epilogue,
                     int threads) {
  if (!b.kernels) return;
  const Product<T> product = {b.kernels, m, b.n, 1, b.k, packed_panels(*b.kernels, b.panels.data(), b.k, b.n), c, ldc, &epilogue};
  run_product(product, StridedRows<T>{a, lda}, threads);
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
  Product<T> product = {&kernels, m, n, 1, k, {}, c, ldc, &epilogue};
  const bool read_in_place = b.col_stride == 1 && m <= kernels.mr_max;  // B is read once: packing it would cost more than the product
  if (read_in_place) {
    const int64_t full = n / kernels.panel * kernels.panel;
    product.b = {b.data, kernels.panel, b.row_stride, space};
    pack_panels(kernels, MatrixView<T>{b.data + full, b.row_stride, 1}, k, n - full, space, 1);
  } else {
    product.b = packed_panels(kernels, space, k, n);
    pack_panels(kernels, b, k, n, space, threads);
  }
  run_product(product, StridedRows<T>{a.data, a.row_stride}, threads);
}

}  // namespace

PackedMatrix<float> pack_b(const float* b, int64_t k, int64_t n, int64_t stride_k, int64_t stride_n) {
  return pack_any(b, k, n, stride_k, stride_n);
}

PackedMatrix<double> pack_b(const double* b, int64_t k, int64_t n, int64_t stride_k, int64_t stride_n) {
  return pack_any(b, k, n, stride_k, stride_n);
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
