// Samples of discrete and gamma-like distributions. The methods, and so the numbers drawn, are PyTorch's.
#include <cmath>

#include "ops/random.h"
#include "ops/tables.h"

namespace tsrun {

namespace {

using WideTypes = TypeList<float, double>;

// ---- poisson ----------------------------------------------------------------------------------------------------------------------------

/// From 10 on by transformed rejection (Hörmann, PTRS), below by multiplying uniform numbers.
double sample_poisson(double rate, Generator& g) {
  check(rate >= 0, "invalid Poisson rate, expected rate to be non-negative");
  if (rate == 0) return 0;
  if (rate < 10) {
    double limit = std::exp(-rate), product = g.uniform_double();
    double n = 0;
    for (; product > limit; ++n) product *= g.uniform_double();
    return n;
  }
  check(std::isfinite(rate), "invalid Poisson rate, expected rate to be finite");
  double root = std::sqrt(rate), log_rate = std::log(rate);
  double b = 0.931 + 2.53 * root, a = -0.059 + 0.02483 * b, inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), limit = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    double u = g.uniform_double() - 0.5, v = g.uniform_double(), distance = 0.5 - std::abs(u);
    double k = std::floor((2 * a / distance + b) * u + rate + 0.43);
    if (distance >= 0.07 && v <= limit) return k;
    if (k < 0 || (distance < 0.013 && v > distance)) continue;
    if (std::log(v) + std::log(inverse_alpha) - std::log(a / (distance * distance) + b) <= -rate + k * log_rate - std::lgamma(k + 1))
      return k;
  }
}

/// A tensor like x, filled in the order of x's elements by f(element), an element of a half given as float.
template <class... T, class F>
Tensor sampled(Context& ctx, TypeList<T...> types, const Tensor& x, const char* name, F&& f) {
  Tensor in = contiguous(ctx, x), out = ctx.empty(x.sizes(), x.dtype());
  dispatch(types, x.dtype(), name, [&]<class E>() {
    for (int64_t i = 0; i < out.numel(); ++i)
      out.data<E>()[i] = static_cast<E>(static_cast<Compute<E>>(f(static_cast<Compute<E>>(in.data<E>()[i]))));
  });
  return out;
}

Tensor poisson(Context& ctx, const Tensor& self, Generator* given) {
  Generator& g = generator_of(ctx, given);
  return sampled(ctx, FloatTypes{}, self, "poisson_cpu", [&](double rate) { return sample_poisson(rate, g); });
}

// ---- gamma ------------------------------------------------------------------------------------------------------------------------------

/// Marsaglia and Tsang; below 1 the shape is raised by one and the sample scaled back.
template <class T>
double sample_gamma(T shape, Generator& g) {
  double scale = 1;
  if (shape < 1) {
    if (shape == 0) return 0;
    scale *= std::pow(1 - g.uniform_double(), static_cast<double>(1 / shape));
    shape += 1;
  }
  check(shape > 0 && std::isfinite(shape), "gamma: the shape must be a finite number of at least 0");
  double d = shape - 1.0f / 3.0f, c = 1 / std::sqrt(9 * d);  // the constants are floats in PyTorch, too
  for (;;) {
    double x, y;
    do {
      x = g.normal_double();
      y = 1 + c * x;
    } while (y <= 0);
    double v = y * y * y, u = 1 - g.uniform_double(), square = x * x;
    if (u < 1 - 0.0331f * square * square) return scale * d * v;
    if (std::log(u) < 0.5 * square + d * (1 - v + std::log(v))) return scale * d * v;
  }
}

double smallest_normal(DType t) { return t == DType::f64 ? 0x1p-1022 : 0x1p-126; }

Tensor standard_gamma(Context& ctx, const Tensor& self, Generator* given) {
  Generator& g = generator_of(ctx, given);
  double least = smallest_normal(self.dtype());
  return sampled(ctx, WideTypes{}, self, "gamma_cpu", [&](auto shape) { return std::max(least, sample_gamma(shape, g)); });
}

Tensor sample_dirichlet(Context& ctx, const Tensor& self, Generator* given) {
  Generator& g = generator_of(ctx, given);
  Tensor gamma = ctx.empty(self.sizes(), DType::f64), in = contiguous(ctx, cast(ctx, self, DType::f64)),
         out = ctx.empty(self.sizes(), self.dtype());
  double* drawn = gamma.data<double>();
  for (int64_t i = 0; i < gamma.numel(); ++i) drawn[i] = sample_gamma(in.data<double>()[i], g);
  int64_t last = self.dim() ? self.size(-1) : 1;
  dispatch(WideTypes{}, self.dtype(), "dirichlet", [&]<class T>() {
    double least = smallest_normal(self.dtype()), most = std::nexttoward(1.0f, 0.0f);
    for (int64_t i = 0; i < gamma.numel(); i += last) {
      double sum = std::accumulate(drawn + i, drawn + i + last, 0.0);
      for (int64_t j = i; j < i + last; ++j)
        out.data<T>()[j] = static_cast<T>(static_cast<Compute<T>>(std::clamp(drawn[j] / sum, least, most)));
    }
  });
  return out;
}

// ---- binomial ---------------------------------------------------------------------------------------------------------------------------

template <class T>
double stirling_tail(T k) {
  static constexpr double table[] = {0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.02079067210376509, 0.0166446911898211,
                                     0.0138761288230707, 0.0118967099458917, 0.0104112652619720, 0.00925546218271273, 0.00833056343336287};
  if (k <= 9) return table[static_cast<size_t>(k)];
  T square = (k + 1) * (k + 1);
  return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / (k + 1);
}

/// Sums of geometric gaps; for few expected successes.
template <class T>
T binomial_by_gaps(T count, T chance, Generator& g) {
  T sum = 0, n = 0, log_rest = std::log1p(-chance);
  for (;; n = n + 1) {
    auto u = static_cast<T>(g.uniform_double());
    sum += std::ceil(std::log(u) / log_rest);
    if (sum > count) return n;
  }
}

/// Transformed rejection (Hörmann, BTRS).
template <class T>
T binomial_by_rejection(T count, T chance, Generator& g) {
  T deviation = std::sqrt(count * chance * (1 - chance));
  T b = 1.15 + 2.53 * deviation, a = -0.0873 + 0.0248 * b + 0.01 * chance, c = count * chance + 0.5, limit = 0.92 - 4.2 / b;
  T odds = chance / (1 - chance), alpha = (2.83 + 5.1 / b) * deviation, middle = std::floor((count + 1) * chance);
  for (;;) {
    auto u = static_cast<T>(static_cast<T>(g.uniform_double()) - 0.5), v = static_cast<T>(g.uniform_double());
    T distance = 0.5 - std::abs(u), k = std::floor((2 * a / distance + b) * u + c);
    if (distance >= 0.07 && v <= limit) return k;
    if (k < 0 || k > count) continue;
    v = std::log(v * alpha / (a / (distance * distance) + b));
    T bound = (middle + 0.5) * std::log((middle + 1) / (odds * (count - middle + 1))) +
              (count + 1) * std::log((count - middle + 1) / (count - k + 1)) + (k + 0.5) * std::log(odds * (count - k + 1) / (k + 1)) +
              stirling_tail(middle) + stirling_tail(T(count - middle)) - stirling_tail(k) - stirling_tail(T(count - k));
    if (v <= bound) return k;
  }
}

template <class T>
T sample_binomial(T count, T chance, Generator& g) {
  if (std::isnan(chance) || std::isnan(count)) return std::numeric_limits<T>::quiet_NaN();
  if (count <= 0 || chance <= 0) return 0;
  if (chance >= 1) return count;
  T rare = chance <= 0.5 ? chance : static_cast<T>(1.0 - chance);
  T n = count * rare >= 10 ? binomial_by_rejection(count, rare, g) : binomial_by_gaps(count, rare, g);
  return chance <= 0.5 ? n : count - n;
}

Tensor binomial(Context& ctx, const Tensor& count, const Tensor& prob, Generator* given) {
  check(count.dtype() == prob.dtype(), "binomial expects count and prob of the same dtype");
  Generator& g = generator_of(ctx, given);
  Dims sizes = broadcast_sizes(count.sizes(), prob.sizes());
  Tensor n = contiguous(ctx, expand(count, sizes)), p = contiguous(ctx, expand(prob, sizes)), out = ctx.empty(sizes, count.dtype());
  dispatch(WideTypes{}, count.dtype(), "binomial_cpu", [&]<class T>() {
    for (int64_t i = 0; i < out.numel(); ++i) {
      check(std::isfinite(n.data<T>()[i]), "binomial expects a finite count");
      out.data<T>()[i] = sample_binomial(n.data<T>()[i], p.data<T>()[i], g);
    }
  });
  return out;
}

// ---- multinomial
// --------------------------------------------------------------------------------------------------------------------------

template <class T>
void check_weights(const T* weights, int64_t rows, int64_t n) {
  for (int64_t r = 0; r < rows; ++r) {
    double sum = 0;
    for (int64_t i = 0; i < n; ++i) {
      auto w = static_cast<double>(static_cast<Compute<T>>(weights[r * n + i]));
      check(std::isfinite(w) && w >= 0, "probability tensor contains either `inf`, `nan` or element < 0");
      sum += w;
    }
    check(sum > 0, "invalid multinomial distribution (sum of probabilities <= 0)");
  }
}

/// Every category races with an exponential time: the first to arrive are the samples.
template <class T>
void sample_without_replacement(const T* weights, int64_t rows, int64_t n, int64_t samples, int64_t* out, const Tensor& times) {
  using C = Compute<T>;
  std::vector<T> speed(static_cast<size_t>(n));
  std::vector<int64_t> order(static_cast<size_t>(n));
  for (int64_t r = 0; r < rows; ++r) {
    const T* time = times.data<T>() + r * n;
    for (int64_t i = 0; i < n; ++i)
      speed[static_cast<size_t>(i)] = static_cast<T>(static_cast<C>(weights[r * n + i]) / static_cast<C>(time[i]));
    std::iota(order.begin(), order.end(), 0);
    std::partial_sort(order.begin(), order.begin() + samples, order.end(), [&](int64_t a, int64_t b) {
      C x = speed[static_cast<size_t>(a)], y = speed[static_cast<size_t>(b)];
      return x != y ? x > y : a < b;
    });
    std::copy_n(order.begin(), samples, out + r * samples);
  }
}

template <class T>
void sample_with_replacement(const T* weights, int64_t rows, int64_t n, int64_t samples, int64_t* out, Generator& g) {
  using C = Compute<T>;
  std::vector<C> cumulative(static_cast<size_t>(n));
  for (int64_t r = 0; r < rows; ++r) {
    C sum = 0;
    for (int64_t i = 0; i < n; ++i) cumulative[static_cast<size_t>(i)] = sum += static_cast<C>(weights[r * n + i]);
    for (C& c : cumulative) c /= sum;
    cumulative.back() = 1;
    for (int64_t s = 0; s < samples; ++s) {
      double u = g.uniform_double();
      out[r * samples + s] =
          std::lower_bound(cumulative.begin(), cumulative.end(), u, [](C c, double v) { return static_cast<double>(c) < v; }) -
          cumulative.begin();
    }
  }
}

Tensor multinomial(Context& ctx, const Tensor& self, int64_t samples, bool replacement, Generator* given) {
  check(self.dim() == 1 || self.dim() == 2, "prob_dist must be 1 or 2 dim");
  check(is_floating(self.dtype()), "multinomial only supports floating-point dtypes for input, got: ", scalar_type_name(self.dtype()));
  check(samples > 0, "cannot sample n_sample <= 0 samples");
  int64_t n = self.size(-1), rows = self.dim() == 2 ? self.size(0) : 1;
  check(n > 0, "number of categories must be positive");
  check(replacement || samples <= n, "cannot sample n_sample > prob_dist.size(-1) samples without replacement");
  check(n <= int64_t{1} << 24, "number of categories cannot exceed 2^24");
  Generator& g = generator_of(ctx, given);
  Tensor weights = contiguous(ctx, self);
  Tensor out = ctx.empty(self.dim() == 2 ? Dims{rows, samples} : Dims{samples}, DType::i64);
  dispatch(FloatTypes{}, self.dtype(), "multinomial", [&]<class T>() {
    check_weights(weights.data<T>(), rows, n);
    if (!replacement || samples == 1) {
      Tensor times = ctx.empty(weights.sizes(), weights.dtype());
      fill_exponential(times, 1, g);
      sample_without_replacement(weights.data<T>(), rows, n, samples, out.data<int64_t>(), times);
    } else {
      sample_with_replacement(weights.data<T>(), rows, n, samples, out.data<int64_t>(), g);
    }
  });
  return out;
}

constexpr Op rows[] = {
    op<"aten::poisson(Tensor self, Generator? generator=None) -> Tensor", poisson>(),
    op<"aten::_standard_gamma(Tensor self, Generator? generator=None) -> Tensor", standard_gamma>(),
    op<"aten::_sample_dirichlet(Tensor self, Generator? generator=None) -> Tensor", sample_dirichlet>(),
    op<"aten::binomial(Tensor count, Tensor prob, Generator? generator=None) -> Tensor", binomial>(),
    op<"aten::multinomial(Tensor self, SymInt num_samples, bool replacement=False, *, Generator? generator=None) -> Tensor", multinomial>(),
};

}  // namespace

const std::span<const Op> distribution_ops = rows;

}  // namespace tsrun
