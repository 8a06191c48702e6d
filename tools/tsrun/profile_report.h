// What `tsrun profile` shows of a Profile.
#pragma once
#include <string>
#include <vector>

#include "tsrun/tsrun.h"

namespace tsrun::tool {

/// Time and runs of an operator or a line, per call of the method.
struct ReportRow {
  std::string name;
  double ms = 0, count = 0;
};

struct Report {
  double ms = 0;                            ///< of a call
  double interpreter_ms = 0;                ///< of it, not in operators
  std::vector<ReportRow> operators, lines;  ///< slowest first
};

Report make_report(const Profile& profile);
/// The runs as JSON in Chrome's trace event format.
std::string chrome_trace(const Profile& profile);
/// A page with both tables, their styles and nothing to load.
std::string html_report(const Report& report, const std::string& model, const std::string& method);

}  // namespace tsrun::tool
