// The static types of TorchScript, as printed in serialized code (`List[Optional[int]]`) and in operator schemas (`int[]?`).
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tsrun/value.h"

namespace tsrun {

struct Function;
class ClassType;

enum class TypeKind : uint8_t {
  tensor,
  none,
  boolean,
  integer,
  floating,
  complex,
  number,
  string,
  any,
  device,
  generator,
  stream,
  storage,
  capsule,
  list,
  tuple,
  optional,
  union_,
  dict,
  future,
  await_,
  class_,
  interface,
  enumeration,
  variable,  // `t` of a schema; never the type of an expression
  any_list,
  any_tuple,
  any_enum,
  any_class,         // `list`, `tuple` in isinstance; enum and class parameters of builtins
  quantized_params,  // packed parameter objects: __torch__.torch.classes...
};

/// Immutable but for ClassType, whose members arrive while its source is read. Compare with same_type(), not by address.
class Type : public RefCounted {
 public:
  explicit Type(TypeKind k, std::vector<TypeRef> e = {}, std::string n = {}) : kind(k), elements(std::move(e)), name(std::move(n)) {}

  const TypeKind kind;
  /// list, optional, future, await: one; dict: key, value; tuple, union: the members; enumeration: the type of its values.
  const std::vector<TypeRef> elements;
  /// class, interface, enumeration, named tuple: the qualified name `__torch__.a.B`; variable: its letter. Empty otherwise.
  const std::string name;
  /// Named tuple: names of its fields (and defaults, for the trailing ones).
  std::vector<std::string> fields;
  std::vector<Value> field_defaults;

  bool is(TypeKind k) const { return kind == k; }
  const TypeRef& element(size_t i = 0) const { return elements[i]; }
};

/// One attribute of a class or module.
struct Attribute {
  std::string name;
  TypeRef type;
  bool is_parameter = false, is_buffer = false;
};

/// A class, module or interface. Holds no code: methods are Functions owned by the compilation unit.
class ClassType : public Type {
 public:
  ClassType(TypeKind k, std::string qualified_name) : Type(k, {}, std::move(qualified_name)) {}

  bool is_module = false;  ///< derives from Module, or an interface that derives from ModuleInterface
  std::vector<Attribute> attributes;
  std::unordered_map<std::string, Function*> methods;
  std::vector<std::string> method_order;
  std::vector<std::pair<std::string, Value>> constants;  ///< `k : Final[int] = 7`
  std::vector<std::string> forward_pre_hooks, forward_hooks;

  /// Index of the slot, or npos.
  size_t find_attribute(std::string_view attribute) const;
  Function* find_method(const std::string& method) const;
  void add_attribute(Attribute a);
  static constexpr size_t npos = static_cast<size_t>(-1);

 private:
  std::unordered_map<std::string, size_t> index_;
};

/// Members of an enum, in order of declaration: EnumObject values.
class EnumType : public Type {
 public:
  EnumType(std::string qualified_name, TypeRef value) : Type(TypeKind::enumeration, {std::move(value)}, std::move(qualified_name)) {}
  std::vector<Value> members;
};

inline const ClassType& as_class(const Type& t) { return static_cast<const ClassType&>(t); }
inline const EnumType& as_enum(const Type& t) { return static_cast<const EnumType&>(t); }

namespace types {
const TypeRef& tensor();
const TypeRef& none();
const TypeRef& boolean();
const TypeRef& integer();
const TypeRef& floating();
const TypeRef& complex();
const TypeRef& number();
const TypeRef& string();
const TypeRef& any();
const TypeRef& device();
const TypeRef& generator();
/// A type without parameters, by kind.
const TypeRef& simple(TypeKind kind);
TypeRef list(TypeRef element);
TypeRef dict(TypeRef key, TypeRef value);
TypeRef tuple(std::vector<TypeRef> elements);
TypeRef named_tuple(std::string qualified_name, std::vector<TypeRef> elements, std::vector<std::string> fields,
                    std::vector<Value> defaults = {});
/// T itself when T already admits None.
TypeRef optional(TypeRef element);
/// Flattened, without duplicates; `Union[T, None]` becomes Optional[T], a single member itself, all of int, float, complex `number`.
TypeRef union_of(std::vector<TypeRef> members);
TypeRef future(TypeRef element);
TypeRef await_of(TypeRef element);
TypeRef variable(std::string letter);
}  // namespace types

/// As code annotations write it: "List[int]", "Optional[Tensor]", "Dict[str, int]", "__torch__.M".
std::string to_text(const Type& t);
/// Structural equality; classes and enums are equal by identity or name.
bool same_type(const Type& a, const Type& b);
inline bool same_type(const TypeRef& a, const TypeRef& b) { return a == b || (a && b && same_type(*a, *b)); }
/// Can a value of type a stand where b is asked for, without conversion? (`format.md` 3.8.7)
bool is_subtype(const Type& a, const Type& b);
/// True for None, Optional, Any and unions that hold None.
bool admits_none(const Type& t);
/// Smallest type both can stand for (int and None give Optional[int]); null when there is none short of Any.
TypeRef unify(const TypeRef& a, const TypeRef& b);
/// Optional[T] -> T, a union without its None; others unchanged.
TypeRef without_none(const TypeRef& t);
/// Does a run-time value belong to t? Lists and dicts go by their recorded element types, or by their elements when none is recorded.
bool value_is(const Value& v, const Type& t);
/// The type of a run-time value: "Any" inside containers that have no recorded type.
TypeRef type_of(const Value& v);
/// Records declared element types in the containers of v, recursively; changes int to float where t says so and v came untyped from
/// outside.
void push_type(const Value& v, const Type& t);

}  // namespace tsrun
