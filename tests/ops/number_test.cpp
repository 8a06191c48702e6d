#include "ops/number.h"

#include <catch2/catch.hpp>

using namespace tsrun;

TEST_CASE("integers wrap") {
  CHECK(wrap_add(INT64_MAX, 1) == INT64_MIN);
  CHECK(wrap_sub(INT64_MIN, 1) == INT64_MAX);
  CHECK(wrap_mul(INT64_MAX, 2) == -2);
  CHECK(wrap_neg(INT64_MIN) == INT64_MIN);
}

TEST_CASE("division floors and the remainder has the divisor's sign") {
  CHECK(floor_div(int64_t{-7}, int64_t{2}) == -4);
  CHECK(floor_div(int64_t{7}, int64_t{-2}) == -4);
  CHECK(floor_div(INT64_MIN, int64_t{-1}) == INT64_MIN);
  CHECK(python_mod(int64_t{-7}, int64_t{3}) == 2);
  CHECK(python_mod(int64_t{7}, int64_t{-3}) == -2);
  CHECK(python_mod(INT64_MIN, int64_t{-1}) == 0);
  CHECK(python_mod(-7.5, 2.0) == 0.5);
  CHECK_THROWS_AS(floor_div(int64_t{1}, int64_t{0}), Error);
  CHECK_THROWS_AS(python_mod(int64_t{1}, int64_t{0}), Error);
  CHECK_THROWS_AS(trunc_div(1, 0), Error);
}

TEST_CASE("shift counts are taken modulo 64") {
  CHECK(shift_left(1, 63) == INT64_MIN);
  CHECK(shift_left(1, 64) == 1);
  CHECK(shift_right(-5, 1) == -3);
}

TEST_CASE("ranges count their steps, also across the whole of int64") {
  CHECK(range_length(0, 10, 3) == 4);
  CHECK(range_length(10, 0, -3) == 4);
  CHECK(range_length(0, 10, -1) == 0);
  CHECK(range_length(INT64_MIN, INT64_MAX, INT64_MAX) == 3);
  CHECK(range_length(INT64_MAX, INT64_MIN, INT64_MIN) == 2);
  CHECK(derive_index(3, 10, -2) == 4);
  CHECK_THROWS_AS(range_length(0, 1, 0), Error);
}

TEST_CASE("floats that no integer holds give the lowest one") {
  CHECK(float_to_int(-2.7) == -2);
  CHECK(float_to_int(1e30) == INT64_MIN);
  CHECK(float_to_int(std::nan("")) == INT64_MIN);
}
