// 2-D convolution of f32 images, as ATen's convolution with its every stride, padding, dilation, group and transposed form (1-D: h = kh =
// 1):
//   y[n, oy, ox, o] = activation(sum over ky, kx, c of x[n, oy * stride_h - pad_top + ky * dilation_h, ..., c] * w[o, c, ky, kx]
//                                + bias[o] + residual[n, oy, ox, o]),  x being zero outside the image.
//
// Three steps: pack_conv() once per weight, make_plan() once per weight and input shape, run_conv() per call. A plan may run in several
// threads at once, each call with its own workspace. Results do not depend on the number of threads, bit for bit.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "ops/kernels/gemm.h"
#include "ops/kernels/layout.h"

namespace tsrun::kernels {

/// All sizes at least 1 except n; paddings of the plain form may be negative (they crop); c_in and c_out are multiples of groups.
struct ConvShape {
  int64_t n, h, w, c_in, c_out, kh, kw;
  int64_t stride_h = 1, stride_w = 1;
  int64_t pad_top = 0, pad_left = 0, pad_bottom = 0, pad_right = 0;
  int64_t dilation_h = 1, dilation_w = 1;
  int64_t groups = 1;
  bool transposed = false;
  int64_t output_padding_h = 0, output_padding_w = 0;  ///< of the transposed form

  /// Not positive when the kernel does not fit: such a shape must not be planned.
  int64_t out_h() const;
  int64_t out_w() const;
};

/// A weight to read, by element strides: w[o, c, ky, kx] is the factor from input channel c of o's group to output channel o, with
/// 0 <= o < c_out and 0 <= c < c_in / groups. The weight of a transposed convolution, stored [c_in, c_out / groups, kh, kw], has its
/// stride_o inside a group; `transposed` says so and finds the group by stride_c.
struct ConvWeight {
  const float* data;
  int64_t c_in, c_out, kh, kw, groups;
  int64_t stride_o, stride_c, stride_h, stride_w;
  bool transposed = false;
  const float* scale = nullptr;         ///< [c_out]: each output channel's factors are multiplied by it; or null
  std::shared_ptr<const void> owner{};  ///< keeps data and scale valid; null: the caller does
};

/// The strides of a contiguous weight, [c_out, c_in / groups, kh, kw] or transposed [c_in, c_out / groups, kh, kw].
ConvWeight contiguous_weight(const float* data, const ConvShape& shape);

struct PackedConvData;

/// A weight in the orders that kernels want, for the instruction set that was current. Opaque and cheap to copy: copies share the memory.
/// Each order is made when a plan first wants it: one of the weight's own size, or Winograd's (up to 4 times as large).
struct PackedConv {
  std::shared_ptr<PackedConvData> data;
};

/// The weight stays where it is and is read when plans are made.
PackedConv pack_conv(const ConvWeight& weight);
/// As above; `source` gives the weight, of the sizes of `like`, each time it is to be read.
PackedConv pack_conv(const ConvWeight& like, std::function<ConvWeight()> source);

struct ConvOptions {
  Layout input = Layout::nhwc;
  Layout output = Layout::nhwc;  ///< of the residual too
  /// Winograd's algorithm where it is faster. Its rounding is about 5 times that of the direct sum (1e-6 of the largest output).
  bool winograd = true;
};

struct ConvPlanData;

/// How to run one weight on one input shape. Opaque, cheap to copy, keeps the weight alive.
struct ConvPlan {
  std::shared_ptr<const ConvPlanData> data;
};

/// What the weight lacks for the plan is packed now, on at most `threads` threads.
ConvPlan make_plan(const PackedConv& weight, const ConvShape& shape, const ConvOptions& options = {}, int threads = 1);

/// What run_conv() needs with at most this many threads. May be 0.
size_t conv_workspace_bytes(const ConvPlan& plan, int threads);

/// x: [n, h, w, c_in] or [n, c_in, h, w] contiguous, by the plan's options; y and the residual likewise. The residual may be y itself; x
/// must not overlap y. epilogue.ld_residual is ignored. workspace: 64-byte aligned, uninitialised.
void run_conv(const ConvPlan& plan, const float* x, float* y, const Epilogue<float>& epilogue, void* workspace, int threads);

}  // namespace tsrun::kernels
