#include "ops/softmax.h"

#include <cmath>

#include "ops/dispatch.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {

using kernels::SoftmaxKind;

/// Along the last dimension PyTorch keeps the sum and its logarithm in the input's dtype.
static Tensor log_softmax_rows(Context& ctx, const Tensor& x) {
  Tensor from = contiguous(ctx, x), y = ctx.empty(x.sizes(), x.dtype());
  int64_t n = x.dim() ? x.size(-1) : 1;
  dispatch(TypeList<Half, BFloat16>(), x.dtype(), "log_softmax_lastdim_kernel_impl", [&]<class T>() {
    const T* p = from.data<T>();
    T* q = y.data<T>();
    for (int64_t left = x.numel(); left > 0; left -= n, p += n, q += n) {
      float top = -INFINITY, sum = 0;
      for (int64_t i = 0; i < n; ++i) top = p[i] > top || std::isnan(p[i]) ? float{p[i]} : top;
      for (int64_t i = 0; i < n; ++i) sum += std::exp(p[i] - top);
      T logarithm = std::log(T(sum));
      for (int64_t i = 0; i < n; ++i) q[i] = p[i] - top - logarithm;
    }
  });
  return y;
}

Tensor softmax(Context& ctx, const Tensor& x, int64_t dim, SoftmaxKind kind, bool keep_float) {
  dim = wrap_dim(dim, x.dim());
  if (x.dtype() == DType::f16 || x.dtype() == DType::bf16) {
    if (kind == SoftmaxKind::log_softmax && dim + 1 >= x.dim() && !keep_float) return log_softmax_rows(ctx, x);
    Tensor y = softmax(ctx, cast(ctx, x, DType::f32), dim, kind);
    return keep_float ? y : cast(ctx, y, x.dtype());
  }
  const char* name = kind == SoftmaxKind::softmax ? "softmax_lastdim_kernel_impl" : "log_softmax_lastdim_kernel_impl";
  int64_t outer = 1, n = x.dim() ? x.size(dim) : 1, inner = 1;
  for (int64_t d = 0; d < x.dim(); ++d)
    if (d != dim) (d < dim ? outer : inner) *= x.size(d);
  Tensor from = contiguous(ctx, x), y = ctx.empty(x.sizes(), x.dtype());
  dispatch(TypeList<float, double>(), x.dtype(), name, [&]<class T>() {
    if (x.numel()) kernels::softmax(kind, from.data<T>(), y.data<T>(), outer, n, inner, ctx.threads);
  });
  return y;
}

template <SoftmaxKind Kind>
static Tensor softmax_to(Context& ctx, const Tensor& self, int64_t dim, std::optional<DType> dtype) {
  bool widen = dtype == DType::f32 && (self.dtype() == DType::f16 || self.dtype() == DType::bf16);
  return softmax(ctx, dtype && !widen ? cast(ctx, self, *dtype) : self, dim, Kind, widen);
}

template <SoftmaxKind Kind>
static Tensor softmax_raw(Context& ctx, const Tensor& self, int64_t dim, bool half_to_float) {
  check(!half_to_float, "softmax with half to float conversion is not supported on CPU");
  return softmax(ctx, self, dim, Kind);
}

/// Rows that are all -infinity become zero.
static Tensor safe_softmax(Context& ctx, const Tensor& self, int64_t dim, std::optional<DType> dtype) {
  Tensor from = contiguous(ctx, self), y = softmax_to<SoftmaxKind::softmax>(ctx, from, dim, dtype);
  dim = wrap_dim(dim, self.dim());
  int64_t n = self.dim() ? self.size(dim) : 1, inner = 1;
  for (int64_t d = dim + 1; d < self.dim(); ++d) inner *= self.size(d);
  Tensor x = contiguous(ctx, cast(ctx, from, y.dtype()));
  dispatch(FloatTypes(), y.dtype(), "_safe_softmax", [&]<class T>() {
    const T* p = x.data<T>();
    T* q = y.data<T>();
    for (int64_t i = 0; n > 0 && i < y.numel() / n; ++i) {
      int64_t start = i / inner * inner * n + i % inner;
      bool masked = true;
      for (int64_t j = 0; masked && j < n; ++j) masked = static_cast<double>(p[start + j * inner]) == -INFINITY;
      for (int64_t j = 0; masked && j < n; ++j) q[start + j * inner] = T(0);
    }
  });
  return y;
}

/// mask_type 0: mask [L, L]; 1: [B, L] for self [B, heads, L, L]; 2: self's sizes. True hides an element; a row of hidden ones becomes NaN.
static Tensor masked_softmax(Context& ctx, const Tensor& self, const Tensor& mask, std::optional<int64_t> dim,
                             std::optional<int64_t> mask_type) {
  check(mask.dtype() == DType::boolean, "Mask should be a boolean tensor");
  check(mask_type.has_value(), "Mask Type should be defined");
  check(*mask_type >= 0 && *mask_type <= 2, "Mask Type should be 0 (src_mask), 1 (src_key_padding_mask), or 2 (default_mask)");
  Tensor hidden = mask;
  if (*mask_type == 1) {
    check(self.dim() == 4 && mask.dim() == 2, "masked softmax: a key padding mask needs 2 dimensions and an input with 4");
    hidden = unsqueeze(unsqueeze(mask, 1), 1);
  }
  hidden = contiguous(ctx, expand(hidden, self.sizes()));
  DType compute = self.dtype() == DType::f64 ? DType::f64 : DType::f32;
  Tensor x = clone(ctx, cast(ctx, self, compute), MemoryFormat::contiguous);
  dispatch(TypeList<float, double>(), compute, "masked_softmax", [&]<class T>() {
    T* p = x.data<T>();
    const bool* h = hidden.data<bool>();
    for (int64_t i = 0; i < x.numel(); ++i)
      if (h[i]) p[i] = static_cast<T>(-INFINITY);
  });
  return cast(ctx, softmax(ctx, x, dim.value_or(self.dim() - 1)), self.dtype());
}

static constexpr Op rows[] = {
    op<"aten::softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor", softmax_to<SoftmaxKind::softmax>>(),
    op<"aten::special_softmax(Tensor self, int dim, ScalarType? dtype=None) -> Tensor", softmax_to<SoftmaxKind::softmax>>(),
    op<"aten::_softmax(Tensor self, int dim, bool half_to_float) -> Tensor", softmax_raw<SoftmaxKind::softmax>>(),
    op<"aten::log_softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor", softmax_to<SoftmaxKind::log_softmax>>(),
    op<"aten::special_log_softmax(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor", softmax_to<SoftmaxKind::log_softmax>>(),
    op<"aten::_log_softmax(Tensor self, int dim, bool half_to_float) -> Tensor", softmax_raw<SoftmaxKind::log_softmax>>(),
    op<"aten::_safe_softmax(Tensor self, int dim, ScalarType? dtype=None) -> Tensor", safe_softmax>(),
    op<"aten::_masked_softmax(Tensor self, Tensor mask, int? dim=None, int? mask_type=None) -> Tensor", masked_softmax>(),
};
const std::span<const Op> softmax_ops = rows;

}  // namespace tsrun
