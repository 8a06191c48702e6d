// Values saved with torch.save: inputs, expected outputs, state dicts.
#pragma once
#include "archive/archive.h"

namespace tsrun {

/// The value of a torch.save archive, or of the stream that PyTorch wrote before 1.6. Throws Error (malformed, unsupported, limit).
Value load_tensors_file(Ref<FileBytes> file, const ArchiveLimits& limits = {});

}  // namespace tsrun
