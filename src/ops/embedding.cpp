// Rows of a table by index: embedding, and bags of rows reduced to one.
#include <cmath>
#include <cstring>
#include <vector>

#include "ops/dispatch.h"
#include "ops/kernels/parallel.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

/// The indices as contiguous int64, each checked to name a row.
Tensor check_indices(Context& ctx, const Tensor& indices, int64_t rows) {
  check(indices.dtype() == DType::i64 || indices.dtype() == DType::i32,
        "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got torch.",
        scalar_type_name(indices.dtype()), "Tensor instead (while checking arguments for embedding)");
  Tensor wide = contiguous(ctx, cast(ctx, indices, DType::i64));
  const int64_t* at = wide.data<int64_t>();
  for (int64_t i = 0; i < wide.numel(); ++i) check(at[i] >= 0 && at[i] < rows, "index out of range in self");
  return wide;
}

Tensor embedding(Context& ctx, const Tensor& weight, const Tensor& indices, int64_t, bool, bool) {
  check(weight.dim() == 2, "'weight' must be 2-D");
  Tensor table = contiguous(ctx, weight), index = check_indices(ctx, indices, weight.size(0));
  Dims sizes(indices.sizes());
  sizes.push_back(weight.size(1));
  Tensor out = ctx.empty(sizes, weight.dtype());
  size_t row = static_cast<size_t>(weight.size(1)) * item_size(weight.dtype());
  const std::byte* from = static_cast<const std::byte*>(table.data());
  std::byte* to = static_cast<std::byte*>(out.data());
  const int64_t* at = index.data<int64_t>();
  kernels::parallel_for(ctx.threads, index.numel(), static_cast<int64_t>(65536 / (row + 1)) + 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) std::memcpy(to + static_cast<size_t>(i) * row, from + static_cast<size_t>(at[i]) * row, row);
  });
  return out;
}

Tensor embedding_renorm(Context& ctx, const Tensor& self, const Tensor& indices, double max_norm, double norm_type) {
  check(self.dim() == 2, "'self' must be 2-D");
  Tensor index = check_indices(ctx, indices, self.size(0));
  std::vector<bool> done(static_cast<size_t>(self.size(0)));
  dispatch(FloatTypes(), self.dtype(), "embedding_renorm_", [&]<class T>() {
    using Wide = std::conditional_t<std::is_same_v<T, double>, double, float>;
    for (int64_t i = 0; i < index.numel(); ++i) {
      int64_t r = index.data<int64_t>()[i];
      if (done[static_cast<size_t>(r)]) continue;
      done[static_cast<size_t>(r)] = true;
      T* row = self.data<T>() + r * self.stride(0);
      double total = 0;
      for (int64_t j = 0; j < self.size(1); ++j) {
        double v = std::abs(static_cast<double>(row[j * self.stride(1)]));
        total = std::isinf(norm_type) ? std::max(total, v) : total + std::pow(v, norm_type);
      }
      double norm = static_cast<Wide>(static_cast<T>(static_cast<Wide>(std::isinf(norm_type) ? total : std::pow(total, 1 / norm_type))));
      if (norm <= max_norm) continue;
      T scale = static_cast<Wide>(max_norm / (norm + 1e-7));
      for (int64_t j = 0; j < self.size(1); ++j)
        row[j * self.stride(1)] = static_cast<Wide>(row[j * self.stride(1)]) * static_cast<Wide>(scale);
    }
  });
  return self;
}

enum BagMode : int64_t { bag_sum = 0, bag_mean = 1, bag_max = 2 };

struct Bags {
  Tensor output, offset_to_bag, sizes, max_indices;
};

/// First index of each bag and, behind them, the end of the last.
std::vector<int64_t> bag_bounds(Context& ctx, const Tensor& offsets, int64_t indices, bool include_last) {
  Tensor wide = contiguous(ctx, cast(ctx, offsets, DType::i64));
  int64_t count = wide.numel();
  check(!include_last || count >= 1, "include_last_offset: number of offset should be at least 1");
  std::vector<int64_t> bounds(wide.data<int64_t>(), wide.data<int64_t>() + (include_last ? count - 1 : count));
  check(count == 0 || wide.data<int64_t>()[0] == 0,
        "offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from position 0. However, got ",
        count ? wide.data<int64_t>()[0] : 0);
  bounds.push_back(include_last ? std::min(wide.data<int64_t>()[count - 1], indices) : indices);
  int64_t last = count ? wide.data<int64_t>()[count - 1] : 0;
  check(last <= indices, "offsets[-1] can not be greater than input's length ", indices, " but got offsets[-1] of ", last);
  for (size_t i = 0; i + 1 < bounds.size(); ++i) check(bounds[i] >= 0 && bounds[i] <= bounds[i + 1], "offsets must not decrease");
  return bounds;
}

Bags embedding_bags(Context& ctx, const Tensor& weight, const Tensor& indices, const Tensor& offsets, int64_t mode,
                    const Tensor* per_sample_weights, bool include_last_offset, int64_t padding_idx) {
  check(weight.dim() == 2, "weight has to be a 2D Tensor, but got Tensor of dimension ", weight.dim());
  check(indices.dim() == 1 || indices.dim() == 2, "input has to be a 1D or 2D Tensor, but got Tensor of dimension ", indices.dim());
  check(offsets.dim() == 1, "offsets has to be a 1D Tensor, but got Tensor of dimension ", offsets.dim());
  check(mode >= bag_sum && mode <= bag_max, "embedding_bag: mode must be 0, 1 or 2, got ", mode);
  check(!per_sample_weights || mode == bag_sum,
        "embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for mode='sum'");
  check(!per_sample_weights || per_sample_weights->numel() == indices.numel(),
        "expected per_sample_weights and input to have the same number of elements");
  int64_t rows = weight.size(0), width = weight.size(1);
  Tensor index = check_indices(ctx, indices, rows);
  std::vector<int64_t> bounds = bag_bounds(ctx, offsets, index.numel(), include_last_offset);
  int64_t bags = static_cast<int64_t>(bounds.size()) - 1;
  if (padding_idx < 0) padding_idx += rows;
  DType compute = weight.dtype() == DType::f64 ? DType::f64 : DType::f32;
  Tensor table = contiguous(ctx, cast(ctx, weight, compute));
  Tensor scales = per_sample_weights ? contiguous(ctx, cast(ctx, *per_sample_weights, compute)) : Tensor();
  Bags r{ctx.zeros(Dims{bags, width}, compute),
         {},
         ctx.zeros(Dims{offsets.numel()}, DType::i64),
         mode == bag_max ? ctx.zeros(Dims{bags, width}, DType::i64) : ctx.zeros(Dims{bags}, DType::i64)};
  const int64_t* at = index.data<int64_t>();
  dispatch(TypeList<float, double>(), compute, "embedding_bag", [&]<class T>() {
    for (int64_t b = 0; b < bags; ++b) {
      T* out = r.output.data<T>() + b * width;
      int64_t used = 0;
      for (int64_t i = bounds[static_cast<size_t>(b)]; i < bounds[static_cast<size_t>(b) + 1]; ++i) {
        if (at[i] == padding_idx) continue;
        const T* row = table.data<T>() + at[i] * width;
        T scale = scales.defined() ? scales.data<T>()[i] : T(1);
        for (int64_t j = 0; j < width; ++j) {
          if (mode != bag_max) out[j] += scale * row[j];
          else if (used == 0 || row[j] > out[j]) out[j] = row[j], r.max_indices.data<int64_t>()[b * width + j] = at[i];
        }
        ++used;
      }
      r.sizes.data<int64_t>()[b] = used;
      if (mode == bag_mean && used)
        for (int64_t j = 0; j < width; ++j) out[j] /= static_cast<T>(used);
    }
  });
  Tensor bag_of = ctx.zeros(Dims{index.numel()}, DType::i64);
  for (int64_t b = 0; b < bags; ++b)
    for (int64_t i = bounds[static_cast<size_t>(b)]; i < bounds[static_cast<size_t>(b) + 1]; ++i) bag_of.data<int64_t>()[i] = b;
  r.output = cast(ctx, r.output, weight.dtype());
  r.offset_to_bag = cast(ctx, bag_of, indices.dtype());
  r.sizes = cast(ctx, r.sizes, indices.dtype());
  r.max_indices = cast(ctx, r.max_indices, indices.dtype());
  return r;
}

using Four = std::tuple<Tensor, Tensor, Tensor, Tensor>;

Four embedding_bag_padding(Context& ctx, const Tensor& weight, const Tensor& indices, const Tensor& offsets, bool, int64_t mode, bool,
                           const Tensor* per_sample_weights, bool include_last_offset, std::optional<int64_t> padding_idx) {
  if (padding_idx)
    check(*padding_idx >= -weight.size(0) && *padding_idx < weight.size(0), "padding_idx must be within the number of embeddings");
  int64_t padding = padding_idx.value_or(-1 - weight.size(0));  // no index equals it
  Bags b = embedding_bags(ctx, weight, indices, offsets, mode, per_sample_weights, include_last_offset, padding);
  return {b.output, b.offset_to_bag, b.sizes, b.max_indices};
}

Four embedding_bag(Context& ctx, const Tensor& weight, const Tensor& indices, const Tensor& offsets, bool scale_grad_by_freq, int64_t mode,
                   bool sparse, const Tensor* per_sample_weights, bool include_last_offset) {
  return embedding_bag_padding(ctx, weight, indices, offsets, scale_grad_by_freq, mode, sparse, per_sample_weights, include_last_offset,
                               {});
}

Four embedding_bag_raw(Context& ctx, const Tensor& weight, const Tensor& indices, const Tensor& offsets, bool scale_grad_by_freq,
                       int64_t mode, bool sparse, const Tensor* per_sample_weights, bool include_last_offset, int64_t padding_idx) {
  std::optional<int64_t> padding;
  if (padding_idx >= 0) padding = padding_idx;
  return embedding_bag_padding(ctx, weight, indices, offsets, scale_grad_by_freq, mode, sparse, per_sample_weights, include_last_offset,
                               padding);
}

constexpr Op rows[] = {
    op<"aten::embedding(Tensor weight, Tensor indices, SymInt padding_idx=-1, bool scale_grad_by_freq=False, bool sparse=False) -> Tensor",
       embedding>(),
    op<"aten::embedding_renorm_(Tensor(a!) self, Tensor indices, float max_norm, float norm_type) -> Tensor(a!)", embedding_renorm>(),
    op<"aten::embedding_bag(Tensor weight, Tensor indices, Tensor offsets, bool scale_grad_by_freq=False, int mode=0, bool sparse=False, "
       "Tensor? per_sample_weights=None, bool include_last_offset=False) -> (Tensor, Tensor, Tensor, Tensor)",
       embedding_bag>(),
    op<"aten::embedding_bag.padding_idx(Tensor weight, Tensor indices, Tensor offsets, bool scale_grad_by_freq, int mode, bool sparse, "
       "Tensor? per_sample_weights, bool include_last_offset, int? padding_idx) -> (Tensor, Tensor, Tensor, Tensor)",
       embedding_bag_padding>(),
    op<"aten::_embedding_bag(Tensor weight, Tensor indices, Tensor offsets, bool scale_grad_by_freq=False, int mode=0, bool sparse=False, "
       "Tensor? per_sample_weights=None, bool include_last_offset=False, int padding_idx=-1) -> (Tensor, Tensor, Tensor, Tensor)",
       embedding_bag_raw>(),
    op<"aten::_embedding_bag_forward_only(Tensor weight, Tensor indices, Tensor offsets, bool scale_grad_by_freq=False, int mode=0, bool "
       "sparse=False, "
       "Tensor? per_sample_weights=None, bool include_last_offset=False, int padding_idx=-1) -> (Tensor, Tensor, Tensor, Tensor)",
       embedding_bag_raw>(),
};

}  // namespace

const std::span<const Op> embedding_ops = rows;

}  // namespace tsrun
