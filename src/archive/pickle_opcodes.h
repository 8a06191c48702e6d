// Pickle opcodes and their operands, decoded one at a time.
#pragma once
#include "archive/byte_reader.h"

namespace tsrun::pickle {

enum class Op : uint8_t {
  mark = '(',
  stop = '.',
  pop = '0',
  pop_mark = '1',
  dup = '2',
  float_text = 'F',
  int_text = 'I',
  binint = 'J',
  binint1 = 'K',
  long_text = 'L',
  binint2 = 'M',
  none = 'N',
  binpersid = 'Q',
  reduce = 'R',
  binstring = 'T',
  short_binstring = 'U',
  binunicode = 'X',
  append = 'a',
  build = 'b',
  global = 'c',
  dict = 'd',
  appends = 'e',
  binget = 'h',
  long_binget = 'j',
  list = 'l',
  binput = 'q',
  long_binput = 'r',
  setitem = 's',
  tuple = 't',
  setitems = 'u',
  empty_dict = '}',
  empty_list = ']',
  empty_tuple = ')',
  binfloat = 'G',
  binbytes = 'B',
  short_binbytes = 'C',
  proto = 0x80,
  newobj = 0x81,
  tuple1 = 0x85,
  tuple2 = 0x86,
  tuple3 = 0x87,
  newtrue = 0x88,
  newfalse = 0x89,
  long1 = 0x8a,
  long4 = 0x8b,
  short_binunicode = 0x8c,
  binunicode8 = 0x8d,
  binbytes8 = 0x8e,
  empty_set = 0x8f,
  additems = 0x90,
  frozenset = 0x91,
  newobj_ex = 0x92,
  stack_global = 0x93,
  memoize = 0x94,
  frame = 0x95,
  bytearray8 = 0x96,
};

struct Instruction {
  Op opcode;
  size_t at = 0;       ///< offset of the opcode
  int64_t number = 0;  ///< integers, memo indices, the protocol
  bool wide = false;   ///< the integer does not fit `number`
  double real = 0;
  std::string_view text;  ///< strings, bytes, digits; the module of a GLOBAL
  std::string_view name;  ///< of a GLOBAL
};

/// The next instruction. Throws Error (malformed) for an unknown opcode or a cut operand, Error (unsupported) for a protocol above 5.
Instruction next_instruction(ByteReader& reader, std::string_view file);

}  // namespace tsrun::pickle
