#include "ops/reduce_segment.h"

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "ops/copy_convert.h"
#include "ops/dispatch.h"
#include "ops/reduce_loop.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

enum class Reduce : uint8_t { sum, mean, prod, max, min };

Reduce reduction_named(std::string_view name) {
  if (name == "sum") return Reduce::sum;
  if (name == "mean") return Reduce::mean;
  if (name == "prod") return Reduce::prod;
  if (name == "max") return Reduce::max;
  if (name == "min") return Reduce::min;
  fail("unsupported reduction '", name, "': expected sum, mean, prod, max or min");
}

double start_of(Reduce r) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  return r == Reduce::max ? -infinity : r == Reduce::min ? infinity : r == Reduce::prod ? 1 : 0;
}

/// Where each segment of each row begins, and one end more: int64 [rows, segments + 1].
Tensor segment_bounds(Context& ctx, const Tensor& data, const Tensor* lengths, const Tensor* offsets, int64_t axis, bool trusted) {
  const Tensor& given = lengths ? *lengths : *offsets;
  check(given.dtype() == DType::i64 || given.dtype() == DType::i32, "segment_reduce: expected lengths or offsets of int32 or int64, got ",
        given);
  check(given.dim() == axis + 1, "segment_reduce(): expected ", axis + 1, " dimensions in lengths or offsets, got ", given);
  check(given.dim() <= data.dim(), "segment_reduce(): Expected lengths.dim() or offsets.dim() not to exceed data.dim()");
  for (int64_t d = 0; d < axis; ++d)
    check(given.size(d) == data.size(d), "segment_reduce(): lengths or offsets ", given, " do not fit data ", data);
  Tensor from = contiguous(ctx, cast(ctx, given, DType::i64));
  int64_t total = data.size(axis), width = from.size(-1), segments = lengths ? width : width - 1;
  check(segments >= 0, "segment_reduce(): offsets need at least one element");
  int64_t rows = width ? from.numel() / width : 0;
  Tensor bounds = ctx.empty(Dims{rows, segments + 1}, DType::i64);
  for (int64_t r = 0; r < rows; ++r) {
    const int64_t* in = from.data<int64_t>() + r * width;
    int64_t *out = bounds.data<int64_t>() + r * (segments + 1), at = lengths ? 0 : in[0];
    check(at >= 0, "segment_reduce(): offsets must not be negative");
    out[0] = at;
    for (int64_t s = 0; s < segments; ++s) {
      int64_t length = lengths ? in[s] : in[s + 1] - in[s];
      check(length >= 0, "lengths contains negative value!");
      check(length <= total - at, "segment_reduce(): segments reach beyond the ", total, " elements of the axis");
      out[s + 1] = at += length;
    }
    check(trusted || !lengths || at == total,
          "segment_reduce(): Expected all rows of lengths along axis to sum to data.size(lengths.dim()-1)");
  }
  return bounds;
}

/// Halves are rounded after every step.
template <class T>
T reduce_segment(const T* x, int64_t step, int64_t n, Reduce r, T start) {
  using C = Compute<T>;
  T result = start;
  for (int64_t i = 0; i < n; ++i) {
    C a = result, v = x[i * step];
    switch (r) {
      case Reduce::sum:
      case Reduce::mean: result = static_cast<T>(a + v); break;
      case Reduce::prod: result = static_cast<T>(a * v); break;
      case Reduce::max: result = static_cast<T>(std::isnan(v) || v > a ? v : a); break;
      case Reduce::min: result = static_cast<T>(std::isnan(v) || v < a ? v : a); break;
    }
  }
  return result;
}

}  // namespace

Tensor segment_reduce(Context& ctx, const Tensor& data, std::string_view reduce, const Tensor* lengths, const Tensor* indices,
                      const Tensor* offsets, int64_t axis, bool is_unsafe, const std::optional<Scalar>& initial) {
  Reduce r = reduction_named(reduce);
  check(data.numel() > 0, "segment_reduce(): Expected data to have elements");
  axis = wrap_dim(axis, data.dim());
  check(!indices, "segment_reduce(): indices based reduction is not supported yet.");
  check((lengths != nullptr) != (offsets != nullptr), "segment_reduce(): expected either lengths or offsets");
  Tensor bounds = segment_bounds(ctx, data, lengths, offsets, axis, is_unsafe);
  int64_t segments = bounds.size(1) - 1, total = data.size(axis), inner = 1;
  Dims sizes;
  for (int64_t d = 0; d < data.dim(); ++d) {
    sizes.push_back(d == axis ? segments : data.size(d));
    if (d > axis) inner *= data.size(d);
  }
  Tensor x = contiguous(ctx, data), y = ctx.empty(sizes, data.dtype());
  double start = initial ? initial->to_double() : start_of(r);
  dispatch(FloatTypes(), data.dtype(), "_segment_reduce_cpu", [&]<class T>() {
    using C = Compute<T>;
    T first = static_cast<T>(static_cast<C>(start));
    const int64_t* at = bounds.data<int64_t>();
    const T* values = x.data<T>();
    T* out = y.data<T>();
    for (int64_t row = 0; row < bounds.size(0); ++row, ++at, values += total * inner)
      for (int64_t s = 0; s < segments; ++s, ++at) {
        int64_t n = at[1] - at[0];
        const T* segment = values + at[0] * inner;
        for (int64_t column = 0; column < inner; ++column) {
          T value = reduce_segment(segment + column, inner, n, r, first);
          if (r == Reduce::mean && n > 0) value = static_cast<T>(static_cast<C>(value) / static_cast<C>(n));
          if (r == Reduce::mean && n == 0 && !initial) value = static_cast<T>(static_cast<C>(NAN));
          *out++ = value;
        }
      }
  });
  return y;
}

namespace {

/// Exclusive or of all elements, taken as the bits of a float64 or as an int64.
template <class T>
struct Bits {
  using Input = T;
  using Part = uint64_t;
  using Total = uint64_t;
  uint64_t start() const { return 0; }
  uint64_t zero() const { return 0; }
  uint64_t step(uint64_t a, T v, int64_t) const {
    if constexpr (std::is_integral_v<T>) return a ^ static_cast<uint64_t>(static_cast<int64_t>(v));
    else return a ^ std::bit_cast<uint64_t>(static_cast<double>(static_cast<Compute<T>>(v)));
  }
  void add(uint64_t& total, uint64_t part) const { total ^= part; }
  void merge(uint64_t& total, const uint64_t& other) const { total ^= other; }
};

}  // namespace

Tensor hash_tensor(Context& ctx, const Tensor& self, IntSpan dim, bool keepdim, int64_t mode) {
  check(mode == 0, "hash_tensor: unknown mode ", mode);
  uint64_t mask = dim_mask(dim, self.dim());
  ReducePlan plan = plan_reduction(self, mask);
  Tensor out = ctx.empty(reduced_sizes(self.sizes(), mask, keepdim), DType::u64);
  dispatch(RealBoolTypes(), self.dtype(), "xor_sum_cpu",
           [&]<class T>() { reduce(ctx, Bits<T>{}, plan, self.data<T>(), out.data<uint64_t>()); });
  return out;
}

}  // namespace tsrun
