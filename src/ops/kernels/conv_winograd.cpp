#include "ops/kernels/conv_winograd.h"

#include <algorithm>

#include "ops/kernels/gemm_driver.h"
#include "ops/kernels/gemm_pack.h"

namespace tsrun::kernels {
namespace {

// Output tiles of the whole batch, counted row by row, image by image; worked on in blocks. Shapes alone decide the blocks, not threads.
struct Tiles {
  explicit Tiles(const ConvPlanData& plan)
      : size(plan.winograd->kernels->size), across((plan.out_w + size - 1) / size), down((plan.out_h + size - 1) / size) {
    constexpr int64_t kCacheBytes = 512 * 1024, kFewest = 24;
    count = plan.shape.n * across * down;
    const int64_t tile_bytes = winograd_points(size) * (plan.shape.c_in + plan.shape.c_out) * static_cast<int64_t>(sizeof(float));
    blocks = std::max<int64_t>(1, count / std::max(kFewest, kCacheBytes / tile_bytes));
    largest = (count + blocks - 1) / blocks;
  }
  int64_t size, across, down, count, blocks, largest;
};

// Distance of one point's matrix from the next: a line more than its size, so that the points do not fall into the same cache sets.
int64_t point_step(int64_t tiles, int64_t channels) { return (tiles * channels + 15) / 16 * 16 + 16; }

int64_t block_elements(const ConvPlanData& plan, const Tiles& tiles) {
  return winograd_points(tiles.size) * (point_step(tiles.largest, plan.shape.c_in) + point_step(tiles.largest, plan.shape.c_out));
}

// Threads take whole blocks when there are enough to share evenly, else they share the work within each.
bool share_blocks(const Tiles& tiles, int threads) { return tiles.blocks >= 4 * threads || tiles.blocks % threads == 0; }

struct Block {
  const ConvPlanData& plan;
  const Tiles& tiles;
  const float* x;
  float* y;
  const Epilogue<float>& epilogue;
  int64_t first, count;
  float *values, *products;
  int64_t values_step, products_step;

  void input(int64_t tile) const {
    const ConvShape& s = plan.shape;
    const int64_t n = tiles.size + 2, index = first + tile, line = index / tiles.across;
    const int64_t x0 = index % tiles.across * tiles.size - s.pad_left, y0 = line % tiles.down * tiles.size - s.pad_top;
    const float* image = x + line / tiles.down * s.h * s.w * s.c_in;
    const float* pixels[winograd_points(4)];
    for (int64_t i = 0; i < n; i++) {
      const bool row_inside = y0 + i >= 0 && y0 + i < s.h;
      const float* row = image + (y0 + i) * s.w * s.c_in;
      for (int64_t j = 0; j < n; j++) {
        const bool inside = row_inside && x0 + j >= 0 && x0 + j < s.w;
        pixels[i * n + j] = inside ? row + (x0 + j) * s.c_in : plan.zeros.data();
      }
    }
    plan.winograd->kernels->input({pixels, s.c_in, values + tile * s.c_in, values_step});
  }

  void multiply(int64_t point, int64_t panel) const {
    const int64_t c_in = plan.shape.c_in, c_out = plan.shape.c_out;
    const WinogradWeight& weight = *plan.winograd;
    const GemmKernels<float>& kernels = *weight.gemm;
    const float* packed = weight.points.data() + point * c_in * padded_columns(kernels, c_out);
    const Epilogue<float> none;
    const Product<float> product = {
        &kernels, count, c_out, 1, c_in, packed_panels(kernels, packed, c_in, c_out), products + point * products_step, c_out, &none};
    run_panel(product, StridedRows<float>{values + point * values_step, c_in}, panel, 0, count);
  }

  void output(int64_t tile) const {
    const int64_t index = first + tile, line = index / tiles.across, c_out = plan.shape.c_out;
    const int64_t ox = index % tiles.across * tiles.size, oy = line % tiles.down * tiles.size, row_step = plan.out_w * c_out;
    const int64_t at = ((line / tiles.down * plan.out_h + oy) * plan.out_w + ox) * c_out;
    WinogradOutput t;
    t.products = products + tile * c_out;
    t.step = products_step;
    t.channels = c_out;
    t.bias = epilogue.bias;
    t.residual = epilogue.residual ? epilogue.residual + at : nullptr;
    t.out = y + at;
    t.row_step = row_step;
    t.rows = std::min(tiles.size, plan.out_h - oy);
    t.columns = std::min(tiles.size, plan.out_w - ox);
    t.activation = epilogue.activation.kind == ActivationKind::none ? nullptr : &epilogue.activation;
    plan.winograd->kernels->output(t);
  }

  void run(int threads) const {
    const auto each_tile = [&](auto f) {
      parallel_for(threads, count, 4, [&](int64_t begin, int64_t end) {
        for (int64_t tile = begin; tile < end; tile++) f(tile);
      });
    };
    each_tile([&](int64_t tile) { input(tile); });
    const int64_t panels = PanelSplit(*plan.winograd->gemm, plan.shape.c_out).count();
    parallel_for(threads, winograd_points(tiles.size) * panels, 1, [&](int64_t begin, int64_t end) {
      for (int64_t task = begin; task < end; task++) multiply(task / panels, task % panels);
    });
    each_tile([&](int64_t tile) { output(tile); });
  }
};

// Seconds, roughly, of a machine whose speed does not matter: only the ratio of compute to memory and of the kinds of work does.
double direct_seconds(const ConvShape& s, double flops_per_second, double bytes_per_second) {
  const double pixels = static_cast<double>(s.n * s.out_h() * s.out_w()), weights = 9.0 * static_cast<double>(s.c_in * s.c_out);
  return std::max(2 * pixels * weights / flops_per_second, 4 * weights / bytes_per_second);
}

double winograd_seconds(const ConvShape& s, int64_t size, double flops_per_second, double bytes_per_second) {
  const double tiles = static_cast<double>(s.n * ((s.out_h() + size - 1) / size) * ((s.out_w() + size - 1) / size));
  const double points = static_cast<double>(winograd_points(size)), weights = points * static_cast<double>(s.c_in * s.c_out);
  constexpr double kTransformFlops = 32;  // what a transformed element costs, in multiply-adds of the product
  const double transforms = kTransformFlops * tiles * points * static_cast<double>(s.c_in + s.c_out);
  return std::max(2 * tiles * weights / flops_per_second, 4 * weights / bytes_per_second) + transforms / flops_per_second;
}

}  // namespace

int64_t pick_winograd(const ConvShape& s) {
  constexpr int64_t kFewestChannels = 32;
  if (s.kh != 3 || s.kw != 3 || s.stride_h != 1 || s.stride_w != 1 || s.dilation_h != 1 || s.dilation_w != 1 || s.groups != 1 ||
      s.transposed || s.c_in < kFewestChannels || s.c_out < kFewestChannels || s.n < 1) {
    return 0;
  }
  constexpr double kFlops[] = {4e9, 32e9, 95e9, 95e9}, kBytes = 8e9;
  const double flops = kFlops[static_cast<int>(current_isa())];
  const double direct = direct_seconds(s, flops, kBytes), two = winograd_seconds(s, 2, flops, kBytes),
               four = winograd_seconds(s, 4, flops, kBytes);
  if (direct <= std::min(two, four)) return 0;
  return two <= four ? 2 : 4;
}

int64_t winograd_workspace(const ConvPlanData& plan, int threads) {
  const Tiles tiles(plan);
  return block_elements(plan, tiles) *
         std::clamp<int64_t>(threads, 1, tiles.blocks);  // a call with fewer threads may share where this many do not
}

void run_winograd(const ConvPlanData& plan, const float* x, float* y, const Epilogue<float>& epilogue, float* workspace, int threads) {
  const Tiles tiles(plan);
  const auto run_block = [&](int64_t block, float* space, int block_threads) {
    const int64_t first = tiles.count * block / tiles.blocks, count = tiles.count * (block + 1) / tiles.blocks - first;
    const int64_t values_step = point_step(count, plan.shape.c_in), products_step = point_step(count, plan.shape.c_out);
    const Block b = {plan,        tiles,        x, y, epilogue, first, count, space, space + winograd_points(tiles.size) * values_step,
                     values_step, products_step};
    b.run(block_threads);
  };
  if (!share_blocks(tiles, threads)) {
    for (int64_t block = 0; block < tiles.blocks; block++) run_block(block, workspace, threads);
    return;
  }
  const int64_t elements = block_elements(plan, tiles);
  parallel_for(threads, threads, 1, [&](int64_t begin, int64_t end) {
    for (int64_t part = begin; part < end; part++) {
      for (int64_t block = tiles.blocks * part / threads; block < tiles.blocks * (part + 1) / threads; block++) {
        run_block(block, workspace + part * elements, 1);
      }
    }
  });
}

}  // namespace tsrun::kernels
