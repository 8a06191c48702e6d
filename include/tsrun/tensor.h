// Tensors: strided views of shared storage, as in PyTorch. Copying a Tensor copies a reference.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "tsrun/dims.h"
#include "tsrun/dtype.h"
#include "tsrun/ref.h"

namespace tsrun {

/// A block of bytes shared by tensors. Owned blocks are 64-byte aligned; a block of a mapped file lies where the file has it.
class Storage : public RefCounted {
 public:
  /// `owner` keeps the bytes alive (a mapped file, a caller's buffer); they may be written to.
  Storage(void* data, size_t bytes, Ref<RefCounted> owner)
      : data_(static_cast<std::byte*>(data)), bytes_(bytes), owner_(std::move(owner)) {}
  /// As above, and calls `release` with the storage when the last reference goes.
  Storage(void* data, size_t bytes, Ref<RefCounted> owner, void (*release)(Storage&))
      : data_(static_cast<std::byte*>(data)), bytes_(bytes), owner_(std::move(owner)), release_(release) {}
  ~Storage() override {
    if (release_) release_(*this);
  }
  /// Uninitialised bytes from the heap. Throws Error (limit) when there is no memory.
  static Ref<Storage> allocate(size_t bytes);

  std::byte* data() const { return data_; }
  size_t bytes() const { return bytes_; }
  RefCounted* owner() const { return owner_.get(); }
  /// Grows or shrinks the block, keeping the leading bytes; views of it stay valid (resize_, set_).
  void resize(size_t bytes);

  /// Set when a compiled program holds something computed from these bytes (packed weights, folded constants):
  /// an operator that writes here afterwards makes the module compile anew.
  std::atomic<bool> baked{false};

 private:
  std::byte* data_;
  size_t bytes_;
  Ref<RefCounted> owner_;
  void (*release_)(Storage&) = nullptr;
};

/// The fields of a tensor. Made and changed by the library; read it through Tensor.
struct TensorImpl : RefCounted {
  Ref<Storage> storage;
  int64_t offset = 0;  ///< in elements
  DType dtype = DType::f32;
  Device device;
  bool requires_grad = false;
  bool wrapped_number = false;  ///< a 0-dim tensor made from a Python number: takes part in type promotion as that number
  Dims sizes, strides;          ///< in elements; equal length
  int64_t numel = 0;            ///< product of sizes
  Ref<RefCounted> extra;        ///< quantizer or sparse parts, for the few kinds that have them
};

class Tensor {
 public:
  Tensor() = default;  ///< undefined: defined() is false
  explicit Tensor(Ref<TensorImpl> impl) : impl_(std::move(impl)) {}

  /// Uninitialised, contiguous.
  static Tensor empty(IntSpan sizes, DType dtype = DType::f32);
  static Tensor zeros(IntSpan sizes, DType dtype = DType::f32);
  /// A view of `storage`; throws Error (malformed) if any element would lie outside it.
  static Tensor view_of(Ref<Storage> storage, DType dtype, IntSpan sizes, IntSpan strides, int64_t offset);
  /// A contiguous tensor over the caller's memory, which must outlive it; `owner`, when given, is kept alive instead.
  static Tensor from_blob(void* data, IntSpan sizes, DType dtype = DType::f32, Ref<RefCounted> owner = {});

  bool defined() const { return static_cast<bool>(impl_); }
  DType dtype() const { return impl_->dtype; }
  Device device() const { return impl_->device; }
  int64_t dim() const { return static_cast<int64_t>(impl_->sizes.size()); }
  IntSpan sizes() const { return impl_->sizes; }
  IntSpan strides() const { return impl_->strides; }
  int64_t size(int64_t d) const { return impl_->sizes[static_cast<size_t>(d < 0 ? d + dim() : d)]; }      ///< d in [-dim, dim)
  int64_t stride(int64_t d) const { return impl_->strides[static_cast<size_t>(d < 0 ? d + dim() : d)]; }  ///< d in [-dim, dim)
  int64_t numel() const { return impl_->numel; }
  int64_t offset() const { return impl_->offset; }
  const Ref<Storage>& storage() const { return impl_->storage; }
  bool requires_grad() const { return impl_->requires_grad; }

  /// First element. The caller knows the dtype; data<T>() only casts.
  void* data() const { return impl_->storage->data() + impl_->offset * static_cast<int64_t>(item_size(impl_->dtype)); }
  template <class T>
  T* data() const {
    return static_cast<T*>(data());
  }

  bool is_contiguous() const;                     ///< row-major without gaps
  bool is_contiguous(MemoryFormat format) const;  ///< channels_last needs 4 dimensions, channels_last_3d 5
  /// Same elements in row-major order: itself when it already is, else a copy.
  Tensor contiguous() const;
  /// The only element as a number (numel() must be 1); integers, floats and bools convert.
  double item() const;
  int64_t item_int() const;
  /// "float32 [1, 3, 224, 224]"
  std::string describe() const;

  TensorImpl* impl() const { return impl_.get(); }
  const Ref<TensorImpl>& ref() const { return impl_; }
  Ref<TensorImpl> take() { return std::move(impl_); }
  bool is_same(const Tensor& o) const { return impl_ == o.impl_; }

 private:
  Ref<TensorImpl> impl_;
};

/// Number of elements, checked: throws Error (limit) when it or its bytes do not fit 2^47, Error (model) for a negative size.
int64_t checked_numel(IntSpan sizes, size_t item_bytes = 1);
/// Row-major strides (a size of 0 counts as 1, as in PyTorch).
Dims contiguous_strides(IntSpan sizes);
/// Strides of `format` for these sizes; preserve counts as contiguous.
Dims strides_for(IntSpan sizes, MemoryFormat format);
/// "[1, 3, 224]"
std::string sizes_text(IntSpan sizes);

}  // namespace tsrun
