#include "ops/attention.h"

#include <cmath>

#include "ops/dispatch.h"
#include "ops/kernels/attention.h"
#include "ops/matmul.h"
#include "ops/random.h"
#include "ops/softmax.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

bool is_half(DType t) { return t == DType::f16 || t == DType::bf16; }

double scale_of(const Tensor& q, const AttentionOptions& options) {
  return options.scale.value_or(1 / std::sqrt(static_cast<double>(std::max<int64_t>(q.size(-1), 1))));
}

/// The mask as numbers to add: 0 where a bool is true, -infinity where false.
Tensor additive_mask(Context& ctx, const Tensor& mask, DType dtype) {
  if (mask.dtype() != DType::boolean) return cast(ctx, mask, dtype);
  Tensor from = contiguous(ctx, mask), to = ctx.empty(mask.sizes(), dtype);
  dispatch(TypeList<float, double>(), dtype, "attention mask", [&]<class T>() {
    for (int64_t i = 0; i < from.numel(); ++i) to.data<T>()[i] = from.data<bool>()[i] ? T(0) : static_cast<T>(-INFINITY);
  });
  return to;
}

Tensor adjacent_columns(Context& ctx, const Tensor& t) { return t.stride(-1) == 1 || t.size(-1) <= 1 ? t : contiguous(ctx, t); }

kernels::AttentionOperand operand(const Tensor& t) { return {t.data<float>(), t.stride(0), t.stride(1), t.stride(2)}; }

/// k and v with each head repeated for the query heads that share it.
Tensor repeat_heads(Context& ctx, const Tensor& t, int64_t heads) {
  int64_t own = t.size(-3);
  if (own == heads) return t;
  Dims sizes(t.sizes());
  size_t at = sizes.size() - 3;
  sizes.insert(at + 1, heads / own);
  Tensor wide = expand(unsqueeze(t, static_cast<int64_t>(at) + 1), sizes);
  sizes.erase(at + 1);
  sizes[at] = heads;
  return reshape(ctx, wide, sizes);
}

void check_operands(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor* mask, const AttentionOptions& options) {
  check(q.dtype() == k.dtype() && q.dtype() == v.dtype(),
        "Expected query, key, and value to have the same dtype, but got query.dtype: ", q.dtype(), " key.dtype: ", k.dtype(),
        " and value.dtype: ", v.dtype(), " instead.");
  check(q.dim() >= 2 && k.dim() >= 2 && v.dim() >= 2,
        "Expected query, key, and value to all be  at least 2 dimensional, but got query.dim: ", q.dim(), ", key.dim: ", k.dim(),
        " and value.dim: ", v.dim(), " instead.");
  check(is_floating(q.dtype()), "scaled_dot_product_attention: expected floating point tensors, got ", q);
  check(q.size(-1) == k.size(-1) && k.size(-2) == v.size(-2), "scaled_dot_product_attention: query ", q.sizes(), ", key ", k.sizes(),
        " and value ", v.sizes(), " do not fit each other");
  check(!(mask && options.causal), "_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True");
  if (mask)
    check(mask->dtype() == DType::boolean || mask->dtype() == q.dtype() || mask->dtype() == DType::f32,
          "Expected attn_mask dtype to be bool or float or to match query dtype, but got attn_mask.dtype: ", mask->dtype(),
          " and  query.dtype: ", q.dtype(), " instead.");
  if (options.grouped_heads) {
    check(q.dim() >= 3 && k.dim() >= 3 && v.dim() >= 3, "grouped query attention needs at least 3 dimensions");
    int64_t heads = q.size(-3);
    check(k.size(-3) > 0 && v.size(-3) > 0 && heads % k.size(-3) == 0 && heads % v.size(-3) == 0,
          "Number of heads in key and value must divide the number of heads in query");
  }
}

/// t [..., r, c] with its leading dimensions expanded to batch.
Tensor expand_batch(const Tensor& t, IntSpan batch) {
  Dims sizes(batch);
  sizes.push_back(t.size(-2));
  sizes.push_back(t.size(-1));
  return expand(t, sizes);
}

IntSpan batch_of(const Tensor& t) { return t.sizes().first(t.sizes().size() - 2); }

/// The exponentials of one row in float, those that weigh v rounded; the sum of the exact ones.
template <class T>
float exponentials(float* row, int64_t n) {
  float top = *std::max_element(row, row + n), sum = 0;
  if (top == -INFINITY) top = 0;
  for (int64_t i = 0; i < n; ++i) {
    row[i] = std::exp(row[i] - top);
    sum += row[i];
    row[i] = T(row[i]);
  }
  return sum;
}

/// As PyTorch's fused attention for halves: products in float, the exponentials rounded before they meet v, the sum divided out last.
Tensor half_attention(Context& ctx, const Tensor& q, const Tensor& k, const Tensor& v, const Tensor* mask,
                      const AttentionOptions& options) {
  int64_t heads = q.size(1), queries = q.size(2), keys = k.size(2), v_width = v.size(3);
  Tensor y = ctx.zeros(Dims{q.size(0), heads, queries, v_width}, q.dtype());
  if (y.numel() == 0 || keys == 0) return y;
  Tensor added = mask ? additive_mask(ctx, *mask, DType::f32) : Tensor();
  if (mask) added = expand(added, Dims{q.size(0), heads, queries, keys});
  float factor = static_cast<float>(scale_of(q, options));
  for (int64_t i = 0; i < q.size(0) * heads; ++i) {
    auto head = [&](const Tensor& t) { return select(select(t, 0, i / heads), 0, i % heads); };
    Tensor scores = matrix_product(ctx, head(q), transpose(head(k), 0, 1), true), bias = mask ? contiguous(ctx, head(added)) : Tensor();
    std::vector<float> sums(static_cast<size_t>(queries));
    for (int64_t row = 0; row < queries; ++row) {
      float* s = scores.data<float>() + row * keys;
      for (int64_t j = 0; j < keys; ++j) {
        s[j] = s[j] * factor + (mask ? bias.data<float>()[row * keys + j] : 0);
        if (options.causal && j > row) s[j] = -INFINITY;
      }
      sums[static_cast<size_t>(row)] = q.dtype() == DType::f16 ? exponentials<Half>(s, keys) : exponentials<BFloat16>(s, keys);
    }
    Tensor sum = matrix_product(ctx, scores, cast(ctx, head(v), DType::f32));
    for (int64_t at = 0; at < sum.numel(); ++at) {
      float total = sums[static_cast<size_t>(at / v_width)];
      sum.data<float>()[at] = total == 0 ? 0 : sum.data<float>()[at] / total;
    }
    copy_into(ctx, head(y), sum);
  }
  return y;
}

}  // namespace

Tensor attention(Context& ctx, const Tensor& q, const Tensor& k, const Tensor& v, const Tensor* mask, const AttentionOptions& options,
                 bool heads_inside) {
  int64_t batch = q.size(0), heads = q.size(1), queries = q.size(2), keys = k.size(2), v_width = v.size(3);
  Dims inside{batch, queries, heads, v_width}, order{0, 2, 1, 3};
  if (is_half(q.dtype())) {
    Tensor y = half_attention(ctx, q, repeat_heads(ctx, k, heads), repeat_heads(ctx, v, heads), mask, options);
    return heads_inside ? permute(contiguous(ctx, permute(y, order)), order) : y;
  }
  if (q.dtype() != DType::f32) {
    Tensor y = attention_with_weights(ctx, q, k, v, mask, options).first;
    return heads_inside ? permute(contiguous(ctx, permute(y, order)), order) : y;
  }
  Tensor y = heads_inside ? permute(ctx.empty(inside, DType::f32), order) : ctx.empty(Dims{batch, heads, queries, v_width}, DType::f32);
  if (y.numel() == 0) return y;
  if (keys == 0) {
    fill(ctx, y, Scalar(0.0));
    return y;
  }
  kernels::AttentionShape shape{batch,         heads, 1, queries, keys, q.size(3), v_width, static_cast<float>(scale_of(q, options)),
                                options.causal};
  Tensor kk = k, vv = v;
  if (k.size(1) == v.size(1)) shape.heads_per_kv = heads / k.size(1);
  else kk = repeat_heads(ctx, k, heads), vv = repeat_heads(ctx, v, heads);
  Tensor qa = adjacent_columns(ctx, q), ka = adjacent_columns(ctx, kk), va = adjacent_columns(ctx, vv), ma;
  kernels::AttentionOperand added{nullptr, 0, 0, 0};
  if (mask) {
    ma = additive_mask(ctx, *mask, DType::f32);
    if (ma.dim() == 0 || ma.size(-1) != keys) {
      Dims sizes(ma.sizes());
      if (sizes.empty()) sizes.push_back(1);
      sizes.back() = keys;
      ma = expand(ma, sizes);
    }
    ma = expand(adjacent_columns(ctx, ma), Dims{batch, heads, queries, keys});
    added = operand(ma);
  }
  Ref<Storage> space = ctx.workspace(kernels::attention_workspace(shape, ctx.threads));
  kernels::attention(shape, operand(qa), operand(ka), operand(va), added, y.data<float>(), y.stride(0), y.stride(1), y.stride(2),
                     space->data(), ctx.threads);
  return y;
}

std::pair<Tensor, Tensor> attention_with_weights(Context& ctx, const Tensor& q, const Tensor& k, const Tensor& v, const Tensor* mask,
                                                 const AttentionOptions& options) {
  if (is_half(q.dtype())) {
    Tensor wide_mask = mask && is_half(mask->dtype()) ? cast(ctx, *mask, DType::f32) : mask ? *mask : Tensor();
    auto [y, weights] = attention_with_weights(ctx, cast(ctx, q, DType::f32), cast(ctx, k, DType::f32), cast(ctx, v, DType::f32),
                                               mask ? &wide_mask : nullptr, options);
    return {cast(ctx, y, q.dtype()), cast(ctx, weights, q.dtype())};
  }
  Tensor kk = options.grouped_heads ? repeat_heads(ctx, k, q.size(-3)) : k,
         vv = options.grouped_heads ? repeat_heads(ctx, v, q.size(-3)) : v;
  Dims batch = broadcast_sizes(broadcast_sizes(batch_of(q), batch_of(kk)), batch_of(vv));
  Tensor scores = matmul(ctx, expand_batch(q, batch), transpose(expand_batch(kk, batch), -2, -1));
  int64_t queries = q.size(-2), keys = kk.size(-2);
  Tensor added = mask ? contiguous(ctx, expand(additive_mask(ctx, *mask, q.dtype()), scores.sizes())) : Tensor();
  dispatch(TypeList<float, double>(), q.dtype(), "scaled_dot_product_attention", [&]<class T>() {
    T *s = scores.data<T>(), factor = static_cast<T>(scale_of(q, options));
    for (int64_t i = 0; i < scores.numel(); ++i) s[i] = s[i] * factor + (mask ? added.data<T>()[i] : T(0));
    if (options.causal)
      for (int64_t i = 0; i < scores.numel(); ++i)
        if (i % keys > i / keys % queries) s[i] = static_cast<T>(-INFINITY);
  });
  Tensor weights = softmax(ctx, scores, -1);
  dispatch(TypeList<float, double>(), q.dtype(), "scaled_dot_product_attention", [&]<class T>() {
    const T* s = scores.data<T>();
    for (int64_t row = 0; keys > 0 && row < scores.numel() / keys; ++row)
      if (std::all_of(s + row * keys, s + (row + 1) * keys, [](T x) { return x == static_cast<T>(-INFINITY); }))
        std::fill_n(weights.data<T>() + row * keys, keys, T(0));
  });
  if (options.dropout > 0) weights = dropout(ctx, weights, options.dropout);
  return {matmul(ctx, weights, expand_batch(vv, batch)), weights};
}

namespace {

Tensor scaled_dot_product_attention(Context& ctx, const Tensor& query, const Tensor& key, const Tensor& value, const Tensor* attn_mask,
                                    double dropout_p, bool is_causal, std::optional<double> scale, bool enable_gqa) {
  AttentionOptions options{is_causal, scale, enable_gqa};
  check_operands(query, key, value, attn_mask, options);
  options.dropout = dropout_p;
  if (dropout_p > 0) return attention_with_weights(ctx, query, key, value, attn_mask, options).first;
  bool four = query.dim() == 4 && key.dim() == 4 && value.dim() == 4 && query.size(0) == key.size(0) && query.size(0) == value.size(0);
  bool heads_fit = four && key.size(1) == value.size(1) && (enable_gqa || query.size(1) == key.size(1));
  if (!heads_fit) {
    if (query.dim() == 3 && key.dim() == 3 && value.dim() == 3 && query.size(0) == key.size(0) && key.size(0) == value.size(0) &&
        !enable_gqa && (!attn_mask || attn_mask->dim() <= 3) && !is_half(query.dtype()))
      return squeeze(attention(ctx, unsqueeze(query, 0), unsqueeze(key, 0), unsqueeze(value, 0), attn_mask, options, false), 0);
    return attention_with_weights(ctx, query, key, value, attn_mask, options).first;
  }
  bool heads_inside = query.stride(1) < query.stride(2);  // the result lies in memory as the query does
  return attention(ctx, query, key, value, attn_mask, options, heads_inside);
}

std::tuple<Tensor, Tensor> attention_math(Context& ctx, const Tensor& query, const Tensor& key, const Tensor& value,
                                          const Tensor* attn_mask, double dropout_p, bool is_causal, const Tensor* dropout_mask,
                                          std::optional<double> scale, bool enable_gqa) {
  AttentionOptions options{is_causal, scale, enable_gqa};
  check_operands(query, key, value, attn_mask, options);
  if (dropout_mask) unsupported("scaled_dot_product_attention with a given dropout mask");
  options.dropout = dropout_p;
  auto [y, weights] = attention_with_weights(ctx, query, key, value, attn_mask, options);
  return {y, weights};
}

constexpr Op rows[] = {
    op<"aten::scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask=None, float dropout_p=0., bool "
       "is_causal=False, *, "
       "float? scale=None, bool enable_gqa=False) -> Tensor",
       scaled_dot_product_attention>(),
    op<"aten::_scaled_dot_product_attention_math(Tensor query, Tensor key, Tensor value, Tensor? attn_mask=None, float dropout_p=0., "
       "bool is_causal=False, Tensor? dropout_mask=None, *, float? scale=None, bool enable_gqa=False) -> (Tensor, Tensor)",
       attention_math>(),
};

}  // namespace

const std::span<const Op> attention_ops = rows;

}  // namespace tsrun
