// fee_farming: trading for the rebate or commission, with counterparties that no chance brought.
// docs/detectors/fee_farming.md.
#include <algorithm>

#include "detectors/catalogue.h"
#include "detectors/trading_memory.h"
#include "market/owner.h"

namespace marktwacht {
namespace {

// name, default, least, most
#define PARAMS(P)     \
  MW_CHANCE_PARAMS(P) \
  P(unlinked, 0, 0, 1)
MW_PARAMS(PARAMS)
#undef PARAMS

constexpr DetectorSpec spec = {
    .id = "fee_farming",
    .claim =
        "These accounts traded with each other far beyond what chance explains, and the rebates or "
        "commissions paid for it were worth more than what the trades cost them.",
    .clause = "2.3",
    .severity = Severity::low,
    .maturity = Maturity::incubating,
    .hears = {EventKind::fill, EventKind::reward},
    .looks_ahead = {EventKind::trade},
    .memory_max = {2 * 3'600 * second.ns},
    .quiet_max = {1'800 * second.ns},
    .entries_max = 50'000,
    .params = Params::specs,
    .text_en =
        "{accounts} were paid {paid} for trades in {instrument}, of which {trades} were with each "
        "other; these trades cost them {cost}.",
    .text_de =
        "{accounts} erhielten {paid} für Geschäfte in {instrument}, {trades} davon miteinander; "
        "die "
        "Geschäfte kosteten sie {cost}.",
};

// The fees of an account's trades inside a set.
struct Fees {
  static constexpr std::uint64_t mixed = UINT64_MAX;  // as `asset`: of several, `paid` says nothing

  Int128 paid = 0;  // in the asset's decimals
  Time from, last;
  std::uint64_t asset = 0;
  std::int64_t trades = 0;
};

// What was paid to an account or for it, and the set that it was last seen in.
struct Farming {
  std::uint32_t members[set_members_max] = {};
  Chance chance;
  Int128 paid = 0;  // in ten-thousandths of the asset
  Time at, paid_at;
  std::int64_t trades = 0, instrument = 0, paid_asset = 0;
  std::int32_t size = 0, tie = 0;
};

class FeeFarming final : public Detector {
 public:
  FeeFarming(const DetectorSetup& setup, TradingMemories& memories)
      : params_(Params::of(setup.params)),
        limits_(ChanceLimits::of(params_)),
        memory_(memories.of(setup)),
        fees_(setup, spec.memory_max),
        farming_(setup, spec.memory_max) {}

  void on(const Occurrence& event, const Market& market, Findings& findings) override {
    if (event.kind == EventKind::reward) {
      take_reward(event, market, findings);
      return;
    }
    if (!is_meeting(*event.fill)) {
      return;
    }
    const bool again = memory_->take(event, findings);
    if (!again) {
      return;
    }
    if (event.fill->same_group || memory_->meetings.matched(*event.fill) ||
        params_.unlinked.units > 0) {
      add_fee(event, findings);
    }
    if (event.fill->maker) {
      return;
    }
    if (const auto set =
            memory_->meetings.set_around(event, market, {limits_, params_.unlinked.units > 0})) {
      remember(*set, event, findings);
    }
  }

  void look_ahead(Ahead ahead, AccountIndex account, InstrumentIndex instrument,
                  const Market&) const override {
    memory_->look_ahead(ahead, account, instrument);
  }
  void save(ByteWriter& out) const override {
    fees_.save(out);
    farming_.save(out);
  }
  bool load(ByteReader& in, const Market& market) override {
    return fees_.load(in, [](auto, const Fees&) { return true; }) &&
           farming_.load(in, [&](auto, const Farming& farming) {
             const auto exists = [&](std::uint32_t account) {
               return account < market.directory().accounts();
             };
             return farming.size >= 0 &&
                    farming.size <= static_cast<std::int32_t>(set_members_max) &&
                    std::all_of(farming.members, farming.members + farming.size, exists) &&
                    farming.instrument >= 0 &&
                    (farming.size == 0 || farming.instrument < market.directory().instruments()) &&
                    farming.tie >= 0 && farming.tie <= static_cast<std::int32_t>(Tie::none);
           });
  }

 private:
  void add_fee(const Occurrence& event, Findings& findings) {
    const Fill& fill = *event.fill;
    Fees& fees = fees_.touch(key_of(Owner{event.account.value}, event.instrument), findings);
    if (fees.trades == 0 || event.now() - fees.last > Meetings::half_window) {
      fees = {};
      fees.from = event.now();
    }
    fees.last = event.now();
    if (fill.fee.units != 0) {
      const bool same = fees.paid == 0 || fees.asset == fill.fee_asset.value;
      fees.asset = same && fees.asset != Fees::mixed ? fill.fee_asset.value : Fees::mixed;
      fees.paid += fill.fee.units;
    }
    ++fees.trades;
  }

  void remember(const TradingSet& set, const Occurrence& event, Findings& findings) {
    for (const SetMember& member : set.members) {
      Farming& farming = farming_.touch(member.account.value, findings);
      std::ranges::transform(set.members, farming.members,
                             [](const SetMember& at) { return at.account.value; });
      farming.size = static_cast<std::int32_t>(set.members.size());
      farming.chance = set.chance;
      farming.at = event.now();
      farming.trades = set.trades;
      farming.tie = static_cast<std::int32_t>(set.tie);
      farming.instrument = event.instrument.value;
    }
  }

  void take_reward(const Occurrence& event, const Market& market, Findings& findings) {
    const auto& line = as<event::Reward>(*event.line);
    if ((line.kind != RewardKind::commission && line.kind != RewardKind::fee_rebate) ||
        line.status != RewardStatus::granted) {
      return;
    }
    const AccountIndex to = market.directory().find_account(line.account_id);
    const AccountIndex source = line.has_source_account_id()
                                    ? market.directory().find_account(line.source_account_id)
                                    : AccountIndex::none();
    const AssetIndex asset = market.directory().find_asset(line.asset);
    const int decimals = market.directory().asset(asset).decimals;
    const auto units = wide_units_of(line.amount, decimals, "amount");
    const auto amount = units ? rescale(*units, decimals, Param::scale) : std::nullopt;
    if (!amount) {
      findings.unjudged();
      return;
    }
    // Whose trades earned it; a set may be seen only later.
    Farming& earner = farming_.touch((source.exists() ? source : to).value, findings);
    const bool goes_on = earner.paid_asset == asset.value && is_recent(earner.paid_at, event.now());
    earner.paid = goes_on ? earner.paid + *amount : *amount;
    earner.paid_asset = asset.value;
    earner.paid_at = event.now();
    for (const AccountIndex account : {source, to}) {
      const Farming* farming =
          account.exists() ? farming_.find(account.value, event.now()) : nullptr;
      if (farming != nullptr && farming->size > 0 && is_recent(farming->at, event.now())) {
        judge(*farming, to, asset, event, market, findings);
        return;
      }
    }
  }

  static bool is_recent(Time at, Time now) { return now - at <= Meetings::half_window; }

  // What one of the set gains from another, that one loses: fees are what the trades come to. In
  // ten-thousandths; nothing where they were paid in another asset.
  std::optional<Int128> cost_of(const Farming& farming, AssetIndex asset, const Market& market,
                                Time now, Time& from) {
    Int128 cost = 0;
    for (std::int64_t at = 0; at < farming.size; ++at) {
      const InstrumentIndex instrument{static_cast<std::uint32_t>(farming.instrument)};
      const Fees* fees = fees_.find(key_of(Owner{farming.members[at]}, instrument), now);
      if (fees == nullptr) {
        continue;
      }
      if ((fees->paid != 0 || fees->asset == Fees::mixed) && fees->asset != asset.value) {
        return std::nullopt;
      }
      cost += fees->paid;
      from = std::min(from, fees->from);
    }
    return rescale(cost, market.directory().asset(asset).decimals, Param::scale);
  }

  void judge(const Farming& farming, AccountIndex to, AssetIndex asset, const Occurrence& event,
             const Market& market, Findings& findings) {
    Int128 paid = 0;
    for (std::int64_t at = 0; at < farming.size; ++at) {
      const Farming* member = farming_.find(farming.members[at], event.now());
      const bool counts = member != nullptr && member->paid_asset == asset.value &&
                          is_recent(member->paid_at, event.now());
      paid += counts ? member->paid : 0;
    }
    Time from = farming.at;
    const auto cost = cost_of(farming, asset, market, event.now(), from);
    if (!cost) {
      findings.unjudged();
    } else if (paid > *cost) {
      tell(farming, {to, paid, *cost, from}, event, findings);
    }
  }

  struct Earned {
    AccountIndex to;
    Int128 paid = 0, cost = 0;
    Time from;
  };

  void tell(const Farming& farming, const Earned& earned, const Occurrence& event,
            Findings& findings) const {
    TradingSet set;
    for (std::int64_t at = 0; at < farming.size; ++at) {
      set.members.push_back({AccountIndex{farming.members[at]}, {}, {}});
    }
    set.chance = farming.chance;
    set.trades = farming.trades;
    set.tie = static_cast<Tie>(farming.tie);
    Report report;
    report.instrument = InstrumentIndex{static_cast<std::uint32_t>(farming.instrument)};
    report.from = earned.from;
    report.facts = {{"paid", earned.paid, Param::scale, nullptr},
                    {"cost", earned.cost, Param::scale, nullptr},
                    {"trades", farming.trades, 0, &params_.trades_min}};
    report.score_parts = {{"paid", 20}};
    add_set(set, limits_, report);
    report.parties.push_back(earned.to);
    report.evidence = {event.moment.seq};
    report.counted = static_cast<std::uint64_t>(farming.trades) + 1;
    findings.report(report);
  }

  Params params_;
  ChanceLimits limits_;
  std::shared_ptr<TradingMemory> memory_;
  Entries<Fees> fees_;        // by account and instrument
  Entries<Farming> farming_;  // by account
};

}  // namespace

MW_DETECTOR_IS(fee_farming, FeeFarming, spec)

}  // namespace marktwacht
