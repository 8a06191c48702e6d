// Operators on lists. Element types are not told apart: one function serves every overload.
#include "ops/list.h"

#include "ir/type.h"
#include "ops/number.h"
#include "ops/tables.h"

namespace tsrun {

namespace {

using Elements = std::vector<Value>;

constexpr size_t max_repeated = size_t{1} << 31;  // elements that `list * n` may give

int64_t length(Context&, const Value& list) { return static_cast<int64_t>(list.to_list().elements.size()); }

Value element(Context&, const Value& list, int64_t i) {
  auto& e = list.to_list().elements;
  return e[list_position(i, e.size())];
}

Value set_element(Context&, const Value& list, int64_t i, const Value& v) {
  auto& e = list.to_list().elements;
  e[list_position(i, e.size())] = v;
  return list;
}

void delete_element(Context&, const Value& list, int64_t i) {
  auto& e = list.to_list().elements;
  check(!e.empty(), "pop index out of range");
  e.erase(e.begin() + static_cast<int64_t>(list_position(i, e.size())));
}

Value append(Context&, const Value& list, const Value& v) {
  list.to_list().elements.push_back(v);
  return list;
}

/// Positions beyond either end mean that end.
void insert(Context&, const Value& list, int64_t i, const Value& v) {
  auto& e = list.to_list().elements;
  auto size = static_cast<int64_t>(e.size());
  e.insert(e.begin() + std::clamp<int64_t>(i < 0 ? i + size : i, 0, size), v);
}

Value pop(Context&, const Value& list, int64_t i) {
  auto& e = list.to_list().elements;
  check(!e.empty(), "pop from empty list");
  size_t p = list_position(i, e.size());
  Value v = std::move(e[p]);
  e.erase(e.begin() + static_cast<int64_t>(p));
  return v;
}

void extend(Context&, const Value& list, const Value& other) {
  auto& e = list.to_list().elements;
  auto& o = other.to_list().elements;
  size_t n = o.size();  // list.extend(list) takes the elements it had at first
  if (&e == &o) e.reserve(2 * n);
  for (size_t i = 0; i < n; ++i) e.push_back(o[i]);
}
Value extend_result(Context& ctx, const Value& list, const Value& other) {
  extend(ctx, list, other);
  return list;
}

Value concatenate(Context&, const Value& a, const Value& b) {
  auto &left = a.to_list(), &right = b.to_list();
  Elements e;
  e.reserve(left.elements.size() + right.elements.size());
  e.insert(e.end(), left.elements.begin(), left.elements.end());
  e.insert(e.end(), right.elements.begin(), right.elements.end());
  return make_list(std::move(e), left.element ? left.element : right.element);
}

Elements repeated(const Elements& e, int64_t n) {
  if (e.empty()) return {};
  check(n >= 0, "a list cannot be repeated ", n, " times");
  if (static_cast<uint64_t>(n) > max_repeated / e.size()) throw Error(ErrorKind::limit, "list repeated to too many elements");
  Elements out;
  out.reserve(e.size() * static_cast<size_t>(n));
  for (int64_t i = 0; i < n; ++i) out.insert(out.end(), e.begin(), e.end());
  return out;
}
Value repeat(Context&, const Value& list, int64_t n) { return make_list(repeated(list.to_list().elements, n), list.to_list().element); }
Value repeat_right(Context& ctx, int64_t n, const Value& list) { return repeat(ctx, list, n); }
Value repeat_in_place(Context&, const Value& list, int64_t n) {
  auto& e = list.to_list().elements;
  e = repeated(e, n);
  return list;
}

void clear(Context&, const Value& list) {
  Elements gone;  // emptied first: whatever the elements release may look at the list
  gone.swap(list.to_list().elements);
}
void reverse(Context&, const Value& list) { std::reverse(list.to_list().elements.begin(), list.to_list().elements.end()); }
Value copy(Context&, const Value& list) { return make_list(list.to_list().elements, list.to_list().element); }

Value slice(Context&, const Value& list, std::optional<int64_t> start, std::optional<int64_t> end, int64_t step) {
  auto& l = list.to_list();
  SliceRange r = slice_range(static_cast<int64_t>(l.elements.size()), start, end, step);
  Elements e;
  e.reserve(static_cast<size_t>(r.count));
  for (int64_t i = 0; i < r.count; ++i) e.push_back(l.elements[static_cast<size_t>(r.first + i * r.step)]);
  return make_list(std::move(e), l.element);
}

Value range_list(Context&, int64_t n) {
  if (n > static_cast<int64_t>(max_repeated)) throw Error(ErrorKind::limit, "range of too many elements");
  Elements e;
  e.reserve(static_cast<size_t>(std::max<int64_t>(n, 0)));
  for (int64_t i = 0; i < n; ++i) e.emplace_back(i);
  return make_list(std::move(e), types::integer());
}

size_t find(const Elements& e, const Value& v) {
  size_t i = 0;
  while (i < e.size() && !values_equal(e[i], v)) ++i;
  return i;
}

void remove(Context&, const Value& list, const Value& v) {
  auto& e = list.to_list().elements;
  size_t i = find(e, v);
  check(i < e.size(), "list.remove(x): x not in list");
  e.erase(e.begin() + static_cast<int64_t>(i));
}

int64_t index_of(Context&, const Value& list, const Value& v) {
  auto& e = list.to_list().elements;
  size_t i = find(e, v);
  if (i == e.size()) {
    if (v.is_int()) fail("'", v.to_int(), "' is not in list");
    if (v.is_double()) fail("'", v.to_double(), "' is not in list");
    if (v.is_string()) fail("'", v.to_string(), "' is not in list");
    if (v.is_bool()) fail("'", static_cast<int>(v.to_bool()), "' is not in list");
    fail("the ", tag_name(v.tag()), " is not in list");
  }
  return static_cast<int64_t>(i);
}

int64_t count(Context&, const Value& list, const Value& v) {
  auto& e = list.to_list().elements;
  return std::count_if(e.begin(), e.end(), [&](const Value& x) { return values_equal(x, v); });
}

bool contains(Context&, const Value& list, const Value& v) {
  auto& e = list.to_list().elements;
  return find(e, v) < e.size();
}

bool equal(Context&, const Value& a, const Value& b) {
  auto &x = a.to_list().elements, &y = b.to_list().elements;
  return x.size() == y.size() && std::equal(x.begin(), x.end(), y.begin(), values_equal);
}
bool not_equal(Context& ctx, const Value& a, const Value& b) { return !equal(ctx, a, b); }

constexpr Op rows[] = {
    op<"aten::len.t(t[] a) -> int", length>(),
    op<"aten::len.any(Any[] a) -> int", length>(),
    op<"aten::append.t(t[](a!) self, t(c -> *) el) -> t[](a!)", append>(),
    op<"aten::__getitem__.t(t[](a) list, int idx) -> t(*)", element>(),
    op<"aten::select.t(t[](a) list, int idx) -> t(*)", element>(),
    op<"aten::_set_item.t(t[](a!) l, int idx, t(b -> *) el) -> t[](a!)", set_element>(),
    op<"aten::Delete.t(t[](a!) self, int idx) -> ()", delete_element>(),
    op<"aten::insert.t(t[](a!) self, int idx, t(b -> *) el) -> ()", insert>(),
    op<"aten::pop.t(t[](a!) self, int idx=-1) -> t(*)", pop>(),
    op<"aten::extend.t(t[](a!) self, t[] other) -> ()", extend>(),
    op<"aten::add_.t(t[](a!) self, t[] b) -> t[]", extend_result>(),
    op<"aten::add.t(t[] a, t[] b) -> t[]", concatenate>(),
    op<"aten::mul.left_t(t[] l, int n) -> t[]", repeat>(),
    op<"aten::mul.right_(int n, t[] l) -> t[]", repeat_right>(),
    op<"aten::mul_.t(t[](a!) l, int n) -> t[](a!)", repeat_in_place>(),
    op<"aten::clear.t(t[](a!) self) -> ()", clear>(),
    op<"aten::reverse.t(t[](a!) self) -> ()", reverse>(),
    op<"aten::copy.t(t[](a) self) -> t[]", copy>(),
    op<"aten::list.t(t[] l) -> t[]", copy>(),
    op<"aten::slice.t(t[] l, int? start=None, int? end=None, int step=1) -> t[]", slice>(),
    op<"prim::rangelist(int n) -> int[]", range_list>(),
    op<"aten::Size(int[] sizes) -> int[]", copy>(),
    op<"aten::remove.int(int[](a!) self, int el) -> ()", remove>(),
    op<"aten::remove.float(float[](a!) self, float el) -> ()", remove>(),
    op<"aten::remove.bool(bool[](a!) self, bool el) -> ()", remove>(),
    op<"aten::remove.str(str[](a!) self, str el) -> ()", remove>(),
    op<"aten::remove.Tensor(Tensor[](a!) self, Tensor el) -> ()", remove>(),
    op<"aten::index.list_int(int[] self, int el) -> int", index_of>(),
    op<"aten::index.list_float(float[] self, float el) -> int", index_of>(),
    op<"aten::index.list_bool(bool[] self, bool el) -> int", index_of>(),
    op<"aten::index.list_str(str[] self, str el) -> int", index_of>(),
    op<"aten::index.list_Tensor(Tensor[] self, Tensor el) -> int", index_of>(),
    op<"aten::count.int(int[] self, int el) -> int", count>(),
    op<"aten::count.float(float[] self, float el) -> int", count>(),
    op<"aten::count.bool(bool[] self, bool el) -> int", count>(),
    op<"aten::count.str(str[] self, str el) -> int", count>(),
    op<"aten::count.Tensor(Tensor[] self, Tensor el) -> int", count>(),
    op<"aten::__contains__.int_list(int[] l, int item) -> bool", contains>(),
    op<"aten::__contains__.float_list(float[] l, float item) -> bool", contains>(),
    op<"aten::__contains__.str_list(str[] l, str item) -> bool", contains>(),
    op<"aten::eq.int_list(int[] a, int[] b) -> bool", equal>(),
    op<"aten::eq.float_list(float[] a, float[] b) -> bool", equal>(),
    op<"aten::eq.bool_list(bool[] a, bool[] b) -> bool", equal>(),
    op<"aten::eq.str_list(str[] a, str[] b) -> bool", equal>(),
    op<"aten::eq.Tensor_list(Tensor[] a, Tensor[] b) -> bool", equal>(),
    op<"aten::ne.int_list(int[] a, int[] b) -> bool", not_equal>(),
    op<"aten::ne.float_list(float[] a, float[] b) -> bool", not_equal>(),
    op<"aten::ne.bool_list(bool[] a, bool[] b) -> bool", not_equal>(),
    op<"aten::ne.str_list(str[] a, str[] b) -> bool", not_equal>(),
    op<"aten::ne.Tensor_list(Tensor[] a, Tensor[] b) -> bool", not_equal>(),
};

}  // namespace

SliceRange slice_range(int64_t size, std::optional<int64_t> start, std::optional<int64_t> end, int64_t step) {
  check(step != 0, "List slice should have non-zero step");
  int64_t low = step > 0 ? 0 : -1, high = step > 0 ? size : size - 1;  // where positions outside are moved to
  auto position = [&](std::optional<int64_t> i, int64_t otherwise) {
    if (!i) return otherwise;
    return std::clamp(*i < 0 ? wrap_add(*i, size) : *i, low, high);
  };
  int64_t first = position(start, step > 0 ? low : high), last = position(end, step > 0 ? high : low);
  return {first, step, range_length(first, last, step)};
}

const std::span<const Op> list_ops = rows;

}  // namespace tsrun
