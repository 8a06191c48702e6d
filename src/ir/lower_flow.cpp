// Lowering: branches and loops.
#include <algorithm>
#include <limits>

#include "ir/lowering.h"
#include "ir/stack.h"

namespace tsrun {
namespace {

void assigned_in(const Expr& target, std::set<std::string>& names) {
  check_stack();
  if (target.kind == ExprKind::name) names.insert(target.text);
  else if (target.kind == ExprKind::tuple || target.kind == ExprKind::list || target.kind == ExprKind::starred)
    for (auto& c : target.children) assigned_in(*c, names);
}

/// Names that statements of a block bind, at any depth.
void assigned_in(const std::vector<StmtPtr>& body, std::set<std::string>& names) {
  check_stack();
  for (auto& s : body) {
    switch (s->kind) {
      case StmtKind::assign:
        for (size_t i = 0; i + 1 < s->exprs.size(); ++i) assigned_in(*s->exprs[i], names);
        break;
      case StmtKind::annotate:
      case StmtKind::augment:
      case StmtKind::for_: assigned_in(*s->exprs[0], names); break;
      case StmtKind::with:
        for (size_t i = 1; i < s->exprs.size(); i += 2)
          if (s->exprs[i]) assigned_in(*s->exprs[i], names);
        break;
      default: break;
    }
    assigned_in(s->body, names);
    assigned_in(s->other, names);
  }
}

}  // namespace

void Lowering::enter(Block* b, Scope& s) {
  s.parent = scope_;
  scope_ = &s;
  block_ = b;
}

void Lowering::leave(Block* b, Scope* s) {
  block_ = b;
  scope_ = s;
}

/// Gives names the types that a condition has established, in the current block.
void Lowering::refine(const std::vector<std::pair<std::string, TypeRef>>& list, Span span) {
  for (auto& [name, type] : list) {
    Sugar* v = find_variable(name);
    if (!v || v->kind != Sugar::Kind::value || same_type(v->val->type, type)) continue;
    Sugar refined = *v;
    refined.val = emit_one(NodeKind::unchecked_cast, span, {v->val}, type);
    scope_->variables[name] = refined;
  }
}

void Lowering::if_statement(const Stmt& s) {
  Condition c = condition(*s.exprs[0]);
  if (c.known >= 0) {  // the other branch is not compiled
    refine(c.known ? c.refinements.when_true : c.refinements.when_false, s.span);
    return statements(c.known ? s.body : s.other);
  }
  Val* test = as_bool(c, s.span);
  Node* n = emit(NodeKind::if_, s.span, {test});
  Block* outer_block = block_;
  Scope* outer = scope_;
  Scope scopes[2];
  for (int i = 0; i < 2; ++i) {
    enter(graph_->add_block(n), scopes[i]);
    refine(i == 0 ? c.refinements.when_true : c.refinements.when_false, s.span);
    statements(i == 0 ? s.body : s.other);
    leave(outer_block, outer);
  }
  if (scopes[0].exits && scopes[1].exits) {
    outer->exits = true;
    return;
  }
  std::set<std::string> names;  // sorted: outputs come in a fixed order
  std::set<std::string> syntactic;
  assigned_in(s.body, syntactic);
  assigned_in(s.other, syntactic);
  for (auto& scope : scopes)
    for (auto& [name, v] : scope.variables)
      if (syntactic.count(name) || v.kind == Sugar::Kind::closure) names.insert(name);
  for (auto& scope : scopes) names.insert(scope.undefined.begin(), scope.undefined.end());

  for (const std::string& name : names) {
    Sugar* found[2];
    for (int i = 0; i < 2; ++i) {
      scope_ = &scopes[i];
      found[i] = find_variable(name);
      scope_ = outer;
    }
    bool live[2] = {!scopes[0].exits, !scopes[1].exits};
    auto is_value = [](Sugar* v) { return v && v->kind == Sugar::Kind::value; };
    if ((live[0] && !is_value(found[0])) || (live[1] && !is_value(found[1]))) {
      if (found[0] && found[1] && found[0]->kind == found[1]->kind && !is_value(found[0])) outer->variables[name] = *found[0];
      else {
        outer->variables.erase(name);
        outer->undefined.insert(name);
      }
      continue;
    }
    TypeRef type = !live[0] ? found[1]->val->type : !live[1] ? found[0]->val->type : unify(found[0]->val->type, found[1]->val->type);
    if (type && live[0] && live[1] && !same_type(found[0]->val->type, found[1]->val->type)) {  // a declared wider type outside stays
      if (Sugar* before = find_variable(name); is_value(before) && is_subtype(*type, *before->val->type)) type = before->val->type;
    }
    if (!type) {
      outer->variables.erase(name);
      outer->undefined.insert(name);
      continue;
    }
    for (int i = 0; i < 2; ++i) {
      Block* b = n->blocks[static_cast<size_t>(i)];
      Val* v;
      if (live[i]) {
        v = found[i]->val;
      } else {
        v = graph_->add_output(graph_->make(NodeKind::uninitialized), type);
        graph_->append(v->node, b);
      }
      graph_->add_input(b->result, v);
    }
    Sugar merged;
    merged.val = graph_->add_output(n, type, name);
    outer->undefined.erase(name);
    outer->variables[name] = merged;
  }
}

// ---- loops ----------------------------------------------------------------------------------------------------------------------------
void Lowering::loop(Span span, Val* maximum, const Expr* condition_expr, const std::set<std::string>& assigned,
                    const std::function<void(Val* count)>& body) {
  LoopFrame frame;
  frame.condition = condition_expr;
  std::vector<Val*> inputs{maximum, nullptr};
  Condition first;
  if (condition_expr) {
    first = condition(*condition_expr);
    inputs[1] = as_bool(first, condition_expr->span);
  } else {
    inputs[1] = constant(true, span);
  }
  for (const std::string& name : assigned) {
    Sugar* v = find_variable(name);
    if (!v || v->kind != Sugar::Kind::value) continue;
    frame.carried.push_back(name);
    frame.types.push_back(v->val->type);
    inputs.push_back(v->val);
  }
  Node* n = emit(NodeKind::loop, span, inputs);
  Block* outer_block = block_;
  Scope* outer = scope_;
  Scope scope;
  enter(graph_->add_block(n), scope);
  Val* count = graph_->add_output(block_->param, types::integer());
  for (size_t i = 0; i < frame.carried.size(); ++i) {
    Sugar v;
    v.val = graph_->add_output(block_->param, frame.types[i], frame.carried[i]);
    scope.variables[frame.carried[i]] = v;
  }
  loops_.push_back(&frame);
  if (condition_expr) refine(first.refinements.when_true, span);
  body(count);
  loops_.pop_back();
  std::vector<Val*> outputs{nullptr};
  if (scope.exits) {
    outputs[0] = constant(false, span);
    for (auto& t : frame.types) outputs.push_back(emit_one(NodeKind::uninitialized, span, {}, t));
  } else {
    if (condition_expr) {
      Condition again = condition(*condition_expr);
      outputs[0] = as_bool(again, condition_expr->span);
    } else {
      outputs[0] = constant(true, span);
    }
    for (size_t i = 0; i < frame.carried.size(); ++i) {
      Sugar* v = find_variable(frame.carried[i]);
      if (!v || v->kind != Sugar::Kind::value)
        fail(span, "variable '" + frame.carried[i] + "' is not defined on every path through the loop");
      outputs.push_back(
          coerce(v->val, frame.types[i], "variable '" + frame.carried[i] + "' at the end of the loop", span, Conversions::none));
    }
  }
  for (Val* v : outputs) graph_->add_input(block_->result, v);
  leave(outer_block, outer);
  for (size_t i = 0; i < frame.carried.size(); ++i) {
    Sugar v;
    v.val = graph_->add_output(n, frame.types[i], frame.carried[i]);
    outer->variables[frame.carried[i]] = v;
  }
}

void Lowering::while_statement(const Stmt& s) {
  std::set<std::string> assigned;
  assigned_in(s.body, assigned);
  Condition c;
  if (s.exprs[0]->kind == ExprKind::false_) return;
  loop(s.span, constant(std::numeric_limits<int64_t>::max(), s.span), s.exprs[0].get(), assigned, [&](Val*) { statements(s.body); });
}

void Lowering::for_statement(const Stmt& s) {
  std::set<std::string> assigned;
  assigned_in(s.body, assigned);
  assigned_in(*s.exprs[0], assigned);
  for_over(s.span, *s.exprs[1], assigned, [&](Val* element) {
    assign(*s.exprs[0], element, s.span);
    statements(s.body);
  });
}

/// Runs `element` for each item of an iterable; a tuple (and what is built on one) is unrolled, everything else becomes a counted loop.
void Lowering::for_over(Span span, const Expr& iterable, const std::set<std::string>& assigned, const std::function<void(Val*)>& element) {
  bool is_call = iterable.kind == ExprKind::call && iterable[0].kind == ExprKind::name && !find_variable(iterable[0].text);
  const std::string callee = is_call ? iterable[0].text : "";

  if (callee == "range") {
    std::vector<Val*> bounds;
    for (auto& a : arguments(iterable)) bounds.push_back(coerce(a.val, types::integer(), "an argument of range()", span));
    if (bounds.size() == 1) return loop(span, bounds[0], nullptr, assigned, element);
    if (bounds.size() != 2 && bounds.size() != 3) fail(span, "range() takes one to three arguments");
    Val* step = bounds.size() == 3 ? bounds[2] : constant(int64_t{1}, span);
    Val* count = builtin("aten::__range_length", {bounds[0], bounds[1], step}, span);
    return loop(span, count, nullptr, assigned, [&](Val* i) { element(builtin("aten::__derive_index", {i, bounds[0], step}, span)); });
  }

  // Everything else reads elements by index.
  struct Part {
    Val* container = nullptr;  // null for the counter of enumerate
    Val* start = nullptr;
    Val *first = nullptr, *step = nullptr;  // of a range that does not simply count from zero; the container counts then
    std::vector<Part> zipped;
    bool counted = false;
  };
  std::function<Part(const Expr&)> part = [&](const Expr& e) {
    Part p;
    bool call = e.kind == ExprKind::call && e[0].kind == ExprKind::name && !find_variable(e[0].text);
    if (call && e[0].text == "zip") {
      for (size_t i = 1; i < e.children.size(); ++i) p.zipped.push_back(part(e[i]));
      return p;
    }
    if (call && e[0].text == "enumerate") {
      Part counter;
      counter.counted = true;
      if (e.children.size() != 2 && e.children.size() != 3) fail(span, "enumerate() takes one or two arguments");
      counter.start = e.children.size() > 2 ? expression(e[2]) : nullptr;
      p.zipped = {counter, part(e[1])};
      return p;
    }
    if (call && e[0].text == "range") {
      std::vector<CallArgument> bounds = arguments(e);
      if (bounds.empty() || bounds.size() > 3) fail(span, "range() takes one to three arguments");
      Val* first = bounds.size() > 1 ? bounds[0].val : constant(int64_t{0}, span);
      Val* step = bounds.size() > 2 ? bounds[2].val : constant(int64_t{1}, span);
      Val* count = builtin("aten::__range_length", {first, bounds[bounds.size() > 1 ? 1 : 0].val, step}, span);
      p.container = builtin("prim::rangelist", {count}, span);
      if (bounds.size() > 1) p.first = first, p.step = step;
      return p;
    }
    Val* v = expression(e);
    if (v->type->is(TypeKind::dict)) v = builtin("aten::keys", {v}, span);
    p.container = v;
    return p;
  };
  Part root = part(iterable);

  std::function<bool(const Part&)> unrolls = [&](const Part& p) {
    if (!p.zipped.empty()) return std::any_of(p.zipped.begin(), p.zipped.end(), unrolls);
    return p.container && p.container->type->is(TypeKind::tuple);
  };
  std::function<size_t(const Part&)> static_length = [&](const Part& p) -> size_t {
    if (!p.zipped.empty()) {
      size_t n = std::numeric_limits<size_t>::max();
      for (auto& z : p.zipped) n = std::min(n, static_length(z));
      return n;
    }
    return p.container && p.container->type->is(TypeKind::tuple) ? p.container->type->elements.size() : std::numeric_limits<size_t>::max();
  };
  std::function<Val*(const Part&, Val*, size_t)> item = [&](const Part& p, Val* index, size_t position) -> Val* {
    if (!p.zipped.empty()) {
      std::vector<Val*> parts;
      std::vector<TypeRef> part_types;
      for (auto& z : p.zipped) {
        parts.push_back(item(z, index, position));
        part_types.push_back(parts.back()->type);
      }
      return emit_one(NodeKind::tuple_construct, span, parts, types::tuple(part_types));
    }
    if (p.counted) {
      Val* i = index ? index : constant(static_cast<int64_t>(position), span);
      return p.start ? builtin("aten::add", {i, p.start}, span) : i;
    }
    if (p.container->type->is(TypeKind::tuple)) return unpack(p.container, p.container->type->elements.size(), span)[position];
    Val* i = index ? index : constant(static_cast<int64_t>(position), span);
    if (p.first) return builtin("aten::__derive_index", {i, p.first, p.step}, span);
    if (p.container->type->is(TypeKind::tensor)) return builtin("aten::select", {p.container, constant(int64_t{0}, span), i}, span);
    return builtin("aten::__getitem__", {p.container, i}, span);
  };
  std::function<void(const Part&, std::vector<Val*>&)> lengths = [&](const Part& p, std::vector<Val*>& out) {
    for (auto& z : p.zipped) lengths(z, out);
    if (p.container) out.push_back(builtin("aten::len", {p.container}, span));
  };

  if (unrolls(root)) {
    size_t n = static_length(root);
    for (size_t i = 0; i < n && !scope_->exits; ++i) element(item(root, nullptr, i));
    return;
  }
  std::vector<Val*> counts;
  lengths(root, counts);
  if (counts.empty()) fail(span, "this cannot be iterated over");
  Val* count = counts[0];
  for (size_t i = 1; i < counts.size(); ++i) count = builtin("prim::min", {count, counts[i]}, span);
  loop(span, count, nullptr, assigned, [&](Val* i) { element(item(root, i, 0)); });
}

void Lowering::exit_loop(const Stmt& s) {
  if (loops_.empty()) fail(s.span, s.kind == StmtKind::break_ ? "'break' outside a loop" : "'continue' outside a loop");
  const LoopFrame& frame = *loops_.back();
  std::vector<Val*> values;
  if (s.kind == StmtKind::continue_) {
    if (frame.condition) {
      Condition c = condition(*frame.condition);
      values.push_back(as_bool(c, s.span));
    } else {
      values.push_back(constant(true, s.span));
    }
  }
  for (size_t i = 0; i < frame.carried.size(); ++i) {
    Sugar* v = find_variable(frame.carried[i]);
    if (!v || v->kind != Sugar::Kind::value) fail(s.span, "variable '" + frame.carried[i] + "' is not defined here");
    values.push_back(coerce(v->val, frame.types[i], "variable '" + frame.carried[i] + "'", s.span, Conversions::none));
  }
  graph_->has_exits = true;
  emit(s.kind == StmtKind::break_ ? NodeKind::break_ : NodeKind::continue_, s.span, values);
  scope_->exits = true;
}

// ---- with, assert ---------------------------------------------------------------------------------------------------------------------
void Lowering::with_statement(const Stmt& s) {
  std::vector<Val*> managers;
  for (size_t i = 0; i < s.exprs.size(); i += 2) {
    managers.push_back(expression(*s.exprs[i]));
    builtin("tsrun::enter_context", {managers.back()}, s.span);  // before __enter__: if that raises, __exit__ runs as well
    Val* entered = call_method(managers.back(), "__enter__", {}, s.span);
    if (s.exprs[i + 1]) assign(*s.exprs[i + 1], entered, s.span);
  }
  statements(s.body);
  auto leave_manager = [&](size_t i) {
    builtin("tsrun::leave_context", std::vector<Val*>{}, s.span);
    call_method(managers[i], "__exit__", {{none(s.span), {}}, {none(s.span), {}}, {none(s.span), {}}}, s.span);
  };
  bool exits = scope_->exits;
  if (exits) {
    // The exits run before the jump that ended the body: a return's value is computed already.
    Node* last = block_->result->previous;
    bool jump = last->kind == NodeKind::return_ || last->kind == NodeKind::break_ || last->kind == NodeKind::continue_;
    for (size_t i = managers.size(); i-- > 0;) {
      Node* mark = block_->result->previous;
      leave_manager(i);
      if (jump)
        for (Node* n = mark->next; n != block_->result;) {
          Node* next = n->next;
          graph_->move_before(n, last);
          n = next;
        }
    }
    return;
  }
  for (size_t i = managers.size(); i-- > 0;) leave_manager(i);
}

void Lowering::assert_statement(const Stmt& s) {
  Condition c = condition(*s.exprs[0]);
  if (c.known == 1) {
    refine(c.refinements.when_true, s.span);
    return;
  }
  Node* n = emit(NodeKind::if_, s.span, {as_bool(c, s.span)});
  Block* outer_block = block_;
  Scope* outer = scope_;
  graph_->add_block(n);
  Block* failing = graph_->add_block(n);
  Scope scope;
  enter(failing, scope);
  Val* message = constant(std::string_view("AssertionError: "), s.span);
  if (s.exprs[1]) message = builtin("aten::add", {message, builtin("aten::str", {expression(*s.exprs[1])}, s.span)}, s.span);
  emit(NodeKind::raise, s.span, {message, constant(std::string_view("builtins.AssertionError"), s.span)});
  leave(outer_block, outer);
  refine(c.refinements.when_true, s.span);
}

}  // namespace tsrun
