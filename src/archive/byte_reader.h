// A cursor over untrusted bytes: every read is checked, none goes past the end.
#pragma once
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "tsrun/error.h"

namespace tsrun {

using Bytes = std::span<const std::byte>;

inline std::string_view as_text(Bytes b) { return {reinterpret_cast<const char*>(b.data()), b.size()}; }
inline Bytes as_bytes(std::string_view s) { return {reinterpret_cast<const std::byte*>(s.data()), s.size()}; }

/// Little-endian reads. `what` names the bytes in the error: "data.pkl: ends early, at byte 17".
class ByteReader {
 public:
  ByteReader(Bytes bytes, std::string_view what, size_t position = 0) : bytes_(bytes), what_(what), position_(position) {
    if (position > bytes.size()) fail();
  }

  size_t position() const { return position_; }
  size_t left() const { return bytes_.size() - position_; }

  Bytes take(uint64_t n) {
    if (n > left()) fail();
    Bytes b = bytes_.subspan(position_, n);
    position_ += n;
    return b;
  }
  std::string_view text(uint64_t n) { return as_text(take(n)); }
  uint8_t u8() { return number<uint8_t>(); }
  uint16_t u16() { return number<uint16_t>(); }
  uint32_t u32() { return number<uint32_t>(); }
  uint64_t u64() { return number<uint64_t>(); }
  /// Up to the next line feed, which is read and not returned.
  std::string_view line() {
    std::string_view rest = as_text(bytes_.subspan(position_));
    size_t end = rest.find('\n');
    if (end == std::string_view::npos) fail();
    position_ += end + 1;
    return rest.substr(0, end);
  }

 private:
  template <class T>
  T number() {
    Bytes b = take(sizeof(T));
    T value = 0;
    for (size_t i = sizeof(T); i-- > 0;) value = static_cast<T>((static_cast<uint64_t>(value) << 8) | std::to_integer<uint8_t>(b[i]));
    return value;
  }
  [[noreturn]] void fail() const {
    throw Error(ErrorKind::malformed, std::string(what_) + ": ends early, at byte " + std::to_string(bytes_.size()));
  }

  Bytes bytes_;
  std::string_view what_;
  size_t position_;
};

}  // namespace tsrun
