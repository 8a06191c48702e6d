#include "ops/kernels/gemm_pack.h"

#include <algorithm>

#include "ops/kernels/gemm_driver.h"

namespace tsrun::kernels {
namespace {

// Reads in the order of memory, whichever way B lies.
template <class T>
void pack_panel(MatrixView<T> b, int64_t k, int64_t columns, int64_t width, T* out) {
  if (b.row_stride == 1 && b.col_stride != 1) {
    constexpr int64_t kStrip = 16;  // rows of the panel written per pass: they stay in the first cache
    for (int64_t i0 = 0; i0 < k; i0 += kStrip) {
      const int64_t i1 = std::min(k, i0 + kStrip);
      for (int64_t j = 0; j < columns; j++) {
        const T* column = b.data + j * b.col_stride;
        for (int64_t i = i0; i < i1; i++) out[i * width + j] = column[i];
      }
      for (int64_t i = i0; i < i1; i++) std::fill(out + i * width + columns, out + (i + 1) * width, T(0));
    }
    return;
  }
  for (int64_t i = 0; i < k; i++, out += width) {
    const T* row = b.data + i * b.row_stride;
    if (b.col_stride == 1) std::copy(row, row + columns, out);
    else
      for (int64_t j = 0; j < columns; j++) out[j] = row[j * b.col_stride];
    std::fill(out + columns, out + width, T(0));
  }
}

}  // namespace

template <class T>
int64_t padded_columns(const GemmKernels<T>& kernels, int64_t n) {
  const PanelSplit split(kernels, n);
  return split.full * kernels.panel + split.last_width;
}

template <class T>
void pack_panels(const GemmKernels<T>& kernels, MatrixView<T> b, int64_t k, int64_t n, T* out, int threads) {
  constexpr int64_t kWorthAThread = 65536;
  const PanelSplit split(kernels, n);
  const int64_t panel = kernels.panel, grain = kWorthAThread / std::max<int64_t>(1, k * panel) + 1;
  parallel_for(threads, split.count(), grain, [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; p++) {
      const int64_t n0 = p * panel, width = p < split.full ? panel : split.last_width;
      const MatrixView<T> part = {b.data + n0 * b.col_stride, b.row_stride, b.col_stride};
      pack_panel(part, k, std::min(panel, n - n0), width, out + n0 * k);
    }
  });
}

template <class T>
void copy_rows(MatrixView<T> a, int64_t m, int64_t k, T* out) {
  pack_panel(a, m, k, k, out);
}

template int64_t padded_columns(const GemmKernels<float>&, int64_t);
template int64_t padded_columns(const GemmKernels<double>&, int64_t);
template void pack_panels(const GemmKernels<float>&, MatrixView<float>, int64_t, int64_t, float*, int);
template void pack_panels(const GemmKernels<double>&, MatrixView<double>, int64_t, int64_t, double*, int);
template void copy_rows(MatrixView<float>, int64_t, int64_t, float*);
template void copy_rows(MatrixView<double>, int64_t, int64_t, double*);

}  // namespace tsrun::kernels
