// LU factorisation with row exchanges, and systems solved with it.
#include "ops/linalg_matrix.h"
#include "ops/tables.h"

namespace tsrun {

namespace {

/// Factors the columns [start, start + size) of a below `start`, exchanging whole rows. Returns the 1-based place of the first zero on
/// the diagonal, or 0.
template <class T>
int factor_panel(MatrixMap<T> a, int32_t* pivots, int64_t start, int64_t size) {
  const int64_t m = a.rows();
  int info = 0;
  for (int64_t k = start; k < start + size; ++k) {
    int64_t pivot = k;
    for (int64_t i = k + 1; i < m; ++i)
      if (magnitude(a(i, k)) > magnitude(a(pivot, k))) pivot = i;
    pivots[k] = static_cast<int32_t>(pivot + 1);
    if (a(pivot, k) == T(0)) {
      if (info == 0) info = static_cast<int>(k + 1);
      continue;
    }
    if (pivot != k) a.row(k).swap(a.row(pivot));
    const int64_t below = m - k - 1, right = start + size - k - 1;
    a.col(k).tail(below) /= a(k, k);
    a.block(k + 1, k + 1, below, right).noalias() -= a.col(k).tail(below) * a.row(k).segment(k + 1, right);
  }
  return info;
}

template <class T>
int factor_lu(MatrixMap<T> a, int32_t* pivots) {
  constexpr int64_t block = 32;
  const int64_t m = a.rows(), n = a.cols(), steps = std::min(m, n);
  int info = 0;
  for (int64_t start = 0; start < steps; start += block) {
    const int64_t size = std::min(block, steps - start), end = start + size;
    int failed = factor_panel<T>(a, pivots, start, size);
    if (info == 0) info = failed;
    if (end == n) continue;
    auto right = a.block(start, end, size, n - end);
    a.block(start, start, size, size).template triangularView<Eigen::UnitLower>().solveInPlace(right);
    if (end < m) a.block(end, end, m - end, n - end).noalias() -= a.block(end, start, m - end, size) * right;
  }
  return info;
}

}  // namespace

LuFactors lu_factor_in_place(Context& ctx, const Tensor& factored) {
  Dims batch = batch_sizes(factored);
  int64_t steps = std::min(factored.size(-1), factored.size(-2));
  Tensor pivots = ctx.empty(with_sizes(batch, {steps}), DType::i32), info = ctx.empty(batch, DType::i32);
  dispatch(MatrixTypes(), factored.dtype(), "lu_cpu", [&]<class T>() {
    Matrices<T> all(factored);
    for_each_matrix(ctx, all.count, static_cast<double>(all.rows * all.columns * steps),
                    [&](int64_t i) { info.data<int32_t>()[i] = factor_lu<T>(all[i], pivots.data<int32_t>() + i * steps); });
  });
  return {factored, pivots, info};
}

void lu_solve_in_place(Context& ctx, const Tensor& lu, const Tensor& pivots, const Tensor& b, bool adjoint) {
  dispatch(MatrixTypes(), b.dtype(), "linalg_lu_solve_cpu", [&]<class T>() {
    Matrices<T> factors(lu), sides(b);
    const int64_t n = sides.rows;
    for_each_matrix(ctx, sides.count, static_cast<double>(2 * n * n * sides.columns), [&](int64_t i) {
      auto a = factors[i], x = sides[i];
      const int32_t* exchanges = pivots.data<int32_t>() + i * n;
      if (!adjoint) {
        for (int64_t k = 0; k < n; ++k)
          if (exchanges[k] - 1 != k) x.row(k).swap(x.row(exchanges[k] - 1));
        a.template triangularView<Eigen::UnitLower>().solveInPlace(x);
        a.template triangularView<Eigen::Upper>().solveInPlace(x);
      } else {
        a.template triangularView<Eigen::Upper>().adjoint().solveInPlace(x);
        a.template triangularView<Eigen::UnitLower>().adjoint().solveInPlace(x);
        for (int64_t k = n - 1; k >= 0; --k)
          if (exchanges[k] - 1 != k) x.row(k).swap(x.row(exchanges[k] - 1));
      }
    });
  });
}

namespace {

// ---- factors
// -------------------------------------------------------------------------------------------------------------------------------

LuFactors factor(Context& ctx, const Tensor& a, bool pivot, const char* name) {
  check(a.dim() >= 2, name, ": Expected tensor with 2 or more dimensions. Got size: ", a.sizes(), " instead");
  check(pivot, "linalg.lu_factor: LU without pivoting is not implemented on the CPU");
  return lu_factor_in_place(ctx, copy_matrices(ctx, a));
}

std::tuple<Tensor, Tensor, Tensor> lu_factor_ex(Context& ctx, const Tensor& a, bool pivot, bool check_errors) {
  auto [lu, pivots, info] = factor(ctx, a, pivot, "torch.lu_factor");
  if (check_errors) check_info(info, "torch.linalg.lu_factor_ex", a.dim() == 2);
  return {lu, pivots, info};
}

std::tuple<Tensor, Tensor> lu_factor(Context& ctx, const Tensor& a, bool pivot) {
  auto [lu, pivots, info] = factor(ctx, a, pivot, "torch.lu_factor");
  check_info(info, "torch.linalg.lu_factor", a.dim() == 2);
  return {lu, pivots};
}

std::tuple<Tensor, Tensor, Tensor> lu_with_info(Context& ctx, const Tensor& self, bool pivot, bool check_errors) {
  return lu_factor_ex(ctx, self, pivot, check_errors);
}

/// Pivots, contiguous, each the 1-based number of a row of the matrix.
Tensor checked_pivots(Context& ctx, const Tensor& pivots, int64_t rows, const char* complaint) {
  Tensor p = contiguous(ctx, pivots);
  for (int64_t i = 0; i < p.numel(); ++i) {
    int32_t row = p.data<int32_t>()[i];
    check(row >= 1 && row <= rows, complaint);
  }
  return p;
}

std::tuple<Tensor, Tensor, Tensor> unpack(Context& ctx, const Tensor& lu, const Tensor& pivots, bool data, bool permutation) {
  Dims batch = batch_sizes(lu);
  const int64_t m = lu.size(-2), n = lu.size(-1), k = std::min(m, n), count = checked_numel(batch);
  Tensor p = no_result(ctx, lu.dtype()), l = p, u = no_result(ctx, lu.dtype());
  if (permutation) {
    Tensor exchanges = checked_pivots(
        ctx, pivots, m,
        "pivots passed to lu_unpack must be between 1 and LU.size(-2) inclusive. Did you properly pass the result of lu_factor?");
    p = ctx.zeros(with_sizes(batch, {m, m}), lu.dtype());
    std::vector<int64_t> order(static_cast<size_t>(m));
    dispatch(AllTypes(), lu.dtype(), "lu_unpack", [&]<class T>() {
      for (int64_t i = 0; i < count; ++i) {
        for (int64_t r = 0; r < m; ++r) order[static_cast<size_t>(r)] = r;
        for (int64_t s = 0; s < k; ++s)
          std::swap(order[static_cast<size_t>(s)], order[static_cast<size_t>(exchanges.data<int32_t>()[i * k + s] - 1)]);
        T* matrix = p.data<T>() + i * m * m;
        for (int64_t r = 0; r < m; ++r) matrix[order[static_cast<size_t>(r)] * m + r] = T(1.0f);
      }
    });
  }
  if (data) {
    l = clone(ctx, narrow(lu, -1, 0, k), MemoryFormat::contiguous);
    u = clone(ctx, narrow(lu, -2, 0, k), MemoryFormat::contiguous);
    dispatch(AllTypes(), lu.dtype(), "lu_unpack", [&]<class T>() {
      for (int64_t i = 0; i < count; ++i) {
        T *lower = l.data<T>() + i * m * k, *upper = u.data<T>() + i * k * n;
        for (int64_t r = 0; r < std::min(m, k); ++r) {
          lower[r * k + r] = T(1.0f);
          std::fill(lower + r * k + r + 1, lower + (r + 1) * k, T(0.0f));
        }
        for (int64_t r = 1; r < k; ++r) std::fill(upper + r * n, upper + r * n + std::min(r, n), T(0.0f));
      }
    });
  }
  return {p, l, u};
}

std::tuple<Tensor, Tensor, Tensor> lu_unpack(Context& ctx, const Tensor& lu, const Tensor& pivots, bool data, bool permutation) {
  check(lu.dim() >= 2, "torch.lu_unpack: Expected tensor with 2 or more dimensions. Got size: ", lu.sizes(), " instead");
  if (permutation) {
    check(pivots.dtype() == DType::i32,
          "torch.lu_unpack: LU_pivots is expected to be a contiguous tensor of torch.int32 dtype.\nNote: this function is intended to be "
          "used "
          "with the output produced by torch.linalg.lu_factor");
    Dims wanted = with_sizes(batch_sizes(lu), {std::min(lu.size(-1), lu.size(-2))});
    check(wanted == Dims(pivots.sizes()), "torch.lu_unpack: Expected pivots of sizes ", wanted, ", but got ", pivots.sizes());
  }
  return unpack(ctx, lu, pivots, data, permutation);
}

std::tuple<Tensor, Tensor, Tensor> linalg_lu(Context& ctx, const Tensor& a, bool pivot) {
  auto [lu, pivots, info] = factor(ctx, a, pivot, "linalg.lu");
  return unpack(ctx, lu, pivots, true, true);
}

// ---- systems
// ---------------------------------------------------------------------------------------------------------------------------------

/// X of A X = B, or X A = B, for A given by its factors; A^H in the place of A with adjoint. The answer for X A = B is row-major.
Tensor solve_factored(Context& ctx, const Tensor& lu, const Tensor& pivots, const Tensor& b, IntSpan batch, bool left, bool adjoint) {
  if (left) {
    Tensor x = copy_matrices(ctx, b, batch);
    lu_solve_in_place(ctx, lu, pivots, x, adjoint);
    return x;
  }
  Tensor x = copy_matrices(ctx, tsrun::adjoint(ctx, b), batch);
  lu_solve_in_place(ctx, lu, pivots, x, !adjoint);
  return tsrun::adjoint(ctx, x);
}

Tensor expanded_pivots(Context& ctx, const Tensor& pivots, IntSpan batch) {
  return contiguous(ctx, expand(pivots, with_sizes(batch, {pivots.size(-1)})));
}

Tensor linalg_lu_solve(Context& ctx, const Tensor& lu, const Tensor& pivots, const Tensor& b, bool left, bool adjoint) {
  check_floating_matrix(lu, "torch.linalg.lu_solve");
  check(lu.dtype() == b.dtype(), "linalg.lu_solve: Expected LU and B to have the same dtype, but found LU of type ",
        scalar_type_name(lu.dtype()), " and B of type ", scalar_type_name(b.dtype()), " instead");
  check(pivots.dtype() == DType::i32, "linalg.lu_solve: pivots should be a Tensor of scalar type torch.int32");
  check_square(lu, "torch.linalg.lu_solve");
  Dims wanted = with_sizes(batch_sizes(lu), {lu.size(-1)});
  check(wanted == Dims(pivots.sizes()),
        "linalg.lu_solve: Expected LU.shape[:-1] and pivots.shape to be the same, but got pivots with shape ", pivots.sizes(), " instead");
  Dims batch = solve_batch(lu, b, left, "linalg.lu_solve");
  Tensor p =
      checked_pivots(ctx, pivots, lu.size(-1),
                     "Pivots given to lu_solve must all be between 1 and LU.size(-2). Did you properly pass the result of lu_factor?");
  p = expanded_pivots(ctx, p, batch);
  return solve_factored(ctx, copy_matrices(ctx, lu, batch), p, b, batch, left, adjoint);
}

Tensor lu_solve(Context& ctx, const Tensor& self, const Tensor& lu, const Tensor& pivots) {
  return linalg_lu_solve(ctx, lu, pivots, self, true, false);
}

struct Solved {
  Tensor result;
  LuFactors factors;
};

Solved solve(Context& ctx, const Tensor& a, const Tensor& b, bool left) {
  check_floating_matrix(a, "linalg.solve");
  check_solve_dtypes(a, b, "linalg.solve");
  check_square(a, "linalg.solve");
  bool vectors = is_vector_case(a, b);
  Tensor sides = vectors ? unsqueeze(b, -1) : b;
  Dims batch = solve_batch(a, sides, left, "linalg.solve");
  check(left || !vectors, "linalg.solve: Vector broadcasting of the left hand side is not supported for left=False");
  LuFactors f = lu_factor_in_place(ctx, copy_matrices(ctx, a));
  bool same = batch == batch_sizes(a);
  Tensor x = solve_factored(ctx, same ? f.lu : copy_matrices(ctx, f.lu, batch), same ? f.pivots : expanded_pivots(ctx, f.pivots, batch),
                            sides, batch, left, false);
  if (vectors) x = squeeze(x, -1);
  return {vectors && x.dim() > 1 ? copy_matrices(ctx, x) : x, f};
}

/// PyTorch names no batch element when A is one matrix.
void check_solved(const Solved& s, const Tensor& a, const char* name) { check_info(s.factors.info, name, a.dim() == 2); }

std::tuple<Tensor, Tensor, Tensor, Tensor> solve_with_factors(Context& ctx, const Tensor& a, const Tensor& b, bool left,
                                                              bool check_errors) {
  Solved s = solve(ctx, a, b, left);
  if (check_errors) check_solved(s, a, "torch.linalg.solve_ex");
  return {s.result, s.factors.lu, s.factors.pivots, s.factors.info};
}

std::tuple<Tensor, Tensor> solve_ex(Context& ctx, const Tensor& a, const Tensor& b, bool left, bool check_errors) {
  Solved s = solve(ctx, a, b, left);
  if (check_errors) check_solved(s, a, "torch.linalg.solve_ex");
  return {s.result, s.factors.info};
}

Tensor linalg_solve(Context& ctx, const Tensor& a, const Tensor& b, bool left) {
  Solved s = solve(ctx, a, b, left);
  check_solved(s, a, "torch.linalg.solve");
  return s.result;
}

Solved invert(Context& ctx, const Tensor& a) {
  check_square(a, "linalg.inv");
  check_floating_matrix(a, "linalg.inv", false);
  Tensor identity = empty_matrices(ctx, batch_sizes(a), a.size(-1), a.size(-1), a.dtype());
  fill(ctx, identity, Scalar(0));
  fill(ctx, diagonal(identity, 0, -2, -1), Scalar(1));
  LuFactors f = lu_factor_in_place(ctx, copy_matrices(ctx, a));
  lu_solve_in_place(ctx, f.lu, f.pivots, identity, false);
  return {identity, f};
}

std::tuple<Tensor, Tensor> inv_ex(Context& ctx, const Tensor& a, bool check_errors) {
  Solved s = invert(ctx, a);
  if (check_errors) check_solved(s, a, "linalg.inv_ex");
  return {s.result, s.factors.info};
}

Tensor inv(Context& ctx, const Tensor& a) {
  Solved s = invert(ctx, a);
  check_solved(s, a, "linalg.inv");
  return s.result;
}

constexpr Op rows[] = {
    op<"aten::linalg_lu_factor_ex(Tensor A, *, bool pivot=True, bool check_errors=False) -> (Tensor LU, Tensor pivots, Tensor info)",
       lu_factor_ex>(),
    op<"aten::linalg_lu_factor(Tensor A, *, bool pivot=True) -> (Tensor LU, Tensor pivots)", lu_factor>(),
    op<"aten::_lu_with_info(Tensor self, bool pivot=True, bool check_errors=True) -> (Tensor LU, Tensor pivots, Tensor info)",
       lu_with_info>(),
    op<"aten::lu_unpack(Tensor LU_data, Tensor LU_pivots, bool unpack_data=True, bool unpack_pivots=True) -> (Tensor P, Tensor L, Tensor "
       "U)",
       lu_unpack>(),
    op<"aten::linalg_lu(Tensor A, *, bool pivot=True) -> (Tensor P, Tensor L, Tensor U)", linalg_lu>(),
    op<"aten::linalg_lu_solve(Tensor LU, Tensor pivots, Tensor B, *, bool left=True, bool adjoint=False) -> Tensor", linalg_lu_solve>(),
    op<"aten::lu_solve(Tensor self, Tensor LU_data, Tensor LU_pivots) -> Tensor", lu_solve>(),
    op<"aten::_linalg_solve_ex(Tensor A, Tensor B, *, bool left=True, bool check_errors=False) -> (Tensor result, Tensor LU, Tensor "
       "pivots, Tensor "
       "info)",
       solve_with_factors>(),
    op<"aten::linalg_solve_ex(Tensor A, Tensor B, *, bool left=True, bool check_errors=False) -> (Tensor result, Tensor info)", solve_ex>(),
    op<"aten::linalg_solve(Tensor A, Tensor B, *, bool left=True) -> Tensor", linalg_solve>(),
    op<"aten::linalg_inv_ex(Tensor A, *, bool check_errors=False) -> (Tensor inverse, Tensor info)", inv_ex>(),
    op<"aten::linalg_inv(Tensor A) -> Tensor", inv>(),
    op<"aten::inverse(Tensor self) -> Tensor", inv>(),
};

}  // namespace
const std::span<const Op> lu_ops = rows;

}  // namespace tsrun
