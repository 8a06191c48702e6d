// Channels-last regions: convolutions hand each other images in the memory order in which they compute.
#pragma once
#include "ir/passes/effects.h"

namespace tsrun {

/// Convolutions with constant weights write channels-last results, and poolings, norms, activations, sums and concatenations between them
/// keep that order. At the border of such a region tsrun::leave_channels_last restores the strides PyTorch would have given.
///
/// Which strides those are depends on the strides of what enters: a channels-last image makes all of the region channels-last in PyTorch
/// too. So a region begins with tsrun::enter_channels_last(image), true when PyTorch's results would be contiguous; when it is false,
/// nothing in the region is changed. Values of a region that could be written to, or seen through a view, leave it where they are made.
void use_channels_last(Graph& graph, PassEnvironment& env);

}  // namespace tsrun
