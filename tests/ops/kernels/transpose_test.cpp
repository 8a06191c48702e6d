#include "ops/kernels/transpose.h"

#include <catch2/catch.hpp>
#include <vector>

#include "kernel_testing.h"

using namespace tsrun::kernels;
using namespace tsrun::kernels::testing;

TEST_CASE("transposition moves every element and touches nothing else", "[kernels][transpose]") {
  for_each_isa([] {
    for (int64_t rows : {1, 3, 4, 5, 17, 32}) {
      for (int64_t columns : {1, 2, 4, 7, 16, 33}) {
        INFO(rows << "x" << columns);
        const int64_t ldx = columns + 1, ldy = rows + 2;
        const auto x = random_values<float>((rows - 1) * ldx + columns, 1);
        std::vector<float> y(columns * ldy, kUntouched<float>);
        transpose2d(x.data(), rows, columns, ldx, y.data(), ldy);
        for (int64_t j = 0; j < columns; j++) {
          for (int64_t i = 0; i < ldy; i++) REQUIRE(y[j * ldy + i] == (i < rows ? x[i * ldx + j] : kUntouched<float>));
        }
      }
    }
  });
}

TEST_CASE("images change layout and back", "[kernels][transpose]") {
  for_each_isa([] {
    for (int64_t channels : {1, 3, 20, 65}) {
      for (int64_t pixels : {1, 49, 150}) {
        const int64_t n = 2;
        const auto x = random_values<float>(n * channels * pixels, 1);
        std::vector<float> y(x.size()), back(x.size());
        transpose_images(x.data(), n, channels, pixels, y.data(), 2);
        REQUIRE(y[channels * pixels + (pixels - 1) * channels] == x[channels * pixels + pixels - 1]);
        transpose_images(y.data(), n, pixels, channels, back.data(), 2);
        REQUIRE(back == x);
      }
    }
  });
}
