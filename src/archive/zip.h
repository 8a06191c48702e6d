// A ZIP file read where it lies. Trusts nothing: a directory that is ambiguous in any way is refused.
#pragma once
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "archive/byte_reader.h"

namespace tsrun {

struct ZipLimits {
  size_t entries = 65536;
  size_t name_bytes = 4096;
  size_t entry_text_bytes = size_t{256} << 20;  ///< of one entry read by Zip::text
  /// All that is ever inflated from one file: free + ratio * size of the file.
  size_t inflated_free_bytes = size_t{256} << 20;
  size_t inflated_ratio = 200;
};

struct ZipEntry {
  std::string name;
  uint64_t size = 0;             ///< of the content
  uint64_t compressed_size = 0;  ///< of what lies in the file
  uint64_t data_offset = 0;      ///< of the first byte of the data in the file
  uint64_t header_offset = 0;
  uint32_t crc = 0;
  bool deflated = false;
};

/// The directory of a ZIP or ZIP64 file whose bytes outlive it. Sizes come from the central directory, data offsets from the local
/// headers, and the two must agree. Refused: encrypted or split archives, methods other than stored and deflated, names that repeat, are
/// empty or absolute, or hold `..`, a backslash or a zero byte, and entries that overlap or leave the file.
class Zip {
 public:
  /// Throws Error (malformed), or Error (limit) for too many or too long names. `file` names the archive in messages.
  Zip(Bytes bytes, std::string file, ZipLimits limits = {});

  Zip(Zip&&) = default;

  /// In the order of the central directory, without directory entries.
  const std::vector<ZipEntry>& entries() const { return entries_; }
  const ZipEntry* find(std::string_view name) const;

  /// The bytes in the file: the content itself when the entry is stored.
  Bytes raw(const ZipEntry& entry) const { return bytes_.subspan(entry.data_offset, entry.compressed_size); }
  /// Writes the content, entry.size bytes, to `out`; counts towards the limit when it inflates. Checks no CRC.
  void extract(const ZipEntry& entry, std::byte* out) const;
  /// The content, its CRC checked.
  std::string text(const ZipEntry& entry) const;
  /// Throws Error (malformed) when the content differs from its CRC.
  void check_crc(const ZipEntry& entry) const;
  /// Throws Error (limit) unless `size` more bytes may be inflated; call before allocating for extract().
  void check_inflation(const ZipEntry& entry) const;

 private:
  [[noreturn]] void fail(const std::string& why) const;
  struct Directory {
    uint64_t offset = 0, size = 0, count = 0;
    uint64_t end = 0;  // where the end records begin
  };
  size_t find_end_record() const;
  Directory find_directory() const;
  void read_directory();
  void read_entry(ByteReader& directory);
  void read_local_header(ZipEntry& entry) const;
  void check_overlap(uint64_t directory_offset) const;
  void inflate(const ZipEntry& entry, std::byte* out) const;

  Bytes bytes_;
  std::string file_;
  ZipLimits limits_;
  std::vector<ZipEntry> entries_;
  std::vector<std::pair<uint64_t, uint64_t>> extents_;  // of every entry, directories too
  std::unordered_map<std::string_view, size_t> index_;
  mutable uint64_t inflated_ = 0;
};

}  // namespace tsrun
