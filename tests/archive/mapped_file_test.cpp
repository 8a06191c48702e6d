#include "archive/mapped_file.h"

#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <string>

using namespace tsrun;

namespace {

constexpr size_t kPage = 4096, kPages = 9;

/// A file of pages whose bytes are the page's number.
struct TemporaryFile {
  TemporaryFile() {
    char name[] = "mapped_file_test_XXXXXX";
    const int fd = ::mkstemp(name);
    REQUIRE(fd >= 0);
    ::close(fd);
    path = name;
    std::ofstream out(path, std::ios::binary);
    for (size_t p = 0; p < kPages; ++p) out << std::string(kPage, static_cast<char>('a' + p));
  }
  ~TemporaryFile() { std::remove(path.c_str()); }
  std::string path;
};

bool page_is(const FileBytes& file, size_t page, char c) {
  const auto* p = reinterpret_cast<const char*>(file.data()) + page * kPage;
  return std::all_of(p, p + kPage, [&](char x) { return x == c; });
}

}  // namespace

TEST_CASE("dropped pages of a mapped file come back with its bytes", "[archive]") {
  const TemporaryFile temporary;
  const Ref<FileBytes> file = FileBytes::open(temporary.path);
  file->read_ahead(file->data(), file->size());
  file->drop(file->data(), file->size());
  for (size_t p = 0; p < kPages; ++p) REQUIRE(page_is(*file, p, static_cast<char>('a' + p)));
}

TEST_CASE("what was written to a mapped file's bytes outlives drop", "[archive]") {
  const TemporaryFile temporary;
  const Ref<FileBytes> file = FileBytes::open(temporary.path);
  std::fill_n(file->data() + 4 * kPage, kPage, std::byte{'X'});
  file->drop(file->data(), file->size());
  REQUIRE(page_is(*file, 4, 'X'));
  file->drop(file->data() + 5 * kPage + 7, 2 * kPage);  // whole pages inside the range only
  for (size_t p = 0; p < kPages; ++p) REQUIRE(page_is(*file, p, p == 4 ? 'X' : static_cast<char>('a' + p)));
  file->drop(file->data() + 10, 3);  // not even one
}

TEST_CASE("drop leaves copied bytes alone", "[archive]") {
  const std::string text(3 * kPage, 'q');
  const Ref<FileBytes> file = FileBytes::copy({reinterpret_cast<const std::byte*>(text.data()), text.size()});
  file->read_ahead(file->data(), file->size());
  file->drop(file->data(), file->size());
  for (size_t p = 0; p < 3; ++p) REQUIRE(page_is(*file, p, 'q'));
}
