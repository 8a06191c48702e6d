// Special functions of one or two doubles that the C++ library lacks. None throws; arguments outside the domain give NaN.
#pragma once
#include <cstdint>

namespace tsrun::special {

// Gamma family (special_gamma.cpp).
double digamma(double x);
double trigamma(double x);
/// In float throughout, as PyTorch computes it: far from exact near the poles.
float trigamma(float x);
/// Sum over k >= 0 of (q + k)^-x. Infinite for x = 1 and for whole q <= 0.
double zeta(double x, double q);
/// The regularised lower and upper incomplete gamma functions.
double gamma_p(double a, double x);
double gamma_q(double a, double x);

// Error functions (special_error.cpp).
double erfinv(double x);
/// exp(x^2) erfc(x)
double erfcx(double x);
/// The x for which the normal distribution function is p.
double ndtri(double p);
double log_ndtr(double x);

// Bessel and Airy functions (special_bessel.cpp).
/// The modified functions of the first kind, and these times exp(-|x|).
double i0(double x);
double i1(double x);
double scaled_i0(double x);
double scaled_i1(double x);
/// exp(x) K(order, x) for x > 0.
double scaled_k(double order, double x);
double airy_ai(double x);

// Bessel functions of the first and second kind (special_cylinder.cpp), as inexact as PyTorch's.
double bessel_j0(double x);
double bessel_j1(double x);
double bessel_y0(double x);
double bessel_y1(double x);

// Orthogonal polynomials of degree n (special_polynomial.cpp) for float and double; 0 for n < 0. NaN above a degree of ten million where
// only the recurrence is known.
template <class T>
T chebyshev_t(T x, int64_t n);
template <class T>
T chebyshev_u(T x, int64_t n);
template <class T>
T chebyshev_v(T x, int64_t n);
template <class T>
T chebyshev_w(T x, int64_t n);
template <class T>
T hermite_h(T x, int64_t n);
template <class T>
T hermite_he(T x, int64_t n);
template <class T>
T laguerre_l(T x, int64_t n);
template <class T>
T legendre_p(T x, int64_t n);

}  // namespace tsrun::special
