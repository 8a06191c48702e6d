// Other views of the same elements, and questions about a tensor's geometry.
#include "ops/number.h"
#include "ops/promote.h"
#include "ops/tables.h"
#include "ops/view.h"

namespace tsrun {
namespace {

// ---- sizes ----------------------------------------------------------------------------------------------------------------------
Tensor alias(Context&, const Tensor& self) { return make_view(self, self.sizes(), self.strides(), self.offset()); }
Tensor view_sizes(Context&, const Tensor& self, IntSpan size) { return view(self, size); }
Tensor view_as(Context&, const Tensor& self, const Tensor& other) { return view(self, other.sizes()); }
Tensor reshape_row(Context& ctx, const Tensor& self, IntSpan shape) { return reshape(ctx, self, shape); }
Tensor reshape_as(Context& ctx, const Tensor& self, const Tensor& other) { return reshape(ctx, self, other.sizes()); }
Tensor reshape_copy(Context& ctx, const Tensor& self, IntSpan size) { return view(clone(ctx, self, MemoryFormat::contiguous), size); }
Tensor ravel(Context& ctx, const Tensor& self) { return reshape(ctx, self, Dims{-1}); }

Tensor flatten(Context& ctx, const Tensor& self, int64_t start_dim, int64_t end_dim) {
  size_t start = static_cast<size_t>(wrap_dim(start_dim, self.dim())), end = static_cast<size_t>(wrap_dim(end_dim, self.dim()));
  check(start <= end, "flatten() has invalid args: start_dim cannot come after end_dim");
  if (self.dim() == 0) return reshape(ctx, self, Dims{1});
  if (start == end) return self;
  Dims sizes;
  for (size_t d = 0; d < self.sizes().size(); ++d) {
    if (d > start && d <= end) sizes.back() = wrap_mul(sizes.back(), self.sizes()[d]);
    else sizes.push_back(self.sizes()[d]);
  }
  return reshape(ctx, self, sizes);
}

Tensor unflatten(Context&, const Tensor& self, int64_t dim, IntSpan sizes) {
  check(!sizes.empty(), "unflatten: sizes must be non-empty");
  size_t d = static_cast<size_t>(wrap_dim(dim, self.dim()));
  check(self.dim() > 0, "unflatten: a 0-dim tensor has no dimension to split");
  int64_t product = 1;
  bool inferred = false, overflow = false;
  for (int64_t s : sizes) {
    inferred = inferred || s == -1;
    overflow = overflow || __builtin_mul_overflow(product, s, &product);
  }
  check(inferred || (!overflow && product == self.sizes()[d]), "unflatten: Provided sizes ", sizes,
        " don't multiply up to the size of dim ", d, " (", self.sizes()[d], ") in the input tensor");
  Dims split = infer_size(sizes, self.sizes()[d]), all(self.sizes().first(d));
  for (int64_t s : split) all.push_back(s);
  for (int64_t s : self.sizes().subspan(d + 1)) all.push_back(s);
  return view(self, all);
}

Tensor squeeze_mask(const Tensor& self, uint64_t mask) {
  Dims sizes, strides;
  for (size_t d = 0; d < self.sizes().size(); ++d) {
    if ((mask >> d & 1) && self.sizes()[d] == 1) continue;
    sizes.push_back(self.sizes()[d]);
    strides.push_back(self.strides()[d]);
  }
  return make_view(self, sizes, strides, self.offset());
}
Tensor squeeze_all(Context&, const Tensor& self) { return squeeze_mask(self, ~uint64_t{0}); }
Tensor squeeze_dim(Context&, const Tensor& self, int64_t dim) { return squeeze(self, dim); }
Tensor squeeze_dims(Context&, const Tensor& self, IntSpan dim) { return squeeze_mask(self, dim_mask(dim, self.dim(), false)); }
Tensor unsqueeze_row(Context&, const Tensor& self, int64_t dim) { return unsqueeze(self, dim); }

Tensor expand_row(Context&, const Tensor& self, IntSpan size, bool) { return expand(self, size); }
Tensor expand_as(Context&, const Tensor& self, const Tensor& other) { return expand(self, other.sizes()); }
Tensor broadcast_to(Context&, const Tensor& self, IntSpan size) { return expand(self, size); }

std::vector<Tensor> broadcast_tensors(Context&, TensorSpan tensors) {
  Dims sizes;
  for (const Tensor& t : tensors) sizes = broadcast_sizes(sizes, t.sizes());
  std::vector<Tensor> out;
  for (const Tensor& t : tensors) out.push_back(expand(t, sizes));
  return out;
}

Tensor atleast_1d(Context& ctx, const Tensor& self) { return self.dim() == 0 ? reshape(ctx, self, Dims{1}) : self; }
Tensor atleast_2d(Context& ctx, const Tensor& self) {
  return self.dim() == 0 ? reshape(ctx, self, Dims{1, 1}) : self.dim() == 1 ? unsqueeze(self, 0) : self;
}
Tensor atleast_3d(Context& ctx, const Tensor& self) {
  if (self.dim() >= 3) return self;
  return self.dim() == 2 ? unsqueeze(self, -1) : unsqueeze(atleast_2d(ctx, self), -1);
}
template <Tensor (*AtLeast)(Context&, const Tensor&)>
std::vector<Tensor> atleast_list(Context& ctx, TensorSpan tensors) {
  std::vector<Tensor> out;
  for (const Tensor& t : tensors) out.push_back(AtLeast(ctx, t));
  return out;
}

// ---- order of dimensions ----------------------------------------------------------------------------------------------------------
Tensor transpose_row(Context&, const Tensor& self, int64_t dim0, int64_t dim1) { return transpose(self, dim0, dim1); }
Tensor permute_row(Context&, const Tensor& self, IntSpan dims) { return permute(self, dims); }

Tensor t(Context&, const Tensor& self) {
  check(self.dim() <= 2, "t() expects a tensor with <= 2 dimensions, but self is ", self.dim(), "D");
  return transpose(self, 0, self.dim() < 2 ? 0 : 1);
}

Tensor movedim(Context&, const Tensor& self, IntSpan source, IntSpan destination) {
  check(source.size() == destination.size(), "movedim: Invalid source or destination dims: source (", source,
        " dims) should contain the same number of dims as destination (", destination, " dims)");
  uint64_t from = dim_mask(source, self.dim(), false), to = dim_mask(destination, self.dim(), false);
  if (self.dim() == 0) return self;
  Dims order(self.sizes().size());
  size_t next = 0;
  for (size_t d = 0; d < order.size(); ++d) {
    if (to >> d & 1) continue;
    while (from >> next & 1) ++next;
    order[d] = static_cast<int64_t>(next++);
  }
  for (size_t i = 0; i < source.size(); ++i)
    order[static_cast<size_t>(wrap_dim(destination[i], self.dim()))] = wrap_dim(source[i], self.dim());
  return permute(self, order);
}
Tensor movedim_int(Context& ctx, const Tensor& self, int64_t source, int64_t destination) {
  return movedim(ctx, self, Dims{source}, Dims{destination});
}

Tensor numpy_t(Context&, const Tensor& self) {
  Dims order;
  for (int64_t d = self.dim(); d-- > 0;) order.push_back(d);
  return permute(self, order);
}

Tensor matrix_transpose(Context&, const Tensor& self) {
  check(self.dim() != 1, "tensor.mT is only supported on matrices or batches of matrices. Got 1-D tensor.");
  return self.dim() == 0 ? self : transpose(self, -2, -1);
}

Tensor adjoint(Context& ctx, const Tensor& self) {
  check(self.dim() != 1, "tensor.adjoint() is only supported on matrices or batches of matrices. Got 1-D tensor.");
  Tensor swapped = self.dim() == 0 ? self : transpose(self, -2, -1);
  return is_complex(self.dtype()) ? conjugate(ctx, swapped) : swapped;
}

Tensor matrix_h(Context& ctx, const Tensor& self) {
  check(self.dim() == 2 || self.dim() == 0, "tensor.H is only supported on matrices (2-D tensors). Got ", self.dim(), "-D tensor.");
  return adjoint(ctx, self);
}

// ---- parts ------------------------------------------------------------------------------------------------------------------------
Tensor select_int(Context&, const Tensor& self, int64_t dim, int64_t index) { return select(self, dim, index); }

Tensor slice_row(Context&, const Tensor& self, int64_t dim, std::optional<int64_t> start, std::optional<int64_t> end, int64_t step) {
  return slice(self, dim, start.value_or(0), end.value_or(INT64_MAX), step);
}

Tensor narrow_row(Context&, const Tensor& self, int64_t dim, int64_t start, int64_t length) { return narrow(self, dim, start, length); }
Tensor narrow_tensor(Context&, const Tensor& self, int64_t dim, const Tensor& start, int64_t length) {
  check(start.dim() == 0 && is_integer(start.dtype()), "start must be an 0-dim integral Tensor.");
  return narrow(self, dim, item(start).to_int(), length);
}

Tensor diagonal(Context&, const Tensor& self, int64_t offset, int64_t dim1, int64_t dim2) {
  check(self.dim() > 0, "diagonal() cannot be applied to a 0-dim tensor.");
  return diagonal(self, offset, dim1, dim2);
}
Tensor linalg_diagonal(Context&, const Tensor& self, int64_t offset, int64_t dim1, int64_t dim2) {
  return diagonal(self, offset, dim1, dim2);
}

Tensor unfold(Context&, const Tensor& self, int64_t dimension, int64_t size, int64_t step) {
  size_t d = static_cast<size_t>(wrap_dim(dimension, self.dim()));
  int64_t length = self.dim() == 0 ? 1 : self.sizes()[d];
  check(size >= 0, "size is ", size, " but must be >= 0");
  check(size <= length, "maximum size for tensor at dimension ", d, " is ", length, " but size is ", size);
  check(step > 0, "step is ", step, " but must be > 0");
  Dims sizes(self.sizes()), strides(self.strides());
  sizes.push_back(size);
  strides.push_back(self.dim() == 0 ? 1 : self.strides()[d]);
  if (self.dim() > 0) {
    sizes[d] = (length - size) / step + 1;
    if (sizes[d] > 1) strides[d] *= step;
    else if (__builtin_mul_overflow(strides[d], step, &strides[d])) strides[d] = 0;
  }
  return make_view(self, sizes, strides, self.offset());
}

Tensor as_strided(Context&, const Tensor& self, IntSpan size, IntSpan stride, std::optional<int64_t> storage_offset) {
  return make_view(self, size, stride, storage_offset.value_or(self.offset()));
}
Tensor reshape_alias(Context&, const Tensor& self, IntSpan size, IntSpan stride) { return make_view(self, size, stride, self.offset()); }

// ---- element types ----------------------------------------------------------------------------------------------------------------
Tensor retyped(const Tensor& self, DType dtype, Dims sizes, Dims strides, int64_t offset) {
  Tensor out = make_view(self, Dims{0}, Dims{1}, 0);
  out.impl()->dtype = dtype;
  return make_view(out, sizes, strides, offset);
}

Tensor view_dtype(Context&, const Tensor& self, DType dtype) {
  int64_t from = static_cast<int64_t>(item_size(self.dtype())), to = static_cast<int64_t>(item_size(dtype));
  Dims sizes(self.sizes()), strides(self.strides());
  if (from == to) return retyped(self, dtype, sizes, strides, self.offset());
  check(self.dim() > 0, "self.dim() cannot be 0 to view ", scalar_type_name(self.dtype()), " as ", scalar_type_name(dtype),
        " (different element sizes)");
  check(self.stride(-1) == 1, "self.stride(-1) must be 1 to view ", scalar_type_name(self.dtype()), " as ", scalar_type_name(dtype),
        " (different element sizes), but got ", self.stride(-1));
  int64_t offset = self.offset();
  bool overflow = false;
  if (from > to) {
    for (size_t d = 0; d + 1 < strides.size(); ++d) overflow = __builtin_mul_overflow(strides[d], from / to, &strides[d]) || overflow;
    overflow = __builtin_mul_overflow(sizes.back(), from / to, &sizes.back()) || overflow;
    offset *= from / to;
    check(!overflow, "view: sizes ", self.sizes(), " are too large");
  } else {
    int64_t ratio = to / from;
    bool divides = sizes.back() % ratio == 0 && offset % ratio == 0;
    for (size_t d = 0; d + 1 < strides.size(); ++d) divides = divides && strides[d] % ratio == 0;
    check(divides, "self.size(-1), self.storage_offset() and the strides must be divisible by ", ratio, " to view ",
          scalar_type_name(self.dtype()), " as ", scalar_type_name(dtype), " (different element sizes), but sizes are ", self.sizes(),
          " and strides ", self.strides());
    for (size_t d = 0; d + 1 < strides.size(); ++d) strides[d] /= ratio;
    sizes.back() /= ratio;
    offset /= ratio;
  }
  return retyped(self, dtype, sizes, strides, offset);
}

Tensor view_as_real(Context&, const Tensor& self) {
  check(is_complex(self.dtype()), "view_as_real is only supported for complex tensors");
  Dims sizes(self.sizes()), strides(self.strides());
  for (int64_t& s : strides)
    if (__builtin_mul_overflow(s, 2, &s)) s = 0;  // only where nothing is ever reached by it
  sizes.push_back(2);
  strides.push_back(1);
  return retyped(self, real_type(self.dtype()), sizes, strides, 2 * self.offset());
}

Tensor view_as_complex(Context&, const Tensor& self) {
  DType type = self.dtype();
  check(type == DType::f32 || type == DType::f64 || type == DType::f16,
        "view_as_complex is only supported for half, float and double tensors, but got a "
        "tensor of scalar type: ",
        scalar_type_name(type));
  check(self.dim() > 0, "Input tensor must have one or more dimensions");
  check(self.size(-1) == 2, "Tensor must have a last dimension of size 2");
  check(self.stride(-1) == 1, "Tensor must have a last dimension with stride 1");
  Dims sizes(self.sizes()), strides(self.strides());
  sizes.pop_back();
  strides.pop_back();
  for (int64_t& s : strides) {
    check(s % 2 == 0, "Tensor must have a stride divisible by 2 for all but last dimension");
    s /= 2;
  }
  check(self.offset() % 2 == 0, "Tensor must have a storage_offset divisible by 2");
  return retyped(self, type == DType::f32 ? DType::c64 : type == DType::f64 ? DType::c128 : DType::c32, sizes, strides, self.offset() / 2);
}

// ---- in place: the tensor itself changes its geometry -------------------------------------------------------------------------------
template <auto View>
struct InPlace;
template <class... A, Tensor (*View)(Context&, const Tensor&, A...)>
struct InPlace<View> {
  static Tensor call(Context& ctx, const Tensor& self, A... a) {
    set_geometry(self, View(ctx, self, a...));
    return self;
  }
};

template <auto View>
struct CopyOf;
template <class... A, Tensor (*View)(Context&, A...)>
struct CopyOf<View> {
  static Tensor call(Context& ctx, A... a) { return clone(ctx, View(ctx, a...), MemoryFormat::contiguous); }
};

Tensor itself(Context&, const Tensor& self) { return self; }

// ---- questions ----------------------------------------------------------------------------------------------------------------------
int64_t size_int(Context&, const Tensor& self, int64_t dim) {
  check(self.dim() > 0, "Dimension specified as ", dim, " but tensor has no dimensions");
  return self.sizes()[static_cast<size_t>(wrap_dim(dim, self.dim()))];
}
int64_t stride_int(Context&, const Tensor& self, int64_t dim) {
  check(self.dim() > 0, "Dimension specified as ", dim, " but tensor has no dimensions");
  return self.strides()[static_cast<size_t>(wrap_dim(dim, self.dim()))];
}
Dims size(Context&, const Tensor& self) { return self.sizes(); }
Dims stride(Context&, const Tensor& self) { return self.strides(); }
int64_t dim(Context&, const Tensor& self) { return self.dim(); }
int64_t numel(Context&, const Tensor& self) { return self.numel(); }
int64_t storage_offset(Context&, const Tensor& self) { return self.offset(); }
int64_t len(Context&, const Tensor& t) {
  check(t.dim() > 0, "len() of a 0-d tensor");
  return t.size(0);
}
bool is_contiguous(Context&, const Tensor& self) { return self.is_contiguous(); }
bool is_contiguous_format(Context&, const Tensor& self, MemoryFormat format) { return self.is_contiguous(format); }
bool is_dense_row(Context&, const Tensor& self) { return is_dense(self); }

Tensor contiguous_row(Context& ctx, const Tensor& self, MemoryFormat format) {
  check(format != MemoryFormat::preserve, "preserve memory format is unsupported by the contiguous operator");
  return contiguous(ctx, self, format);
}

constexpr Op rows[] = {
    op<"aten::alias(Tensor(a) self) -> Tensor(a)", alias>(),
    op<"aten::alias_copy(Tensor self) -> Tensor", CopyOf<alias>::call>(),
    op<"aten::detach(Tensor(a) self) -> Tensor(a)", alias>(),
    op<"aten::detach_copy(Tensor self) -> Tensor", CopyOf<alias>::call>(),
    op<"aten::lift(Tensor self) -> Tensor", itself>(),
    op<"aten::lift_fresh(Tensor(a) self) -> Tensor(a)", itself>(),
    op<"aten::lift_fresh_copy(Tensor self) -> Tensor", CopyOf<alias>::call>(),
    op<"aten::view(Tensor(a) self, SymInt[] size) -> Tensor(a)", view_sizes>(),
    op<"aten::view.dtype(Tensor(a) self, ScalarType dtype) -> Tensor(a)", view_dtype>(),
    op<"aten::view_as(Tensor(a) self, Tensor other) -> Tensor(a)", view_as>(),
    op<"aten::view_copy(Tensor self, SymInt[] size) -> Tensor", CopyOf<view_sizes>::call>(),
    op<"aten::view_copy.dtype(Tensor self, ScalarType dtype) -> Tensor", CopyOf<view_dtype>::call>(),
    op<"aten::_unsafe_view(Tensor self, SymInt[] size) -> Tensor", view_sizes>(),
    op<"aten::reshape(Tensor(a) self, SymInt[] shape) -> Tensor(a)", reshape_row>(),
    op<"aten::reshape_as(Tensor(a) self, Tensor other) -> Tensor(a)", reshape_as>(),
    op<"aten::_reshape_copy(Tensor self, SymInt[] size) -> Tensor", reshape_copy>(),
    op<"aten::_reshape_alias(Tensor(a) self, SymInt[] size, SymInt[] stride) -> Tensor(a)", reshape_alias>(),
    op<"aten::_reshape_alias_copy(Tensor self, SymInt[] size, SymInt[] stride) -> Tensor", CopyOf<reshape_alias>::call>(),
    op<"aten::ravel(Tensor(a) self) -> Tensor(a)", ravel>(),
    op<"aten::flatten.using_ints(Tensor(a) self, int start_dim=0, int end_dim=-1) -> Tensor(a)", flatten>(),
    op<"aten::unflatten.int(Tensor(a) self, int dim, SymInt[] sizes) -> Tensor(a)", unflatten>(),
    op<"aten::squeeze(Tensor(a) self) -> Tensor(a)", squeeze_all>(),
    op<"aten::squeeze.dim(Tensor(a) self, int dim) -> Tensor(a)", squeeze_dim>(),
    op<"aten::squeeze.dims(Tensor(a) self, int[] dim) -> Tensor(a)", squeeze_dims>(),
    op<"aten::squeeze_(Tensor(a!) self) -> Tensor(a!)", InPlace<squeeze_all>::call>(),
    op<"aten::squeeze_.dim(Tensor(a!) self, int dim) -> Tensor(a!)", InPlace<squeeze_dim>::call>(),
    op<"aten::squeeze_.dims(Tensor(a!) self, int[] dim) -> Tensor(a!)", InPlace<squeeze_dims>::call>(),
    op<"aten::squeeze_copy(Tensor self) -> Tensor", CopyOf<squeeze_all>::call>(),
    op<"aten::squeeze_copy.dim(Tensor self, int dim) -> Tensor", CopyOf<squeeze_dim>::call>(),
    op<"aten::squeeze_copy.dims(Tensor self, int[] dim) -> Tensor", CopyOf<squeeze_dims>::call>(),
    op<"aten::unsqueeze(Tensor(a) self, int dim) -> Tensor(a)", unsqueeze_row>(),
    op<"aten::unsqueeze_(Tensor(a!) self, int dim) -> Tensor(a!)", InPlace<unsqueeze_row>::call>(),
    op<"aten::unsqueeze_copy(Tensor self, int dim) -> Tensor", CopyOf<unsqueeze_row>::call>(),
    op<"aten::expand(Tensor(a) self, SymInt[] size, *, bool implicit=False) -> Tensor(a)", expand_row>(),
    op<"aten::expand_as(Tensor(a) self, Tensor other) -> Tensor(a)", expand_as>(),
    op<"aten::expand_copy(Tensor self, SymInt[] size, *, bool implicit=False) -> Tensor", CopyOf<expand_row>::call>(),
    op<"aten::broadcast_to(Tensor(a) self, SymInt[] size) -> Tensor(a)", broadcast_to>(),
    op<"aten::broadcast_tensors(Tensor[] tensors) -> Tensor[]", broadcast_tensors>(),
    op<"aten::atleast_1d(Tensor self) -> Tensor", atleast_1d>(),
    op<"aten::atleast_1d.Sequence(Tensor[] tensors) -> Tensor[]", atleast_list<atleast_1d>>(),
    op<"aten::atleast_2d(Tensor self) -> Tensor", atleast_2d>(),
    op<"aten::atleast_2d.Sequence(Tensor[] tensors) -> Tensor[]", atleast_list<atleast_2d>>(),
    op<"aten::atleast_3d(Tensor self) -> Tensor", atleast_3d>(),
    op<"aten::atleast_3d.Sequence(Tensor[] tensors) -> Tensor[]", atleast_list<atleast_3d>>(),
    op<"aten::transpose.int(Tensor(a) self, int dim0, int dim1) -> Tensor(a)", transpose_row>(),
    op<"aten::transpose_(Tensor(a!) self, int dim0, int dim1) -> Tensor(a!)", InPlace<transpose_row>::call>(),
    op<"aten::transpose_copy.int(Tensor self, int dim0, int dim1) -> Tensor", CopyOf<transpose_row>::call>(),
    op<"aten::swapaxes(Tensor(a) self, int axis0, int axis1) -> Tensor(a)", transpose_row>(),
    op<"aten::swapaxes_(Tensor(a!) self, int axis0, int axis1) -> Tensor(a!)", InPlace<transpose_row>::call>(),
    op<"aten::swapdims(Tensor(a) self, int dim0, int dim1) -> Tensor(a)", transpose_row>(),
    op<"aten::swapdims_(Tensor(a!) self, int dim0, int dim1) -> Tensor(a!)", InPlace<transpose_row>::call>(),
    op<"aten::t(Tensor(a) self) -> Tensor(a)", t>(),
    op<"aten::t_(Tensor(a!) self) -> Tensor(a!)", InPlace<t>::call>(),
    op<"aten::t_copy(Tensor self) -> Tensor", CopyOf<t>::call>(),
    op<"aten::permute(Tensor(a) self, int[] dims) -> Tensor(a)", permute_row>(),
    op<"aten::permute_copy(Tensor self, int[] dims) -> Tensor", CopyOf<permute_row>::call>(),
    op<"aten::movedim.intlist(Tensor(a) self, int[] source, int[] destination) -> Tensor(a)", movedim>(),
    op<"aten::movedim.int(Tensor(a) self, int source, int destination) -> Tensor(a)", movedim_int>(),
    op<"aten::moveaxis.intlist(Tensor(a) self, int[] source, int[] destination) -> Tensor(a)", movedim>(),
    op<"aten::moveaxis.int(Tensor(a) self, int source, int destination) -> Tensor(a)", movedim_int>(),
    op<"aten::numpy_T(Tensor(a) self) -> Tensor(a)", numpy_t>(),
    op<"aten::numpy_T.a(Tensor(a) self) -> Tensor(a)", numpy_t>(),
    op<"aten::mT(Tensor(a) self) -> Tensor(a)", matrix_transpose>(),
    op<"aten::mT.a(Tensor(a) self) -> Tensor(a)", matrix_transpose>(),
    op<"aten::mH(Tensor(a) self) -> Tensor(a)", adjoint>(),
    op<"aten::mH.a(Tensor(a) self) -> Tensor(a)", adjoint>(),
    op<"aten::adjoint(Tensor(a) self) -> Tensor(a)", adjoint>(),
    op<"aten::matrix_H(Tensor(a) self) -> Tensor(a)", matrix_h>(),
    op<"aten::matrix_H.a(Tensor(a) self) -> Tensor(a)", matrix_h>(),
    op<"aten::select.int(Tensor(a) self, int dim, SymInt index) -> Tensor(a)", select_int>(),
    op<"aten::select_copy.int(Tensor self, int dim, SymInt index) -> Tensor", CopyOf<select_int>::call>(),
    op<"aten::slice.Tensor(Tensor(a) self, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) -> Tensor(a)", slice_row>(),
    op<"aten::slice_copy.Tensor(Tensor self, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) -> Tensor",
       CopyOf<slice_row>::call>(),
    op<"aten::narrow(Tensor(a) self, int dim, SymInt start, SymInt length) -> Tensor(a)", narrow_row>(),
    op<"aten::narrow.Tensor(Tensor(a) self, int dim, Tensor start, SymInt length) -> Tensor(a)", narrow_tensor>(),
    op<"aten::narrow_copy(Tensor self, int dim, SymInt start, SymInt length) -> Tensor", CopyOf<narrow_row>::call>(),
    op<"aten::diagonal(Tensor(a) self, int offset=0, int dim1=0, int dim2=1) -> Tensor(a)", diagonal>(),
    op<"aten::diagonal_copy(Tensor self, int offset=0, int dim1=0, int dim2=1) -> Tensor", CopyOf<diagonal>::call>(),
    op<"aten::linalg_diagonal(Tensor(a) A, *, int offset=0, int dim1=-2, int dim2=-1) -> Tensor(a)", linalg_diagonal>(),
    op<"aten::unfold(Tensor(a) self, int dimension, int size, int step) -> Tensor(a)", unfold>(),
    op<"aten::unfold_copy(Tensor self, int dimension, int size, int step) -> Tensor", CopyOf<unfold>::call>(),
    op<"aten::as_strided(Tensor(a) self, SymInt[] size, SymInt[] stride, SymInt? storage_offset=None) -> Tensor(a)", as_strided>(),
    op<"aten::as_strided_(Tensor(a!) self, SymInt[] size, SymInt[] stride, SymInt? storage_offset=None) -> Tensor(a!)",
       InPlace<as_strided>::call>(),
    op<"aten::as_strided_copy(Tensor self, SymInt[] size, SymInt[] stride, SymInt? storage_offset=None) -> Tensor",
       CopyOf<as_strided>::call>(),
    op<"aten::view_as_real(Tensor(a) self) -> Tensor(a)", view_as_real>(),
    op<"aten::view_as_real_copy(Tensor self) -> Tensor", CopyOf<view_as_real>::call>(),
    op<"aten::view_as_complex(Tensor(a) self) -> Tensor(a)", view_as_complex>(),
    op<"aten::view_as_complex_copy(Tensor self) -> Tensor", CopyOf<view_as_complex>::call>(),
    op<"aten::contiguous(Tensor(a) self, *, MemoryFormat memory_format=0) -> Tensor(a)", contiguous_row>(),
    op<"aten::is_contiguous(Tensor self) -> bool", is_contiguous>(),
    op<"aten::is_contiguous.memory_format(Tensor self, MemoryFormat memory_format) -> bool", is_contiguous_format>(),
    op<"aten::is_non_overlapping_and_dense(Tensor self) -> bool", is_dense_row>(),
    op<"aten::size.int(Tensor self, int dim) -> int", size_int>(),
    op<"aten::size(Tensor self) -> int[]", size>(),
    op<"aten::sym_size.int(Tensor self, int dim) -> SymInt", size_int>(),
    op<"aten::sym_size(Tensor self) -> SymInt[]", size>(),
    op<"aten::stride.int(Tensor self, int dim) -> int", stride_int>(),
    op<"aten::stride(Tensor self) -> int[]", stride>(),
    op<"aten::sym_stride.int(Tensor self, int dim) -> SymInt", stride_int>(),
    op<"aten::sym_stride(Tensor self) -> SymInt[]", stride>(),
    op<"aten::dim(Tensor self) -> int", dim>(),
    op<"aten::numel(Tensor self) -> int", numel>(),
    op<"aten::sym_numel(Tensor self) -> SymInt", numel>(),
    op<"aten::storage_offset(Tensor self) -> int", storage_offset>(),
    op<"aten::sym_storage_offset(Tensor self) -> SymInt", storage_offset>(),
    op<"aten::len.Tensor(Tensor t) -> int", len>(),
};

}  // namespace

const std::span<const Op> view_ops = rows;

}  // namespace tsrun
