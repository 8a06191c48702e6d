#include "graph_dot.h"

#include <map>
#include <set>
#include <sstream>
#include <string_view>
#include <vector>

namespace tsrun::tool {
namespace {

bool is_name_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.'; }

/// The names behind every `%` in the text.
std::vector<std::string> value_names(std::string_view text) {
  std::vector<std::string> names;
  for (size_t at = text.find('%'); at != text.npos; at = text.find('%', at + 1)) {
    size_t end = at + 1;
    while (end < text.size() && is_name_char(text[end])) ++end;
    if (end > at + 1) names.emplace_back(text.substr(at + 1, end - at - 1));
  }
  return names;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::string graph_dot(const std::string& text) {
  std::string nodes, edges;
  std::map<std::string, std::string> maker;  // of a value: its node
  std::istringstream lines(text);
  size_t count = 0;
  auto add_node = [&](const std::string& label, const char* shape) {
    std::string id = "n" + std::to_string(count++);
    nodes += "  " + id + " [label=\"" + escaped(label) + "\", shape=" + shape + "];\n";
    return id;
  };
  auto add_edges = [&](std::string_view uses, const std::string& to) {
    std::set<std::string> seen;
    for (const std::string& name : value_names(uses))
      if (auto it = maker.find(name); it != maker.end() && seen.insert(it->second).second)
        edges += "  " + it->second + " -> " + to + " [label=\"" + escaped(name) + "\"];\n";
  };
  for (std::string line; std::getline(lines, line);) {
    line = line.substr(0, line.find(" # "));
    const size_t start = line.find_first_not_of(' ');
    if (start == line.npos) continue;
    std::string_view s = std::string_view(line).substr(start);
    if (s.starts_with("return") || s.starts_with("->")) {
      add_edges(s, add_node(s.starts_with("return") ? "return" : "block result", "plaintext"));
      continue;
    }
    const size_t equals = s.find(" = ");
    const size_t open = equals == s.npos ? s.npos : s.find('(', equals);
    if (equals == s.npos || s.front() != '%') {
      for (const std::string& name : value_names(s)) maker.emplace(name, add_node("%" + name, "ellipse"));
      continue;
    }
    const std::string_view operation = s.substr(equals + 3, open == s.npos ? s.npos : open - equals - 3);
    const std::string id = add_node(std::string(operation), "box");
    if (open != s.npos) add_edges(s.substr(open), id);
    for (const std::string& name : value_names(s.substr(0, equals))) maker[name] = id;
  }
  return "digraph model {\n" + nodes + edges + "}\n";
}

}  // namespace tsrun::tool
