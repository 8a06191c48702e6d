#include "ops/iterate.h"

#include <catch2/catch.hpp>

#include "ops/registry.h"
#include "ops/tensor_ops.h"
#include "tsrun/error.h"

using namespace tsrun;

static Tensor count_up(const Dims& sizes, DType dtype = DType::f32) {
  Context ctx;
  Tensor x = Tensor::empty(sizes, DType::f32);
  for (int64_t i = 0; i < x.numel(); ++i) x.data<float>()[i] = static_cast<float>(i % 251);
  return cast(ctx, x, dtype);
}

static Tensor call(Context& ctx, const char* name, std::vector<Value> values) {
  const Operator* o = find_operator(name);
  REQUIRE(o);
  REQUIRE(o->op);
  std::vector<const Value*> arguments;
  for (const Value& v : values) arguments.push_back(&v);
  Value result;
  Value* place = &result;
  o->op->call(ctx, *o->op, Arguments(arguments.data(), arguments.size()), &place);
  return result.to_tensor();
}

static float at(const Tensor& t, const Dims& index) {
  int64_t offset = 0;
  for (size_t d = 0; d < index.size(); ++d) offset += index[d] * t.strides()[d];
  return t.data<float>()[offset];
}

TEST_CASE("results take the memory order of their inputs") {
  Context ctx;
  Tensor turned = transpose(count_up({4, 6}), 0, 1);
  CHECK(Dims(call(ctx, "aten::exp", {turned}).strides()) == Dims{1, 6});
  CHECK(Dims(call(ctx, "aten::add.Tensor", {turned, count_up({6, 4}), 1}).strides()) == Dims{1, 6});
  CHECK(Dims(call(ctx, "aten::add.Tensor", {count_up({6, 4}), turned, 1}).strides()) == Dims{4, 1});
  Tensor image = contiguous(ctx, count_up({2, 3, 4, 5}), MemoryFormat::channels_last);
  CHECK(call(ctx, "aten::add.Tensor", {image, count_up({3, 1, 1}), 1}).is_contiguous(MemoryFormat::channels_last));
}

TEST_CASE("every way through the loop gives the same sums") {
  // Rows long and short, broadcast along either dimension, converted from other dtypes, on one thread and two.
  int64_t width = GENERATE(1, 3, 64, 700);
  int64_t height = GENERATE(1, 5, 130);
  DType dtype = GENERATE(DType::f32, DType::i32, DType::f16, DType::f64);
  Context ctx;
  ctx.threads = GENERATE(1, 2);
  Tensor a = count_up({height, width}), column = count_up({height, 1}, dtype), row = count_up({1, width}, dtype);
  Tensor turned = transpose(count_up({width, height}), 0, 1);
  Tensor by_column = call(ctx, "aten::xlogy.Tensor", {a, column}), by_row = call(ctx, "aten::sub.Tensor", {a, row, 2}),
         by_turned = call(ctx, "aten::mul.Tensor", {a, turned});
  bool same = true;
  for (int64_t i = 0; i < height; ++i)
    for (int64_t j = 0; j < width; ++j) {
      float x = static_cast<float>((i * width + j) % 251);
      auto xlogy = [](auto a, auto b) { return a == 0 ? a : a * std::log(b); };
      float expected = dtype == DType::f64 ? static_cast<float>(xlogy(static_cast<double>(x), static_cast<double>(i % 251)))
                                           : xlogy(x, static_cast<float>(i % 251));
      same = same && at(cast(ctx, by_column, DType::f32), {i, j}) == expected;
      same = same && at(cast(ctx, by_row, DType::f32), {i, j}) == x - 2 * static_cast<float>(j % 251);
      same = same && at(by_turned, {i, j}) == x * static_cast<float>((j * height + i) % 251);
      if (i % 7 == 0) j += width / 9;
    }
  CHECK(same);
}

TEST_CASE("in-place operators write where they stand, and not through memory they still read") {
  Context ctx;
  Tensor x = count_up({3, 4});
  Tensor half = narrow(x, 1, 0, 2);
  call(ctx, "aten::add_.Tensor", {half, half, 1});
  CHECK(at(x, {1, 1}) == 10);
  CHECK(at(x, {1, 2}) == 6);
  Tensor y = count_up({5});
  CHECK_THROWS_WITH(call(ctx, "aten::add_.Tensor", {narrow(y, 0, 1, 4), narrow(y, 0, 0, 4), 1}),
                    Catch::Contains("refer to a single memory location"));
  CHECK_THROWS_AS(call(ctx, "aten::div_.Tensor", {count_up({2}, DType::i64), count_up({2})}), Error);
  CHECK_THROWS_AS(call(ctx, "aten::add_.Tensor", {count_up({1}), count_up({2}), 1}), Error);
}

TEST_CASE("whole numbers divided by zero raise") {
  Context ctx;
  Tensor x = count_up({3}, DType::i64), zero = Tensor::zeros(Dims{3}, DType::i64);
  CHECK_THROWS_WITH(call(ctx, "aten::floor_divide", {x, zero}), Catch::Contains("ZeroDivisionError"));
  CHECK_THROWS_WITH(call(ctx, "aten::remainder.Tensor", {x, zero}), Catch::Contains("ZeroDivisionError"));
  Tensor lowest = full(ctx, Dims{1}, INT64_MIN, DType::i64), minus = full(ctx, Dims{1}, -1, DType::i64);
  CHECK(call(ctx, "aten::floor_divide", {lowest, minus}).data<int64_t>()[0] == INT64_MIN);
  CHECK(call(ctx, "aten::remainder.Tensor", {lowest, minus}).data<int64_t>()[0] == 0);
}
