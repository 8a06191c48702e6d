// What the verbs of the tsrun command share: options, inputs, and how values are shown.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "tsrun/tsrun.h"

namespace tsrun::tool {

/// Exit codes beside the numbers of ErrorKind.
enum ExitCode { success = 0, differs = 1 };

/// A model and what it is called with.
struct Call {
  std::string model;
  std::string method = "forward";
  std::vector<std::string> inputs;  ///< positional: files, generators, JSON
  std::string inputs_file;          ///< --inputs
  std::vector<std::string> named;   ///< --arg NAME=VALUE
  bool train = false;
  std::optional<uint64_t> seed;
  std::string isa;
  int threads = 0;
  bool no_opt = false;
  bool exact = false;
  size_t max_memory = 0;

  Options options() const;
};

struct Arguments {
  std::vector<Value> positional;
  NamedValues keywords;
};

/// Opens the model with the call's options; chooses the instruction set first.
Module open_model(const Call& call);
/// The arguments of the call, each made as its text says. Random ones follow the seed.
Arguments read_arguments(const Call& call, const Module& module);
/// One call in a session of `module`. An Error (unsupported) names all operators that the file needs and tsrun lacks.
Value invoke(const Module& module, Session& session, const Call& call, const Arguments& arguments);

/// Indented lines, one for each tensor or other value: its place, dtype, shape, range.
std::string summary(const Value& value);
/// "float32 [2, 3]  min -1.5  max 2  mean 0.25  [ -1.5, 0.5, ... ]"
std::string summary(const Tensor& x);
/// An element as a number; the real part of complex ones. `i` counts in row-major order of a contiguous tensor.
double element(const Tensor& x, int64_t i);

}  // namespace tsrun::tool
