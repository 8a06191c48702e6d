// float32 convolutions on the kernels: two dimensions directly, one as an image of height 1, three as sums over the depth of the weight.
#include <algorithm>
#include <mutex>
#include <optional>
#include <vector>

#include "ops/conv.h"
#include "ops/kernels/conv.h"
#include "ops/tensor_ops.h"
#include "ops/weight_pages.h"

namespace tsrun {
namespace {

using kernels::ConvShape;
using ImageLayout = kernels::Layout;

/// A weight in kernel orders, one slice per depth, with the plans of the latest input shapes.
struct PreparedConv : Prepared {
  int64_t groups;
  bool transposed;
  std::vector<kernels::PackedConv> slices;

  kernels::ConvPlan plan(size_t slice, const ConvShape& shape, const kernels::ConvOptions& options, int threads) const {
    std::lock_guard lock(mutex);
    for (const Entry& e : plans)
      if (e.slice == slice && same(e.shape, shape) && e.options.input == options.input && e.options.output == options.output &&
          e.options.winograd == options.winograd)
        return e.plan;
    Entry e{slice, shape, options, kernels::make_plan(slices[slice], shape, options, threads)};
    size_t capacity = 4 * slices.size();
    if (plans.size() >= capacity) plans.erase(plans.begin());
    plans.push_back(e);
    return e.plan;
  }

 private:
  struct Entry {
    size_t slice;
    ConvShape shape;
    kernels::ConvOptions options;
    kernels::ConvPlan plan;
  };
  static bool same(const ConvShape& a, const ConvShape& b) {
    return a.n == b.n && a.h == b.h && a.w == b.w && a.stride_h == b.stride_h && a.stride_w == b.stride_w && a.pad_top == b.pad_top &&
           a.pad_left == b.pad_left && a.pad_bottom == b.pad_bottom && a.pad_right == b.pad_right && a.dilation_h == b.dilation_h &&
           a.dilation_w == b.dilation_w && a.output_padding_h == b.output_padding_h && a.output_padding_w == b.output_padding_w;
  }
  mutable std::mutex mutex;
  mutable std::vector<Entry> plans;
};

/// The weight as [c_out or c_in, channels, depth, h, w]: strides of missing dimensions do not matter.
struct WeightView {
  int64_t depth, h, w, stride_depth, stride_h, stride_w;
};

WeightView view_weight(const Tensor& weight) {
  int64_t rank = weight.dim() - 2;
  auto size = [&](int64_t from_end) { return from_end <= rank ? weight.size(-from_end) : 1; };
  auto stride = [&](int64_t from_end) { return from_end <= rank ? weight.stride(-from_end) : 0; };
  return {size(3), size(2), size(1), stride(3), stride(2), stride(1)};
}

/// Slice `depth` of the weight in float32, for as long as the result's owner lives.
kernels::ConvWeight read_weight(const Tensor& given, const Tensor& scale, const kernels::ConvWeight& like, int64_t depth, bool kept) {
  struct Owner {
    std::optional<WeightPages> pages;
    Tensor weight, scale;
  };
  auto owner = std::make_shared<Owner>();
  if (kept) owner->pages.emplace(given);
  Context heap;  // the session's pool would keep the block
  owner->weight = cast(heap, given, DType::f32);
  owner->scale = scale;
  const WeightView v = view_weight(owner->weight);
  const int64_t outer = owner->weight.stride(0), channel = owner->weight.stride(1);
  kernels::ConvWeight w = like;
  w.data = owner->weight.data<float>() + depth * v.stride_depth;
  w.stride_o = like.transposed ? channel : outer;
  w.stride_c = like.transposed ? outer : channel;
  w.stride_h = v.stride_h;
  w.stride_w = v.stride_w;
  w.scale = scale.defined() ? scale.data<float>() : nullptr;
  w.owner = std::move(owner);
  return w;
}

Ref<const PreparedConv> prepare(Context& ctx, const Tensor& given, const Tensor* scale, const ConvParams& params, int64_t c_in,
                                int64_t c_out) {
  bool kept = ctx.prepared && *ctx.prepared;
  if (kept) {
    auto* before = static_cast<const PreparedConv*>(ctx.prepared->get());
    if (before->groups == params.groups && before->transposed == params.transposed) return Ref<const PreparedConv>(before);
  }
  auto made = make_ref<PreparedConv>();
  made->groups = params.groups;
  made->transposed = params.transposed;
  const bool keep = ctx.prepared && !kept;
  const WeightView v = view_weight(given);
  kernels::ConvWeight like{nullptr, c_in, c_out, v.h, v.w, params.groups, 0, 0, 0, 0};
  like.transposed = params.transposed;
  Context heap;
  const Tensor factors = scale ? clone(heap, *scale, MemoryFormat::contiguous) : Tensor();
  for (int64_t d = 0; d < v.depth; ++d)
    made->slices.push_back(kernels::pack_conv(like, [=] { return read_weight(given, factors, like, d, keep); }));
  if (keep) *ctx.prepared = Ref<const Prepared>(made);
  return made;
}

ConvShape image_shape(IntSpan in, const WeightView& weight, const ConvParams& p, int64_t n, int64_t c_in, int64_t c_out) {
  size_t rank = in.size();
  auto at = [&](IntSpan values, size_t from_end, int64_t missing) { return from_end <= rank ? values[rank - from_end] : missing; };
  ConvShape s{n, at(in, 2, 1), at(in, 1, 1), c_in, c_out, weight.h, weight.w};
  s.stride_h = at(p.stride, 2, 1), s.stride_w = at(p.stride, 1, 1);
  s.pad_top = at(p.pad_low, 2, 0), s.pad_left = at(p.pad_low, 1, 0);
  s.pad_bottom = at(p.pad_high, 2, 0), s.pad_right = at(p.pad_high, 1, 0);
  s.dilation_h = at(p.dilation, 2, 1), s.dilation_w = at(p.dilation, 1, 1);
  s.groups = p.groups;
  s.transposed = p.transposed;
  s.output_padding_h = at(p.output_padding, 2, 0), s.output_padding_w = at(p.output_padding, 1, 0);
  return s;
}

void run(Context& ctx, const PreparedConv& prepared, size_t slice, const ConvShape& shape, kernels::ConvOptions options, const float* x,
         float* y, const kernels::Epilogue<float>& epilogue) {
  options.winograd = !ctx.exact;
  kernels::ConvPlan plan = prepared.plan(slice, shape, options, ctx.threads);
  Ref<Storage> space = ctx.workspace(kernels::conv_workspace_bytes(plan, ctx.threads));
  kernels::run_conv(plan, x, y, epilogue, space->data(), ctx.threads);
}

/// Frames of the input that tap `tap` of the depth takes to frames of the result: input frame i * in_step + in_first goes to
/// out_first + i * out_step, for i < count.
struct Frames {
  int64_t count = 0, in_first = 0, in_step = 1, out_first = 0, out_step = 1;
};

Frames frames_of_tap(int64_t tap, int64_t in, int64_t out, const ConvParams& p) {
  int64_t shift = tap * p.dilation[0] - p.pad_low[0], stride = p.stride[0];
  // moving frame m (result, or input when transposed) meets frame m * stride + shift of the other side
  int64_t moving = p.transposed ? in : out, fixed = p.transposed ? out : in;
  int64_t first = shift >= 0 ? 0 : (-shift + stride - 1) / stride;
  int64_t last = fixed - 1 - shift < 0 ? -1 : std::min(moving - 1, (fixed - 1 - shift) / stride);
  if (last < first) return {};
  int64_t there = first * stride + shift;
  if (p.transposed) return {last - first + 1, first, 1, there, stride};
  return {last - first + 1, there, stride, first, 1};
}

/// x and y are channels-last.
void run_volumes(Context& ctx, const PreparedConv& prepared, const WeightView& weight, ConvShape shape, const ConvParams& params, int64_t n,
                 int64_t depth, int64_t out_depth, const float* x, float* y) {
  int64_t in_frame = shape.h * shape.w * shape.c_in, out_frame = shape.out_h() * shape.out_w() * shape.c_out;
  kernels::Epilogue<float> epilogue;
  for (int64_t tap = 0; tap < weight.depth; ++tap) {
    Frames f = frames_of_tap(tap, depth, out_depth, params);
    bool together = f.in_step == 1 && f.out_step == 1;
    shape.n = together ? f.count : 1;
    for (int64_t i = 0; i < n; ++i)
      for (int64_t j = 0; j < f.count; j += shape.n) {
        float* to = y + (i * out_depth + f.out_first + j * f.out_step) * out_frame;
        epilogue.residual = to;
        run(ctx, prepared, static_cast<size_t>(tap), shape, {}, x + (i * depth + f.in_first + j * f.in_step) * in_frame, to, epilogue);
      }
  }
}

Tensor convolve_volumes(Context& ctx, const Tensor& input, const WeightView& weight, const PreparedConv& prepared, const Tensor* bias,
                        const ConvParams& params, IntSpan sizes, MemoryFormat format) {
  Tensor x = contiguous(ctx, input, MemoryFormat::channels_last_3d);
  Tensor y = ctx.empty(sizes, DType::f32, MemoryFormat::channels_last_3d);
  int64_t c_out = sizes[1], pixels = y.numel() / c_out;
  float* to = y.data<float>();
  for (int64_t i = 0; i < pixels; ++i, to += c_out) {
    if (bias) std::copy_n(bias->data<float>(), c_out, to);
    else std::fill_n(to, c_out, 0.0f);
  }
  ConvShape shape = image_shape(input.sizes().subspan(2), weight, params, 1, input.size(1), c_out);
  run_volumes(ctx, prepared, weight, shape, params, input.size(0), input.size(2), sizes[2], x.data<float>(), y.data<float>());
  return contiguous(ctx, y, format);
}

}  // namespace

Tensor convolve_f32(Context& ctx, const Tensor& input, const Tensor& weight, const Tensor* bias, const ConvParams& params,
                    IntSpan result_sizes, MemoryFormat format, kernels::Activation activation, const Tensor* residual,
                    const Tensor* scale) {
  int64_t n = input.size(0), c_in = input.size(1), c_out = result_sizes[1];
  Ref<const PreparedConv> prepared = prepare(ctx, weight, scale, params, c_in, c_out);
  WeightView view = view_weight(weight);
  Tensor offset = bias ? contiguous(ctx, *bias) : Tensor();
  if (input.dim() == 5) return convolve_volumes(ctx, input, view, *prepared, bias ? &offset : nullptr, params, result_sizes, format);

  bool flat = input.dim() == 3, to_nhwc = format == MemoryFormat::channels_last;
  bool from_nhwc = flat ? c_in > 1 && transpose(input, 1, 2).is_contiguous() : input.is_contiguous(MemoryFormat::channels_last);
  Tensor x = from_nhwc ? input : contiguous(ctx, input);
  Tensor y = ctx.empty(result_sizes, DType::f32, flat ? MemoryFormat::contiguous : format);
  Tensor added = residual ? contiguous(ctx, *residual, flat ? MemoryFormat::contiguous : format) : Tensor();
  kernels::ConvOptions options{from_nhwc ? ImageLayout::nhwc : ImageLayout::nchw, to_nhwc ? ImageLayout::nhwc : ImageLayout::nchw};
  kernels::Epilogue<float> epilogue;
  epilogue.bias = bias ? offset.data<float>() : nullptr;
  epilogue.residual = residual ? added.data<float>() : nullptr;
  epilogue.activation = activation;
  run(ctx, *prepared, 0, image_shape(input.sizes().subspan(2), view, params, n, c_in, c_out), options, x.data<float>(), y.data<float>(),
      epilogue);
  return y;
}

}  // namespace tsrun
