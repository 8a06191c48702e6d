// Arithmetic on Python numbers as TorchScript does it: integers wrap, division floors. Shared by the operators' rows and the
// interpreter's own instructions.
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

/// What an operator of two numbers does; both operands have been converted to the type they are computed in.
namespace number {

using Complex = std::complex<double>;

struct Add {
  static int64_t of(int64_t a, int64_t b) { return wrap_add(a, b); }
  template <class A, class B>
  static auto of(A a, B b) {
    return a + b;
  }
};
struct Sub {
  static int64_t of(int64_t a, int64_t b) { return wrap_sub(a, b); }
  template <class A, class B>
  static auto of(A a, B b) {
    return a - b;
  }
  static Complex of(double a, Complex b) { return {a - b.real(), -b.imag()}; }
};
struct Mul {
  static int64_t of(int64_t a, int64_t b) { return wrap_mul(a, b); }
  static double of(double a, double b) { return a * b; }
  static Complex of(Complex a, Complex b) { return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()}; }
  static Complex of(double a, Complex b) { return a * b; }
  static Complex of(Complex a, double b) { return a * b; }
};
struct Div {
  static double of(int64_t a, int64_t b) { return static_cast<double>(a) / static_cast<double>(b); }
  static double of(double a, double b) { return a / b; }
  /// Smith's method: the larger part of b scales the other, so that nothing overflows on the way.
  static Complex of(Complex a, Complex b) {
    double real = std::abs(b.real()), imaginary = std::abs(b.imag());
    if (real >= imaginary) {
      if (real == 0) return {a.real() / real, a.imag() / real};
      double ratio = b.imag() / b.real(), scale = 1.0 / (b.real() + b.imag() * ratio);
      return {(a.real() + a.imag() * ratio) * scale, (a.imag() - a.real() * ratio) * scale};
    }
    double ratio = b.real() / b.imag(), scale = 1.0 / (b.imag() + b.real() * ratio);
    return {(a.real() * ratio + a.imag()) * scale, (a.imag() * ratio - a.real()) * scale};
  }
};
struct FloorDiv {
  template <class T>
  static T of(T a, T b) {
    return floor_div(a, b);
  }
};
struct TruncDiv {
  static int64_t of(int64_t a, int64_t b) { return trunc_div(a, b); }
};
struct Remainder {
  template <class T>
  static T of(T a, T b) {
    return python_mod(a, b);
  }
};

struct Less {
  template <class T>
  static bool of(T a, T b) {
    return a < b;
  }
};
struct LessEqual {
  template <class T>
  static bool of(T a, T b) {
    return a <= b;
  }
};
struct Greater {
  template <class T>
  static bool of(T a, T b) {
    return a > b;
  }
};
struct GreaterEqual {
  template <class T>
  static bool of(T a, T b) {
    return a >= b;
  }
};
struct Equal {
  template <class A, class B>
  static bool of(A a, B b) {
    return a == b;
  }
};
struct NotEqual {
  template <class A, class B>
  static bool of(A a, B b) {
    return a != b;
  }
};
struct Min {
  template <class T>
  static T of(T a, T b) {
    return a < b ? a : b;
  }
};
struct Max {
  template <class T>
  static T of(T a, T b) {
    return a > b ? a : b;
  }
};
struct And {
  template <class T>
  static T of(T a, T b) {
    return static_cast<T>(a & b);
  }
};
struct Or {
  template <class T>
  static T of(T a, T b) {
    return static_cast<T>(a | b);
  }
};
struct Xor {
  template <class T>
  static T of(T a, T b) {
    return static_cast<T>(a ^ b);
  }
};
struct ShiftLeft {
  static int64_t of(int64_t a, int64_t b) { return shift_left(a, b); }
};
struct ShiftRight {
  static int64_t of(int64_t a, int64_t b) { return shift_right(a, b); }
};

}  // namespace number
}  // namespace tsrun
