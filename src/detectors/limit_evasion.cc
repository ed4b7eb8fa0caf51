// limit_evasion: together more than the product allows one to hold, each for itself not.
// docs/detectors/limit_evasion.md.
#include <algorithm>

#include "detectors/catalogue.h"
#include "market/owner.h"

namespace marktwacht {
namespace {

// name, default, least, most
#define PARAMS(P) P(limit_share, 1, 0.1, 1)
MW_PARAMS(PARAMS)
#undef PARAMS

constexpr DetectorSpec spec = {
    .id = "limit_evasion",
    .claim =
        "Accounts of one hand together hold more of a product than its position limit allows, "
        "while none of them does.",
    .clause = "2.11",
    .severity = Severity::medium,
    .maturity = Maturity::incubating,
    .hears = {EventKind::fill, EventKind::position},
    .memory_max = {7 * day.ns},
    .quiet_max = {3'600 * second.ns},
    .entries_max = 100'000,
    .params = Params::specs,
    .text_en =
        "{accounts} hold {open_quantity} of {instrument} together, beyond its position limit of "
        "{position_limit}; the largest single one holds {largest}.",
    .text_de =
        "{accounts} halten zusammen {open_quantity} von {instrument}, mehr als die Positionsgrenze "
        "von {position_limit}; der größte einzelne Bestand ist {largest}.",
};

// How much a group may still open before it is worth counting again.
struct Room {
  std::int64_t left = 0, limit = 0;  // limit: the one that was counted against
  std::uint64_t members = 0;
  Time over_from;  // of 0: it is not over the limit
  std::uint64_t first_seq = 0;
};

// What accounts hold on one side.
struct Held {
  Int128 sum = 0;
  std::int64_t largest = 0;
};

class LimitEvasion final : public Detector {
 public:
  explicit LimitEvasion(const DetectorSetup& setup)
      : params_(Params::of(setup.params)), rooms_(setup, spec.memory_max) {}

  void on(const Occurrence& event, const Market& market, Findings& findings) override {
    AccountIndex account = event.account;
    InstrumentIndex instrument = event.instrument;
    if (event.kind == EventKind::position) {
      account = market.accounts().last_statement().account;
      instrument = market.accounts().last_statement().instrument;
    }
    const Instrument& of = market.directory().instrument(instrument);
    const Owner owner = owner_of(market, account);
    if (of.position_limit.units == 0 || of.terms.spot || !owner.is_group()) {
      return;
    }
    Room& room = rooms_.touch(key_of(owner, instrument), findings);
    const std::uint64_t members = market.groups().members(owner.group()).size();
    // Who closes a short leg and opens a long one may move from one side to the other.
    room.left -= event.kind == EventKind::fill ? event.fill->quantity.units : room.left;
    if (room.left <= 0 || room.members != members || room.limit != of.position_limit.units) {
      room.members = members;
      room.limit = of.position_limit.units;
      judge(room, owner, account, instrument, event, market, findings);
    }
  }

  void save(ByteWriter& out) const override { rooms_.save(out); }
  bool load(ByteReader& in, const Market&) override {
    return rooms_.load(in, [](auto, const Room&) { return true; });
  }

 private:
  void judge(Room& room, Owner owner, AccountIndex account, InstrumentIndex instrument,
             const Occurrence& event, const Market& market, Findings& findings) const {
    const Instrument& of = market.directory().instrument(instrument);
    const Quantity limit = of.position_limit;
    Held longs, shorts;
    bool any_leave = false;  // which may end without a word
    visit_members(market, owner, [&](AccountIndex member) {
      if (!market.exemptions().has(member, instrument, ExemptionKind::hedging, event.now())) {
        add_up({member, instrument}, market, longs, shorts);
      } else {
        any_leave = true;
      }
    });
    const Held& side = longs.sum >= shorts.sum ? longs : shorts;
    const Int128 allowed = Int128{limit.units} * params_.limit_share.units / Param::one;
    room.left =
        any_leave
            ? 0
            : static_cast<std::int64_t>(std::clamp<Int128>(allowed - side.sum, 0, limit.units));
    if (side.sum <= allowed || side.largest > limit.units) {
      room.over_from = {};
      return;
    }
    if (room.over_from == Time{}) {
      room.over_from = event.now();
      room.first_seq = event.moment.seq;
    }
    tell(room, side, account, instrument, event, market, findings);
  }

  static void add_up(PositionKey key, const Market& market, Held& longs, Held& shorts) {
    std::int64_t held[2] = {};  // long, short
    for (const Leg leg : {Leg::net, Leg::long_leg, Leg::short_leg}) {
      key.leg = leg;
      const std::int64_t units = market.accounts().position(key).units;
      held[units < 0 ? 1 : 0] += units < 0 ? -units : units;
    }
    longs.sum += held[0];
    longs.largest = std::max(longs.largest, held[0]);
    shorts.sum += held[1];
    shorts.largest = std::max(shorts.largest, held[1]);
  }

  void tell(const Room& room, const Held& side, AccountIndex account, InstrumentIndex instrument,
            const Occurrence& event, const Market& market, Findings& findings) const {
    const Instrument& of = market.directory().instrument(instrument);
    const bool far = side.sum * 2 >= Int128{of.position_limit.units} * 3;
    const int scale = of.terms.quantity_scale;
    Report report;
    report.account = account;
    report.instrument = instrument;
    report.from = room.over_from;
    report.severity = far ? Severity::high : Severity::medium;
    report.facts = {{"open_quantity", side.sum, scale, nullptr},
                    {"position_limit", of.position_limit.units, scale, nullptr},
                    {"largest", side.largest, scale, nullptr},
                    {"members", static_cast<Int128>(room.members), 0, nullptr}};
    report.score_parts = {{"over", 60}, {"far", far ? 20 : 0}};
    report.evidence = {room.first_seq};
    if (event.moment.seq != room.first_seq) {
      report.evidence.push_back(event.moment.seq);
    }
    findings.report(report);
  }

  Params params_;
  Entries<Room> rooms_;  // by group and instrument
};

}  // namespace

MW_DETECTOR_IS(limit_evasion, LimitEvasion, spec)

}  // namespace marktwacht
