#include "ops/kernels/gemm_pack.h"

#include <algorithm>
#include <type_traits>

#include "ops/kernels/gemm_driver.h"
#include "ops/kernels/transpose.h"

namespace tsrun::kernels {
namespace {

// out[i * width + j] = b[i, j], i < k, j < columns, reading in the order of memory whichever way B lies.
template <class T>
void copy_matrix(MatrixView<T> b, int64_t k, int64_t columns, int64_t width, T* out) {
  if (b.col_stride == 1) {
    for (int64_t i = 0; i < k; i++) std::copy_n(b.data + i * b.row_stride, columns, out + i * width);
    return;
  }
  if constexpr (std::is_same_v<T, float>) {
    if (b.row_stride == 1) {
      transpose2d(b.data, columns, k, b.col_stride, out, width);
      return;
    }
  }
  for (int64_t i = 0; i < k; i++) {
    for (int64_t j = 0; j < columns; j++) out[i * width + j] = b.data[i * b.row_stride + j * b.col_stride];
  }
}

}  // namespace

template <class T>
int64_t padded_columns(const GemmKernels<T>& kernels, int64_t n) {
  const PanelSplit split(kernels, n);
  return split.full * kernels.panel + split.last_width;
}

// A few rows of B through all panels before the next: B is read along its rows when these are contiguous.
template <class T>
void pack_panels(const GemmKernels<T>& kernels, MatrixView<T> b, int64_t k, int64_t n, T* out, int threads) {
  constexpr int64_t kWorthAThread = 65536, kRows = 16;
  const PanelSplit split(kernels, n);
  const int64_t panel = kernels.panel, grain = kWorthAThread / std::max<int64_t>(1, k * panel) + 1;
  const int64_t strip = b.col_stride == 1 ? kRows : std::max<int64_t>(k, 1);
  parallel_for(threads, split.count(), grain, [&](int64_t begin, int64_t end) {
    for (int64_t i = 0; i < k; i += strip) {
      const int64_t rows = std::min(strip, k - i);
      for (int64_t p = begin; p < end; p++) {
        const int64_t n0 = p * panel, width = p < split.full ? panel : split.last_width, columns = std::min(panel, n - n0);
        T* to = out + n0 * k + i * width;
        copy_matrix({b.data + i * b.row_stride + n0 * b.col_stride, b.row_stride, b.col_stride}, rows, columns, width, to);
        if (columns == width) continue;
        for (int64_t r = 0; r < rows; r++) std::fill(to + r * width + columns, to + (r + 1) * width, T(0));
      }
    }
  });
}

template <class T>
void copy_rows(MatrixView<T> a, int64_t m, int64_t k, T* out) {
  copy_matrix(a, m, k, k, out);
}

template int64_t padded_columns(const GemmKernels<float>&, int64_t);
template int64_t padded_columns(const GemmKernels<double>&, int64_t);
template void pack_panels(const GemmKernels<float>&, MatrixView<float>, int64_t, int64_t, float*, int);
template void pack_panels(const GemmKernels<double>&, MatrixView<double>, int64_t, int64_t, double*, int);
template void copy_rows(MatrixView<float>, int64_t, int64_t, float*);
template void copy_rows(MatrixView<double>, int64_t, int64_t, double*);

}  // namespace tsrun::kernels
