// QR factorisation by Householder reflections, kept as LAPACK keeps them: the vectors below the diagonal of R, H = I - tau v v^H.
#include "ops/linalg_matrix.h"
#include "ops/tables.h"
//
#include <Eigen/Householder>
#include <Eigen/QR>

namespace tsrun {

namespace {

/// c = Q c or Q^H c, where Q = H1 ... Hk of the first k columns of v, k the length of tau.
template <class T>
void apply_reflections(const MatrixMap<T>& v, const ColumnMap<T>& tau, bool adjoint, MatrixMap<T> c) {
  const auto q = Eigen::HouseholderSequence<MatrixMap<T>, ColumnMap<T>>(v, tau).setLength(tau.size());
  if (adjoint) c.applyOnTheLeft(q.adjoint());
  else c.applyOnTheLeft(q);
}

/// Leaves R and the vectors in `factored`; the result is tau.
Tensor factor_in_place(Context& ctx, const Tensor& factored) {
  Tensor tau = ctx.empty(with_sizes(batch_sizes(factored), {std::min(factored.size(-1), factored.size(-2))}), factored.dtype());
  dispatch(MatrixTypes(), factored.dtype(), "geqrf_cpu", [&]<class T>() {
    Matrices<T> all(factored);
    Vectors<T> taus(tau);
    if (taus.size == 0) return;
    for_each_matrix(ctx, all.count, 2.0 * static_cast<double>(all.rows * all.columns * taus.size), [&](int64_t i) {
      auto a = all[i];
      auto coefficients = taus[i];
      Column<T> work(a.cols());
      Eigen::internal::householder_qr_inplace_blocked<MatrixMap<T>, ColumnMap<T>>::run(a, coefficients, 48, work.data());
      coefficients = coefficients.conjugate().eval();
    });
  });
  return tau;
}

/// The first columns of Q for vectors [*, m, n]; `q` [*, m, columns] is overwritten.
void form_q(Context& ctx, const Tensor& vectors, const Tensor& tau, const Tensor& q) {
  dispatch(MatrixTypes(), q.dtype(), "orgqr_cpu", [&]<class T>() {
    Matrices<T> all(vectors), results(q);
    Vectors<T> taus(tau);
    for_each_matrix(ctx, results.count, 2.0 * static_cast<double>(results.rows * results.columns * taus.size), [&](int64_t i) {
      auto result = results[i];
      result.setIdentity();
      if (taus.size > 0) apply_reflections<T>(all[i], taus[i], false, result);
    });
  });
}

void clear_below_diagonal(Context& ctx, const Tensor& r) {
  dispatch(MatrixTypes(), r.dtype(), "triu", [&]<class T>() {
    Matrices<T> all(r);
    for_each_matrix(ctx, all.count, static_cast<double>(all.rows * all.columns),
                    [&](int64_t i) { all[i].template triangularView<Eigen::StrictlyLower>().setZero(); });
  });
}

std::tuple<Tensor, Tensor> linalg_qr(Context& ctx, const Tensor& a, std::string_view mode) {
  check_matrix(a, "linalg.qr");
  check_floating_matrix(a, "linalg.qr");
  check(mode == "reduced" || mode == "complete" || mode == "r", "qr received unrecognized mode '", mode,
        "' but expected one of 'reduced' (default), 'r', or 'complete'");
  Dims batch = batch_sizes(a);
  const int64_t m = a.size(-2), n = a.size(-1), k = std::min(m, n), columns = mode == "complete" ? m : k;
  Tensor factored = copy_matrices(ctx, a), tau = factor_in_place(ctx, factored), q = no_result(ctx, a.dtype());
  if (mode != "r") {
    q = empty_matrices(ctx, batch, m, columns, a.dtype());
    form_q(ctx, factored, tau, q);
  }
  Tensor r = columns == m ? factored : copy_matrices(ctx, narrow(factored, -2, 0, k));
  clear_below_diagonal(ctx, r);
  return {q, r};
}

std::tuple<Tensor, Tensor> qr(Context& ctx, const Tensor& self, bool some) { return linalg_qr(ctx, self, some ? "reduced" : "complete"); }

std::tuple<Tensor, Tensor> geqrf(Context& ctx, const Tensor& self) {
  check(self.dim() >= 2, "torch.geqrf: input must have at least 2 dimensions.");
  Tensor factored = copy_matrices(ctx, self), tau = factor_in_place(ctx, factored);
  return {factored, tau};
}

void check_tau(const Tensor& input, const Tensor& tau, const char* name) {
  check(tau.dim() == input.dim() - 1, name, ": Expected tau to have one dimension less than input, but got tau.ndim equal to ", tau.dim(),
        " and input.ndim is equal to ", input.dim());
  auto batch = batch_sizes(input);
  check(std::equal(batch.begin(), batch.end(), tau.sizes().begin()), name,
        ": Expected batch dimensions of tau to be equal to input.shape[:-2], but got ", tau.sizes());
  check(tau.dtype() == input.dtype(), name, ": tau dtype ", scalar_type_name(tau.dtype()), " does not match input dtype ",
        scalar_type_name(input.dtype()));
}

Tensor householder_product(Context& ctx, const Tensor& input, const Tensor& tau) {
  constexpr auto name = "torch.linalg.householder_product";
  check(input.dim() >= 2, name, ": input must have at least 2 dimensions.");
  check(input.size(-2) >= input.size(-1), name, ": input.shape[-2] must be greater than or equal to input.shape[-1]");
  check(tau.dim() == 0 || input.size(-1) >= tau.size(-1), name, ": input.shape[-1] must be greater than or equal to tau.shape[-1]");
  check_tau(input, tau, name);
  Tensor q = empty_matrices(ctx, batch_sizes(input), input.size(-2), input.size(-1), input.dtype());
  form_q(ctx, copy_matrices(ctx, input), contiguous(ctx, tau), q);
  return q;
}

Tensor ormqr(Context& ctx, const Tensor& input, const Tensor& tau, const Tensor& other, bool left, bool transpose) {
  constexpr auto name = "torch.ormqr";
  check(input.dim() >= 2, name, ": input must have at least 2 dimensions.");
  check(other.dim() >= 2, name, ": other must have at least 2 dimensions.");
  int64_t side = left ? -2 : -1;
  check(tau.dim() >= 1 && other.size(side) >= tau.size(-1), name, ": other.shape[", side,
        "] must be greater than or equal to tau.shape[-1]");
  check(other.size(side) == input.size(-2), name, ": other.shape[", side, "] must be equal to input.shape[-2]");
  check(tau.size(-1) <= input.size(-1), name, ": tau.shape[-1] must be less than or equal to input.shape[-1]");
  check(tau.size(-1) == std::min(other.size(side), input.size(-1)), name, ": tau.shape[-1] must be equal to min(other.shape[", side,
        "], input.shape[-1])");
  check_tau(input, tau, name);
  check(input.dim() == other.dim(), name, ": Expected other to have the same number of dimensions as input, but got other.ndim equal to ",
        other.dim(), " and input.ndim is equal to ", input.dim());
  check(batch_sizes(input) == batch_sizes(other), name, ": Expected batch dimensions of other to be equal to input.shape[:-2], but got ",
        batch_sizes(other));
  check(other.dtype() == input.dtype(), name, ": Expected input and other to have the same dtype, but input has dtype ",
        scalar_type_name(input.dtype()), " and other has dtype ", scalar_type_name(other.dtype()));
  Tensor vectors = copy_matrices(ctx, input), scales = contiguous(ctx, tau), result = copy_matrices(ctx, other);
  if (result.numel() == 0 || scales.numel() == 0) return result;
  dispatch(MatrixTypes(), result.dtype(), "ormqr_cpu", [&]<class T>() {
    Matrices<T> all(vectors), results(result);
    Vectors<T> taus(scales);
    for_each_matrix(ctx, results.count, 2.0 * static_cast<double>(results.rows * results.columns * taus.size), [&](int64_t i) {
      auto c = results[i];
      if (left) return apply_reflections<T>(all[i], taus[i], transpose, c);
      Matrix<T> mirrored = c.adjoint();  // c Q = (Q^H c^H)^H
      apply_reflections<T>(all[i], taus[i], !transpose, MatrixMap<T>(mirrored.data(), mirrored.rows(), mirrored.cols()));
      c = mirrored.adjoint();
    });
  });
  return result;
}

constexpr Op rows[] = {
    op<"aten::linalg_qr(Tensor A, str mode=\"reduced\") -> (Tensor Q, Tensor R)", linalg_qr>(),
    op<"aten::qr(Tensor self, bool some=True) -> (Tensor Q, Tensor R)", qr>(),
    op<"aten::geqrf(Tensor self) -> (Tensor a, Tensor tau)", geqrf>(),
    op<"aten::linalg_householder_product(Tensor input, Tensor tau) -> Tensor", householder_product>(),
    op<"aten::orgqr(Tensor self, Tensor input2) -> Tensor", householder_product>(),
    op<"aten::ormqr(Tensor self, Tensor input2, Tensor input3, bool left=True, bool transpose=False) -> Tensor", ormqr>(),
};

}  // namespace
const std::span<const Op> qr_ops = rows;

}  // namespace tsrun
