#include "ops/kernels/recurrent.h"

#include <algorithm>

#include "ops/kernels/parallel.h"
#include "ops/kernels/recurrent_kernels.h"

namespace tsrun::kernels {
namespace {

int64_t blocks_of(int64_t hidden) { return (hidden + kUnits - 1) / kUnits; }

struct Layer {
  const Sequence& s;
  const float *packed, *bias_n;
  float *h, *c;
  RecurrentStep step;
  int64_t total;  // rows of a packed sequence

  int64_t live(int64_t t) const { return s.batch_sizes ? s.batch_sizes[t] : s.batch; }
  const float* gates(int64_t t, int64_t offset, int64_t row) const {
    return s.gates + (s.batch_sizes ? (offset + row) * s.gates_row : t * s.gates_step + row * s.gates_row);
  }
  float* y(int64_t t, int64_t offset, int64_t row) const {
    return s.y + (s.batch_sizes ? (offset + row) * s.y_row : t * s.y_step + row * s.y_row);
  }
};

/// Rows [begin, end) through all steps; each step's unit blocks are shared by `threads` threads.
void run_rows(const Layer& layer, int64_t begin, int64_t end, int threads) {
  const Sequence& s = layer.s;
  const int64_t blocks = blocks_of(s.hidden);
  int64_t offset = s.reverse ? layer.total : 0;  // of this step's rows in a packed sequence
  int64_t previous = -1, previous_offset = 0, previous_live = 0;
  for (int64_t i = 0; i < s.steps; i++) {
    const int64_t t = s.reverse ? s.steps - 1 - i : i, live = layer.live(t), last = std::min(end, live);
    if (s.reverse) offset -= live;
    // Rows that were live before continue from their own output, the others from h.
    const auto state = [&](int64_t row) {
      return row < previous_live ? layer.y(previous, previous_offset, row) : layer.h + row * s.hidden;
    };
    const auto tile_at = [&](int64_t row) {
      RecurrentTile tile{std::min(kRecurrentRows, last - row), s.hidden, layer.packed, layer.bias_n, {}, {}, {}, {}};
      for (int64_t r = 0; r < tile.rows; r++) {
        tile.h[r] = state(row + r);
        tile.gates[r] = layer.gates(t, offset, row + r);
        tile.y[r] = layer.y(t, offset, row + r);
        if (layer.c) tile.c[r] = layer.c + (row + r) * s.hidden;
      }
      return tile;
    };
    const bool one_tile = last - begin <= kRecurrentRows;
    parallel_for(threads, last > begin ? blocks : 0, 4, [&](int64_t first_block, int64_t last_block) {
      // With several tiles, all of them pass over a block of weights while it is in the first cache.
      const int64_t together = one_tile ? last_block - first_block : 1;
      for (int64_t block = first_block; block < last_block; block += together) {
        for (int64_t row = begin; row < last; row += kRecurrentRows) layer.step(tile_at(row), block, block + together);
      }
    });
    // The rows that end here (all of them at the last step) leave their state in h.
    const int64_t next_live = s.reverse ? (i + 1 < s.steps ? live : 0) : (i + 1 < s.steps ? layer.live(t + 1) : 0);
    for (int64_t row = std::max(begin, next_live); row < last; row++) {
      std::copy_n(layer.y(t, offset, row), s.hidden, layer.h + row * s.hidden);
    }
    previous = t, previous_offset = offset, previous_live = live;
    if (!s.reverse) offset += live;
  }
}

void run(Cell cell, const Sequence& s, const float* packed, const float* bias_n, float* h, float* c, int threads) {
  Layer layer{s, packed, bias_n, h, c, recurrent_step(cell), 0};
  for (int64_t t = 0; s.batch_sizes && t < s.steps; t++) layer.total += s.batch_sizes[t];
  const int64_t weights = static_cast<int64_t>(cell) * s.hidden * s.hidden;
  const int64_t worth_a_thread = 1 << 17;  // multiplications
  if (threads > 1 && s.batch >= kRecurrentRows * threads && s.steps * s.batch * weights >= worth_a_thread) {
    const int64_t tiles = (s.batch + kRecurrentRows - 1) / kRecurrentRows;
    parallel_for(threads, tiles, 1,
                 [&](int64_t begin, int64_t end) { run_rows(layer, begin * kRecurrentRows, std::min(s.batch, end * kRecurrentRows), 1); });
  } else {
    run_rows(layer, 0, s.batch, s.batch * weights >= worth_a_thread ? threads : 1);
  }
}

}  // namespace

int64_t packed_recurrent_size(Cell cell, int64_t hidden) { return blocks_of(hidden) * kUnits * hidden * static_cast<int64_t>(cell); }

void pack_recurrent(Cell cell, const float* w, int64_t hidden, float* packed) {
  const int64_t gates = static_cast<int64_t>(cell);
  for (int64_t block = 0; block < blocks_of(hidden); block++) {
    for (int64_t k = 0; k < hidden; k++) {
      for (int64_t g = 0; g < gates; g++) {
        for (int64_t u = 0; u < kUnits; u++) {
          const int64_t unit = block * kUnits + u;
          *packed++ = unit < hidden ? w[(g * hidden + unit) * hidden + k] : 0.0f;
        }
      }
    }
  }
}

void lstm(const Sequence& sequence, const float* packed, float* h, float* c, int threads) {
  run(Cell::lstm, sequence, packed, nullptr, h, c, threads);
}

void gru(const Sequence& sequence, const float* packed, const float* bias_n, float* h, int threads) {
  run(Cell::gru, sequence, packed, bias_n, h, nullptr, threads);
}

}  // namespace tsrun::kernels
