// Weights of convolutions, from the order in which they are stored to those in which kernels read them.
#include <algorithm>
#include <new>

#include "ops/kernels/conv_data.h"
#include "ops/kernels/gemm_driver.h"
#include "ops/kernels/gemm_pack.h"
#include "ops/kernels/transpose.h"

namespace tsrun::kernels {
namespace {

int64_t checked_elements(int64_t a, int64_t b) {
  int64_t product;
  if (a < 0 || b < 0 || __builtin_mul_overflow(a, b, &product)) throw std::bad_alloc();
  return product;
}

// Columns of a group's B, as rows: out[o][ky][kx][c] for output channels first <= o < first + count of group g.
void gather_filters(const ConvWeight& w, int64_t g, int64_t first, int64_t count, float* out) {
  const int64_t c_in = w.c_in / w.groups, c_out = w.c_out / w.groups;
  const float* group = w.data + g * (w.transposed ? c_in * w.stride_c : c_out * w.stride_o);
  for (int64_t o = first; o < first + count; o++) {
    const float factor = w.scale ? w.scale[g * c_out + o] : 1;
    for (int64_t ky = 0; ky < w.kh; ky++) {
      for (int64_t kx = 0; kx < w.kw; kx++) {
        const float* tap = group + o * w.stride_o + ky * w.stride_h + kx * w.stride_w;
        if (w.stride_c == 1) {
          for (int64_t c = 0; c < c_in; c++) *out++ = factor * tap[c];
        } else {
          for (int64_t c = 0; c < c_in; c++) *out++ = factor * tap[c * w.stride_c];
        }
      }
    }
  }
}

// Writes the panels [k][width] of group g, shared among threads, and calls f(first column, width, panel) for each. place(first column)
// says where a panel goes; null: to a place that lasts during f.
template <class Place, class F>
void each_panel(const ConvWeight& w, int64_t g, const GemmKernels<float>& kernels, int threads, Place place, F f) {
  const int64_t k = w.kh * w.kw * (w.c_in / w.groups), c_out = w.c_out / w.groups, most = checked_elements(k, kernels.panel);
  const PanelSplit split(kernels, c_out);
  constexpr int64_t kWorthAThread = 65536;
  const int64_t parts = std::clamp<int64_t>(std::min<int64_t>(split.count(), c_out * k / kWorthAThread), 1, std::max(threads, 1));
  const std::unique_ptr<float[]> space(new float[static_cast<size_t>(checked_elements(2 * most, parts))]);
  parallel_for(static_cast<int>(parts), parts, 1, [&](int64_t begin, int64_t end) {
    for (int64_t part = begin; part < end; part++) {
      float* filters = space.get() + 2 * most * part;
      for (int64_t p = split.count() * part / parts; p < split.count() * (part + 1) / parts; p++) {
        const int64_t n0 = p * kernels.panel, width = p < split.full ? kernels.panel : split.last_width,
                      columns = std::min<int64_t>(kernels.panel, c_out - n0);
        float* out = place(n0);
        if (!out) out = filters + most;
        gather_filters(w, g, n0, columns, filters);
        transpose2d(filters, columns, k, k, out, width);
        for (int64_t i = 0; columns < width && i < k; i++) std::fill(out + i * width + columns, out + (i + 1) * width, 0.0f);
        f(n0, width, out);
      }
    }
  });
}

PackedMatrix<float> pack_group(const ConvWeight& w, int64_t g, int threads) {
  PackedMatrix<float> packed;
  packed.k = w.kh * w.kw * (w.c_in / w.groups);
  packed.n = w.c_out / w.groups;
  packed.kernels = &gemm_kernels<float>();
  packed.panels = AlignedBuffer<float>(checked_elements(packed.k, padded_columns(*packed.kernels, packed.n)));
  each_panel(
      w, g, *packed.kernels, threads, [&](int64_t n0) { return packed.panels.data() + n0 * packed.k; }, [](int64_t, int64_t, float*) {});
  return packed;
}

AlignedBuffer<float> pack_depthwise(const ConvWeight& w) {
  AlignedBuffer<float> packed(checked_elements(w.kh * w.kw, w.groups));
  float* out = packed.data();
  for (int64_t ky = 0; ky < w.kh; ky++) {
    for (int64_t kx = 0; kx < w.kw; kx++) {
      const float* tap = w.data + ky * w.stride_h + kx * w.stride_w;
      for (int64_t g = 0; g < w.groups; g++) { *out++ = tap[g * (w.transposed ? w.stride_c : w.stride_o)] * (w.scale ? w.scale[g] : 1); }
    }
  }
  return packed;
}

}  // namespace

ConvWeight contiguous_weight(const float* data, const ConvShape& s) {
  const int64_t taps = s.kh * s.kw, outer = taps * (s.transposed ? s.c_out : s.c_in) / s.groups;
  ConvWeight w{data, s.c_in, s.c_out, s.kh, s.kw, s.groups, s.transposed ? taps : outer, s.transposed ? outer : taps, s.kw, 1};
  w.transposed = s.transposed;
  return w;
}

PackedConv pack_conv(const ConvWeight& weight) {
  return pack_conv(weight, [weight] { return weight; });
}

PackedConv pack_conv(const ConvWeight& like, std::function<ConvWeight()> source) {
  auto data = std::make_shared<PackedConvData>();
  data->c_in = like.c_in;
  data->c_out = like.c_out;
  data->kh = like.kh;
  data->kw = like.kw;
  data->groups = like.groups;
  data->source = std::move(source);
  return {std::move(data)};
}

void pack_direct(PackedConvData& data, int threads) {
  std::call_once(data.direct_made, [&] {
    const ConvWeight weight = data.source();
    if (data.is_depthwise()) {
      data.depthwise = pack_depthwise(weight);
      data.depthwise_kernels = &depthwise_kernels();
      return;
    }
    std::vector<PackedMatrix<float>> groups;
    for (int64_t g = 0; g < weight.groups; g++) groups.push_back(pack_group(weight, g, threads));
    data.group_weights = std::move(groups);
  });
}

const WinogradWeight& pack_winograd(PackedConvData& data, int64_t size, int threads) {
  WinogradWeight& made = size == 2 ? data.two : data.four;
  std::call_once(size == 2 ? data.two_made : data.four_made, [&] {
    const ConvWeight weight = data.source();
    const GemmKernels<float>& gemm = gemm_kernels<float>();
    const WinogradKernels& kernels = winograd_kernels(size);
    const int64_t c_in = weight.c_in, columns = padded_columns(gemm, weight.c_out);
    made.points = AlignedBuffer<float>(checked_elements(winograd_points(size) * c_in, columns));
    each_panel(
        weight, 0, gemm, threads, [](int64_t) -> float* { return nullptr; },
        [&](int64_t n0, int64_t width, const float* panel) {
          kernels.filter(panel, c_in * width, c_in * width, made.points.data() + n0 * c_in, c_in * columns);
        });
    made.gemm = &gemm;
    made.kernels = &kernels;
  });
  return made;
}

}  // namespace tsrun::kernels
