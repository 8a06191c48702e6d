// Windows as columns and back, and the rearrangements of pixels into channels.
#include "ops/conv.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

ColumnShape column_shape(IntSpan input, IntSpan kernel, IntSpan dilation, IntSpan padding, IntSpan stride) {
  ColumnShape s{input,
                expand_to(kernel, 2, "kernel_size"),
                {},
                expand_to(stride, 2, "stride"),
                expand_to(padding, 2, "padding"),
                expand_to(dilation, 2, "dilation")};
  for (size_t d = 0; d < 2; ++d) {
    check(s.pad[d] >= 0 && s.pad[d] < (int64_t{1} << 31), "padding should be non-negative, but got ", s.pad);
    int64_t n = window_count(s.input[d], s.kernel[d], s.pad[d], s.pad[d], s.stride[d], s.dilation[d]);
    check(n > 0, "Given input with spatial size ", input, ", kernel_size=", s.kernel, ", dilation=", s.dilation, ", padding=", s.pad,
          ", calculated shape of the array of sliding blocks is too small (non-positive)");
    s.output.push_back(n);
  }
  return s;
}

Tensor im2col(Context& ctx, const Tensor& self, IntSpan kernel, IntSpan dilation, IntSpan padding, IntSpan stride) {
  check(
      self.dim() == 3 || self.dim() == 4,
      "Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, but got: ", self.sizes());
  bool batched = self.dim() == 4;
  Tensor x = contiguous(ctx, batched ? self : unsqueeze(self, 0));
  ColumnShape s = column_shape(x.sizes().subspan(2), kernel, dilation, padding, stride);
  int64_t rows = checked_numel(Dims{x.size(1), s.kernel[0], s.kernel[1]}), places = checked_numel(s.output);
  Tensor y = ctx.empty(Dims{x.size(0), rows, places}, x.dtype());
  for (int64_t i = 0; i < x.size(0); ++i) copy_columns(select(x, 0, i).data(), select(y, 0, i).data(), x.size(1), s, item_size(x.dtype()));
  return batched ? y : squeeze(y, 0);
}

Tensor col2im(Context& ctx, const Tensor& self, IntSpan output_size, IntSpan kernel, IntSpan dilation, IntSpan padding, IntSpan stride) {
  check(output_size.size() == 2, "It is expected output_size equals to 2, but got size ", output_size.size());
  check(self.dim() == 2 || self.dim() == 3,
        "Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and non-zero dimensions for input, but got: ",
        self.sizes());
  for (int64_t s : output_size) check(s > 0 && s < (int64_t{1} << 31), "output_size should be greater than zero, but got ", output_size);
  bool batched = self.dim() == 3;
  Tensor x = contiguous(ctx, batched ? self : unsqueeze(self, 0));
  ColumnShape s = column_shape(output_size, kernel, dilation, padding, stride);
  int64_t taps = checked_numel(s.kernel), places = checked_numel(s.output);
  check(x.size(1) % taps == 0,
        "Expected size of input's dimension 1 to be divisible by the product of kernel_size, but got input.size(1)=", x.size(1),
        " and kernel_size=", s.kernel);
  check(x.size(2) == places, "Given output_size=", output_size, ", kernel_size=", s.kernel,
        ", expected size of input's dimension 2 to match the calculated number of sliding blocks ", places,
        ", but got input.size(2)=", x.size(2));
  int64_t channels = x.size(1) / taps;
  Tensor y = ctx.zeros(Dims{x.size(0), channels, output_size[0], output_size[1]}, x.dtype());
  bool half = x.dtype() == DType::f16 || x.dtype() == DType::bf16;
  Tensor wide = half ? cast(ctx, y, DType::f32) : y, from = half ? cast(ctx, x, DType::f32) : x;
  for (int64_t i = 0; i < x.size(0); ++i) add_columns(select(from, 0, i).data(), select(wide, 0, i).data(), channels, s, wide.dtype());
  y = cast(ctx, wide, x.dtype());
  return batched ? y : squeeze(y, 0);
}

/// Leading dimensions folded into one: [n, c, h, w].
Tensor fold_leading(Context& ctx, const Tensor& x) {
  return reshape(ctx, x, Dims{checked_numel(x.sizes().first(x.sizes().size() - 3)), x.size(-3), x.size(-2), x.size(-1)});
}

Dims with_tail(const Tensor& x, int64_t c, int64_t h, int64_t w) {
  Dims sizes(x.sizes().first(x.sizes().size() - 3));
  for (int64_t s : {c, h, w}) sizes.push_back(s);
  return sizes;
}

Tensor rearranged(Context& ctx, const Tensor& folded, IntSpan split, IntSpan order, const Tensor& like, IntSpan sizes) {
  Tensor y = reshape(ctx, contiguous(ctx, permute(reshape(ctx, folded, split), order)), sizes);
  return looks_channels_last(like) ? contiguous(ctx, y, MemoryFormat::channels_last) : y;
}

Tensor pixel_shuffle(Context& ctx, const Tensor& self, int64_t factor) {
  check(self.dim() >= 3, "pixel_shuffle expects input to have at least 3 dimensions, but got input with ", self.dim(), " dimension(s)");
  check(factor > 0 && factor < (int64_t{1} << 20), "pixel_shuffle expects a positive upscale_factor, but got ", factor);
  int64_t c = self.size(-3), h = self.size(-2), w = self.size(-1);
  check(c % (factor * factor) == 0,
        "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, but input.size(-3)=", c,
        " is not divisible by ", factor * factor);
  int64_t out = c / (factor * factor);
  Tensor x = fold_leading(ctx, self);
  return rearranged(ctx, x, Dims{x.size(0), out, factor, factor, h, w}, Dims{0, 1, 4, 2, 5, 3}, self,
                    with_tail(self, out, h * factor, w * factor));
}

Tensor pixel_unshuffle(Context& ctx, const Tensor& self, int64_t factor) {
  check(self.dim() >= 3, "pixel_unshuffle expects input to have at least 3 dimensions, but got input with ", self.dim(), " dimension(s)");
  check(factor > 0 && factor < (int64_t{1} << 20), "pixel_unshuffle expects a positive downscale_factor, but got ", factor);
  int64_t c = self.size(-3), h = self.size(-2), w = self.size(-1);
  check(h % factor == 0, "pixel_unshuffle expects height to be divisible by downscale_factor, but input.size(-2)=", h,
        " is not divisible by ", factor);
  check(w % factor == 0, "pixel_unshuffle expects width to be divisible by downscale_factor, but input.size(-1)=", w,
        " is not divisible by ", factor);
  Tensor x = fold_leading(ctx, self);
  return rearranged(ctx, x, Dims{x.size(0), c, h / factor, factor, w / factor, factor}, Dims{0, 1, 3, 5, 2, 4}, self,
                    with_tail(self, c * factor * factor, h / factor, w / factor));
}

Tensor channel_shuffle(Context& ctx, const Tensor& self, int64_t groups) {
  check(self.dim() > 2, "channel_shuffle expects input with > 2 dims, but got input with sizes ", self.sizes());
  int64_t n = self.size(0), c = self.size(1);
  check(groups > 0, "Number of groups to divide channels in must be positive. Value of groups:", groups);
  check(c % groups == 0, "Number of channels must be divisible by groups. Got ", c, " channels and ", groups, " groups.");
  int64_t plane = checked_numel(self.sizes().subspan(2));
  return rearranged(ctx, self, Dims{n, groups, c / groups, plane}, Dims{0, 2, 1, 3}, self, self.sizes());
}

constexpr Op rows[] = {
    op<"aten::im2col(Tensor self, int[2] kernel_size, int[2] dilation, int[2] padding, int[2] stride) -> Tensor", im2col>(),
    op<"aten::col2im(Tensor self, SymInt[2] output_size, int[2] kernel_size, int[2] dilation, int[2] padding, int[2] stride) -> Tensor",
       col2im>(),
    op<"aten::pixel_shuffle(Tensor self, int upscale_factor) -> Tensor", pixel_shuffle>(),
    op<"aten::pixel_unshuffle(Tensor self, int downscale_factor) -> Tensor", pixel_unshuffle>(),
    op<"aten::channel_shuffle(Tensor self, SymInt groups) -> Tensor", channel_shuffle>(),
    op<"aten::native_channel_shuffle(Tensor self, SymInt groups) -> Tensor", channel_shuffle>(),
};

}  // namespace

const std::span<const Op> unfold_ops = rows;

}  // namespace tsrun
