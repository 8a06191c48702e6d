#include "archive_testing.h"

#include <zlib.h>

namespace tsrun::testing {
namespace {

void put(std::string& out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
}

std::string deflated(const std::string& content) {
  std::string out(compressBound(content.size()) + 16, '\0');
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace

Ref<FileBytes> golden(const std::string& name) { return FileBytes::open(TSRUN_SOURCE_DIR "/tests/archive/golden/" + name); }

Ref<FileBytes> file_of(std::string_view s) { return FileBytes::copy(as_bytes(s), "test.pt"); }

std::string raw_zip(const std::vector<RawEntry>& entries, const std::string& comment) {
  std::string out, directory;
  for (const RawEntry& e : entries) {
    const std::string data = e.deflate ? deflated(e.content) : e.content;
    auto crc = static_cast<uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(e.content.data()), e.content.size()));
    if (e.wrong_crc) crc ^= 1;
    const uint64_t size = e.size < 0 ? e.content.size() : static_cast<uint64_t>(e.size);
    const uint64_t compressed = e.compressed_size < 0 ? data.size() : static_cast<uint64_t>(e.compressed_size);
    const uint64_t offset = e.header_offset < 0 ? out.size() : static_cast<uint64_t>(e.header_offset);
    const uint16_t method = e.method != 0xffff ? e.method : e.deflate ? 8 : 0;
    auto put_shared = [&](std::string& to, const std::string& name) {
      put(to, 20, 2), put(to, e.flags, 2), put(to, method, 2), put(to, 0, 4), put(to, crc, 4);
      put(to, compressed, 4), put(to, size, 4), put(to, name.size(), 2), put(to, 0, 2);
    };
    put(directory, 0x02014b50, 4), put(directory, 20, 2);
    put_shared(directory, e.name);
    put(directory, 0, 8), put(directory, 0, 2), put(directory, offset, 4);
    directory += e.name;
    put(out, 0x04034b50, 4);
    put_shared(out, e.local_name);
    out += e.local_name + data;
  }
  const uint64_t start = out.size();
  out += directory;
  put(out, 0x06054b50, 4), put(out, 0, 4), put(out, entries.size(), 2), put(out, entries.size(), 2);
  put(out, directory.size(), 4), put(out, start, 4), put(out, comment.size(), 2);
  return out + comment;
}

}  // namespace tsrun::testing
