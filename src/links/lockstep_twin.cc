// Counts everything anew whenever it is asked.
#include "links/lockstep_twin.h"

#include <algorithm>

namespace marktwacht {

bool LockstepTwin::is_evidence(const Said& said) const {
  const LockstepLimits limits;
  const std::int64_t within = said.at.ns % second.ns;
  const auto near = [&](const Told& told) {
    return (!told.instrument.exists() || told.instrument == said.action.instrument) &&
           std::abs(told.at.ns - said.at.ns) <= limits.notice_span.ns;
  };
  return said.action.own_will && within >= limits.round_span.ns &&
         within <= second.ns - limits.round_span.ns && std::ranges::none_of(notices_, near);
}

LockstepTwin::Set LockstepTwin::set_of(AccountIndex account, Time end) const {
  Set set;
  for (std::size_t at = 0; at < said_.size(); ++at) {
    const Said& said = said_[at];
    if (said.action.account != account || said.at >= end || !is_evidence(said)) {
      continue;
    }
    const std::int64_t number = said.at.ns / second.ns;
    const auto together = std::ranges::count_if(said_, [&](const Said& other) {
      return other.at.ns / second.ns == number && other.action.instrument == said.action.instrument;
    });
    set.try_emplace(
        {number, said.action.instrument, said.action.side, said.action.act, said.action.price},
        Done{at, 1.0 / static_cast<double>(together)});
  }
  return set;
}

LockstepTwin::Compared LockstepTwin::compare(AccountPair accounts, Time end) const {
  const Set a = set_of(accounts.a, end), b = set_of(accounts.b, end);
  Compared compared;
  double both = 0, either = 0;
  for (const auto& [feature, done] : a) {
    either += done.weight;
    if (const auto other = b.find(feature); other != b.end()) {
      both += done.weight;
      ++compared.shared;
      compared.a_first += done.place < other->second.place ? 1U : 0U;
    }
  }
  for (const auto& [feature, done] : b) {
    either += a.contains(feature) ? 0 : done.weight;
  }
  compared.likeness = either > 0 ? both / either : 0;
  return compared;
}

}  // namespace marktwacht
