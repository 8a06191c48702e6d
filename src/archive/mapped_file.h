// The bytes of a file: mapped, or copied into memory. Storages use them in place.
#pragma once
#include <string>

#include "archive/byte_reader.h"
#include "tsrun/file_pages.h"

namespace tsrun {

/// A mapping is private: pages that are written to are copied by the kernel, the file never changes.
/// The file must not be truncated while it is in use.
class FileBytes : public FilePages {
 public:
  /// Maps a regular file and reads anything else (a pipe) to its end. Throws Error (malformed) when it cannot be read.
  static Ref<FileBytes> open(const std::string& path);
  /// Copies `bytes` to memory aligned like a mapping; `name` stands for the path in messages.
  static Ref<FileBytes> copy(Bytes bytes, std::string name = "model");
  ~FileBytes() override;

  void read_ahead(const void* data, size_t bytes) override;
  /// Does nothing for copied bytes, and where the system does not tell which pages were written to.
  void drop(const void* data, size_t bytes) override;

  std::byte* data() const { return data_; }
  size_t size() const { return size_; }
  Bytes bytes() const { return {data_, size_}; }
  const std::string& name() const { return name_; }  ///< the path as given

 private:
  FileBytes(std::byte* data, size_t size, bool mapped, std::string name)
      : data_(data), size_(size), mapped_(mapped), name_(std::move(name)) {}
  std::byte* data_;
  size_t size_;
  bool mapped_;
  std::string name_;
};

}  // namespace tsrun
