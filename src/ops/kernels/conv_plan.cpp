#include <algorithm>
#include <limits>
#include <new>

#include "ops/kernels/conv_data.h"
#include "ops/kernels/conv_winograd.h"

namespace tsrun::kernels {
namespace {

int64_t extent(int64_t kernel, int64_t dilation) { return dilation * (kernel - 1) + 1; }

int64_t out_size(int64_t size, int64_t pads, int64_t kernel, int64_t stride, int64_t dilation, bool transposed, int64_t output_padding) {
  if (transposed) return (size - 1) * stride - pads + extent(kernel, dilation) + output_padding;
  const int64_t room = size + pads - extent(kernel, dilation);
  return room < 0 ? 0 : room / stride + 1;
}

int64_t checked_elements(std::initializer_list<int64_t> sizes) {
  int64_t product = sizeof(float);
  for (int64_t size : sizes) {
    if (size < 0 || __builtin_mul_overflow(product, size, &product)) throw std::bad_alloc();
  }
  return product / static_cast<int64_t>(sizeof(float));
}

// The input coordinate under each (output coordinate, tap), times the distance of neighbours; negative outside [0, size).
std::vector<int64_t> tap_offsets(int64_t outputs, int64_t taps, int64_t size, int64_t pad, int64_t stride, int64_t dilation,
                                 bool transposed, int64_t distance) {
  std::vector<int64_t> offsets(static_cast<size_t>(outputs * taps));
  for (int64_t o = 0; o < outputs; o++) {
    for (int64_t t = 0; t < taps; t++) {
      int64_t i = o * stride - pad + t * dilation;
      bool inside = true;
      if (transposed) {
        i = o + pad - t * dilation;
        inside = i % stride == 0;
        i /= stride;
        inside = inside && o + pad - t * dilation >= 0;
      }
      offsets[o * taps + t] = inside && i >= 0 && i < size ? i * distance : std::numeric_limits<int64_t>::min();
    }
  }
  return offsets;
}

bool is_pointwise(const ConvShape& s) {
  return s.kh == 1 && s.kw == 1 && s.stride_h == 1 && s.stride_w == 1 && s.groups == 1 && !s.pad_top && !s.pad_left && !s.pad_bottom &&
         !s.pad_right && !s.output_padding_h && !s.output_padding_w;
}

// The copy pays when channels are too few to fill a run of K, and while the border is no larger than the kernel's reach.
bool is_bordered(const ConvShape& s) {
  constexpr int64_t kFewChannels = 4;
  const auto modest = [](int64_t pad, int64_t reach) { return pad >= 0 && pad <= reach; };
  const int64_t reach_h = extent(s.kh, s.dilation_h), reach_w = extent(s.kw, s.dilation_w);
  return s.c_in <= kFewChannels && s.groups == 1 && s.kw > 1 && s.dilation_w == 1 && !s.transposed && modest(s.pad_top, reach_h) &&
         modest(s.pad_bottom, reach_h) && modest(s.pad_left, reach_w) && modest(s.pad_right, reach_w);
}

ConvAlgorithm pick_algorithm(const PackedConvData& weight, const ConvShape& s) {
  if (weight.is_depthwise()) return ConvAlgorithm::depthwise;
  if (is_pointwise(s)) return ConvAlgorithm::pointwise;
  return is_bordered(s) ? ConvAlgorithm::bordered : ConvAlgorithm::indirect;
}

}  // namespace

int64_t ConvShape::out_h() const { return out_size(h, pad_top + pad_bottom, kh, stride_h, dilation_h, transposed, output_padding_h); }
int64_t ConvShape::out_w() const { return out_size(w, pad_left + pad_right, kw, stride_w, dilation_w, transposed, output_padding_w); }

ConvPlan make_plan(const PackedConv& weight, const ConvShape& s, const ConvOptions& options, int threads) {
  auto plan = std::make_shared<ConvPlanData>();
  plan->weight = weight;
  plan->shape = s;
  plan->options = options;
  plan->algorithm = pick_algorithm(*weight.data, s);
  if (const int64_t size = options.winograd && plan->algorithm == ConvAlgorithm::indirect ? pick_winograd(s) : 0) {
    plan->algorithm = ConvAlgorithm::winograd;
    plan->winograd = &pack_winograd(*weight.data, size, threads);
  } else {
    pack_direct(*weight.data, threads);
  }
  plan->out_h = s.out_h();
  plan->out_w = s.out_w();
  if (plan->out_h <= 0 || plan->out_w <= 0) throw std::bad_alloc();

  const bool input_fits = options.input == Layout::nhwc || s.c_in == 1 || s.h * s.w == 1;
  const bool output_fits = options.output == Layout::nhwc || s.c_out == 1 || plan->out_h * plan->out_w == 1;
  plan->input_copy = input_fits ? 0 : checked_elements({s.n, s.h, s.w, s.c_in});
  plan->output_copy = output_fits ? 0 : checked_elements({s.n, plan->out_h, plan->out_w, s.c_out});
  if (plan->algorithm == ConvAlgorithm::bordered) {
    const BorderedImage image(s);
    plan->input_copy = checked_elements({s.n, image.h, image.w, s.c_in});
  } else if (plan->algorithm == ConvAlgorithm::indirect || plan->algorithm == ConvAlgorithm::depthwise) {
    plan->row_offsets = tap_offsets(plan->out_h, s.kh, s.h, s.pad_top, s.stride_h, s.dilation_h, s.transposed, s.w * s.c_in);
    plan->column_offsets = tap_offsets(plan->out_w, s.kw, s.w, s.pad_left, s.stride_w, s.dilation_w, s.transposed, s.c_in);
  }
  if (plan->algorithm == ConvAlgorithm::depthwise || plan->algorithm == ConvAlgorithm::winograd) plan->zeros = AlignedBuffer<float>(s.c_in);
  return {std::move(plan)};
}

}  // namespace tsrun::kernels
