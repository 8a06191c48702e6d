// What the kernel tests share: every instruction set in turn, repeatable values, scratch memory.
#pragma once
#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "ops/kernels/aligned_buffer.h"
#include "ops/kernels/isa.h"

namespace tsrun::kernels::testing {

/// Runs the body once per instruction set that this CPU has, then returns to the best.
template <class Body>
void for_each_isa(Body body) {
  const Isa before = current_isa();
  for (int i = 0; i <= static_cast<int>(best_isa()); i++) {
    const char* name = isa_name(static_cast<Isa>(i));
    INFO("instruction set " << name);
    set_isa(name);
    body();
  }
  set_isa(isa_name(before));
}

/// Fills buffers whose every element should, or should not, be written.
template <class T>
constexpr T kUntouched = T(12345.678);

/// Evenly spread in [-1, 1), the same for the same seed.
template <class T>
std::vector<T> random_values(int64_t count, uint32_t seed) {
  std::vector<T> values(static_cast<size_t>(count));
  uint32_t state = seed * 2654435761u + 1;
  for (T& value : values) {
    state = state * 1664525u + 1013904223u;
    value = static_cast<T>(state >> 8) / static_cast<T>(1 << 23) - 1;
  }
  return values;
}

/// 64-byte aligned, filled with a NaN pattern: kernels may not rely on what is in it.
class Workspace {
 public:
  explicit Workspace(size_t bytes) : memory_(static_cast<int64_t>(bytes)) {
    if (bytes) std::memset(memory_.data(), 0xff, bytes);
  }
  void* data() { return memory_.data(); }

 private:
  AlignedBuffer<std::byte> memory_;
};

}  // namespace tsrun::kernels::testing
