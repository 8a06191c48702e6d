// Between Python objects and tsrun values.
#pragma once
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include "tsrun/tsrun.h"

namespace tsrun::python {

namespace nb = nanobind;

/// None, bool, int, float, complex, str, tuples, lists, dicts, devices, dtypes (as TorchScript's integers), tsrun.Tensor, and anything
/// that offers DLPack or the buffer protocol. Arrays are not copied, so a model's in-place operators change them; read-only arrays and
/// arrays with negative strides are. Throws Error (usage) for other objects.
Value to_value(nb::handle object);

/// Tensors become tsrun.Tensor, named tuples collections.namedtuple of the same fields, enums their value, class instances tsrun.Object.
nb::object to_python(const Value& value);

/// The tensor's memory, shared, for DLPack (no framework) or NumPy. Throws Error (usage) for dtypes that have no counterpart there.
nb::object to_dlpack(const Tensor& x);
nb::object to_numpy(const Tensor& x);

}  // namespace tsrun::python
