// One direction of one layer of an LSTM or GRU over a sequence, f32. The caller multiplies all inputs by the input weights in one matrix
// product first, and composes layers and directions.
#pragma once
#include <cstdint>

namespace tsrun::kernels {

/// The values are the numbers of gates.
enum class Cell : uint8_t { gru = 3, lstm = 4 };

/// Floats of pack_recurrent's output. Aligning it to 64 bytes is best. The form is the same for every instruction set.
int64_t packed_recurrent_size(Cell cell, int64_t hidden);

/// w is weight_hh, [gates * hidden, hidden] contiguous, in PyTorch's order of gates (LSTM i f g o, GRU r z n).
void pack_recurrent(Cell cell, const float* w, int64_t hidden, float* packed);

/// Sequence [steps, batch] of one direction. Strides are in elements; a vector of hidden units is adjacent.
struct Sequence {
  int64_t steps, batch, hidden;
  const float* gates;  ///< input part of the gates, [steps, batch, gates * hidden]: x W_ih^T + b_ih (LSTM: + b_hh; GRU: + b_hh of r and z)
  int64_t gates_step, gates_row;
  float* y;  ///< [steps, batch, hidden]: the hidden states; must not overlap anything else
  int64_t y_step, y_row;
  /// Live rows of each step, falling, at most batch: a packed sequence. The rows of all steps then follow each other in gates and y, and
  /// gates_step and y_step are not read. Null: all rows are live.
  const int64_t* batch_sizes = nullptr;
  bool reverse = false;  ///< from the last step to the first
};

/// h and c, [batch, hidden] contiguous, hold the first state and receive each row's last.
void lstm(const Sequence& sequence, const float* packed, float* h, float* c, int threads);

/// bias_n is b_hh of the gate n, [hidden], null if there is none.
void gru(const Sequence& sequence, const float* packed, const float* bias_n, float* h, int threads);

}  // namespace tsrun::kernels
