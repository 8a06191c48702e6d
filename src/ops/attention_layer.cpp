// Whole attention layers, as torch.nn's fast paths call them: projections, attention, feed-forward network and norms in one operator.
#include "ops/attention.h"
#include "ops/dispatch.h"
#include "ops/matmul.h"
#include "ops/norm.h"
#include "ops/reduce.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

struct PreparedLayer : Prepared {
  PackedLinear qkv, projection, expand, contract;
};

/// The packed weights of an instruction, or of this call alone when they are not constant.
template <class Make>
Ref<const PreparedLayer> prepare(Context& ctx, Make make) {
  if (ctx.prepared && *ctx.prepared) return Ref<const PreparedLayer>(static_cast<const PreparedLayer*>(ctx.prepared->get()));
  auto made = make_ref<PreparedLayer>();
  make(*made);
  if (ctx.prepared) *ctx.prepared = Ref<const Prepared>(made);
  return made;
}

/// A mask in which true hides, in the form of _masked_softmax's mask_type, as one in which true shows, with 4 dimensions.
Tensor visible(Context& ctx, const Tensor& mask, std::optional<int64_t> mask_type) {
  check(mask_type.has_value() && *mask_type >= 0 && *mask_type <= 2,
        "Mask Type should be 0 (src_mask), 1 (src_key_padding_mask), or 2 (default_mask)");
  Tensor seen = clone(ctx, cast(ctx, mask, DType::boolean), MemoryFormat::contiguous);
  for (int64_t i = 0; i < seen.numel(); ++i) seen.data<bool>()[i] = !seen.data<bool>()[i];
  if (*mask_type == 1) {
    check(mask.dim() == 2, "a key padding mask must have 2 dimensions, got ", mask);
    return unsqueeze(unsqueeze(seen, 1), 1);
  }
  return seen;
}

struct Heads {
  Tensor q, k, v;  // [batch, heads, length, width]
};

Tensor split_heads(const Tensor& fused, int64_t part, int64_t heads, int64_t width) {
  Dims sizes{fused.size(0), heads, fused.size(1), width},
      strides{fused.stride(0), width * fused.stride(2), fused.stride(1), fused.stride(2)};
  return make_view(fused, sizes, strides, fused.offset() + part * heads * width * fused.stride(2));
}

void check_input(const Tensor& x, int64_t embed_dim, int64_t num_head, const char* name) {
  check(x.dim() == 3, "expected 3-D `", name, "`, got ", x.dim(), "-D tensor");
  check(x.size(2) == embed_dim && embed_dim > 0, "passed-in embed_dim ", embed_dim, " didn't match last dim of ", name, " ", x.size(2));
  check(num_head > 0 && embed_dim % num_head == 0, "`embed_dim` must divide evenly by `num_heads`");
}

void check_weights(int64_t embed_dim, const Tensor& qkv_weight, const Tensor& qkv_bias, const Tensor& proj_weight,
                   const Tensor& proj_bias) {
  check(qkv_weight.dim() == 2 && qkv_weight.size(0) == 3 * embed_dim && qkv_weight.size(1) == embed_dim,
        "expected `qkv_weight` first dim to be 3x embed_dim, got ", qkv_weight);
  check(qkv_bias.dim() == 1 && qkv_bias.size(0) == 3 * embed_dim, "expected `qkv_bias` first dim and first dim of query to be equal, got ",
        qkv_bias);
  check(proj_weight.dim() == 2 && proj_weight.size(0) == embed_dim && proj_weight.size(1) == embed_dim && proj_bias.numel() == embed_dim,
        "the output projection does not fit embed_dim ", embed_dim, ": ", proj_weight);
}

/// [batch, heads, length, width] back to [batch, length, heads * width]; no copy when the heads lie inside.
Tensor merge_heads(Context& ctx, const Tensor& y) {
  return reshape(ctx, permute(y, Dims{0, 2, 1, 3}), Dims{y.size(0), y.size(2), y.size(1) * y.size(3)});
}

std::tuple<Tensor, Tensor> multi_head_attention(Context& ctx, const Tensor& query, const Tensor& key, const Tensor& value,
                                                int64_t embed_dim, int64_t num_head, const Tensor& qkv_weight, const Tensor& qkv_bias,
                                                const Tensor& proj_weight, const Tensor& proj_bias, const Tensor* mask, bool need_weights,
                                                bool average_attn_weights, std::optional<int64_t> mask_type) {
  check_input(query, embed_dim, num_head, "query");
  check_input(key, embed_dim, num_head, "key");
  check_input(value, embed_dim, num_head, "value");
  check_weights(embed_dim, qkv_weight, qkv_bias, proj_weight, proj_bias);
  check_same_dtype(query, qkv_weight);
  int64_t width = embed_dim / num_head;
  Heads h;
  bool shared = query.is_same(key) && key.is_same(value);
  auto packed = prepare(ctx, [&](PreparedLayer& p) {
    p.qkv = pack_linear(ctx, qkv_weight);
    p.projection = pack_linear(ctx, proj_weight);
  });
  if (shared) {
    Tensor fused = apply_linear(ctx, query, packed->qkv, &qkv_bias);
    h = {split_heads(fused, 0, num_head, width), split_heads(fused, 1, num_head, width), split_heads(fused, 2, num_head, width)};
  } else {
    auto project = [&](const Tensor& x, int64_t part) {
      Tensor weight = narrow(qkv_weight, 0, part * embed_dim, embed_dim), bias = narrow(qkv_bias, 0, part * embed_dim, embed_dim);
      return split_heads(apply_linear(ctx, x, pack_linear(ctx, weight), &bias), 0, num_head, width);
    };
    h = {project(query, 0), project(key, 1), project(value, 2)};
  }
  Tensor seen = mask ? visible(ctx, *mask, mask_type) : Tensor(), weights, y;
  const Tensor* shown = mask ? &seen : nullptr;
  if (need_weights) std::tie(y, weights) = attention_with_weights(ctx, h.q, h.k, h.v, shown, {});
  else y = attention(ctx, h.q, h.k, h.v, shown, {}, true);
  Tensor out = apply_linear(ctx, merge_heads(ctx, y), packed->projection, &proj_bias);
  if (need_weights && average_attn_weights) weights = mean(ctx, weights, Dims{1});
  return {out, weights};
}

Tensor encoder_layer(Context& ctx, const Tensor& src, int64_t embed_dim, int64_t num_heads, const Tensor& qkv_weight,
                     const Tensor& qkv_bias, const Tensor& proj_weight, const Tensor& proj_bias, bool use_gelu, bool norm_first, double eps,
                     const Tensor& norm_weight_1, const Tensor& norm_bias_1, const Tensor& norm_weight_2, const Tensor& norm_bias_2,
                     const Tensor& ffn_weight_1, const Tensor& ffn_bias_1, const Tensor& ffn_weight_2, const Tensor& ffn_bias_2,
                     const Tensor* mask, std::optional<int64_t> mask_type) {
  check_input(src, embed_dim, num_heads, "src");
  check_weights(embed_dim, qkv_weight, qkv_bias, proj_weight, proj_bias);
  check_same_dtype(src, qkv_weight);
  check(ffn_weight_1.dim() == 2 && ffn_weight_2.dim() == 2 && ffn_weight_1.size(1) == embed_dim && ffn_weight_2.size(0) == embed_dim &&
            ffn_weight_1.size(0) == ffn_weight_2.size(1) && ffn_bias_1.numel() == ffn_weight_1.size(0) && ffn_bias_2.numel() == embed_dim,
        "the feed-forward weights ", ffn_weight_1, " and ", ffn_weight_2, " do not fit embed_dim ", embed_dim);
  auto packed = prepare(ctx, [&](PreparedLayer& p) {
    p.qkv = pack_linear(ctx, qkv_weight);
    p.projection = pack_linear(ctx, proj_weight);
    p.expand = pack_linear(ctx, ffn_weight_1);
    p.contract = pack_linear(ctx, ffn_weight_2);
  });
  Dims normalized{embed_dim};
  auto norm_1 = [&](const Tensor& x) { return layer_norm(ctx, x, normalized, &norm_weight_1, &norm_bias_1, eps); };
  auto norm_2 = [&](const Tensor& x) { return layer_norm(ctx, x, normalized, &norm_weight_2, &norm_bias_2, eps); };
  int64_t width = embed_dim / num_heads;
  Tensor fused = apply_linear(ctx, norm_first ? norm_1(src) : src, packed->qkv, &qkv_bias);
  Tensor seen = mask ? visible(ctx, *mask, mask_type) : Tensor();
  Tensor attended = attention(ctx, split_heads(fused, 0, num_heads, width), split_heads(fused, 1, num_heads, width),
                              split_heads(fused, 2, num_heads, width), mask ? &seen : nullptr, {}, true);
  Tensor x = apply_linear(ctx, merge_heads(ctx, attended), packed->projection, &proj_bias, {}, &src);
  if (!norm_first) x = norm_1(x);
  kernels::Activation activation{use_gelu ? kernels::ActivationKind::gelu : kernels::ActivationKind::relu};
  Tensor hidden = apply_linear(ctx, norm_first ? norm_2(x) : x, packed->expand, &ffn_bias_1, activation);
  Tensor y = apply_linear(ctx, hidden, packed->contract, &ffn_bias_2, {}, &x);
  return norm_first ? y : norm_2(y);
}

constexpr Op rows[] = {
    op<"aten::_native_multi_head_attention(Tensor query, Tensor key, Tensor value, int embed_dim, int num_head, Tensor qkv_weight, Tensor "
       "qkv_bias, "
       "Tensor proj_weight, Tensor proj_bias, Tensor? mask=None, bool need_weights=True, bool average_attn_weights=True, int? "
       "mask_type=None) -> "
       "(Tensor, Tensor)",
       multi_head_attention>(),
    op<"aten::_transformer_encoder_layer_fwd(Tensor src, int embed_dim, int num_heads, Tensor qkv_weight, Tensor qkv_bias, Tensor "
       "proj_weight, "
       "Tensor proj_bias, bool use_gelu, bool norm_first, float eps, Tensor norm_weight_1, Tensor norm_bias_1, Tensor norm_weight_2, "
       "Tensor norm_bias_2, "
       "Tensor ffn_weight_1, Tensor ffn_bias_1, Tensor ffn_weight_2, Tensor ffn_bias_2, Tensor? mask=None, int? mask_type=None) -> Tensor",
       encoder_layer>(),
};

}  // namespace

const std::span<const Op> attention_layer_ops = rows;

}  // namespace tsrun
