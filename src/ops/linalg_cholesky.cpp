// Cholesky factors of Hermitian positive definite matrices, and what is solved with them.
#include "ops/linalg_matrix.h"
#include "ops/tables.h"

namespace tsrun {

namespace {

/// The lower triangle of a becomes L of A = L L^H; what is above the diagonal is not read. Returns the order of the first leading minor
/// that is not positive, or 0.
template <class T>
int factor_cholesky(Eigen::Ref<Matrix<T>> a) {
  constexpr int64_t block = 64;
  const int64_t n = a.rows();
  for (int64_t start = 0; start < n; start += block) {
    const int64_t size = std::min(block, n - start), rest = n - start - size;
    for (int64_t j = start; j < start + size; ++j) {
      const int64_t done = j - start, below = start + size - j - 1;
      Real<T> pivot = Eigen::numext::real(a(j, j)) - a.row(j).segment(start, done).squaredNorm();
      if (!(pivot > 0)) return static_cast<int>(j + 1);
      pivot = std::sqrt(pivot);
      a(j, j) = pivot;
      if (below == 0) continue;
      a.col(j).segment(j + 1, below).noalias() -= a.block(j + 1, start, below, done) * a.row(j).segment(start, done).adjoint();
      a.col(j).segment(j + 1, below) /= pivot;
    }
    if (rest == 0) continue;
    auto diagonal = a.block(start, start, size, size);
    auto panel = a.block(start + size, start, rest, size);
    diagonal.template triangularView<Eigen::Lower>().adjoint().template solveInPlace<Eigen::OnTheRight>(panel);
    a.block(start + size, start + size, rest, rest).template selfadjointView<Eigen::Lower>().rankUpdate(panel, -1);
  }
  return 0;
}

std::tuple<Tensor, Tensor> factor(Context& ctx, const Tensor& self, bool upper) {
  Tensor result = copy_matrices(ctx, self), info = ctx.empty(batch_sizes(self), DType::i32);
  int64_t n = self.size(-1);
  dispatch(MatrixTypes(), self.dtype(), "cholesky_cpu", [&]<class T>() {
    Matrices<T> all(result);
    for_each_matrix(ctx, all.count, static_cast<double>(n) * n * n / 3, [&](int64_t i) {
      auto a = all[i];
      if (upper) a.template triangularView<Eigen::StrictlyLower>() = a.adjoint();
      info.data<int32_t>()[i] = factor_cholesky<T>(a);
      a.template triangularView<Eigen::StrictlyUpper>().setZero();
      if (upper) a.adjointInPlace();
    });
  });
  return {result, info};
}

std::tuple<Tensor, Tensor> cholesky_ex(Context& ctx, const Tensor& self, bool upper, bool check_errors) {
  check_square(self, "linalg.cholesky");
  check_floating_matrix(self, "linalg.cholesky");
  auto result = factor(ctx, self, upper);
  if (check_errors) check_info(std::get<1>(result), "linalg.cholesky_ex", self.dim() == 2);
  return result;
}

Tensor linalg_cholesky(Context& ctx, const Tensor& self, bool upper) {
  auto [result, info] = cholesky_ex(ctx, self, upper, false);
  check_info(info, "linalg.cholesky", self.dim() == 2);
  return result;
}

Tensor cholesky(Context& ctx, const Tensor& self, bool upper) {
  if (self.numel() == 0) return clone(ctx, self, MemoryFormat::contiguous);
  check_square(self, "cholesky");
  auto [result, info] = factor(ctx, self, upper);
  check_info(info, "cholesky", self.dim() == 2);
  return result;
}

/// X of L L^H X = B, or U^H U X = B, in the place of B.
template <class T, class Factor>
void solve_factored(const Factor& factor, MatrixMap<T> b, bool upper) {
  if (upper) {
    factor.template triangularView<Eigen::Upper>().adjoint().solveInPlace(b);
    factor.template triangularView<Eigen::Upper>().solveInPlace(b);
  } else {
    factor.template triangularView<Eigen::Lower>().solveInPlace(b);
    factor.template triangularView<Eigen::Lower>().adjoint().solveInPlace(b);
  }
}

void solve_in_place(Context& ctx, const Tensor& factor, const Tensor& b, bool upper) {
  dispatch(MatrixTypes(), b.dtype(), "cholesky_solve_cpu", [&]<class T>() {
    Matrices<T> factors(factor), sides(b);
    double n = static_cast<double>(sides.rows);
    for_each_matrix(ctx, sides.count, 2 * n * n * static_cast<double>(sides.columns),
                    [&](int64_t i) { solve_factored<T>(factors[i], sides[i], upper); });
  });
}

Tensor cholesky_inverse(Context& ctx, const Tensor& self, bool upper) {
  check_square(self, "cholesky_inverse");
  Tensor factor = copy_matrices(ctx, self), result = empty_matrices(ctx, batch_sizes(self), self.size(-1), self.size(-1), self.dtype());
  Tensor info = ctx.empty(batch_sizes(self), DType::i32);
  dispatch(MatrixTypes(), self.dtype(), "cholesky_inverse_out_cpu", [&]<class T>() {
    Matrices<T> all(result), factors(factor);
    for (int64_t i = 0; i < all.count; ++i) {
      int64_t k = 0;
      while (k < factors.rows && factors[i](k, k) != T(0)) ++k;
      info.data<int32_t>()[i] = k < factors.rows ? static_cast<int32_t>(k + 1) : 0;
      all[i].setIdentity();
    }
  });
  check_info(info, "cholesky_inverse", self.dim() == 2);
  solve_in_place(ctx, factor, result, upper);
  return result;
}

Tensor cholesky_solve(Context& ctx, const Tensor& self, const Tensor& input2, bool upper) {
  check(self.dim() >= 2, "b should have at least 2 dimensions, but has ", self.dim(), " dimensions instead");
  check(input2.dim() >= 2, "u should have at least 2 dimensions, but has ", input2.dim(), " dimensions instead");
  check(self.dtype() == input2.dtype(), "Expected b and A to have the same dtype, but found b of type ", scalar_type_name(self.dtype()),
        " and A of type ", scalar_type_name(input2.dtype()), " instead.");
  check(input2.size(-1) == input2.size(-2), "A must be batches of square matrices, but they are ", input2.size(-2), " by ", input2.size(-1),
        " matrices");
  check(input2.size(-1) == self.size(-2), "Incompatible matrix sizes for cholesky_solve: each A matrix is ", input2.size(-1), " by ",
        input2.size(-1), " but each b matrix is ", self.size(-2), " by ", self.size(-1));
  Dims batch = broadcast_sizes(batch_sizes(self), batch_sizes(input2));
  Tensor result = copy_matrices(ctx, self, batch);
  solve_in_place(ctx, copy_matrices(ctx, input2, batch), result, upper);
  return result;
}

constexpr Op rows[] = {
    op<"aten::linalg_cholesky_ex(Tensor self, *, bool upper=False, bool check_errors=False) -> (Tensor L, Tensor info)", cholesky_ex>(),
    op<"aten::linalg_cholesky(Tensor self, *, bool upper=False) -> Tensor", linalg_cholesky>(),
    op<"aten::cholesky(Tensor self, bool upper=False) -> Tensor", cholesky>(),
    op<"aten::cholesky_inverse(Tensor self, bool upper=False) -> Tensor", cholesky_inverse>(),
    op<"aten::cholesky_solve(Tensor self, Tensor input2, bool upper=False) -> Tensor", cholesky_solve>(),
    op<"aten::_cholesky_solve_helper(Tensor self, Tensor A, bool upper) -> Tensor", cholesky_solve>(),
};

}  // namespace
const std::span<const Op> cholesky_ops = rows;

}  // namespace tsrun
