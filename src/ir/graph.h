// The SSA graph of one function: nodes in blocks, values with types and uses. Made by lowering, changed by passes, flattened by the
// runtime.
#pragma once
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "ir/source.h"
#include "ir/stack.h"
#include "ir/type.h"

namespace tsrun {

struct Operator;
struct Node;
struct Block;
struct Graph;
struct Function;

enum class NodeKind : uint8_t {
  constant,         ///< value
  op,               ///< op: an operator of the registry
  list_construct,   ///< inputs are the elements; the type of the output tells their type
  dict_construct,   ///< inputs: key, value, key, value ...
  tuple_construct,  ///< a named tuple when the output's type is one
  tuple_unpack,
  list_unpack,      ///< one output per element; a list of another length raises
  tuple_index,      ///< index: a constant, already non-negative
  tuple_slice,      ///< index, end
  if_,              ///< input: condition; two blocks; outputs are the blocks' outputs
  loop,             ///< inputs: maximum count, initial condition, carried...; block: (count, carried...) -> (condition, carried...)
  get_attr,         ///< name; input: object
  set_attr,         ///< name; inputs: object, value
  create_object,    ///< output type is the class
  call_function,    ///< function; inputs: its arguments
  call_method,      ///< name; inputs: object, arguments...; function when the class is known, null for an interface
  fork,             ///< one block without parameters that sees outer values; output: a future of its only output
  isinstance_,      ///< types
  unchecked_cast,   ///< retypes its input
  uninitialized,    ///< never read on a live path
  print,            ///< inputs: what to print
  tolist,           ///< input: a tensor; output type says what list
  container_index,  ///< inputs: module container, key; output type: an interface
  raise,            ///< inputs: message, qualified class name or None
  missing,          ///< name: an operator tsrun lacks; raises when executed
  return_,          ///< leaves the function from inside a block; inputs: the result
  break_,
  continue_,  ///< leave / restart the innermost loop; inputs: its carried values
  param,
  result,  ///< the two ends of a block: its parameters as outputs, its outputs as inputs
};

struct Use {
  Node* user;
  size_t index;  ///< which input of the user
};

/// A value of the graph: one output of a node.
struct Val {
  TypeRef type;
  Node* node;
  size_t index;
  std::string name;  ///< the variable it was assigned to, for printing; may be empty
  std::vector<Use> uses;
};

struct Node {
  NodeKind kind;
  Block* block = nullptr;
  Node *previous = nullptr, *next = nullptr;  ///< neighbours in the block; the block's ends close the ring
  std::vector<Val*> inputs;
  std::vector<Val*> outputs;
  std::vector<Block*> blocks;
  Location where;
  std::vector<Location> call_chain;  ///< after inlining: the calls that led here, outermost first

  const Operator* op = nullptr;
  Function* function = nullptr;
  Value value;
  std::string name;
  std::string written_as;  ///< the operator of the program that a pass replaced by this one; empty for others
  int64_t index = 0, end = 0;
  std::vector<TypeRef> types;

  Val* input(size_t i = 0) const { return inputs[i]; }
  Val* output(size_t i = 0) const { return outputs[i]; }
};

/// Nodes from first() to the result node; iterate with `for (Node* n = b.first(); n != b.result; n = n->next)`.
struct Block {
  Graph* graph;
  Node* owner;   ///< the if, loop or fork that holds it; null for the graph's own block
  Node* param;   ///< outputs are the parameters
  Node* result;  ///< inputs are the outputs

  Node* first() const { return param->next; }
  const std::vector<Val*>& params() const { return param->outputs; }
  const std::vector<Val*>& outputs() const { return result->inputs; }
  /// The node of this block that is n or holds it; null when n is not inside.
  const Node* holder(const Node* n) const;
};

struct Graph {
  Graph();
  Graph(const Graph&) = delete;

  Block* body;
  bool has_exits = false;  ///< holds return_, break_ or continue_ nodes

  Node* make(NodeKind kind, std::vector<Val*> inputs = {});
  Val* add_output(Node* n, TypeRef type, std::string name = {});
  Block* add_block(Node* owner);
  /// Places a detached node.
  void insert_before(Node* n, Node* place);
  void append(Node* n, Block* b) { insert_before(n, b->result); }
  void move_before(Node* n, Node* place);
  /// Removes a node whose outputs have no uses, with its blocks.
  void remove(Node* n);

  void set_input(Node* n, size_t i, Val* v);
  void add_input(Node* n, Val* v);
  void remove_input(Node* n, size_t i);
  void remove_output(Node* n, size_t i);
  void replace_uses(Val* from, Val* to);
  /// Copies the nodes of `from` before `place`; `map` gives what outer values and parameters become and receives the rest.
  void clone_nodes(const Block& from, Node* place, std::unordered_map<const Val*, Val*>& map);

  Val* constant(Value value, TypeRef type, Node* before);

 private:
  void detach(Node* n);
  std::deque<std::unique_ptr<Node>> nodes_;
  std::deque<std::unique_ptr<Val>> values_;
  std::deque<std::unique_ptr<Block>> blocks_;
};

/// Calls f on every node of the block and of the blocks inside, in order; f may remove the node it is given.
template <class F>
void for_each_node(Block& b, F&& f) {
  check_stack();
  for (Node* n = b.first(); n != b.result;) {
    Node* next = n->next;
    for (Block* inner : std::vector<Block*>(n->blocks)) for_each_node(*inner, f);
    f(n);
    n = next;
  }
}

}  // namespace tsrun
