#include "archive/value_file.h"

#include "archive/file_kind.h"
#include "archive/npy.h"
#include "archive/pickle_writer.h"

namespace tsrun {
namespace {

[[noreturn]] void does_not_fit(const std::string& path, const Value& value) {
  throw Error(ErrorKind::usage,
              "a value of kind " + std::string(tag_name(value.tag())) + " does not go into " + path + "; write a .pt file");
}

Ref<DictObject> named_arrays(const std::string& path, const Value& value) {
  auto arrays = make_ref<DictObject>();
  auto add = [&](const std::string& name, const Value& v) {
    if (!v.is_tensor()) does_not_fit(path, v);
    arrays->set(name, v);
  };
  if (value.is_dict()) {
    value.to_dict().for_each([&](const DictObject::Entry& e) {
      if (!e.key.is_string()) does_not_fit(path, e.key);
      add(e.key.to_string(), e.value);
    });
    return arrays;
  }
  const std::vector<Value> one{value};
  const auto& elements = value.is_tuple() ? value.to_tuple().elements : value.is_list() ? value.to_list().elements : one;
  for (size_t i = 0; i < elements.size(); ++i) add("arr_" + std::to_string(i), elements[i]);
  return arrays;
}

}  // namespace

Value read_value_file(Ref<FileBytes> file, const ArchiveLimits& limits) {
  if (is_npy(file->bytes())) return read_npy(file->bytes(), file->name());
  if (file_kind(file->bytes()) == FileKind::zip) {
    const Zip zip(file->bytes(), file->name(), limits.zip);
    if (is_npz(zip)) return read_npz(zip, file->name());
  }
  return load_tensors_file(std::move(file), limits);
}

std::string write_value_file(const std::string& path, const Value& value) {
  if (path.ends_with(".npz")) return write_npz(*named_arrays(path, value));
  if (!path.ends_with(".npy")) return write_tensors_file(value);
  if (!value.is_tensor()) does_not_fit(path, value);
  return write_npy(value.to_tensor());
}

}  // namespace tsrun
