#include "ops/kernels/norm.h"

#include <algorithm>
#include <cmath>

#include "ops/kernels/parallel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/kernels/norm.cpp"
#include "ops/kernels/simd.h"
//
#include "hwy/foreach_target.h"
//
#include "hwy/highway.h"
#include "ops/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tsrun::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
namespace {

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;
constexpr int64_t kLanes = hn::MaxLanes(D());
constexpr int64_t kBlock = 1024;  // elements summed in f32 before they join the f64 total

HWY_INLINE V load(const float* p, int64_t count) { return count == kLanes ? hn::LoadU(D(), p) : load_first(D(), p, count); }
HWY_INLINE void store(V v, float* p, int64_t count) {
  if (count == kLanes) hn::StoreU(v, D(), p);
  else store_first(v, D(), p, count);
}

/// Calls f(i, count) for the vectors that cover [0, n).
template <class F>
HWY_INLINE void for_vectors(int64_t n, const F& f) {
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) f(i, kLanes);
  if (i < n) f(i, n - i);
}

template <int kPower>
HWY_INLINE V term(V x, V mean) {
  const V centred = hn::Sub(x, mean);
  return kPower == 2 ? hn::Mul(centred, centred) : centred;
}

/// The sum of (x - mean)^kPower over n elements.
template <int kPower>
HWY_ATTR double moment(const float* x, int64_t n, float mean) {
  const D d;
  const V m = hn::Set(d, mean);
  double total = 0;
  for (int64_t start = 0; start < n; start += kBlock) {
    const float* p = x + start;
    const int64_t count = std::min(kBlock, n - start);
    V a = hn::Zero(d), b = a, c = a, e = a;
    int64_t i = 0;
    for (; i + 4 * kLanes <= count; i += 4 * kLanes) {
      a = hn::Add(a, term<kPower>(hn::LoadU(d, p + i), m));
      b = hn::Add(b, term<kPower>(hn::LoadU(d, p + i + kLanes), m));
      c = hn::Add(c, term<kPower>(hn::LoadU(d, p + i + 2 * kLanes), m));
      e = hn::Add(e, term<kPower>(hn::LoadU(d, p + i + 3 * kLanes), m));
    }
    for (; i + kLanes <= count; i += kLanes) a = hn::Add(a, term<kPower>(hn::LoadU(d, p + i), m));
    if (i < count) {
      const V t = term<kPower>(load_first(d, p + i, count - i), m);
      b = hn::Add(b, hn::IfThenElseZero(hn::FirstN(d, static_cast<size_t>(count - i)), t));
    }
    total += hn::GetLane(hn::SumOfLanes(d, hn::Add(hn::Add(a, b), hn::Add(c, e))));
  }
  return total;
}

/// The same over `rows` rows of n elements, `stride` apart.
template <int kPower>
HWY_ATTR double moment_of_rows(const float* x, int64_t rows, int64_t n, int64_t stride, float mean) {
  if (n == stride) return moment<kPower>(x, rows * n, mean);
  const D d;
  const V m = hn::Set(d, mean);
  const int64_t block = std::max<int64_t>(1, kBlock / n);
  double total = 0;
  for (int64_t first = 0; first < rows; first += block) {
    V sum = hn::Zero(d);
    for (int64_t r = first; r < std::min(rows, first + block); r++) {
      for_vectors(n, [&](int64_t i, int64_t count) HWY_ATTR {
        const V t = term<kPower>(load(x + r * stride + i, count), m);
        sum = hn::Add(sum, hn::IfThenElseZero(hn::FirstN(d, static_cast<size_t>(count)), t));
      });
    }
    total += hn::GetLane(hn::SumOfLanes(d, sum));
  }
  return total;
}

constexpr int64_t kChunk = 256;  // channels whose statistics and factors fit on the stack

/// total[c] = the sum of (x - mean[c])^kPower over the rows, for n <= kChunk columns.
template <int kPower>
HWY_ATTR void column_moments(const float* x, int64_t rows, int64_t n, int64_t stride, const float* mean, double* total) {
  constexpr int64_t kBlockRows = 64;  // summed in f32 before they join the f64 total
  for_vectors(n, [&](int64_t c, int64_t count) HWY_ATTR {
    const V m = load(mean + c, count);
    HWY_ALIGN float part[kLanes];
    for (int64_t i = 0; i < count; i++) total[c + i] = 0;
    for (int64_t first = 0; first < rows; first += kBlockRows) {
      V even = hn::Zero(D()), odd = even;
      const float *p = x + first * stride + c, *end = x + std::min(rows, first + kBlockRows) * stride + c;
      for (; p + stride < end; p += 2 * stride) {
        even = hn::Add(even, term<kPower>(load(p, count), m));
        odd = hn::Add(odd, term<kPower>(load(p + stride, count), m));
      }
      if (p < end) even = hn::Add(even, term<kPower>(load(p, count), m));
      hn::Store(hn::Add(even, odd), D(), part);
      for (int64_t i = 0; i < count; i++) total[c + i] += part[i];
    }
  });
}

struct Statistics {
  float mean, rstd;
};

HWY_INLINE Statistics statistics(const float* x, int64_t rows, int64_t n, int64_t stride, double eps) {
  const double size = static_cast<double>(rows) * static_cast<double>(n);
  const float mean = static_cast<float>(moment_of_rows<1>(x, rows, n, stride, 0) / size);
  const double variance = moment_of_rows<2>(x, rows, n, stride, mean) / size;
  return {mean, static_cast<float>(1 / std::sqrt(variance + eps))};
}

}  // namespace

HWY_ATTR void layer_norm_rows(const float* x, const float* weight, const float* bias, float* y, int64_t n, double eps, float* mean,
                              float* rstd, int64_t begin, int64_t end) {
  const D d;
  for (int64_t r = begin; r < end; r++) {
    const float* from = x + r * n;
    float* to = y + r * n;
    const Statistics s = statistics(from, 1, n, n, eps);
    if (mean) mean[r] = s.mean;
    if (rstd) rstd[r] = s.rstd;
    const V m = hn::Set(d, s.mean), scale = hn::Set(d, s.rstd);
    for_vectors(n, [&](int64_t i, int64_t count) HWY_ATTR {
      V v = hn::Mul(hn::Sub(load(from + i, count), m), scale);
      if (weight && bias) v = hn::MulAdd(v, load(weight + i, count), load(bias + i, count));
      else if (weight) v = hn::Mul(v, load(weight + i, count));
      else if (bias) v = hn::Add(v, load(bias + i, count));
      store(v, to + i, count);
    });
  }
}

HWY_ATTR void rms_norm_rows(const float* x, const float* weight, float* y, int64_t n, double eps, int64_t begin, int64_t end) {
  const D d;
  for (int64_t r = begin; r < end; r++) {
    const double mean_square = moment<2>(x + r * n, n, 0) / static_cast<double>(n);
    const V scale = hn::Set(d, static_cast<float>(1 / std::sqrt(mean_square + eps)));
    for_vectors(n, [&](int64_t i, int64_t count) HWY_ATTR {
      V v = hn::Mul(load(x + r * n + i, count), scale);
      if (weight) v = hn::Mul(v, load(weight + i, count));
      store(v, y + r * n + i, count);
    });
  }
}

/// n elements times one scale plus one shift.
HWY_ATTR void scale_shift_plane(const float* x, float scale, float shift, float* y, int64_t n) {
  const D d;
  const V a = hn::Set(d, scale), b = hn::Set(d, shift);
  for_vectors(n, [&](int64_t i, int64_t count) HWY_ATTR { store(hn::MulAdd(load(x + i, count), a, b), y + i, count); });
}

/// `rows` rows of n elements, `stride` apart, times scale[n] plus shift[n].
HWY_ATTR void scale_shift_rows(const float* x, const float* scale, const float* shift, float* y, int64_t rows, int64_t n, int64_t stride) {
  for (int64_t r = 0; r < rows; r++) {
    for_vectors(n, [&](int64_t i, int64_t count) HWY_ATTR {
      store(hn::MulAdd(load(x + r * stride + i, count), load(scale + i, count), load(shift + i, count)), y + r * stride + i, count);
    });
  }
}

/// One group of one image: x and y point at its first element, weight and bias at its first channel.
HWY_ATTR void group_norm_group(const float* x, const float* weight, const float* bias, float* y, int64_t channels, int64_t pixels,
                               int64_t row_stride, double eps, Layout layout, float* mean, float* rstd) {
  const bool planes = layout == Layout::nchw;
  const Statistics s =
      planes ? statistics(x, 1, channels * pixels, channels * pixels, eps) : statistics(x, pixels, channels, row_stride, eps);
  if (mean) *mean = s.mean;
  if (rstd) *rstd = s.rstd;
  float scale[kChunk], shift[kChunk];
  for (int64_t first = 0; first < channels; first += kChunk) {
    const int64_t count = std::min(kChunk, channels - first);
    for (int64_t c = 0; c < count; c++) {
      scale[c] = weight ? s.rstd * weight[first + c] : s.rstd;
      shift[c] = (bias ? bias[first + c] : 0.0f) - s.mean * scale[c];
    }
    if (planes) {
      for (int64_t c = 0; c < count; c++) {
        const int64_t start = (first + c) * pixels;
        scale_shift_plane(x + start, scale[c], shift[c], y + start, pixels);
      }
    } else {
      scale_shift_rows(x + first, scale, shift, y + first, pixels, count, row_stride);
    }
  }
}

/// `groups` adjacent groups of `width` channels of one image whose channels are last; groups * width <= kChunk.
HWY_ATTR void group_norm_columns(const float* x, const float* weight, const float* bias, float* y, int64_t groups, int64_t width,
                                 int64_t pixels, int64_t row_stride, double eps, float* mean, float* rstd) {
  const int64_t channels = groups * width;
  const double size = static_cast<double>(width) * static_cast<double>(pixels);
  float scale[kChunk], shift[kChunk], centre[kChunk] = {};
  double total[kChunk];
  column_moments<1>(x, pixels, channels, row_stride, centre, total);
  for (int64_t g = 0; g < groups; g++) {
    double sum = 0;
    for (int64_t c = g * width; c < (g + 1) * width; c++) sum += total[c];
    std::fill(centre + g * width, centre + (g + 1) * width, static_cast<float>(sum / size));
  }
  column_moments<2>(x, pixels, channels, row_stride, centre, total);
  for (int64_t g = 0; g < groups; g++) {
    double squares = 0;
    for (int64_t c = g * width; c < (g + 1) * width; c++) squares += total[c];
    const float r = static_cast<float>(1 / std::sqrt(squares / size + eps));
    if (mean) mean[g] = centre[g * width];
    if (rstd) rstd[g] = r;
    for (int64_t c = g * width; c < (g + 1) * width; c++) {
      scale[c] = weight ? r * weight[c] : r;
      shift[c] = (bias ? bias[c] : 0.0f) - centre[c] * scale[c];
    }
  }
  scale_shift_rows(x, scale, shift, y, pixels, channels, row_stride);
}

}  // namespace tsrun::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tsrun::kernels {
namespace {

constexpr int64_t kGrain = 16384;  // elements worth a thread

int64_t grain(int64_t elements) { return kGrain / std::max<int64_t>(elements, 1); }

}  // namespace

void layer_norm(const float* x, const float* weight, const float* bias, float* y, int64_t rows, int64_t n, double eps, float* mean,
                float* rstd, int threads) {
  const auto run = TSRUN_PICK(layer_norm_rows);
  parallel_for(threads, rows, grain(n), [&](int64_t begin, int64_t end) { run(x, weight, bias, y, n, eps, mean, rstd, begin, end); });
}

void rms_norm(const float* x, const float* weight, float* y, int64_t rows, int64_t n, double eps, int threads) {
  const auto run = TSRUN_PICK(rms_norm_rows);
  parallel_for(threads, rows, grain(n), [&](int64_t begin, int64_t end) { run(x, weight, y, n, eps, begin, end); });
}

void group_norm(const float* x, const float* weight, const float* bias, float* y, int64_t images, int64_t channels, int64_t pixels,
                int64_t groups, double eps, Layout layout, float* mean, float* rstd, int threads) {
  if (groups <= 0 || channels <= 0) return;
  constexpr int64_t kNarrow = 64;  // channels: narrower groups with channels last go several at a time
  const auto one_group = TSRUN_PICK(group_norm_group);
  const auto narrow_groups = TSRUN_PICK(group_norm_columns);
  const int64_t width = channels / groups;
  const int64_t together = layout == Layout::nhwc && width <= kNarrow ? std::min(groups, kNarrow / width) : 1;
  const int64_t bundles = (groups + together - 1) / together;
  parallel_for(threads, images * bundles, grain(together * width * pixels), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const int64_t image = i / bundles, group = i % bundles * together, channel = group * width;
      const int64_t start = image * channels * pixels + channel * (layout == Layout::nchw ? pixels : 1);
      const float *w = weight ? weight + channel : nullptr, *b = bias ? bias + channel : nullptr;
      float *m = mean ? mean + image * groups + group : nullptr, *r = rstd ? rstd + image * groups + group : nullptr;
      if (together > 1) {
        narrow_groups(x + start, w, b, y + start, std::min(together, groups - group), width, pixels, channels, eps, m, r);
      } else {
        one_group(x + start, w, b, y + start, width, pixels, channels, eps, layout, m, r);
      }
    }
  });
}

void scale_shift(const float* x, const float* scale, const float* shift, float* y, int64_t images, int64_t channels, int64_t pixels,
                 Layout layout, int threads) {
  if (layout == Layout::nchw) {
    const auto run = TSRUN_PICK(scale_shift_plane);
    parallel_for(threads, images * channels, grain(pixels), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) run(x + i * pixels, scale[i % channels], shift[i % channels], y + i * pixels, pixels);
    });
  } else {
    const auto run = TSRUN_PICK(scale_shift_rows);
    parallel_for(threads, images * pixels, grain(channels), [&](int64_t begin, int64_t end) {
      run(x + begin * channels, scale, shift, y + begin * channels, end - begin, channels, channels);
    });
  }
}

void fold_batch_norm(const float* mean, const float* var, const float* weight, const float* bias, double eps, int64_t channels,
                     float* scale, float* shift) {
  for (int64_t c = 0; c < channels; c++) {
    const double factor = (weight ? weight[c] : 1.0) / std::sqrt(static_cast<double>(var[c]) + eps);
    scale[c] = static_cast<float>(factor);
    shift[c] = static_cast<float>((bias ? bias[c] : 0.0) - mean[c] * factor);
  }
}

}  // namespace tsrun::kernels
#endif
