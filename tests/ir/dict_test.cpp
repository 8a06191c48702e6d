#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "tsrun/value.h"

using namespace tsrun;

namespace {

/// The same operations on a DictObject and on a plain list of pairs.
class Pair {
 public:
  void set(const std::string& key, int64_t value) {
    dict_.set(Value(key), value);
    if (auto it = place(key); it != plain_.end()) it->second = value;
    else plain_.emplace_back(key, value);
  }
  void erase(const std::string& key) {
    auto it = place(key);
    CHECK(dict_.erase(Value(key)) == (it != plain_.end()));
    if (it != plain_.end()) plain_.erase(it);
  }
  void compare(const std::string& key) {
    auto it = place(key);
    const Value* found = dict_.find(Value(key));
    REQUIRE((found != nullptr) == (it != plain_.end()));
    if (found) CHECK(found->to_int() == it->second);
  }
  void compare_all() {
    std::vector<std::pair<std::string, int64_t>> found;
    for (const auto& e : dict_.items()) found.emplace_back(e.key.to_string(), e.value.to_int());
    CHECK(found == plain_);
  }

 private:
  std::vector<std::pair<std::string, int64_t>>::iterator place(const std::string& key) {
    return std::find_if(plain_.begin(), plain_.end(), [&](auto& e) { return e.first == key; });
  }
  DictObject dict_;
  std::vector<std::pair<std::string, int64_t>> plain_;
};

}  // namespace

TEST_CASE("a dictionary does what a list of pairs does", "[dict]") {
  std::mt19937 random(3);
  Pair pair;
  for (int step = 0; step < 20000; ++step) {
    std::string key(random() % 20, 'a');  // keys that differ in length or in one place
    if (!key.empty()) key[random() % key.size()] = static_cast<char>('a' + random() % 3);
    switch (random() % 4) {
      case 0: pair.erase(key); break;
      case 1: pair.compare(key); break;
      default: pair.set(key, step);
    }
  }
  pair.compare_all();
}

TEST_CASE("texts that differ anywhere are different keys", "[dict]") {
  for (size_t length = 1; length < 40; ++length) {
    DictObject dict;
    dict.set(Value(std::string(length, 'x')), -1);
    for (size_t at = 0; at < length; ++at) {
      std::string key(length, 'x');
      key[at] = 'y';
      dict.set(Value(key), static_cast<int64_t>(at));
    }
    CHECK(dict.size() == length + 1);
    CHECK(dict.find(Value(std::string(length, 'x')))->to_int() == -1);
  }
}

TEST_CASE("keys of other kinds", "[dict]") {
  DictObject dict;
  for (int64_t i = -500; i < 500; ++i) dict.set(i * (int64_t{1} << 40), i);
  dict.set(0.5, 1000);
  dict.set(true, 1001);
  dict.set(std::complex<double>(1, 2), 1002);
  CHECK(dict.size() == 1003);
  for (int64_t i = -500; i < 500; ++i) CHECK(dict.find(i * (int64_t{1} << 40))->to_int() == i);
  CHECK(dict.find(0.5)->to_int() == 1000);
  CHECK(dict.find(true)->to_int() == 1001);
  CHECK(dict.find(std::complex<double>(1, 2))->to_int() == 1002);
  CHECK(dict.find(std::complex<double>(2, 1)) == nullptr);
  CHECK_THROWS(dict.find(make_list({})));
}
