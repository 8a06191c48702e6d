// tsrun bench: how long a call takes.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>

#include "json_value.h"
#include "verbs.h"

namespace tsrun::tool {
namespace {

using Clock = std::chrono::steady_clock;
double ms_since(Clock::time_point start) { return std::chrono::duration<double, std::milli>(Clock::now() - start).count(); }

/// The most memory this process ever held.
double peak_mb() {
  struct rusage usage {};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

double quantile(const std::vector<double>& sorted, double q) {
  return sorted[static_cast<size_t>(q * static_cast<double>(sorted.size() - 1) + 0.5)];
}

void print_table(const Json& numbers) {
  std::vector<double> ms = numbers["ms"];
  std::sort(ms.begin(), ms.end());
  double sum = 0;
  for (double v : ms) sum += v;
  const std::pair<const char*, double> rows[] = {
      {"runs", static_cast<double>(ms.size())}, {"minimum ms", ms.front()},
      {"median ms", quantile(ms, 0.5)},         {"mean ms", sum / static_cast<double>(ms.size())},
      {"95 % ms", quantile(ms, 0.95)},          {"maximum ms", ms.back()},
      {"load ms", numbers["load_ms"]},          {"first run ms", numbers["first_ms"]},
      {"peak MB", numbers["peak_mb"]},          {"before loading MB", numbers["base_mb"]},
  };
  for (const auto& [name, value] : rows) std::printf("%-18s %12.*f\n", name, name == rows[0].first ? 0 : 3, value);
}

}  // namespace

int bench(const BenchOptions& o) {
  const double base = peak_mb();
  auto start = Clock::now();
  const Module module = open_model(o.call);
  const double load_ms = ms_since(start);
  const Arguments arguments = read_arguments(o.call, module);
  Session session(module, o.call.options());
  start = Clock::now();
  invoke(module, session, o.call, arguments);
  const double first_ms = ms_since(start);
  for (int i = 0; i < o.warmup; ++i) invoke(module, session, o.call, arguments);

  std::vector<double> ms;
  const auto begin = Clock::now();
  do {
    start = Clock::now();
    invoke(module, session, o.call, arguments);
    ms.push_back(ms_since(start));
  } while (ms_since(begin) < 1000 * o.seconds || ms.size() < 2);

  const Json numbers = {{"ms", ms},        {"load_ms", load_ms},    {"first_ms", first_ms},      {"peak_mb", peak_mb()},
                        {"base_mb", base}, {"model", o.call.model}, {"threads", o.call.threads}, {"isa", isa()}};
  if (o.json == "-") {
    std::cout << numbers.dump() << "\n";
    return success;
  }
  if (!o.json.empty()) {
    std::ofstream out(o.json);
    out << numbers.dump() << "\n";
    out.close();
    if (!out) throw Error(ErrorKind::usage, "cannot write " + o.json);
  }
  print_table(numbers);
  return success;
}

}  // namespace tsrun::tool
