#include "runtime/profiler.h"

namespace tsrun {
namespace {

constexpr size_t most_events = 1'000'000;  // of 24 bytes; the totals of the steps go on

std::string name_of(const InstructionDetail& d) { return d.operation ? d.operation->schema.full_name() : d.name; }

}  // namespace

uint32_t Profiler::step_of(const InstructionDetail& instruction, const InstructionDetail& user) {
  auto [it, fresh] = known_.try_emplace({&instruction, &user}, 0);
  if (!fresh) return it->second;
  Profile::Step step{name_of(instruction), place_of_(user.where)};
  auto [place, unseen] = by_name_and_place_.try_emplace(step.name + '\n' + step.place, static_cast<uint32_t>(profile_.steps.size()));
  if (unseen) profile_.steps.push_back(std::move(step));
  return it->second = place->second;
}

void Profiler::add(const InstructionDetail& instruction, const InstructionDetail& user, int64_t begin) {
  const int64_t duration = now() - begin;
  const uint32_t index = step_of(instruction, user);
  Profile::Step& step = profile_.steps[index];
  ++step.count;
  step.total += duration;
  if (profile_.events.size() < most_events) profile_.events.push_back({index, begin, duration});
}

}  // namespace tsrun
