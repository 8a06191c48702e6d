// Writes the kind of ZIP that PyTorch writes: stored entries under one root folder, data aligned to 64 bytes.
#pragma once
#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "archive/byte_reader.h"

namespace tsrun {

/// The same calls give the same bytes: times and attributes are zero. ZIP64 records appear when sizes or offsets need them.
class ZipWriter {
 public:
  /// An empty root puts the entries at the top.
  explicit ZipWriter(std::string root) : root_(std::move(root)) {}

  /// Adds `root/name`. Throws Error (internal) when the name was added before.
  void add(const std::string& name, Bytes content);
  void add(const std::string& name, std::string_view content) { add(name, as_bytes(content)); }
  /// Appends the directory and hands over the file.
  std::string finish();

 private:
  struct Entry {
    std::string name;
    uint32_t crc;
    uint64_t size, offset;
  };
  std::string root_;
  std::string out_;
  std::vector<Entry> entries_;
  std::unordered_set<std::string> names_;
};

}  // namespace tsrun
