// Normalisations, f32. weight and bias may be null (1 and 0) unless said otherwise; y may be x. Variances are those of the whole group
// (divided by n), computed from the centred values in a second pass.
#pragma once
#include <cstdint>

#include "ops/kernels/layout.h"

namespace tsrun::kernels {

/// y = (x - mean) / sqrt(var + eps) * weight[n] + bias[n] for each of `rows` rows of length n. mean and rstd, [rows] each, receive the
/// statistics unless null.
void layer_norm(const float* x, const float* weight, const float* bias, float* y, int64_t rows, int64_t n, double eps, float* mean,
                float* rstd, int threads);

/// y = x / sqrt(mean(x^2) + eps) * weight[n] for each row.
void rms_norm(const float* x, const float* weight, float* y, int64_t rows, int64_t n, double eps, int threads);

/// Groups of channels / groups adjacent channels over all pixels of an image; weight and bias are per channel. groups divides channels.
/// Instance norm is groups = channels. mean and rstd, [images * groups] each, receive the statistics unless null.
void group_norm(const float* x, const float* weight, const float* bias, float* y, int64_t images, int64_t channels, int64_t pixels,
                int64_t groups, double eps, Layout layout, float* mean, float* rstd, int threads);

/// y = x * scale[channel] + shift[channel]: batch norm at inference.
void scale_shift(const float* x, const float* scale, const float* shift, float* y, int64_t images, int64_t channels, int64_t pixels,
                 Layout layout, int threads);

/// The scale and shift that equal batch norm with these statistics; computed in f64, rounded once.
void fold_batch_norm(const float* mean, const float* var, const float* weight, const float* bias, double eps, int64_t channels,
                     float* scale, float* shift);

}  // namespace tsrun::kernels
