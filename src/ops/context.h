// What an operator may ask of the runtime: memory, threads, random numbers, and the switches of the running session.
#pragma once
#include <iosfwd>
#include <memory>

#include "tsrun/tensor.h"

namespace tsrun {

class Generator;

/// Where results come from. Implemented by the runtime's memory pool; its blocks go back when the last tensor lets go.
class Allocator : public RefCounted {
 public:
  /// At least `bytes` uninitialised bytes, 64-byte aligned. Throws Error (limit).
  virtual Ref<Storage> allocate(size_t bytes) = 0;
};

/// State that an operator keeps from one call of an instruction to the next: packed weights, convolution plans.
/// Shared by all sessions of a module, so a Prepared is complete before anyone else sees it and never changed after.
struct Prepared : RefCounted {};

struct Context {
  int threads = 1;
  Ref<Allocator> allocator;        ///< null: the heap
  Generator* generator = nullptr;  ///< the session's default generator; never null while a program runs
  bool grad_enabled = true;        ///< what torch.is_grad_enabled() answers; gradients are never computed
  bool autocast_enabled = false;
  bool exact = false;              ///< no algorithm that rounds more than the plain sum: Options::exact
  std::ostream* output = nullptr;  ///< where print() writes; null: std::cout

  /// Set by the engine around one call.
  const Tensor* destination = nullptr;      ///< in-place and out= forms: a pointwise operator may write its result here (see pointwise.h)
  Ref<const Prepared>* prepared = nullptr;  ///< place to keep a Prepared; null when the call's weights are not constant
  bool channels_last_result = false;        ///< convolutions may return channels-last strides

  /// Uninitialised contiguous tensor. Throws Error (limit, or model for a negative size).
  Tensor empty(IntSpan sizes, DType dtype) const;
  /// Uninitialised, with the dense strides given (they must be a permutation of the contiguous ones).
  Tensor empty_strided(IntSpan sizes, IntSpan strides, DType dtype) const;
  Tensor empty(IntSpan sizes, DType dtype, MemoryFormat format) const { return empty_strided(sizes, strides_for(sizes, format), dtype); }
  Tensor zeros(IntSpan sizes, DType dtype) const;
  /// Temporary bytes; they live as long as the Ref.
  Ref<Storage> workspace(size_t bytes) const { return allocator ? allocator->allocate(bytes) : Storage::allocate(bytes); }
};

}  // namespace tsrun
