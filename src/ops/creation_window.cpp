// Window functions of signal processing.
#include <cmath>
#include <numbers>

#include "ops/dispatch.h"
#include "ops/promote.h"
#include "ops/tables.h"
#include "ops/view.h"

namespace tsrun {
namespace {

using Wanted = std::optional<DType>;
using Lay = std::optional<Layout>;
using Dev = std::optional<Device>;
using Pin = std::optional<bool>;
using std::numbers::pi;

/// f(i, n) for n points, the last of which lies opposite the first; a periodic window of n points is n + 1 points without the last.
template <class F>
Tensor window(Context& ctx, const char* name, int64_t length, bool periodic, Wanted dtype, Lay layout, F&& f) {
  check_strided(layout);
  DType type = dtype.value_or(default_dtype);
  check(is_floating(type), name, " expects floating point dtypes, got: ", type);
  check(length >= 0, name, " requires non-negative window_length, got window_length=", length);
  Tensor out = ctx.empty(Dims{length}, type);
  double last = static_cast<double>(periodic ? length : length - 1);
  dispatch(FloatTypes(), type, name, [&]<class T>() {
    for (int64_t i = 0; i < length; ++i) out.data<T>()[i] = T(static_cast<Compute<T>>(length == 1 ? 1.0 : f(static_cast<double>(i), last)));
  });
  return out;
}

// ---- raised cosines ---------------------------------------------------------------------------------------------------------------------
Tensor hamming_alpha_beta(Context& ctx, int64_t length, bool periodic, double alpha, double beta, Wanted dtype, Lay layout, Dev, Pin) {
  return window(ctx, "hamming_window", length, periodic, dtype, layout,
                [=](double i, double last) { return alpha - beta * std::cos(2 * pi * i / last); });
}
Tensor hamming_alpha(Context& ctx, int64_t length, bool periodic, double alpha, Wanted dtype, Lay layout, Dev device, Pin pin) {
  return hamming_alpha_beta(ctx, length, periodic, alpha, 0.46, dtype, layout, device, pin);
}
Tensor hamming_periodic(Context& ctx, int64_t length, bool periodic, Wanted dtype, Lay layout, Dev device, Pin pin) {
  return hamming_alpha(ctx, length, periodic, 0.54, dtype, layout, device, pin);
}
Tensor hann_periodic(Context& ctx, int64_t length, bool periodic, Wanted dtype, Lay layout, Dev device, Pin pin) {
  return hamming_alpha_beta(ctx, length, periodic, 0.5, 0.5, dtype, layout, device, pin);
}
Tensor blackman_periodic(Context& ctx, int64_t length, bool periodic, Wanted dtype, Lay layout, Dev, Pin) {
  return window(ctx, "blackman_window", length, periodic, dtype, layout,
                [](double i, double last) { return 0.42 - 0.5 * std::cos(2 * pi * i / last) + 0.08 * std::cos(4 * pi * i / last); });
}

// ---- triangle and Bessel
// ------------------------------------------------------------------------------------------------------------------
Tensor bartlett_periodic(Context& ctx, int64_t length, bool periodic, Wanted dtype, Lay layout, Dev, Pin) {
  return window(ctx, "bartlett_window", length, periodic, dtype, layout,
                [](double i, double last) { return 1 - std::abs(2 * i / last - 1); });
}
Tensor kaiser_beta(Context& ctx, int64_t length, bool periodic, double beta, Wanted dtype, Lay layout, Dev, Pin) {
  double norm = std::cyl_bessel_i(0, std::abs(beta));
  return window(ctx, "kaiser_window", length, periodic, dtype, layout, [=](double i, double last) {
    double x = 2 * i / last - 1;
    return std::cyl_bessel_i(0, std::abs(beta) * std::sqrt(std::max(1 - x * x, 0.0))) / norm;
  });
}
Tensor kaiser_periodic(Context& ctx, int64_t length, bool periodic, Wanted dtype, Lay layout, Dev device, Pin pin) {
  return kaiser_beta(ctx, length, periodic, 12, dtype, layout, device, pin);
}

template <auto Window>
Tensor by_default(Context& ctx, int64_t length, Wanted dtype, Lay layout, Dev device, Pin pin) {
  return Window(ctx, length, true, dtype, layout, device, pin);
}

#define TSRUN_OPTIONS "ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None"
constexpr Op rows[] = {
    op<"aten::hann_window(int window_length, *, " TSRUN_OPTIONS ") -> Tensor", by_default<hann_periodic>>(),
    op<"aten::hann_window.periodic(int window_length, bool periodic, *, " TSRUN_OPTIONS ") -> Tensor", hann_periodic>(),
    op<"aten::hamming_window(int window_length, *, " TSRUN_OPTIONS ") -> Tensor", by_default<hamming_periodic>>(),
    op<"aten::hamming_window.periodic(int window_length, bool periodic, *, " TSRUN_OPTIONS ") -> Tensor", hamming_periodic>(),
    op<"aten::hamming_window.periodic_alpha(int window_length, bool periodic, float alpha, *, " TSRUN_OPTIONS ") -> Tensor",
       hamming_alpha>(),
    op<"aten::hamming_window.periodic_alpha_beta(int window_length, bool periodic, float alpha, float beta, *, " TSRUN_OPTIONS
       ") -> Tensor",
       hamming_alpha_beta>(),
    op<"aten::blackman_window(int window_length, *, " TSRUN_OPTIONS ") -> Tensor", by_default<blackman_periodic>>(),
    op<"aten::blackman_window.periodic(int window_length, bool periodic, *, " TSRUN_OPTIONS ") -> Tensor", blackman_periodic>(),
    op<"aten::bartlett_window(int window_length, *, " TSRUN_OPTIONS ") -> Tensor", by_default<bartlett_periodic>>(),
    op<"aten::bartlett_window.periodic(int window_length, bool periodic, *, " TSRUN_OPTIONS ") -> Tensor", bartlett_periodic>(),
    op<"aten::kaiser_window(int window_length, *, " TSRUN_OPTIONS ") -> Tensor", by_default<kaiser_periodic>>(),
    op<"aten::kaiser_window.periodic(int window_length, bool periodic, *, " TSRUN_OPTIONS ") -> Tensor", kaiser_periodic>(),
    op<"aten::kaiser_window.beta(int window_length, bool periodic, float beta, *, " TSRUN_OPTIONS ") -> Tensor", kaiser_beta>(),
};
#undef TSRUN_OPTIONS

}  // namespace

const std::span<const Op> window_ops = rows;

}  // namespace tsrun
