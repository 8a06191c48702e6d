#include "ir/text.h"

#include <cmath>
#include <cstdio>

#include "ir/type.h"
#include "tsrun/error.h"

namespace tsrun {

static constexpr int max_depth = 500;

std::string float_text(double d) {
  // Only whole numbers that an int64 can hold get the short form; negative zero loses its sign there.
  if (d >= -0x1p63 && d < 0x1p63 && d == std::trunc(d)) return std::to_string(static_cast<int64_t>(d)) + ".";
  char text[40];
  std::snprintf(text, sizeof text, "%.17g", d);
  return text;
}

static void append_complex(std::string& out, std::complex<double> c) {
  out += float_text(c.real());
  std::string imaginary = float_text(c.imag());
  if (imaginary[0] != '-') out += '+';
  out += imaginary;
  out += 'j';
}

static void append_value(std::string& out, const Value& v, int depth);

static void append_sequence(std::string& out, const std::vector<Value>& elements, int depth) {
  // By index and with the size read anew: nothing here may rely on the list staying as it is.
  for (size_t i = 0; i < elements.size(); ++i) {
    if (i) out += ", ";
    append_value(out, elements[i], depth + 1);
  }
}

static void append_value(std::string& out, const Value& v, int depth) {
  if (depth > max_depth) throw Error(ErrorKind::limit, "a value is nested too deep to be printed");
  switch (v.tag()) {
    case Tag::none: out += "None"; break;
    case Tag::boolean: out += v.bool_unchecked() ? "True" : "False"; break;
    case Tag::integer: out += std::to_string(v.int_unchecked()); break;
    case Tag::floating: out += float_text(v.double_unchecked()); break;
    case Tag::complex: append_complex(out, v.to_complex()); break;
    case Tag::device: out += to_string(v.to_device()); break;
    case Tag::string: out += v.to_string(); break;
    case Tag::tensor: out += tensor_text(v.tensor_unchecked()); break;
    case Tag::list:
      out += '[';
      append_sequence(out, v.to_list().elements, depth);
      out += ']';
      break;
    case Tag::tuple: {
      auto& elements = v.to_tuple().elements;
      out += '(';
      append_sequence(out, elements, depth);
      out += elements.size() == 1 ? ",)" : ")";
      break;
    }
    case Tag::dict: {
      out += '{';
      bool first = true;
      v.to_dict().for_each([&](const DictObject::Entry& e) {
        if (!std::exchange(first, false)) out += ", ";
        append_value(out, e.key, depth + 1);
        out += ": ";
        append_value(out, e.value, depth + 1);
      });
      out += '}';
      break;
    }
    case Tag::enumeration: {
      auto& e = v.to_enum();
      std::string_view type = e.type ? std::string_view(e.type->name) : std::string_view();
      out += "Enum<";
      out += type.substr(type.rfind('.') + 1);
      out += '.';
      out += e.name;
      out += '>';
      break;
    }
    case Tag::object: {
      char address[32];
      std::snprintf(address, sizeof address, "%p", static_cast<const void*>(v.shared_object()));
      out += '<';
      out += v.to_object().type ? v.to_object().type->name : "object";
      out += " object at ";
      out += address;
      out += '>';
      break;
    }
    case Tag::generator: out += "Generator"; break;
    case Tag::future: out += "Future"; break;
    case Tag::capsule: out += "Capsule"; break;
  }
}

void append_str(std::string& out, const Value& v) { append_value(out, v, 0); }

std::string to_str(const Value& v) {
  std::string out;
  append_value(out, v, 0);
  return out;
}

std::string print_text(std::span<const Value> values) {
  std::string out;
  for (size_t i = 0; i < values.size(); ++i) {
    if (i) out += ' ';
    append_value(out, values[i], 0);
  }
  out += '\n';
  return out;
}

std::string format_text(std::string_view format, std::span<const Value* const> values) {
  std::string out;
  size_t used = 0, from = 0;
  for (size_t at; (at = format.find("{}", from)) != format.npos; from = at + 2) {
    out += format.substr(from, at - from);
    if (used == values.size()) throw Error(ErrorKind::model, "Too few arguments for format string: " + std::string(format));
    append_value(out, *values[used++], 0);
  }
  out += format.substr(from);
  return out;
}

static void append_percent(std::string& out, char specifier, const Value& v) {
  auto refuse = [&](const char* wanted) {
    throw Error(ErrorKind::model, std::string("%") + specifier + " requires " + wanted + " for formatting, but got " + tag_name(v.tag()));
  };
  auto number = [&](const char* conversion, auto value) {
    char text[64];  // the widest is a float32 written in full: 39 digits, 6 decimals
    std::snprintf(text, sizeof text, conversion, value);
    out += text;
  };
  switch (specifier) {
    case 'd':
    case 'i':
      if (v.is_int()) out += std::to_string(v.to_int());
      else if (v.is_double()) {
        double d =
            v.to_double();  // the conversion goes through a 32-bit integer; outside its range PyTorch's processor gives the lowest one
        out += std::to_string(d > -2147483649.0 && d < 2147483648.0 ? static_cast<int32_t>(d) : INT32_MIN);
      } else refuse("a number");
      break;
    case 'e':
    case 'E':
    case 'f':
    case 'F': {
      if (!v.is_int() && !v.is_double()) refuse("a number");
      float f = v.is_int() ? static_cast<float>(v.to_int()) : static_cast<float>(v.to_double());
      number(specifier == 'e' ? "%e" : specifier == 'E' ? "%E" : "%f", static_cast<double>(f));
      break;
    }
    case 'c':
      if (v.is_int()) out += static_cast<char>(v.to_int());
      else if (v.is_string() && v.to_string().size() == 1) out += v.to_string();
      else refuse("an int or char");
      break;
    case 's': append_value(out, v, 0); break;
    default: throw Error(ErrorKind::model, std::string("The specifier %") + specifier + " is not supported in TorchScript format strings");
  }
}

std::string percent_format_text(std::string_view format, std::span<const Value* const> values) {
  std::vector<const Value*> arguments;
  if (values.size() == 1 && values[0]->is_tuple()) {
    for (auto& v : values[0]->to_tuple().elements) arguments.push_back(&v);
  } else {
    arguments.assign(values.begin(), values.end());
  }
  std::string out;
  size_t used = 0, from = 0;
  for (size_t at; (at = format.find('%', from)) != format.npos; from = at + 2) {
    out += format.substr(from, at - from);
    if (at + 1 == format.size()) throw Error(ErrorKind::model, "Incomplete format specifier");
    if (format[at + 1] == '%') {
      out += '%';
      continue;
    }
    if (used == arguments.size()) throw Error(ErrorKind::model, "Too few arguments for format string");
    append_percent(out, format[at + 1], *arguments[used++]);
  }
  if (used != arguments.size()) throw Error(ErrorKind::model, "Too many arguments for format string");
  out += format.substr(from);
  return out;
}

}  // namespace tsrun
