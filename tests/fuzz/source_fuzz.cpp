// Any text as the code of a model whose root is an object of the last class in it, with the state that every module has.
#include <string>
#include <string_view>

#include "archive/zip_writer.h"
#include "fuzz_target.h"
#include "runtime/module_impl.h"
#include "tsrun/tsrun.h"

using namespace tsrun;
using namespace std::string_view_literals;

namespace {

std::string last_class(std::string_view code) {
  const size_t at = code.rfind("class ");
  if (at == code.npos) return "M";
  const std::string_view rest = code.substr(at + 6);
  return std::string(rest.substr(0, rest.find_first_of("(:\n")));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ZipWriter zip("m");
  const std::string_view code(reinterpret_cast<const char*>(data), size);
  zip.add("data.pkl",
          "\x80\x02"
          "c__torch__\n" +
              last_class(code) + std::string("\n)\x81}(X\x08\x00\x00\x00training\x88X\x16\x00\x00\x00_is_full_backward_hookNub."sv));
  zip.add("constants.pkl", "\x80\x02)."sv);
  zip.add("version", "3\n"sv);
  zip.add("code/__torch__.py", code);
  const std::string file = zip.finish();
  try {
    load(std::as_bytes(std::span(file.data(), file.size()))).impl()->check_graphs();
  } catch (const Error& e) {
    if (e.kind() == ErrorKind::internal) throw;  // a bug, whatever the code says
  }
  return 0;
}
