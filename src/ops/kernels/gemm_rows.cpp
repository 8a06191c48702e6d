#include "ops/kernels/gemm_rows.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/kernels/gemm_rows.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "ops/kernels/simd-inl.h"
#include "ops/kernels/simd.h"

#ifndef TSRUN_UNROLL
#define TSRUN_UNROLL _Pragma("GCC unroll 32")
#endif

HWY_BEFORE_NAMESPACE();
namespace tsrun::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Adds kDepth rows of B, from k on, to kRows rows of C: as many streams as the hardware prefetchers follow.
template <int kRows, int kDepth, class T>
HWY_INLINE void add_rows(const RowSums<T>& s, int64_t k, const T* add, int64_t ld_add) {
  const hn::ScalableTag<T> d;
  using V = hn::Vec<decltype(d)>;
  constexpr int64_t W = hn::MaxLanes(d);
  const T* b = s.b + k * s.ldb;
  V factor[kRows][kDepth];
  TSRUN_UNROLL for (int i = 0; i < kRows; i++) {
    TSRUN_UNROLL for (int r = 0; r < kDepth; r++) factor[i][r] = hn::Set(d, s.a[i * s.lda + k + r]);
  }
  const auto columns = [&](int64_t j, auto load, auto store) HWY_ATTR {
    V row[kDepth];
    TSRUN_UNROLL for (int r = 0; r < kDepth; r++) row[r] = load(b + r * s.ldb + j);
    TSRUN_UNROLL for (int i = 0; i < kRows; i++) {
      V sum = hn::Mul(factor[i][0], row[0]);
      // A product that is added outright would be fused into a multiply-add by some compilations of this lambda and not by others, and
      // which columns are a range's last ones depends on the threads.
      if constexpr (kDepth == 1) {
        if (add) sum = hn::MulAdd(factor[i][0], row[0], load(add + i * ld_add + j));
      } else {
        TSRUN_UNROLL for (int r = 1; r < kDepth; r++) sum = hn::MulAdd(factor[i][r], row[r], sum);
        if (add) sum = hn::Add(sum, load(add + i * ld_add + j));
      }
      store(sum, s.c + i * s.ldc + j);
    }
  };
  int64_t j = 0;
  for (; j + W <= s.n; j += W) {
    columns(
        j, [=](const T* p) HWY_ATTR { return hn::LoadU(d, p); }, [=](V v, T* p) HWY_ATTR { hn::StoreU(v, d, p); });
  }
  if (const int64_t rest = s.n - j) {
    columns(
        j, [=](const T* p) HWY_ATTR { return load_first(d, p, rest); }, [=](V v, T* p) HWY_ATTR { store_first(v, d, p, rest); });
  }
}

template <int kRows, class T>
HWY_NOINLINE void sum_rows(const RowSums<T>& s) {
  constexpr int kDepth = kRows == 1 ? 8 : 4;
  const T* add = s.residual;
  int64_t ld_add = s.ld_residual, k = 0;
  for (; k + kDepth <= s.k; k += kDepth, add = s.c, ld_add = s.ldc) add_rows<kRows, kDepth>(s, k, add, ld_add);
  for (; k < s.k; k++, add = s.c, ld_add = s.ldc) add_rows<kRows, 1>(s, k, add, ld_add);
}

template <class T>
void row_sums_any(const RowSums<T>& s) {
  switch (s.m) {
    case 1: return sum_rows<1>(s);
    case 2: return sum_rows<2>(s);
    case 3: return sum_rows<3>(s);
    default: return sum_rows<4>(s);
  }
}

void row_sums_f32(const RowSums<float>& s) { row_sums_any(s); }
void row_sums_f64(const RowSums<double>& s) { row_sums_any(s); }

}  // namespace tsrun::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tsrun::kernels {

void run_row_sums(const RowSums<float>& sums) { TSRUN_PICK(row_sums_f32)(sums); }
void run_row_sums(const RowSums<double>& sums) { TSRUN_PICK(row_sums_f64)(sums); }

}  // namespace tsrun::kernels
#endif
