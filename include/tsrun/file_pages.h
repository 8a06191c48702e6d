// Bytes that mirror a file. Internal: what the library's layers agree on about mapped weights.
#pragma once
#include <cstddef>

#include "tsrun/ref.h"

namespace tsrun {

/// An owner of storages (Storage::owner) whose bytes come from a file. Both calls are hints: no byte changes.
class FilePages : public RefCounted {
 public:
  /// All of [data, data + bytes) is about to be read: one step instead of a page fault each.
  virtual void read_ahead(const void* data, size_t bytes) = 0;
  /// The range will hardly be read again. Pages that nobody wrote to leave memory, and come back from the file when read.
  virtual void drop(const void* data, size_t bytes) = 0;
};

}  // namespace tsrun
