// Stacks of recurrent layers, over padded and packed sequences.
#include "ops/recurrent.h"

#include <cstring>

#include "ops/dispatch.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

struct PreparedStack : Prepared {
  std::vector<Tensor> weights;       // what the cells were made of
  std::vector<RecurrentCell> cells;  // by layer, then direction
};

struct Stack {
  RecurrentKind kind;
  bool has_biases;
  int64_t layers;
  int64_t directions;
  bool projections = false;
};

Ref<const PreparedStack> prepare(Context& ctx, const Stack& s, TensorSpan params) {
  check(s.layers > 0 && s.layers < 1024, "num_layers must be positive, got ", s.layers);
  bool kept = ctx.prepared && *ctx.prepared;
  if (kept) {
    auto* before = static_cast<const PreparedStack*>(ctx.prepared->get());
    bool same = before->weights.size() == params.size();
    for (size_t i = 0; same && i < params.size(); ++i) same = before->weights[i].is_same(params[i]);
    if (same) return Ref<const PreparedStack>(before);
  }
  size_t each = 2 + (s.has_biases ? 2 : 0) + (s.projections ? 1 : 0), count = static_cast<size_t>(s.layers * s.directions);
  check(params.size() == each * count, "got an incorrect number of RNN parameters: ", params.size(), " instead of ", each * count);
  auto made = make_ref<PreparedStack>();
  for (size_t i = 0; i < count; ++i) {
    size_t at = i * each;
    RecurrentWeights w{&params[at], &params[at + 1], s.has_biases ? &params[at + 2] : nullptr, s.has_biases ? &params[at + 3] : nullptr,
                       s.projections ? &params[at + each - 1] : nullptr};
    made->cells.push_back(make_cell(ctx, s.kind, w, true));
  }
  if (!ctx.prepared || kept) return made;
  for (const Tensor& w : params) made->weights.push_back(w);
  *ctx.prepared = Ref<const Prepared>(made);
  return made;
}

struct States {
  Tensor output, h, c;
};

void check_state(const Tensor& state, const Stack& s, int64_t batch, int64_t width, const char* name) {
  check(state.dim() == 3 && state.size(0) == s.layers * s.directions && state.size(1) == batch && state.size(2) == width, "Expected ", name,
        " size [", s.layers * s.directions, ", ", batch, ", ", width, "], got ", state.sizes());
}

/// input [rows, inputs]. The output is [rows, directions * state].
States run_stack(Context& ctx, const Stack& s, const Tensor& input, TensorSpan params, const Tensor& hx, const Tensor* cx,
                 const Steps& steps) {
  Ref<const PreparedStack> prepared = prepare(ctx, s, params);
  const std::vector<RecurrentCell>& cells = prepared->cells;
  check(static_cast<int64_t>(cells.size()) == s.layers * s.directions, "the number of recurrent layers changed between calls");
  DType compute = cells[0].dtype, dtype = input.dtype();
  check_state(hx, s, steps.batch, cells[0].state, "hidden[0]");
  if (cx) check_state(*cx, s, steps.batch, cells[0].hidden, "hidden[1]");
  check(hx.dtype() == dtype && params[0].dtype() == dtype, "Input, hidden and parameter tensors must have the same dtype, got ", input,
        ", ", hx, " and ", params[0]);
  Tensor h = clone(ctx, cast(ctx, hx, compute), MemoryFormat::contiguous),
         c = cx ? clone(ctx, cast(ctx, *cx, compute), MemoryFormat::contiguous) : Tensor();
  Tensor x = contiguous(ctx, cast(ctx, input, compute));
  for (int64_t layer = 0; layer < s.layers; ++layer) {
    int64_t width = cells[static_cast<size_t>(layer * s.directions)].state;
    Tensor y = ctx.empty(Dims{x.size(0), s.directions * width}, compute);
    for (int64_t d = 0; d < s.directions; ++d) {
      int64_t at = layer * s.directions + d;
      const RecurrentCell& cell = cells[static_cast<size_t>(at)];
      check(x.size(1) == cell.inputs, "input.size(-1) must be equal to input_size. Expected ", cell.inputs, ", got ", x.size(1));
      check(cell.state == cells[0].state && cell.hidden == cells[0].hidden && cell.dtype == compute,
            "all recurrent layers must have the same number and type of hidden units");
      run_cell(ctx, cell, x, narrow(y, 1, d * cell.state, cell.state), select(h, 0, at), cx ? select(c, 0, at) : Tensor(), steps, d == 1);
    }
    x = y;
  }
  return {cast(ctx, x, dtype), cast(ctx, h, dtype), cx ? cast(ctx, c, dtype) : Tensor()};
}

void check_dropout(double dropout, bool train, int64_t layers) {
  if (train && dropout > 0 && layers > 1) unsupported("dropout between recurrent layers in training");
}

States run_padded(Context& ctx, const Stack& s, const Tensor& input, TensorSpan params, const Tensor& hx, const Tensor* cx,
                  bool batch_first) {
  check(input.dim() == 3, "RNN: expected input to have 3 dimensions, got ", input);
  Tensor x = contiguous(ctx, batch_first ? transpose(input, 0, 1) : input);
  int64_t steps = x.size(0), batch = x.size(1);
  States r = run_stack(ctx, s, reshape(ctx, x, Dims{checked_numel(Dims{steps, batch}), x.size(2)}), params, hx, cx, {steps, batch});
  r.output = reshape(ctx, r.output, Dims{steps, batch, r.output.size(1)});
  if (batch_first) r.output = transpose(r.output, 0, 1);
  return r;
}

/// Row of the packed data at which each step starts.
std::vector<int64_t> check_batch_sizes(Context& ctx, const Tensor& batch_sizes, int64_t rows) {
  check(batch_sizes.dim() == 1 && batch_sizes.dtype() == DType::i64 && batch_sizes.numel() > 0,
        "batch_sizes must be a 1-dimensional int64 tensor, got ", batch_sizes);
  Tensor dense = contiguous(ctx, batch_sizes);
  std::vector<int64_t> sizes(dense.data<int64_t>(), dense.data<int64_t>() + dense.numel());
  int64_t total = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    check(sizes[i] > 0 && (i == 0 || sizes[i] <= sizes[i - 1]) && sizes[i] <= rows, "batch_sizes must be positive and must not grow");
    total += sizes[i];
    check(total <= rows, "batch_sizes count more rows than the packed data has (", rows, ")");
  }
  check(total == rows, "batch_sizes count ", total, " rows, the packed data has ", rows);
  return sizes;
}

/// [rows, ...] to [steps, batch, ...], padded with zeros, or the way back.
void move_rows(const Tensor& packed, const Tensor& padded, const std::vector<int64_t>& sizes, bool pack) {
  size_t row = packed.size(0) ? static_cast<size_t>(packed.numel() / packed.size(0)) * item_size(packed.dtype()) : 0;
  std::byte *p = static_cast<std::byte*>(packed.data()), *q = static_cast<std::byte*>(padded.data());
  size_t step = static_cast<size_t>(padded.size(1)) * row;
  for (int64_t live : sizes) {
    size_t bytes = static_cast<size_t>(live) * row;
    if (bytes) std::memcpy(pack ? p : q, pack ? q : p, bytes);
    p += bytes;
    q += step;
  }
}

States run_packed(Context& ctx, const Stack& s, const Tensor& data, const Tensor& batch_sizes, TensorSpan params, const Tensor& hx,
                  const Tensor* cx) {
  check(data.dim() == 2, "RNN: packed data must have 2 dimensions, got ", data);
  std::vector<int64_t> sizes = check_batch_sizes(ctx, batch_sizes, data.size(0));
  return run_stack(ctx, s, data, params, hx, cx, {static_cast<int64_t>(sizes.size()), sizes[0], sizes.data()});
}

Stack lstm_stack(TensorSpan hx, bool has_biases, int64_t layers, bool bidirectional) {
  check(hx.size() == 2, "lstm expects two hidden states");
  check(hx[0].dim() == 3 && hx[1].dim() == 3, "lstm: hidden states must have 3 dimensions, got ", hx[0], " and ", hx[1]);
  return {RecurrentKind::lstm, has_biases, layers, bidirectional ? 2 : 1, hx[0].size(2) != hx[1].size(2)};
}

using Three = std::tuple<Tensor, Tensor, Tensor>;
using Two = std::tuple<Tensor, Tensor>;

Three lstm(Context& ctx, const Tensor& input, TensorSpan hx, TensorSpan params, bool has_biases, int64_t num_layers, double dropout,
           bool train, bool bidirectional, bool batch_first) {
  check_dropout(dropout, train, num_layers);
  States r = run_padded(ctx, lstm_stack(hx, has_biases, num_layers, bidirectional), input, params, hx[0], &hx[1], batch_first);
  return {r.output, r.h, r.c};
}

Three lstm_packed(Context& ctx, const Tensor& data, const Tensor& batch_sizes, TensorSpan hx, TensorSpan params, bool has_biases,
                  int64_t num_layers, double dropout, bool train, bool bidirectional) {
  check_dropout(dropout, train, num_layers);
  States r = run_packed(ctx, lstm_stack(hx, has_biases, num_layers, bidirectional), data, batch_sizes, params, hx[0], &hx[1]);
  return {r.output, r.h, r.c};
}

template <RecurrentKind Kind>
Two plain(Context& ctx, const Tensor& input, const Tensor& hx, TensorSpan params, bool has_biases, int64_t num_layers, double dropout,
          bool train, bool bidirectional, bool batch_first) {
  check_dropout(dropout, train, num_layers);
  States r = run_padded(ctx, {Kind, has_biases, num_layers, bidirectional ? 2 : 1}, input, params, hx, nullptr, batch_first);
  return {r.output, r.h};
}

template <RecurrentKind Kind>
Two plain_packed(Context& ctx, const Tensor& data, const Tensor& batch_sizes, const Tensor& hx, TensorSpan params, bool has_biases,
                 int64_t num_layers, double dropout, bool train, bool bidirectional) {
  check_dropout(dropout, train, num_layers);
  States r = run_packed(ctx, {Kind, has_biases, num_layers, bidirectional ? 2 : 1}, data, batch_sizes, params, hx, nullptr);
  return {r.output, r.h};
}

Two pack_padded_sequence(Context& ctx, const Tensor& input, const Tensor& lengths, bool batch_first) {
  check(input.numel() > 0 && input.dim() >= 2, "Cannot pack empty tensors.");
  check(lengths.dim() == 1 && lengths.dtype() == DType::i64, "'lengths' argument should be a 1D CPU int64 tensor, but got ", lengths);
  Tensor x = contiguous(ctx, batch_first ? transpose(input, 0, 1) : input), dense = contiguous(ctx, lengths);
  int64_t steps = x.size(0), batch = x.size(1);
  check(dense.numel() == batch, "Expected `len(lengths)` to be equal to batch_size, but got ", dense.numel(), " (batch_size=", batch, ")");
  const int64_t* length = dense.data<int64_t>();
  for (int64_t i = 0; i < batch; ++i) {
    check(length[i] > 0, "Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0");
    check(i == 0 || length[i] <= length[i - 1],
          "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You can pass `enforce_sorted=False` to "
          "pack_padded_sequence and/or pack_sequence to sidestep this requirement if you do not need ONNX exportability.");
  }
  check(length[0] <= steps, "Expected sequence lengths of at most ", steps, ", got ", length[0]);
  Tensor sizes = ctx.empty(Dims{length[0]}, DType::i64);
  std::vector<int64_t> live(static_cast<size_t>(length[0]));
  int64_t rows = 0;
  for (int64_t t = 0; t < length[0]; ++t) {
    int64_t n = 0;
    while (n < batch && length[n] > t) ++n;
    live[static_cast<size_t>(t)] = sizes.data<int64_t>()[t] = n;
    rows += n;
  }
  Dims out_sizes(x.sizes().subspan(1));
  out_sizes[0] = rows;
  Tensor out = ctx.empty(out_sizes, x.dtype());
  move_rows(out, x, live, true);
  return {out, sizes};
}

Two pad_packed_sequence(Context& ctx, const Tensor& data, const Tensor& batch_sizes, bool batch_first, const Scalar& padding_value,
                        int64_t total_length) {
  check(data.dim() >= 1, "packed data must have dimensions, got ", data);
  std::vector<int64_t> sizes = check_batch_sizes(ctx, batch_sizes, data.size(0));
  int64_t steps = static_cast<int64_t>(sizes.size()), batch = sizes[0];
  check(total_length <= 0 || total_length >= steps,
        "Expected total_length to be at least the length of the longest sequence in input, but got total_length=", total_length,
        " and max sequence length being ", steps);
  Dims out_sizes{total_length > 0 ? total_length : steps, batch};
  for (int64_t d = 1; d < data.dim(); ++d) out_sizes.push_back(data.size(d));
  Tensor out = full(ctx, out_sizes, padding_value, data.dtype()), lengths = ctx.zeros(Dims{batch}, DType::i64);
  move_rows(contiguous(ctx, data), out, sizes, false);
  for (int64_t live : sizes)
    for (int64_t i = 0; i < live; ++i) ++lengths.data<int64_t>()[i];
  return {batch_first ? transpose(out, 0, 1) : out, lengths};
}

constexpr Op rows[] = {
    op<"aten::lstm.input(Tensor input, Tensor[] hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool "
       "bidirectional, "
       "bool batch_first) -> (Tensor, Tensor, Tensor)",
       lstm>(),
    op<"aten::lstm.data(Tensor data, Tensor batch_sizes, Tensor[] hx, Tensor[] params, bool has_biases, int num_layers, float dropout, "
       "bool train, "
       "bool bidirectional) -> (Tensor, Tensor, Tensor)",
       lstm_packed>(),
    op<"aten::gru.input(Tensor input, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool "
       "bidirectional, "
       "bool batch_first) -> (Tensor, Tensor)",
       plain<RecurrentKind::gru>>(),
    op<"aten::gru.data(Tensor data, Tensor batch_sizes, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool "
       "train, "
       "bool bidirectional) -> (Tensor, Tensor)",
       plain_packed<RecurrentKind::gru>>(),
    op<"aten::rnn_tanh.input(Tensor input, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool "
       "bidirectional, "
       "bool batch_first) -> (Tensor, Tensor)",
       plain<RecurrentKind::tanh>>(),
    op<"aten::rnn_tanh.data(Tensor data, Tensor batch_sizes, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, "
       "bool train, "
       "bool bidirectional) -> (Tensor, Tensor)",
       plain_packed<RecurrentKind::tanh>>(),
    op<"aten::rnn_relu.input(Tensor input, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool "
       "bidirectional, "
       "bool batch_first) -> (Tensor, Tensor)",
       plain<RecurrentKind::relu>>(),
    op<"aten::rnn_relu.data(Tensor data, Tensor batch_sizes, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, "
       "bool train, "
       "bool bidirectional) -> (Tensor, Tensor)",
       plain_packed<RecurrentKind::relu>>(),
    op<"aten::_pack_padded_sequence(Tensor input, Tensor lengths, bool batch_first) -> (Tensor, Tensor)", pack_padded_sequence>(),
    op<"aten::_pad_packed_sequence(Tensor data, Tensor batch_sizes, bool batch_first, Scalar padding_value, int total_length) -> (Tensor, "
       "Tensor)",
       pad_packed_sequence>(),
};

}  // namespace

const std::span<const Op> recurrent_ops = rows;

}  // namespace tsrun
