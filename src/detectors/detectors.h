// All pattern detectors in force: each hears what it listens to, and what they find is gathered.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "detectors/catalogue.h"
#include "detectors/open_findings.h"
#include "detectors/trading_memory.h"
#include "findings/finding.h"
#include "market/market.h"

namespace marktwacht {

// One thread. `market` must outlive it. Calls may report findings.
class Detectors {
 public:
  explicit Detectors(const Market& market) : market_(market), open_(market) {}
  Detectors(const Detectors&) = delete;
  Detectors& operator=(const Detectors&) = delete;

  // Puts what a rulebook says of detectors in force, in place of what the one with its id said.
  // With unchanged numbers a detector keeps its state; else it starts anew, and its alerts end.
  // What it shares with others is theirs too, and goes on.
  void publish(std::string_view rulebook_id, std::string_view cited,
               std::span<const DetectorUse> uses, Time now);

  // What must be derived for those in force.
  Listening listening() const;

  // Tells those who listen what the market has just committed.
  void take(const Event& event, const Moment& moment) {
    if (heard_.any_of(derived_kinds) || heard_.has(kind_of(event.type))) {
      tell(event, moment);
    }
  }
  // Starts fetching what those who want it will look at, at an event about these that comes soon.
  void look_ahead(Ahead ahead, const Whom& whom) const {
    if (whom.instrument.exists()) {
      for (const Detector* one :
           ahead_by_kind_[static_cast<std::size_t>(kind_of(whom.event->type))]) {
        for (const AccountIndex account : whom.accounts) {
          if (account.exists()) {
            one->look_ahead(ahead, account, whom.instrument, market_);
          }
        }
      }
    }
  }
  // Tells those who listen to alerts of one that has just opened. Since of one detector, owner,
  // instrument and maturity only one is open, hearing comes to an end.
  void hear(const AlertOpened& alert, std::int64_t today);
  void groups_changed(const Moment& moment) { open_.groups_changed(moment.now); }

  Time next_due() const { return open_.next_due(); }
  // Brings about what is due first; `due` is what next_due gave, on this trading day.
  void fire(Time due, std::int64_t today);
  // The end of the input: open alerts get their last revision.
  void close() { open_.close(); }

  std::vector<Finding> take_findings() { return open_.take_findings(); }
  bool has_findings() const { return open_.has_findings(); }

  // For reports. In the order of rulebooks, then as each names them.
  std::span<const std::unique_ptr<ActiveDetector>> active() const { return active_; }

  void save(ByteWriter& out) const;
  bool load(ByteReader& in);

 private:
  static constexpr EventKinds derived_kinds{EventKind::fill, EventKind::withdrawn,
                                            EventKind::order_closed, EventKind::message};

  void tell(const Event& event, const Moment& moment);
  void tell_derived(const Derived& derived, Occurrence& occurrence);
  void deliver(const Occurrence& occurrence);
  void lay_out();
  bool load_detector(ByteReader& in);

  const Market& market_;
  OpenFindings open_;
  std::uint64_t made_ = 0;
  TradingMemories memories_;
  std::vector<std::unique_ptr<ActiveDetector>> active_;
  template <class T>
  using ByKind = std::array<std::vector<T*>, static_cast<std::size_t>(EventKind::end_)>;
  EventKinds heard_;
  ByKind<ActiveDetector> by_kind_;  // who listens
  ByKind<const Detector> ahead_by_kind_;
};

}  // namespace marktwacht
