// The loop over the channels of a pixel, for kernels whose vectors run across channels. Compiled once per target, see simd.h.
#include <cstdint>

#if defined(TSRUN_CHANNELS_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef TSRUN_CHANNELS_INL_H
#undef TSRUN_CHANNELS_INL_H
#else
#define TSRUN_CHANNELS_INL_H
#endif

#include "hwy/highway.h"
#include "ops/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tsrun::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Calls block(first channel, load, store) for each whole vector of channels, then once for the rest of them, whose load and store touch
/// no other channel: block is compiled for both.
template <class Block>
HWY_INLINE void for_channels(int64_t channels, Block block) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  constexpr int64_t W = hn::MaxLanes(d);
  int64_t c = 0;
  for (; c + W <= channels; c += W) {
    block(
        c, [=](const float* p) HWY_ATTR { return hn::LoadU(d, p); }, [=](V v, float* p) HWY_ATTR { hn::StoreU(v, d, p); });
  }
  if (const int64_t rest = channels - c) {
    block(
        c, [=](const float* p) HWY_ATTR { return load_first(d, p, rest); }, [=](V v, float* p) HWY_ATTR { store_first(v, d, p, rest); });
  }
}

}  // namespace tsrun::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
