#include "archive/source_ranges.h"

#include <algorithm>
#include <unordered_map>

namespace tsrun {
namespace {

constexpr std::string_view table_marker = "FORMAT_WITH_STRING_TABLE";

const std::vector<Value>& tuple(const Value& v, size_t at_least) {
  const auto& elements = v.to_tuple().elements;
  if (elements.size() < at_least) throw Error(ErrorKind::malformed, "a debug record is too short");
  return elements;
}

size_t index(const Value& v) {
  const int64_t i = v.to_int();
  if (i < 0) throw Error(ErrorKind::malformed, "a debug record holds a negative offset");
  return static_cast<size_t>(i);
}

}  // namespace

SourceRanges SourceRanges::parse(Bytes bytes, std::string_view name, const PickleLimits& limits) {
  PickleInput input{bytes, name};
  input.limits = limits;
  const Value root = read_pickle(input);

  const auto& top = tuple(root, 0);
  const bool has_table = top.size() == 3 && top[0].is_string() && top[0].to_string() == table_marker;
  static const std::vector<Value> none;
  const auto& strings = has_table ? tuple(top[1], 0) : none;
  auto string_at = [&](const Value& v) -> const std::string& {
    if (!has_table) return v.to_string();
    const size_t i = index(v);
    if (i >= strings.size()) throw Error(ErrorKind::malformed, "a debug record names a string that is missing");
    return strings[i].to_string();
  };

  SourceRanges result;
  std::unordered_map<const RefCounted*, std::shared_ptr<const Text>> texts;  // ranges of one function share their text
  for (const Value& record : has_table ? tuple(top[2], 0) : top) {
    const auto& fields = tuple(record, 2);
    const auto& range = tuple(fields[1], 3);
    Range r{index(fields[0]), nullptr, index(range[1])};
    const auto& source = tuple(range[0], 3);
    auto& text = texts[range[0].shared_object()];
    if (!text) {
      auto made = std::make_shared<Text>();
      if (source[0].is_list())
        for (const Value& part : source[0].to_list().elements) made->parts.push_back(string_at(part));
      else made->parts.push_back(string_at(source[0]));
      if (!source[1].is_none()) made->file = string_at(source[1]);
      made->first_line = index(source[2]);
      text = made;
    }
    if (!text->file.empty()) r.text = text;
    result.ranges_.push_back(std::move(r));
  }
  std::stable_sort(result.ranges_.begin(), result.ranges_.end(),
                   [](const Range& a, const Range& b) { return a.code_offset < b.code_offset; });
  return result;
}

std::optional<SourcePlace> SourceRanges::find(size_t offset) const {
  auto after = std::upper_bound(ranges_.begin(), ranges_.end(), offset, [](size_t o, const Range& r) { return o < r.code_offset; });
  if (after == ranges_.begin()) return std::nullopt;
  const Range& range = *--after;
  if (!range.text) return std::nullopt;
  std::string all;
  for (const std::string& part : range.text->parts) all += part;
  const size_t start = std::min(range.start, all.size());
  SourcePlace place;
  place.file = range.text->file;
  place.line = range.text->first_line + static_cast<size_t>(std::count(all.begin(), all.begin() + static_cast<ptrdiff_t>(start), '\n'));
  const size_t line_start = start == 0 ? 0 : all.rfind('\n', start - 1) + 1;
  place.text = all.substr(line_start, all.find('\n', line_start) - line_start);
  return place;
}

}  // namespace tsrun
