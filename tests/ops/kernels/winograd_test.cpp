#include <catch2/catch.hpp>
#include <vector>

#include "conv_testing.h"
#include "ops/kernels/conv_winograd.h"

using namespace tsrun::kernels;
using namespace tsrun::kernels::testing;

namespace {

// The bound for 4x4 tiles with a reserve of two over what 512 channels need; 2x2 tiles stay below it by far.
constexpr double kShareOfLargest = 5e-6;

// The output sizes leave every remainder of the tile size.
const ConvShape kShapes[] = {
    conv(1, 8, 8, 32, 32, 3, 3, 1, 1),   conv(2, 9, 14, 40, 33, 3, 3, 1, 1), conv(1, 13, 11, 37, 70, 3, 3, 1, 1),
    conv(1, 12, 15, 64, 48, 3, 3, 1, 0), conv(3, 6, 5, 33, 32, 3, 3, 1, 2),  conv(1, 30, 30, 128, 64, 3, 3, 1, 1),
};

ConvPlan plan_with(const PackedConv& weight, const ConvShape& shape, const ConvOptions& options, int64_t size) {
  auto plan = std::make_shared<ConvPlanData>();
  plan->weight = weight;
  plan->shape = shape;
  plan->options = options;
  plan->algorithm = ConvAlgorithm::winograd;
  plan->out_h = shape.out_h();
  plan->out_w = shape.out_w();
  plan->input_copy = plan->output_copy = 0;
  plan->zeros = AlignedBuffer<float>(shape.c_in);
  plan->winograd = &pack_winograd(*weight.data, size, 2);
  return {plan};
}

}  // namespace

TEST_CASE("both tile sizes agree with the definition", "[kernels][winograd]") {
  for_each_isa([] {
    for (const ConvShape& s : kShapes) {
      const Problem p(s, {});
      const PackedConv weight = pack_conv(contiguous_weight(p.w.data(), s));
      for (int64_t size : {2, 4}) {
        INFO(describe(s) << " tile " << size);
        const ConvPlan plan = plan_with(weight, s, {}, size);
        const auto y = p.run(plan, 1);
        check(p, y, kDirectError, kShareOfLargest);
        REQUIRE(y == p.run(plan, 2));
        REQUIRE(y == p.run(plan, 5));
      }
    }
  });
}

TEST_CASE("large 3x3 layers take Winograd unless told not to", "[kernels][winograd]") {
  REQUIRE(pick_winograd(conv(1, 56, 56, 64, 64, 3, 3, 1, 1)) == 4);
  REQUIRE(pick_winograd(conv(1, 56, 56, 64, 64, 3, 3, 2, 1)) == 0);
  REQUIRE(pick_winograd(conv(1, 56, 56, 64, 64, 3, 3, 1, 2, 2)) == 0);
  REQUIRE(pick_winograd(conv(1, 56, 56, 64, 64, 3, 3, 1, 1, 1, 2)) == 0);
  REQUIRE(pick_winograd(conv(1, 56, 56, 3, 64, 3, 3, 1, 1)) == 0);

  const ConvShape s = conv(1, 56, 56, 64, 64, 3, 3, 1, 1);
  const Problem p(s, {});
  const PackedConv weight = pack_conv(contiguous_weight(p.w.data(), s));
  const auto fast = p.run(make_plan(weight, s), 2), direct = p.run(make_plan(weight, s, {Layout::nhwc, Layout::nhwc, false}), 2);
  REQUIRE(fast != direct);
  check(p, fast, kDirectError, kShareOfLargest);
  check(p, direct, kDirectError, 0);
}

TEST_CASE("Winograd serves both layouts, residuals in place and activations", "[kernels][winograd]") {
  const ConvShape s = conv(2, 29, 30, 64, 64, 3, 3, 1, 1);
  for (int layouts = 0; layouts < 4; layouts++) {
    const ConvOptions options{layouts & 1 ? Layout::nchw : Layout::nhwc, layouts & 2 ? Layout::nchw : Layout::nhwc};
    const Problem p(s, options);
    const ConvPlan plan = make_plan(pack_conv(contiguous_weight(p.w.data(), s)), s, options);
    REQUIRE(plan.data->algorithm == ConvAlgorithm::winograd);
    const auto plain = p.run(plan, 2);
    check(p, plain, kDirectError, kShareOfLargest);
    const auto leaky = p.run(plan, 1, {ActivationKind::leaky_relu, 0.5}), relu = p.run(plan, 1, {ActivationKind::relu});
    auto in_place = p.residual;
    Workspace workspace(conv_workspace_bytes(plan, 1));
    run_conv(plan, p.x.data(), in_place.data(), {p.bias.data(), in_place.data(), 0, {}}, workspace.data(), 1);
    REQUIRE(in_place == plain);
    for (size_t i = 0; i < plain.size(); i++) {
      REQUIRE(relu[i] == std::max(plain[i], 0.0f));
      REQUIRE(leaky[i] == (plain[i] < 0 ? plain[i] * 0.5f : plain[i]));
    }
  }
}

TEST_CASE("workspace for some threads is enough for fewer", "[kernels][winograd]") {
  for (int64_t size : {14, 28, 56, 70}) {
    const ConvShape s = conv(1, size, size, 64, 64, 3, 3, 1, 1);
    const Problem p(s, {});
    const ConvPlan plan = make_plan(pack_conv(contiguous_weight(p.w.data(), s)), s);
    for (int threads = 2; threads <= 9; threads++) {
      INFO(describe(s) << " threads " << threads);
      REQUIRE(conv_workspace_bytes(plan, threads) >= conv_workspace_bytes(plan, threads - 1));
    }
  }
}
