// LDL factorisation of indefinite symmetric and Hermitian matrices by Bunch and Kaufman's choice of pivots, in LAPACK's layout: L below the
// diagonal, D on it. A positive pivot p stands for a block of one, row k exchanged with row p; two equal negative ones -p, -p for a
// block of two, the second row exchanged with row p.
#include "ops/linalg_matrix.h"
#include "ops/tables.h"

namespace tsrun {

namespace {

template <class T>
T conjugate_if(bool hermitian, const T& x) {
  return hermitian ? Eigen::numext::conj(x) : x;
}

/// The row, from `start` on, of the largest element of a column.
template <class T>
int64_t largest_in_column(const MatrixMap<T>& a, int64_t column, int64_t start) {
  int64_t best = start;
  for (int64_t i = start + 1; i < a.rows(); ++i)
    if (magnitude(a(i, column)) > magnitude(a(best, column))) best = i;
  return best;
}

/// Exchanges rows and columns k and p > k of the trailing matrix, of which the lower triangle is stored.
template <class T>
void exchange(MatrixMap<T>& a, int64_t k, int64_t p, bool hermitian) {
  const int64_t n = a.rows();
  a.col(k).tail(n - p - 1).swap(a.col(p).tail(n - p - 1));
  for (int64_t j = k + 1; j < p; ++j) {
    T moved = conjugate_if(hermitian, a(j, k));
    a(j, k) = conjugate_if(hermitian, a(p, j));
    a(p, j) = moved;
  }
  if (hermitian) a(p, k) = Eigen::numext::conj(a(p, k));
  std::swap(a(k, k), a(p, p));
}

template <class T>
int factor(MatrixMap<T> a, int32_t* pivots, bool hermitian) {
  const Real<T> alpha = (1 + std::sqrt(Real<T>(17))) / 8;
  const int64_t n = a.rows();
  auto diagonal_size = [&](int64_t i) { return hermitian ? std::abs(Eigen::numext::real(a(i, i))) : magnitude(a(i, i)); };
  int info = 0;
  int64_t step = 1;
  for (int64_t k = 0; k < n; k += step) {
    step = 1;
    int64_t pivot = k, row = k + 1 < n ? largest_in_column<T>(a, k, k + 1) : k;
    Real<T> own = diagonal_size(k), column_max = row > k ? magnitude(a(row, k)) : Real<T>(0);
    if (std::max(own, column_max) == 0 || std::isnan(own)) {
      if (info == 0) info = static_cast<int>(k + 1);
      if (hermitian) a(k, k) = Eigen::numext::real(a(k, k));
      pivots[k] = static_cast<int32_t>(k + 1);
      continue;
    }
    if (own < alpha * column_max) {
      Real<T> row_max = 0;
      for (int64_t j = k; j < row; ++j) row_max = std::max(row_max, magnitude(a(row, j)));
      for (int64_t i = row + 1; i < n; ++i) row_max = std::max(row_max, magnitude(a(i, row)));
      if (own >= alpha * column_max * (column_max / row_max)) {
        pivot = k;
      } else {
        pivot = row;
        if (diagonal_size(row) < alpha * row_max) step = 2;
      }
    }
    const int64_t last = k + step - 1;
    if (hermitian) {
      a(k, k) = Eigen::numext::real(a(k, k));
      a(last, last) = Eigen::numext::real(a(last, last));
      a(pivot, pivot) = Eigen::numext::real(a(pivot, pivot));
    }
    if (pivot != last) {
      exchange<T>(a, last, pivot, hermitian);
      if (step == 2) std::swap(a(last, k), a(pivot, k));
    }
    const int64_t below = n - last - 1;
    if (step == 1) {
      pivots[k] = static_cast<int32_t>(pivot + 1);
      T scale = T(1) / a(k, k);
      for (int64_t j = k + 1; j < n; ++j) {
        T factor = scale * conjugate_if(hermitian, a(j, k));
        a.col(j).tail(n - j) -= a.col(k).tail(n - j) * factor;
        if (hermitian) a(j, j) = Eigen::numext::real(a(j, j));
      }
      a.col(k).tail(below) *= scale;
      continue;
    }
    pivots[k] = pivots[k + 1] = -static_cast<int32_t>(pivot + 1);
    // The block's inverse is formed with its off-diagonal element divided out, which keeps the numbers in range.
    const T off = a(k + 1, k), size = hermitian ? T(std::abs(off)) : off, phase = off / size;
    const T d11 = a(k + 1, k + 1) / size, d22 = a(k, k) / size, scale = T(1) / ((d11 * d22 - T(1)) * size);
    for (int64_t j = k + 2; j < n; ++j) {
      const T first = scale * (d11 * a(j, k) - phase * a(j, k + 1));
      const T second = scale * (d22 * a(j, k + 1) - conjugate_if(hermitian, phase) * a(j, k));
      a.col(j).tail(n - j) -=
          a.col(k).tail(n - j) * conjugate_if(hermitian, first) + a.col(k + 1).tail(n - j) * conjugate_if(hermitian, second);
      a(j, k) = first;
      a(j, k + 1) = second;
      if (hermitian) a(j, j) = Eigen::numext::real(a(j, j));
    }
  }
  return info;
}

template <class T>
void solve(const MatrixMap<T>& a, const int32_t* pivots, MatrixMap<T>& b, bool hermitian) {
  const int64_t n = a.rows();
  auto row_of = [&](int64_t k) { return static_cast<int64_t>(std::abs(pivots[k])) - 1; };
  for (int64_t k = 0; k < n;) {
    const int64_t step = pivots[k] > 0 ? 1 : 2, last = k + step - 1, below = n - last - 1;
    if (row_of(k) != last) b.row(last).swap(b.row(row_of(k)));
    b.bottomRows(below) -= a.block(last + 1, k, below, step) * b.middleRows(k, step);
    if (step == 1) {
      b.row(k) /= a(k, k);
    } else {
      const T lower = a(k + 1, k), upper = conjugate_if(hermitian, lower), d11 = a(k, k) / upper, d22 = a(k + 1, k + 1) / lower;
      const T determinant = d11 * d22 - T(1);
      for (int64_t j = 0; j < b.cols(); ++j) {
        T x = b(k, j) / upper, y = b(k + 1, j) / lower;
        b(k, j) = (d22 * x - y) / determinant;
        b(k + 1, j) = (d11 * y - x) / determinant;
      }
    }
    k += step;
  }
  for (int64_t k = n - 1; k >= 0;) {
    const int64_t step = pivots[k] > 0 ? 1 : 2, first = k - step + 1, below = n - k - 1;
    auto l = a.block(k + 1, first, below, step);
    if (hermitian) b.middleRows(first, step) -= l.adjoint() * b.bottomRows(below);
    else b.middleRows(first, step) -= l.transpose() * b.bottomRows(below);
    if (row_of(k) != k) b.row(k).swap(b.row(row_of(k)));
    k -= step;
  }
}

std::tuple<Tensor, Tensor, Tensor> ldl_factor_ex(Context& ctx, const Tensor& self, bool hermitian, bool check_errors) {
  check_square(self, "torch.linalg.ldl_factor_ex");
  check_floating_matrix(self, "torch.linalg.ldl_factor_ex");
  Dims batch = batch_sizes(self);
  const int64_t n = self.size(-1);
  Tensor ld = copy_matrices(ctx, cast(ctx, self, double_type(self.dtype()))), pivots = ctx.empty(with_sizes(batch, {n}), DType::i32),
         info = ctx.empty(batch, DType::i32);
  dispatch(DoubleTypes(), ld.dtype(), "ldl_factor_kernel_cpu", [&]<class T>() {
    Matrices<T> all(ld);
    for_each_matrix(ctx, all.count, static_cast<double>(n * n * n) / 3, [&](int64_t i) {
      info.data<int32_t>()[i] = factor<T>(all[i], pivots.data<int32_t>() + i * n, hermitian && is_complex_type<T>);
      all[i].template triangularView<Eigen::StrictlyUpper>().setZero();
    });
  });
  if (check_errors) check_info(info, "torch.linalg.ldl_factor_ex", self.dim() == 2);
  return {cast(ctx, ld, self.dtype()), pivots, info};
}

std::tuple<Tensor, Tensor> ldl_factor(Context& ctx, const Tensor& self, bool hermitian) {
  auto [ld, pivots, info] = ldl_factor_ex(ctx, self, hermitian, false);
  check_info(info, "torch.linalg.ldl_factor", self.dim() == 2);
  return {ld, pivots};
}

/// Throws unless the pivots of one matrix are rows of it and its blocks of two are complete.
void check_pivots(const int32_t* pivots, int64_t n) {
  constexpr auto complaint =
      "Pivots given to ldl_solve must all satisfy 1 <= |pivot| <= n. Did you properly pass the result of ldl_factor?";
  for (int64_t k = 0; k < n; ++k) {
    check(pivots[k] != 0 && pivots[k] <= n && pivots[k] >= -n, complaint);
    if (pivots[k] > 0) continue;
    check(k + 1 < n && pivots[k + 1] == pivots[k], complaint);
    ++k;
  }
}

Tensor ldl_solve(Context& ctx, const Tensor& ld, const Tensor& pivots, const Tensor& b, bool hermitian) {
  constexpr auto name = "torch.linalg.ldl_solve";
  check_square(ld, name);
  check_floating_matrix(ld, name);
  check(b.dim() >= 2, name, ": Expected B to have at least 2 dimensions, but it has ", b.dim(), " dimensions instead");
  Dims wanted = with_sizes(batch_sizes(ld), {ld.size(-1)});
  check(wanted == Dims(pivots.sizes()), name, ": Expected LD.shape[:-1] and pivots.shape to be the same, but got pivots with shape ",
        pivots.sizes(), " instead");
  check(is_integer(pivots.dtype()), name, ": Expected pivots to be integers. Got ", scalar_type_name(pivots.dtype()));
  check(ld.dtype() == b.dtype(), "Expected b and A to have the same dtype, but found b of type ", scalar_type_name(b.dtype()),
        " and A of type ", scalar_type_name(ld.dtype()), " instead.");
  check(ld.size(-1) == b.size(-2), "Incompatible matrix sizes for ", name, ": each A matrix is ", ld.size(-1), " by ", ld.size(-1),
        " but each b matrix is ", b.size(-2), " by ", b.size(-1));
  Dims batch = broadcast_sizes(batch_sizes(ld), batch_sizes(b));
  const int64_t n = ld.size(-1);
  const DType dtype = double_type(b.dtype());
  Tensor factors = copy_matrices(ctx, cast(ctx, ld, dtype), batch), x = copy_matrices(ctx, cast(ctx, b, dtype), batch);
  Tensor exchanges = contiguous(ctx, expand(cast(ctx, pivots, DType::i32), with_sizes(batch, {n})));
  dispatch(DoubleTypes(), dtype, "ldl_solve_kernel_cpu", [&]<class T>() {
    Matrices<T> all(factors), sides(x);
    for_each_matrix(ctx, all.count, 2.0 * static_cast<double>(n * n * sides.columns), [&](int64_t i) {
      const int32_t* p = exchanges.data<int32_t>() + i * n;
      check_pivots(p, n);
      auto side = sides[i];
      solve<T>(all[i], p, side, hermitian && is_complex_type<T>);
    });
  });
  return cast(ctx, x, b.dtype());
}

constexpr Op rows[] = {
    op<"aten::linalg_ldl_factor_ex(Tensor self, *, bool hermitian=False, bool check_errors=False) -> (Tensor LD, Tensor pivots, Tensor "
       "info)",
       ldl_factor_ex>(),
    op<"aten::linalg_ldl_factor(Tensor self, *, bool hermitian=False) -> (Tensor LD, Tensor pivots)", ldl_factor>(),
    op<"aten::linalg_ldl_solve(Tensor LD, Tensor pivots, Tensor B, *, bool hermitian=False) -> Tensor", ldl_solve>(),
};

}  // namespace
const std::span<const Op> ldl_ops = rows;

}  // namespace tsrun
