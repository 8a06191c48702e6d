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
  op,               ///< outputs = op(inputs)
  move,             ///< output i = input i, all read before any is written
  jump,             ///< continue at target
  jump_if_false,    ///< input 0: bool; continue at target when False
  loop_begin,       ///< inputs: maximum, condition; output: counter = 0; jump to target when the loop does not start
  loop_next,        ///< inputs: maximum, condition; output: counter += 1; jump to target when another round follows
  list_construct, dict_construct, tuple_construct,
  tuple_unpack, list_unpack,
  tuple_index,      ///< number: the index
  tuple_slice,      ///< number: first; target: end
  get_slot,         ///< number: slot of the object's class
  set_slot,
  get_attribute,    ///< name: looked up on the run-time class
  set_attribute,
  create_object,
  call,             ///< function
  call_interface,   ///< name: method of the run-time class of input 0
  make_future,
  isinstance_, print, tolist, container_index, raise, missing,
  return_,          ///< input 0: the result
};

/// Operands: a slot of the frame, or ~i for constant i.
using Operand = int32_t;

struct Program;

struct Instruction {
  Code code;
  bool constant_weights = false;  ///< an operator whose tensors besides the first are constants: it may keep prepared weights (target: where)
  bool channels_last = false;     ///< a convolution whose result may have channels-last strides
  uint16_t inputs = 0, outputs = 0;
  uint32_t operands = 0;        ///< where its operands begin: inputs, then outputs, then slots to clear afterwards
  uint16_t releases = 0;
  uint32_t target = 0;
  int64_t number = 0;             ///< operators: bit k set when argument k is written
  union {
    const Op* op = nullptr;
    Function* function;
    const Type* type;
  };
  uint32_t node = 0;            ///< index into Program::details
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
  std::vector<Value> constants;
  std::vector<InstructionDetail> details;
  struct PreparedPlace {
    Ref<const Prepared> value;
    std::atomic<bool> tried{false};  ///< set after the instruction's first call: value is final then
  };
  std::deque<PreparedPlace> prepared;  ///< one per instruction that may keep prepared weights
  std::mutex prepare_mutex;            ///< held during the first call of such an instruction
  uint32_t parameters = 0;
  uint32_t slots = 0;
};

/// Finds the function that computes a prelude operator.
using PreludeLookup = std::function<Function*(const Operator&)>;

/// Flattens `graph`; the graph is not needed afterwards.
std::unique_ptr<Program> build_program(const Graph& graph, std::string name, const PreludeLookup& prelude);

}  // namespace tsrun
