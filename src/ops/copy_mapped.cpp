#include "ops/copy_mapped.h"

#include <cstring>

#include "ops/copy_loop.h"

namespace tsrun {
namespace {

/// A dimension of the result: where each of its indices lies in the source, in elements from the source's first.
struct Axis {
  int64_t stride;  // of the result
  std::vector<int64_t> offsets;
};

/// Runs of the innermost dimension, in elements.
struct Segment {
  int64_t from, step, length;
};

template <class T>
void copy_row(const T* x, T* y, int64_t y_step, const std::vector<Segment>& row) {
  for (const Segment& s : row) {
    const T* from = x + s.from;
    if (s.step == 1 && y_step == 1) std::memcpy(y, from, static_cast<size_t>(s.length) * sizeof(T));
    else if (s.step == -1 && y_step == 1)
      for (int64_t i = 0; i < s.length; ++i) y[i] = from[-i];
    else
      for (int64_t i = 0; i < s.length; ++i) y[i * y_step] = from[i * s.step];
    y += s.length * y_step;
  }
}

}  // namespace

IndexMap identity_map(int64_t size) { return size > 0 ? IndexMap{{0, 1, size}} : IndexMap{}; }

Tensor copy_mapped(Context& ctx, const Tensor& x, const std::vector<IndexMap>& maps, MemoryFormat format) {
  Dims sizes;
  for (size_t d = 0; d < maps.size(); ++d) {
    int64_t size = 0;
    for (const IndexRun& r : maps[d]) {
      int64_t last = r.start + r.step * (r.length - 1);
      if (r.start < 0 || last < 0 || r.start >= x.sizes()[d] || last >= x.sizes()[d])
        throw Error(ErrorKind::internal, "copy_mapped: an index lies outside");
      if (__builtin_add_overflow(size, r.length, &size)) fail("a result dimension is too large");
    }
    sizes.push_back(size);
  }
  checked_numel(sizes, item_size(x.dtype()));
  Tensor out =
      format == MemoryFormat::preserve ? ctx.empty_strided(sizes, like_strides(x), x.dtype()) : ctx.empty(sizes, x.dtype(), format);
  out.impl()->extra = x.impl()->extra;
  if (out.numel() == 0) return out;
  std::vector<size_t> order(maps.size());
  for (size_t d = 0; d < order.size(); ++d) order[d] = d;
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return out.strides()[a] > out.strides()[b]; });
  std::vector<Segment> row;
  int64_t row_step = 1, row_length = 1;
  if (order.empty()) {
    row.push_back({0, 1, 1});
  } else {
    size_t inner = order.back();
    row_step = out.strides()[inner];
    row_length = sizes[inner];
    for (const IndexRun& r : maps[inner]) row.push_back({r.start * x.strides()[inner], r.step * x.strides()[inner], r.length});
    order.pop_back();
  }
  std::vector<Axis> axes;
  for (size_t d : order) {
    Axis axis{out.strides()[d], {}};
    for (const IndexRun& r : maps[d])
      for (int64_t i = 0; i < r.length; ++i) axis.offsets.push_back((r.start + i * r.step) * x.strides()[d]);
    axes.push_back(std::move(axis));
  }
  for_item_size(item_size(x.dtype()), [&]<class T>() {
    kernels::parallel_for(ctx.threads, out.numel() / row_length, std::max<int64_t>(32768 / row_length, 1), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        int64_t left = i, from = 0, to = 0;
        for (size_t a = axes.size(); a-- > 0;) {
          int64_t n = static_cast<int64_t>(axes[a].offsets.size()), k = left % n;
          left /= n;
          from += axes[a].offsets[static_cast<size_t>(k)];
          to += k * axes[a].stride;
        }
        copy_row(x.data<T>() + from, out.data<T>() + to, row_step, row);
      }
    });
  });
  return out;
}

}  // namespace tsrun
