// tsrun verify: whether a file is sound, without running it.
#include <iostream>

#include "json_value.h"
#include "verbs.h"

namespace tsrun::tool {

int verify(const VerifyOptions& o) {
  const std::vector<std::string> checks = tsrun::verify(o.model);
  if (o.json) std::cout << Json{{"file", o.model}, {"ok", checks}}.dump(1) << "\n";
  else
    for (const std::string& line : checks) std::cout << "ok  " << line << "\n";
  return success;
}

}  // namespace tsrun::tool
