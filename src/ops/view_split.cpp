// One tensor taken apart into a list of views.
#include "ops/tables.h"
#include "ops/view.h"

namespace tsrun {
namespace {

constexpr int64_t most_pieces = int64_t{1} << 24;

size_t dim_of(const Tensor& self, int64_t dim, const char* name) {
  check(self.dim() > 0, name, " expects at least a 1-dimensional tensor");
  return static_cast<size_t>(wrap_dim(dim, self.dim()));
}

void check_pieces(int64_t count) {
  if (count > most_pieces) throw Error(ErrorKind::limit, "a split into " + std::to_string(count) + " tensors is too large");
}

std::vector<Tensor> unbind(Context&, const Tensor& self, int64_t dim) {
  check(self.dim() > 0, "Dimension specified as ", dim, " but tensor has no dimensions");
  size_t d = dim_of(self, dim, "unbind");
  check_pieces(self.sizes()[d]);
  std::vector<Tensor> out;
  out.reserve(static_cast<size_t>(self.sizes()[d]));
  for (int64_t i = 0; i < self.sizes()[d]; ++i) out.push_back(select(self, dim, i));
  return out;
}

std::vector<Tensor> split_equal(const Tensor& self, int64_t split_size, size_t d) {
  int64_t size = self.sizes()[d];
  check(split_size >= 0, "split expects split_size be non-negative, but got split_size=", split_size);
  check(split_size > 0 || size == 0, "split_size can only be 0 if dimension size is 0, but got dimension size of ", size);
  int64_t count = split_size == 0 ? 1 : std::max<int64_t>(size / split_size + (size % split_size != 0), 1);
  check_pieces(count);
  std::vector<Tensor> out;
  for (int64_t i = 0; i < count; ++i)
    out.push_back(narrow(self, static_cast<int64_t>(d), i * split_size, i + 1 < count ? split_size : size - i * split_size));
  return out;
}
std::vector<Tensor> split(Context&, const Tensor& self, int64_t split_size, int64_t dim) {
  return split_equal(self, split_size, dim_of(self, dim, "split"));
}

std::vector<Tensor> split_sizes(Context&, const Tensor& self, IntSpan sizes, int64_t dim) {
  size_t d = dim_of(self, dim, "split");
  std::vector<Tensor> out;
  int64_t start = 0, size = self.sizes()[d];
  for (int64_t n : sizes) {
    check(n >= 0, "split_with_sizes expects split_sizes have only non-negative entries, but got split_sizes=", sizes);
    check(n <= size - start, "split_with_sizes expects split_sizes to sum exactly to ", size, " (input tensor's size at dimension ", d,
          "), but got split_sizes=", sizes);
    out.push_back(narrow(self, static_cast<int64_t>(d), start, n));
    start += n;
  }
  check(start == size, "split_with_sizes expects split_sizes to sum exactly to ", size, " (input tensor's size at dimension ", d,
        "), but got split_sizes=", sizes);
  return out;
}

std::vector<Tensor> chunk(Context&, const Tensor& self, int64_t chunks, int64_t dim) {
  size_t d = dim_of(self, dim, "chunk");
  check(chunks > 0, "chunk expects `chunks` to be greater than 0, got: ", chunks);
  int64_t size = self.sizes()[d], each = size / chunks + (size % chunks != 0);
  if (each > 0) return split_equal(self, each, d);
  check_pieces(chunks);
  std::vector<Tensor> out;
  for (int64_t i = 0; i < chunks; ++i) out.push_back(narrow(self, static_cast<int64_t>(d), 0, 0));
  return out;
}

// ---- tensor_split: as many pieces as asked for, unequal ones and empty ones too ---------------------------------------------------
std::vector<Tensor> sections(const Tensor& self, int64_t count, int64_t dim) {
  check(self.dim() > 0, "tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims");
  size_t d = dim_of(self, dim, "tensor_split");
  check(count > 0, "number of sections must be larger than 0, got ", count);
  check_pieces(count);
  int64_t size = self.sizes()[d], start = 0;
  std::vector<Tensor> out;
  for (int64_t i = 0; i < count; ++i) {
    int64_t n = size / count + (i < size % count);
    out.push_back(narrow(self, static_cast<int64_t>(d), start, n));
    start += n;
  }
  return out;
}

std::vector<Tensor> at_indices(const Tensor& self, IntSpan indices, int64_t dim) {
  check(self.dim() > 0, "tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims");
  int64_t d = static_cast<int64_t>(dim_of(self, dim, "tensor_split")), start = 0;
  std::vector<Tensor> out;
  for (int64_t end : indices) {
    out.push_back(slice(self, d, start, end, 1));
    start = end;
  }
  out.push_back(slice(self, d, start, self.size(d), 1));
  return out;
}

std::vector<Tensor> tensor_split(Context&, const Tensor& self, int64_t count, int64_t dim) { return sections(self, count, dim); }
std::vector<Tensor> tensor_split_indices(Context&, const Tensor& self, IntSpan indices, int64_t dim) {
  return at_indices(self, indices, dim);
}

std::vector<Tensor> tensor_split_tensor(Context& ctx, const Tensor& self, const Tensor& split, int64_t dim) {
  check(split.dtype() == DType::i64, "tensor_split expected tensor_indices_or_sections to have dtype of long, but got ",
        scalar_type_name(split.dtype()));
  check(split.dim() <= 1,
        "tensor_split expected tensor_indices_or_sections to be a zero-dimensional or one-dimensional tensor, but got a tensor with ",
        split.dim(), " dims");
  if (split.dim() == 0) return sections(self, item(split).to_int(), dim);
  check_pieces(split.numel());
  Tensor indices = contiguous(ctx, split);
  return at_indices(self, IntSpan(indices.data<int64_t>(), static_cast<size_t>(indices.numel())), dim);
}

/// hsplit, vsplit and dsplit are tensor_split along a fixed dimension; equal sections must divide it.
struct Axis {
  const char* name;
  int64_t least_rank, dim;
};
constexpr Axis horizontal{"torch.hsplit", 1, 1}, vertical{"torch.vsplit", 2, 0}, depth{"torch.dsplit", 3, 2};

int64_t axis_dim(const Axis& axis, const Tensor& self) {
  check(self.dim() >= axis.least_rank, axis.name, " requires a tensor with at least ", axis.least_rank, " dimension",
        axis.least_rank > 1 ? "s" : "", ", but got a tensor with ", self.dim(), " dimensions!");
  return self.dim() == 1 ? 0 : axis.dim;
}
template <const Axis& A>
std::vector<Tensor> axis_sections(Context&, const Tensor& self, int64_t count) {
  int64_t dim = axis_dim(A, self);
  check(count > 0 && self.size(dim) % count == 0, A.name, " attempted to split along dimension ", dim, ", but the size of the dimension ",
        self.size(dim), " is not divisible by the split_size ", count, "!");
  return sections(self, count, dim);
}
template <const Axis& A>
std::vector<Tensor> axis_indices(Context&, const Tensor& self, IntSpan indices) {
  return at_indices(self, indices, axis_dim(A, self));
}

template <auto Split>
struct CopyOf;
template <class... A, std::vector<Tensor> (*Split)(Context&, A...)>
struct CopyOf<Split> {
  static std::vector<Tensor> call(Context& ctx, A... a) {
    std::vector<Tensor> out = Split(ctx, a...);
    for (Tensor& t : out) t = clone(ctx, t, MemoryFormat::contiguous);
    return out;
  }
};

constexpr Op rows[] = {
    op<"aten::unbind.int(Tensor(a -> *) self, int dim=0) -> Tensor(a)[]", unbind>(),
    op<"aten::unbind_copy.int(Tensor self, int dim=0) -> Tensor[]", CopyOf<unbind>::call>(),
    op<"aten::split.Tensor(Tensor(a -> *) self, SymInt split_size, int dim=0) -> Tensor(a)[]", split>(),
    op<"aten::split.sizes(Tensor(a -> *) self, SymInt[] split_size, int dim=0) -> Tensor(a)[]", split_sizes>(),
    op<"aten::split(Tensor(a -> *) self, int[] split_sizes, int dim=0) -> Tensor(a)[]", split_sizes>(),
    op<"aten::split_with_sizes(Tensor(a -> *) self, SymInt[] split_sizes, int dim=0) -> Tensor(a)[]", split_sizes>(),
    op<"aten::split_copy.Tensor(Tensor self, SymInt split_size, int dim=0) -> Tensor[]", CopyOf<split>::call>(),
    op<"aten::split_with_sizes_copy(Tensor self, SymInt[] split_sizes, int dim=0) -> Tensor[]", CopyOf<split_sizes>::call>(),
    op<"aten::unsafe_split.Tensor(Tensor self, SymInt split_size, int dim=0) -> Tensor[]", split>(),
    op<"aten::unsafe_split_with_sizes(Tensor self, SymInt[] split_sizes, int dim=0) -> Tensor[]", split_sizes>(),
    op<"aten::chunk(Tensor(a -> *) self, int chunks, int dim=0) -> Tensor(a)[]", chunk>(),
    op<"aten::unsafe_chunk(Tensor self, int chunks, int dim=0) -> Tensor[]", chunk>(),
    op<"aten::tensor_split.sections(Tensor(a -> *) self, SymInt sections, int dim=0) -> Tensor(a)[]", tensor_split>(),
    op<"aten::tensor_split.indices(Tensor(a -> *) self, SymInt[] indices, int dim=0) -> Tensor(a)[]", tensor_split_indices>(),
    op<"aten::tensor_split.tensor_indices_or_sections(Tensor(a -> *) self, Tensor tensor_indices_or_sections, int dim=0) -> Tensor(a)[]",
       tensor_split_tensor>(),
    op<"aten::hsplit.int(Tensor(a -> *) self, int sections) -> Tensor(a)[]", axis_sections<horizontal>>(),
    op<"aten::hsplit.array(Tensor(a -> *) self, int[] indices) -> Tensor(a)[]", axis_indices<horizontal>>(),
    op<"aten::vsplit.int(Tensor(a -> *) self, int sections) -> Tensor(a)[]", axis_sections<vertical>>(),
    op<"aten::vsplit.array(Tensor(a -> *) self, int[] indices) -> Tensor(a)[]", axis_indices<vertical>>(),
    op<"aten::dsplit.int(Tensor(a -> *) self, int sections) -> Tensor(a)[]", axis_sections<depth>>(),
    op<"aten::dsplit.array(Tensor(a -> *) self, int[] indices) -> Tensor(a)[]", axis_indices<depth>>(),
};

}  // namespace

const std::span<const Op> split_ops = rows;

}  // namespace tsrun
