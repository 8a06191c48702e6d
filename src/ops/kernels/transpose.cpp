#include "ops/kernels/transpose.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/kernels/transpose.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "ops/kernels/parallel.h"
#include "ops/kernels/simd.h"

HWY_BEFORE_NAMESPACE();
namespace tsrun::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_SCALAR
constexpr int64_t kTile = 1;
HWY_INLINE void transpose_tile(const float* x, int64_t, float* y, int64_t) { *y = *x; }
#else
constexpr int64_t kTile = 4;
// 4x4 by two rounds of interleaving.
HWY_INLINE void transpose_tile(const float* x, int64_t ldx, float* y, int64_t ldy) {
  const hn::FixedTag<float, 4> d;
  const hn::RepartitionToWide<decltype(d)> pairs;
  const auto a = hn::LoadU(d, x), b = hn::LoadU(d, x + ldx), c = hn::LoadU(d, x + 2 * ldx), e = hn::LoadU(d, x + 3 * ldx);
  const auto ab0 = hn::BitCast(pairs, hn::InterleaveLower(d, a, b)), ab1 = hn::BitCast(pairs, hn::InterleaveUpper(d, a, b));
  const auto ce0 = hn::BitCast(pairs, hn::InterleaveLower(d, c, e)), ce1 = hn::BitCast(pairs, hn::InterleaveUpper(d, c, e));
  hn::StoreU(hn::BitCast(d, hn::InterleaveLower(pairs, ab0, ce0)), d, y);
  hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(pairs, ab0, ce0)), d, y + ldy);
  hn::StoreU(hn::BitCast(d, hn::InterleaveLower(pairs, ab1, ce1)), d, y + 2 * ldy);
  hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(pairs, ab1, ce1)), d, y + 3 * ldy);
}
#endif

// Blocks of 16 columns: their 16 output lines stay in the first cache while the rows pass.
void transpose(const float* x, int64_t rows, int64_t columns, int64_t ldx, float* y, int64_t ldy) {
  constexpr int64_t kColumns = 16;
  const int64_t whole_rows = rows / kTile * kTile;
  for (int64_t j0 = 0; j0 < columns; j0 += kColumns) {
    const int64_t j1 = HWY_MIN(columns, j0 + kColumns), whole = j0 + (j1 - j0) / kTile * kTile;
    for (int64_t i = 0; i < whole_rows; i += kTile) {
      for (int64_t j = j0; j < whole; j += kTile) transpose_tile(x + i * ldx + j, ldx, y + j * ldy + i, ldy);
      for (int64_t j = whole; j < j1; j++) {
        for (int64_t r = i; r < i + kTile; r++) y[j * ldy + r] = x[r * ldx + j];
      }
    }
    for (int64_t i = whole_rows; i < rows; i++) {
      for (int64_t j = j0; j < j1; j++) y[j * ldy + i] = x[i * ldx + j];
    }
  }
}

}  // namespace tsrun::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tsrun::kernels {

void transpose2d(const float* x, int64_t rows, int64_t columns, int64_t ldx, float* y, int64_t ldy) {
  TSRUN_PICK(transpose)(x, rows, columns, ldx, y, ldy);
}

void transpose_images(const float* x, int64_t n, int64_t channels, int64_t pixels, float* y, int threads) {
  constexpr int64_t kPixels = 64, kWorthAThread = 65536;
  const int64_t blocks = (pixels + kPixels - 1) / kPixels, grain = kWorthAThread / (kPixels * std::max<int64_t>(channels, 1)) + 1;
  const auto run = TSRUN_PICK(transpose);
  parallel_for(threads, n * blocks, grain, [&](int64_t begin, int64_t end) {
    for (int64_t task = begin; task < end; task++) {
      const int64_t image = task / blocks * channels * pixels, p = task % blocks * kPixels;
      run(x + image + p, channels, std::min(kPixels, pixels - p), pixels, y + image + p * channels, channels);
    }
  });
}

}  // namespace tsrun::kernels
#endif
