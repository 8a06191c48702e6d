#include "archive/pickle_globals.h"

#include <unordered_map>

#include "archive/rebuild_tensor.h"

namespace tsrun::pickle {
namespace {

using Table = std::unordered_map<std::string_view, Callable>;

const Table& callables() {
  using enum Callable;
  static const Table table = {
      {"torch._utils._rebuild_tensor", rebuild_tensor},
      {"torch._utils._rebuild_tensor_v2", rebuild_tensor},
      {"torch._utils._rebuild_tensor_v3", rebuild_tensor_v3},
      {"torch._utils._rebuild_parameter", rebuild_parameter},
      {"torch._utils._rebuild_parameter_with_state", rebuild_parameter},
      {"torch._tensor._rebuild_from_type_v2", rebuild_from_type},
      {"torch._utils._rebuild_qtensor", rebuild_quantized},
      {"torch._utils._rebuild_sparse_tensor", rebuild_sparse},
      {"torch._utils._rebuild_sparse_csr_tensor", rebuild_sparse},
      {"torch._utils._rebuild_meta_tensor_no_storage", rebuild_meta},
      {"collections.OrderedDict", ordered_dict},
      {"torch.device", device},
      {"builtins.complex", complex},
      {"__builtin__.complex", complex},
      {"torch.Size", size},
      {"builtins.set", same_list},
      {"__builtin__.set", same_list},
      {"builtins.frozenset", same_list},
      {"__builtin__.frozenset", same_list},
      {"_codecs.encode", latin1_bytes},
      {"builtins.bytearray", latin1_bytes},
      {"__builtin__.bytearray", latin1_bytes},
      {"torch.jit._pickle.build_intlist", int_list},
      {"torch.jit._pickle.build_tensorlist", tensor_list},
      {"torch.jit._pickle.build_doublelist", double_list},
      {"torch.jit._pickle.build_boollist", bool_list},
      {"torch.jit._pickle.restore_type_tag", restore_type_tag},
      {"torch.storage.UntypedStorage", untyped_storage_class},
      {"torch.UntypedStorage", untyped_storage_class},
  };
  return table;
}

const std::unordered_map<std::string_view, DType>& storage_classes() {
  using enum DType;
  static const std::unordered_map<std::string_view, DType> table = {
      {"ByteStorage", u8},
      {"CharStorage", i8},
      {"ShortStorage", i16},
      {"IntStorage", i32},
      {"LongStorage", i64},
      {"HalfStorage", f16},
      {"FloatStorage", f32},
      {"DoubleStorage", f64},
      {"ComplexHalfStorage", c32},
      {"ComplexFloatStorage", c64},
      {"BoolStorage", boolean},
      {"ComplexDoubleStorage", c128},
      {"QInt8Storage", qi8},
      {"QUInt8Storage", qu8},
      {"QInt32Storage", qi32},
      {"BFloat16Storage", bf16},
      {"UInt16Storage", u16},
      {"UInt32Storage", u32},
      {"UInt64Storage", u64},
      {"Float8_e5m2Storage", f8_e5m2},
      {"Float8_e4m3fnStorage", f8_e4m3fn},
      {"Float8_e5m2fnuzStorage", f8_e5m2fnuz},
      {"Float8_e4m3fnuzStorage", f8_e4m3fnuz},
  };
  return table;
}

/// `torch.<name>` that stands for a number in TorchScript.
const std::unordered_map<std::string_view, int>& constants() {
  static const std::unordered_map<std::string_view, int> table = {
      {"strided", 0},
      {"sparse_coo", 1},
      {"sparse_csr", 2},
      {"sparse_csc", 4},
      {"sparse_bsr", 5},
      {"sparse_bsc", 6},
      {"contiguous_format", 0},
      {"preserve_format", 1},
      {"channels_last", 2},
      {"channels_last_3d", 3},
      {"per_tensor_affine", 0},
      {"per_channel_affine", 1},
      {"per_tensor_symmetric", 2},
      {"per_channel_symmetric", 3},
      {"per_channel_affine_float_qparams", 4},
  };
  return table;
}

[[noreturn]] void fail(const GlobalAtom& global, const std::string& why) { throw Error(ErrorKind::malformed, global.name + " " + why); }

/// Text to the bytes of the same code points.
std::string latin1(const GlobalAtom& global, std::string_view text) {
  std::string bytes;
  for (size_t i = 0; i < text.size(); ++i) {
    auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x80) {
      if ((c & 0xfc) != 0xc0 || i + 1 == text.size()) fail(global, "holds text outside latin1");
      c = static_cast<unsigned char>((c << 6) | (text[++i] & 0x3f));
    }
    bytes.push_back(static_cast<char>(c));
  }
  return bytes;
}

double number(const GlobalAtom& global, const Value& v) {
  if (v.is_double()) return v.to_double();
  if (v.is_int()) return static_cast<double>(v.to_int());
  fail(global, "got a " + std::string(tag_name(v.tag())) + " for a number");
}

Value make_ordered_dict(const GlobalAtom& global, std::span<const Value> args) {
  auto dict = make_ref<DictObject>();
  if (!args.empty()) {
    if (!args[0].is_list()) fail(global, "got a " + std::string(tag_name(args[0].tag())) + " for its items");
    for (const Value& item : args[0].to_list().elements) {
      const std::vector<Value>* pair = item.is_tuple() ? &item.to_tuple().elements : item.is_list() ? &item.to_list().elements : nullptr;
      if (!pair || pair->size() != 2 || !(*pair)[0].is_string()) fail(global, "got an item that is no pair of a string and a value");
      dict->set((*pair)[0], (*pair)[1]);
    }
  }
  return dict;
}

Value make_device(const GlobalAtom& global, std::span<const Value> args) {
  if (args.empty() || !args[0].is_string()) fail(global, "got no name");
  std::string text = args[0].to_string();
  if (args.size() > 1 && args[1].is_int()) text += ":" + std::to_string(args[1].to_int());
  return parse_device(text);
}

}  // namespace

Value find_global(std::string_view module, std::string_view name) {
  auto atom = [](Callable c, std::string n, DType t = DType::u8) { return Value(Tag::capsule, make_ref<GlobalAtom>(c, std::move(n), t)); };
  std::string full = std::string(module) + "." + std::string(name);
  if (module == "__torch__" || module.starts_with("__torch__.")) return atom(Callable::archive_class, std::move(full));
  if (auto it = callables().find(full); it != callables().end()) return atom(it->second, std::move(full));
  if (module == "torch") {
    if (auto it = storage_classes().find(name); it != storage_classes().end())
      return atom(Callable::storage_class, std::move(full), it->second);
    if (auto it = constants().find(name); it != constants().end()) return it->second;
    if (DType dtype; parse_dtype(name, dtype)) return static_cast<int64_t>(dtype);
  }
  return atom(Callable::unknown, std::move(full));
}

std::string unknown_global_text(const std::string& name) {
  std::string text = "holds " + name + ", which tsrun does not build";
  if (name.starts_with("numpy")) return text + "; save tensors instead of numpy arrays";
  if (name.find("torch.nn.modules") == 0 || name.starts_with("__main__."))
    return text + "; it was saved with torch.save(module): save torch.jit.script(module) with torch.jit.save";
  return text;
}

Value call(const GlobalAtom& global, std::span<const Value> args, ObjectBuilder& builder) {
  auto need = [&](size_t n) {
    if (args.size() < n) fail(global, "needs " + std::to_string(n) + " arguments, got " + std::to_string(args.size()));
  };
  auto typed = [&](const char* type) {
    need(1);
    if (!args[0].is_list()) fail(global, "got a " + std::string(tag_name(args[0].tag())) + " for a list");
    return builder.restore_type(args[0], type);
  };
  switch (global.callable) {
    case Callable::rebuild_tensor: return need(4), rebuild_tensor(args);
    case Callable::rebuild_tensor_v3: return need(7), rebuild_tensor_v3(args);
    case Callable::rebuild_parameter: return need(2), rebuild_parameter(args);
    case Callable::rebuild_quantized: return need(6), rebuild_quantized(args);
    case Callable::rebuild_from_type: {
      need(3);
      const auto* function = as_atom<GlobalAtom>(args[0]);
      const auto* inner = as_atom<TupleAtom>(args[2]);
      if (!function || !inner || function->callable == Callable::rebuild_from_type) fail(global, "got no function and arguments");
      return call(*function, inner->elements, builder);
    }
    case Callable::rebuild_sparse: throw Error(ErrorKind::unsupported, "sparse tensors are not supported; save them with to_dense()");
    case Callable::rebuild_meta: throw Error(ErrorKind::unsupported, "a tensor of device meta has no data");
    case Callable::ordered_dict: return make_ordered_dict(global, args);
    case Callable::device: return make_device(global, args);
    case Callable::complex: return need(2), Value(std::complex<double>(number(global, args[0]), number(global, args[1])));
    case Callable::size:
      need(1);
      if (!args[0].is_tuple()) fail(global, "got a " + std::string(tag_name(args[0].tag())) + " for a tuple");
      return args[0];
    case Callable::same_list:
      if (args.empty()) return make_list({});
      if (!args[0].is_list()) fail(global, "got a " + std::string(tag_name(args[0].tag())) + " for a list");
      return args[0];
    case Callable::latin1_bytes:
      if (args.empty()) return "";
      if (!args[0].is_string()) fail(global, "got a " + std::string(tag_name(args[0].tag())) + " for a string");
      return args.size() > 1 ? Value(latin1(global, args[0].to_string())) : args[0];
    case Callable::int_list: return typed("List[int]");
    case Callable::tensor_list: return typed("List[Tensor]");
    case Callable::double_list: return typed("List[float]");
    case Callable::bool_list: return typed("List[bool]");
    case Callable::restore_type_tag:
      need(2);
      if (!args[1].is_string() || as_atom(args[0])) fail(global, "needs a container and the text of its type");
      return builder.restore_type(args[0], args[1].to_string());
    case Callable::archive_class:
    case Callable::storage_class:
    case Callable::untyped_storage_class: fail(global, "is no function");
    case Callable::unknown: break;
  }
  throw Error(ErrorKind::unsupported, unknown_global_text(global.name));
}

}  // namespace tsrun::pickle
