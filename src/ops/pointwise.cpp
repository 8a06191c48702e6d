#include "ops/pointwise.h"

#include "ops/copy_convert.h"
#include "ops/tensor_ops.h"

namespace tsrun::detail {

void refuse(std::string_view name, DType dtype) { fail("\"", name, "\" not implemented for '", scalar_type_name(dtype), "'"); }

static Scalar rounded(const Scalar& s, DType to) {
  Scalar out;
  dispatch(StorableTypes(), to, "copy_kernel", [&]<class T>() {
    T value = s.to<T>();
    out = load_scalar(&value, to);
  });
  return out;
}

Scalar converted(const Scalar& s, DType to) {
  alignas(16) std::byte element[16];
  store_scalar(s, to, element);
  return load_scalar(element, to);
}

Inputs::Inputs(Context& ctx, std::span<const PassInput> inputs, DType common, DType compute, Exact exact) {
  inputs_.reserve(inputs.size());
  for (size_t i = 0; i < inputs.size(); ++i) {
    const PassInput& in = inputs[i];
    bool kept = exact == Exact::all || (exact == Exact::second && i == 1) || (exact == Exact::numbers && !in.tensor);
    bool round = compute != common && !(kept && is_floating(common));
    if (!in.tensor) {
      inputs_.push_back({round ? rounded(in.number, common) : in.number, compute});
    } else if (round && in.tensor->dtype() != common) {
      cast_[i] = cast(ctx, *in.tensor, common);
      inputs_.push_back({cast_[i], compute});
    } else {
      inputs_.push_back({*in.tensor, compute});
    }
  }
}

UnaryKernelState unary_kernel_state(kernels::Unary op, bool wide, std::span<const double> params) {
  UnaryKernelState s{};
  s.function = wide ? reinterpret_cast<void (*)()>(kernels::unary_f64(op)) : reinterpret_cast<void (*)()>(kernels::unary_f32(op));
  for (size_t i = 0; i < params.size(); ++i) {
    s.wide[i] = params[i];
    s.narrow[i] = static_cast<float>(params[i]);
  }
  return s;
}

void unary_kernel_f32(const void* const* in, void* out, int64_t n, const void* state) {
  auto& s = *static_cast<const UnaryKernelState*>(state);
  reinterpret_cast<kernels::UnaryF32>(s.function)(static_cast<const float*>(in[0]), static_cast<float*>(out), n, s.narrow);
}

void unary_kernel_f64(const void* const* in, void* out, int64_t n, const void* state) {
  auto& s = *static_cast<const UnaryKernelState*>(state);
  reinterpret_cast<kernels::UnaryF64>(s.function)(static_cast<const double*>(in[0]), static_cast<double*>(out), n, s.wide);
}

}  // namespace tsrun::detail
