// The loop under every reduction: which elements belong to which result, in an order that reads memory forwards.
#pragma once
#include <algorithm>
#include <memory>
#include <optional>

#include "ops/context.h"
#include "ops/kernels/parallel.h"
#include "ops/kernels/reduce.h"

namespace tsrun {

/// A reduction of a strided tensor. Results are counted row-major over the kept dimensions. Neighbouring dimensions that lie in memory as
/// one are merged; dimensions of size 1 are gone.
struct ReducePlan {
  Dims kept, kept_strides;         ///< in the order of the results, outermost first
  Dims reduced, reduced_strides;   ///< largest stride first: their order does not matter to a result
  int64_t results = 1, count = 1;  ///< number of results, and of elements in each
};
ReducePlan plan_reduction(const Tensor& x, uint64_t mask);

/// A plan that reads contiguous [outer, n, inner] and reduces the middle, as the vector kernels want it.
struct DenseReduction {
  int64_t outer, n, inner;
};
/// None for other plans, and where there are no elements.
std::optional<DenseReduction> dense_reduction(const ReducePlan& plan);

/// Reduces float and double by a vector kernel into contiguous y; false, with nothing done, when the plan is not dense.
template <class T>
bool reduce_dense(Context& ctx, kernels::Reduce op, const ReducePlan& plan, const T* x, T* y) {
  auto dense = dense_reduction(plan);
  if (dense) kernels::reduce(op, x, y, dense->outer, dense->n, dense->inner, ctx.threads);
  return dense.has_value();
}

namespace detail {

/// Walks all positions of some dimensions, row-major, and knows the element offset of the present one.
class Odometer {
 public:
  Odometer(IntSpan sizes, IntSpan strides, int64_t start = 0) : sizes_(sizes), strides_(strides), index_(sizes.size()) {
    for (size_t d = sizes.size(); d-- > 0 && start > 0;) {
      index_[d] = start % sizes[d];
      start /= sizes[d];
      offset_ += index_[d] * strides[d];
    }
  }
  int64_t offset() const { return offset_; }
  void next() {
    for (size_t d = sizes_.size(); d-- > 0;) {
      offset_ += strides_[d];
      if (++index_[d] < sizes_[d]) return;
      offset_ -= index_[d] * strides_[d];
      index_[d] = 0;
    }
  }

 private:
  IntSpan sizes_, strides_;
  Dims index_;
  int64_t offset_ = 0;
};

constexpr int64_t reduce_lanes = 16, reduce_block = 512, reduce_tile = 64, reduce_grain = 1 << 15;

template <bool Contiguous, class R>
void reduce_row(const R& r, const typename R::Input* x, int64_t n, int64_t stride, int64_t result, typename R::Total& total) {
  auto at = [&](int64_t i) { return Contiguous ? x[i] : x[i * stride]; };
  typename R::Part part[reduce_lanes];
  while (n > 0) {
    int64_t m = std::min(n, reduce_block), i = 0, used = std::min(m, reduce_lanes);
    for (auto& p : part) p = r.start();
    for (; i + reduce_lanes <= m; i += reduce_lanes)
      for (int64_t j = 0; j < reduce_lanes; ++j) part[j] = r.step(part[j], at(i + j), result);
    for (int64_t j = 0; i < m; ++i, ++j) part[j] = r.step(part[j], at(i), result);
    for (int64_t j = 0; j < used; ++j) r.add(total, part[j]);
    n -= m;
    x += m * (Contiguous ? 1 : stride);
  }
}

/// Results [begin, end), each the sum of rows along the innermost reduced dimension.
template <class R>
void reduce_by_row(const R& r, const ReducePlan& plan, const typename R::Input* x, typename R::Total* totals, int64_t begin, int64_t end) {
  size_t outer = plan.reduced.empty() ? 0 : plan.reduced.size() - 1;
  int64_t row = plan.reduced.empty() ? 1 : plan.reduced.back(), stride = plan.reduced.empty() ? 1 : plan.reduced_strides.back();
  int64_t rows = row ? plan.count / row : 0;
  Odometer kept(plan.kept, plan.kept_strides, begin);
  for (int64_t i = begin; i < end; ++i, kept.next()) {
    Odometer position(IntSpan(plan.reduced).first(outer), IntSpan(plan.reduced_strides).first(outer));
    for (int64_t j = 0; j < rows; ++j, position.next()) {
      const auto* start = x + kept.offset() + position.offset();
      if (stride == 1) reduce_row<true>(r, start, row, 1, i, totals[i]);
      else reduce_row<false>(r, start, row, stride, i, totals[i]);
    }
  }
}

/// Tiles [begin, end) of neighbouring results, which are accumulated side by side.
template <class R>
void reduce_by_tile(const R& r, const ReducePlan& plan, const typename R::Input* x, typename R::Total* totals, int64_t begin, int64_t end) {
  size_t outer = plan.kept.size() - 1;
  int64_t width = plan.kept.back(), stride = plan.kept_strides.back(), tiles = (width + reduce_tile - 1) / reduce_tile;
  typename R::Part part[reduce_tile];
  Odometer kept(IntSpan(plan.kept).first(outer), IntSpan(plan.kept_strides).first(outer), begin / tiles);
  for (int64_t t = begin; t < end; ++t) {
    int64_t first = t % tiles * reduce_tile, n = std::min(reduce_tile, width - first), result = t / tiles * width + first;
    const auto* base = x + kept.offset() + first * stride;
    Odometer position(plan.reduced, plan.reduced_strides);
    for (int64_t done = 0; done < plan.count;) {
      for (auto& p : part) p = r.start();
      for (int64_t stop = std::min(plan.count, done + 64); done < stop; ++done, position.next()) {
        const auto* row = base + position.offset();
        if (stride == 1) {
          for (int64_t j = 0; j < n; ++j) part[j] = r.step(part[j], row[j], result + j);
        } else {
          for (int64_t j = 0; j < n; ++j) part[j] = r.step(part[j], row[j * stride], result + j);
        }
      }
      for (int64_t j = 0; j < n; ++j) r.add(totals[result + j], part[j]);
    }
    if (t % tiles == tiles - 1) kept.next();
  }
}

template <class R>
void reduce_all(const R& r, const ReducePlan& plan, const typename R::Input* x, typename R::Total* totals, int threads) {
  std::fill_n(totals, plan.results, r.zero());
  if (plan.count == 0 || plan.results == 0) return;
  bool tiled = !plan.kept.empty() && plan.kept.back() >= 4 &&
               (plan.reduced.empty() || std::abs(plan.kept_strides.back()) < std::abs(plan.reduced_strides.back()));
  if (tiled) {
    int64_t width = plan.kept.back(), tiles = plan.results / width * ((width + reduce_tile - 1) / reduce_tile);
    int64_t grain = reduce_grain / (std::min(width, reduce_tile) * plan.count) + 1;
    kernels::parallel_for(threads, tiles, grain, [&](int64_t b, int64_t e) { reduce_by_tile(r, plan, x, totals, b, e); });
  } else {
    kernels::parallel_for(threads, plan.results, reduce_grain / plan.count + 1,
                          [&](int64_t b, int64_t e) { reduce_by_row(r, plan, x, totals, b, e); });
  }
}

}  // namespace detail

/// totals[i] becomes the reduction of the elements of result i. A reducer R, cheap to copy, has
///   Input            the element type read
///   Part             sums a few hundred elements:   Part start(), Part step(Part, Input, int64_t result)
///   Total            sums the parts:                Total zero(), void add(Total&, Part), void merge(Total&, const Total&)
/// step() must not throw. The grouping of elements does not depend on the number of threads.
template <class R>
void reduce(Context& ctx, const R& r, const ReducePlan& plan, const typename R::Input* x, typename R::Total* totals) {
  constexpr int64_t pieces = 16;
  bool split = plan.results < pieces && plan.count >= 4 * detail::reduce_grain && plan.results > 0;
  size_t longest = split ? static_cast<size_t>(std::max_element(plan.reduced.begin(), plan.reduced.end()) - plan.reduced.begin()) : 0;
  if (!split || plan.reduced[longest] < pieces) return detail::reduce_all(r, plan, x, totals, ctx.threads);
  auto partial = std::make_unique<typename R::Total[]>(static_cast<size_t>(pieces * plan.results));
  kernels::parallel_for(ctx.threads, pieces, 1, [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; ++p) {
      ReducePlan piece = plan;
      int64_t n = plan.reduced[longest], first = n * p / pieces, last = n * (p + 1) / pieces;
      piece.reduced[longest] = last - first;
      piece.count = plan.count / n * (last - first);
      detail::reduce_all(r, piece, x + first * plan.reduced_strides[longest], partial.get() + p * plan.results, 1);
    }
  });
  for (int64_t i = 0; i < plan.results; ++i) {
    totals[i] = partial[static_cast<size_t>(i)];
    for (int64_t p = 1; p < pieces; ++p) r.merge(totals[i], partial[static_cast<size_t>(p * plan.results + i)]);
  }
}

}  // namespace tsrun
