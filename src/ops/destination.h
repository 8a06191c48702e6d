// What PyTorch asks of a tensor that an operator writes to.
#pragma once
#include <span>
#include <string_view>

#include "tsrun/tensor.h"

namespace tsrun {

/// Throws PyTorch's error for a tensor with broadcast dimensions: a write to one element would show in others.
void check_writable(const Tensor& x);

/// How the memory of two tensors lies. PyTorch leaves the question open (`unknown`) where one of them has gaps.
enum class Overlap : uint8_t { none, partial, full, unknown };
Overlap overlap(const Tensor& a, const Tensor& b);

/// Throws unless `read` may be an input while `written` is the result: it is apart from it or the same view.
void check_no_partial_overlap(const Tensor& written, const Tensor& read);
/// As above, for operators that read places they may have written before: the same view is refused, too.
void check_no_overlap(const Tensor& written, const Tensor& read);

/// The rules of one operator's out= form, by the name without namespace ("gather").
bool wants_equal_dtype(std::string_view name);      ///< out= must have the dtype of the result; others take what it can be cast to
bool wants_separate_memory(std::string_view name);  ///< out= must not be an input (check_no_overlap)
bool allows_overlap(std::string_view name);         ///< nothing about memory is checked
bool infers_dtype(std::string_view name);           ///< computes in the dtype of out= when no dtype is asked for

}  // namespace tsrun
