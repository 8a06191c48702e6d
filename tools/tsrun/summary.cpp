// Values in few lines.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "command.h"
#include "fill.h"

namespace tsrun::tool {
namespace {

constexpr int64_t shown_elements = 6;
constexpr size_t shown_items = 20, shown_text = 200;
constexpr int shown_depth = 8;

std::string number(double v) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", v);
  return text;
}

std::string element_text(const Tensor& x, int64_t i) {
  if (x.dtype() == DType::boolean) return element(x, i) != 0 ? "True" : "False";
  if (x.dtype() == DType::i64) return std::to_string(x.data<int64_t>()[i]);
  const std::complex<double> c = complex_element(x, i);
  return is_complex(x.dtype()) ? number(c.real()) + (c.imag() < 0 ? "" : "+") + number(c.imag()) + "j" : number(c.real());
}

std::string quoted(const std::string& s) { return "\"" + (s.size() > shown_text ? s.substr(0, shown_text) + "..." : s) + "\""; }

void add(std::string& out, const std::string& place, const Value& v, int depth) {
  auto line = [&](const std::string& text) { out += (place.empty() ? "" : place + ": ") + text + "\n"; };
  auto children = [&](const char* kind, const std::vector<Value>& elements) {
    line(std::string(kind) + " of " + std::to_string(elements.size()));
    if (depth == shown_depth) return;
    for (size_t i = 0; i < std::min(elements.size(), shown_items); ++i)
      add(out, place + "[" + std::to_string(i) + "]", elements[i], depth + 1);
    if (elements.size() > shown_items) out += place + "[...]: " + std::to_string(elements.size() - shown_items) + " more\n";
  };
  switch (v.tag()) {
    case Tag::tensor: return line(summary(v.to_tensor()));
    case Tag::tuple: return children("tuple", v.to_tuple().elements);
    case Tag::list: return children("list", v.to_list().elements);
    case Tag::dict: {
      line("dict of " + std::to_string(v.to_dict().size()));
      size_t count = 0;
      v.to_dict().for_each([&](const DictObject::Entry& e) {
        if (depth == shown_depth || count++ >= shown_items) return;
        add(out, place + "[" + (e.key.is_string() ? quoted(e.key.to_string()) : to_text(e.key)) + "]", e.value, depth + 1);
      });
      if (count > shown_items) out += place + "[...]: " + std::to_string(count - shown_items) + " more\n";
      return;
    }
    case Tag::string: return line(quoted(v.to_string()));
    case Tag::none: return line("None");
    case Tag::object: return line("object");
    default: return line(to_text(v));
  }
}

}  // namespace

std::string summary(const Tensor& tensor) {
  std::string text = tensor.describe();
  if (tensor.numel() == 0 || is_quantized(tensor.dtype()) || item_size(tensor.dtype()) == 0) return text;
  if (tensor.dtype() >= DType::f8_e5m2 && tensor.dtype() <= DType::f8_e4m3fnuz) return text;
  if (tensor.dtype() == DType::c32) return text;
  const Tensor x = tensor.contiguous();
  if (x.numel() > 1 && !is_complex(x.dtype()) && x.dtype() != DType::boolean) {
    double least = INFINITY, most = -INFINITY, sum = 0;
    int64_t finite = 0, nan = 0, infinite = 0;
    for (int64_t i = 0; i < x.numel(); ++i) {
      const double v = element(x, i);
      nan += std::isnan(v);
      infinite += std::isinf(v);
      if (!std::isfinite(v)) continue;
      ++finite, sum += v;
      least = std::min(least, v), most = std::max(most, v);
    }
    if (finite) text += "  min " + number(least) + "  max " + number(most) + "  mean " + number(sum / static_cast<double>(finite));
    if (nan) text += "  nan " + std::to_string(nan);
    if (infinite) text += "  inf " + std::to_string(infinite);
  }
  text += "  [";
  for (int64_t i = 0; i < std::min(x.numel(), shown_elements); ++i) text += (i ? ", " : "") + element_text(x, i);
  return text + (x.numel() > shown_elements ? ", ...]" : "]");
}

std::string summary(const Value& value) {
  std::string out;
  add(out, "", value, 0);
  return out;
}

}  // namespace tsrun::tool
