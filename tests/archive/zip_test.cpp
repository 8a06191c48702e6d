#include "archive/zip.h"

#include "archive/zip_writer.h"
#include "archive_testing.h"

using namespace tsrun;
using namespace tsrun::testing;
using Catch::Contains;

namespace {

std::string open_error(const std::string& bytes, ZipLimits limits = {}) {
  return error_of([&] { Zip(as_bytes(bytes), "test.zip", limits); });
}
std::string content(const std::string& bytes, const std::string& name, ZipLimits limits = {}) {
  Zip zip(as_bytes(bytes), "test.zip", limits);
  const ZipEntry* e = zip.find(name);
  REQUIRE(e);
  return zip.text(*e);
}
const std::string long_text(5000, 'x');

}  // namespace

TEST_CASE("stored and deflated entries are read", "[zip]") {
  const std::string z = raw_zip({{"a/one", "1"}, {"a/", ""}, {"a/long", long_text, true}, {"a/empty", ""}}, "a comment PK\x05\x06");
  Zip zip(as_bytes(z), "test.zip");
  REQUIRE(zip.entries().size() == 3);
  CHECK(content(z, "a/one") == "1");
  CHECK(content(z, "a/long") == long_text);
  CHECK(content(z, "a/empty").empty());
  CHECK(zip.find("a/none") == nullptr);
}

TEST_CASE("what the writer writes is read back, aligned", "[zip]") {
  ZipWriter w("root");
  w.add("data.pkl", "pickle");
  w.add("data/0", long_text);
  w.add("empty", "");
  const std::string z = w.finish();
  Zip zip(as_bytes(z), "test.zip");
  for (const ZipEntry& e : zip.entries()) CHECK(e.data_offset % 64 == 0);
  CHECK(content(z, "root/data.pkl") == "pickle");
  CHECK(content(z, "root/data/0") == long_text);
  CHECK(content(z, "root/empty").empty());
  CHECK(error_of([&] { w.add("empty", ""); }) == "7: zip entry written twice: root/empty");
}

TEST_CASE("many entries need the ZIP64 records", "[zip]") {
  ZipWriter w("r");
  for (int i = 0; i < 65535; ++i) w.add(std::to_string(i), "");
  const std::string z = w.finish();
  CHECK(Zip(as_bytes(z), "test.zip").entries().size() == 65535);
  CHECK(open_error(z, {.entries = 65534}) == "6: test.zip: 65535 entries, more than allowed");
}

TEST_CASE("names that mislead are refused", "[zip]") {
  CHECK(open_error(raw_zip({{"a/x", "1"}, {"a/x", "2"}})) == "3: test.zip: two entries are named a/x");
  CHECK(open_error(raw_zip({{"/x", ""}})) == "3: test.zip: the name of entry 0 is absolute");
  CHECK(open_error(raw_zip({{"c:/x", ""}})) == "3: test.zip: the name of entry 0 is absolute");
  CHECK(open_error(raw_zip({{"a/../x", ""}})) == "3: test.zip: the name of entry 0 leaves its folder");
  CHECK(open_error(raw_zip({{"a/x", ""}, {"..", ""}})) == "3: test.zip: the name of entry 1 leaves its folder");
  CHECK(open_error(raw_zip({{"a\\x", ""}})) == "3: test.zip: the name of entry 0 holds a backslash");
  CHECK(open_error(raw_zip({{std::string("a\0x", 3), ""}})) == "3: test.zip: the name of entry 0 holds a zero byte");
  CHECK(open_error(raw_zip({{"", ""}})) == "3: test.zip: the name of entry 0 is empty");
  CHECK(open_error(raw_zip({{std::string(5000, 'n'), ""}})) == "6: test.zip: the name of an entry is longer than allowed");
  CHECK(content(raw_zip({{"a/..x", "1"}}), "a/..x") == "1");
}

TEST_CASE("local headers must agree with the directory", "[zip]") {
  RawEntry other_name{"a/x", "1"};
  other_name.local_name = "a/y";
  CHECK(open_error(raw_zip({other_name})) == "3: test.zip: entry a/x has another name in its local header");
  std::string z = raw_zip({{"a/x", "1234"}});
  auto patched = [&](size_t at, char c) {
    std::string copy = z;
    copy[at] = c;
    return open_error(copy);
  };
  CHECK(patched(8, 8) == "3: test.zip: entry a/x has another compression method in its local header");
  CHECK(patched(14, z[14] ^ 1) == "3: test.zip: entry a/x has another checksum in its local header");
  CHECK(patched(18, 3) == "3: test.zip: entry a/x has another size in its local header");
  CHECK(patched(0, 'Q') == "3: test.zip: entry a/x has no local header");
  CHECK(patched(6, 1) == "3: test.zip: entry a/x is encrypted");
  CHECK(patched(28, '\x7f') == "3: test.zip: entry a/x lies outside the file");
}

TEST_CASE("entries that overlap or leave the file are refused", "[zip]") {
  RawEntry again{"a/y", "1"};
  again.header_offset = 0;
  again.local_name = "a/x";
  CHECK_THAT(open_error(raw_zip({{"a/x", "1"}, again})), Contains("another name"));
  RawEntry far{"a/x", "1"};
  far.header_offset = 1000;
  CHECK(open_error(raw_zip({far})) == "3: test.zip: entry a/x lies outside the file");
  RawEntry big{"a/x", "1"};
  big.size = big.compressed_size = 100000;
  CHECK(open_error(raw_zip({big})) == "3: test.zip: entry a/x lies outside the file");
  RawEntry over{"a/x", "1"};
  over.size = over.compressed_size = 60;
  CHECK(open_error(raw_zip({over, {"a/y", std::string(100, 'z')}})) == "3: test.zip: two entries overlap, at byte 34");
}

TEST_CASE("methods, flags and sizes that cannot be are refused", "[zip]") {
  RawEntry e{"a/x", "1"};
  e.method = 12;
  CHECK(open_error(raw_zip({e})) == "3: test.zip: entry a/x has compression method 12, neither stored nor deflated");
  e = {"a/x", "1"};
  e.flags = 1;
  CHECK(open_error(raw_zip({e})) == "3: test.zip: entry a/x is encrypted");
  e = {"a/x", "12"};
  e.size = 3;
  CHECK(open_error(raw_zip({e})) == "3: test.zip: entry a/x is stored with two different sizes");
  e = {"a/x", "12", true};
  e.size = 1 << 30;
  CHECK(open_error(raw_zip({e})) == "3: test.zip: entry a/x claims an impossible compression");
}

TEST_CASE("damaged content is found when it is read", "[zip]") {
  RawEntry e{"a/x", long_text, true};
  e.wrong_crc = true;
  CHECK(error_of([&] { content(raw_zip({e}), "a/x"); }) == "3: test.zip: entry a/x is damaged: its checksum differs");
  e.wrong_crc = false;
  e.size = 4999;
  CHECK(error_of([&] { content(raw_zip({e}), "a/x"); }) == "3: test.zip: entry a/x is damaged: it does not inflate");
  e.size = 5001;
  CHECK(error_of([&] { content(raw_zip({e}), "a/x"); }) == "3: test.zip: entry a/x is damaged: it does not inflate");
  std::string z = raw_zip({{"a/x", "1234"}});
  z[33] ^= 1;
  CHECK(error_of([&] { content(z, "a/x"); }) == "3: test.zip: entry a/x is damaged: its checksum differs");
  Zip zip(as_bytes(z), "test.zip");
  CHECK(error_of([&] { zip.check_crc(zip.entries()[0]); }) == "3: test.zip: entry a/x is damaged: its checksum differs");
}

TEST_CASE("inflation is limited", "[zip]") {
  const std::string z = raw_zip({{"a/x", long_text, true}, {"a/y", long_text, true}});
  CHECK(error_of([&] { content(z, "a/x", {.entry_text_bytes = 4999}); }) == "6: test.zip: entry a/x is larger than allowed");
  Zip zip(as_bytes(z), "test.zip", {.inflated_free_bytes = 9000, .inflated_ratio = 0});
  CHECK(zip.text(*zip.find("a/x")) == long_text);
  CHECK(error_of([&] { zip.text(*zip.find("a/y")); }) == "6: test.zip: entry a/y inflates to more than allowed");
}

TEST_CASE("a file cut anywhere is refused", "[zip]") {
  const std::string z = raw_zip({{"a/x", "1234"}, {"a/long", long_text, true}});
  for (size_t n = 0; n < z.size(); ++n) CHECK_THAT(open_error(z.substr(0, n)), Contains("3: test.zip: is cut off or no ZIP archive"));
}

TEST_CASE("every single-byte change is refused or harmless", "[zip]") {
  const std::string z = raw_zip({{"a/x", "1234"}, {"a/long", long_text, true}, {"a/y", "5"}});
  size_t refused = 0;
  for (size_t i = 0; i < z.size(); ++i)
    for (int value : {0, 0xff, z[i] ^ 1, z[i] ^ 0x80}) {
      std::string copy = z;
      copy[i] = static_cast<char>(value);
      const std::string error = error_of([&] {
        Zip zip(as_bytes(copy), "test.zip");
        for (const ZipEntry& e : zip.entries()) zip.text(e);
      });
      CHECK((error == "no error" || error[0] == '3' || error[0] == '6'));
      refused += error != "no error";
    }
  CHECK(refused > z.size());
}
