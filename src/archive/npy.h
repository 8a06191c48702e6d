// NumPy's files of one array (.npy) and of several (.npz).
#pragma once
#include <string>

#include "archive/zip.h"
#include "tsrun/value.h"

namespace tsrun {

bool is_npy(Bytes bytes);
/// A copy in row-major order and this machine's byte order. Throws Error (malformed) for damage, sizes that do not match the data, and
/// arrays of objects, text or records. `name` stands for the file in messages.
Tensor read_npy(Bytes bytes, const std::string& name);
/// bfloat16 is widened to float32, which NumPy has. Throws Error (unsupported) for other dtypes without a counterpart.
std::string write_npy(const Tensor& x);

/// True when every entry is named *.npy.
bool is_npz(const Zip& zip);
/// A dict of the arrays by name, in the order of the file.
Value read_npz(const Zip& zip, const std::string& name);
/// `arrays` is a dict from strings to tensors.
std::string write_npz(const DictObject& arrays);

}  // namespace tsrun
