// Test support: the window rules as docs/rules.md says them, slow and clear. The shipped rules
// stand here as C++ lambdas, all that was ever counted is kept, and every sum is made anew each
// time.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "findings/finding.h"
#include "market/market.h"
#include "rules/fraction_twin.h"

namespace marktwacht::twin {

// Something that rules may count, with what the shipped rules ask of it.
struct Happening {
  std::string_view event;  // its word
  Time at;
  std::uint64_t seq = 0;
  AccountIndex account;
  InstrumentIndex instrument;
  bool hft_forbidden = false;
  Number large_order_quantity;
  std::optional<ExemptionKind> exemption;  // of two in force: hedging
  std::optional<OrderFacts> order, counterparty_order;
  std::optional<CancelReason> reason;         // of a cancel, or of an order_closed by one
  std::optional<MessageKind> message;         // of a message
  bool by_replace = false;                    // of a withdrawn
  bool maker = false, first_opening = false;  // of a fill
  bool same_group = false, counterparty_exempt = false;
  bool large = false;
  Number quantity, notional, opened, remaining, age_ms;
  Number touch_distance_ticks, touch_distance_bp, depth_share;
  std::string detector, rulebook_id;  // of an alert
  Time window_start;                  // of the rule that counts it
};

using Entries = std::vector<const Happening*>;

// What `when` and the limits of facts see.
struct View {
  std::map<std::string, Number> lets;
  std::map<std::string, Number> params;
  const Instrument* instrument = nullptr;  // if the key has one
  std::function<Number(const std::string&)> baseline;

  const Number& operator[](const std::string& let) const { return lets.at(let); }
  const Number& param(const std::string& name) const { return params.at(name); }
};

struct LetTwin {
  std::string name;
  // Of the entries in the window and the lets before it.
  std::function<Number(const Entries&, const View&)> of;
};

// One fact: what `when` compares, or (without a limit) another let.
struct FactTwin {
  std::string let;
  std::function<Number(const View&)> limit;
  bool stay_above = false;  // too little is the fault
};

struct RuleTwin {
  enum class Window : std::uint8_t { day, sliding, cycle };

  std::string id, rulebook_id, clause, severity;
  bool by_group = false;  // else by account
  bool by_instrument = false;
  Window window{};
  Duration length{};
  std::map<std::string, Number> params;
  std::function<bool(const Happening&, const RuleTwin&)> counts;  // `on` and `where`
  std::vector<LetTwin> lets;
  std::function<bool(const View&)> when;
  std::vector<FactTwin> facts;
  bool uses_baseline = false;

  const Number& param(const std::string& name) const { return params.at(name); }
};

// Every shipped rulebook by its id. The rules may be changed before they are given to a RulesTwin.
std::vector<RuleTwin> shipped_rules(std::string_view rulebook_id);

// One revision of an alert, as far as the twin says it.
struct RevisionTwin {
  std::uint64_t alert = 0;  // from 1, in the order of opening
  std::uint64_t revision = 0;
  std::string state;  // open ended superseded
  std::string detector, rulebook_id;
  int score = 0;
  std::vector<std::string> account_ids;
  std::string group_id, instrument_id;
  Time from, to, at;
  std::vector<Fact> facts;
  std::vector<std::uint64_t> seqs;  // of all that was counted
  std::uint64_t superseded_by = 0;  // the alert
};

// One thread. Feed it every accepted event, in order.
class RulesTwin {
 public:
  // `trading_day_start` as in EngineConfig.
  RulesTwin(std::vector<RuleTwin> rules, Duration trading_day_start);
  ~RulesTwin();

  // Takes an accepted event with the time it was applied at and its seq. `clock_runs`: whether the
  // engine's clock has started with it or before it. `loaded`: the rules are loaded by this event.
  // `seq_of` gives the seq of an alert's first revision, for the rules that count alerts.
  using SeqOf = std::function<std::uint64_t(const RevisionTwin&)>;
  void step(const Event& event, Time now, std::uint64_t seq, bool clock_runs, bool loaded,
            const SeqOf& seq_of);
  // The event that was taken last has removed these rules.
  void remove(std::string_view rulebook_id, Time now);
  // The input has ended.
  void close();

  // All so far, in order.
  const std::vector<RevisionTwin>& revisions() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// What an accepted event, committed to `market` last, gives to count: itself, then what was
// derived.
std::vector<Happening> happenings_of(const Market& market, const Event& event, Time now,
                                     std::uint64_t seq);

}  // namespace marktwacht::twin
