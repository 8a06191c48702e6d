// The tsrun command: chooses the verb, turns errors into one line and an exit code.
#include <iostream>
#include <new>

#include "verbs.h"

namespace tsrun::tool {
namespace {

struct Verb {
  const char* name;
  const char* description;
  Work (*add)(CLI::App&);
};
constexpr Verb verbs[] = {
    {"run", "call a method of a model (the default verb)", &add_run},
    {"inspect", "show what is in a model; runs nothing", &add_inspect},
    {"ops", "list the operators that models need", &add_ops},
    {"bench", "measure how long a call takes", &add_bench},
    {"compare", "compare two results, or a model's result with an expected one", &add_compare},
    {"verify", "check a file's structure, checksums and limits; runs nothing", &add_verify},
};

std::string one_line(std::string text) {
  for (char& c : text)
    if (c == '\n' || c == '\r') c = ' ';
  return text;
}

int fail(ErrorKind kind, const std::string& message, const std::string& trace = {}) {
  std::cout.flush();
  std::cerr << "tsrun: " << one_line(message) << "\n";
  if (!trace.empty()) std::cerr << trace << (trace.ends_with('\n') ? "" : "\n");
  return static_cast<int>(kind);
}

int dispatch(std::vector<std::string> arguments) {
  CLI::App app("Runs TorchScript files. `tsrun MODEL INPUT...` is `tsrun run MODEL INPUT...`.", "tsrun");
  app.set_version_flag("--version", version());
  app.require_subcommand(1);
  Work chosen;
  bool names_verb = arguments.empty() || arguments[0].starts_with("-");
  for (const Verb& v : verbs) {
    CLI::App* sub = app.add_subcommand(v.name, v.description);
    sub->callback([&chosen, work = v.add(*sub)] { chosen = work; });
    names_verb = names_verb || arguments[0] == v.name;
  }
  if (!names_verb) arguments.insert(arguments.begin(), "run");
  std::reverse(arguments.begin(), arguments.end());
  try {
    app.parse(arguments);
  } catch (const CLI::Success& e) { return app.exit(e); } catch (const CLI::ParseError& e) {
    return fail(ErrorKind::usage, std::string(e.what()) + " (see tsrun --help)");
  }
  return chosen();
}

}  // namespace
}  // namespace tsrun::tool

int main(int argc, char** argv) {
  using namespace tsrun;
  try {
    return tool::dispatch({argv + 1, argv + argc});
  } catch (const Error& e) {
    return tool::fail(e.kind(), e.what(), e.kind() == ErrorKind::model ? e.trace() : std::string());
  } catch (const std::bad_alloc&) { return tool::fail(ErrorKind::limit, "out of memory"); } catch (const std::exception& e) {
    return tool::fail(ErrorKind::internal, e.what());
  }
}
