#include "ops/kernels/conv_depthwise.h"

#include <algorithm>
#include <iterator>

#include "ops/kernels/parallel.h"

namespace tsrun::kernels {
namespace {

using Kernels = DepthwiseKernels;
constexpr int64_t kMostPointers = 1024;  // of one tile; a longer kernel runs with fewer pixels, or in blocks of taps

int find_kind(const ConvShape& s) {
  if (s.transposed || s.dilation_w != 1 || s.kh * Kernels::kMostColumns > kMostPointers) return -1;
  for (size_t i = 0; i < std::size(Kernels::kKinds); i++) {
    if (Kernels::kKinds[i].width == s.kw && Kernels::kKinds[i].stride == s.stride_w) return static_cast<int>(i);
  }
  return -1;
}

// One output row.
struct Row {
  const ConvPlanData& plan;
  const ConvShape& s;
  const Kernels& kernels;
  const float* image;
  int64_t oy;
  DepthwiseTile tile;  // everything but pixels, rows and weights; residual and out at the row's first pixel

  void advance(int64_t count) {
    tile.out += count * s.c_out;
    if (tile.residual) tile.residual += count * s.c_out;
  }

  void run_kind(int kind) {
    const int64_t width = s.kw, stride = s.stride_w;
    const float* rows[kMostPointers];  // kernel rows inside the image are neighbours: the others are left out
    const float* pointers[kMostPointers];
    tile.rows = 0;
    for (int64_t r = 0; r < s.kh; r++) {
      const int64_t offset = plan.row_offsets[oy * s.kh + r];
      if (offset < 0) continue;
      if (tile.rows == 0) tile.weights = plan.weight.data->depthwise.data() + r * width * s.c_in;
      rows[tile.rows++] = image + offset;
    }
    for (int64_t ox = 0; ox < plan.out_w;) {
      const int which = pick_count(plan.out_w - ox);
      const int64_t count = Kernels::kCounts[which], columns = (count - 1) * stride + width, ix = ox * stride - s.pad_left;
      for (int64_t r = 0; r < tile.rows; r++) {
        for (int64_t c = 0; c < columns; c++) {
          pointers[r * columns + c] = ix + c >= 0 && ix + c < s.w ? rows[r] + (ix + c) * s.c_in : plan.zeros.data();
        }
      }
      DepthwiseTile part = tile;
      part.pixels = pointers;
      kernels.kinds[kind].by_count[which](part);
      ox += count;
      advance(count);
    }
  }

  // Kernels with more taps than pointers are summed in blocks: the tile is its own residual after the first.
  void run_scattered() {
    const float* pointers[kMostPointers];
    const int64_t taps = s.kh * s.kw;
    for (int64_t ox = 0; ox < plan.out_w;) {
      const int which = pick_count(plan.out_w - ox);
      const int64_t count = Kernels::kCounts[which], block = kMostPointers / count;
      for (int64_t first = 0; first < taps; first += block) {
        const int64_t last = std::min(taps, first + block);
        for (int64_t t = first; t < last; t++) {
          const int64_t row = plan.row_offsets[oy * s.kh + t / s.kw];
          for (int64_t i = 0; i < count; i++) {
            const int64_t column = plan.column_offsets[(ox + i) * s.kw + t % s.kw];
            pointers[(t - first) * count + i] = (row | column) < 0 ? plan.zeros.data() : image + row + column;
          }
        }
        DepthwiseTile part = tile;
        part.pixels = pointers;
        part.rows = last - first;
        part.weights = plan.weight.data->depthwise.data() + first * s.c_in;
        if (first > 0) {
          part.bias = nullptr;
          part.residual = part.out;
        }
        if (last < taps) part.activation = nullptr;
        kernels.scattered.by_count[which](part);
      }
      ox += count;
      advance(count);
    }
  }

  static int pick_count(int64_t left) {
    int which = 0;
    while (Kernels::kCounts[which] > left) which++;
    return which;
  }
};

}  // namespace

void run_depthwise(const ConvPlanData& plan, const float* x, float* y, const Epilogue<float>& epilogue, int threads) {
  const ConvShape& s = plan.shape;
  const int kind = find_kind(s);
  const int64_t row_size = plan.out_w * s.c_out, grain = 1 + 200000 / (row_size * s.kh * s.kw);
  const Activation* activation = epilogue.activation.kind == ActivationKind::none ? nullptr : &epilogue.activation;
  parallel_for(threads, s.n * plan.out_h, grain, [&](int64_t begin, int64_t end) {
    for (int64_t line = begin; line < end; line++) {
      DepthwiseTile tile = {};
      tile.channels = s.c_in;
      tile.bias = epilogue.bias;
      tile.residual = epilogue.residual ? epilogue.residual + line * row_size : nullptr;
      tile.out = y + line * row_size;
      tile.activation = activation;
      const float* image = x + line / plan.out_h * s.h * s.w * s.c_in;
      Row row = {plan, s, *plan.weight.data->depthwise_kernels, image, line % plan.out_h, tile};
      if (kind >= 0) row.run_kind(kind);
      else row.run_scattered();
    }
  });
}

}  // namespace tsrun::kernels
