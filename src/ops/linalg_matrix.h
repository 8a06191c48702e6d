// Eigen's view of tensors of matrices, and the loop over them. Only linear algebra sources include it.
#pragma once
#include <exception>
#include <mutex>

#include "ops/kernels/parallel.h"
#include "ops/linalg.h"
#include "ops/linalg_eigen.h"

namespace tsrun {

/// LAPACK's measure of a pivot: of a complex number, the sum of the parts.
template <class T>
Real<T> magnitude(const T& x) {
  if constexpr (is_complex_type<T>) return std::abs(x.real()) + std::abs(x.imag());
  else return std::abs(x);
}

/// The matrices of a tensor made by empty_matrices or copy_matrices.
template <class T>
struct Matrices {
  explicit Matrices(const Tensor& t) : data(t.data<T>()), rows(t.size(-2)), columns(t.size(-1)) {
    count = 1;
    for (int64_t d = 0; d < t.dim() - 2; ++d) count *= t.size(d);
  }
  MatrixMap<T> operator[](int64_t i) const { return MatrixMap<T>(data + i * rows * columns, rows, columns); }

  T* data;
  int64_t rows, columns, count;
};

/// The last dimension of a contiguous tensor, vector by vector.
template <class T>
struct Vectors {
  explicit Vectors(const Tensor& t) : data(t.data<T>()), size(t.size(-1)) {}
  ColumnMap<T> operator[](int64_t i) const { return ColumnMap<T>(data + i * size, size); }

  T* data;
  int64_t size;
};

/// Calls f(i) for each of `count` matrices, on several threads when `work` operations on each make it worth while. f may throw.
template <class F>
void for_each_matrix(Context& ctx, int64_t count, double work, F&& f) {
  std::exception_ptr failure;
  std::mutex mutex;
  auto grain = static_cast<int64_t>(std::max(1.0, 200000 / std::max(work, 1.0)));
  kernels::parallel_for(ctx.threads, count, grain, [&](int64_t begin, int64_t end) {
    try {
      for (int64_t i = begin; i < end; ++i) f(i);
    } catch (...) {
      std::lock_guard lock(mutex);
      failure = std::current_exception();
    }
  });
  if (failure) std::rethrow_exception(failure);
}

}  // namespace tsrun
