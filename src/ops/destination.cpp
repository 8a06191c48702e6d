#include "ops/destination.h"

#include <algorithm>

#include "ir/word_set.h"
#include "ops/check.h"
#include "ops/view.h"

namespace tsrun {
namespace {

bool same_view(const Tensor& a, const Tensor& b) {
  return a.data() == b.data() && std::ranges::equal(a.sizes(), b.sizes()) && std::ranges::equal(a.strides(), b.strides());
}

}  // namespace

bool wants_equal_dtype(std::string_view name) {
  static const WordSet names(
      "abs adaptive_max_pool2d adaptive_max_pool3d addbmm addmm addmv alias_copy amax amin aminmax argmax argmin as_strided_copy "
      "avg_pool2d avg_pool3d baddbmm bitwise_not bmm bucketize ceil complex conj_physical cummax cummin cumprod cumsum diag "
      "diagonal_copy diff expand_copy floor frac fractional_max_pool2d fractional_max_pool3d gather gelu hardshrink hash_tensor "
      "heaviside histc index_add index_copy index_reduce index_select isin isneginf isposinf lerp linear log_sigmoid log_softmax "
      "logcumsumexp masked_select matmul max_pool2d_with_indices max_pool3d_with_indices mm msort multinomial mv nan_to_num narrow_copy "
      "neg nll_loss_forward nonzero norm permute_copy polar prod reflection_pad1d reflection_pad2d reflection_pad3d renorm "
      "replication_pad1d replication_pad2d replication_pad3d round scatter scatter_add scatter_reduce searchsorted sgn sign signbit "
      "slice_scatter softmax softplus softshrink sort squeeze_copy sum t_copy take take_along_dim tensordot topk transpose_copy tril "
      "triu trunc unfold_copy unsqueeze_copy upsample_bicubic2d upsample_bilinear2d upsample_linear1d upsample_nearest1d "
      "upsample_nearest2d upsample_nearest3d upsample_trilinear3d view_copy where");
  return names.has(name);
}

bool wants_separate_memory(std::string_view name) {
  static const WordSet names("cat gather index_add index_copy index_select linalg_cross masked_select take take_along_dim");
  return names.has(name);
}

bool allows_overlap(std::string_view name) {
  static const WordSet names(
      "addmm addmv alias_copy all alpha_dropout amax amin any argmax argmin avg_pool2d avg_pool3d baddbmm bmm dropout empty "
      "feature_alpha_dropout feature_dropout full histc index_fill index_put ldexp linear log_sigmoid log_softmax masked_scatter matmul "
      "mm mv mvlgamma narrow_copy norm ones slice_scatter softmax special_ndtr squeeze_copy std t_copy transpose_copy tril triu var "
      "view_copy zeros");
  return names.has(name);
}

bool infers_dtype(std::string_view name) {
  static const WordSet names("cumprod cumsum mean nanmean nansum prod sum");
  return names.has(name);
}

void check_writable(const Tensor& x) {
  for (size_t d = 0; d < x.sizes().size(); ++d)
    check(x.sizes()[d] <= 1 || x.strides()[d] != 0 || x.numel() == 0,
          "unsupported operation: more than one element of the written-to tensor refers to a single memory location. Please clone() the "
          "tensor before performing the operation.");
}

Overlap overlap(const Tensor& a, const Tensor& b) {
  if (a.is_same(b)) return Overlap::full;
  if (!may_overlap(a, b)) return Overlap::none;
  if (same_view(a, b)) return Overlap::full;
  return is_dense(a) && is_dense(b) ? Overlap::partial : Overlap::unknown;
}

void check_no_partial_overlap(const Tensor& written, const Tensor& read) {
  check(overlap(written, read) != Overlap::partial,
        "unsupported operation: some elements of the input tensor and the written-to tensor refer to a single memory location. Please "
        "clone() the tensor before performing the operation.");
}

void check_no_overlap(const Tensor& written, const Tensor& read) {
  check(overlap(written, read) != Overlap::full,
        "unsupported operation: the input tensor is the written-to tensor. Please clone() the tensor before performing the "
        "operation.");
  check_no_partial_overlap(written, read);
}

}  // namespace tsrun
