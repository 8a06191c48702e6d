// tsrun verify: whether a file is sound, without running it.
#include <iostream>

#include "verbs.h"

namespace tsrun::tool {

Work add_verify(CLI::App& app) {
  auto path = std::make_shared<std::string>();
  app.add_option("model", *path, "file to check")->required();
  return [path] {
    for (const std::string& line : verify(*path)) std::cout << "ok  " << line << "\n";
    return success;
  };
}

}  // namespace tsrun::tool
