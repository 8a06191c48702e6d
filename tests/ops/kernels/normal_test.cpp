#include "ops/kernels/normal.h"

#include "vector_testing.h"

using namespace tsrun::kernels;
using namespace tsrun::kernels::testing;

TEST_CASE("normal numbers are the same bits for every instruction set, and close to the formula") {
  constexpr int64_t blocks = 5000;
  auto uniform = random_values<float>(16 * blocks, 3);
  for (float& u : uniform) u = (u + 1) / 2;
  uniform[0] = 0, uniform[8] = 0, uniform[1] = 1 - 0x1p-24f, uniform[9] = 1 - 0x1p-24f;
  std::vector<float> first;
  for_each_isa([&] {
    auto z = uniform;
    normal_from_uniform(z.data(), blocks, 1.5f, 2.0f);
    if (first.empty()) first = z;
    CHECK(z == first);
  });
  double worst = 0;
  for (size_t b = 0; b < blocks; b++) {
    for (size_t j = 16 * b; j < 16 * b + 8; j++) {
      const double radius = std::sqrt(-2 * std::log1p(-static_cast<double>(uniform[j]))), angle = 6.283185307179586 * uniform[j + 8];
      worst = std::max({worst, std::fabs(first[j] - (radius * std::cos(angle) * 2 + 1.5)),
                        std::fabs(first[j + 8] - (radius * std::sin(angle) * 2 + 1.5))});
    }
  }
  CHECK(worst < 1e-5);
}
