#include "ops/kernels/pool.h"

#include "vector_testing.h"

using namespace tsrun::kernels;
using namespace tsrun::kernels::testing;

namespace {

int64_t position(const PoolShape& s, Layout layout, int64_t n, int64_t c, int64_t y, int64_t x, int64_t h, int64_t w) {
  return layout == Layout::nchw ? ((n * s.channels + c) * h + y) * w + x : ((n * h + y) * w + x) * s.channels + c;
}

/// Calls f(output position, n, c, oh, ow) for every output.
template <class F>
void for_outputs(const PoolShape& s, Layout layout, const F& f) {
  for (int64_t n = 0; n < s.images; n++) {
    for (int64_t c = 0; c < s.channels; c++) {
      for (int64_t oh = 0; oh < s.out_h; oh++) {
        for (int64_t ow = 0; ow < s.out_w; ow++) f(position(s, layout, n, c, oh, ow, s.out_h, s.out_w), n, c, oh, ow);
      }
    }
  }
}

/// Calls f(image position, h, w) for the taps of a window that lie in the image.
template <class F>
void for_taps(const PoolShape& s, int64_t oh, int64_t ow, const F& f) {
  for (int64_t i = 0; i < s.kernel_h; i++) {
    for (int64_t j = 0; j < s.kernel_w; j++) {
      const int64_t y = oh * s.stride_h - s.pad_h + i * s.dilation_h, x = ow * s.stride_w - s.pad_w + j * s.dilation_w;
      if (y >= 0 && y < s.h && x >= 0 && x < s.w) f(y, x);
    }
  }
}

// images, channels, h, w, out_h, out_w, kernel, stride, pad, dilation
const PoolShape kShapes[] = {
    {2, 3, 6, 8, 3, 4, 2, 2, 2, 2, 0, 0, 1, 1},       {1, 64, 11, 13, 6, 7, 3, 3, 2, 2, 1, 1, 1, 1},
    {1, 33, 7, 7, 7, 7, 3, 3, 1, 1, 1, 1, 1, 1},      {1, 5, 9, 40, 3, 18, 3, 5, 3, 2, 0, 0, 1, 1},
    {1, 17, 10, 10, 4, 5, 2, 3, 2, 1, 0, 1, 3, 3},    {1, 1, 1, 50, 1, 17, 1, 3, 1, 3, 0, 1, 1, 1},
    {2, 8, 5, 5, 3, 3, 2, 2, 2, 2, 0, 0, 1, 1},  // ceil mode: the last windows are cut
    {1, 2, 3, 5000, 2, 2500, 2, 2, 1, 2, 0, 0, 1, 1}, {1, 2, 2, 3000, 1, 2, 2, 2500, 2, 400, 0, 0, 1, 1},
};

}  // namespace

TEST_CASE("max pooling in both layouts, with and without indices") {
  for_each_isa([] {
    for (const PoolShape& s : kShapes) {
      for (Layout layout : {Layout::nchw, Layout::nhwc}) {
        INFO("channels " << s.channels << ", " << s.h << " x " << s.w << ", nhwc " << (layout == Layout::nhwc));
        const auto x = numbers(s.images * s.channels * s.h * s.w, 5);
        const int64_t size = s.images * s.channels * s.out_h * s.out_w;
        Guarded<float> y(size), z(size);
        Guarded<int64_t> indices(size);
        max_pool(x.data(), y.data(), nullptr, s, layout, 2);
        max_pool(x.data(), z.data(), indices.data(), s, layout, 1);
        CHECK((y.intact() && z.intact() && indices.intact()));
        int wrong = 0;
        for_outputs(s, layout, [&](int64_t at, int64_t n, int64_t c, int64_t oh, int64_t ow) {
          float best = -kInf;
          int64_t where = -1;
          for_taps(s, oh, ow, [&](int64_t h, int64_t w) {
            const float value = x[static_cast<size_t>(position(s, layout, n, c, h, w, s.h, s.w))];
            if (value > best) best = value, where = h * s.w + w;
          });
          wrong += y[at] != best || z[at] != best || indices[at] != where;
        });
        CHECK(wrong == 0);
      }
    }
  });
}

TEST_CASE("a NaN in a window wins") {
  for_each_isa([] {
    const PoolShape s{1, 1, 3, 40, 1, 38, 3, 3, 1, 1, 0, 0, 1, 1};
    for (int64_t where = 0; where < 120; where++) {
      auto x = numbers(120);
      x[static_cast<size_t>(where)] = kNan;
      std::vector<float> y(38);
      max_pool(x.data(), y.data(), nullptr, s, Layout::nchw, 1);
      for (int64_t i = 0; i < 38; i++) CHECK(std::isnan(y[static_cast<size_t>(i)]) == (i <= where % 40 && where % 40 < i + 3));
      max_pool(x.data(), y.data(), nullptr, s, Layout::nhwc, 1);
      for (int64_t i = 0; i < 38; i++) CHECK(std::isnan(y[static_cast<size_t>(i)]) == (i <= where % 40 && where % 40 < i + 3));
    }
  });
}

TEST_CASE("average pooling with every divisor") {
  for_each_isa([] {
    for (PoolShape s : kShapes) {
      s.dilation_h = s.dilation_w = 1;
      for (Layout layout : {Layout::nchw, Layout::nhwc}) {
        const auto x = numbers(s.images * s.channels * s.h * s.w, 5);
        for (int mode = 0; mode < 3; mode++) {
          INFO("channels " << s.channels << ", " << s.h << " x " << s.w << ", mode " << mode);
          Guarded<float> y(s.images * s.channels * s.out_h * s.out_w);
          avg_pool(x.data(), y.data(), s, mode == 0, mode == 2 ? 7 : 0, layout, 2);
          CHECK(y.intact());
          int wrong = 0;
          for_outputs(s, layout, [&](int64_t at, int64_t n, int64_t c, int64_t oh, int64_t ow) {
            double sum = 0, size = 0;
            int64_t inside = 0;
            for_taps(s, oh, ow, [&](int64_t h, int64_t w) {
              const double value = x[static_cast<size_t>(position(s, layout, n, c, h, w, s.h, s.w))];
              sum += value, size += std::fabs(value), inside++;
            });
            const int64_t h0 = oh * s.stride_h - s.pad_h, w0 = ow * s.stride_w - s.pad_w;
            const int64_t padded = (std::min(h0 + s.kernel_h, s.h + s.pad_h) - h0) * (std::min(w0 + s.kernel_w, s.w + s.pad_w) - w0);
            const double by = mode == 2 ? 7 : static_cast<double>(mode == 0 ? padded : inside);
            wrong += !(std::fabs(y[at] - sum / by) <= 1e-6 * size / by * std::max(1.0, static_cast<double>(inside) / 100));
          });
          CHECK(wrong == 0);
        }
      }
    }
  });
}

TEST_CASE("adaptive and global average pooling") {
  const int64_t sizes[][4] = {{7, 7, 1, 1}, {7, 9, 3, 4}, {4, 5, 8, 7}, {6, 6, 6, 6}, {1, 1, 2, 2}};
  for_each_isa([&] {
    for (const auto& [h, w, out_h, out_w] : sizes) {
      for (Layout layout : {Layout::nchw, Layout::nhwc}) {
        const PoolShape s{2, 19, h, w, out_h, out_w, 0, 0, 0, 0};
        const auto x = numbers(2 * 19 * h * w, 5);
        Guarded<float> y(2 * 19 * out_h * out_w);
        adaptive_avg_pool(x.data(), y.data(), s, layout, 2);
        CHECK(y.intact());
        int wrong = 0;
        for_outputs(s, layout, [&, h = h, w = w, out_h = out_h, out_w = out_w](int64_t at, int64_t n, int64_t c, int64_t oh, int64_t ow) {
          const int64_t h0 = oh * h / out_h, h1 = ((oh + 1) * h + out_h - 1) / out_h;
          const int64_t w0 = ow * w / out_w, w1 = ((ow + 1) * w + out_w - 1) / out_w;
          double sum = 0;
          for (int64_t i = h0; i < h1; i++) {
            for (int64_t j = w0; j < w1; j++) sum += x[static_cast<size_t>(position(s, layout, n, c, i, j, h, w))];
          }
          wrong += !(std::fabs(y[at] - sum / static_cast<double>((h1 - h0) * (w1 - w0))) <= 5e-6);
        });
        CHECK(wrong == 0);
      }
    }
  });
}
