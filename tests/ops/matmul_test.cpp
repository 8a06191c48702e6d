#include "ops/matmul.h"

#include <catch2/catch.hpp>
#include <cstring>

#include "ops/tensor_ops.h"
#include "tsrun/error.h"

using namespace tsrun;

static Tensor counting(const Dims& sizes, DType dtype = DType::f32) {
  Context ctx;
  Tensor x = Tensor::empty(sizes);
  for (int64_t i = 0; i < x.numel(); ++i) x.data<float>()[i] = static_cast<float>(i * 7 % 11 - 5);
  return cast(ctx, x, dtype);
}

/// Element (i, j) of a b by the definition, for small integers: exact in every dtype.
static double entry(const Tensor& a, const Tensor& b, int64_t i, int64_t j) {
  Context ctx;
  Tensor x = cast(ctx, contiguous(ctx, a), DType::f64), y = cast(ctx, contiguous(ctx, b), DType::f64);
  double sum = 0;
  for (int64_t k = 0; k < x.size(1); ++k) sum += x.data<double>()[i * x.size(1) + k] * y.data<double>()[k * y.size(1) + j];
  return sum;
}

TEST_CASE("products of every dtype and any strides") {
  Context ctx;
  for (DType t : {DType::f32, DType::f64, DType::f16, DType::bf16, DType::i64, DType::i32, DType::i16, DType::c64}) {
    Tensor a = transpose(counting({4, 3}, t), 0, 1), b = transpose(counting({5, 4}, t), 0, 1);
    Tensor c = cast(ctx, matrix_product(ctx, a, b), DType::f64);
    for (int64_t i = 0; i < 3; ++i)
      for (int64_t j = 0; j < 5; ++j) CHECK(c.data<double>()[i * 5 + j] == entry(a, b, i, j));
  }
}

TEST_CASE("a sum of nothing is zero") {
  Context ctx;
  Tensor c = matrix_product(ctx, Tensor::zeros(Dims{2, 0}), Tensor::zeros(Dims{0, 3}));
  CHECK(Dims(c.sizes()) == Dims{2, 3});
  CHECK(c.data<float>()[5] == 0);
}

TEST_CASE("a prepared weight gives what the weight gives") {
  Context ctx;
  Tensor weight = counting({6, 4}), bias = counting({6}), x = counting({2, 3, 4});
  Tensor plain = linear(ctx, x, weight, &bias);
  Ref<const Prepared> kept;
  ctx.prepared = &kept;
  for (int round = 0; round < 2; ++round) {
    Tensor y = linear(ctx, x, weight, &bias);
    CHECK(Dims(y.sizes()) == Dims{2, 3, 6});
    CHECK(std::memcmp(y.data(), plain.data(), static_cast<size_t>(y.numel()) * sizeof(float)) == 0);
    CHECK(kept);
  }
}

TEST_CASE("batches broadcast") {
  Context ctx;
  CHECK(Dims(matmul(ctx, counting({2, 1, 3, 4}), counting({5, 4, 6})).sizes()) == Dims{2, 5, 3, 6});
  CHECK(Dims(matmul(ctx, counting({4}), counting({5, 4, 6})).sizes()) == Dims{5, 6});
  CHECK(Dims(matmul(ctx, counting({5, 3, 4}), counting({4})).sizes()) == Dims{5, 3});
  CHECK(matmul(ctx, counting({4}), counting({4})).dim() == 0);
}

TEST_CASE("operands that do not fit are refused") {
  Context ctx;
  CHECK_THROWS_AS(matmul(ctx, counting({2, 3}), counting({4, 2})), Error);
  CHECK_THROWS_AS(matmul(ctx, counting({2, 3}), counting({3, 2}, DType::f64)), Error);
  CHECK_THROWS_AS(linear(ctx, counting({2, 3}), counting({4, 5}), nullptr), Error);
}
