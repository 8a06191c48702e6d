// Sampling at given positions: grid_sampler and the grids of affine maps.
#include <cmath>

#include "ops/dispatch.h"
#include "ops/kernels/parallel.h"
#include "ops/matmul.h"
#include "ops/stepwise.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

using std::abs, std::floor, std::fmod, std::nearbyint;

enum Interpolation : int64_t { bilinear = 0, nearest = 1, bicubic = 2 };
enum Padding : int64_t { zeros = 0, border = 1, reflection = 2 };

struct Rule {
  int64_t interpolation, padding;
  bool align_corners;
};

template <class T>
T unnormalize(T at, int64_t size, bool align_corners) {
  return align_corners ? (at + 1) / 2 * static_cast<T>(size - 1) : ((at + 1) * static_cast<T>(size) - 1) / 2;
}

/// Reflects between twice_low / 2 and twice_high / 2.
template <class T>
T reflect(T at, int64_t twice_low, int64_t twice_high) {
  if (twice_low == twice_high) return T(0);
  T low = static_cast<T>(twice_low) / 2, span = static_cast<T>(twice_high - twice_low) / 2;
  at = abs(at - low);
  T extra = fmod(at, span);
  T flips = floor(at / span);
  return fmod(flips, T(2)) == 0 ? extra + low : span - extra + low;
}

/// NaN becomes 0.
template <class T>
T clip(T at, int64_t size) {
  return std::min(static_cast<T>(size - 1), at > 0 ? at : T(0));
}

template <class T>
T into_bounds(T at, int64_t size, const Rule& r) {
  if (r.padding == border) return clip(at, size);
  if (r.padding == reflection) return clip(r.align_corners ? reflect(at, 0, 2 * (size - 1)) : reflect(at, -1, 2 * size - 1), size);
  return at;
}

/// A position as an index that is certainly outside when it is no position at all.
template <class T>
int64_t to_index(T at) {
  return at > T(-1e9) && at < T(1e9) ? static_cast<int64_t>(at) : -100;
}

/// Source pixels and weights of one sample along one dimension; index -1 reads zero.
template <class T>
struct Line {
  int64_t index[4];
  T weight[4];
  int count;
};

template <class T>
T cubic_weight(T x) {
  const T a = T(-0.75);
  return x <= 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
}

template <class T>
Line<T> sample_line(T coordinate, int64_t size, const Rule& r) {
  auto inside = [size](int64_t i) { return i >= 0 && i < size ? i : -1; };
  T at = unnormalize(coordinate, size, r.align_corners);
  Line<T> l{};
  if (r.interpolation == bicubic) {
    T low = floor(at), part = at - low;
    l.count = 4;
    for (int k = 0; k < 4; ++k) {
      l.index[k] = inside(to_index(into_bounds(low + T(k - 1), size, r)));
      l.weight[k] = cubic_weight(k < 2 ? part + T(1 - k) : T(k - 1) - part);
    }
    return l;
  }
  at = into_bounds(at, size, r);
  if (r.interpolation == nearest) {
    l.count = 1;
    l.index[0] = inside(to_index(nearbyint(at)));
    l.weight[0] = 1;
    return l;
  }
  T low = floor(at);
  l.count = 2;
  l.index[0] = inside(to_index(low));
  l.index[1] = inside(to_index(low + 1));
  l.weight[0] = low + 1 - at;
  l.weight[1] = at - low;
  return l;
}

/// One sample's pixels in a plane of [d, h, w]; -1 where it lies outside.
struct Corners {
  int64_t place[16];
  int count = 0;
};

template <class T>
Corners corners(const Line<T>& d, const Line<T>& h, const Line<T>& w, const int64_t* in) {
  Corners c;
  for (int a = 0; a < d.count; ++a)
    for (int b = 0; b < h.count; ++b)
      for (int k = 0; k < w.count; ++k) {
        bool inside = d.index[a] >= 0 && h.index[b] >= 0 && w.index[k] >= 0;
        c.place[c.count++] = inside ? (d.index[a] * in[1] + h.index[b]) * in[2] + w.index[k] : -1;
      }
  return c;
}

/// Every pixel with the product of its weights. In an image those outside count as zeros, so that NaN weights show; in a volume not at all.
template <class T, class Pixel>
void sum_corners(const Pixel* x, Pixel* y, int64_t channels, int64_t plane, int64_t samples, const Corners& at, const Line<T>& d,
                 const Line<T>& h, const Line<T>& w, bool volume) {
  T weight[8];
  for (int i = 0; i < at.count; ++i) weight[i] = w.weight[i % w.count] * h.weight[i / w.count % h.count] * d.weight[i / w.count / h.count];
  for (int64_t c = 0; c < channels; ++c, x += plane, y += samples) {
    T sum = T(0);
    for (int i = 0; i < at.count; ++i) {
      if (at.place[i] >= 0) sum += T(x[at.place[i]]) * weight[i];
      else if (!volume) sum += T(0) * weight[i];
    }
    *y = sum;
  }
}

/// Lines first, then across them.
template <class T, class Pixel>
void sum_lines(const Pixel* x, Pixel* y, int64_t channels, int64_t plane, int64_t samples, const Corners& at, const Line<T>& h,
               const Line<T>& w) {
  for (int64_t c = 0; c < channels; ++c, x += plane, y += samples) {
    T sum = T(0);
    for (int b = 0; b < h.count; ++b) {
      T line = T(0);
      for (int k = 0; k < w.count; ++k) {
        int64_t place = at.place[b * w.count + k];
        line += w.weight[k] * (place >= 0 ? T(x[place]) : T(0));
      }
      sum += h.weight[b] * line;
    }
    *y = sum;
  }
}

/// x [n, c, d, h, w] contiguous, grid [n, samples, rank] with the last dimension of x first. T computes.
template <class T, class Pixel>
void sample(const Pixel* x, const Pixel* grid, Pixel* y, int64_t n, int64_t channels, const int64_t* in, int64_t samples, int rank,
            const Rule& rule, int threads) {
  int64_t plane = in[0] * in[1] * in[2];
  kernels::parallel_for(threads, n * samples, 4096 / (channels + 1) + 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      int64_t image = i / samples * channels;
      const Pixel *at = grid + i * rank, *from = x + image * plane;
      Pixel* to = y + image * samples + i % samples;
      Line<T> w = sample_line(T(at[0]), in[2], rule), h = sample_line(T(at[1]), in[1], rule), d{{0}, {T(1)}, 1};
      if (rank == 3) d = sample_line(T(at[2]), in[0], rule);
      Corners places = corners(d, h, w, in);
      if (rule.interpolation == bicubic) sum_lines(from, to, channels, plane, samples, places, h, w);
      else sum_corners(from, to, channels, plane, samples, places, d, h, w, rank == 3);
    }
  });
}

template <int Rank>
Tensor grid_sampler_rank(Context& ctx, const Tensor& input, const Tensor& grid, int64_t interpolation, int64_t padding,
                         bool align_corners) {
  check(input.dim() == Rank + 2 && grid.dim() == Rank + 2, "grid_sampler(): expected input and grid with ", Rank + 2, " dimensions, got ",
        input, " and ", grid);
  check(input.size(0) == grid.size(0), "grid_sampler(): expected grid and input to have same batch size, but got input with sizes ",
        input.sizes(), " and grid with sizes ", grid.sizes());
  check(grid.size(-1) == Rank, "grid_sampler(): expected grid to have size ", Rank, " in last dimension, but got grid with sizes ",
        grid.sizes());
  check(input.dtype() == grid.dtype(), "grid_sampler(): expected input and grid to have same dtype, but input has ", input.dtype(),
        " and grid has ", grid.dtype());
  check(interpolation >= 0 && interpolation <= 2 && padding >= 0 && padding <= 2, "grid_sampler(): unknown interpolation or padding mode");
  check(Rank == 2 || interpolation != bicubic, "grid_sampler(): bicubic interpolation only supports 4D input");
  int64_t in[3] = {1, 1, 1}, samples = 1;
  Dims sizes(input.sizes().first(2));
  for (int d = 0; d < Rank; ++d) {
    in[3 - Rank + d] = input.size(d + 2);
    check(input.size(d + 2) > 0, "grid_sampler(): expected input to have non-empty spatial dimensions, but input has sizes ",
          input.sizes());
    sizes.push_back(grid.size(d + 1));
    samples *= grid.size(d + 1);
  }
  Tensor x = contiguous(ctx, input), g = contiguous(ctx, grid), y = ctx.empty(sizes, x.dtype());
  Rule rule{interpolation, padding, align_corners};
  dispatch(TypeList<float, double, Half, BFloat16>(), x.dtype(), "grid_sampler", [&]<class T>() {
    using Step = std::conditional_t<sizeof(T) == 2, Stepwise<T>, T>;
    sample<Step>(x.data<T>(), g.data<T>(), y.data<T>(), x.size(0), x.size(1), in, samples, Rank, rule, ctx.threads);
  });
  return y;
}

Tensor grid_sampler(Context& ctx, const Tensor& input, const Tensor& grid, int64_t interpolation, int64_t padding, bool align_corners) {
  return input.dim() == 5 ? grid_sampler_rank<3>(ctx, input, grid, interpolation, padding, align_corners)
                          : grid_sampler_rank<2>(ctx, input, grid, interpolation, padding, align_corners);
}

/// Positions -1..1 of the middle (or, align_corners, the corners) of `size` pixels.
double grid_position(int64_t i, int64_t size, bool align_corners) {
  if (size <= 1) return 0;
  double at = -1 + 2.0 * static_cast<double>(i) / static_cast<double>(size - 1);
  return align_corners ? at : at * static_cast<double>(size - 1) / static_cast<double>(size);
}

Tensor affine_grid_generator(Context& ctx, const Tensor& theta, IntSpan size, bool align_corners) {
  check(size.size() == 4 || size.size() == 5, "AffineGridGenerator needs 4d (spatial) or 5d (volumetric) inputs.");
  int64_t rank = static_cast<int64_t>(size.size()) - 2, n = size[0];
  check(theta.dim() == 3 && theta.size(0) == n && theta.size(1) == rank && theta.size(2) == rank + 1, "Expected a batch of ", n,
        " affine matrices of shape ", rank, "x", rank + 1, ", got ", theta);
  IntSpan spatial = size.subspan(2);
  int64_t points = checked_numel(spatial);
  Tensor base = ctx.empty(Dims{points, rank + 1}, theta.dtype());
  dispatch(FloatTypes(), theta.dtype(), "affine_grid_generator", [&]<class T>() {
    T* p = base.data<T>();
    for (int64_t i = 0; i < points; ++i) {
      int64_t rest = i;
      for (int64_t d = rank; d-- > 0;) {  // x, the last dimension, comes first
        int64_t length = spatial[static_cast<size_t>(d)];
        *p++ = static_cast<T>(grid_position(rest % length, length, align_corners));
        rest /= length;
      }
      *p++ = T(1);
    }
  });
  Tensor grid = batched_product(ctx, expand(unsqueeze(base, 0), Dims{n, points, rank + 1}), transpose(theta, 1, 2));
  Dims sizes{n};
  for (int64_t s : spatial) sizes.push_back(s);
  sizes.push_back(rank);
  return reshape(ctx, grid, sizes);
}

constexpr Op rows[] = {
    op<"aten::grid_sampler(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners) -> Tensor",
       grid_sampler>(),
    op<"aten::grid_sampler_2d(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners) -> Tensor",
       grid_sampler_rank<2>>(),
    op<"aten::_grid_sampler_2d_cpu_fallback(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners) -> "
       "Tensor",
       grid_sampler_rank<2>>(),
    op<"aten::grid_sampler_3d(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners) -> Tensor",
       grid_sampler_rank<3>>(),
    op<"aten::affine_grid_generator(Tensor theta, SymInt[] size, bool align_corners) -> Tensor", affine_grid_generator>(),
};

}  // namespace

const std::span<const Op> grid_ops = rows;

}  // namespace tsrun
