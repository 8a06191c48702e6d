#include "ir/parser.h"

#include <algorithm>

#include "ir/lexer.h"
#include "ir/stack.h"

namespace tsrun {
namespace {

constexpr int max_depth = 100000;  // counted twice or more per level of the code

struct Level {
  std::string_view symbol;
  int precedence;
};
// Low to high. `and` and `or` share a level, comparisons are left-associative and not chained: LibTorch's grammar, not Python's.
constexpr Level binary_levels[] = {
    {"and", 2}, {"or", 2}, {"in", 4}, {"not in", 4}, {"is", 4}, {"is not", 4}, {"<", 4},   {">", 4},  {"<=", 4},
    {">=", 4},  {"==", 4}, {"!=", 4}, {"|", 5},      {"^", 6},  {"&", 7},      {"<<", 8},  {">>", 8}, {"+", 9},
    {"-", 9},   {"*", 10}, {"/", 10}, {"//", 10},    {"%", 10}, {"@", 10},     {"**", 12},
};
constexpr int ternary_level = 1, not_level = 3, minus_level = 11, power_level = 12;

class Parser {
 public:
  explicit Parser(const Source& source) : source_(source), tokens_(tokenize(source)) {}

  Unit unit() {
    Unit u;
    if (is_name("op_version_set")) skip_line();
    while (!is(TokenKind::end)) {
      if (is_keyword("import")) skip_line();
      else if (is_keyword("class")) u.classes.push_back(class_def());
      else if (is_keyword("def")) u.functions.push_back(function_def());
      else if (is(TokenKind::newline)) next();
      else fail("expected a class or function definition");
    }
    return u;
  }

  ExprPtr lone_expression() {
    ExprPtr e = expression();
    while (is(TokenKind::newline)) next();
    if (!is(TokenKind::end)) fail("unexpected text after the expression");
    return e;
  }

 private:
  // ---- tokens -----------------------------------------------------------------------------------------------------------------------
  const Token& token() const { return tokens_[at_]; }
  const Token& ahead(size_t n) const { return tokens_[std::min(at_ + n, tokens_.size() - 1)]; }
  const Token& next() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
  bool is(TokenKind k) const { return token().kind == k; }
  bool is_symbol(std::string_view s) const { return is(TokenKind::symbol) && token().text == s; }
  bool is_keyword(std::string_view s) const { return is(TokenKind::keyword) && token().text == s; }
  bool is_name(std::string_view s) const { return is(TokenKind::name) && token().text == s; }
  bool eat_symbol(std::string_view s) { return is_symbol(s) && (next(), true); }
  bool eat_keyword(std::string_view s) { return is_keyword(s) && (next(), true); }
  [[noreturn]] void fail(const std::string& why) const { fail_at({&source_, token().span}, ErrorKind::malformed, why); }
  void expect_symbol(std::string_view s) {
    if (!eat_symbol(s))
      fail("expected '" + std::string(s) + "'" + (token().text.empty() ? "" : ", found '" + token().text.substr(0, 40) + "'"));
  }
  std::string name() {
    if (!is(TokenKind::name)) fail("expected a name");
    return next().text;
  }
  void skip_line() {
    while (!is(TokenKind::newline) && !is(TokenKind::end)) next();
    next();
  }
  void end_of_line() {
    if (is(TokenKind::type_comment)) next();
    if (is(TokenKind::end)) return;
    if (!is(TokenKind::newline)) fail("expected the end of the line, found '" + token().text.substr(0, 40) + "'");
    next();
  }

  /// Brackets and blocks within each other, and links of a chain such as x.a(b)[c] or a + b + c.
  void check_depth(int depth) const {
    if (depth > max_depth) fail("code is nested too deep");
  }
  struct Depth {
    explicit Depth(Parser& p) : p(p) {
      check_stack();
      p.check_depth(++p.depth_);
    }
    ~Depth() { --p.depth_; }
    Parser& p;
  };

  // ---- definitions ------------------------------------------------------------------------------------------------------------------
  std::unique_ptr<ClassDef> class_def() {
    auto c = std::make_unique<ClassDef>();
    c->span = next().span;
    c->name = name();
    if (eat_symbol("(")) {
      if (is(TokenKind::name)) c->base = next().text;
      while (!is_symbol(")") && !is(TokenKind::newline) && !is(TokenKind::end)) next();
      expect_symbol(")");
    }
    expect_symbol(":");
    if (!is(TokenKind::newline)) {  // class C: pass
      simple_statement();
      return c;
    }
    next();
    if (!is(TokenKind::indent)) return c;
    next();
    while (!is(TokenKind::dedent) && !is(TokenKind::end)) {
      if (is_keyword("def")) c->methods.push_back(function_def());
      else if (is(TokenKind::newline) || is(TokenKind::type_comment)) next();
      else if (StmtPtr s = simple_statement(); s->kind != StmtKind::pass) c->members.push_back(std::move(s));
    }
    if (is(TokenKind::dedent)) next();
    return c;
  }

  std::unique_ptr<FunctionDef> function_def() {
    Depth depth(*this);
    auto f = std::make_unique<FunctionDef>();
    next();
    f->span = token().span;
    f->name = name();
    expect_symbol("(");
    bool keyword_only = false;
    while (!is_symbol(")")) {
      if (eat_symbol("*")) {
        keyword_only = true;
      } else {
        ParameterDef p;
        p.span = token().span;
        p.keyword_only = keyword_only;
        p.name = name();
        if (eat_symbol(":")) p.type = expression();
        if (eat_symbol("=")) p.default_value = expression();
        f->parameters.push_back(std::move(p));
      }
      if (!eat_symbol(",") && !is_symbol(")")) fail("expected ',' or ')'");
    }
    next();
    if (eat_symbol("->")) f->return_type = expression();
    expect_symbol(":");
    if (is(TokenKind::type_comment) || (is(TokenKind::newline) && ahead(1).kind == TokenKind::type_comment)) {
      if (is(TokenKind::newline)) next();
      type_comment(*f, next());
    }
    f->body = block();
    return f;
  }

  /// `# type: (A, B) -> R`: types of the parameters (without self, when fewer are given) and of the result.
  void type_comment(FunctionDef& f, const Token& comment) {
    std::string text = comment.text;
    size_t arrow = text.rfind("->");
    if (arrow == text.npos) return;
    auto parse = [&](std::string part) {
      size_t start = part.find_first_not_of(' ');
      Source piece{source_.name, start == part.npos ? "" : part.substr(start)};
      return parse_expression(piece);
    };
    ExprPtr parameters = parse(text.substr(0, arrow));
    if (!f.return_type) f.return_type = parse(text.substr(arrow + 2));
    std::vector<ExprPtr> list;
    if (parameters->kind == ExprKind::tuple) list = std::move(parameters->children);
    else list.push_back(std::move(parameters));
    size_t skip = f.parameters.size() > list.size() ? f.parameters.size() - list.size() : 0;
    for (size_t i = 0; i < list.size() && i + skip < f.parameters.size(); ++i) f.parameters[i + skip].type = std::move(list[i]);
  }

  std::vector<StmtPtr> block() {
    Depth depth(*this);
    std::vector<StmtPtr> body;
    if (!is(TokenKind::newline) && !is(TokenKind::indent)) {
      body.push_back(statement());
      return body;
    }
    while (is(TokenKind::newline)) next();
    if (!is(TokenKind::indent)) fail("expected an indented block");
    next();
    while (!is(TokenKind::dedent) && !is(TokenKind::end)) {
      if (is(TokenKind::newline) || is(TokenKind::type_comment)) next();
      else body.push_back(statement());
    }
    if (is(TokenKind::dedent)) next();
    return body;
  }

  // ---- statements -------------------------------------------------------------------------------------------------------------------
  StmtPtr make(StmtKind kind) {
    auto s = std::make_unique<Stmt>();
    s->kind = kind;
    s->span = token().span;
    return s;
  }

  StmtPtr statement() {
    if (is_keyword("if")) return if_statement();
    if (is_keyword("while")) {
      StmtPtr s = make(StmtKind::while_);
      next();
      s->exprs.push_back(expression());
      expect_symbol(":");
      s->body = block();
      return s;
    }
    if (is_keyword("for")) {
      StmtPtr s = make(StmtKind::for_);
      next();
      s->exprs.push_back(targets());
      if (!eat_keyword("in")) fail("expected 'in'");
      s->exprs.push_back(expression_list());
      expect_symbol(":");
      s->body = block();
      return s;
    }
    if (is_keyword("with")) {
      StmtPtr s = make(StmtKind::with);
      next();
      do {
        s->exprs.push_back(expression());
        s->exprs.push_back(eat_keyword("as") ? postfix() : nullptr);
      } while (eat_symbol(","));
      expect_symbol(":");
      s->body = block();
      return s;
    }
    if (is_keyword("def")) {
      StmtPtr s = make(StmtKind::def);
      s->function = function_def();
      return s;
    }
    return simple_statement();
  }

  StmtPtr if_statement() {
    Depth depth(*this);
    StmtPtr s = make(StmtKind::if_);
    next();
    s->exprs.push_back(expression());
    expect_symbol(":");
    s->body = block();
    if (is_keyword("elif")) s->other.push_back(if_statement());
    else if (eat_keyword("else")) {
      expect_symbol(":");
      s->other = block();
    }
    return s;
  }

  StmtPtr simple_statement() {
    StmtPtr s = make(StmtKind::pass);
    auto rest_is_empty = [&] { return is(TokenKind::newline) || is(TokenKind::end); };
    if (eat_keyword("pass")) {
    } else if (eat_keyword("break")) {
      s->kind = StmtKind::break_;
    } else if (eat_keyword("continue")) {
      s->kind = StmtKind::continue_;
    } else if (eat_keyword("return")) {
      s->kind = StmtKind::return_;
      s->exprs.push_back(rest_is_empty() ? nullptr : expression_list());
    } else if (eat_keyword("raise")) {
      s->kind = StmtKind::raise;
      s->exprs.push_back(rest_is_empty() ? nullptr : expression());
    } else if (eat_keyword("assert")) {
      s->kind = StmtKind::assert_;
      s->exprs.push_back(expression());
      s->exprs.push_back(eat_symbol(",") ? expression() : nullptr);
    } else if (eat_keyword("del")) {
      s->kind = StmtKind::delete_;
      do s->exprs.push_back(postfix());
      while (eat_symbol(","));
    } else if (eat_keyword("global")) {
      s->kind = StmtKind::global;
      do name();
      while (eat_symbol(","));
    } else {
      expression_statement(*s);
    }
    s->span.end = token().span.begin;
    end_of_line();
    return s;
  }

  void expression_statement(Stmt& s) {
    ExprPtr first = expression_list();
    if (eat_symbol(":")) {
      s.kind = StmtKind::annotate;
      s.exprs.push_back(std::move(first));
      s.exprs.push_back(expression());
      s.exprs.push_back(eat_symbol("=") ? expression_list() : nullptr);
      return;
    }
    static constexpr std::string_view augmented[] = {"+=", "-=", "*=", "/=", "%=", "|=", "&=", "^=", "<<=", ">>=", "**=", "//="};
    for (std::string_view a : augmented)
      if (eat_symbol(a)) {
        s.kind = StmtKind::augment;
        s.text = std::string(a.substr(0, a.size() - 1));
        s.exprs.push_back(std::move(first));
        s.exprs.push_back(expression_list());
        return;
      }
    s.kind = is_symbol("=") ? StmtKind::assign : StmtKind::expression;
    s.exprs.push_back(std::move(first));
    while (eat_symbol("=")) s.exprs.push_back(expression_list());
  }

  // ---- expressions ------------------------------------------------------------------------------------------------------------------
  ExprPtr node(ExprKind kind, Span span, std::string text = {}) {
    auto e = std::make_unique<Expr>();
    e->kind = kind;
    e->span = span;
    e->text = std::move(text);
    return e;
  }
  template <class... C>
  ExprPtr node_of(ExprKind kind, Span span, std::string text, C&&... children) {
    ExprPtr e = node(kind, span, std::move(text));
    (e->children.push_back(std::move(children)), ...);
    return e;
  }

  /// One expression, or a tuple when commas follow: the right side of `=`, `return`, `in`.
  ExprPtr expression_list() {
    ExprPtr first = starred_or_expression();
    if (!is_symbol(",")) return first;
    Span span = first->span;
    ExprPtr tuple = node_of(ExprKind::tuple, span, "", std::move(first));
    while (eat_symbol(",")) {
      if (is(TokenKind::newline) || is(TokenKind::end) || is_symbol("=") || is_symbol(":") || is_symbol(")")) break;
      tuple->children.push_back(starred_or_expression());
    }
    return tuple;
  }

  /// Loop targets: like expression_list, but `in` ends them.
  ExprPtr targets() {
    ExprPtr first = postfix();
    if (!is_symbol(",")) return first;
    Span span = first->span;
    ExprPtr tuple = node_of(ExprKind::tuple, span, "", std::move(first));
    while (eat_symbol(",") && !is_keyword("in")) tuple->children.push_back(postfix());
    return tuple;
  }

  ExprPtr starred_or_expression() {
    if (!is_symbol("*")) return expression();
    Span span = next().span;
    return node_of(ExprKind::starred, span, "", expression());
  }

  ExprPtr expression(int level = ternary_level) {
    Depth depth(*this);
    ExprPtr left = prefix(level);
    for (int links = depth_;; check_depth(++links)) {
      if (level <= ternary_level && is_keyword("if")) {
        Span span = next().span;
        ExprPtr condition = expression(ternary_level + 1);
        if (!eat_keyword("else")) fail("expected 'else'");
        left = node_of(ExprKind::ternary, span, "", std::move(condition), std::move(left), expression());
        continue;
      }
      int found = binary_level();
      if (found == 0 || found < level) return left;
      const Token& op = next();
      ExprPtr right = expression(found == power_level ? found : found + 1);
      left = node_of(ExprKind::binary, op.span, op.text, std::move(left), std::move(right));
    }
  }

  int binary_level() const {
    if (!is(TokenKind::symbol) && !is(TokenKind::keyword)) return 0;
    for (auto& l : binary_levels)
      if (l.symbol == token().text) return l.precedence;
    return 0;
  }

  ExprPtr prefix(int) {
    if (is_keyword("not") || is_symbol("~")) {
      const Token& op = next();
      return node_of(ExprKind::unary, op.span, op.text, expression(not_level));
    }
    if (is_symbol("-")) {
      Span span = next().span;
      if (is(TokenKind::integer) && !(ahead(1).kind == TokenKind::symbol && ahead(1).text == "**")) {
        ExprPtr number = postfix();
        if (number->kind == ExprKind::integer) {  // -9223372036854775808 has no positive twin
          number->text.insert(0, "-");
          number->span.begin = span.begin;
          return number;
        }
        return node_of(ExprKind::unary, span, "-", std::move(number));
      }
      return node_of(ExprKind::unary, span, "-", expression(minus_level));
    }
    return postfix();
  }

  ExprPtr postfix() {
    ExprPtr e = atom();
    for (int links = depth_;; check_depth(++links)) {
      Span span = token().span;
      if (eat_symbol(".")) {
        span = token().span;
        std::string member = is(TokenKind::keyword) ? next().text : name();
        e = node_of(ExprKind::attribute, span, std::move(member), std::move(e));
      } else if (is_symbol("(")) {
        e = call(std::move(e));
      } else if (eat_symbol("[")) {
        e = node_of(ExprKind::subscript, e->span, "", std::move(e));
        e->span.end = span.end;
        do {
          if (is_symbol("]")) break;
          e->children.push_back(subscript_item());
        } while (eat_symbol(","));
        expect_symbol("]");
      } else {
        return e;
      }
    }
  }

  ExprPtr call(ExprPtr callee) {
    Depth depth(*this);
    ExprPtr e = node_of(ExprKind::call, callee->span, "", std::move(callee));
    next();
    while (!is_symbol(")")) {
      std::string keyword;
      if (is(TokenKind::name) && ahead(1).kind == TokenKind::symbol && ahead(1).text == "=") {
        keyword = next().text;
        next();
      }
      e->children.push_back(starred_or_expression());
      e->keywords.push_back(std::move(keyword));
      if (!eat_symbol(",") && !is_symbol(")")) fail("expected ',' or ')'");
    }
    e->span.end = next().span.end;
    return e;
  }

  ExprPtr subscript_item() {
    Span span = token().span;
    ExprPtr parts[3];
    bool slice = false;
    if (!is_symbol(":")) parts[0] = expression();
    for (int i = 1; i < 3 && eat_symbol(":"); ++i) {
      slice = true;
      if (!is_symbol(":") && !is_symbol(",") && !is_symbol("]")) parts[i] = expression();
    }
    if (!slice) return std::move(parts[0]);
    return node_of(ExprKind::slice, span, "", std::move(parts[0]), std::move(parts[1]), std::move(parts[2]));
  }

  ExprPtr atom() {
    const Token& t = token();
    switch (t.kind) {
      case TokenKind::name: return node(ExprKind::name, t.span, next().text);
      case TokenKind::integer: return node(ExprKind::integer, t.span, next().text);
      case TokenKind::floating: return node(ExprKind::floating, t.span, next().text);
      case TokenKind::imaginary: return node(ExprKind::imaginary, t.span, next().text);
      case TokenKind::string: {
        ExprPtr s = node(ExprKind::string, t.span, next().text);
        while (is(TokenKind::string)) s->text += next().text;
        return s;
      }
      case TokenKind::keyword: return keyword_atom();
      case TokenKind::symbol:
        if (t.text == "(") return parenthesized();
        if (t.text == "[") return list();
        if (t.text == "{") return dict();
        if (t.text == "...") return node(ExprKind::ellipsis, next().span);
        [[fallthrough]];
      default: fail(t.text.empty() ? "expected an expression" : "expected an expression, found '" + t.text.substr(0, 40) + "'");
    }
  }

  ExprPtr keyword_atom() {
    const Token& t = token();
    static constexpr std::pair<std::string_view, ExprKind> constants[] = {
        {"True", ExprKind::true_}, {"False", ExprKind::false_}, {"None", ExprKind::none}, {"Ellipsis", ExprKind::ellipsis}};
    for (auto& [word, kind] : constants)
      if (t.text == word) return node(kind, next().span);
    if (t.text == "NoneType") return node(ExprKind::name, next().span, "NoneType");
    fail("expected an expression, found '" + t.text + "'");
  }

  ExprPtr parenthesized() {
    Depth depth(*this);
    Span span = next().span;
    if (eat_symbol(")")) return node(ExprKind::tuple, span);
    ExprPtr first = starred_or_expression();
    if (eat_symbol(")")) return first;
    ExprPtr tuple = node_of(ExprKind::tuple, span, "", std::move(first));
    while (eat_symbol(",") && !is_symbol(")")) tuple->children.push_back(starred_or_expression());
    expect_symbol(")");
    return tuple;
  }

  ExprPtr list() {
    Depth depth(*this);
    Span span = next().span;
    ExprPtr e = node(ExprKind::list, span);
    while (!is_symbol("]")) {
      e->children.push_back(starred_or_expression());
      if (is_keyword("for")) {
        comprehension(*e, ExprKind::list_comp);
        break;
      }
      if (!eat_symbol(",") && !is_symbol("]")) fail("expected ',' or ']'");
    }
    expect_symbol("]");
    return e;
  }

  ExprPtr dict() {
    Depth depth(*this);
    Span span = next().span;
    ExprPtr e = node(ExprKind::dict, span);
    while (!is_symbol("}")) {
      e->children.push_back(expression());
      expect_symbol(":");
      e->children.push_back(expression());
      if (is_keyword("for")) {
        comprehension(*e, ExprKind::dict_comp);
        break;
      }
      if (!eat_symbol(",") && !is_symbol("}")) fail("expected ',' or '}'");
    }
    expect_symbol("}");
    return e;
  }

  void comprehension(Expr& e, ExprKind kind) {
    next();
    e.kind = kind;
    e.children.push_back(targets());
    if (!eat_keyword("in")) fail("expected 'in'");
    e.children.push_back(expression());
    if (is_keyword("if")) fail("a comprehension with 'if' is not TorchScript");
  }

  const Source& source_;
  std::vector<Token> tokens_;
  size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

Unit parse_unit(const Source& source) { return Parser(source).unit(); }
ExprPtr parse_expression(const Source& source) { return Parser(source).lone_expression(); }

}  // namespace tsrun
