// Distances between rows.
#include <cmath>

#include "ops/dispatch.h"
#include "ops/kernels/parallel.h"
#include "ops/matmul.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

/// The p-distance of two rows, summed in double.
template <class T>
double distance(const T* a, const T* b, int64_t n, double p) {
  double sum = 0;
  if (p == 2) {
    for (int64_t i = 0; i < n; ++i) {
      double d = static_cast<double>(a[i]) - static_cast<double>(b[i]);
      sum += d * d;
    }
    return std::sqrt(sum);
  }
  for (int64_t i = 0; i < n; ++i) {
    double d = std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
    if (p == 0) sum += d != 0 ? 1 : 0;
    else if (p == 1) sum += d;
    else if (std::isinf(p)) sum = d > sum || d != d ? d : sum;
    else sum += std::pow(d, p);
  }
  return p == 0 || p == 1 || std::isinf(p) ? sum : std::pow(sum, 1 / p);
}

Tensor cdist_forward(Context& ctx, const Tensor& x1, const Tensor& x2, double p, std::optional<int64_t> compute_mode) {
  check(x1.dim() >= 2, "cdist only supports at least 2D tensors, X1 got: ", x1.dim(), "D");
  check(x2.dim() >= 2, "cdist only supports at least 2D tensors, X2 got: ", x2.dim(), "D");
  check(x1.size(-1) == x2.size(-1), "X1 and X2 must have the same number of columns. X1: ", x1.size(-1), " X2: ", x2.size(-1));
  check(p >= 0, "cdist only supports non-negative p values");
  check(!compute_mode || (*compute_mode >= 0 && *compute_mode <= 2), "possible modes: 0, 1, 2, but was: ", compute_mode.value_or(0));
  check(x1.dtype() == x2.dtype(), "cdist: x1 and x2 must have the same dtype, got ", x1, " and ", x2);
  Dims batch = broadcast_sizes(x1.sizes().first(x1.sizes().size() - 2), x2.sizes().first(x2.sizes().size() - 2));
  auto dense = [&](const Tensor& x) {
    Dims sizes = batch;
    sizes.push_back(x.size(-2));
    sizes.push_back(x.size(-1));
    return contiguous(ctx, expand(x, sizes));
  };
  Tensor a = dense(x1), b = dense(x2);
  int64_t rows = a.size(-2), columns = b.size(-2), n = a.size(-1);
  Dims sizes = batch;
  sizes.push_back(rows);
  sizes.push_back(columns);
  Tensor out = ctx.empty(sizes, x1.dtype());
  dispatch(TypeList<float, double>(), x1.dtype(), "cdist", [&]<class T>() {
    const T *pa = a.data<T>(), *pb = b.data<T>();
    kernels::parallel_for(ctx.threads, columns ? out.numel() / columns : 0, 32768 / (columns * n + 1) + 1, [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r)
        for (int64_t c = 0; c < columns; ++c)
          out.data<T>()[r * columns + c] = static_cast<T>(distance(pa + r * n, pb + (r / rows * columns + c) * n, n, p));
    });
  });
  return out;
}

Tensor cdist(Context& ctx, const Tensor& x1, const Tensor& x2, double p, std::optional<int64_t> compute_mode) {
  return cdist_forward(ctx, x1, x2, p, compute_mode);
}

Tensor euclidean_dist(Context& ctx, const Tensor& x1, const Tensor& x2) { return cdist_forward(ctx, x1, x2, 2, {}); }

Tensor pdist(Context& ctx, const Tensor& self, double p) {
  check(self.dim() == 2, "pdist only supports 2D tensors, got: ", self.dim(), "D");
  check(p >= 0, "pdist only supports non-negative p values");
  Tensor x = contiguous(ctx, self);
  int64_t rows = x.size(0), n = x.size(1);
  Tensor out = ctx.empty(Dims{rows > 1 ? rows * (rows - 1) / 2 : 0}, x.dtype());
  dispatch(TypeList<float, double>(), x.dtype(), "pdist", [&]<class T>() {
    T* y = out.data<T>();
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = i + 1; j < rows; ++j) *y++ = static_cast<T>(distance(x.data<T>() + i * n, x.data<T>() + j * n, n, p));
  });
  return out;
}

constexpr Op rows[] = {
    op<"aten::cdist(Tensor x1, Tensor x2, float p=2., int? compute_mode=None) -> Tensor", cdist>(),
    op<"aten::_cdist_forward(Tensor x1, Tensor x2, float p, int? compute_mode) -> Tensor", cdist_forward>(),
    op<"aten::_euclidean_dist(Tensor x1, Tensor x2) -> Tensor", euclidean_dist>(),
    op<"aten::pdist(Tensor self, float p=2.) -> Tensor", pdist>(),
    op<"aten::_pdist_forward(Tensor self, float p=2.) -> Tensor", pdist>(),
};

}  // namespace

const std::span<const Op> distance_ops = rows;

}  // namespace tsrun
