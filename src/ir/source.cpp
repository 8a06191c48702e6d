#include "ir/source.h"

#include <algorithm>

namespace tsrun {

size_t Source::line_of(size_t offset) const {
  return 1 + static_cast<size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(std::min(offset, text.size())), '\n'));
}

std::string_view Source::line_text(size_t line) const {
  size_t start = 0;
  for (size_t i = 1; i < line; ++i) {
    size_t newline = text.find('\n', start);
    if (newline == text.npos) return {};
    start = newline + 1;
  }
  return std::string_view(text).substr(start, text.find('\n', start) - start);
}

std::string Location::text() const { return source ? source->name + ":" + std::to_string(source->line_of(span.begin)) : ""; }

void fail_at(const Location& where, ErrorKind kind, const std::string& message) {
  if (!where.source) throw Error(kind, message);
  size_t line = where.source->line_of(where.span.begin);
  size_t line_start = where.source->text.rfind('\n', where.span.begin ? where.span.begin - 1 : 0);
  size_t column = where.span.begin - (line_start == std::string::npos || where.span.begin == 0 ? 0 : line_start + 1);
  std::string shown(where.source->line_text(line).substr(0, 200));
  throw Error(kind, where.text() + ": " + message, shown + "\n" + std::string(std::min<size_t>(column, 200), ' ') + "^");
}

}  // namespace tsrun
