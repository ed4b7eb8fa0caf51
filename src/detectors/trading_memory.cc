// Once for each fill, and one for all with the same numbers.
#include "detectors/trading_memory.h"

namespace marktwacht {

void TradingMemory::tell(const Taken& taken, Findings& findings) {
  for (std::uint64_t i = 0; i < taken.forgot; ++i) {
    findings.forgot();
  }
}

bool TradingMemory::take(const Occurrence& fill, Findings& findings) {
  if (met_.is(fill)) {
    tell(met_, findings);
    return met_.said;
  }
  const std::uint64_t before = meetings.forgotten();
  const bool again = meetings.take(fill, findings);
  met_ = {fill.moment.seq, fill.fill->maker, again, meetings.forgotten() - before};
  return again;
}

void TradingMemory::keep_purchase(const Occurrence& fill, Findings& findings) {
  if (bought_.is(fill)) {
    return tell(bought_, findings);
  }
  const std::uint64_t before = purchases.forgotten();
  purchases.take(fill, findings);
  bought_ = {fill.moment.seq, fill.fill->maker, false, purchases.forgotten() - before};
}

void TradingMemory::look_ahead(Ahead ahead, AccountIndex account,
                               InstrumentIndex instrument) const {
  if (const std::tuple asked{ahead, account, instrument}; asked != ahead_) {
    ahead_ = asked;
    meetings.look_ahead(ahead, account, instrument);
  }
}

std::shared_ptr<TradingMemory> TradingMemories::of(const DetectorSetup& setup,
                                                   const MatchLimits& matching) {
  std::erase_if(by_numbers_, [](const auto& one) { return one.second.expired(); });
  auto& held = by_numbers_[{setup.entries_max, matching.apart.ns, matching.size_within.units,
                            matching.filled_min.units}];
  auto memory = held.lock();
  if (memory == nullptr) {
    memory = std::make_shared<TradingMemory>(setup, matching);
    held = memory;
  }
  return memory;
}

void TradingMemories::save(ByteWriter& out) const {
  for (const auto& [numbers, held] : by_numbers_) {
    if (const auto memory = held.lock()) {
      memory->save(out);
    }
  }
}

bool TradingMemories::load(ByteReader& in) {
  for (const auto& [numbers, held] : by_numbers_) {
    if (const auto memory = held.lock(); memory != nullptr && !memory->load(in)) {
      return false;
    }
  }
  return true;
}

}  // namespace marktwacht
