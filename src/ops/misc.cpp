// Operators about the session, types, devices, enums and shapes: everything without a tensor that is no number, string or container.
#include <chrono>
#include <iostream>
#include <random>

#include "ir/type.h"
#include "ops/future.h"
#include "ops/generator.h"
#include "ops/shape.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {

namespace {

// ---- the session ----------------------------------------------------------------------------------------------------------------------
template <bool answer>
bool always(Context&) {
  return answer;
}
Value no_torch_function(Context&, Arguments) { return false; }
bool is_grad_enabled(Context& ctx) { return ctx.grad_enabled; }
void set_grad_enabled(Context& ctx, bool enabled) { ctx.grad_enabled = enabled; }
bool is_autocast_enabled(Context& ctx) { return ctx.autocast_enabled; }
/// Instructions of the interpreter (runtime/direct.h), which keeps the managers; rows only name them.
void context_instruction(Context&) { fail("a context can be entered and left by the interpreter alone"); }
void manager_instruction(Context& ctx, const Value&) { context_instruction(ctx); }
int64_t autocast_dtype(Context&, std::string_view device) {
  return static_cast<int64_t>(parse_device(device).kind == Device::Kind::cpu ? DType::bf16 : DType::f16);
}
std::string cpu_capability(Context&) { return "DEFAULT"; }
void clear_plan_cache(Context&, int64_t) {}
int64_t plan_cache_size(Context&, int64_t) { return 0; }
void set_plan_cache_size(Context&, int64_t, int64_t) {}

void manual_seed(Context& ctx, int64_t seed) {
  check(ctx.generator != nullptr, "no random number generator in this context");
  ctx.generator->set_seed(static_cast<uint64_t>(seed));
}
Value manual_seed_of(Context&, const Value& generator, int64_t seed) {
  to_generator(generator).set_seed(static_cast<uint64_t>(seed));
  return generator;
}
Value new_generator(Context&, std::optional<Device>, std::optional<int64_t> seed) {
  return make_generator(seed ? static_cast<uint64_t>(*seed) : Generator::default_seed);
}
/// A seed that differs from run to run; like PyTorch's it keeps to the integers that a double represents.
int64_t seed(Context&, const Value& generator) {
  std::random_device source;
  uint64_t bits = (static_cast<uint64_t>(source()) << 32 | source()) & 0x1fffffffffffff;
  to_generator(generator).set_seed(bits);
  return static_cast<int64_t>(bits);
}
int64_t initial_seed(Context&, const Value& generator) { return static_cast<int64_t>(to_generator(generator).initial_seed()); }

void warn(Context&, std::string_view message, int64_t) { std::cerr << "Warning: " << message << std::endl; }
void print(Context& ctx, std::string_view text) { (ctx.output ? *ctx.output : std::cout) << text << std::endl; }
Value begin_record(Context&, std::string_view, const Value&) {
  static const TypeRef type(new ClassType(TypeKind::quantized_params, "__torch__.torch.classes.profiler._RecordFunction"));
  return make_ref<ClassObject>(type, 1);
}
Tensor begin_old_record(Context& ctx, std::string_view, const Value&) { return ctx.zeros({}, DType::u8); }
void end_record(Context&, const Value&) {}
Value end_record_later(Context&, const Value&, const Value& future) { return future; }
int64_t time_point(Context&) { return std::chrono::steady_clock::now().time_since_epoch().count(); }
void add_stat(Context&, std::string_view, int64_t) {}

[[noreturn]] void refuse_files(const char* name) { unsupported(name, ": operators do not touch files here"); }
void save(Context&, const Value&, std::string_view) { refuse_files("aten::save"); }
Tensor from_file(Context&, std::string_view, std::optional<bool>, std::optional<int64_t>, std::optional<DType>, std::optional<Layout>,
                 std::optional<Device>, std::optional<bool>) {
  refuse_files("aten::from_file");
}

// ---- values -----------------------------------------------------------------------------------------------------------------------------
Value wait(Context&, const Value& future) {
  FutureObject& f = future.to_future();
  if (auto* failed = dynamic_cast<const FailedFuture*>(&f)) throw failed->error;
  return f.value;
}
Value finished(Context&, const Value& v) { return make_ref<FutureObject>(v); }
bool is(Context&, const Value& a, const Value& b) { return a.is(b); }
bool is_not(Context&, const Value& a, const Value& b) { return !a.is(b); }
Value same(Context&, const Value& v) { return v; }
Value unwrap(Context&, const Value& v) {
  check(!v.is_none(), "Unwrapping null optional");
  return v;
}
Value choose(Context&, bool condition, const Value& a, const Value& b) { return condition ? a : b; }
int64_t identity(Context&, const Value& object) {
  return object.is_none() ? 0 : static_cast<int64_t>(reinterpret_cast<uintptr_t>(object.shared_object()));
}

std::string enum_name(Context&, const Value& e) { return e.to_enum().name; }
Value enum_value(Context&, const Value& e) { return e.to_enum().value; }
bool same_enum(Context&, const Value& a, const Value& b) {
  auto &x = a.to_enum(), &y = b.to_enum();
  return &x == &y || (x.name == y.name && same_type(x.type, y.type));
}
bool other_enum(Context& ctx, const Value& a, const Value& b) { return !same_enum(ctx, a, b); }

void assert_scalar(Context&, const Scalar& condition, std::string_view message) { check(condition.to_bool(), message); }
void constrain(Context&, const Scalar& size, std::optional<int64_t> min, std::optional<int64_t> max) {
  int64_t v = size.to_int(), low = min.value_or(INT64_MIN), high = max.value_or(INT64_MAX);
  check(v >= low && v <= high, "Invalid value range for ", v, " between [", low, ", ", high, "].");
}
void constrain_size(Context& ctx, const Scalar& size, std::optional<int64_t> min, std::optional<int64_t> max) {
  constrain(ctx, size, min.value_or(0), max);
}

/// PyTorch's TorchScript drops these, as they return nothing and write nowhere; a program that it runs must run here.
void assert_async(Context&, const Tensor&) {}
void assert_async_message(Context&, const Tensor&, std::string_view) {}
void assert_metadata(Context&, const Tensor&, std::optional<IntSpan>, std::optional<IntSpan>, std::optional<DType>, std::optional<Device>,
                     std::optional<Layout>) {}

/// The functional ones return their last argument, so that they stay.
Tensor functional_assert_async(Context& ctx, const Tensor& self, std::string_view message, const Tensor& token) {
  check(self.numel() != 0, "Boolean value of Tensor with no values is ambiguous");
  check(self.numel() == 1, "Boolean value of Tensor with more than one value is ambiguous");
  check(cast(ctx, self, DType::boolean).item_int() != 0, message);
  return clone(ctx, token);
}
Tensor functional_assert_scalar(Context& ctx, const Scalar& condition, std::string_view message, const Tensor& token) {
  assert_scalar(ctx, condition, message);
  return clone(ctx, token);
}
template <auto Constrain>
Tensor functional_constrain(Context& ctx, const Scalar& size, std::optional<int64_t> min, std::optional<int64_t> max, const Tensor& token) {
  Constrain(ctx, size, min, max);
  return clone(ctx, token);
}

// ---- shapes -----------------------------------------------------------------------------------------------------------------------------
Dims broadcast(Context&, IntSpan a, IntSpan b) { return broadcast_sizes(a, b); }
std::optional<Dims> size_if_not_equal(Context&, IntSpan a, IntSpan b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end()) ? std::nullopt : std::optional<Dims>(Dims(a));
}
Dims reduction_sizes(Context&, IntSpan size, IntSpan dims, bool keepdim) {
  return reduced_sizes(size, dim_mask(dims, static_cast<int64_t>(size.size()), false), keepdim);
}

// ---- devices ----------------------------------------------------------------------------------------------------------------------------
Device device(Context&, std::string_view text) { return parse_device(text); }
Device device_at(Context&, std::string_view type, int64_t index) {
  Device d = parse_device(type);
  check(index >= -1 && index <= 127, "Device index must be -1 or non-negative, got ", index);
  return {d.kind, static_cast<int8_t>(index)};
}
std::string device_type(Context&, const Value& d) { return to_string(Device{d.to_device().kind, -1}); }
std::optional<int64_t> device_index(Context&, const Value& d) {
  int8_t i = d.to_device().index;
  return i < 0 ? std::nullopt : std::optional<int64_t>(i);
}
bool same_device(Context&, Device a, Device b) { return a == b; }
bool other_device(Context&, Device a, Device b) { return a != b; }

constexpr Op rows[] = {
    op<"aten::is_scripting() -> bool", always<true>>(),
    op<"aten::_get_tracing_state() -> bool", always<false>>(),
    op<"aten::_nnpack_available() -> bool", always<false>>(),
    op<"aten::is_vulkan_available() -> bool", always<false>>(),
    op<"aten::_use_cudnn_rnn_flatten_weight() -> bool", always<false>>(),
    op<"aten::has_torch_function(...) -> bool", no_torch_function>(),
    op<"aten::is_grad_enabled() -> bool", is_grad_enabled>(),
    op<"aten::set_grad_enabled(bool val) -> ()", set_grad_enabled>(),
    op<"tsrun::enter_context(t manager) -> ()", manager_instruction>(),
    op<"tsrun::leave_context() -> ()", context_instruction>(),
    op<"aten::is_autocast_enabled() -> bool", is_autocast_enabled>(),
    op<"aten::is_autocast_cpu_enabled() -> bool", is_autocast_enabled>(),
    op<"aten::get_autocast_dtype(str device_type) -> ScalarType", autocast_dtype>(),
    op<"aten::_get_cpu_capability() -> str", cpu_capability>(),
    op<"aten::_cufft_clear_plan_cache(int device_index) -> ()", clear_plan_cache>(),
    op<"aten::_cufft_get_plan_cache_max_size(int device_index) -> int", plan_cache_size>(),
    op<"aten::_cufft_get_plan_cache_size(int device_index) -> int", plan_cache_size>(),
    op<"aten::_cufft_set_plan_cache_max_size(int device_index, int max_size) -> ()", set_plan_cache_size>(),
    op<"aten::manual_seed(int seed) -> ()", manual_seed>(),
    op<"aten::manual_seed.generator(Generator(a!) self, int seed) -> Generator(a!)", manual_seed_of>(),
    op<"aten::Generator(*, Device? device=None, int? seed=None) -> Generator", new_generator>(),
    op<"aten::seed(Generator(a!) self) -> int", seed>(),
    op<"aten::initial_seed(Generator self) -> int", initial_seed>(),
    op<"aten::wait(Future(t) self) -> t", wait>(),
    op<"prim::awaitable_wait(Await(t) self) -> t", wait>(),
    op<"prim::awaitable_nowait(t self) -> Await(t)", finished>(),
    op<"aten::__is__(t1 self, t2 obj) -> bool", is>(),
    op<"aten::__isnot__(t1 self, t2 obj) -> bool", is_not>(),
    op<"aten::_unwrap_optional(t(a)? optional) -> t(a)", unwrap>(),
    op<"prim::unchecked_unwrap_optional(t(a)? optional) -> t(a)", same>(),
    op<"prim::unchecked_cast(t x) -> t", same>(),
    op<"prim::IfThenElse(bool cond, Any(a) x, Any(b) y) -> Any(b|a)", choose>(),
    op<"prim::id(AnyClassType? x) -> int", identity>(),
    op<"aten::broadcast_shapes(int[] a, int[] b) -> int[]", broadcast>(),
    op<"aten::_infer_size(int[] a, int[] b) -> int[]", broadcast>(),
    op<"aten::_size_if_not_equal(int[] self_size, int[] other_size) -> int[]?", size_if_not_equal>(),
    op<"prim::ReductionSizes(int[] size, int[] red_axes, bool keepdim=False) -> int[]", reduction_sizes>(),
    op<"aten::device(str a) -> Device", device>(),
    op<"aten::device.with_index(str type, int index) -> Device", device_at>(),
    op<"prim::type(Device self) -> str", device_type>(),
    op<"prim::index(Device self) -> int?", device_index>(),
    op<"aten::eq.device(Device a, Device b) -> bool", same_device>(),
    op<"aten::ne.device(Device a, Device b) -> bool", other_device>(),
    op<"prim::EnumName(AnyEnumType enum) -> str", enum_name>(),
    op<"prim::EnumValue.int(AnyEnumType enum) -> int", enum_value>(),
    op<"prim::EnumValue.float(AnyEnumType enum) -> float", enum_value>(),
    op<"prim::EnumValue.str(AnyEnumType enum) -> str", enum_value>(),
    op<"aten::eq.enum(AnyEnumType a, AnyEnumType b) -> bool", same_enum>(),
    op<"aten::ne.enum(AnyEnumType a, AnyEnumType b) -> bool", other_enum>(),
    op<"aten::warn(str message, int stacklevel=2) -> ()", warn>(),
    op<"aten::_print(str s) -> ()", print>(),
    op<"prim::TimePoint() -> int", time_point>(),
    op<"profiler::_record_function_enter_new(str name, str? args=None) -> __torch__.torch.classes.profiler._RecordFunction",
       begin_record>(),
    op<"profiler::_record_function_exit._RecordFunction(__torch__.torch.classes.profiler._RecordFunction record) -> ()", end_record>(),
    op<"profiler::_record_function_enter(str name, str? args=None) -> Tensor", begin_old_record>(),
    op<"profiler::_record_function_exit(Tensor handle) -> ()", end_record>(),
    op<"profiler::_call_end_callbacks_on_jit_fut._RecordFunction(__torch__.torch.classes.profiler._RecordFunction x, Future(t) y) -> "
       "Future(t)",
       end_record_later>(),
    op<"profiler::_call_end_callbacks_on_jit_fut(Tensor x, Future(t) y) -> Future(t)", end_record_later>(),
    op<"prim::AddStatValue(str key, int val) -> ()", add_stat>(),
    op<"aten::_assert_scalar(Scalar self, str assert_msg) -> ()", assert_scalar>(),
    op<"aten::sym_constrain_range(Scalar size, *, int? min=None, int? max=None) -> ()", constrain>(),
    op<"aten::sym_constrain_range_for_size(Scalar size, *, int? min=None, int? max=None) -> ()", constrain_size>(),
    op<"aten::_functional_sym_constrain_range(Scalar size, int? min, int? max, Tensor dep_token) -> Tensor",
       functional_constrain<constrain>>(),
    op<"aten::_functional_sym_constrain_range_for_size(Scalar size, int? min, int? max, Tensor dep_token) -> Tensor",
       functional_constrain<constrain_size>>(),
    op<"aten::_functional_assert_scalar(Scalar self, str assert_msg, Tensor dep_token) -> Tensor", functional_assert_scalar>(),
    op<"aten::_functional_assert_async.msg(Tensor self, str assert_msg, Tensor dep_token) -> Tensor", functional_assert_async>(),
    op<"aten::_assert_async(Tensor self) -> ()", assert_async>(),
    op<"aten::_assert_async.msg(Tensor self, str assert_msg) -> ()", assert_async_message>(),
    op<"aten::_assert_tensor_metadata(Tensor a, SymInt[]? size=None, SymInt[]? stride=None, ScalarType? dtype=None, *, Device? "
       "device=None, "
       "Layout? layout=None) -> ()",
       assert_metadata>(),
    op<"aten::save(t item, str filename) -> ()", save>(),
    op<"aten::from_file(str filename, bool? shared=None, int? size=0, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, "
       "bool? pin_memory=None) -> Tensor",
       from_file>(),
};

}  // namespace

const std::span<const Op> misc_ops = rows;

}  // namespace tsrun
