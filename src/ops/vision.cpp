// torchvision's operators for detection models.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "ops/conv.h"
#include "ops/dispatch.h"
#include "ops/kernels/parallel.h"
#include "ops/matmul.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

using Floats = TypeList<float, double>;

/// Halves are computed in float.
Tensor widened(Context& ctx, const Tensor& t) {
  return contiguous(ctx, t.dtype() == DType::f16 || t.dtype() == DType::bf16 ? cast(ctx, t, DType::f32) : t);
}

Tensor nms(Context& ctx, const Tensor& dets, const Tensor& scores, double iou_threshold) {
  check(dets.dim() == 2, "boxes should be a 2d tensor, got ", dets.dim(), "D");
  check(dets.size(1) == 4, "boxes should have 4 elements in dimension 1, got ", dets.size(1));
  check(scores.dim() == 1, "scores should be a 1d tensor, got ", scores.dim(), "D");
  check(dets.size(0) == scores.size(0), "boxes and scores should have same number of elements in dimension 0, got ", dets.size(0), " and ",
        scores.size(0));
  check(dets.dtype() == scores.dtype(), "dets should have the same type as scores");
  Tensor boxes = widened(ctx, dets), ranks = widened(ctx, scores);
  size_t n = static_cast<size_t>(boxes.size(0));
  std::vector<int64_t> order(n), kept;
  std::iota(order.begin(), order.end(), 0);
  dispatch(Floats(), boxes.dtype(), "nms", [&]<class T>() {
    const T *b = boxes.data<T>(), *s = ranks.data<T>();
    std::stable_sort(order.begin(), order.end(), [s](int64_t i, int64_t j) { return s[i] > s[j] || (s[i] != s[i] && s[j] == s[j]); });
    auto area = [b](int64_t i) { return (b[4 * i + 2] - b[4 * i]) * (b[4 * i + 3] - b[4 * i + 1]); };
    std::vector<char> suppressed(n);
    for (size_t p = 0; p < n; ++p) {
      int64_t i = order[p];
      if (suppressed[p]) continue;
      kept.push_back(i);
      const T* a = b + 4 * i;
      for (size_t q = p + 1; q < n; ++q) {
        if (suppressed[q]) continue;
        const T* o = b + 4 * order[q];
        T w = std::max(T(0), std::min(a[2], o[2]) - std::max(a[0], o[0])), h = std::max(T(0), std::min(a[3], o[3]) - std::max(a[1], o[1]));
        T shared = w * h;
        if (static_cast<double>(shared / (area(i) + area(order[q]) - shared)) > iou_threshold) suppressed[q] = 1;
      }
    }
  });
  Tensor out = ctx.empty(Dims{static_cast<int64_t>(kept.size())}, DType::i64);
  std::copy(kept.begin(), kept.end(), out.data<int64_t>());
  return out;
}

/// Value between four pixels; positions more than one pixel outside read zero.
template <class T>
T between_pixels(const T* plane, int64_t h, int64_t w, T y, T x) {
  if (!(y >= -1 && y <= static_cast<T>(h) && x >= -1 && x <= static_cast<T>(w))) return 0;
  y = std::max(y, T(0)), x = std::max(x, T(0));
  int64_t y0 = static_cast<int64_t>(y), x0 = static_cast<int64_t>(x), y1 = y0 + 1, x1 = x0 + 1;
  if (y0 >= h - 1) y0 = y1 = h - 1, y = static_cast<T>(y0);
  if (x0 >= w - 1) x0 = x1 = w - 1, x = static_cast<T>(x0);
  T ly = y - static_cast<T>(y0), lx = x - static_cast<T>(x0);
  return (1 - ly) * ((1 - lx) * plane[y0 * w + x0] + lx * plane[y0 * w + x1]) +
         ly * ((1 - lx) * plane[y1 * w + x0] + lx * plane[y1 * w + x1]);
}

struct Regions {
  Tensor input, rois;
  int64_t n, channels, h, w, count, pooled_h, pooled_w;
};

Regions check_regions(Context& ctx, const Tensor& input, const Tensor& rois, int64_t pooled_h, int64_t pooled_w) {
  check(input.dim() == 4, "expected an input with 4 dimensions, got ", input);
  check(rois.dim() == 2 && rois.size(1) == 5, "rois must have shape as Tensor[K, 5]");
  check(input.dtype() == rois.dtype(), "input should have the same type as rois");
  check(pooled_h > 0 && pooled_w > 0, "the output size must be positive, got ", pooled_h, " x ", pooled_w);
  Regions r{widened(ctx, input), widened(ctx, rois), input.size(0), input.size(1), input.size(2),
            input.size(3),       rois.size(0),       pooled_h,      pooled_w};
  dispatch(Floats(), r.rois.dtype(), "roi", [&]<class T>() {
    for (int64_t i = 0; i < r.count; ++i) {
      T image = r.rois.data<T>()[5 * i];
      check(image >= 0 && image < static_cast<T>(r.n), "rois name image ", static_cast<double>(image), " of a batch of ", r.n);
      for (int k = 1; k < 5; ++k) check(std::abs(static_cast<double>(r.rois.data<T>()[5 * i + k])) < 1e9, "a region is not finite");
    }
  });
  check(r.h > 0 && r.w > 0, "regions of an empty image");
  return r;
}

/// A region cut into pooled_h x pooled_w bins, in pixels of the input.
template <class T>
struct Bins {
  T y, x, h, w;
  int64_t samples_h, samples_w;
};

template <class T>
Bins<T> cut(const T* roi, double scale, const Regions& r, int64_t sampling_ratio, bool aligned) {
  T s = static_cast<T>(scale), offset = aligned ? T(0.5) : T(0);
  T x = roi[1] * s - offset, y = roi[2] * s - offset, w = roi[3] * s - offset - x, h = roi[4] * s - offset - y;
  if (!aligned) w = std::max(w, T(1)), h = std::max(h, T(1));
  Bins<T> b{y, x, h / static_cast<T>(r.pooled_h), w / static_cast<T>(r.pooled_w), sampling_ratio, sampling_ratio};
  if (sampling_ratio <= 0) b.samples_h = static_cast<int64_t>(std::ceil(b.h)), b.samples_w = static_cast<int64_t>(std::ceil(b.w));
  return b;
}

template <class T>
T sample_bin(const T* plane, const Regions& r, const Bins<T>& b, int64_t ph, int64_t pw) {
  T sum = 0;
  T top = b.y + static_cast<T>(ph) * b.h, left = b.x + static_cast<T>(pw) * b.w;
  for (int64_t i = 0; i < b.samples_h; ++i)
    for (int64_t j = 0; j < b.samples_w; ++j)
      sum += between_pixels(plane, r.h, r.w, top + (static_cast<T>(i) + T(0.5)) * b.h / static_cast<T>(b.samples_h),
                            left + (static_cast<T>(j) + T(0.5)) * b.w / static_cast<T>(b.samples_w));
  return sum;
}

Tensor roi_align(Context& ctx, const Tensor& input, const Tensor& rois, double spatial_scale, int64_t pooled_height, int64_t pooled_width,
                 int64_t sampling_ratio, bool aligned) {
  Regions r = check_regions(ctx, input, rois, pooled_height, pooled_width);
  check(sampling_ratio < 4096 && std::abs(spatial_scale) < 1e6, "roi_align: sampling_ratio or spatial_scale is too large");
  Tensor y = ctx.empty(Dims{r.count, r.channels, pooled_height, pooled_width}, r.input.dtype());
  dispatch(Floats(), y.dtype(), "roi_align", [&]<class T>() {
    kernels::parallel_for(ctx.threads, r.count * r.channels, 16, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const T* roi = r.rois.data<T>() + 5 * (i / r.channels);
        Bins<T> bins = cut(roi, spatial_scale, r, sampling_ratio, aligned);
        const T* plane = r.input.data<T>() + (static_cast<int64_t>(roi[0]) * r.channels + i % r.channels) * r.h * r.w;
        T by = static_cast<T>(std::max<int64_t>(bins.samples_h * bins.samples_w, 1)), *out = y.data<T>() + i * pooled_height * pooled_width;
        for (int64_t ph = 0; ph < pooled_height; ++ph)
          for (int64_t pw = 0; pw < pooled_width; ++pw) *out++ = sample_bin(plane, r, bins, ph, pw) / by;
      }
    });
  });
  return cast(ctx, y, input.dtype());
}

std::tuple<Tensor, Tensor> roi_pool(Context& ctx, const Tensor& input, const Tensor& rois, double spatial_scale, int64_t pooled_height,
                                    int64_t pooled_width) {
  Regions r = check_regions(ctx, input, rois, pooled_height, pooled_width);
  Dims sizes{r.count, r.channels, pooled_height, pooled_width};
  Tensor y = ctx.zeros(sizes, r.input.dtype()), argmax = ctx.zeros(sizes, DType::i32);
  dispatch(Floats(), y.dtype(), "roi_pool", [&]<class T>() {
    for (int64_t i = 0; i < y.numel(); ++i) {
      int64_t pw = i % pooled_width, ph = i / pooled_width % pooled_height, c = i / (pooled_width * pooled_height) % r.channels;
      const T* roi = r.rois.data<T>() + 5 * (i / (pooled_width * pooled_height * r.channels));
      auto pixel = [&](int k) { return static_cast<int64_t>(std::round(roi[k] * static_cast<T>(spatial_scale))); };
      int64_t left = pixel(1), top = pixel(2), w = std::max<int64_t>(pixel(3) - left + 1, 1), h = std::max<int64_t>(pixel(4) - top + 1, 1);
      T bin_h = static_cast<T>(h) / static_cast<T>(pooled_height), bin_w = static_cast<T>(w) / static_cast<T>(pooled_width);
      auto edge = [](T v, int64_t start, int64_t size) { return std::clamp<int64_t>(static_cast<int64_t>(v) + start, 0, size); };
      int64_t y0 = edge(std::floor(static_cast<T>(ph) * bin_h), top, r.h), y1 = edge(std::ceil(static_cast<T>(ph + 1) * bin_h), top, r.h);
      int64_t x0 = edge(std::floor(static_cast<T>(pw) * bin_w), left, r.w), x1 = edge(std::ceil(static_cast<T>(pw + 1) * bin_w), left, r.w);
      const T* plane = r.input.data<T>() + (static_cast<int64_t>(roi[0]) * r.channels + c) * r.h * r.w;
      bool empty = y0 >= y1 || x0 >= x1;
      T best = empty ? T(0) : -std::numeric_limits<T>::max();
      int64_t at = -1;
      for (int64_t v = y0; v < y1; ++v)
        for (int64_t u = x0; u < x1; ++u)
          if (plane[v * r.w + u] > best) best = plane[v * r.w + u], at = v * r.w + u;
      y.data<T>()[i] = best;
      argmax.data<int32_t>()[i] = static_cast<int32_t>(at);
    }
  });
  return {cast(ctx, y, input.dtype()), argmax};
}

int64_t position_channels(const Regions& r) {
  check(r.channels % (r.pooled_h * r.pooled_w) == 0, "input channels must be a multiple of pooling height * pooling width");
  return r.channels / (r.pooled_h * r.pooled_w);
}

std::tuple<Tensor, Tensor> ps_roi_align(Context& ctx, const Tensor& input, const Tensor& rois, double spatial_scale, int64_t pooled_height,
                                        int64_t pooled_width, int64_t sampling_ratio) {
  check(pooled_height < (1 << 15) && pooled_width < (1 << 15), "the output size is too large");
  Regions r = check_regions(ctx, input, rois, pooled_height, pooled_width);
  check(sampling_ratio < 4096 && std::abs(spatial_scale) < 1e6, "ps_roi_align: sampling_ratio or spatial_scale is too large");
  int64_t channels = position_channels(r);
  Dims sizes{r.count, channels, pooled_height, pooled_width};
  Tensor y = ctx.empty(sizes, r.input.dtype()), mapping = ctx.empty(sizes, DType::i32);
  dispatch(Floats(), y.dtype(), "ps_roi_align", [&]<class T>() {
    for (int64_t i = 0; i < y.numel(); ++i) {
      int64_t pw = i % pooled_width, ph = i / pooled_width % pooled_height, c = i / (pooled_width * pooled_height) % channels;
      const T* roi = r.rois.data<T>() + 5 * (i / (pooled_width * pooled_height * channels));
      T s = static_cast<T>(spatial_scale), x = roi[1] * s - T(0.5), top = roi[2] * s - T(0.5);
      Bins<T> bins{top,
                   x,
                   (roi[4] * s - T(0.5) - top) / static_cast<T>(pooled_height),
                   (roi[3] * s - T(0.5) - x) / static_cast<T>(pooled_width),
                   sampling_ratio,
                   sampling_ratio};
      if (sampling_ratio <= 0)
        bins.samples_h = static_cast<int64_t>(std::ceil(bins.h)), bins.samples_w = static_cast<int64_t>(std::ceil(bins.w));
      int64_t from = (c * pooled_height + ph) * pooled_width + pw;
      const T* plane = r.input.data<T>() + (static_cast<int64_t>(roi[0]) * r.channels + from) * r.h * r.w;
      y.data<T>()[i] = sample_bin(plane, r, bins, ph, pw) / static_cast<T>(bins.samples_h * bins.samples_w);
      mapping.data<int32_t>()[i] = static_cast<int32_t>(from);
    }
  });
  return {cast(ctx, y, input.dtype()), mapping};
}

std::tuple<Tensor, Tensor> ps_roi_pool(Context& ctx, const Tensor& input, const Tensor& rois, double spatial_scale, int64_t pooled_height,
                                       int64_t pooled_width) {
  check(pooled_height < (1 << 15) && pooled_width < (1 << 15), "the output size is too large");
  Regions r = check_regions(ctx, input, rois, pooled_height, pooled_width);
  int64_t channels = position_channels(r);
  Dims sizes{r.count, channels, pooled_height, pooled_width};
  Tensor y = ctx.empty(sizes, r.input.dtype()), mapping = ctx.empty(sizes, DType::i32);
  dispatch(Floats(), y.dtype(), "ps_roi_pool", [&]<class T>() {
    for (int64_t i = 0; i < y.numel(); ++i) {
      int64_t pw = i % pooled_width, ph = i / pooled_width % pooled_height, c = i / (pooled_width * pooled_height) % channels;
      const T* roi = r.rois.data<T>() + 5 * (i / (pooled_width * pooled_height * channels));
      auto pixel = [&](int k) { return static_cast<int64_t>(std::round(roi[k] * static_cast<T>(spatial_scale))); };
      int64_t left = pixel(1), top = pixel(2), w = std::max<int64_t>(pixel(3) - left, 1), h = std::max<int64_t>(pixel(4) - top, 1);
      T bin_h = static_cast<T>(h) / static_cast<T>(pooled_height), bin_w = static_cast<T>(w) / static_cast<T>(pooled_width);
      auto edge = [](T v, int64_t start, int64_t size) { return std::clamp<int64_t>(static_cast<int64_t>(v) + start, 0, size - 1); };
      int64_t y0 = edge(std::floor(static_cast<T>(ph) * bin_h), top, r.h), y1 = edge(std::ceil(static_cast<T>(ph + 1) * bin_h), top, r.h);
      int64_t x0 = edge(std::floor(static_cast<T>(pw) * bin_w), left, r.w), x1 = edge(std::ceil(static_cast<T>(pw + 1) * bin_w), left, r.w);
      int64_t from = (c * pooled_height + ph) * pooled_width + pw;
      const T* plane = r.input.data<T>() + (static_cast<int64_t>(roi[0]) * r.channels + from) * r.h * r.w;
      T sum = 0;
      for (int64_t v = y0; v < y1; ++v)
        for (int64_t u = x0; u < x1; ++u) sum += plane[v * r.w + u];
      bool empty = y0 >= y1 || x0 >= x1;
      y.data<T>()[i] = empty ? T(0) : sum / static_cast<T>((y1 - y0) * (x1 - x0));
      mapping.data<int32_t>()[i] = static_cast<int32_t>(from);
    }
  });
  return {cast(ctx, y, input.dtype()), mapping};
}

constexpr Op rows[] = {
    op<"torchvision::nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor", nms>(),
    op<"torchvision::roi_align(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, SymInt pooled_width, int "
       "sampling_ratio, "
       "bool aligned) -> Tensor",
       roi_align>(),
    op<"torchvision::roi_pool(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, SymInt pooled_width) -> (Tensor, "
       "Tensor)",
       roi_pool>(),
    op<"torchvision::ps_roi_align(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, SymInt pooled_width, int "
       "sampling_ratio) -> "
       "(Tensor, Tensor)",
       ps_roi_align>(),
    op<"torchvision::ps_roi_pool(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, SymInt pooled_width) -> (Tensor, "
       "Tensor)",
       ps_roi_pool>(),
};

}  // namespace

const std::span<const Op> vision_ops = rows;

}  // namespace tsrun
