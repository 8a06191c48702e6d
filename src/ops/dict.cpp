// Operators on dictionaries. Key types are not told apart: one function serves every overload.
#include "ir/text.h"
#include "ir/type.h"
#include "ops/check.h"
#include "ops/tables.h"

namespace tsrun {

namespace {

Value dictionary(const TypeRef& key, const TypeRef& value) { return make_ref<DictObject>(key, value); }

Value& found(const Value& dict, const Value& key) {
  Value* v = dict.to_dict().find(key);
  if (!v) [[unlikely]]
    fail("KeyError: ", to_str(key));
  return *v;
}

int64_t length(Context&, const Value& dict) { return static_cast<int64_t>(dict.to_dict().size()); }
Value element(Context&, const Value& dict, const Value& key) { return found(dict, key); }
void set_element(Context&, const Value& dict, const Value& key, const Value& v) { dict.to_dict().set(key, v); }
bool contains(Context&, const Value& dict, const Value& key) { return dict.to_dict().find(key) != nullptr; }

void delete_element(Context&, const Value& dict, const Value& key) {
  Value last = found(dict, key);  // kept to the end: releasing it may free the key or the dictionary
  dict.to_dict().erase(key);
}

Value get(Context&, const Value& dict, const Value& key) {
  Value* v = dict.to_dict().find(key);
  return v ? *v : Value();
}
Value get_or(Context&, const Value& dict, const Value& key, const Value& otherwise) {
  Value* v = dict.to_dict().find(key);
  return v ? *v : otherwise;
}
Value set_default(Context&, const Value& dict, const Value& key, const Value& otherwise) {
  if (Value* v = dict.to_dict().find(key)) return *v;
  dict.to_dict().set(key, otherwise);
  return otherwise;
}

Value pop(Context&, const Value& dict, const Value& key) {
  Value v = found(dict, key);
  dict.to_dict().erase(key);
  return v;
}
Value pop_or(Context& ctx, const Value& dict, const Value& key, const Value& otherwise) {
  return dict.to_dict().find(key) ? pop(ctx, dict, key) : otherwise;
}
/// The oldest entry, unlike Python, which takes the newest.
Value pop_item(Context&, const Value& dict) {
  auto& d = dict.to_dict();
  const DictObject::Entry* e = d.first();
  check(e != nullptr, "popitem(): dictionary is empty");
  Value key = e->key, value = e->value;
  d.erase(key);
  return make_tuple({std::move(key), std::move(value)});
}
void clear(Context&, const Value& dict) { dict.to_dict().clear(); }

template <class F>
Value listed(const DictObject& d, TypeRef element, F&& of) {
  std::vector<Value> e;
  e.reserve(d.size());
  d.for_each([&](const DictObject::Entry& entry) { e.push_back(of(entry)); });
  return make_list(std::move(e), std::move(element));
}
Value keys(Context&, const Value& dict) {
  return listed(dict.to_dict(), dict.to_dict().key, [](auto& e) { return e.key; });
}
Value values(Context&, const Value& dict) {
  return listed(dict.to_dict(), dict.to_dict().value, [](auto& e) { return e.value; });
}
Value items(Context&, const Value& dict) {
  auto& d = dict.to_dict();
  TypeRef pair = d.key && d.value ? types::tuple({d.key, d.value}) : TypeRef();
  return listed(d, pair, [](auto& e) { return make_tuple({e.key, e.value}); });
}

void update(Context&, const Value& dict, const Value& other) {
  if (dict.is(other)) return;
  auto& d = dict.to_dict();
  other.to_dict().for_each([&](const DictObject::Entry& e) { d.set(e.key, e.value); });
}
Value copy(Context& ctx, const Value& dict) {
  Value made = dictionary(dict.to_dict().key, dict.to_dict().value);
  update(ctx, made, dict);
  return made;
}

Value from_pairs(Context&, const Value& pairs) {
  auto& list = pairs.to_list();
  TypeRef key, value;
  if (list.element && list.element->is(TypeKind::tuple) && list.element->elements.size() == 2) {
    key = list.element->element(0);
    value = list.element->element(1);
  }
  Value made = dictionary(key, value);
  for (auto& pair : list.elements) {
    auto& e = pair.to_tuple().elements;
    check(e.size() == 2, "a dictionary is made of pairs, got a tuple of ", e.size());
    made.to_dict().set(e[0], e[1]);
  }
  return made;
}
Value empty(Context&) { return dictionary(types::string(), types::tensor()); }

constexpr Op rows[] = {
    op<"aten::len.Dict_str(Dict(str, t) self) -> int", length>(),
    op<"aten::keys.str(Dict(str, t) self) -> str[](*)", keys>(),
    op<"aten::values.str(Dict(str, t) self) -> t[](*)", values>(),
    op<"aten::items.str(Dict(str, t) self) -> ((str, t)[])", items>(),
    op<"aten::get.str(Dict(str, t) self, str key) -> t(*)?", get>(),
    op<"aten::get.default_str(Dict(str, t) self, str key, t default_value) -> t(*)", get_or>(),
    op<"aten::setdefault.str(Dict(str, t)(a!) self, str(b -> *) key, t(c -> *) default_value) -> t(*)", set_default>(),
    op<"aten::pop.Dict_str(Dict(str, t)(a!) self, str key) -> t(*)", pop>(),
    op<"aten::pop.Dict_default_str(Dict(str, t)(a!) self, str key, t default_value) -> t(*)", pop_or>(),
    op<"aten::popitem.str(Dict(str, t)(a!) self) -> ((str, t))", pop_item>(),
    op<"aten::clear.str(Dict(str, t)(a!) self) -> ()", clear>(),
    op<"aten::copy.Dict_str(Dict(str, t)(a) self) -> Dict(str, t)", copy>(),
    op<"aten::update.str(Dict(str, t)(a!) self, Dict(str, t)(a!) to_add) -> ()", update>(),
    op<"aten::__contains__.str(Dict(str, t) dict, str key) -> bool", contains>(),
    op<"aten::__getitem__.Dict_str(Dict(str, t) self, str key) -> t(*)", element>(),
    op<"aten::_set_item.str(Dict(str, t)(a!) l, str(b -> *) idx, t(c -> *) v) -> ()", set_element>(),
    op<"aten::Delete.Dict_str(Dict(str, t)(a!) self, str key) -> ()", delete_element>(),
    op<"aten::dict.str((str, tVal)[] inputs) -> Dict(str, tVal)", from_pairs>(),
    op<"aten::dict.Dict_str(Dict(str, t)(a) self) -> Dict(str, t)", copy>(),
    op<"aten::len.Dict_int(Dict(int, t) self) -> int", length>(),
    op<"aten::keys.int(Dict(int, t) self) -> int[](*)", keys>(),
    op<"aten::values.int(Dict(int, t) self) -> t[](*)", values>(),
    op<"aten::items.int(Dict(int, t) self) -> ((int, t)[])", items>(),
    op<"aten::get.int(Dict(int, t) self, int key) -> t(*)?", get>(),
    op<"aten::get.default_int(Dict(int, t) self, int key, t default_value) -> t(*)", get_or>(),
    op<"aten::setdefault.int(Dict(int, t)(a!) self, int(b -> *) key, t(c -> *) default_value) -> t(*)", set_default>(),
    op<"aten::pop.Dict_int(Dict(int, t)(a!) self, int key) -> t(*)", pop>(),
    op<"aten::pop.Dict_default_int(Dict(int, t)(a!) self, int key, t default_value) -> t(*)", pop_or>(),
    op<"aten::popitem.int(Dict(int, t)(a!) self) -> ((int, t))", pop_item>(),
    op<"aten::clear.int(Dict(int, t)(a!) self) -> ()", clear>(),
    op<"aten::copy.Dict_int(Dict(int, t)(a) self) -> Dict(int, t)", copy>(),
    op<"aten::update.int(Dict(int, t)(a!) self, Dict(int, t)(a!) to_add) -> ()", update>(),
    op<"aten::__contains__.int(Dict(int, t) dict, int key) -> bool", contains>(),
    op<"aten::__getitem__.Dict_int(Dict(int, t) self, int key) -> t(*)", element>(),
    op<"aten::_set_item.int(Dict(int, t)(a!) l, int(b -> *) idx, t(c -> *) v) -> ()", set_element>(),
    op<"aten::Delete.Dict_int(Dict(int, t)(a!) self, int key) -> ()", delete_element>(),
    op<"aten::dict.int((int, tVal)[] inputs) -> Dict(int, tVal)", from_pairs>(),
    op<"aten::dict.Dict_int(Dict(int, t)(a) self) -> Dict(int, t)", copy>(),
    op<"aten::len.Dict_bool(Dict(bool, t) self) -> int", length>(),
    op<"aten::keys.bool(Dict(bool, t) self) -> bool[](*)", keys>(),
    op<"aten::values.bool(Dict(bool, t) self) -> t[](*)", values>(),
    op<"aten::items.bool(Dict(bool, t) self) -> ((bool, t)[])", items>(),
    op<"aten::get.bool(Dict(bool, t) self, bool key) -> t(*)?", get>(),
    op<"aten::get.default_bool(Dict(bool, t) self, bool key, t default_value) -> t(*)", get_or>(),
    op<"aten::setdefault.bool(Dict(bool, t)(a!) self, bool(b -> *) key, t(c -> *) default_value) -> t(*)", set_default>(),
    op<"aten::pop.Dict_bool(Dict(bool, t)(a!) self, bool key) -> t(*)", pop>(),
    op<"aten::pop.Dict_default_bool(Dict(bool, t)(a!) self, bool key, t default_value) -> t(*)", pop_or>(),
    op<"aten::popitem.bool(Dict(bool, t)(a!) self) -> ((bool, t))", pop_item>(),
    op<"aten::clear.bool(Dict(bool, t)(a!) self) -> ()", clear>(),
    op<"aten::copy.Dict_bool(Dict(bool, t)(a) self) -> Dict(bool, t)", copy>(),
    op<"aten::update.bool(Dict(bool, t)(a!) self, Dict(bool, t)(a!) to_add) -> ()", update>(),
    op<"aten::__contains__.bool(Dict(bool, t) dict, bool key) -> bool", contains>(),
    op<"aten::__getitem__.Dict_bool(Dict(bool, t) self, bool key) -> t(*)", element>(),
    op<"aten::_set_item.bool(Dict(bool, t)(a!) l, bool(b -> *) idx, t(c -> *) v) -> ()", set_element>(),
    op<"aten::Delete.Dict_bool(Dict(bool, t)(a!) self, bool key) -> ()", delete_element>(),
    op<"aten::dict.bool((bool, tVal)[] inputs) -> Dict(bool, tVal)", from_pairs>(),
    op<"aten::dict.Dict_bool(Dict(bool, t)(a) self) -> Dict(bool, t)", copy>(),
    op<"aten::len.Dict_float(Dict(float, t) self) -> int", length>(),
    op<"aten::keys.float(Dict(float, t) self) -> float[](*)", keys>(),
    op<"aten::values.float(Dict(float, t) self) -> t[](*)", values>(),
    op<"aten::items.float(Dict(float, t) self) -> ((float, t)[])", items>(),
    op<"aten::get.float(Dict(float, t) self, float key) -> t(*)?", get>(),
    op<"aten::get.default_float(Dict(float, t) self, float key, t default_value) -> t(*)", get_or>(),
    op<"aten::setdefault.float(Dict(float, t)(a!) self, float(b -> *) key, t(c -> *) default_value) -> t(*)", set_default>(),
    op<"aten::pop.Dict_float(Dict(float, t)(a!) self, float key) -> t(*)", pop>(),
    op<"aten::pop.Dict_default_float(Dict(float, t)(a!) self, float key, t default_value) -> t(*)", pop_or>(),
    op<"aten::popitem.float(Dict(float, t)(a!) self) -> ((float, t))", pop_item>(),
    op<"aten::clear.float(Dict(float, t)(a!) self) -> ()", clear>(),
    op<"aten::copy.Dict_float(Dict(float, t)(a) self) -> Dict(float, t)", copy>(),
    op<"aten::update.float(Dict(float, t)(a!) self, Dict(float, t)(a!) to_add) -> ()", update>(),
    op<"aten::__contains__.float(Dict(float, t) dict, float key) -> bool", contains>(),
    op<"aten::__getitem__.Dict_float(Dict(float, t) self, float key) -> t(*)", element>(),
    op<"aten::_set_item.float(Dict(float, t)(a!) l, float(b -> *) idx, t(c -> *) v) -> ()", set_element>(),
    op<"aten::Delete.Dict_float(Dict(float, t)(a!) self, float key) -> ()", delete_element>(),
    op<"aten::dict.float((float, tVal)[] inputs) -> Dict(float, tVal)", from_pairs>(),
    op<"aten::dict.Dict_float(Dict(float, t)(a) self) -> Dict(float, t)", copy>(),
    op<"aten::len.Dict_complex(Dict(complex, t) self) -> int", length>(),
    op<"aten::keys.complex(Dict(complex, t) self) -> complex[](*)", keys>(),
    op<"aten::values.complex(Dict(complex, t) self) -> t[](*)", values>(),
    op<"aten::items.complex(Dict(complex, t) self) -> ((complex, t)[])", items>(),
    op<"aten::get.complex(Dict(complex, t) self, complex key) -> t(*)?", get>(),
    op<"aten::get.default_complex(Dict(complex, t) self, complex key, t default_value) -> t(*)", get_or>(),
    op<"aten::setdefault.complex(Dict(complex, t)(a!) self, complex(b -> *) key, t(c -> *) default_value) -> t(*)", set_default>(),
    op<"aten::pop.Dict_complex(Dict(complex, t)(a!) self, complex key) -> t(*)", pop>(),
    op<"aten::pop.Dict_default_complex(Dict(complex, t)(a!) self, complex key, t default_value) -> t(*)", pop_or>(),
    op<"aten::popitem.complex(Dict(complex, t)(a!) self) -> ((complex, t))", pop_item>(),
    op<"aten::clear.complex(Dict(complex, t)(a!) self) -> ()", clear>(),
    op<"aten::copy.Dict_complex(Dict(complex, t)(a) self) -> Dict(complex, t)", copy>(),
    op<"aten::update.complex(Dict(complex, t)(a!) self, Dict(complex, t)(a!) to_add) -> ()", update>(),
    op<"aten::__contains__.complex(Dict(complex, t) dict, complex key) -> bool", contains>(),
    op<"aten::__getitem__.Dict_complex(Dict(complex, t) self, complex key) -> t(*)", element>(),
    op<"aten::_set_item.complex(Dict(complex, t)(a!) l, complex(b -> *) idx, t(c -> *) v) -> ()", set_element>(),
    op<"aten::Delete.Dict_complex(Dict(complex, t)(a!) self, complex key) -> ()", delete_element>(),
    op<"aten::dict.complex((complex, tVal)[] inputs) -> Dict(complex, tVal)", from_pairs>(),
    op<"aten::dict.Dict_complex(Dict(complex, t)(a) self) -> Dict(complex, t)", copy>(),
    op<"aten::len.Dict_Tensor(Dict(Tensor, t) self) -> int", length>(),
    op<"aten::keys.Tensor(Dict(Tensor, t) self) -> Tensor[](*)", keys>(),
    op<"aten::values.Tensor(Dict(Tensor, t) self) -> t[](*)", values>(),
    op<"aten::items.Tensor(Dict(Tensor, t) self) -> ((Tensor, t)[])", items>(),
    op<"aten::get.Tensor(Dict(Tensor, t) self, Tensor key) -> t(*)?", get>(),
    op<"aten::get.default_Tensor(Dict(Tensor, t) self, Tensor key, t default_value) -> t(*)", get_or>(),
    op<"aten::setdefault.Tensor(Dict(Tensor, t)(a!) self, Tensor(b -> *) key, t(c -> *) default_value) -> t(*)", set_default>(),
    op<"aten::pop.Dict_Tensor(Dict(Tensor, t)(a!) self, Tensor key) -> t(*)", pop>(),
    op<"aten::pop.Dict_default_Tensor(Dict(Tensor, t)(a!) self, Tensor key, t default_value) -> t(*)", pop_or>(),
    op<"aten::popitem.Tensor(Dict(Tensor, t)(a!) self) -> ((Tensor, t))", pop_item>(),
    op<"aten::clear.Tensor(Dict(Tensor, t)(a!) self) -> ()", clear>(),
    op<"aten::copy.Dict_Tensor(Dict(Tensor, t)(a) self) -> Dict(Tensor, t)", copy>(),
    op<"aten::update.Tensor(Dict(Tensor, t)(a!) self, Dict(Tensor, t)(a!) to_add) -> ()", update>(),
    op<"aten::__contains__.Tensor(Dict(Tensor, t) dict, Tensor key) -> bool", contains>(),
    op<"aten::__getitem__.Dict_Tensor(Dict(Tensor, t) self, Tensor key) -> t(*)", element>(),
    op<"aten::_set_item.Tensor(Dict(Tensor, t)(a!) l, Tensor(b -> *) idx, t(c -> *) v) -> ()", set_element>(),
    op<"aten::Delete.Dict_Tensor(Dict(Tensor, t)(a!) self, Tensor key) -> ()", delete_element>(),
    op<"aten::dict.Tensor((Tensor, tVal)[] inputs) -> Dict(Tensor, tVal)", from_pairs>(),
    op<"aten::dict.Dict_Tensor(Dict(Tensor, t)(a) self) -> Dict(Tensor, t)", copy>(),
    op<"aten::dict() -> Dict(str, Tensor)", empty>(),
};

}  // namespace

const std::span<const Op> dict_ops = rows;

}  // namespace tsrun
