// The products behind every operator of the family: real numbers by the packed kernels, complex ones as four real products, integers
// plainly.
#include <algorithm>

#include "ops/dispatch.h"
#include "ops/kernels/parallel.h"
#include "ops/matmul.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

constexpr int64_t parallel_work = 1 << 16;  // multiplications below which a product of many small matrices stays on one thread

/// A stack of matrices by strides, in elements of T.
template <class T>
struct Stack {
  const T* data;
  int64_t batch_stride, row_stride, col_stride;
};

struct Extent {
  int64_t batch, m, n, k;
};

template <class T>
Stack<T> stack_of(const Tensor& t) {
  return {t.data<T>(), t.stride(0), t.stride(1), t.stride(2)};
}

/// c[batch, m, n] = a b, added to c when accumulate.
template <class T>
void real_product(Context& ctx, const Extent& e, Stack<T> a, Stack<T> b, T* c, bool accumulate = false) {
  size_t bytes = kernels::gemm_workspace_bytes<T>(e.m, e.n, e.k);
  bytes = (bytes + 63) / 64 * 64;
  bool split = e.batch > 1 && ctx.threads > 1 && e.batch * e.m * e.n * e.k >= parallel_work;
  int64_t parts = split ? std::min<int64_t>(ctx.threads, e.batch) : 1;
  Ref<Storage> space = ctx.workspace(bytes * static_cast<size_t>(parts));
  int inner_threads = parts == 1 ? ctx.threads : 1;
  kernels::parallel_for(ctx.threads, parts, 1, [&](int64_t begin, int64_t end) {
    for (int64_t part = begin; part < end; ++part)
      for (int64_t i = e.batch * part / parts; i < e.batch * (part + 1) / parts; ++i) {
        T* out = c + i * e.m * e.n;
        kernels::Epilogue<T> epilogue;
        if (accumulate) epilogue.residual = out, epilogue.ld_residual = e.n;
        kernels::gemm(e.m, e.n, e.k, kernels::MatrixView<T>{a.data + i * a.batch_stride, a.row_stride, a.col_stride},
                      kernels::MatrixView<T>{b.data + i * b.batch_stride, b.row_stride, b.col_stride}, out, e.n, epilogue,
                      space->data() + bytes * static_cast<size_t>(part), inner_threads);
      }
  });
}

template <class T>
Stack<T> part_of(const Stack<std::complex<T>>& s, int part) {
  return {reinterpret_cast<const T*>(s.data) + part, 2 * s.batch_stride, 2 * s.row_stride, 2 * s.col_stride};
}

template <class T>
void complex_product(Context& ctx, const Extent& e, Stack<std::complex<T>> a, Stack<std::complex<T>> b, std::complex<T>* c) {
  int64_t count = e.batch * e.m * e.n;
  Ref<Storage> space = ctx.workspace(3 * static_cast<size_t>(count) * sizeof(T));
  T *positive = reinterpret_cast<T*>(space->data()), *negative = positive + count, *imaginary = negative + count;
  real_product<T>(ctx, e, part_of(a, 0), part_of(b, 0), positive);
  real_product<T>(ctx, e, part_of(a, 1), part_of(b, 1), negative);
  real_product<T>(ctx, e, part_of(a, 0), part_of(b, 1), imaginary);
  real_product<T>(ctx, e, part_of(a, 1), part_of(b, 0), imaginary, true);
  for (int64_t i = 0; i < count; ++i) c[i] = {positive[i] - negative[i], imaginary[i]};
}

/// b has contiguous rows.
template <class T>
void integer_product(Context& ctx, const Extent& e, Stack<T> a, Stack<T> b, T* c) {
  int64_t grain = std::max<int64_t>(1, parallel_work / std::max<int64_t>(1, e.n * e.k));
  kernels::parallel_for(ctx.threads, e.batch * e.m, grain, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) {
      int64_t i = row / e.m;
      const T *x = a.data + i * a.batch_stride + row % e.m * a.row_stride, *y = b.data + i * b.batch_stride;
      T* out = c + row * e.n;
      std::fill_n(out, e.n, T{0});
      for (int64_t k = 0; k < e.k; ++k, x += a.col_stride, y += b.row_stride)
        for (int64_t j = 0; j < e.n; ++j) {
          using Wide = std::make_unsigned_t<std::common_type_t<T, int32_t>>;  // wraps around
          out[j] = static_cast<T>(static_cast<Wide>(out[j]) + static_cast<Wide>(*x) * static_cast<Wide>(y[j]));
        }
    }
  });
}

}  // namespace

void check_same_dtype(const Tensor& a, const Tensor& b) {
  check(a.dtype() == b.dtype(), "expected m1 and m2 to have the same dtype, but got: ", a.dtype(), " != ", b.dtype());
}

Tensor batched_product(Context& ctx, const Tensor& a, const Tensor& b, bool keep_float) {
  check_same_dtype(a, b);
  DType dtype = a.dtype();
  if (dtype == DType::f16 || dtype == DType::bf16) {
    Tensor product = batched_product(ctx, cast(ctx, a, DType::f32), cast(ctx, b, DType::f32));
    return keep_float ? product : cast(ctx, product, dtype);
  }
  Extent e{a.size(0), a.size(1), b.size(2), a.size(2)};
  Tensor out = ctx.empty(Dims{e.batch, e.m, e.n}, dtype);
  if (out.numel() == 0) return out;
  if (e.k == 0) return ctx.zeros(out.sizes(), dtype);
  dispatch(TypeList<float, double, C64, C128, uint8_t, int8_t, int16_t, int32_t, int64_t>(), dtype, "addmm_impl_cpu_", [&]<class T>() {
    if constexpr (std::is_integral_v<T>) integer_product<T>(ctx, e, stack_of<T>(a), stack_of<T>(contiguous(ctx, b)), out.data<T>());
    else if constexpr (is_complex_type<T>) complex_product(ctx, e, stack_of<T>(a), stack_of<T>(b), out.data<T>());
    else real_product<T>(ctx, e, stack_of<T>(a), stack_of<T>(b), out.data<T>());
  });
  return out;
}

Tensor matrix_product(Context& ctx, const Tensor& a, const Tensor& b, bool keep_float) {
  return select(batched_product(ctx, unsqueeze(a, 0), unsqueeze(b, 0), keep_float), 0, 0);
}

}  // namespace tsrun
