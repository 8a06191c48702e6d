// Timing for the kernel benchmarks: the minimum of many runs, and the speed no product can pass.
#pragma once
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "ops/kernels/gemm_kernels.h"

namespace tsrun::kernels::bench {

/// Seconds of the fastest call of f within the budget.
template <class F>
double best_seconds(F f, double budget = 0.15) {
  using Clock = std::chrono::steady_clock;
  const auto seconds = [](Clock::duration d) { return std::chrono::duration<double>(d).count(); };
  f();
  double best = 1e9;
  for (const auto end = Clock::now() + std::chrono::duration<double>(budget); Clock::now() < end;) {
    const auto start = Clock::now();
    f();
    best = std::min(best, seconds(Clock::now() - start));
  }
  return best;
}

/// Aligned as tensors are.
inline AlignedBuffer<float> random_floats(int64_t count, float scale) {
  AlignedBuffer<float> values(count);
  uint32_t state = 1;
  for (int64_t i = 0; i < count; i++) {
    state = state * 1664525u + 1013904223u;
    values.data()[i] = scale * (static_cast<float>(state >> 8) / (1 << 23) - 1);
  }
  return values;
}

/// GFLOP/s of the tallest tile on data in the first cache: the multiply-add peak of one core, for the current instruction set.
inline double peak_gflops() {
  const GemmKernels<float>& kernels = gemm_kernels<float>();
  constexpr int64_t kDepth = 64;
  const int64_t rows = kernels.mr_max, n = kernels.panel;
  AlignedBuffer<float> a(rows * kDepth), b(kDepth * n), c(rows * n);
  std::vector<const float*> pointers;
  for (int64_t i = 0; i < rows; i++) pointers.push_back(a.data() + i * kDepth);
  const GemmTile<float> tile = {1, kDepth, pointers.data(), b.data(), n, nullptr, 0, nullptr, c.data(), n, n, nullptr, nullptr, 0};
  constexpr int kRepeats = 2000;
  const double seconds = best_seconds([&] {
    for (int i = 0; i < kRepeats; i++) kernels.full[rows - 1](tile);
  });
  return 2e-9 * kRepeats * static_cast<double>(rows * n * kDepth) / seconds;
}

/// The first argument names the instruction set (default: the best), the second the threads (default 1).
inline int setup(int argc, char** argv) {
  if (argc > 1) set_isa(argv[1]);
  return argc > 2 ? std::atoi(argv[2]) : 1;
}

}  // namespace tsrun::kernels::bench
