// Type promotion: the dtype in which operands of different dtypes meet.
#pragma once
#include "ops/scalar.h"
#include "tsrun/tensor.h"

namespace tsrun {

/// What Python's floating numbers become among integer tensors, and integer tensors under sqrt, exp and the like.
constexpr DType default_dtype = DType::f32;

/// The smallest dtype that holds both. Throws for pairs PyTorch refuses (float8, uint16 to uint64 with other integers).
DType promote_types(DType a, DType b);
/// May a result of type `from` be written to a tensor of type `to`? The category (bool, integer, floating, complex) may not sink.
bool can_cast(DType from, DType to);
/// The floating type of a complex type's parts; other types as they are.
DType real_type(DType t);
/// The complex type whose parts are of the floating type t.
DType complex_type(DType t);
/// Integers and bool become the default dtype.
inline DType floating_type(DType t) { return is_floating(t) || is_complex(t) ? t : default_dtype; }

/// Collects operands: tensors with dimensions decide, 0-dim tensors and after them Python numbers only raise the category.
class Promotion {
 public:
  Promotion& add(const Tensor& t);
  Promotion& add(const Scalar& s);
  DType result() const;

 private:
  struct Group {
    DType dtype = DType::boolean;
    bool used = false;
    void add(DType t);
  };
  static Group combine(const Group& higher, const Group& lower);
  Group dimensioned_, zero_dim_, numbers_;
};

template <class... Operands>
DType result_type(const Operands&... operands) {
  Promotion p;
  (p.add(operands), ...);
  return p.result();
}
inline DType result_type(const Tensor& a, const Tensor& b) {
  return a.dtype() == b.dtype() && !a.impl()->wrapped_number && !b.impl()->wrapped_number ? a.dtype() : Promotion().add(a).add(b).result();
}

}  // namespace tsrun
