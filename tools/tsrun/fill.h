// Tensors made element by element, and elements read as numbers.
#pragma once
#include <complex>
#include <functional>

#include "tsrun/tsrun.h"

namespace tsrun::tool {

/// A tensor whose element i, in row-major order, is f(i) converted to dtype. Throws Error (usage) for dtypes without numbers.
Tensor filled(IntSpan sizes, DType dtype, const std::function<std::complex<double>(int64_t)>& f);

/// Element i of a contiguous tensor.
std::complex<double> complex_element(const Tensor& x, int64_t i);

}  // namespace tsrun::tool
