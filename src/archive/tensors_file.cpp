#include "archive/tensors_file.h"

#include <unordered_map>

#include "archive/file_kind.h"

namespace tsrun {
namespace {

/// Five pickles (magic, protocol, machine, value, storage keys), then for each key a count of elements and their bytes.
class LegacyStream {
 public:
  LegacyStream(Ref<FileBytes> file, const ArchiveLimits& limits) : file_(std::move(file)), limits_(limits) {}

  Value read() {
    size_t at = skip_pickle(file_->bytes(), file_->name(), 0);
    const Value protocol = pickle(at, &at, {}), machine = pickle(at, &at, {});
    if (!protocol.is_int() || protocol.to_int() != 1001) fail("has an unknown protocol");
    if (machine.is_dict())
      if (const Value* little = machine.to_dict().find("little_endian"); little && little->is_bool() && !little->to_bool())
        fail("was saved on a big-endian machine; load it with PyTorch and save it again on a little-endian one");
    const size_t value_at = at;
    at = skip_pickle(file_->bytes(), file_->name(), value_at);
    const Value keys = pickle(at, &at, {});
    if (!keys.is_list()) fail("lacks its list of storages");

    // Sizes of elements stand in the value, and the storages they lead to behind it: a first pass collects the sizes.
    std::unordered_map<std::string, size_t> item_bytes;
    pickle(value_at, nullptr, [&](const StorageRequest& r) {
      item_bytes[std::string(r.key)] = r.item_bytes;
      if (r.bytes > file_->size()) fail("storage " + std::string(r.key) + " is larger than the file");
      return make_ref<Storage>(file_->data(), r.bytes, file_);
    });
    find_storages(keys.to_list().elements, item_bytes, at);
    return pickle(value_at, nullptr, [this](const StorageRequest& r) { return storage(r); });
  }

 private:
  [[noreturn]] void fail(const std::string& why) const { throw Error(ErrorKind::malformed, file_->name() + ": " + why); }

  Value pickle(size_t start, size_t* end, StorageSource storages) {
    PickleInput input{file_->bytes(), file_->name(), start};
    input.storages = std::move(storages);
    input.limits = limits_.pickle;
    return read_pickle(input, end);
  }

  void find_storages(const std::vector<Value>& keys, const std::unordered_map<std::string, size_t>& item_bytes, size_t at) {
    ByteReader r(file_->bytes(), file_->name(), at);
    for (const Value& key : keys) {
      const std::string& name = key.to_string();
      auto item = item_bytes.find(name);
      if (item == item_bytes.end()) fail("storage " + name + " belongs to no tensor");
      const uint64_t count = r.u64();
      if (count > r.left() / item->second) fail("storage " + name + " is cut off");
      Bytes content = r.take(count * item->second);
      Ref<Storage> copy = Storage::allocate(content.size());
      if (!content.empty()) std::memcpy(copy->data(), content.data(), content.size());
      storages_[name] = copy;
    }
  }

  Ref<Storage> storage(const StorageRequest& request) {
    auto it = storages_.find(std::string(request.key));
    if (it == storages_.end()) fail("storage " + std::string(request.key) + " is missing");
    return part_of(it->second, request, file_->name());
  }

  Ref<FileBytes> file_;
  ArchiveLimits limits_;
  std::unordered_map<std::string, Ref<Storage>> storages_;
};

}  // namespace

Value load_tensors_file(Ref<FileBytes> file, const ArchiveLimits& limits) {
  switch (file_kind(file->bytes())) {
    case FileKind::legacy_tensors: return LegacyStream(std::move(file), limits).read();
    case FileKind::pickle: {
      PickleInput input{file->bytes(), file->name()};
      input.limits = limits.pickle;
      return read_pickle(input);
    }
    default: break;
  }
  const Archive archive = Archive::open(std::move(file), limits);
  if (archive.kind() != ArchiveKind::tensors)
    throw Error(ErrorKind::malformed, archive.file_name() + ": is a model, not a file of tensors");
  PlainObjectBuilder builder;
  return archive.read("data", builder);
}

}  // namespace tsrun
