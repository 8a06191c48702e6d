#include "ops/kernels/conv.h"

#include <catch2/catch.hpp>
#include <vector>

#include "conv_testing.h"

using namespace tsrun::kernels;
using namespace tsrun::kernels::testing;

namespace {

const ConvShape kShapes[] = {
    conv(1, 7, 9, 20, 33, 1, 1),
    conv(3, 1, 1, 40, 24, 1, 1),
    conv(2, 8, 5, 19, 16, 1, 1, 2),
    conv(2, 6, 7, 16, 40, 3, 3, 1, 1),
    conv(1, 9, 8, 70, 17, 3, 3, 2, 1),
    conv(1, 5, 5, 300, 8, 3, 3, 1, 1),
    conv(2, 11, 13, 3, 32, 7, 7, 2, 3),
    conv(1, 12, 10, 4, 5, 3, 3, 1, 1),
    conv(1, 10, 10, 1, 8, 5, 5, 1, 2),
    conv(1, 3, 3, 2, 6, 3, 3, 1, 3),
    conv(1, 4, 4, 5, 7, 3, 3, 1, 9),
    conv(1, 14, 13, 6, 10, 3, 3, 1, 2, 3),
    conv(2, 9, 9, 12, 18, 3, 3, 1, 1, 1, 3),
    conv(1, 9, 9, 24, 8, 2, 3, 2, 1, 1, 4),
    conv(1, 9, 7, 20, 20, 3, 3, 1, 1, 1, 20),
    conv(2, 8, 8, 35, 35, 5, 5, 2, 2, 1, 35),
    conv(1, 8, 8, 16, 16, 3, 3, 1, 2, 2, 16),
    conv(1, 6, 6, 6, 12, 3, 3, 1, 1, 1, 6),
    conv(2, 1, 50, 10, 12, 1, 5, 1, 2),
    conv(1, 1, 400, 1, 6, 1, 129, 7, 64),
    conv(1, 1, 30, 8, 8, 1, 9, 1, 4, 1, 8),
    lopsided(conv(2, 12, 11, 9, 15, 3, 2, 1, 1)),
    lopsided(conv(1, 12, 11, 8, 8, 3, 3, 1, 1, 1, 8)),
    cropped(conv(1, 9, 9, 6, 8, 3, 3)),
    cropped(conv(1, 9, 9, 3, 8, 3, 3)),
    transposed(conv(2, 4, 5, 6, 9, 3, 3, 2, 1), 1),
    transposed(conv(1, 5, 4, 8, 6, 4, 4, 2, 1)),
    transposed(conv(1, 4, 4, 6, 4, 3, 3, 3, 0, 2, 2), 2),
    transposed(conv(1, 6, 6, 8, 8, 2, 2, 2, 0, 1, 8)),
    transposed(conv(1, 6, 6, 8, 5, 1, 1)),
};

}  // namespace

TEST_CASE("convolution agrees with its definition in every layout and instruction set", "[kernels][conv]") {
  for_each_isa([] {
    for (const ConvShape& s : kShapes) {
      for (int layouts = 0; layouts < 4; layouts++) {
        const ConvOptions options{layouts & 1 ? Layout::nchw : Layout::nhwc, layouts & 2 ? Layout::nchw : Layout::nhwc, false};
        INFO(describe(s) << " layouts " << layouts);
        const Problem p(s, options);
        check(p, p.run(make_plan(pack_conv(contiguous_weight(p.w.data(), s)), s, options), 1), kDirectError, 0);
      }
    }
  });
}

TEST_CASE("convolution gives the same bits for every thread count", "[kernels][conv]") {
  for_each_isa([] {
    for (const ConvShape& s : kShapes) {
      INFO(describe(s));
      const Problem p(s, {});
      const ConvPlan plan = make_plan(pack_conv(contiguous_weight(p.w.data(), s)), s);
      const auto one = p.run(plan, 1, {ActivationKind::relu});
      REQUIRE(one == p.run(plan, 2, {ActivationKind::relu}));
      REQUIRE(one == p.run(plan, 5, {ActivationKind::relu}));
    }
  });
}

TEST_CASE("a channels-last weight packs like a contiguous one", "[kernels][conv]") {
  const ConvShape s = conv(1, 6, 6, 5, 4, 3, 3, 1, 1);
  const Problem p(s, {});
  std::vector<float> last(p.w.size());
  for (int64_t o = 0; o < s.c_out; o++) {
    for (int64_t c = 0; c < s.c_in; c++) {
      for (int64_t t = 0; t < 9; t++) last[(o * 9 + t) * s.c_in + c] = p.w[(o * s.c_in + c) * 9 + t];
    }
  }
  const ConvWeight weight{last.data(), s.c_in, s.c_out, 3, 3, 1, 9 * s.c_in, 1, 3 * s.c_in, s.c_in};
  REQUIRE(p.run(make_plan(pack_conv(weight), s), 1) == p.run(make_plan(pack_conv(contiguous_weight(p.w.data(), s)), s), 1));
}

TEST_CASE("an empty batch does nothing", "[kernels][conv]") {
  const ConvShape s = conv(0, 6, 6, 5, 4, 3, 3);
  const std::vector<float> w = random_values<float>(5 * 4 * 9, 1);
  const ConvPlan plan = make_plan(pack_conv(contiguous_weight(w.data(), s)), s, {Layout::nchw, Layout::nchw});
  REQUIRE(conv_workspace_bytes(plan, 2) == 0);
  run_conv(plan, nullptr, nullptr, {}, nullptr, 2);
}
