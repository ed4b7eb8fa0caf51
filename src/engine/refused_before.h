// What the gate would have refused, had a proposed measure been in force: asked of each event of a
// time that is over, by the gate's own table. docs/enforcement.md, "Preview".
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "events/event.h"
#include "gate/table_reader.h"
#include "gate/table_writer.h"
#include "market/market.h"
#include "measures/day_limits.h"
#include "measures/preview.h"

namespace marktwacht {

// One thread. `market` must outlive it; it is that of an engine which reads the journal once more.
class RefusalCount {
 public:
  // Of events with to - RefusedBefore::span < time <= to. `denied`: Measures::proposed.
  RefusalCount(const Market& market, std::vector<SubjectRestrictions> denied, Time to);

  // Each accepted event, in order, once the market has taken it.
  void take(const Event& event, const Moment& moment);
  const RefusedBefore& counted() const { return counted_; }

 private:
  void put(const SubjectRestrictions& subject);
  GateAnswer ask(const GateQuestion& question) const;
  void judge(const GateQuestion& question, std::uint64_t seq, bool only_reduces = false);
  void order(const event::Order& order, const Moment& moment);
  void login(const event::Login& login, const Moment& moment);
  void withdrawal(const event::Withdrawal& withdrawal, const Moment& moment);
  void funds(GateQuestion& question, Text account, Text asset, const Decimal& amount,
             const Moment& moment);
  bool allows(GateQuestion& question, Text asset, const Decimal& amount, const Moment& moment);
  template <class Change>
  void count(Text account, Change&& change);
  void state_position(GateQuestion& question, const event::Order& order) const;
  bool has_position(Text account) const;

  const Market& market_;
  std::vector<SubjectRestrictions> denied_;
  std::map<std::string, std::size_t, std::less<>> limited_;  // accounts with a day's amount
  DayLimits day_limits_;
  std::int64_t day_ = 0;
  std::unique_ptr<GateWordCell[]> words_;
  GateMemory memory_;
  std::unique_ptr<GateTableWriter> writer_;
  GateTableReader reader_;
  RefusedBefore counted_;
};

}  // namespace marktwacht
