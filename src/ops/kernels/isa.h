// The instruction sets tsrun has kernels for, and which one this process uses.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace tsrun::kernels {

/// Ordered: a larger value is a superset of the smaller ones.
enum class Isa : uint8_t { scalar, sse4, avx2, avx512 };

/// What the CPU (and the operating system) supports; detected once.
Isa best_isa();

/// The set in use: best_isa(), unless the environment variable TSRUN_ISA or set_isa() asked for less.
Isa current_isa();

/// "scalar", "sse4", "avx2" or "avx512". Throws tsrun::Error (usage) naming the available ones when the name is unknown or the CPU lacks
/// it. Weights packed before the call keep the layout of the set they were packed for: call it before loading models.
void set_isa(std::string_view name);

const char* isa_name(Isa isa);

}  // namespace tsrun::kernels
