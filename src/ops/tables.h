// The list of operator tables, one for each family file. A row in a listed table is an operator of tsrun; nothing registers itself.
#pragma once
#include <span>

#include "ops/op.h"

namespace tsrun {

#define TSRUN_OPERATOR_TABLES(X)                                                                                                          \
  X(unary_ops)                                                                                                                            \
  X(binary_ops)                                                                                                                           \
  X(compare_ops)                                                                                                                          \
  X(ternary_ops) X(activation_ops) X(special_ops) X(complex_ops) X(view_ops) X(copy_ops) X(creation_ops) X(index_ops) X(scatter_ops)      \
      X(sort_ops) X(join_ops) X(pad_ops) X(split_ops) X(arrange_ops) X(range_ops) X(window_ops) X(triangle_ops) X(gather_ops) X(mask_ops) \
          X(index_add_ops) X(rank_ops) X(search_ops) X(unique_ops) X(reduce_ops) X(extremum_ops) X(moment_ops) X(scan_ops) X(matmul_ops)  \
              X(einsum_ops) X(distance_ops) X(conv_ops) X(pool_ops) X(max_pool_ops) X(norm_ops) X(batch_norm_ops) X(softmax_ops)          \
                  X(embedding_ops) X(unfold_ops) X(grid_ops) X(resample_ops) X(attention_ops) X(attention_layer_ops) X(recurrent_ops)     \
                      X(recurrent_cell_ops) X(loss_ops) X(vision_ops) X(deform_ops) X(number_ops) X(math_ops) X(string_ops)               \
                          X(string_test_ops) X(list_ops) X(list_order_ops) X(dict_ops) X(misc_ops) X(attribute_ops) X(random_ops)         \
                              X(random_factory_ops) X(distribution_ops) X(dropout_ops) X(linalg_ops) X(cholesky_ops) X(lu_ops) X(det_ops) \
                                  X(triangular_ops) X(qr_ops) X(ldl_ops) X(eigh_ops) X(eig_ops) X(svd_ops) X(cross_ops) X(fft_ops)

#define TSRUN_DECLARE_TABLE(name) extern const std::span<const Op> name;
TSRUN_OPERATOR_TABLES(TSRUN_DECLARE_TABLE)
#undef TSRUN_DECLARE_TABLE

}  // namespace tsrun
