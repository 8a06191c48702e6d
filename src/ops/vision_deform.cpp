// torchvision's deformable convolution.
#include <cmath>

#include "ops/conv.h"
#include "ops/dispatch.h"
#include "ops/kernels/parallel.h"
#include "ops/matmul.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

using Floats = TypeList<float, double>;

/// Value between four pixels of a plane [h, w]; pixels outside are zero.
template <class T>
T between(const T* plane, int64_t h, int64_t w, T y, T x) {
  if (std::isnan(y) || std::isnan(x)) return std::numeric_limits<T>::quiet_NaN();
  if (y <= -1 || y >= static_cast<T>(h) || x <= -1 || x >= static_cast<T>(w)) return 0;
  T top = std::floor(y), left = std::floor(x), below = y - top, beside = x - left;
  int64_t row = static_cast<int64_t>(top), column = static_cast<int64_t>(left);
  auto pixel = [&](int64_t r, int64_t c) { return r >= 0 && r < h && c >= 0 && c < w ? plane[r * w + c] : T(0); };
  return (1 - below) * ((1 - beside) * pixel(row, column) + beside * pixel(row, column + 1)) +
         below * ((1 - beside) * pixel(row + 1, column) + beside * pixel(row + 1, column + 1));
}

/// The operands, contiguous and of one type; mask is undefined when there is none.
struct Deformation {
  Tensor input, offset, mask;
  ConvParams params;
  int64_t offset_groups, kernel_h, kernel_w, out_h, out_w;
};

/// The samples of image n that each tap of each channel meets: columns [channels * kernel_h * kernel_w, out_h * out_w].
template <class T>
void sample(const Deformation& d, int64_t n, T* columns, int threads) {
  int64_t channels = d.input.size(1), h = d.input.size(2), w = d.input.size(3), taps = d.kernel_h * d.kernel_w, places = d.out_h * d.out_w;
  kernels::parallel_for(threads, channels * taps, 4096 / places + 1, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) {
      int64_t channel = row / taps, tap = row % taps, moved = channel / (channels / d.offset_groups) * taps + tap;
      const T* plane = d.input.data<T>() + (n * channels + channel) * h * w;
      const T* dy = d.offset.data<T>() + (n * d.offset_groups * taps + moved) * 2 * places;
      const T* factor = d.mask.defined() ? d.mask.data<T>() + (n * d.offset_groups * taps + moved) * places : nullptr;
      int64_t first_y = tap / d.kernel_w * d.params.dilation[0] - d.params.pad_low[0];
      int64_t first_x = tap % d.kernel_w * d.params.dilation[1] - d.params.pad_low[1];
      for (int64_t at = 0; at < places; ++at) {
        T y = static_cast<T>(first_y + at / d.out_w * d.params.stride[0]) + dy[at];
        T x = static_cast<T>(first_x + at % d.out_w * d.params.stride[1]) + dy[places + at];
        T value = between(plane, h, w, y, x);
        columns[row * places + at] = factor ? factor[at] * value : value;
      }
    }
  });
}

/// What torchvision asks of offset and mask; the rest is asked of every convolution.
void check_deformation(const Tensor& input, const Tensor& offset, const Tensor* mask, int64_t taps, int64_t groups, IntSpan result) {
  check(groups > 0 && input.size(1) % groups == 0, "the ", input.size(1), " channels of the input do not divide into ", groups,
        " offset groups");
  auto check_map = [&](const char* name, const Tensor& t, int64_t channels) {
    check(t.dim() == 4, name, " should have 4 dimensions, got ", t);
    check(t.dtype() == input.dtype(), name, " should have the type of the input, ", input.dtype(), ", got ", t.dtype());
    check(t.size(0) == input.size(0), "invalid batch size of ", name, ": ", t.size(0), " for ", input.size(0), " images");
    check(t.size(1) == channels, name, ".shape[1] is not valid: got: ", t.size(1), " expected: ", channels);
    check(t.size(2) == result[2] && t.size(3) == result[3], name, " output dims: ", t.sizes().subspan(2),
          ", computed output dims: ", result.subspan(2));
  };
  check(taps < (int64_t{1} << 30) && groups < (int64_t{1} << 30), "the kernel or the number of offset groups is too large");
  check_map("offset", offset, 2 * groups * taps);
  if (mask) check_map("mask", *mask, groups * taps);
}

/// A convolution whose taps are moved by offset [n, offset_groups * taps * 2 (y, x), out_h, out_w] and multiplied by mask [n, offset_groups
/// * taps, out_h, out_w]. Halves are computed in float.
Tensor deform_conv2d(Context& ctx, const Tensor& input, const Tensor& weight, const Tensor& offset, const Tensor& mask, const Tensor& bias,
                     int64_t stride_h, int64_t stride_w, int64_t pad_h, int64_t pad_w, int64_t dilation_h, int64_t dilation_w,
                     int64_t groups, int64_t offset_groups, bool use_mask) {
  check(input.dim() == 4, "expected an input with 4 dimensions, got ", input);
  check(weight.dim() == 4, "expected a weight with 4 dimensions, got ", weight);
  check(is_floating(input.dtype()), "\"deformable_im2col\" not implemented for '", scalar_type_name(input.dtype()), "'");
  Deformation d;
  d.params = make_conv_params(weight, Dims{stride_h, stride_w}, Dims{pad_h, pad_w}, Dims{dilation_h, dilation_w}, groups);
  check_convolution(input, weight, &bias, d.params);
  Dims sizes = conv_result_sizes(input, weight, d.params);
  check(sizes[2] > 0 && sizes[3] > 0, "Calculated output size too small: ", sizes);
  d.offset_groups = offset_groups, d.kernel_h = weight.size(2), d.kernel_w = weight.size(3), d.out_h = sizes[2], d.out_w = sizes[3];
  int64_t taps = d.kernel_h * d.kernel_w, places = d.out_h * d.out_w;
  check_deformation(input, offset, use_mask ? &mask : nullptr, taps, offset_groups, sizes);
  Tensor y = ctx.empty(sizes, input.dtype());
  if (y.numel() == 0) return y;
  DType dtype = input.dtype() == DType::f64 ? DType::f64 : DType::f32;
  auto wide = [&](const Tensor& t) { return contiguous(ctx, cast(ctx, t, dtype)); };
  d.input = wide(input), d.offset = wide(offset);
  if (use_mask) d.mask = wide(mask);
  Tensor columns = ctx.empty(Dims{groups, input.size(1) / groups * taps, places}, dtype);
  Tensor rows = reshape(ctx, wide(weight), Dims{groups, weight.size(0) / groups, columns.size(1)});
  Tensor added = reshape(ctx, wide(bias), Dims{weight.size(0), 1});
  for (int64_t n = 0; n < input.size(0); ++n) {
    dispatch(Floats(), dtype, "deform_conv2d", [&]<class T>() {
      sample(d, n, columns.data<T>(), ctx.threads);
      Tensor product = batched_product(ctx, rows, columns);
      for (int64_t i = 0; i < product.numel(); ++i) product.data<T>()[i] += added.data<T>()[i / places];
      copy_into(ctx, reshape(ctx, select(y, 0, n), Dims{groups, rows.size(1), places}), product);
    });
  }
  return y;
}

constexpr Op rows[] = {
    op<"torchvision::deform_conv2d(Tensor input, Tensor weight, Tensor offset, Tensor mask, Tensor bias, SymInt stride_h, SymInt stride_w, "
       "SymInt pad_h, SymInt pad_w, SymInt dilation_h, SymInt dilation_w, SymInt groups, SymInt offset_groups, bool use_mask) -> Tensor",
       deform_conv2d>(),
};

}  // namespace

const std::span<const Op> deform_ops = rows;

}  // namespace tsrun
