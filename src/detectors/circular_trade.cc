// circular_trade: the same quantity goes round among a few accounts until it is back where it was.
// docs/detectors/circular_trade.md.
#include <algorithm>

#include "detectors/catalogue.h"
#include "detectors/trading_memory.h"
#include "market/owner.h"

namespace marktwacht {
namespace {

// name, default, least, most
#define PARAMS(P)              \
  MW_CHANCE_PARAMS(P)          \
  P(within_s, 600, 1, 3'600)   \
  P(accounts_max, 5, 2, 5)     \
  P(amount_within, 0.01, 0, 1) \
  P(net_max, 0.02, 0, 1)       \
  P(unlinked, 1, 0, 1)
MW_PARAMS(PARAMS)
#undef PARAMS

constexpr DetectorSpec spec = {
    .id = "circular_trade",
    .claim =
        "The same quantity went round among these accounts, from each to the next, again and "
        "again, and within minutes was back where it began.",
    .clause = "2.7",
    .severity = Severity::low,
    .maturity = Maturity::stable,
    .hears = {EventKind::fill},
    .looks_ahead = {EventKind::trade},
    .memory_max = day,
    .quiet_max = {1'800 * second.ns},
    .entries_max = 50'000,
    .params = Params::specs,
    .text_en =
        "In {instrument} {accounts} passed on the same quantity {trades} times, in circles of up "
        "to {accounts_in_circle}, {chance_ratio} times what chance explains.",
    .text_de =
        "In {instrument} gaben {accounts} dieselbe Menge {trades} mal weiter, in Kreisen von bis "
        "zu "
        "{accounts_in_circle}, {chance_ratio} mal so viel, wie der Zufall erklärt.",
};

// What a hand's sets passed round, each trade once.
struct Rounds {
  Time from, last;
  std::uint64_t last_seq = 0;
  std::int64_t trades = 0, rounds = 0, largest = 0;  // largest: accounts of a circle
};

// Backwards in time: who holds now bought from the one before, about the same quantity.
class CircleSearch {
 public:
  CircleSearch(Purchases& purchases, const Params& params, const Occurrence& event)
      : purchases_(purchases), params_(params), event_(event) {}

  // The trades of a circle that this fill of a buyer from a seller closes, the latest first; empty
  // when there is none.
  std::vector<Inside> closed_by(AccountIndex buyer, AccountIndex seller) {
    buyer_ = buyer;
    const std::int64_t quantity = event_.fill->quantity.units;
    path_ = {{event_.moment.seq, event_.now(), {seller.value, buyer.value, quantity}}};
    steps_ = 0;
    return goes_back_from(seller) ? path_ : std::vector<Inside>{};
  }

 private:
  static constexpr int steps_max = 256;  // looked at for one trade

  bool about(std::int64_t a, std::int64_t b, Param within) const {
    const Int128 larger = std::max(a, b), smaller = std::min(a, b);
    return (larger - smaller) * Param::one <= larger * within.units;
  }
  bool is_on_path(AccountIndex account) const {
    return std::ranges::any_of(path_, [&](const Inside& trade) {
      return trade.moved.from == account.value || trade.moved.to == account.value;
    });
  }

  bool goes_back_from(AccountIndex holder) {
    const BoughtLately* bought = purchases_.find(holder, event_.instrument, event_.now());
    if (bought == nullptr || std::ssize(path_) >= params_.accounts_max.whole()) {
      return false;
    }
    const Inside passed_on = path_.back();
    bool closed = false;
    const Time since{event_.now().ns - params_.within_s.seconds().ns};
    bought->visit(since, [&](const Bought& one) {
      const auto quantity = static_cast<std::int64_t>(passed_on.moved.units);
      if (one.seq >= passed_on.seq || !about(one.quantity, quantity, params_.amount_within)) {
        return ++steps_ < steps_max;
      }
      const bool been_there = is_on_path(one.from());
      path_.push_back({one.seq, one.at, {one.from().value, holder.value, one.quantity}});
      closed = one.from() == buyer_
                   ? about(one.quantity, event_.fill->quantity.units, params_.net_max)
                   : !been_there && goes_back_from(one.from());
      if (!closed) {
        path_.pop_back();
      }
      return !closed && ++steps_ < steps_max;
    });
    return closed;
  }

  Purchases& purchases_;
  const Params& params_;
  const Occurrence& event_;
  AccountIndex buyer_;
  std::vector<Inside> path_;  // accounts by their index
  int steps_ = 0;
};

class CircularTrade final : public Detector {
 public:
  CircularTrade(const DetectorSetup& setup, TradingMemories& memories)
      : params_(Params::of(setup.params)),
        limits_(ChanceLimits::of(params_)),
        memory_(memories.of(setup)),
        rounds_(setup, Meetings::window) {}

  void on(const Occurrence& event, const Market& market, Findings& findings) override {
    const Fill& fill = *event.fill;
    if (!is_meeting(fill)) {
      return;
    }
    const bool again = memory_->take(event, findings);
    if (again) {
      memory_->keep_purchase(event, findings);
    }
    if (!again || fill.maker) {
      return;
    }
    const bool buys = fill.side == Side::buy;
    const std::vector<Inside> circle = CircleSearch(memory_->purchases, params_, event)
                                           .closed_by(buys ? event.account : fill.counterparty,
                                                      buys ? fill.counterparty : event.account);
    if (!circle.empty()) {
      judge(circle, event, market, findings);
    }
  }

  void look_ahead(Ahead ahead, AccountIndex account, InstrumentIndex instrument,
                  const Market&) const override {
    memory_->look_ahead(ahead, account, instrument);
  }
  void save(ByteWriter& out) const override { rounds_.save(out); }
  bool load(ByteReader& in, const Market&) override {
    return rounds_.load(in, [](auto, const Rounds& rounds) { return rounds.trades >= 0; });
  }

 private:
  void judge(const std::vector<Inside>& circle, const Occurrence& event, const Market& market,
             Findings& findings) {
    // One account of the circle stands for all, whichever trade closes it.
    std::uint32_t first = AccountIndex::none_value;
    for (const Inside& trade : circle) {
      first = std::min(first, trade.moved.from);
    }
    Rounds& rounds =
        rounds_.touch(key_of(owner_of(market, AccountIndex{first}), event.instrument), findings);
    if (circle.back().seq <= rounds.last_seq) {
      return;  // it shares a trade with the round before
    }
    if (rounds.rounds == 0 || circle.back().at - rounds.last > Meetings::half_window) {
      rounds = {};
      rounds.from = circle.back().at;
    }
    rounds.last = event.now();
    rounds.last_seq = event.moment.seq;
    rounds.trades += std::ssize(circle);
    rounds.largest = std::max<std::int64_t>(rounds.largest, std::ssize(circle));
    ++rounds.rounds;
    if (rounds.trades < params_.trades_min.whole()) {
      return;
    }
    const auto set =
        memory_->meetings.set_around(event, market, {limits_, params_.unlinked.units > 0});
    const auto of_set = [&](const Inside& trade) { return set->has({trade.moved.from}); };
    if (set && std::ranges::all_of(circle, of_set)) {
      tell(*set, rounds, circle, event, findings);
    }
  }

  void tell(const TradingSet& set, const Rounds& rounds, const std::vector<Inside>& circle,
            const Occurrence& event, Findings& findings) const {
    Report report;
    report.instrument = event.instrument;
    report.from = rounds.from;
    report.facts = {{"trades", rounds.trades, 0, &params_.trades_min},
                    {"rounds", rounds.rounds, 0, nullptr},
                    {"accounts_in_circle", rounds.largest, 0, nullptr}};
    report.score_parts = {{"circle", 20}};
    add_set(set, limits_, report);
    for (auto trade = circle.rbegin(); trade != circle.rend(); ++trade) {
      report.evidence.push_back(trade->seq);
    }
    if (findings.reports(report.account, report.instrument) == 0) {
      report.counted = static_cast<std::uint64_t>(rounds.trades);
    }
    findings.report(report);
  }

  Params params_;
  ChanceLimits limits_;
  std::shared_ptr<TradingMemory> memory_;
  Entries<Rounds> rounds_;  // by owner and instrument
};

}  // namespace

MW_DETECTOR_IS(circular_trade, CircularTrade, spec)

}  // namespace marktwacht
