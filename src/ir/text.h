// The text of values as TorchScript shows it: str(x), "{}".format(x), print(x).
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "tsrun/tensor.h"
#include "tsrun/value.h"

namespace tsrun {

/// What str(v) gives: strings as they are, also inside containers; floats as `1.` or with 17 digits; tensors as tensor_text.
/// Throws Error (limit) for a container nested too deep (one that holds itself).
std::string to_str(const Value& v);
void append_str(std::string& out, const Value& v);
/// "1.", "0.10000000000000001", "1e+20", "nan".
std::string float_text(double d);

/// What print(...) writes: the texts separated by blanks, and the line end.
std::string print_text(std::span<const Value> values);
/// "{}" replaced by the texts of the values in turn; everything else is kept. Throws Error (model) when values are too few.
std::string format_text(std::string_view format, std::span<const Value* const> values);
/// `format % values` with the specifiers d i f F e E c s %. Throws Error (model) for others and when the counts differ.
std::string percent_format_text(std::string_view format, std::span<const Value* const> values);

/// The elements in columns, then "[ CPUFloatType{2,3} ]".
std::string tensor_text(const Tensor& x);

}  // namespace tsrun
