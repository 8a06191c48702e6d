#include <catch2/catch.hpp>
#include <vector>

#include "conv_testing.h"

using namespace tsrun::kernels;
using namespace tsrun::kernels::testing;

namespace {

ConvShape depthwise(int64_t h, int64_t w, int64_t channels, int64_t kh, int64_t kw, int64_t stride, int64_t pad, int64_t dilation = 1) {
  return conv(2, h, w, channels, channels, kh, kw, stride, pad, dilation, channels);
}

// Wide enough for tiles that touch no border, and every width of the last tile of a row.
const ConvShape kShapes[] = {
    depthwise(5, 7, 37, 3, 3, 1, 1),           depthwise(4, 30, 16, 3, 3, 1, 1),   depthwise(9, 33, 5, 3, 3, 2, 1),
    depthwise(6, 40, 19, 5, 5, 1, 2),          depthwise(7, 45, 18, 5, 5, 2, 2),   depthwise(8, 27, 21, 7, 7, 1, 3),
    depthwise(8, 26, 21, 7, 7, 2, 3),          depthwise(2, 2, 40, 7, 7, 1, 3),    depthwise(9, 28, 6, 3, 3, 1, 2, 2),
    depthwise(1, 50, 33, 1, 31, 1, 15),        depthwise(1, 320, 3, 1, 300, 1, 9), depthwise(10, 20, 7, 4, 2, 3, 0),
    depthwise(3, 18, 8, 3, 3, 1, 5),           depthwise(80, 3, 2, 71, 3, 1, 1),   transposed(depthwise(5, 6, 18, 4, 4, 2, 1)),
    lopsided(depthwise(9, 25, 9, 3, 3, 1, 1)),
};

}  // namespace

TEST_CASE("depthwise convolution agrees with its definition", "[kernels][depthwise]") {
  for_each_isa([] {
    for (const ConvShape& s : kShapes) {
      INFO(describe(s));
      const Problem p(s, {});
      const ConvPlan plan = make_plan(pack_conv(contiguous_weight(p.w.data(), s)), s);
      const auto y = p.run(plan, 1);
      check(p, y, kDirectError, 0);
      REQUIRE(y == p.run(plan, 3));
    }
  });
}

TEST_CASE("depthwise output may be its own residual", "[kernels][depthwise]") {
  for_each_isa([] {
    for (const ConvShape& s : kShapes) {
      INFO(describe(s));
      const Problem p(s, {});
      const ConvPlan plan = make_plan(pack_conv(contiguous_weight(p.w.data(), s)), s);
      auto y = p.residual;
      run_conv(plan, p.x.data(), y.data(), {p.bias.data(), y.data(), 0, {ActivationKind::silu}}, nullptr, 1);
      REQUIRE(y == p.run(plan, 1, {ActivationKind::silu}));
    }
  });
}

TEST_CASE("depthwise applies activations to every channel once", "[kernels][depthwise]") {
  for_each_isa([] {
    const ConvShape s = depthwise(5, 20, 37, 3, 3, 1, 1);
    const Problem p(s, {});
    const ConvPlan plan = make_plan(pack_conv(contiguous_weight(p.w.data(), s)), s);
    const auto plain = p.run(plan, 1), clamped = p.run(plan, 1, {ActivationKind::hardtanh, -0.5, 0.25});
    const auto leaky = p.run(plan, 1, {ActivationKind::leaky_relu, 0.5});
    for (size_t i = 0; i < plain.size(); i++) {
      REQUIRE(clamped[i] == std::min(std::max(plain[i], -0.5f), 0.25f));
      REQUIRE(leaky[i] == (plain[i] < 0 ? plain[i] * 0.5f : plain[i]));
    }
  });
}
