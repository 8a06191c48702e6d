// Tensors put together into one.
#include <algorithm>
#include <cstring>

#include "ops/copy_loop.h"
#include "ops/kernels/parallel.h"
#include "ops/promote.h"
#include "ops/tables.h"
#include "ops/view.h"

namespace tsrun {
namespace {

/// Empty tensors of one dimension are left out of cat, whatever the shape of the others.
bool is_skipped(const Tensor& t) { return t.dim() == 1 && t.sizes()[0] == 0; }

std::vector<Tensor> to_vector(TensorSpan tensors) {
  std::vector<Tensor> out;
  for (const Tensor& t : tensors) out.push_back(t);
  return out;
}

DType common_dtype(std::span<const Tensor> tensors) {
  bool equal = std::all_of(tensors.begin(), tensors.end(), [&](const Tensor& t) { return t.dtype() == tensors[0].dtype(); });
  if (equal) return tensors[0].dtype();
  Promotion p;
  for (const Tensor& t : tensors) p.add(t);
  return p.result();
}

MemoryFormat common_format(std::span<const Tensor> tensors) {
  MemoryFormat format = suggested_format(tensors[0]);
  for (const Tensor& t : tensors)
    if (suggested_format(t) != format) return MemoryFormat::contiguous;
  return format;
}

/// Tensors of n elements each, interleaved.
void join_elements(Context& ctx, const Tensor& out, std::span<const Tensor> tensors, int64_t n) {
  const auto count = static_cast<int64_t>(tensors.size());
  for_item_size(item_size(out.dtype()), [&]<class T>() {
    kernels::parallel_for(ctx.threads, n, 32768 / count + 1, [&](int64_t begin, int64_t end) {
      for (int64_t first = begin; first < end; first += 1024) {  // a stretch of the result that stays in the cache
        for (int64_t k = 0; k < count; ++k) {
          const T* from = tensors[static_cast<size_t>(k)].data<T>();
          T* to = out.data<T>() + k;
          for (int64_t i = first; i < std::min(end, first + 1024); ++i) to[i * count] = from[i];
        }
      }
    });
  });
}

/// Row-major tensors of one dtype: each is a run of bytes per index of the dimensions before `dim`.
void join_rows(Context& ctx, const Tensor& out, std::span<const Tensor> tensors, size_t d) {
  int64_t outer = 1, inner = static_cast<int64_t>(item_size(out.dtype()));
  for (size_t i = 0; i < d; ++i) outer *= out.sizes()[i];
  for (size_t i = d + 1; i < out.sizes().size(); ++i) inner *= out.sizes()[i];
  int64_t row = out.sizes()[d] * inner, item = static_cast<int64_t>(item_size(out.dtype()));
  if (std::ranges::all_of(tensors, [&](const Tensor& t) { return !is_skipped(t) && t.sizes()[d] * inner == item; })) {
    return join_elements(ctx, out, tensors, outer);
  }
  kernels::parallel_for(ctx.threads, outer, std::max<int64_t>(131072 / std::max<int64_t>(row, 1), 1), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      char* to = out.data<char>() + i * row;
      for (const Tensor& t : tensors) {
        if (is_skipped(t)) continue;
        int64_t bytes = t.sizes()[d] * inner;
        std::memcpy(to, t.data<char>() + i * bytes, static_cast<size_t>(bytes));
        to += bytes;
      }
    }
  });
}

}  // namespace

Tensor cat(Context& ctx, std::span<const Tensor> tensors, int64_t dim) {
  check(!tensors.empty(), "torch.cat(): expected a non-empty list of Tensors");
  const Tensor* first = nullptr;
  for (size_t i = 0; i < tensors.size(); ++i) {
    check(tensors[i].dim() > 0, "zero-dimensional tensor (at position ", i, ") cannot be concatenated");
    if (!first && !is_skipped(tensors[i])) first = &tensors[i];
  }
  DType type = common_dtype(tensors);
  if (!first) return ctx.empty(Dims{(wrap_dim(dim, 1), 0)}, type);
  size_t d = static_cast<size_t>(wrap_dim(dim, first->dim()));
  Dims sizes(first->sizes());
  sizes[d] = 0;
  bool plain = true;  // no conversion, all row-major
  for (size_t i = 0; i < tensors.size(); ++i) {
    const Tensor& t = tensors[i];
    if (is_skipped(t)) continue;
    check(t.dim() == first->dim(), "Tensors must have same number of dimensions: got ", first->dim(), " and ", t.dim());
    for (size_t k = 0; k < sizes.size(); ++k)
      check(k == d || t.sizes()[k] == sizes[k], "Sizes of tensors must match except in dimension ", d, ". Expected size ", sizes[k],
            " but got size ", t.sizes()[k], " for tensor number ", i, " in the list.");
    check(!__builtin_add_overflow(sizes[d], t.sizes()[d], &sizes[d]), "torch.cat(): the result is too large");
    plain = plain && t.dtype() == type && t.is_contiguous();
  }
  MemoryFormat format = common_format(tensors);
  Tensor out = ctx.empty(sizes, type, format);
  out.impl()->extra = first->impl()->extra;
  if (plain && format == MemoryFormat::contiguous) {
    join_rows(ctx, out, tensors, d);
    return out;
  }
  int64_t start = 0;
  for (const Tensor& t : tensors) {
    if (is_skipped(t)) continue;
    copy_into(ctx, narrow(out, static_cast<int64_t>(d), start, t.sizes()[d]), t);
    start += t.sizes()[d];
  }
  return out;
}

namespace {

Tensor cat_row(Context& ctx, TensorSpan tensors, int64_t dim) { return cat(ctx, to_vector(tensors), dim); }

Tensor stack(Context& ctx, TensorSpan tensors, int64_t dim) {
  check(!tensors.empty(), "stack expects a non-empty TensorList");
  int64_t d = wrap_dim(dim, tensors[0].dim() + 1);
  std::vector<Tensor> rows;
  for (size_t i = 0; i < tensors.size(); ++i) {
    check(std::ranges::equal(tensors[i].sizes(), tensors[0].sizes()), "stack expects each tensor to be equal size, but got ",
          tensors[0].sizes(), " at entry 0 and ", tensors[i].sizes(), " at entry ", i);
    rows.push_back(unsqueeze(tensors[i], d));
  }
  // The unsqueezed tensors are views of ours; the result is row-major whatever their strides look like.
  for (Tensor& r : rows) r = contiguous(ctx, r);
  return cat(ctx, rows, d);
}

std::vector<Tensor> at_least(Context& ctx, TensorSpan tensors, int64_t rank) {
  std::vector<Tensor> out;
  for (const Tensor& t : tensors) {
    if (t.dim() == 0) out.push_back(reshape(ctx, t, Dims(static_cast<size_t>(rank), 1)));
    else if (t.dim() == 1 && rank >= 2) out.push_back(rank == 3 ? unsqueeze(unsqueeze(t, 0), -1) : unsqueeze(t, 0));
    else if (t.dim() == 2 && rank == 3) out.push_back(unsqueeze(t, -1));
    else out.push_back(t);
  }
  return out;
}

Tensor hstack(Context& ctx, TensorSpan tensors) {
  check(!tensors.empty(), "hstack expects a non-empty TensorList");
  std::vector<Tensor> parts = at_least(ctx, tensors, 1);
  return cat(ctx, parts, parts[0].dim() == 1 ? 0 : 1);
}
Tensor vstack(Context& ctx, TensorSpan tensors) {
  check(!tensors.empty(), "vstack expects a non-empty TensorList");
  return cat(ctx, at_least(ctx, tensors, 2), 0);
}
Tensor dstack(Context& ctx, TensorSpan tensors) {
  check(!tensors.empty(), "dstack expects a non-empty TensorList");
  return cat(ctx, at_least(ctx, tensors, 3), 2);
}
Tensor column_stack(Context& ctx, TensorSpan tensors) {
  check(!tensors.empty(), "column_stack expects a non-empty TensorList");
  std::vector<Tensor> columns;
  for (const Tensor& t : tensors) columns.push_back(t.dim() <= 1 ? reshape(ctx, t, Dims{t.numel(), 1}) : t);
  return cat(ctx, columns, 1);
}

Tensor block_diag(Context& ctx, TensorSpan tensors) {
  std::vector<Tensor> blocks = at_least(ctx, tensors, 2);
  if (blocks.empty()) return ctx.empty(Dims{1, 0}, default_dtype);
  int64_t rows = 0, columns = 0;
  for (size_t i = 0; i < blocks.size(); ++i) {
    check(blocks[i].dim() == 2, "torch.block_diag: Input tensors must have 2 or fewer dimensions. Input ", i, " has ", blocks[i].dim(),
          " dimensions");
    bool overflow = __builtin_add_overflow(rows, blocks[i].size(0), &rows) || __builtin_add_overflow(columns, blocks[i].size(1), &columns);
    check(!overflow, "torch.block_diag: the result is too large");
  }
  Tensor out = ctx.zeros(Dims{rows, columns}, common_dtype(blocks));
  rows = columns = 0;
  for (const Tensor& b : blocks) {
    copy_into(ctx, narrow(narrow(out, 0, rows, b.size(0)), 1, columns, b.size(1)), b);
    rows += b.size(0);
    columns += b.size(1);
  }
  return out;
}

std::vector<Tensor> meshgrid_indexing(Context& ctx, TensorSpan tensors, std::string_view indexing) {
  check(!tensors.empty(), "meshgrid expects a non-empty TensorList");
  check(indexing == "ij" || indexing == "xy", "torch.meshgrid: indexing must be one of \"xy\" or \"ij\", but received: ", indexing);
  std::vector<Tensor> axes = to_vector(tensors), out;
  bool swap = indexing == "xy" && axes.size() >= 2;
  if (swap) std::swap(axes[0], axes[1]);
  Dims sizes;
  for (const Tensor& t : axes) {
    check(t.dim() <= 1, "torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: ", t);
    check(t.dtype() == axes[0].dtype(), "torch.meshgrid expects all tensors to have the same dtype");
    sizes.push_back(t.numel());
  }
  for (size_t i = 0; i < axes.size(); ++i) {
    Dims shape(axes.size(), 1);
    shape[i] = -1;
    out.push_back(expand(axes[i].numel() == 0 ? reshape(ctx, axes[i], (shape[i] = 0, shape)) : reshape(ctx, axes[i], shape), sizes));
  }
  if (swap) std::swap(out[0], out[1]);
  return out;
}
std::vector<Tensor> meshgrid(Context& ctx, TensorSpan tensors) { return meshgrid_indexing(ctx, tensors, "ij"); }

Tensor cartesian_prod(Context& ctx, TensorSpan tensors) {
  for (const Tensor& t : tensors) check(t.dim() == 1, "Expect a 1D vector, but got shape ", t.sizes());
  if (tensors.size() == 1) return tensors[0];
  std::vector<Tensor> columns = meshgrid(ctx, tensors);
  for (Tensor& t : columns) t = unsqueeze(reshape(ctx, t, Dims{-1}), 1);
  return cat(ctx, columns, 1);
}

Tensor pad_sequence(Context& ctx, TensorSpan sequences, bool batch_first, double padding_value, std::string_view side) {
  check(!sequences.empty(), "received an empty list of sequences");
  check(side == "left" || side == "right", "Expected padding_side to be one of left or right, but got ", side, ".");
  int64_t longest = 0, count = static_cast<int64_t>(sequences.size());
  for (const Tensor& s : sequences) {
    check(s.dim() > 0, "pad_sequence needs sequences of at least one dimension");
    longest = std::max(longest, s.size(0));
  }
  Dims sizes = batch_first ? Dims{count, longest} : Dims{longest, count};
  for (int64_t s : sequences[0].sizes().subspan(1)) sizes.push_back(s);
  Tensor out = full(ctx, sizes, padding_value, sequences[0].dtype());
  for (int64_t i = 0; i < count; ++i) {
    const Tensor& s = sequences[static_cast<size_t>(i)];
    copy_into(ctx, narrow(select(out, batch_first ? 0 : 1, i), 0, side == "left" ? longest - s.size(0) : 0, s.size(0)), s);
  }
  return out;
}

Tensor flatten_dense(Context& ctx, TensorSpan tensors) {
  std::vector<Tensor> parts;
  for (const Tensor& t : tensors) parts.push_back(reshape(ctx, t, Dims{-1}));
  return cat(ctx, parts, 0);
}
std::vector<Tensor> unflatten_dense(Context&, const Tensor& flat, TensorSpan tensors) {
  std::vector<Tensor> out;
  int64_t start = 0;
  for (const Tensor& t : tensors) {
    out.push_back(view(narrow(flat, 0, start, t.numel()), t.sizes()));
    start += t.numel();
  }
  return out;
}

constexpr Op rows[] = {
    op<"aten::cat(Tensor[] tensors, int dim=0) -> Tensor", cat_row>(),
    op<"aten::concat(Tensor[] tensors, int dim=0) -> Tensor", cat_row>(),
    op<"aten::concatenate(Tensor[] tensors, int dim=0) -> Tensor", cat_row>(),
    op<"aten::stack(Tensor[] tensors, int dim=0) -> Tensor", stack>(),
    op<"aten::_stack(Tensor[] tensors, int dim=0) -> Tensor", stack>(),
    op<"aten::hstack(Tensor[] tensors) -> Tensor", hstack>(),
    op<"aten::vstack(Tensor[] tensors) -> Tensor", vstack>(),
    op<"aten::row_stack(Tensor[] tensors) -> Tensor", vstack>(),
    op<"aten::dstack(Tensor[] tensors) -> Tensor", dstack>(),
    op<"aten::column_stack(Tensor[] tensors) -> Tensor", column_stack>(),
    op<"aten::block_diag(Tensor[] tensors) -> Tensor", block_diag>(),
    op<"aten::meshgrid(Tensor[] tensors) -> Tensor[]", meshgrid>(),
    op<"aten::meshgrid.indexing(Tensor[] tensors, *, str indexing) -> Tensor[]", meshgrid_indexing>(),
    op<"aten::cartesian_prod(Tensor[] tensors) -> Tensor", cartesian_prod>(),
    op<"aten::pad_sequence(Tensor[] sequences, bool batch_first=False, float padding_value=0., str padding_side=\"right\") -> Tensor",
       pad_sequence>(),
    op<"aten::flatten_dense_tensors(Tensor[] tensors) -> Tensor", flatten_dense>(),
    op<"aten::unflatten_dense_tensors(Tensor flat, Tensor[] tensors) -> Tensor[]", unflatten_dense>(),
};

}  // namespace

const std::span<const Op> join_ops = rows;

}  // namespace tsrun
