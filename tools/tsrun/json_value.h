// Values as JSON: lists, objects, numbers, strings, null. A tensor is {"dtype": "float32", "shape": [2, 3], "data": [six numbers]}.
#pragma once
#include <nlohmann/json.hpp>

#include "tsrun/tsrun.h"

namespace tsrun::tool {

using Json = nlohmann::ordered_json;

/// Tuples become lists, complex numbers [re, im]; NaN and infinities become null. Throws Error (unsupported) for objects.
Json to_json(const Value& value);
/// Throws Error (usage) for a tensor that is described wrongly.
Value from_json(const Json& json);

}  // namespace tsrun::tool
