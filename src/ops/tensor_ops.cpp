#include "ops/tensor_ops.h"

#include <optional>

#include "ops/number.h"
#include "ops/view.h"

namespace tsrun {
namespace {

/// A view whose elements are all elements of `base`: nothing to check. Products with strides may wrap around: where there are no elements,
/// or one along a dimension, strides are any numbers.
Tensor inner_view(const Tensor& base, Dims sizes, Dims strides, int64_t offset) {
  auto impl = make_ref<TensorImpl>();
  impl->storage = base.storage();
  impl->dtype = base.dtype();
  impl->device = base.device();
  impl->extra = base.impl()->extra;
  impl->numel = 1;
  for (int64_t s : sizes) impl->numel = wrap_mul(impl->numel, s);
  bool inside = impl->numel > 0 || (offset >= 0 && offset <= static_cast<int64_t>(base.storage()->bytes() / item_size(base.dtype())));
  impl->offset = inside ? offset : base.offset();  // an empty view may start anywhere, but resize_ builds on the offset
  impl->sizes = std::move(sizes);
  impl->strides = std::move(strides);
  return Tensor(std::move(impl));
}

/// First byte and the byte behind the last that the elements of x occupy.
std::pair<const std::byte*, const std::byte*> byte_range(const Tensor& x) {
  auto* first = static_cast<const std::byte*>(x.data());
  if (x.numel() == 0) return {first, first};
  int64_t last = 0;
  for (size_t d = 0; d < x.sizes().size(); ++d) last += (x.sizes()[d] - 1) * x.strides()[d];
  return {first, first + (last + 1) * static_cast<int64_t>(item_size(x.dtype()))};
}

}  // namespace

void check_bounds(const Storage& storage, DType dtype, IntSpan sizes, IntSpan strides, int64_t offset) {
  check(sizes.size() == strides.size(), "mismatch in length of strides and shape");
  check(offset >= 0, "Tensor: invalid storage offset ", offset);
  int64_t last = offset;
  bool overflow = false, empty = false;
  for (size_t d = 0; d < sizes.size(); ++d) {
    int64_t reach = 0;
    check(strides[d] >= 0, "as_strided: Negative strides are not supported at the moment, got strides: ", strides);
    overflow = overflow || __builtin_mul_overflow(sizes[d] - 1, strides[d], &reach) || __builtin_add_overflow(last, reach, &last);
    empty = empty || sizes[d] == 0;
  }
  int64_t bytes = static_cast<int64_t>(item_size(dtype));
  if (empty) overflow = __builtin_mul_overflow(offset, bytes, &last);
  if (empty && !overflow) return;
  check(!overflow && last < INT64_MAX / bytes, "setStorage: sizes ", sizes, ", strides ", strides, ", storage offset ", offset,
        ": Storage size calculation overflowed");
  check(last < static_cast<int64_t>(storage.bytes()) / bytes, "setStorage: sizes ", sizes, ", strides ", strides, ", storage offset ",
        offset, ", and itemsize ", bytes, " requiring a storage size of ", (last + 1) * bytes, " are out of bounds for storage of size ",
        storage.bytes());
}

Tensor make_view(const Tensor& base, IntSpan sizes, IntSpan strides, int64_t offset) {
  checked_numel(sizes, item_size(base.dtype()));
  check_bounds(*base.storage(), base.dtype(), sizes, strides, offset);
  return inner_view(base, sizes, strides, offset);
}

Tensor select(const Tensor& x, int64_t dim, int64_t index) {
  check(x.dim() > 0, "select() cannot be applied to a 0-dim tensor.");
  size_t d = static_cast<size_t>(wrap_dim(dim, x.dim()));
  int64_t size = x.sizes()[d];
  check(index >= -size && index < size, "select(): index ", index, " out of range for tensor of size ", x.sizes(), " at dimension ", d);
  Dims sizes(x.sizes()), strides(x.strides());
  int64_t offset = wrap_add(x.offset(), wrap_mul(index < 0 ? index + size : index, strides[d]));
  sizes.erase(d);
  strides.erase(d);
  return inner_view(x, std::move(sizes), std::move(strides), offset);
}

Tensor narrow(const Tensor& x, int64_t dim, int64_t start, int64_t length) {
  check(x.dim() > 0, "narrow() cannot be applied to a 0-dim tensor.");
  check(length >= 0, "narrow(): length must be non-negative.");
  size_t d = static_cast<size_t>(wrap_dim(dim, x.dim()));
  int64_t size = x.sizes()[d];
  check(start >= -size && start <= size, "start out of range (expected to be in range of [", -size, ", ", size, "], but got ", start, ")");
  if (start < 0) start += size;
  check(length <= size - start, "start (", start, ") + length (", length, ") exceeds dimension size (", size, ").");
  Dims sizes(x.sizes());
  sizes[d] = length;
  return inner_view(x, std::move(sizes), x.strides(), wrap_add(x.offset(), wrap_mul(start, x.strides()[d])));
}

Tensor slice(const Tensor& x, int64_t dim, int64_t start, int64_t end, int64_t step) {
  check(x.dim() > 0, "slice() cannot be applied to a 0-dim tensor.");
  check(step > 0, "slice step must be positive");
  size_t d = static_cast<size_t>(wrap_dim(dim, x.dim()));
  int64_t size = x.sizes()[d];
  auto clamped = [size](int64_t i) { return i < 0 ? std::max<int64_t>(i + size, 0) : std::min(i, size); };
  start = clamped(start);
  end = std::max(clamped(end), start);
  Dims sizes(x.sizes()), strides(x.strides());
  sizes[d] = (end - start) / step + ((end - start) % step != 0);
  int64_t offset = wrap_add(x.offset(), wrap_mul(start, strides[d]));
  strides[d] = wrap_mul(strides[d], step);  // may wrap only where a single element is left
  return inner_view(x, std::move(sizes), std::move(strides), offset);
}

Tensor transpose(const Tensor& x, int64_t dim0, int64_t dim1) {
  size_t a = static_cast<size_t>(wrap_dim(dim0, x.dim())), b = static_cast<size_t>(wrap_dim(dim1, x.dim()));
  Dims sizes(x.sizes()), strides(x.strides());
  if (a != b) {
    std::swap(sizes[a], sizes[b]);
    std::swap(strides[a], strides[b]);
  }
  return inner_view(x, std::move(sizes), std::move(strides), x.offset());
}

Tensor permute(const Tensor& x, IntSpan dims) {
  check(static_cast<int64_t>(dims.size()) == x.dim(),
        "permute(sparse_coo): number of dimensions in the tensor input does not match the length of "
        "the desired ordering of dimensions i.e. input.dim() = ",
        x.dim(), " is not equal to len(dims) = ", dims.size());
  Dims sizes(dims.size()), strides(dims.size());
  uint64_t seen = 0;
  for (size_t i = 0; i < dims.size(); ++i) {
    size_t d = static_cast<size_t>(wrap_dim(dims[i], x.dim()));
    check(!(seen >> d & 1), "permute(): duplicate dims are not allowed.");
    seen |= uint64_t{1} << d;
    sizes[i] = x.sizes()[d];
    strides[i] = x.strides()[d];
  }
  return inner_view(x, std::move(sizes), std::move(strides), x.offset());
}

Tensor unsqueeze(const Tensor& x, int64_t dim) {
  size_t d = static_cast<size_t>(wrap_dim(dim, x.dim() + 1));
  Dims sizes(x.sizes()), strides(x.strides());
  int64_t stride = d < sizes.size() ? wrap_mul(sizes[d], strides[d]) : 1;
  check(sizes.size() < 64, "a tensor cannot have more than 64 dimensions");
  sizes.insert(d, 1);
  strides.insert(d, stride);
  return inner_view(x, std::move(sizes), std::move(strides), x.offset());
}

Tensor squeeze(const Tensor& x, int64_t dim) {
  size_t d = static_cast<size_t>(wrap_dim(dim, x.dim()));
  Dims sizes(x.sizes()), strides(x.strides());
  if (d < sizes.size() && sizes[d] == 1) {
    sizes.erase(d);
    strides.erase(d);
  }
  return inner_view(x, std::move(sizes), std::move(strides), x.offset());
}

Tensor expand(const Tensor& x, IntSpan to) {
  size_t rank = x.sizes().size();
  check(to.size() >= rank, "expand(", x, ", size=", to, "): the number of sizes provided (", to.size(),
        ") must be greater or equal to the number of dimensions in the tensor (", rank, ")");
  Dims sizes(to), strides(to.size());
  for (size_t i = to.size(); i-- > 0;) {
    bool fresh = i + rank < to.size();
    size_t d = i + rank - to.size();
    int64_t size = fresh ? 1 : x.sizes()[d];
    strides[i] = !fresh ? x.strides()[d] : rank == 0 ? 0 : wrap_mul(sizes[i + 1], strides[i + 1]);
    if (to[i] == -1) {
      check(!fresh, "The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension ", i);
      sizes[i] = size;
    } else if (to[i] != size) {
      check(size == 1, "The expanded size of the tensor (", to[i], ") must match the existing size (", size,
            ") at non-singleton dimension ", i, ".  Target sizes: ", to, ".  Tensor sizes: ", x.sizes());
      strides[i] = 0;
    }
  }
  checked_numel(sizes, item_size(x.dtype()));
  return inner_view(x, std::move(sizes), std::move(strides), x.offset());
}

std::optional<Dims> view_strides(IntSpan sizes, IntSpan strides, IntSpan to) {
  if (checked_numel(sizes) == 0) return std::ranges::equal(sizes, to) ? Dims(strides) : contiguous_strides(to);
  if (sizes.empty()) return Dims(to.size(), 1);
  Dims out(to.size());
  size_t next = to.size();  // dimensions of `to` from here on have their strides
  int64_t step = strides[sizes.size() - 1], old_run = 1, new_run = 1;
  for (size_t d = sizes.size(); d-- > 0;) {
    old_run *= sizes[d];
    if (d > 0 && (sizes[d - 1] == 1 || strides[d - 1] == old_run * step)) continue;  // the next dimension continues this one
    while (next > 0 && (new_run < old_run || to[next - 1] == 1)) {
      --next;
      out[next] = new_run * step;
      new_run *= to[next];
    }
    if (new_run != old_run) return std::nullopt;
    if (d > 0) {
      step = strides[d - 1];
      old_run = new_run = 1;
    }
  }
  if (next != 0) return std::nullopt;
  return out;
}

Tensor view(const Tensor& x, IntSpan sizes) {
  Dims to = infer_size(sizes, x.numel());
  std::optional<Dims> strides = view_strides(x.sizes(), x.strides(), to);
  check(strides.has_value(),
        "view size is not compatible with input tensor's size and stride (at least one dimension spans across two contiguous "
        "subspaces). Use .reshape(...) instead.");
  return inner_view(x, std::move(to), std::move(*strides), x.offset());
}

Tensor reshape(Context& ctx, const Tensor& x, IntSpan sizes) {
  Dims to = infer_size(sizes, x.numel());
  check(to.size() <= 64, "a tensor cannot have more than 64 dimensions");
  if (std::optional<Dims> strides = view_strides(x.sizes(), x.strides(), to))
    return inner_view(x, std::move(to), std::move(*strides), x.offset());
  Tensor copy = clone(ctx, x, MemoryFormat::contiguous);
  Dims strides = contiguous_strides(to);
  return inner_view(copy, std::move(to), std::move(strides), 0);
}

Tensor diagonal(const Tensor& x, int64_t offset, int64_t dim1, int64_t dim2) {
  size_t a = static_cast<size_t>(wrap_dim(dim1, x.dim())), b = static_cast<size_t>(wrap_dim(dim2, x.dim()));
  check(a != b, "diagonal dimensions cannot be identical ", dim1, ", ", dim2);
  int64_t rows = x.sizes()[a], columns = x.sizes()[b], length, start = x.offset();
  // Offsets beyond the matrix give an empty diagonal.
  if (offset >= 0) length = std::max<int64_t>(std::min(rows, columns - std::min(offset, columns)), 0);
  else length = std::max<int64_t>(std::min(rows + std::max(offset, -rows), columns), 0);
  if (length > 0) start += offset >= 0 ? offset * x.strides()[b] : -offset * x.strides()[a];
  Dims sizes(x.sizes()), strides(x.strides());
  int64_t step = wrap_add(strides[a], strides[b]);
  for (size_t d : {std::max(a, b), std::min(a, b)}) {
    sizes.erase(d);
    strides.erase(d);
  }
  sizes.push_back(length);
  strides.push_back(step);
  return inner_view(x, std::move(sizes), std::move(strides), start);
}

void set_geometry(const Tensor& x, const Tensor& as) {
  TensorImpl& impl = *x.impl();
  impl.offset = as.offset();
  impl.numel = as.numel();
  impl.sizes = Dims(as.sizes());
  impl.strides = Dims(as.strides());
}

void resize(const Tensor& x, IntSpan sizes) {
  TensorImpl& impl = *x.impl();
  if (std::ranges::equal(sizes, x.sizes())) return;
  size_t item = item_size(impl.dtype);
  int64_t n = checked_numel(sizes, item), end;
  if (__builtin_add_overflow(impl.offset, n, &end)) fail("resize_: sizes ", sizes, " are too large");
  size_t bytes = static_cast<size_t>(checked_numel(IntSpan(&end, 1), item)) * item;
  if (n > 0 && bytes > impl.storage->bytes()) impl.storage->resize(bytes);
  impl.numel = n;
  impl.strides = contiguous_strides(sizes);
  impl.sizes = Dims(sizes);
}

bool may_overlap(const Tensor& a, const Tensor& b) {
  auto [a_first, a_end] = byte_range(a);
  auto [b_first, b_end] = byte_range(b);
  return a_first < b_end && b_first < a_end;
}

}  // namespace tsrun
