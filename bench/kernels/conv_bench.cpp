// Speed of channels-last convolutions on layers of real models, each way of computing them that applies.
//   conv_bench [isa] [threads]
#include <cstdio>

#include "ops/kernels/conv.h"
#include "timing.h"

using namespace tsrun::kernels;
using namespace tsrun::kernels::bench;

namespace {

struct Layer {
  int64_t size, c_in, c_out, kernel, stride, groups;
};

const Layer kLayers[] = {
    {224, 3, 64, 7, 2, 1},    {224, 3, 32, 3, 2, 1},     {56, 64, 64, 3, 1, 1},     {28, 128, 128, 3, 1, 1},     {14, 256, 256, 3, 1, 1},
    {7, 512, 512, 3, 1, 1},   {112, 64, 128, 3, 1, 1},   {56, 128, 256, 3, 1, 1},   {28, 512, 512, 3, 1, 1},     {14, 512, 512, 3, 1, 1},
    {56, 64, 128, 3, 2, 1},   {28, 128, 256, 3, 2, 1},   {14, 256, 512, 3, 2, 1},   {28, 512, 1024, 1, 2, 1},    {56, 128, 128, 3, 1, 32},
    {112, 32, 32, 3, 1, 32},  {112, 96, 96, 3, 2, 96},   {56, 144, 144, 3, 1, 144}, {28, 192, 192, 3, 1, 192},   {14, 576, 576, 3, 1, 576},
    {7, 960, 960, 3, 1, 960}, {28, 240, 240, 5, 1, 240}, {14, 672, 672, 5, 1, 672}, {7, 1152, 1152, 5, 1, 1152}, {28, 72, 72, 5, 2, 72},
    {56, 96, 96, 7, 1, 96},
};

}  // namespace

int main(int argc, char** argv) {
  const int threads = setup(argc, argv);
  const double peak = peak_gflops() * threads;
  std::printf("%s, %d thread(s), peak %.0f GFLOP/s; GFLOP/s and GB/s are of the direct algorithm's work and the tensors alone\n",
              isa_name(current_isa()), threads, peak);
  for (const Layer& l : kLayers) {
    const int64_t pad = l.kernel / 2;
    const ConvShape shape = {1,        l.size, l.size, l.c_in, l.c_out, l.kernel, l.kernel, l.stride,
                             l.stride, pad,    pad,    pad,    pad,     1,        1,        l.groups};
    const int64_t outputs = shape.out_h() * shape.out_w() * l.c_out;
    const auto x = random_floats(l.size * l.size * l.c_in, 1), w = random_floats(l.c_out * l.c_in / l.groups * l.kernel * l.kernel, 0.1f);
    const auto bias = random_floats(l.c_out, 1);
    AlignedBuffer<float> y(outputs);
    const PackedConv packed = pack_conv(contiguous_weight(w.data(), shape));
    for (bool winograd : {false, true}) {
      if (winograd && (l.kernel != 3 || l.stride != 1 || l.groups != 1)) continue;
      const ConvPlan plan = make_plan(packed, shape, {l.c_in == 3 ? Layout::nchw : Layout::nhwc, Layout::nhwc, winograd});
      AlignedBuffer<std::byte> workspace(static_cast<int64_t>(conv_workspace_bytes(plan, threads)));
      const Epilogue<float> epilogue = {bias.data(), nullptr, 0, {ActivationKind::relu}};
      const double seconds = best_seconds([&] { run_conv(plan, x.data(), y.data(), epilogue, workspace.data(), threads); });
      const double flops = 2e-9 * static_cast<double>(outputs * l.c_in / l.groups * l.kernel * l.kernel);
      std::printf("%ldx%ld s%ld %4ldx%-4ld %4ld>%-4ld groups %-4ld %-8s %9.1f us %7.1f GFLOP/s %4.0f%% %6.1f GB/s\n", long(l.kernel),
                  long(l.kernel), long(l.stride), long(l.size), long(l.size), long(l.c_in), long(l.c_out), long(l.groups),
                  winograd ? "winograd" : "direct", seconds * 1e6, flops / seconds, 100 * flops / seconds / peak,
                  1e-9 * static_cast<double>(x.bytes() + y.bytes()) / seconds);
    }
  }
}
