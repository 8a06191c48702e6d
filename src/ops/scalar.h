// Scalar: a Python number given to an operator (`Scalar` in schemas).
#pragma once
#include <complex>
#include <cstdint>

#include "tsrun/dtype.h"
#include "tsrun/value.h"

namespace tsrun {

class Scalar {
 public:
  Scalar() : Scalar(int64_t{0}) {}
  Scalar(bool b) : kind_(Kind::boolean), i_(b), d_(b) {}
  Scalar(int64_t i) : kind_(Kind::integer), i_(i), d_(static_cast<double>(i)) {}
  Scalar(int i) : Scalar(static_cast<int64_t>(i)) {}
  Scalar(double d) : kind_(Kind::floating), d_(d) {}
  Scalar(std::complex<double> c) : kind_(Kind::complex), d_(c.real()), imaginary_(c.imag()) {}
  /// Throws Error (usage) unless v is a number.
  explicit Scalar(const Value& v);

  bool is_bool() const { return kind_ == Kind::boolean; }
  bool is_int() const { return kind_ == Kind::integer; }
  bool is_floating() const { return kind_ == Kind::floating; }
  bool is_complex() const { return kind_ == Kind::complex; }
  /// bool, int64, float64 or complex128: the number's own type, before promotion.
  DType dtype() const;

  /// Conversion to an element type: floating to integer truncates, complex drops its imaginary part.
  template <class T>
  T to() const;

  double to_double() const { return d_; }
  int64_t to_int() const { return kind_ == Kind::boolean || kind_ == Kind::integer ? i_ : static_cast<int64_t>(d_); }
  bool to_bool() const { return kind_ == Kind::complex ? d_ != 0 || imaginary_ != 0 : kind_ == Kind::floating ? d_ != 0 : i_ != 0; }
  std::complex<double> to_complex() const { return {d_, imaginary_}; }
  Value to_value() const;

 private:
  enum class Kind : uint8_t { boolean, integer, floating, complex };
  Kind kind_;
  int64_t i_ = 0;  // exact value of bool and int
  double d_ = 0;   // value as a double, or the real part
  double imaginary_ = 0;
};

template <class T>
T Scalar::to() const {
  if constexpr (std::is_same_v<T, bool>) return to_bool();
  else if constexpr (std::is_integral_v<T>) return static_cast<T>(to_int());
  else if constexpr (std::is_same_v<T, std::complex<float>>) return {static_cast<float>(d_), static_cast<float>(imaginary_)};
  else if constexpr (std::is_same_v<T, std::complex<double>>) return {d_, imaginary_};
  else return static_cast<T>(d_);
}

}  // namespace tsrun
