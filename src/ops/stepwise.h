// Arithmetic on halves that rounds after every step, as PyTorch's own loops over halves do: Stepwise<Half> stands where float would.
#pragma once
#include <cmath>

#include "ops/half.h"

namespace tsrun {

template <class H>
struct Stepwise {
  float value;

  Stepwise() = default;
  Stepwise(float v) : value(H(v)) {}
  Stepwise(H v) : value(v) {}
  explicit Stepwise(double v) : Stepwise(static_cast<float>(v)) {}
  explicit Stepwise(int64_t v) : Stepwise(static_cast<float>(v)) {}
  Stepwise(int v) : Stepwise(static_cast<float>(v)) {}
  explicit operator float() const { return value; }
  explicit operator int64_t() const { return static_cast<int64_t>(value); }
  operator H() const { return H(value); }

  friend Stepwise operator-(Stepwise a) { return -a.value; }
  friend Stepwise operator+(Stepwise a, Stepwise b) { return a.value + b.value; }
  friend Stepwise operator-(Stepwise a, Stepwise b) { return a.value - b.value; }
  friend Stepwise operator*(Stepwise a, Stepwise b) { return a.value * b.value; }
  friend Stepwise operator/(Stepwise a, Stepwise b) { return a.value / b.value; }
  Stepwise& operator+=(Stepwise b) { return *this = *this + b; }
  friend bool operator==(Stepwise a, Stepwise b) { return a.value == b.value; }
  friend bool operator<(Stepwise a, Stepwise b) { return a.value < b.value; }
  friend bool operator>(Stepwise a, Stepwise b) { return a.value > b.value; }
  friend bool operator<=(Stepwise a, Stepwise b) { return a.value <= b.value; }
  friend bool operator>=(Stepwise a, Stepwise b) { return a.value >= b.value; }
  friend Stepwise abs(Stepwise a) { return std::abs(a.value); }
  friend Stepwise floor(Stepwise a) { return std::floor(a.value); }
  friend Stepwise nearbyint(Stepwise a) { return std::nearbyint(a.value); }
  friend Stepwise fmod(Stepwise a, Stepwise b) { return std::fmod(a.value, b.value); }
};

}  // namespace tsrun
