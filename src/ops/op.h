// The operator row: a schema in PyTorch's notation beside the typed C++ function that computes it, checked against each other when
// compiled.
//
//   static Tensor glu(Context& ctx, const Tensor& self, int64_t dim) { ... }
//   const Op activation_ops[] = {
//       op<"aten::glu(Tensor self, int dim=-1) -> Tensor", glu>(),
//   };
//
// | schema          | parameter                | result                    |
// |-----------------|--------------------------|---------------------------|
// | Tensor          | const Tensor&            | Tensor                    |
// | Tensor?         | const Tensor* (or null)  | Tensor (undefined = None) |
// | int, SymInt     | int64_t                  | int64_t                   |
// | float           | double                   | double                    |
// | bool            | bool                     | bool                      |
// | complex         | std::complex<double>     | std::complex<double>      |
// | Scalar          | const Scalar&            | Scalar                    |
// | str             | std::string_view         | std::string               |
// | Device          | Device                   | Device                    |
// | ScalarType      | DType                    | int64_t                   |
// | Layout          | Layout                   | int64_t                   |
// | MemoryFormat    | MemoryFormat             | int64_t                   |
// | Generator       | Generator*  (? too)      | Value                     |
// | int[], int[N]   | IntSpan                  | Dims                      |
// | float[]         | std::span<const double>  | std::vector<double>       |
// | bool[]          | std::span<const bool>    | std::vector<bool>         |
// | Scalar[]        | std::span<const Scalar>  | -                         |
// | Tensor[]        | TensorSpan               | std::vector<Tensor>       |
// | Tensor?[]       | OptionalTensorSpan       | -                         |
// | T?  (any other) | std::optional<T>         | std::optional<T>          |
// | anything else   | const Value&             | Value                     |
// | (A, B)          |                          | std::tuple<A, B>          |
// | ()              |                          | void                      |
//
// A function that changes a list, dict or object it was given takes it as const Value& (the object behind is shared and mutable).
// Functions with a vararg schema (`...`) take `Arguments` alone and read what they need.
#pragma once
#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "ops/context.h"
#include "ops/scalar.h"
#include "tsrun/value.h"

namespace tsrun {

struct Op;
struct Schema;

/// The arguments of one call, in schema order, wherever they lie.
class Arguments {
 public:
  Arguments(const Value* const* values, size_t count) : values_(values), count_(count) {}
  const Value& operator[](size_t i) const { return *values_[i]; }
  size_t size() const { return count_; }
  const Value* const* data() const { return values_; }

 private:
  const Value* const* values_;
  size_t count_;
};

/// `results` points to one place per return value; they are written after all arguments have been read.
using OpCall = void (*)(Context& ctx, const Op& op, Arguments arguments, Value* const* results);

struct Op {
  std::string_view schema;
  OpCall call;
  // Derived in-place and out= forms: the functional row they call, its schema, and their argument that is written.
  const Op* base = nullptr;
  const Schema* base_schema = nullptr;
  int destination_argument = -1;
};

/// A list of tensors seen as tensors; elements must be tensors (null ones read as undefined).
class TensorSpan {
 public:
  explicit TensorSpan(std::span<const Value> values) : values_(values) {}
  size_t size() const { return values_.size(); }
  bool empty() const { return values_.empty(); }
  const Tensor& operator[](size_t i) const { return values_[i].to_tensor(); }
  struct Iterator {
    const Value* v;
    const Tensor& operator*() const { return v->to_tensor(); }
    Iterator& operator++() { return ++v, *this; }
    bool operator!=(const Iterator& o) const { return v != o.v; }
  };
  Iterator begin() const { return {values_.data()}; }
  Iterator end() const { return {values_.data() + values_.size()}; }

 private:
  std::span<const Value> values_;
};

/// As TensorSpan; elements that are None give null.
class OptionalTensorSpan {
 public:
  explicit OptionalTensorSpan(std::span<const Value> values) : values_(values) {}
  size_t size() const { return values_.size(); }
  const Tensor* operator[](size_t i) const { return values_[i].is_none() ? nullptr : &values_[i].to_tensor(); }

 private:
  std::span<const Value> values_;
};

namespace detail {

// ---- C++ parameter types and the schema kinds they stand for --------------------------------------------------------------------
enum class Kind : uint8_t {
  tensor,
  integer,
  floating,
  boolean,
  complex,
  scalar,
  string,
  device,
  dtype,
  layout,
  memory_format,
  generator,
  other
};
struct Shape {
  Kind kind;
  bool list = false, optional = false, element_optional = false;
  constexpr bool operator==(const Shape&) const = default;
};

/// Param<T>::shape, and Param<T>::get(value), whose result converts to T and lives until the call returns.
template <class T>
struct Param;

template <Kind K>
struct Single {
  static constexpr Shape shape{K};
};
template <>
struct Param<const Tensor&> : Single<Kind::tensor> {
  static const Tensor& get(const Value& v) { return v.to_tensor(); }
};
template <>
struct Param<const Tensor*> {
  static constexpr Shape shape{Kind::tensor, false, true};
  static const Tensor* get(const Value& v) { return v.is_none() ? nullptr : &v.to_tensor(); }
};
template <>
struct Param<int64_t> : Single<Kind::integer> {
  static int64_t get(const Value& v) { return v.to_int(); }
};
template <>
struct Param<double> : Single<Kind::floating> {
  static double get(const Value& v) { return v.is_int() ? static_cast<double>(v.to_int()) : v.to_double(); }
};
template <>
struct Param<bool> : Single<Kind::boolean> {
  static bool get(const Value& v) { return v.to_bool(); }
};
template <>
struct Param<std::complex<double>> : Single<Kind::complex> {
  static std::complex<double> get(const Value& v) { return Scalar(v).to_complex(); }
};
template <>
struct Param<const Scalar&> : Single<Kind::scalar> {
  static Scalar get(const Value& v) { return Scalar(v); }
};
template <>
struct Param<Scalar> : Param<const Scalar&> {};
template <>
struct Param<std::string_view> : Single<Kind::string> {
  static std::string_view get(const Value& v) { return v.to_string(); }
};
template <>
struct Param<Device> : Single<Kind::device> {
  static Device get(const Value& v) { return v.to_device(); }
};
template <>
struct Param<DType> : Single<Kind::dtype> {
  static DType get(const Value& v) { return dtype_from_int(v.to_int()); }
};
template <>
struct Param<Layout> : Single<Kind::layout> {
  static Layout get(const Value& v) { return static_cast<Layout>(v.to_int()); }
};
template <>
struct Param<MemoryFormat> : Single<Kind::memory_format> {
  static MemoryFormat get(const Value& v) { return static_cast<MemoryFormat>(v.to_int()); }
};
template <>
struct Param<Generator*> {
  static constexpr Shape shape{Kind::generator, false, true};
  static Generator* get(const Value& v);
};
template <>
struct Param<const Value&> : Single<Kind::other> {
  static const Value& get(const Value& v) { return v; }
};

/// Elements of a list value; a lone value counts as a list of one (`int[1] dim=0` called with a number).
inline std::span<const Value> elements(const Value& v) {
  return v.is_list()    ? std::span<const Value>(v.to_list().elements)
         : v.is_tuple() ? std::span<const Value>(v.to_tuple().elements)
                        : std::span<const Value>(&v, 1);
}
template <>
struct Param<IntSpan> {
  static constexpr Shape shape{Kind::integer, true};
  static Dims get(const Value& v) {
    Dims d;
    for (auto& e : elements(v)) d.push_back(e.to_int());
    return d;
  }
};
template <>
struct Param<std::span<const double>> {
  static constexpr Shape shape{Kind::floating, true};
  static std::vector<double> get(const Value& v) {
    std::vector<double> d;
    for (auto& e : elements(v)) d.push_back(Param<double>::get(e));
    return d;
  }
};
struct Bools {
  std::vector<char> bytes;
  operator std::span<const bool>() const { return {reinterpret_cast<const bool*>(bytes.data()), bytes.size()}; }
};
template <>
struct Param<std::span<const bool>> {
  static constexpr Shape shape{Kind::boolean, true};
  static Bools get(const Value& v) {
    Bools b;
    for (auto& e : elements(v)) b.bytes.push_back(e.to_bool());
    return b;
  }
};
template <>
struct Param<std::span<const Scalar>> {
  static constexpr Shape shape{Kind::scalar, true};
  static std::vector<Scalar> get(const Value& v) {
    std::vector<Scalar> s;
    for (auto& e : elements(v)) s.push_back(Scalar(e));
    return s;
  }
};
template <>
struct Param<TensorSpan> {
  static constexpr Shape shape{Kind::tensor, true};
  static TensorSpan get(const Value& v) { return TensorSpan(elements(v)); }
};
template <>
struct Param<OptionalTensorSpan> {
  static constexpr Shape shape{Kind::tensor, true, false, true};
  static OptionalTensorSpan get(const Value& v) { return OptionalTensorSpan(elements(v)); }
};
template <class T>
struct OptionalHolder {
  std::optional<decltype(Param<T>::get(std::declval<const Value&>()))> held;
  operator std::optional<T>() const { return held ? std::optional<T>(T(*held)) : std::nullopt; }
};
template <class T>
struct Param<std::optional<T>> {
  static constexpr Shape shape{Param<T>::shape.kind, Param<T>::shape.list, true, Param<T>::shape.element_optional};
  static OptionalHolder<T> get(const Value& v) {
    if (v.is_none()) return {};
    return {Param<T>::get(v)};
  }
};
template <class T>
struct Param<const std::optional<T>&> : Param<std::optional<T>> {};

// ---- results ------------------------------------------------------------------------------------------------------------------------
inline Value to_value(Value v) { return v; }
inline Value to_value(Tensor t) { return Value(std::move(t)); }
inline Value to_value(int64_t i) { return i; }
inline Value to_value(double d) { return d; }
inline Value to_value(bool b) { return b; }
inline Value to_value(std::complex<double> c) { return c; }
inline Value to_value(const Scalar& s) { return s.to_value(); }
inline Value to_value(std::string s) { return Value(std::move(s)); }
inline Value to_value(Device d) { return d; }
inline Value to_value(const Dims& d) { return make_int_list(d); }
Value to_value(const std::vector<double>& v);
Value to_value(const std::vector<bool>& v);
Value to_value(std::vector<Tensor> v);
template <class T>
Value to_value(const std::optional<T>& v) {
  return v ? to_value(*v) : Value();
}

template <class R>
struct Result {
  static constexpr size_t count = 1;
  static void put(R&& r, Value* const* results) { *results[0] = to_value(std::move(r)); }
};
template <class... R>
struct Result<std::tuple<R...>> {
  static constexpr size_t count = sizeof...(R);
  static void put(std::tuple<R...>&& r, Value* const* results) {
    [&]<size_t... I>(std::index_sequence<I...>) { ((*results[I] = to_value(std::move(std::get<I>(r)))), ...); }
    (std::index_sequence_for<R...>{});
  }
};

// ---- the schema, read where the row is compiled ----------------------------------------------------------------------------------------
template <size_t N>
struct Text {
  char chars[N]{};
  constexpr Text(const char (&s)[N]) { std::copy_n(s, N, chars); }
  constexpr std::string_view view() const { return {chars, N - 1}; }
};

/// "Tensor(a!)", "int[2]", "Scalar?", "Tensor?[]": alias marks and list sizes do not matter here.
constexpr Shape parse_shape(std::string_view t) {
  std::string_view base = t.substr(0, t.find_first_of("(?["));
  size_t bracket = t.find('[');
  bool list = bracket != t.npos, optional = t.ends_with('?'), element_optional = list && bracket > 0 && t[bracket - 1] == '?';
  Kind kind = base == "Tensor"                    ? Kind::tensor
              : base == "int" || base == "SymInt" ? Kind::integer
              : base == "float"                   ? Kind::floating
              : base == "bool"                    ? Kind::boolean
              : base == "complex"                 ? Kind::complex
              : base == "Scalar"                  ? Kind::scalar
              : base == "str"                     ? Kind::string
              : base == "Device"                  ? Kind::device
              : base == "ScalarType"              ? Kind::dtype
              : base == "Layout"                  ? Kind::layout
              : base == "MemoryFormat"            ? Kind::memory_format
              : base == "Generator"               ? Kind::generator
                                                  : Kind::other;
  return {kind, list, optional, element_optional};
}

struct Signature {
  std::array<Shape, 48> shapes{};
  size_t count = 0, returns = 0;
  bool vararg = false;
};

constexpr size_t count_returns(std::string_view r) {
  if (r == "()") return 0;
  if (r.front() != '(') return 1;
  size_t n = 1, depth = 0;
  for (char c : r.substr(1, r.size() - 2)) {
    if (c == '(' || c == '[') ++depth;
    if (c == ')' || c == ']') --depth;
    if (c == ',' && depth == 0) ++n;
  }
  return n;
}

/// Takes a copy: under -fsanitize=undefined GCC 12 does not know that the address of a template argument is not null.
template <size_t N>
constexpr Signature parse_signature(Text<N> text) {
  std::string_view schema = text.view();
  Signature s;
  size_t open = schema.find('(');
  std::string_view rest = schema.substr(open + 1);
  size_t depth = 0, start = 0;
  for (size_t i = 0;; ++i) {
    char c = rest[i];
    if (depth == 0 && (c == ',' || c == ')')) {
      std::string_view a = rest.substr(start, i - start);
      while (!a.empty() && a.front() == ' ') a.remove_prefix(1);
      start = i + 1;
      if (a == "...") s.vararg = true;
      else if (!a.empty() && a != "*") {
        size_t end = 0, inside = 0;  // the type ends at the first blank outside brackets
        while (end < a.size() && (a[end] != ' ' || inside)) {
          if (a[end] == '(') ++inside;
          if (a[end] == ')') --inside;
          ++end;
        }
        s.shapes[s.count++] = parse_shape(a.substr(0, end));
      }
      if (c == ')') {
        s.returns = count_returns(rest.substr(rest.find("->", i) + 3));
        return s;
      }
    } else if (c == '(' || c == '[') {
      ++depth;
    } else if (c == ')' || c == ']') {
      --depth;
    }
  }
}

/// A parameter typed `const Value&` takes any schema type.
constexpr bool agrees(Shape schema, Shape cpp) { return schema == cpp || cpp == Shape{Kind::other}; }

template <class F>
struct Function;
template <class R, class... A>
struct Function<R (*)(Context&, A...)> {
  static constexpr bool takes_arguments = sizeof...(A) == 1 && (std::is_same_v<A, Arguments> && ...);

  static constexpr bool matches(const Signature& s) {
    if constexpr (takes_arguments) return true;
    else {
      constexpr std::array<Shape, sizeof...(A)> shapes{Param<A>::shape...};
      if (s.count != sizeof...(A) || s.vararg) return false;
      for (size_t i = 0; i < shapes.size(); ++i)
        if (!agrees(s.shapes[i], shapes[i])) return false;
      return true;
    }
  }
  static constexpr bool returns(const Signature& s) {
    if constexpr (std::is_void_v<R>) return s.returns == 0;
    else return s.returns == Result<R>::count;
  }

  template <auto Fn>
  static void call(Context& ctx, const Op&, Arguments arguments, Value* const* results) {
    auto invoke = [&]() -> R {
      if constexpr (takes_arguments) return Fn(ctx, arguments);
      else return [&]<size_t... I>(std::index_sequence<I...>)->R {
          return Fn(ctx, static_cast<A>(Param<A>::get(arguments[I]))...);
        }
      (std::index_sequence_for<A...>{});
    };
    if constexpr (std::is_void_v<R>) invoke();
    else Result<R>::put(invoke(), results);
  }
};

}  // namespace detail

template <detail::Text Schema, auto Fn>
constexpr Op op() {
  using F = detail::Function<decltype(Fn)>;
  constexpr detail::Signature s = detail::parse_signature(Schema);
  static_assert(F::matches(s), "schema and C++ parameters differ");
  static_assert(F::returns(s), "schema and C++ result differ in the number of values");
  return {Schema.view(), &F::template call<Fn>};  // a template argument of class type has static storage
}

}  // namespace tsrun
