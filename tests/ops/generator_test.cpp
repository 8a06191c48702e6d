// Expected numbers are those of torch.Generator().manual_seed(0) in PyTorch 2.13.
#include "ops/generator.h"

#include <catch2/catch.hpp>

#include "tsrun/error.h"

using namespace tsrun;

TEST_CASE("the generator draws MT19937's numbers") {
  Generator g(0);
  CHECK(g.random32() == 2357136044u);
  CHECK(g.random32() == 2546248239u);
  Generator same(0);
  CHECK(same.random64() == (uint64_t{2357136044u} << 32 | 2546248239u));
}

TEST_CASE("only the low half of a seed matters to the numbers") {
  Generator a(5), b(5 + (uint64_t{1} << 32));
  CHECK(a.random32() == b.random32());
  CHECK(b.initial_seed() == 5 + (uint64_t{1} << 32));
}

TEST_CASE("the state continues where it was taken, the kept normal number included") {
  Generator g(3), other(9);
  for (int i = 0; i < 700; ++i) g.random32();
  g.normal_double();
  other.set_state(g.state());
  CHECK(other.initial_seed() == 3);
  for (int i = 0; i < 700; ++i) CHECK(other.normal_double() == g.normal_double());
}

TEST_CASE("a state that would read outside the numbers is refused") {
  auto bytes = Generator(1).state();
  bytes[16] = std::byte{200};  // next, while left stays 1
  CHECK_THROWS_AS(Generator().set_state(bytes), Error);
  CHECK_THROWS_AS(Generator().set_state(std::span(bytes).first(100)), Error);
}
