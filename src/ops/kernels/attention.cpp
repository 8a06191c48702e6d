#include "ops/kernels/attention.h"

#include <algorithm>
#include <cmath>
#include <new>

#include "ops/kernels/parallel.h"
#include "ops/kernels/transpose.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/kernels/attention.cpp"
#include "ops/kernels/simd.h"
//
#include "hwy/foreach_target.h"
//
#include "hwy/highway.h"
#include "ops/kernels/softmax_row-inl.h"

#ifndef TSRUN_ATTENTION_ONCE
#define TSRUN_ATTENTION_ONCE
namespace tsrun::kernels {

constexpr int64_t kMaxRows = 12;    // queries of a block, on the widest target
constexpr int64_t kMaxPanel = 32;   // keys of a panel, on the widest target
constexpr int64_t kFewQueries = 4;  // below, packing the keys costs more than it saves

/// What one thread works with for one head. Rows of scores are `score_stride` apart.
struct AttentionHead {
  const AttentionShape* shape;
  const float *q, *k, *v, *mask;  // mask may be null
  float* y;
  int64_t q_row, k_row, v_row, mask_row, y_row;
  const float* packed_k;  // in panels [keys / panel][width][panel]; null: read k and v where they are
  const float* packed_v;  // in panels [v_width / panel][keys][panel]
  float* scores;
  int64_t score_stride;
};

}  // namespace tsrun::kernels
#endif

HWY_BEFORE_NAMESPACE();
namespace tsrun::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
namespace {

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;
constexpr int64_t kLanes = hn::MaxLanes(D());
constexpr int64_t kPanel = 2 * kLanes;
constexpr int kRows = HWY_TARGET == HWY_AVX3 ? 12 : HWY_TARGET == HWY_SCALAR ? 4 : 6;  // 2 kRows sums fill the registers

/// c[kTile, columns] = a[kTile, depth] b[depth, columns] * scale[row], for at most kPanel columns.
template <int kTile, bool kWhole>
HWY_NOINLINE HWY_ATTR void multiply_tile(const float* a, int64_t lda, const float* b, int64_t ldb, int64_t depth, const float* scale,
                                         float* c, int64_t ldc, int64_t columns) {
  const D d;
  const int64_t left = std::min(columns, kLanes), right = std::max<int64_t>(columns - kLanes, 0);
  V sum[kTile][2];
#pragma GCC unroll 16
  for (int i = 0; i < kTile; i++) sum[i][0] = sum[i][1] = hn::Zero(d);
  for (int64_t k = 0; k < depth; k++, b += ldb) {
    const V b0 = kWhole ? hn::LoadU(d, b) : load_first(d, b, left);
    const V b1 = kWhole ? hn::LoadU(d, b + kLanes) : right ? load_first(d, b + kLanes, right) : hn::Zero(d);
#pragma GCC unroll 16
    for (int i = 0; i < kTile; i++) {
      const V x = hn::Set(d, a[i * lda + k]);
      sum[i][0] = hn::MulAdd(x, b0, sum[i][0]);
      sum[i][1] = hn::MulAdd(x, b1, sum[i][1]);
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < kTile; i++) {
    const V s = hn::Set(d, scale[i]);
    if (kWhole) {
      hn::StoreU(hn::Mul(sum[i][0], s), d, c + i * ldc);
      hn::StoreU(hn::Mul(sum[i][1], s), d, c + i * ldc + kLanes);
    } else {
      store_first(hn::Mul(sum[i][0], s), d, c + i * ldc, left);
      if (right) store_first(hn::Mul(sum[i][1], s), d, c + i * ldc + kLanes, right);
    }
  }
}

/// multiply_tile for a number of rows known at run time.
template <bool kWhole, int kTile = kRows>
HWY_INLINE void multiply(int64_t rows, const float* a, int64_t lda, const float* b, int64_t ldb, int64_t depth, const float* scale,
                         float* c, int64_t ldc, int64_t columns) {
  if constexpr (kTile > 1) {
    if (rows < kTile) return multiply<kWhole, kTile - 1>(rows, a, lda, b, ldb, depth, scale, c, ldc, columns);
  }
  multiply_tile<kTile, kWhole>(a, lda, b, ldb, depth, scale, c, ldc, columns);
}

HWY_ATTR float dot(const float* a, const float* b, int64_t n) {
  const D d;
  V s0 = hn::Zero(d), s1 = s0;
  int64_t i = 0;
  for (; i + kPanel <= n; i += kPanel) {
    s0 = hn::MulAdd(hn::LoadU(d, a + i), hn::LoadU(d, b + i), s0);
    s1 = hn::MulAdd(hn::LoadU(d, a + i + kLanes), hn::LoadU(d, b + i + kLanes), s1);
  }
  for (; i < n; i += kLanes) {
    const int64_t count = std::min(n - i, kLanes);
    s0 = hn::MulAdd(load_first(d, a + i, count), load_first(d, b + i, count), s0);
  }
  return hn::GetLane(hn::SumOfLanes(d, hn::Add(s0, s1)));
}

/// Adds the mask to a row of n scores, makes them exp(score - max), and returns 1 / their sum, or 0 if no key is to be seen.
HWY_ATTR float finish_scores(float* scores, const float* mask, int64_t n) {
  const D d;
  if (mask) {
    int64_t i = 0;
    for (; i + kLanes <= n; i += kLanes) hn::StoreU(hn::Add(hn::LoadU(d, scores + i), hn::LoadU(d, mask + i)), d, scores + i);
    for (; i < n; i++) scores[i] += mask[i];
  }
  const float max = row_max(scores, n);
  if (max == -HUGE_VALF && std::none_of(scores, scores + n, [](float s) { return std::isnan(s); })) {
    std::fill(scores, scores + n, 0.0f);
    return 0;
  }
  return 1 / row_exp_sum(scores, n, max, [&](int64_t i, int64_t count, V v) HWY_ATTR {
           if (count == kLanes) hn::StoreU(v, d, scores + i);
           else store_first(v, d, scores + i, count);
         });
}

/// Queries [first, first + rows), rows <= kRows.
HWY_ATTR void attend_block(const AttentionHead& head, int64_t first, int64_t rows) {
  const AttentionShape& s = *head.shape;
  const int64_t keys = s.causal ? std::min(s.keys, first + rows) : s.keys;
  const float* q = head.q + first * head.q_row;
  float scale[kRows];
  std::fill(scale, scale + kRows, s.scale);
  if (head.packed_k) {
    for (int64_t j = 0; j < keys; j += kPanel) {
      multiply<true>(rows, q, head.q_row, head.packed_k + j * s.width, kPanel, s.width, scale, head.scores + j, head.score_stride, kPanel);
    }
  } else {
    for (int64_t i = 0; i < rows; i++) {
      float* to = head.scores + i * head.score_stride;
      for (int64_t j = 0; j < keys; j++) to[j] = s.scale * dot(q + i * head.q_row, head.k + j * head.k_row, s.width);
    }
  }
  for (int64_t i = 0; i < rows; i++) {
    float* scores = head.scores + i * head.score_stride;
    const int64_t seen = s.causal ? std::min(keys, first + i + 1) : keys;
    scale[i] = finish_scores(scores, head.mask ? head.mask + (first + i) * head.mask_row : nullptr, seen);
    std::fill(scores + seen, scores + keys, 0.0f);
  }
  float* y = head.y + first * head.y_row;
  for (int64_t c = 0; c < s.v_width; c += kPanel) {
    const int64_t columns = std::min(kPanel, s.v_width - c), ldb = head.packed_v ? kPanel : head.v_row;
    const float* v = head.packed_v ? head.packed_v + c * s.keys : head.v + c;
    if (columns == kPanel) multiply<true>(rows, head.scores, head.score_stride, v, ldb, keys, scale, y + c, head.y_row, columns);
    else multiply<false>(rows, head.scores, head.score_stride, v, ldb, keys, scale, y + c, head.y_row, columns);
  }
}

}  // namespace

/// Blocks [begin, end) of kRows queries of one head.
HWY_ATTR void attend(const AttentionHead& head, int64_t begin, int64_t end) {
  for (int64_t block = begin; block < end; block++) {
    attend_block(head, block * kRows, std::min<int64_t>(kRows, head.shape->queries - block * kRows));
  }
}

const int64_t kAttentionTiles[2] = {kRows, kPanel};

}  // namespace tsrun::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tsrun::kernels {
namespace {

int64_t round_up(int64_t n, int64_t to) { return (n + to - 1) / to * to; }

bool packs(const AttentionShape& s) { return s.queries >= kFewQueries; }
int64_t packed_k_floats(const AttentionShape& s) { return packs(s) ? round_up(s.keys, kMaxPanel) * s.width : 0; }
int64_t packed_v_floats(const AttentionShape& s) { return packs(s) ? round_up(s.v_width, kMaxPanel) * s.keys : 0; }
int64_t score_stride(const AttentionShape& s) { return round_up(s.keys, kMaxPanel) + 16; }  // not a power of two: rows share the cache
int64_t floats_per_thread(const AttentionShape& s) { return packed_k_floats(s) + packed_v_floats(s) + kMaxRows * score_stride(s); }

void pack_keys(const float* k, int64_t row_stride, const AttentionShape& s, int64_t panel, float* packed) {
  for (int64_t j = 0; j < s.keys; j += panel) {
    const int64_t count = std::min(panel, s.keys - j);
    float* to = packed + j * s.width;
    transpose2d(k + j * row_stride, count, s.width, row_stride, to, panel);
    for (int64_t i = 0; count < panel && i < s.width; i++) std::fill(to + i * panel + count, to + (i + 1) * panel, 0.0f);
  }
}

// Rows of v are far apart; the panels are read once per block of queries.
void pack_values(const float* v, int64_t row_stride, const AttentionShape& s, int64_t panel, float* packed) {
  for (int64_t j = 0; j < s.keys; j++) {
    for (int64_t c = 0; c < s.v_width; c += panel) {
      std::copy_n(v + j * row_stride + c, std::min(panel, s.v_width - c), packed + c * s.keys + j * panel);
    }
  }
}

}  // namespace

size_t attention_workspace(const AttentionShape& shape, int threads) {
  const double keys = static_cast<double>(shape.keys) + kMaxPanel + 16, widths = static_cast<double>(shape.width) + shape.v_width;
  if (keys * (widths + kMaxPanel + kMaxRows) * std::max(threads, 1) > 0x1p60) throw std::bad_alloc();
  return static_cast<size_t>(std::max(threads, 1)) * static_cast<size_t>(floats_per_thread(shape)) * sizeof(float);
}

void attention(const AttentionShape& shape, const AttentionOperand& q, const AttentionOperand& k, const AttentionOperand& v,
               const AttentionOperand& mask, float* y, int64_t y_batch_stride, int64_t y_head_stride, int64_t y_row_stride, void* workspace,
               int threads) {
  const int64_t heads = shape.batch * shape.heads;
  if (heads <= 0 || shape.queries <= 0 || shape.v_width <= 0) return;
  const auto run = TSRUN_PICK(attend);
  const int64_t* tiles = *TSRUN_PICK(kAttentionTiles);
  const int64_t blocks = (shape.queries + tiles[0] - 1) / tiles[0];
  const int64_t splits = std::min(blocks, std::max<int64_t>(1, (threads + heads - 1) / heads));  // of a head's queries
  const int64_t tasks = heads * splits, work = shape.queries * shape.keys * (shape.width + shape.v_width) / splits;
  const int64_t worth = std::max<int64_t>(1, 65536 / std::max<int64_t>(work, 1));
  const int64_t parts = std::clamp<int64_t>(tasks / worth, 1, std::max(threads, 1));  // each owns a piece of the workspace
  parallel_for(threads, parts, 1, [&](int64_t first_part, int64_t last_part) {
    for (int64_t part = first_part; part < last_part; part++) {
      float* packed = static_cast<float*>(workspace) + part * floats_per_thread(shape);
      const float *packed_from_k = nullptr, *packed_from_v = nullptr;
      for (int64_t task = tasks * part / parts; task < tasks * (part + 1) / parts; task++) {
        const int64_t batch = task / splits / shape.heads, head = task / splits % shape.heads, split = task % splits;
        const int64_t kv_head = head / shape.heads_per_kv;
        AttentionHead h;
        h.shape = &shape;
        h.q = q.data + batch * q.batch_stride + head * q.head_stride, h.q_row = q.row_stride;
        h.k = k.data + batch * k.batch_stride + kv_head * k.head_stride, h.k_row = k.row_stride;
        h.v = v.data + batch * v.batch_stride + kv_head * v.head_stride, h.v_row = v.row_stride;
        h.mask = mask.data ? mask.data + batch * mask.batch_stride + head * mask.head_stride : nullptr, h.mask_row = mask.row_stride;
        h.y = y + batch * y_batch_stride + head * y_head_stride, h.y_row = y_row_stride;
        h.packed_k = packs(shape) ? packed : nullptr;
        h.packed_v = packs(shape) ? packed + packed_k_floats(shape) : nullptr;
        h.scores = packed + packed_k_floats(shape) + packed_v_floats(shape), h.score_stride = score_stride(shape);
        if (packs(shape) && (packed_from_k != h.k || packed_from_v != h.v)) {
          pack_keys(h.k, h.k_row, shape, tiles[1], packed);
          pack_values(h.v, h.v_row, shape, tiles[1], packed + packed_k_floats(shape));
        }
        packed_from_k = h.k, packed_from_v = h.v;
        run(h, blocks * split / splits, blocks * (split + 1) / splits);
      }
    }
  });
}

}  // namespace tsrun::kernels
#endif
