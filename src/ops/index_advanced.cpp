// x[i, j, None, mask] and the assignment to it: tensors of indices for some dimensions, whole dimensions between them.
#include <cstring>

#include "ops/copy_loop.h"
#include "ops/dispatch.h"
#include "ops/index.h"
#include "ops/tables.h"
#include "ops/view.h"

namespace tsrun {
namespace {

/// One call taken apart. The indexed dimensions stand side by side in `x`; the result is x's dimensions with those replaced by
/// `index_sizes`.
struct Plan {
  Tensor x;                      // self, its indexed dimensions moved to the front when they were not adjacent
  size_t first = 0, count = 0;   // where the indexed dimensions are in x
  Dims index_sizes;              // broadcast sizes of all index tensors
  std::vector<int64_t> offsets;  // for each combination of indices its place in x, in elements
  Dims result_sizes;
  std::vector<Dims> index_strides;  // of the index tensors over the result's dimensions: they take part in the order of the result
};

using Indices = std::vector<Tensor>;  // undefined: the whole dimension

/// Masks become the coordinates of their true elements, one index tensor for each of their dimensions.
Indices expand_masks(Context& ctx, const Tensor& self, const Indices& indices) {
  Indices out;
  for (const Tensor& index : indices) {
    if (!index.defined()) {
      out.emplace_back();
      continue;
    }
    bool mask = index.dtype() == DType::boolean || index.dtype() == DType::u8;
    check(mask || index.dtype() == DType::i64 || index.dtype() == DType::i32,
          "tensors used as indices must be long, int, byte or bool tensors");
    if (!mask) {
      out.push_back(index);
      continue;
    }
    for (int64_t d = 0; d < index.dim(); ++d) {
      int64_t at = static_cast<int64_t>(out.size()) + d;
      check(at < self.dim(), "too many indices for tensor of dimension ", self.dim());
      check(index.size(d) == self.size(at), "The shape of the mask ", index.sizes(), " at index ", d,
            " does not match the shape of the indexed tensor ", self.sizes(), " at index ", at);
    }
    Tensor places = nonzero(ctx, index);
    for (int64_t d = 0; d < index.dim(); ++d) out.push_back(select(places, 1, d));
    if (index.dim() == 0) out.push_back(select(nonzero(ctx, unsqueeze(index, 0)), 1, 0));
  }
  return out;
}

/// A mask without dimensions indexes a dimension of size one that is not there: it is put in front.
Tensor with_mask_dims(const Tensor& self, const Indices& indices) {
  Tensor x = self;
  for (size_t i = 0; i < indices.size(); ++i)
    if (indices[i].defined() && indices[i].dim() == 0 && (indices[i].dtype() == DType::boolean || indices[i].dtype() == DType::u8))
      x = unsqueeze(x, std::min<int64_t>(static_cast<int64_t>(i), x.dim()));
  return x;
}

Indices to_list(OptionalTensorSpan span) {
  Indices out;
  for (size_t i = 0; i < span.size(); ++i) out.push_back(span[i] ? *span[i] : Tensor());
  return out;
}
Indices to_list(TensorSpan span) {
  Indices out;
  for (const Tensor& t : span) out.push_back(t);
  return out;
}

/// Adds index * stride of one indexed dimension to every offset.
void add_offsets(Context& ctx, const Tensor& index, IntSpan sizes, int64_t size, int64_t stride, int64_t dim,
                 std::vector<int64_t>& offsets) {
  Tensor all = contiguous(ctx, expand(cast(ctx, index, DType::i64), sizes));
  const int64_t* at = all.data<int64_t>();
  for (size_t i = 0; i < offsets.size(); ++i) {
    int64_t k = at[i];
    if (k < -size || k >= size) fail("index ", k, " is out of bounds for dimension ", dim, " with size ", size);
    offsets[i] += (k < 0 ? k + size : k) * stride;
  }
}

Plan make_plan(Context& ctx, const Tensor& self, const Indices& given) {
  check(!given.empty(), "At least one index is needed");
  Plan plan;
  plan.x = with_mask_dims(self, given);
  Indices indices = expand_masks(ctx, plan.x, given);
  check(static_cast<int64_t>(indices.size()) <= plan.x.dim(), "too many indices for tensor of dimension ", self.dim(), " (got ",
        given.size(), ")");
  indices.resize(plan.x.sizes().size());
  Dims indexed, rest;
  std::string shapes;
  for (size_t d = 0; d < indices.size(); ++d) {
    (indices[d].defined() ? indexed : rest).push_back(static_cast<int64_t>(d));
    if (indices[d].defined()) shapes += (shapes.empty() ? "" : ", ") + sizes_text(indices[d].sizes());
  }
  check(!indexed.empty(), "At least one index is needed");
  for (int64_t d : indexed) {
    try {
      plan.index_sizes = broadcast_sizes(plan.index_sizes, indices[static_cast<size_t>(d)].sizes());
    } catch (const Error&) { fail("shape mismatch: indexing tensors could not be broadcast together with shapes ", shapes); }
  }
  plan.first = static_cast<size_t>(indexed.front());
  plan.count = indexed.size();
  Indices picked;
  for (int64_t d : indexed) picked.push_back(indices[static_cast<size_t>(d)]);
  Dims dims = indexed;  // numbers of the indexed dimensions, for messages
  if (indexed.back() - indexed.front() + 1 != static_cast<int64_t>(indexed.size())) {
    for (int64_t d : rest) indexed.push_back(d);
    plan.x = permute(plan.x, indexed);
    plan.first = 0;
  }
  int64_t n = checked_numel(plan.index_sizes, sizeof(int64_t));
  for (size_t k = 0; k < plan.count; ++k)
    check(n == 0 || plan.x.sizes()[plan.first + k] > 0, "index is out of bounds for dimension with size 0");
  plan.offsets.assign(static_cast<size_t>(n), 0);
  for (size_t k = 0; k < plan.count; ++k)
    add_offsets(ctx, picked[k], plan.index_sizes, plan.x.sizes()[plan.first + k], plan.x.strides()[plan.first + k], dims[k], plan.offsets);
  for (size_t d = 0; d < plan.first; ++d) plan.result_sizes.push_back(plan.x.sizes()[d]);
  for (int64_t s : plan.index_sizes) plan.result_sizes.push_back(s);
  for (size_t d = plan.first + plan.count; d < plan.x.sizes().size(); ++d) plan.result_sizes.push_back(plan.x.sizes()[d]);
  for (const Tensor& p : picked) {
    Tensor wide = expand(p, plan.index_sizes);
    Dims strides(plan.result_sizes.size());
    for (size_t i = 0; i < plan.index_sizes.size(); ++i) strides[plan.first + i] = wide.strides()[i];
    plan.index_strides.push_back(strides);
  }
  return plan;
}

/// Strides over the result's dimensions with which x reads when its indexed dimensions stand still.
Dims source_strides(const Plan& plan) {
  Dims strides;
  for (size_t d = 0; d < plan.first; ++d) strides.push_back(plan.x.strides()[d]);
  for (size_t i = 0; i < plan.index_sizes.size(); ++i) strides.push_back(0);
  for (size_t d = plan.first + plan.count; d < plan.x.sizes().size(); ++d) strides.push_back(plan.x.strides()[d]);
  return strides;
}

/// Calls f(x pointer, other pointer, x step, other step, n) for rows that cover the pairs (element of x, element of `other`, which has the
/// result's sizes), pointers in T. `in_order`: pairs that share an element of x come in the order of their indices, on one thread.
template <class T, class F>
void for_pairs(const Plan& plan, const Tensor& other, int threads, bool in_order, F&& f) {
  size_t tail = plan.first + plan.index_sizes.size();
  Dims lead_sizes(IntSpan(plan.result_sizes).first(plan.first)), tail_sizes(IntSpan(plan.result_sizes).subspan(tail));
  IntSpan x_strides = plan.x.strides(), o_strides = other.strides();
  LoopOperand x_lead{plan.x.data(), x_strides.first(plan.first), sizeof(T)}, o_lead{other.data(), o_strides.first(plan.first), sizeof(T)};
  StridedLoop<2> lead(lead_sizes, {o_lead, x_lead});
  StridedLoop<2> row(tail_sizes, {LoopOperand{other.data(), o_strides.subspan(tail), sizeof(T)},
                                  LoopOperand{plan.x.data(), x_strides.subspan(plan.first + plan.count), sizeof(T)}});
  int64_t n = static_cast<int64_t>(plan.offsets.size()), row_numel = row.numel(), leads = lead.numel();
  if (n == 0 || row_numel == 0 || leads == 0) return;
  // Where each combination of indices lies in `other`.
  std::vector<int64_t> places(static_cast<size_t>(n));
  Dims at(plan.index_sizes.size());
  int64_t place = 0;
  for (int64_t& p : places) {
    p = place;
    for (size_t d = at.size(); d-- > 0;) {
      place += o_strides[plan.first + d];
      if (++at[d] < plan.index_sizes[d]) break;
      place -= at[d] * o_strides[plan.first + d];
      at[d] = 0;
    }
  }
  bool whole_rows = row.row() == row_numel;  // one row holds all the dimensions behind the indexed ones
  T* x_base = static_cast<T*>(plan.x.data());
  T* o_base = static_cast<T*>(other.data());
  lead.run(1, [&](auto& lead_at, auto& lead_step, int64_t lead_n) {
    for (int64_t l = 0; l < lead_n; ++l) {
      T* o = reinterpret_cast<T*>(lead_at[0] + l * lead_step[0]);
      T* x = reinterpret_cast<T*>(lead_at[1] + l * lead_step[1]);
      kernels::parallel_for(in_order ? 1 : threads, n, std::max<int64_t>(32768 / row_numel, 1), [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
          T* xi = x + plan.offsets[static_cast<size_t>(i)];
          T* oi = o + places[static_cast<size_t>(i)];
          if (whole_rows) {
            f(xi, oi, row.step(1) / static_cast<int64_t>(sizeof(T)), row.step(0) / static_cast<int64_t>(sizeof(T)), row_numel);
            continue;
          }
          row.run(1, [&](auto& p, auto& step, int64_t m) {
            f(reinterpret_cast<T*>(p[1]) + (xi - x_base), reinterpret_cast<T*>(p[0]) + (oi - o_base),
              step[1] / static_cast<int64_t>(sizeof(T)), step[0] / static_cast<int64_t>(sizeof(T)), m);
          });
        }
      });
    }
  });
}

Tensor index_by(Context& ctx, const Tensor& self, const Indices& indices) {
  Plan plan = make_plan(ctx, self, indices);
  Dims source = source_strides(plan);
  std::vector<IntSpan> orders{source};
  for (const Dims& s : plan.index_strides) orders.push_back(s);
  checked_numel(plan.result_sizes, item_size(self.dtype()));
  Tensor out = ctx.empty_strided(plan.result_sizes, iterator_strides(plan.result_sizes, orders), self.dtype());
  out.impl()->extra = self.impl()->extra;
  for_item_size(item_size(self.dtype()), [&]<class T>() {
    for_pairs<T>(plan, out, ctx.threads, false, [](const T* x, T* y, int64_t x_step, int64_t y_step, int64_t n) {
      if (n == 1) *y = *x;
      else if (x_step == 1 && y_step == 1) std::memcpy(y, x, static_cast<size_t>(n) * sizeof(T));
      else
        for (int64_t i = 0; i < n; ++i) y[i * y_step] = x[i * x_step];
    });
  });
  return out;
}

// ---- assignment -----------------------------------------------------------------------------------------------------------------------
/// x[mask] = number, for a mask over the leading dimensions.
bool put_by_mask(Context& ctx, const Tensor& self, const Indices& indices, const Tensor& values, bool accumulate) {
  if (accumulate || values.numel() != 1 || values.dtype() != self.dtype()) return false;
  const Tensor* mask = nullptr;
  int64_t before = 0;
  for (const Tensor& index : indices) {
    if (index.defined()) {
      if (mask || index.dtype() != DType::boolean) return false;
      mask = &index;
    } else if (!mask) {
      ++before;
    }
  }
  if (!mask || mask->dim() == 0 || before + mask->dim() > self.dim()) return false;
  Dims sizes(self.sizes().size(), 1);
  for (int64_t d = 0; d < mask->dim(); ++d) {
    if (mask->size(d) != self.size(before + d)) return false;  // the general way reports it
    sizes[static_cast<size_t>(before + d)] = mask->size(d);
  }
  masked_fill_into(ctx, self, reshape(ctx, *mask, sizes), item(values));
  return true;
}

template <class T>
void add_row(T* x, const T* v, int64_t x_step, int64_t v_step, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    if constexpr (std::is_same_v<T, bool>) x[i * x_step] = x[i * x_step] || v[i * v_step];
    else if constexpr (std::is_integral_v<T>)
      x[i * x_step] = static_cast<T>(static_cast<uint64_t>(x[i * x_step]) + static_cast<uint64_t>(v[i * v_step]));
    else x[i * x_step] = T(Compute<T>(x[i * x_step]) + Compute<T>(v[i * v_step]));
  }
}

void put(Context& ctx, const Tensor& self, const Indices& indices, const Tensor& values, bool accumulate) {
  check_writable(self);
  check(values.dtype() == self.dtype(), "Index put requires the source and destination dtypes match, got ", scalar_type_name(self.dtype()),
        " for the destination and ", scalar_type_name(values.dtype()), " for the source.");
  if (put_by_mask(ctx, self, indices, values, accumulate)) return;
  Plan plan = make_plan(ctx, self, indices);
  check(values.dim() <= static_cast<int64_t>(plan.result_sizes.size()) || values.numel() == 1, "shape mismatch: value tensor of shape ",
        values.sizes(), " cannot be broadcast to indexing result of shape ", plan.result_sizes);
  Tensor source = values;
  while (source.dim() > static_cast<int64_t>(plan.result_sizes.size())) source = select(source, 0, 0);
  for (int64_t d = 1; d <= source.dim(); ++d)
    check(source.size(-d) == 1 || source.size(-d) == plan.result_sizes[plan.result_sizes.size() - static_cast<size_t>(d)],
          "shape mismatch: value tensor of shape ", values.sizes(), " cannot be broadcast to indexing result of shape ", plan.result_sizes);
  if (may_overlap(self, source)) source = clone(ctx, source);
  source = expand(source, plan.result_sizes);
  if (!accumulate) {
    for_item_size(item_size(self.dtype()), [&]<class T>() {
      for_pairs<T>(plan, source, 1, true, [](T* x, const T* v, int64_t x_step, int64_t v_step, int64_t n) {
        if (x_step == 1 && v_step == 1) std::memcpy(x, v, static_cast<size_t>(n) * sizeof(T));
        else
          for (int64_t i = 0; i < n; ++i) x[i * x_step] = v[i * v_step];
      });
    });
    return;
  }
  dispatch(AllTypes(), self.dtype(), "index_put_", [&]<class T>() { for_pairs<T>(plan, source, 1, true, add_row<T>); });
}

// ---- rows
// --------------------------------------------------------------------------------------------------------------------------------
template <class Span>
Tensor index(Context& ctx, const Tensor& self, Span indices) {
  return index_by(ctx, self, to_list(indices));
}
template <class Span>
Tensor index_put_(Context& ctx, const Tensor& self, Span indices, const Tensor& values, bool accumulate) {
  put(ctx, self, to_list(indices), values, accumulate);
  return self;
}
template <class Span>
Tensor index_put(Context& ctx, const Tensor& self, Span indices, const Tensor& values, bool accumulate) {
  return index_put_(ctx, clone(ctx, self), indices, values, accumulate);
}
template <class Span>
Tensor index_put_impl_(Context& ctx, const Tensor& self, Span indices, const Tensor& values, bool accumulate, bool) {
  return index_put_(ctx, self, indices, values, accumulate);
}

using Some = OptionalTensorSpan;
constexpr Op rows[] = {
    op<"aten::index.Tensor(Tensor self, Tensor?[] indices) -> Tensor", index<Some>>(),
    op<"aten::index.Tensor_hacked_twin(Tensor self, Tensor[] indices) -> Tensor", index<TensorSpan>>(),
    op<"aten::_unsafe_index.Tensor(Tensor self, Tensor?[] indices) -> Tensor", index<Some>>(),
    op<"aten::_unsafe_index.Tensor_hacked_twin(Tensor self, Tensor[] indices) -> Tensor", index<TensorSpan>>(),
    op<"aten::index_put(Tensor self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor", index_put<Some>>(),
    op<"aten::index_put.hacked_twin(Tensor self, Tensor[] indices, Tensor values, bool accumulate=False) -> Tensor",
       index_put<TensorSpan>>(),
    op<"aten::_unsafe_index_put(Tensor self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor", index_put<Some>>(),
    op<"aten::_unsafe_index_put.hacked_twin(Tensor self, Tensor[] indices, Tensor values, bool accumulate=False) -> Tensor",
       index_put<TensorSpan>>(),
    op<"aten::index_put_(Tensor(a!) self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor(a!)", index_put_<Some>>(),
    op<"aten::index_put_.hacked_twin(Tensor(a!) self, Tensor[] indices, Tensor values, bool accumulate=False) -> Tensor(a!)",
       index_put_<TensorSpan>>(),
    op<"aten::_index_put_impl_(Tensor(a!) self, Tensor?[] indices, Tensor values, bool accumulate=False, bool unsafe=False) -> Tensor(a!)",
       index_put_impl_<Some>>(),
    op<"aten::_index_put_impl_.hacked_twin(Tensor(a!) self, Tensor[] indices, Tensor values, bool accumulate=False, bool unsafe=False) -> "
       "Tensor(a!)",
       index_put_impl_<TensorSpan>>(),
};

}  // namespace

const std::span<const Op> index_ops = rows;

}  // namespace tsrun
