#include "ops/shape.h"

namespace tsrun {

Dims broadcast_sizes(IntSpan a, IntSpan b) {
  size_t rank = std::max(a.size(), b.size());
  Dims out(rank);
  for (size_t i = 1; i <= rank; ++i) {
    int64_t x = i <= a.size() ? a[a.size() - i] : 1, y = i <= b.size() ? b[b.size() - i] : 1;
    check(x == y || x == 1 || y == 1, "The size of tensor a (", x, ") must match the size of tensor b (", y,
          ") at non-singleton dimension ", rank - i);
    out[rank - i] = x == 1 ? y : x;
  }
  return out;
}

Dims broadcast_strides(IntSpan sizes, IntSpan strides, IntSpan to) {
  for (size_t i = 1; i <= std::min(sizes.size(), to.size()); ++i) {
    int64_t a = to[to.size() - i], b = sizes[sizes.size() - i];
    check(a == b || a == 1 || b == 1, "The size of tensor a (", a, ") must match the size of tensor b (", b,
          ") at non-singleton dimension ", std::max(sizes.size(), to.size()) - i);
  }
  bool fits = sizes.size() <= to.size();
  for (size_t d = 0; fits && d < sizes.size(); ++d) fits = sizes[d] == 1 || sizes[d] == to[to.size() - sizes.size() + d];
  check(fits, "output with shape ", to, " doesn't match the broadcast shape ", fits ? Dims(to) : broadcast_sizes(to, sizes));
  Dims out(to.size());
  size_t lead = to.size() - sizes.size();
  for (size_t d = 0; d < sizes.size(); ++d) { out[lead + d] = sizes[d] == 1 && to[lead + d] != 1 ? 0 : strides[d]; }
  return out;
}

Dims infer_size(IntSpan sizes, int64_t numel) {
  Dims out(sizes);
  int64_t known = 1, unknown = -1;
  bool overflow = false;
  for (size_t d = 0; d < sizes.size(); ++d) {
    if (sizes[d] == -1) {
      check(unknown < 0, "only one dimension can be inferred");
      unknown = static_cast<int64_t>(d);
    } else {
      check(sizes[d] >= 0, "invalid shape dimension ", sizes[d]);
      overflow = __builtin_mul_overflow(known, sizes[d], &known) || overflow;
    }
  }
  bool fits = !overflow && (unknown < 0 ? known == numel : known == 0 ? numel == 0 : numel % known == 0);
  if (!fits) {
    std::string text = sizes_text(sizes);
    fail("shape '", text, "' is invalid for input of size ", numel);
  }
  if (unknown >= 0) {
    check(known != 0, "cannot reshape tensor of 0 elements into shape ", sizes,
          " because the unspecified dimension size -1 can be any value and is ambiguous");
    out[static_cast<size_t>(unknown)] = numel / known;
  }
  return out;
}

int64_t window_count(int64_t input, int64_t kernel, int64_t pad_low, int64_t pad_high, int64_t stride, int64_t dilation, bool ceil_mode) {
  check(stride > 0, "stride should be greater than zero, but got ", stride);
  check(dilation > 0, "dilation should be greater than zero, but got ", dilation);
  check(kernel > 0, "kernel size should be greater than zero, but got ", kernel);
  int64_t reach, padded, room;
  bool overflow = __builtin_mul_overflow(dilation, kernel - 1, &reach) || __builtin_add_overflow(pad_low, pad_high, &padded) ||
                  __builtin_add_overflow(input, padded, &padded) || __builtin_sub_overflow(padded, reach, &room) ||
                  __builtin_add_overflow(room, stride, &padded);
  check(!overflow, "kernel size ", kernel, ", padding ", pad_low, ", stride ", stride, " or dilation ", dilation, " is too large");
  room += (ceil_mode ? stride - 1 : 0) - 1;
  int64_t count = room / stride - (room % stride < 0 ? 1 : 0) + 1;
  if (ceil_mode && (count - 1) * stride >= input + pad_low) --count;  // the last window would start behind the input and its left padding
  return count;
}

Dims expand_to(IntSpan values, size_t n, const char* what) {
  check(values.size() == 1 || values.size() == n, what, " must be one integer or ", n, " integers, but got ", values);
  return values.size() == n ? Dims(values) : Dims(n, values[0]);
}

uint64_t dim_mask(IntSpan dims, int64_t rank, bool empty_means_all) {
  check(rank <= 64, "only tensors with up to 64 dims are supported");
  if (dims.empty() && empty_means_all) return rank == 64 ? ~uint64_t{0} : (uint64_t{1} << rank) - 1;
  uint64_t mask = 0;
  for (int64_t dim : dims) {
    uint64_t bit = uint64_t{1} << wrap_dim(dim, rank);
    check(!(mask & bit), "dim ", wrap_dim(dim, rank), " appears multiple times in the list of dims");
    mask |= bit;
  }
  return mask;
}

Dims reduced_sizes(IntSpan sizes, uint64_t mask, bool keepdim) {
  Dims out;
  for (size_t d = 0; d < sizes.size(); ++d) {
    if (!(mask >> d & 1)) out.push_back(sizes[d]);
    else if (keepdim) out.push_back(1);
  }
  return out;
}

}  // namespace tsrun
