// What the archive tests share: golden files, hand-made ZIP archives, and errors as text.
#pragma once
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "archive/mapped_file.h"

namespace tsrun::testing {

/// The bytes of tests/archive/golden/<name>.
Ref<FileBytes> golden(const std::string& name);

/// "kind: message" of the Error that f throws; "no error" when it throws none.
template <class F>
std::string error_of(F&& f) {
  try {
    f();
  } catch (const Error& e) { return std::to_string(static_cast<int>(e.kind())) + ": " + e.what(); }
  return "no error";
}

/// One entry of a hand-made archive. Fields left alone are what an ordinary writer would put.
struct RawEntry {
  std::string name;
  std::string content;
  bool deflate = false;
  std::string local_name = name;
  uint16_t flags = 0;
  uint16_t method = 0xffff;  // 0xffff: by `deflate`
  int64_t size = -1;         // claimed
  int64_t compressed_size = -1;
  int64_t header_offset = -1;
  bool wrong_crc = false;
};

/// A ZIP archive with exactly these entries.
std::string raw_zip(const std::vector<RawEntry>& entries, const std::string& comment = "");

/// `s` as a file.
Ref<FileBytes> file_of(std::string_view s);

}  // namespace tsrun::testing
