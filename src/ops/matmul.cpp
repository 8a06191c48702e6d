// mm, bmm, matmul and the add... forms: shapes, broadcasting and scaling around the products.
#include "ops/matmul.h"

#include "ops/dispatch.h"
#include "ops/kernels/pointwise.h"
#include "ops/promote.h"
#include "ops/stepwise.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {

static void check_matrices(const Tensor& a, const Tensor& b) {
  check(a.dim() == 2, "self must be a matrix");
  check(b.dim() == 2, "mat2 must be a matrix");
  check(a.size(1) == b.size(0), "mat1 and mat2 shapes cannot be multiplied (", a.size(0), "x", a.size(1), " and ", b.size(0), "x",
        b.size(1), ")");
  check_same_dtype(a, b);
}

static void check_batches(const Tensor& a, const Tensor& b) {
  check(a.dim() == 3, "batch1 must be a 3D tensor");
  check(b.dim() == 3, "batch2 must be a 3D tensor");
  check(a.size(0) == b.size(0) && a.size(2) == b.size(1), "Expected size for first two dimensions of batch2 tensor to be: [", a.size(0),
        ", ", a.size(2), "] but got: [", b.size(0), ", ", b.size(1), "].");
  check_same_dtype(a, b);
}

static Tensor mm(Context& ctx, const Tensor& self, const Tensor& mat2) {
  check_matrices(self, mat2);
  return ctx.prepared && is_floating(self.dtype()) ? linear(ctx, self, transpose(mat2, 0, 1), nullptr) : matrix_product(ctx, self, mat2);
}

static Tensor bmm(Context& ctx, const Tensor& self, const Tensor& mat2) {
  check_batches(self, mat2);
  return batched_product(ctx, self, mat2);
}

/// beta * self + alpha * product in the product's dtype (float32 for the halves), rounded once to self's dtype. beta = 0 ignores self.
static Tensor combine(Context& ctx, const Tensor& self, const Tensor& product, const Scalar& beta, const Scalar& alpha, DType dtype) {
  check(self.dtype() == dtype, "self and mat2 must have the same dtype, but got ", self.dtype(), " and ", dtype);
  Tensor added = expand(self, product.sizes());
  bool ignore_self = beta.to_complex() == 0.0;
  if (!ignore_self) added = contiguous(ctx, cast(ctx, added, product.dtype()));
  dispatch(TypeList<float, double, C64, C128, uint8_t, int8_t, int16_t, int32_t, int64_t>(), product.dtype(), "addmm_impl_cpu_",
           [&]<class T>() {
             T a = alpha.to<T>(), b = beta.to<T>(), *p = product.data<T>();
             const T* s = ignore_self ? nullptr : added.data<T>();
             int64_t n = product.numel();
             if (!s) {
               for (int64_t i = 0; i < n; ++i) p[i] = static_cast<T>(a * p[i]);
             } else {
               for (int64_t i = 0; i < n; ++i) p[i] = static_cast<T>(a * p[i] + b * s[i]);
             }
           });
  return cast(ctx, product, dtype);
}

static bool is_one(const Scalar& s) { return s.to_complex() == 1.0; }

static Tensor addmm(Context& ctx, const Tensor& self, const Tensor& mat1, const Tensor& mat2, const Scalar& beta, const Scalar& alpha) {
  check(mat1.dim() == 2 && mat2.dim() == 2, "mat1 and mat2 must be matrices, got ", mat1, " and ", mat2);
  check_matrices(mat1, mat2);
  bool is_bias = self.dim() == 1 && self.size(0) == mat2.size(1) && is_one(beta) && is_one(alpha) && is_floating(self.dtype());
  if (is_bias && (ctx.prepared || mat1.dtype() == DType::f32)) return linear(ctx, mat1, transpose(mat2, 0, 1), &self);
  return combine(ctx, self, matrix_product(ctx, mat1, mat2, true), beta, alpha, mat1.dtype());
}

static Tensor addmm_activation(Context& ctx, const Tensor& self, const Tensor& mat1, const Tensor& mat2, const Scalar& beta,
                               const Scalar& alpha, bool use_gelu) {
  Tensor sum = addmm(ctx, self, mat1, mat2, beta, alpha);
  Tensor out = contiguous(ctx, cast(ctx, sum, DType::f32));
  kernels::unary_f32(use_gelu ? kernels::Unary::gelu : kernels::Unary::relu)(out.data<float>(), out.data<float>(), out.numel(), nullptr);
  return cast(ctx, out, sum.dtype());
}

static Tensor baddbmm(Context& ctx, const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta,
                      const Scalar& alpha) {
  check_batches(batch1, batch2);
  return combine(ctx, self, batched_product(ctx, batch1, batch2, true), beta, alpha, batch1.dtype());
}

static bool is_half(DType t) { return t == DType::f16 || t == DType::bf16; }

/// The sum over the batch is one product with the batch folded into k. Halves are rounded after each addend.
static Tensor addbmm(Context& ctx, const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta,
                     const Scalar& alpha) {
  check_batches(batch1, batch2);
  if (is_half(batch1.dtype()) && batch1.size(0) > 0) {
    Tensor sum = expand(self, Dims{batch1.size(1), batch2.size(2)});
    for (int64_t i = 0; i < batch1.size(0); ++i) {
      Tensor product = matrix_product(ctx, select(batch1, 0, i), select(batch2, 0, i), true);
      sum = combine(ctx, sum, product, i == 0 ? beta : Scalar(1), alpha, batch1.dtype());
    }
    return sum;
  }
  int64_t k = checked_numel(Dims{batch1.size(0), batch1.size(2)});
  Tensor a = reshape(ctx, permute(batch1, Dims{1, 0, 2}), Dims{batch1.size(1), k});
  Tensor b = reshape(ctx, batch2, Dims{k, batch2.size(2)});
  return combine(ctx, self, matrix_product(ctx, a, b, true), beta, alpha, batch1.dtype());
}

static void check_vector(const Tensor& mat, const Tensor& vec) {
  check(mat.dim() == 2 && vec.dim() == 1, "vector + matrix @ vector expected, got ", mat.dim(), ", ", vec.dim());
  check(mat.size(1) == vec.size(0), "size mismatch, got input (", mat.size(0), "), mat (", mat.size(0), "x", mat.size(1), "), vec (",
        vec.size(0), ")");
}

static Tensor mv(Context& ctx, const Tensor& self, const Tensor& vec) {
  check_vector(self, vec);
  return select(matrix_product(ctx, self, unsqueeze(vec, 1)), 1, 0);
}

static Tensor addmv(Context& ctx, const Tensor& self, const Tensor& mat, const Tensor& vec, const Scalar& beta, const Scalar& alpha) {
  check_vector(mat, vec);
  Tensor product = matrix_product(ctx, mat, unsqueeze(vec, 1), true);
  return combine(ctx, self, make_view(product, Dims{mat.size(0)}, Dims{1}, product.offset()), beta, alpha, mat.dtype());
}

static Tensor dot(Context& ctx, const Tensor& self, const Tensor& tensor) {
  check(self.dim() == 1 && tensor.dim() == 1, "1D tensors expected, but got ", self.dim(), "D and ", tensor.dim(), "D tensors");
  check(self.dtype() == tensor.dtype(), "dot : expected both vectors to have same dtype, but found ", self.dtype(), " and ",
        tensor.dtype());
  check(self.numel() == tensor.numel(), "inconsistent tensor size, expected tensor [", self.numel(), "] and src [", tensor.numel(),
        "] to have the same number of elements, but got ", self.numel(), " and ", tensor.numel(), " elements respectively");
  return select(select(matrix_product(ctx, unsqueeze(self, 0), unsqueeze(tensor, 1)), 0, 0), 0, 0);
}

static Tensor vdot(Context& ctx, const Tensor& self, const Tensor& other) {
  if (!is_complex(self.dtype())) return dot(ctx, self, other);
  Tensor conjugate = clone(ctx, self, MemoryFormat::contiguous);
  dispatch(ComplexTypes(), self.dtype(), "vdot", [&]<class T>() {
    for (T& v : std::span(conjugate.data<T>(), static_cast<size_t>(conjugate.numel()))) v = std::conj(v);
  });
  return dot(ctx, conjugate, other);
}

static Tensor outer(Context& ctx, const Tensor& self, const Tensor& vec2) {
  check(self.dim() == 1, "outer: Expected 1-D argument self, but got ", self.dim(), "-D");
  check(vec2.dim() == 1, "outer: Expected 1-D argument vec2, but got ", vec2.dim(), "-D");
  if (self.dtype() == DType::boolean && vec2.dtype() == DType::boolean)
    return cast(ctx, matrix_product(ctx, cast(ctx, unsqueeze(self, 1), DType::u8), cast(ctx, unsqueeze(vec2, 0), DType::u8)),
                DType::boolean);
  DType dtype = promote_types(self.dtype(), vec2.dtype());
  return matrix_product(ctx, cast(ctx, unsqueeze(self, 1), dtype), cast(ctx, unsqueeze(vec2, 0), dtype));
}

static Tensor addr(Context& ctx, const Tensor& self, const Tensor& vec1, const Tensor& vec2, const Scalar& beta, const Scalar& alpha) {
  check(vec1.dim() == 1 && vec2.dim() == 1, "addr: Expected 1-D arguments vec1 and vec2, but got ", vec1.dim(), "-D and ", vec2.dim(),
        "-D");
  DType dtype = promote_types(self.dtype(), promote_types(vec1.dtype(), vec2.dtype()));
  if (dtype == DType::boolean) {  // beta and self, or alpha and the product
    auto bytes = [&](const Tensor& t) { return cast(ctx, t, DType::u8); };
    Tensor product = matrix_product(ctx, bytes(unsqueeze(vec1, 1)), bytes(unsqueeze(vec2, 0)));
    return cast(ctx, combine(ctx, bytes(self), product, Scalar(int{beta.to_bool()}), Scalar(int{alpha.to_bool()}), DType::u8), dtype);
  }
  if (is_half(dtype)) {
    Tensor out = ctx.empty(Dims{vec1.numel(), vec2.numel()}, dtype);
    Tensor s = contiguous(ctx, expand(cast(ctx, self, dtype), out.sizes()));
    Tensor u = contiguous(ctx, cast(ctx, vec1, dtype)), v = contiguous(ctx, cast(ctx, vec2, dtype));
    dispatch(TypeList<Half, BFloat16>(), dtype, "addr", [&]<class T>() {
      using Step = Stepwise<T>;
      Step a(alpha.to_double()), b(beta.to_double());
      for (int64_t i = 0, at = 0; i < u.numel(); ++i) {
        for (int64_t j = 0; j < v.numel(); ++j, ++at) {
          Step product = a * Step(u.data<T>()[i]) * Step(v.data<T>()[j]);
          out.data<T>()[at] = b == Step(0) ? product : b * Step(s.data<T>()[at]) + product;
        }
      }
    });
    return out;
  }
  Tensor product = matrix_product(ctx, cast(ctx, unsqueeze(vec1, 1), dtype), cast(ctx, unsqueeze(vec2, 0), dtype), true);
  return combine(ctx, cast(ctx, self, dtype), product, beta, alpha, dtype);
}

/// Batch sizes both operands broadcast to; the operands expanded and folded to [batch, rows, columns].
static Tensor matmul_batched(Context& ctx, const Tensor& a, const Tensor& b) {
  IntSpan batch_a = a.sizes().first(a.sizes().size() - 2), batch_b = b.sizes().first(b.sizes().size() - 2);
  Dims batch = broadcast_sizes(batch_a, batch_b);
  auto fold = [&](const Tensor& t) {
    Dims sizes = batch;
    sizes.push_back(t.size(-2));
    sizes.push_back(t.size(-1));
    return reshape(ctx, expand(t, sizes), Dims{checked_numel(batch), t.size(-2), t.size(-1)});
  };
  check(a.size(-1) == b.size(-2), "Expected size for first two dimensions of batch2 tensor to be: [", checked_numel(batch), ", ",
        a.size(-1), "] but got: [", checked_numel(batch), ", ", b.size(-2), "].");
  Tensor product = batched_product(ctx, fold(a), fold(b));
  Dims sizes = batch;
  sizes.push_back(a.size(-2));
  sizes.push_back(b.size(-1));
  return reshape(ctx, product, sizes);
}

Tensor matmul(Context& ctx, const Tensor& a, const Tensor& b) {
  int64_t da = a.dim(), db = b.dim();
  check(da > 0 && db > 0, "both arguments to matmul need to be at least 1D, but they are ", da, "D and ", db, "D");
  if (da == 1 && db == 1) return dot(ctx, a, b);
  if (da == 2 && db == 1) return mv(ctx, a, b);
  if (da == 1 && db == 2) return select(mm(ctx, unsqueeze(a, 0), b), 0, 0);
  if (da == 2 && db == 2) return mm(ctx, a, b);
  if (db == 2) {
    check(a.size(-1) == b.size(0), "mat1 and mat2 shapes cannot be multiplied (", a.size(-1) ? a.numel() / a.size(-1) : 0, "x", a.size(-1),
          " and ", b.size(0), "x", b.size(1), ")");
    check_same_dtype(a, b);
    if (ctx.prepared && is_floating(a.dtype())) return linear(ctx, a, transpose(b, 0, 1), nullptr);
    Dims sizes(a.sizes());
    int64_t k = sizes.back();
    sizes.pop_back();
    Tensor product = matrix_product(ctx, reshape(ctx, a, Dims{checked_numel(sizes), k}), b);
    sizes.push_back(b.size(1));
    return reshape(ctx, product, sizes);
  }
  if (db == 1) {
    Tensor product = matmul_batched(ctx, a, unsqueeze(b, 1));
    return squeeze(product, product.dim() - 1);
  }
  if (da == 1) {
    Tensor product = matmul_batched(ctx, unsqueeze(a, 0), b);
    return squeeze(product, product.dim() - 2);
  }
  return matmul_batched(ctx, a, b);
}

static Tensor inner(Context& ctx, const Tensor& self, const Tensor& other) {
  if (self.dim() == 0 || other.dim() == 0) {
    Tensor a = reshape(ctx, self, Dims{-1, 1}), b = reshape(ctx, other, Dims{1, -1});
    return reshape(ctx, matrix_product(ctx, a, b), self.dim() == 0 ? other.sizes() : self.sizes());
  }
  check(self.size(-1) == other.size(-1), "inner() the last dimension must match on both input tensors but got shapes ", self.sizes(),
        " and ", other.sizes());
  int64_t k = self.size(-1);
  Dims sizes(self.sizes());
  sizes.pop_back();
  int64_t rows = checked_numel(sizes), columns = checked_numel(other.sizes().first(other.sizes().size() - 1));
  for (int64_t d = 0; d + 1 < other.dim(); ++d) sizes.push_back(other.size(d));
  Tensor b = reshape(ctx, other, Dims{columns, k});
  return reshape(ctx, matrix_product(ctx, reshape(ctx, self, Dims{rows, k}), transpose(b, 0, 1)), sizes);
}

static Tensor linear_row(Context& ctx, const Tensor& input, const Tensor& weight, const Tensor* bias) {
  if (weight.dim() == 1) {
    check(!bias, "bias must be absent when the weight has one dimension");
    return matmul(ctx, input, weight);
  }
  if (is_floating(input.dtype())) return linear(ctx, input, weight, bias);
  Tensor product = matmul(ctx, input, transpose(weight, 0, 1));
  return bias ? combine(ctx, *bias, product, Scalar(1), Scalar(1), input.dtype()) : product;
}

static Tensor bilinear(Context& ctx, const Tensor& input1, const Tensor& input2, const Tensor& weight, const Tensor* bias) {
  check(input1.dim() == input2.dim() && input1.dim() >= 1, "bilinear(): input dimensions do not match: got ", input1.dim(), " and ",
        input2.dim());
  for (int64_t d = 0; d + 1 < input1.dim(); ++d)
    check(input1.size(d) == input2.size(d), "bilinear(): input batch dimensions do not match at dim ", d, ": got ", input1.size(d), " and ",
          input2.size(d));
  check(weight.dim() == 3 && input1.size(-1) == weight.size(1) && input2.size(-1) == weight.size(2), "bilinear(): the weight ", weight,
        " does not fit inputs ", input1, " and ", input2);
  int64_t outputs = weight.size(0), k1 = weight.size(1), k2 = weight.size(2);
  Dims sizes(input1.sizes());
  sizes.pop_back();
  int64_t n = checked_numel(sizes);
  sizes.push_back(outputs);
  Tensor x1 = expand(reshape(ctx, input1, Dims{1, n, k1}), Dims{outputs, n, k1});
  Tensor left = permute(batched_product(ctx, x1, weight), Dims{1, 0, 2});               // [n, outputs, k2]
  Tensor out = batched_product(ctx, left, reshape(ctx, input2, Dims{n, k2, 1}), true);  // [n, outputs, 1]
  out = reshape(ctx, out, sizes);
  if (!bias) return cast(ctx, out, input1.dtype());
  Tensor rounded = cast(ctx, cast(ctx, out, input1.dtype()), out.dtype());
  return combine(ctx, *bias, rounded, Scalar(1), Scalar(1), input1.dtype());
}

static Tensor int_mm(Context& ctx, const Tensor& self, const Tensor& mat2) {
  check(self.dtype() == DType::i8 && mat2.dtype() == DType::i8, "Expected self and mat2 to be of type int8, got ", self, " and ", mat2);
  check_matrices(self, mat2);
  return matrix_product(ctx, cast(ctx, self, DType::i32), cast(ctx, mat2, DType::i32));
}

static constexpr Op rows[] = {
    op<"aten::mm(Tensor self, Tensor mat2) -> Tensor", mm>(),
    op<"aten::bmm(Tensor self, Tensor mat2) -> Tensor", bmm>(),
    op<"aten::matmul(Tensor self, Tensor other) -> Tensor", matmul>(),
    op<"aten::linalg_matmul(Tensor self, Tensor other) -> Tensor", matmul>(),
    op<"aten::linear(Tensor input, Tensor weight, Tensor? bias=None) -> Tensor", linear_row>(),
    op<"aten::mkldnn_linear(Tensor self, Tensor weight, Tensor? bias=None) -> Tensor", linear_row>(),
    op<"aten::addmm(Tensor self, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1) -> Tensor", addmm>(),
    op<"aten::_addmm_activation(Tensor self, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1, bool use_gelu=False) -> Tensor",
       addmm_activation>(),
    op<"aten::baddbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor", baddbmm>(),
    op<"aten::addbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor", addbmm>(),
    op<"aten::mv(Tensor self, Tensor vec) -> Tensor", mv>(),
    op<"aten::addmv(Tensor self, Tensor mat, Tensor vec, *, Scalar beta=1, Scalar alpha=1) -> Tensor", addmv>(),
    op<"aten::dot(Tensor self, Tensor tensor) -> Tensor", dot>(),
    op<"aten::vdot(Tensor self, Tensor other) -> Tensor", vdot>(),
    op<"aten::inner(Tensor self, Tensor other) -> Tensor", inner>(),
    op<"aten::outer(Tensor self, Tensor vec2) -> Tensor", outer>(),
    op<"aten::ger(Tensor self, Tensor vec2) -> Tensor", outer>(),
    op<"aten::addr(Tensor self, Tensor vec1, Tensor vec2, *, Scalar beta=1, Scalar alpha=1) -> Tensor", addr>(),
    op<"aten::bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor? bias=None) -> Tensor", bilinear>(),
    op<"aten::_int_mm(Tensor self, Tensor mat2) -> Tensor", int_mm>(),
};
const std::span<const Op> matmul_ops = rows;

}  // namespace tsrun
