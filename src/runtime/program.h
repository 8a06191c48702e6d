// A graph flattened for execution: instructions over the slots of a frame.
#pragma once
#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "ir/graph.h"
#include "ir/unit.h"
#include "ops/registry.h"

namespace tsrun {

enum class Code : uint8_t {
  op,             ///< outputs = op(inputs)
  move,           ///< output i = input i, all read before any is written
  copy,           ///< out = in[0]
  take,           ///< out = in[0], whose slot is left empty
  jump,           ///< continue at target
  jump_if_false,  ///< in[0]: bool; continue at target when False
  jump_if_true,
  loop_begin,  ///< inputs: maximum, condition; output: counter = 0; jump to target when the loop does not start
  loop_next,   ///< inputs: maximum, condition; output: counter += 1; jump to target when another round follows
  count_next,  ///< loop_next without a condition
  list_construct,
  dict_construct,
  tuple_construct,
  tuple_unpack,
  list_unpack,
  tuple_index,  ///< number: the index
  tuple_slice,  ///< number: first; target: end
  get_slot,     ///< number: slot of the object's class
  set_slot,
  get_attribute,  ///< name: looked up on the run-time class
  set_attribute,
  create_object,
  call,            ///< function
  call_interface,  ///< name: method of the run-time class of input 0
  begin_fork,      ///< an error before the make_future at target becomes that future's
  make_future,
  isinstance_,
  print,
  tolist,
  container_index,
  raise,
  missing,
  return_,  ///< input 0: the result

  // Operators that the interpreter computes itself (direct.h). Up to here an instruction may have slots to clear; from first_scalar to
  // last_scalar it has none.
  list_get,     ///< out = in[0][in[1]]
  list_set,     ///< in[0][in[1]] = in[2]
  list_append,  ///< in[0].append(in[1])
  list_length,
  dict_get,
  dict_get_or,  ///< out = in[0].get(in[1], in[2])
  dict_set,
  dict_contains,
  is,
  is_not,
  enter_context,  ///< in[0].__exit__ runs if an error comes before the leave_context
  leave_context,

  add_int,
  subtract_int,
  multiply_int,
  floor_divide_int,
  remainder_int,
  negate_int,
  and_int,
  or_int,
  xor_int,
  shift_left_int,
  shift_right_int,
  min_int,
  max_int,
  derive_index,
  less_int,
  less_equal_int,
  greater_int,
  greater_equal_int,
  equal_int,
  not_equal_int,
  // Operands of the following are floats or integers.
  add_float,
  subtract_float,
  multiply_float,
  divide_float,
  floor_divide_float,
  remainder_float,
  negate_float,
  min_float,
  max_float,
  less_float,
  less_equal_float,
  greater_float,
  greater_equal_float,
  equal_float,
  not_equal_float,
  not_bool,
  and_bool,
  or_bool,
  equal_bool,
  not_equal_bool,
  // A comparison of integers and jump_if_false.
  jump_unless_less,
  jump_unless_less_equal,
  jump_unless_greater,
  jump_unless_greater_equal,
  jump_unless_equal,
  jump_unless_not_equal,

  first_scalar = add_int,
  last_scalar = jump_unless_not_equal,
};

/// Operands: a slot of the frame, or ~i for constant i.
using Operand = int32_t;

struct Program;

struct Instruction {
  Code code;
  bool constant_weights = false;  ///< an operator whose weights are constants: it may keep them prepared (target: where)
  uint8_t takes = 0;              ///< bit k: input k is moved from its slot, which nobody reads afterwards
  uint32_t inputs = 0, outputs = 0, releases = 0;
  uint32_t operands = 0;  ///< where its operands begin: inputs, then outputs, then slots to clear afterwards
  uint32_t target = 0;
  Operand in[3] = {0, 0, 0};  ///< the first inputs again, where they are read without looking up `operands`
  Operand out = 0;            ///< the first output again
  int64_t number = 0;         ///< operators: bit k set when argument k is written
  union {
    const Op* op = nullptr;
    Function* function;
    const Type* type;
  };
};

/// What only errors, profiles and rare instructions need.
struct InstructionDetail {
  Location where;
  std::vector<Location> call_chain;
  const Operator* operation = nullptr;
  std::string name;
  std::vector<TypeRef> types;
};

struct Program {
  const Function* function = nullptr;  ///< null for specialised programs
  std::string name;
  std::vector<Instruction> code;
  std::vector<Operand> operands;
  std::vector<Value> constants;            ///< the last one first: operand o < 0 is constants.end()[o]
  std::vector<InstructionDetail> details;  ///< one per instruction
  struct PreparedPlace {
    Ref<const Prepared> value;
    std::atomic<bool> tried{false};  ///< set after the instruction's first call: value is final then
    uint64_t weights = 0;            ///< bit k set when argument k is a weight, a tensor or a list of tensors
  };
  std::deque<PreparedPlace> prepared;  ///< one per instruction that may keep prepared weights
  std::mutex prepare_mutex;            ///< held during the first call of such an instruction
  uint32_t parameters = 0;
  uint32_t slots = 0;

  const InstructionDetail& detail(const Instruction& i) const { return details[static_cast<size_t>(&i - code.data())]; }
  const Value& operand(const Value* frame, Operand o) const { return (o >= 0 ? frame : constants.data() + constants.size())[o]; }
};

/// Finds the function that computes a prelude operator.
using PreludeLookup = std::function<Function*(const Operator&)>;

/// Flattens `graph`; the graph is not needed afterwards. specialised: the program is dropped when a tensor marked as baked is written to.
std::unique_ptr<Program> build_program(const Graph& graph, std::string name, const PreludeLookup& prelude, bool specialised = false);

}  // namespace tsrun
