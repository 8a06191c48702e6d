// The operators that passes over graphs put in place of several (fused.cpp). They are no part of PyTorch, so they are not in tables.h.
#pragma once
#include <span>

#include "ops/op.h"

namespace tsrun {

extern const std::span<const Op> fused_ops;

}  // namespace tsrun
