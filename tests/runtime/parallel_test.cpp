// One module used by several threads at a time: everybody gets what one thread alone gets. Built with the preset `tsan` as well.
#include <atomic>
#include <catch2/catch.hpp>
#include <cstring>
#include <thread>

#include "ops/tensor_ops.h"
#include "tsrun/tsrun.h"

using namespace tsrun;

namespace {

const char* const models[] = {"forks", "layers", "recurrent", "attention", "dynamic_router", "dtypes", "simplecnn_traced"};
constexpr int threads = 4;

std::string path_of(const std::string& model) { return TSRUN_SOURCE_DIR "/tests/golden/" + model; }

std::vector<Value> inputs_of(const std::string& model) { return load_values(path_of(model) + ".inputs.pt").to_tuple().elements; }

Options one_thread() {
  Options o;
  o.threads = 1;
  return o;
}

bool same_tensor(const Tensor& a, const Tensor& b) {
  if (a.defined() != b.defined()) return false;
  if (!a.defined()) return true;
  if (a.dtype() != b.dtype() || !std::ranges::equal(a.sizes(), b.sizes())) return false;
  Context ctx;
  Tensor x = contiguous(ctx, a), y = contiguous(ctx, b);
  return x.numel() == 0 || std::memcmp(x.data(), y.data(), static_cast<size_t>(x.numel()) * item_size(x.dtype())) == 0;
}

/// Equal to the last bit.
bool same(const Value& a, const Value& b) {
  if (a.tag() != b.tag()) return false;
  if (a.is_tensor()) return same_tensor(a.to_tensor(), b.to_tensor());
  if (a.is_tuple()) return std::ranges::equal(a.to_tuple().elements, b.to_tuple().elements, same);
  if (a.is_list()) return std::ranges::equal(a.to_list().elements, b.to_list().elements, same);
  return to_text(a) == to_text(b);
}

/// Runs f in all threads at once and gives how often it said true.
template <class F>
int agreeing(F f) {
  std::atomic<int> count{0}, arrived{0};
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i)
    all.emplace_back([&] {
      for (++arrived; arrived < threads;) std::this_thread::yield();
      try {
        count += f() ? 1 : 0;
      } catch (const std::exception&) {}  // counts as a disagreement
    });
  for (std::thread& t : all) t.join();
  return count;
}

}  // namespace

TEST_CASE("sessions of one module run in parallel", "[parallel]") {
  for (const char* name : models) {
    INFO(name);
    const Value want = load(path_of(name) + ".pt", one_thread()).forward(inputs_of(name));
    const Module module = load(path_of(name) + ".pt", one_thread());  // nothing is compiled yet: the threads do it together
    CHECK(agreeing([&] {
            Session session(module, one_thread());
            for (int i = 0; i < 5; ++i)
              if (!same(session.forward(inputs_of(name)), want)) return false;
            return true;
          }) == threads);
  }
}

TEST_CASE("one module is called by several threads", "[parallel]") {
  for (const char* name : models) {
    INFO(name);
    const Value want = load(path_of(name) + ".pt", one_thread()).forward(inputs_of(name));
    const Module module = load(path_of(name) + ".pt", one_thread());
    CHECK(agreeing([&] {
            for (int i = 0; i < 5; ++i)
              if (!same(module.forward(inputs_of(name)), want)) return false;
            return true;
          }) == threads);
  }
}

TEST_CASE("modules are loaded in parallel", "[parallel]") {
  for (const char* name : models) {
    INFO(name);
    const Value want = load(path_of(name) + ".pt", one_thread()).forward(inputs_of(name));
    CHECK(agreeing([&] { return same(load(path_of(name) + ".pt", one_thread()).forward(inputs_of(name)), want); }) == threads);
  }
}

TEST_CASE("programs are compiled anew while others run", "[parallel]") {
  const Module module = load(path_of("layers") + ".pt", one_thread());
  const Value want = module.forward(inputs_of("layers"));
  std::atomic<bool> done{false};
  std::thread switcher([&, other = module]() mutable {
    while (!done) other.set_attribute("training", false);  // drops the programs
  });
  CHECK(agreeing([&] {
          for (int i = 0; i < 20; ++i)
            if (!same(module.forward(inputs_of("layers")), want)) return false;
          return true;
        }) == threads);
  done = true;
  switcher.join();
}
