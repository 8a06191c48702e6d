// The Winograd algorithm of run_conv(): when it pays, its run.
#pragma once
#include <cstddef>
#include <cstdint>

#include "ops/kernels/conv_data.h"

namespace tsrun::kernels {

/// The output tile size (2 or 4) that is estimated fastest, or 0: the direct algorithm is.
int64_t pick_winograd(const ConvShape& shape);

/// Elements of workspace.
int64_t winograd_workspace(const ConvPlanData& plan, int threads);

/// x and y channels-last.
void run_winograd(const ConvPlanData& plan, const float* x, float* y, const Epilogue<float>& epilogue, float* workspace, int threads);

}  // namespace tsrun::kernels
