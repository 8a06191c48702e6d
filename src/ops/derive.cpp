// In-place and out= forms of functional operators.
#include <algorithm>

#include "ir/type.h"
#include "ops/destination.h"
#include "ops/promote.h"
#include "ops/registry.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

std::string_view short_name(const Schema& s) { return std::string_view(s.name).substr(s.name.find("::") + 2); }

void check_input(std::string_view name, const Tensor& destination, const Tensor& input, bool in_place) {
  switch (overlap(destination, input)) {
    case Overlap::partial:
      if (!allows_overlap(name)) check_no_partial_overlap(destination, input);
      break;
    case Overlap::full:
      if (!in_place && wants_separate_memory(name)) check_no_overlap(destination, input);
      break;
    default: break;
  }
}

/// What PyTorch checks before it computes.
void check_memory(const Schema& base, Arguments arguments, size_t at, const Tensor& destination) {
  std::string_view name = short_name(base);
  bool spread = false;
  for (int64_t d = 0; d < destination.dim(); ++d) spread = spread || (destination.stride(d) == 0 && destination.size(d) > 1);
  if (spread && !allows_overlap(name)) check_writable(destination);
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (i == at) continue;
    const Value& v = arguments[i];
    if (v.is_tensor()) {
      if (v.to_tensor().defined()) check_input(name, destination, v.to_tensor(), at == 0);
    } else if (v.is_list()) {
      for (const Value& e : v.to_list().elements)
        if (e.is_tensor() && e.to_tensor().defined()) check_input(name, destination, e.to_tensor(), at == 0);
    }
  }
}

/// `computed` by operator `base` goes to `destination`, which is resized unless `in_place`.
void store_result(Context& ctx, const Schema& base, const Tensor& destination, const Tensor& computed, bool in_place) {
  if (computed.is_same(destination)) return;
  bool same_sizes = std::ranges::equal(computed.sizes(), destination.sizes());
  check(can_cast(computed.dtype(), destination.dtype()), "result type ", scalar_type_name(computed.dtype()),
        " can't be cast to the desired output type ", scalar_type_name(destination.dtype()));
  if (in_place) {
    check(same_sizes, "output with shape ", destination.sizes(), " doesn't match the broadcast shape ", computed.sizes());
  } else {
    check(computed.dtype() == destination.dtype() || !wants_equal_dtype(short_name(base)), "Expected out tensor to have dtype ",
          computed.dtype(), ", but got ", destination.dtype(), " instead");
    if (!same_sizes) resize(destination, computed.sizes());
  }
  copy_into(ctx, destination, computed);
}

}  // namespace

void call_store(Context& ctx, const Op& op, Arguments arguments, Value* const* results) {
  size_t count = arguments.size() / 2;
  for (size_t i = 0; i < count; ++i) {
    store_result(ctx, *op.base_schema, arguments[i].to_tensor(), arguments[count + i].to_tensor(), op.destination_argument == 0);
    *results[i] = arguments[i];
  }
}

void call_derived(Context& ctx, const Op& op, Arguments arguments, Value* const* results) {
  const Schema& base = *op.base_schema;
  auto at = static_cast<size_t>(op.destination_argument);
  const Value& written = arguments[at];
  bool in_place = at == 0, list = written.is_list();
  size_t count = base.returns.size();  // of the destinations, which follow one another
  if (!list)
    for (size_t i = 0; i < count; ++i) check_memory(base, arguments, at + i, arguments[at + i].to_tensor());

  const Value* inputs[48];
  size_t given = 0;
  for (size_t i = 0; i < arguments.size(); ++i)
    if (in_place || i < at || i >= at + count) inputs[given++] = &arguments[i];
  const Tensor destination = list ? Tensor() : written.to_tensor();
  const Value dtype = list ? Value() : Value(static_cast<int64_t>(destination.dtype())), nothing;
  for (size_t i = 0; i < given; ++i)
    if (base.arguments[i].name == "dtype" && inputs[i]->is_none() && !in_place && infers_dtype(short_name(base))) inputs[i] = &dtype;
  // Factory functions have arguments (dtype, layout, device, pin_memory) that their out= form takes from the destination.
  for (; given < base.arguments.size(); ++given) inputs[given] = base.arguments[given].name == "dtype" ? &dtype : &nothing;

  std::array<Value, 8> computed;
  std::array<Value*, 8> places;
  for (size_t i = 0; i < count; ++i) places[i] = &computed[i];
  {
    struct Reset {
      Context& ctx;
      ~Reset() { ctx.destination = nullptr; }
    } reset{ctx};
    ctx.destination = count == 1 && !list ? &destination : nullptr;
    op.base->call(ctx, *op.base, Arguments(inputs, given), places.data());
  }
  if (list) {
    auto& to = written.to_list().elements;
    auto& from = computed[0].to_list().elements;
    check(to.size() == from.size(), "expected ", from.size(), " out tensors, got ", to.size());
    for (size_t i = 0; i < to.size(); ++i) store_result(ctx, base, to[i].to_tensor(), from[i].to_tensor(), false);
    return;
  }
  for (size_t i = 0; i < count; ++i) {
    store_result(ctx, base, arguments[at + i].to_tensor(), computed[i].to_tensor(), in_place);
    *results[i] = arguments[at + i];
  }
}

}  // namespace tsrun
