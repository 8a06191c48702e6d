// What the linear algebra operators share: checks in PyTorch's words, and tensors of matrices that are column-major, as LAPACK leaves them.
#pragma once
#include "ops/dispatch.h"
#include "ops/tensor_ops.h"
#include "ops/view.h"

namespace tsrun {

/// The element types of factorisations.
using MatrixTypes = TypeList<float, double, C64, C128>;
/// Those in which the longer ones are computed for all.
using DoubleTypes = TypeList<double, C128>;
/// float64 or complex128 for a dtype of MatrixTypes, others as they are.
inline DType double_type(DType t) { return t == DType::f32 ? DType::f64 : t == DType::c64 ? DType::c128 : t; }
/// Are all elements finite? x is float64 or complex128 and dense.
bool all_finite(const Tensor& x);

/// "<name>: The input tensor <argument> must have at least 2 dimensions."
void check_matrix(const Tensor& a, const char* name, const char* argument = "A");
/// As above, and "<argument> must be batches of square matrices".
void check_square(const Tensor& a, const char* name, const char* argument = "A");
/// "<name>: Expected a floating point or complex tensor as input"; float16 and bfloat16 pass only with low_precision.
void check_floating_matrix(const Tensor& a, const char* name, bool low_precision = true);
/// Raises for the first nonzero element of `info` (int32, one for each matrix) what PyTorch says for the operator `name`; a negative one
/// stands for non-finite input, the others for the 1-based place of the failure. `is_matrix`: no batch element is named.
void check_info(const Tensor& info, std::string_view name, bool is_matrix);

/// All sizes but the last two.
Dims batch_sizes(const Tensor& a);
/// batch with further sizes behind.
Dims with_sizes(IntSpan batch, std::initializer_list<int64_t> sizes);
/// Uninitialised [*batch, rows, columns]; each matrix is column-major.
Tensor empty_matrices(Context& ctx, IntSpan batch, int64_t rows, int64_t columns, DType dtype);
/// A copy of a that is column-major, with its batch dimensions expanded.
Tensor copy_matrices(Context& ctx, const Tensor& a, IntSpan batch);
inline Tensor copy_matrices(Context& ctx, const Tensor& a) { return copy_matrices(ctx, a, batch_sizes(a)); }
/// The last two dimensions swapped: a view.
inline Tensor transposed(const Tensor& a) { return transpose(a, -2, -1); }
/// The last two dimensions swapped and the elements conjugated.
Tensor adjoint(Context& ctx, const Tensor& a);
/// An empty tensor [0] in the place of a result that was not asked for.
inline Tensor no_result(Context& ctx, DType dtype) { return ctx.empty(Dims{0}, dtype); }

/// A factored matrix PA = LU: LU column-major, pivots int32 [*batch, min(m, n)] counted from 1, info int32 [*batch].
struct LuFactors {
  Tensor lu, pivots, info;
};
/// Of matrices [*, m, n]; `factored` is overwritten and becomes lu.
LuFactors lu_factor_in_place(Context& ctx, const Tensor& factored);
/// X of A X = B (A^H X = B with adjoint) in the place of B, both column-major with equal batch dimensions.
void lu_solve_in_place(Context& ctx, const Tensor& lu, const Tensor& pivots, const Tensor& b, bool adjoint);

/// B's part in a system with A: is it a batch of vectors?
bool is_vector_case(const Tensor& a, const Tensor& b);
/// The batch dimensions of both, after PyTorch's checks of shapes for A X = B, or X A = B. b is a batch of matrices.
Dims solve_batch(const Tensor& a, const Tensor& b, bool left, const char* name);
/// Throws unless both dtypes are equal.
void check_solve_dtypes(const Tensor& a, const Tensor& b, const char* name);

/// U, singular values in descending order, V^H; U and V^H undefined without vectors.
struct SvdResult {
  Tensor u, s, vh;
};
SvdResult svd(Context& ctx, const Tensor& a, bool full_matrices, bool vectors);

}  // namespace tsrun
