#include "ops/shape.h"

#include <catch2/catch.hpp>

using namespace tsrun;

TEST_CASE("sizes broadcast from the last dimension") {
  CHECK(broadcast_sizes(Dims{3, 1}, Dims{2, 1, 4}) == Dims{2, 3, 4});
  CHECK(broadcast_sizes(Dims{}, Dims{2}) == Dims{2});
  CHECK(broadcast_sizes(Dims{0}, Dims{1}) == Dims{0});
  CHECK_THROWS_WITH(broadcast_sizes(Dims{2, 3}, Dims{4}),
                    "The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1");
  CHECK(broadcast_strides(Dims{3, 1}, Dims{1, 1}, Dims{2, 3, 4}) == Dims{0, 1, 0});
}

TEST_CASE("one size of -1 is inferred") {
  CHECK(infer_size(Dims{2, -1}, 6) == Dims{2, 3});
  CHECK(infer_size(Dims{0, 5}, 0) == Dims{0, 5});
  CHECK_THROWS_WITH(infer_size(Dims{-1, -1}, 6), "only one dimension can be inferred");
  CHECK_THROWS_WITH(infer_size(Dims{4}, 6), "shape '[4]' is invalid for input of size 6");
  CHECK_THROWS(infer_size(Dims{-1, 0}, 0));
  CHECK_THROWS(infer_size(Dims{INT64_MAX, INT64_MAX, 4}, 4));
}

TEST_CASE("windows are counted as PyTorch counts them") {
  CHECK(window_count(7, 3, 0, 0, 2, 1) == 3);
  CHECK(window_count(8, 3, 0, 0, 2, 1) == 3);
  CHECK(window_count(8, 3, 0, 0, 2, 1, true) == 4);
  CHECK(window_count(3, 2, 1, 1, 2, 1, true) == 2);  // a third window would start in the padding behind the end
  CHECK(window_count(9, 3, 0, 0, 1, 3) == 3);
  CHECK_THROWS(window_count(9, 3, 0, 0, 0, 1));
  CHECK_THROWS(window_count(9, INT64_MAX, 0, 0, 1, INT64_MAX));
}

TEST_CASE("dimensions make a mask") {
  CHECK(dim_mask(Dims{0, -1}, 3) == 0b101u);
  CHECK(dim_mask(Dims{}, 3) == 0b111u);
  CHECK(dim_mask(Dims{}, 3, false) == 0u);
  CHECK_THROWS_WITH(dim_mask(Dims{1, -1}, 2), "dim 1 appears multiple times in the list of dims");
  CHECK(reduced_sizes(Dims{2, 3, 4}, 0b101, false) == Dims{3});
  CHECK(reduced_sizes(Dims{2, 3, 4}, 0b101, true) == Dims{1, 3, 1});
  CHECK(expand_to(Dims{3}, 2, "kernel_size") == Dims{3, 3});
  CHECK_THROWS(expand_to(Dims{1, 2}, 3, "kernel_size"));
}
