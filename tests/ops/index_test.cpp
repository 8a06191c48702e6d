#include "ops/index.h"

#include <catch2/catch.hpp>

#include "ops/scatter.h"
#include "ops/sort_slices.h"
#include "ops/view.h"

using namespace tsrun;

namespace {

Tensor integers(std::initializer_list<int64_t> values) {
  Tensor t = Tensor::empty(Dims{static_cast<int64_t>(values.size())}, DType::i64);
  std::copy(values.begin(), values.end(), t.data<int64_t>());
  return t;
}
Tensor floats(std::initializer_list<float> values) {
  Tensor t = Tensor::empty(Dims{static_cast<int64_t>(values.size())});
  std::copy(values.begin(), values.end(), t.data<float>());
  return t;
}
template <class T>
std::vector<T> elements(const Tensor& t) {
  Tensor x = t.contiguous();
  return {x.data<T>(), x.data<T>() + x.numel()};
}

}  // namespace

TEST_CASE("indices outside are refused before anything is read") {
  Context ctx;
  CHECK_NOTHROW(check_indices(integers({0, 2}), 3, 0, false));
  CHECK_THROWS_WITH(check_indices(integers({0, 3}), 3, 1, false), "index 3 is out of bounds for dimension 1 with size 3");
  CHECK_THROWS(check_indices(integers({-1}), 3, 0, false));
  CHECK_NOTHROW(check_indices(integers({-3}), 3, 0, true));
  CHECK_THROWS(check_indices(integers({-4}), 3, 0, true));
  CHECK_THROWS(index_select(ctx, floats({1, 2}), 0, integers({2})));
  CHECK_THROWS(to_indices(ctx, floats({1}), "gather"));
}

TEST_CASE("indices that lie in the written tensor are copied first") {
  Context ctx;
  Tensor x = integers({1, 0, 2});
  CHECK(to_indices(ctx, x, "scatter").is_same(x));
  CHECK_FALSE(may_overlap(to_indices(ctx, x, "scatter", &x), x));
}

TEST_CASE("index_select reads strided tensors") {
  Context ctx;
  Tensor x = view(floats({0, 1, 2, 3, 4, 5}), Dims{2, 3});
  CHECK(elements<float>(index_select(ctx, x, 1, integers({2, 0}))) == std::vector<float>{2, 0, 5, 3});
  CHECK(elements<float>(index_select(ctx, transpose(x, 0, 1), 0, integers({1}))) == std::vector<float>{1, 4});
}

TEST_CASE("nonzero lists coordinates row by row, and any byte but zero of a mask is true") {
  Context ctx;
  CHECK(elements<int64_t>(nonzero(ctx, view(floats({0, 1, 0, 2}), Dims{2, 2}))) == std::vector<int64_t>{0, 1, 1, 1});
  Tensor mask = Tensor::zeros(Dims{3}, DType::boolean);
  mask.data<uint8_t>()[1] = 2;
  CHECK(elements<int64_t>(nonzero(ctx, mask)) == std::vector<int64_t>{1});
}

TEST_CASE("scatter combines in the order of the indices") {
  Context ctx;
  Tensor x = floats({1, 1, 1}), index = integers({0, 0, 2}), src = floats({2, 3, 4});
  scatter_into(x, 0, index, src, Combine::add, "test");
  CHECK(elements<float>(x) == std::vector<float>{6, 1, 5});
  scatter_into(x, 0, index, src, Combine::assign, "test");
  CHECK(elements<float>(x) == std::vector<float>{3, 1, 4});
  scatter_reduce_into(ctx, x, 0, index, src, "mean", false, "test");
  CHECK(elements<float>(x) == std::vector<float>{2.5, 1, 4});
  CHECK_THROWS(scatter_reduce_into(ctx, x, 0, index, src, "median", true, "test"));
}

TEST_CASE("NaN sorts behind every number") {
  Context ctx;
  float nan = std::numeric_limits<float>::quiet_NaN();
  auto [values, indices] = sort(ctx, floats({nan, 2, 1, nan}), 0, false, true);
  CHECK(elements<int64_t>(indices) == std::vector<int64_t>{2, 1, 0, 3});
  CHECK(elements<int64_t>(std::get<1>(sort(ctx, floats({nan, 2, 1, nan}), 0, true, true))) == std::vector<int64_t>{0, 3, 1, 2});
}
