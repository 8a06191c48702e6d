#include "ops/view.h"

#include <catch2/catch.hpp>

#include "ops/copy_mapped.h"

using namespace tsrun;

namespace {

/// 0, 1, 2 ... in the given sizes.
Tensor counting(IntSpan sizes) {
  Tensor t = Tensor::empty(sizes);
  for (int64_t i = 0; i < t.numel(); ++i) t.data<float>()[i] = static_cast<float>(i);
  return t;
}
std::vector<float> elements(const Tensor& t) {
  Tensor x = t.contiguous();
  return {x.data<float>(), x.data<float>() + x.numel()};
}

}  // namespace

TEST_CASE("views share memory and keep to it") {
  Context ctx;
  Tensor x = counting(Dims{2, 3});
  CHECK(elements(select(x, 1, -1)) == std::vector<float>{2, 5});
  CHECK(elements(slice(x, 1, -2, INT64_MAX, 1)) == std::vector<float>{1, 2, 4, 5});
  CHECK(elements(transpose(x, 0, 1)) == std::vector<float>{0, 3, 1, 4, 2, 5});
  CHECK(elements(diagonal(x, 1, 0, 1)) == std::vector<float>{1, 5});
  CHECK(elements(expand(select(x, 0, 1), Dims{2, -1})) == std::vector<float>{3, 4, 5, 3, 4, 5});
  CHECK(view(x, Dims{3, -1}).storage() == x.storage());
  CHECK_THROWS(view(transpose(x, 0, 1), Dims{6}));
  CHECK(elements(reshape(ctx, transpose(x, 0, 1), Dims{6})) == std::vector<float>{0, 3, 1, 4, 2, 5});
}

TEST_CASE("no view reaches outside its storage") {
  Tensor x = counting(Dims{2, 3});
  CHECK_NOTHROW(make_view(x, Dims{2, 2}, Dims{3, 1}, 1));
  CHECK_THROWS(make_view(x, Dims{2, 2}, Dims{4, 1}, 1));
  CHECK_THROWS(make_view(x, Dims{1}, Dims{1}, 6));
  CHECK_THROWS(make_view(x, Dims{1}, Dims{1}, -1));
  CHECK_THROWS(make_view(x, Dims{2}, Dims{-1}, 1));
  CHECK_THROWS(make_view(x, Dims{INT64_MAX, 2}, Dims{INT64_MAX, 1}, 0));
  CHECK_THROWS(make_view(x, Dims{2, 2}, Dims{1}, 0));
}

TEST_CASE("an empty view with wild strides cannot move a later resize outside") {
  Tensor x = make_view(counting(Dims{6}), Dims{0, 5}, Dims{0, int64_t{1} << 61}, 0);
  Tensor y = select(x, 1, 4);
  CHECK(y.offset() >= 0);
  resize(y, Dims{4});
  y.data<float>()[3] = 1;
  CHECK(y.storage()->bytes() >= static_cast<size_t>(y.offset() + 4) * sizeof(float));
}

TEST_CASE("resize grows the storage that views share") {
  Tensor x = counting(Dims{2}), all = view(x, Dims{2});
  resize(x, Dims{100});
  CHECK(x.storage()->bytes() >= 400);
  CHECK(elements(all) == std::vector<float>{0, 1});
  CHECK_THROWS(resize(x, Dims{int64_t{1} << 50}));
}

TEST_CASE("copies between overlapping views behave as if made through a third tensor") {
  Context ctx;
  Tensor x = counting(Dims{5});
  copy_into(ctx, narrow(x, 0, 1, 4), narrow(x, 0, 0, 4));
  CHECK(elements(x) == std::vector<float>{0, 0, 1, 2, 3});
  CHECK_THROWS(check_writable(expand(counting(Dims{1}), Dims{3})));
}

TEST_CASE("conversions go as PyTorch's on the CPU") {
  Context ctx;
  auto convert = [&](double v, DType to) { return item(cast(ctx, scalar_tensor(ctx, v, DType::f64), to)).to_int(); };
  CHECK(convert(300, DType::u8) == 44);
  CHECK(convert(-300, DType::i8) == -44);
  CHECK(convert(1e20, DType::i64) == INT64_MIN);
  CHECK(convert(-2.7, DType::i32) == -2);
  CHECK(convert(0.3, DType::boolean) == 1);
  int64_t odd = (int64_t{1} << 60) + 1;
  CHECK(item(cast(ctx, scalar_tensor(ctx, odd, DType::i64), DType::u64)).to_int() == odd);
  CHECK_THROWS_WITH(scalar_tensor(ctx, 300, DType::u8), "value cannot be converted to type uint8_t without overflow");
  CHECK(item(scalar_tensor(ctx, -1, DType::u8)).to_int() == 255);
}

TEST_CASE("clones keep the order of dimensions") {
  Context ctx;
  Tensor x = transpose(counting(Dims{2, 3, 4}), 0, 2);
  CHECK(Dims(clone(ctx, x).strides()) == Dims(x.strides()));
  CHECK(Dims(clone(ctx, slice(x, 0, 0, 4, 2)).strides()) == Dims{1, 2, 6});
  CHECK(Dims(clone(ctx, expand(counting(Dims{3, 1}), Dims{3, 4})).strides()) == Dims{4, 1});
}

TEST_CASE("mapped copies follow their maps") {
  Context ctx;
  Tensor x = counting(Dims{2, 3});
  auto reflected = index_map(5, [](int64_t i) { return i == 0 ? 1 : i == 4 ? 1 : i - 1; });
  CHECK(reflected.size() <= 3);
  CHECK(elements(copy_mapped(ctx, x, {identity_map(2), reflected})) == std::vector<float>{1, 0, 1, 2, 1, 4, 3, 4, 5, 4});
  CHECK_THROWS(copy_mapped(ctx, x, {identity_map(2), IndexMap{{0, 1, 4}}}));
}
