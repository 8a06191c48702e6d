#include "archive/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
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

FileBytes::~FileBytes() {
  if (mapped_) ::munmap(data_, size_);
  else std::free(data_);
}

}  // namespace tsrun
