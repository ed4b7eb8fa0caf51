// off_index_gain: trades far from the index while nobody could rely on it, to one hand's advantage.
// docs/detectors/off_index_gain.md.
#include <algorithm>

#include "base/sort_unique.h"
#include "detectors/catalogue.h"
#include "market/book_questions.h"

namespace marktwacht {
namespace {

// name, default, least, most
#define PARAMS(P)                  \
  P(away_min, 0.01, 0.001, 1)      \
  P(gain_min, 1, 0, 1'000'000'000) \
  P(fresh_s, 60, 1, 86'400)        \
  P(pushed_s, 600, 1, 3'600)       \
  P(gathered_s, 600, 1, 3'600)
MW_PARAMS(PARAMS)
#undef PARAMS

constexpr DetectorSpec spec = {
    .id = "off_index_gain",
    .claim =
        "One hand gained from trades far from the index while the index was stale or disturbed, "
        "the book was empty, or after the same hand had moved the index's source.",
    .clause = "2.2",
    .severity = Severity::medium,
    .maturity = Maturity::incubating,
    .hears = {EventKind::index_price, EventKind::fill, EventKind::alert},
    .memory_max = {24 * 3'600 * second.ns},
    .quiet_max = {600 * second.ns},
    .entries_max = 100'000,
    .params = Params::specs,
    .text_en =
        "{accounts} gained {gain} from {trades} trades in {instrument} up to {away} away from an "
        "index that could not be relied on; the same was lost by {counterparties} others.",
    .text_de =
        "{accounts} gewann {gain} aus {trades} Geschäften in {instrument}, bis zu {away} von einem "
        "Index entfernt, auf den kein Verlass war; ebenso viel verloren {counterparties} andere.",
};

// What the index of an instrument last was when it could be relied on, and some time before that.
struct Reference {
  Time wrong_since;  // of 0: it can be relied on
  Time sound_at;     // of 0: it never could
  Time before_at;    // when `before` was taken
  Price sound, before, earlier;
};

// What a hand gained.
struct Gains {
  static constexpr std::size_t others_max = 8;

  Time from, last;
  Int128 gained = 0;  // in ten-thousandths
  std::int64_t trades = 0;
  std::int64_t away = 0;    // the farthest, in ten-thousandths of the index
  std::int64_t others = 0;  // of these, so many; more are not told apart
  std::uint64_t other[others_max] = {}, other_seq[others_max] = {};  // of the first trade with each
  std::uint64_t first_seq = 0;
};

// A hand that moved the source of an instrument's index.
struct Pushed {
  Time at;
};

class OffIndexGain final : public Detector {
 public:
  explicit OffIndexGain(const DetectorSetup& setup)
      : params_(Params::of(setup.params)),
        references_(setup, spec.memory_max),
        gains_(setup, {2 * 3'600 * second.ns}),
        pushed_(setup, {2 * 3'600 * second.ns}) {}

  void on(const Occurrence& event, const Market& market, Findings& findings) override {
    if (event.kind == EventKind::fill) {
      take_fill(event, market, findings);
    } else if (event.kind == EventKind::index_price) {
      take_index(event, market, findings);
    } else if (event.alert->heard.detector == "index_push") {
      take_push(*event.alert, market, findings);
    }
  }

  void save(ByteWriter& out) const override {
    references_.save(out);
    gains_.save(out);
    pushed_.save(out);
  }
  bool load(ByteReader& in, const Market&) override {
    return references_.load(in, [](auto, const Reference&) {
      return true;
    }) && gains_.load(in, [](auto, const Gains& gains) {
      return gains.others >= 0 && gains.others <= static_cast<std::int64_t>(Gains::others_max);
    }) && pushed_.load(in, [](auto, const Pushed&) { return true; });
  }

 private:
  void take_index(const Occurrence& event, const Market& market, Findings& findings) {
    const auto& line = as<event::IndexPrice>(*event.line);
    const InstrumentIndex index = market.directory().find_instrument(line.instrument_id);
    Reference& reference = references_.touch(index.value, findings);
    if (line.status != IndexStatus::ok) {
      reference.wrong_since = reference.wrong_since == Time{} ? event.now() : reference.wrong_since;
      return;
    }
    const Price price = *market.directory().instrument(index).index_price;
    if (event.now() - reference.before_at >= params_.pushed_s.seconds()) {
      reference.earlier = reference.before_at == Time{} ? price : reference.before;
      reference.before = reference.sound_at == Time{} ? price : reference.sound;
      reference.before_at = event.now();
    }
    reference.wrong_since = {};
    reference.sound_at = event.now();
    reference.sound = price;
  }

  void take_push(const AlertOpened& alert, const Market& market, Findings& findings) {
    if (alert.accounts.empty()) {
      return;
    }
    const Owner owner = owner_of(market, alert.accounts.front());
    for (const InstrumentIndex derivative : derivatives_on(market, alert.instrument)) {
      pushed_.touch(key_of(owner, derivative), findings).at = alert.at;
    }
  }

  // Which price this trade of this hand is to be held against; nothing: the index can be relied on.
  std::optional<Price> held_against(const Occurrence& event, std::uint64_t key,
                                    const Market& market) {
    const Fill& fill = *event.fill;
    const Instrument& instrument = market.directory().instrument(event.instrument);
    const Reference* reference = references_.find(event.instrument.value, event.now());
    if (reference == nullptr || !instrument.index_price) {
      return std::nullopt;
    }
    const Price sound = reference->sound_at == Time{} ? *instrument.index_price : reference->sound;
    const Pushed* pushed = pushed_.find(key, event.now());
    if (pushed != nullptr && event.now() - pushed->at <= params_.pushed_s.seconds()) {
      return reference->earlier;
    }
    const bool wrong = reference->wrong_since != Time{};
    const bool empty = fill.maker && !market.books().best(event.instrument, fill.side);
    const Time placed = fill.order.known ? fill.order.placed : event.now();
    const Time since =
        wrong ? reference->wrong_since : Time{event.now().ns - params_.fresh_s.seconds().ns};
    return (wrong || empty) && placed >= since ? std::optional(sound) : std::nullopt;
  }

  void take_fill(const Occurrence& event, const Market& market, Findings& findings) {
    const Fill& fill = *event.fill;
    if (fill.same_account || fill.same_group ||
        (fill.kind != TradeKind::book && fill.kind != TradeKind::liquidation)) {
      return;
    }
    const std::uint64_t key = key_of(owner_of(market, event.account), event.instrument);
    const auto against = held_against(event, key, market);
    if (!against || against->units <= 0) {
      return;
    }
    const Int128 away = fill.side == Side::buy ? Int128{against->units} - fill.price.units
                                               : Int128{fill.price.units} - against->units;
    if (away <= 0 || !params_.away_min.reached(away, against->units)) {
      return;
    }
    Gains& gains = gains_.touch(key, findings);
    if (gains.trades == 0 || event.now() - gains.last > params_.gathered_s.seconds()) {
      gains = {};
      gains.from = event.now();
      gains.first_seq = event.moment.seq;
    }
    gains.last = event.now();
    ++gains.trades;
    gains.gained += gain_from(market.directory().instrument(event.instrument), fill.side,
                              fill.price, *against, fill.quantity);
    const Int128 share = std::min(away * Param::one / against->units, Int128{INT64_MAX});
    gains.away = std::max(gains.away, static_cast<std::int64_t>(share));
    lost(gains, fill.counterparty, event.moment.seq);
    if (gains.gained >= params_.gain_min.units) {
      tell(gains, event, findings);
    }
  }

  static void lost(Gains& gains, AccountIndex other, std::uint64_t seq) {
    const auto end = gains.other + gains.others;
    if (other.exists() && end != gains.other + Gains::others_max &&
        std::find(gains.other, end, other.value) == end) {
      gains.other_seq[gains.others] = seq;
      gains.other[gains.others++] = other.value;
    }
  }

  void tell(const Gains& gains, const Occurrence& event, Findings& findings) const {
    const bool far = 2 * params_.away_min.units <= gains.away;
    Report report;
    report.account = event.account;
    report.instrument = event.instrument;
    report.from = gains.from;
    report.facts = {{"gain", gains.gained, Param::scale, &params_.gain_min},
                    {"away", gains.away, Param::scale, &params_.away_min},
                    {"trades", gains.trades, 0, nullptr},
                    {"counterparties", gains.others, 0, nullptr}};
    report.score_parts = {{"gain", 50}, {"away", far ? 20 : 0}};
    report.evidence.assign(gains.other_seq, gains.other_seq + gains.others);
    report.evidence.insert(report.evidence.end(), {gains.first_seq, event.moment.seq});
    sort_unique(report.evidence);
    findings.report(report);
  }

  Params params_;
  Entries<Reference> references_;  // by instrument
  Entries<Gains> gains_;           // by owner and instrument
  Entries<Pushed> pushed_;         // by owner and the derivative
};

}  // namespace

MW_DETECTOR_IS(off_index_gain, OffIndexGain, spec)

}  // namespace marktwacht
