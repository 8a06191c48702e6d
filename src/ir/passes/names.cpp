#include "ir/passes/names.h"

namespace tsrun {

static constexpr std::string_view prefix = "aten::";

bool Names::has(std::string_view full_name) const { return full_name.starts_with(prefix) && words_.has(full_name.substr(prefix.size())); }

bool is_elementwise(std::string_view full_name) {
  static const Names names(
      "relu relu6 hardtanh leaky_relu elu gelu silu mish hardswish hardsigmoid sigmoid tanh clamp clamp_min clamp_max softplus exp sqrt "
      "neg add.Scalar sub.Scalar mul.Scalar div.Scalar");
  return names.has(full_name);
}

std::string functional_name(const std::string& full_name) {
  size_t end = full_name.find('.', prefix.size());
  if (end == full_name.npos) end = full_name.size();
  if (end <= prefix.size() || full_name[end - 1] != '_' || full_name[end - 2] == '_') return full_name;
  return full_name.substr(0, end - 1) + full_name.substr(end);
}

}  // namespace tsrun
