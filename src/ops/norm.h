// Normalisations over rows.
#pragma once
#include "ops/context.h"

namespace tsrun {

/// Over the last normalized.size() dimensions, which must equal `normalized`. Contiguous.
Tensor layer_norm(Context& ctx, const Tensor& x, IntSpan normalized, const Tensor* weight, const Tensor* bias, double eps);

/// Statistics from the input (training) or as given; in training the given ones are moved towards the input's. Channels-last stays so.
Tensor batch_norm(Context& ctx, const Tensor& input, const Tensor* weight, const Tensor* bias, const Tensor* running_mean,
                  const Tensor* running_var, bool training, double momentum, double eps, bool cudnn_enabled);
/// running = (1 - momentum) * running + momentum * statistic, in place; nothing for null.
void update_running(Context& ctx, const Tensor* running, const Tensor& statistic, double momentum);

}  // namespace tsrun
