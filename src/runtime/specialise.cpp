// The optimised form of a method of the root module.
#include "runtime/module_impl.h"

namespace tsrun {

std::shared_ptr<const Program> Module::Impl::specialise(const std::string& method) {
  {
    std::lock_guard lock(mutex);
    if (auto it = specialised.find(method); it != specialised.end()) return it->second;
  }
  Function* f = type().find_method(method);
  std::shared_ptr<const Program> program(&program_of(*f, programs), [](const Program*) {});
  std::lock_guard lock(mutex);
  specialised[method] = program;
  return program;
}

}  // namespace tsrun
