// tsrun compare: whether two values are equal within tolerances, and where they are not.
#include <cmath>
#include <iostream>

#include "fill.h"
#include "json_value.h"
#include "verbs.h"

namespace tsrun::tool {
namespace {

struct Tolerance {
  double relative, absolute;
};

/// PyTorch's defaults of torch.testing.assert_close.
Tolerance default_tolerance(DType dtype) {
  switch (dtype) {
    case DType::f16: return {1e-3, 1e-5};
    case DType::bf16: return {1.6e-2, 1e-5};
    case DType::f32:
    case DType::c64: return {1.3e-6, 1e-5};
    case DType::f64:
    case DType::c128: return {1e-7, 1e-7};
    default: return {0, 0};
  }
}

class Comparison {
 public:
  Comparison(double rtol, double atol) : rtol_(rtol), atol_(atol) {}

  void compare(const std::string& place, const Value& got, const Value& want) {
    if (got.is_tensor() && want.is_tensor()) return compare(place, got.to_tensor(), want.to_tensor());
    if (got.is_number() && want.is_number() && got.tag() == want.tag()) return compare_numbers(place, got, want);
    if (got.tag() != want.tag()) return report(place, std::string(tag_name(got.tag())) + " instead of " + tag_name(want.tag()));
    if (want.is_tuple()) return compare(place, got.to_tuple().elements, want.to_tuple().elements);
    if (want.is_list()) return compare(place, got.to_list().elements, want.to_list().elements);
    if (want.is_dict()) return compare(place, got.to_dict(), want.to_dict());
    if (to_text(got) != to_text(want)) report(place, "\"" + to_text(got) + "\" instead of \"" + to_text(want) + "\"");
  }

  int finish(bool json) const {
    if (json) {
      const Json summary = {{"equal", differences_.empty()},
                            {"tensors", tensors_},
                            {"elements", elements_},
                            {"largest_difference", largest_},
                            {"differences", differences_}};
      std::cout << summary.dump(1) << "\n";
    } else if (differences_.empty()) {
      std::cout << "equal: " << tensors_ << " tensors, " << elements_ << " elements, largest difference " << largest_ << "\n";
    }
    for (const std::string& d : differences_)
      if (!json) std::cout << d << "\n";
    return differences_.empty() ? success : differs;
  }

 private:
  void report(const std::string& place, const std::string& what) { differences_.push_back("result" + place + ": " + what); }
  Tolerance tolerance(DType dtype) const {
    Tolerance t = default_tolerance(dtype);
    if (rtol_ >= 0) t.relative = rtol_;
    if (atol_ >= 0) t.absolute = atol_;
    return t;
  }
  static bool close(std::complex<double> a, std::complex<double> b, Tolerance t) {
    if (a == b) return true;
    const bool both_nan = std::isnan(a.real() + a.imag()) && std::isnan(b.real() + b.imag());
    return both_nan || std::abs(a - b) <= t.absolute + t.relative * std::abs(b);
  }

  void compare_numbers(const std::string& place, const Value& got, const Value& want) {
    if (want.is_bool() || want.is_int()) {
      if (!got.is(want)) report(place, to_text(got) + " instead of " + to_text(want));
      return;
    }
    const auto a = got.is_double() ? got.to_double() : got.to_complex(), b = want.is_double() ? want.to_double() : want.to_complex();
    if (!close(a, b, tolerance(DType::f64))) report(place, to_text(got) + " instead of " + to_text(want));
  }
  void compare(const std::string& place, const std::vector<Value>& got, const std::vector<Value>& want) {
    if (got.size() != want.size())
      return report(place, "length " + std::to_string(got.size()) + " instead of " + std::to_string(want.size()));
    for (size_t i = 0; i < want.size(); ++i) compare(place + "[" + std::to_string(i) + "]", got[i], want[i]);
  }
  void compare(const std::string& place, DictObject& got, const DictObject& want) {
    if (got.size() != want.size()) report(place, std::to_string(got.size()) + " keys instead of " + std::to_string(want.size()));
    want.for_each([&](const DictObject::Entry& e) {
      const std::string key = place + "[" + to_text(e.key) + "]";
      const Value* other = got.find(e.key);
      if (other) compare(key, *other, e.value);
      else report(key, "missing");
    });
  }
  void compare(const std::string& place, const Tensor& got, const Tensor& want) {
    ++tensors_;
    if (got.dtype() != want.dtype() || Dims(got.sizes()) != Dims(want.sizes()))
      return report(place, got.describe() + " instead of " + want.describe());
    const Tensor a = got.contiguous(), b = want.contiguous();
    const Tolerance t = tolerance(want.dtype());
    int64_t wrong = 0, worst = 0;
    double worst_difference = -1;
    elements_ += a.numel();
    for (int64_t i = 0; i < a.numel(); ++i) {
      const auto x = complex_element(a, i), y = complex_element(b, i);
      double difference = x == y ? 0 : std::abs(x - y);
      if (difference > largest_) largest_ = difference;
      if (close(x, y, t)) continue;
      ++wrong;
      if (std::isnan(difference)) difference = INFINITY;
      if (difference > worst_difference) worst_difference = difference, worst = i;
    }
    if (!wrong) return;
    std::string index;
    for (int64_t d = a.dim(), rest = worst; d-- > 0; rest /= a.size(d))
      index = std::to_string(rest % a.size(d)) + (index.empty() ? "" : ", ") + index;
    report(place, std::to_string(wrong) + " of " + std::to_string(a.numel()) + " elements differ, most at [" + index +
                      "]: " + number(a, worst) + " instead of " + number(b, worst));
  }
  static std::string number(const Tensor& x, int64_t i) {
    const std::complex<double> c = complex_element(x, i);
    return is_complex(x.dtype()) ? to_text(c) : to_text(c.real());
  }

  double rtol_, atol_, largest_ = 0;
  int64_t tensors_ = 0, elements_ = 0;
  std::vector<std::string> differences_;
};

}  // namespace

int compare(const CompareOptions& o) {
  Comparison comparison(o.rtol, o.atol);
  if (o.expect.empty()) {
    if (o.call.inputs.size() != 1) throw Error(ErrorKind::usage, "compare needs two files, or a model with --inputs and --expect");
    comparison.compare("", load_values(o.call.model), load_values(o.call.inputs[0]));
  } else {
    const Module module = open_model(o.call);
    const Arguments arguments = read_arguments(o.call, module);
    Session session(module, o.call.options());
    comparison.compare("", invoke(module, session, o.call, arguments), load_values(o.expect));
  }
  return comparison.finish(o.json);
}

}  // namespace tsrun::tool
