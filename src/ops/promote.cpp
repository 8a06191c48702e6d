#include "ops/promote.h"

#include "ops/check.h"

namespace tsrun {

static bool is_float8(DType t) { return t >= DType::f8_e5m2 && t <= DType::f8_e4m3fnuz; }
static bool is_late_unsigned(DType t) { return t == DType::u16 || t == DType::u32 || t == DType::u64; }

DType real_type(DType t) { return t == DType::c32 ? DType::f16 : t == DType::c64 ? DType::f32 : t == DType::c128 ? DType::f64 : t; }

DType complex_type(DType t) {
  if (is_complex(t)) return t;
  return t == DType::f16 ? DType::c32 : t == DType::f64 ? DType::c128 : DType::c64;
}

DType promote_types(DType a, DType b) {
  if (a == b) return a;
  const char *first = scalar_type_name(a), *second = scalar_type_name(b);
  check(!is_float8(a) && !is_float8(b), "Promotion for Float8 Types is not supported, attempted to promote ", first, " and ", second);
  check(!is_quantized(a) && !is_quantized(b),
        "promoteTypes with quantized numbers is not handled yet; figure out what the correct rules should be, offending types: ", first,
        " ", second);
  if (is_late_unsigned(a) || is_late_unsigned(b)) {
    check(is_floating(a) || is_floating(b), "Promotion for uint16, uint32, uint64 types is not supported, attempted to promote ", first,
          " and ", second);
    return is_floating(a) ? a : b;
  }
  if (is_complex(a) || is_complex(b)) {
    DType x = real_type(a), y = real_type(b);
    return complex_type(!is_floating(x) ? y : !is_floating(y) ? x : promote_types(x, y));
  }
  if (is_floating(a) || is_floating(b)) {
    if (!is_floating(a)) return b;
    if (!is_floating(b)) return a;
    return a == DType::f64 || b == DType::f64 ? DType::f64 : DType::f32;  // two different ones of f16, bf16 and f32 meet in f32
  }
  if (a == DType::boolean) return b;
  if (b == DType::boolean) return a;
  if (a > b) std::swap(a, b);  // u8 < i8 < i16 < i32 < i64
  return a == DType::u8 && b == DType::i8 ? DType::i16 : b;
}

bool can_cast(DType from, DType to) {
  if (is_complex(from) && !is_complex(to)) return false;
  if (is_floating(from) && !is_floating(to) && !is_complex(to)) return false;
  return from == DType::boolean || to != DType::boolean;
}

void Promotion::Group::add(DType t) {
  dtype = used ? promote_types(dtype, t) : t;
  used = true;
}

Promotion& Promotion::add(const Tensor& t) {
  DType dtype = t.dtype();
  if (!t.impl()->wrapped_number) {
    (t.dim() > 0 ? dimensioned_ : zero_dim_).add(dtype);
  } else {
    numbers_.add(is_complex(dtype) ? complex_type(default_dtype) : is_floating(dtype) ? default_dtype : dtype);
  }
  return *this;
}

Promotion& Promotion::add(const Scalar& s) {
  numbers_.add(s.is_complex() ? complex_type(default_dtype) : s.is_floating() ? default_dtype : s.dtype());
  return *this;
}

Promotion::Group Promotion::combine(const Group& higher, const Group& lower) {
  if (!higher.used) return lower;
  if (!lower.used || is_complex(higher.dtype)) return higher;
  if (is_floating(higher.dtype)) return {is_complex(lower.dtype) ? complex_type(higher.dtype) : higher.dtype, true};
  bool raises = higher.dtype == DType::boolean || is_floating(lower.dtype) || is_complex(lower.dtype);
  return {raises ? promote_types(higher.dtype, lower.dtype) : higher.dtype, true};
}

DType Promotion::result() const { return combine(dimensioned_, combine(zero_dim_, numbers_)).dtype; }

}  // namespace tsrun
