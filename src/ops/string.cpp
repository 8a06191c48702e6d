// Operators that make strings. A string is an array of bytes; letters are those of ASCII. The quirks are LibTorch's.
#include <cerrno>
#include <charconv>
#include <cstdlib>

#include "ir/text.h"
#include "ir/type.h"
#include "ops/ascii.h"
#include "ops/list.h"
#include "ops/number.h"
#include "ops/tables.h"

namespace tsrun {

namespace {

using Text = std::string_view;

constexpr size_t max_text = size_t{1} << 31;  // bytes of one result

void check_length(size_t bytes) {
  if (bytes > max_text) throw Error(ErrorKind::limit, "string result of more than " + std::to_string(max_text) + " bytes");
}

Value string_list(std::vector<Value> parts) { return make_list(std::move(parts), types::string()); }

int64_t length(Context&, Text s) { return static_cast<int64_t>(s.size()); }
std::string concatenate(Context&, Text a, Text b) {
  std::string out;
  out.reserve(a.size() + b.size());
  out += a;
  out += b;
  return out;
}

std::string character(Context&, Text s, int64_t i) {
  int64_t p = i < 0 ? i + static_cast<int64_t>(s.size()) : i;
  check(p >= 0 && p < static_cast<int64_t>(s.size()), "basic_string::at: __n (which is ", static_cast<uint64_t>(p),
        ") >= this->size() (which is ", s.size(), ")");
  return std::string(1, s[static_cast<size_t>(p)]);
}

std::string slice(Context&, Text s, std::optional<int64_t> start, std::optional<int64_t> end, int64_t step) {
  SliceRange r = slice_range(static_cast<int64_t>(s.size()), start, end, step);
  if (r.step == 1) return std::string(s.substr(static_cast<size_t>(r.first), static_cast<size_t>(r.count)));
  std::string out;
  for (int64_t i = 0; i < r.count; ++i) out += s[static_cast<size_t>(r.first + i * r.step)];
  return out;
}

int64_t ordinal(Context&, Text s) {
  check(s.size() == 1, "String for ord() must be 1 character, found ", s.size());
  return static_cast<unsigned char>(s[0]);
}
std::string from_ordinal(Context&, int64_t i) {
  check(i >= 0 && i < 0x10ffff, "chr() arg not in range(0x110000), found ", i);
  return std::string(1, static_cast<char>(i));
}

std::string in_base(int64_t i, int base, const char* prefix) {
  char digits[65];
  uint64_t magnitude = i < 0 ? 0 - static_cast<uint64_t>(i) : static_cast<uint64_t>(i);
  char* end = std::to_chars(digits, digits + sizeof digits, magnitude, base).ptr;
  return std::string(i < 0 ? "-" : "") + prefix + std::string(digits, end);
}
std::string hexadecimal(Context&, int64_t i) { return in_base(i, 16, "0x"); }
std::string octal(Context&, int64_t i) { return in_base(i, 8, "0o"); }
std::string binary(Context&, int64_t i) { return in_base(i, 2, "0b"); }

Value characters(Context&, Text s) {
  std::vector<Value> parts;
  parts.reserve(s.size());
  for (char c : s) parts.emplace_back(Text(&c, 1));
  return string_list(std::move(parts));
}

template <class F>
std::string mapped(Text s, F&& f) {
  std::string out(s);
  for (char& c : out) c = f(c);
  return out;
}
std::string upper(Context&, Text s) { return mapped(s, to_upper); }
std::string lower(Context&, Text s) { return mapped(s, to_lower); }
std::string swap_case(Context&, Text s) {
  return mapped(s, [](char c) { return is_upper(c) ? to_lower(c) : to_upper(c); });
}
std::string capitalize(Context&, Text s) {
  std::string out = mapped(s, to_lower);
  if (!out.empty()) out[0] = to_upper(out[0]);
  return out;
}
std::string title(Context&, Text s) {
  bool inside = false;  // of a word
  return mapped(s, [&](char c) {
    char r = inside ? to_lower(c) : to_upper(c);
    inside = is_letter(c);
    return r;
  });
}

template <bool left, bool right>
std::string strip(Context&, Text s, Text chars) {
  size_t first = left ? s.find_first_not_of(chars) : 0;
  if (first == s.npos) return {};
  size_t last = right ? s.find_last_not_of(chars) : s.size() - 1;
  return last == s.npos ? std::string() : std::string(s.substr(first, last - first + 1));
}

/// `left` and `right` fill characters around s.
std::string padded(Text s, int64_t left, int64_t right, char fill) {
  if (left > static_cast<int64_t>(max_text) || right > static_cast<int64_t>(max_text)) check_length(max_text + 1);
  std::string out(static_cast<size_t>(left), fill);
  out += s;
  return out.append(static_cast<size_t>(right), fill);
}
int64_t missing(Text s, int64_t width) { return std::max<int64_t>(wrap_sub(width, static_cast<int64_t>(s.size())), 0); }
char one_character(Text fill) {
  check(fill.size() == 1, "TypeError: The fill character must be exactly one character long");
  return fill[0];
}
std::string center(Context&, Text s, int64_t width, Text fill) {
  char c = one_character(fill);
  int64_t n = missing(s, width), left = n / 2 + (n & width & 1);
  return padded(s, left, n - left, c);
}
std::string justify_left(Context&, Text s, int64_t width, Text fill) { return padded(s, 0, missing(s, width), one_character(fill)); }
std::string justify_right(Context&, Text s, int64_t width, Text fill) { return padded(s, missing(s, width), 0, one_character(fill)); }
/// A sign gets no special place.
std::string zero_fill(Context&, Text s, int64_t width) { return padded(s, missing(s, width), 0, '0'); }

/// Columns are counted from the start of the text, not of the line.
std::string expand_tabs(Context&, Text s, int64_t size) {
  std::string out;
  for (char c : s) {
    if (c != '\t') {
      out += c;
    } else if (size > 0) {
      check_length(static_cast<size_t>(size));
      out.append(static_cast<size_t>(size) - out.size() % static_cast<size_t>(size), ' ');
      check_length(out.size());
    }
  }
  return out;
}

std::string replace(Context&, Text s, Text old, Text with, int64_t max) {
  check(!old.empty() || max >= 0, "replacing an empty string without a limit does not end");
  std::string out;
  if (old.empty()) {  // found again and again before the first character
    if (!with.empty()) check_length(static_cast<size_t>(std::min<uint64_t>(static_cast<uint64_t>(max), max_text + 1)) * with.size());
    for (int64_t i = 0; !with.empty() && i < max; ++i) out += with;
    return out.append(s);
  }
  size_t from = 0;
  for (size_t at; max != 0 && (at = s.find(old, from)) != s.npos; from = at + old.size(), --max) {
    out += s.substr(from, at - from);
    out += with;
    check_length(out.size());
  }
  return out.append(s.substr(from));
}

std::string join(Context&, Text separator, const Value& values) {
  std::string out;
  bool first = true;
  for (auto& v : values.to_list().elements) {
    if (!std::exchange(first, false)) out += separator;
    out += v.to_string();
    check_length(out.size());
  }
  return out;
}

// The bytes of U+2028 and U+2029 count one by one.
constexpr Text line_ends = "\n\r\v\f\x1c\x1d\x1e\x85\xe2\x80\xa8\xa9";
constexpr Text blanks = " \t\n\r\v\f\x1c\x1d\x1e\x85\xe2\x80\xa8\xa9";

Value split(Context&, Text s, std::optional<Text> separator, int64_t max) {
  std::vector<Value> parts;
  if (!separator) {  // at runs of blanks; max does not count here
    for (size_t from = s.find_first_not_of(blanks); from != s.npos;) {
      size_t to = std::min(s.find_first_of(blanks, from), s.size());
      parts.emplace_back(s.substr(from, to - from));
      from = s.find_first_not_of(blanks, to);
    }
    return string_list(std::move(parts));
  }
  check(!separator->empty(), "ValueError: empty separator");
  parts = spare_elements(1);
  size_t from = 0;
  for (size_t at; max != 0 && (at = s.find(*separator, from)) != s.npos; from = at + separator->size(), --max)
    parts.emplace_back(s.substr(from, at - from));
  parts.emplace_back(s.substr(from));
  return string_list(std::move(parts));
}

Value split_from_right(Context&, Text s, Text separator, int64_t max) {
  check(!separator.empty(), "ValueError: empty separator");
  std::vector<Value> parts;
  for (size_t at; max != 0 && (at = s.rfind(separator)) != s.npos; --max) {
    parts.emplace_back(s.substr(at + separator.size()));
    s = s.substr(0, at);
  }
  parts.emplace_back(s);
  std::reverse(parts.begin(), parts.end());
  return string_list(std::move(parts));
}

/// Line ends that are kept become elements of their own; "\r\n" counts as two.
Value split_lines(Context&, Text s, bool keep_ends) {
  std::vector<Value> parts;
  size_t from = 0;
  for (size_t at; (at = s.find_first_of(line_ends, from)) != s.npos; from = at + 1) {
    parts.emplace_back(s.substr(from, at - from));
    if (keep_ends) parts.emplace_back(s.substr(at, 1));
  }
  if (from < s.size()) parts.emplace_back(s.substr(from));
  return string_list(std::move(parts));
}

using Three = std::tuple<std::string, std::string, std::string>;
Three parted(Text s, size_t at, size_t length) {
  return {std::string(s.substr(0, at)), std::string(s.substr(at, length)), std::string(s.substr(at + length))};
}
Three partition(Context&, Text s, Text separator) {
  size_t at = s.find(separator);
  return at == s.npos ? parted(s, s.size(), 0) : parted(s, at, separator.size());
}
Three partition_from_right(Context&, Text s, Text separator) {
  size_t at = s.rfind(separator);
  return at == s.npos ? parted(s, 0, 0) : parted(s, at, separator.size());
}

int64_t to_int(Context&, Text s) {
  size_t start = s.find_first_not_of(" \t\n\r\v\f");
  Text digits = start == s.npos ? Text() : s.substr(start);
  if (digits.starts_with('+') && !digits.starts_with("+-")) digits.remove_prefix(1);
  int64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  check(error == std::errc(), "stoll");  // PyTorch's message is the name of the function that gave up
  check(end == digits.data() + digits.size(), "invalid literal for int() with base 10: '", s, "'");
  return value;
}
/// Whatever strtod reads, hexadecimal and "inf" included, without anything behind it; in any locale with a dot.
double to_float(Context&, Text s) {
  std::string text(s);
  size_t start = text.find_first_not_of(" \t\n\r\v\f");
  const char *first = text.c_str() + std::min(start, text.size()), *last = text.c_str() + text.size();
  bool negative = first != last && *first == '-';
  if (first != last && (*first == '-' || *first == '+')) ++first;
  bool hexadecimal = last - first > 2 && first[0] == '0' && (first[1] == 'x' || first[1] == 'X');
  double value = 0;
  auto [end, error] = hexadecimal ? std::from_chars(first + 2, last, value, std::chars_format::hex) : std::from_chars(first, last, value);
  check(error == std::errc() && *first != '-', "stod");
  check(end == last, "could not convert string to float: '", s, "'");
  return negative ? -value : value;
}

std::string text(Context&, const Value& v) { return to_str(v); }

Value with_format(Arguments a, std::string (*write)(Text, std::span<const Value* const>)) {
  check(a.size() > 0, "a format string is missing");
  return write(a[0].to_string(), {a.data() + 1, a.size() - 1});
}
Value format(Context&, Arguments a) { return with_format(a, format_text); }
Value percent_format(Context&, Arguments a) { return with_format(a, percent_format_text); }

constexpr Op rows[] = {
    op<"aten::len.str(str s) -> int", length>(),
    op<"aten::add.str(str a, str b) -> str", concatenate>(),
    op<"aten::__getitem__.str(str s, int index) -> str", character>(),
    op<"aten::slice.str(str string, int? start=None, int? end=None, int step=1) -> str", slice>(),
    op<"aten::ord(str string) -> int", ordinal>(),
    op<"aten::chr(int i) -> str", from_ordinal>(),
    op<"aten::hex(int i) -> str", hexadecimal>(),
    op<"aten::oct(int i) -> str", octal>(),
    op<"aten::bin(int i) -> str", binary>(),
    op<"aten::list(str t) -> str[]", characters>(),
    op<"aten::upper(str self) -> str", upper>(),
    op<"aten::lower(str self) -> str", lower>(),
    op<"aten::swapcase(str self) -> str", swap_case>(),
    op<"aten::capitalize(str self) -> str", capitalize>(),
    op<"aten::title(str self) -> str", title>(),
    op<"aten::strip(str self, str chars=\" \\n\\t\\f\\v\") -> str", strip<true, true>>(),
    op<"aten::lstrip(str self, str chars=\" \\n\\t\\f\\v\") -> str", strip<true, false>>(),
    op<"aten::rstrip(str self, str chars=\" \\n\\t\\f\\v\") -> str", strip<false, true>>(),
    op<"aten::center(str self, int width, str fillchar=\" \") -> str", center>(),
    op<"aten::ljust(str self, int width, str fillchar=\" \") -> str", justify_left>(),
    op<"aten::rjust(str self, int width, str fillchar=\" \") -> str", justify_right>(),
    op<"aten::zfill(str self, int width) -> str", zero_fill>(),
    op<"aten::expandtabs(str self, int tabsize=8) -> str", expand_tabs>(),
    op<"aten::replace(str self, str old, str new, int max=-1) -> str", replace>(),
    op<"aten::join(str self, str[] values) -> str", join>(),
    op<"aten::split.str(str self, str? separator=None, int max=-1) -> str[]", split>(),
    op<"aten::rsplit(str self, str separator=\" \", int max=-1) -> str[]", split_from_right>(),
    op<"aten::splitlines(str self, bool keepends=False) -> str[]", split_lines>(),
    op<"aten::partition(str self, str separator) -> (str, str, str)", partition>(),
    op<"aten::rpartition(str self, str separator) -> (str, str, str)", partition_from_right>(),
    op<"aten::Int.str(str a) -> int", to_int>(),
    op<"aten::Float.str(str a) -> float", to_float>(),
    op<"aten::str(t elem) -> str", text>(),
    op<"aten::format(str self, ...) -> str", format>(),
    op<"aten::percentFormat(str self, ...) -> str", percent_format>(),
    op<"prim::StringIndex(str string, int index) -> str", character>(),
};

}  // namespace

const std::span<const Op> string_ops = rows;

}  // namespace tsrun
