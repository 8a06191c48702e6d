// tsrun verify: whether a file is sound, without running it.
#include <iostream>

#include "json_value.h"
#include "verbs.h"

namespace tsrun::tool {

Work add_verify(CLI::App& app) {
  struct VerifyOptions {
    std::string path;
    bool json = false;
  };
  auto o = std::make_shared<VerifyOptions>();
  app.add_option("model", o->path, "file to check")->required();
  app.add_flag("--json", o->json, "as JSON");
  return [o] {
    const std::vector<std::string> checks = verify(o->path);
    if (o->json) std::cout << Json{{"file", o->path}, {"ok", checks}}.dump(1) << "\n";
    else
      for (const std::string& line : checks) std::cout << "ok  " << line << "\n";
    return success;
  };
}

}  // namespace tsrun::tool
