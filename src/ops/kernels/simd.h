// Which instruction sets a kernel source is compiled for, and how the one in use is picked. A source that uses Highway starts with
//   #undef HWY_TARGET_INCLUDE
//   #define HWY_TARGET_INCLUDE "ops/kernels/<itself>.cpp"
//   #include "ops/kernels/simd.h"
// then hwy/foreach_target.h, hwy/highway.h and the -inl.h files of this folder, in separate blocks. Highway's library is not linked:
// HWY_EXPORT and HWY_DYNAMIC_DISPATCH are out of bounds, TSRUN_PICK takes their place below `#if HWY_ONCE`.
#pragma once
#undef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS HWY_SSSE3

#include "hwy/detect_targets.h"
#include "ops/kernels/isa.h"

namespace tsrun::kernels {

/// The row for current_isa(). Highway's one-lane target, the static one, is the scalar row.
template <class T>
T pick_row(T scalar, T sse4, T avx2, T avx512) {
  switch (current_isa()) {
    case Isa::avx512: return avx512;
    case Isa::avx2: return avx2;
    case Isa::sse4: return sse4;
    case Isa::scalar: break;
  }
  return scalar;
}

}  // namespace tsrun::kernels

/// The address, for current_isa(), of a function or table that every target namespace defines under the given name.
#if HWY_ARCH_X86 && !defined(HWY_COMPILE_ONLY_STATIC)
#define TSRUN_PICK(...) \
  ::tsrun::kernels::pick_row(&HWY_NAMESPACE::__VA_ARGS__, &N_SSE4::__VA_ARGS__, &N_AVX2::__VA_ARGS__, &N_AVX3::__VA_ARGS__)
#else
#define TSRUN_PICK(...) (&HWY_NAMESPACE::__VA_ARGS__)
#endif
