#include "profile_report.h"

#include <algorithm>
#include <cstdio>
#include <unordered_map>

#include "json_value.h"

namespace tsrun::tool {
namespace {

constexpr double ms_per_ns = 1e-6, us_per_ns = 1e-3;

/// The steps summed by one of their texts, slowest first.
std::vector<ReportRow> summed(const Profile& profile, std::string Profile::Step::*text, double calls) {
  std::vector<ReportRow> rows;
  std::unordered_map<std::string, size_t> index;
  for (const Profile::Step& s : profile.steps) {
    auto [it, fresh] = index.try_emplace(s.*text, rows.size());
    if (fresh) rows.push_back({s.*text});
    rows[it->second].ms += static_cast<double>(s.total) * ms_per_ns / calls;
    rows[it->second].count += static_cast<double>(s.count) / calls;
  }
  std::stable_sort(rows.begin(), rows.end(), [](const ReportRow& a, const ReportRow& b) { return a.ms > b.ms; });
  return rows;
}

std::string escaped(const std::string& text) {
  std::string s;
  for (char c : text) {
    if (c == '&') s += "&amp;";
    else if (c == '<') s += "&lt;";
    else if (c == '>') s += "&gt;";
    else s += c;
  }
  return s;
}

std::string fixed(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string html_table(const char* title, const std::vector<ReportRow>& rows, double total) {
  std::string s = "<table><tr><th>ms a call<th>%<th>calls<th>" + std::string(title) + "</tr>\n";
  for (const ReportRow& r : rows) {
    const std::string percent = fixed(100 * r.ms / total, 1);
    s += "<tr><td>" + fixed(r.ms, 3) + "<td style=\"background:linear-gradient(to left,#9cf " + percent + "%,transparent 0)\">" + percent +
         "<td>" + fixed(r.count, 1) + "<td>" + escaped(r.name) + "</tr>\n";
  }
  return s + "</table>\n";
}

}  // namespace

Report make_report(const Profile& profile) {
  Report report;
  const double calls = std::max<double>(1, static_cast<double>(profile.calls.size()));
  for (const Profile::Call& c : profile.calls) report.ms += static_cast<double>(c.duration) * ms_per_ns / calls;
  report.operators = summed(profile, &Profile::Step::name, calls);
  report.lines = summed(profile, &Profile::Step::place, calls);
  report.interpreter_ms = report.ms;
  for (const ReportRow& r : report.operators) report.interpreter_ms -= r.ms;
  return report;
}

std::string chrome_trace(const Profile& profile) {
  Json events = Json::array();
  auto add = [&](const std::string& name, const std::string& place, int64_t start, int64_t duration) {
    Json e = {{"name", name}, {"ph", "X"}, {"pid", 1}, {"tid", 1}};
    e["ts"] = static_cast<double>(start) * us_per_ns;
    e["dur"] = static_cast<double>(duration) * us_per_ns;
    if (!place.empty()) e["args"] = {{"line", place}};
    events.push_back(std::move(e));
  };
  for (const Profile::Call& c : profile.calls) add(c.method, "", c.start, c.duration);
  for (const Profile::Event& e : profile.events) add(profile.steps[e.step].name, profile.steps[e.step].place, e.start, e.duration);
  return Json{{"traceEvents", std::move(events)}, {"displayTimeUnit", "ms"}}.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string html_report(const Report& report, const std::string& model, const std::string& method) {
  return "<!doctype html><meta charset=\"utf-8\"><title>tsrun profile: " + escaped(model) +
         "</title>\n<style>body{font:14px sans-serif;margin:2em}table{border-collapse:collapse;margin:1em 0}"
         "td,th{padding:2px 8px;text-align:right}td:last-child,th:last-child{text-align:left;font-family:monospace}"
         "tr:nth-child(even){background:#8881}</style>\n<h1>" +
         escaped(model) + "</h1>\n<p>A call of <b>" + escaped(method) + "</b> takes " + fixed(report.ms, 3) + " ms, " +
         fixed(report.interpreter_ms, 3) + " ms of it outside operators.\n" + html_table("operator", report.operators, report.ms) +
         html_table("line", report.lines, report.ms);
}

}  // namespace tsrun::tool
