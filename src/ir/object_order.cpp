// Sorting lists of objects. An operator cannot call a class's __lt__, so sort() and sorted() become calls of functions in TorchScript.
#include "ir/parser.h"
#include "ir/unit.h"

namespace tsrun {
namespace {

/// Stable merge sort; T is the class.
constexpr std::string_view functions = R"(
def sorted(values: List[T], reverse: bool=False) -> List[T]:
  ordered = values.copy()
  width = 1
  while width < len(ordered):
    merged = annotate(List[T], [])
    start = 0
    while start < len(ordered):
      left, middle = start, min(start + width, len(ordered))
      right, end = middle, min(start + 2 * width, len(ordered))
      while left < middle and right < end:
        a, b = ordered[left], ordered[right]
        if (a < b if reverse else b < a):
          merged.append(b)
          right = right + 1
        else:
          merged.append(a)
          left = left + 1
      merged.extend(ordered[left:middle])
      merged.extend(ordered[right:end])
      start = end
    ordered = merged
    width = 2 * width
  return ordered

def sort(values: List[T], reverse: bool=False) -> NoneType:
  ordered = sorted(values, reverse)
  for i in range(len(values)):
    values[i] = ordered[i]
)";

std::string for_class(const std::string& name) {
  std::string text(functions);
  for (size_t at = 0; (at = text.find("List[T]", at)) != text.npos; at += name.size()) text.replace(at + 5, 1, name);
  return text;
}

}  // namespace

Function* CompilationUnit::sort_function(const Type& element, bool in_place) {
  std::lock_guard lock(mutex);
  std::string prefix = "sort of " + element.name;
  auto& file = files_[prefix];
  if (!file) file = read_file(std::make_shared<Source>(Source{prefix, for_class(element.name)}));
  return find_function(prefix + (in_place ? ".sort" : ".sorted"));
}

}  // namespace tsrun
