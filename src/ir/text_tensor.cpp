#include <charconv>
#include <cmath>
#include <cstdio>
#include <vector>

#include "ir/text.h"
#include "tsrun/error.h"

namespace tsrun {

namespace {

constexpr int line_width = 80;

/// Elements in row-major order as doubles; of complex ones the real part, which is all that is shown.
std::vector<double> elements_of(const Tensor& x) {
  auto probe = make_ref<TensorImpl>(*x.impl());
  probe->sizes.clear();
  probe->strides.clear();
  probe->numel = 1;
  int64_t scale = is_complex(x.dtype()) ? 2 : 1;  // in units of the probe's dtype
  if (x.dtype() == DType::c32) probe->dtype = DType::f16;
  if (x.dtype() == DType::c64) probe->dtype = DType::f32;
  if (x.dtype() == DType::c128) probe->dtype = DType::f64;
  Tensor element(probe);
  std::vector<double> values;
  values.reserve(static_cast<size_t>(x.numel()));
  Dims index(static_cast<size_t>(x.dim()));
  int64_t offset = x.offset();
  for (int64_t n = x.numel(); n > 0; --n) {
    probe->offset = offset * scale;
    values.push_back(element.item());
    for (int64_t d = x.dim() - 1; d >= 0; --d) {
      auto i = static_cast<size_t>(d);
      offset += x.strides()[i];
      if (++index[i] < x.sizes()[i]) break;
      offset -= x.strides()[i] * index[i];
      index[i] = 0;
    }
  }
  return values;
}

/// The shortest digits that give the number back, in positional form for exponents from -4 to 15.
std::string shortest(double v) {
  if (!std::isfinite(v)) return std::string(std::signbit(v) ? "-" : "") + (std::isnan(v) ? "nan" : "inf");
  char text[64];
  char* end = std::to_chars(text, text + sizeof text, v, std::chars_format::scientific).ptr;
  int exponent = std::atoi(std::string(std::find(text, end, 'e') + 1, end).c_str());
  if (exponent >= -4 && exponent < 16) end = std::to_chars(text, text + sizeof text, v, std::chars_format::fixed).ptr;
  return std::string(text, end);
}

/// How the numbers of one slice are written.
struct Style {
  int width = 0;
  double scale = 1;
  const char* conversion = "%*g";

  void put(std::string& out, double v) const {
    char text[512];
    std::snprintf(text, sizeof text, conversion, width, v / scale);
    out += text;
  }
  void put_scale(std::string& out) const {
    if (scale != 1) out += shortest(scale) + " *\n";
  }
};

Style style_for(std::span<const double> values) {
  if (values.empty()) return {};
  bool whole = true, any_finite = false;
  double low = 0, high = 0;
  for (double v : values) {
    if (!std::isfinite(v)) continue;
    whole = whole && v == std::ceil(v);
    double a = std::abs(v);
    low = any_finite ? std::min(low, a) : a;
    high = any_finite ? std::max(high, a) : a;
    any_finite = true;
  }
  auto exponent = [](double v) { return v == 0 ? 1 : static_cast<int>(std::floor(std::log10(v))) + 1; };
  int least = any_finite ? exponent(low) : 1, most = any_finite ? exponent(high) : 1;
  if (whole) return most > 9 ? Style{11, 1, "%*.4e"} : Style{most + 1, 1, "%*g"};
  if (most - least > 4) return {std::abs(most) > 99 || std::abs(least) > 99 ? 12 : 11, 1, "%*.4e"};
  if (most > 5 || most < 0) return {7, std::pow(10.0, most - 1), "%*.4f"};
  return {most == 0 ? 7 : most + 6, 1, "%*.4f"};
}

void put_matrix(std::string& out, std::span<const double> values, int64_t rows, int64_t columns, int indent) {
  Style style = style_for(values);
  int64_t per_line = std::max(1, (line_width - indent) / (style.width + 1));
  std::string margin(static_cast<size_t>(indent), ' ');
  for (int64_t first = 0; first < columns; first += per_line) {
    int64_t last = std::min(first + per_line, columns) - 1;
    if (per_line < columns) {
      if (first != 0) out += '\n';
      out += "Columns " + std::to_string(first + 1) + " to " + std::to_string(last + 1) + margin;
    }
    if (style.scale != 1) {
      style.put_scale(out);
      out += margin;
    }
    for (int64_t r = 0; r < rows; ++r) {
      for (int64_t c = first; c <= last; ++c) {
        style.put(out, values[static_cast<size_t>(r * columns + c)]);
        out += c == last ? '\n' : ' ';
      }
      if (r != rows - 1) out += style.scale != 1 ? margin + " " : margin;
    }
  }
}

/// Matrices over the last two dimensions; of the others the first runs fastest.
void put_slices(std::string& out, std::span<const double> values, IntSpan sizes) {
  size_t outer = sizes.size() - 2;
  int64_t rows = sizes[outer], columns = sizes[outer + 1];
  auto matrix = static_cast<size_t>(rows * columns);
  Dims index(outer);
  for (bool first = true;; first = false) {
    if (!first) out += '\n';
    size_t position = 0;
    out += '(';
    for (size_t d = 0; d < outer; ++d) {
      position = position * static_cast<size_t>(sizes[d]) + static_cast<size_t>(index[d]);
      out += std::to_string(index[d] + 1) + ",";
    }
    out += ".,.) = \n";
    put_matrix(out, values.subspan(position * matrix, matrix), rows, columns, 1);
    size_t d = 0;
    while (d < outer && ++index[d] == sizes[d]) index[d++] = 0;
    if (d == outer) return;
  }
}

const char* backend_name(Device::Kind kind) {
  switch (kind) {
    case Device::Kind::cpu: return "CPU";
    case Device::Kind::cuda: return "CUDA";
    case Device::Kind::mps: return "MPS";
    case Device::Kind::meta: return "Meta";
    default: return "PrivateUse1";
  }
}

}  // namespace

std::string tensor_text(const Tensor& x) {
  if (!x.defined()) return "[ Tensor (undefined) ]";
  std::string out;
  if (x.numel() > 0) {
    std::vector<double> values = elements_of(x);
    if (x.dim() == 0) {
      out = shortest(values[0]) + "\n";
    } else if (x.dim() == 1) {
      Style style = style_for(values);
      style.put_scale(out);
      for (double v : values) {
        style.put(out, v);
        out += '\n';
      }
    } else if (x.dim() == 2) {
      put_matrix(out, values, x.size(0), x.size(1), 0);
    } else {
      put_slices(out, values, x.sizes());
    }
  }
  out += is_quantized(x.dtype()) ? "[ Quantized" : "[ ";
  out += backend_name(x.device().kind);
  out += scalar_type_name(x.dtype());
  out += "Type{";
  for (int64_t d = 0; d < x.dim(); ++d) out += (d ? "," : "") + std::to_string(x.size(d));
  out += "} ]";
  return out;
}

}  // namespace tsrun
