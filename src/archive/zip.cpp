#include "archive/zip.h"

#include <zlib.h>

#include <algorithm>
#include <memory>

namespace tsrun {
namespace {

constexpr uint32_t local_signature = 0x04034b50, central_signature = 0x02014b50, end_signature = 0x06054b50;
constexpr uint32_t end64_signature = 0x06064b50, locator64_signature = 0x07064b50;
constexpr size_t end_bytes = 22, end64_bytes = 56, locator64_bytes = 20, local_bytes = 30;
constexpr uint32_t saturated32 = 0xffffffff;
constexpr uint16_t saturated16 = 0xffff;
constexpr uint16_t flag_encrypted = 1, flag_descriptor = 8, flag_strong_encryption = 64;
// Deflate cannot do better than this, so a directory that claims more lies.
constexpr uint64_t deflate_best_ratio = 1032;

/// What is wrong with a name, or null.
const char* name_fault(std::string_view name) {
  if (name.empty()) return "is empty";
  if (name.find('\0') != name.npos) return "holds a zero byte";
  if (name.find('\\') != name.npos) return "holds a backslash";
  if (name.front() == '/' || name.substr(1, 2) == ":/") return "is absolute";
  for (size_t start = 0; start <= name.size();) {
    size_t end = std::min(name.find('/', start), name.size());
    if (std::string_view part = name.substr(start, end - start); part == ".." || part == ".") return "leaves its folder";
    start = end + 1;
  }
  return nullptr;
}

}  // namespace

Zip::Zip(Bytes bytes, std::string file, ZipLimits limits) : bytes_(bytes), file_(std::move(file)), limits_(limits) {
  read_directory();
  for (size_t i = 0; i < entries_.size(); ++i)
    if (!index_.emplace(entries_[i].name, i).second) fail("two entries are named " + entries_[i].name);
}

void Zip::fail(const std::string& why) const { throw Error(ErrorKind::malformed, file_ + ": " + why); }

/// Offset of the end record: the last place whose comment reaches exactly to the end of the file.
size_t Zip::find_end_record() const {
  const size_t farthest = bytes_.size() < end_bytes + saturated16 ? 0 : bytes_.size() - end_bytes - saturated16;
  for (size_t at = bytes_.size() < end_bytes ? 0 : bytes_.size() - end_bytes + 1; at-- > farthest;) {
    ByteReader r(bytes_, file_, at);
    if (r.u32() != end_signature) continue;
    r.take(16);
    if (r.u16() == r.left()) return at;
  }
  fail("is cut off or no ZIP archive: its directory is missing");
}

Zip::Directory Zip::find_directory() const {
  const size_t end_offset = find_end_record();
  ByteReader end(bytes_, file_, end_offset + 4);
  uint64_t disks = end.u16() | end.u16(), disk_count = end.u16();
  Directory d;
  d.count = end.u16(), d.size = end.u32(), d.offset = end.u32(), d.end = end_offset;
  const bool has64 = end_offset >= locator64_bytes && ByteReader(bytes_, file_, end_offset - locator64_bytes).u32() == locator64_signature;
  if (has64) {
    const size_t locator_offset = end_offset - locator64_bytes;
    ByteReader locator(bytes_, file_, locator_offset + 8);
    const uint64_t end64_offset = locator.u64();
    if (end64_offset > locator_offset || locator_offset - end64_offset < end64_bytes) fail("the ZIP64 locator points outside the file");
    ByteReader r(bytes_, file_, end64_offset);
    if (r.u32() != end64_signature) fail("the ZIP64 end record is missing");
    if (r.u64() != locator_offset - end64_offset - 12) fail("the ZIP64 end record has a wrong size");
    r.u32();  // versions
    disks |= uint64_t{r.u32()} | r.u32();
    disk_count = r.u64();
    const uint64_t count = r.u64(), size = r.u64(), offset = r.u64();
    auto agrees = [](uint64_t narrow, uint64_t limit, uint64_t wide) { return narrow == limit || narrow == wide; };
    if (!agrees(d.count, saturated16, count) || !agrees(d.size, saturated32, size) || !agrees(d.offset, saturated32, offset))
      fail("the two end records disagree");
    d = {offset, size, count, end64_offset};
  } else if (d.count == saturated16 || d.size == saturated32 || d.offset == saturated32) {
    fail("the ZIP64 locator is missing");
  }
  if (disks != 0 || disk_count != d.count) fail("is a part of a split archive");
  if (d.offset > d.end || d.size != d.end - d.offset) fail("the directory does not end where the end record says");
  return d;
}

void Zip::read_directory() {
  const Directory d = find_directory();
  if (d.count > limits_.entries) throw Error(ErrorKind::limit, file_ + ": " + std::to_string(d.count) + " entries, more than allowed");
  ByteReader r(bytes_.first(d.end), file_, d.offset);
  for (uint64_t i = 0; i < d.count; ++i) read_entry(r);
  if (r.left() != 0) fail("the directory has bytes after its last entry");
  check_overlap(d.offset);
}

void Zip::read_entry(ByteReader& r) {
  if (r.u32() != central_signature) fail("the directory is damaged at byte " + std::to_string(r.position() - 4));
  ZipEntry e;
  r.take(4);  // versions
  uint16_t flags = r.u16(), method = r.u16();
  r.u32();  // time and date
  e.crc = r.u32();
  e.compressed_size = r.u32();
  e.size = r.u32();
  uint16_t name_bytes = r.u16(), extra_bytes = r.u16(), comment_bytes = r.u16(), disk = r.u16();
  r.take(6);  // attributes
  e.header_offset = r.u32();
  if (name_bytes > limits_.name_bytes) throw Error(ErrorKind::limit, file_ + ": the name of an entry is longer than allowed");
  e.name = r.text(name_bytes);
  ByteReader extras(r.take(extra_bytes), file_);
  r.take(comment_bytes);

  const char* fault = name_fault(e.name);
  if (fault) fail("the name of entry " + std::to_string(extents_.size()) + " " + fault);
  auto refuse = [&](const std::string& why) { fail("entry " + e.name + " " + why); };
  if (e.size == saturated32 || e.compressed_size == saturated32 || e.header_offset == saturated32) {
    bool found = false;
    while (extras.left() >= 4 && !found) {
      uint16_t id = extras.u16(), bytes = extras.u16();
      ByteReader field(extras.take(bytes), file_);
      if (id != 1) continue;
      found = true;
      if (e.size == saturated32) e.size = field.u64();
      if (e.compressed_size == saturated32) e.compressed_size = field.u64();
      if (e.header_offset == saturated32) e.header_offset = field.u64();
    }
    if (!found) refuse("lacks its ZIP64 sizes");
  }
  if (flags & (flag_encrypted | flag_strong_encryption)) refuse("is encrypted");
  if (method != 0 && method != 8) refuse("has compression method " + std::to_string(method) + ", neither stored nor deflated");
  if (disk != 0) refuse("lies on another disk");
  e.deflated = method == 8;
  if (!e.deflated && e.size != e.compressed_size) refuse("is stored with two different sizes");
  if (e.deflated && e.size / deflate_best_ratio > e.compressed_size) refuse("claims an impossible compression");
  read_local_header(e);
  extents_.emplace_back(e.header_offset, e.data_offset + e.compressed_size);
  if (e.name.back() == '/') {
    if (e.size != 0) refuse("is a folder with content");
    return;
  }
  entries_.push_back(std::move(e));
}

void Zip::read_local_header(ZipEntry& e) const {
  auto refuse = [&](const std::string& why) { fail("entry " + e.name + " " + why); };
  if (e.header_offset > bytes_.size() || bytes_.size() - e.header_offset < local_bytes) refuse("lies outside the file");
  ByteReader r(bytes_, file_, e.header_offset);
  if (r.u32() != local_signature) refuse("has no local header");
  r.u16();  // version
  uint16_t flags = r.u16(), method = r.u16();
  r.u32();  // time and date
  uint32_t crc = r.u32(), compressed_size = r.u32(), size = r.u32();
  uint16_t name_bytes = r.u16(), extra_bytes = r.u16();
  if (r.left() < size_t{name_bytes} + extra_bytes) refuse("lies outside the file");
  if (r.text(name_bytes) != e.name) refuse("has another name in its local header");
  if ((method == 8) != e.deflated || (method != 0 && method != 8)) refuse("has another compression method in its local header");
  if (flags & flag_encrypted) refuse("is encrypted");
  // With a data descriptor the local header leaves these fields zero; some writers fill them in all the same.
  auto agrees = [&](uint32_t local, uint64_t central) {
    return local == central || local == saturated32 || ((flags & flag_descriptor) && local == 0);
  };
  if (!agrees(size, e.size) || !agrees(compressed_size, e.compressed_size)) refuse("has another size in its local header");
  if (crc != e.crc && !((flags & flag_descriptor) && crc == 0)) refuse("has another checksum in its local header");
  r.take(extra_bytes);
  e.data_offset = r.position();
  if (e.compressed_size > bytes_.size() - e.data_offset) refuse("lies outside the file");
}

void Zip::check_overlap(uint64_t directory_offset) const {
  auto extents = extents_;
  std::sort(extents.begin(), extents.end());
  for (size_t i = 0; i < extents.size(); ++i) {
    uint64_t limit = i + 1 < extents.size() ? extents[i + 1].first : directory_offset;
    if (extents[i].second > limit) fail("two entries overlap, at byte " + std::to_string(limit));
  }
}

const ZipEntry* Zip::find(std::string_view name) const {
  auto it = index_.find(name);
  return it == index_.end() ? nullptr : &entries_[it->second];
}

void Zip::check_inflation(const ZipEntry& entry) const {
  const uint64_t allowed = limits_.inflated_free_bytes + limits_.inflated_ratio * uint64_t{bytes_.size()};
  if (entry.deflated && entry.size > allowed - std::min(allowed, inflated_))
    throw Error(ErrorKind::limit, file_ + ": entry " + entry.name + " inflates to more than allowed");
}

void Zip::extract(const ZipEntry& entry, std::byte* out) const {
  check_inflation(entry);
  if (entry.deflated) {
    inflated_ += entry.size;
    inflate(entry, out);
  } else if (entry.size) {
    std::memcpy(out, raw(entry).data(), entry.size);
  }
}

void Zip::inflate(const ZipEntry& entry, std::byte* out) const {
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw Error(ErrorKind::limit, file_ + ": no memory to inflate");
  std::unique_ptr<z_stream, decltype(&inflateEnd)> closes(&stream, &inflateEnd);
  constexpr uint64_t step = uint64_t{1} << 30;  // zlib counts in 32 bits
  Bytes in = raw(entry);
  uint64_t in_left = in.size(), out_left = entry.size;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(in.data()));
  std::byte nothing{};
  stream.next_out = reinterpret_cast<Bytef*>(out ? out : &nothing);
  for (int status = Z_OK; status != Z_STREAM_END;) {
    const auto in_now = static_cast<uInt>(std::min(in_left, step)), out_now = static_cast<uInt>(std::min(out_left, step));
    stream.avail_in = in_now, stream.avail_out = out_now;
    status = ::inflate(&stream, Z_NO_FLUSH);
    in_left -= in_now - stream.avail_in, out_left -= out_now - stream.avail_out;
    const bool stuck = stream.avail_in == in_now && stream.avail_out == out_now;
    if (status == Z_STREAM_END ? in_left || out_left : status != Z_OK || stuck)
      fail("entry " + entry.name + " is damaged: it does not inflate");
  }
}

namespace {

uint32_t crc_of(const std::byte* data, uint64_t size) {
  return static_cast<uint32_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(data), size));
}

}  // namespace

std::string Zip::text(const ZipEntry& entry) const {
  if (entry.size > limits_.entry_text_bytes) throw Error(ErrorKind::limit, file_ + ": entry " + entry.name + " is larger than allowed");
  check_inflation(entry);
  std::string content(entry.size, '\0');
  auto* data = reinterpret_cast<std::byte*>(content.data());
  extract(entry, data);
  if (crc_of(data, content.size()) != entry.crc) fail("entry " + entry.name + " is damaged: its checksum differs");
  return content;
}

void Zip::check_crc(const ZipEntry& entry) const {
  if (!entry.deflated) {
    if (crc_of(raw(entry).data(), entry.size) != entry.crc) fail("entry " + entry.name + " is damaged: its checksum differs");
    return;
  }
  check_inflation(entry);
  std::vector<std::byte> content(entry.size);
  extract(entry, content.data());
  if (crc_of(content.data(), content.size()) != entry.crc) fail("entry " + entry.name + " is damaged: its checksum differs");
}

}  // namespace tsrun
