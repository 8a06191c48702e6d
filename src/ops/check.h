// Errors of operators: one line that names what was wrong. The engine adds the operator, its schema and the argument shapes.
#pragma once
#include <sstream>

#include "tsrun/error.h"
#include "tsrun/tensor.h"

namespace tsrun {

namespace detail {
template <class T>
void put(std::ostream& out, const T& v) {
  if constexpr (std::is_same_v<T, DType>) out << dtype_name(v);
  else if constexpr (std::is_same_v<T, Tensor>) out << (v.defined() ? v.describe() : std::string("undefined"));
  else if constexpr (std::is_same_v<T, Dims> || std::is_same_v<T, IntSpan>) out << sizes_text(v);
  else if constexpr (std::is_same_v<T, bool>) out << (v ? "True" : "False");
  else out << v;
}
}  // namespace detail

/// Throws Error (model) with the parts written one after another: tensors as "float32 [2, 3]", sizes as "[2, 3]", dtypes by name.
template <class... Parts>
[[noreturn]] void fail(const Parts&... parts) {
  std::ostringstream out;
  (detail::put(out, parts), ...);
  throw Error(ErrorKind::model, out.str());
}

template <class... Parts>
void check(bool condition, const Parts&... parts) {
  if (!condition) [[unlikely]]
    fail(parts...);
}

/// As fail(), for a combination that tsrun lacks and PyTorch has (exit code 4).
template <class... Parts>
[[noreturn]] void unsupported(const Parts&... parts) {
  std::ostringstream out;
  (detail::put(out, parts), ...);
  throw Error(ErrorKind::unsupported, out.str());
}

}  // namespace tsrun
