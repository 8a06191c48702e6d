// The tsrun command: errors become one line and an exit code.
#include <iostream>
#include <new>

#include "command.h"
#include "command_line.h"

namespace tsrun::tool {
namespace {

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

}  // namespace
}  // namespace tsrun::tool

int main(int argc, char** argv) {
  using namespace tsrun;
  try {
    return tool::read_command_line({argv + 1, argv + argc})();
  } catch (const Error& e) {
    return tool::fail(e.kind(), e.what(), e.kind() == ErrorKind::model ? e.trace() : std::string());
  } catch (const std::bad_alloc&) { return tool::fail(ErrorKind::limit, "out of memory"); } catch (const std::exception& e) {
    return tool::fail(ErrorKind::internal, e.what());
  }
}
