// A piece of serialized code and places in it.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "tsrun/error.h"

namespace tsrun {

/// One file of the archive's code (or a prelude file).
struct Source {
  std::string name;  ///< "code/__torch__.py"
  std::string text;

  /// 1-based line that holds the byte at `offset`.
  size_t line_of(size_t offset) const;
  std::string_view line_text(size_t line) const;
};
using SourceRef = std::shared_ptr<const Source>;

/// Bytes [begin, end) of a source.
struct Span {
  uint32_t begin = 0, end = 0;
};

/// A span and its source: where a node came from.
struct Location {
  const Source* source = nullptr;
  Span span;
  /// "code/__torch__.py:41", empty when there is no source.
  std::string text() const;
};

/// Throws Error with "<place>: <message>" and the line with a caret as its trace.
[[noreturn]] void fail_at(const Location& where, ErrorKind kind, const std::string& message);

}  // namespace tsrun
