// short_holding: a hand that lives on positions held for moments only.
// docs/detectors/short_holding.md.
#include <algorithm>

#include "detectors/catalogue.h"
#include "market/owner.h"

namespace marktwacht {
namespace {

// name, default, least, most
#define PARAMS(P)                  \
  P(trips_min, 20, 2, 1'000'000)   \
  P(held_s_max, 180, 0.001, 3'600) \
  P(short_share_min, 0.5, 0.01, 1) \
  P(gain_share_min, 0.5, 0.01, 1)  \
  P(everywhere, 0, 0, 1)
MW_PARAMS(PARAMS)
#undef PARAMS

constexpr DetectorSpec spec = {
    .id = "short_holding",
    .claim =
        "On a product that forbids high-frequency trading most of this hand's round trips of the "
        "day were held for moments only, and most of what it gained came from them.",
    .clause = "2.4",
    .severity = Severity::medium,
    .maturity = Maturity::incubating,
    .hears = {EventKind::fill},
    .memory_max = day,
    .quiet_max = {day.ns / 2},
    .entries_max = 100'000,
    .params = Params::specs,
    .text_en =
        "{accounts} made {trips} round trips on {instrument} in a day; {short_share} of them were "
        "held for moments only, and {gain_share} of the gain came from these.",
    .text_de =
        "{accounts} schloss in {instrument} an einem Tag {trips} Positionen; {short_share} davon "
        "waren nur Augenblicke gehalten, und {gain_share} des Gewinns kam aus diesen.",
};

// A hand's round trips of a day.
struct Trips {
  Int128 gain = 0, short_gain = 0;  // 10^-gain_scale
  std::int64_t day = 0, trips = 0, short_trips = 0;
  std::uint64_t first_seq = 0, told = 0;  // told: trips when last reported
  Time from;
};

class ShortHolding final : public Detector {
 public:
  explicit ShortHolding(const DetectorSetup& setup)
      : params_(Params::of(setup.params)), trips_(setup, spec.memory_max) {}

  void on(const Occurrence& event, const Market& market, Findings& findings) override {
    const Fill& fill = *event.fill;
    if (fill.closed.units == 0 || fill.same_group || fill.same_account ||
        !minded(market, event.instrument) || makes_markets(market, event)) {
      return;
    }
    Trips& of = trips_.touch(key_of(owner_of(market, event.account), event.instrument), findings);
    if (of.day != event.moment.day || of.trips == 0) {
      of = {};
      of.day = event.moment.day;
      of.first_seq = event.moment.seq;
      of.from = event.now();
    }
    const bool is_short = fill.held_ms * millisecond.ns < params_.held_s_max.seconds().ns;
    add_up(of.gain, fill.realised_gain.units);
    add_up(of.short_gain, is_short ? fill.realised_gain.units : 0);
    // Further fills of one order are the same round trip.
    if (!fill.order.known || fill.order.filled == fill.quantity) {
      ++of.trips;
      of.short_trips += is_short ? 1 : 0;
    }
    if (of.trips >= params_.trips_min.whole() && static_cast<std::uint64_t>(of.trips) > of.told &&
        of.short_trips * Param::one > of.trips * params_.short_share_min.units &&
        of.short_gain > 0 && gain_share_reached(of)) {
      tell(of, event, market, findings);
    }
  }

  void save(ByteWriter& out) const override { trips_.save(out); }
  bool load(ByteReader& in, const Market&) override {
    return trips_.load(in, [](auto, const Trips& of) { return of.trips >= 0; });
  }

 private:
  struct Gains {
    Int128 all = 0, of_short = 0;
  };

  // As Param can compare them: of an asset of very many decimals the last ones are left out.
  static Gains comparable(const Trips& of) {
    constexpr Int128 most = Int128{1} << 100;
    Gains gains{of.gain, of.short_gain};
    while (gains.of_short >= most || gains.all >= most || gains.all <= -most) {
      gains = {gains.all / 10, gains.of_short / 10};
    }
    return gains;
  }
  bool gain_share_reached(const Trips& of) const {
    const Gains gains = comparable(of);
    return params_.gain_share_min.reached(gains.of_short, gains.all);
  }

  // Stays at what fits.
  static void add_up(Int128& sum, Int128 gain) {
    sum = add(sum, gain).value_or(gain < 0 ? int128_min : int128_max);
  }
  bool minded(const Market& market, InstrumentIndex instrument) const {
    return params_.everywhere.units > 0 || market.directory().instrument(instrument).hft_forbidden;
  }
  // Makers are held to quote both sides, and hold nothing for long.
  static bool makes_markets(const Market& market, const Occurrence& event) {
    return market.exemptions().has(event.account, event.instrument, ExemptionKind::market_making,
                                   event.now());
  }

  void tell(Trips& of, const Occurrence& event, const Market& market, Findings& findings) const {
    const bool forbidden = market.directory().instrument(event.instrument).hft_forbidden;
    const bool often = of.trips >= 2 * params_.trips_min.whole();
    Report report;
    report.account = event.account;
    report.instrument = event.instrument;
    report.from = of.from;
    report.severity = forbidden ? Severity::high : Severity::medium;
    const Gains gains = comparable(of);
    // With losses elsewhere the short ones gained more than all: then it is 1.
    report.facts = {
        {"trips", of.trips, 0, &params_.trips_min},
        ratio("short_share", of.short_trips, of.trips, &params_.short_share_min),
        ratio("gain_share", gains.of_short, std::max({gains.all, gains.of_short, Int128{1}}),
              &params_.gain_share_min)};
    report.score_parts = {
        {"short", 40}, {"often", often ? 20 : 0}, {"forbidden", forbidden ? 20 : 0}};
    report.evidence = {of.first_seq};
    if (event.moment.seq != of.first_seq) {
      report.evidence.push_back(event.moment.seq);
    }
    report.counted = static_cast<std::uint64_t>(of.trips) - of.told;
    of.told = static_cast<std::uint64_t>(of.trips);
    findings.report(report);
  }

  Params params_;
  Entries<Trips> trips_;  // by owner and instrument
};

}  // namespace

MW_DETECTOR_IS(short_holding, ShortHolding, spec)

}  // namespace marktwacht
