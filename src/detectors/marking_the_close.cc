// marking_the_close: a price pushed just before it settles, for a position that profits.
// docs/detectors/marking_the_close.md.
#include <algorithm>
#include <cstdlib>

#include "base/sort_unique.h"
#include "detectors/catalogue.h"
#include "market/owner.h"

namespace marktwacht {
namespace {

// name, default, least, most
#define PARAMS(P)               \
  P(window_s, 600, 10, 3'600)   \
  P(after_s, 600, 10, 3'600)    \
  P(share_min, 0.2, 0.17, 1)    \
  P(move_bp_min, 10, 0, 10'000) \
  P(reverts_share_min, 0.5, 0.01, 1)
MW_PARAMS(PARAMS)
#undef PARAMS

constexpr DetectorSpec spec = {
    .id = "marking_the_close",
    .claim =
        "Just before the price was taken for settlement this hand's aggressive trades pushed it "
        "to the advantage of a position it held already, and then it fell back or stood still.",
    .clause = "2.7",
    .severity = Severity::medium,
    .maturity = Maturity::incubating,
    .hears = {EventKind::trade, EventKind::fill},
    .memory_max = {3 * 3'600 * second.ns},
    .quiet_max = {3'600 * second.ns},
    .entries_max = 20'000,
    .params = Params::specs,
    .text_en =
        "{accounts} made {share} of the aggressive volume on {instrument} before settlement while "
        "the price moved by {move_bp} basis points; {reverts_share} of that was undone afterwards.",
    .text_de =
        "{accounts} stellte vor der Abrechnung {share} des aggressiven Volumens in {instrument}, "
        "während sich der Kurs um {move_bp} Basispunkte bewegte; {reverts_share} davon ging "
        "danach zurück.",
};

// A hand of which enough came that it may have marked the close.
struct Hand {
  std::uint64_t key = 0;      // by owner and instrument
  std::uint64_t account = 0;  // its index + 1; 0: nobody

  AccountIndex of() const { return {static_cast<std::uint32_t>(account - 1)}; }
};

enum Phase : std::int64_t { idle, window, after };

struct Closing {
  static constexpr std::size_t hands_max = 6;  // of at least 0.17 each there are no more

  Int128 volume = 0;  // aggressive, in the window
  std::int64_t phase = idle;
  Time at;                  // the settlement
  std::int64_t before = 0;  // price ahead of the window
  std::int64_t settled = 0, last = 0;
  std::int64_t trades_after = 0;
  std::uint64_t first_seq = 0, last_seq = 0;  // of the window
  Hand hands[hands_max];

  std::int64_t move() const { return settled - before; }
};

// What a hand did in a window.
struct Own {
  Int128 aggressive = 0;                      // bought less sold, by its aggressive trades
  Int128 net = 0;                             // by all
  Time at;                                    // the settlement
  std::uint64_t first_seq = 0, last_seq = 0;  // of its aggressive trades; 0: it has none
  std::uint64_t unused = 0;
};

Int128 absolute(Int128 value) { return value < 0 ? -value : value; }

class MarkingTheClose final : public Detector {
 public:
  explicit MarkingTheClose(const DetectorSetup& setup)
      : params_(Params::of(setup.params)),
        closings_(setup, spec.memory_max),
        own_(setup, spec.memory_max) {}

  void on(const Occurrence& event, const Market& market, Findings& findings) override {
    if (event.kind == EventKind::fill) {
      return take_fill(event, market, findings);
    }
    const auto& trade = static_cast<const event::Trade&>(*event.line);
    const InstrumentIndex index = market.directory().find_instrument(trade.instrument_id);
    const Instrument& instrument = market.directory().instrument(index);
    if (instrument.settlement_times.empty() || trade.kind != TradeKind::book) {
      return;
    }
    Closing& closing = closings_.touch(index.value, findings);
    const std::int64_t price = instrument.trade_price->units;
    if (closing.phase == idle) {
      begin(closing, index, instrument, price, event, findings);
    }
    if (closing.phase == window) {
      closing.settled = price;
      closing.last_seq = event.moment.seq;
    } else if (closing.phase == after) {
      ++closing.trades_after;
      if (reverts(closing, price)) {
        tell_all(closing, index, price, findings);
      }
    }
    closing.last = price;
  }

  // The settlement, and then the end of what is looked at behind it.
  void fire(std::uint64_t key, const Market& market, Findings& findings) override {
    const InstrumentIndex index{static_cast<std::uint32_t>(key)};
    Closing* closing = closings_.find(key, findings.now());
    if (closing == nullptr) {
      return;
    }
    if (closing->phase == window && closing->at == findings.now()) {
      judge(*closing, index, market, findings);
    } else if (closing->phase == after &&
               closing->at + params_.after_s.seconds() == findings.now()) {
      if (closing->trades_after == 0) {
        tell_all(*closing, index, closing->settled, findings);
      }
      closing->phase = idle;
    }
  }

  void save(ByteWriter& out) const override {
    closings_.save(out);
    own_.save(out);
  }
  bool load(ByteReader& in, const Market& market) override {
    const auto sound = [&](const Hand& hand) {
      return hand.account <= market.directory().accounts();
    };
    return closings_.load(in, [&](auto, const Closing& closing) {
      return std::ranges::all_of(closing.hands, sound);
    }) && own_.load(in, [](auto, const Own&) { return true; });
  }

 private:
  void begin(Closing& closing, InstrumentIndex index, const Instrument& instrument,
             std::int64_t price, const Occurrence& event, Findings& findings) const {
    const auto next = next_settlement(instrument, event.now());
    if (next - event.now() > params_.window_s.seconds()) {
      return;
    }
    const std::int64_t before = closing.last == 0 ? price : closing.last;
    closing = {};
    closing.phase = window;
    closing.at = next;
    closing.before = before;
    closing.first_seq = event.moment.seq;
    findings.wake(next, index.value);
  }

  // After `now`; there must be one.
  static Time next_settlement(const Instrument& instrument, Time now) {
    const std::int64_t midnight = now.ns - now.ns % day.ns;
    Time next{INT64_MAX};
    for (const std::int64_t minute : instrument.settlement_times) {
      const std::int64_t today = midnight + minute * 60 * second.ns;
      next = std::min(next, Time{today > now.ns ? today : today + day.ns});
    }
    return next;
  }

  void take_fill(const Occurrence& event, const Market& market, Findings& findings) {
    const Fill& fill = *event.fill;
    Closing* closing = closings_.find(event.instrument.value, event.now());
    if (closing == nullptr || closing->phase != window || fill.kind != TradeKind::book) {
      return;
    }
    const std::uint64_t key = key_of(owner_of(market, event.account), event.instrument);
    Own& own = own_.touch(key, findings);
    if (own.at != closing->at) {
      own = {};
      own.at = closing->at;
    }
    const std::int64_t quantity =
        fill.side == Side::buy ? fill.quantity.units : -fill.quantity.units;
    own.net += quantity;
    if (!fill.maker) {
      own.aggressive += quantity;
      own.first_seq = own.first_seq == 0 ? event.moment.seq : own.first_seq;
      own.last_seq = event.moment.seq;
      closing->volume += fill.quantity.units;
      consider(*closing, key, own, event);
    }
  }

  bool enough(const Own* own, const Closing& closing) const {
    return own != nullptr && own->at == closing.at &&
           params_.share_min.reached(absolute(own->aggressive), closing.volume);
  }

  // Who has enough at the end had it at its last trade: so none is missed.
  void consider(Closing& closing, std::uint64_t key, const Own& own, const Occurrence& event) {
    if (!enough(&own, closing)) {
      return;
    }
    Hand* room = nullptr;
    for (Hand& hand : closing.hands) {
      if (hand.account != 0 && hand.key == key) {
        return;
      }
      if (hand.account == 0 || !enough(own_.find(hand.key, event.now()), closing)) {
        room = &hand;
      }
    }
    if (room != nullptr) {
      *room = {key, std::uint64_t{event.account.value} + 1};
    }
  }

  // Leaves those whom the move is to the advantage of.
  void judge(Closing& closing, InstrumentIndex index, const Market& market, Findings& findings) {
    const std::int64_t move = closing.move();
    constexpr std::int64_t basis_points = 10'000;
    const bool moved =
        move != 0 && params_.move_bp_min.reached(Int128{std::abs(move)} * basis_points,
                                                 std::abs(closing.before));
    bool any = false;
    for (Hand& hand : closing.hands) {
      const Own* own = hand.account == 0 ? nullptr : own_.find(hand.key, findings.now());
      if (!moved || !enough(own, closing) || (own->aggressive > 0) != (move > 0) ||
          !profits(hand, own->net, move > 0, index, market)) {
        hand = {};
      }
      any = any || hand.account != 0;
    }
    closing.phase = any ? after : idle;
    if (any) {
      findings.wake(closing.at + params_.after_s.seconds(), index.value);
    }
  }

  // By a position from before the window, here or in a derivative on it.
  static bool profits(const Hand& hand, Int128 net, bool up, InstrumentIndex index,
                      const Market& market) {
    const std::vector<AccountIndex> accounts = accounts_of(market, hand.of());
    const auto held = [&](InstrumentIndex in) {
      Int128 sum = 0;
      for (const AccountIndex account : accounts) {
        for (const Leg leg : {Leg::net, Leg::long_leg, Leg::short_leg}) {
          sum += market.accounts().position({account, in, leg}).units;
        }
      }
      return up ? sum : -sum;
    };
    if (held(index) - (up ? net : -net) > 0) {
      return true;
    }
    const Directory& directory = market.directory();
    for (std::uint32_t i = 0; i < directory.instruments(); ++i) {
      if (directory.instrument({i}).underlying == directory.instrument_id(index) && held({i}) > 0) {
        return true;
      }
    }
    return false;
  }

  bool reverts(const Closing& closing, std::int64_t price) const {
    const bool up = closing.move() > 0;
    return params_.reverts_share_min.reached(up ? closing.settled - price : price - closing.settled,
                                             std::abs(closing.move()));
  }

  void tell_all(Closing& closing, InstrumentIndex index, std::int64_t price, Findings& findings) {
    const std::int64_t move = std::abs(closing.move());
    for (const Hand& hand : closing.hands) {
      const Own* own = hand.account == 0 ? nullptr : own_.find(hand.key, findings.now());
      if (own == nullptr || own->at != closing.at) {
        continue;
      }
      const Int128 share = absolute(own->aggressive);
      const bool most = 2 * share >= closing.volume;
      Report report;
      report.account = hand.of();
      report.instrument = index;
      report.from = Time{closing.at.ns - params_.window_s.seconds().ns};
      report.facts = {
          ratio("share", share, closing.volume, &params_.share_min),
          ratio("move_bp", Int128{move} * 10'000, std::abs(closing.before), &params_.move_bp_min),
          ratio("reverts_share", std::abs(closing.settled - price), move,
                closing.trades_after == 0 ? nullptr : &params_.reverts_share_min),
          {"trades_after", closing.trades_after, 0, nullptr}};
      report.score_parts = {{"share", most ? 60 : 40}, {"position", 20}};
      report.evidence = {closing.first_seq, own->first_seq, own->last_seq, closing.last_seq};
      sort_unique(report.evidence);
      findings.report(report);
    }
    closing.phase = idle;
  }

  Params params_;
  Entries<Closing> closings_;  // by instrument
  Entries<Own> own_;           // by owner and instrument
};

}  // namespace

MW_DETECTOR_IS(marking_the_close, MarkingTheClose, spec)

}  // namespace marktwacht
