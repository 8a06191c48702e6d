#include "ir/passes/fuse.h"

#include <catch2/catch.hpp>

#include "ir/passes/passes_testing.h"

using namespace tsrun;

static std::string function(const std::string& body) {
  return "def f(x: Tensor, r: Tensor, w: Tensor, b: Tensor, g: Tensor, s: Tensor, m: Tensor, v: Tensor):\n" + body;
}

static std::map<std::string, Value> constants() {
  Tensor variance = numbers({4}, 0.9);
  for (int64_t i = 0; i < 4; ++i) variance.data<float>()[i] = 0.5f + std::abs(variance.data<float>()[i]);
  return {{"w", numbers({4, 4, 3, 3})}, {"b", numbers({4}, 0.1)}, {"g", numbers({4}, 0.2)},
          {"s", numbers({4}, 0.3)},     {"m", numbers({4}, 0.4)}, {"v", variance}};
}

/// The outline after fusion; the program must still compute the same, of a result and of the argument it may have changed.
static std::string fused(const std::string& body) {
  PassTest test(function(body), constants());
  auto images = [] { return std::vector<Value>{numbers({2, 4, 5, 6}, 0.5), numbers({2, 4, 5, 6}, 0.6)}; };
  std::vector<Value> first = images(), second = images();
  Value want = test.run(first);
  find_exposed(test.graph(), test.environment);
  fuse(test.graph(), test.environment);
  remove_dead(test.graph(), test.environment);
  Value got = test.run(second);
  REQUIRE(got.is_tuple() == want.is_tuple());
  size_t parts = want.is_tuple() ? want.to_tuple().elements.size() : 1;
  for (size_t i = 0; i < parts; ++i) {
    auto part = [&](const Value& v) { return v.is_tuple() ? v.to_tuple().elements[i].to_tensor() : v.to_tensor(); };
    CHECK(distance(part(got), part(want)) < 2e-6);
  }
  for (size_t i = 0; i < 2; ++i) CHECK(distance(second[i].to_tensor(), first[i].to_tensor()) < 2e-6);
  return outline(test.graph());
}

static const std::string conv = "  y = torch.conv2d(x, w, b, [1, 1], [1, 1], [1, 1], 1)\n";
static const std::string norm = "  z = torch.batch_norm(y, g, s, m, v, False, 0.1, 1e-5, True)\n";

TEST_CASE("convolution, batch norm, sum and activation become one node") {
  CHECK(fused(conv + norm + "  z = torch.add_(z, r)\n  return torch.relu_(z)\n") ==
        "a = tsrun::convolution(x, r, <float32 [4, 4, 3, 3]>, <float32 [4]>, <float32 [4]>, [1, 1], [1, 1], [1, 1], False, [], 1, True, "
        "'add_', 'relu', 0., 0., False)\nreturn a");
  CHECK(fused(conv + "  return torch.hardtanh(y, 0., 6.)\n") ==
        "a = tsrun::convolution(x, None, <float32 [4, 4, 3, 3]>, <float32 [4]>, None, [1, 1], [1, 1], [1, 1], False, [], 1, False, "
        "'none', 'hardtanh', 0., 6., False)\nreturn a");
}

TEST_CASE("a sum is taken by the later of two layers") {
  std::string after = fused(conv + "  z = torch.conv2d(r, w, None, [1, 1], [1, 1], [1, 1], 1)\n  return torch.relu(torch.add(y, z))\n");
  CHECK(after.starts_with("a = aten::conv2d(x,"));
  CHECK(after.find("b = tsrun::convolution(r, a,") != after.npos);
}

TEST_CASE("a linear layer takes a sum and an activation") {
  PassTest test(
      "def f(x: Tensor, r: Tensor, w: Tensor, b: Tensor):\n  y = torch.linear(x, w, b)\n  z = torch.add(r, y)\n  return torch.gelu(z)\n",
      {{"w", numbers({5, 7})}, {"b", numbers({5}, 0.1)}});
  Value want = test.run({numbers({2, 3, 7}), numbers({2, 3, 5})}), broadcast = test.run({numbers({2, 3, 7}), numbers({4, 1, 1, 5})});
  fuse(test.graph(), test.environment);
  CHECK(outline(test.graph()) == "a = tsrun::linear(x, r, <float32 [5, 7]>, <float32 [5]>, 'radd', 'gelu', 0., 0.)\nreturn a");
  CHECK(distance(test.run({numbers({2, 3, 7}), numbers({2, 3, 5})}).to_tensor(), want.to_tensor()) < 2e-6);
  CHECK(distance(test.run({numbers({2, 3, 7}), numbers({4, 1, 1, 5})}).to_tensor(), broadcast.to_tensor()) < 2e-6);
}

TEST_CASE("a check that may raise does not keep layer and sum apart") {
  std::string after = fused(conv +
                            "  if torch.ne(torch.dim(r), 4):\n    ops.prim.RaiseException(torch.format(\"got {}D\", torch.dim(r)), "
                            "\"builtins.ValueError\")\n  else:\n    pass\n  return torch.relu_(torch.add_(y, r))\n");
  CHECK(after.find("'add_', 'relu'") != after.npos);
  CHECK(after.find("if") < after.find("tsrun::convolution"));
}

TEST_CASE("an activation in place is taken when only later uses see it") {
  CHECK(fused(conv + "  z = torch.relu_(y)\n  return (torch.neg(y), z)\n").find("aten::relu") == std::string::npos);
  CHECK(fused(conv + "  n = torch.neg(y)\n  z = torch.relu_(y)\n  return (n, z)\n").find("aten::relu_") != std::string::npos);
}

TEST_CASE("what somebody else can see between two operators stays") {
  auto keeps = [](const std::string& body, const std::string& op) { return fused(conv + body).find(op) != std::string::npos; };
  CHECK(keeps("  return torch.add(torch.relu(y), torch.neg(y))\n", "aten::relu"));                    // used twice
  CHECK(keeps("  return (y, torch.relu(y))\n", "aten::relu"));                                        // returned
  CHECK(keeps("  u = torch.view(y, [-1])\n  z = torch.relu_(y)\n  return (u, z)\n", "aten::relu_"));  // seen through a view
  CHECK(keeps("  l = [y]\n  z = torch.relu_(y)\n  return (l[0], z)\n", "aten::relu_"));               // held by a list
  CHECK(keeps("  torch.neg_(x)\n  return torch.add(y, r)\n", "aten::add"));  // the layer's input changes in between
  CHECK(keeps("  z = torch.add_(r, y)\n  return (z, r)\n", "aten::add_"));   // the argument is what is written
  CHECK(keeps("  return torch.add(y, r, alpha=2)\n", "aten::add"));
  CHECK(keeps("  return torch.add(y, y)\n", "aten::add"));
  CHECK(keeps("  z = torch.relu(y)\n  return torch.batch_norm(z, g, s, m, v, False, 0.1, 1e-5, True)\n", "aten::batch_norm"));
}

TEST_CASE("batch norm in training is not folded") {
  CHECK(fused(conv + "  z = torch.batch_norm(y, g, s, m, v, True, 0.1, 1e-5, True)\n  return z\n").find("aten::batch_norm") !=
        std::string::npos);
}

TEST_CASE("batch norm is folded into convolutions of every form") {
  for (const char* call : {"torch.conv2d(x, w, None, [2, 1], [1, 1], [1, 1], 2)", "torch.conv2d(x, w, None, [1, 1], \"same\", [2, 1], 2)",
                           "torch.conv_transpose2d(x, w, None, [2, 1], [1, 1], [1, 0], 2, [1, 1])",
                           "torch._convolution(x, w, None, [1, 1], [1, 1], [1, 1], True, [0, 0], 2, False, False, True, True)"}) {
    auto values = constants();
    values["w"] = numbers({4, 2, 3, 3});
    PassTest test(function("  y = " + std::string(call) + "\n  return torch.batch_norm(y, g, s, m, v, False, 0.1, 1e-5, True)\n"), values);
    bool transposed = std::string(call).find("True") != std::string::npos || std::string(call).find("transpose") != std::string::npos;
    Value x = numbers({2, 4, 5, 6}), want = test.run({x, x});
    fuse(test.graph(), test.environment);
    INFO(call << transposed);
    CHECK(outline(test.graph()).find("batch_norm") == std::string::npos);
    CHECK(distance(test.run({x, x}).to_tensor(), want.to_tensor()) < 2e-6);
    CHECK(test.environment.baked.size() >= 4);
  }
}

TEST_CASE("a sum that broadcasts or promotes gives what it gave") {
  for (const char* add : {"add", "add_"}) {
    PassTest test(function(conv + "  return torch.relu(torch." + add + "(y, r))\n"), constants());
    std::vector<Value> addends{numbers({4, 1, 1}), numbers({2, 4, 5, 1})};
    Tensor wide = Tensor::empty(Dims{2, 4, 5, 6}, DType::f64);
    for (int64_t i = 0; i < wide.numel(); ++i) wide.data<double>()[i] = 0.01 * static_cast<double>(i % 100) - 0.4;
    addends.push_back(wide);
    std::vector<Value> want;
    Value x = numbers({2, 4, 5, 6});
    for (const Value& r : addends) want.push_back(test.run({x, r}));
    fuse(test.graph(), test.environment);
    REQUIRE(outline(test.graph()).find("aten::") == std::string::npos);
    for (size_t i = 0; i < addends.size(); ++i) CHECK(distance(test.run({x, addends[i]}).to_tensor(), want[i].to_tensor()) < 2e-6);
    Value high = numbers({3, 1, 4, 5, 6});
    if (std::string(add) == "add_") CHECK_THROWS_WITH(test.run({x, high}), Catch::Contains("doesn't match the broadcast shape"));
    else CHECK(test.run({x, high}).to_tensor().dim() == 5);
  }
}
