// loophole_gain: more than everything that happened explains.
// docs/detectors/loophole_gain.md.
#include <algorithm>

#include "base/sort_unique.h"
#include "detectors/catalogue.h"
#include "market/owner.h"

namespace marktwacht {
namespace {

// name, default, least, most
#define PARAMS(P)                               \
  P(unexplained_min, 10, 0.0001, 1'000'000'000) \
  P(late_s, 60, 0, 86'400)                      \
  P(void_s, 3'600, 0, 86'400)
MW_PARAMS(PARAMS)
#undef PARAMS

constexpr DetectorSpec spec = {
    .id = "loophole_gain",
    .claim =
        "What the venue states of this hand's balances or positions is more than what it had "
        "stated before and all that happened since explain.",
    .clause = "2.2",
    .severity = Severity::medium,
    .maturity = Maturity::incubating,
    .hears = {EventKind::balance, EventKind::position, EventKind::deposit, EventKind::withdrawal,
              EventKind::transfer, EventKind::reward, EventKind::ledger, EventKind::trade_void,
              EventKind::fill},
    .memory_max = {30 * day.ns},
    .quiet_max = {day.ns},
    .entries_max = 1'000'000,
    .params = Params::specs,
    .text_en =
        "{accounts} have {unexplained} that no trade, fee, payment, reward or ledger entry "
        "explains, in {statements} statements; paid out since: {paid_out}.",
    .text_de =
        "{accounts} haben {unexplained}, die kein Geschäft, keine Gebühr, Zahlung, Prämie oder "
        "Buchung erklärt, in {statements} Angaben; seitdem ausgezahlt: {paid_out}.",
};

// The last statement of a balance, or of a position, and what it leaves open.
struct Open {
  Int128 rest = 0;    // unexplained so far, in the units of what is stated
  Int128 owed = 0;    // has been explained late: what is stated next will lack it
  Int128 traded = 0;  // changed by trades since it was stated, as long as something is open
  Time at, due;       // of the statement, and when no late line is waited for any more
  std::uint64_t seq = 0, gaps = 0;  // seq 0: nothing was stated
};

// What a hand has that nothing explains.
struct Gained {
  Int128 worth = 0;
  Time from;
  std::uint64_t first_seq = 0;
  std::uint64_t paid_out_seq = 0;  // of the first withdrawal since; 0: there was none
  std::int64_t statements = 0;
};

// Of an asset its number; of a position its instrument's, its leg above it, and the highest bit.
constexpr std::uint32_t position_bit = 0x8000'0000;
constexpr int leg_shift = 29;
constexpr std::uint32_t instrument_mask = (1u << leg_shift) - 1;

std::uint32_t position_of(InstrumentIndex instrument, Leg leg) {
  return position_bit | static_cast<std::uint32_t>(leg) << leg_shift |
         (instrument.value & instrument_mask);
}

std::uint64_t key_of(AccountIndex account, std::uint32_t what) {
  return static_cast<std::uint64_t>(account.value) << 32 | what;
}

class LoopholeGain final : public Detector {
 public:
  explicit LoopholeGain(const DetectorSetup& setup)
      : params_(Params::of(setup.params)),
        open_(setup, spec.memory_max),
        gained_(setup, {day.ns}) {}

  void on(const Occurrence& event, const Market& market, Findings& findings) override {
    switch (event.kind) {
      case EventKind::balance:
      case EventKind::position:
        return take_statement(event, market, findings);
      case EventKind::fill:
        return take_fill(event, market);
      case EventKind::trade_void:
        void_until_ = event.now() + params_.void_s.seconds();
        return;
      case EventKind::transfer: {
        const auto& line = as<event::Transfer>(*event.line);
        take_change(line.from_account_id, line, -1, event, market);
        return take_change(line.to_account_id, line, 1, event, market);
      }
      case EventKind::withdrawal:
        return take_withdrawal(as<event::Withdrawal>(*event.line), event, market, findings);
      case EventKind::deposit: {
        const auto& line = as<event::Deposit>(*event.line);
        const int sign = line.status == DepositStatus::completed ? 1 : 0;
        return take_change(line.account_id, line, sign, event, market);
      }
      case EventKind::reward: {
        const auto& line = as<event::Reward>(*event.line);
        const bool given = line.status == RewardStatus::granted;
        const int sign = given ? 1 : line.status == RewardStatus::revoked ? -1 : 0;
        return take_change(line.account_id, line, sign, event, market);
      }
      default: {
        const auto& line = as<event::Ledger>(*event.line);
        return take_change(line.account_id, line, 1, event, market);
      }
    }
  }

  // What no late line explained.
  void fire(std::uint64_t key, const Market& market, Findings& findings) override {
    Open* open = open_.find(key, findings.now());
    if (open != nullptr && open->rest != 0 && findings.now() >= open->due) {
      settle(key, *open, market, findings);
    }
  }

  void save(ByteWriter& out) const override {
    open_.save(out);
    gained_.save(out);
    out.zigzag(void_until_.ns);
    out.zigzag(open_until_.ns);
  }
  bool load(ByteReader& in, const Market& market) override {
    const std::uint32_t accounts = market.directory().accounts();
    if (!open_.load(in, [&](std::uint64_t key, const Open&) { return key >> 32 < accounts; }) ||
        !gained_.load(in, [](auto, const Gained& gained) { return gained.statements >= 0; })) {
      return false;
    }
    void_until_.ns = in.zigzag();
    open_until_.ns = in.zigzag();
    return in.ok();
  }

 private:
  void take_statement(const Occurrence& event, const Market& market, Findings& findings) {
    if (event.kind == EventKind::balance && as<event::Balance>(*event.line).has_wallet()) {
      return;  // which says nothing of the whole
    }
    const Statement& said = market.accounts().last_statement();
    const bool of_balance = said.asset.exists();
    const std::uint64_t key =
        key_of(said.account,
               of_balance ? said.asset.value
                          : position_of(said.instrument, leg_of(as<event::Position>(*event.line))));
    Open& open = open_.touch(key, findings);
    const bool first = open.seq == 0;
    const bool seen = open.gaps == market.feeds().gaps() && event.now() >= void_until_;
    const auto rest = of_balance ? said.unexplained() : grown(said);
    open.at = event.now();
    open.seq = event.moment.seq;
    open.gaps = market.feeds().gaps();
    open.traded = 0;
    if (first || !said.whole || !seen || !rest) {
      open.rest = open.owed = 0;
      first ? void() : findings.unjudged();
      return;
    }
    open.rest += less_what_is_owed(*rest, open.owed);
    if (open.rest != 0) {
      open.due = event.now() + params_.late_s.seconds();
      open_until_ = std::max(open_until_, open.due);
      findings.wake(open.due, key);
    }
  }

  static Leg leg_of(const event::Position& line) {
    return !line.has_position_side()                   ? Leg::net
           : line.position_side == PositionSide::long_ ? Leg::long_leg
                                                       : Leg::short_leg;
  }

  // Of a position only what it grew by: what is settled or taken over goes without a word.
  static std::optional<Int128> grown(const Statement& said) {
    const bool turned = (said.stated < 0) != (said.explained < 0);
    const Int128 now = said.stated < 0 ? -said.stated : said.stated;
    const Int128 before = said.explained < 0 ? -said.explained : said.explained;
    return std::max<Int128>(0, turned ? now : now - before);
  }

  static Int128 less_what_is_owed(Int128 rest, Int128& owed) {
    const Int128 most = rest < 0 ? std::max<Int128>(-owed, rest) : std::min<Int128>(-owed, rest);
    const Int128 paid = (rest < 0) == (owed > 0) && owed != 0 ? most : 0;
    owed += paid;
    return rest - paid;
  }

  // A line that comes soon after the statement and is just what it left open came late.
  template <class Line>
  void take_change(Text account_id, const Line& line, int sign, const Occurrence& event,
                   const Market& market) {
    const AccountIndex account = market.directory().find_account(account_id);
    const AssetIndex asset = market.directory().find_asset(line.asset);
    const std::uint64_t key = key_of(account, asset.value);
    Open* open = open_.find(key, event.now());
    if (open == nullptr || open->rest == 0 || sign == 0) {
      return;
    }
    const auto units = scaled_int128(line.amount, market.directory().asset(asset).decimals);
    if (units && *units * sign == open->rest) {
      open->owed += open->rest;
      open->rest = 0;
    }
  }

  // So may a trade, or the first ones behind the statement together.
  void take_fill(const Occurrence& event, const Market& market) {
    if (event.now() > open_until_) {
      return;
    }
    const Fill& fill = *event.fill;
    const Instrument& of = market.directory().instrument(event.instrument);
    const Int128 sign = fill.side == Side::buy ? 1 : -1;
    const int base_scale = of.terms.quantity_scale + of.terms.multiplier_scale;
    const auto add_traded = [&](std::uint32_t what, std::optional<Int128> units) {
      Open* open = units ? open_.find(key_of(fill.account, what), event.now()) : nullptr;
      if (open != nullptr && open->rest != 0) {
        open->traded = add(open->traded, *units).value_or(open->traded);
      }
    };
    const auto amount_of = [&](AssetIndex asset, std::optional<Int128> units, int scale) {
      return units ? rescale(*units, scale, market.directory().asset(asset).decimals)
                   : std::nullopt;
    };
    if (fill.fee.units != 0) {
      add_traded(fill.fee_asset.value, -fill.fee.units);
    }
    if (of.terms.spot) {
      const auto base = multiply(sign * of.terms.multiplier, fill.quantity.units);
      add_traded(of.base.value, amount_of(of.base, base, base_scale));
      add_traded(of.quote.value,
                 amount_of(of.quote, -sign * fill.notional.units, of.terms.notional_scale));
      explain(key_of(fill.account, of.base.value), event.now());
      explain(key_of(fill.account, of.quote.value), event.now());
    } else {
      for (const Leg leg : {Leg::net, Leg::long_leg, Leg::short_leg}) {
        add_traded(position_of(event.instrument, leg), fill.opened.units);
        explain(key_of(fill.account, position_of(event.instrument, leg)), event.now());
      }
    }
    if (fill.fee.units != 0) {
      explain(key_of(fill.account, fill.fee_asset.value), event.now());
    }
  }

  void explain(std::uint64_t key, Time now) {
    Open* open = open_.find(key, now);
    if (open != nullptr && open->rest != 0 && open->traded == open->rest) {
      const bool of_position = (static_cast<std::uint32_t>(key) & position_bit) != 0;
      open->owed += of_position ? 0 : open->rest;  // of a position only growth is looked at
      open->rest = 0;
    }
  }

  // Money that leaves does not wait for a line that may come late.
  void take_withdrawal(const event::Withdrawal& line, const Occurrence& event, const Market& market,
                       Findings& findings) {
    if (line.status == WithdrawalStatus::rejected) {
      return;
    }
    take_change(line.account_id, line, -1, event, market);
    const AccountIndex account = market.directory().find_account(line.account_id);
    const std::uint64_t key = key_of(account, market.directory().find_asset(line.asset).value);
    Open* open = open_.find(key, event.now());
    if (open != nullptr && open->rest > 0) {
      settle(key, *open, market, findings);
    }
    Gained* gained = gained_.find(owner_of(market, account).value, event.now());
    if (open != nullptr && gained != nullptr && gained->paid_out_seq == 0 &&
        gained->worth >= params_.unexplained_min.units) {
      gained->paid_out_seq = event.moment.seq;
      tell(*gained, account, event.moment.seq, findings);
    }
  }

  void settle(std::uint64_t key, Open& open, const Market& market, Findings& findings) {
    const AccountIndex account{static_cast<std::uint32_t>(key >> 32)};
    const auto worth = worth_of(key, open.rest, market);
    open.rest = 0;
    if (!worth) {
      findings.unjudged();
      return;
    }
    const Owner owner = owner_of(market, account);
    if (*worth < 0 && gained_.find(owner.value, findings.now()) == nullptr) {
      return;
    }
    Gained& gained = gained_.touch(owner.value, findings);
    if (gained.worth == 0) {
      gained = {};
      gained.from = open.at;
      gained.first_seq = open.seq;
    }
    gained.worth = std::max<Int128>(0, gained.worth + *worth);
    gained.statements += *worth > 0 ? 1 : 0;
    if (*worth > 0 && gained.worth >= params_.unexplained_min.units) {
      tell(gained, account, open.seq, findings);
    }
  }

  static std::optional<Int128> worth_of(std::uint64_t key, Int128 units, const Market& market) {
    const auto what = static_cast<std::uint32_t>(key);
    if ((what & position_bit) == 0) {
      return market.worth(AssetIndex{what}, units);
    }
    const InstrumentIndex place{what & instrument_mask};
    const Instrument& of = market.directory().instrument(place);
    const auto price = of.mark_price ? of.mark_price : of.trade_price;
    const auto notional =
        price ? marktwacht::notional(of.terms, *price, Quantity{static_cast<std::int64_t>(units)})
              : std::nullopt;
    const auto amount = notional ? rescale(notional->units, of.terms.notional_scale,
                                           market.directory().asset(of.quote).decimals)
                                 : std::nullopt;
    return amount ? market.worth(of.quote, *amount) : std::nullopt;
  }

  void tell(const Gained& gained, AccountIndex account, std::uint64_t seq,
            Findings& findings) const {
    const bool again = gained.statements >= 2, paid_out = gained.paid_out_seq != 0;
    Report report;
    report.account = account;
    report.from = gained.from;
    report.severity = paid_out ? Severity::high : Severity::medium;
    report.facts = {{"unexplained", gained.worth, Param::scale, &params_.unexplained_min},
                    {"statements", gained.statements, 0, nullptr},
                    {"paid_out", paid_out ? 1 : 0, 0, nullptr}};
    report.score_parts = {
        {"unexplained", 50}, {"again", again ? 20 : 0}, {"paid_out", paid_out ? 20 : 0}};
    report.evidence = {gained.first_seq, gained.paid_out_seq, seq};
    sort_unique(report.evidence);
    std::erase(report.evidence, 0);
    findings.report(report);
  }

  Params params_;
  Entries<Open> open_;            // by account, and asset or instrument
  Entries<Gained> gained_;        // by owner
  Time void_until_, open_until_;  // the latest `due`
};

}  // namespace

MW_DETECTOR_IS(loophole_gain, LoopholeGain, spec)

}  // namespace marktwacht
