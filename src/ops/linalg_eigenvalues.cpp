// Eigenvalues and eigenvectors of Hermitian and of general matrices.
#include "ops/linalg_decompose.h"
#include "ops/linalg_matrix.h"
#include "ops/promote.h"
#include "ops/tables.h"

namespace tsrun {

namespace {

std::tuple<Tensor, Tensor> eigh_helper(Context& ctx, const Tensor& a, std::string_view uplo, bool compute_v) {
  check_square(a, "linalg.eigh");
  check(uplo == "L" || uplo == "U" || uplo == "l" || uplo == "u", "Expected UPLO argument to be 'L' or 'U', but got ", uplo);
  const Dims batch = batch_sizes(a);
  const int64_t n = a.size(-1);
  const bool upper = uplo == "U" || uplo == "u";
  Tensor values, vectors = no_result(ctx, a.dtype()), info = ctx.empty(batch, DType::i32);
  dispatch(DoubleTypes(), double_type(a.dtype()), "linalg_eigh_cpu", [&]<class T>() {
    Tensor input = copy_matrices(ctx, cast(ctx, upper ? adjoint(ctx, a) : a, dtype_of<T>));
    values = ctx.empty(with_sizes(batch, {n}), DType::f64);
    if (compute_v) vectors = empty_matrices(ctx, batch, n, n, dtype_of<T>);
    Matrices<T> all(input);
    for_each_matrix(ctx, all.count, 9.0 * static_cast<double>(n * n * n), [&](int64_t i) {
      bool fine = true;
      for (int64_t j = 0; j < n; ++j) fine = fine && all[i].col(j).tail(n - j).allFinite();
      if (fine && n > 0)
        fine = decompose_hermitian(all.data + i * n * n, n, values.data<double>() + i * n,
                                   compute_v ? vectors.data<T>() + i * n * n : nullptr);
      info.data<int32_t>()[i] = fine ? 0 : static_cast<int32_t>(std::max<int64_t>(1, n - 1));
    });
  });
  check_info(info, "linalg.eigh", a.dim() == 2);
  return {cast(ctx, values, real_type(a.dtype())), cast(ctx, vectors, a.dtype())};
}

std::tuple<Tensor, Tensor> linalg_eigh(Context& ctx, const Tensor& self, std::string_view uplo) {
  return eigh_helper(ctx, self, uplo, true);
}

Tensor eigvalsh(Context& ctx, const Tensor& self, std::string_view uplo) { return std::get<0>(eigh_helper(ctx, self, uplo, false)); }

std::tuple<Tensor, Tensor> eig(Context& ctx, const Tensor& self, bool want_vectors, const char* name) {
  check_square(self, name);
  check(is_floating(self.dtype()) || is_complex(self.dtype()), "Unknown Complex ScalarType for ", scalar_type_name(self.dtype()));
  const Dims batch = batch_sizes(self);
  const int64_t n = self.size(-1);
  Tensor values = ctx.empty(with_sizes(batch, {n}), DType::c128), vectors, info = ctx.empty(batch, DType::i32);
  vectors = want_vectors ? empty_matrices(ctx, batch, n, n, DType::c128) : no_result(ctx, DType::c128);
  dispatch(DoubleTypes(), double_type(self.dtype()), "linalg_eig_out_cpu", [&]<class T>() {
    Tensor input = copy_matrices(ctx, cast(ctx, self, dtype_of<T>));
    check(all_finite(input), "torch.linalg.eig: input tensor should not contain infs or NaNs.");
    Matrices<T> all(input);
    for_each_matrix(ctx, all.count, 25.0 * static_cast<double>(n * n * n), [&](int64_t i) {
      bool fine = n == 0 || decompose_general(all.data + i * n * n, n, values.data<C128>() + i * n,
                                              want_vectors ? vectors.data<C128>() + i * n * n : nullptr);
      info.data<int32_t>()[i] = fine ? 0 : static_cast<int32_t>(n);
    });
  });
  check_info(info, name, self.dim() == 2);
  const DType dtype = is_complex(self.dtype()) ? self.dtype() : complex_type(self.dtype());
  return {cast(ctx, values, dtype), cast(ctx, vectors, dtype)};
}

std::tuple<Tensor, Tensor> linalg_eig(Context& ctx, const Tensor& self) { return eig(ctx, self, true, "linalg.eig"); }

Tensor eigvals(Context& ctx, const Tensor& self) { return std::get<0>(eig(ctx, self, false, "linalg.eigvals")); }

constexpr Op hermitian_rows[] = {
    op<"aten::_linalg_eigh(Tensor A, str UPLO=\"L\", bool compute_v=True) -> (Tensor eigenvalues, Tensor eigenvectors)", eigh_helper>(),
    op<"aten::linalg_eigh(Tensor self, str UPLO=\"L\") -> (Tensor eigenvalues, Tensor eigenvectors)", linalg_eigh>(),
    op<"aten::linalg_eigvalsh(Tensor self, str UPLO=\"L\") -> Tensor", eigvalsh>(),
};
constexpr Op general_rows[] = {
    op<"aten::linalg_eig(Tensor self) -> (Tensor eigenvalues, Tensor eigenvectors)", linalg_eig>(),
    op<"aten::linalg_eigvals(Tensor self) -> Tensor", eigvals>(),
    op<"aten::_linalg_eigvals(Tensor self) -> Tensor", eigvals>(),
};

}  // namespace
const std::span<const Op> eigh_ops = hermitian_rows;
const std::span<const Op> eig_ops = general_rows;

}  // namespace tsrun
