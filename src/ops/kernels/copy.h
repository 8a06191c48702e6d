// Copies between strided arrays of up to kCopyDims dimensions: the work behind contiguous(), permute and slice assignment.
#pragma once
#include <cstdint>

namespace tsrun::kernels {

constexpr int kCopyDims = 64;

/// y[i] = x[i] for all indices i below sizes. element_size is 1, 2, 4, 8 or 16 bytes; strides are in elements and may be 0 or negative
/// for x; y's address every element once. 0 <= dims <= kCopyDims. x and y do not overlap.
void copy_strided(const void* x, const int64_t* x_strides, void* y, const int64_t* y_strides, const int64_t* sizes, int dims,
                  int element_size, int threads);

/// The same with a contiguous (row-major) y.
void copy_to_contiguous(const void* x, const int64_t* x_strides, void* y, const int64_t* sizes, int dims, int element_size, int threads);

}  // namespace tsrun::kernels
