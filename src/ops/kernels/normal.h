// Normal random numbers from uniform ones, rounded as PyTorch's vectors round: the same bits for every instruction set.
#pragma once
#include <cstdint>

namespace tsrun::kernels {

/// In place, in blocks of sixteen numbers in [0, 1): the first eight of a block give radii, the others angles (Box and Muller), and the
/// results are radius * cosine * std + mean and radius * sine * std + mean.
void normal_from_uniform(float* u, int64_t blocks, float mean, float std);

}  // namespace tsrun::kernels
