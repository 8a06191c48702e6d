// The loops around the micro-kernels, shared by matrix products and convolutions: which tile when, and on which thread.
#pragma once
#include <algorithm>
#include <cstdint>

#include "ops/kernels/gemm_kernels.h"
#include "ops/kernels/parallel.h"

namespace tsrun::kernels {

/// Longest sum kept in registers (K of one block): short enough that its weights stay in the first cache and rounding stays small.
constexpr int64_t kBlockK = 256;
/// Most taps of one block: bounds the row pointers of a tile.
constexpr int64_t kBlockTaps = 64;
constexpr int64_t kMostRows = 16;  ///< at least every table's mr_max

/// Where the panels of B are. Full panels are `full_step` apart with rows `ldb` apart; the last columns form a narrower panel of their own.
template <class T>
struct Panels {
  const T* full;
  int64_t full_step, ldb;
  const T* last;
};

/// How n columns divide into panels: `full` of them, then one of `last_width` elements (0: none), a vector or a panel wide.
struct PanelSplit {
  template <class T>
  PanelSplit(const GemmKernels<T>& kernels, int64_t n) : full(n / kernels.panel) {
    int64_t rest = n % kernels.panel;
    last_width = rest == 0 ? 0 : rest <= kernels.lanes ? kernels.lanes : kernels.panel;
  }
  int64_t count() const { return full + (last_width != 0); }
  int64_t full, last_width;
};

/// Panels as pack_b lays them out: one after the other, each [k][width].
template <class T>
Panels<T> packed_panels(const GemmKernels<T>& kernels, const T* packed, int64_t k, int64_t n) {
  return {packed, k * kernels.panel, kernels.panel, packed + n / kernels.panel * kernels.panel * k};
}

template <class T>
struct Product {
  const GemmKernels<T>* kernels;
  int64_t m, n, taps, k;  ///< B has taps * k rows
  Panels<T> b;
  T* c;
  int64_t ldc;
  const Epilogue<T>* epilogue;
};

/// K cut in blocks of whole taps, or one tap in slices when it alone is longer than a block.
struct BlocksOfK {
  BlocksOfK(int64_t taps, int64_t k) : taps(taps), k(k) {
    slices = std::max<int64_t>(1, (k + kBlockK - 1) / kBlockK);
    slice = std::max<int64_t>(1, (k + slices - 1) / slices);
    group = slices > 1 ? 1 : std::clamp<int64_t>(kBlockK / std::max<int64_t>(k, 1), 1, kBlockTaps);
  }
  int64_t taps, k, slices, slice, group;
};

/// Rows of C worked on while their rows of A are in the second cache.
template <class T>
int64_t rows_per_block(const Product<T>& p, int threads) {
  constexpr int64_t kCacheBytes = 256 * 1024, kFewest = 48, kMost = 96;
  int64_t row_bytes = std::max<int64_t>(p.k * static_cast<int64_t>(sizeof(T)), 1);
  int64_t rows = std::clamp(kCacheBytes / row_bytes, kFewest, kMost);
  if (threads > 1 && PanelSplit(*p.kernels, p.n).count() < 4 * threads) rows = std::min(rows, std::max(kFewest, p.m / (4 * threads)));
  return rows;
}

/// Rows [m0, m1) of one panel.
template <class T, class Rows>
void run_panel(const Product<T>& p, const Rows& rows, int64_t panel, int64_t m0, int64_t m1) {
  const GemmKernels<T>& kernels = *p.kernels;
  const PanelSplit split(kernels, p.n);
  const bool is_last = panel == split.full;
  const T* b = is_last ? p.b.last : p.b.full + panel * p.b.full_step;
  const int64_t ldb = is_last ? split.last_width : p.b.ldb;
  const int64_t n0 = panel * kernels.panel, columns = std::min<int64_t>(kernels.panel, p.n - n0);
  const bool narrow = is_last && split.last_width == kernels.lanes;
  const auto* run =
      p.m <= GemmKernels<T>::kGemvRows ? (narrow ? kernels.gemv_narrow : kernels.gemv_full) : (narrow ? kernels.narrow : kernels.full);
  const int64_t tiles = (m1 - m0 + kernels.mr_max - 1) / kernels.mr_max;
  const BlocksOfK blocks(p.taps, p.k);
  const Epilogue<T>& epilogue = *p.epilogue;
  const Activation* activation = epilogue.activation.kind == ActivationKind::none ? nullptr : &epilogue.activation;
  const T* pointers[kBlockTaps * kMostRows];

  for (int64_t tap = 0; tap < p.taps; tap += blocks.group) {
    const int64_t taps = std::min(blocks.group, p.taps - tap);
    for (int64_t k0 = 0; k0 == 0 || k0 < p.k; k0 += blocks.slice) {
      const int64_t k = std::min(blocks.slice, p.k - k0);
      const bool first = tap == 0 && k0 == 0, last = tap + taps == p.taps && k0 + k == p.k;
      const int64_t bytes = taps * k * ldb * static_cast<int64_t>(sizeof(T)), steps = tiles * taps * k;
      const int64_t prefetch = steps ? (bytes / 64 + steps - 1) / steps * 64 : 0;
      int64_t prefetched = 0;
      for (int64_t tile = 0, m = m0; tile < tiles; tile++) {
        const int64_t mr = (m1 - m) / (tiles - tile);
        rows(m, mr, tap, taps, k0, pointers);
        GemmTile<T> t;
        t.taps = taps;
        t.k = k;
        t.rows = pointers;
        t.b = b;
        t.ldb = ldb;
        t.c = p.c + m * p.ldc + n0;
        t.ldc = p.ldc;
        t.ld_add = first ? epilogue.ld_residual : p.ldc;
        t.add = !first ? t.c : epilogue.residual ? epilogue.residual + m * t.ld_add + n0 : nullptr;
        t.bias = last && epilogue.bias ? epilogue.bias + n0 : nullptr;
        t.n = columns;
        t.activation = last ? activation : nullptr;
        t.next = reinterpret_cast<const char*>(b) + bytes + prefetched;
        t.next_step = prefetched < bytes ? prefetch : 0;
        run[mr - 1](t);
        prefetched += prefetch * taps * k;
        m += mr;
      }
      b += taps * k * ldb;
    }
  }
}

/// rows(m, mr, tap, taps, k0, out) fills out[taps][mr] with the addresses of A's element k0 of rows [m, m + mr) under taps [tap, tap +
/// taps).
template <class T, class Rows>
void run_product(const Product<T>& p, const Rows& rows, int threads) {
  if (p.m <= 0 || p.n <= 0) return;
  // A thread is worth its post for a few microseconds of sums, or of reading B where there are few rows.
  constexpr double kWorthSums = 2e5, kWorthBytes = 128 * 1024;
  const double weights = static_cast<double>(p.n) * static_cast<double>(p.taps * p.k);
  const double worth = std::max(weights * static_cast<double>(p.m) / kWorthSums, weights * sizeof(T) / kWorthBytes);
  threads = static_cast<int>(std::clamp<double>(worth, 1, threads));
  const int64_t panels = PanelSplit(*p.kernels, p.n).count(), block = rows_per_block(p, threads), blocks = (p.m + block - 1) / block;
  parallel_for(threads, blocks * panels, 1, [&](int64_t begin, int64_t end) {
    for (int64_t task = begin; task < end; task++) {
      const int64_t i = task / panels;
      run_panel(p, rows, task % panels, p.m * i / blocks, p.m * (i + 1) / blocks);
    }
  });
}

/// A with contiguous rows: the only tap.
template <class T>
struct StridedRows {
  const T* a;
  int64_t lda;
  void operator()(int64_t m, int64_t mr, int64_t, int64_t, int64_t k0, const T** out) const {
    for (int64_t i = 0; i < mr; i++) out[i] = a + (m + i) * lda + k0;
  }
};

}  // namespace tsrun::kernels
