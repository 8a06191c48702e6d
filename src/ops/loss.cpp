// Losses that read class indices. Those that are compositions of other operators are in prelude/loss.py.
#include <cmath>
#include <vector>

#include "ops/dispatch.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

enum Reduction : int64_t { none = 0, mean_of = 1, sum_of = 2 };

void check_reduction(int64_t reduction) {
  check(reduction >= none && reduction <= sum_of, reduction, " is not a valid value for reduction");
}

/// Class indices as int64; a uint8 target is allowed.
Tensor class_indices(Context& ctx, const Tensor& target, const char* name) {
  check(target.dtype() == DType::i64 || target.dtype() == DType::u8, "\"", name, "\": expected scalar type Long or Byte but found ",
        scalar_type_name(target.dtype()));
  return contiguous(ctx, cast(ctx, target, DType::i64));
}

/// input [n, classes, positions]; target [n, positions]. The second result is the sum of the weights used.
std::pair<Tensor, Tensor> nll(Context& ctx, const Tensor& input, const Tensor& target, const Tensor* weight, int64_t reduction,
                              int64_t ignore_index, IntSpan each_sizes) {
  check_reduction(reduction);
  check(is_floating(input.dtype()), "\"nll_loss_out_frame\" not implemented for '", scalar_type_name(input.dtype()), "'");
  int64_t n = input.size(0), classes = input.size(1), positions = input.size(2);
  check(!weight || (weight->dim() == 1 && weight->numel() == classes), "weight tensor should be defined either for all ", classes,
        " classes or no classes but got weight tensor of shape: ", weight ? weight->sizes() : IntSpan());
  Tensor index = class_indices(ctx, target, "nll_loss_out_frame");
  const int64_t* at = index.data<int64_t>();
  for (int64_t i = 0; i < index.numel(); ++i)
    check(at[i] == ignore_index || (at[i] >= 0 && at[i] < classes), "Target ", at[i], " is out of bounds.");
  DType compute = input.dtype() == DType::f64 ? DType::f64 : DType::f32;
  Tensor x = contiguous(ctx, cast(ctx, input, compute)), w = weight ? contiguous(ctx, cast(ctx, *weight, compute)) : Tensor();
  Tensor each = reduction == none ? ctx.empty(each_sizes, compute) : Tensor();
  double total = 0, total_weight = 0;
  dispatch(TypeList<float, double>(), compute, "nll_loss_out_frame", [&]<class T>() {
    for (int64_t i = 0; i < n * positions; ++i) {
      int64_t c = at[i];
      double loss = 0;
      if (c != ignore_index) {
        double factor = w.defined() ? static_cast<double>(w.data<T>()[c]) : 1.0;
        loss = -factor * static_cast<double>(x.data<T>()[(i / positions * classes + c) * positions + i % positions]);
        total_weight += factor;
      }
      total += loss;
      if (each.defined()) each.data<T>()[i] = static_cast<T>(loss);
    }
  });
  if (reduction == none) return {cast(ctx, each, input.dtype()), scalar_tensor(ctx, Scalar(0.0), input.dtype())};
  double value = reduction == mean_of ? total / total_weight : total;
  return {scalar_tensor(ctx, Scalar(value), input.dtype()), scalar_tensor(ctx, Scalar(total_weight), input.dtype())};
}

using Two = std::tuple<Tensor, Tensor>;

Two nll_loss_forward(Context& ctx, const Tensor& self, const Tensor& target, const Tensor* weight, int64_t reduction,
                     int64_t ignore_index) {
  check(self.dim() == 1 || self.dim() == 2, "input tensor should be 1D or 2D");
  check(target.dim() <= 1, "0D or 1D target tensor expected, multi-target not supported");
  bool batched = self.dim() == 2;
  check(batched ? target.dim() == 1 && self.size(0) == target.size(0) : target.numel() == 1, "size mismatch (got input: ", self.sizes(),
        ", target: ", target.sizes(), ")");
  Tensor x = unsqueeze(batched ? self : unsqueeze(self, 0), 2);
  auto [loss, weights] = nll(ctx, x, target, weight, reduction, ignore_index, batched ? target.sizes() : IntSpan());
  return {loss, weights};
}

Two nll_loss2d_forward(Context& ctx, const Tensor& self, const Tensor& target, const Tensor* weight, int64_t reduction,
                       int64_t ignore_index) {
  check(target.dim() == 3, "only batches of spatial targets supported (3D tensors) but got targets of dimension: ", target.dim());
  check(self.dim() == 4, "only batches of spatial inputs supported (4D tensors), but got input of dimension: ", self.dim());
  check(self.size(0) == target.size(0) && self.size(2) == target.size(1) && self.size(3) == target.size(2),
        "size mismatch (got input: ", self.sizes(), " , target: ", target.sizes());
  Tensor x = reshape(ctx, self, Dims{self.size(0), self.size(1), self.size(2) * self.size(3)});
  auto [loss, weights] = nll(ctx, x, target, weight, reduction, ignore_index, target.sizes());
  return {loss, weights};
}

Tensor nll_loss(Context& ctx, const Tensor& self, const Tensor& target, const Tensor* weight, int64_t reduction, int64_t ignore_index) {
  return std::get<0>(nll_loss_forward(ctx, self, target, weight, reduction, ignore_index));
}

Tensor nll_loss2d(Context& ctx, const Tensor& self, const Tensor& target, const Tensor* weight, int64_t reduction, int64_t ignore_index) {
  return std::get<0>(nll_loss2d_forward(ctx, self, target, weight, reduction, ignore_index));
}

Tensor nll_loss_nd(Context& ctx, const Tensor& self, const Tensor& target, const Tensor* weight, int64_t reduction, int64_t ignore_index) {
  check(self.dim() >= 1, "Expected 1 or more dimensions (got ", self.dim(), ")");
  if (self.dim() <= 2) return nll_loss(ctx, self, target, weight, reduction, ignore_index);
  check(self.size(0) == target.size(0), "Expected input batch_size (", self.size(0), ") to match target batch_size (",
        target.dim() ? target.size(0) : 0, ").");
  bool fits = target.dim() + 1 == self.dim();
  for (int64_t d = 1; fits && d < target.dim(); ++d) fits = target.size(d) == self.size(d + 1);
  check(fits, "Expected target size of input ", self.sizes(), " without its classes, got ", target.sizes());
  Tensor x = reshape(ctx, self, Dims{self.size(0), self.size(1), checked_numel(self.sizes().subspan(2))});
  return nll(ctx, x, target, weight, reduction, ignore_index, target.sizes()).first;
}

/// Mean over classes of max(0, margin - x[y] + x[i])^p, weighted by the class y.
Tensor multi_margin_loss(Context& ctx, const Tensor& self, const Tensor& target, const Scalar& p, const Scalar& margin,
                         const Tensor* weight, int64_t reduction) {
  check_reduction(reduction);
  check(p.to_double() == 1 || p.to_double() == 2, "only p == 1 and p == 2 supported");
  check(self.dim() <= 2 && self.numel() > 0, "Expected non-empty vector or matrix with optional 0-dim batch size, but got: ", self.sizes());
  int64_t n = self.dim() == 2 ? self.size(0) : 1, classes = self.dim() ? self.size(-1) : 1;
  check(target.numel() == n && target.dim() <= 1, "inconsistent target size, expected ", n, " but got ", target.sizes());
  check(!weight || weight->numel() == classes, "inconsistent weight size, expected ", classes, " but got ",
        weight ? weight->sizes() : IntSpan());
  check(target.dtype() == DType::i64, "expected scalar type Long but found ", scalar_type_name(target.dtype()));
  Tensor index = contiguous(ctx, target), x = contiguous(ctx, cast(ctx, self, DType::f64)),
         w = weight ? contiguous(ctx, cast(ctx, *weight, DType::f64)) : Tensor();
  check(is_floating(self.dtype()), "\"multi_margin_loss_cpu_kernel\" not implemented for '", scalar_type_name(self.dtype()), "'");
  Tensor each = ctx.empty(target.sizes(), DType::f64);
  double total = 0;
  for (int64_t i = 0; i < n; ++i) {
    int64_t y = index.data<int64_t>()[i];
    check(y >= 0 && y < classes, "target out of range");
    const double* row = x.data<double>() + i * classes;
    double sum = 0;
    for (int64_t c = 0; c < classes; ++c) {
      double z = margin.to_double() - row[y] + row[c];
      if (c != y && z > 0) sum += (p.to_double() == 1 ? z : z * z) * (w.defined() ? w.data<double>()[y] : 1);
    }
    each.data<double>()[i] = sum / static_cast<double>(classes);
    total += each.data<double>()[i];
  }
  if (reduction == none && self.dim() > 1) return cast(ctx, each, self.dtype());
  return scalar_tensor(ctx, Scalar(reduction == mean_of ? total / static_cast<double>(n) : total), self.dtype());
}

/// Targets are class indices up to the first -1.
Two multilabel_margin(Context& ctx, const Tensor& self, const Tensor& target, int64_t reduction) {
  check_reduction(reduction);
  check(self.dim() <= 2 && self.numel() > 0, "Expected non-empty vector or matrix with optional 0-dim batch size, but got: ", self.sizes());
  check(target.sizes().size() == self.sizes().size() && std::equal(target.sizes().begin(), target.sizes().end(), self.sizes().begin()),
        "inconsistent target size: ", target.sizes(), " for input of size: ", self.sizes());
  check(target.dtype() == DType::i64, "expected scalar type Long but found ", scalar_type_name(target.dtype()));
  int64_t classes = self.dim() ? self.size(-1) : 1, n = self.numel() / classes;
  Tensor index = contiguous(ctx, target), x = contiguous(ctx, cast(ctx, self, DType::f64)),
         is_target = ctx.zeros(target.sizes(), self.dtype());
  Tensor marks = ctx.zeros(target.sizes(), DType::f64), each = ctx.empty(self.dim() == 2 ? self.sizes().first(1) : IntSpan(), DType::f64);
  double total = 0;
  for (int64_t i = 0; i < n; ++i) {
    const int64_t* y = index.data<int64_t>() + i * classes;
    const double* row = x.data<double>() + i * classes;
    double *mark = marks.data<double>() + i * classes, sum = 0;
    int64_t labels = 0;
    for (; labels < classes && y[labels] >= 0; ++labels) {
      check(y[labels] < classes, "target is out of range");
      mark[y[labels]] = 1;
    }
    for (int64_t l = labels; l < classes; ++l) check(y[l] >= -1 && y[l] < classes, "target is out of range");
    for (int64_t l = 0; l < labels; ++l)
      for (int64_t c = 0; c < classes; ++c) {
        double z = 1 - row[y[l]] + row[c];
        if (mark[c] == 0 && z > 0) sum += z;
      }
    each.data<double>()[i] = sum / static_cast<double>(classes);
    total += each.data<double>()[i];
  }
  is_target = cast(ctx, marks, self.dtype());
  if (reduction == none && self.dim() == 2) return {cast(ctx, each, self.dtype()), is_target};
  return {scalar_tensor(ctx, Scalar(reduction == mean_of ? total / static_cast<double>(n) : total), self.dtype()), is_target};
}

Tensor multilabel_margin_loss(Context& ctx, const Tensor& self, const Tensor& target, int64_t reduction) {
  return std::get<0>(multilabel_margin(ctx, self, target, reduction));
}

double log_sum(double a, double b) {
  double top = std::max(a, b);
  return std::isinf(top) && top < 0 ? top : top + std::log(std::exp(a - top) + std::exp(b - top));
}

/// log_probs [time, batch, classes] or [time, classes]; one loss per sequence, and the forward variables.
Two ctc(Context& ctx, const Tensor& log_probs, const Tensor& targets, IntSpan input_lengths, IntSpan target_lengths, int64_t blank,
        bool zero_infinity) {
  check(log_probs.dim() == 2 || log_probs.dim() == 3, "ctc_loss: log_probs must have 2 or 3 dimensions, got ", log_probs);
  check(targets.dtype() == DType::i64 || targets.dtype() == DType::i32, "targets must be int or long, got ", targets);
  bool batched = log_probs.dim() == 3;
  check(log_probs.dtype() == DType::f32 || log_probs.dtype() == DType::f64, "\"ctc_loss_cpu\" not implemented for '",
        scalar_type_name(log_probs.dtype()), "'");
  Tensor x = contiguous(ctx, cast(ctx, batched ? log_probs : unsqueeze(log_probs, 1), DType::f64));
  int64_t time = x.size(0), batch = x.size(1), classes = x.size(2);
  check(blank >= 0 && blank < classes, "blank must be in label range");
  check(static_cast<int64_t>(input_lengths.size()) == batch, "input_lengths must be of size batch_size");
  check(static_cast<int64_t>(target_lengths.size()) == batch, "target_lengths must be of size batch_size");
  bool padded = targets.dim() == 2 || !batched;
  check(targets.dim() == 1 || (targets.dim() == 2 && targets.size(0) == batch), "ctc_loss: targets ", targets, " do not fit a batch of ",
        batch);
  Tensor labels = contiguous(ctx, cast(ctx, targets, DType::i64));
  int64_t longest = 0, width = targets.size(-1), total = 0;
  for (size_t b = 0; b < static_cast<size_t>(batch); ++b) {
    check(target_lengths[b] >= 0, "Expected target_lengths to have value at least 0, but got value ", target_lengths[b],
          " (while checking arguments for ctc_loss_cpu)");
    check(input_lengths[b] >= 0 && input_lengths[b] <= time, "Expected input_lengths to have value at most ", time, ", but got value ",
          input_lengths[b], " (while checking arguments for ctc_loss_cpu)");
    check(target_lengths[b] <= width, "Expected tensor to have size at least ", target_lengths[b], " at dimension 1, but got size ",
          targets.sizes(), " (while checking arguments for ctc_loss_cpu)");
    longest = std::max(longest, target_lengths[b]);
    total += target_lengths[b];
  }
  check(padded || total <= width, "ctc_loss: targets hold ", width, " labels, target_lengths count ", total);
  for (int64_t i = 0; i < labels.numel(); ++i)
    check(labels.data<int64_t>()[i] < classes, "ctc_loss: a label is not in the range of ", classes, " classes");
  int64_t states = 2 * longest + 1;
  Tensor alpha = full(ctx, Dims{batch, time, states}, Scalar(-INFINITY), DType::f64), loss = ctx.empty(Dims{batch}, DType::f64);
  int64_t offset = 0;
  for (int64_t b = 0; b < batch; ++b) {
    int64_t length = target_lengths[static_cast<size_t>(b)], steps = input_lengths[static_cast<size_t>(b)];
    const int64_t* target = labels.data<int64_t>() + (padded ? b * width : offset);
    offset += length;
    for (int64_t i = 0; i < length; ++i) check(target[i] >= 0, "ctc_loss: a label is negative");
    double* a = alpha.data<double>() + b * time * states;
    auto prob = [&](int64_t t, int64_t s) { return x.data<double>()[(t * batch + b) * classes + (s % 2 ? target[s / 2] : blank)]; };
    if (steps > 0) {
      a[0] = prob(0, 0);
      if (length > 0) a[1] = prob(0, 1);
    }
    for (int64_t t = 1; t < steps; ++t)
      for (int64_t s = 0; s < 2 * length + 1; ++s) {
        const double* before = a + (t - 1) * states;
        double sum = before[s];
        if (s > 0) sum = log_sum(sum, before[s - 1]);
        if (s > 1 && s % 2 && target[s / 2] != target[s / 2 - 1]) sum = log_sum(sum, before[s - 2]);
        a[t * states + s] = sum + prob(t, s);
      }
    double end;
    if (steps == 0) end = length == 0 ? 0 : -INFINITY;
    else
      end = length > 0 ? log_sum(a[(steps - 1) * states + 2 * length], a[(steps - 1) * states + 2 * length - 1]) : a[(steps - 1) * states];
    double value = -end;
    loss.data<double>()[b] = zero_infinity && std::isinf(value) ? 0 : value;
  }
  Tensor result = cast(ctx, loss, log_probs.dtype()), forward = cast(ctx, alpha, log_probs.dtype());
  return batched ? Two{result, forward} : Two{squeeze(result, 0), squeeze(forward, 0)};
}

Dims lengths_of(Context& ctx, const Tensor& t, const char* name) {
  check(is_integer(t.dtype()) && t.dim() <= 1, name, " must be integral, got ", t);
  Tensor dense = contiguous(ctx, cast(ctx, t, DType::i64));
  return Dims(IntSpan(dense.data<int64_t>(), static_cast<size_t>(dense.numel())));
}

/// The mean divides each loss by its target's length first.
Tensor ctc_reduced(Context& ctx, const Tensor& log_probs, const Tensor& targets, IntSpan input_lengths, IntSpan target_lengths,
                   int64_t blank, int64_t reduction, bool zero_infinity) {
  check_reduction(reduction);
  Tensor loss = std::get<0>(ctc(ctx, log_probs, targets, input_lengths, target_lengths, blank, zero_infinity));
  if (reduction == none) return loss;
  Tensor each = cast(ctx, reshape(ctx, loss, Dims{-1}), DType::f64);
  double total = 0;
  for (int64_t i = 0; i < each.numel(); ++i) {
    double length = static_cast<double>(std::max<int64_t>(target_lengths[static_cast<size_t>(i)], 1));
    total += each.data<double>()[i] / (reduction == mean_of ? length : 1);
  }
  return scalar_tensor(ctx, Scalar(reduction == mean_of ? total / static_cast<double>(each.numel()) : total), loss.dtype());
}

Tensor ctc_loss_tensor(Context& ctx, const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths,
                       const Tensor& target_lengths, int64_t blank, int64_t reduction, bool zero_infinity) {
  return ctc_reduced(ctx, log_probs, targets, lengths_of(ctx, input_lengths, "input_lengths"),
                     lengths_of(ctx, target_lengths, "target_lengths"), blank, reduction, zero_infinity);
}

Two ctc_tensor(Context& ctx, const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths, const Tensor& target_lengths,
               int64_t blank, bool zero_infinity) {
  return ctc(ctx, log_probs, targets, lengths_of(ctx, input_lengths, "input_lengths"), lengths_of(ctx, target_lengths, "target_lengths"),
             blank, zero_infinity);
}

constexpr Op rows[] = {
    op<"aten::nll_loss(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, SymInt ignore_index=-100) -> Tensor", nll_loss>(),
    op<"aten::nll_loss2d(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, SymInt ignore_index=-100) -> Tensor",
       nll_loss2d>(),
    op<"aten::nll_loss_nd(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, SymInt ignore_index=-100) -> Tensor",
       nll_loss_nd>(),
    op<"aten::nll_loss_forward(Tensor self, Tensor target, Tensor? weight, int reduction, SymInt ignore_index) -> (Tensor output, Tensor "
       "total_weight)",
       nll_loss_forward>(),
    op<"aten::nll_loss2d_forward(Tensor self, Tensor target, Tensor? weight, int reduction, SymInt ignore_index) -> (Tensor output, Tensor "
       "total_weight)",
       nll_loss2d_forward>(),
    op<"aten::multi_margin_loss(Tensor self, Tensor target, Scalar p=1, Scalar margin=1, Tensor? weight=None, int reduction=1) -> Tensor",
       multi_margin_loss>(),
    op<"aten::multilabel_margin_loss(Tensor self, Tensor target, int reduction=1) -> Tensor", multilabel_margin_loss>(),
    op<"aten::multilabel_margin_loss_forward(Tensor self, Tensor target, int reduction) -> (Tensor output, Tensor is_target)",
       multilabel_margin>(),
    op<"aten::ctc_loss.IntList(Tensor log_probs, Tensor targets, int[] input_lengths, int[] target_lengths, int blank=0, int reduction=1, "
       "bool zero_infinity=False) -> Tensor",
       ctc_reduced>(),
    op<"aten::ctc_loss.Tensor(Tensor log_probs, Tensor targets, Tensor input_lengths, Tensor target_lengths, int blank=0, int reduction=1, "
       "bool zero_infinity=False) -> Tensor",
       ctc_loss_tensor>(),
    op<"aten::_ctc_loss(Tensor log_probs, Tensor targets, int[] input_lengths, int[] target_lengths, int blank=0, bool "
       "zero_infinity=False) -> "
       "(Tensor, Tensor)",
       ctc>(),
    op<"aten::_ctc_loss.Tensor(Tensor log_probs, Tensor targets, Tensor input_lengths, Tensor target_lengths, int blank=0, bool "
       "zero_infinity=False) -> "
       "(Tensor, Tensor)",
       ctc_tensor>(),
};

}  // namespace

const std::span<const Op> loss_ops = rows;

}  // namespace tsrun
