// One direction of one recurrent layer, for layers, stacks and packed sequences alike.
#pragma once
#include <optional>
#include <vector>

#include "ops/context.h"
#include "ops/matmul.h"

namespace tsrun {

enum class RecurrentKind : uint8_t { lstm, gru, tanh, relu };

inline int64_t gate_count(RecurrentKind kind) { return kind == RecurrentKind::lstm ? 4 : kind == RecurrentKind::gru ? 3 : 1; }

/// The weights of one direction as a model gives them; null biases are zero, a null projection is none.
struct RecurrentWeights {
  const Tensor *w_ih, *w_hh, *b_ih, *b_hh, *projection;
};

/// The same, checked and in kernel order, in float32 or float64.
struct RecurrentCell {
  RecurrentKind kind;
  DType dtype;
  int64_t inputs, hidden, state;  ///< state: length of h, the projection's length when there is one
  PackedLinear input, recurrent, projection;
  Ref<Storage> steps;  ///< the recurrent weight as the step kernels read it; null when there is no such kernel
  Tensor input_bias, recurrent_bias;
  Tensor sequence_bias;  ///< of the kernels: both biases, but without GRU's recurrent one of the gate n
  bool has_bias = false, has_projection = false;
};

/// for_sequences: prepare the step kernels. Throws Error (model) when sizes disagree.
RecurrentCell make_cell(Context& ctx, RecurrentKind kind, const RecurrentWeights& weights, bool for_sequences);

/// One step: h [batch, state] and c [batch, hidden] (lstm only) are replaced. x [batch, inputs].
void step_cell(Context& ctx, const RecurrentCell& cell, const Tensor& x, Tensor& h, Tensor& c);

/// How the rows of a sequence belong to steps: `batch` to each, or by `sizes` (falling, the first is batch), one step behind the other.
struct Steps {
  int64_t count, batch;
  const int64_t* sizes = nullptr;
  int64_t live(int64_t t) const { return sizes ? sizes[t] : batch; }
};

/// All steps of x [rows, inputs], contiguous; y [rows, state] by its row stride; h and c contiguous, updated in place.
void run_cell(Context& ctx, const RecurrentCell& cell, const Tensor& x, const Tensor& y, const Tensor& h, const Tensor& c,
              const Steps& steps, bool reverse);

}  // namespace tsrun
