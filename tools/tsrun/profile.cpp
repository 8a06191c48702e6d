// tsrun profile: where the time of a call goes, by operator and by line of the model.
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>

#include "json_value.h"
#include "profile_report.h"
#include "verbs.h"

namespace tsrun::tool {
namespace {

/// Columns of the terminal; no limit when the output goes elsewhere.
size_t line_width() {
  struct winsize size {};
  if (!::isatty(STDOUT_FILENO)) return std::string::npos;
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 40 ? size.ws_col : 80;
}

/// "/usr/lib/python3/site-packages/net/layer.py:12: x" loses leading folders, then characters at its end (whole ones, in UTF-8).
std::string fit(std::string text, size_t width) {
  if (text.size() <= width) return text;
  const std::string_view path = std::string_view(text).substr(0, text.find(": "));
  size_t cut = path.find('/', 1);
  for (size_t next; cut != path.npos && text.size() - cut + 3 > width; cut = next)
    if (next = path.find('/', cut + 1); next == path.npos) break;
  if (cut != path.npos) text.replace(0, cut, "...");
  if (text.size() <= width) return text;
  size_t end = width - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

void print_rows(const char* title, const std::vector<ReportRow>& rows, const Report& report, size_t top) {
  constexpr size_t columns = 30;  // before the name
  const size_t width = line_width();
  std::printf("\n%10s %6s %10s  %s\n", "ms a call", "%", "calls", title);
  for (size_t i = 0; i < std::min(top, rows.size()); ++i) {
    const ReportRow& r = rows[i];
    std::printf("%10.3f %6.1f %10.4g  %s\n", r.ms, 100 * r.ms / report.ms, r.count,
                fit(r.name, width == std::string::npos ? width : width - columns).c_str());
  }
  if (rows.size() > top) std::printf("%29s %zu more (--top)\n", "", rows.size() - top);
}

Json json_rows(const std::vector<ReportRow>& rows) {
  Json json = Json::array();
  for (const ReportRow& r : rows) json.push_back({{"name", r.name}, {"ms", r.ms}, {"count", r.count}});
  return json;
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw Error(ErrorKind::usage, "cannot write " + path);
}

}  // namespace

int profile(const ProfileOptions& o) {
  const Module module = open_model(o.call);
  const Arguments arguments = read_arguments(o.call, module);
  Session session(module, o.call.options());
  for (int i = 0; i < o.warmup; ++i) invoke(module, session, o.call, arguments);
  session.start_profile();
  for (int i = 0; i < o.repeat; ++i) invoke(module, session, o.call, arguments);
  const Profile result = session.stop_profile();
  const Report report = make_report(result);

  if (!o.trace.empty()) write_file(o.trace, chrome_trace(result));
  if (!o.html.empty()) write_file(o.html, html_report(report, o.call.model, o.call.method));
  if (o.json) {
    const Json json = {{"model", o.call.model},
                       {"method", o.call.method},
                       {"calls", result.calls.size()},
                       {"ms", report.ms},
                       {"interpreter_ms", report.interpreter_ms},
                       {"operators", json_rows(report.operators)},
                       {"lines", json_rows(report.lines)}};
    std::cout << json.dump(1) << "\n";
    return success;
  }
  std::printf("%s: %zu calls of %s, %.3f ms each, %.3f ms of it outside operators\n", o.call.model.c_str(), result.calls.size(),
              o.call.method.c_str(), report.ms, report.interpreter_ms);
  print_rows("operator", report.operators, report, o.top);
  print_rows("line", report.lines, report, o.top);
  return success;
}

}  // namespace tsrun::tool
