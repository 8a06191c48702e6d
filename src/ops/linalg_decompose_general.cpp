#include "ops/linalg_decompose.h"
#include "ops/linalg_eigen.h"
//
#include <Eigen/Eigenvalues>
#include <limits>

namespace tsrun {

using C = std::complex<double>;

static void normalise(MatrixMap<C>& vectors) {
  for (int64_t j = 0; j < vectors.cols(); ++j) {
    auto v = vectors.col(j);
    v.normalize();
    int64_t largest = 0;
    bool real = true;
    for (int64_t i = 0; i < v.size(); ++i) {
      real = real && v(i).imag() == 0;
      if (std::norm(v(i)) > std::norm(v(largest))) largest = i;
    }
    const double size = std::abs(v(largest));
    if (real || !(size > 0)) continue;
    v *= std::conj(v(largest)) / size;
    v(largest) = v(largest).real();
  }
}

bool decompose_general(const double* a, int64_t n, C* values, C* vectors) {
  Eigen::EigenSolver<Matrix<double>> solver(Eigen::Map<const Matrix<double>>(a, n, n), vectors != nullptr);
  if (solver.info() != Eigen::Success) return false;
  ColumnMap<C>(values, n) = solver.eigenvalues();
  if (vectors) {
    MatrixMap<C> v(vectors, n, n);
    v = solver.eigenvectors();
    normalise(v);
  }
  return true;
}

/// Through the Schur form A = U T U^H, whose diagonal has the eigenvalues in LAPACK's order; Eigen's own solver sorts them.
bool decompose_general(const C* a, int64_t n, C* values, C* vectors) {
  Eigen::ComplexSchur<Matrix<C>> schur(Eigen::Map<const Matrix<C>>(a, n, n), vectors != nullptr);
  if (schur.info() != Eigen::Success) return false;
  const Matrix<C>& t = schur.matrixT();
  ColumnMap<C>(values, n) = t.diagonal();
  if (!vectors) return true;
  const double smallest = std::numeric_limits<double>::epsilon() * std::max(t.cwiseAbs().maxCoeff(), std::numeric_limits<double>::min());
  Matrix<C> x = Matrix<C>::Identity(n, n);
  for (int64_t k = 0; k < n; ++k)
    for (int64_t i = k - 1; i >= 0; --i) {
      C sum = t(i, k);
      for (int64_t j = i + 1; j < k; ++j) sum += t(i, j) * x(j, k);
      C gap = t(k, k) - t(i, i);
      if (std::abs(gap) < smallest) gap = smallest;
      x(i, k) = sum / gap;
    }
  MatrixMap<C> v(vectors, n, n);
  v.noalias() = schur.matrixU() * x;
  normalise(v);
  return true;
}

}  // namespace tsrun
