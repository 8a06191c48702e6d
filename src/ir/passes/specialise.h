// Specialisation of a method to one module: calls become their bodies, attributes that nothing writes become constants.
#pragma once
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "ir/passes/effects.h"
#include "ir/unit.h"

namespace tsrun {

struct SpecialiseEnvironment : PassEnvironment {
  std::set<std::string> written;  ///< names of attributes that code may set: these stay attributes
  std::function<Graph&(Function&)> graph_of;
};

/// A new graph for `method` of `self`; the method's own graph is not changed. Its parameters stay those of the method.
/// Names of attributes whose tensors the graph itself changes are added to environment.written on the way.
/// Objects whose attributes became constants are marked `frozen`.
std::unique_ptr<Graph> specialise(Function& method, const Ref<ClassObject>& self, SpecialiseEnvironment& environment);

}  // namespace tsrun
