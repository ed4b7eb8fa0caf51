// What accounts bought, and what of it stayed inside a set.
#include "detectors/purchases.h"

#include <algorithm>

#include "market/owner.h"

namespace marktwacht {

void Purchases::take(const Occurrence& event, Findings& findings) {
  const Fill& fill = *event.fill;
  if (fill.side == Side::buy) {
    BoughtLately& bought =
        bought_.touch(key_of(Owner{event.account.value}, event.instrument), findings);
    bought.ring[bought.count++ % BoughtLately::kept] = {event.now(), fill.quantity.units,
                                                        event.moment.seq, fill.counterparty.value};
  }
}

const BoughtLately* Purchases::find(AccountIndex account, InstrumentIndex instrument, Time now) {
  return bought_.find(key_of(Owner{account.value}, instrument), now);
}

std::vector<Inside> Purchases::inside(const TradingSet& set, InstrumentIndex instrument, Time since,
                                      Time now) {
  const auto place_of = [&](AccountIndex account) {
    return static_cast<std::uint32_t>(std::ranges::find(set.members, account, &SetMember::account) -
                                      set.members.begin());
  };
  std::vector<Inside> trades;
  for (std::uint32_t at = 0; at < set.members.size(); ++at) {
    const BoughtLately* bought = find(set.members[at].account, instrument, now);
    if (bought == nullptr) {
      continue;
    }
    bought->visit(since, [&](const Bought& one) {
      if (const std::uint32_t from = place_of(one.from()); from < set.members.size()) {
        trades.push_back({one.seq, one.at, {from, at, one.quantity}});
      }
      return true;
    });
  }
  std::ranges::sort(trades, std::ranges::greater{}, &Inside::seq);
  return trades;
}

bool Purchases::load(ByteReader& in) {
  return bought_.load(in, [](auto, const BoughtLately& bought) {
    return std::ranges::all_of(bought.ring, [](const Bought& one) { return one.quantity >= 0; });
  });
}

void add_evidence(const std::vector<Inside>& latest_first, Findings& findings, Report& report) {
  if (findings.reports(report.account, report.instrument) > 0) {
    report.evidence = {latest_first.front().seq};
    return;
  }
  for (auto trade = latest_first.rbegin(); trade != latest_first.rend(); ++trade) {
    report.evidence.push_back(trade->seq);
  }
}

}  // namespace marktwacht
