#include "ops/generator.h"

#include <cmath>
#include <cstring>

#include "ops/check.h"
#include "ops/op.h"

namespace tsrun {

namespace {

/// The layout of PyTorch's state bytes; each number of the twister takes eight of them.
struct StateBytes {
  uint64_t seed;
  int32_t left, seeded;
  uint64_t next;
  uint64_t numbers[624];
  double normal_x, normal_y, normal_rho;
  int32_t normal_valid, padding0;
  float float_normal;
  bool float_normal_valid;
  char padding1[3];
};
static_assert(sizeof(StateBytes) == Generator::state_bytes);

}  // namespace

void Generator::set_seed(uint64_t seed) {
  seed_ = seed;
  state_[0] = static_cast<uint32_t>(seed);
  for (uint32_t i = 1; i < state_.size(); ++i) state_[i] = 1812433253u * (state_[i - 1] ^ (state_[i - 1] >> 30)) + i;
  left_ = 1;
  next_ = 0;
  next_normal_.reset();
  next_float_normal_.reset();
}

void Generator::refill() {
  constexpr size_t n = 624, shift = 397;
  for (size_t i = 0; i < n; ++i) {
    uint32_t mixed = (state_[i] & 0x80000000u) | (state_[(i + 1) % n] & 0x7fffffffu);
    state_[i] = state_[(i + shift) % n] ^ (mixed >> 1) ^ (mixed & 1 ? 0x9908b0dfu : 0);
  }
  left_ = n;
  next_ = 0;
}

double Generator::normal_double() {
  if (next_normal_) {
    double kept = *next_normal_;
    next_normal_.reset();
    return kept;
  }
  double angle = 2 * M_PI * uniform_double();
  double radius = std::sqrt(-2 * std::log1p(-uniform_double()));
  next_normal_ = radius * std::sin(angle);
  return radius * std::cos(angle);
}

std::array<std::byte, Generator::state_bytes> Generator::state() const {
  StateBytes s{};
  s.seed = seed_;
  s.left = left_;
  s.seeded = 1;
  s.next = next_;
  std::copy(state_.begin(), state_.end(), s.numbers);
  s.normal_valid = next_normal_.has_value();
  s.normal_y = next_normal_.value_or(0);
  s.float_normal_valid = next_float_normal_.has_value();
  s.float_normal = next_float_normal_.value_or(0);
  std::array<std::byte, state_bytes> bytes;
  std::memcpy(bytes.data(), &s, sizeof s);
  return bytes;
}

void Generator::set_state(std::span<const std::byte> bytes) {
  check(bytes.size() == state_bytes, "RNG state is wrong size: expected ", state_bytes, " bytes, got ", bytes.size());
  StateBytes s;
  std::memcpy(&s, bytes.data(), offsetof(StateBytes, float_normal_valid));
  // left counts down while next counts up: any other pair would read outside the numbers.
  bool fresh = s.left == 1 && s.next == 0, running = s.left >= 1 && s.left <= 624 && s.next == 625u - static_cast<uint64_t>(s.left);
  check(s.seeded == 1 && (fresh || running), "RNG state is invalid");
  seed_ = s.seed;
  for (size_t i = 0; i < state_.size(); ++i) state_[i] = static_cast<uint32_t>(s.numbers[i]);
  left_ = s.left;
  next_ = static_cast<uint32_t>(s.next);
  next_normal_ = s.normal_valid ? std::optional(s.normal_y) : std::nullopt;
  bool float_valid = bytes[offsetof(StateBytes, float_normal_valid)] != std::byte{0};
  next_float_normal_ = float_valid ? std::optional(s.float_normal) : std::nullopt;
}

Value make_generator(uint64_t seed) { return Value(Tag::generator, make_ref<Generator>(seed)); }

Generator& to_generator(const Value& v) {
  if (v.tag() != Tag::generator) throw Error(ErrorKind::usage, std::string("expected a Generator, got ") + tag_name(v.tag()));
  return static_cast<Generator&>(*v.shared_object());
}

namespace detail {
Generator* Param<Generator*>::get(const Value& v) { return v.is_none() ? nullptr : &to_generator(v); }
}  // namespace detail

}  // namespace tsrun
