#include "ops/linalg_decompose.h"
#include "ops/linalg_eigen.h"
//
#include <Eigen/SVD>

namespace tsrun {

template <class T>
static bool decompose(const T* a, int64_t m, int64_t n, double* s, T* u, int64_t u_columns, T* vh, int64_t vh_rows) {
  unsigned options = 0;
  if (u)
    options = (u_columns == m ? Eigen::ComputeFullU : Eigen::ComputeThinU) | (vh_rows == n ? Eigen::ComputeFullV : Eigen::ComputeThinV);
  Eigen::BDCSVD<Matrix<T>> svd(m, n, options);
  svd.compute(Eigen::Map<const Matrix<T>>(a, m, n));
  if (svd.info() != Eigen::Success) return false;
  ColumnMap<double>(s, std::min(m, n)) = svd.singularValues();
  if (u) {
    MatrixMap<T>(u, m, u_columns) = svd.matrixU();
    MatrixMap<T>(vh, vh_rows, n) = svd.matrixV().adjoint();
  }
  return true;
}

bool decompose_svd(const double* a, int64_t m, int64_t n, double* s, double* u, int64_t u_columns, double* vh, int64_t vh_rows) {
  return decompose(a, m, n, s, u, u_columns, vh, vh_rows);
}

bool decompose_svd(const std::complex<double>* a, int64_t m, int64_t n, double* s, std::complex<double>* u, int64_t u_columns,
                   std::complex<double>* vh, int64_t vh_rows) {
  return decompose(a, m, n, s, u, u_columns, vh, vh_rows);
}

}  // namespace tsrun
