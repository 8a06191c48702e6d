// Text files that are part of the library, put there by cmake/EmbedText.cmake.
#pragma once
#include <span>
#include <string_view>

namespace tsrun {

struct EmbeddedText {
  std::string_view name, text;
};

extern const std::span<const EmbeddedText> schema_catalogue;  ///< src/ops/catalogue/*.txt: a schema a line, overloads in PyTorch's order
extern const std::span<const EmbeddedText> prelude_sources;   ///< src/ops/prelude/*.py

}  // namespace tsrun
