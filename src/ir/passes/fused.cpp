#include "ir/passes/fused.h"

#include <optional>
#include <string>

namespace tsrun {
namespace {

/// Where a convolution operator has its parameters; -1: it has none, 0 or an empty list is meant.
struct Arguments {
  std::string_view name;
  int stride, padding, dilation, transposed, output_padding, groups;
  bool is_transposed = false;
  bool batched = false;  ///< refuses input without a batch
};
constexpr Arguments convolutions[] = {
    {"aten::conv1d", 3, 4, 5, -1, -1, 6},
    {"aten::conv2d", 3, 4, 5, -1, -1, 6},
    {"aten::conv3d", 3, 4, 5, -1, -1, 6},
    {"aten::conv1d.padding", 3, 4, 5, -1, -1, 6},
    {"aten::conv2d.padding", 3, 4, 5, -1, -1, 6},
    {"aten::conv3d.padding", 3, 4, 5, -1, -1, 6},
    {"aten::conv_transpose1d", 3, 4, 7, -1, 5, 6, true},
    {"aten::conv_transpose2d.input", 3, 4, 7, -1, 5, 6, true},
    {"aten::conv_transpose3d.input", 3, 4, 7, -1, 5, 6, true},
    {"aten::_convolution", 3, 4, 5, 6, 7, 8, false, true},
    {"aten::_convolution.deprecated", 3, 4, 5, 6, 7, 8, false, true},
    {"aten::convolution", 3, 4, 5, 6, 7, 8, false, true},
};

const Arguments* convolution_arguments(const Node& n) {
  for (const Arguments& a : convolutions)
    if (n.name == a.name) return &a;
  return nullptr;
}

/// The numbers that padding="valid" or "same" stands for; none when they are not the same on both sides or not known.
std::optional<std::vector<Value>> padding_numbers(const Node& n, const Arguments& a) {
  const Val *padding = n.input(static_cast<size_t>(a.padding)), *stride = n.input(static_cast<size_t>(a.stride)),
            *dilation = n.input(static_cast<size_t>(a.dilation));
  if (!is_constant(padding) || !is_constant(stride) || !is_constant(dilation) || !stride->node->value.is_list() ||
      !dilation->node->value.is_list())
    return {};
  if (padding->node->value.to_string() == "valid") return std::vector<Value>{int64_t{0}};
  if (padding->node->value.to_string() != "same") return {};
  for (const Value& s : stride->node->value.to_list().elements)
    if (s.to_int() != 1) return {};
  const Tensor& weight = n.input(1)->node->value.to_tensor();
  const auto& steps = dilation->node->value.to_list().elements;
  std::vector<Value> numbers;
  constexpr int64_t limit = int64_t{1} << 30;
  for (int64_t d = 2; d < weight.dim(); ++d) {
    size_t at = steps.size() == 1 ? 0 : static_cast<size_t>(d - 2);
    if (at >= steps.size() || steps[at].to_int() < 1 || steps[at].to_int() > limit || weight.size(d) > limit || weight.size(d) % 2 == 0)
      return {};
    numbers.push_back(steps[at].to_int() * (weight.size(d) / 2));
  }
  return numbers;
}

}  // namespace

FusedNode FusedNode::of(Node* n) {
  FusedNode f;
  f.convolution_ = n->name == "tsrun::convolution";
  if (n->kind == NodeKind::op && (f.convolution_ || n->name == "tsrun::linear")) f.node_ = n;
  return f;
}

bool FusedNode::can_make(const Node* n) {
  if (n->kind != NodeKind::op) return false;
  if (n->name == "tsrun::convolution" || n->name == "tsrun::linear") return true;
  const Arguments* a = convolution_arguments(*n);
  if (!a && n->name != "aten::linear") return false;
  const Val* w = n->input(1);
  if (!is_constant(w) || !w->node->value.is_tensor()) return false;
  if (a && n->name.ends_with(".padding")) return padding_numbers(*n, *a).has_value();
  return !a || a->transposed < 0 || is_constant(n->input(static_cast<size_t>(a->transposed)));
}

FusedNode FusedNode::make(Graph& graph, const PassEnvironment& env, Node* n) {
  if (FusedNode f = of(n)) return f;
  auto constant = [&](Value v, const TypeRef& t) { return graph.constant(std::move(v), t, n); };
  Val* none = constant({}, types::none());
  std::vector<Val*> in{n->input(0), none, n->input(1), n->input(2)};
  const Arguments* a = convolution_arguments(*n);
  if (a) {
    auto given = [&](int i) { return n->input(static_cast<size_t>(i)); };
    in.push_back(none);
    in.push_back(given(a->stride));
    in.push_back(n->name.ends_with(".padding")
                     ? constant(make_list(*padding_numbers(*n, *a), types::integer()), types::list(types::integer()))
                     : given(a->padding));
    in.push_back(given(a->dilation));
    in.push_back(a->transposed < 0 ? constant(a->is_transposed, types::boolean()) : given(a->transposed));
    in.push_back(a->output_padding < 0 ? constant(make_list({}, types::integer()), types::list(types::integer()))
                                       : given(a->output_padding));
    in.push_back(given(a->groups));
    in.push_back(constant(a->batched, types::boolean()));
  }
  in.push_back(constant(std::string("none"), types::string()));
  in.push_back(in.back());
  Val* zero = constant(0.0, types::floating());
  in.push_back(zero);
  in.push_back(zero);
  if (a) in.push_back(constant(false, types::boolean()));
  Node* made = make_op(graph, env, a ? "tsrun::convolution" : "tsrun::linear", std::move(in), n);
  made->output()->name = n->output()->name;
  made->written_as = n->name;
  graph.replace_uses(n->output(), made->output());
  graph.remove(n);
  return of(made);
}

}  // namespace tsrun
