#include "archive/pickle_opcodes.h"

#include <bit>
#include <charconv>

namespace tsrun::pickle {
namespace {

[[noreturn]] void fail(std::string_view file, size_t at, const std::string& why) {
  throw Error(ErrorKind::malformed, std::string(file) + ": " + why + ", at byte " + std::to_string(at));
}

/// Two's complement of any length.
void read_integer(Instruction& i, Bytes bytes) {
  if (bytes.empty()) return;
  const bool negative = (std::to_integer<int>(bytes.back()) & 0x80) != 0;
  const auto fill = std::byte(negative ? 0xff : 0);
  uint64_t value = negative ? ~uint64_t{0} : 0;
  for (size_t k = bytes.size(); k-- > 0;) {
    i.wide = i.wide || (k >= 8 && bytes[k] != fill);
    if (k < 8) value = (value << 8) | std::to_integer<uint8_t>(bytes[k]);
  }
  i.number = static_cast<int64_t>(value);
  i.wide = i.wide || (i.number < 0) != negative;
}

template <class T>
T from_digits(std::string_view digits, std::string_view file, size_t at) {
  T value{};
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) fail(file, at, "a number is written wrongly");
  return value;
}

double big_endian_double(ByteReader& r) {
  uint64_t bits = 0;
  for (std::byte b : r.take(8)) bits = (bits << 8) | std::to_integer<uint8_t>(b);
  return std::bit_cast<double>(bits);
}

}  // namespace

Instruction next_instruction(ByteReader& r, std::string_view file) {
  Instruction i;
  i.at = r.position();
  i.opcode = static_cast<Op>(r.u8());
  switch (i.opcode) {
    case Op::proto:
      i.number = r.u8();
      if (i.number > 5)
        throw Error(ErrorKind::unsupported, std::string(file) + ": pickle protocol " + std::to_string(i.number) + " is not known");
      break;
    case Op::frame: r.u64(); break;
    case Op::binint: i.number = static_cast<int32_t>(r.u32()); break;
    case Op::binint1:
    case Op::binget:
    case Op::binput: i.number = r.u8(); break;
    case Op::binint2: i.number = r.u16(); break;
    case Op::long_binget:
    case Op::long_binput: i.number = r.u32(); break;
    case Op::long1: read_integer(i, r.take(r.u8())); break;
    case Op::long4: read_integer(i, r.take(r.u32())); break;
    case Op::binfloat: i.real = big_endian_double(r); break;
    case Op::float_text: i.real = from_digits<double>(r.line(), file, i.at); break;
    case Op::int_text: i.text = r.line(); break;
    case Op::long_text: {
      std::string_view digits = r.line();
      if (digits.ends_with('L')) digits.remove_suffix(1);
      i.number = from_digits<int64_t>(digits, file, i.at);
      break;
    }
    case Op::short_binstring:
    case Op::short_binbytes:
    case Op::short_binunicode: i.text = r.text(r.u8()); break;
    case Op::binstring:
    case Op::binbytes:
    case Op::binunicode: i.text = r.text(r.u32()); break;
    case Op::binunicode8:
    case Op::binbytes8:
    case Op::bytearray8: i.text = r.text(r.u64()); break;
    case Op::global:
      i.text = r.line();
      i.name = r.line();
      break;
    case Op::mark:
    case Op::stop:
    case Op::pop:
    case Op::pop_mark:
    case Op::dup:
    case Op::none:
    case Op::binpersid:
    case Op::reduce:
    case Op::append:
    case Op::build:
    case Op::dict:
    case Op::appends:
    case Op::list:
    case Op::setitem:
    case Op::tuple:
    case Op::setitems:
    case Op::empty_dict:
    case Op::empty_list:
    case Op::empty_tuple:
    case Op::newobj:
    case Op::tuple1:
    case Op::tuple2:
    case Op::tuple3:
    case Op::newtrue:
    case Op::newfalse:
    case Op::empty_set:
    case Op::additems:
    case Op::frozenset:
    case Op::newobj_ex:
    case Op::stack_global:
    case Op::memoize: break;
    default: fail(file, i.at, "opcode " + std::to_string(static_cast<int>(i.opcode)) + " is not known");
  }
  if (i.opcode == Op::int_text) {
    // Booleans of protocols 0 and 1 are the integers 00 and 01.
    if (i.text == "00" || i.text == "01") i.opcode = i.text == "01" ? Op::newtrue : Op::newfalse;
    else i.number = from_digits<int64_t>(i.text, file, i.at);
  }
  return i;
}

}  // namespace tsrun::pickle
