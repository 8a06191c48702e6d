#include "ops/kernels/parallel.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#ifdef __unix__
#include <sys/wait.h>
#include <unistd.h>
#endif

using tsrun::kernels::parallel_for;

namespace {

/// The ranges that f is called with, in order.
std::set<std::pair<int64_t, int64_t>> ranges(int threads, int64_t n, int64_t grain) {
  std::mutex mutex;
  std::set<std::pair<int64_t, int64_t>> all;
  parallel_for(threads, n, grain, [&](int64_t begin, int64_t end) {
    std::lock_guard lock(mutex);
    CHECK(all.emplace(begin, end).second);
  });
  return all;
}

/// Whether every index below n is visited once by each of `rounds` calls.
bool visits_all(int threads, int64_t n, int rounds) {
  std::vector<int> visits(static_cast<size_t>(n), 0);
  for (int r = 0; r < rounds; ++r)
    parallel_for(threads, n, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) ++visits[static_cast<size_t>(i)];
    });
  return std::ranges::all_of(visits, [&](int v) { return v == rounds; });
}

}  // namespace

TEST_CASE("parallel ranges cover all without overlap", "[parallel_for]") {
  for (int threads : {1, 2, 3, 8, 300})
    for (int64_t n : {0, 1, 2, 7, 64, 1000})
      for (int64_t grain : {-1, 0, 1, 3, 64, 5000}) {
        INFO(threads << " threads, " << n << " by " << grain);
        int64_t at = 0;
        auto all = ranges(threads, n, grain);
        int64_t step = std::max<int64_t>(grain, 1);
        CHECK(static_cast<int64_t>(all.size()) == std::min<int64_t>(threads, (n + step - 1) / step));
        for (auto [begin, end] : all) {
          CHECK(begin == at);
          CHECK(end > begin);
          at = end;
        }
        CHECK(at == n);
      }
  auto huge = ranges(3, INT64_MAX - 1, 1);
  CHECK(huge.size() == 3);
  CHECK(huge.rbegin()->second == INT64_MAX - 1);
}

TEST_CASE("one thread starts no thread", "[parallel_for]") {
  auto here = std::this_thread::get_id();
  parallel_for(1, 1000, 1, [&](int64_t, int64_t) { CHECK(std::this_thread::get_id() == here); });
}

TEST_CASE("a range inside a range runs where it is", "[parallel_for]") {
  std::atomic<int64_t> inner{0}, elsewhere{0};
  parallel_for(4, 4, 1, [&](int64_t begin, int64_t end) {
    auto here = std::this_thread::get_id();
    for (int64_t i = begin; i < end; ++i)
      parallel_for(4, 100, 1, [&](int64_t b, int64_t e) {
        inner += e - b;
        elsewhere += std::this_thread::get_id() != here;
      });
  });
  CHECK(inner == 400);
  CHECK(elsewhere == 0);
}

TEST_CASE("workers help", "[parallel_for]") {
  std::atomic<int> arrived{0};
  std::set<std::thread::id> who;
  std::mutex mutex;
  parallel_for(3, 3, 1, [&](int64_t, int64_t) {  // ends only if three threads are in it at once
    ++arrived;
    while (arrived < 3) std::this_thread::yield();
    std::lock_guard lock(mutex);
    who.insert(std::this_thread::get_id());
  });
  CHECK(who.size() == 3);
}

TEST_CASE("many callers share the workers", "[parallel_for]") {
  std::vector<std::thread> callers;
  std::atomic<int> right{0};
  for (int c = 0; c < 6; ++c) callers.emplace_back([&, c] { right += visits_all(2 + c % 3, 50 + c, 3000); });
  for (std::thread& t : callers) t.join();
  CHECK(right == 6);
}

TEST_CASE("work goes on after a pause in which workers fell asleep", "[parallel_for]") {
  for (int i = 0; i < 20; ++i) {
    CHECK(visits_all(3, 17, 5));
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

#ifdef __unix__
TEST_CASE("a forked child works without its parent's threads", "[parallel_for]") {
  CHECK(visits_all(3, 100, 10));
  pid_t child = fork();
  if (child == 0) _exit(visits_all(3, 100, 1000) ? 0 : 1);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
#endif
