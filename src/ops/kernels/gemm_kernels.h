// The micro-kernels under every matrix product and convolution: a tile of C held in registers while K passes by.
#pragma once
#include <cstdint>

#include "ops/kernels/gemm.h"

namespace tsrun::kernels {

/// One tile: C[mr, n] = activation(sum over taps and k of rows[tap][i][k] * b[tap * k][j] + add + bias).
/// A linear layer has one tap; a convolution has one per kernel position, each with its own pointer per output pixel.
template <class T>
struct GemmTile {
  int64_t taps, k;
  const T* const* rows;  ///< [taps][mr], each at the first of k contiguous elements
  const T* b;            ///< taps * k rows of nv vectors, ldb elements apart; read in whole vectors
  int64_t ldb;
  const T* add;  ///< [mr, n] added to the sum (the residual, or C itself for a later block of K), or null; may be C
  int64_t ld_add;
  const T* bias;  ///< [n] or null
  T* c;
  int64_t ldc;
  int64_t n;                     ///< columns to store, at most nv * lanes
  const Activation* activation;  ///< null: none (every block of K but the last)
  const char* next;              ///< memory wanted soon: next_step bytes (a multiple of 64) are prefetched per k
  int64_t next_step;
};

template <class T>
struct GemmKernels {
  using Run = void (*)(const GemmTile<T>&);
  int lanes;          ///< elements of a vector
  int panel;          ///< columns of a full panel: the tile width in elements, a multiple of lanes
  int mr_max;         ///< rows of the tallest tile
  const Run* full;    ///< [mr - 1]: tiles as wide as a panel
  const Run* narrow;  ///< [mr - 1]: tiles one vector wide, for the last columns
  /// For products of at most kGemvRows rows: several sums per element, so that one row still fills the multipliers.
  const Run* gemv_full;
  const Run* gemv_narrow;
  static constexpr int kGemvRows = 2;
};

/// The table of current_isa().
template <class T>
const GemmKernels<T>& gemm_kernels();

}  // namespace tsrun::kernels
