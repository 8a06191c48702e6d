#include "ops/linalg_decompose.h"
#include "ops/linalg_eigen.h"
//
#include <Eigen/Eigenvalues>

namespace tsrun {

template <class T>
static bool decompose(const T* a, int64_t n, double* values, T* vectors) {
  Eigen::SelfAdjointEigenSolver<Matrix<T>> solver(Eigen::Map<const Matrix<T>>(a, n, n),
                                                  vectors ? Eigen::ComputeEigenvectors : Eigen::EigenvaluesOnly);
  if (solver.info() != Eigen::Success) return false;
  ColumnMap<double>(values, n) = solver.eigenvalues();
  if (vectors) MatrixMap<T>(vectors, n, n) = solver.eigenvectors();
  return true;
}

bool decompose_hermitian(const double* a, int64_t n, double* values, double* vectors) { return decompose(a, n, values, vectors); }

bool decompose_hermitian(const std::complex<double>* a, int64_t n, double* values, std::complex<double>* vectors) {
  return decompose(a, n, values, vectors);
}

}  // namespace tsrun
