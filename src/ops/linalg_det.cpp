// Determinants: products of the diagonal of an LU factorisation.
#include "ops/linalg_matrix.h"
#include "ops/promote.h"
#include "ops/tables.h"

namespace tsrun {

namespace {

/// PyTorch factors the transpose of a contiguous real matrix: the rounding of a determinant near zero shows it.
LuFactors factor(Context& ctx, const Tensor& a) {
  return lu_factor_in_place(ctx, copy_matrices(ctx, a.is_contiguous() && !is_complex(a.dtype()) ? transposed(a) : a));
}

/// -1 when the rows were exchanged an odd number of times.
int exchange_sign(const int32_t* pivots, int64_t n) {
  int sign = 1;
  for (int64_t k = 0; k < n; ++k)
    if (pivots[k] != k + 1) sign = -sign;
  return sign;
}

std::tuple<Tensor, Tensor, Tensor> det_helper(Context& ctx, const Tensor& a) {
  check_square(a, "linalg.det");
  check_floating_matrix(a, "linalg.det");
  auto [lu, pivots, info] = factor(ctx, a);
  Tensor result = ctx.empty(batch_sizes(a), a.dtype());
  const int64_t n = a.size(-1);
  dispatch(MatrixTypes(), a.dtype(), "lu_cpu", [&]<class T>() {
    Matrices<T> all(lu);
    for (int64_t i = 0; i < all.count; ++i) {
      T product = T(1);
      for (int64_t k = 0; k < n; ++k) product *= all[i](k, k);
      result.data<T>()[i] = product * T(exchange_sign(pivots.data<int32_t>() + i * n, n));
    }
  });
  return {result, lu, pivots};
}

Tensor det(Context& ctx, const Tensor& a) { return std::get<0>(det_helper(ctx, a)); }

std::tuple<Tensor, Tensor, Tensor, Tensor> slogdet_helper(Context& ctx, const Tensor& a) {
  check_square(a, "linalg.slogdet");
  check_floating_matrix(a, "linalg.slogdet", false);
  auto [lu, pivots, info] = factor(ctx, a);
  Dims batch = batch_sizes(a);
  Tensor signs = ctx.empty(batch, a.dtype()), logs = ctx.empty(batch, real_type(a.dtype()));
  const int64_t n = a.size(-1);
  dispatch(MatrixTypes(), a.dtype(), "lu_cpu", [&]<class T>() {
    Matrices<T> all(lu);
    for (int64_t i = 0; i < all.count; ++i) {
      T sign = T(exchange_sign(pivots.data<int32_t>() + i * n, n));
      Real<T> log = 0;
      for (int64_t k = 0; k < n; ++k) {
        const T d = all[i](k, k);
        const Real<T> size = std::abs(d);
        if constexpr (is_complex_type<T>) sign *= size == 0 ? T(0) : d / size;
        else sign *= static_cast<T>((d > 0) - (d < 0));
        log += std::log(size);
      }
      signs.data<T>()[i] = sign;
      logs.data<Real<T>>()[i] = log;
    }
  });
  return {signs, logs, lu, pivots};
}

std::tuple<Tensor, Tensor> slogdet(Context& ctx, const Tensor& a) {
  auto [signs, logs, lu, pivots] = slogdet_helper(ctx, a);
  return {signs, logs};
}

/// log(det A): NaN where the determinant is negative.
Tensor logdet(Context& ctx, const Tensor& a) {
  check_square(a, "logdet");
  check_floating_matrix(a, "logdet", false);
  auto [signs, logs, lu, pivots] = slogdet_helper(ctx, a);
  if (!is_complex(a.dtype())) {
    dispatch(TypeList<float, double>(), a.dtype(), "logdet", [&]<class T>() {
      for (int64_t i = 0; i < logs.numel(); ++i)
        if (signs.data<T>()[i] == -1) logs.data<T>()[i] = std::numeric_limits<T>::quiet_NaN();
    });
    return logs;
  }
  dispatch(ComplexTypes(), a.dtype(), "logdet", [&]<class T>() {
    for (int64_t i = 0; i < signs.numel(); ++i) signs.data<T>()[i] = std::log(signs.data<T>()[i]) + logs.data<Real<T>>()[i];
  });
  return signs;
}

constexpr Op rows[] = {
    op<"aten::_linalg_det(Tensor A) -> (Tensor result, Tensor LU, Tensor pivots)", det_helper>(),
    op<"aten::linalg_det(Tensor A) -> Tensor", det>(),
    op<"aten::det(Tensor self) -> Tensor", det>(),
    op<"aten::_linalg_slogdet(Tensor A) -> (Tensor sign, Tensor logabsdet, Tensor LU, Tensor pivots)", slogdet_helper>(),
    op<"aten::linalg_slogdet(Tensor A) -> (Tensor sign, Tensor logabsdet)", slogdet>(),
    op<"aten::slogdet(Tensor self) -> (Tensor sign, Tensor logabsdet)", slogdet>(),
    op<"aten::logdet(Tensor self) -> Tensor", logdet>(),
};

}  // namespace
const std::span<const Op> det_ops = rows;

}  // namespace tsrun
