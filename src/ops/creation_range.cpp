// Sequences of numbers.
#include <cmath>

#include "ops/dispatch.h"
#include "ops/kernels/parallel.h"
#include "ops/number.h"
#include "ops/promote.h"
#include "ops/tables.h"
#include "ops/view.h"

namespace tsrun {
namespace {

using Wanted = std::optional<DType>;
using Lay = std::optional<Layout>;
using Dev = std::optional<Device>;
using Pin = std::optional<bool>;

using RangeTypes = RealTypes;

void check_step(double start, double end, double step) {
  check(step != 0, "step must be nonzero");
  check(std::isfinite(start) && std::isfinite(end), "unsupported range: ", start, " -> ", end);
  check((step > 0 && end >= start) || (step < 0 && end <= start), "upper bound and lower bound inconsistent with step sign");
}

int64_t checked_count(double count) {
  check(count >= 0 && count < 0x1p53, "invalid size, possible overflow?");
  return static_cast<int64_t>(count);
}

/// start + i step in 64-bit integers or doubles, each rounded once to the element type.
Tensor steps_of(Context& ctx, const Scalar& start, const Scalar& step, int64_t count, DType type, const char* name) {
  Tensor out = ctx.empty(Dims{count}, type);
  dispatch(RangeTypes(), type, name, [&]<class T>() {
    T* y = out.data<T>();
    kernels::parallel_for(ctx.threads, count, 32768, [&](int64_t begin, int64_t end) {
      if constexpr (std::is_integral_v<T>) {
        int64_t first = start.to_int(), by = step.to_int();
        for (int64_t i = begin; i < end; ++i) y[i] = static_cast<T>(wrap_add(first, wrap_mul(by, i)));
      } else {
        double first = start.to_double(), by = step.to_double();
        for (int64_t i = begin; i < end; ++i) y[i] = T(static_cast<Compute<T>>(first + by * static_cast<double>(i)));
      }
    });
  });
  return out;
}

Tensor arange_step(Context& ctx, const Scalar& start, const Scalar& end, const Scalar& step, Wanted dtype, Lay layout, Dev, Pin) {
  check_strided(layout);
  bool integers = !start.is_floating() && !end.is_floating() && !step.is_floating();
  check(!start.is_complex() && !end.is_complex() && !step.is_complex(), "arange() does not take complex numbers");
  DType type = dtype.value_or(integers ? DType::i64 : default_dtype);
  check_step(start.to_double(), end.to_double(), step.to_double());
  int64_t count;
  if (type == DType::i64) {
    int64_t lo = float_to_int(start.to_double()), hi = float_to_int(end.to_double()), by = float_to_int(step.to_double());
    if (!start.is_floating()) lo = start.to_int();
    if (!end.is_floating()) hi = end.to_int();
    if (!step.is_floating()) by = step.to_int();
    check(by != 0, "step must be nonzero");
    count = range_length(lo, hi, by);
  } else {
    count = checked_count(std::ceil((end.to_double() - start.to_double()) / step.to_double()));
  }
  return steps_of(ctx, start, step, count, type, "arange_cpu");
}
Tensor arange_start(Context& ctx, const Scalar& start, const Scalar& end, Wanted dtype, Lay layout, Dev device, Pin pin) {
  return arange_step(ctx, start, end, 1, dtype, layout, device, pin);
}
Tensor arange_end(Context& ctx, const Scalar& end, Wanted dtype, Lay layout, Dev device, Pin pin) {
  return arange_step(ctx, 0, end, 1, dtype, layout, device, pin);
}

/// The end is included.
Tensor range_step(Context& ctx, const Scalar& start, const Scalar& end, const Scalar& step, Wanted dtype, Lay layout, Dev, Pin) {
  check_strided(layout);
  check_step(start.to_double(), end.to_double(), step.to_double());
  int64_t count = checked_count(std::floor((end.to_double() - start.to_double()) / step.to_double()) + 1);
  return steps_of(ctx, start, step, count, dtype.value_or(default_dtype), "range_cpu");
}
Tensor range(Context& ctx, const Scalar& start, const Scalar& end, Wanted dtype, Lay layout, Dev device, Pin pin) {
  return range_step(ctx, start, end, 1, dtype, layout, device, pin);
}

// ---- linspace, logspace: counted from both ends, so that both are exact --------------------------------------------------------------
/// A rounded to T after each operation, as arithmetic on 16-bit floats is.
template <class T, class A>
A rounded(A x) {
  return static_cast<A>(T(x));
}

template <class T, class F>
void fill_between(T* y, const Scalar& start, const Scalar& end, int64_t steps, F&& f) {
  using Real = std::conditional_t<std::is_integral_v<T>, double, Compute<T>>;
  auto scale = [](Real x) {
    if constexpr (is_half_type<T>) return rounded<T>(x);
    else return x;
  };
  auto times = [&](Real step, int64_t i) {
    if constexpr (is_complex_type<T>) return step * static_cast<typename T::value_type>(i);
    else return scale(step * scale(static_cast<Real>(i)));
  };
  auto number = [](const Scalar& s) {
    if constexpr (std::is_integral_v<T>) return static_cast<Real>(s.to<T>());
    else return static_cast<Real>(s.to<T>());
  };
  Real first = number(start), last = number(end), step = Real(0);
  if (steps > 1) {
    if constexpr (is_complex_type<T>) step = (last - first) / static_cast<typename T::value_type>(steps - 1);
    else step = scale(scale(last - first) / scale(static_cast<Real>(steps - 1)));
  }
  for (int64_t i = 0; i < steps; ++i) {
    bool front = i < steps / 2 || steps == 1;
    y[i] = f.template operator()<T>(front ? scale(first + times(step, i)) : scale(last - times(step, steps - i - 1)));
  }
}

DType space_dtype(Wanted dtype, const Scalar& start, const Scalar& end) {
  bool complex = start.is_complex() || end.is_complex();
  if (dtype)
    check(!complex || is_complex(*dtype), "linspace(): inferred dtype ", complex_type(default_dtype),
          " can't be safely cast to passed dtype ", *dtype);
  return dtype.value_or(complex ? complex_type(default_dtype) : default_dtype);
}

Tensor linspace(Context& ctx, const Scalar& start, const Scalar& end, int64_t steps, Wanted dtype, Lay layout, Dev, Pin) {
  check_strided(layout);
  check(steps >= 0, "number of steps must be non-negative");
  Tensor out = ctx.empty(Dims{steps}, space_dtype(dtype, start, end));
  dispatch(NumberTypes(), out.dtype(), "linspace_cpu",
           [&]<class T>() { fill_between<T>(out.data<T>(), start, end, steps, []<class U>(auto x) { return static_cast<U>(x); }); });
  return out;
}

Tensor logspace(Context& ctx, const Scalar& start, const Scalar& end, int64_t steps, double base, Wanted dtype, Lay layout, Dev, Pin) {
  check_strided(layout);
  check(steps >= 0, "number of steps must be non-negative");
  Tensor out = ctx.empty(Dims{steps}, space_dtype(dtype, start, end));
  dispatch(NumberTypes(), out.dtype(), "logspace_cpu", [&]<class T>() {
    fill_between<T>(out.data<T>(), start, end, steps, [base]<class U>(auto x) {
      if constexpr (is_complex_type<U>) return std::pow(static_cast<U>(base), static_cast<U>(x));
      else if constexpr (std::is_integral_v<U>) return static_cast<U>(float_to_int(std::pow(base, static_cast<double>(x))));
      else return static_cast<U>(std::pow(static_cast<decltype(x)>(base), x));
    });
  });
  return out;
}

/// Bounds given as 0-dim tensors.
Scalar bound(const Tensor& t) {
  check(t.dim() == 0, "linspace only supports 0-dimensional start and end tensors, but got start with ", t.dim(), " dimension(s).");
  return item(t);
}
template <class A>
Scalar bound_of(const A& a) {
  if constexpr (std::is_same_v<A, Tensor>) return bound(a);
  else return a;
}
template <class A, class B>
Tensor linspace_of(Context& ctx, const A& start, const B& end, int64_t steps, Wanted dtype, Lay layout, Dev device, Pin pin) {
  return linspace(ctx, bound_of(start), bound_of(end), steps, dtype, layout, device, pin);
}
template <class A, class B>
Tensor logspace_of(Context& ctx, const A& start, const B& end, int64_t steps, double base, Wanted dtype, Lay layout, Dev device, Pin pin) {
  return logspace(ctx, bound_of(start), bound_of(end), steps, base, dtype, layout, device, pin);
}

#define TSRUN_OPTIONS "ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None"
constexpr Op rows[] = {
    op<"aten::arange(Scalar end, *, " TSRUN_OPTIONS ") -> Tensor", arange_end>(),
    op<"aten::arange.start(Scalar start, Scalar end, *, " TSRUN_OPTIONS ") -> Tensor", arange_start>(),
    op<"aten::arange.start_step(Scalar start, Scalar end, Scalar step=1, *, " TSRUN_OPTIONS ") -> Tensor", arange_step>(),
    op<"aten::range.step(Scalar start, Scalar end, Scalar step=1, *, " TSRUN_OPTIONS ") -> Tensor", range_step>(),
    op<"aten::range(Scalar start, Scalar end, *, " TSRUN_OPTIONS ") -> Tensor", range>(),
    op<"aten::linspace(Scalar start, Scalar end, int steps, *, " TSRUN_OPTIONS ") -> Tensor", linspace>(),
    op<"aten::linspace.Tensor_Tensor(Tensor start, Tensor end, int steps, *, " TSRUN_OPTIONS ") -> Tensor", linspace_of<Tensor, Tensor>>(),
    op<"aten::linspace.Tensor_Scalar(Tensor start, Scalar end, int steps, *, " TSRUN_OPTIONS ") -> Tensor", linspace_of<Tensor, Scalar>>(),
    op<"aten::linspace.Scalar_Tensor(Scalar start, Tensor end, int steps, *, " TSRUN_OPTIONS ") -> Tensor", linspace_of<Scalar, Tensor>>(),
    op<"aten::logspace(Scalar start, Scalar end, int steps, float base=10., *, " TSRUN_OPTIONS ") -> Tensor", logspace>(),
    op<"aten::logspace.Tensor_Tensor(Tensor start, Tensor end, int steps, float base=10., *, " TSRUN_OPTIONS ") -> Tensor",
       logspace_of<Tensor, Tensor>>(),
    op<"aten::logspace.Tensor_Scalar(Tensor start, Scalar end, int steps, float base=10., *, " TSRUN_OPTIONS ") -> Tensor",
       logspace_of<Tensor, Scalar>>(),
    op<"aten::logspace.Scalar_Tensor(Scalar start, Tensor end, int steps, float base=10., *, " TSRUN_OPTIONS ") -> Tensor",
       logspace_of<Scalar, Tensor>>(),
};
#undef TSRUN_OPTIONS

}  // namespace

const std::span<const Op> range_ops = rows;

}  // namespace tsrun
