// Every allocation of loading and running a model may be the one that fails: the result is an error, and nothing leaks or is used after
// its release (the sanitizers' build sees that). A program of its own, because it replaces operator new.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <new>

#include "tsrun/tsrun.h"

namespace {

thread_local constinit long allowed = -1;  ///< allocations until one fails; negative: none does
thread_local constinit bool failed = false;

void* allocate(std::size_t bytes, std::size_t alignment) {
  if (allowed >= 0 && allowed-- == 0) {
    failed = true;
    return nullptr;
  }
  if (alignment <= __STDCPP_DEFAULT_NEW_ALIGNMENT__) return std::malloc(bytes ? bytes : 1);
  return std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
}

void* allocate_or_throw(std::size_t bytes, std::size_t alignment = 1) {
  if (void* p = allocate(bytes, alignment)) return p;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t bytes) { return allocate_or_throw(bytes); }
void* operator new[](std::size_t bytes) { return allocate_or_throw(bytes); }
void* operator new(std::size_t bytes, std::align_val_t a) { return allocate_or_throw(bytes, static_cast<std::size_t>(a)); }
void* operator new[](std::size_t bytes, std::align_val_t a) { return allocate_or_throw(bytes, static_cast<std::size_t>(a)); }
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept { return allocate(bytes, 1); }
void* operator new[](std::size_t bytes, const std::nothrow_t&) noexcept { return allocate(bytes, 1); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

namespace {

enum class Outcome { fine, refused };

/// Loads a model and calls it twice, with the n-th allocation failing. Any exception but Error and bad_alloc gets out.
Outcome run(const std::string& path, const std::vector<tsrun::Value>& inputs, long n) {
  tsrun::Options options;
  options.threads = 1;
  std::vector<tsrun::Value> first = inputs, second = inputs;
  Outcome outcome = Outcome::fine;
  failed = false;
  allowed = n;
  try {
    tsrun::Module module = tsrun::load(path, options);
    module.forward(std::move(first));
    module.forward(std::move(second));
  } catch (const tsrun::Error&) { outcome = Outcome::refused; } catch (const std::bad_alloc&) {
    outcome = Outcome::refused;
  }
  allowed = -1;
  return outcome;
}

}  // namespace

TEST_CASE("the n-th allocation fails") {
  for (const char* name : {"sign_branch", "forks", "dtypes", "simplenet", "recurrent"}) {
    const std::string path = TSRUN_SOURCE_DIR "/tests/golden/" + std::string(name);
    const std::vector<tsrun::Value> inputs = tsrun::load_values(path + ".inputs.pt").to_tuple().elements;
    long refused = 0, n = 0;
    for (;; n += 1 + n / 256) {  // each of the first ones, then fewer
      INFO(name << ", allocation " << n);
      const Outcome outcome = run(path + ".pt", inputs, n);
      if (!failed) break;  // there are no more
      refused += outcome == Outcome::refused;
    }
    INFO(name << ": " << n << " allocations, " << refused << " refused");
    CHECK(refused > 100);
    CHECK(run(path + ".pt", inputs, -1) == Outcome::fine);  // what failed has left nothing broken behind
  }
}
