#include "runtime/gradients.h"

#include "ir/word_set.h"
#include "ops/check.h"
#include "ops/gradient_mark.h"

namespace tsrun {
namespace {

/// Operators whose results do not depend on the values of their tensors, as gradients see it.
bool is_cut(const std::string& name) {
  static const WordSet names(
      "aten::detach aten::detach_ prim::data aten::data aten::requires_grad_ aten::zeros_like aten::ones_like aten::empty_like "
      "aten::full_like aten::rand_like aten::randn_like aten::randint_like aten::new_zeros aten::new_ones aten::new_empty aten::new_full "
      "aten::new_empty_strided aten::set_data aten::retain_grad aten::lift_fresh");
  return names.has(name);
}

template <class F>
bool any_tensor(const Value& v, F&& f) {
  if (v.is_tensor()) return v.to_tensor().defined() && f(v.to_tensor());
  if (v.is_list())
    for (const Value& e : v.to_list().elements)
      if (any_tensor(e, f)) return true;
  return false;
}

bool differentiable(const Tensor& x) { return x.defined() && (is_floating(x.dtype()) || is_complex(x.dtype())); }

}  // namespace

bool asks_for_gradients(std::string_view code) {
  return code.find("prim.requires_grad(") != code.npos || code.find("torch.is_leaf(") != code.npos ||
         code.find("torch.requires_grad_(") != code.npos;
}

void check_leaves(const Schema& schema, Arguments arguments) {
  if (is_cut(schema.name)) return;
  for (size_t i = 0; i < schema.arguments.size() && i < arguments.size(); ++i) {
    if (!schema.arguments[i].is_written) continue;
    any_tensor(arguments[i], [](const Tensor& x) {
      const Computed* c = x.requires_grad() ? computed(x) : nullptr;
      check(!x.requires_grad() || c, "a leaf Variable that requires grad is being used in an in-place operation.");
      check(!c || !c->view_of_leaf, "a view of a leaf Variable that requires grad is being used in an in-place operation.");
      return false;
    });
  }
}

void mark_results(const Schema& schema, Arguments arguments, Value* const* results) {
  if (is_cut(schema.name)) return;
  bool wanted = false, leaf = false;
  for (size_t i = 0; i < arguments.size(); ++i)
    any_tensor(arguments[i], [&](const Tensor& x) {
      if (x.requires_grad()) wanted = true, leaf = leaf || is_leaf(x) || computed(x)->view_of_leaf;
      return false;
    });
  if (!wanted) return;
  for (size_t r = 0; r < schema.returns.size() && r < 8; ++r) {
    bool written = schema.returns[r].is_written, view = !schema.returns[r].alias.empty() && !written;
    any_tensor(*results[r], [&](const Tensor& x) {
      bool passed_on = false;  // contiguous() of what is contiguous
      for (size_t i = 0; !written && i < arguments.size(); ++i)
        passed_on = passed_on || any_tensor(arguments[i], [&](const Tensor& a) { return a.is_same(x); });
      if (differentiable(x) && !passed_on) {
        x.impl()->requires_grad = true;
        x.impl()->extra = make_ref<Computed>(view && leaf);
      }
      return false;
    });
  }
}

}  // namespace tsrun
