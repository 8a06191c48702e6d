#include <cmath>
#include <cstring>

#include "ops/kernels/normal.h"
#include "ops/random.h"

namespace tsrun {

namespace {

/// Sixteen uniform numbers to normal ones: the first eight give radii, the others angles (Box and Muller).
void make_normal(float* u, float mean, float std) { kernels::normal_from_uniform(u, 1, mean, std); }
void make_normal(double* u, double mean, double std) {
  for (int j = 0; j < 8; ++j) {
    double radius = std::sqrt(-2 * std::log(1 - u[j])), angle = 2 * M_PI * u[j + 8];
    u[j] = std::fma(radius * std::cos(angle), std, mean);
    u[j + 8] = std::fma(radius * std::sin(angle), std, mean);
  }
}

void draw_uniform(float* p, int64_t n, Generator& g) {
  for (int64_t i = 0; i < n; ++i) p[i] = g.uniform_float();
}
void draw_uniform(double* p, int64_t n, Generator& g) {
  for (int64_t i = 0; i < n; ++i) p[i] = g.uniform_double();
}

/// float and double: all uniform numbers are drawn first; a rest below 16 is made good by drawing the last 16 anew.
template <class T>
void fill_normal_blocks(T* p, int64_t n, double mean, double std, Generator& g) {
  draw_uniform(p, n, g);
  auto m = static_cast<T>(mean), s = static_cast<T>(std);
  if constexpr (std::is_same_v<T, float>) kernels::normal_from_uniform(p, n / 16, m, s);
  else
    for (int64_t i = 0; i + 16 <= n; i += 16) make_normal(p + i, m, s);
  if (n % 16 != 0) {
    draw_uniform(p + n - 16, 16, g);
    make_normal(p + n - 16, m, s);
  }
}

/// The halves: block by block in float, so that the rest draws right after the blocks.
template <class T>
void fill_normal_halves(T* p, int64_t n, double mean, double std, Generator& g) {
  float block[16];
  for (int64_t i = 0; i < n; i += 16) {
    draw_uniform(block, 16, g);
    make_normal(block, static_cast<float>(mean), static_cast<float>(std));
    T* to = p + std::min(i, n - 16);
    for (int j = 0; j < 16; ++j) to[j] = static_cast<T>(block[j]);
  }
}

/// The real and imaginary parts of a complex tensor side by side.
Tensor parts_of(const Tensor& t) {
  auto impl = make_ref<TensorImpl>(*t.impl());
  impl->dtype = t.dtype() == DType::c128 ? DType::f64 : t.dtype() == DType::c64 ? DType::f32 : DType::f16;
  impl->offset *= 2;
  impl->numel *= 2;
  for (int64_t& stride : impl->strides) stride *= 2;
  impl->sizes.push_back(2);
  impl->strides.push_back(1);
  return Tensor(std::move(impl));
}

}  // namespace

Generator& generator_of(Context& ctx, Generator* given) {
  if (given) return *given;
  check(ctx.generator != nullptr, "no random number generator in this context");
  return *ctx.generator;
}

void fill_uniform(const Tensor& t, double from, double to, Generator& g) {
  check(from <= to, "uniform_ expects to return a [from, to) range, but found from=", from, " > to=", to);
  if (is_complex(t.dtype())) return fill_uniform(parts_of(t), from, to, g);
  dispatch(FloatTypes{}, t.dtype(), "uniform", [&]<class T>() {
    using C = Compute<T>;
    auto low = static_cast<C>(from), high = static_cast<C>(to);
    T first = static_cast<T>(low), beyond = static_cast<T>(high);
    for_each_in_memory<T>(t, [&](T& e) {
      C u;
      if constexpr (std::is_same_v<T, double>) u = g.uniform_double();
      else u = g.uniform_float();
      e = static_cast<T>(std::fma(u, high - low, low));
      if (static_cast<C>(e) == static_cast<C>(beyond)) e = first;  // rounding must not reach the open end
    });
  });
}

void fill_normal(const Tensor& t, double mean, double std, Generator& g) {
  check(std >= 0, "normal expects std >= 0.0, but found std ", std);
  if (is_complex(t.dtype())) return fill_normal(parts_of(t), mean, std / std::sqrt(2.0), g);  // the parts share the variance
  if (t.numel() < 16 || !t.is_contiguous()) {
    fill_floats(t, "normal_kernel_cpu", [&] { return std::fma(g.normal_double(), std, mean); });
    return;
  }
  dispatch(FloatTypes{}, t.dtype(), "normal_kernel_cpu", [&]<class T>() {
    if constexpr (is_half_type<T>) fill_normal_halves(t.data<T>(), t.numel(), mean, std, g);
    else fill_normal_blocks(t.data<T>(), t.numel(), mean, std, g);
  });
}

void fill_bernoulli(const Tensor& t, double p, Generator& g) {
  check(p >= 0 && p <= 1, "bernoulli_ expects p to be in [0, 1], but got p=", p);
  dispatch(AllTypes{}, t.dtype(), "bernoulli_scalar_cpu_", [&]<class T>() {
    for_each_in_memory<T>(t, [&](T& e) { e = static_cast<T>(static_cast<Compute<T>>(g.uniform_double() < p)); });
  });
}

void fill_range(const Tensor& t, uint64_t range, int64_t base, Generator& g) {
  auto draw = [&] {
    uint64_t v = range == 0 ? g.random64() : range >= uint64_t{1} << 28 ? g.random64() % range : g.random32() % range;
    return static_cast<int64_t>(v + static_cast<uint64_t>(base));
  };
  dispatch(RealBoolTypes{}, t.dtype(), "random_from_to",
           [&]<class T>() { for_each_in_memory<T>(t, [&](T& e) { e = from_integer<T>(draw()); }); });
}

void fill_integers(const Tensor& t, int64_t from, int64_t to, Generator& g) {
  check(from < to, "random_ expects 'from' to be less than 'to', but got from=", from, " >= to=", to);
  fill_range(t, static_cast<uint64_t>(to) - static_cast<uint64_t>(from), from, g);
}

void fill_exponential(const Tensor& t, double lambda, Generator& g) {
  check(lambda > 0, "exponential_ expects lambda > 0.0, but found lambda=", lambda);
  fill_floats(t, "exponential_cpu", [&] {
    double u = g.uniform_double();
    // Above 1 - eps/2 the logarithm would be infinite.
    return -1 / lambda * (u >= 1 - 0x1p-53 ? -0x1p-53 : std::log1p(-u));
  });
}

}  // namespace tsrun
