// A pool of threads in which nobody waits for a thread that has not come.
//
// Whoever has work posts it to idle workers and starts on it at once. Everybody takes the next part by a counter, so a worker that the
// system delays costs nothing but its help: when the parts are taken the caller takes its posting back from workers that have not seen it,
// and waits only for those in the middle of a part. A worker looks for work for a while after its last (the next operator comes soon), then
// sleeps.
#include "ops/kernels/parallel.h"

#ifdef TSRUN_OPENMP
#include <omp.h>

namespace tsrun::kernels {

bool in_parallel() { return omp_in_parallel(); }

void run_parts(int64_t parts, void (*part)(void*, int64_t), void* f) {
#pragma omp parallel for schedule(static, 1) num_threads(static_cast <int>(parts))
  for (int64_t i = 0; i < parts; ++i) part(f, i);
}

}  // namespace tsrun::kernels

#else
#include <atomic>
#include <chrono>
#include <thread>

#ifdef __unix__
#include <pthread.h>
#include <signal.h>
#endif

namespace tsrun::kernels {
namespace {

constexpr auto idle_spin = std::chrono::microseconds(50);   // a worker without work, before it sleeps
constexpr auto wait_spin = std::chrono::microseconds(200);  // a caller whose last part runs elsewhere, before it sleeps
constexpr int max_workers = 255;

thread_local bool working = false;

struct Job {  // on its caller's stack
  void (*part)(void*, int64_t);
  void* f;
  int64_t parts;
  std::atomic<int64_t> next{0};

  void run() {
    for (int64_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < parts;) part(f, i);
  }
};

inline void pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// Spins until done() or the time is over; gives done().
template <class Done>
bool spin(std::chrono::microseconds time, Done done) {
  const auto end = std::chrono::steady_clock::now() + time;
  do {
    for (int i = 0; i < 32; ++i) {
      if (done()) return true;
      pause();
    }
  } while (std::chrono::steady_clock::now() < end);
  return done();
}

class alignas(64) Worker {
 public:
  /// Hands the job over if the worker is idle. `ticket` is for settle().
  bool post(Job& job, uint32_t& ticket) {
    Job* idle = nullptr;
    if (!inbox_.compare_exchange_strong(idle, reserved())) return false;
    ticket = finished_;  // of a reserved worker, this does not change
    inbox_ = &job;
    if (asleep_ && asleep_.exchange(0)) asleep_.notify_one();
    return true;
  }

  /// Takes the job back, or waits until the worker has left it.
  void settle(Job& job, uint32_t ticket) {
    Job* posted = &job;
    if (inbox_.compare_exchange_strong(posted, nullptr)) return;
    if (!spin(wait_spin, [&] { return finished_ != ticket; })) finished_.wait(ticket);
  }

  [[noreturn]] void live() {
    working = true;
    for (;;) {
      Job* job = await_job();
      if (!inbox_.compare_exchange_strong(job, busy())) continue;  // taken back
      job->run();
      ++finished_;
      finished_.notify_all();
      inbox_ = nullptr;
    }
  }

 private:
  // States of the inbox that are no job: addresses no job has.
  Job* reserved() { return reinterpret_cast<Job*>(&finished_); }
  Job* busy() { return reinterpret_cast<Job*>(&asleep_); }

  Job* await_job() {
    Job* job = nullptr;
    auto posted = [&] { return (job = inbox_) != nullptr && job != reserved(); };
    while (!spin(idle_spin, posted)) {
      asleep_ = 1;
      if (posted()) {
        asleep_ = 0;
        break;
      }
      asleep_.wait(1);
    }
    return job;
  }

  std::atomic<Job*> inbox_{nullptr};  // null: idle
  std::atomic<uint32_t> asleep_{0};
  alignas(64) std::atomic<uint32_t> finished_{0};  // jobs
};

/// Never destroyed: its threads end with the process, whatever the order in which things are torn down.
class Pool {
 public:
  static Pool& instance() {
    static Pool* first = make();
    (void)first;
    return *current.load(std::memory_order_acquire);
  }

  void run(Job& job) {
    struct Helper {
      Worker* worker;
      uint32_t ticket;
    } helpers[max_workers];
    const auto wanted = static_cast<int>(std::min<int64_t>(job.parts - 1, max_workers));
    const int most = std::max(wanted, std::min(processors_ - 1, max_workers));  // several callers share the workers
    int posted = 0;
    for (int i = 0; i < most && posted < wanted && (i < started_ || start(i)); ++i)
      if (workers_[i].post(job, helpers[posted].ticket)) helpers[posted++].worker = &workers_[i];
    working = true;
    job.run();
    working = false;
    for (int i = 0; i < posted; ++i) helpers[i].worker->settle(job, helpers[i].ticket);
  }

 private:
  static inline std::atomic<Pool*> current{nullptr};

  static Pool* make() {
    current = new Pool;
#ifdef __unix__
    pthread_atfork(nullptr, nullptr, [] { current = new Pool; });  // a forked child has none of the threads
#endif
    return current;
  }

  /// Starts worker i, the first that is not; false if the system gives no more threads.
  bool start(int i) {
    bool free = false;
    if (!starting_.compare_exchange_strong(free, true)) return false;  // somebody else is: do without
    bool started = i < started_;
    if (!started && i == started_) {
      try {
#ifdef __unix__
        sigset_t all, before;  // signals are for the host's threads
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
#endif
        try {
          std::thread([w = &workers_[i]] { w->live(); }).detach();
          ++started_;
          started = true;
        } catch (...) {}  // fewer threads, the same results
#ifdef __unix__
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
#endif
      } catch (...) {}
    }
    starting_ = false;
    return started;
  }

  const int processors_ = static_cast<int>(std::thread::hardware_concurrency());
  Worker workers_[max_workers];
  std::atomic<int> started_{0};
  std::atomic<bool> starting_{false};
};

}  // namespace

bool in_parallel() { return working; }

void run_parts(int64_t parts, void (*part)(void*, int64_t), void* f) {
  Job job{part, f, parts};
  Pool::instance().run(job);
}

}  // namespace tsrun::kernels
#endif
