#include "ops/kernels/isa.h"

#include <array>
#include <atomic>
#include <cstdlib>
#include <optional>

#include "tsrun/error.h"

namespace tsrun::kernels {
namespace {

constexpr std::array kNames = {"scalar", "sse4", "avx2", "avx512"};

// Each level asks for everything Highway's target of that level lets the compiler emit (F16C comes with every AVX2 CPU).
Isa detect() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("sse4.1") || !__builtin_cpu_supports("sse4.2") || !__builtin_cpu_supports("aes") ||
      !__builtin_cpu_supports("pclmul")) {
    return Isa::scalar;
  }
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") || !__builtin_cpu_supports("bmi") ||
      !__builtin_cpu_supports("bmi2")) {
    return Isa::sse4;
  }
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512dq") ||
      !__builtin_cpu_supports("avx512vl") || !__builtin_cpu_supports("avx512cd")) {
    return Isa::avx2;
  }
  return Isa::avx512;
#else
  return Isa::scalar;
#endif
}

std::optional<Isa> find_isa(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(best_isa()); i++) {
    if (name == kNames[i]) return static_cast<Isa>(i);
  }
  return std::nullopt;
}

constexpr int kUnset = -1;
std::atomic<int> chosen{kUnset};

}  // namespace

Isa best_isa() {
  static const Isa isa = detect();
  return isa;
}

Isa current_isa() {
  if (chosen.load(std::memory_order_relaxed) == kUnset) {
    const char* wanted = std::getenv("TSRUN_ISA");
    set_isa(wanted && *wanted ? wanted : isa_name(best_isa()));
  }
  return static_cast<Isa>(chosen.load(std::memory_order_relaxed));
}

void set_isa(std::string_view name) {
  if (auto isa = find_isa(name)) {
    chosen.store(static_cast<int>(*isa), std::memory_order_relaxed);
    return;
  }
  std::string available;
  for (int i = 0; i <= static_cast<int>(best_isa()); i++) available += std::string(i ? ", " : "") + kNames[i];
  throw Error(ErrorKind::usage, "instruction set '" + std::string(name) + "' is not available; this CPU has: " + available);
}

const char* isa_name(Isa isa) { return kNames[static_cast<size_t>(isa)]; }

}  // namespace tsrun::kernels
