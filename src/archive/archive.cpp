#include "archive/archive.h"

#include <algorithm>
#include <charconv>

#include "archive/file_kind.h"

namespace tsrun {
namespace {

constexpr size_t in_place_alignment = 16;
constexpr std::string_view code_folder = "code/", extra_folder = "extra/";

Bytes checked(const FileBytes& file) {
  switch (file_kind(file.bytes())) {
    case FileKind::zip: return file.bytes();
    case FileKind::legacy_tensors:
      throw Error(ErrorKind::malformed, file.name() + ": is a torch.save file of before 1.6: it holds values, not a program");
    case FileKind::pickle:
      throw Error(ErrorKind::malformed,
                  file.name() + ": is a bare pickle; save the model with torch.jit.save(torch.jit.script(model), path)");
    case FileKind::other: break;
  }
  throw Error(ErrorKind::malformed, file.name() + ": " + refusal(file.bytes()));
}

}  // namespace

Archive Archive::open(Ref<FileBytes> file, const ArchiveLimits& limits) { return Archive(std::move(file), limits); }

Archive::Archive(Ref<FileBytes> file, const ArchiveLimits& limits)
    : file_(std::move(file)), limits_(limits), zip_(checked(*file_), file_->name(), limits.zip) {
  find_root();
  find_kind();
  check_byte_order();
  read_version();
}

void Archive::fail(const std::string& why) const { throw Error(ErrorKind::malformed, file_->name() + ": " + why); }

void Archive::find_root() {
  const auto& entries = zip_.entries();
  if (entries.empty()) fail("is an empty archive");
  if (zip_.find("serialized_exported_program.json")) return;
  const size_t slash = entries.front().name.find('/');
  if (slash == std::string::npos)
    fail("is a ZIP archive, but not one of PyTorch: entry " + entries.front().name + " lies outside any folder");
  root_ = entries.front().name.substr(0, slash);
  prefix_ = root_ + "/";
  for (const ZipEntry& e : entries)
    if (!e.name.starts_with(prefix_)) fail("has entries under several folders: " + root_ + " and " + e.name.substr(0, e.name.find('/')));
}

void Archive::find_kind() {
  if (root_.empty() || (has("archive_format") && text("archive_format") == "pt2")) {
    kind_ = ArchiveKind::exported_program;
  } else if (has("model.json")) {
    fail("was saved by PyTorch 1.3 or older; load it with PyTorch 1.4 to 1.13 and save it again");
  } else if (has(".data/ts_code") || std::any_of(zip_.entries().begin(), zip_.entries().end(), [&](const ZipEntry& e) {
               return e.name.starts_with(prefix_ + ".data/ts_code/") || e.name == prefix_ + ".data/extern_modules";
             })) {
    fail("is a torch.package archive; save the model in it with torch.jit.save");
  } else if (!has("data.pkl")) {
    fail("is a ZIP archive, but not one of PyTorch: there is no data.pkl in folder " + root_);
  } else if (!has("constants.pkl")) {
    if (!code_names().empty()) fail("lacks its record constants.pkl");
    kind_ = ArchiveKind::tensors;
  }
}

void Archive::check_byte_order() const {
  if (!has("byteorder")) return;
  const std::string order = text("byteorder");
  if (order == "big") fail("was saved on a big-endian machine; load it with PyTorch and save it again on a little-endian one");
  if (order != "little") fail("record byteorder says neither little nor big");
}

void Archive::read_version() {
  const char* name = has(".data/version") ? ".data/version" : "version";
  if (!has(name)) {
    if (kind_ == ArchiveKind::torchscript) fail("lacks its record version");
    return;
  }
  std::string content = text(name);
  const char* first = content.data();
  const char* last = first + content.size();
  while (first != last && (*first == ' ' || *first == '\t' || *first == '\n')) ++first;
  auto [end, error] = std::from_chars(first, last, version_);
  if (kind_ == ArchiveKind::exported_program) return;
  if (error != std::errc() || version_ < 1) fail("record version holds no version number");
}

const ZipEntry* Archive::find(std::string_view name) const { return zip_.find(prefix_ + std::string(name)); }

const ZipEntry& Archive::need(std::string_view name) const {
  const ZipEntry* e = find(name);
  if (!e) fail("record " + std::string(name) + " is missing");
  return *e;
}

std::vector<std::string> Archive::names() const {
  std::vector<std::string> result;
  for (const ZipEntry& e : zip_.entries()) result.push_back(e.name.substr(prefix_.size()));
  return result;
}

uint64_t Archive::size_of(std::string_view name) const { return need(name).size; }

std::string Archive::text(std::string_view name) const {
  std::lock_guard lock(shared_->mutex);
  return zip_.text(need(name));
}

std::string Archive::code_name(std::string_view module) {
  std::string path(module);
  std::replace(path.begin(), path.end(), '.', '/');
  return std::string(code_folder) + path + ".py";
}

std::vector<std::string> Archive::code_names() const {
  std::vector<std::string> result;
  for (std::string& name : names())
    if (name.starts_with(code_folder) && name.ends_with(".py")) result.push_back(std::move(name));
  std::sort(result.begin(), result.end());
  return result;
}

std::vector<std::string> Archive::extra_names() const {
  std::vector<std::string> result;
  for (const std::string& name : names())
    if (name.starts_with(extra_folder)) result.push_back(name.substr(extra_folder.size()));
  return result;
}

SourceRanges Archive::source_ranges(std::string_view code_record) const {
  const std::string record = std::string(code_record) + ".debug_pkl";
  if (!has(record)) return {};
  try {
    return SourceRanges::parse(as_bytes(text(record)), record, limits_.pickle);
  } catch (const Error&) { return {}; }
}

Value Archive::read(std::string_view stem, ObjectBuilder& builder) const {
  const std::string folder = std::string(stem) + "/", record = std::string(stem) + ".pkl";
  const std::string content = text(record), name = file_->name() + ": " + record;
  PickleInput input{as_bytes(content), name};
  input.storages = [&](const StorageRequest& request) {
    return part_of(storage(folder + std::string(request.key), request.bytes), request, name);
  };
  input.builder = &builder;
  input.limits = limits_.pickle;
  return read_pickle(input);
}

Ref<Storage> Archive::storage(const std::string& name, size_t bytes) const {
  std::lock_guard lock(shared_->mutex);
  Ref<Storage>& known = shared_->storages[name];
  if (!known) {
    const ZipEntry* entry = find(name);
    if (!entry && bytes) {
      shared_->storages.erase(name);
      fail("record " + name + " is missing");
    }
    if (!entry || !entry->size) {
      known = Storage::allocate(0);
    } else if (entry->deflated || entry->data_offset % in_place_alignment) {
      zip_.check_inflation(*entry);
      Ref<Storage> copy = Storage::allocate(entry->size);
      zip_.extract(*entry, copy->data());
      known = copy;
    } else {
      known = make_ref<Storage>(file_->data() + entry->data_offset, entry->size, file_);
    }
  }
  if (known->bytes() < bytes)
    fail("record " + name + " holds " + std::to_string(known->bytes()) + " bytes, a tensor needs " + std::to_string(bytes));
  return known;
}

void Archive::verify() const {
  std::lock_guard lock(shared_->mutex);
  for (const ZipEntry& e : zip_.entries()) zip_.check_crc(e);
}

}  // namespace tsrun
