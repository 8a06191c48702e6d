// Order, equality and sums of list elements: sort, min, max, sum, all, any.
#include <cmath>

#include "ops/list.h"
#include "ops/number.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {

namespace {

using Elements = std::vector<Value>;

/// The truth of `compare` on the only elements of two tensors.
template <class F>
bool of_items(const Tensor& a, const Tensor& b, F compare) {
  for (const Tensor* t : {&a, &b})
    check(t->numel() == 1, t->numel() ? "Boolean value of Tensor with more than one value is ambiguous"
                                      : "Boolean value of Tensor with no values is ambiguous");
  Scalar x = item(a), y = item(b);
  if (x.is_complex() || y.is_complex()) return compare(x.to_complex(), y.to_complex());
  if (x.is_floating() || y.is_floating()) return compare(x.to_double(), y.to_double());
  return compare(x.to_int(), y.to_int());
}

[[noreturn]] void not_comparable(const Value& a, const Value& b) {
  fail("cannot compare a ", tag_name(a.tag()), " with a ", tag_name(b.tag()));
}

/// Refuses what cannot be ordered before anything moves.
void check_sortable(const Value& v) {
  if (v.is_tuple()) {
    for (auto& e : v.to_tuple().elements) check_sortable(e);
    return;
  }
  if (v.is_object()) unsupported("sorting objects of a class by its __lt__");
  check(v.is_bool() || v.is_int() || v.is_double() || v.is_string() || v.is_tensor(), "Contained elements are not sortable (",
        tag_name(v.tag()),
        "). Only Int, Bool, Float, String, Tensor, a User Defined Class with __lt__ method defined or Tuples of aforementioned types can "
        "be sorted");
}

void sort_elements(Elements& list, bool reverse) {
  // On a copy, by a sort that stays in bounds whatever the comparisons say (NaN has no order), so that a throw leaves the list whole.
  if (std::all_of(list.begin(), list.end(), [](const Value& v) { return v.is_int(); })) {
    std::vector<int64_t> numbers(list.size());
    std::transform(list.begin(), list.end(), numbers.begin(), [](const Value& v) { return v.int_unchecked(); });
    std::sort(numbers.begin(), numbers.end());
    if (reverse) std::reverse(numbers.begin(), numbers.end());
    std::copy(numbers.begin(), numbers.end(), list.begin());
    return;
  }
  for (auto& v : list) check_sortable(v);
  Elements sorted = list;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const Value& a, const Value& b) { return reverse ? values_less(b, a) : values_less(a, b); });
  list.swap(sorted);
}

void sort(Context&, const Value& list, bool reverse) { sort_elements(list.to_list().elements, reverse); }

Value sorted(Context&, const Value& list) {
  Elements e = list.to_list().elements;
  sort_elements(e, false);
  return make_list(std::move(e), list.to_list().element);
}

/// PyTorch adds up in 32 bits.
int64_t sum_ints(Context&, const Value& list) {
  int64_t sum = 0;
  for (auto& v : list.to_list().elements) sum = wrap_add(sum, v.is_bool() ? v.to_bool() : v.to_int());
  return static_cast<int32_t>(sum);
}
double sum_floats(Context&, const Value& list) {
  double sum = 0;
  for (auto& v : list.to_list().elements) sum += v.to_double();
  return sum;
}
std::complex<double> sum_complex(Context&, const Value& list) {
  std::complex<double> sum = 0;
  for (auto& v : list.to_list().elements) sum += v.to_complex();
  return sum;
}

bool truth(const Value& v) {
  if (v.is_string()) return !v.to_string().empty();
  return v.is_double() ? v.to_double() != 0 : v.is_int() ? v.to_int() != 0 : v.to_bool();
}
bool all_true(Context&, const Value& list) {
  auto& e = list.to_list().elements;
  return std::all_of(e.begin(), e.end(), truth);
}
bool any_true(Context&, const Value& list) {
  auto& e = list.to_list().elements;
  return std::any_of(e.begin(), e.end(), truth);
}

template <bool max>
Value extreme(Context&, const Value& list) {
  auto& e = list.to_list().elements;
  check(!e.empty(), max ? "max() arg is an empty sequence" : "min() arg is an empty sequence");
  const Value* best = &e[0];
  for (auto& v : e)
    if (max ? values_less(*best, v) : values_less(v, *best)) best = &v;
  return *best;
}
/// The lists are compared as Python does, by their first difference.
template <bool max>
Value extreme_list(Context&, const Value& a, const Value& b) {
  auto &x = a.to_list().elements, &y = b.to_list().elements;
  bool a_less = std::lexicographical_compare(x.begin(), x.end(), y.begin(), y.end(), values_less);
  return a_less != max ? a : b;
}

constexpr Op rows[] = {
    op<"aten::sort.int(int[](a!) self, bool reverse=False) -> ()", sort>(),
    op<"aten::sort.float(float[](a!) self, bool reverse=False) -> ()", sort>(),
    op<"aten::sort.bool(bool[](a!) self, bool reverse=False) -> ()", sort>(),
    op<"aten::sort.str(str[](a!) self, bool reverse=False) -> ()", sort>(),
    op<"aten::sort.Tensor(Tensor[](a!) self, bool reverse=False) -> ()", sort>(),
    op<"aten::sort.any(t[](a!) self, bool reverse=False) -> ()", sort>(),
    op<"aten::sorted.int(int[](a) input) -> int[]", sorted>(),
    op<"aten::sorted.float(float[](a) input) -> float[]", sorted>(),
    op<"aten::sorted.bool(bool[](a) input) -> bool[]", sorted>(),
    op<"aten::sorted.str(str[](a) input) -> str[]", sorted>(),
    op<"aten::sorted.Tensor(Tensor[](a) input) -> Tensor[]", sorted>(),
    op<"aten::sorted.any(t[](a) self) -> t[]", sorted>(),
    op<"aten::sum.int(int[] self) -> int", sum_ints>(),
    op<"aten::sum.bool(bool[] self) -> int", sum_ints>(),
    op<"aten::sum.float(float[] self) -> float", sum_floats>(),
    op<"aten::sum.complex(complex[] self) -> complex", sum_complex>(),
    op<"aten::all.int(int[] self) -> bool", all_true>(),
    op<"aten::all.float(float[] self) -> bool", all_true>(),
    op<"aten::all.bool(bool[] self) -> bool", all_true>(),
    op<"aten::any.int(int[] self) -> bool", any_true>(),
    op<"aten::any.float(float[] self) -> bool", any_true>(),
    op<"aten::any.bool(bool[] self) -> bool", any_true>(),
    op<"aten::any.str(str[] self) -> bool", any_true>(),
    op<"prim::min.self_int(int[] self) -> int", extreme<false>>(),
    op<"prim::min.self_float(float[] self) -> float", extreme<false>>(),
    op<"prim::min.self_bool(bool[] self) -> bool", extreme<false>>(),
    op<"prim::min.int_list(int[] l, int[] r) -> int[]", extreme_list<false>>(),
    op<"prim::min.float_list(float[] l, float[] r) -> float[]", extreme_list<false>>(),
    op<"prim::min.bool_list(bool[] l, bool[] r) -> bool[]", extreme_list<false>>(),
    op<"prim::max.self_int(int[] self) -> int", extreme<true>>(),
    op<"prim::max.self_float(float[] self) -> float", extreme<true>>(),
    op<"prim::max.self_bool(bool[] self) -> bool", extreme<true>>(),
    op<"prim::max.int_list(int[] l, int[] r) -> int[]", extreme_list<true>>(),
    op<"prim::max.float_list(float[] l, float[] r) -> float[]", extreme_list<true>>(),
    op<"prim::max.bool_list(bool[] l, bool[] r) -> bool[]", extreme_list<true>>(),
};

}  // namespace

bool values_equal(const Value& a, const Value& b) {
  if (a.tag() != b.tag()) not_comparable(a, b);
  switch (a.tag()) {
    case Tag::boolean:
    case Tag::integer:
    case Tag::device: return a.is(b);
    case Tag::floating: return a.double_unchecked() == b.double_unchecked();
    case Tag::complex: return a.to_complex() == b.to_complex();
    case Tag::string: return a.to_string() == b.to_string();
    case Tag::tensor: return of_items(a.to_tensor(), b.to_tensor(), [](auto x, auto y) { return x == y; });
    default: not_comparable(a, b);
  }
}

bool values_less(const Value& a, const Value& b) {
  if (a.tag() != b.tag()) not_comparable(a, b);
  switch (a.tag()) {
    case Tag::boolean:
    case Tag::integer: return a.int_unchecked() < b.int_unchecked();
    case Tag::floating: return a.double_unchecked() < b.double_unchecked();
    case Tag::string: return a.to_string() < b.to_string();
    case Tag::tensor:
      return of_items(a.to_tensor(), b.to_tensor(), [](auto x, auto y) {
        if constexpr (!std::is_same_v<decltype(x), std::complex<double>>) return x < y;
        fail("complex tensors have no order");
        return false;
      });
    case Tag::tuple: {
      auto &x = a.to_tuple().elements, &y = b.to_tuple().elements;
      return std::lexicographical_compare(x.begin(), x.end(), y.begin(), y.end(), values_less);
    }
    default: not_comparable(a, b);
  }
}

const std::span<const Op> list_order_ops = rows;

}  // namespace tsrun
