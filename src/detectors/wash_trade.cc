// wash_trade: a set of accounts trades inside itself until everybody has what they had before.
// docs/detectors/wash_trade.md.
#include <algorithm>

#include "algorithms/balanced_prefix.h"
#include "detectors/catalogue.h"
#include "detectors/trading_memory.h"

namespace marktwacht {
namespace {

// name, default, least, most
#define PARAMS(P)                \
  MW_CHANCE_PARAMS(P)            \
  P(returns_min, 3, 1, 1'000)    \
  P(margin, 0.01, 0, 1)          \
  P(window_s, 3'600, 60, 86'400) \
  P(star_most, 200, 0, 10'000)   \
  P(unlinked, 1, 0, 1)
MW_PARAMS(PARAMS)
#undef PARAMS

constexpr DetectorSpec spec = {
    .id = "wash_trade",
    .claim =
        "These accounts traded with each other far beyond what chance explains, and in the end "
        "each held what it had held before: volume that nobody made.",
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
        "{accounts} traded {trades} times with each other in {instrument}, {chance_ratio} times "
        "what chance explains, and hold what they held before to {net} of a trade.",
    .text_de =
        "{accounts} handelten in {instrument} {trades} mal miteinander, {chance_ratio} mal so "
        "viel, "
        "wie der Zufall erklärt, und halten bis auf {net} eines Geschäfts, was sie vorher hielten.",
};

class WashTrade final : public Detector {
 public:
  WashTrade(const DetectorSetup& setup, TradingMemories& memories)
      : params_(Params::of(setup.params)),
        limits_(ChanceLimits::of(params_)),
        memory_(memories.of(setup)) {}

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
    const std::vector<AccountIndex> star = star_of(event, market);
    const SetQuestion question{limits_, params_.unlinked.units > 0, star};
    if (const auto set = memory_->meetings.set_around(event, market, question)) {
      judge(*set, event, findings);
    }
  }

  void look_ahead(Ahead ahead, AccountIndex account, InstrumentIndex instrument,
                  const Market&) const override {
    memory_->look_ahead(ahead, account, instrument);
  }
  // All that it keeps is shared.
  void save(ByteWriter&) const override {}
  bool load(ByteReader&, const Market&) override { return true; }

 private:
  // The accounts of a funding star of which both sides of the trade are. One of them may have paid
  // thousands: so it is looked for among what the other uses.
  std::vector<AccountIndex> star_of(const Occurrence& event, const Market& market) {
    const AccountIndex other = event.fill->counterparty;
    if (params_.star_most.whole() == 0 || market.groups().same_group(event.account, other) ||
        !memory_->meetings.may_belong(event.account, event.instrument, event.now(), limits_) ||
        !memory_->meetings.may_belong(other, event.instrument, event.now(), limits_)) {
      return {};
    }
    const EvidenceStore& evidence = market.links().evidence();
    const bool has_fewer = evidence.pieces_of(event.account) <= evidence.pieces_of(other);
    for (const SharedStar& star : evidence.stars_of(has_fewer ? event.account : other)) {
      if (kind_of(star.what) == EvidenceKind::funds && star.degree <= params_.star_most.whole()) {
        std::vector<AccountIndex> accounts = evidence.star_accounts(star);
        if (std::ranges::binary_search(accounts, has_fewer ? other : event.account)) {
          return accounts;
        }
      }
    }
    return {};
  }

  // The published volume matching seeks the longest balanced beginning of a window; here it is the
  // longest balanced end, so that it may begin anywhere.
  void judge(const TradingSet& set, const Occurrence& event, Findings& findings) {
    const Time since{event.now().ns - params_.window_s.seconds().ns};
    std::vector<Inside> trades =
        memory_->purchases.inside(set, event.instrument, since, event.now());
    const auto trades_min = static_cast<std::size_t>(params_.trades_min.whole());
    if (trades.size() < trades_min) {
      return;
    }
    std::vector<UnitTransfer> moves;
    for (const Inside& trade : trades) {
      moves.push_back(trade.moved);
    }
    BalancedPrefix balanced(set_members_max, {static_cast<std::uint64_t>(params_.margin.units),
                                              static_cast<std::uint64_t>(Param::one)});
    trades.resize(balanced.find(moves));
    const Balance balance = balance_of(trades);
    if (trades.size() >= trades_min && balance.returns >= params_.returns_min.whole()) {
      tell(set, trades, balance, event, findings);
    }
  }

  // What the trades of the set moved, and how often everybody was back where all had begun: once
  // may be by chance, since there are many ends to look at.
  struct Balance {
    Int128 largest = 0, total = 0;  // net of an account at last; of all trades
    std::int64_t returns = 0;
  };
  Balance balance_of(const std::vector<Inside>& trades) const {
    Balance balance;
    Int128 nets[set_members_max] = {};
    Int128 count = 0;
    for (const Inside& trade : trades) {
      nets[trade.moved.from] -= trade.moved.units;
      nets[trade.moved.to] += trade.moved.units;
      balance.total += trade.moved.units;
      balance.largest = 0;
      for (const Int128 net : nets) {
        balance.largest = std::max(balance.largest, net < 0 ? -net : net);
      }
      ++count;
      const bool back =
          balance.largest * count * Param::one <= balance.total * params_.margin.units;
      balance.returns += back ? 1 : 0;
    }
    return balance;
  }

  void tell(const TradingSet& set, const std::vector<Inside>& trades, const Balance& balance,
            const Occurrence& event, Findings& findings) const {
    const auto count = static_cast<Int128>(trades.size());
    Report report;
    report.instrument = event.instrument;
    report.from = trades.back().at;
    report.facts = {{"trades", count, 0, &params_.trades_min},
                    {"returns", balance.returns, 0, &params_.returns_min},
                    ratio("net", balance.largest * count, balance.total, &params_.margin)};
    report.score_parts = {{"balanced", 20}};
    add_set(set, limits_, report);
    add_evidence(trades, findings, report);
    findings.report(report);
  }

  Params params_;
  ChanceLimits limits_;
  std::shared_ptr<TradingMemory> memory_;
};

}  // namespace

MW_DETECTOR_IS(wash_trade, WashTrade, spec)

}  // namespace marktwacht
