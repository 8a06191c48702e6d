// How a batch of images lies in memory; shared by every kernel that takes images.
#pragma once
#include <cstdint>

namespace tsrun::kernels {

enum class Layout : uint8_t {
  nchw,  ///< contiguous: channel planes
  nhwc,  ///< channels last: the channels of a pixel are adjacent
};

}  // namespace tsrun::kernels
