// Reads pickles: an opcode machine that knows only the constructors PyTorch writes. No name is ever imported or run.
#pragma once
#include <cstdint>
#include <functional>
#include <string_view>

#include "archive/byte_reader.h"
#include "tsrun/value.h"

namespace tsrun {

struct PickleLimits {
  uint64_t opcodes = 50'000'000;
  uint32_t depth = 1000;  ///< of tuples, lists and dicts inside each other; class instances start again at zero
  size_t string_bytes = size_t{64} << 20;
};

/// Makes the instances of the archive's own classes. Objects exist before their state, so an instance may refer to itself through its
/// attributes; whoever walks instances must expect cycles and long chains. Containers are never cyclic.
struct ObjectBuilder {
  virtual ~ObjectBuilder() = default;
  /// `qualified_name` is "__torch__.a.B".
  virtual Value make_object(std::string_view qualified_name) = 0;
  virtual void set_state(const Value& object, Value state) = 0;
  virtual Value make_enum(std::string_view qualified_name, Value value) = 0;
  /// Records the type written beside a container: "List[int]", "Dict[str, int]". Returns the container.
  virtual Value restore_type(Value container, std::string_view type_text) = 0;
};

/// For files of tensors: refuses classes, leaves containers untyped.
struct PlainObjectBuilder : ObjectBuilder {
  Value make_object(std::string_view qualified_name) override;
  void set_state(const Value& object, Value state) override;
  Value make_enum(std::string_view qualified_name, Value value) override;
  Value restore_type(Value container, std::string_view type_text) override;
};

/// What a persistent id asks for.
struct StorageRequest {
  std::string_view key;
  size_t item_bytes;
  size_t bytes;
  size_t view_offset = 0;  ///< legacy streams: the part of storage `key` from here
};
/// Returns the storage with that key, the same one each time, of at least `bytes` bytes. With a view_offset: part_of() that storage.
using StorageSource = std::function<Ref<Storage>(const StorageRequest&)>;

/// The part of `whole` that the request names, `whole` itself if all of it; throws Error (malformed) when it is too small.
Ref<Storage> part_of(const Ref<Storage>& whole, const StorageRequest& request, std::string_view file);

struct PickleInput {
  Bytes bytes;
  std::string_view name;        ///< in messages: "model.pt: data.pkl"
  size_t start = 0;             ///< of the pickle in `bytes`
  StorageSource storages = {};  ///< none: persistent ids are refused
  ObjectBuilder* builder = nullptr;
  PickleLimits limits = {};
};

/// The value of one pickle. `end`, when given, receives the offset behind it. Throws Error: malformed for damage, unsupported for
/// constructors and types that tsrun does not know, limit.
///
/// Tuples, lists, dicts (OrderedDict too), numbers, strings, devices and tensors come as such; sets as lists, torch.Size as a tuple,
/// dtypes, layouts and memory formats as their integers, bytes as a string.
Value read_pickle(const PickleInput& input, size_t* end = nullptr);

/// Offset behind the pickle that starts at `start`, found without running it.
size_t skip_pickle(Bytes bytes, std::string_view name, size_t start);

}  // namespace tsrun
