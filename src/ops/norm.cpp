// Layer, RMS, group and instance norm: statistics of one input at a time. Batch norm is in norm_batch.cpp.
#include "ops/norm.h"

#include <cmath>
#include <limits>

#include "ops/conv.h"
#include "ops/dispatch.h"
#include "ops/kernels/norm.h"
#include "ops/kernels/parallel.h"
#include "ops/reduce.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

/// Tensors in the dtype of the computation, contiguous; null stays null.
struct Affine {
  Tensor weight, bias;
  template <class T>
  const T* weights() const {
    return weight.defined() ? weight.data<T>() : nullptr;
  }
  template <class T>
  const T* biases() const {
    return bias.defined() ? bias.data<T>() : nullptr;
  }
};

Affine affine(Context& ctx, const Tensor* weight, const Tensor* bias, DType dtype, int64_t numel) {
  Affine a;
  if (weight) check(weight->numel() == numel, "Expected weight to have ", numel, " elements, but got ", *weight);
  if (bias) check(bias->numel() == numel, "Expected bias to have ", numel, " elements, but got ", *bias);
  if (weight) a.weight = contiguous(ctx, cast(ctx, *weight, dtype));
  if (bias) a.bias = contiguous(ctx, cast(ctx, *bias, dtype));
  return a;
}

DType compute_dtype(const Tensor& x, const char* what) {
  check(is_floating(x.dtype()), "\"", what, "\" not implemented for '", scalar_type_name(x.dtype()), "'");
  return x.dtype() == DType::f64 ? DType::f64 : DType::f32;
}

/// f64: each row minus its mean, over its standard deviation; a weight of `channels` numbers per row, each for n / channels elements.
void normalize_rows(const double* x, double* y, int64_t rows, int64_t n, double eps, double* mean, double* rstd, int threads) {
  kernels::parallel_for(threads, rows, 32768 / std::max<int64_t>(n, 1) + 1, [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r) {
      const double* from = x + r * n;
      double sum = 0, squares = 0;
      for (int64_t i = 0; i < n; ++i) sum += from[i];
      double m = sum / static_cast<double>(n);
      for (int64_t i = 0; i < n; ++i) squares += (from[i] - m) * (from[i] - m);
      double s = 1 / std::sqrt(squares / static_cast<double>(n) + eps);
      for (int64_t i = 0; i < n; ++i) y[r * n + i] = (from[i] - m) * s;
      mean[r] = m, rstd[r] = s;
    }
  });
}

/// y[i] = y[i] * weight + bias, where `run` neighbours share the numbers of one channel and channels repeat.
void scale_channels(double* y, int64_t n, int64_t channels, int64_t run, const double* weight, const double* bias) {
  for (int64_t i = 0; i < n; ++i) {
    int64_t c = i / run % channels;
    y[i] = y[i] * (weight ? weight[c] : 1) + (bias ? bias[c] : 0);
  }
}

struct Normalized {
  Tensor y, mean, rstd;
};

void check_normalized(const Tensor& x, IntSpan normalized) {
  check(!normalized.empty(),
        "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but got normalized_shape = []");
  size_t rank = normalized.size();
  bool fits = static_cast<size_t>(x.dim()) >= rank;
  for (size_t d = 0; fits && d < rank; ++d) fits = x.sizes()[x.sizes().size() - rank + d] == normalized[d];
  std::string wanted = fits ? "" : sizes_text(normalized).substr(1);
  check(fits, "Given normalized_shape=", normalized, ", expected input with shape [*, ", wanted, ", but got input of size", x.sizes());
}

/// For halves PyTorch multiplies before it takes the mean off: what is left of a row of equal numbers shows it.
void scale_rows(const Tensor& x, Normalized& r, const Affine& a, int64_t rows, int64_t n, double eps) {
  const float* from = x.data<float>();
  float* to = r.y.data<float>();
  for (int64_t row = 0; row < rows; ++row, from += n, to += n) {
    double squares = 0;
    float mean = r.mean.data<float>()[row];
    for (int64_t i = 0; i < n; ++i) squares += (static_cast<double>(from[i]) - mean) * (static_cast<double>(from[i]) - mean);
    float scale = 1 / std::sqrt(static_cast<float>(squares / static_cast<double>(n)) + static_cast<float>(eps)), shift = -mean * scale;
    for (int64_t i = 0; i < n; ++i) {
      double y = static_cast<float>(static_cast<double>(from[i]) * scale + shift);
      if (a.weight.defined()) y *= a.weights<float>()[i];
      if (a.bias.defined()) y += a.biases<float>()[i];
      to[i] = static_cast<float>(y);
    }
  }
}

Normalized normalize_layer(Context& ctx, const Tensor& x, IntSpan normalized, const Tensor* weight, const Tensor* bias, double eps) {
  check_normalized(x, normalized);
  DType compute = compute_dtype(x, "LayerNormKernelImpl");
  int64_t n = checked_numel(normalized), rows = 1;
  Dims outer;
  for (int64_t d = 0; d < x.dim(); ++d) {
    bool kept = d < x.dim() - static_cast<int64_t>(normalized.size());
    outer.push_back(kept ? x.size(d) : 1);
    rows *= outer.back();
  }
  Affine a = affine(ctx, weight, bias, compute, n);
  Tensor from = contiguous(ctx, cast(ctx, x, compute));
  Normalized r{ctx.empty(x.sizes(), compute), ctx.empty(outer, compute), ctx.empty(outer, compute)};
  if (x.numel() == 0) return {cast(ctx, r.y, x.dtype()), ctx.zeros(outer, x.dtype()), ctx.zeros(outer, x.dtype())};
  if (compute == DType::f32) {
    kernels::layer_norm(from.data<float>(), a.weights<float>(), a.biases<float>(), r.y.data<float>(), rows, n, eps, r.mean.data<float>(),
                        r.rstd.data<float>(), ctx.threads);
  } else {
    normalize_rows(from.data<double>(), r.y.data<double>(), rows, n, eps, r.mean.data<double>(), r.rstd.data<double>(), ctx.threads);
    scale_channels(r.y.data<double>(), rows * n, n, 1, a.weights<double>(), a.biases<double>());
  }
  if (x.dtype() == DType::f16 || x.dtype() == DType::bf16) scale_rows(from, r, a, rows, n, eps);
  DType statistics = weight ? weight->dtype() : x.dtype();
  return {cast(ctx, r.y, x.dtype()), cast(ctx, r.mean, statistics), cast(ctx, r.rstd, statistics)};
}

Normalized normalize_groups(Context& ctx, const Tensor& x, const Tensor* weight, const Tensor* bias, int64_t n, int64_t channels,
                            int64_t pixels, int64_t groups, double eps) {
  check(groups > 0 && channels % groups == 0, "Expected number of channels in input to be divisible by num_groups, but got input of shape ",
        x.sizes(), " and num_groups=", groups);
  check(n >= 0 && channels >= 0 && pixels >= 0 && x.numel() == checked_numel(Dims{n, channels, pixels}), "group_norm: sizes [", n, ", ",
        channels, ", ", pixels, "] do not fit input ", x);
  DType compute = compute_dtype(x, "GroupNormKernelImpl");
  bool last = looks_channels_last(x) && x.size(0) == n && x.size(1) == channels;
  MemoryFormat format = !last ? MemoryFormat::contiguous : x.dim() == 4 ? MemoryFormat::channels_last : MemoryFormat::channels_last_3d;
  Affine a = affine(ctx, weight, bias, compute, channels);
  Dims statistics{n, groups};
  Normalized r{{}, ctx.empty(statistics, compute), ctx.empty(statistics, compute)};
  if (compute == DType::f32) {
    Tensor from = contiguous(ctx, cast(ctx, x, compute), format);
    r.y = ctx.empty(x.sizes(), compute, format);
    if (x.numel())
      kernels::group_norm(from.data<float>(), a.weights<float>(), a.biases<float>(), r.y.data<float>(), n, channels, pixels, groups, eps,
                          last ? kernels::Layout::nhwc : kernels::Layout::nchw, r.mean.data<float>(), r.rstd.data<float>(), ctx.threads);
  } else {
    Tensor from = contiguous(ctx, x), y = ctx.empty(x.sizes(), compute);
    normalize_rows(from.data<double>(), y.data<double>(), n * groups, channels / groups * pixels, eps, r.mean.data<double>(),
                   r.rstd.data<double>(), ctx.threads);
    scale_channels(y.data<double>(), y.numel(), channels, std::max<int64_t>(pixels, 1), a.weights<double>(), a.biases<double>());
    r.y = contiguous(ctx, y, format);
  }
  DType kept = weight ? weight->dtype() : x.dtype();
  return {cast(ctx, r.y, x.dtype()), cast(ctx, r.mean, kept), cast(ctx, r.rstd, kept)};
}

/// Product of the sizes behind the first two.
int64_t pixels_of(const Tensor& x) {
  int64_t n = 1;
  for (int64_t d = 2; d < x.dim(); ++d) n *= x.size(d);
  return n;
}

}  // namespace

Tensor layer_norm(Context& ctx, const Tensor& x, IntSpan normalized, const Tensor* weight, const Tensor* bias, double eps) {
  return normalize_layer(ctx, x, normalized, weight, bias, eps).y;
}

static Tensor layer_norm_row(Context& ctx, const Tensor& input, IntSpan normalized_shape, const Tensor* weight, const Tensor* bias,
                             double eps, bool) {
  return layer_norm(ctx, input, normalized_shape, weight, bias, eps);
}

static std::tuple<Tensor, Tensor, Tensor> native_layer_norm(Context& ctx, const Tensor& input, IntSpan normalized_shape,
                                                            const Tensor* weight, const Tensor* bias, double eps) {
  Normalized r = normalize_layer(ctx, input, normalized_shape, weight, bias, eps);
  return {r.y, r.mean, r.rstd};
}

/// Divided by the root of the mean of the squares, which are not those of the absolute values.
static Tensor complex_rms_norm(Context& ctx, const Tensor& input, int64_t n, const Tensor* weight, std::optional<double> eps) {
  Tensor x = contiguous(ctx, cast(ctx, input, DType::c128)), y = ctx.empty(input.sizes(), DType::c128);
  Tensor w = weight ? contiguous(ctx, cast(ctx, *weight, DType::c128)) : Tensor();
  double epsilon =
      eps.value_or(input.dtype() == DType::c128 ? std::numeric_limits<double>::epsilon() : std::numeric_limits<float>::epsilon());
  const C128* from = x.data<C128>();
  C128* to = y.data<C128>();
  for (int64_t left = y.numel(); left > 0; left -= n, from += n, to += n) {
    C128 squares = 0;
    for (int64_t i = 0; i < n; ++i) squares += from[i] * from[i];
    C128 scale = 1.0 / std::sqrt(squares / static_cast<double>(n) + epsilon);
    for (int64_t i = 0; i < n; ++i) to[i] = from[i] * scale * (weight ? w.data<C128>()[i] : 1.0);
  }
  return cast(ctx, y, input.dtype());
}

/// A half is normalised in float and rounded before the weight is applied.
static Tensor rms_norm(Context& ctx, const Tensor& input, IntSpan normalized_shape, const Tensor* weight, std::optional<double> eps) {
  check_normalized(input, normalized_shape);
  if (is_complex(input.dtype())) return complex_rms_norm(ctx, input, checked_numel(normalized_shape), weight, eps);
  DType compute = compute_dtype(input, "rms_norm");
  double epsilon = eps.value_or(compute == DType::f64 ? std::numeric_limits<double>::epsilon() : std::numeric_limits<float>::epsilon());
  int64_t n = checked_numel(normalized_shape), rows = n ? input.numel() / n : 0;
  Affine a = affine(ctx, weight, nullptr, compute, n);
  Tensor x = contiguous(ctx, cast(ctx, input, compute)), y = ctx.empty(input.sizes(), compute);
  if (y.numel() == 0) return cast(ctx, y, input.dtype());
  if (compute == DType::f32) {
    kernels::rms_norm(x.data<float>(), a.weights<float>(), y.data<float>(), rows, n, epsilon, ctx.threads);
  } else {
    const double* from = x.data<double>();
    double* to = y.data<double>();
    for (int64_t r = 0; r < rows; ++r, from += n, to += n) {
      double squares = 0;
      for (int64_t i = 0; i < n; ++i) squares += from[i] * from[i];
      double scale = 1 / std::sqrt(squares / static_cast<double>(n) + epsilon);
      for (int64_t i = 0; i < n; ++i) to[i] = from[i] * scale;
    }
    scale_channels(y.data<double>(), y.numel(), n, 1, a.weights<double>(), nullptr);
  }
  return cast(ctx, y, input.dtype());
}

static Tensor group_norm(Context& ctx, const Tensor& input, int64_t num_groups, const Tensor* weight, const Tensor* bias, double eps,
                         bool) {
  check(input.dim() >= 2, "Expected at least 2 dimensions for input tensor but received ", input.dim());
  return normalize_groups(ctx, input, weight, bias, input.size(0), input.size(1), pixels_of(input), num_groups, eps).y;
}

static std::tuple<Tensor, Tensor, Tensor> native_group_norm(Context& ctx, const Tensor& input, const Tensor* weight, const Tensor* bias,
                                                            int64_t N, int64_t C, int64_t HxW, int64_t group, double eps) {
  Normalized r = normalize_groups(ctx, input, weight, bias, N, C, HxW, group, eps);
  return {r.y, r.mean, r.rstd};
}

/// running = (1 - momentum) running + momentum (mean over the batch of the [n, channels] statistics).
static void update_instance(Context& ctx, const Tensor* running, const Tensor& statistic, int64_t n, int64_t channels, double momentum,
                            double correction, double eps, bool is_rstd) {
  if (!running) return;
  Tensor values = cast(ctx, statistic, DType::f64), average = ctx.zeros(Dims{channels}, DType::f64);
  const double* v = values.data<double>();
  for (int64_t i = 0; i < n * channels; ++i)
    average.data<double>()[i % channels] += (is_rstd ? (1 / (v[i] * v[i]) - eps) * correction : v[i]) / static_cast<double>(n);
  update_running(ctx, running, average, momentum);
}

/// Batch norm of one image that has every instance's channels; for halves its rounding counts.
static Tensor instances_as_channels(Context& ctx, const Tensor& input, const Tensor* weight, const Tensor* bias, const Tensor* running_mean,
                                    const Tensor* running_var, double momentum, double eps) {
  int64_t n = input.size(0), channels = input.size(1);
  auto repeated = [&](const Tensor* t) {
    return t ? clone(ctx, expand(unsqueeze(*t, 0), Dims{n, channels}), MemoryFormat::contiguous) : Tensor();
  };
  auto flat = [&](const Tensor& t) { return t.defined() ? reshape(ctx, t, Dims{n * channels}) : Tensor(); };
  Tensor w = flat(repeated(weight)), b = flat(repeated(bias)), mean = flat(repeated(running_mean)), var = flat(repeated(running_var));
  auto given = [](const Tensor& t) { return t.defined() ? &t : nullptr; };
  Dims sizes(input.sizes());
  sizes[0] = 1, sizes[1] = n * channels;
  Tensor x = reshape(ctx, contiguous(ctx, input), sizes);
  Tensor y = batch_norm(ctx, x, given(w), given(b), given(mean), given(var), true, momentum, eps, false);
  if (running_mean) copy_into(ctx, *running_mean, tsrun::mean(ctx, reshape(ctx, mean, Dims{n, channels}), Dims{0}));
  if (running_var) copy_into(ctx, *running_var, tsrun::mean(ctx, reshape(ctx, var, Dims{n, channels}), Dims{0}));
  return reshape(ctx, y, input.sizes());
}

static Tensor instance_norm(Context& ctx, const Tensor& input, const Tensor* weight, const Tensor* bias, const Tensor* running_mean,
                            const Tensor* running_var, bool use_input_stats, double momentum, double eps, bool) {
  check(input.dim() >= 2, "instance_norm: expected at least 2 dimensions, got ", input);
  check(use_input_stats || (running_mean && running_var),
        "Expected running_mean and running_var to be defined when use_input_stats is false");
  if (!use_input_stats)
    return batch_norm(ctx, contiguous(ctx, input), weight, bias, running_mean, running_var, false, momentum, eps, false);
  int64_t n = input.size(0), channels = input.size(1), pixels = pixels_of(input);
  if ((input.dtype() == DType::f16 || input.dtype() == DType::bf16) && input.numel() > 0)
    return instances_as_channels(ctx, input, weight, bias, running_mean, running_var, momentum, eps);
  Normalized r = normalize_groups(ctx, contiguous(ctx, input), weight, bias, n, channels, pixels, std::max<int64_t>(channels, 1), eps);
  update_instance(ctx, running_mean, r.mean, n, channels, momentum, 1, eps, false);
  update_instance(ctx, running_var, r.rstd, n, channels, momentum,
                  static_cast<double>(pixels) / static_cast<double>(std::max<int64_t>(pixels - 1, 1)), eps, true);
  return r.y;
}

static constexpr Op rows[] = {
    op<"aten::layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight=None, Tensor? bias=None, float "
       "eps=1.0000000000000001e-05, "
       "bool cudnn_enable=True) -> Tensor",
       layer_norm_row>(),
    op<"aten::native_layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight, Tensor? bias, float eps) -> (Tensor, Tensor, "
       "Tensor)",
       native_layer_norm>(),
    op<"aten::rms_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight=None, float? eps=None) -> Tensor", rms_norm>(),
    op<"aten::group_norm(Tensor input, int num_groups, Tensor? weight=None, Tensor? bias=None, float eps=1.0000000000000001e-05, "
       "bool cudnn_enabled=True) -> Tensor",
       group_norm>(),
    op<"aten::native_group_norm(Tensor input, Tensor? weight, Tensor? bias, SymInt N, SymInt C, SymInt HxW, int group, float eps) -> "
       "(Tensor, Tensor, Tensor)",
       native_group_norm>(),
    op<"aten::instance_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool use_input_stats, "
       "float momentum, float eps, bool cudnn_enabled) -> Tensor",
       instance_norm>(),
};
const std::span<const Op> norm_ops = rows;

}  // namespace tsrun
