// Operators that ask something of strings: kinds of characters, searching, comparing, hashing.
#include <functional>

#include "ops/ascii.h"
#include "ops/check.h"
#include "ops/tables.h"

namespace tsrun {

namespace {

using Text = std::string_view;

template <bool (*is)(char)>
bool every(Context&, Text s) {
  return !s.empty() && std::all_of(s.begin(), s.end(), is);
}
bool is_printable(Context&, Text s) {
  return std::all_of(s.begin(), s.end(), [](char c) { return c >= ' ' && c <= '~'; });
}
bool is_identifier(Context& ctx, Text s) { return every<is_letter_or_digit>(ctx, s) && !is_digit(s[0]); }
/// At least one letter of the wanted case and none of the other.
template <bool (*wanted)(char), bool (*other)(char)>
bool one_case(Context&, Text s) {
  return std::any_of(s.begin(), s.end(), wanted) && std::none_of(s.begin(), s.end(), other);
}
bool is_title(Context&, Text s) {
  bool inside = false, any = false;  // of a word; a word was seen
  for (char c : s) {
    if (is_upper(c) ? inside : is_lower(c) && !inside) return false;
    inside = is_letter(c);
    any = any || inside;
  }
  return any;
}

/// The part [start, end) that find and its kin look at. An end of -1 is the end of the text, -2 one character less.
struct Window {
  Text text;
  int64_t start, end;
  Window(Text s, int64_t from, int64_t to) {
    auto size = static_cast<int64_t>(s.size());
    start = from < 0 ? std::max<int64_t>(from + size, 0) : from;
    end = std::min(to < 0 ? std::max<int64_t>(to + size + 1, 0) : to, size);
    if (start < end) text = s.substr(static_cast<size_t>(start), static_cast<size_t>(end - start));
  }
};
int64_t position(const Window& w, size_t found) { return found == Text::npos ? -1 : w.start + static_cast<int64_t>(found); }

void check_position(Text s, int64_t start) {
  check(start <= static_cast<int64_t>(s.size()), "basic_string::substr: __pos (which is ", start, ") > this->size() (which is ", s.size(),
        ")");
}

/// PyTorch looks nowhere when the end is not behind the start, and refuses a start behind the text otherwise.
void check_start(Text s, int64_t start, int64_t end) {
  auto size = static_cast<int64_t>(s.size());
  if ((end < 0 ? end + size + 1 : end) > start) check_position(s, start);
}

int64_t find(Context&, Text s, Text part, int64_t start, int64_t end) {
  check_start(s, start, end);
  Window w(s, start, end);
  return position(w, w.text.find(part));
}
int64_t find_last(Context&, Text s, Text part, int64_t start, int64_t end) {
  check_start(s, start, end);
  Window w(s, start, end);
  return position(w, w.text.rfind(part));
}
int64_t index(Context& ctx, Text s, Text part, int64_t start, int64_t end) {
  int64_t i = find(ctx, s, part, start, end);
  check(i >= 0, "ValueError: substring not found");
  return i;
}
int64_t index_last(Context& ctx, Text s, Text part, int64_t start, int64_t end) {
  int64_t i = find_last(ctx, s, part, start, end);
  check(i >= 0, "ValueError: substring not found");
  return i;
}

/// Occurrences that start before the end count, even when they reach beyond it.
int64_t count(Context&, Text s, Text part, int64_t start, int64_t end) {
  Window w(s, start, end);
  if (w.start >= w.end) return 0;
  if (part.empty()) return w.end - w.start + 1;
  int64_t n = 0;
  for (size_t at = static_cast<size_t>(w.start); (at = s.find(part, at)) < static_cast<size_t>(w.end); at += part.size()) ++n;
  return n;
}

/// What startswith and endswith look at: an end before the start counts as no end.
Text tested(Text s, int64_t start, int64_t end) {
  Window w(s, start, end);
  check_position(s, w.start);
  return w.end < w.start ? s.substr(static_cast<size_t>(w.start)) : w.text;
}
bool starts_with(Context&, Text s, Text part, int64_t start, int64_t end) { return tested(s, start, end).starts_with(part); }
bool ends_with(Context&, Text s, Text part, int64_t start, int64_t end) { return tested(s, start, end).ends_with(part); }

template <class F>
bool compare(Context&, Text a, Text b) {
  return F()(a, b);
}

int64_t hash_of(const Value& v, int depth) {
  if (depth > 100) fail("a tuple nested too deep to be hashed");
  switch (v.tag()) {
    case Tag::none: return 0;
    case Tag::boolean:
    case Tag::integer: return v.int_unchecked();
    case Tag::floating: return static_cast<int64_t>(std::hash<double>()(v.to_double()));
    case Tag::string: return static_cast<int64_t>(std::hash<std::string>()(v.to_string()));
    case Tag::device: return static_cast<int64_t>(std::hash<std::string>()(to_string(v.to_device())));
    case Tag::tuple: {
      uint64_t h = 0;
      for (auto& e : v.to_tuple().elements) { h = (h ^ static_cast<uint64_t>(hash_of(e, depth + 1))) * 0x9e3779b97f4a7c15u; }
      return static_cast<int64_t>(h);
    }
    case Tag::tensor: return static_cast<int64_t>(reinterpret_cast<uintptr_t>(v.shared_object()));
    default: fail("unhashable type: '", tag_name(v.tag()), "'");
  }
}

int64_t hash(Context&, const Value& v) { return hash_of(v, 0); }

constexpr Op rows[] = {
    op<"aten::isspace(str self) -> bool", every<is_space>>(),
    op<"aten::isalpha(str self) -> bool", every<is_letter>>(),
    op<"aten::isalnum(str self) -> bool", every<is_letter_or_digit>>(),
    op<"aten::isdigit(str self) -> bool", every<is_digit>>(),
    op<"aten::isdecimal(str self) -> bool", every<is_digit>>(),
    op<"aten::isnumeric(str self) -> bool", every<is_digit>>(),
    op<"aten::isprintable(str self) -> bool", is_printable>(),
    op<"aten::isidentifier(str self) -> bool", is_identifier>(),
    op<"aten::isupper(str self) -> bool", one_case<is_upper, is_lower>>(),
    op<"aten::islower(str self) -> bool", one_case<is_lower, is_upper>>(),
    op<"aten::istitle(str self) -> bool", is_title>(),
    op<"aten::find(str self, str substr, int start=0, int end=-1) -> int", find>(),
    op<"aten::rfind(str self, str substr, int start=0, int end=-1) -> int", find_last>(),
    op<"aten::index.str(str self, str substr, int start=0, int end=-1) -> int", index>(),
    op<"aten::rindex(str self, str substr, int start=0, int end=-1) -> int", index_last>(),
    op<"aten::count(str self, str substr, int start=0, int end=-1) -> int", count>(),
    op<"aten::startswith(str self, str substr, int start=0, int end=-1) -> bool", starts_with>(),
    op<"aten::endswith(str self, str substr, int start=0, int end=-1) -> bool", ends_with>(),
    op<"aten::lt.str(str a, str b) -> bool", compare<std::less<>>>(),
    op<"aten::le.str(str a, str b) -> bool", compare<std::less_equal<>>>(),
    op<"aten::gt.str(str a, str b) -> bool", compare<std::greater<>>>(),
    op<"aten::ge.str(str a, str b) -> bool", compare<std::greater_equal<>>>(),
    op<"aten::eq.str(str a, str b) -> bool", compare<std::equal_to<>>>(),
    op<"aten::ne.str(str a, str b) -> bool", compare<std::not_equal_to<>>>(),
    op<"aten::hash.generic(t value) -> int", hash>(),
};

}  // namespace

const std::span<const Op> string_test_ops = rows;

}  // namespace tsrun
