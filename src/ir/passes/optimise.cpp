#include "ir/passes/optimise.h"

#include "ir/passes/channels_last.h"
#include "ir/passes/fuse.h"
#include "ir/passes/simplify.h"
#include "ir/passes/tuples.h"

namespace tsrun {

void optimise(Graph& graph, PassEnvironment& env) {
  take_tuples_apart(graph);  // a tensor in a tuple counts as handed out
  find_exposed(graph, env);
  simplify(graph, env);  // constants and ranks first: fusion asks for constants and for values with one user
  fuse(graph, env);
  use_channels_last(graph, env);  // regions are fewer and longer once layers are fused
  remove_dead(graph, env);
}

}  // namespace tsrun
