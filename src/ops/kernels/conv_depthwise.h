// The depthwise algorithm of run_conv().
#pragma once
#include "ops/kernels/conv_data.h"

namespace tsrun::kernels {

/// x and y channels-last.
void run_depthwise(const ConvPlanData& plan, const float* x, float* y, const Epilogue<float>& epilogue, int threads);

}  // namespace tsrun::kernels
