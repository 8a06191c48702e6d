#include "ops/linalg.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "ops/tables.h"

namespace tsrun {

void check_matrix(const Tensor& a, const char* name, const char* argument) {
  check(a.dim() >= 2, name, ": The input tensor ", argument, " must have at least 2 dimensions.");
}

void check_square(const Tensor& a, const char* name, const char* argument) {
  check_matrix(a, name, argument);
  check(a.size(-1) == a.size(-2), name, ": ", argument, " must be batches of square matrices, but they are ", a.size(-2), " by ",
        a.size(-1), " matrices");
}

void check_floating_matrix(const Tensor& a, const char* name, bool low_precision) {
  check(is_floating(a.dtype()) || is_complex(a.dtype()), name, ": Expected a floating point or complex tensor as input. Got ",
        scalar_type_name(a.dtype()));
  bool low = a.dtype() != DType::f32 && a.dtype() != DType::f64 && a.dtype() != DType::c64 && a.dtype() != DType::c128;
  check(low_precision || !low, name, ": Low precision dtypes not supported. Got ", scalar_type_name(a.dtype()));
}

static std::string failure_text(std::string_view name, int info) {
  auto has = [&](std::string_view part) { return name.find(part) != name.npos; };
  std::string at = std::to_string(info);
  if (has("svd")) {
    if (info < 0) return "The algorithm failed to converge because the input matrix contained non-finite values.";
    return "The algorithm failed to converge because the input matrix is ill-conditioned or has too many repeated singular values (error "
           "code: " +
           at + ").";
  }
  if (has("inv"))
    return "The diagonal element " + at + " is zero, the inversion could not be completed because the input matrix is singular.";
  if (has("solve")) return "The solver failed because the input matrix is singular.";
  if (has("cholesky"))
    return "The factorization could not be completed because the input is not positive-definite (the leading minor of order " + at +
           " is not positive-definite).";
  if (has("eig"))
    return "The algorithm failed to converge because the input matrix is ill-conditioned or has too many repeated eigenvalues (error "
           "code: " +
           at + ").";
  if (has("lstsq"))
    return "The least squares solution could not be computed because the input matrix does not have full rank (error code: " + at + ").";
  if (has("lu_factor"))
    return "U[" + at + "," + at +
           "] is zero and using it on lu_solve would result in a division by zero. If you still want to perform the factorization, "
           "consider "
           "calling linalg.lu(A, pivot) or linalg.lu_factor_ex(A, pivot)";
  return "Unknown error code: " + at + ".";
}

void check_info(const Tensor& info, std::string_view name, bool is_matrix) {
  for (int64_t i = 0; i < info.numel(); ++i) {
    int32_t code = info.data<int32_t>()[i];
    if (code == 0) continue;
    fail(name, ": ", is_matrix ? "" : "(Batch element " + std::to_string(i) + "): ", failure_text(name, code));
  }
}

static void linalg_check_errors(Context& ctx, const Tensor& info, std::string_view api_name, bool is_matrix) {
  check_info(contiguous(ctx, cast(ctx, info, DType::i32)), api_name, is_matrix);
}

bool all_finite(const Tensor& x) {
  const auto* numbers = static_cast<const double*>(x.data());
  return std::all_of(numbers, numbers + x.numel() * (is_complex(x.dtype()) ? 2 : 1), [](double v) { return std::isfinite(v); });
}

Dims batch_sizes(const Tensor& a) { return a.sizes().first(static_cast<size_t>(a.dim() - 2)); }

Dims with_sizes(IntSpan batch, std::initializer_list<int64_t> sizes) {
  Dims all = batch;
  for (int64_t s : sizes) all.push_back(s);
  return all;
}

Tensor empty_matrices(Context& ctx, IntSpan batch, int64_t rows, int64_t columns, DType dtype) {
  return transposed(ctx.empty(with_sizes(batch, {columns, rows}), dtype));
}

Tensor copy_matrices(Context& ctx, const Tensor& a, IntSpan batch) {
  Tensor copy = empty_matrices(ctx, batch, a.size(-2), a.size(-1), a.dtype());
  copy_into(ctx, copy, a);
  return copy;
}

Tensor adjoint(Context& ctx, const Tensor& a) { return transposed(is_complex(a.dtype()) ? conjugate(ctx, a) : a); }

bool is_vector_case(const Tensor& a, const Tensor& b) {
  if (b.dim() == 1) return true;
  auto rows = a.sizes().first(static_cast<size_t>(a.dim() - 1));
  return a.dim() - 1 == b.dim() && std::equal(rows.begin(), rows.end(), b.sizes().begin());
}

Dims solve_batch(const Tensor& a, const Tensor& b, bool left, const char* name) {
  check_square(a, name);
  check_matrix(b, name, "B");
  check(left ? a.size(-2) == b.size(-2) : a.size(-1) == b.size(-1), name, ": Incompatible shapes of A and B for the equation ",
        left ? "AX = B" : "XA = B", " (", a.size(-2), "x", a.size(-1), " and ", b.size(-2), "x", b.size(-1), ")");
  return broadcast_sizes(batch_sizes(a), batch_sizes(b));
}

void check_solve_dtypes(const Tensor& a, const Tensor& b, const char* name) {
  check(a.dtype() == b.dtype(), name, ": Expected A and B to have the same dtype, but found A of type ", scalar_type_name(a.dtype()),
        " and B of type ", scalar_type_name(b.dtype()), " instead");
}

static constexpr Op rows[] = {
    op<"aten::_linalg_check_errors(Tensor info, str api_name, *, bool is_matrix) -> ()", linalg_check_errors>(),
};
const std::span<const Op> linalg_ops = rows;

}  // namespace tsrun
