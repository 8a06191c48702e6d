// Any bytes as an archive: opened, listed, every record read.
#include "archive/archive.h"
#include "archive/npy.h"
#include "fuzz_target.h"

using namespace tsrun;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Ref<FileBytes> file = FileBytes::copy(std::as_bytes(std::span(data, size)));
  ArchiveLimits limits;
  limits.zip.inflated_free_bytes = limits.zip.entry_text_bytes = size_t{16} << 20;
  limits.zip.inflated_ratio = 0;
  try {
    const Zip zip(file->bytes(), "fuzz", limits.zip);
    if (is_npz(zip)) read_npz(zip, "fuzz");
  } catch (const Error&) {}
  try {
    const Archive archive = Archive::open(file, limits);
    for (const std::string& name : archive.names()) {
      archive.size_of(name);
      archive.text(name);
      archive.source_ranges(name);
    }
    archive.verify();
  } catch (const Error&) {}
  return 0;
}
