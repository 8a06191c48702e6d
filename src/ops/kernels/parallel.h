// The one place where kernels meet threads.
#pragma once
#include <algorithm>
#include <cstdint>

#ifdef _OPENMP
#include <omp.h>
#endif

namespace tsrun::kernels {

/// Calls f(begin, end) on disjoint ranges that cover [0, n), on at most `threads` threads, each range at least `grain` long.
/// With one thread (or n <= grain) f runs on the calling thread and no thread is started. f must not throw.
/// The split depends on n, grain and threads alone, so results that do not mix ranges are the same for every thread count.
template <class F>
void parallel_for(int threads, int64_t n, int64_t grain, F&& f) {
  if (n <= 0) return;
  grain = std::max<int64_t>(grain, 1);
  int64_t parts = std::min<int64_t>(threads, (n + grain - 1) / grain);
#ifdef _OPENMP
  if (parts > 1 && !omp_in_parallel()) {
#pragma omp parallel num_threads(static_cast <int>(parts))
    {
      int64_t id = omp_get_thread_num(), count = omp_get_num_threads();
      int64_t begin = n * id / count, end = n * (id + 1) / count;
      if (begin < end) f(begin, end);
    }
    return;
  }
#endif
  f(0, n);
}

}  // namespace tsrun::kernels
