// Any bytes as a pickle, a legacy stream, debug records and an .npy file.
#include "archive/npy.h"
#include "archive/source_ranges.h"
#include "archive/tensors_file.h"
#include "fuzz_target.h"

using namespace tsrun;

namespace {

/// Accepts every class; instances keep their state.
struct AnyObjects : ObjectBuilder {
  Value make_object(std::string_view) override { return make_ref<ClassObject>(TypeRef(), 1); }
  void set_state(const Value& object, Value state) override {
    // An instance may hold itself; keeping only plain states keeps the fuzzer free of leaks.
    if (!state.is_object() && !state.is_dict() && !state.is_list() && !state.is_tuple()) object.to_object().slots[0] = std::move(state);
  }
  Value make_enum(std::string_view, Value value) override { return value; }
  Value restore_type(Value container, std::string_view) override { return container; }
};

template <class F>
void harmless(F&& f) {
  try {
    f();
  } catch (const Error&) {}
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Bytes bytes = std::as_bytes(std::span(data, size));
  PickleLimits limits;
  limits.opcodes = 100'000;
  harmless([&] {
    AnyObjects objects;
    PickleInput input{bytes, "fuzz"};
    input.storages = [](const StorageRequest& r) {
      if (r.bytes > 1 << 20) throw Error(ErrorKind::malformed, "too large");
      return part_of(Storage::allocate(size_t{2} << 20), r, "fuzz");
    };
    input.builder = &objects;
    input.limits = limits;
    read_pickle(input);
  });
  harmless([&] { load_tensors_file(FileBytes::copy(bytes), {.pickle = limits}); });
  harmless([&] { SourceRanges::parse(bytes, "fuzz", limits).find(size); });
  harmless([&] { read_npy(bytes, "fuzz"); });
  return 0;
}
