#include "tsrun/value.h"

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

}  // namespace tsrun
