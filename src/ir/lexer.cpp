#include "ir/lexer.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace tsrun {
namespace {

constexpr std::string_view keywords[] = {"def",   "class",    "if",   "else", "elif",   "while",  "for",   "in",   "is not",   "not in",
                                         "is",    "not",      "and",  "or",   "return", "True",   "False", "None", "NoneType", "Ellipsis",
                                         "break", "continue", "pass", "del",  "raise",  "assert", "with",  "as",   "import",   "global"};
// Longest first: the first that matches is taken.
constexpr std::string_view symbols[] = {"...", "**=", "//=", "<<=", ">>=", "==", "!=", "<=", ">=", "//", "**", "<<", ">>", "->", "+=", "-=",
                                        "*=",  "/=",  "%=",  "|=",  "&=",  "^=", "+",  "-",  "*",  "/",  "%",  "@",  "(",  ")",  "[",  "]",
                                        ":",   ",",   "=",   "{",   "}",   ">",  "<",  ".",  "?",  "!",  "&",  "^",  "|",  "~"};

bool is_name_start(char c) { return isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool is_name_char(char c) { return isalnum(static_cast<unsigned char>(c)) || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Lexer {
 public:
  explicit Lexer(const Source& source) : source_(source), text_(source.text) {}

  std::vector<Token> run() {
    while (at_ < text_.size()) line();
    if (!out_.empty() && out_.back().kind != TokenKind::newline) put(TokenKind::newline, at_, at_);
    for (; indents_.size() > 1; indents_.pop_back()) put(TokenKind::dedent, at_, at_);
    put(TokenKind::end, at_, at_);
    return std::move(out_);
  }

 private:
  [[noreturn]] void fail(size_t at, const std::string& why) const {
    fail_at({&source_, {static_cast<uint32_t>(at), static_cast<uint32_t>(at)}}, ErrorKind::malformed, why);
  }
  void put(TokenKind kind, size_t begin, size_t end, std::string text = {}) {
    out_.push_back({kind, {static_cast<uint32_t>(begin), static_cast<uint32_t>(end)}, std::move(text)});
  }
  char at(size_t i) const { return i < text_.size() ? text_[i] : '\0'; }

  /// One logical line: its indentation, then tokens to the end of the line outside brackets.
  void line() {
    size_t start = at_;
    while (at(at_) == ' ' || at(at_) == '\t') ++at_;
    size_t column = at_ - start;
    if (at(at_) == '#') {
      comment();
      if (at(at_) == '\n') ++at_;
      return;
    }
    if (at(at_) == '\n' || at(at_) == '\r' || at_ >= text_.size()) {
      ++at_;
      return;
    }
    if (column > indents_.back()) {
      indents_.push_back(column);
      put(TokenKind::indent, start, at_);
    }
    while (column < indents_.back()) {
      indents_.pop_back();
      put(TokenKind::dedent, start, at_);
    }
    if (column != indents_.back()) fail(at_, "the indentation matches no outer block");
    for (;;) {
      char c = at(at_);
      if (at_ >= text_.size()) {
        put(TokenKind::newline, at_, at_);
        return;
      }
      if (c == '\n') {
        ++at_;
        if (depth_ > 0) continue;
        put(TokenKind::newline, at_ - 1, at_);
        return;
      }
      if (c == ' ' || c == '\t' || c == '\r') ++at_;
      else if (c == '\\' && (at(at_ + 1) == '\n' || (at(at_ + 1) == '\r' && at(at_ + 2) == '\n'))) at_ += at(at_ + 1) == '\n' ? 2 : 3;
      else if (c == '#') comment();
      else token();
    }
  }

  void comment() {
    size_t end = std::min(text_.find('\n', at_), text_.size());
    size_t i = at_ + 1;
    while (i < end && text_[i] == ' ') ++i;
    std::string_view body = std::string_view(text_).substr(i, end - i);
    if (body.starts_with("type:")) put(TokenKind::type_comment, at_, end, std::string(body.substr(5)));
    at_ = end;
  }

  void token() {
    char c = at(at_);
    if (is_digit(c) || (c == '.' && is_digit(at(at_ + 1)))) return number();
    if (c == '\'' || c == '"') return string();
    if (is_name_start(c)) return word();
    for (std::string_view s : symbols)
      if (std::string_view(text_).substr(at_).starts_with(s)) {
        if (s == "(" || s == "[" || s == "{") ++depth_;
        if ((s == ")" || s == "]" || s == "}") && depth_ > 0) --depth_;
        put(TokenKind::symbol, at_, at_ + s.size(), std::string(s));
        at_ += s.size();
        return;
      }
    constexpr char digits[] = "0123456789abcdef";
    auto byte = static_cast<unsigned char>(c);
    fail(at_, "unexpected character '" +
                  (c > ' ' && c <= '~' ? std::string(1, c) : std::string("\\x") + digits[byte >> 4] + digits[byte & 15]) + "'");
  }

  void word() {
    size_t start = at_;
    while (is_name_char(at(at_))) ++at_;
    std::string_view w = std::string_view(text_).substr(start, at_ - start);
    auto follows = [&](std::string_view next) {  // `is not` and `not in` are one token, with exactly one blank
      return std::string_view(text_).substr(at_).starts_with(next) && !is_name_char(at(at_ + next.size()));
    };
    if (w == "is" && follows(" not")) at_ += 4;
    else if (w == "not" && follows(" in")) at_ += 3;
    w = std::string_view(text_).substr(start, at_ - start);
    bool keyword = std::find(std::begin(keywords), std::end(keywords), w) != std::end(keywords);
    put(keyword ? TokenKind::keyword : TokenKind::name, start, at_, std::string(w));
  }

  void number() {
    const char* begin = text_.c_str() + at_;
    char* end = nullptr;
    std::strtod(begin, &end);
    size_t length = static_cast<size_t>(end - begin);
    std::string digits(begin, length);
    bool hex = digits.size() > 1 && (digits[1] == 'x' || digits[1] == 'X');
    TokenKind kind = digits.find_first_of(hex ? ".eEpP" : ".eE") != digits.npos ? TokenKind::floating : TokenKind::integer;
    size_t start = at_;
    at_ += length;
    if (at(at_) == 'j') {
      kind = TokenKind::imaginary;
      ++at_;
    }
    if (is_name_char(at(at_))) fail(start, "malformed number");
    put(kind, start, at_, std::move(digits));
  }

  void string() {
    size_t start = at_;
    char quote = at(at_);
    bool triple = at(at_ + 1) == quote && at(at_ + 2) == quote;
    at_ += triple ? 3 : 1;
    std::string bytes;
    for (;;) {
      if (at_ >= text_.size()) fail(start, "unterminated string");
      char c = text_[at_];
      if (c == quote && (!triple || (at(at_ + 1) == quote && at(at_ + 2) == quote))) {
        at_ += triple ? 3 : 1;
        break;
      }
      if (c == '\n' && !triple) fail(start, "unterminated string");
      if (c == '\\') {
        escape(bytes);
      } else {
        bytes += c;
        ++at_;
      }
    }
    put(TokenKind::string, start, at_, std::move(bytes));
  }

  void escape(std::string& bytes) {
    char c = at(at_ + 1);
    size_t start = at_;
    at_ += 2;
    constexpr std::string_view from = "\\'\"abfntvr", to = "\\'\"\a\b\f\n\t\v\r";
    if (size_t i = from.find(c); i != from.npos && c != '\0') {
      bytes += to[i];
    } else if (c == '\n') {
    } else if (c >= '0' && c <= '7') {
      int value = 0, digits = 0;
      for (--at_; digits < 3 && at(at_) >= '0' && at(at_) <= '7'; ++digits) value = value * 8 + (text_[at_++] - '0');
      if (digits != 3 || value > 255) fail(start, "an octal escape takes three digits up to 377");
      bytes += static_cast<char>(value);
    } else if (c == 'x' && isxdigit(static_cast<unsigned char>(at(at_))) && isxdigit(static_cast<unsigned char>(at(at_ + 1)))) {
      bytes += static_cast<char>(std::stoi(text_.substr(at_, 2), nullptr, 16));
      at_ += 2;
    } else {
      fail(start, std::string("unknown escape '\\") + c + "' in a string");
    }
  }

  const Source& source_;
  const std::string& text_;
  size_t at_ = 0;
  int depth_ = 0;  // open brackets: newlines inside them do not count
  std::vector<size_t> indents_{0};
  std::vector<Token> out_;
};

}  // namespace

std::vector<Token> tokenize(const Source& source) { return Lexer(source).run(); }

}  // namespace tsrun
