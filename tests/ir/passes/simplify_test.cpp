#include "ir/passes/simplify.h"

#include <catch2/catch.hpp>

#include "ir/passes/passes_testing.h"

using namespace tsrun;

/// The outline after simplification of a function of x whose w is a constant; it must compute what it did.
static std::string simplified(const std::string& body, PassTest** kept = nullptr) {
  static std::vector<std::unique_ptr<PassTest>> tests;
  tests.push_back(
      std::make_unique<PassTest>("def f(x: Tensor, w: Tensor):\n" + body, std::map<std::string, Value>{{"w", numbers({3, 4})}}));
  PassTest& test = *tests.back();
  if (kept) *kept = &test;
  Value x = numbers({2, 4}), want = test.run({x});
  find_exposed(test.graph(), test.environment);
  simplify(test.graph(), test.environment);
  remove_dead(test.graph(), test.environment);
  for (int call = 0; call < 2; ++call) {
    Value got = test.run({x});
    if (want.is_tensor()) CHECK(distance(got.to_tensor(), want.to_tensor()) < 1e-6);
  }
  return outline(test.graph());
}

TEST_CASE("operators on constant tensors are computed ahead") {
  PassTest* test = nullptr;
  CHECK(simplified("  return torch.matmul(x, torch.mul(torch.t(w), 0.5))\n", &test) == "a = aten::matmul(x, <float32 [4, 3]>)\nreturn a");
  CHECK(test->environment.baked.size() == 2);
  CHECK(simplified("  return torch.add(x, torch.arange(4))\n") == "a = aten::add.Tensor(x, <int64 [4]>, 1)\nreturn a");
  CHECK(simplified("  return torch.add(x, torch.cat([w, w], 0)[0])\n").find("cat") == std::string::npos);
}

TEST_CASE("a constant that could be told from a fresh tensor stays computed") {
  auto keeps = [](const std::string& body, const std::string& op) { return simplified(body).find(op) != std::string::npos; };
  CHECK(keeps("  return torch.zeros([2, 4])\n", "aten::zeros"));                 // the caller may write to it
  CHECK(keeps("  return torch.add_(torch.zeros([2, 4]), x)\n", "aten::zeros"));  // written
  CHECK(keeps("  z = torch.zeros([2, 4])\n  torch.add_(torch.select(z, 0, 0), x[0])\n  return torch.add(z, x)\n",
              "aten::zeros"));                                                                                // through a view
  CHECK(keeps("  l = [torch.zeros([2, 4])]\n  return torch.add_(l[0], x)\n", "aten::zeros"));                 // held by a list
  CHECK(keeps("  torch.mul_(w, 1.)\n  return torch.add(x, torch.mul(w, 2.)[0])\n", "aten::mul.Scalar"));      // its input is written
  CHECK(keeps("  l = [w]\n  torch.append(l, w)\n  return torch.add(x, torch.cat(l, 0)[5])\n", "aten::cat"));  // from a list that grows
  CHECK(keeps("  return torch.add(torch.mul(x, 0.), torch.rand([4]).mul(0.))\n", "aten::rand"));              // random
  CHECK(keeps("  return torch.add(x, torch.zeros([2000, 2000])[0, :4])\n", "aten::zeros"));                   // large
}

TEST_CASE("dropout outside training is its input") {
  CHECK(simplified("  y = torch.relu(x)\n  return torch.neg(torch.dropout(y, 0.5, False))\n") ==
        "a = aten::relu(x)\nb = aten::neg(a)\nreturn b");
  CHECK(simplified("  y = torch.relu(x)\n  return torch.mul(torch.dropout(y, 0.5, True), 0.)\n").find("aten::dropout") !=
        std::string::npos);
}

TEST_CASE("the rank of a layer's result is that of its input") {
  CHECK(simplified("  y = torch.relu(x)\n  z = torch.relu(y)\n  return torch.mul(z, torch.dim(z) + torch.dim(y))\n") ==
        "a = aten::dim(x)\nb = aten::relu(x)\nc = aten::relu(b)\nd = aten::add.int(a, a)\ne = aten::mul.Scalar(c, d)\nreturn e");
}

TEST_CASE("what nobody reads is removed, what acts is not") {
  CHECK(simplified("  torch.relu(x)\n  y = torch.neg(x)\n  if torch.dim(x) > 1:\n    z = torch.exp(y)\n  else:\n    z = y\n  return "
                   "torch.neg(x)\n") == "a = aten::neg(x)\nreturn a");
  CHECK(simplified("  torch.mul_(x, 1.)\n  return torch.neg(x)\n").find("aten::mul_") != std::string::npos);
  CHECK(simplified("  torch.rand([2])\n  return torch.neg(x)\n").find("aten::rand") != std::string::npos);  // later numbers depend on it
}
