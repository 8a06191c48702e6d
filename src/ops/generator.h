// The random number generator of PyTorch's CPU: the same seed gives the same numbers.
#pragma once
#include <array>
#include <optional>
#include <span>

#include "tsrun/value.h"

namespace tsrun {

/// Mersenne Twister (MT19937). Not thread-safe: a session owns its own.
class Generator : public RefCounted {
 public:
  static constexpr uint64_t default_seed = 67280421310721;
  static constexpr size_t state_bytes = 5056;

  explicit Generator(uint64_t seed = default_seed) { set_seed(seed); }

  /// Starts anew; only the low 32 bits of the seed matter to the numbers.
  void set_seed(uint64_t seed);
  uint64_t initial_seed() const { return seed_; }

  uint32_t random32() {
    if (--left_ == 0) refill();
    uint32_t y = state_[next_++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
  }
  uint64_t random64() {
    uint64_t high = random32();
    return high << 32 | random32();
  }

  /// Uniform in [0, 1) from 24 or 53 random bits.
  float uniform_float() { return static_cast<float>(random32() & 0xffffffu) * 0x1p-24f; }
  double uniform_double() { return static_cast<double>(random64() & 0x1fffffffffffffu) * 0x1p-53; }
  /// Standard normal. They come in pairs: the second is kept for the next call.
  double normal_double();

  /// The bytes of torch.Generator.get_state(). set_state throws Error (model) unless they are such bytes.
  std::array<std::byte, state_bytes> state() const;
  void set_state(std::span<const std::byte> bytes);

 private:
  void refill();

  uint64_t seed_ = 0;
  std::array<uint32_t, 624> state_{};
  int left_ = 1;
  uint32_t next_ = 0;
  std::optional<double> next_normal_;
  std::optional<float> next_float_normal_;  // part of PyTorch's state that nothing here draws
};

/// A new generator as a value, and the generator in a value; throws Error (usage) for another kind.
Value make_generator(uint64_t seed);
Generator& to_generator(const Value& v);

}  // namespace tsrun
