#include "ops/kernels/recurrent_kernels.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/kernels/recurrent_kernels.cpp"
#include "ops/kernels/simd.h"
//
#include "hwy/foreach_target.h"
//
#include "hwy/highway.h"
#include "ops/kernels/simd-inl.h"
#include "ops/kernels/vmath-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tsrun::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
namespace {

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;
constexpr int64_t kLanes = hn::MaxLanes(D());
// Rows that share each weight, and vectors of a block, that fit the registers; a single row takes several k at once instead.
constexpr int kRows = HWY_TARGET == HWY_AVX3 ? 4 : 2;
constexpr int kVectors = HWY_TARGET == HWY_AVX2 ? 2 : 1;
constexpr int kDepth = HWY_TARGET == HWY_AVX2 ? 1 : 2;

/// sum[row][gate][vector] = the recurrent part of the gates, for the vectors at w and above.
template <int kGates, int kTile, int kVec, int kDeep>
HWY_INLINE void accumulate(const RecurrentTile& t, int64_t row, const float* w, V (&sum)[kTile][kGates][kVec]) {
  const D d;
  V part[kDeep][kTile][kGates][kVec];
#pragma GCC unroll 2
  for (int u = 0; u < kDeep; u++) {
#pragma GCC unroll 4
    for (int r = 0; r < kTile; r++) {
#pragma GCC unroll 4
      for (int g = 0; g < kGates; g++) {
#pragma GCC unroll 2
        for (int j = 0; j < kVec; j++) part[u][r][g][j] = hn::Zero(d);
      }
    }
  }
  const auto multiply = [&](int64_t k, V(&to)[kTile][kGates][kVec]) HWY_ATTR {
    V h[kTile];
#pragma GCC unroll 4
    for (int r = 0; r < kTile; r++) h[r] = hn::Set(d, t.h[row + r][k]);
#pragma GCC unroll 4
    for (int g = 0; g < kGates; g++) {
#pragma GCC unroll 2
      for (int j = 0; j < kVec; j++) {
        const V weight = hn::LoadU(d, w + (k * kGates + g) * kUnits + j * kLanes);
#pragma GCC unroll 4
        for (int r = 0; r < kTile; r++) to[r][g][j] = hn::MulAdd(h[r], weight, to[r][g][j]);
      }
    }
  };
  int64_t k = 0;
  for (; k + kDeep <= t.hidden; k += kDeep) {
#pragma GCC unroll 2
    for (int u = 0; u < kDeep; u++) multiply(k + u, part[u]);
  }
  for (; k < t.hidden; k++) multiply(k, part[0]);
#pragma GCC unroll 4
  for (int r = 0; r < kTile; r++) {
#pragma GCC unroll 4
    for (int g = 0; g < kGates; g++) {
#pragma GCC unroll 2
      for (int j = 0; j < kVec; j++) { sum[r][g][j] = kDeep == 1 ? part[0][r][g][j] : hn::Add(part[0][r][g][j], part[kDeep - 1][r][g][j]); }
    }
  }
}

/// Sets y (and c) of `count` units from the recurrent parts of their gates.
template <Cell kCell>
HWY_INLINE void update(const RecurrentTile& t, int64_t row, int64_t unit, int64_t count, const V* parts, int64_t stride) {
  const D d;
  const bool whole = count == kLanes;
  const auto load = [&](const float* p) HWY_ATTR { return whole ? hn::LoadU(d, p) : load_first(d, p, count); };
  const auto store = [&](V v, float* p) HWY_ATTR {
    if (whole) hn::StoreU(v, d, p);
    else store_first(v, d, p, count);
  };
  const auto input = [&](int gate) HWY_ATTR { return load(t.gates[row] + gate * t.hidden + unit); };
  if constexpr (kCell == Cell::lstm) {
    const V i = Sigmoid(d, hn::Add(input(0), parts[0])), f = Sigmoid(d, hn::Add(input(1), parts[stride]));
    const V g = Tanh(d, hn::Add(input(2), parts[2 * stride])), o = Sigmoid(d, hn::Add(input(3), parts[3 * stride]));
    const V c = hn::MulAdd(f, load(t.c[row] + unit), hn::Mul(i, g));
    store(c, t.c[row] + unit);
    store(hn::Mul(o, Tanh(d, c)), t.y[row] + unit);
  } else {
    const V r = Sigmoid(d, hn::Add(input(0), parts[0])), z = Sigmoid(d, hn::Add(input(1), parts[stride]));
    const V state = t.bias_n ? hn::Add(parts[2 * stride], load(t.bias_n + unit)) : parts[2 * stride];
    const V n = Tanh(d, hn::MulAdd(r, state, input(2)));
    store(hn::MulAdd(hn::Sub(load(t.h[row] + unit), n), z, n), t.y[row] + unit);
  }
}

template <Cell kCell, int kTile, int kVec, int kDeep>
HWY_NOINLINE HWY_ATTR void step_rows(const RecurrentTile& t, int64_t row, int64_t begin, int64_t end) {
  constexpr int kGates = static_cast<int>(kCell);
  for (int64_t block = begin; block < end; block++) {
    for (int64_t first = 0; first < kUnits; first += kVec * kLanes) {
      const int64_t unit = block * kUnits + first;
      if (unit >= t.hidden) break;
      V sum[kTile][kGates][kVec];
      accumulate<kGates, kTile, kVec, kDeep>(t, row, t.packed + block * t.hidden * kGates * kUnits + first, sum);
      for (int r = 0; r < kTile; r++) {
        for (int j = 0; j < kVec; j++) {
          const int64_t count = std::min(kLanes, t.hidden - unit - j * kLanes);
          if (count > 0) update<kCell>(t, row + r, unit + j * kLanes, count, &sum[r][0][j], kVec);
        }
      }
    }
  }
}

}  // namespace

template <Cell kCell>
HWY_ATTR void recurrent_tile(const RecurrentTile& t, int64_t begin, int64_t end) {
  for (int64_t row = 0; row < t.rows; row += kRows) {
    switch (std::min<int64_t>(kRows, t.rows - row)) {
      case 1: step_rows<kCell, 1, kVectors, kDepth>(t, row, begin, end); break;
      case 2: step_rows<kCell, 2, 1, 1>(t, row, begin, end); break;
      case 3: step_rows<kCell, std::min(kRows, 3), 1, 1>(t, row, begin, end); break;
      default: step_rows<kCell, kRows, 1, 1>(t, row, begin, end);
    }
  }
}

}  // namespace tsrun::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tsrun::kernels {

RecurrentStep recurrent_step(Cell cell) {
  return cell == Cell::lstm ? TSRUN_PICK(recurrent_tile<Cell::lstm>) : TSRUN_PICK(recurrent_tile<Cell::gru>);
}

}  // namespace tsrun::kernels
#endif
