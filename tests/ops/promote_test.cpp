#include "ops/promote.h"

#include <catch2/catch.hpp>

#include "tsrun/error.h"

using namespace tsrun;

static Tensor number(DType t) {
  Tensor x = Tensor::zeros(Dims{}, t);
  x.impl()->wrapped_number = true;
  return x;
}

TEST_CASE("two dtypes meet in the smallest that holds both") {
  CHECK(promote_types(DType::u8, DType::i8) == DType::i16);
  CHECK(promote_types(DType::u8, DType::i32) == DType::i32);
  CHECK(promote_types(DType::f16, DType::bf16) == DType::f32);
  CHECK(promote_types(DType::i64, DType::f16) == DType::f16);
  CHECK(promote_types(DType::c64, DType::f64) == DType::c128);
  CHECK(promote_types(DType::c32, DType::bf16) == DType::c64);
  CHECK(promote_types(DType::u16, DType::bf16) == DType::bf16);
  CHECK_THROWS_AS(promote_types(DType::u16, DType::u8), Error);
  CHECK_THROWS_AS(promote_types(DType::f8_e5m2, DType::f32), Error);
}

TEST_CASE("tensors without dimensions and numbers only raise the category") {
  Tensor bytes = Tensor::zeros(Dims{1}, DType::i8), halves = Tensor::zeros(Dims{1}, DType::f16);
  CHECK(result_type(bytes, Tensor::zeros(Dims{}, DType::i64)) == DType::i8);
  CHECK(result_type(bytes, Tensor::zeros(Dims{}, DType::f64)) == DType::f64);
  CHECK(result_type(bytes, Scalar(1.5)) == DType::f32);
  CHECK(result_type(halves, Tensor::zeros(Dims{}, DType::f64)) == DType::f16);
  CHECK(result_type(halves, Tensor::zeros(Dims{1}, DType::f64)) == DType::f64);
  CHECK(result_type(Tensor::zeros(Dims{}, DType::i64), Tensor::zeros(Dims{}, DType::i8)) == DType::i64);
  CHECK(result_type(Tensor::zeros(Dims{1}, DType::f64), Scalar(std::complex<double>(0, 1))) == DType::c128);
  CHECK(result_type(number(DType::f64), Tensor::zeros(Dims{}, DType::i8)) == DType::f32);
}

TEST_CASE("a result may not sink below its category") {
  CHECK(can_cast(DType::f64, DType::f16));
  CHECK(can_cast(DType::i64, DType::u8));
  CHECK_FALSE(can_cast(DType::f32, DType::i64));
  CHECK_FALSE(can_cast(DType::i8, DType::boolean));
  CHECK_FALSE(can_cast(DType::c64, DType::f64));
}
