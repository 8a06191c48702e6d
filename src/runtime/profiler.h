// Takes the time of every operator that an interpreter runs.
#pragma once
#include <chrono>
#include <functional>
#include <string>
#include <unordered_map>

#include "runtime/program.h"
#include "tsrun/tsrun.h"

namespace tsrun {

/// Collects a Profile. Instructions are known by the address of their detail, so forget() them before programs can have gone.
class Profiler {
 public:
  using PlaceOf = std::function<std::string(const Location&)>;
  explicit Profiler(PlaceOf place_of) : place_of_(std::move(place_of)), start_(Clock::now()) {}

  /// Nanoseconds since the profile began.
  int64_t now() const { return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start_).count(); }
  /// One run of `instruction` that began at `begin` and ends now. `user` is the instruction of the model that led to it: another one
  /// when the operator is part of a prelude function.
  void add(const InstructionDetail& instruction, const InstructionDetail& user, int64_t begin);
  void add_call(const std::string& method, int64_t begin) { profile_.calls.push_back({method, begin, now() - begin}); }
  void forget() { known_.clear(); }
  Profile take() { return std::move(profile_); }

 private:
  using Clock = std::chrono::steady_clock;
  using Key = std::pair<const InstructionDetail*, const InstructionDetail*>;
  struct Hash {
    size_t operator()(const Key& k) const { return std::hash<const void*>()(k.first) * 31 + std::hash<const void*>()(k.second); }
  };
  uint32_t step_of(const InstructionDetail& instruction, const InstructionDetail& user);

  PlaceOf place_of_;
  Clock::time_point start_;
  Profile profile_;
  std::unordered_map<Key, uint32_t, Hash> known_;
  std::unordered_map<std::string, uint32_t> by_name_and_place_;
};

}  // namespace tsrun
