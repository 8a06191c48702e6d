// The loop under every pointwise operator: broadcasting, result strides, type conversion, threads.
//
// The arithmetic itself is a function on contiguous spans of one type per operand. Operands that are contiguous in that type are handed to
// it in place; others (strided, broadcast, of another dtype) pass through small tiles that stay in the first-level cache.
#pragma once
#include <array>

#include "ops/context.h"
#include "ops/kernels/pointwise.h"
#include "ops/scalar.h"

namespace tsrun {

/// One input of a pass: a tensor, or a number that stands for a 0-dim tensor. `type` is the element type the function reads.
/// Tensors convert element by element from their own dtype, numbers once.
struct PassInput {
  PassInput(const Tensor& t, DType as) : tensor(&t), type(as) {}
  PassInput(const Scalar& s, DType as) : number(s), type(as) {}
  const Tensor* tensor = nullptr;
  Scalar number;
  DType type;
};

/// Writes out[i] for i in [0, n) from in[k][i]. `out` may be one of the inputs. Must not throw.
using SpanFunction = void (*)(const void* const* in, void* out, int64_t n, const void* state);

struct Pass {
  SpanFunction function;
  const void* state = nullptr;  ///< handed to the function; shared by all threads
  DType written;                ///< the element type the function writes; converted to `result` on the way out
  DType result;                 ///< dtype of the new tensor
};

/// Runs the pass over the broadcast inputs. The result has the strides PyTorch gives it; it is ctx.destination itself when that has the
/// dtype and sizes of the result and overlaps no input other than by being it. At least one input must be a tensor.
Tensor run(Context& ctx, const Pass& pass, std::span<const PassInput> inputs);

/// As run() for two inputs read as T (float, double, int32_t, int64_t) and a vector kernel that broadcasts by itself.
template <class T>
Tensor run_binary(Context& ctx, kernels::BinaryFunction<T> kernel, T alpha, std::span<const PassInput> inputs, DType result);

/// Sizes all tensors broadcast to.
Dims broadcast_sizes(std::span<const PassInput> inputs);
/// Strides PyTorch's iterator gives a new result of these sizes: the memory order of the inputs when they agree on one.
Dims result_strides(std::span<const PassInput> inputs, IntSpan sizes);
/// Can the result be written to ctx.destination?
bool destination_fits(const Context& ctx, std::span<const PassInput> inputs, IntSpan sizes, DType result);

}  // namespace tsrun
