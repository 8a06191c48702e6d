#include <cmath>

#include "ops/dispatch.h"
#include "ops/kernels/recurrent.h"
#include "ops/recurrent.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

template <class T>
T sigmoid(T x) {
  return 1 / (1 + std::exp(-x));
}

/// gx and gh: gates of the input and of the state, [rows, gates * hidden]; h and c are [rows, hidden].
template <class T>
void step_rows(RecurrentKind kind, const T* gx, const T* gh, T* h, T* c, int64_t rows, int64_t n) {
  int64_t gates = gate_count(kind);
  for (int64_t r = 0; r < rows; ++r, gx += gates * n, gh += gates * n, h += n) {
    for (int64_t i = 0; i < n; ++i) {
      auto gate = [&](int64_t g) { return gx[g * n + i] + gh[g * n + i]; };
      switch (kind) {
        case RecurrentKind::lstm: {
          T& cell = c[r * n + i];
          cell = sigmoid(gate(1)) * cell + sigmoid(gate(0)) * std::tanh(gate(2));
          h[i] = sigmoid(gate(3)) * std::tanh(cell);
          break;
        }
        case RecurrentKind::gru: {
          T fresh = std::tanh(gx[2 * n + i] + sigmoid(gate(0)) * gh[2 * n + i]);
          h[i] = (h[i] - fresh) * sigmoid(gate(1)) + fresh;
          break;
        }
        case RecurrentKind::tanh: h[i] = std::tanh(gate(0)); break;
        case RecurrentKind::relu: h[i] = gate(0) > 0 || gate(0) != gate(0) ? gate(0) : T(0); break;
      }
    }
  }
}

/// h_out [rows, hidden] before any projection: a copy of h unless the sizes differ.
Tensor advance(Context& ctx, const RecurrentCell& cell, const Tensor& gx, const Tensor& h, const Tensor& c) {
  Tensor gh = apply_linear(ctx, h, cell.recurrent, cell.has_bias ? &cell.recurrent_bias : nullptr);
  Tensor out = cell.has_projection ? ctx.empty(Dims{h.size(0), cell.hidden}, cell.dtype) : clone(ctx, h, MemoryFormat::contiguous);
  Tensor gates = contiguous(ctx, gx);
  dispatch(TypeList<float, double>(), cell.dtype, "recurrent cell", [&]<class T>() {
    step_rows(cell.kind, gates.data<T>(), gh.data<T>(), out.data<T>(), c.defined() ? c.data<T>() : nullptr, h.size(0), cell.hidden);
  });
  return cell.has_projection ? apply_linear(ctx, out, cell.projection, nullptr) : out;
}

/// The bias that goes with the input's gates: both biases, but GRU's n gate takes its recurrent one later.
Tensor sequence_bias(const RecurrentCell& cell) {
  Tensor sum = Tensor::zeros(Dims{gate_count(cell.kind) * cell.hidden});
  float* s = sum.data<float>();
  const float *a = cell.input_bias.data<float>(), *b = cell.recurrent_bias.data<float>();
  int64_t shared = cell.kind == RecurrentKind::gru ? 2 * cell.hidden : sum.numel();
  for (int64_t i = 0; i < sum.numel(); ++i) s[i] = a[i] + (i < shared ? b[i] : 0);
  return sum;
}

void run_kernel(Context& ctx, const RecurrentCell& cell, const Tensor& x, const Tensor& y, const Tensor& h, const Tensor& c,
                const Steps& steps, bool reverse) {
  Tensor gates = apply_linear(ctx, x, cell.input, cell.has_bias ? &cell.sequence_bias : nullptr);
  kernels::Sequence s{steps.count,
                      steps.batch,
                      cell.hidden,
                      gates.data<float>(),
                      steps.batch * gates.stride(0),
                      gates.stride(0),
                      y.data<float>(),
                      steps.batch * y.stride(0),
                      y.stride(0)};
  s.batch_sizes = steps.sizes;
  s.reverse = reverse;
  const float* packed = reinterpret_cast<const float*>(cell.steps->data());
  if (cell.kind == RecurrentKind::lstm) kernels::lstm(s, packed, h.data<float>(), c.data<float>(), ctx.threads);
  else kernels::gru(s, packed, cell.has_bias ? cell.recurrent_bias.data<float>() + 2 * cell.hidden : nullptr, h.data<float>(), ctx.threads);
}

}  // namespace

RecurrentCell make_cell(Context& ctx, RecurrentKind kind, const RecurrentWeights& w, bool for_sequences) {
  int64_t gates = gate_count(kind);
  check(
      w.w_ih->dim() == 2 && w.w_hh->dim() == 2 && w.w_ih->size(0) == w.w_hh->size(0) && w.w_hh->size(0) % gates == 0 && w.w_ih->size(0) > 0,
      "recurrent weights must be matrices of ", gates, " gates each, got ", *w.w_ih, " and ", *w.w_hh);
  check(is_floating(w.w_ih->dtype()) && w.w_ih->dtype() == w.w_hh->dtype(), "recurrent weights must have one floating dtype, got ", *w.w_ih,
        " and ", *w.w_hh);
  RecurrentCell cell{};
  cell.kind = kind;
  cell.dtype = w.w_ih->dtype() == DType::f64 ? DType::f64 : DType::f32;
  cell.inputs = w.w_ih->size(1);
  cell.hidden = w.w_hh->size(0) / gates;
  cell.state = w.w_hh->size(1);
  cell.has_projection = w.projection != nullptr;
  if (w.projection) {
    check(w.projection->dim() == 2 && w.projection->size(0) == cell.state && w.projection->size(1) == cell.hidden, "the projection ",
          *w.projection, " does not fit recurrent weights ", *w.w_hh);
    check(w.projection->dtype() == w.w_ih->dtype(), "recurrent weights must have one dtype");
    cell.projection = pack_linear(ctx, *w.projection);
  } else {
    check(cell.state == cell.hidden, "recurrent weights ", *w.w_hh, " do not fit ", cell.hidden, " hidden units");
  }
  check((w.b_ih == nullptr) == (w.b_hh == nullptr), "either both biases must be given or none");
  if (w.b_ih) {
    check(w.b_ih->numel() == gates * cell.hidden && w.b_hh->numel() == gates * cell.hidden, "recurrent biases ", *w.b_ih, " and ", *w.b_hh,
          " do not fit ", cell.hidden, " hidden units");
    cell.input_bias = contiguous(ctx, cast(ctx, *w.b_ih, cell.dtype));
    cell.recurrent_bias = contiguous(ctx, cast(ctx, *w.b_hh, cell.dtype));
    cell.has_bias = true;
  }
  cell.input = pack_linear(ctx, *w.w_ih);
  bool kernel = for_sequences && !w.projection && cell.dtype == DType::f32 && (kind == RecurrentKind::lstm || kind == RecurrentKind::gru);
  if (!kernel) {
    cell.recurrent = pack_linear(ctx, *w.w_hh);
    return cell;
  }
  if (cell.has_bias) cell.sequence_bias = sequence_bias(cell);
  auto which = kind == RecurrentKind::lstm ? kernels::Cell::lstm : kernels::Cell::gru;
  cell.steps = Storage::allocate(static_cast<size_t>(kernels::packed_recurrent_size(which, cell.hidden)) * sizeof(float));
  Tensor recurrent = contiguous(ctx, cast(ctx, *w.w_hh, DType::f32));
  kernels::pack_recurrent(which, recurrent.data<float>(), cell.hidden, reinterpret_cast<float*>(cell.steps->data()));
  return cell;
}

void step_cell(Context& ctx, const RecurrentCell& cell, const Tensor& x, Tensor& h, Tensor& c) {
  Tensor gx = apply_linear(ctx, x, cell.input, cell.has_bias ? &cell.input_bias : nullptr);
  h = advance(ctx, cell, gx, h, c);
}

void run_cell(Context& ctx, const RecurrentCell& cell, const Tensor& x, const Tensor& y, const Tensor& h, const Tensor& c,
              const Steps& steps, bool reverse) {
  if (x.size(0) == 0) return;
  if (cell.steps) return run_kernel(ctx, cell, x, y, h, c, steps, reverse);
  Tensor gates = apply_linear(ctx, x, cell.input, cell.has_bias ? &cell.input_bias : nullptr);
  int64_t row = reverse ? x.size(0) : 0;
  for (int64_t i = 0; i < steps.count; ++i) {
    int64_t t = reverse ? steps.count - 1 - i : i, live = steps.live(t);
    if (reverse) row -= live;
    Tensor state = narrow(h, 0, 0, live);
    Tensor next = advance(ctx, cell, narrow(gates, 0, row, live), state, c.defined() ? narrow(c, 0, 0, live) : c);
    copy_into(ctx, state, next);
    copy_into(ctx, narrow(y, 0, row, live), next);
    if (!reverse) row += live;
  }
}

namespace {

struct PreparedCell : Prepared {
  RecurrentCell cell;
};

template <RecurrentKind Kind>
std::pair<Tensor, Tensor> cell_step(Context& ctx, const Tensor& input, const Tensor& hx, const Tensor* cx, const Tensor& w_ih,
                                    const Tensor& w_hh, const Tensor* b_ih, const Tensor* b_hh) {
  Ref<const PreparedCell> prepared;
  if (ctx.prepared && *ctx.prepared) {
    prepared = Ref<const PreparedCell>(static_cast<const PreparedCell*>(ctx.prepared->get()));
  } else {
    auto made = make_ref<PreparedCell>();
    made->cell = make_cell(ctx, Kind, {&w_ih, &w_hh, b_ih, b_hh, nullptr}, false);
    if (ctx.prepared) *ctx.prepared = Ref<const Prepared>(made);
    prepared = made;
  }
  const RecurrentCell& cell = prepared->cell;
  bool batched = input.dim() == 2;
  check((input.dim() == 1 || batched) && hx.dim() == input.dim() && input.size(-1) == cell.inputs && hx.size(-1) == cell.hidden &&
            (!batched || hx.size(0) == input.size(0)),
        "recurrent cell: input ", input, " and state ", hx, " do not fit weights ", w_ih, " and ", w_hh);
  check(input.dtype() == w_ih.dtype() && hx.dtype() == w_ih.dtype(), "recurrent cell: input, state and weights must have the same dtype");
  auto rows = [&](const Tensor& t) { return contiguous(ctx, cast(ctx, batched ? t : unsqueeze(t, 0), cell.dtype)); };
  Tensor h = rows(hx), c;
  if (cx) {
    check(cx->sizes().size() == hx.sizes().size() && cx->numel() == hx.numel() && cx->size(-1) == cell.hidden,
          "recurrent cell: the states ", hx, " and ", *cx, " differ");
    c = clone(ctx, rows(*cx), MemoryFormat::contiguous);
  }
  step_cell(ctx, cell, rows(input), h, c);
  auto back = [&](const Tensor& t) { return cast(ctx, batched ? t : squeeze(t, 0), input.dtype()); };
  return {back(h), cx ? back(c) : Tensor()};
}

std::tuple<Tensor, Tensor> lstm_cell(Context& ctx, const Tensor& input, TensorSpan hx, const Tensor& w_ih, const Tensor& w_hh,
                                     const Tensor* b_ih, const Tensor* b_hh) {
  check(hx.size() == 2, "lstm_cell expects two hidden states");
  auto [h, c] = cell_step<RecurrentKind::lstm>(ctx, input, hx[0], &hx[1], w_ih, w_hh, b_ih, b_hh);
  return {h, c};
}

template <RecurrentKind Kind>
Tensor plain_cell(Context& ctx, const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh, const Tensor* b_ih,
                  const Tensor* b_hh) {
  return cell_step<Kind>(ctx, input, hx, nullptr, w_ih, w_hh, b_ih, b_hh).first;
}

constexpr Op rows[] = {
    op<"aten::lstm_cell(Tensor input, Tensor[] hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None) -> (Tensor, Tensor)",
       lstm_cell>(),
    op<"aten::gru_cell(Tensor input, Tensor hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None) -> Tensor",
       plain_cell<RecurrentKind::gru>>(),
    op<"aten::rnn_tanh_cell(Tensor input, Tensor hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None) -> Tensor",
       plain_cell<RecurrentKind::tanh>>(),
    op<"aten::rnn_relu_cell(Tensor input, Tensor hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None) -> Tensor",
       plain_cell<RecurrentKind::relu>>(),
};

}  // namespace

const std::span<const Op> recurrent_cell_ops = rows;

}  // namespace tsrun
