// Operators that make a tensor of random numbers.
#include <cmath>

#include "ops/random.h"
#include "ops/tables.h"

namespace tsrun {

namespace {

using MaybeDType = std::optional<DType>;
using MaybeLayout = std::optional<Layout>;
using MaybeDevice = std::optional<Device>;
using MaybeBool = std::optional<bool>;
using MaybeFormat = std::optional<MemoryFormat>;

Tensor blank(Context& ctx, IntSpan size, MaybeDType dtype, DType otherwise = DType::f32) {
  return ctx.empty(size, dtype.value_or(otherwise));
}
Tensor blank_like(Context& ctx, const Tensor& self, MaybeDType dtype, MaybeFormat format) {
  DType t = dtype.value_or(self.dtype());
  return format.value_or(MemoryFormat::preserve) == MemoryFormat::preserve ? empty_like(ctx, self, t) : ctx.empty(self.sizes(), t, *format);
}

Tensor with_uniform(Context& ctx, Tensor t, Generator* g) {
  fill_uniform(t, 0, 1, generator_of(ctx, g));
  return t;
}
Tensor with_normal(Context& ctx, Tensor t, double mean, double std, Generator* g) {
  fill_normal(t, mean, std, generator_of(ctx, g));
  return t;
}
Tensor with_integers(Context& ctx, Tensor t, int64_t low, int64_t high, Generator* g) {
  fill_integers(t, low, high, generator_of(ctx, g));
  return t;
}

Tensor rand_from(Context& ctx, IntSpan size, Generator* g, MaybeDType dtype, MaybeLayout, MaybeDevice, MaybeBool) {
  return with_uniform(ctx, blank(ctx, size, dtype), g);
}
Tensor rand(Context& ctx, IntSpan size, MaybeDType dtype, MaybeLayout, MaybeDevice, MaybeBool) {
  return with_uniform(ctx, blank(ctx, size, dtype), nullptr);
}
Tensor randn_from(Context& ctx, IntSpan size, Generator* g, MaybeDType dtype, MaybeLayout, MaybeDevice, MaybeBool) {
  return with_normal(ctx, blank(ctx, size, dtype), 0, 1, g);
}
Tensor randn(Context& ctx, IntSpan size, MaybeDType dtype, MaybeLayout, MaybeDevice, MaybeBool) {
  return with_normal(ctx, blank(ctx, size, dtype), 0, 1, nullptr);
}
Tensor rand_like_from(Context& ctx, const Tensor& self, Generator* g, MaybeDType dtype, MaybeLayout, MaybeDevice, MaybeBool,
                      MaybeFormat format) {
  return with_uniform(ctx, blank_like(ctx, self, dtype, format), g);
}
Tensor rand_like(Context& ctx, const Tensor& self, MaybeDType dtype, MaybeLayout, MaybeDevice, MaybeBool, MaybeFormat format) {
  return with_uniform(ctx, blank_like(ctx, self, dtype, format), nullptr);
}
Tensor randn_like_from(Context& ctx, const Tensor& self, Generator* g, MaybeDType dtype, MaybeLayout, MaybeDevice, MaybeBool,
                       MaybeFormat format) {
  return with_normal(ctx, blank_like(ctx, self, dtype, format), 0, 1, g);
}
Tensor randn_like(Context& ctx, const Tensor& self, MaybeDType dtype, MaybeLayout, MaybeDevice, MaybeBool, MaybeFormat format) {
  return with_normal(ctx, blank_like(ctx, self, dtype, format), 0, 1, nullptr);
}

Tensor randint_low_from(Context& ctx, int64_t low, int64_t high, IntSpan size, Generator* g, MaybeDType dtype, MaybeLayout, MaybeDevice,
                        MaybeBool) {
  return with_integers(ctx, blank(ctx, size, dtype, DType::i64), low, high, g);
}
Tensor randint_low(Context& ctx, int64_t low, int64_t high, IntSpan size, MaybeDType dtype, MaybeLayout, MaybeDevice, MaybeBool) {
  return with_integers(ctx, blank(ctx, size, dtype, DType::i64), low, high, nullptr);
}
Tensor randint_from(Context& ctx, int64_t high, IntSpan size, Generator* g, MaybeDType dtype, MaybeLayout, MaybeDevice, MaybeBool) {
  return with_integers(ctx, blank(ctx, size, dtype, DType::i64), 0, high, g);
}
Tensor randint(Context& ctx, int64_t high, IntSpan size, MaybeDType dtype, MaybeLayout, MaybeDevice, MaybeBool) {
  return with_integers(ctx, blank(ctx, size, dtype, DType::i64), 0, high, nullptr);
}
Tensor randint_like_low_from(Context& ctx, const Tensor& self, int64_t low, int64_t high, Generator* g, MaybeDType dtype, MaybeLayout,
                             MaybeDevice, MaybeBool, MaybeFormat format) {
  return with_integers(ctx, blank_like(ctx, self, dtype, format), low, high, g);
}
Tensor randint_like_low(Context& ctx, const Tensor& self, int64_t low, int64_t high, MaybeDType dtype, MaybeLayout, MaybeDevice, MaybeBool,
                        MaybeFormat format) {
  return with_integers(ctx, blank_like(ctx, self, dtype, format), low, high, nullptr);
}
Tensor randint_like_from(Context& ctx, const Tensor& self, int64_t high, Generator* g, MaybeDType dtype, MaybeLayout, MaybeDevice,
                         MaybeBool, MaybeFormat format) {
  return with_integers(ctx, blank_like(ctx, self, dtype, format), 0, high, g);
}
Tensor randint_like(Context& ctx, const Tensor& self, int64_t high, MaybeDType dtype, MaybeLayout, MaybeDevice, MaybeBool,
                    MaybeFormat format) {
  return with_integers(ctx, blank_like(ctx, self, dtype, format), 0, high, nullptr);
}
Tensor randint_like_tensor_from(Context& ctx, const Tensor& self, const Tensor& high, Generator* g, MaybeDType dtype, MaybeLayout,
                                MaybeDevice, MaybeBool, MaybeFormat format) {
  return with_integers(ctx, blank_like(ctx, self, dtype, format), 0, item(high).to_int(), g);
}
Tensor randint_like_tensor(Context& ctx, const Tensor& self, const Tensor& high, MaybeDType dtype, MaybeLayout, MaybeDevice, MaybeBool,
                           MaybeFormat format) {
  return with_integers(ctx, blank_like(ctx, self, dtype, format), 0, item(high).to_int(), nullptr);
}

/// Fisher and Yates; from 2^32 / 20 elements on with 64 random bits.
Tensor randperm_from(Context& ctx, int64_t n, Generator* given, MaybeDType dtype, MaybeLayout, MaybeDevice, MaybeBool) {
  check(n >= 0, "n must be non-negative, got ", n);
  check(dtype != DType::boolean, "\"randperm\" not implemented for 'Bool'");
  Generator& g = generator_of(ctx, given);
  Tensor order = ctx.empty(Dims{n}, DType::i64);
  int64_t* p = order.data<int64_t>();
  std::iota(p, p + n, 0);
  bool wide = n >= UINT32_MAX / 20;
  for (int64_t i = 0; i < n - 1; ++i) {
    uint64_t random = wide ? g.random64() : g.random32();
    std::swap(p[i], p[i + static_cast<int64_t>(random % static_cast<uint64_t>(n - i))]);
  }
  return cast(ctx, order, dtype.value_or(DType::i64));
}
Tensor randperm(Context& ctx, int64_t n, MaybeDType dtype, MaybeLayout l, MaybeDevice d, MaybeBool pin) {
  return randperm_from(ctx, n, nullptr, dtype, l, d, pin);
}

Tensor normal(Context& ctx, double mean, double std, IntSpan size, Generator* g, MaybeDType dtype, MaybeLayout, MaybeDevice, MaybeBool) {
  return with_normal(ctx, blank(ctx, size, dtype), mean, std, g);
}

/// out = out * std + mean, rounded after each step; either may be absent.
void scale_and_shift(Context& ctx, const Tensor& out, const Tensor* std, const Tensor* mean, double shift) {
  auto prepared = [&](const Tensor* t) { return t ? contiguous(ctx, expand(cast(ctx, *t, out.dtype()), out.sizes())) : Tensor(); };
  Tensor s = prepared(std), m = prepared(mean);
  dispatch(FloatTypes{}, out.dtype(), "normal", [&]<class T>() {
    using C = Compute<T>;
    T* p = out.data<T>();
    for (int64_t i = 0; i < out.numel(); ++i) {
      if (s.defined()) p[i] = static_cast<T>(static_cast<C>(p[i]) * static_cast<C>(s.data<T>()[i]));
      p[i] = static_cast<T>(static_cast<C>(p[i]) + (m.defined() ? static_cast<C>(m.data<T>()[i]) : static_cast<C>(shift)));
    }
  });
}
void check_spread(const Tensor& std) {
  check(!is_complex(std.dtype()), "normal expects standard deviation to be non-complex");
  if (std.numel() == 0) return;
  Tensor wide = std;
  dispatch(RealTypes{}, std.dtype(), "normal", [&]<class T>() {
    for_each_in_memory<T>(std, [&](T& e) { check(static_cast<Compute<T>>(e) >= 0, "normal expects all elements of std >= 0.0"); });
  });
}

Tensor normal_around(Context& ctx, const Tensor& mean, double std, Generator* g) {
  Tensor out = with_normal(ctx, ctx.empty(mean.sizes(), mean.dtype()), 0, std, g);
  scale_and_shift(ctx, out, nullptr, &mean, 0);
  return out;
}
Tensor normal_spread(Context& ctx, double mean, const Tensor& std, Generator* g) {
  check_spread(std);
  Tensor out = with_normal(ctx, ctx.empty(std.sizes(), std.dtype()), 0, 1, g);
  scale_and_shift(ctx, out, &std, nullptr, mean);
  return out;
}
Tensor normal_of(Context& ctx, const Tensor& mean, const Tensor& std, Generator* g) {
  check_spread(std);
  Tensor out = with_normal(ctx, ctx.empty(broadcast_sizes(mean.sizes(), std.sizes()), mean.dtype()), 0, 1, g);
  scale_and_shift(ctx, out, &std, &mean, 0);
  return out;
}

constexpr Op rows[] = {
    op<"aten::rand(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor",
       rand>(),
    op<"aten::rand.generator(SymInt[] size, *, Generator? generator, ScalarType? dtype=None, Layout? layout=None, Device? device=None, "
       "bool? pin_memory=None) -> Tensor",
       rand_from>(),
    op<"aten::randn(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor",
       randn>(),
    op<"aten::randn.generator(SymInt[] size, *, Generator? generator, ScalarType? dtype=None, Layout? layout=None, Device? device=None, "
       "bool? pin_memory=None) -> Tensor",
       randn_from>(),
    op<"aten::rand_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, "
       "MemoryFormat? memory_format=None) -> Tensor",
       rand_like>(),
    op<"aten::rand_like.generator(Tensor self, *, Generator? generator, ScalarType? dtype=None, Layout? layout=None, Device? device=None, "
       "bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor",
       rand_like_from>(),
    op<"aten::randn_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, "
       "MemoryFormat? memory_format=None) -> Tensor",
       randn_like>(),
    op<"aten::randn_like.generator(Tensor self, *, Generator? generator, ScalarType? dtype=None, Layout? layout=None, Device? device=None, "
       "bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor",
       randn_like_from>(),
    op<"aten::randint(SymInt high, SymInt[] size, *, ScalarType? dtype=4, Layout? layout=None, Device? device=None, bool? pin_memory=None) "
       "-> Tensor",
       randint>(),
    op<"aten::randint.generator(SymInt high, SymInt[] size, *, Generator? generator, ScalarType? dtype=4, Layout? layout=None, Device? "
       "device=None, bool? pin_memory=None) -> Tensor",
       randint_from>(),
    op<"aten::randint.low(SymInt low, SymInt high, SymInt[] size, *, ScalarType? dtype=4, Layout? layout=None, Device? device=None, bool? "
       "pin_memory=None) -> Tensor",
       randint_low>(),
    op<"aten::randint.low_generator(SymInt low, SymInt high, SymInt[] size, *, Generator? generator, ScalarType? dtype=4, Layout? "
       "layout=None, Device? device=None, bool? pin_memory=None) -> Tensor",
       randint_low_from>(),
    op<"aten::randint_like(Tensor self, SymInt high, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
       "pin_memory=None, MemoryFormat? memory_format=None) -> Tensor",
       randint_like>(),
    op<"aten::randint_like.generator(Tensor self, SymInt high, *, Generator? generator, ScalarType? dtype=None, Layout? layout=None, "
       "Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor",
       randint_like_from>(),
    op<"aten::randint_like.low_dtype(Tensor self, SymInt low, SymInt high, *, ScalarType? dtype=None, Layout? layout=None, Device? "
       "device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor",
       randint_like_low>(),
    op<"aten::randint_like.low_generator_dtype(Tensor self, SymInt low, SymInt high, *, Generator? generator, ScalarType? dtype=None, "
       "Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor",
       randint_like_low_from>(),
    op<"aten::randint_like.Tensor(Tensor self, Tensor high, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
       "pin_memory=None, MemoryFormat? memory_format=None) -> Tensor",
       randint_like_tensor>(),
    op<"aten::randint_like.Tensor_generator(Tensor self, Tensor high, *, Generator? generator, ScalarType? dtype=None, Layout? "
       "layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor",
       randint_like_tensor_from>(),
    op<"aten::randperm(SymInt n, *, ScalarType? dtype=4, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor",
       randperm>(),
    op<"aten::randperm.generator(SymInt n, *, Generator? generator, ScalarType? dtype=4, Layout? layout=None, Device? device=None, bool? "
       "pin_memory=None) -> Tensor",
       randperm_from>(),
    op<"aten::normal.float_float(float mean, float std, SymInt[] size, *, Generator? generator=None, ScalarType? dtype=None, Layout? "
       "layout=None, Device? device=None, bool? pin_memory=None) -> Tensor",
       normal>(),
    op<"aten::normal.Tensor_float(Tensor mean, float std=1., *, Generator? generator=None) -> Tensor", normal_around>(),
    op<"aten::normal.float_Tensor(float mean, Tensor std, *, Generator? generator=None) -> Tensor", normal_spread>(),
    op<"aten::normal.Tensor_Tensor(Tensor mean, Tensor std, *, Generator? generator=None) -> Tensor", normal_of>(),
};

}  // namespace

const std::span<const Op> random_factory_ops = rows;

}  // namespace tsrun
