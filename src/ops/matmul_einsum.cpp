// einsum: the equation is read into labelled dimensions, then operands are contracted from left to right by batched products.
#include <array>
#include <vector>

#include "ops/dispatch.h"
#include "ops/matmul.h"
#include "ops/reduce.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

constexpr int label_count = 52, ellipsis = 52;

int label_of(char c) {
  check((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'),
        "einsum(): invalid subscript given in the equation string, subscripts must be in [a-zA-Z]");
  return c >= 'a' ? 26 + c - 'a' : c - 'A';
}

std::vector<int> parse_labels(std::string_view text) {
  std::vector<int> labels;
  bool seen = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ' ') continue;
    if (text[i] != '.') {
      labels.push_back(label_of(text[i]));
      continue;
    }
    check(text.substr(i, 3) == "..." && !seen, "einsum(): found '.' that is not part of any ellipsis");
    labels.push_back(ellipsis);
    seen = true;
    i += 2;
  }
  return labels;
}

struct Equation {
  std::vector<std::vector<int>> operands;
  std::vector<int> output;
  bool explicit_output = false;
};

Equation parse_equation(std::string_view text) {
  Equation e;
  size_t arrow = text.find("->");
  std::string_view left = text.substr(0, arrow);
  while (true) {
    size_t comma = left.find(',');
    e.operands.push_back(parse_labels(left.substr(0, comma)));
    if (comma == left.npos) break;
    left.remove_prefix(comma + 1);
  }
  if (arrow != text.npos) {
    e.output = parse_labels(text.substr(arrow + 2));
    e.explicit_output = true;
    return e;
  }
  std::array<int, label_count + 1> count{};
  for (auto& labels : e.operands)
    for (int l : labels) ++count[static_cast<size_t>(l)];
  if (count[ellipsis]) e.output.push_back(ellipsis);
  for (int l = 0; l < label_count; ++l)
    if (count[static_cast<size_t>(l)] == 1) e.output.push_back(l);
  return e;
}

/// Sums the product of two tensors of equal rank (sizes equal or 1) over `sums`; summed dimensions stay with size 1.
Tensor contract(Context& ctx, Tensor left, Tensor right, uint64_t sums) {
  int64_t rank = left.dim();
  Dims both, only_left, only_right, summed, left_early, right_early;
  int64_t n_both = 1, n_left = 1, n_right = 1, n_sum = 1;
  for (int64_t d = 0; d < rank; ++d) {
    bool in_left = left.size(d) != 1, in_right = right.size(d) != 1;
    if (sums >> d & 1) {
      if (in_left && in_right) {
        check(left.size(d) == right.size(d), "non-broadcast dimensions must match");
        summed.push_back(d), n_sum *= left.size(d);
      } else if (in_left) {
        left_early.push_back(d);
      } else if (in_right) {
        right_early.push_back(d);
      }
    } else if (in_left && in_right) {
      check(left.size(d) == right.size(d), "non-broadcast dimensions must match");
      both.push_back(d), n_both *= left.size(d);
    } else if (in_left) {
      only_left.push_back(d), n_left *= left.size(d);
    } else {
      only_right.push_back(d), n_right *= right.size(d);
    }
  }
  if (!left_early.empty()) left = sum(ctx, left, left_early, true);
  if (!right_early.empty()) right = sum(ctx, right, right_early, true);
  Dims dead;  // summed over before, or of size 1 in both
  for (int64_t d = 0; d < rank; ++d)
    if ((sums >> d & 1) && std::find(summed.begin(), summed.end(), d) == summed.end()) dead.push_back(d);

  auto join = [](std::initializer_list<IntSpan> parts) {
    Dims all;
    for (IntSpan part : parts)
      for (int64_t d : part) all.push_back(d);
    return all;
  };
  Dims order = join({both, only_left, summed, only_right, dead});
  Tensor a = reshape(ctx, permute(left, order), Dims{n_both, n_left, n_sum});
  Tensor b = reshape(ctx, permute(right, join({both, summed, only_right, only_left, dead})), Dims{n_both, n_sum, n_right});
  Tensor product = batched_product(ctx, a, b);
  Dims sizes, back(static_cast<size_t>(rank));
  for (int64_t d : both) sizes.push_back(left.size(d));
  for (int64_t d : only_left) sizes.push_back(left.size(d));
  for (size_t i = 0; i < summed.size(); ++i) sizes.push_back(1);
  for (int64_t d : only_right) sizes.push_back(right.size(d));
  for (size_t i = 0; i < dead.size(); ++i) sizes.push_back(1);
  for (size_t i = 0; i < order.size(); ++i) back[static_cast<size_t>(order[i])] = static_cast<int64_t>(i);
  Tensor out = permute(reshape(ctx, product, sizes), back);
  return sums ? out : contiguous(ctx, out);
}

/// A dimension labelled twice in one operand becomes its diagonal.
Tensor diagonal_of(const Tensor& x, int64_t dim0, int64_t dim1) {
  Dims sizes(x.sizes()), strides(x.strides());
  size_t a = static_cast<size_t>(dim0), b = static_cast<size_t>(dim1);
  strides[a] += strides[b];
  sizes.erase(b);
  strides.erase(b);
  return make_view(x, sizes, strides, x.offset());
}

/// Every label's place among the dimensions all operands are brought to: those of the output first.
struct Places {
  std::array<int64_t, label_count> of_label;
  int64_t ellipsis_first = 0, ellipsis_count = 0, outputs = 0, total = 0;
};

Places place_labels(const Equation& e, int64_t ellipsis_count) {
  Places p;
  p.of_label.fill(-1);
  p.ellipsis_count = ellipsis_count;
  bool output_ellipsis = false;
  for (int l : e.output) {
    if (l == ellipsis) {
      p.ellipsis_first = p.total;
      p.total += ellipsis_count;
      output_ellipsis = true;
      continue;
    }
    check(p.of_label[static_cast<size_t>(l)] < 0, "einsum(): output subscript appears more than once in the output");
    p.of_label[static_cast<size_t>(l)] = p.total++;
  }
  p.outputs = p.total;
  if (!output_ellipsis) {
    p.ellipsis_first = p.total;
    p.total += ellipsis_count;
  }
  for (auto& labels : e.operands)
    for (int l : labels)
      if (l != ellipsis && p.of_label[static_cast<size_t>(l)] < 0) p.of_label[static_cast<size_t>(l)] = p.total++;
  check(p.total <= 64, "einsum(): too many dimensions");
  return p;
}

Tensor place_operand(const Tensor& x, const std::vector<int>& labels, const Places& places) {
  std::vector<int64_t> at;  // the place of each dimension of t
  Tensor t = x;
  int64_t covered = x.dim() - static_cast<int64_t>(labels.size()) + 1;  // dimensions behind the ellipsis
  for (int l : labels) {
    if (l == ellipsis) {
      for (int64_t i = 0; i < covered; ++i) at.push_back(places.ellipsis_first + places.ellipsis_count - covered + i);
      continue;
    }
    int64_t place = places.of_label[static_cast<size_t>(l)];
    auto before = std::find(at.begin(), at.end(), place);
    if (before == at.end()) {
      at.push_back(place);
      continue;
    }
    int64_t first = before - at.begin(), second = static_cast<int64_t>(at.size());
    check(t.size(first) == t.size(second), "einsum(): subscript is repeated for an operand but the sizes don't match, ", t.size(second),
          " != ", t.size(first));
    t = diagonal_of(t, first, second);
  }
  Dims order(static_cast<size_t>(places.total), -1);
  for (size_t d = 0; d < at.size(); ++d) order[static_cast<size_t>(at[d])] = static_cast<int64_t>(d);
  int64_t rank = t.dim();
  for (int64_t& o : order)
    if (o < 0) {
      t = unsqueeze(t, t.dim());
      o = rank++;
    }
  return permute(t, order);
}

Tensor einsum(Context& ctx, std::string_view equation, TensorSpan tensors, std::optional<IntSpan>) {
  check(!tensors.empty(), "einsum(): must provide at least one operand");
  Equation e = parse_equation(equation);
  check(e.operands.size() == tensors.size(), "einsum(): ", e.operands.size() > tensors.size() ? "fewer" : "more",
        " operands were provided than specified in the equation");
  int64_t ellipsis_count = 0;
  std::array<bool, label_count> known{};
  for (size_t i = 0; i < tensors.size(); ++i) {
    int64_t named = 0;
    bool open = false;
    for (int l : e.operands[i]) (l == ellipsis ? (void)(open = true) : (void)(++named, known[static_cast<size_t>(l)] = true));
    int64_t rank = tensors[i].dim();
    check(open ? rank >= named : rank == named, "einsum(): the number of subscripts in the equation (", named, ") ",
          open ? "is more than the number of dimensions (" : "does not match the number of dimensions (", rank, ") for operand ", i,
          open ? "" : " and no ellipsis was given");
    if (open) ellipsis_count = std::max(ellipsis_count, rank - named);
  }
  for (int l : e.output)
    check(l == ellipsis || known[static_cast<size_t>(l)],
          "einsum(): output subscript does not appear in the equation for any input operand");
  Places places = place_labels(e, ellipsis_count);

  std::vector<Tensor> operands;
  Dims sizes(static_cast<size_t>(places.total), 1);
  std::vector<int> users(sizes.size());  // operands not yet contracted that vary along the dimension
  for (size_t i = 0; i < tensors.size(); ++i) {
    operands.push_back(place_operand(tensors[i], e.operands[i], places));
    check(operands[i].dtype() == operands[0].dtype(), "expected all operands of einsum to have the same dtype, but got ",
          operands[i].dtype(), " and ", operands[0].dtype());
    for (size_t d = 0; d < sizes.size(); ++d) {
      int64_t size = operands[i].sizes()[d];
      if (size == 1) continue;
      check(sizes[d] == 1 || sizes[d] == size, "einsum(): operands do not broadcast with remapped shapes [original->remapped]: dimension ",
            d, " has sizes ", sizes[d], " and ", size);
      sizes[d] = size;
      ++users[d];
    }
  }
  Tensor result = operands[0];
  for (size_t i = 1; i < operands.size(); ++i) {
    uint64_t sums = 0;
    for (size_t d = static_cast<size_t>(places.outputs); d < sizes.size(); ++d) {
      int here = (result.sizes()[d] != 1) + (operands[i].sizes()[d] != 1);
      if (here > 0 && users[d] == here) sums |= uint64_t{1} << d, users[d] = 0;
      else if (here == 2) --users[d];
    }
    result = contract(ctx, result, operands[i], sums);
  }
  Dims rest;
  for (int64_t d = places.outputs; d < places.total; ++d) rest.push_back(d);
  if (rest.empty()) return result;
  bool summed = operands.size() > 1;  // a sum over one operand gives int64 for other integers, even over a dimension of size 1
  for (int64_t d : rest) summed = summed && result.size(d) == 1;
  if (!summed) return sum(ctx, result, rest, false);
  while (result.dim() > places.outputs) result = squeeze(result, result.dim() - 1);
  return result;
}

constexpr Op rows[] = {
    op<"aten::einsum(str equation, Tensor[] tensors, *, int[]? path=None) -> Tensor", einsum>(),
};

}  // namespace

const std::span<const Op> einsum_ops = rows;

}  // namespace tsrun
