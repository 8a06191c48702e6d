// A set of names written as one text.
#pragma once
#include <algorithm>
#include <set>
#include <string_view>

namespace tsrun {

/// Words separated by blanks; the text must outlive the set.
class WordSet {
 public:
  explicit WordSet(std::string_view text) {
    for (size_t at = 0; at < text.size();) {
      size_t end = std::min(text.find(' ', at), text.size());
      if (end > at) words_.insert(text.substr(at, end - at));
      at = end + 1;
    }
  }
  bool has(std::string_view word) const { return words_.count(word) != 0; }

 private:
  std::set<std::string_view> words_;
};

}  // namespace tsrun
