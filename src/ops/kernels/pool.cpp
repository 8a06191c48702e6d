#include "ops/kernels/pool.h"

#include <algorithm>
#include <cmath>

#include "ops/kernels/parallel.h"
#include "ops/kernels/pool_kernels.h"
#include "ops/kernels/reduce.h"

namespace tsrun::kernels {
namespace {

constexpr int64_t kGrain = 16384;  // input elements worth a thread

int64_t divide_up(int64_t a, int64_t b) { return (a + b - 1) / b; }

/// Taps first, first + step, ... below end that lie in [0, size).
PoolRange clip(int64_t first, int64_t end, int64_t step, int64_t size) {
  if (first < 0) first += divide_up(-first, step) * step;
  end = std::min(end, size);
  return {first, end > first ? divide_up(end - first, step) : 0};
}

PoolRange window(int64_t out, int64_t kernel, int64_t stride, int64_t pad, int64_t dilation, int64_t size) {
  const int64_t first = out * stride - pad;
  return clip(first, first + (kernel - 1) * dilation + 1, dilation, size);
}

/// A dense window: its part inside the image, and its length inside the image with its padding at both ends.
struct DenseWindow {
  PoolRange inside;
  int64_t padded;
};

DenseWindow dense_window(int64_t out, int64_t kernel, int64_t stride, int64_t pad, int64_t size) {
  const int64_t first = out * stride - pad, begin = std::max<int64_t>(first, 0), end = std::min(first + kernel, size);
  return {{begin, std::max<int64_t>(end - begin, 0)}, std::min(first + kernel, size + pad) - first};
}

PoolRange adaptive_window(int64_t out, int64_t out_size, int64_t size) {
  const int64_t first = out * size / out_size, end = divide_up((out + 1) * size, out_size);
  return {first, end - first};
}

/// Calls f(output row index over all images or planes, its first input element, its first output element, oh).
template <class F>
void for_rows(const PoolShape& s, Layout layout, int threads, const F& f) {
  const int64_t planes = layout == Layout::nchw ? s.images * s.channels : s.images;
  const int64_t width = layout == Layout::nchw ? 1 : s.channels;
  const int64_t work = std::max<int64_t>(1, s.w * width * std::max<int64_t>(1, s.h / std::max<int64_t>(s.out_h, 1)));
  parallel_for(threads, planes * s.out_h, kGrain / work, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const int64_t plane = i / s.out_h, oh = i % s.out_h;
      f(plane * s.h * s.w * width, (plane * s.out_h + oh) * s.out_w * width, oh);
    }
  });
}

// Indices want a branch per tap: no vectors here.
void max_with_indices(const float* x, float* y, int64_t* indices, const PoolShape& s, Layout layout, int threads) {
  const int64_t width = layout == Layout::nchw ? 1 : s.channels;
  for_rows(s, layout, threads, [&](int64_t from, int64_t to, int64_t oh) {
    const PoolRange rows = window(oh, s.kernel_h, s.stride_h, s.pad_h, s.dilation_h, s.h);
    for (int64_t ow = 0; ow < s.out_w; ow++) {
      const PoolRange columns = window(ow, s.kernel_w, s.stride_w, s.pad_w, s.dilation_w, s.w);
      for (int64_t c = 0; c < width; c++) {
        float best = -HUGE_VALF;
        int64_t where = rows.first * s.w + columns.first;
        for (int64_t i = 0; i < rows.count; i++) {
          for (int64_t j = 0; j < columns.count; j++) {
            const int64_t at = (rows.first + i * s.dilation_h) * s.w + columns.first + j * s.dilation_w;
            const float value = x[from + at * width + c];
            if (value > best || std::isnan(value)) best = value, where = at;
          }
        }
        y[to + ow * width + c] = best;
        indices[to + ow * width + c] = where;
      }
    }
  });
}

}  // namespace

void max_pool(const float* x, float* y, int64_t* indices, const PoolShape& s, Layout layout, int threads) {
  if (indices) return max_with_indices(x, y, indices, s, layout, threads);
  const PoolKernels& kernels = pool_kernels();
  for_rows(s, layout, threads, [&](int64_t from, int64_t to, int64_t oh) {
    const PoolRange rows = window(oh, s.kernel_h, s.stride_h, s.pad_h, s.dilation_h, s.h);
    if (layout == Layout::nchw) {
      kernels.max_row(x + from, y + to, s, rows);
      return;
    }
    for (int64_t ow = 0; ow < s.out_w; ow++) {
      const PoolRange columns = window(ow, s.kernel_w, s.stride_w, s.pad_w, s.dilation_w, s.w);
      kernels.max_channels(x + from, y + to + ow * s.channels, s, rows, columns, s.dilation_h, s.dilation_w, 1);
    }
  });
}

void avg_pool(const float* x, float* y, const PoolShape& s, bool count_include_pad, int64_t divisor, Layout layout, int threads) {
  const PoolKernels& kernels = pool_kernels();
  // Columns [whole_begin, whole_end) have windows that no border cuts: one divisor for all.
  const int64_t whole_begin = std::min(divide_up(s.pad_w, s.stride_w), s.out_w), reach = s.w + s.pad_w - s.kernel_w;
  const int64_t whole_end = reach < 0 ? whole_begin : std::clamp(reach / s.stride_w + 1, whole_begin, s.out_w);
  for_rows(s, layout, threads, [&](int64_t from, int64_t to, int64_t oh) {
    const DenseWindow rows = dense_window(oh, s.kernel_h, s.stride_h, s.pad_h, s.h);
    const auto divisor_of = [&](const DenseWindow& columns) {
      const int64_t inside = rows.inside.count * columns.inside.count;
      const int64_t count = divisor ? divisor : count_include_pad ? rows.padded * columns.padded : inside;
      return inside > 0 ? static_cast<float>(count) : 1.0f;  // a window outside the image gives 0
    };
    const auto columns_of = [&](int64_t ow) { return dense_window(ow, s.kernel_w, s.stride_w, s.pad_w, s.w); };
    if (layout == Layout::nhwc) {
      for (int64_t ow = 0; ow < s.out_w; ow++) {
        const DenseWindow columns = columns_of(ow);
        kernels.sum_channels(x + from, y + to + ow * s.channels, s, rows.inside, columns.inside, 1, 1, divisor_of(columns));
      }
      return;
    }
    kernels.sum_row(x + from, y + to, s, rows.inside);
    for (int64_t ow = 0; ow < whole_begin; ow++) y[to + ow] /= divisor_of(columns_of(ow));
    const float whole = divisor_of({{0, s.kernel_w}, s.kernel_w});
    for (int64_t ow = whole_begin; ow < whole_end; ow++) y[to + ow] /= whole;
    for (int64_t ow = whole_end; ow < s.out_w; ow++) y[to + ow] /= divisor_of(columns_of(ow));
  });
}

void adaptive_avg_pool(const float* x, float* y, const PoolShape& s, Layout layout, int threads) {
  if (s.out_h == 1 && s.out_w == 1) return global_avg_pool(x, y, s.images, s.channels, s.h * s.w, layout, threads);
  const PoolKernels& kernels = pool_kernels();
  for_rows(s, layout, threads, [&](int64_t from, int64_t to, int64_t oh) {
    const PoolRange rows = adaptive_window(oh, s.out_h, s.h);
    for (int64_t ow = 0; ow < s.out_w; ow++) {
      const PoolRange columns = adaptive_window(ow, s.out_w, s.w);
      const float by = static_cast<float>(rows.count * columns.count);
      if (layout == Layout::nhwc) {
        kernels.sum_channels(x + from, y + to + ow * s.channels, s, rows, columns, 1, 1, by);
        continue;
      }
      float sum = 0;
      for (int64_t i = 0; i < rows.count; i++) {
        const float* p = x + from + (rows.first + i) * s.w + columns.first;
        for (int64_t j = 0; j < columns.count; j++) sum += p[j];
      }
      y[to + ow] = sum / by;
    }
  });
}

void global_avg_pool(const float* x, float* y, int64_t images, int64_t channels, int64_t pixels, Layout layout, int threads) {
  if (layout == Layout::nchw) reduce(Reduce::mean, x, y, images * channels, pixels, 1, threads);
  else reduce(Reduce::mean, x, y, images, pixels, channels, threads);
}

}  // namespace tsrun::kernels
