// Writes values the way torch.save does, so that torch.load(weights_only=True) reads them.
#pragma once
#include <string>

#include "tsrun/value.h"

namespace tsrun {

/// A `.pt` archive with v: tensors (views of one storage still share it; only the bytes they span are written), tuples, lists, dicts,
/// numbers, strings, None, devices. Throws Error (unsupported) for anything else, Error (limit) for containers nested deeper than 1000.
std::string write_tensors_file(const Value& v);

}  // namespace tsrun
