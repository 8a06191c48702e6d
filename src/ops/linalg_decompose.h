// Decompositions of one column-major matrix by iteration, in double precision. They know nothing of tensors, so that their sources, slow to
// compile, depend on Eigen alone. Empty matrices are for the caller; false means that the iteration did not converge.
#pragma once
#include <complex>
#include <cstdint>

namespace tsrun {

/// Singular values, descending, of a [m, n]. u is [m, u_columns], with min(m, n) or all m columns, vh is [vh_rows, n] likewise; both null
/// without vectors.
bool decompose_svd(const double* a, int64_t m, int64_t n, double* s, double* u, int64_t u_columns, double* vh, int64_t vh_rows);
bool decompose_svd(const std::complex<double>* a, int64_t m, int64_t n, double* s, std::complex<double>* u, int64_t u_columns,
                   std::complex<double>* vh, int64_t vh_rows);

/// Eigenvalues, ascending, of a Hermitian matrix [n, n] of which the lower triangle is read; vectors may be null.
bool decompose_hermitian(const double* a, int64_t n, double* values, double* vectors);
bool decompose_hermitian(const std::complex<double>* a, int64_t n, double* values, std::complex<double>* vectors);

/// Eigenvalues of any square matrix; the vectors, if wanted, have length 1 and their largest element real, as LAPACK leaves them.
bool decompose_general(const double* a, int64_t n, std::complex<double>* values, std::complex<double>* vectors);
bool decompose_general(const std::complex<double>* a, int64_t n, std::complex<double>* values, std::complex<double>* vectors);

}  // namespace tsrun
