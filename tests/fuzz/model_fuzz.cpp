// Any bytes as a model: opened, every method lowered, optimised and checked. Nothing runs.
#include "fuzz_target.h"
#include "runtime/module_impl.h"
#include "tsrun/tsrun.h"

using namespace tsrun;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    load(std::as_bytes(std::span(data, size))).impl()->check_graphs();
  } catch (const Error& e) {
    if (e.kind() == ErrorKind::internal) throw;  // a bug, whatever the file says
  }
  return 0;
}
