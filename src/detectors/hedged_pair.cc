// hedged_pair: one hand holds both sides of one contract, for what is paid for holding it.
// docs/detectors/hedged_pair.md.
#include <algorithm>

#include "base/crc32c.h"
#include "detectors/catalogue.h"
#include "market/owner.h"

namespace marktwacht {
namespace {

// name, default, least, most
#define PARAMS(P)                      \
  P(net_share_max, 0.05, 0, 0.5)       \
  P(time_share_min, 0.8, 0.1, 1)       \
  P(open_interest_min, 0.05, 0.001, 1) \
  P(held_s_min, 600, 1, 86'400)        \
  P(paid_s_min, 60, 1, 86'400)
MW_PARAMS(PARAMS)
#undef PARAMS

constexpr DetectorSpec spec = {
    .id = "hedged_pair",
    .claim =
        "Linked accounts held opposite positions in one contract that cancelled each other out, "
        "while a programme paid for holding them or as a large part of all that was open.",
    .clause = "2.3",
    .severity = Severity::medium,
    .maturity = Maturity::incubating,
    .hears = {EventKind::fill, EventKind::reward, EventKind::position},
    .memory_max = {7 * day.ns},
    .quiet_max = {3'600 * second.ns},
    .entries_max = 100'000,
    .params = Params::specs,
    .text_en =
        "{accounts} held {gross} of {instrument} long and short at once, netting to {net_share}: "
        "for {time_share} of what a programme paid for, {open_interest_share} of all that is open.",
    .text_de =
        "{accounts} hielten zugleich {gross} long und short in {instrument}, netto {net_share}: "
        "während {time_share} der Zeit, für die ein Programm zahlte, {open_interest_share} von "
        "allem, was offen ist.",
};

// Both sides of one contract in one hand.
struct Sides {
  Int128 longs = 0, shorts = 0;  // quantity units, both at least 0

  Int128 gross() const { return longs + shorts; }
  Int128 net() const { return longs > shorts ? longs - shorts : shorts - longs; }
  Int128 smaller() const { return std::min(longs, shorts); }
};

// A hand and a contract of which it was seen to hold both sides.
struct Hedge {
  Sides sides;  // as they were when last hedged
  Time since;   // hedged without a break; of 0: it is not
  Time from, paid_at;
  std::int64_t hedged_ns = 0;  // since the last payment, before `since`
  std::uint64_t first_seq = 0;
  std::uint64_t account = 0;     // of the hand
  std::uint64_t program = 0;     // that paid last, as a hash
  std::uint64_t paid_sides = 0;  // of this payment: 1 the long one, 2 the short one
};
// Of a hand.
struct Lately {
  std::uint64_t instrument = 0;
};
// What is open of a contract, as far as it was seen to be opened.
struct OpenInterest {
  Time from;
  std::int64_t both_sides = 0;  // quantity units, of longs and of shorts
};

class HedgedPair final : public Detector {
 public:
  explicit HedgedPair(const DetectorSetup& setup)
      : params_(Params::of(setup.params)),
        hedges_(setup, spec.memory_max),
        lately_(setup, spec.memory_max),
        open_(setup, spec.memory_max) {}

  void on(const Occurrence& event, const Market& market, Findings& findings) override {
    if (event.kind == EventKind::reward) {
      take_reward(event, market, findings);
    } else if (event.kind == EventKind::position) {
      take_statement(event, market);
    } else if (!market.directory().instrument(event.instrument).terms.spot) {
      take_fill(event, market, findings);
    }
  }

  // It has been held for long enough, and again for so long.
  void fire(std::uint64_t key, const Market& market, Findings& findings) override {
    const Place place{Owner{static_cast<std::uint32_t>(key >> 32)},
                      InstrumentIndex{static_cast<std::uint32_t>(key)}};
    Hedge* hedge = hedges_.find(key, findings.now());
    if (hedge != nullptr && hedge->since != Time{} &&
        owner_of(market, account_of(*hedge)) == place.owner &&
        still_hedged(*hedge, place, market)) {
      judge_size(*hedge, place, market, findings);
      findings.wake(findings.now() + params_.held_s_min.seconds(), key);
    }
  }

  void save(ByteWriter& out) const override {
    hedges_.save(out);
    lately_.save(out);
    open_.save(out);
  }
  bool load(ByteReader& in, const Market& market) override {
    const std::uint64_t instruments = market.directory().instruments();
    const std::uint64_t accounts = market.directory().accounts();
    const auto sound = [&](auto, const Hedge& hedge) {
      return hedge.hedged_ns >= 0 && hedge.account < accounts && hedge.sides.gross() > 0;
    };
    return hedges_.load(in, sound) && lately_.load(in, [&](auto, const Lately& lately) {
      return lately.instrument < instruments;
    }) && open_.load(in, [](auto, const OpenInterest&) { return true; });
  }

 private:
  struct Place {
    Owner owner;
    InstrumentIndex instrument;
  };

  static AccountIndex account_of(const Hedge& hedge) {
    return {static_cast<std::uint32_t>(hedge.account)};
  }
  static Int128 held_by(const Market& market, AccountIndex account, InstrumentIndex instrument) {
    Int128 held = 0;
    for (const Leg leg : {Leg::net, Leg::long_leg, Leg::short_leg}) {
      held += market.accounts().position({account, instrument, leg}).units;
    }
    return held;
  }
  // Each account by itself: who holds both legs in one account hides nothing.
  static Sides sides_of(const Market& market, Owner owner, InstrumentIndex instrument) {
    Sides sides;
    visit_members(market, owner, [&](AccountIndex account) {
      const Int128 held = held_by(market, account, instrument);
      (held > 0 ? sides.longs : sides.shorts) += held > 0 ? held : -held;
    });
    return sides;
  }
  bool is_hedged(const Sides& sides) const {
    return sides.smaller() > 0 &&
           sides.net() * Param::one <= sides.gross() * params_.net_share_max.units;
  }

  // A group may have changed and a contract expired, and nobody said when: what cannot be known to
  // have been hedged does not count.
  bool still_hedged(Hedge& hedge, const Place& place, const Market& market) const {
    const Sides sides = sides_of(market, place.owner, place.instrument);
    if (!is_hedged(sides)) {
      hedge.since = {};
      return false;
    }
    hedge.sides = sides;
    return true;
  }

  static void end(Hedge& hedge, Time now) {
    hedge.hedged_ns += hedged_now(hedge, now);
    hedge.since = {};
  }

  // It may end a hedge; one begins by trading.
  void take_statement(const Occurrence& event, const Market& market) {
    const Statement& said = market.accounts().last_statement();
    const Owner owner = owner_of(market, said.account);
    Hedge* hedge = hedges_.find(key_of(owner, said.instrument), event.now());
    if (hedge != nullptr && hedge->since != Time{} &&
        !is_hedged(sides_of(market, owner, said.instrument))) {
      end(*hedge, event.now());
    }
  }

  void take_fill(const Occurrence& event, const Market& market, Findings& findings) {
    OpenInterest& open = open_.touch(event.instrument.value, findings);
    open.from = open.from == Time{} ? event.now() : open.from;
    const Int128 both_sides =
        Int128{open.both_sides} + event.fill->opened.units - event.fill->closed.units;
    open.both_sides =
        static_cast<std::int64_t>(std::clamp(both_sides, Int128{0}, Int128{INT64_MAX}));
    const Owner owner = owner_of(market, event.account);
    if (!owner.is_group()) {
      return;
    }
    const std::uint64_t key = key_of(owner, event.instrument);
    Hedge* hedge = hedges_.find(key, event.now());
    const Sides sides = sides_of(market, owner, event.instrument);
    const bool hedged = is_hedged(sides);
    if (hedge == nullptr && !hedged) {
      return;
    }
    hedge = &hedges_.touch(key, findings);
    if (!hedged) {
      end(*hedge, event.now());
      return;
    }
    hedge->sides = sides;
    if (hedge->since == Time{}) {
      hedge->since = event.now();
      if (hedge->first_seq == 0) {
        hedge->from = event.now();
        hedge->first_seq = event.moment.seq;
        hedge->account = event.account.value;
      }
      lately_.touch(owner.value, findings).instrument = event.instrument.value;
      findings.wake(event.now() + params_.held_s_min.seconds(), key);
    }
    judge_size(*hedge, {owner, event.instrument}, market, findings);
  }

  // Since it is hedged without a break, or was paid for.
  static std::int64_t hedged_now(const Hedge& hedge, Time now) {
    return hedge.since == Time{} ? 0 : (now - std::max(hedge.since, hedge.paid_at)).ns;
  }

  void judge_size(const Hedge& hedge, const Place& place, const Market& market,
                  Findings& findings) {
    const Duration least = params_.held_s_min.seconds();
    const OpenInterest* open = open_.find(place.instrument.value, findings.now());
    if (hedge.since != Time{} && findings.now() - hedge.since >= least && open != nullptr &&
        findings.now() - open->from >= least && open->both_sides > 0 &&
        params_.open_interest_min.reached(2 * hedge.sides.smaller(), open->both_sides)) {
      tell(hedge, place, {}, market, findings);
    }
  }

  // The programme pays both sides; what is paid is for the time since it last did, or since it
  // began.
  void take_reward(const Occurrence& event, const Market& market, Findings& findings) {
    const auto& line = as<event::Reward>(*event.line);
    if (!line.has_program_id() || line.status != RewardStatus::granted) {
      return;
    }
    const AccountIndex account = market.directory().find_account(line.account_id);
    const Owner owner = owner_of(market, account);
    const Lately* lately = lately_.find(owner.value, event.now());
    if (!owner.is_group() || lately == nullptr) {
      return;
    }
    const Place place{owner, InstrumentIndex{static_cast<std::uint32_t>(lately->instrument)}};
    Hedge* hedge = hedges_.find(key_of(owner, place.instrument), event.now());
    const Int128 held = held_by(market, account, place.instrument);
    if (hedge == nullptr || held == 0) {
      return;
    }
    const std::uint64_t program = crc32c(line.program_id.view());
    if (hedge->program != program) {
      hedge->program = program;
      hedge->paid_sides = 0;
      hedge->paid_at = {};
    }
    hedge->paid_sides |= held > 0 ? 1 : 2;
    if (hedge->paid_sides == 3) {
      take_payment(*hedge, place, market.directory().program(line.program_id), event, market,
                   findings);
    }
  }

  void take_payment(Hedge& hedge, const Place& place, const Program* program,
                    const Occurrence& event, const Market& market, Findings& findings) {
    still_hedged(hedge, place, market);
    const bool knows_begin = program != nullptr && program->from;
    const Time from = hedge.paid_at != Time{} ? hedge.paid_at
                      : knows_begin           ? *program->from
                                              : event.now();
    const Duration span = event.now() - from;
    const std::int64_t hedged = hedge.hedged_ns + hedged_now(hedge, event.now());
    if (span >= params_.paid_s_min.seconds() && params_.time_share_min.reached(hedged, span.ns)) {
      tell(hedge, place, {event.moment.seq, std::min(hedged, span.ns), span.ns}, market, findings);
    }
    hedge.paid_at = event.now();
    hedge.hedged_ns = 0;
    hedge.paid_sides = 0;
  }

  struct Paid {
    std::uint64_t seq = 0;  // 0: nothing was
    std::int64_t hedged = 0, span = 1;
  };

  void tell(const Hedge& hedge, const Place& place, const Paid& paid, const Market& market,
            Findings& findings) {
    const Sides& sides = hedge.sides;
    const OpenInterest* open = open_.find(place.instrument.value, findings.now());
    const Int128 all = open == nullptr ? 0 : open->both_sides;
    const bool large = all > 0 && params_.open_interest_min.reached(2 * sides.smaller(), all);
    Report report;
    report.account = account_of(hedge);
    report.instrument = place.instrument;
    report.from = hedge.from;
    report.facts = {{"gross", sides.gross(),
                     market.directory().instrument(place.instrument).terms.quantity_scale, nullptr},
                    ratio("net_share", sides.net(), sides.gross(), &params_.net_share_max),
                    ratio("time_share", paid.hedged, paid.span, &params_.time_share_min),
                    ratio("open_interest_share", std::min(2 * sides.smaller(), all),
                          std::max(all, Int128{1}), &params_.open_interest_min)};
    report.score_parts = {
        {"hedged", 40}, {"paid", paid.seq > 0 ? 20 : 0}, {"large", large ? 20 : 0}};
    report.evidence = {hedge.first_seq};
    if (paid.seq > hedge.first_seq) {
      report.evidence.push_back(paid.seq);
    }
    findings.report(report);
  }

  Params params_;
  Entries<Hedge> hedges_;       // by owner and instrument
  Entries<Lately> lately_;      // by owner
  Entries<OpenInterest> open_;  // by instrument
};

}  // namespace

MW_DETECTOR_IS(hedged_pair, HedgedPair, spec)

}  // namespace marktwacht
