// Arithmetic on Python numbers as TorchScript does it: integers wrap, division floors. Shared by the operators and the engine's
// instructions.
#pragma once
#include <cmath>
#include <complex>
#include <cstdint>

#include "ops/check.h"

namespace tsrun {

inline int64_t wrap_add(int64_t a, int64_t b) { return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b)); }
inline int64_t wrap_sub(int64_t a, int64_t b) { return static_cast<int64_t>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b)); }
inline int64_t wrap_mul(int64_t a, int64_t b) { return static_cast<int64_t>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b)); }
inline int64_t wrap_neg(int64_t a) { return wrap_sub(0, a); }

/// a // b. Throws for b = 0; the lowest integer by -1 wraps.
inline int64_t floor_div(int64_t a, int64_t b) {
  if (b == 0) [[unlikely]]
    fail("division by 0");
  if (b == -1) return wrap_neg(a);
  int64_t q = a / b;
  return q - (a % b != 0 && (a < 0) != (b < 0));
}
inline double floor_div(double a, double b) { return std::floor(a / b); }

/// a % b with the sign of b. Throws for integer b = 0.
inline int64_t python_mod(int64_t a, int64_t b) {
  if (b == 0) [[unlikely]]
    fail("integer modulo by zero");
  if (b == -1) return 0;
  int64_t r = a % b;
  return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}
inline double python_mod(double a, double b) { return std::fmod(b + std::fmod(a, b), b); }

/// Quotient rounded to zero. Throws for b = 0.
inline int64_t trunc_div(int64_t a, int64_t b) {
  if (b == 0) [[unlikely]]
    fail("division by 0");
  return b == -1 ? wrap_neg(a) : a / b;
}

/// a << b and a >> b; as on x86 the count is taken modulo 64.
inline int64_t shift_left(int64_t a, int64_t b) { return static_cast<int64_t>(static_cast<uint64_t>(a) << (b & 63)); }
inline int64_t shift_right(int64_t a, int64_t b) { return a >> (b & 63); }

/// Truncation; what does not fit (and NaN) gives the lowest integer, as x86 converts.
inline int64_t float_to_int(double d) { return d >= -0x1p63 && d < 0x1p63 ? static_cast<int64_t>(d) : INT64_MIN; }

/// Number of steps of range(lo, hi, step). Throws for step = 0.
inline int64_t range_length(int64_t lo, int64_t hi, int64_t step) {
  if (step > 0)
    return lo < hi ? static_cast<int64_t>((static_cast<uint64_t>(hi) - 1 - static_cast<uint64_t>(lo)) / static_cast<uint64_t>(step)) + 1
                   : 0;
  if (step < 0)
    return lo > hi
               ? static_cast<int64_t>((static_cast<uint64_t>(lo) - 1 - static_cast<uint64_t>(hi)) / (0 - static_cast<uint64_t>(step))) + 1
               : 0;
  fail("range() arg 3 must not be zero");
}
inline int64_t derive_index(int64_t i, int64_t start, int64_t step) { return wrap_add(start, wrap_mul(i, step)); }

}  // namespace tsrun
