// Value: anything a TorchScript program can hold. Sixteen bytes; copying one copies a reference, as assignment does in Python.
#pragma once
#include <complex>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tsrun/dtype.h"
#include "tsrun/ref.h"
#include "tsrun/tensor.h"

namespace tsrun {

class Type;
class Value;
using TypeRef = Ref<const Type>;
// Type is complete inside the library only (src/ir/type.h): a TypeRef counts its references there.
template <>
Ref<const Type>::Ref(const Type* p);
template <>
Ref<const Type>::~Ref();

struct StringObject;
struct ComplexObject;
struct TupleObject;
struct ListObject;
struct DictObject;
struct ClassObject;
struct EnumObject;
struct FutureObject;

enum class Tag : uint8_t {
  none,
  boolean,
  integer,
  floating,
  device,  // held in place
  tensor,
  string,
  complex,
  tuple,
  list,
  dict,
  object,
  enumeration,
  generator,
  future,
  capsule,  // shared objects
};

/// "int", "Tensor", "List": the kind's name in messages.
const char* tag_name(Tag tag);

class Value {
 public:
  Value() : tag_(Tag::none), i_(0) {}
  Value(bool b) : tag_(Tag::boolean), i_(b) {}
  Value(int64_t i) : tag_(Tag::integer), i_(i) {}
  Value(int i) : Value(static_cast<int64_t>(i)) {}
  Value(double d) : tag_(Tag::floating), d_(d) {}
  Value(std::complex<double> c);
  Value(Device d) : tag_(Tag::device), i_((static_cast<int64_t>(d.kind) << 8) | static_cast<uint8_t>(d.index)) {}
  Value(Tensor t) : tag_(Tag::tensor), tensor_(std::move(t)) {
    if (!tensor_.defined()) tag_ = Tag::none;
  }
  Value(std::string s);
  Value(std::string_view s);
  Value(const char* s) : Value(std::string_view(s)) {}
  Value(Ref<StringObject> s);
  Value(Ref<TupleObject> o);
  Value(Ref<ListObject> o);
  Value(Ref<DictObject> o);
  Value(Ref<ClassObject> o);
  Value(Ref<EnumObject> o);
  Value(Ref<FutureObject> o);
  /// Generators and capsules.
  Value(Tag tag, Ref<RefCounted> o) : tag_(tag), o_(o.detach()) {}

  Value(const Value& v) : tag_(v.tag_), i_(v.i_) {
    if (shared()) o_->retain();
  }
  Value(Value&& v) noexcept : tag_(std::exchange(v.tag_, Tag::none)), i_(std::exchange(v.i_, 0)) {}
  Value& operator=(const Value& v) {
    Value copy(v);
    swap(copy);
    return *this;
  }
  Value& operator=(Value&& v) noexcept {
    Value moved(std::move(v));
    swap(moved);
    return *this;
  }
  ~Value() {
    if (shared()) o_->release();
  }
  void swap(Value& v) noexcept {
    std::swap(tag_, v.tag_);
    std::swap(i_, v.i_);
  }

  Tag tag() const { return tag_; }
  bool is_none() const { return tag_ == Tag::none; }
  bool is_bool() const { return tag_ == Tag::boolean; }
  bool is_int() const { return tag_ == Tag::integer; }
  bool is_double() const { return tag_ == Tag::floating; }
  bool is_complex() const { return tag_ == Tag::complex; }
  bool is_tensor() const { return tag_ == Tag::tensor; }
  bool is_string() const { return tag_ == Tag::string; }
  bool is_device() const { return tag_ == Tag::device; }
  bool is_tuple() const { return tag_ == Tag::tuple; }
  bool is_list() const { return tag_ == Tag::list; }
  bool is_dict() const { return tag_ == Tag::dict; }
  bool is_object() const { return tag_ == Tag::object; }
  bool is_enum() const { return tag_ == Tag::enumeration; }
  bool is_number() const { return is_bool() || is_int() || is_double() || is_complex(); }

  // Checked access: throw Error (usage) that names the kind found.
  bool to_bool() const { return expect(Tag::boolean), i_ != 0; }
  int64_t to_int() const { return expect(Tag::integer), i_; }
  double to_double() const { return expect(Tag::floating), d_; }
  std::complex<double> to_complex() const;
  const Tensor& to_tensor() const { return expect(Tag::tensor), tensor_; }
  const std::string& to_string() const;
  Device to_device() const { return expect(Tag::device), Device{static_cast<Device::Kind>(i_ >> 8), static_cast<int8_t>(i_ & 255)}; }
  TupleObject& to_tuple() const;
  ListObject& to_list() const;
  DictObject& to_dict() const;
  ClassObject& to_object() const;
  EnumObject& to_enum() const;
  FutureObject& to_future() const;

  // Unchecked access for code that knows the kind from static types.
  bool bool_unchecked() const { return i_ != 0; }
  int64_t int_unchecked() const { return i_; }
  double double_unchecked() const { return d_; }
  const Tensor& tensor_unchecked() const { return tensor_; }
  RefCounted* shared_object() const { return o_; }  ///< null unless the kind is a shared object

  /// Python's `is`: same object, or equal value for kinds held in place.
  bool is(const Value& v) const { return tag_ == v.tag_ && i_ == v.i_; }

 private:
  bool shared() const { return tag_ >= Tag::tensor; }
  void expect(Tag tag) const {
    if (tag_ != tag) wrong_kind(tag);
  }
  [[noreturn]] void wrong_kind(Tag wanted) const;

  Tag tag_;
  union {
    int64_t i_;
    double d_;
    RefCounted* o_;
    Tensor tensor_;
  };
};

struct StringObject : RefCounted {
  explicit StringObject(std::string s) : text(std::move(s)) {}
  std::string text;
};

struct ComplexObject : RefCounted {
  explicit ComplexObject(std::complex<double> c) : value(c) {}
  std::complex<double> value;
};

/// An empty vector with room for n elements, taken from lists and tuples that this thread has released when there are any: their
/// vectors are kept.
std::vector<Value> spare_elements(size_t n);

/// Immutable. `type` is set for named tuples and null otherwise.
struct TupleObject : RefCounted {
  explicit TupleObject(std::vector<Value> v, TypeRef t = {}) : elements(std::move(v)), type(std::move(t)) {}
  ~TupleObject() override;
  std::vector<Value> elements;
  TypeRef type;
};

/// `element` is the static type of the elements; null when unknown (a list made by the caller).
struct ListObject : RefCounted {
  explicit ListObject(std::vector<Value> v = {}, TypeRef t = {}) : elements(std::move(v)), element(std::move(t)) {}
  ~ListObject() override;
  std::vector<Value> elements;
  TypeRef element;
};

/// Insertion order is kept; deletion keeps the order of the rest. Keys: str, int, bool, float, complex, Tensor (by identity).
struct DictObject : RefCounted {
  explicit DictObject(TypeRef k = {}, TypeRef v = {}) : key(std::move(k)), value(std::move(v)) {}
  struct Entry {
    Value key, value;
  };

  size_t size() const { return live_; }
  Value* find(const Value& key);
  void set(Value key, Value value);
  bool erase(const Value& key);
  void clear();
  /// Visits live entries in insertion order.
  template <class F>
  void for_each(F&& f) const {
    for (const Entry& e : entries_)
      if (!is_hole(e)) f(e);
  }
  std::vector<Entry> items() const;
  /// The oldest live entry; null when empty.
  const Entry* first();

  TypeRef key, value;

 private:
  static bool is_hole(const Entry& e) { return e.key.tag() == Tag::none; }
  size_t* slot_of(const Value& key);
  void rebuild(size_t buckets);
  std::vector<Entry> entries_;  // erased entries stay as holes until the next rebuild
  std::vector<size_t> index_;   // open addressing, position + 1, 0 = free
  size_t live_ = 0;
  size_t head_ = 0;  // entries before it are holes
};

/// Instance of a class or module: one slot per attribute, in the order of the class.
struct ClassObject : RefCounted {
  explicit ClassObject(TypeRef t, size_t n = 0) : type(std::move(t)), slots(spare_elements(n)) { slots.resize(n); }
  ~ClassObject() override;
  TypeRef type;
  std::vector<Value> slots;
  bool frozen = false;  ///< a compiled program holds values of its attributes: setting one makes the module compile anew
};

struct EnumObject : RefCounted {
  EnumObject(TypeRef t, std::string n, Value v) : type(std::move(t)), name(std::move(n)), value(std::move(v)) {}
  TypeRef type;
  std::string name;
  Value value;
};

/// A finished computation: forks run at the fork.
struct FutureObject : RefCounted {
  explicit FutureObject(Value v, TypeRef t = {}) : value(std::move(v)), element(std::move(t)) {}
  Value value;
  TypeRef element;
};

inline Value::Value(Ref<StringObject> s) : tag_(Tag::string), o_(s.detach()) {}
inline Value::Value(Ref<TupleObject> o) : tag_(Tag::tuple), o_(o.detach()) {}
inline Value::Value(Ref<ListObject> o) : tag_(Tag::list), o_(o.detach()) {}
inline Value::Value(Ref<DictObject> o) : tag_(Tag::dict), o_(o.detach()) {}
inline Value::Value(Ref<ClassObject> o) : tag_(Tag::object), o_(o.detach()) {}
inline Value::Value(Ref<EnumObject> o) : tag_(Tag::enumeration), o_(o.detach()) {}
inline Value::Value(Ref<FutureObject> o) : tag_(Tag::future), o_(o.detach()) {}
inline const std::string& Value::to_string() const { return expect(Tag::string), static_cast<StringObject*>(o_)->text; }
inline TupleObject& Value::to_tuple() const { return expect(Tag::tuple), *static_cast<TupleObject*>(o_); }
inline ListObject& Value::to_list() const { return expect(Tag::list), *static_cast<ListObject*>(o_); }
inline DictObject& Value::to_dict() const { return expect(Tag::dict), *static_cast<DictObject*>(o_); }
inline ClassObject& Value::to_object() const { return expect(Tag::object), *static_cast<ClassObject*>(o_); }
inline EnumObject& Value::to_enum() const { return expect(Tag::enumeration), *static_cast<EnumObject*>(o_); }
inline FutureObject& Value::to_future() const { return expect(Tag::future), *static_cast<FutureObject*>(o_); }

/// Shorthands for building arguments and results.
Value make_tuple(std::vector<Value> elements);
Value make_list(std::vector<Value> elements, TypeRef element = {});
Value make_int_list(IntSpan values);

}  // namespace tsrun
