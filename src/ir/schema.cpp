#include "ir/schema.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "tsrun/error.h"

namespace tsrun {
namespace {

/// Reads one schema from left to right.
class SchemaReader {
 public:
  explicit SchemaReader(std::string_view text) : text_(text) {}

  Schema schema() {
    Schema s;
    s.text = std::string(text_);
    size_t open = text_.find('(');
    if (open == text_.npos) fail("no parameter list");
    std::string_view full = text_.substr(0, open);
    size_t colons = full.find("::");
    size_t dot = full.find('.', colons == full.npos ? 0 : colons);
    s.name = std::string(full.substr(0, dot));
    if (dot != full.npos) s.overload = std::string(full.substr(dot + 1));
    at_ = open + 1;
    bool keyword_only = false;
    while (!eat(')')) {
      if (eat_word("...")) s.vararg = true;
      else if (eat('*')) keyword_only = true;
      else {
        s.arguments.push_back(argument());
        s.arguments.back().keyword_only = keyword_only;
      }
      if (!eat(',') && peek() != ')') fail("expected ',' or ')'");
    }
    if (!eat_word("->")) fail("expected '->'");
    if (eat_word("...")) {
      s.varret = true;
    } else if (eat('(')) {
      while (!eat(')')) {
        if (eat_word("...")) s.varret = true;
        else s.returns.push_back(argument());
        if (!eat(',') && peek() != ')') fail("expected ',' or ')'");
      }
    } else {
      s.returns.push_back(argument());
    }
    return s;
  }

  SchemaArgument typed() {
    SchemaArgument a;
    a.type = base(a);
    alias(a);
    for (;;) {
      if (eat('?')) {
        a.type = types::optional(a.type);
      } else if (peek() == '[') {
        ++at_;
        a.fixed_size = static_cast<int>(number());
        if (!eat(']')) fail("expected ']'");
        a.type = types::list(a.type);
        alias(a);
      } else {
        return a;
      }
    }
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw Error(ErrorKind::unsupported, "schema '" + std::string(text_) + "': " + why + " at character " + std::to_string(at_));
  }
  void blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  char peek() {
    blanks();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool eat(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  bool eat_word(std::string_view w) {
    blanks();
    if (!text_.substr(at_).starts_with(w)) return false;
    at_ += w.size();
    return true;
  }
  int64_t number() {
    blanks();
    int64_t v = 0;
    auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), v);
    if (error == std::errc()) at_ = static_cast<size_t>(end - text_.data());
    return v;
  }
  std::string word() {
    blanks();
    size_t start = at_;
    while (at_ < text_.size() && (isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_' || text_[at_] == '.')) ++at_;
    return std::string(text_.substr(start, at_ - start));
  }

  /// "(a!)", "(a -> *)", "(a|b)": which memory the value shares, and whether it is written.
  void alias(SchemaArgument& a) {
    if (at_ >= text_.size() || text_[at_] != '(') return;
    size_t close = text_.find(')', at_);
    if (close == text_.npos) fail("'(' without ')'");
    std::string_view mark = text_.substr(at_ + 1, close - at_ - 1);
    a.is_written = a.is_written || mark.find('!') != mark.npos;
    if (a.alias.empty()) a.alias = std::string(mark.substr(0, mark.find_first_of("! |-")));
    at_ = close + 1;
  }

  std::vector<TypeRef> parameters() {
    std::vector<TypeRef> list;
    if (!eat('(')) fail("expected '('");
    while (!eat(')')) {
      list.push_back(typed().type);
      if (!eat(',') && peek() != ')') fail("expected ',' or ')'");
    }
    return list;
  }

  TypeRef base(SchemaArgument& a) {
    if (peek() == '(') return types::tuple(parameters());
    std::string w = word();
    if (w == "Tensor") return types::tensor();
    if (w == "int" || w == "SymInt") return types::integer();
    if (w == "ScalarType" || w == "Layout" || w == "MemoryFormat" || w == "QScheme" || w == "DeviceObjType") {
      a.from_int_enum = true;
      return types::integer();
    }
    if (w == "float") return types::floating();
    if (w == "bool" || w == "SymBool") return types::boolean();
    if (w == "Scalar" || w == "number") return types::number();
    if (w == "complex") return types::complex();
    if (w == "str" || w == "Dimname") return types::string();
    if (w == "Device") return types::device();
    if (w == "Generator") return types::generator();
    if (w == "Any") return types::any();
    if (w == "NoneType") return types::none();
    if (w == "Storage") return types::simple(TypeKind::storage);
    if (w == "Stream") return types::simple(TypeKind::stream);
    if (w == "AnyEnumType") return types::simple(TypeKind::any_enum);
    if (w == "AnyClassType") return types::simple(TypeKind::any_class);
    if (w == "Dict") {
      auto p = parameters();
      if (p.size() != 2) fail("Dict takes two types");
      return types::dict(p[0], p[1]);
    }
    if (w == "Future" || w == "RRef" || w == "Await") {
      auto p = parameters();
      if (p.size() != 1) fail(w + " takes one type");
      return w == "Await" ? types::await_of(p[0]) : types::future(p[0]);
    }
    if (w.starts_with("__torch__.")) return TypeRef(new ClassType(TypeKind::quantized_params, w));
    if (!w.empty() && islower(static_cast<unsigned char>(w[0]))) return types::variable(w);
    fail("unknown type '" + w + "'");
  }

  SchemaArgument argument() {
    SchemaArgument a = typed();
    char c = peek();
    if (isalpha(static_cast<unsigned char>(c)) || c == '_') a.name = word();
    if (eat('=')) a.default_value = value(*a.type, a.fixed_size);
    return a;
  }

  Value value(const Type& t, int fixed_size) {
    char c = peek();
    if (eat_word("None")) return {};
    if (t.is(TypeKind::optional)) return value(*t.element(), fixed_size);
    if (eat_word("True")) return true;
    if (eat_word("False")) return false;
    if (c == '[') {
      ++at_;
      std::vector<Value> elements;
      while (!eat(']')) {
        elements.push_back(value(*t.element(), 0));
        if (!eat(',') && peek() != ']') fail("expected ',' or ']'");
      }
      return make_list(std::move(elements), t.element());
    }
    if (c == '"' || c == '\'') {
      std::string s;
      for (++at_; at_ < text_.size() && text_[at_] != c; ++at_) {
        char part = text_[at_];
        if (part == '\\' && at_ + 1 < text_.size()) {
          constexpr std::string_view letters = "nrtfv", meanings = "\n\r\t\f\v";
          part = text_[++at_];
          if (size_t k = letters.find(part); k != letters.npos) part = meanings[k];
        }
        s += part;
      }
      if (at_ >= text_.size()) fail("unterminated string");
      ++at_;
      return Value(s);
    }
    if (t.is(TypeKind::list) && fixed_size > 0) {  // int[2] stride=1
      Value v = value(*t.element(), 0);
      return make_list(std::vector<Value>(static_cast<size_t>(fixed_size), v), t.element());
    }
    if (isalpha(static_cast<unsigned char>(c))) return named_constant();
    size_t start = at_;
    while (at_ < text_.size() &&
           (isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '.' || text_[at_] == '-' || text_[at_] == '+'))
      ++at_;
    std::string digits(text_.substr(start, at_ - start));
    if (t.is(TypeKind::floating) || digits.find_first_of(".e") != digits.npos) return std::strtod(digits.c_str(), nullptr);
    return static_cast<int64_t>(std::strtoll(digits.c_str(), nullptr, 10));
  }

  Value named_constant() {
    std::string w = word();
    if (w == "Mean") return int64_t{1};
    if (w == "Sum") return int64_t{2};
    if (w == "contiguous_format" || w == "strided") return int64_t{0};
    if (w == "long") return static_cast<int64_t>(DType::i64);
    if (w == "cpu") return Device{};
    if (w == "inf") return std::strtod("inf", nullptr);
    fail("unknown default '" + w + "'");
  }

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

bool Schema::writes_arguments() const {
  return std::any_of(arguments.begin(), arguments.end(), [](auto& a) { return a.is_written; });
}

Schema parse_schema(std::string_view text) { return SchemaReader(text).schema(); }

TypeRef parse_schema_type(std::string_view text) { return SchemaReader(text).typed().type; }

std::string schema_type_text(const Type& t) {
  switch (t.kind) {
    case TypeKind::list: return schema_type_text(*t.element()) + "[]";
    case TypeKind::optional: return schema_type_text(*t.element()) + "?";
    case TypeKind::number: return "Scalar";
    case TypeKind::dict: return "Dict(" + schema_type_text(*t.element(0)) + ", " + schema_type_text(*t.element(1)) + ")";
    case TypeKind::future: return "Future(" + schema_type_text(*t.element()) + ")";
    case TypeKind::await_: return "Await(" + schema_type_text(*t.element()) + ")";
    case TypeKind::tuple:
    case TypeKind::union_: {
      if (!t.name.empty()) return t.name;
      std::string s;
      for (auto& e : t.elements) s += (s.empty() ? "" : ", ") + schema_type_text(*e);
      return (t.is(TypeKind::union_) ? "Union(" : "(") + s + ")";
    }
    default: return to_text(t);
  }
}

std::string to_text(const Schema& schema) {
  std::string s = schema.full_name() + "(";
  bool first = true, star = false;
  for (auto& a : schema.arguments) {
    if (!first) s += ", ";
    first = false;
    if (a.keyword_only && !star) {
      s += "*, ";
      star = true;
    }
    s += schema_type_text(*a.type) + " " + a.name;
    if (a.default_value) s += "=...";
  }
  s += ") -> ";
  if (schema.returns.size() == 1) return s + schema_type_text(*schema.returns[0].type);
  s += "(";
  for (size_t i = 0; i < schema.returns.size(); ++i) s += (i ? ", " : "") + schema_type_text(*schema.returns[i].type);
  return s + ")";
}

}  // namespace tsrun
