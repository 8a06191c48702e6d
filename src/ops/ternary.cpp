// Choices, limits and sums of products: operators of three operands.
#include "ops/pointwise.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

// ---- where --------------------------------------------------------------------------------------------------------------------------
/// With masks instead of branches, which would be mispredicted half of the time.
template <class Word>
void select_span(const void* const* in, void* out, int64_t n, const void*) {
  const auto* condition = static_cast<const uint8_t*>(in[0]);
  const Word *a = static_cast<const Word*>(in[1]), *b = static_cast<const Word*>(in[2]);
  Word* y = static_cast<Word*>(out);
  TSRUN_INDEPENDENT
  for (int64_t i = 0; i < n; ++i) {
    auto mask = static_cast<Word>(Word(0) - Word(condition[i]));
    y[i] = static_cast<Word>(b[i] ^ ((a[i] ^ b[i]) & mask));
  }
}

void select_complex(const void* const* in, void* out, int64_t n, const void*) {
  const bool* condition = static_cast<const bool*>(in[0]);
  const C128 *a = static_cast<const C128*>(in[1]), *b = static_cast<const C128*>(in[2]);
  for (int64_t i = 0; i < n; ++i) static_cast<C128*>(out)[i] = condition[i] ? a[i] : b[i];
}

SpanFunction select_for(size_t item_bytes) {
  switch (item_bytes) {
    case 1: return select_span<uint8_t>;
    case 2: return select_span<uint16_t>;
    case 4: return select_span<uint32_t>;
    case 8: return select_span<uint64_t>;
    default: return select_complex;
  }
}

template <class A, class B>
Tensor where(Context& ctx, const Tensor& condition, const A& self, const B& other) {
  check(condition.dtype() == DType::boolean || condition.dtype() == DType::u8,
        "where expected condition to be a boolean tensor, but got a tensor with dtype ", scalar_type_name(condition.dtype()));
  DType common = result_type(self, other);
  detail::Inputs choices(ctx, std::array{pass_input(self), pass_input(other)}, common, common, Exact::all);
  std::span<const PassInput> chosen = choices;
  return run(ctx, {select_for(item_size(common)), nullptr, common, common},
             std::array{PassInput(condition, DType::boolean), chosen[0], chosen[1]});
}

// ---- clamp --------------------------------------------------------------------------------------------------------------------------
/// min(max(x, low), high), with NaN from any of them.
struct Clamp : Functor<"clamp_cpu"> {
  template <class T>
  T operator()(T x, T low, T high) const {
    T up = x < low || low != low ? low : x;
    T y = up > high || high != high ? high : up;
    return x != x ? x : y;
  }
};
struct ClampMin : Functor<"maximum_cpu"> {
  static constexpr kernels::Binary kernel = kernels::Binary::max;
  static constexpr DTypeSet accepts = dtypes::reals | dtypes::boolean;
  using Types = TypeList<float, double, int32_t, int64_t>;
};
struct ClampMax : ClampMin {
  static constexpr std::string_view name = "minimum_cpu";
  static constexpr kernels::Binary kernel = kernels::Binary::min;
};

/// Both limits numbers: the hot form of float tensors.
struct ClampNumbers : Functor<"clamp_scalar_cpu"> {
  static constexpr kernels::Unary kernel = kernels::Unary::hardtanh;
  static constexpr DTypeSet accepts = dtypes::wide_floats;
  using Types = TypeList<float, double>;
  double low = 0, high = 0;
  std::array<double, 4> params() const { return {low, high}; }
};

void check_real(DType t) { check(!is_complex(t), "clamp is not supported for complex types"); }

Tensor clamp_numbers(Context& ctx, const Tensor& self, const Scalar* min, const Scalar* max) {
  check(min || max, "torch.clamp: At least one of 'min' or 'max' must not be None");
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Promotion promotion;
  promotion.add(self);
  if (min) promotion.add(*min);
  if (max) promotion.add(*max);
  DType common = promotion.result();
  check_real(common);
  if (common == DType::boolean) detail::refuse("clamp_scalar_cpu", common);
  Scalar low = min ? detail::converted(*min, common) : Scalar(-infinity), high = max ? detail::converted(*max, common) : Scalar(infinity);
  if (std::isnan(low.to_double()) || std::isnan(high.to_double())) {
    Tensor out = empty_like(ctx, self, common);
    fill(ctx, out, std::nan(""));
    return out;
  }
  if (common == DType::f32 || common == DType::f64) {
    ClampNumbers f;
    f.low = low.to_double();
    f.high = high.to_double();
    return compute(ctx, f, common, std::array{pass_input(self)});
  }
  if (!max) return compute(ctx, ClampMin(), common, std::array{pass_input(self), pass_input(low)});
  if (!min) return compute(ctx, ClampMax(), common, std::array{pass_input(self), pass_input(high)});
  return compute(ctx, Clamp(), common, std::array{pass_input(self), pass_input(low), pass_input(high)});
}
Tensor clamp(Context& ctx, const Tensor& self, const std::optional<Scalar>& min, const std::optional<Scalar>& max) {
  return clamp_numbers(ctx, self, min ? &*min : nullptr, max ? &*max : nullptr);
}
Tensor clamp_min(Context& ctx, const Tensor& self, const Scalar& min) { return clamp_numbers(ctx, self, &min, nullptr); }
Tensor clamp_max(Context& ctx, const Tensor& self, const Scalar& max) { return clamp_numbers(ctx, self, nullptr, &max); }

template <class F>
Tensor clamp_one(Context& ctx, const Tensor& self, const Tensor& limit) {
  check_real(result_type(self, limit));
  return binary<F>(ctx, self, limit);
}

Tensor clamp_tensors(Context& ctx, const Tensor& self, const Tensor* min, const Tensor* max) {
  check(min || max, "torch.clamp: At least one of 'min' or 'max' must not be None");
  if (!max) return clamp_one<ClampMin>(ctx, self, *min);
  if (!min) return clamp_one<ClampMax>(ctx, self, *max);
  check_real(result_type(self, *min, *max));
  return apply(ctx, Clamp(), self, *min, *max);
}

// ---- sums of products ---------------------------------------------------------------------------------------------------------------
struct AddcMul : Functor<"addcmul_cpu_out"> {
  static constexpr DTypeSet accepts = dtypes::numbers;
  using Types = TypeList<float, double, int64_t, C128>;
  Scalar value = 1;
  template <class T>
  T operator()(T a, T b, T c) const {
    if constexpr (std::is_integral_v<T>) {
      return static_cast<T>(static_cast<uint64_t>(a) +
                            static_cast<uint64_t>(value.to_int()) * static_cast<uint64_t>(b) * static_cast<uint64_t>(c));
    } else {
      return a + value.to<T>() * b * c;
    }
  }
};
struct AddcDiv : AddcMul {
  static constexpr std::string_view name = "addcdiv_cpu_out";
  static constexpr DTypeSet accepts = dtypes::floats | dtypes::complexes;
  using Types = TypeList<float, double, C128>;
  template <class T>
  T operator()(T a, T b, T c) const {
    return a + value.to<T>() * b / c;
  }
};
Tensor addcmul(Context& ctx, const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) {
  AddcMul f;
  f.value = value;
  return apply(ctx, f, self, tensor1, tensor2);
}
Tensor addcdiv(Context& ctx, const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) {
  auto whole = [](const Tensor& t) { return !is_floating(t.dtype()) && !is_complex(t.dtype()); };
  check(!whole(tensor1) || !whole(tensor2),
        "Integer division with addcdiv is no longer supported, and in a future  release addcdiv will perform a true division of tensor1 "
        "and tensor2.");
  AddcDiv f;
  f.value = value;
  return apply(ctx, f, self, tensor1, tensor2);
}

/// Exact at both ends: the nearer one is the base.
struct Lerp : Functor<"lerp_kernel_scalar"> {
  static constexpr DTypeSet accepts = dtypes::floats | dtypes::complexes;
  static constexpr Exact exact = Exact::all;
  using Types = TypeList<float, double, C128>;
  template <class T>
  T operator()(T a, T b, T weight) const {
    return std::abs(weight) < 0.5 ? a + weight * (b - a) : b - (b - a) * (T(1) - weight);
  }
};
template <class Weight>
Tensor lerp(Context& ctx, const Tensor& self, const Tensor& end, const Weight& weight) {
  auto name = [](const Tensor& t) {
    std::string_view n = dtype_name(t.dtype());
    return n == "float32" ? "float" : n == "float64" ? "double" : n;
  };
  check(self.dtype() == end.dtype(), "expected dtype ", name(self), " for `end` but got dtype ", name(end));
  if constexpr (std::is_same_v<Weight, Tensor>)
    check(self.dtype() == weight.dtype(), "expected dtype ", name(self), " for `weight` but got dtype ", name(weight));
  return compute(ctx, Lerp(), self.dtype(), std::array{pass_input(self), pass_input(end), pass_input(weight)});
}

constexpr Op rows[] = {
    op<"aten::where.self(Tensor condition, Tensor self, Tensor other) -> Tensor", where<Tensor, Tensor>>(),
    op<"aten::where.ScalarOther(Tensor condition, Tensor self, Scalar other) -> Tensor", where<Tensor, Scalar>>(),
    op<"aten::where.ScalarSelf(Tensor condition, Scalar self, Tensor other) -> Tensor", where<Scalar, Tensor>>(),
    op<"aten::where.Scalar(Tensor condition, Scalar self, Scalar other) -> Tensor", where<Scalar, Scalar>>(),

    op<"aten::clamp(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor", clamp>(),
    op<"aten::clamp.Tensor(Tensor self, Tensor? min=None, Tensor? max=None) -> Tensor", clamp_tensors>(),
    op<"aten::clip(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor", clamp>(),
    op<"aten::clip.Tensor(Tensor self, Tensor? min=None, Tensor? max=None) -> Tensor", clamp_tensors>(),
    op<"aten::clamp_min(Tensor self, Scalar min) -> Tensor", clamp_min>(),
    op<"aten::clamp_min.Tensor(Tensor self, Tensor min) -> Tensor", clamp_one<ClampMin>>(),
    op<"aten::clamp_max(Tensor self, Scalar max) -> Tensor", clamp_max>(),
    op<"aten::clamp_max.Tensor(Tensor self, Tensor max) -> Tensor", clamp_one<ClampMax>>(),

    op<"aten::addcmul(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor", addcmul>(),
    op<"aten::addcdiv(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor", addcdiv>(),
    op<"aten::lerp.Scalar(Tensor self, Tensor end, Scalar weight) -> Tensor", lerp<Scalar>>(),
    op<"aten::lerp.Tensor(Tensor self, Tensor end, Tensor weight) -> Tensor", lerp<Tensor>>(),
};

}  // namespace

const std::span<const Op> ternary_ops = rows;

}  // namespace tsrun
