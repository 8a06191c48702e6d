// linear: one matrix of weights, packed once, times many rows.
#include <optional>

#include "ops/kernels/gemm.h"
#include "ops/matmul.h"
#include "ops/tensor_ops.h"
#include "ops/weight_pages.h"

namespace tsrun {
namespace {

struct PreparedLinear : Prepared {
  PackedLinear weight;
};

template <class T>
void run(Context& ctx, const Tensor& x, int64_t rows, const kernels::PackedMatrix<T>& weight, const Tensor* bias, const Tensor* residual,
         kernels::Activation activation, const Tensor& out) {
  kernels::Epilogue<T> epilogue;
  epilogue.residual = residual ? residual->data<T>() : nullptr;
  epilogue.ld_residual = weight.n;
  epilogue.bias = bias ? bias->data<T>() : nullptr;
  epilogue.activation = activation;
  kernels::gemm_packed(rows, x.data<T>(), weight.k, weight, out.data<T>(), weight.n, epilogue, ctx.threads);
}

}  // namespace

PackedLinear pack_linear(Context& ctx, const Tensor& weight) {
  PackedLinear packed;
  int64_t n = weight.size(0), k = weight.size(1);
  std::optional<WeightPages> pages;
  if (ctx.prepared) pages.emplace(weight);
  if (weight.dtype() == DType::f64) {
    packed.f64 = kernels::pack_b(weight.data<double>(), k, n, weight.stride(1), weight.stride(0), ctx.threads);
  } else {
    Tensor w = cast(ctx, weight, DType::f32);
    packed.f32 = kernels::pack_b(w.data<float>(), k, n, w.stride(1), w.stride(0), ctx.threads);
  }
  return packed;
}

Tensor apply_linear(Context& ctx, const Tensor& x, const PackedLinear& weight, const Tensor* bias, kernels::Activation activation,
                    const Tensor* residual) {
  DType dtype = x.dtype();
  bool wide = dtype == DType::f64;
  DType compute = wide ? DType::f64 : DType::f32;
  int64_t k = wide ? weight.f64.k : weight.f32.k, n = wide ? weight.f64.n : weight.f32.n;
  Tensor rows = contiguous(ctx, cast(ctx, x, compute));
  Dims sizes(x.sizes());
  sizes.back() = n;
  Tensor out = ctx.empty(sizes, compute);
  if (out.numel() == 0) return cast(ctx, out, dtype);
  Tensor offset = bias ? contiguous(ctx, cast(ctx, *bias, compute)) : Tensor();
  const Tensor* b = bias ? &offset : nullptr;
  Tensor addend = residual ? contiguous(ctx, cast(ctx, *residual, compute)) : Tensor();
  const Tensor* r = residual ? &addend : nullptr;
  check(x.size(-1) == k, "linear: the input has ", x.size(-1), " features and the weight ", k);
  int64_t m = out.numel() / n;
  if (wide) run(ctx, rows, m, weight.f64, b, r, activation, out);
  else run(ctx, rows, m, weight.f32, b, r, activation, out);
  return cast(ctx, out, dtype);
}

Tensor linear(Context& ctx, const Tensor& input, const Tensor& weight, const Tensor* bias, kernels::Activation activation,
              const Tensor* residual) {
  check(weight.dim() == 2, "linear: the weight must have 2 dimensions, got ", weight);
  check(input.dim() >= 1 && input.size(-1) == weight.size(1), "mat1 and mat2 shapes cannot be multiplied (",
        input.dim() >= 1 && input.size(-1) > 0 ? input.numel() / input.size(-1) : 0, "x", input.dim() >= 1 ? input.size(-1) : 0, " and ",
        weight.size(1), "x", weight.size(0), ")");
  check_same_dtype(input, weight);
  if (bias) {
    check(bias->dtype() == input.dtype(), "self and mat2 must have the same dtype, but got ", bias->dtype(), " and ", input.dtype());
    check(bias->numel() == weight.size(0) && bias->dim() <= 1, "The expanded size of the tensor (", weight.size(0),
          ") must match the existing size (", bias->numel(), ") of the bias");
  }
  if (!ctx.prepared) return apply_linear(ctx, input, pack_linear(ctx, weight), bias, activation, residual);
  if (!*ctx.prepared) {
    auto made = make_ref<PreparedLinear>();
    made->weight = pack_linear(ctx, weight);
    *ctx.prepared = Ref<const Prepared>(made);
  }
  return apply_linear(ctx, input, static_cast<const PreparedLinear&>(**ctx.prepared).weight, bias, activation, residual);
}

}  // namespace tsrun
