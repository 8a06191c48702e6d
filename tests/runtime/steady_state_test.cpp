// After its first calls a session takes all memory from what the calls before gave back. The heap of this program counts.
#include <catch2/catch.hpp>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <vector>

#include "tsrun/tsrun.h"

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

extern "C" {
void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
void* __libc_memalign(size_t, size_t);
}

namespace {
thread_local constinit long allocations = 0;  // of this thread
}

// operator new of the standard library ends here too.
extern "C" {
void* malloc(size_t bytes) noexcept {
  ++allocations;
  return __libc_malloc(bytes);
}
void* calloc(size_t n, size_t bytes) noexcept {
  ++allocations;
  return __libc_calloc(n, bytes);
}
void* realloc(void* p, size_t bytes) noexcept {
  ++allocations;
  return __libc_realloc(p, bytes);
}
void* aligned_alloc(size_t alignment, size_t bytes) noexcept {
  ++allocations;
  return __libc_memalign(alignment, bytes);
}
int posix_memalign(void** p, size_t alignment, size_t bytes) noexcept {
  ++allocations;
  *p = __libc_memalign(alignment, bytes);
  return *p ? 0 : ENOMEM;
}
}

namespace {

struct Allocations {
  long first, last;
};

/// Heap allocations in the first and the tenth call of forward. The caller's vector of arguments is made outside.
Allocations allocations_of_calls(const std::string& name) {
  const std::string path = TSRUN_SOURCE_DIR "/tests/golden/" + name;
  tsrun::Options options;
  options.threads = 1;
  tsrun::Session session(tsrun::load(path + ".pt"), options);
  const std::vector<tsrun::Value> inputs = tsrun::load_values(path + ".inputs.pt").to_tuple().elements;
  Allocations seen{};
  for (int i = 0; i < 10; ++i) {
    std::vector<tsrun::Value> arguments = inputs;
    const long before = allocations;
    tsrun::Value result = session.run("forward", std::move(arguments));
    seen.last = allocations - before;
    if (i == 0) seen.first = seen.last;
  }
  return seen;
}

}  // namespace

TEST_CASE("The heap counts", "[steady]") {
  const long before = allocations;
  std::vector<tsrun::Value> one(1);
  void* volatile block = std::aligned_alloc(64, 64);
  std::free(block);
  CHECK(allocations - before == 2);
}

TEST_CASE("Calls after the first ones make no heap allocation", "[steady]") {
  for (const char* name : {"simplenet", "simplecnn_traced", "recurrent"}) {
    INFO(name);
    const Allocations seen = allocations_of_calls(name);
    CHECK(seen.first > 0);
    CHECK(seen.last == 0);
  }
}

#endif
