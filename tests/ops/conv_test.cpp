#include "ops/conv.h"

#include <catch2/catch.hpp>

#include "ops/tensor_ops.h"
#include "tsrun/error.h"

using namespace tsrun;

static Tensor counting(const Dims& sizes, DType dtype = DType::f32) {
  Context ctx;
  Tensor x = Tensor::empty(sizes);
  for (int64_t i = 0; i < x.numel(); ++i) x.data<float>()[i] = static_cast<float>(i * 5 % 9 - 4);
  return cast(ctx, x, dtype);
}

static ConvParams params(size_t rank, int64_t stride, int64_t pad, int64_t groups, bool transposed) {
  return {Dims(rank, stride), Dims(rank, pad), Dims(rank, pad), Dims(rank, 1), Dims(rank, 0), groups, transposed};
}

static void check_equal(const Tensor& got, const Tensor& want) {
  Context ctx;
  Tensor a = contiguous(ctx, cast(ctx, got, DType::f64)), b = contiguous(ctx, cast(ctx, want, DType::f64));
  REQUIRE(Dims(a.sizes()) == Dims(b.sizes()));
  for (int64_t i = 0; i < a.numel(); ++i) REQUIRE(a.data<double>()[i] == Approx(b.data<double>()[i]).margin(1e-3));
}

TEST_CASE("the kernels and the columns agree in one to three dimensions") {
  Context ctx;
  for (size_t rank = 1; rank <= 3; ++rank)
    for (bool transposed : {false, true})
      for (int64_t stride : {1, 2})
        for (int64_t groups : {1, 2}) {
          Dims in{2, 4}, kernel = transposed ? Dims{4, 6 / groups} : Dims{6, 4 / groups};
          for (size_t d = 0; d < rank; ++d) in.push_back(6 + static_cast<int64_t>(d)), kernel.push_back(3);
          ConvParams p = params(rank, stride, 1, groups, transposed);
          Tensor bias = counting({6}), wide_bias = counting({6}, DType::f64);
          Tensor fast = convolve(ctx, counting(in), counting(kernel), &bias, p);
          check_equal(fast, convolve(ctx, counting(in, DType::f64), counting(kernel, DType::f64), &wide_bias, p));
        }
}

TEST_CASE("a prepared weight follows new groups and new sizes") {
  Context ctx;
  Ref<const Prepared> kept;
  ctx.prepared = &kept;
  Tensor weight = counting({4, 2, 3, 3});
  for (int64_t size : {5, 8, 5}) {
    Tensor x = counting({1, 2, size, size}), grouped = counting({1, 4, size, size});
    Context fresh;
    check_equal(convolve(ctx, x, weight, nullptr, params(2, 1, 1, 1, false)),
                convolve(fresh, x, weight, nullptr, params(2, 1, 1, 1, false)));
    check_equal(convolve(ctx, grouped, weight, nullptr, params(2, 1, 1, 2, false)),
                convolve(fresh, grouped, weight, nullptr, params(2, 1, 1, 2, false)));
  }
}

TEST_CASE("the result is channels-last when an operand is") {
  Context ctx;
  ConvParams p = params(2, 1, 1, 1, false);
  Tensor x = counting({1, 2, 5, 6}), weight = counting({4, 2, 3, 3});
  CHECK(convolve(ctx, x, weight, nullptr, p).is_contiguous());
  Tensor last = convolve(ctx, contiguous(ctx, x, MemoryFormat::channels_last), weight, nullptr, p);
  CHECK(last.is_contiguous(MemoryFormat::channels_last));
  check_equal(last, convolve(ctx, x, weight, nullptr, p));
}

TEST_CASE("convolutions that do not fit are refused") {
  Context ctx;
  Tensor x = counting({1, 2, 5, 5}), weight = counting({4, 2, 3, 3}), bias = counting({3});
  CHECK_THROWS_AS(convolve(ctx, counting({1, 3, 5, 5}), weight, nullptr, params(2, 1, 0, 1, false)), Error);
  CHECK_THROWS_AS(convolve(ctx, x, weight, &bias, params(2, 1, 0, 1, false)), Error);
  CHECK_THROWS_AS(convolve(ctx, x, weight, nullptr, params(2, 0, 0, 1, false)), Error);
  CHECK_THROWS_AS(convolve(ctx, x, weight, nullptr, params(2, 1, -1, 1, false)), Error);
  CHECK_THROWS_AS(convolve(ctx, x, weight, nullptr, params(2, 1, 0, 3, false)), Error);
  CHECK_THROWS_AS(convolve(ctx, counting({1, 2, 2, 2}), weight, nullptr, params(2, 1, 0, 1, false)), Error);
}
