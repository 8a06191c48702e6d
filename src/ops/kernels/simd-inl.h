// Loads and stores of partial vectors that touch no byte outside the given lanes. Compiled once per target, see simd.h.
#include <cstdint>
#include <cstring>

#if defined(TSRUN_SIMD_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef TSRUN_SIMD_INL_H
#undef TSRUN_SIMD_INL_H
#else
#define TSRUN_SIMD_INL_H
#endif

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace tsrun::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// True when the target's masked memory instructions never fault on masked lanes; otherwise partial vectors go through a buffer.
template <class T>
constexpr bool has_masked_memory() {
  return (HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX2) && sizeof(T) >= 4;
}

/// Lanes [0, count) from p, the others zero. 0 <= count <= Lanes(d).
template <class D, class T = hn::TFromD<D>>
HWY_INLINE hn::Vec<D> load_first(D d, const T* p, int64_t count) {
  if constexpr (has_masked_memory<T>()) {
    return hn::MaskedLoad(hn::FirstN(d, static_cast<size_t>(count)), d, p);
  } else {
    HWY_ALIGN T lanes[hn::MaxLanes(D())] = {};
    std::memcpy(lanes, p, static_cast<size_t>(count) * sizeof(T));
    return hn::Load(d, lanes);
  }
}

/// Writes lanes [0, count) of v to p. 0 <= count <= Lanes(d).
template <class D, class T = hn::TFromD<D>>
HWY_INLINE void store_first(hn::Vec<D> v, D d, T* p, int64_t count) {
  if constexpr (has_masked_memory<T>()) {
    hn::BlendedStore(v, hn::FirstN(d, static_cast<size_t>(count)), d, p);
  } else {
    HWY_ALIGN T lanes[hn::MaxLanes(D())];
    hn::Store(v, d, lanes);
    std::memcpy(p, lanes, static_cast<size_t>(count) * sizeof(T));
  }
}

}  // namespace tsrun::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
