// Operators that fill a tensor with random numbers, in place or on a copy.
#include "ops/random.h"

#include <cmath>
#include <functional>

#include "ops/tables.h"

namespace tsrun {

namespace {

/// The functional form: fills a new tensor like self.
template <auto fill, class = decltype(fill)>
struct OnCopy;
template <auto fill, class... A>
struct OnCopy<fill, Tensor (*)(Context&, const Tensor&, A...)> {
  static Tensor call(Context& ctx, const Tensor& self, A... a) { return fill(ctx, empty_like(ctx, self), a...); }
};
template <auto fill>
constexpr auto on_copy = OnCopy<fill>::call;

Tensor uniform_in_place(Context& ctx, const Tensor& self, double from, double to, Generator* g) {
  fill_uniform(self, from, to, generator_of(ctx, g));
  return self;
}

Tensor normal_in_place(Context& ctx, const Tensor& self, double mean, double std, Generator* g) {
  fill_normal(self, mean, std, generator_of(ctx, g));
  return self;
}

Tensor exponential_in_place(Context& ctx, const Tensor& self, double lambda, Generator* g) {
  fill_exponential(self, lambda, generator_of(ctx, g));
  return self;
}

Tensor geometric_in_place(Context& ctx, const Tensor& self, double p, Generator* given) {
  check(p > 0 && p < 1, "geometric_ expects p to be in (0, 1), but got p=", p);
  Generator& g = generator_of(ctx, given);
  double scale = std::log1p(-p);
  dispatch(RealTypes{}, self.dtype(), "geometric_cpu", [&]<class T>() {
    for_each_in_memory<T>(self, [&](T& e) {
      double v = std::ceil(std::log(g.uniform_double()) / scale);
      if constexpr (std::is_integral_v<T>) e = static_cast<T>(static_cast<int64_t>(std::min(v, 0x1p62)));
      else e = static_cast<T>(static_cast<Compute<T>>(v));
    });
  });
  return self;
}

Tensor log_normal_in_place(Context& ctx, const Tensor& self, double mean, double std, Generator* given) {
  check(std > 0, "log_normal_ expects std > 0.0, but found std=", std);
  Generator& g = generator_of(ctx, given);
  fill_floats(self, "log_normal_cpu", [&] { return std::exp(std::fma(g.normal_double(), std, mean)); });
  return self;
}

Tensor cauchy_in_place(Context& ctx, const Tensor& self, double median, double sigma, Generator* given) {
  check(sigma > 0, "cauchy_ expects sigma > 0.0, but found sigma=", sigma);
  Generator& g = generator_of(ctx, given);
  fill_floats(self, "cauchy_cpu", [&] { return std::fma(sigma, std::tan(M_PI * (g.uniform_double() - 0.5)), median); });
  return self;
}

Tensor bernoulli_in_place(Context& ctx, const Tensor& self, double p, Generator* g) {
  fill_bernoulli(self, p, generator_of(ctx, g));
  return self;
}

/// Each element has its own probability. Those in double draw doubles, all others floats.
Tensor bernoulli_of_in_place(Context& ctx, const Tensor& self, const Tensor& p, Generator* given) {
  Generator& g = generator_of(ctx, given);
  check(is_floating(p.dtype()), "expected probabilities tensor to have floating type, got ", scalar_type_name(p.dtype()));
  bool wide = p.dtype() == DType::f64;
  Tensor chances = contiguous(ctx, expand(cast(ctx, p, wide ? DType::f64 : DType::f32), self.sizes()));
  Tensor drawn = ctx.empty(self.sizes(), DType::f32);
  auto draw = [&](auto* chance, auto uniform) {
    float* out = drawn.data<float>();
    for (int64_t i = 0; i < drawn.numel(); ++i) {
      check(chance[i] >= 0 && chance[i] <= 1, "Expected p_in >= 0 && p_in <= 1 to be true, but got p=", chance[i]);
      out[i] = uniform() < chance[i];
    }
  };
  if (wide) draw(chances.data<double>(), [&] { return g.uniform_double(); });
  else draw(chances.data<float>(), [&] { return g.uniform_float(); });
  copy_into(ctx, self, drawn);
  return self;
}

/// The tensor holds the probabilities.
Tensor bernoulli(Context& ctx, const Tensor& self, Generator* g) { return bernoulli_of_in_place(ctx, empty_like(ctx, self), self, g); }

Tensor random_in_place(Context& ctx, const Tensor& self, Generator* given) {
  Generator& g = generator_of(ctx, given);
  dispatch(RealBoolTypes{}, self.dtype(), "random_cpu", [&]<class T>() {
    for_each_in_memory<T>(self, [&](T& e) {
      if constexpr (std::is_same_v<T, bool>) e = g.random32() & 1;
      else if constexpr (std::is_same_v<T, double>) e = static_cast<T>(g.random64() % (largest_whole<T>() + 1));
      else if constexpr (std::is_same_v<T, int64_t>) e = static_cast<T>(g.random64() & largest_whole<T>());
      else e = from_integer<T>(static_cast<int64_t>(g.random32() % (largest_whole<T>() + 1)));
    });
  });
  return self;
}

Tensor random_from_in_place(Context& ctx, const Tensor& self, int64_t from, std::optional<int64_t> to, Generator* given) {
  Generator& g = generator_of(ctx, given);
  if (to) {
    fill_integers(self, from, *to, g);
  } else if (from == INT64_MIN) {
    fill_range(self, 0, from, g);
  } else {
    uint64_t largest = 0;
    dispatch(RealBoolTypes{}, self.dtype(), "random_from_to_range_calc", [&]<class T>() { largest = largest_whole<T>(); });
    check(from <= static_cast<int64_t>(largest), "from is out of bounds for ", scalar_type_name(self.dtype()));
    fill_range(self, largest - static_cast<uint64_t>(from) + 1, from, g);
  }
  return self;
}
Tensor random_to_in_place(Context& ctx, const Tensor& self, int64_t to, Generator* g) { return random_from_in_place(ctx, self, 0, to, g); }

constexpr Op rows[] = {
    op<"aten::uniform_(Tensor(a!) self, float from=0., float to=1., *, Generator? generator=None) -> Tensor(a!)", uniform_in_place>(),
    op<"aten::uniform(Tensor self, float from=0., float to=1., *, Generator? generator=None) -> Tensor", on_copy<uniform_in_place>>(),
    op<"aten::exponential_(Tensor(a!) self, float lambd=1., *, Generator? generator=None) -> Tensor(a!)", exponential_in_place>(),
    op<"aten::exponential(Tensor self, float lambd=1., *, Generator? generator=None) -> Tensor", on_copy<exponential_in_place>>(),
    op<"aten::geometric_(Tensor(a!) self, float p, *, Generator? generator=None) -> Tensor(a!)", geometric_in_place>(),
    op<"aten::geometric(Tensor self, float p, *, Generator? generator=None) -> Tensor", on_copy<geometric_in_place>>(),
    op<"aten::log_normal_(Tensor(a!) self, float mean=1., float std=2., *, Generator? generator=None) -> Tensor(a!)",
       log_normal_in_place>(),
    op<"aten::log_normal(Tensor self, float mean=1., float std=2., *, Generator? generator=None) -> Tensor",
       on_copy<log_normal_in_place>>(),
    op<"aten::cauchy_(Tensor(a!) self, float median=0., float sigma=1., *, Generator? generator=None) -> Tensor(a!)", cauchy_in_place>(),
    op<"aten::cauchy(Tensor self, float median=0., float sigma=1., *, Generator? generator=None) -> Tensor", on_copy<cauchy_in_place>>(),
    op<"aten::normal_(Tensor(a!) self, float mean=0., float std=1., *, Generator? generator=None) -> Tensor(a!)", normal_in_place>(),
    op<"aten::normal_functional(Tensor self, float mean=0., float std=1., *, Generator? generator=None) -> Tensor",
       on_copy<normal_in_place>>(),
    op<"aten::bernoulli_.float(Tensor(a!) self, float p=0.5, *, Generator? generator=None) -> Tensor(a!)", bernoulli_in_place>(),
    op<"aten::bernoulli_.Tensor(Tensor(a!) self, Tensor p, *, Generator? generator=None) -> Tensor(a!)", bernoulli_of_in_place>(),
    op<"aten::bernoulli.p(Tensor self, float p, *, Generator? generator=None) -> Tensor", on_copy<bernoulli_in_place>>(),
    op<"aten::bernoulli.Tensor(Tensor self, Tensor p, *, Generator? generator=None) -> Tensor", on_copy<bernoulli_of_in_place>>(),
    op<"aten::bernoulli(Tensor self, *, Generator? generator=None) -> Tensor", bernoulli>(),
    op<"aten::random_(Tensor(a!) self, *, Generator? generator=None) -> Tensor(a!)", random_in_place>(),
    op<"aten::random_.to(Tensor(a!) self, int to, *, Generator? generator=None) -> Tensor(a!)", random_to_in_place>(),
    op<"aten::random_.from(Tensor(a!) self, int from, int? to, *, Generator? generator=None) -> Tensor(a!)", random_from_in_place>(),
    op<"aten::random(Tensor self, *, Generator? generator=None) -> Tensor", on_copy<random_in_place>>(),
    op<"aten::random.to(Tensor self, int to, *, Generator? generator=None) -> Tensor", on_copy<random_to_in_place>>(),
    op<"aten::random.from(Tensor self, int from, int? to, *, Generator? generator=None) -> Tensor", on_copy<random_from_in_place>>(),
};

}  // namespace

const std::span<const Op> random_ops = rows;

}  // namespace tsrun
