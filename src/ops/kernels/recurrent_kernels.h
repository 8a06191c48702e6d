// The inner loop of recurrent layers: one step of a few rows for a range of unit blocks.
#pragma once
#include <cstdint>

#include "ops/kernels/recurrent.h"

namespace tsrun::kernels {

constexpr int64_t kUnits = 16;         // hidden units of a packed block, whose gates finish together
constexpr int64_t kRecurrentRows = 4;  // most rows of a tile

/// Rows of one step. Pointers are to the first unit; h is the state before the step, y after it.
struct RecurrentTile {
  int64_t rows, hidden;
  const float* packed;
  const float* bias_n;  // GRU only, may be null
  const float* h[kRecurrentRows];
  const float* gates[kRecurrentRows];
  float* c[kRecurrentRows];  // LSTM only
  float* y[kRecurrentRows];
};

/// Computes unit blocks [begin, end) of 1 <= tile.rows <= kRecurrentRows rows.
using RecurrentStep = void (*)(const RecurrentTile& tile, int64_t begin, int64_t end);
RecurrentStep recurrent_step(Cell cell);

}  // namespace tsrun::kernels
