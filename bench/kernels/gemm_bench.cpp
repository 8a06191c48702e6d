// Speed of packed products on shapes of real models: weights warm in the caches, and cold as inside a model larger than them.
//   gemm_bench [isa] [threads]
#include <cstdio>

#include "timing.h"

using namespace tsrun::kernels;
using namespace tsrun::kernels::bench;

namespace {

struct Shape {
  const char* from;
  int64_t m, n, k;
};

const Shape kShapes[] = {
    {"ResNet-50", 3136, 256, 64},   {"ResNet-50", 3136, 64, 256},  {"ResNet-50", 784, 512, 128},   {"ResNet-50", 784, 128, 512},
    {"ResNet-50", 196, 1024, 256},  {"ResNet-50", 196, 256, 1024}, {"ResNet-50", 49, 2048, 512},   {"MobileNetV2", 12544, 96, 16},
    {"MobileNetV2", 12544, 16, 32}, {"MobileNetV2", 784, 192, 32}, {"MobileNetV2", 3136, 24, 144}, {"MobileNetV2", 196, 64, 384},
    {"MobileNetV2", 196, 96, 576},  {"MobileNetV2", 49, 960, 160}, {"ViT-B/16", 197, 2304, 768},   {"ViT-B/16", 197, 768, 3072},
    {"encoder", 128, 2048, 512},    {"encoder", 16, 2048, 512},    {"encoder", 16, 512, 2048},     {"MLP", 64, 1024, 1024},
    {"MLP", 1, 1024, 1024},         {"MLP", 2, 1024, 1024},        {"MLP", 4, 1024, 1024},         {"VGG", 1, 4096, 4096},
};

constexpr int64_t kColdBytes = 96 << 20;

}  // namespace

int main(int argc, char** argv) {
  const int threads = setup(argc, argv);
  const double peak = peak_gflops() * threads;
  std::printf("%s, %d thread(s), peak %.0f GFLOP/s\n", isa_name(current_isa()), threads, peak);
  std::printf("%-12s %6s %5s %5s | %9s %8s %5s | %9s %8s %6s\n", "from", "m", "n", "k", "warm us", "GFLOP/s", "peak%", "cold us", "GFLOP/s",
              "GB/s");
  for (const Shape& s : kShapes) {
    const auto a = random_floats(s.m * s.k, 1), b = random_floats(s.k * s.n, 0.1f), bias = random_floats(s.n, 1);
    AlignedBuffer<float> c(s.m * s.n);
    std::vector<PackedMatrix<float>> copies;
    const int64_t weight_bytes = s.n * s.k * 4;
    for (int64_t i = 0; i < std::min<int64_t>(kColdBytes / weight_bytes + 1, 400); i++)
      copies.push_back(pack_b(b.data(), s.k, s.n, 1, s.k));
    const Epilogue<float> epilogue = {bias.data(), nullptr, 0, {ActivationKind::relu}};
    const auto product = [&](const PackedMatrix<float>& packed) {
      gemm_packed(s.m, a.data(), s.k, packed, c.data(), s.n, epilogue, threads);
    };
    size_t next = 0;
    const double warm = best_seconds([&] { product(copies[0]); });
    const double cold = best_seconds([&] { product(copies[next++ % copies.size()]); });
    const double flops = 2e-9 * static_cast<double>(s.m * s.n * s.k);
    std::printf("%-12s %6ld %5ld %5ld | %9.1f %8.1f %5.0f | %9.1f %8.1f %6.1f\n", s.from, long(s.m), long(s.n), long(s.k), warm * 1e6,
                flops / warm, 100 * flops / warm / peak, cold * 1e6, flops / cold, 1e-9 * static_cast<double>(weight_bytes) / cold);
  }
}
