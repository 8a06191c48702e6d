#include "ops/kernels/copy.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "ops/kernels/parallel.h"
#include "ops/kernels/transpose.h"

namespace tsrun::kernels {
namespace {

constexpr int64_t kGrainBytes = 1 << 17;  // worth a thread

/// One dimension of a copy; strides in bytes.
struct Dim {
  int64_t size, x, y;
};

struct Plan {
  Dim dims[kCopyDims];
  int count = 0;
};

/// Without dimensions of size 1, outermost in y first, and with neighbours joined that are one run in both arrays.
Plan simplify(const int64_t* x_strides, const int64_t* y_strides, const int64_t* sizes, int dims, int element_size) {
  Plan plan;
  for (int i = 0; i < dims; i++) {
    if (sizes[i] == 1) continue;
    const Dim dim{sizes[i], x_strides[i] * element_size, y_strides[i] * element_size};
    int at = plan.count++;
    for (; at > 0 && std::abs(plan.dims[at - 1].y) < std::abs(dim.y); at--) plan.dims[at] = plan.dims[at - 1];
    plan.dims[at] = dim;
  }
  int last = 0;
  for (int i = 1; i < plan.count; i++) {
    Dim &outer = plan.dims[last], &inner = plan.dims[i];
    if (outer.x == inner.x * inner.size && outer.y == inner.y * inner.size) outer = {outer.size * inner.size, inner.x, inner.y};
    else plan.dims[++last] = inner;
  }
  if (plan.count > 0) plan.count = last + 1;
  return plan;
}

/// Walks the index space of some dimensions, last fastest, and knows both byte offsets.
class Walk {
 public:
  Walk(const Dim* dims, int count, int64_t position) : dims_(dims), count_(count) {
    for (int i = count - 1; i >= 0; i--) {
      index_[i] = position % dims[i].size;
      position /= dims[i].size;
      x += index_[i] * dims[i].x, y += index_[i] * dims[i].y;
    }
  }
  void next() {
    for (int i = count_ - 1; i >= 0; i--) {
      x += dims_[i].x, y += dims_[i].y;
      if (++index_[i] < dims_[i].size) return;
      x -= index_[i] * dims_[i].x, y -= index_[i] * dims_[i].y;
      index_[i] = 0;
    }
  }
  int64_t x = 0, y = 0;

 private:
  const Dim* dims_;
  int count_;
  int64_t index_[kCopyDims];
};

int64_t product(const Dim* dims, int count) {
  int64_t n = 1;
  for (int i = 0; i < count; i++) n *= dims[i].size;
  return n;
}

template <int kSize>
void copy_line(const char* x, char* y, const Dim& dim) {
  if (dim.x == kSize && dim.y == kSize && dim.size * kSize >= 64) {
    std::memcpy(y, x, static_cast<size_t>(dim.size) * kSize);
    return;
  }
  for (int64_t i = 0; i < dim.size; i++) std::memcpy(y + i * dim.y, x + i * dim.x, kSize);
}

template <int kSize>
void copy_lines(const char* x, char* y, Plan& plan, int threads) {
  Dim line = plan.count > 0 ? plan.dims[plan.count - 1] : Dim{1, kSize, kSize};
  const int outer_dims = std::max(plan.count - 1, 0);
  const int64_t lines = product(plan.dims, outer_dims), grain = kGrainBytes / std::max<int64_t>(line.size * kSize, 1);
  if (lines == 1) {  // one long line: split itself
    parallel_for(threads, line.size, kGrainBytes / kSize, [&](int64_t begin, int64_t end) {
      copy_line<kSize>(x + begin * line.x, y + begin * line.y, {end - begin, line.x, line.y});
    });
    return;
  }
  parallel_for(threads, lines, grain, [&](int64_t begin, int64_t end) {
    Walk walk(plan.dims, outer_dims, begin);
    for (int64_t i = begin; i < end; i++, walk.next()) copy_line<kSize>(x + walk.x, y + walk.y, line);
  });
}

/// Copies a plane of columns (dense in x) and rows, by tiles that keep the cache lines of both sides in use.
template <int kSize>
void copy_plane(const char* x, char* y, const Dim& rows, const Dim& columns) {
  if (kSize == 4 && rows.y == kSize && rows.x % kSize == 0 && columns.y % kSize == 0) {
    transpose2d(reinterpret_cast<const float*>(x), rows.size, columns.size, rows.x / kSize, reinterpret_cast<float*>(y), columns.y / kSize);
    return;
  }
  constexpr int64_t kTile = 8;  // rows a power of two apart share a set of the cache, which holds 8 lines
  for (int64_t c = 0; c < columns.size; c += kTile) {
    const int64_t c_end = std::min(columns.size, c + kTile);
    for (int64_t r = 0; r < rows.size; r += kTile) {
      const int64_t r_end = std::min(rows.size, r + kTile);
      for (int64_t j = c; j < c_end; j++) {
        for (int64_t i = r; i < r_end; i++) std::memcpy(y + j * columns.y + i * rows.y, x + j * columns.x + i * rows.x, kSize);
      }
    }
  }
}

/// Moves dimension d of the plan to the end, next to the rows of the plane.
template <int kSize>
void copy_planes(const char* x, char* y, Plan& plan, int d, int threads) {
  const Dim rows = plan.dims[plan.count - 1], columns = plan.dims[d];
  for (int i = d; i + 1 < plan.count; i++) plan.dims[i] = plan.dims[i + 1];
  constexpr int64_t kColumns = 64;
  const int outer_dims = plan.count - 2;
  const int64_t blocks = (columns.size + kColumns - 1) / kColumns, planes = product(plan.dims, outer_dims);
  const int64_t block_bytes = std::min(kColumns, columns.size) * rows.size * kSize;
  parallel_for(threads, planes * blocks, kGrainBytes / block_bytes, [&](int64_t begin, int64_t end) {
    Walk walk(plan.dims, outer_dims, begin / blocks);
    for (int64_t i = begin; i < end; i++) {
      const int64_t first = i % blocks * kColumns;
      const Dim block{std::min(kColumns, columns.size - first), columns.x, columns.y};
      copy_plane<kSize>(x + walk.x + first * columns.x, y + walk.y + first * columns.y, rows, block);
      if ((i + 1) % blocks == 0) walk.next();
    }
  });
}

template <int kSize>
void copy_any(const char* x, char* y, Plan& plan, int threads) {
  constexpr int64_t kWorthTiles = 4;
  if (plan.count >= 2 && plan.dims[plan.count - 1].x != kSize && plan.dims[plan.count - 1].size >= kWorthTiles) {
    for (int d = plan.count - 2; d >= 0; d--) {
      if (plan.dims[d].x == kSize && plan.dims[d].size >= kWorthTiles) return copy_planes<kSize>(x, y, plan, d, threads);
    }
  }
  copy_lines<kSize>(x, y, plan, threads);
}

}  // namespace

void copy_strided(const void* x, const int64_t* x_strides, void* y, const int64_t* y_strides, const int64_t* sizes, int dims,
                  int element_size, int threads) {
  for (int i = 0; i < dims; i++) {
    if (sizes[i] <= 0) return;
  }
  Plan plan = simplify(x_strides, y_strides, sizes, dims, element_size);
  const char* from = static_cast<const char*>(x);
  char* to = static_cast<char*>(y);
  switch (element_size) {
    case 1: return copy_any<1>(from, to, plan, threads);
    case 2: return copy_any<2>(from, to, plan, threads);
    case 4: return copy_any<4>(from, to, plan, threads);
    case 8: return copy_any<8>(from, to, plan, threads);
    default: return copy_any<16>(from, to, plan, threads);
  }
}

void copy_to_contiguous(const void* x, const int64_t* x_strides, void* y, const int64_t* sizes, int dims, int element_size, int threads) {
  int64_t y_strides[kCopyDims];
  int64_t stride = 1;
  for (int i = dims - 1; i >= 0; i--) {
    y_strides[i] = stride;
    stride *= sizes[i];
  }
  copy_strided(x, x_strides, y, y_strides, sizes, dims, element_size, threads);
}

}  // namespace tsrun::kernels
