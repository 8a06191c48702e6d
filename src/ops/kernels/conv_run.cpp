#include <algorithm>
#include <cstring>

#include "ops/kernels/conv_data.h"
#include "ops/kernels/conv_depthwise.h"
#include "ops/kernels/conv_winograd.h"
#include "ops/kernels/gemm_driver.h"
#include "ops/kernels/transpose.h"

namespace tsrun::kernels {
namespace {

alignas(64) constexpr float kZeros[kBlockK] = {};  // what a tap outside the image reads; no block of K is longer

// Rows of A are input pixels: for every output pixel (m counts them through the batch) and tap, the address of its channels.
struct GatheredRows {
  const float* x;
  int64_t image;  // elements of one input image
  int64_t out_h, out_w, taps_h, taps_w;
  const int64_t *row_offsets, *column_offsets;

  void operator()(int64_t m, int64_t mr, int64_t tap, int64_t taps, int64_t k0, const float** out) const {
    int64_t line = m / out_w, ox = m % out_w, oy = line % out_h;
    const float* base = x + line / out_h * image + k0;
    const int64_t first_ky = tap / taps_w, first_kx = tap % taps_w;
    for (int64_t i = 0; i < mr; i++) {
      const int64_t* rows = row_offsets + oy * taps_h + first_ky;
      const int64_t* columns = column_offsets + ox * taps_w;
      int64_t kx = first_kx;
      for (int64_t t = 0; t < taps; t++) {
        const int64_t row = *rows, column = columns[kx];
        out[t * mr + i] = (row | column) < 0 ? kZeros : base + row + column;
        if (++kx == taps_w) kx = 0, rows++;
      }
      if (++ox == out_w) {
        ox = 0;
        if (++oy == out_h) oy = 0, base += image;
      }
    }
  }
};

// The same in an image with its border: a tap is a whole kernel row, and none is outside.
struct BorderedRows {
  const float* x;
  int64_t image, out_h, out_w, tap_step, row_step, column_step;

  void operator()(int64_t m, int64_t mr, int64_t tap, int64_t count, int64_t k0, const float** out) const {
    int64_t line = m / out_w, ox = m % out_w, oy = line % out_h;
    const float* base = x + line / out_h * image + tap * tap_step + k0;
    for (int64_t i = 0; i < mr; i++) {
      const float* at = base + oy * row_step + ox * column_step;
      for (int64_t t = 0; t < count; t++) out[t * mr + i] = at + t * tap_step;
      if (++ox == out_w) {
        ox = 0;
        if (++oy == out_h) oy = 0, base += image;
      }
    }
  }
};

// [3][w] to [w][3] and the like.
template <int64_t kChannels>
void interleave(const float* from, int64_t plane, int64_t w, float* to) {
  for (int64_t j = 0; j < w; j++) {
    for (int64_t c = 0; c < kChannels; c++) to[j * kChannels + c] = from[c * plane + j];
  }
}

void copy_bordered(const ConvPlanData& plan, const float* x, float* out, int threads) {
  const ConvShape& s = plan.shape;
  const BorderedImage border(s);
  const bool planes = plan.options.input == Layout::nchw;
  const int64_t c_in = s.c_in, line = border.w * c_in;
  parallel_for(threads, s.n * border.h, 1 + 32768 / line, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const int64_t image = i / border.h, y = i % border.h - s.pad_top;
      float* to = out + i * line;
      if (y < 0 || y >= s.h) {
        std::fill(to, to + line, 0.0f);
        continue;
      }
      std::fill(to, to + s.pad_left * c_in, 0.0f);
      to += s.pad_left * c_in;
      if (planes) {
        const float* from = x + (image * c_in * s.h + y) * s.w;
        const int64_t plane = s.h * s.w;
        switch (c_in) {
          case 1: interleave<1>(from, plane, s.w, to); break;
          case 2: interleave<2>(from, plane, s.w, to); break;
          case 3: interleave<3>(from, plane, s.w, to); break;
          default: interleave<4>(from, plane, s.w, to);
        }
      } else {
        std::memcpy(to, x + (image * s.h + y) * s.w * c_in, static_cast<size_t>(s.w * c_in) * sizeof(float));
      }
      to += s.w * c_in;
      std::fill(to, to + s.pad_right * c_in, 0.0f);
    }
  });
}

void run_groups(const ConvPlanData& plan, const float* x, float* y, const Epilogue<float>& epilogue, int threads) {
  const ConvShape& s = plan.shape;
  const PackedConvData& weight = *plan.weight.data;
  const int64_t c_in = weight.group_in(), c_out = weight.group_out(), pixels = s.n * plan.out_h * plan.out_w;
  const auto group = [&](int64_t g, int group_threads) {
    const PackedMatrix<float>& b = weight.group_weights[g];
    Epilogue<float> part = epilogue;
    if (part.bias) part.bias += g * c_out;
    if (part.residual) part.residual += g * c_out;
    Product<float> product = {b.kernels,     pixels,  c_out, 1, b.k, packed_panels(*b.kernels, b.panels.data(), b.k, c_out),
                              y + g * c_out, s.c_out, &part};
    if (plan.algorithm == ConvAlgorithm::pointwise) {
      run_product(product, StridedRows<float>{x, s.c_in}, group_threads);
      return;
    }
    if (plan.algorithm == ConvAlgorithm::bordered) {
      const BorderedImage border(s);
      const int64_t line = border.w * s.c_in;
      product.taps = s.kh;
      product.k = b.k / s.kh;
      run_product(product,
                  BorderedRows{x, border.h * line, plan.out_h, plan.out_w, s.dilation_h * line, s.stride_h * line, s.stride_w * s.c_in},
                  group_threads);
      return;
    }
    product.taps = s.kh * s.kw;
    product.k = b.k / product.taps;
    const GatheredRows rows = {x + g * c_in, s.h * s.w * s.c_in,      plan.out_h,                plan.out_w, s.kh,
                               s.kw,         plan.row_offsets.data(), plan.column_offsets.data()};
    run_product(product, rows, group_threads);
  };
  if (weight.groups < 2 * threads) {
    for (int64_t g = 0; g < weight.groups; g++) group(g, threads);
  } else {
    parallel_for(threads, weight.groups, 1, [&](int64_t begin, int64_t end) {
      for (int64_t g = begin; g < end; g++) group(g, 1);
    });
  }
}

void run_channels_last(const ConvPlanData& plan, const float* x, float* y, const Epilogue<float>& epilogue, float* space, int threads) {
  if (plan.algorithm == ConvAlgorithm::depthwise) run_depthwise(plan, x, y, epilogue, threads);
  else if (plan.algorithm == ConvAlgorithm::winograd) run_winograd(plan, x, y, epilogue, space, threads);
  else run_groups(plan, x, y, epilogue, threads);
}

int64_t rounded_up(int64_t elements) { return (elements + 15) / 16 * 16; }

}  // namespace

size_t conv_workspace_bytes(const ConvPlan& handle, int threads) {
  const ConvPlanData& plan = *handle.data;
  const int64_t winograd = plan.algorithm == ConvAlgorithm::winograd ? winograd_workspace(plan, threads) : 0;
  return static_cast<size_t>(rounded_up(plan.input_copy) + rounded_up(plan.output_copy) + winograd) * sizeof(float);
}

void run_conv(const ConvPlan& handle, const float* x, float* y, const Epilogue<float>& epilogue, void* workspace, int threads) {
  const ConvPlanData& plan = *handle.data;
  const ConvShape& s = plan.shape;
  if (s.n <= 0) return;
  threads = std::max(threads, 1);
  float* input = static_cast<float*>(workspace);
  float* output = input + rounded_up(plan.input_copy);
  float* rest = output + rounded_up(plan.output_copy);
  if (plan.algorithm == ConvAlgorithm::bordered) copy_bordered(plan, x, input, threads);
  else if (plan.input_copy) transpose_images(x, s.n, s.c_in, s.h * s.w, input, threads);
  if (plan.input_copy) x = input;

  Epilogue<float> local = epilogue;
  local.ld_residual = s.c_out;
  if (!plan.output_copy) {
    run_channels_last(plan, x, y, local, rest, threads);
    return;
  }
  const int64_t pixels = plan.out_h * plan.out_w;
  if (epilogue.residual) {
    transpose_images(epilogue.residual, s.n, s.c_out, pixels, output, threads);
    local.residual = output;
  }
  run_channels_last(plan, x, output, local, rest, threads);
  transpose_images(output, s.n, pixels, s.c_out, y, threads);
}

}  // namespace tsrun::kernels
