#include "runtime/memory_pool.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <thread>
#include <vector>

#include "tsrun/error.h"

using namespace tsrun;

TEST_CASE("a released block is handed out again", "[runtime]") {
  const auto pool = make_ref<MemoryPool>();
  const void* first = pool->allocate(1000)->data();
  REQUIRE(pool->allocate(1000)->data() == first);
  REQUIRE(pool->allocate(980)->data() == first);   // of the same class
  REQUIRE(pool->allocate(2000)->data() != first);  // too small
  REQUIRE(pool->in_use() == 0);
}

TEST_CASE("a large request takes an unused block of up to twice its size", "[runtime]") {
  const auto pool = make_ref<MemoryPool>();
  constexpr size_t mb = size_t{1} << 20;
  const void* block = pool->allocate(2 * mb)->data();
  const Ref<Storage> half = pool->allocate(mb + mb / 8);
  REQUIRE(half->data() == block);
  REQUIRE(half->bytes() == mb + mb / 8);
  REQUIRE(pool->in_use() == 2 * mb);  // the whole block
  REQUIRE(pool->allocate(mb / 2)->data() != block);
}

TEST_CASE("blocks of every size hold their bytes", "[runtime]") {
  const auto pool = make_ref<MemoryPool>();
  std::vector<Ref<Storage>> live;
  for (size_t bytes = 1; bytes < (size_t{5} << 20); bytes = bytes * 3 / 2 + 1) {
    live.push_back(pool->allocate(bytes));
    REQUIRE(reinterpret_cast<uintptr_t>(live.back()->data()) % 64 == 0);
    std::memset(live.back()->data(), static_cast<int>(live.size()), bytes);
  }
  for (size_t i = 0; i < live.size(); ++i) {
    const auto* p = reinterpret_cast<const unsigned char*>(live[i]->data());
    REQUIRE(p[0] == static_cast<unsigned char>(i + 1));
    REQUIRE(p[live[i]->bytes() - 1] == static_cast<unsigned char>(i + 1));
  }
}

TEST_CASE("the limit counts what is in use, and an allocation beyond it changes nothing", "[runtime]") {
  const auto pool = make_ref<MemoryPool>(1 << 20);
  const Ref<Storage> kept = pool->allocate(600 * 1024);
  const size_t before = pool->in_use();
  REQUIRE_THROWS_AS(pool->allocate(600 * 1024), Error);
  REQUIRE(pool->in_use() == before);
}

TEST_CASE("blocks outlive the pool's other references and go back from any thread", "[runtime]") {
  Ref<Storage> left;
  {
    const auto pool = make_ref<MemoryPool>();
    left = pool->allocate(4096);
  }
  std::memset(left->data(), 1, left->bytes());
  std::thread([s = std::move(left)]() mutable { s = {}; }).join();
}
