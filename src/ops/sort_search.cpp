// Places among sorted numbers, membership, and counts of values.
#include <algorithm>
#include <cmath>

#include "ops/number.h"
#include "ops/promote.h"
#include "ops/sort_slices.h"
#include "ops/tables.h"
#include "ops/view.h"

namespace tsrun {
namespace {

// ---- searchsorted, bucketize ------------------------------------------------------------------------------------------------------------
/// Number of elements before v: less than v, or (right) not greater. NaN lies behind all numbers. `order`, if given, says where the sorted
/// sequence has its i-th element.
template <class T>
int64_t place_of(const T* sequence, const int64_t* order, int64_t n, T value, bool right) {
  using V = Compute<T>;
  int64_t low = 0, high = n;
  V v = static_cast<V>(value);
  while (low < high) {
    int64_t middle = low + (high - low) / 2;
    V m = static_cast<V>(sequence[order ? order[middle] : middle]);
    bool before = right ? !(m > v) : !(m >= v) && !(is_nan(v) && is_nan(m));
    if (right && is_nan(m) && !is_nan(v)) before = false;
    if (!right && is_nan(m)) before = false;
    if (before) low = middle + 1;
    else high = middle;
  }
  return low;
}

Tensor search(Context& ctx, const Tensor& sequence, const Tensor& values, bool int32, bool right, const Tensor* sorter) {
  check(sequence.dim() > 0, "torch.searchsorted(): boundaries tensor should have positive dimension, but got 0 dimension");
  check(sequence.dtype() == values.dtype() || values.dim() == 0,
        "torch.searchsorted(): boundary tensor and input value tensor should have same dtype, but got "
        "boundary tensor dtype ",
        sequence.dtype(), " and input value tensor dtype ", values.dtype());
  bool shared = sequence.dim() == 1;
  if (!shared) {
    check(values.dim() == sequence.dim() &&
              std::ranges::equal(values.sizes().first(values.sizes().size() - 1), sequence.sizes().first(sequence.sizes().size() - 1)),
          "torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries tensor and input value "
          "tensor must match, "
          "but we got boundaries tensor ",
          sequence.sizes(), " and input value tensor ", values.sizes());
  }
  if (sorter) {
    check(std::ranges::equal(sorter->sizes(), sequence.sizes()),
          "torch.searchsorted(): boundary and sorter must have the same size, but got boundary tensor ", sequence.sizes(),
          "and got sorter tensor ", sorter->sizes());
    check(sorter->dtype() == DType::i64, "torch.searchsorted(): sorter must be a tensor of long dtype but got dtype ", sorter->dtype());
  }
  Tensor s = contiguous(ctx, sequence), v = contiguous(ctx, cast(ctx, values, sequence.dtype())),
         order = sorter ? contiguous(ctx, *sorter) : Tensor();
  int64_t n = s.size(-1), per_row = shared ? v.numel() : v.size(-1);
  if (sorter)
    for (int64_t i = 0; i < order.numel(); ++i)
      check(order.data<int64_t>()[i] >= 0 && order.data<int64_t>()[i] < n, "torch.searchsorted(): sorter index out of range");
  Tensor out = ctx.empty(values.sizes(), DType::i64);
  dispatch(RealTypes(), s.dtype(), "searchsorted_out_cpu", [&]<class T>() {
    kernels::parallel_for(ctx.threads, v.numel(), 2048, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        int64_t row = shared ? 0 : i / per_row * n;
        out.data<int64_t>()[i] = place_of(s.data<T>() + row, sorter ? order.data<int64_t>() + row : nullptr, n, v.data<T>()[i], right);
      }
    });
  });
  return int32 ? cast(ctx, out, DType::i32) : out;
}

bool right_of(bool right, std::optional<std::string_view> side) {
  check(!side || *side == "left" || *side == "right", "torch.searchsorted(): side can only be 'left' or 'right' but got ",
        side.value_or(""));
  check(!side || !right || *side == "right",
        "torch.searchsorted(): side and right can't be set to opposites, got side of left while right was True");
  return right || side == "right";
}

Tensor searchsorted(Context& ctx, const Tensor& sequence, const Tensor& self, bool int32, bool right, std::optional<std::string_view> side,
                    const Tensor* sorter) {
  return search(ctx, sequence, self, int32, right_of(right, side), sorter);
}
Tensor searchsorted_scalar(Context& ctx, const Tensor& sequence, const Scalar& self, bool int32, bool right,
                           std::optional<std::string_view> side, const Tensor* sorter) {
  return search(ctx, sequence, scalar_tensor(ctx, self, self.dtype()), int32, right_of(right, side), sorter);
}
Tensor bucketize(Context& ctx, const Tensor& self, const Tensor& boundaries, bool int32, bool right) {
  check(boundaries.dim() == 1, "boundaries tensor must be 1 dimension, but got dim(", boundaries.dim(), ")");
  return search(ctx, boundaries, self, int32, right, nullptr);
}
Tensor bucketize_scalar(Context& ctx, const Scalar& self, const Tensor& boundaries, bool int32, bool right) {
  return bucketize(ctx, scalar_tensor(ctx, self, self.dtype()), boundaries, int32, right);
}

// ---- membership -------------------------------------------------------------------------------------------------------------------------
Tensor isin(Context& ctx, const Tensor& elements, const Tensor& test, bool, bool invert) {
  DType type = result_type(elements, test);
  Tensor x = contiguous(ctx, cast(ctx, elements, type)),
         sorted = contiguous(ctx, std::get<0>(sort(ctx, reshape(ctx, cast(ctx, test, type), Dims{-1}), 0, false, false)));
  Tensor out = ctx.empty(elements.sizes(), DType::boolean);
  dispatch(RealTypes(), type, "isin", [&]<class T>() {
    const T* s = sorted.data<T>();
    int64_t n = sorted.numel();
    while (n > 0 && is_nan(static_cast<Compute<T>>(s[n - 1]))) --n;  // NaN is in no set
    for (int64_t i = 0; i < x.numel(); ++i) {
      auto v = static_cast<Compute<T>>(x.data<T>()[i]);
      const T* at = std::lower_bound(s, s + n, v, [](const T& a, const auto& b) { return static_cast<Compute<T>>(a) < b; });
      out.data<bool>()[i] = (at != s + n && static_cast<Compute<T>>(*at) == v) != invert;
    }
  });
  return out;
}
Tensor isin_scalar(Context& ctx, const Tensor& elements, const Scalar& test, bool unique, bool invert) {
  return isin(ctx, elements, scalar_tensor(ctx, test, test.is_floating() ? default_dtype : test.dtype(), true), unique, invert);
}
Tensor scalar_isin(Context& ctx, const Scalar& element, const Tensor& test, bool unique, bool invert) {
  return isin(ctx, scalar_tensor(ctx, element, element.is_floating() ? default_dtype : element.dtype(), true), test, unique, invert);
}

// ---- counts -----------------------------------------------------------------------------------------------------------------------------
Tensor bincount(Context& ctx, const Tensor& self, const Tensor* weights, int64_t minlength) {
  check(minlength >= 0, "minlength should be >= 0");
  check(self.dim() == 1 && (is_integer(self.dtype()) || self.dtype() == DType::boolean),
        "bincount only supports 1-d non-negative integral inputs.");
  check(!weights || (weights->dim() == 1 && weights->numel() == self.numel()), "weights should be 1-d and have the same length as input");
  Tensor x = contiguous(ctx, cast(ctx, self, DType::i64));
  const int64_t* at = x.data<int64_t>();
  int64_t n = x.numel(), bins = minlength;
  for (int64_t i = 0; i < n; ++i) {
    check(at[i] >= 0, "bincount only supports 1-d non-negative integral inputs.");
    check(at[i] < INT64_MAX, "bincount: value too large");
    bins = std::max(bins, at[i] + 1);
  }
  if (!weights) {
    Tensor out = ctx.zeros(Dims{bins}, DType::i64);
    for (int64_t i = 0; i < n; ++i) ++out.data<int64_t>()[at[i]];
    return out;
  }
  DType type = weights->dtype() == DType::f32 ? DType::f32 : DType::f64;
  Tensor w = contiguous(ctx, cast(ctx, *weights, type)), out = ctx.zeros(Dims{bins}, type);
  dispatch(TypeList<float, double>(), type, "bincount_cpu", [&]<class T>() {
    for (int64_t i = 0; i < n; ++i) out.data<T>()[at[i]] += w.data<T>()[i];
  });
  return out;
}

Tensor histc(Context& ctx, const Tensor& self, int64_t bins, const Scalar& min, const Scalar& max) {
  check(bins > 0, "bins must be > 0");
  Tensor x = contiguous(ctx, self), out = ctx.zeros(Dims{bins}, self.dtype());
  dispatch(FloatTypes(), self.dtype(), "histc", [&]<class T>() {
    const T* p = x.data<T>();
    double low = min.to_double(), high = max.to_double();
    if (low == high && x.numel() > 0) {
      low = HUGE_VAL, high = -HUGE_VAL;
      for (int64_t i = 0; i < x.numel(); ++i) {
        auto v = static_cast<double>(static_cast<Compute<T>>(p[i]));
        low = is_nan(v) ? v : std::min(low, v);
        high = is_nan(v) ? v : std::max(high, v);
      }
    }
    if (low == high) low -= 1, high += 1;
    check(std::isfinite(low) && std::isfinite(high), "range of [", low, ", ", high, "] is not finite");
    check(low < high, "max must be larger than min");
    // The place of a value among the bins, every step rounded to T.
    auto rounded = [](auto v) { return static_cast<Compute<T>>(T(static_cast<Compute<T>>(v))); };
    auto first = rounded(low), last = rounded(high), width = rounded(last - first), count = rounded(static_cast<double>(bins));
    std::vector<int64_t> counts(static_cast<size_t>(bins));
    for (int64_t i = 0; i < x.numel(); ++i) {
      auto v = static_cast<Compute<T>>(p[i]);
      if (!(v >= first && v <= last)) continue;
      int64_t bin = float_to_int(rounded(rounded(rounded(v - first) * count) / width));
      ++counts[static_cast<size_t>(std::clamp<int64_t>(bin, 0, bins - 1))];
    }
    for (int64_t i = 0; i < bins; ++i) out.data<T>()[i] = T(static_cast<Compute<T>>(counts[static_cast<size_t>(i)]));
  });
  return out;
}

constexpr Op rows[] = {
    op<"aten::searchsorted.Tensor(Tensor sorted_sequence, Tensor self, *, bool out_int32=False, bool right=False, str? side=None, "
       "Tensor? sorter=None) -> Tensor",
       searchsorted>(),
    op<"aten::searchsorted.Scalar(Tensor sorted_sequence, Scalar self, *, bool out_int32=False, bool right=False, str? side=None, "
       "Tensor? sorter=None) -> Tensor",
       searchsorted_scalar>(),
    op<"aten::bucketize.Tensor(Tensor self, Tensor boundaries, *, bool out_int32=False, bool right=False) -> Tensor", bucketize>(),
    op<"aten::bucketize.Scalar(Scalar self, Tensor boundaries, *, bool out_int32=False, bool right=False) -> Tensor", bucketize_scalar>(),
    op<"aten::isin.Tensor_Tensor(Tensor elements, Tensor test_elements, *, bool assume_unique=False, bool invert=False) -> Tensor", isin>(),
    op<"aten::isin.Tensor_Scalar(Tensor elements, Scalar test_element, *, bool assume_unique=False, bool invert=False) -> Tensor",
       isin_scalar>(),
    op<"aten::isin.Scalar_Tensor(Scalar element, Tensor test_elements, *, bool assume_unique=False, bool invert=False) -> Tensor",
       scalar_isin>(),
    op<"aten::bincount(Tensor self, Tensor? weights=None, SymInt minlength=0) -> Tensor", bincount>(),
    op<"aten::histc(Tensor self, int bins=100, Scalar min=0, Scalar max=0) -> Tensor", histc>(),
};

}  // namespace

const std::span<const Op> search_ops = rows;

}  // namespace tsrun
