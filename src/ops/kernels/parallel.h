// The one place where kernels meet threads.
#pragma once
#include <algorithm>
#include <cstdint>

namespace tsrun::kernels {

/// Runs part(f, i) once for each i in [0, parts), on the calling thread and up to parts - 1 others. part must not throw.
void run_parts(int64_t parts, void (*part)(void* f, int64_t i), void* f);

/// Whether the calling thread works on a part already: what it asks for then runs on it alone.
bool in_parallel();

/// Calls f(begin, end) on disjoint ranges of nearly equal length that cover [0, n): at most one for each thread and one for each `grain`
/// begun. With one thread (or n <= grain) f runs on the calling thread and no thread is started. f must not throw. The split depends on n,
/// grain and threads alone, so results that do not mix ranges are the same for every thread count.
template <class F>
void parallel_for(int threads, int64_t n, int64_t grain, F&& f) {
  if (n <= 0) return;
  grain = std::max<int64_t>(grain, 1);
  struct Split {
    F& f;
    int64_t n, parts;
  } split{f, n, std::min<int64_t>(threads, (n - 1) / grain + 1)};
  if (split.parts <= 1 || in_parallel()) return f(0, n);
  run_parts(
      split.parts,
      [](void* p, int64_t i) {
        auto& s = *static_cast<Split*>(p);
        int64_t begin = s.n / s.parts * i + s.n % s.parts * i / s.parts;  // n * i / parts, where n * i may be too large
        int64_t end = s.n / s.parts * (i + 1) + s.n % s.parts * (i + 1) / s.parts;
        if (begin < end) s.f(begin, end);
      },
      &split);
}

}  // namespace tsrun::kernels
