// Convolution as a matrix product over copied windows: for the dtypes without a kernel of their own.
#include <cstring>

#include "ops/conv.h"
#include "ops/dispatch.h"
#include "ops/matmul.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

int64_t product(IntSpan v) {
  int64_t n = 1;
  for (int64_t x : v) n *= x;
  return n;
}

/// Calls f(element in the plane, column element) for every window element of one channel that lies inside. Column elements are counted
/// row-major over kernel... and output....
template <class F>
void for_each_column(const ColumnShape& s, F f) {
  size_t rank = s.input.size();
  int64_t taps = product(s.kernel), places = product(s.output);
  Dims tap(rank), place(rank);
  for (int64_t t = 0; t < taps; ++t) {
    int64_t rest = t;
    for (size_t d = rank; d-- > 0; rest /= s.kernel[d]) tap[d] = rest % s.kernel[d];
    std::fill(place.begin(), place.end(), 0);
    int64_t width = s.output[rank - 1];
    for (int64_t row = 0; row < places / width; ++row) {
      int64_t offset = 0;
      bool inside = true;
      for (size_t d = 0; d + 1 < rank; ++d) {
        int64_t at = place[d] * s.stride[d] - s.pad[d] + tap[d] * s.dilation[d];
        inside = inside && at >= 0 && at < s.input[d];
        offset = offset * s.input[d] + at;
      }
      size_t last = rank - 1;
      if (inside)
        for (int64_t x = 0; x < width; ++x) {
          int64_t at = x * s.stride[last] - s.pad[last] + tap[last] * s.dilation[last];
          if (at >= 0 && at < s.input[last]) f(offset * s.input[last] + at, t * places + row * width + x);
        }
      for (size_t d = last; d-- > 0;) {
        if (++place[d] < s.output[d]) break;
        place[d] = 0;
      }
    }
  }
}

template <class T>
void copy_planes(const T* input, T* columns, int64_t channels, const ColumnShape& s) {
  int64_t plane = product(s.input), column = product(s.kernel) * product(s.output);
  std::memset(static_cast<void*>(columns), 0, static_cast<size_t>(channels * column) * sizeof(T));
  for (int64_t c = 0; c < channels; ++c)
    for_each_column(s, [&](int64_t in, int64_t out) { columns[c * column + out] = input[c * plane + in]; });
}

struct Block16 {
  uint64_t words[2];
};

}  // namespace

void copy_columns(const void* input, void* columns, int64_t channels, const ColumnShape& shape, size_t item) {
  auto copy = [&]<class T>(T) { copy_planes(static_cast<const T*>(input), static_cast<T*>(columns), channels, shape); };
  switch (item) {
    case 1: return copy(uint8_t{});
    case 2: return copy(uint16_t{});
    case 4: return copy(uint32_t{});
    case 8: return copy(uint64_t{});
    default: return copy(Block16{});
  }
}

void add_columns(const void* columns, void* output, int64_t channels, const ColumnShape& shape, DType dtype) {
  int64_t plane = product(shape.input), column = product(shape.kernel) * product(shape.output);
  dispatch(TypeList<float, double, Half, BFloat16, C64, C128, uint8_t, int8_t, int16_t, int32_t, int64_t>(), dtype, "col2im_out_cpu",
           [&]<class T>() {
             const T* from = static_cast<const T*>(columns);
             T* to = static_cast<T*>(output);
             for (int64_t c = 0; c < channels; ++c)
               for_each_column(shape, [&](int64_t in, int64_t out) {
                 to[c * plane + in] = static_cast<T>(to[c * plane + in] + from[c * column + out]);
               });
           });
}

Tensor convolve_by_columns(Context& ctx, const Tensor& input, const Tensor& weight, const ConvParams& params, IntSpan result_sizes) {
  DType dtype = input.dtype();
  IntSpan in(input.sizes().subspan(2)), out(result_sizes.subspan(2)), kernel(weight.sizes().subspan(2));
  // A transposed convolution spreads its input over the result: the columns belong to the result then.
  ColumnShape shape{params.transposed ? out : in, kernel, params.transposed ? in : out, params.stride, params.pad_low, params.dilation};
  int64_t n = input.size(0), groups = params.groups, group_in = input.size(1) / groups, group_out = result_sizes[1] / groups;
  int64_t taps = product(kernel), in_plane = product(in), out_plane = product(out);
  Tensor x = contiguous(ctx, input);
  Tensor y = params.transposed ? ctx.zeros(result_sizes, dtype) : ctx.empty(result_sizes, dtype);
  size_t item = item_size(dtype);
  int64_t window = checked_numel(Dims{params.transposed ? group_out : group_in, taps});
  Tensor w = reshape(ctx, weight, params.transposed ? Dims{groups, group_in, window} : Dims{groups, group_out, window});
  if (params.transposed) w = transpose(w, 1, 2);
  Tensor columns;
  if (!params.transposed) columns = ctx.empty(Dims{groups, window, out_plane}, dtype);
  for (int64_t i = 0; i < n; ++i) {
    Tensor image = select(x, 0, i);
    if (params.transposed) {
      columns = batched_product(ctx, w, reshape(ctx, image, Dims{groups, group_in, in_plane}));
      add_columns(columns.data(), select(y, 0, i).data(), groups * group_out, shape, dtype);
    } else {
      copy_columns(image.data(), columns.data(), groups * group_in, shape, item);
      copy_into(ctx, reshape(ctx, select(y, 0, i), Dims{groups, group_out, out_plane}), batched_product(ctx, w, columns));
    }
  }
  return y;
}

}  // namespace tsrun
