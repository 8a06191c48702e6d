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
    {"profile", "show where the time of a call goes, by operator and by line", &add_profile},
    {"compare", "compare two results, or a model's result with an expected one", &add_compare},
    {"verify", "check a file's structure, checksums, limits and graphs; runs nothing beyond loading", &add_verify},
};

std::string one_line(std::string text) {
  for (char& c : text)
    if (c == '\n' || c == '\r') c = ' ';
  return text;
}

/// At most ten lines: the outermost call and the innermost ones.
std::string shortened(const std::string& trace) {
  std::vector<std::string> lines;
  for (size_t start = 0; start < trace.size();) {
    const size_t end = std::min(trace.find('\n', start), trace.size());
    lines.push_back(trace.substr(start, end - start));
    start = end + 1;
  }
  constexpr size_t most = 10, outer = 2;
  std::string text;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines.size() > most && i == outer) {
      const size_t left_out = lines.size() - (most - 1);
      text += "  ... " + std::to_string(left_out) + " more\n";
      i += left_out;
    }
    text += "  " + lines[i] + "\n";
  }
  return text;
}

int fail(ErrorKind kind, const std::string& message, const std::string& trace = {}) {
  std::cout.flush();
  std::cerr << "tsrun: " << one_line(message) << "\n";
  std::cerr << shortened(trace);
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
  for (std::string& a : arguments)  // CLI11 would take a JSON list apart, and a negative number for an option
    if (a.starts_with('[') || (a.size() > 1 && a[0] == '-' && (std::isdigit(static_cast<unsigned char>(a[1])) || a[1] == '.')))
      a.insert(0, " ");
  std::reverse(arguments.begin(), arguments.end());
  try {
    app.parse(arguments);
  } catch (const CLI::Success& e) { return app.exit(e); } catch (const CLI::ParseError& e) {
    std::string verb;
    for (const CLI::App* sub : app.get_subcommands()) verb = " " + sub->get_name();
    return fail(ErrorKind::usage, std::string(e.what()) + " (see tsrun" + verb + " --help)");
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
