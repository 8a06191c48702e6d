// In-place and out= forms of functional operators.
#include "ops/promote.h"
#include "ops/registry.h"
#include "ops/tensor_ops.h"

namespace tsrun {

void call_derived(Context& ctx, const Op& op, Arguments arguments, Value* const* results) {
  auto at = static_cast<size_t>(op.destination_argument);
  const Tensor destination = arguments[at].to_tensor();
  bool in_place = at == 0;
  const Value* inputs[48];
  size_t count = 0;
  for (size_t i = 0; i < arguments.size(); ++i)
    if (in_place || i != at) inputs[count++] = &arguments[i];
  // Factory functions have arguments (dtype, layout, device, pin_memory) that their out= form takes from the destination.
  const Value dtype = static_cast<int64_t>(destination.dtype()), nothing;
  for (const auto& formals = op.base_schema->arguments; count < formals.size(); ++count) inputs[count] = formals[count].name == "dtype" ? &dtype : &nothing;
  Value result;
  Value* result_place = &result;
  ctx.destination = &destination;
  struct Reset {
    Context& ctx;
    ~Reset() { ctx.destination = nullptr; }
  } reset{ctx};
  op.base->call(ctx, *op.base, Arguments(inputs, count), &result_place);
  ctx.destination = nullptr;
  const Tensor& computed = result.to_tensor();
  if (!computed.is_same(destination)) {
    check(can_cast(computed.dtype(), destination.dtype()), "result type ", scalar_type_name(computed.dtype()),
          " can't be cast to the desired output type ", scalar_type_name(destination.dtype()));
    if (in_place) {
      check(std::equal(computed.sizes().begin(), computed.sizes().end(), destination.sizes().begin(), destination.sizes().end()), "output with shape ",
            destination.sizes(), " doesn't match the broadcast shape ", computed.sizes());
    } else if (!std::equal(computed.sizes().begin(), computed.sizes().end(), destination.sizes().begin(), destination.sizes().end())) {
      resize(destination, computed.sizes());
    }
    copy_into(ctx, destination, computed);
  }
  *results[0] = destination;
}

}  // namespace tsrun
