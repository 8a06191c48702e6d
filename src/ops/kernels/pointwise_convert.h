// Conversions of contiguous spans between number types. x and y must not overlap. To 16-bit floats: nearest, ties to even, NaN stays NaN.
#pragma once
#include <cstdint>

namespace tsrun::kernels {

/// IEEE half (f16) and bfloat16 (bf16) are given as their bits.
void convert_f16_to_f32(const uint16_t* x, float* y, int64_t n);
void convert_f32_to_f16(const float* x, uint16_t* y, int64_t n);
void convert_bf16_to_f32(const uint16_t* x, float* y, int64_t n);
void convert_f32_to_bf16(const float* x, uint16_t* y, int64_t n);

void convert_f32_to_f64(const float* x, double* y, int64_t n);
void convert_f64_to_f32(const double* x, float* y, int64_t n);
void convert_i32_to_f32(const int32_t* x, float* y, int64_t n);
void convert_i64_to_f32(const int64_t* x, float* y, int64_t n);
/// Also for bool, whose bytes are 0 and 1.
void convert_u8_to_f32(const uint8_t* x, float* y, int64_t n);

}  // namespace tsrun::kernels
