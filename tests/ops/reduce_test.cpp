#include "ops/reduce.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "ops/tensor_ops.h"
#include "tsrun/error.h"

using namespace tsrun;

static Tensor waves(const Dims& sizes) {
  Tensor x = Tensor::empty(sizes);
  for (int64_t i = 0; i < x.numel(); ++i) x.data<float>()[i] = std::sin(static_cast<float>(i) * 0.7f) + 1;
  return x;
}

TEST_CASE("sums do not depend on the number of threads") {
  Context one, four;
  four.threads = 4;
  for (const Tensor& x : {waves({700000}), waves({3, 250000}), waves({250000, 3}), transpose(waves({600, 500}), 0, 1)})
    for (int64_t dim = 0; dim < x.dim(); ++dim) {
      Tensor a = sum(one, x, Dims{dim}), b = sum(four, x, Dims{dim});
      CHECK(std::memcmp(a.data(), b.data(), static_cast<size_t>(a.numel()) * sizeof(float)) == 0);
    }
}

TEST_CASE("the error of a long sum is that of a short one") {
  Context ctx;
  Tensor x = full(ctx, Dims{1 << 22}, Scalar(0.1), DType::f32);
  CHECK(sum(ctx, x, {}).item() == Approx(static_cast<double>(0.1f) * (1 << 22)).epsilon(32 * 0x1p-24));  // 32 additions in float
}

TEST_CASE("an expanded dimension counts as often as it is long") {
  Context ctx;
  Tensor x = expand(waves({3, 1, 5}), Dims{3, 4, 5});
  CHECK(sum(ctx, x, {}).item() == Approx(4 * sum(ctx, waves({3, 1, 5}), {}).item()));
  CHECK(Dims(mean(ctx, x, Dims{1, -1}, true).sizes()) == Dims{3, 1, 1});
}

TEST_CASE("norms and moments of a few numbers") {
  Context ctx;
  Tensor x = Tensor::empty(Dims{4});
  for (int i = 0; i < 4; ++i) x.data<float>()[i] = static_cast<float>(i % 2 ? -i : i);  // 0 -1 2 -3
  CHECK(vector_norm(ctx, x, 1, {}).item() == 6);
  CHECK(vector_norm(ctx, x, INFINITY, {}).item() == 3);
  CHECK(vector_norm(ctx, x, -INFINITY, {}).item() == 0);
  CHECK(vector_norm(ctx, x, 0, {}).item() == 3);
  Moments m = moments(ctx, x, {}, 1, false, false);
  CHECK(m.mean.item() == -0.5);
  CHECK(m.variance.item() == Approx(13.0 / 3));
}

TEST_CASE("reductions refuse dimensions that are not there") {
  Context ctx;
  CHECK_THROWS_AS(sum(ctx, waves({2, 3}), Dims{2}), Error);
  CHECK_THROWS_AS(sum(ctx, waves({2, 3}), Dims{0, 0}), Error);
  CHECK_THROWS_AS(mean(ctx, Tensor::zeros(Dims{2}, DType::i64), {}), Error);
}
