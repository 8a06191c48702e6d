#include "tsrun/tensor.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdlib>
#include <cstring>
#include <new>

#include "tsrun/error.h"

namespace tsrun {
namespace {

constexpr int64_t max_bytes = int64_t{1} << 47;

void free_owned(Storage& s) { std::free(s.data()); }

float half_to_float(uint16_t h) {
  int exponent = (h >> 10) & 31, mantissa = h & 1023;
  float magnitude = exponent == 31  ? (mantissa ? NAN : INFINITY)
                    : exponent == 0 ? std::ldexp(static_cast<float>(mantissa), -24)
                                    : std::ldexp(static_cast<float>(mantissa + 1024), exponent - 25);
  return h & 0x8000 ? -magnitude : magnitude;
}

}  // namespace

Ref<Storage> Storage::allocate(size_t bytes) {
  if (bytes > static_cast<size_t>(max_bytes))
    throw Error(ErrorKind::limit, "an allocation of " + std::to_string(bytes) + " bytes is too large");
  size_t rounded = (std::max<size_t>(bytes, 1) + 63) / 64 * 64;
  void* p = std::aligned_alloc(64, rounded);
  if (!p) throw Error(ErrorKind::limit, "no memory for " + std::to_string(bytes) + " bytes");
  return make_ref<Storage>(p, bytes, Ref<RefCounted>(), &free_owned);
}

void Storage::resize(size_t bytes) {
  Ref<Storage> fresh = allocate(bytes);
  std::memcpy(fresh->data_, data_, std::min(bytes, bytes_));
  std::swap(data_, fresh->data_);
  std::swap(bytes_, fresh->bytes_);
  std::swap(owner_, fresh->owner_);
  std::swap(release_, fresh->release_);
}

int64_t checked_numel(IntSpan sizes, size_t item_bytes) {
  int64_t n = 1, bytes = 0;
  bool empty = false, overflow = sizes.size() > 64;
  for (int64_t s : sizes) {
    if (s < 0)
      throw Error(ErrorKind::model, "Trying to create tensor with negative dimension " + std::to_string(s) + ": " + sizes_text(sizes));
    empty = empty || s == 0;
    if (s > 0) overflow = __builtin_mul_overflow(n, s, &n) || overflow;
  }
  if (empty) return 0;
  overflow = __builtin_mul_overflow(n, static_cast<int64_t>(std::max<size_t>(item_bytes, 1)), &bytes) || overflow || bytes > max_bytes;
  if (overflow) throw Error(ErrorKind::limit, "a tensor of sizes " + sizes_text(sizes) + " is too large");
  return n;
}

Dims contiguous_strides(IntSpan sizes) {
  Dims strides(sizes.size());
  int64_t step = 1;
  for (size_t i = sizes.size(); i-- > 0;) {
    strides[i] = step;
    step *= std::max<int64_t>(sizes[i], 1);
  }
  return strides;
}

Dims strides_for(IntSpan sizes, MemoryFormat format) {
  size_t rank = sizes.size();
  bool last = (format == MemoryFormat::channels_last && rank == 4) || (format == MemoryFormat::channels_last_3d && rank == 5);
  if (!last) return contiguous_strides(sizes);
  Dims strides(rank);
  int64_t step = 1;
  auto place = [&](size_t d) {
    strides[d] = step;
    step *= std::max<int64_t>(sizes[d], 1);
  };
  place(1);
  for (size_t d = rank - 1; d >= 2; --d) place(d);
  place(0);
  return strides;
}

std::string sizes_text(IntSpan sizes) {
  std::string s = "[";
  for (size_t i = 0; i < sizes.size(); ++i) s += (i ? ", " : "") + std::to_string(sizes[i]);
  return s + "]";
}

Tensor Tensor::empty(IntSpan sizes, DType dtype) {
  int64_t n = checked_numel(sizes, item_size(dtype));
  auto impl = make_ref<TensorImpl>();
  impl->storage = Storage::allocate(static_cast<size_t>(n) * item_size(dtype));
  impl->dtype = dtype;
  impl->sizes.assign(sizes);
  impl->strides = contiguous_strides(sizes);
  impl->numel = n;
  return Tensor(std::move(impl));
}

Tensor Tensor::zeros(IntSpan sizes, DType dtype) {
  Tensor t = empty(sizes, dtype);
  std::memset(t.data(), 0, static_cast<size_t>(t.numel()) * item_size(dtype));
  return t;
}

Tensor Tensor::view_of(Ref<Storage> storage, DType dtype, IntSpan sizes, IntSpan strides, int64_t offset) {
  auto bad = [&](const char* why) -> void {
    throw Error(ErrorKind::malformed, std::string("a tensor view of sizes ") + sizes_text(sizes) + ", strides " + sizes_text(strides) +
                                          ", offset " + std::to_string(offset) + " " + why + " its storage of " +
                                          std::to_string(storage->bytes()) + " bytes");
  };
  size_t bytes = item_size(dtype);
  int64_t n = checked_numel(sizes);
  if (bytes == 0 || sizes.size() != strides.size() || offset < 0) bad("does not fit");
  if (n > 0) {
    int64_t last = offset;
    for (size_t i = 0; i < sizes.size(); ++i) {
      int64_t reach;
      if (strides[i] < 0) bad("has a negative stride in");
      if (__builtin_mul_overflow(sizes[i] - 1, strides[i], &reach) || __builtin_add_overflow(last, reach, &last)) bad("lies outside");
    }
    if (last >= static_cast<int64_t>(storage->bytes() / bytes)) bad("lies outside");
  }
  auto impl = make_ref<TensorImpl>();
  impl->storage = std::move(storage);
  impl->dtype = dtype;
  impl->offset = offset;
  impl->sizes.assign(sizes);
  impl->strides.assign(strides);
  impl->numel = n;
  return Tensor(std::move(impl));
}

Tensor Tensor::from_blob(void* data, IntSpan sizes, DType dtype, Ref<RefCounted> owner) {
  int64_t n = checked_numel(sizes, item_size(dtype));
  auto storage = make_ref<Storage>(data, static_cast<size_t>(n) * item_size(dtype), std::move(owner));
  return view_of(std::move(storage), dtype, sizes, contiguous_strides(sizes), 0);
}

static bool has_strides(IntSpan sizes, IntSpan strides, IntSpan wanted) {
  for (size_t i = 0; i < sizes.size(); ++i)
    if (sizes[i] != 1 && strides[i] != wanted[i]) return false;
  return true;
}

bool Tensor::is_contiguous() const {
  if (numel() == 0) return true;
  int64_t step = 1;
  for (size_t i = impl_->sizes.size(); i-- > 0;) {
    if (impl_->sizes[i] != 1) {
      if (impl_->strides[i] != step) return false;
      step *= impl_->sizes[i];
    }
  }
  return true;
}

bool Tensor::is_contiguous(MemoryFormat format) const {
  if (format == MemoryFormat::contiguous || format == MemoryFormat::preserve) return is_contiguous();
  if (dim() != (format == MemoryFormat::channels_last ? 4 : 5)) return false;
  return numel() == 0 || has_strides(sizes(), strides(), strides_for(sizes(), format));
}

Tensor Tensor::contiguous() const {
  if (is_contiguous()) return *this;
  Tensor copy = empty(sizes(), dtype());
  size_t bytes = item_size(dtype());
  auto* out = static_cast<std::byte*>(copy.data());
  auto* in = static_cast<const std::byte*>(data());
  Dims index(impl_->sizes.size());
  for (int64_t i = 0; i < numel(); ++i) {  // an API convenience: operators copy through kernels/copy.h
    int64_t at = 0;
    for (size_t d = 0; d < index.size(); ++d) at += index[d] * impl_->strides[d];
    std::memcpy(out + i * static_cast<int64_t>(bytes), in + at * static_cast<int64_t>(bytes), bytes);
    for (size_t d = index.size(); d-- > 0;) {
      if (++index[d] < impl_->sizes[d]) break;
      index[d] = 0;
    }
  }
  return copy;
}

double Tensor::item() const {
  if (numel() != 1) throw Error(ErrorKind::usage, "item() needs a tensor of one element, not " + describe());
  const void* p = data();
  switch (dtype()) {
    case DType::f32: return *static_cast<const float*>(p);
    case DType::f64: return *static_cast<const double*>(p);
    case DType::f16: return half_to_float(*static_cast<const uint16_t*>(p));
    case DType::bf16: {
      uint32_t bits = static_cast<uint32_t>(*static_cast<const uint16_t*>(p)) << 16;
      float f;
      std::memcpy(&f, &bits, sizeof f);
      return f;
    }
    case DType::c64: return static_cast<const std::complex<float>*>(p)->real();
    case DType::c128: return static_cast<const std::complex<double>*>(p)->real();
    default: return static_cast<double>(item_int());
  }
}

int64_t Tensor::item_int() const {
  if (numel() != 1) throw Error(ErrorKind::usage, "item() needs a tensor of one element, not " + describe());
  const void* p = data();
  switch (dtype()) {
    case DType::u8: return *static_cast<const uint8_t*>(p);
    case DType::i8: return *static_cast<const int8_t*>(p);
    case DType::i16: return *static_cast<const int16_t*>(p);
    case DType::i32: return *static_cast<const int32_t*>(p);
    case DType::i64: return *static_cast<const int64_t*>(p);
    case DType::u16: return *static_cast<const uint16_t*>(p);
    case DType::u32: return *static_cast<const uint32_t*>(p);
    case DType::u64: return static_cast<int64_t>(*static_cast<const uint64_t*>(p));
    case DType::boolean: return *static_cast<const bool*>(p);
    case DType::f16:
    case DType::bf16:
    case DType::f32:
    case DType::f64:
    case DType::c64:
    case DType::c128: return static_cast<int64_t>(item());
    default: throw Error(ErrorKind::unsupported, std::string("item() of a ") + dtype_name(dtype()) + " tensor");
  }
}

std::string Tensor::describe() const {
  return defined() ? std::string(dtype_name(dtype())) + " " + sizes_text(sizes()) : "undefined tensor";
}

}  // namespace tsrun
