// The syntax tree of serialized code: what the parser builds and lowering reads.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "ir/source.h"

namespace tsrun {

struct Expr;
struct Stmt;
struct FunctionDef;
using ExprPtr = std::unique_ptr<Expr>;
using StmtPtr = std::unique_ptr<Stmt>;

enum class ExprKind : uint8_t {
  name,       ///< text
  integer,    ///< text: digits, possibly with a folded '-'
  floating,   ///< text
  imaginary,  ///< text: the part before j
  string,     ///< text: decoded bytes
  true_,
  false_,
  none,
  ellipsis,
  attribute,  ///< children[0] . text
  call,       ///< children[0] (children[1..]); keywords[i] names argument i, empty for positional ones
  subscript,  ///< children[0] [ children[1..] ]
  slice,      ///< children: start, stop, step; absent ones are null
  starred,    ///< * children[0]
  tuple,
  list,       ///< children
  dict,       ///< children: key, value, key, value ...
  unary,      ///< text: "-" "not" "~"; children[0]
  binary,     ///< text: operator; children[0], children[1]
  ternary,    ///< children: condition, then, else
  list_comp,  ///< children: element, target, iterable
  dict_comp,  ///< children: key, value, target, iterable
};

struct Expr {
  Expr() = default;
  ~Expr();  // without recursion: code may be nested deeper than the stack that releases it
  ExprKind kind;
  Span span;
  std::string text;
  std::vector<ExprPtr> children;
  std::vector<std::string> keywords;

  const Expr& operator[](size_t i) const { return *children[i]; }
};

enum class StmtKind : uint8_t {
  assign,      ///< exprs: targets..., value (last)
  annotate,    ///< exprs: target, type, value (may be null)
  augment,     ///< text: operator without '='; exprs: target, value
  expression,  ///< exprs[0]
  return_,     ///< exprs[0] (null for a bare return)
  pass,
  break_,
  continue_,
  global,
  delete_,  ///< exprs
  raise,    ///< exprs[0] (may be null)
  assert_,  ///< exprs: condition, message (may be null)
  if_,      ///< exprs[0]; body; other
  while_,   ///< exprs[0]; body
  for_,     ///< exprs: target, iterable; body
  with,     ///< exprs: context, name (may be null), context, name, ...; body
  def,      ///< function
};

struct Stmt {
  Stmt() = default;
  ~Stmt();  // like Expr's
  StmtKind kind;
  Span span;
  std::string text;
  std::vector<ExprPtr> exprs;
  std::vector<StmtPtr> body, other;
  std::unique_ptr<FunctionDef> function;
};

struct ParameterDef {
  std::string name;
  ExprPtr type;           ///< null: Tensor (or the class, for self)
  ExprPtr default_value;  ///< null when there is none
  bool keyword_only = false;
  Span span;
};

struct FunctionDef {
  std::string name;
  Span span;
  std::vector<ParameterDef> parameters;
  ExprPtr return_type;  ///< null: inferred
  std::vector<StmtPtr> body;
};

struct ClassDef {
  std::string name, base;  ///< base: "Module", "NamedTuple", "Interface", "ModuleInterface", "Enum" or empty
  Span span;
  std::vector<StmtPtr> members;                       ///< annotations and assignments, in order
  std::vector<std::unique_ptr<FunctionDef>> methods;  ///< in order
};

/// One file.
struct Unit {
  std::vector<std::unique_ptr<ClassDef>> classes;
  std::vector<std::unique_ptr<FunctionDef>> functions;
};

}  // namespace tsrun
