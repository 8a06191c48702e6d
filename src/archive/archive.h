// A model file taken apart: code, pickled values, storages, extra files.
#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "archive/mapped_file.h"
#include "archive/pickle.h"
#include "archive/source_ranges.h"
#include "archive/zip.h"

namespace tsrun {

struct ArchiveLimits {
  ZipLimits zip;
  PickleLimits pickle;
};

enum class ArchiveKind : uint8_t {
  torchscript,      ///< torch.jit.save: code, constants and objects; mobile files too
  tensors,          ///< torch.save
  exported_program  ///< torch.export.save
};

/// One ZIP archive that PyTorch wrote. Weights that are stored are used where they lie in the file, which every storage keeps alive.
/// Code and debug records are inflated when asked for. Calls may come from several threads.
class Archive {
 public:
  /// Throws Error (malformed) with a remedy for files that are something else, and for archives that are damaged.
  static Archive open(Ref<FileBytes> file, const ArchiveLimits& limits = {});

  ArchiveKind kind() const { return kind_; }
  const std::string& file_name() const { return file_->name(); }
  /// The folder that holds everything; empty for archives without one.
  const std::string& root() const { return root_; }
  /// Of the operators the code needs (`version` record); 1 to 10 today.
  int64_t version() const { return version_; }

  /// Names below the root, in the order of the directory: "code/__torch__.py".
  std::vector<std::string> names() const;
  bool has(std::string_view name) const { return find(name) != nullptr; }
  uint64_t size_of(std::string_view name) const;
  /// The content of a record, its checksum checked. Throws Error (malformed) when there is none of that name.
  std::string text(std::string_view name) const;

  /// Record that holds the source of module "__torch__.a.b", without the class: "code/__torch__/a/b.py".
  static std::string code_name(std::string_view module);
  /// All records with code, sorted.
  std::vector<std::string> code_names() const;
  /// Original Python places of a code record; empty when none were saved. Damaged ones count as none.
  SourceRanges source_ranges(std::string_view code_record) const;
  /// Names of the user's files, without "extra/".
  std::vector<std::string> extra_names() const;

  /// The value of `<stem>.pkl` with storages from `<stem>/`: "constants", then "data". Storages are shared between calls with one stem.
  Value read(std::string_view stem, ObjectBuilder& builder) const;
  /// The bytes of a record as a storage, `bytes` of them at least; the same object for the same record.
  Ref<Storage> storage(const std::string& name, size_t bytes) const;

  /// Checks every checksum; throws Error (malformed) that names the first record that differs.
  void verify() const;

 private:
  Archive(Ref<FileBytes> file, const ArchiveLimits& limits);
  [[noreturn]] void fail(const std::string& why) const;
  const ZipEntry* find(std::string_view name) const;
  const ZipEntry& need(std::string_view name) const;
  void find_root();
  void find_kind();
  void check_byte_order() const;
  void read_version();

  struct Shared {
    std::mutex mutex;
    std::unordered_map<std::string, Ref<Storage>> storages;
  };
  Ref<FileBytes> file_;
  ArchiveLimits limits_;
  Zip zip_;
  std::string root_, prefix_;
  ArchiveKind kind_ = ArchiveKind::torchscript;
  int64_t version_ = 0;
  std::unique_ptr<Shared> shared_ = std::make_unique<Shared>();
};

}  // namespace tsrun
