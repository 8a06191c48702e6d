// Dropout in training; in evaluation it returns its input.
#include <cmath>

#include "ops/random.h"
#include "ops/tables.h"

namespace tsrun {

namespace {

void check_probability(double p) { check(p >= 0 && p <= 1, "dropout probability has to be between 0 and 1, but got ", p); }

/// Elements of `noise` (1 or 0) as 1 / (1 - p) or 0, rounded to the element type.
void scale_noise(const Tensor& noise, double p) {
  dispatch(FloatTypes{}, noise.dtype(), "dropout", [&]<class T>() {
    using C = Compute<T>;
    auto keep = static_cast<C>(1 - p);
    for_each_in_memory<T>(noise, [&](T& e) { e = static_cast<T>(static_cast<C>(e) / keep); });
  });
}

/// input * noise (+ shift), rounded after each step; noise and shift have input's layout or broadcast to its sizes.
Tensor apply_noise(Context& ctx, const Tensor& input, const Tensor& noise, const Tensor* shift) {
  Tensor out = empty_like(ctx, input);
  Tensor x = contiguous(ctx, input), n = contiguous(ctx, expand(noise, input.sizes()));
  Tensor s = shift ? contiguous(ctx, expand(*shift, input.sizes())) : Tensor();
  Tensor dense = ctx.empty(input.sizes(), input.dtype());
  dispatch(FloatTypes{}, input.dtype(), "dropout", [&]<class T>() {
    using C = Compute<T>;
    const T *a = x.data<T>(), *b = n.data<T>(), *c = s.defined() ? s.data<T>() : nullptr;
    T* o = dense.data<T>();
    for (int64_t i = 0; i < dense.numel(); ++i) {
      T product = static_cast<T>(static_cast<C>(a[i]) * static_cast<C>(b[i]));
      o[i] = c ? static_cast<T>(static_cast<C>(product) + static_cast<C>(c[i])) : product;
    }
  });
  if (out.is_contiguous()) return dense;
  copy_into(ctx, out, dense);
  return out;
}

/// One number for each image and channel.
Tensor feature_noise(Context& ctx, const Tensor& input) {
  check(input.dim() >= 2, "Feature dropout requires at least 2 dimensions in the input");
  Dims sizes(static_cast<size_t>(input.dim()), 1);
  sizes[0] = input.size(0);
  sizes[1] = input.size(1);
  return ctx.empty(sizes, input.dtype());
}

/// alpha: dropped elements become the value that keeps mean and variance of SELU activations.
template <bool feature, bool alpha>
Tensor drop(Context& ctx, const Tensor& input, double p, bool train) {
  check_probability(p);
  if (p == 0 || !train || input.numel() == 0) return input;
  Tensor noise = feature ? feature_noise(ctx, input) : empty_like(ctx, input);
  if (p == 1) {
    fill(ctx, noise, 0);
    return apply_noise(ctx, input, noise, nullptr);
  }
  fill_bernoulli(noise, 1 - p, generator_of(ctx, nullptr));
  if (!alpha) {
    scale_noise(noise, p);
    return apply_noise(ctx, input, noise, nullptr);
  }
  constexpr double selu_alpha = 1.7580993408473766;
  double a = 1 / std::sqrt((selu_alpha * selu_alpha * p + 1) * (1 - p));
  Tensor shift = clone(ctx, noise);
  dispatch(FloatTypes{}, input.dtype(), "dropout", [&]<class T>() {
    using C = Compute<T>;
    auto factor = static_cast<C>(selu_alpha * a), offset = static_cast<C>(selu_alpha * a * p), scale = static_cast<C>(a);
    for_each_in_memory<T>(shift, [&](T& e) {
      e = static_cast<T>((static_cast<C>(e) - 1) * factor);
      e = static_cast<T>(static_cast<C>(e) + offset);
    });
    for_each_in_memory<T>(noise, [&](T& e) { e = static_cast<T>(static_cast<C>(e) * scale); });
  });
  return apply_noise(ctx, input, noise, &shift);
}

/// In evaluation the mask is all ones.
std::tuple<Tensor, Tensor> native_dropout(Context& ctx, const Tensor& input, double p, std::optional<bool> train) {
  check_probability(p);
  if (input.numel() == 0) return {input, empty_like(ctx, input)};
  if (train && !*train) return {clone(ctx, input), full(ctx, input.sizes(), true, DType::boolean)};
  Tensor mask = empty_like(ctx, input, DType::boolean);
  fill_bernoulli(mask, 1 - p, generator_of(ctx, nullptr));
  Tensor out = empty_like(ctx, input);
  Tensor x = contiguous(ctx, input), m = contiguous(ctx, mask), dense = ctx.empty(input.sizes(), input.dtype());
  dispatch(FloatTypes{}, input.dtype(), "native_dropout", [&]<class T>() {
    using C = Compute<T>;
    auto scale = static_cast<C>(static_cast<T>(p == 1 ? C(0) : static_cast<C>(1 / (1 - p))));
    for (int64_t i = 0; i < dense.numel(); ++i) {
      T kept = static_cast<T>(static_cast<C>(x.data<T>()[i]) * static_cast<C>(m.data<bool>()[i]));
      dense.data<T>()[i] = static_cast<T>(static_cast<C>(kept) * scale);
    }
  });
  if (out.is_contiguous()) return {dense, mask};
  copy_into(ctx, out, dense);
  return {out, mask};
}

/// Negative elements are multiplied with random slopes, which stay in `noise`; in evaluation with the middle of the range.
Tensor leaky(Context& ctx, const Tensor& self, const Tensor& noise, const Scalar& lower, const Scalar& upper, bool training,
             Generator* given) {
  Tensor x = contiguous(ctx, self), out = ctx.empty(self.sizes(), self.dtype());
  double low = lower.to_double(), high = upper.to_double();
  check(low <= high, "Lower bound should be less than or equal to the upper bound");
  check(!training || noise.is_contiguous(), "the noise of rrelu must be contiguous");
  check(!training || (noise.numel() == self.numel() && noise.dtype() == self.dtype()),
        "noise tensor shape must match self tensor shape. Got self.shape = ", self.sizes(), " noise.shape = ", noise.sizes());
  dispatch(TypeList<float, double, BFloat16>{}, self.dtype(), "rrelu_with_noise_out_cpu", [&]<class T>() {
    using C = Compute<T>;
    const T* from = x.data<T>();
    T* to = out.data<T>();
    auto middle = static_cast<C>((low + high) / 2);
    double first = static_cast<C>(low), width = static_cast<C>(high) - first;
    for (int64_t i = 0; i < out.numel(); ++i) {
      auto v = static_cast<C>(from[i]);
      if (!training) {
        to[i] = static_cast<T>(v > 0 ? v : v * middle);
      } else if (v <= 0) {
        Generator& g = generator_of(ctx, given);
        auto slope = static_cast<C>(g.uniform_double() * width + first);
        noise.data<T>()[i] = static_cast<T>(slope);
        to[i] = static_cast<T>(v * slope);
      } else {
        noise.data<T>()[i] = static_cast<T>(static_cast<C>(1));
        to[i] = from[i];
      }
    }
  });
  return out;
}
Tensor rrelu_with_noise(Context& ctx, const Tensor& self, const Tensor& noise, const Scalar& lower, const Scalar& upper, bool training,
                        Generator* g) {
  return leaky(ctx, self, noise, lower, upper, training, g);
}
Tensor rrelu(Context& ctx, const Tensor& self, const Scalar& lower, const Scalar& upper, bool training, Generator* g) {
  Tensor noise = training ? ctx.empty(self.sizes(), self.dtype()) : self;
  return leaky(ctx, self, noise, lower, upper, training, g);
}

constexpr Op rows[] = {
    op<"aten::dropout(Tensor input, float p, bool train) -> Tensor", drop<false, false>>(),
    op<"aten::feature_dropout(Tensor input, float p, bool train) -> Tensor", drop<true, false>>(),
    op<"aten::alpha_dropout(Tensor input, float p, bool train) -> Tensor", drop<false, true>>(),
    op<"aten::feature_alpha_dropout(Tensor input, float p, bool train) -> Tensor", drop<true, true>>(),
    op<"aten::native_dropout(Tensor input, float p, bool? train) -> (Tensor, Tensor)", native_dropout>(),
    op<"aten::rrelu(Tensor self, Scalar lower=0.125, Scalar upper=0.33333333333333331, bool training=False, Generator? generator=None) -> "
       "Tensor",
       rrelu>(),
    op<"aten::rrelu_with_noise(Tensor self, Tensor(b!) noise, Scalar lower=0.125, Scalar upper=0.33333333333333331, bool training=False, "
       "Generator? "
       "generator=None) -> Tensor",
       rrelu_with_noise>(),
};

}  // namespace

const std::span<const Op> dropout_ops = rows;

Tensor dropout(Context& ctx, const Tensor& input, double p) { return drop<false, false>(ctx, input, p, true); }

}  // namespace tsrun
