// From the words of the command line to a call of the model.
#include <sys/stat.h>

#include <algorithm>
#include <random>

#include "command.h"
#include "fill.h"
#include "json_value.h"

namespace tsrun::tool {
namespace {

[[noreturn]] void usage(const std::string& message) { throw Error(ErrorKind::usage, message); }

bool exists(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0;
}

Dims parse_sizes(const std::string& text, const std::string& spec) {
  Dims sizes;
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find(',', start), text.size());
    const std::string part = text.substr(start, end - start);
    if (part.empty() || part.size() > 18 || part.find_first_not_of("0123456789") != part.npos) usage("the shape in " + spec + " is wrong");
    sizes.push_back(std::stoll(part));
    start = end + 1;
  }
  return sizes;
}

/// Makes inputs from their text; random ones come from one stream of numbers.
class InputReader {
 public:
  explicit InputReader(uint64_t seed) : random_(seed) {}

  Value read(std::string spec) {
    if (spec.starts_with(' ')) spec.erase(0, 1);  // see main.cpp
    Value v;
    if (generate(spec, v)) return v;
    if (exists(spec)) return load_values(spec);
    if (spec == "None") return {};
    if (spec == "True" || spec == "False") return spec == "True";
    const Json json = Json::parse(spec, nullptr, false);
    if (!json.is_discarded()) return from_json(json);
    throw Error(ErrorKind::malformed, spec + ": no such file, and neither JSON nor rand:, zeros:");
  }

 private:
  /// NAME:SIZES[:DTYPE]
  bool generate(const std::string& spec, Value& out) {
    const size_t colon = spec.find(':');
    const std::string name = spec.substr(0, colon);
    if (colon == spec.npos || (name != "rand" && name != "randn" && name != "zeros" && name != "ones" && name != "arange")) return false;
    const size_t second = std::min(spec.find(':', colon + 1), spec.size());
    DType dtype = DType::f32;
    if (second != spec.size() && !parse_dtype(spec.substr(second + 1), dtype)) usage("the dtype in " + spec + " is not known");
    const Dims sizes = parse_sizes(spec.substr(colon + 1, second - colon - 1), spec);
    if (checked_numel(sizes, item_size(dtype)) > int64_t{1} << 32) throw Error(ErrorKind::limit, spec + " has too many elements");
    std::uniform_real_distribution<double> uniform(0, 1);
    std::normal_distribution<double> normal;
    out = filled(sizes, dtype, [&](int64_t i) -> std::complex<double> {
      if (name == "zeros") return 0;
      if (name == "ones") return 1;
      if (name == "arange") return static_cast<double>(i);
      if (name == "randn") return normal(random_);
      if (dtype == DType::boolean) return uniform(random_) < 0.5;
      return is_integer(dtype) ? std::floor(10 * uniform(random_)) : uniform(random_);
    });
    return true;
  }

  std::mt19937_64 random_;
};

/// Takes a dict as keyword arguments if the method has them all, else its values in order (the arrays of an .npz are named arr_0, ...).
void add_dict(const DictObject& dict, const std::vector<Parameter>& formals, bool must_match, Arguments& arguments) {
  bool matches = true;
  dict.for_each([&](const DictObject::Entry& e) {
    matches = matches && e.key.is_string() &&
              std::any_of(formals.begin(), formals.end(), [&](const Parameter& p) { return p.name == e.key.to_string(); });
  });
  dict.for_each([&](const DictObject::Entry& e) {
    if (matches || must_match) arguments.keywords.emplace_back(e.key.is_string() ? e.key.to_string() : to_text(e.key), e.value);
    else arguments.positional.push_back(e.value);
  });
}

bool is_npz(const std::string& path) { return path.ends_with(".npz") && exists(path); }

std::vector<Parameter> formals_of(const Module& module, const std::string& name) {
  for (const Method& m : module.methods())
    if (m.name == name) return m.arguments;
  return {};
}

}  // namespace

Options Call::options() const {
  Options o;
  o.threads = threads;
  o.optimize = !no_opt;
  o.exact = exact;
  o.max_memory = max_memory;
  if (seed) o.seed = *seed;
  return o;
}

Module open_model(const Call& call) {
  if (!call.isa.empty()) set_isa(call.isa);
  Module module = load(call.model, call.options());
  if (call.train) module.train();
  return module;
}

Arguments read_arguments(const Call& call, const Module& module) {
  Arguments arguments;
  InputReader reader(call.seed.value_or(0));
  const std::vector<Parameter> formals = formals_of(module, call.method);
  if (!call.inputs_file.empty()) {
    Value all = load_values(call.inputs_file);
    if (all.is_tuple()) arguments.positional = all.to_tuple().elements;
    else if (all.is_dict()) add_dict(all.to_dict(), formals, !is_npz(call.inputs_file), arguments);
    else arguments.positional.push_back(std::move(all));
  }
  for (const std::string& spec : call.inputs) {
    Value v = reader.read(spec);
    if (v.is_dict() && is_npz(spec)) add_dict(v.to_dict(), formals, false, arguments);
    else arguments.positional.push_back(std::move(v));
  }
  for (const std::string& text : call.named) {
    const size_t equals = text.find('=');
    if (equals == 0 || equals == text.npos) usage("--arg needs NAME=VALUE, got " + text);
    arguments.keywords.emplace_back(text.substr(0, equals), reader.read(text.substr(equals + 1)));
  }
  return arguments;
}

namespace {

std::string missing_operators(const Module& module) {
  std::string names;
  for (const OperatorUse& use : module.operators())
    if (!use.supported) names += (names.empty() ? "" : ", ") + use.name;
  return names;
}

}  // namespace

Value invoke(const Module& module, Session& session, const Call& call, const Arguments& arguments) try {
  if (call.method == "forward") return session.forward(arguments.positional, arguments.keywords);
  return session.run(call.method, arguments.positional, arguments.keywords);
} catch (const Error& e) {
  if (e.kind() == ErrorKind::usage) throw Error(e.kind(), call.model + ": " + e.what());
  if (e.kind() != ErrorKind::unsupported) throw;
  const std::string names = missing_operators(module);
  throw Error(e.kind(), call.model + ": " + e.what() + (names.empty() ? "" : "; missing in this file: " + names), e.trace());
}

}  // namespace tsrun::tool
