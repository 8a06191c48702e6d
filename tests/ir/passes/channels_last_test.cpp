#include "ir/passes/channels_last.h"

#include <catch2/catch.hpp>

#include "ir/passes/fuse.h"
#include "ir/passes/passes_testing.h"
#include "ops/tensor_ops.h"

using namespace tsrun;

static Tensor with_format(const Tensor& t, MemoryFormat format) {
  Context ctx;
  return clone(ctx, t, format);
}

/// The outline with regions. The program must give the values and the strides it gave, for contiguous and channels-last images and for
/// ones without a batch.
static std::string with_regions(const std::string& body) {
  PassTest test("def f(x: Tensor, r: Tensor, w: Tensor, p: Tensor):\n" + body,
                {{"w", numbers({4, 4, 3, 3})}, {"p", with_format(numbers({4, 4, 3, 3}), MemoryFormat::channels_last)}});
  Tensor x = numbers({2, 4, 6, 7}, 0.5), r = numbers({2, 4, 6, 7}, 0.6), line = numbers({1, 4, 1, 1}), flat = numbers({4, 6, 7});
  std::vector<std::vector<Tensor>> images = {{x, r},
                                             {with_format(x, MemoryFormat::channels_last), with_format(r, MemoryFormat::channels_last)},
                                             {x, with_format(r, MemoryFormat::channels_last)},
                                             {transpose(x, 2, 3), transpose(r, 2, 3)},
                                             {line, line},
                                             {flat, flat}};
  auto run = [&](std::vector<Tensor> in) -> std::vector<Tensor> {
    Context ctx;
    for (Tensor& t : in) t = clone(ctx, t);
    std::vector<Tensor> out;
    try {
      Value v = test.run({in[0], in[1]});
      if (v.is_tensor()) out.push_back(v.to_tensor());
      else
        for (const Value& e : v.to_tuple().elements) out.push_back(e.to_tensor());
    } catch (const Error&) {}
    return out;
  };
  std::vector<std::vector<Tensor>> want;
  for (auto& in : images) want.push_back(run(in));
  REQUIRE(!want[0].empty());
  find_exposed(test.graph(), test.environment);
  fuse(test.graph(), test.environment);
  use_channels_last(test.graph(), test.environment);
  remove_dead(test.graph(), test.environment);
  for (size_t i = 0; i < images.size(); ++i) {
    std::vector<Tensor> got = run(images[i]);
    REQUIRE(got.size() == want[i].size());
    for (size_t k = 0; k < got.size(); ++k) {
      INFO("images " << i << ", result " << k << "\n" << outline(test.graph()));
      CHECK(distance(got[k], want[i][k]) < 2e-6);
      CHECK(Dims(got[k].strides()) == Dims(want[i][k].strides()));
    }
  }
  return outline(test.graph());
}

static size_t count(const std::string& text, const std::string& part) {
  size_t n = 0;
  for (size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++n;
  return n;
}

static std::string conv(const std::string& y, const std::string& x) {
  return "  " + y + " = torch.conv2d(" + x + ", w, None, [1, 1], [1, 1], [1, 1], 1)\n";
}

TEST_CASE("a chain of convolutions is one region") {
  CHECK(with_regions(conv("y", "x") + "  y = torch.max_pool2d(y, [2, 2], [1, 1], [1, 1], [1, 1], False)\n" + conv("z", "y") +
                     "  return z\n") ==
        "a = tsrun::enter_channels_last(x)\n"
        "b = tsrun::convolution(x, None, <float32 [4, 4, 3, 3]>, None, None, [1, 1], [1, 1], [1, 1], False, [], 1, False, 'none', 'none', "
        "0., 0., a)\n"
        "c = aten::max_pool2d(b, [2, 2], [1, 1], [1, 1], [1, 1], False)\n"
        "d = tsrun::convolution(c, None, <float32 [4, 4, 3, 3]>, None, None, [1, 1], [1, 1], [1, 1], False, [], 1, False, 'none', 'none', "
        "0., 0., a)\n"
        "e = tsrun::leave_channels_last(d, a)\n"
        "return e");
}

TEST_CASE("sums, products and concatenations stay inside") {
  std::string after =
      with_regions(conv("y", "x") + conv("z", "y") + "  s = torch.cat([torch.add(y, z), torch.mul(y, torch.sigmoid(z))], 1)\n" +
                   "  m = torch.mean(y, [2, 3], True)\n  return (torch.sub(y, m), torch.hardswish_(s))\n");
  CHECK(count(after, "leave_channels_last") == 2);
}

TEST_CASE("a convolution alone is no region") {
  CHECK(with_regions(conv("y", "x") + "  return torch.softmax(y, 1)\n").find("leave_channels_last") == std::string::npos);
}

TEST_CASE("another image makes a border") {
  std::string after = with_regions(conv("y", "x") + conv("z", "r") + conv("y", "y") + conv("z", "z") + "  return torch.mul(y, z)\n");
  CHECK(count(after, "enter_channels_last") == 2);
  CHECK(count(after, "leave_channels_last") == 2);
}

TEST_CASE("a weight in channels-last order is left to PyTorch's rule") {
  CHECK(with_regions("  y = torch.conv2d(x, p, None, [1, 1], [1, 1], [1, 1], 1)\n  return torch.neg(y)\n").find("enter") ==
        std::string::npos);
}

TEST_CASE("what could be written to or viewed leaves where it is made") {
  for (const char* use : {"  u = torch.view(y, [-1])\n  torch.add_(y, 1)\n", "  u = torch.transpose(y, 1, 2)\n  torch.mul_(u, 2)\n",
                          "  u = torch.flatten(y)\n", "  l = [y]\n  u = torch.add_(l[0], 1)\n",
                          "  u = torch.relu_(torch.select(y, 1, 0))\n", "  u = torch.neg(y)\n  torch.sigmoid_(y)\n"}) {
    INFO(use);
    std::string after = with_regions(conv("y", "x") + use + conv("z", "y") + conv("z", "z") + "  return (y, u, z)\n");
    CHECK(count(after, "enter_channels_last") >= 1);
  }
  with_regions(conv("y", "x") + "  if torch.dim(x) == 4:\n    y = torch.relu(y)\n  else:\n    y = torch.neg(y)\n" + conv("z", "y") +
               conv("z", "z") + "  return (y, z)\n");
}
