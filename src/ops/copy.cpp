#include "ops/kernels/copy.h"

#include <array>
#include <cstring>
#include <vector>

#include "ops/copy_convert.h"
#include "ops/copy_loop.h"
#include "ops/tensor_ops.h"
#include "ops/view.h"

namespace tsrun {
namespace {

bool same_elements(const Tensor& a, const Tensor& b) {
  return a.data() == b.data() && std::ranges::equal(a.sizes(), b.sizes()) && std::ranges::equal(a.strides(), b.strides());
}

/// Sizes of dst and src (already broadcast to dst) are equal and the two do not overlap.
void copy_same_type(Context& ctx, const Tensor& dst, const void* src, IntSpan src_strides) {
  kernels::copy_strided(src, src_strides.data(), dst.data(), dst.strides().data(), dst.sizes().data(), static_cast<int>(dst.dim()),
                        static_cast<int>(item_size(dst.dtype())), ctx.threads);
}

}  // namespace

bool is_dense(const Tensor& x) {
  Dims order;
  for (size_t d = 0; d < x.sizes().size(); ++d)
    if (x.sizes()[d] > 1) order.push_back(static_cast<int64_t>(d));
  std::sort(order.begin(), order.end(), [&](int64_t a, int64_t b) { return x.stride(a) < x.stride(b); });
  int64_t step = 1;
  for (int64_t d : order) {
    if (x.stride(d) != step) return false;
    step *= x.size(d);
  }
  return true;
}

Dims iterator_strides(IntSpan sizes, std::span<const IntSpan> operands) {
  size_t rank = sizes.size();
  std::vector<size_t> order(rank);  // innermost first
  for (size_t i = 0; i < rank; ++i) order[i] = rank - 1 - i;
  /// Negative: a lies inside b as it should; positive: they change places; 0: nobody can tell (a broadcast dimension has stride 0).
  auto compare = [&](size_t a, size_t b) {
    for (IntSpan strides : operands) {
      if (strides[a] == 0 || strides[b] == 0) continue;
      if (strides[a] != strides[b]) return strides[a] < strides[b] ? -1 : 1;
      if (sizes[a] > sizes[b]) return 1;
    }
    return 0;
  };
  // An insertion sort, not std::sort: "nobody can tell" makes no strict order.
  for (size_t i = 1; i < rank; ++i) {
    size_t at = i;
    for (size_t j = i; j-- > 0;) {
      int c = compare(order[j], order[at]);
      if (c < 0) break;
      if (c > 0) {
        std::swap(order[j], order[at]);
        at = j;
      }
    }
  }
  Dims strides(rank);
  int64_t step = 1;
  for (size_t d : order) {
    strides[d] = step;
    step *= std::max<int64_t>(sizes[d], 1);
  }
  return strides;
}

Dims like_strides(const Tensor& x) {
  IntSpan strides = x.strides();
  return is_dense(x) ? Dims(strides) : iterator_strides(x.sizes(), {&strides, 1});
}

Tensor empty_like(Context& ctx, const Tensor& x) { return empty_like(ctx, x, x.dtype()); }

Tensor empty_like(Context& ctx, const Tensor& x, DType dtype) { return ctx.empty_strided(x.sizes(), like_strides(x), dtype); }

Tensor empty_like(Context& ctx, const Tensor& x, DType dtype, MemoryFormat format) {
  if (format == MemoryFormat::preserve) return ctx.empty_strided(x.sizes(), like_strides(x), dtype);
  check(format != MemoryFormat::channels_last || x.dim() == 4, "required rank 4 tensor to use channels_last format");
  check(format != MemoryFormat::channels_last_3d || x.dim() == 5, "required rank 5 tensor to use channels_last_3d format");
  return ctx.empty(x.sizes(), dtype, format);
}

MemoryFormat suggested_format(const Tensor& x) {
  // Read from the innermost to the outermost dimension of the format, strides must not shrink. An image of one channel and one pixel reads
  // as contiguous.
  auto reads_as = [&](std::initializer_list<int64_t> order) {
    int64_t least = 0;
    if (x.stride(1) == 0) return false;
    for (int64_t d : order) {
      if (x.size(d) == 0 || x.stride(d) < least) return false;
      if (d == 0 && least == x.stride(1)) return false;
      least = x.size(d) > 1 ? x.stride(d) * x.size(d) : x.stride(d);
    }
    return true;
  };
  if (x.dim() == 4 && reads_as({1, 3, 2, 0})) return MemoryFormat::channels_last;
  if (x.dim() == 5 && reads_as({1, 4, 3, 2, 0})) return MemoryFormat::channels_last_3d;
  return MemoryFormat::contiguous;
}

void copy_into(Context& ctx, const Tensor& dst, const Tensor& src) {
  if (dst.dtype() == src.dtype() && same_elements(dst, src)) return;
  Dims src_strides = broadcast_strides(src.sizes(), src.strides(), dst.sizes());
  if (dst.numel() == 0) return;
  if (may_overlap(dst, src)) return copy_into(ctx, dst, clone(ctx, src));
  if (dst.dtype() == src.dtype()) return copy_same_type(ctx, dst, src.data(), src_strides);
  ConvertRow convert = convert_row(src.dtype(), dst.dtype());
  StridedLoop<2> loop(dst.sizes(), {loop_operand(dst), LoopOperand{src.data(), src_strides, item_size(src.dtype())}});
  DType from = src.dtype(), to = dst.dtype();
  loop.run(ctx.threads, [=](auto& at, auto& step, int64_t n) { convert(at[1], step[1], at[0], step[0], n, from, to); });
}

Tensor cast(Context& ctx, const Tensor& x, DType dtype) {
  if (x.dtype() == dtype) return x;
  Tensor out = empty_like(ctx, x, dtype);
  copy_into(ctx, out, x);
  return out;
}

Tensor contiguous(Context& ctx, const Tensor& x, MemoryFormat format) {
  if (format == MemoryFormat::preserve || x.is_contiguous(format)) return x;
  return clone(ctx, x, format);
}

Tensor clone(Context& ctx, const Tensor& x, MemoryFormat format) {
  Tensor out = empty_like(ctx, x, x.dtype(), format);
  out.impl()->extra = x.impl()->extra;
  if (x.numel() > 0) copy_same_type(ctx, out, x.data(), x.strides());
  return out;
}

Tensor conjugate(Context& ctx, const Tensor& x) {
  Tensor out = clone(ctx, x);
  auto flip = [&]<class T>() {
    T* imaginary = out.data<T>() + 1;
    for (int64_t i = 0; i < out.numel(); ++i) imaginary[2 * i] = -imaginary[2 * i];
  };
  if (x.dtype() == DType::c64) flip.template operator()<float>();
  else if (x.dtype() == DType::c128) flip.template operator()<double>();
  else fail("conjugate() needs complex64 or complex128, not ", x);
  return out;
}

/// The first block by stores, the others as copies of it: memcpy has wider stores than this file is compiled for.
template <class T>
static void fill_span(T* y, int64_t n, const T& value) {
  const int64_t block = std::min<int64_t>(n, static_cast<int64_t>(8192 / sizeof(T)));
  std::fill_n(y, block, value);
  for (int64_t i = block; i < n; i += block) std::memcpy(y + i, y, static_cast<size_t>(std::min(block, n - i)) * sizeof(T));
}

void fill(Context& ctx, const Tensor& dst, const Scalar& value) {
  size_t item = item_size(dst.dtype());
  alignas(16) std::byte element[16];
  store_scalar(value, dst.dtype(), element);
  if (dst.numel() == 0) return;
  StridedLoop<1> loop(dst.sizes(), {loop_operand(dst)});
  bool one_byte = std::all_of(element, element + item, [&](std::byte b) { return b == element[0]; });
  for_item_size(item, [&]<class T>() {
    T v;
    std::memcpy(&v, element, sizeof v);
    loop.run(ctx.threads, [&](auto& at, auto& step, int64_t n) {
      if (one_byte && step[0] == sizeof(T)) std::memset(at[0], static_cast<int>(element[0]), static_cast<size_t>(n) * sizeof(T));
      else if (step[0] == sizeof(T)) fill_span(reinterpret_cast<T*>(at[0]), n, v);
      else
        for (int64_t i = 0; i < n; ++i) *reinterpret_cast<T*>(at[0] + i * step[0]) = v;
    });
  });
}

Tensor full(Context& ctx, IntSpan sizes, const Scalar& value, DType dtype) {
  Tensor out = ctx.empty(sizes, dtype);
  fill(ctx, out, value);
  return out;
}

Tensor scalar_tensor(Context& ctx, const Scalar& value, DType dtype, bool wrapped_number) {
  Tensor out = ctx.empty({}, dtype);
  store_scalar(value, dtype, out.data());
  out.impl()->wrapped_number = wrapped_number;
  return out;
}

Scalar item(const Tensor& x) {
  check(x.numel() == 1, "a Tensor with ", x.numel(), " elements cannot be converted to Scalar");
  return load_scalar(x.data(), x.dtype());
}

}  // namespace tsrun
