// Files of values, whoever wrote them: torch.save or NumPy.
#pragma once
#include "archive/tensors_file.h"

namespace tsrun {

/// Told by content: .npy gives a tensor, .npz a dict of tensors, everything else is load_tensors_file()'s.
Value read_value_file(Ref<FileBytes> file, const ArchiveLimits& limits = {});
/// Told by the end of `path`: `.npy` for one tensor; `.npz` for a tensor, a tuple or list of tensors (arr_0, arr_1, ...) or a dict of
/// tensors; everything else as torch.save. Throws Error (usage) when the value does not go into that form.
std::string write_value_file(const std::string& path, const Value& value);

}  // namespace tsrun
