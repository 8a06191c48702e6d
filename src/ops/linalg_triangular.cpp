// Systems with a triangular matrix.
#include "ops/linalg_matrix.h"
#include "ops/tables.h"

namespace tsrun {

namespace {

struct Triangle {
  bool upper, unit;
};

/// X of A X = B, or X A = B, in the place of B.
template <unsigned mode, class T>
void solve_one(const MatrixMap<T>& a, MatrixMap<T>& b, bool left) {
  if (left) a.template triangularView<mode>().solveInPlace(b);
  else a.template triangularView<mode>().template solveInPlace<Eigen::OnTheRight>(b);
}

void solve_in_place(Context& ctx, const Tensor& a, const Tensor& b, Triangle triangle, bool left) {
  dispatch(MatrixTypes(), b.dtype(), "triangular_solve_cpu", [&]<class T>() {
    Matrices<T> matrices(a), sides(b);
    for_each_matrix(ctx, sides.count, static_cast<double>(sides.rows * sides.columns * matrices.rows), [&](int64_t i) {
      auto matrix = matrices[i], side = sides[i];
      if (triangle.upper && triangle.unit) solve_one<Eigen::UnitUpper, T>(matrix, side, left);
      else if (triangle.upper) solve_one<Eigen::Upper, T>(matrix, side, left);
      else if (triangle.unit) solve_one<Eigen::UnitLower, T>(matrix, side, left);
      else solve_one<Eigen::Lower, T>(matrix, side, left);
    });
  });
}

Tensor linalg_solve_triangular(Context& ctx, const Tensor& self, const Tensor& b, bool upper, bool left, bool unitriangular) {
  check_solve_dtypes(self, b, "linalg.solve_triangular");
  Dims batch = solve_batch(self, b, left, "linalg.solve_triangular");
  Tensor x = copy_matrices(ctx, b, batch);
  solve_in_place(ctx, copy_matrices(ctx, self, batch), x, {upper, unitriangular}, left);
  return x;
}

std::tuple<Tensor, Tensor> triangular_solve(Context& ctx, const Tensor& self, const Tensor& a, bool upper, bool transpose,
                                            bool unitriangular) {
  check(self.dim() >= 2, "torch.triangular_solve: Expected b to have at least 2 dimensions, but it has ", self.dim(),
        " dimensions instead");
  check(a.dim() >= 2, "torch.triangular_solve: Expected A to have at least 2 dimensions, but it has ", a.dim(), " dimensions instead");
  check(self.dtype() == a.dtype(), "Expected b and A to have the same dtype, but found b of type ", scalar_type_name(self.dtype()),
        " and A of type ", scalar_type_name(a.dtype()), " instead.");
  check(a.size(-1) == a.size(-2), "A must be batches of square matrices, but they are ", a.size(-2), " by ", a.size(-1), " matrices");
  check(a.size(-1) == self.size(-2), "Incompatible matrix sizes for triangular_solve: each A matrix is ", a.size(-1), " by ", a.size(-1),
        " but each b matrix is ", self.size(-2), " by ", self.size(-1));
  Dims batch = broadcast_sizes(batch_sizes(self), batch_sizes(a));
  Tensor x = copy_matrices(ctx, self, batch), coefficients = copy_matrices(ctx, a, batch);
  if (transpose) solve_in_place(ctx, copy_matrices(ctx, transposed(a), batch), x, {!upper, unitriangular}, true);
  else solve_in_place(ctx, coefficients, x, {upper, unitriangular}, true);
  return {x, coefficients};
}

constexpr Op rows[] = {
    op<"aten::linalg_solve_triangular(Tensor self, Tensor B, *, bool upper, bool left=True, bool unitriangular=False) -> Tensor",
       linalg_solve_triangular>(),
    op<"aten::triangular_solve(Tensor self, Tensor A, bool upper=True, bool transpose=False, bool unitriangular=False) -> (Tensor "
       "solution, Tensor "
       "cloned_coefficient)",
       triangular_solve>(),
};

}  // namespace
const std::span<const Op> triangular_ops = rows;

}  // namespace tsrun
