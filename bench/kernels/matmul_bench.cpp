// Speed of products of activations (nothing packed before): small matrices, attention, matrix-vector.
//   matmul_bench [isa] [threads]
#include <cstdio>

#include "timing.h"

using namespace tsrun::kernels;
using namespace tsrun::kernels::bench;

namespace {

struct Shape {
  int64_t m, n, k;
};

const Shape kShapes[] = {{4, 4, 4},      {8, 8, 8},       {16, 16, 16},    {32, 32, 32},   {64, 64, 64},    {128, 128, 64},
                         {128, 64, 128}, {197, 197, 64},  {197, 64, 197},  {512, 512, 64}, {512, 64, 512},  {1, 128, 64},
                         {1, 64, 128},   {1, 1000, 1000}, {1000, 1, 1000}, {10, 512, 512}, {256, 256, 256}, {1000, 1000, 1000}};

}  // namespace

int main(int argc, char** argv) {
  const int threads = setup(argc, argv);
  const double peak = peak_gflops() * threads;
  std::printf("%s, %d thread(s), peak %.0f GFLOP/s\n%5s %5s %5s | %9s %8s %5s | %9s %8s %5s\n", isa_name(current_isa()), threads, peak, "m",
              "n", "k", "A*B us", "GFLOP/s", "peak%", "A*B^T us", "GFLOP/s", "peak%");
  for (const Shape& s : kShapes) {
    const auto a = random_floats(s.m * s.k, 1), b = random_floats(s.k * s.n, 1);
    AlignedBuffer<float> c(s.m * s.n);
    AlignedBuffer<std::byte> workspace(static_cast<int64_t>(gemm_workspace_bytes<float>(s.m, s.n, s.k)));
    std::printf("%5ld %5ld %5ld", long(s.m), long(s.n), long(s.k));
    for (const MatrixView<float>& view : {MatrixView<float>{b.data(), s.n, 1}, MatrixView<float>{b.data(), 1, s.k}}) {
      const int repeats = static_cast<int>(std::clamp<int64_t>(1000000 / (s.m * s.n * s.k), 1, 1000));
      const double seconds = best_seconds([&] {
                               for (int i = 0; i < repeats; i++)
                                 gemm(s.m, s.n, s.k, {a.data(), s.k, 1}, view, c.data(), s.n, {}, workspace.data(), threads);
                             }) /
                             repeats;
      const double flops = 2e-9 * static_cast<double>(s.m * s.n * s.k);
      std::printf(" | %9.2f %8.1f %5.0f", seconds * 1e6, flops / seconds, 100 * flops / seconds / peak);
    }
    std::printf("\n");
  }
}
