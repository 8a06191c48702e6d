// What the view, copy and index operators share beyond tensor_ops.h: further views, questions about strides, checks before writing.
#pragma once
#include <optional>

#include "ops/destination.h"
#include "ops/tensor_ops.h"

namespace tsrun {

/// Strides that show a tensor of `sizes` and `strides` as `to`, which has as many elements; none when only a copy can.
std::optional<Dims> view_strides(IntSpan sizes, IntSpan strides, IntSpan to);
/// As reshape, but throws where a copy would be needed.
Tensor view(const Tensor& x, IntSpan sizes);
/// Python's x[start:end:step] along dim: bounds are clamped.
Tensor slice(const Tensor& x, int64_t dim, int64_t start, int64_t end, int64_t step);
/// The elements x[i, i + offset] of two dimensions, as a new last dimension.
Tensor diagonal(const Tensor& x, int64_t offset, int64_t dim1, int64_t dim2);
/// Do the elements fill a block of memory without gaps or repetition, in whatever order of dimensions?
bool is_dense(const Tensor& x);
/// Dense strides in the order PyTorch's iterator gives a new result: the first operand whose strides tell two dimensions apart decides.
Dims iterator_strides(IntSpan sizes, std::span<const IntSpan> operands);
/// The memory format the strides look like: channels_last, channels_last_3d or contiguous.
MemoryFormat suggested_format(const Tensor& x);
/// As empty_like, in the given format; `preserve` keeps dense strides. Throws when x has not the rank of the format.
Tensor empty_like(Context& ctx, const Tensor& x, DType dtype, MemoryFormat format);
/// Throws Error (unsupported) for a layout that is not strided.
void check_strided(std::optional<Layout> layout);
/// self[mask] = value, the mask broadcast to self.
void masked_fill_into(Context& ctx, const Tensor& self, const Tensor& mask, const Scalar& value);
/// Complex conjugates in a new tensor (PyTorch gives a view that conjugates when read).
Tensor conjugate(Context& ctx, const Tensor& x);
/// x itself gets the sizes, strides and offset of `as`, a view of the same storage (squeeze_, t_).
void set_geometry(const Tensor& x, const Tensor& as);
/// Throws Error (model) unless all elements of such a view lie in the storage.
void check_bounds(const Storage& storage, DType dtype, IntSpan sizes, IntSpan strides, int64_t offset);

}  // namespace tsrun
