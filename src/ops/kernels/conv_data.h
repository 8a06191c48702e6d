// What is behind PackedConv and ConvPlan.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "ops/kernels/conv.h"
#include "ops/kernels/depthwise.h"
#include "ops/kernels/gemm_kernels.h"
#include "ops/kernels/winograd.h"

namespace tsrun::kernels {

/// A 3x3 weight transformed for one tile size: per point a packed B[c, o].
struct WinogradWeight {
  const WinogradKernels* kernels = nullptr;
  const GemmKernels<float>* gemm = nullptr;
  AlignedBuffer<float> points;
};

/// Forms of one weight, each filled when a plan first wants it.
struct PackedConvData {
  int64_t c_in, c_out, kh, kw, groups;
  std::function<ConvWeight()> source;

  std::once_flag direct_made, two_made, four_made;
  std::vector<PackedMatrix<float>> group_weights;  ///< per group: B[(ky * kw + kx) * c_in / groups + c, o]
  AlignedBuffer<float> depthwise;                  ///< instead, when every channel is a group of its own: [ky][kx][c]
  const DepthwiseKernels* depthwise_kernels = nullptr;
  WinogradWeight two, four;  ///< by the size of the tile

  bool is_depthwise() const { return groups > 1 && groups == c_in && groups == c_out; }
  int64_t group_in() const { return c_in / groups; }
  int64_t group_out() const { return c_out / groups; }
};

enum class ConvAlgorithm : uint8_t {
  pointwise,  ///< 1x1 without stride or padding: one product over all pixels
  indirect,   ///< a product whose rows are gathered by address, one per output pixel and tap
  depthwise,  ///< every channel by itself
  winograd,   ///< 3x3 kernels with many channels
  bordered,   ///< few channels: the image is copied with its border, so that a kernel row is one run of memory
};

struct ConvPlanData {
  PackedConv weight;
  ConvShape shape;
  ConvOptions options;
  ConvAlgorithm algorithm;
  int64_t out_h, out_w;
  int64_t input_copy, output_copy;  ///< elements of the workspace for x and y in the layout of the kernels; 0: used where they are
  /// Element offsets of an input row by [output row][tap row], of a pixel in it by [output column][tap column]; negative outside the image.
  std::vector<int64_t> row_offsets, column_offsets;
  AlignedBuffer<float> zeros;                ///< [c_in]: a pixel outside the image, for the depthwise and Winograd algorithms
  const WinogradWeight* winograd = nullptr;  ///< part of `weight`
};

/// Fills the form that a plan of the algorithm reads; the Winograd algorithm's for tiles of `size`.
void pack_direct(PackedConvData& weight, int threads);
const WinogradWeight& pack_winograd(PackedConvData& weight, int64_t size, int threads);

/// The image between its zero border, as the bordered algorithm lays it out: [n, h, w, c_in].
struct BorderedImage {
  explicit BorderedImage(const ConvShape& shape)
      : h(shape.h + shape.pad_top + shape.pad_bottom), w(shape.w + shape.pad_left + shape.pad_right) {}
  int64_t h, w;
};

}  // namespace tsrun::kernels
