#include "archive/zip_writer.h"

#include <zlib.h>

namespace tsrun {
namespace {

constexpr size_t alignment = 64, local_bytes = 30;
constexpr uint64_t max32 = 0xffffffff;
constexpr uint16_t version_stored = 20, version_zip64 = 45, flag_utf8 = 0x800, padding_id = 0x4246;

void put(std::string& out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
}
void put16(std::string& out, uint64_t value) { put(out, value, 2); }
void put32(std::string& out, uint64_t value) { put(out, value, 4); }
void put64(std::string& out, uint64_t value) { put(out, value, 8); }
uint64_t narrow(uint64_t value) { return value < max32 ? value : max32; }

}  // namespace

void ZipWriter::add(const std::string& name, Bytes content) {
  Entry e{root_.empty() ? name : root_ + "/" + name, 0, content.size(), out_.size()};
  if (!names_.insert(e.name).second) throw Error(ErrorKind::internal, "zip entry written twice: " + e.name);
  e.crc = static_cast<uint32_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size()));
  const bool big = e.size >= max32;
  std::string extra;
  if (big) {
    put16(extra, 1), put16(extra, 16);
    put64(extra, e.size), put64(extra, e.size);
  }
  size_t data_offset = out_.size() + local_bytes + e.name.size() + extra.size() + 4;
  size_t padding = (alignment - data_offset % alignment) % alignment;
  put16(extra, padding_id), put16(extra, padding);
  extra.append(padding, 'Z');

  put32(out_, 0x04034b50);
  put16(out_, big ? version_zip64 : version_stored), put16(out_, flag_utf8), put16(out_, 0), put32(out_, 0);
  put32(out_, e.crc), put32(out_, narrow(e.size)), put32(out_, narrow(e.size));
  put16(out_, e.name.size()), put16(out_, extra.size());
  out_ += e.name;
  out_ += extra;
  out_ += as_text(content);
  entries_.push_back(std::move(e));
}

std::string ZipWriter::finish() {
  const uint64_t directory = out_.size();
  for (const Entry& e : entries_) {
    std::string extra;
    if (e.size >= max32) put64(extra, e.size), put64(extra, e.size);
    if (e.offset >= max32) put64(extra, e.offset);
    put32(out_, 0x02014b50);
    const uint16_t version = extra.empty() ? version_stored : version_zip64;
    put16(out_, version), put16(out_, version), put16(out_, flag_utf8), put16(out_, 0), put32(out_, 0);
    put32(out_, e.crc), put32(out_, narrow(e.size)), put32(out_, narrow(e.size));
    put16(out_, e.name.size()), put16(out_, extra.empty() ? 0 : extra.size() + 4), put16(out_, 0), put16(out_, 0);
    put16(out_, 0), put32(out_, 0), put32(out_, narrow(e.offset));
    out_ += e.name;
    if (!extra.empty()) put16(out_, 1), put16(out_, extra.size());
    out_ += extra;
  }
  const uint64_t end64 = out_.size(), size = end64 - directory, count = entries_.size();
  if (count >= 0xffff || size >= max32 || directory >= max32) {
    put32(out_, 0x06064b50), put64(out_, 44), put16(out_, version_zip64), put16(out_, version_zip64), put32(out_, 0), put32(out_, 0);
    put64(out_, count), put64(out_, count), put64(out_, size), put64(out_, directory);
    put32(out_, 0x07064b50), put32(out_, 0), put64(out_, end64), put32(out_, 1);
  }
  const uint64_t count16 = count < 0xffff ? count : 0xffff;
  put32(out_, 0x06054b50), put16(out_, 0), put16(out_, 0), put16(out_, count16), put16(out_, count16);
  put32(out_, narrow(size)), put32(out_, narrow(directory)), put16(out_, 0);
  return std::move(out_);
}

}  // namespace tsrun
