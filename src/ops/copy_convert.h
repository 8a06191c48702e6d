// Conversion of rows of elements from any storable type to any other.
#pragma once
#include <cstdint>

#include "ops/scalar.h"
#include "tsrun/dtype.h"

namespace tsrun {

/// n elements, `step` bytes apart on either side; the rows must not overlap. Neither type is quantized, and both can be converted (below).
/// Numbers go as PyTorch's CPU kernels take them: floats truncate, integers wrap, complex numbers lose their imaginary part.
using ConvertRow = void (*)(const char* from, int64_t from_step, char* to, int64_t to_step, int64_t n, DType from_type, DType to_type);
/// Throws Error (unsupported) for a type whose elements tsrun cannot read or write.
ConvertRow convert_row(DType from, DType to);

/// Writes one element of type `dtype`. Throws PyTorch's "value cannot be converted to type ... without overflow".
void store_scalar(const Scalar& value, DType dtype, void* element);
Scalar load_scalar(const void* element, DType dtype);

}  // namespace tsrun
