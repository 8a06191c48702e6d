#include "json_value.h"

#include "command.h"
#include "fill.h"

namespace tsrun::tool {
namespace {

constexpr int max_depth = 1000;

Json tensor_json(const Tensor& tensor) {
  const Tensor x = tensor.contiguous();
  Json data = Json::array();
  for (int64_t i = 0; i < x.numel(); ++i) switch (x.dtype()) {
      case DType::boolean: data.push_back(x.data<uint8_t>()[i] != 0); break;
      case DType::i64: data.push_back(x.data<int64_t>()[i]); break;
      case DType::u64: data.push_back(x.data<uint64_t>()[i]); break;
      case DType::f32: data.push_back(x.data<float>()[i]); break;
      case DType::c64: data.push_back({x.data<float>()[2 * i], x.data<float>()[2 * i + 1]}); break;
      case DType::c128: data.push_back({x.data<double>()[2 * i], x.data<double>()[2 * i + 1]}); break;
      default:
        if (is_integer(x.dtype())) data.push_back(static_cast<int64_t>(element(x, i)));
        else data.push_back(element(x, i));
    }
  return {{"dtype", dtype_name(x.dtype())}, {"shape", std::vector<int64_t>(x.sizes().begin(), x.sizes().end())}, {"data", std::move(data)}};
}

Json to_json(const Value& v, int depth) {
  if (depth > max_depth) throw Error(ErrorKind::limit, "the result nests too deep for JSON");
  auto list = [&](const std::vector<Value>& elements) {
    Json json = Json::array();
    for (const Value& e : elements) json.push_back(to_json(e, depth + 1));
    return json;
  };
  switch (v.tag()) {
    case Tag::none: return nullptr;
    case Tag::boolean: return v.to_bool();
    case Tag::integer: return v.to_int();
    case Tag::floating: return v.to_double();
    case Tag::complex: return {v.to_complex().real(), v.to_complex().imag()};
    case Tag::string: return v.to_string();
    case Tag::device: return to_string(v.to_device());
    case Tag::tensor: return tensor_json(v.to_tensor());
    case Tag::tuple: return list(v.to_tuple().elements);
    case Tag::list: return list(v.to_list().elements);
    case Tag::enumeration: return to_json(v.to_enum().value, depth + 1);
    case Tag::dict: {
      Json json = Json::object();
      v.to_dict().for_each(
          [&](const DictObject::Entry& e) { json[e.key.is_string() ? e.key.to_string() : to_text(e.key)] = to_json(e.value, depth + 1); });
      return json;
    }
    default: throw Error(ErrorKind::unsupported, std::string("a value of kind ") + tag_name(v.tag()) + " cannot be written as JSON");
  }
}

Value tensor_value(const Json& json) {
  auto wrong = [](const char* what) { return Error(ErrorKind::usage, std::string("a tensor in JSON has a wrong ") + what); };
  DType dtype;
  if (!json["dtype"].is_string() || !parse_dtype(json["dtype"].get<std::string>(), dtype)) throw wrong("dtype");
  Dims sizes;
  if (!json["shape"].is_array() || !json["data"].is_array()) throw wrong("shape or data");
  for (const Json& s : json["shape"]) {
    if (!s.is_number_unsigned()) throw wrong("shape");
    sizes.push_back(s.get<int64_t>());
  }
  if (checked_numel(sizes) != static_cast<int64_t>(json["data"].size())) throw wrong("count of elements");
  return filled(sizes, dtype, [&](int64_t i) -> std::complex<double> {
    const Json& e = json["data"][static_cast<size_t>(i)];
    if (e.is_boolean()) return e.get<bool>();
    if (e.is_number()) return e.get<double>();
    if (e.is_array() && e.size() == 2 && e[0].is_number() && e[1].is_number()) return {e[0].get<double>(), e[1].get<double>()};
    if (e.is_null()) return std::numeric_limits<double>::quiet_NaN();
    throw wrong("element");
  });
}

}  // namespace

Json to_json(const Value& value) { return to_json(value, 0); }

Value from_json(const Json& json) {
  if (json.is_null()) return {};
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_number_unsigned() && json.get<uint64_t>() > INT64_MAX)
    throw Error(ErrorKind::usage, "the integer " + json.dump() + " does not fit 64 bits");
  if (json.is_number_integer()) return json.get<int64_t>();
  if (json.is_number_float()) return json.get<double>();
  if (json.is_string()) return json.get<std::string>();
  if (json.is_array()) {
    std::vector<Value> elements;
    for (const Json& e : json) elements.push_back(from_json(e));
    return make_list(std::move(elements));
  }
  if (json.size() == 3 && json.contains("dtype") && json.contains("shape") && json.contains("data")) return tensor_value(json);
  auto dict = make_ref<DictObject>();
  for (const auto& [key, value] : json.items()) dict->set(key, from_json(value));
  return dict;
}

}  // namespace tsrun::tool
