// Batch norm: statistics per channel over the whole batch.
#include <cmath>

#include "ops/conv.h"
#include "ops/dispatch.h"
#include "ops/kernels/norm.h"
#include "ops/norm.h"
#include "ops/reduce.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

void check_channels(const Tensor* t, int64_t channels, const char* name) {
  if (t) check(t->numel() == channels, name, " should contain ", channels, " elements not ", t->numel());
}

Tensor vector_of(Context& ctx, const Tensor* t, DType dtype, int64_t channels, double missing) {
  return t ? contiguous(ctx, cast(ctx, *t, dtype)) : full(ctx, Dims{channels}, Scalar(missing), dtype);
}

/// y = (x - mean) / sqrt(var + eps) * weight + bias with float64 or float32 statistics of the same dtype as the computation.
Tensor apply(Context& ctx, const Tensor& input, const Tensor* weight, const Tensor* bias, const Tensor& mean, const Tensor& var,
             double eps) {
  int64_t n = input.size(0), channels = input.size(1), pixels = 1;
  for (int64_t d = 2; d < input.dim(); ++d) pixels *= input.size(d);
  bool last = looks_channels_last(input);
  MemoryFormat format = !last ? MemoryFormat::contiguous : input.dim() == 4 ? MemoryFormat::channels_last : MemoryFormat::channels_last_3d;
  DType compute = input.dtype() == DType::f64 ? DType::f64 : DType::f32;
  Tensor x = contiguous(ctx, cast(ctx, input, compute), format), y = ctx.empty(input.sizes(), compute, format);
  if (input.numel() == 0) return cast(ctx, y, input.dtype());
  Tensor m = vector_of(ctx, &mean, compute, channels, 0), v = vector_of(ctx, &var, compute, channels, 1);
  Tensor w = vector_of(ctx, weight, compute, channels, 1), b = vector_of(ctx, bias, compute, channels, 0);
  if (compute == DType::f32) {
    Tensor scale = ctx.empty(Dims{channels}, compute), shift = ctx.empty(Dims{channels}, compute);
    kernels::fold_batch_norm(m.data<float>(), v.data<float>(), w.data<float>(), b.data<float>(), eps, channels, scale.data<float>(),
                             shift.data<float>());
    kernels::scale_shift(x.data<float>(), scale.data<float>(), shift.data<float>(), y.data<float>(), n, channels, pixels,
                         last ? kernels::Layout::nhwc : kernels::Layout::nchw, ctx.threads);
  } else {
    const double *from = x.data<double>(), *pm = m.data<double>(), *pv = v.data<double>(), *pw = w.data<double>(), *pb = b.data<double>();
    int64_t run = last ? 1 : pixels;
    for (int64_t i = 0; i < x.numel(); ++i) {
      int64_t c = i / run % channels;
      y.data<double>()[i] = (from[i] - pm[c]) / std::sqrt(pv[c] + eps) * pw[c] + pb[c];
    }
  }
  return cast(ctx, y, input.dtype());
}

struct BatchNormed {
  Tensor y, mean, rstd;
};

/// PyTorch computes with the statistics of bfloat16 in bfloat16: the sum of squares, the variance and each term of the running average.
BFloat16 rounded_variance(float var, double count, double divisor) {
  BFloat16 sum = static_cast<float>(var * count);
  return sum / static_cast<float>(divisor);
}

void update_running_bf16(Context& ctx, const Tensor* running, const std::vector<BFloat16>& now, double momentum) {
  if (!running) return;
  BFloat16 gain = static_cast<float>(momentum), rest = static_cast<float>(1 - momentum);
  Tensor old = clone(ctx, cast(ctx, *running, DType::bf16), MemoryFormat::contiguous);
  for (size_t i = 0; i < now.size(); ++i) {
    BFloat16& r = old.data<BFloat16>()[i];
    BFloat16 kept = r * rest;
    r = now[i] * gain + kept;
  }
  copy_into(ctx, *running, old);
}

/// The rest of normalize() for halves whose weights are halves too: statistics are kept, and used, in the input's dtype.
void round_statistics(Context& ctx, DType dtype, Moments& m, Tensor& rstd, double count, double eps, const Tensor* running_mean,
                      const Tensor* running_var, const Tensor& unbiased, double momentum) {
  int64_t channels = m.mean.numel();
  if (dtype == DType::bf16) {
    std::vector<BFloat16> means, variances;
    for (int64_t c = 0; c < channels; ++c) {
      float var = m.variance.data<float>()[c];
      means.push_back(m.mean.data<float>()[c]);
      variances.push_back(rounded_variance(var, count, count - 1));
      rstd.data<float>()[c] = static_cast<float>(1 / std::sqrt(rounded_variance(var, count, count) + eps));
    }
    update_running_bf16(ctx, running_mean, means, momentum);
    update_running_bf16(ctx, running_var, variances, momentum);
  } else {
    update_running(ctx, running_mean, m.mean, momentum);
    update_running(ctx, running_var, unbiased, momentum);
  }
  m.mean = cast(ctx, cast(ctx, m.mean, dtype), DType::f32);
  rstd = cast(ctx, cast(ctx, rstd, dtype), DType::f32);
  for (int64_t c = 0; c < channels; ++c) {
    double r = rstd.data<float>()[c];
    m.variance.data<float>()[c] = static_cast<float>(1 / (r * r) - eps);
  }
}

BatchNormed normalize(Context& ctx, const Tensor& input, const Tensor* weight, const Tensor* bias, const Tensor* running_mean,
                      const Tensor* running_var, bool training, double momentum, double eps) {
  check(input.dim() >= 2, "batch_norm: expected at least 2 dimensions, got ", input);
  check(is_floating(input.dtype()), "\"batch_norm\" not implemented for '", scalar_type_name(input.dtype()), "'");
  int64_t channels = input.size(1);
  check_channels(weight, channels, "weight");
  check_channels(bias, channels, "bias");
  check_channels(running_mean, channels, "running_mean");
  check_channels(running_var, channels, "running_var");
  DType statistics = input.dtype() == DType::f64 ? DType::f64 : DType::f32;
  if (!training) {
    check(running_mean, "running_mean must be defined in evaluation mode");
    check(running_var, "running_var must be defined in evaluation mode");
    Tensor none = ctx.empty(Dims{0}, input.dtype());
    return {apply(ctx, input, weight, bias, *running_mean, *running_var, eps), none, none};
  }
  check(input.numel() > 0, "batch_norm: cannot take statistics of no elements, got ", input);
  Dims others{0};
  for (int64_t d = 2; d < input.dim(); ++d) others.push_back(d);
  Moments m = moments(ctx, cast(ctx, input, statistics), others, 0, false, false);
  double count = static_cast<double>(input.numel() / channels);
  Tensor rstd = ctx.empty(Dims{channels}, statistics), unbiased = ctx.empty(Dims{channels}, statistics);
  dispatch(TypeList<float, double>(), statistics, "batch_norm", [&]<class T>() {
    for (int64_t c = 0; c < channels; ++c) {
      double var = m.variance.data<T>()[c];
      rstd.data<T>()[c] = static_cast<T>(1 / std::sqrt(var + eps));
      unbiased.data<T>()[c] = static_cast<T>(var * count / (count - 1));
    }
  });
  bool half = input.dtype() != statistics && (!weight || weight->dtype() == input.dtype());
  if (half) {
    round_statistics(ctx, input.dtype(), m, rstd, count, eps, running_mean, running_var, unbiased, momentum);
  } else {
    update_running(ctx, running_mean, m.mean, momentum);
    update_running(ctx, running_var, unbiased, momentum);
  }
  DType kept = half ? input.dtype() : statistics;
  return {apply(ctx, input, weight, bias, m.mean, m.variance, eps), cast(ctx, m.mean, kept), cast(ctx, rstd, kept)};
}

}  // namespace

void update_running(Context& ctx, const Tensor* running, const Tensor& statistic, double momentum) {
  if (!running) return;
  Tensor old = clone(ctx, cast(ctx, *running, DType::f64), MemoryFormat::contiguous),
         now = contiguous(ctx, cast(ctx, statistic, DType::f64));
  for (int64_t i = 0; i < old.numel(); ++i) old.data<double>()[i] += momentum * (now.data<double>()[i] - old.data<double>()[i]);
  copy_into(ctx, *running, old);
}

Tensor batch_norm(Context& ctx, const Tensor& input, const Tensor* weight, const Tensor* bias, const Tensor* running_mean,
                  const Tensor* running_var, bool training, double momentum, double eps, bool) {
  if (input.numel() == 0) return clone(ctx, input);
  return normalize(ctx, input, weight, bias, running_mean, running_var, training, momentum, eps).y;
}

using Three = std::tuple<Tensor, Tensor, Tensor>;

static Three native_batch_norm(Context& ctx, const Tensor& input, const Tensor* weight, const Tensor* bias, const Tensor* running_mean,
                               const Tensor* running_var, bool training, double momentum, double eps) {
  BatchNormed r = normalize(ctx, input, weight, bias, running_mean, running_var, training, momentum, eps);
  return {r.y, r.mean, r.rstd};
}

static Three legit(Context& ctx, const Tensor& input, const Tensor* weight, const Tensor* bias, const Tensor& running_mean,
                   const Tensor& running_var, bool training, double momentum, double eps) {
  return native_batch_norm(ctx, input, weight, bias, &running_mean, &running_var, training, momentum, eps);
}

static Three legit_no_stats(Context& ctx, const Tensor& input, const Tensor* weight, const Tensor* bias, bool training, double momentum,
                            double eps) {
  return native_batch_norm(ctx, input, weight, bias, nullptr, nullptr, training, momentum, eps);
}

static Three legit_no_training(Context& ctx, const Tensor& input, const Tensor* weight, const Tensor* bias, const Tensor& running_mean,
                               const Tensor& running_var, double momentum, double eps) {
  return native_batch_norm(ctx, input, weight, bias, &running_mean, &running_var, false, momentum, eps);
}

static std::tuple<Tensor, Tensor, Tensor, Tensor, Tensor> legit_functional(Context& ctx, const Tensor& input, const Tensor* weight,
                                                                           const Tensor* bias, const Tensor& running_mean,
                                                                           const Tensor& running_var, bool training, double momentum,
                                                                           double eps) {
  Tensor mean = clone(ctx, running_mean), var = clone(ctx, running_var);
  BatchNormed r = normalize(ctx, input, weight, bias, &mean, &var, training, momentum, eps);
  return {r.y, r.mean, r.rstd, mean, var};
}

static std::tuple<Tensor, Tensor, Tensor, Tensor, int64_t> impl_index(Context& ctx, const Tensor& input, const Tensor* weight,
                                                                      const Tensor* bias, const Tensor* running_mean,
                                                                      const Tensor* running_var, bool training, double momentum, double eps,
                                                                      bool) {
  BatchNormed r = normalize(ctx, input, weight, bias, running_mean, running_var, training, momentum, eps);
  return {r.y, r.mean, r.rstd, ctx.empty(Dims{0}, DType::u8), 0};
}

static constexpr Op rows[] = {
    op<"aten::batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool training, float "
       "momentum, "
       "float eps, bool cudnn_enabled) -> Tensor",
       batch_norm>(),
    op<"aten::native_batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool training, "
       "float momentum, float eps) -> (Tensor, Tensor, Tensor)",
       native_batch_norm>(),
    op<"aten::_native_batch_norm_legit(Tensor input, Tensor? weight, Tensor? bias, Tensor(a!) running_mean, Tensor(b!) running_var, bool "
       "training, "
       "float momentum, float eps) -> (Tensor, Tensor, Tensor)",
       legit>(),
    op<"aten::_native_batch_norm_legit.no_stats(Tensor input, Tensor? weight, Tensor? bias, bool training, float momentum, float eps) -> "
       "(Tensor, Tensor, Tensor)",
       legit_no_stats>(),
    op<"aten::_native_batch_norm_legit_no_training(Tensor input, Tensor? weight, Tensor? bias, Tensor running_mean, Tensor running_var, "
       "float momentum, float eps) -> (Tensor, Tensor, Tensor)",
       legit_no_training>(),
    op<"aten::_native_batch_norm_legit_functional(Tensor input, Tensor? weight, Tensor? bias, Tensor running_mean, Tensor running_var, "
       "bool training, "
       "float momentum, float eps) -> (Tensor, Tensor, Tensor, Tensor running_mean_out, Tensor running_var_out)",
       legit_functional>(),
    op<"aten::_batch_norm_impl_index(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool training, "
       "float momentum, float eps, bool cudnn_enabled) -> (Tensor, Tensor, Tensor, Tensor, int)",
       impl_index>(),
};
const std::span<const Op> batch_norm_ops = rows;

}  // namespace tsrun
