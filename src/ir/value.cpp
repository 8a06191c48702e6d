#include "tsrun/value.h"

#include <functional>
#include <new>

#include "tsrun/error.h"

namespace tsrun {

const char* tag_name(Tag tag) {
  switch (tag) {
    case Tag::none: return "None";
    case Tag::boolean: return "bool";
    case Tag::integer: return "int";
    case Tag::floating: return "float";
    case Tag::device: return "Device";
    case Tag::tensor: return "Tensor";
    case Tag::string: return "str";
    case Tag::complex: return "complex";
    case Tag::tuple: return "Tuple";
    case Tag::list: return "List";
    case Tag::dict: return "Dict";
    case Tag::object: return "Object";
    case Tag::enumeration: return "Enum";
    case Tag::generator: return "Generator";
    case Tag::future: return "Future";
    case Tag::capsule: return "Capsule";
  }
  return "?";
}

Value::Value(std::complex<double> c) : tag_(Tag::complex), o_(make_ref<ComplexObject>(c).detach()) {}
Value::Value(std::string s) : tag_(Tag::string), o_(make_ref<StringObject>(std::move(s)).detach()) {}
Value::Value(std::string_view s) : Value(std::string(s)) {}

std::complex<double> Value::to_complex() const {
  expect(Tag::complex);
  return static_cast<ComplexObject*>(o_)->value;
}

void Value::wrong_kind(Tag wanted) const {
  throw Error(ErrorKind::usage, std::string("expected a value of type ") + tag_name(wanted) + ", got " + tag_name(tag_));
}

Value make_tuple(std::vector<Value> elements) { return make_ref<TupleObject>(std::move(elements)); }
Value make_list(std::vector<Value> elements, TypeRef element) { return make_ref<ListObject>(std::move(elements), std::move(element)); }

// ---- vectors of released lists and tuples ---------------------------------------------------------------------------------------------
namespace {

struct SpareVectors {
  static constexpr size_t most = 64, longest = 64;  // vectors kept, and elements that one has room for
  std::vector<Value> vectors[most];
  size_t count = 0;
};
thread_local constinit SpareVectors* spare [[gnu::tls_model("initial-exec")]] = nullptr;
thread_local constinit bool spare_closed [[gnu::tls_model("initial-exec")]] = false;  // the thread is ending

struct SpareOwner {
  ~SpareOwner() {
    spare_closed = true;
    delete std::exchange(spare, nullptr);
  }
};

void keep(std::vector<Value>& elements) {
  elements.clear();
  if (elements.capacity() == 0 || elements.capacity() > SpareVectors::longest || spare_closed) return;
  if (!spare) {
    static thread_local SpareOwner owner;
    (void)owner;
    spare = new (std::nothrow) SpareVectors;
    if (!spare) return;
  }
  if (spare->count < SpareVectors::most) spare->vectors[spare->count++].swap(elements);
}

}  // namespace

std::vector<Value> spare_elements(size_t n) {
  std::vector<Value> elements;
  if (n > 0 && n <= SpareVectors::longest && spare && spare->count) elements.swap(spare->vectors[--spare->count]);
  elements.reserve(n);
  return elements;
}

TupleObject::~TupleObject() { keep(elements); }
ListObject::~ListObject() { keep(elements); }
ClassObject::~ClassObject() { keep(slots); }

// ---- dictionaries ---------------------------------------------------------------------------------------------------------------------
namespace {

bool same_key(const Value& a, const Value& b) {
  if (a.tag() != b.tag()) return false;
  switch (a.tag()) {
    case Tag::string: return a.to_string() == b.to_string();
    case Tag::floating: return a.to_double() == b.to_double();
    case Tag::complex: return a.to_complex() == b.to_complex();
    default: return a.is(b);
  }
}

size_t mix(uint64_t x) {
  x *= 0x9e3779b97f4a7c15u;
  return static_cast<size_t>(x ^ (x >> 32));
}

size_t hash_key(const Value& k) {
  switch (k.tag()) {
    case Tag::string: return std::hash<std::string_view>()(k.to_string());
    case Tag::floating: return std::hash<double>()(k.to_double());
    case Tag::complex: return std::hash<double>()(k.to_complex().real()) * 31 + std::hash<double>()(k.to_complex().imag());
    case Tag::boolean:
    case Tag::integer: return mix(static_cast<uint64_t>(k.int_unchecked()));
    case Tag::tensor: return mix(reinterpret_cast<uintptr_t>(k.shared_object()));
    default: throw Error(ErrorKind::model, std::string("a ") + tag_name(k.tag()) + " cannot be a dictionary key");
  }
}

}  // namespace

size_t* DictObject::slot_of(const Value& key) {
  if (index_.empty()) return nullptr;
  size_t mask = index_.size() - 1;
  for (size_t i = hash_key(key) & mask;; i = (i + 1) & mask) {
    if (index_[i] == 0) return &index_[i];
    const Entry& e = entries_[index_[i] - 1];
    if (!is_hole(e) && same_key(e.key, key)) return &index_[i];
  }
}

void DictObject::rebuild(size_t buckets) {
  std::erase_if(entries_, is_hole);
  head_ = 0;
  index_.assign(buckets, 0);
  for (size_t i = 0; i < entries_.size(); ++i) *slot_of(entries_[i].key) = i + 1;
}

Value* DictObject::find(const Value& key) {
  size_t* slot = slot_of(key);
  return slot && *slot ? &entries_[*slot - 1].value : nullptr;
}

void DictObject::set(Value key, Value value) {
  if ((entries_.size() + 1) * 2 > index_.size()) {
    size_t buckets = 8;
    while (buckets < (live_ + 1) * 4) buckets *= 2;
    rebuild(buckets);
  }
  size_t* slot = slot_of(key);
  if (*slot) {
    entries_[*slot - 1].value = std::move(value);
    return;
  }
  entries_.push_back({std::move(key), std::move(value)});
  *slot = entries_.size();
  ++live_;
}

bool DictObject::erase(const Value& key) {
  size_t* slot = slot_of(key);
  if (!slot || !*slot) return false;
  entries_[*slot - 1] = {};
  --live_;
  return true;
}

void DictObject::clear() {
  entries_.clear();
  index_.clear();
  live_ = 0;
  head_ = 0;
}

const DictObject::Entry* DictObject::first() {
  while (head_ < entries_.size() && is_hole(entries_[head_])) ++head_;
  return head_ < entries_.size() ? &entries_[head_] : nullptr;
}

std::vector<DictObject::Entry> DictObject::items() const {
  std::vector<Entry> out;
  out.reserve(live_);
  for_each([&](const Entry& e) { out.push_back(e); });
  return out;
}

}  // namespace tsrun
