// The verbs: each does its work as its options say, and returns the exit code. What the options mean to a user stands in command_line.cpp.
#pragma once
#include "command.h"

namespace tsrun::tool {

struct RunOptions {
  Call call;
  std::string output, output_inputs, print = "summary";
  int repeat = 1;
  bool json = false;
};
int run(const RunOptions& o);

struct InspectOptions {
  std::string model;
  std::string graph;  ///< a method
  bool code = false, json = false, optimized = false, dot = false, show_graph = false;
};
int inspect(const InspectOptions& o);

struct OpsOptions {
  std::vector<std::string> models;
  bool missing = false, all = false, json = false;
};
int ops(const OpsOptions& o);

struct BenchOptions {
  Call call;
  double seconds = 2;
  int warmup = 3;
  std::string json;
};
int bench(const BenchOptions& o);

struct ProfileOptions {
  Call call;
  int repeat = 10, warmup = 1;
  size_t top = 15;
  std::string trace, html;
  bool json = false;
};
int profile(const ProfileOptions& o);

struct CompareOptions {
  Call call;  ///< `model` is the first file, `inputs` the second, unless `expect` is given
  std::string expect;
  double rtol = -1, atol = -1;
  bool json = false;
};
int compare(const CompareOptions& o);

struct VerifyOptions {
  std::string model;
  bool json = false;
};
int verify(const VerifyOptions& o);

}  // namespace tsrun::tool
