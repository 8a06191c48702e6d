// What the tests of the vector kernels share on top of kernel_testing.h: guarded spans, and distances between floats.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "kernel_testing.h"

namespace tsrun::kernels::testing {

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/// n elements between two zones of a pattern that intact() checks.
template <class T>
class Guarded {
 public:
  explicit Guarded(int64_t n) : bytes_((static_cast<size_t>(n) + 2 * kZone) * sizeof(T), kPattern), n_(n) {}
  T* data() { return reinterpret_cast<T*>(bytes_.data()) + kZone; }
  T& operator[](int64_t i) { return data()[i]; }
  bool intact() const {
    const auto is_pattern = [](unsigned char c) { return c == kPattern; };
    const auto zone = static_cast<int64_t>(kZone * sizeof(T));
    return std::all_of(bytes_.begin(), bytes_.begin() + zone, is_pattern) && std::all_of(bytes_.end() - zone, bytes_.end(), is_pattern);
  }
  int64_t size() const { return n_; }

 private:
  static constexpr size_t kZone = 64;
  static constexpr unsigned char kPattern = 0xa5;
  std::vector<unsigned char> bytes_;
  int64_t n_;
};

/// Numbers in [-scale, scale), the same for the same seed.
inline std::vector<float> numbers(int64_t n, float scale = 1, uint32_t seed = 1) {
  auto x = random_values<float>(n, seed);
  for (float& value : x) value *= scale;
  return x;
}

/// |y - exact| in units of the last place of a float near exact.
inline double ulps(float y, double exact) {
  if (std::isnan(exact) || std::isnan(y)) return std::isnan(exact) && std::isnan(y) ? 0 : HUGE_VAL;
  const float nearest = static_cast<float>(exact);
  if (y == nearest) return 0;
  if (std::isinf(nearest) || std::isinf(y)) return HUGE_VAL;
  const float a = std::max(std::fabs(nearest), std::numeric_limits<float>::min());
  return std::fabs(y - exact) / (std::nextafter(a, kInf) - static_cast<double>(a));
}

inline bool same(float a, float b) { return (std::isnan(a) && std::isnan(b)) || (a == b && std::signbit(a) == std::signbit(b)); }

}  // namespace tsrun::kernels::testing
