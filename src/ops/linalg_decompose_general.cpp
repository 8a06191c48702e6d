#include "ops/linalg_decompose.h"
#include "ops/linalg_eigen.h"
//
#include <Eigen/Eigenvalues>

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

template <class Solver, class T>
static bool decompose(const T* a, int64_t n, C* values, C* vectors) {
  Solver solver(Eigen::Map<const Matrix<T>>(a, n, n), vectors != nullptr);
  if (solver.info() != Eigen::Success) return false;
  ColumnMap<C>(values, n) = solver.eigenvalues();
  if (vectors) {
    MatrixMap<C> v(vectors, n, n);
    v = solver.eigenvectors();
    normalise(v);
  }
  return true;
}

bool decompose_general(const double* a, int64_t n, C* values, C* vectors) {
  return decompose<Eigen::EigenSolver<Matrix<double>>>(a, n, values, vectors);
}

bool decompose_general(const C* a, int64_t n, C* values, C* vectors) {
  return decompose<Eigen::ComplexEigenSolver<Matrix<C>>>(a, n, values, vectors);
}

}  // namespace tsrun
