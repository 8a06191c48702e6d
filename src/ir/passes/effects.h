// What passes may assume about nodes: effects, fresh results, who can see a tensor.
#pragma once
#include <functional>
#include <set>
#include <string_view>
#include <vector>

#include "ir/graph.h"
#include "ir/schema.h"

namespace tsrun {

/// What passes need from the layers above.
struct PassEnvironment {
  std::function<const Schema&(const Operator&)> schema_of;
  std::function<const Operator*(std::string_view full_name)> find_operator;
  /// The results of an operator on constants; false when it cannot be computed now.
  std::function<bool(const Operator&, const std::vector<Value>& inputs, std::vector<Value>& results)> evaluate;
  std::vector<Tensor> baked;         ///< tensors whose contents went into a result: to be marked once the graph is final
  std::set<const Storage*> exposed;  ///< of constants that the graph writes to or hands out: nothing is computed from these ahead

  /// False when a tensor in the value is exposed; otherwise notes them as baked.
  bool bake(const std::vector<Value>& values);
};

/// Fills env.exposed.
void find_exposed(Graph& graph, PassEnvironment& env);

bool is_constant(const Val* v);
/// A node for the operator, before `place`, with one tensor as its result.
Node* make_op(Graph& graph, const PassEnvironment& env, std::string_view full_name, std::vector<Val*> inputs, Node* place);

/// An operator that computes the same from the same inputs and changes nothing: no randomness, no state, no write.
bool is_pure(const Node& n, const PassEnvironment& env);
/// An operator known to give tensors in new memory, never an input or a view of one.
bool gives_new_memory(const Node& n);
/// An operator that only asks for sizes or the dtype of its first input.
bool is_query(const Node& n);
/// May running the node change a tensor, an object or a container?
bool may_write(const Node& n, const PassEnvironment& env);
/// Does every use of the tensor (or list of tensors), through views too, end in an operator that reads it?
bool is_only_read(const Val* v, const PassEnvironment& env);

/// Does a stand before b, in the same block?
bool stands_before(const Node* a, const Node* b);

/// Removes, last first, nodes without effects whose results nobody reads.
void remove_dead(Graph& graph, const PassEnvironment& env);

}  // namespace tsrun
