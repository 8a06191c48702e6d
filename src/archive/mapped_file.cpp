#include "archive/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <vector>

namespace tsrun {
namespace {

constexpr size_t alignment = 64;

[[noreturn]] void cannot_read(const std::string& path, const char* why) {
  throw Error(ErrorKind::malformed, path + ": cannot be read: " + why);
}

struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

std::byte* allocate(size_t size) {
  size_t rounded = (size + alignment - 1) / alignment * alignment;
  void* p = rounded < size ? nullptr : std::aligned_alloc(alignment, rounded ? rounded : alignment);
  if (!p) throw Error(ErrorKind::limit, "no memory for a file of " + std::to_string(size) + " bytes");
  return static_cast<std::byte*>(p);
}

}  // namespace

Ref<FileBytes> FileBytes::copy(Bytes bytes, std::string name) {
  std::byte* data = allocate(bytes.size());
  if (!bytes.empty()) std::memcpy(data, bytes.data(), bytes.size());
  return Ref<FileBytes>(new FileBytes(data, bytes.size(), false, std::move(name)));
}

Ref<FileBytes> FileBytes::open(const std::string& path) {
  Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  struct stat info {};
  if (file.fd < 0 || ::fstat(file.fd, &info) != 0) cannot_read(path, std::strerror(errno));
  if (S_ISDIR(info.st_mode)) cannot_read(path, "it is a directory");
  if (S_ISREG(info.st_mode) && info.st_size > 0) {
    auto size = static_cast<size_t>(info.st_size);
    void* p = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, file.fd, 0);
    if (p == MAP_FAILED) cannot_read(path, std::strerror(errno));
    return Ref<FileBytes>(new FileBytes(static_cast<std::byte*>(p), size, true, path));
  }
  std::vector<std::byte> all;
  for (std::vector<std::byte> part(1 << 16);;) {
    ssize_t n = ::read(file.fd, part.data(), part.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) cannot_read(path, std::strerror(errno));
    if (n == 0) break;
    all.insert(all.end(), part.begin(), part.begin() + n);
  }
  return copy(all, path);
}

namespace {

/// The whole pages inside [data, data + bytes).
struct Pages {
  Pages(const void* data, size_t bytes) : size(static_cast<size_t>(::sysconf(_SC_PAGESIZE))) {
    first = (reinterpret_cast<uintptr_t>(data) + size - 1) / size;
    const uintptr_t end = (reinterpret_cast<uintptr_t>(data) + bytes) / size;
    count = end > first ? end - first : 0;
  }
  void* data() const { return reinterpret_cast<void*>(first * size); }
  size_t bytes() const { return count * size; }

  size_t size;
  uintptr_t first, count;
};

/// Does every page in memory still mirror the file? A page that was written to is the process's own.
bool unwritten(const Pages& pages) {
  constexpr uint64_t in_swap = uint64_t{1} << 62, of_file = uint64_t{1} << 61, present = uint64_t{1} << 63;
  Descriptor map{::open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC)};
  if (map.fd < 0) return false;
  uint64_t entries[512];
  for (uintptr_t at = 0; at < pages.count;) {
    const size_t n = std::min<size_t>(std::size(entries), pages.count - at);
    const auto got = ::pread(map.fd, entries, n * sizeof(uint64_t), static_cast<off_t>((pages.first + at) * sizeof(uint64_t)));
    if (got <= 0 || got % static_cast<ssize_t>(sizeof(uint64_t)) != 0) return false;
    const size_t read = static_cast<size_t>(got) / sizeof(uint64_t);
    for (size_t i = 0; i < read; ++i)
      if ((entries[i] & in_swap) || ((entries[i] & present) && !(entries[i] & of_file))) return false;
    at += read;
  }
  return true;
}

}  // namespace

void FileBytes::read_ahead([[maybe_unused]] const void* data, [[maybe_unused]] size_t bytes) {
#ifdef MADV_POPULATE_READ
  const Pages pages(data, bytes);
  if (mapped_ && pages.count) ::madvise(pages.data(), pages.bytes(), MADV_POPULATE_READ);
#endif
}

void FileBytes::drop(const void* data, size_t bytes) {
  const Pages pages(data, bytes);
  if (mapped_ && pages.count && unwritten(pages)) ::madvise(pages.data(), pages.bytes(), MADV_DONTNEED);
}

FileBytes::~FileBytes() {
  if (mapped_) ::munmap(data_, size_);
  else std::free(data_);
}

}  // namespace tsrun
