#include <cmath>

#include "ops/kernels/pointwise.h"

namespace tsrun::kernels {
namespace {

template <double (*kFunction)(double)>
void map(const double* x, double* y, int64_t n, const double*) {
  for (int64_t i = 0; i < n; i++) y[i] = kFunction(x[i]);
}

template <double (*kFunction)(double, const double*)>
void map_with(const double* x, double* y, int64_t n, const double* params) {
  for (int64_t i = 0; i < n; i++) y[i] = kFunction(x[i], params);
}

double limit(double x, double lo, double hi) {  // NaN stays
  double above = x < lo ? lo : x;
  return above > hi ? hi : above;
}

double neg(double x) { return -x; }
double square(double x) { return x * x; }
double rsqrt(double x) { return 1 / std::sqrt(x); }
double reciprocal(double x) { return 1 / x; }
double sign(double x) { return (x > 0) - (x < 0); }
double relu(double x) { return x < 0 ? 0 : x; }
double relu6(double x) { return limit(x, 0, 6); }
double hardswish(double x) { return x * limit(x + 3, 0, 6) / 6; }
double hardsigmoid(double x) { return limit(x + 3, 0, 6) / 6; }
double frac(double x) { return x - std::trunc(x); }
double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double log_sigmoid(double x) { return (x > 0 ? 0 : x) - std::log1p(std::exp(-std::fabs(x))); }
double silu(double x) { return x / (1 + std::exp(-x)); }
double gelu(double x) { return 0.5 * x * (1 + std::erf(x * 0.70710678118654752440)); }
double gelu_tanh(double x) { return 0.5 * x * (1 + std::tanh(0.79788456080286535588 * (x + 0.044715 * x * x * x))); }
double mish(double x) { return x * std::tanh(std::log1p(std::exp(x))); }
double softsign(double x) { return x / (1 + std::fabs(x)); }

double hardtanh(double x, const double* p) { return limit(x, p[0], p[1]); }
double leaky_relu(double x, const double* p) { return x > 0 ? x : x * p[0]; }
double threshold(double x, const double* p) { return x <= p[0] ? p[1] : x; }
double hardshrink(double x, const double* p) { return x >= -p[0] && x <= p[0] ? 0 : x; }
double softshrink(double x, const double* p) { return x > p[0] ? x - p[0] : x < -p[0] ? x + p[0] : x * 0; }
double affine(double x, const double* p) { return p[0] * x + p[1]; }
double elu(double x, const double* p) { return x > 0 ? x * p[1] : p[0] * p[1] * std::expm1(x * p[2]); }
double softplus(double x, const double* p) { return x * p[0] > p[1] ? x : std::log1p(std::exp(x * p[0])) / p[0]; }
double pow(double x, const double* p) { return p[0] == 2 ? x * x : p[0] == 3 ? x * x * x : std::pow(x, p[0]); }

}  // namespace

UnaryF64 unary_f64(Unary op) {
  switch (op) {
    case Unary::neg: return map<neg>;
    case Unary::abs: return map<std::fabs>;
    case Unary::square: return map<square>;
    case Unary::sqrt: return map<std::sqrt>;
    case Unary::rsqrt: return map<rsqrt>;
    case Unary::reciprocal: return map<reciprocal>;
    case Unary::sign: return map<sign>;
    case Unary::floor: return map<std::floor>;
    case Unary::ceil: return map<std::ceil>;
    case Unary::trunc: return map<std::trunc>;
    case Unary::round: return map<std::nearbyint>;
    case Unary::relu: return map<relu>;
    case Unary::relu6: return map<relu6>;
    case Unary::hardswish: return map<hardswish>;
    case Unary::hardsigmoid: return map<hardsigmoid>;
    case Unary::hardtanh: return map_with<hardtanh>;
    case Unary::leaky_relu: return map_with<leaky_relu>;
    case Unary::threshold: return map_with<threshold>;
    case Unary::hardshrink: return map_with<hardshrink>;
    case Unary::softshrink: return map_with<softshrink>;
    case Unary::affine: return map_with<affine>;
    case Unary::exp: return map<std::exp>;
    case Unary::expm1: return map<std::expm1>;
    case Unary::log: return map<std::log>;
    case Unary::log1p: return map<std::log1p>;
    case Unary::log2: return map<std::log2>;
    case Unary::log10: return map<std::log10>;
    case Unary::sin: return map<std::sin>;
    case Unary::cos: return map<std::cos>;
    case Unary::tanh: return map<std::tanh>;
    case Unary::erf: return map<std::erf>;
    case Unary::exp2: return map<std::exp2>;
    case Unary::tan: return map<std::tan>;
    case Unary::atan: return map<std::atan>;
    case Unary::sinh: return map<std::sinh>;
    case Unary::cosh: return map<std::cosh>;
    case Unary::atanh: return map<std::atanh>;
    case Unary::erfc: return map<std::erfc>;
    case Unary::frac: return map<frac>;
    case Unary::sigmoid: return map<sigmoid>;
    case Unary::log_sigmoid: return map<log_sigmoid>;
    case Unary::silu: return map<silu>;
    case Unary::gelu: return map<gelu>;
    case Unary::gelu_tanh: return map<gelu_tanh>;
    case Unary::mish: return map<mish>;
    case Unary::softsign: return map<softsign>;
    case Unary::elu: return map_with<elu>;
    case Unary::softplus: return map_with<softplus>;
    case Unary::pow: return map_with<pow>;
  }
  return map<neg>;
}

}  // namespace tsrun::kernels
