// Singular values and vectors.
#include "ops/linalg_decompose.h"
#include "ops/linalg_matrix.h"
#include "ops/promote.h"
#include "ops/tables.h"

namespace tsrun {

SvdResult svd(Context& ctx, const Tensor& a, bool full_matrices, bool vectors) {
  check_matrix(a, "linalg.svd");
  check_floating_matrix(a, "linalg.svd");
  const Dims batch = batch_sizes(a);
  const int64_t m = a.size(-2), n = a.size(-1), k = std::min(m, n), u_columns = full_matrices ? m : k, vh_rows = full_matrices ? n : k;
  SvdResult r;
  Tensor info = ctx.empty(batch, DType::i32);
  dispatch(DoubleTypes(), double_type(a.dtype()), "linalg_svd_cpu", [&]<class T>() {
    Tensor input = copy_matrices(ctx, cast(ctx, a, dtype_of<T>));
    r.s = ctx.empty(with_sizes(batch, {k}), DType::f64);
    if (vectors) {
      r.u = empty_matrices(ctx, batch, m, u_columns, dtype_of<T>);
      r.vh = empty_matrices(ctx, batch, vh_rows, n, dtype_of<T>);
    }
    Matrices<T> all(input);
    const bool finite = all_finite(input);
    for_each_matrix(ctx, all.count, 10.0 * static_cast<double>(m * n * k), [&](int64_t i) {
      T *u = vectors ? r.u.data<T>() + i * m * u_columns : nullptr, *vh = vectors ? r.vh.data<T>() + i * vh_rows * n : nullptr;
      int32_t& code = info.data<int32_t>()[i];
      if (k == 0) {
        if (vectors) MatrixMap<T>(u, m, u_columns).setIdentity(), MatrixMap<T>(vh, vh_rows, n).setIdentity();
        code = 0;
      } else if (!finite && !all[i].allFinite()) {
        code = -1;
      } else {
        code = decompose_svd(all.data + i * m * n, m, n, r.s.data<double>() + i * k, u, u_columns, vh, vh_rows) ? 0 : 1;
      }
    });
  });
  check_info(info, "linalg.svd", a.dim() == 2);
  r.s = cast(ctx, r.s, real_type(a.dtype()));
  if (vectors) r.u = cast(ctx, r.u, a.dtype()), r.vh = cast(ctx, r.vh, a.dtype());
  return r;
}

namespace {

void check_driver(std::optional<std::string_view> driver) {
  check(!driver, "torch.linalg.svd: keyword argument `driver=` is only supported on CUDA inputs with cuSOLVER backend.");
}

std::tuple<Tensor, Tensor, Tensor> svd_helper(Context& ctx, const Tensor& a, bool full_matrices, bool compute_uv,
                                              std::optional<std::string_view> driver) {
  check_driver(driver);
  SvdResult r = svd(ctx, a, full_matrices, compute_uv);
  if (!compute_uv) r.u = no_result(ctx, a.dtype()), r.vh = no_result(ctx, a.dtype());
  return {r.u, r.s, r.vh};
}

std::tuple<Tensor, Tensor, Tensor> linalg_svd(Context& ctx, const Tensor& a, bool full_matrices, std::optional<std::string_view> driver) {
  return svd_helper(ctx, a, full_matrices, true, driver);
}

Tensor svdvals(Context& ctx, const Tensor& a, std::optional<std::string_view> driver) {
  check_driver(driver);
  return svd(ctx, a, false, false).s;
}

/// torch.svd: V in the place of V^H, zeros for vectors that were not asked for.
std::tuple<Tensor, Tensor, Tensor> torch_svd(Context& ctx, const Tensor& self, bool some, bool compute_uv) {
  check(self.dim() >= 2, "linalg.svd: input should have at least 2 dimensions, but has ", self.dim(), " dimensions instead");
  if (compute_uv) {
    SvdResult r = svd(ctx, self, !some, true);
    return {r.u, r.s, adjoint(ctx, r.vh)};
  }
  Dims batch = batch_sizes(self);
  Tensor s = svd(ctx, self, false, false).s, v = transposed(ctx.zeros(with_sizes(batch, {self.size(-1), self.size(-1)}), self.dtype()));
  return {ctx.zeros(with_sizes(batch, {self.size(-2), self.size(-2)}), self.dtype()), s, v};
}

constexpr Op rows[] = {
    op<"aten::_linalg_svd(Tensor A, bool full_matrices=False, bool compute_uv=True, *, str? driver=None) -> (Tensor U, Tensor S, Tensor "
       "Vh)",
       svd_helper>(),
    op<"aten::linalg_svd(Tensor A, bool full_matrices=True, *, str? driver=None) -> (Tensor U, Tensor S, Tensor Vh)", linalg_svd>(),
    op<"aten::linalg_svdvals(Tensor A, *, str? driver=None) -> Tensor", svdvals>(),
    op<"aten::svd(Tensor self, bool some=True, bool compute_uv=True) -> (Tensor U, Tensor S, Tensor V)", torch_svd>(),
};

}  // namespace
const std::span<const Op> svd_ops = rows;

}  // namespace tsrun
