// tsrun ops: which operators files need, and which of them tsrun has.
#include <iostream>

#include "json_value.h"
#include "verbs.h"

namespace tsrun::tool {
namespace {

constexpr size_t shown_places = 3;

int list_all(const OpsOptions& o) {
  Json json = Json::array();
  size_t supported = 0, total = 0;
  for (const auto& [name, has] : all_operators()) {
    ++total;
    supported += has;
    if (o.missing && has) continue;
    if (o.json) json.push_back({{"name", name}, {"supported", has}});
    else std::cout << (has ? "yes  " : "no   ") << name << "\n";
  }
  if (o.json) std::cout << json.dump(1) << "\n";
  else std::cout << supported << " of " << total << " operators are supported\n";
  return success;
}

}  // namespace

int ops(const OpsOptions& o) {
  if (o.all) return list_all(o);
  if (o.models.empty()) throw Error(ErrorKind::usage, "ops needs a model, or --all");
  Json json = Json::array();
  bool lacking = false;
  for (const std::string& path : o.models) {
    size_t missing = 0;
    Json operators = Json::array();
    const std::vector<OperatorUse> uses = load(path).operators();
    if (!o.json && o.models.size() > 1) std::cout << path << "\n";
    for (const OperatorUse& use : uses) {
      missing += !use.supported;
      if (o.missing && use.supported) continue;
      if (o.json) {
        operators.push_back({{"name", use.name}, {"supported", use.supported}, {"places", use.places}});
        continue;
      }
      std::cout << (use.supported ? "yes  " : "no   ") << use.name;
      for (size_t i = 0; i < std::min(use.places.size(), shown_places); ++i) std::cout << (i ? ", " : "  ") << use.places[i];
      if (use.places.size() > shown_places) std::cout << " and " << use.places.size() - shown_places << " more";
      std::cout << "\n";
    }
    lacking = lacking || missing;
    if (o.json) json.push_back({{"model", path}, {"missing", missing}, {"operators", std::move(operators)}});
    else if (missing) std::cout << missing << " of " << uses.size() << " operators are missing\n";
    else std::cout << "all " << uses.size() << " operators are supported\n";
  }
  if (o.json) std::cout << (json.size() == 1 ? json[0] : json).dump(1) << "\n";
  return o.missing && lacking ? static_cast<int>(ErrorKind::unsupported) : success;
}

}  // namespace tsrun::tool
