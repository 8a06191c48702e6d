// Operations on tensors that operators of every family build upon.
#pragma once
#include "ops/context.h"
#include "ops/scalar.h"
#include "ops/shape.h"

namespace tsrun {

/// A view of the same storage; bounds are checked against it.
Tensor make_view(const Tensor& base, IntSpan sizes, IntSpan strides, int64_t offset);
/// x itself when it has that dtype, else a converted copy with the same dense strides.
Tensor cast(Context& ctx, const Tensor& x, DType dtype);
/// x itself when it is dense in that format, else a copy. `preserve` returns x.
Tensor contiguous(Context& ctx, const Tensor& x, MemoryFormat format = MemoryFormat::contiguous);
/// Always a copy; `preserve` keeps dense strides (a permuted tensor stays permuted) and makes others contiguous.
Tensor clone(Context& ctx, const Tensor& x, MemoryFormat format = MemoryFormat::preserve);
/// Writes src, broadcast and converted, into dst; the two may overlap.
void copy_into(Context& ctx, const Tensor& dst, const Tensor& src);
/// Sets every element.
void fill(Context& ctx, const Tensor& dst, const Scalar& value);
Tensor full(Context& ctx, IntSpan sizes, const Scalar& value, DType dtype);
/// A 0-dim tensor; a wrapped number takes part in type promotion as a Python number.
Tensor scalar_tensor(Context& ctx, const Scalar& value, DType dtype, bool wrapped_number = false);
/// The only element of x (else throws), as its own kind of number.
Scalar item(const Tensor& x);
/// Output strides that PyTorch gives a pointwise result on x: the same dense permutation, else contiguous.
Dims like_strides(const Tensor& x);
Tensor empty_like(Context& ctx, const Tensor& x);
Tensor empty_like(Context& ctx, const Tensor& x, DType dtype);

Tensor select(const Tensor& x, int64_t dim, int64_t index);
Tensor narrow(const Tensor& x, int64_t dim, int64_t start, int64_t length);
Tensor transpose(const Tensor& x, int64_t dim0, int64_t dim1);
Tensor permute(const Tensor& x, IntSpan dims);
Tensor unsqueeze(const Tensor& x, int64_t dim);
Tensor squeeze(const Tensor& x, int64_t dim);
Tensor expand(const Tensor& x, IntSpan sizes);
/// A view when the strides allow it, else a copy.
Tensor reshape(Context& ctx, const Tensor& x, IntSpan sizes);
Tensor cat(Context& ctx, std::span<const Tensor> tensors, int64_t dim);
/// resize_ of PyTorch: x gets these sizes, contiguous; its storage grows when needed.
void resize(const Tensor& x, IntSpan sizes);
/// Do any elements of a and b share memory?
bool may_overlap(const Tensor& a, const Tensor& b);

}  // namespace tsrun
