// Lowering one function: syntax tree to typed SSA graph. Internal to src/ir/lower_*.cpp; the entry is lower() in unit.h.
#pragma once
#include <set>
#include <unordered_map>

#include "ir/unit.h"

namespace tsrun {

/// What an expression can denote before it is a value.
struct Sugar {
  enum class Kind : uint8_t {
    value,       ///< val
    name_space,  ///< text: "torch", "ops.aten", "__torch__.a", "CONSTANTS"
    builtin,     ///< text: "aten::add"; val: the receiver of method syntax, or null
    function,    ///< function
    method,      ///< val . text; function when the class is known
    type,        ///< type: a class, named tuple or enum
    special,     ///< text: annotate, isinstance, print, ...
    closure,     ///< def: a nested function, for fork
  };
  Kind kind = Kind::value;
  Val* val = nullptr;
  std::string text;
  Function* function = nullptr;
  TypeRef type;
  const FunctionDef* def = nullptr;
};

inline Sugar value_sugar(Val* v) {
  Sugar s;
  s.val = v;
  return s;
}

/// Variables of one block; lookups go outwards.
struct Scope {
  Scope* parent = nullptr;
  std::unordered_map<std::string, Sugar> variables;
  std::set<std::string> undefined;  ///< assigned in one branch only, or with types that do not fit together: name to be reported when read
  bool returns_here = false;        ///< the outermost scope of a function or closure: `return` is its result
  bool exits = false;               ///< ends in return, break, continue or raise: nothing after it is compiled
};

/// One argument of a call.
struct CallArgument {
  Val* val;
  std::string keyword;
};

/// Types that hold when a condition is true, and when it is false.
struct Refinements {
  std::vector<std::pair<std::string, TypeRef>> when_true, when_false;
};
/// A lowered condition; `known` when static types decide it (then val is null until asked for).
struct Condition {
  Val* val = nullptr;
  int known = -1;  ///< 0, 1, or -1 for not known
  Refinements refinements;
};

class Lowering {
 public:
  explicit Lowering(Function& f);
  std::unique_ptr<Graph> run();

 private:
  // ---- places and errors (lower.cpp)
  [[noreturn]] void fail(Span span, const std::string& why, ErrorKind kind = ErrorKind::malformed) const;
  Location at(Span span) const { return {&source_, span}; }
  Node* emit(NodeKind kind, Span span, std::vector<Val*> inputs = {});
  Val* emit_one(NodeKind kind, Span span, std::vector<Val*> inputs, TypeRef type);
  Val* constant(Value v, TypeRef type, Span span);
  Val* constant(Value v, Span span);
  Val* none(Span span) { return constant({}, types::none(), span); }

  // ---- statements (lower.cpp, lower_flow.cpp)
  void statements(const std::vector<StmtPtr>& body);
  void statement(const Stmt& s);
  void assign(const Expr& target, Val* value, Span span);
  void assign_name(const std::string& name, Sugar value, Span span);
  void destructure(const Expr& target, Val* value);
  void assign_statement(const Stmt& s);
  void annotated_assign(const Stmt& s);
  void augmented_assign(const Stmt& s);
  void delete_statement(const Stmt& s);
  void return_statement(const Stmt& s);
  void raise_statement(const Stmt& s);
  void assert_statement(const Stmt& s);
  void with_statement(const Stmt& s);
  void if_statement(const Stmt& s);
  void while_statement(const Stmt& s);
  void for_statement(const Stmt& s);
  void exit_loop(const Stmt& s);
  /// A loop whose body is emitted by `body`; names are carried when they exist outside and are assigned inside.
  void loop(Span span, Val* maximum, const Expr* condition, const std::set<std::string>& assigned,
            const std::function<void(Val* count)>& body);
  void for_over(Span span, const Expr& iterable, const std::set<std::string>& assigned, const std::function<void(Val*)>& element);
  std::vector<Val*> unpack(Val* v, size_t count, Span span, bool at_least = false);
  void enter(Block* b, Scope& s);
  void leave(Block* b, Scope* s);
  void refine(const std::vector<std::pair<std::string, TypeRef>>& list, Span span);
  Sugar* find_variable(const std::string& name);

  // ---- expressions and literals (lower_expression.cpp)
  Val* expression(const Expr& e, const TypeRef& hint = {});
  Sugar sugared(const Expr& e, const TypeRef& hint = {});
  Val* as_value(const Sugar& s, Span span);
  Val* list_literal(const Expr& e, const TypeRef& hint);
  Val* dict_literal(const Expr& e, const TypeRef& hint);
  Val* tuple_literal(const Expr& e, const TypeRef& hint);
  Val* list_comprehension(const Expr& e, const TypeRef& hint);
  Val* dict_comprehension(const Expr& e, const TypeRef& hint);

  // ---- names and attributes (lower_name.cpp)
  Sugar name(const Expr& e);
  Sugar attribute(const Expr& e);
  Sugar attribute_of(Val* v, const std::string& name, Span span);

  // ---- operators and conditions (lower_operator.cpp)
  Val* binary(const Expr& e);
  Val* binary_op(const std::string& symbol, Val* a, Val* b, Span span);
  Val* unary(const Expr& e);
  Val* ternary(const Expr& e, const TypeRef& hint);
  Condition condition(const Expr& e);
  Val* as_bool(Condition& c, Span span);
  Val* truth(Val* v, Span span);

  // ---- subscripts (lower_subscript.cpp)
  Val* subscript(const Expr& e, const TypeRef& hint);
  Val* tensor_subscript(Val* v, const Expr& e, Span span);
  Val* index_view(Val* v, const Expr& e, std::vector<Val*>& tensors, Span span);
  void assign_subscript(const Expr& target, Val* value, Span span);

  // ---- calls (lower_call.cpp)
  Sugar call(const Expr& e, const TypeRef& hint);
  std::vector<CallArgument> arguments(const Expr& e, size_t from = 1);
  Sugar special_call(const std::string& name, const Expr& e, const TypeRef& hint);
  Condition isinstance_condition(const Expr& e);
  Val* fork_call(const Expr& e);
  Val* construct(const TypeRef& type, const Expr& e);
  Val* cast_call(const std::string& name, const Expr& e);
  Val* call_function(Function& f, Val* self, const std::vector<CallArgument>& args, Span span);
  Val* call_method(Val* object, const std::string& method, const std::vector<CallArgument>& args, Span span);
  Val* builtin(const std::string& name, Val* self, const std::vector<CallArgument>& args, Span span, const TypeRef& hint = {});
  Val* builtin(const std::string& name, std::vector<Val*> args, Span span);
  Val* emit_op(const Operator& op, const Schema& schema, std::vector<Val*> inputs,
               const std::unordered_map<std::string, TypeRef>& variables, Span span);

  // ---- matching arguments to parameters (match.cpp)
  /// How far an argument may be converted: not at all, as LibTorch does, or a little further than LibTorch.
  enum class Conversions : uint8_t { none, implicit, lenient };
  struct Plan;
  /// The call as files of an old version mean it; null when it means what it means today, or does not fit.
  Val* old_call(const std::string& full_name, Val* self, const std::vector<CallArgument>& args, Span span);
  bool match(const Schema& schema, Val* self, const std::vector<CallArgument>& args, Conversions level, Plan& plan, std::string* why);
  std::vector<Val*> convert_arguments(const Schema& schema, const Plan& plan, Conversions level, Span span);
  bool convertible(const Val& v, const TypeRef& to, int fixed_size, Conversions level) const;
  bool convertible_type(const TypeRef& from, const TypeRef& to, Conversions level) const;
  Val* convert(Val* v, const TypeRef& to, int fixed_size, Conversions level, Span span);
  /// convert() for assignment, return and annotate; throws with `what` when v does not fit.
  Val* coerce(Val* v, const TypeRef& to, const std::string& what, Span span, Conversions level = Conversions::implicit);
  bool is_empty_list_literal(const Val& v) const;

  Function& f_;
  CompilationUnit& unit_;
  const Source& source_;
  std::unique_ptr<Graph> graph_;
  Block* block_ = nullptr;
  Scope* scope_ = nullptr;
  struct LoopFrame {
    std::vector<std::string> carried;
    std::vector<TypeRef> types;
    const Expr* condition;
  };
  std::vector<LoopFrame*> loops_;
  bool in_closure_ = false;
  std::set<const Node*> empty_lists_;  ///< list literals `[]` whose element type is still open
};

struct Lowering::Plan {
  struct Item {
    Val* val = nullptr;          ///< an argument
    std::vector<Val*> gathered;  ///< the remaining positional arguments as a list
    bool is_gathered = false;
    const Value* fallback = nullptr;  ///< the parameter's default
    TypeRef type;                     ///< the parameter's type with variables replaced
    int fixed_size = 0;
  };
  std::vector<Item> items;
  std::vector<Val*> varargs;
  std::unordered_map<std::string, TypeRef> variables;
};

}  // namespace tsrun
