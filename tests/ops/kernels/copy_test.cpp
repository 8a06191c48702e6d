#include "ops/kernels/copy.h"

#include <cstring>
#include <numeric>

#include "vector_testing.h"

using namespace tsrun::kernels;
using namespace tsrun::kernels::testing;

namespace {

using Dims = std::vector<int64_t>;

Dims contiguous(const Dims& sizes) {
  Dims strides(sizes.size());
  int64_t stride = 1;
  for (size_t i = sizes.size(); i-- > 0;) strides[i] = stride, stride *= sizes[i];
  return strides;
}

int64_t volume(const Dims& sizes) { return std::accumulate(sizes.begin(), sizes.end(), int64_t{1}, std::multiplies<>()); }

int64_t offset(const Dims& sizes, const Dims& strides, int64_t i) {
  int64_t at = 0;
  for (size_t d = sizes.size(); d-- > 0; i /= sizes[d]) at += i % sizes[d] * strides[d];
  return at;
}

/// Copies `sizes` elements, x starting at element `start` of a buffer of `x_size`, for every element size and two thread counts.
void check(const Dims& sizes, const Dims& x_strides, const Dims& y_strides, int64_t start, int64_t x_size, int64_t y_size) {
  INFO("sizes " << Catch::Detail::stringify(sizes) << ", x " << Catch::Detail::stringify(x_strides));
  for (int element : {1, 2, 4, 8, 16}) {
    for (int threads : {1, 2}) {
      Guarded<uint8_t> x(x_size * element), y(y_size * element);
      for (int64_t i = 0; i < x_size * element; i++) x[i] = static_cast<uint8_t>(i * 7 + i / 251);
      copy_strided(x.data() + start * element, x_strides.data(), y.data(), y_strides.data(), sizes.data(), static_cast<int>(sizes.size()),
                   element, threads);
      CHECK(y.intact());
      int wrong = 0;
      for (int64_t i = 0; i < volume(sizes); i++) {
        const uint8_t* from = x.data() + (start + offset(sizes, x_strides, i)) * element;
        wrong += std::memcmp(from, y.data() + offset(sizes, y_strides, i) * element, static_cast<size_t>(element)) != 0;
      }
      INFO("element size " << element << ", threads " << threads);
      CHECK(wrong == 0);
    }
  }
}

void check_permuted(const Dims& x_sizes, const std::vector<size_t>& order) {
  const Dims strides = contiguous(x_sizes);
  Dims sizes, permuted;
  for (size_t d : order) sizes.push_back(x_sizes[d]), permuted.push_back(strides[d]);
  check(sizes, permuted, contiguous(sizes), 0, volume(sizes), volume(sizes));
}

}  // namespace

TEST_CASE("copies of permuted arrays") {
  check_permuted({}, {});
  check_permuted({5}, {0});
  check_permuted({300, 257}, {1, 0});
  check_permuted({3, 5, 7}, {2, 1, 0});
  check_permuted({2, 3, 17, 19}, {0, 2, 3, 1});   // channels last
  check_permuted({2, 17, 19, 40}, {0, 3, 1, 2});  // and back
  check_permuted({2, 9, 4, 33}, {0, 2, 1, 3});    // heads
  check_permuted({2, 3, 4, 2, 5, 3, 2, 4}, {7, 0, 6, 1, 5, 2, 4, 3});
  check_permuted({1, 6, 1, 8}, {3, 2, 1, 0});
}

TEST_CASE("copies of slices, broadcasts and reversed arrays") {
  check({10, 7}, {20, 2}, {7, 1}, 3, 203, 70);               // every second column
  check({4, 6}, {0, 1}, {6, 1}, 0, 6, 24);                   // broadcast rows
  check({4, 6}, {1, 0}, {6, 1}, 0, 4, 24);                   // broadcast columns
  check({50}, {-1}, {1}, 49, 50, 50);                        // flipped
  check({8, 30}, {30, 1}, {64, 2}, 0, 240, 8 * 64);          // into a strided array
  check({8, 30}, {1, 8}, {1, 8}, 0, 240, 240);               // both transposed: one run
  check({40, 50}, {1, 40}, {100, 2}, 0, 2000, 4000);         // tiles into a strided array
  check({0, 5}, {5, 1}, {5, 1}, 0, 0, 0);                    // nothing
  check({600, 500}, {500, 1}, {500, 1}, 0, 300000, 300000);  // long run, split
  check({2, 1, 3}, {3, 99, 1}, {3, -7, 1}, 0, 6, 6);         // strides of single elements mean nothing
}

TEST_CASE("copies to contiguous arrays") {
  const Dims sizes = {3, 4}, strides = {1, 3};
  std::vector<int32_t> x(12), y(12);
  std::iota(x.begin(), x.end(), 0);
  copy_to_contiguous(x.data(), strides.data(), y.data(), sizes.data(), 2, 4, 1);
  CHECK(y == std::vector<int32_t>{0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11});
}
