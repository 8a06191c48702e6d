// What a pickle handles while it runs but no Value can be: classes, constructors, storages, and the argument tuples that hold them.
#pragma once
#include <string>
#include <vector>

#include "tsrun/value.h"

namespace tsrun::pickle {

/// Travels on the pickle's stack as a capsule. Never becomes part of a result.
struct Atom : RefCounted {};

enum class Callable : uint8_t {
  archive_class,  // __torch__...: instance or enum
  rebuild_tensor,
  rebuild_tensor_v3,
  rebuild_parameter,
  rebuild_from_type,
  rebuild_quantized,
  rebuild_sparse,
  rebuild_meta,
  ordered_dict,
  device,
  complex,
  size,
  same_list,
  latin1_bytes,
  int_list,
  tensor_list,
  double_list,
  bool_list,
  restore_type_tag,
  storage_class,
  untyped_storage_class,
  unknown,  // may be named, may not be used
};

struct GlobalAtom : Atom {
  GlobalAtom(Callable c, std::string n, DType t = DType::u8) : callable(c), name(std::move(n)), dtype(t) {}
  Callable callable;
  std::string name;  ///< "torch._utils._rebuild_tensor_v2"
  DType dtype;       ///< of a storage class
};

struct StorageAtom : Atom {
  StorageAtom(Ref<Storage> s, DType t) : storage(std::move(s)), dtype(t) {}
  Ref<Storage> storage;
  DType dtype;
};

/// A tuple with at least one atom in it.
struct TupleAtom : Atom {
  explicit TupleAtom(std::vector<Value> v) : elements(std::move(v)) {}
  std::vector<Value> elements;
};

/// The atom that v is, or null.
inline Atom* as_atom(const Value& v) { return v.tag() == Tag::capsule ? dynamic_cast<Atom*>(v.shared_object()) : nullptr; }
template <class T>
T* as_atom(const Value& v) {
  return v.tag() == Tag::capsule ? dynamic_cast<T*>(v.shared_object()) : nullptr;
}

}  // namespace tsrun::pickle
