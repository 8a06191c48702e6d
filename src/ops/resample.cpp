// Interpolation: every mode is a list of source positions and weights per output position, applied one dimension after the other.
#include <cmath>
#include <vector>

#include "ops/conv.h"
#include "ops/dispatch.h"
#include "ops/kernels/parallel.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

enum class Mode : uint8_t { nearest, nearest_exact, linear, cubic, linear_smooth, cubic_smooth, lanczos_smooth };

constexpr bool is_nearest(Mode m) { return m == Mode::nearest || m == Mode::nearest_exact; }
constexpr bool is_smooth(Mode m) { return m >= Mode::linear_smooth; }

/// `count` sources for each output position along one dimension.
template <class T>
struct Taps {
  int64_t in, out, count;
  std::vector<int64_t> index;
  std::vector<T> weight;
};

/// Distance between neighbouring outputs, in inputs. T is PyTorch's type of the computation: positions must round as its do.
template <class T>
T step_of(int64_t in, int64_t out, bool align_corners, double scale) {
  if (align_corners) return out > 1 ? static_cast<T>(in - 1) / static_cast<T>(out - 1) : T(0);
  return scale > 0 ? static_cast<T>(1.0 / scale) : static_cast<T>(in) / static_cast<T>(out);
}

template <class T>
T cubic_inner(T x, T a) {
  return ((a + 2) * x - (a + 3)) * x * x + 1;
}
template <class T>
T cubic_outer(T x, T a) {
  return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
}

template <class T>
T filter(Mode mode, T x) {
  x = std::abs(x);
  if (mode == Mode::linear_smooth) return x < 1 ? 1 - x : T(0);
  if (mode == Mode::cubic_smooth) return x < 1 ? cubic_inner(x, T(-0.5)) : x < 2 ? cubic_outer(x, T(-0.5)) : T(0);
  constexpr double pi = 3.14159265358979323846;
  if (x >= 3) return 0;
  auto sinc = [](T v) { return v == 0 ? T(1) : static_cast<T>(std::sin(pi * v) / (pi * v)); };
  return sinc(x) * sinc(x / 3);
}

template <class T>
Taps<T> smooth_taps(Mode mode, int64_t in, int64_t out, T step) {
  T radius = mode == Mode::linear_smooth ? T(1) : mode == Mode::cubic_smooth ? T(2) : T(3);
  T support = step >= 1 ? radius * step : radius, inverse = step >= 1 ? 1 / step : T(1);
  check(support < static_cast<T>(int64_t{1} << 30), "interpolation: the scale is too large");
  int64_t width = static_cast<int64_t>(std::ceil(support)) * 2 + 1;
  Taps<T> t{in, out, std::min(width, in), {}, {}};
  check(out == 0 || t.count < (int64_t{1} << 40) / out, "interpolation: the scale is too large");
  t.index.resize(static_cast<size_t>(out * t.count));
  t.weight.resize(t.index.size());
  for (int64_t i = 0; i < out; ++i) {
    T center = step * (static_cast<T>(i) + T(0.5));
    int64_t first = std::clamp<int64_t>(static_cast<int64_t>(center - support + T(0.5)), 0, in - 1);
    int64_t last = std::min(static_cast<int64_t>(center + support + T(0.5)), in), size = std::clamp<int64_t>(last - first, 0, t.count);
    size_t at = static_cast<size_t>(i * t.count);
    T total = 0;
    for (int64_t j = 0; j < t.count; ++j) {
      t.index[at + static_cast<size_t>(j)] = std::min(first + j, in - 1);
      T w = j < size ? filter(mode, (static_cast<T>(j + first) - center + T(0.5)) * inverse) : T(0);
      t.weight[at + static_cast<size_t>(j)] = w;
      total += w;
    }
    for (int64_t j = 0; total != 0 && j < t.count; ++j) t.weight[at + static_cast<size_t>(j)] /= total;
  }
  return t;
}

/// The input each output takes. T is the type of PyTorch's product, which it rounds to float for all dtypes.
template <class T>
std::vector<int64_t> nearest_index(Mode mode, int64_t in, int64_t out, double scale) {
  T step = step_of<T>(in, out, false, scale), shift = mode == Mode::nearest_exact ? T(0.5) : T(0);
  std::vector<int64_t> index;
  for (int64_t i = 0; i < out; ++i) {
    float position = std::clamp(static_cast<float>((static_cast<T>(i) + shift) * step), 0.0F, 9e18F);
    index.push_back(std::min(static_cast<int64_t>(position), in - 1));
  }
  return index;
}

/// The inputs of each output and their weights, of the modes that mix.
template <class T>
Taps<T> make_taps(Mode mode, int64_t in, int64_t out, bool align_corners, double scale) {
  T step = step_of<T>(in, out, align_corners, scale);
  if (is_smooth(mode)) return smooth_taps(mode, in, out, step);
  int64_t count = mode == Mode::linear ? 2 : 4;
  Taps<T> t{in, out, count, {}, {}};
  auto tap = [&](int64_t index, T weight) {
    t.index.push_back(std::clamp<int64_t>(index, 0, in - 1));
    t.weight.push_back(weight);
  };
  for (int64_t i = 0; i < out; ++i) {
    T at = static_cast<T>(i);
    T position = align_corners ? at * step : step * (at + T(0.5)) - T(0.5);
    position = std::clamp<T>(position, T(-1e9), T(9e18));
    if (mode == Mode::linear) {
      position = std::max(position, T(0));
      int64_t low = std::min(static_cast<int64_t>(position), in - 1);
      T part = std::clamp<T>(position - static_cast<T>(low), 0, 1);
      tap(low, 1 - part);
      tap(low + 1, part);
    } else {
      int64_t low = static_cast<int64_t>(std::floor(position));
      T part = std::clamp<T>(position - static_cast<T>(low), 0, 1), a = T(-0.75);
      tap(low - 1, cubic_outer(part + 1, a));
      tap(low, cubic_inner(part, a));
      tap(low + 1, cubic_inner(1 - part, a));
      tap(low + 2, cubic_outer(2 - part, a));
    }
  }
  return t;
}

/// x [outer, in, inner] to y [outer, out, inner].
template <class T>
void apply_taps(const T* x, T* y, int64_t outer, int64_t inner, const Taps<T>& t, int threads) {
  kernels::parallel_for(threads, outer * t.out, 32768 / (inner * t.count) + 1, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) {
      const T* from = x + row / t.out * t.in * inner;
      const int64_t* index = t.index.data() + row % t.out * t.count;
      const T* weight = t.weight.data() + row % t.out * t.count;
      T* to = y + row * inner;
      if (inner == 1) {
        T sum = 0;
        for (int64_t k = 0; k < t.count; ++k) sum += weight[k] * from[index[k]];
        *to = sum;
        continue;
      }
      const T *first = from + index[0] * inner, *second = from + index[t.count > 1 ? 1 : 0] * inner;
      T w0 = weight[0], w1 = t.count > 1 ? weight[1] : T(0);
      if (t.count > 1) {
        for (int64_t i = 0; i < inner; ++i) to[i] = w0 * first[i] + w1 * second[i];
      } else {
        for (int64_t i = 0; i < inner; ++i) to[i] = w0 * first[i];
      }
      for (int64_t k = 2; k < t.count; ++k) {
        const T* more = from + index[k] * inner;
        for (int64_t i = 0; i < inner; ++i) to[i] += weight[k] * more[i];
      }
    }
  });
}

/// One element per output: for every size of element.
template <class T>
void gather(const T* x, T* y, int64_t outer, int64_t inner, const std::vector<int64_t>& index, int64_t in, int threads) {
  int64_t out = static_cast<int64_t>(index.size());
  kernels::parallel_for(threads, outer * out, 32768 / inner + 1, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row)
      std::copy_n(x + (row / out * in + index[static_cast<size_t>(row % out)]) * inner, inner, y + row * inner);
  });
}

/// What is to be done along each spatial dimension.
struct Resize {
  Mode mode;
  bool align_corners;
  Dims sizes;                  ///< of the output, spatial only
  std::vector<double> scales;  ///< output per input when the caller gave it, else 0
};

/// PyTorch holds the weights in the dtype of the tensor where its general loop runs; of two, the first is what the second leaves of 1.
template <class H>
void round_weights(Mode mode, std::vector<float>& weights) {
  for (float& w : weights) w = H(w);
  for (size_t i = 0; mode == Mode::linear && i + 1 < weights.size(); i += 2) weights[i] = H(1 - weights[i + 1]);
}

/// For images of bytes PyTorch's weights are integers of 16 bits: as many binary places as the largest weight leaves room for. What falls
/// beside the image counts for the pixel at its border.
int round_to_int16(Taps<double>& t) {
  std::vector<double>& weights = t.weight;
  for (size_t i = 0; i + 1 < weights.size(); ++i)
    if (t.index[i] == t.index[i + 1] && (i + 1) % static_cast<size_t>(t.count) != 0) weights[i + 1] += std::exchange(weights[i], 0);
  double largest = 0;
  for (double w : weights) largest = std::max(largest, w);
  int places = 0;
  while (places < 22 && static_cast<int>(0.5 + largest * (1 << (places + 1))) < (1 << 15)) ++places;
  for (double& w : weights) w = std::trunc(w * (1 << places) + (w < 0 ? -0.5 : 0.5));
  return places;
}

/// The sums of bytes with such weights, rounded to an integer in 0..255.
void round_to_bytes(std::span<double> values, int places) {
  for (double& v : values) v = std::clamp(std::floor((v + (places > 0 ? 1 << (places - 1) : 0)) / (1 << places)), 0.0, 255.0);
}

/// bytes: every step rounds to an integer in 0..255, as PyTorch's for images of bytes.
template <class T>
Tensor resize_as(Context& ctx, const Tensor& input, const Resize& r, bool last, bool bytes = false, DType weights = DType::f32) {
  Tensor x = input;  // contiguous in the memory format
  int64_t rank = static_cast<int64_t>(r.sizes.size());
  for (int64_t i = rank; i-- > 0;) {  // the last dimension first
    int64_t d = i + 2, in = x.size(d), out = r.sizes[static_cast<size_t>(i)];
    double scale = r.scales[static_cast<size_t>(i)];
    Dims sizes(x.sizes());
    sizes[static_cast<size_t>(d)] = out;
    Tensor y = ctx.empty(sizes, x.dtype(),
                         !last       ? MemoryFormat::contiguous
                         : rank == 2 ? MemoryFormat::channels_last
                                     : MemoryFormat::channels_last_3d);
    int64_t inner = last ? x.size(1) : 1, outer = last ? x.size(0) : x.size(0) * x.size(1);
    for (int64_t o = 2; o < rank + 2; ++o)
      if (o != d) (o < d ? outer : inner) *= x.size(o);
    if (is_nearest(r.mode)) {
      bool general_loop = rank != 2;
      if (!general_loop && r.mode == Mode::nearest && (out == in || out == 2 * in)) scale = 0;  // whatever the caller said
      std::vector<int64_t> index =
          (general_loop && std::is_same_v<T, double> ? nearest_index<double> : nearest_index<float>)(r.mode, in, out, scale);
      gather(x.data<T>(), y.data<T>(), outer, inner, index, in, ctx.threads);
    } else if constexpr (std::is_same_v<T, float> || std::is_same_v<T, double>) {
      Taps<T> taps = make_taps<T>(r.mode, in, out, r.align_corners, scale);
      int places = 0;
      if constexpr (std::is_same_v<T, float>) {
        if (weights == DType::f16) round_weights<Half>(r.mode, taps.weight);
        if (weights == DType::bf16) round_weights<BFloat16>(r.mode, taps.weight);
      } else if (bytes) {
        places = round_to_int16(taps);
      }
      apply_taps(x.data<T>(), y.data<T>(), outer, inner, taps, ctx.threads);
      if constexpr (std::is_same_v<T, double>)
        if (bytes) round_to_bytes({y.data<double>(), static_cast<size_t>(y.numel())}, places);
    }
    x = y;
  }
  return x;
}

Tensor resize(Context& ctx, const Tensor& input, const Resize& r) {
  int64_t rank = static_cast<int64_t>(r.sizes.size());
  check(input.dim() == rank + 2, "It is expected input_size equals to ", rank + 2, ", but got size ", input.dim());
  for (int64_t d = 0; d < rank; ++d)
    check(input.size(d + 2) > 0 && r.sizes[static_cast<size_t>(d)] > 0 && input.size(1) > 0,
          "Input and output sizes should be greater than 0, but got input ", input.sizes(), " and output ", r.sizes);
  Dims result(input.sizes().first(2));
  for (int64_t s : r.sizes) result.push_back(s);
  bool last = looks_channels_last(input) && rank > 1;
  MemoryFormat format = !last ? MemoryFormat::contiguous : rank == 2 ? MemoryFormat::channels_last : MemoryFormat::channels_last_3d;
  if (checked_numel(result, item_size(input.dtype())) == 0) return ctx.empty(result, input.dtype(), format);
  DType dtype = input.dtype();
  if (is_nearest(r.mode)) {
    Tensor x = contiguous(ctx, input, format);
    check(is_floating(dtype) || dtype == DType::u8, "\"upsample_nearest", rank, "d\" not implemented for '", scalar_type_name(dtype), "'");
    switch (item_size(dtype)) {
      case 1: return resize_as<uint8_t>(ctx, x, r, last);
      case 2: return resize_as<uint16_t>(ctx, x, r, last);
      case 4: return resize_as<float>(ctx, x, r, last);
      default: return resize_as<double>(ctx, x, r, last);
    }
  }
  check(is_floating(dtype) || dtype == DType::u8, "\"upsample\" not implemented for '", scalar_type_name(dtype), "'");
  if (dtype == DType::f64) return resize_as<double>(ctx, contiguous(ctx, input, format), r, last);
  if (dtype == DType::u8)
    return cast(ctx, resize_as<double>(ctx, contiguous(ctx, cast(ctx, input, DType::f64), format), r, last, true), dtype);
  bool general = !last && !is_smooth(r.mode) && !(r.mode == Mode::linear && rank == 2);
  Tensor x = contiguous(ctx, cast(ctx, input, DType::f32), format);
  return cast(ctx, resize_as<float>(ctx, x, r, last, false, general ? dtype : DType::f32), dtype);
}

std::vector<double> scales_of(std::initializer_list<std::optional<double>> scales) {
  std::vector<double> v;
  for (auto& s : scales) v.push_back(s.value_or(0));
  return v;
}

Dims output_size(IntSpan sizes, size_t rank) {
  check(sizes.size() == rank, "It is expected output_size equals to ", rank, ", but got size ", sizes.size());
  return Dims(sizes);
}

// Schemas with and without align_corners, by rank.
template <Mode M>
Tensor nearest1(Context& ctx, const Tensor& self, IntSpan size, std::optional<double> s) {
  return resize(ctx, self, {M, false, output_size(size, 1), scales_of({s})});
}
template <Mode M>
Tensor nearest2(Context& ctx, const Tensor& self, IntSpan size, std::optional<double> h, std::optional<double> w) {
  return resize(ctx, self, {M, false, output_size(size, 2), scales_of({h, w})});
}
template <Mode M>
Tensor nearest3(Context& ctx, const Tensor& self, IntSpan size, std::optional<double> d, std::optional<double> h, std::optional<double> w) {
  return resize(ctx, self, {M, false, output_size(size, 3), scales_of({d, h, w})});
}
template <Mode M>
Tensor aligned1(Context& ctx, const Tensor& self, IntSpan size, bool align_corners, std::optional<double> s) {
  return resize(ctx, self, {M, align_corners, output_size(size, 1), scales_of({s})});
}
template <Mode M>
Tensor aligned2(Context& ctx, const Tensor& self, IntSpan size, bool align_corners, std::optional<double> h, std::optional<double> w) {
  return resize(ctx, self, {M, align_corners, output_size(size, 2), scales_of({h, w})});
}
template <Mode M>
Tensor aligned3(Context& ctx, const Tensor& self, IntSpan size, bool align_corners, std::optional<double> d, std::optional<double> h,
                std::optional<double> w) {
  return resize(ctx, self, {M, align_corners, output_size(size, 3), scales_of({d, h, w})});
}

Tensor by_size_or_scale(Context& ctx, const Tensor& input, Mode mode, size_t rank, std::optional<IntSpan> size, bool align_corners,
                        std::optional<std::span<const double>> scales) {
  check(size.has_value() != scales.has_value(), "Must specify exactly one of output_size and scale_factors");
  check(input.dim() == static_cast<int64_t>(rank) + 2, "It is expected input_size equals to ", rank + 2, ", but got size ", input.dim());
  if (size) return resize(ctx, input, {mode, align_corners, output_size(*size, rank), std::vector<double>(rank)});
  check(scales->size() == rank, "scale_factors must have ", rank, " numbers, but got ", scales->size());
  Dims sizes;
  for (size_t d = 0; d < rank; ++d) {
    double out = static_cast<double>(input.size(static_cast<int64_t>(d) + 2)) * (*scales)[d];
    check(out >= 0 && out < 1e15, "Input and output sizes should be greater than 0, but got scale factor ", (*scales)[d]);
    sizes.push_back(static_cast<int64_t>(out));
  }
  return resize(ctx, input, {mode, align_corners, sizes, std::vector<double>(scales->begin(), scales->end())});
}

template <Mode M, size_t Rank>
Tensor nearest_vec(Context& ctx, const Tensor& input, std::optional<IntSpan> size, std::optional<std::span<const double>> scales) {
  return by_size_or_scale(ctx, input, M, Rank, size, false, scales);
}
template <Mode M, size_t Rank>
Tensor aligned_vec(Context& ctx, const Tensor& input, std::optional<IntSpan> size, bool align_corners,
                   std::optional<std::span<const double>> scales) {
  return by_size_or_scale(ctx, input, M, Rank, size, align_corners, scales);
}

constexpr Op rows[] = {
    op<"aten::upsample_nearest1d(Tensor self, SymInt[1] output_size, float? scales=None) -> Tensor", nearest1<Mode::nearest>>(),
    op<"aten::upsample_nearest2d(Tensor self, SymInt[2] output_size, float? scales_h=None, float? scales_w=None) -> Tensor",
       nearest2<Mode::nearest>>(),
    op<"aten::upsample_nearest3d(Tensor self, SymInt[3] output_size, float? scales_d=None, float? scales_h=None, float? scales_w=None) -> "
       "Tensor",
       nearest3<Mode::nearest>>(),
    op<"aten::_upsample_nearest_exact1d(Tensor self, SymInt[1] output_size, float? scales=None) -> Tensor",
       nearest1<Mode::nearest_exact>>(),
    op<"aten::_upsample_nearest_exact2d(Tensor self, SymInt[2] output_size, float? scales_h=None, float? scales_w=None) -> Tensor",
       nearest2<Mode::nearest_exact>>(),
    op<"aten::_upsample_nearest_exact3d(Tensor self, SymInt[3] output_size, float? scales_d=None, float? scales_h=None, float? "
       "scales_w=None) -> Tensor",
       nearest3<Mode::nearest_exact>>(),
    op<"aten::upsample_linear1d(Tensor self, SymInt[1] output_size, bool align_corners, float? scales=None) -> Tensor",
       aligned1<Mode::linear>>(),
    op<"aten::upsample_bilinear2d(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None, float? scales_w=None) -> "
       "Tensor",
       aligned2<Mode::linear>>(),
    op<"aten::upsample_trilinear3d(Tensor self, SymInt[3] output_size, bool align_corners, float? scales_d=None, float? scales_h=None, "
       "float? scales_w=None) -> Tensor",
       aligned3<Mode::linear>>(),
    op<"aten::upsample_bicubic2d(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None, float? scales_w=None) -> "
       "Tensor",
       aligned2<Mode::cubic>>(),
    op<"aten::_upsample_bilinear2d_aa(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None, float? scales_w=None) "
       "-> Tensor",
       aligned2<Mode::linear_smooth>>(),
    op<"aten::_upsample_bicubic2d_aa(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None, float? scales_w=None) "
       "-> Tensor",
       aligned2<Mode::cubic_smooth>>(),
    op<"aten::_upsample_lanczos2d_aa(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None, float? scales_w=None) "
       "-> Tensor",
       aligned2<Mode::lanczos_smooth>>(),
    op<"aten::upsample_nearest1d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor",
       nearest_vec<Mode::nearest, 1>>(),
    op<"aten::upsample_nearest2d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor",
       nearest_vec<Mode::nearest, 2>>(),
    op<"aten::upsample_nearest3d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor",
       nearest_vec<Mode::nearest, 3>>(),
    op<"aten::_upsample_nearest_exact1d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor",
       nearest_vec<Mode::nearest_exact, 1>>(),
    op<"aten::_upsample_nearest_exact2d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor",
       nearest_vec<Mode::nearest_exact, 2>>(),
    op<"aten::_upsample_nearest_exact3d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor",
       nearest_vec<Mode::nearest_exact, 3>>(),
    op<"aten::upsample_linear1d.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor",
       aligned_vec<Mode::linear, 1>>(),
    op<"aten::upsample_bilinear2d.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor",
       aligned_vec<Mode::linear, 2>>(),
    op<"aten::upsample_trilinear3d.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor",
       aligned_vec<Mode::linear, 3>>(),
    op<"aten::upsample_bicubic2d.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor",
       aligned_vec<Mode::cubic, 2>>(),
    op<"aten::_upsample_bilinear2d_aa.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor",
       aligned_vec<Mode::linear_smooth, 2>>(),
    op<"aten::_upsample_bicubic2d_aa.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor",
       aligned_vec<Mode::cubic_smooth, 2>>(),
    op<"aten::_upsample_lanczos2d_aa.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor",
       aligned_vec<Mode::lanczos_smooth, 2>>(),
};

}  // namespace

const std::span<const Op> resample_ops = rows;

}  // namespace tsrun
