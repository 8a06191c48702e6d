// Lowering: subscripts, read and assigned.
#include <algorithm>

#include "ir/lowering.h"

namespace tsrun {

static bool constant_int(const Val* v, int64_t& out) {
  if (v->node->kind != NodeKind::constant || !v->node->value.is_int()) return false;
  out = v->node->value.to_int();
  return true;
}

Val* Lowering::subscript(const Expr& e, const TypeRef& hint) {
  Val* v = expression(e[0]);
  const Type& t = *v->type;
  if (t.is(TypeKind::tensor)) return tensor_subscript(v, e, e.span);
  if (e.children.size() != 2) fail(e.span, to_text(t) + " takes one subscript");
  const Expr& item = e[1];
  auto bound = [&](size_t i) { return item.children[i] ? expression(item[i]) : nullptr; };
  if (t.is(TypeKind::tuple)) {
    auto size = static_cast<int64_t>(t.elements.size());
    if (item.kind == ExprKind::slice) {
      int64_t bounds[3] = {0, size, 1};
      for (size_t i = 0; i < 3; ++i)
        if (Val* b = bound(i); b && !b->type->is(TypeKind::none) && !constant_int(b, bounds[i]))
          fail(e.span, "a tuple slice needs constant bounds");
      auto clamp = [&](int64_t i) { return std::clamp<int64_t>(i < 0 ? i + size : i, 0, size); };
      std::vector<Val*> all = unpack(v, t.elements.size(), e.span), parts;
      std::vector<TypeRef> part_types;
      if (bounds[2] != 1) {
        if (bounds[2] < 1) fail(e.span, "a tuple slice needs a positive step");
      }
      for (int64_t i = clamp(bounds[0]); i < clamp(bounds[1]); i += bounds[2]) {
        parts.push_back(all[static_cast<size_t>(i)]);
        part_types.push_back(parts.back()->type);
      }
      return emit_one(NodeKind::tuple_construct, e.span, std::move(parts), types::tuple(std::move(part_types)));
    }
    Val* at = expression(item);
    int64_t i;
    if (!constant_int(at, i)) {
      if (t.elements.empty() ||
          std::any_of(t.elements.begin(), t.elements.end(), [&](const TypeRef& u) { return !same_type(u, t.elements[0]); }))
        fail(e.span, "a tuple is indexed by a constant integer unless all its elements have one type");
      Val* list = emit_one(NodeKind::list_construct, e.span, unpack(v, t.elements.size(), e.span), types::list(t.elements[0]));
      return builtin("aten::__getitem__", {list, at}, e.span);
    }
    if (i < -size || i >= size)
      fail(e.span, "tuple index " + std::to_string(i) + " is out of range for " + std::to_string(size) + " elements");
    Node* n = emit(NodeKind::tuple_index, e.span, {v});
    n->index = i < 0 ? i + size : i;
    return graph_->add_output(n, t.elements[static_cast<size_t>(n->index)]);
  }
  if (item.kind == ExprKind::slice) {
    Val* parts[3];
    for (size_t i = 0; i < 3; ++i) {
      parts[i] = bound(i);
      if (!parts[i]) parts[i] = i < 2 ? none(e.span) : constant(int64_t{1}, e.span);
    }
    return builtin("aten::slice", {v, parts[0], parts[1], parts[2]}, e.span);
  }
  Val* key = expression(item);
  if (t.is(TypeKind::class_) || t.is(TypeKind::interface)) {
    const ClassType& c = as_class(t);
    if (c.find_method("__getitem__")) return call_method(v, "__getitem__", {{key, {}}}, e.span);
    if (c.is_module && hint) return emit_one(NodeKind::container_index, e.span, {v, key}, hint);
    fail(e.span, t.name + " cannot be indexed");
  }
  return builtin("aten::__getitem__", {v, key}, e.span);
}

/// Integers, slices and None become views, in order; tensor items are left in `tensors` at the dimension they index.
Val* Lowering::index_view(Val* v, const Expr& e, std::vector<Val*>& tensors, Span span) {
  std::vector<const Expr*> items;
  for (size_t i = 1; i < e.children.size(); ++i) {
    if (e[i].kind == ExprKind::tuple)
      for (auto& c : e[i].children) items.push_back(c.get());
    else items.push_back(&e[i]);
  }
  auto number = [&](int64_t i) { return constant(i, span); };
  int64_t dim = 0;
  bool after_ellipsis = false;
  for (size_t at = 0; at < items.size(); ++at) {
    const Expr& item = *items[at];
    if (item.kind == ExprKind::ellipsis) {
      after_ellipsis = true;
      continue;
    }
    if (after_ellipsis) {  // dimensions to the right of `...` count from the end
      dim = 0;
      for (size_t k = at; k < items.size(); ++k) dim -= items[k]->kind != ExprKind::none;
    }
    if (item.kind == ExprKind::none) {
      v = builtin("aten::unsqueeze", {v, number(after_ellipsis ? dim - 1 : dim)}, span);
      ++dim;
      continue;
    }
    if (item.kind == ExprKind::slice) {
      Val* parts[3];
      for (size_t i = 0; i < 3; ++i) parts[i] = item.children[i] ? expression(item[i]) : i < 2 ? none(span) : number(1);
      bool whole = !item.children[0] && !item.children[1] && !item.children[2];
      if (!whole) v = builtin("aten::slice", {v, number(dim), parts[0], parts[1], parts[2]}, span);
      ++dim;
      continue;
    }
    Val* index = expression(item);
    if (index->type->is(TypeKind::integer)) {
      v = builtin("aten::select", {v, number(dim), index}, span);
      continue;
    }
    if (index->type->is(TypeKind::none)) {
      v = builtin("aten::unsqueeze", {v, number(after_ellipsis ? dim - 1 : dim)}, span);
      ++dim;
      continue;
    }
    if (index->type->is(TypeKind::list)) {
      bool booleans = index->type->element()->is(TypeKind::boolean);
      index = builtin("aten::tensor", nullptr,
                      {{index, {}}, {constant(static_cast<int64_t>(booleans ? DType::boolean : DType::i64), span), "dtype"}}, span);
    }
    if (!convertible_type(without_none(index->type), types::tensor(), Conversions::none))
      fail(span, "a tensor cannot be indexed by " + to_text(*index->type));
    if (after_ellipsis) fail(span, "a tensor index after '...'", ErrorKind::unsupported);
    while (tensors.size() < static_cast<size_t>(dim)) tensors.push_back(nullptr);
    tensors.push_back(index);
    ++dim;
  }
  return v;
}

static TypeRef index_list_type() {
  static const TypeRef t = types::list(types::optional(types::tensor()));
  return t;
}

Val* Lowering::tensor_subscript(Val* v, const Expr& e, Span span) {
  std::vector<Val*> tensors;
  Val* view = index_view(v, e, tensors, span);
  if (tensors.empty()) {
    if (view == v) return builtin("aten::alias", {v}, span);
    return view;
  }
  for (Val*& t : tensors)
    if (!t) t = none(span);
  return builtin("aten::index", {view, emit_one(NodeKind::list_construct, span, std::move(tensors), index_list_type())}, span);
}

void Lowering::assign_subscript(const Expr& target, Val* value, Span span) {
  Val* v = expression(target[0]);
  if (v->type->is(TypeKind::tensor)) {
    std::vector<Val*> tensors;
    Val* view = index_view(v, target, tensors, span);
    if (!value->type->is(TypeKind::tensor))
      value = builtin("aten::tensor", nullptr,
                      {{value, {}}, {builtin("prim::dtype", {v}, span), "dtype"}, {builtin("prim::device", {v}, span), "device"}}, span);
    if (tensors.empty()) {
      builtin("aten::copy_", {view, value}, span);
      return;
    }
    for (Val*& t : tensors)
      if (!t) t = none(span);
    builtin("aten::index_put_", {view, emit_one(NodeKind::list_construct, span, std::move(tensors), index_list_type()), value}, span);
    return;
  }
  if (target.children.size() != 2) fail(span, to_text(*v->type) + " takes one subscript");
  Val* key = expression(target[1]);
  if (v->type->is(TypeKind::class_)) {
    call_method(v, "__setitem__", {{key, {}}, {value, {}}}, span);
    return;
  }
  builtin("aten::_set_item", {v, key, value}, span);
}

}  // namespace tsrun
