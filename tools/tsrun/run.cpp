// tsrun run: one call of a method.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "json_value.h"
#include "verbs.h"

namespace tsrun::tool {
namespace {

void write_text(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw Error(ErrorKind::usage, "cannot write " + path);
}

/// A folder with one .npy for each tensor, named by its place, and result.json for the rest.
void write_folder(const std::string& folder, const Value& value) {
  std::filesystem::create_directories(folder);
  size_t count = 0;
  bool others = false;
  auto add = [&](auto& self, const std::string& name, const Value& v) -> void {
    if (v.is_tensor()) {
      save_values(folder + "/" + name + ".npy", v);
      ++count;
    } else if (v.is_tuple() || v.is_list()) {
      const auto& elements = v.is_tuple() ? v.to_tuple().elements : v.to_list().elements;
      for (size_t i = 0; i < elements.size(); ++i) self(self, name + "_" + std::to_string(i), elements[i]);
    } else if (v.is_dict()) {
      v.to_dict().for_each([&](const DictObject::Entry& e) {
        std::string key = e.key.is_string() ? e.key.to_string() : to_text(e.key);
        for (char& c : key)
          if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '-' && c != '.') c = '_';
        self(self, name + "_" + key, e.value);
      });
    } else {
      others = true;
    }
  };
  add(add, "result", value);
  if (others || count == 0) write_text(folder + "/result.json", to_json(value).dump() + "\n");
}

void write_output(const std::string& path, const Value& value) {
  if (path == "-") std::cout << to_json(value).dump() << "\n";
  else if (path.ends_with(".json")) write_text(path, to_json(value).dump() + "\n");
  else if (path.ends_with(".pt") || path.ends_with(".pth") || path.ends_with(".npy") || path.ends_with(".npz")) save_values(path, value);
  else write_folder(path, value);
}

}  // namespace

int run(const RunOptions& o) {
  const Module module = open_model(o.call);
  const Arguments arguments = read_arguments(o.call, module);
  Session session(module, o.call.options());
  Value result;
  for (int i = 0; i < o.repeat; ++i) result = invoke(module, session, o.call, arguments);
  if (!o.output.empty()) write_output(o.output, result);
  if (!o.output_inputs.empty()) save_values(o.output_inputs, make_tuple(arguments.positional));
  if (o.json) std::cout << to_json(result).dump() << "\n";
  if (o.json || o.output == "-") return success;
  if (o.print == "all") std::cout << to_text(result) << "\n";
  if (o.print == "summary") std::cout << summary(result);
  return success;
}

}  // namespace tsrun::tool
