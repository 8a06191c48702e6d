// Programs in TorchScript, before and after passes.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ir/passes/effects.h"
#include "ir/unit.h"

namespace tsrun {

/// A function of some code whose parameters named in `constants` have become constants.
class PassTest {
 public:
  PassTest(const std::string& code, const std::map<std::string, Value>& constants);

  Graph& graph() { return *graph_; }
  PassEnvironment environment;
  /// Runs the graph as it is now.
  Value run(std::vector<Value> arguments);

 private:
  std::unique_ptr<CompilationUnit> unit_;
  std::unique_ptr<Graph> graph_;
};

/// One line for each node that is no constant, with constants written where they are used: "y = aten::relu(x)".
std::string outline(const Graph& graph);

/// Numbers that repeat late and are not small integers only.
Tensor numbers(const Dims& sizes, double first = 0.37);
/// The largest difference, divided by the largest element of b; infinite when sizes or dtypes differ.
double distance(const Tensor& a, const Tensor& b);

}  // namespace tsrun
