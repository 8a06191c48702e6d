// From places in serialized code back to the user's Python source (`*.py.debug_pkl`).
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "archive/pickle.h"

namespace tsrun {

struct SourcePlace {
  std::string file;  ///< as the saving machine named it
  size_t line = 0;   ///< 1-based
  std::string text;  ///< of that line, without the line end
};

/// The records of one code file.
class SourceRanges {
 public:
  SourceRanges() = default;
  /// Throws Error for bytes that are no such record.
  static SourceRanges parse(Bytes bytes, std::string_view name, const PickleLimits& limits = {});

  bool empty() const { return ranges_.empty(); }
  /// The place that produced the byte at `offset` of the code file; none when the record does not say.
  std::optional<SourcePlace> find(size_t offset) const;

 private:
  struct Text {
    std::vector<std::string> parts;
    std::string file;
    size_t first_line = 0;
  };
  struct Range {
    size_t code_offset;
    std::shared_ptr<const Text> text;  // null: no source
    size_t start;                      // in the text
  };
  std::vector<Range> ranges_;  // by code_offset
};

}  // namespace tsrun
