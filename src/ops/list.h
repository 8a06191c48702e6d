// Comparing values and reading list positions, as Python does it.
#pragma once
#include <optional>

#include "ops/check.h"
#include "tsrun/value.h"

namespace tsrun {

/// `==` of two values of one kind. Tensors are equal when their only elements are; throws for tensors of any other size and for kinds
/// without `==`.
bool values_equal(const Value& a, const Value& b);
/// `<` of numbers, strings, one-element tensors and tuples of them; throws for other kinds.
bool values_less(const Value& a, const Value& b);

/// Position of index i, counted from the end when negative. Throws "list index out of range".
inline size_t list_position(int64_t i, size_t size) {
  int64_t p = i < 0 ? i + static_cast<int64_t>(size) : i;
  if (p < 0 || p >= static_cast<int64_t>(size)) [[unlikely]]
    fail("list index out of range");
  return static_cast<size_t>(p);
}

/// What `[start:end:step]` takes from a sequence of `size`: `count` elements from `first` on, `step` apart.
struct SliceRange {
  int64_t first = 0, step = 1, count = 0;
};
/// Throws for step = 0.
SliceRange slice_range(int64_t size, std::optional<int64_t> start, std::optional<int64_t> end, int64_t step);

}  // namespace tsrun
