// momentum_ignition: a burst of own takes that drives the price, then sold into by the same hand.
// docs/detectors/momentum_ignition.md.
#include <algorithm>

#include "base/sort_unique.h"
#include "detectors/catalogue.h"
#include "market/owner.h"

namespace marktwacht {
namespace {

// name, default, least, most
#define PARAMS(P)                  \
  P(burst_s, 30, 1, 300)           \
  P(sigmas_min, 4, 1, 100)         \
  P(spreads_min, 2, 0, 100)        \
  P(taken_share_min, 0.3, 0.01, 1) \
  P(trades_min, 5, 0, 1'000)       \
  P(opposite_s, 120, 1, 3'600)     \
  P(opposite_share_min, 0.5, 0.01, 1)
MW_PARAMS(PARAMS)
#undef PARAMS

// Longer than burst_s and opposite_s may be.
constexpr Duration burst_memory{2 * 3'900 * second.ns};

constexpr DetectorSpec spec = {
    .id = "momentum_ignition",
    .claim =
        "One hand took so much so fast that the price ran far beyond what is usual, and then "
        "traded the other way with those who ran along.",
    .clause = "2.7",
    .severity = Severity::medium,
    .maturity = Maturity::incubating,
    .hears = {EventKind::fill},
    .looks_ahead = {EventKind::trade},
    .asks_tape = true,
    .memory_max = burst_memory,
    .quiet_max = {600 * second.ns},
    .entries_max = 100'000,
    .params = Params::specs,
    .text_en =
        "{accounts} moved {instrument} by {sigmas} times its usual move in a burst that was "
        "{taken_share} of all that was taken on that side, and then traded {opposite_share} of it "
        "back the other way.",
    .text_de =
        "{accounts} bewegte {instrument} um das {sigmas}-Fache der üblichen Bewegung, mit einem "
        "Anteil von {taken_share} an allem, was auf dieser Seite genommen wurde, und handelte "
        "danach {opposite_share} davon in die Gegenrichtung.",
};

// What a hand took on one side, from the first of it for burst_s, and what it traded back.
struct Burst {
  Time from, last;
  std::int64_t quantity = 0;  // 0: none
  std::int64_t opposite = 0;
  Int128 paid = 0, got = 0;  // price × quantity of either
  Price first, far;
  std::int64_t usual_trade = 0;  // when it began
  std::uint64_t unused = 0;
  std::uint64_t taken_before = 0, taken_by = 0;  // by all on that side: before it, and by its last
  std::uint64_t first_seq = 0, last_seq = 0;
};

struct Bursts {
  Burst side[2];
};

std::size_t place(Side side) { return static_cast<std::size_t>(side); }

class MomentumIgnition final : public Detector {
 public:
  explicit MomentumIgnition(const DetectorSetup& setup)
      : params_(Params::of(setup.params)), bursts_(setup, burst_memory) {}

  void on(const Occurrence& event, const Market& market, Findings& findings) override {
    const Fill& fill = *event.fill;
    if (fill.kind != TradeKind::book || fill.same_account || fill.same_group) {
      return;
    }
    const std::uint64_t key = key_of(owner_of(market, event.account), event.instrument);
    Bursts* bursts = bursts_.find(key, event.now());
    if (bursts != nullptr) {
      trade_back(bursts->side[place(opposite(fill.side))], event, market, findings);
    }
    if (!fill.maker) {
      take(bursts_.touch(key, findings).side[place(fill.side)], event, market);
    }
  }

  void look_ahead(Ahead ahead, AccountIndex account, InstrumentIndex instrument,
                  const Market& market) const override {
    bursts_.look_ahead(ahead, key_of(owner_of(market, account), instrument));
  }
  void save(ByteWriter& out) const override { bursts_.save(out); }
  bool load(ByteReader& in, const Market&) override {
    return bursts_.load(in, [](auto, const Bursts& both) {
      return std::ranges::all_of(both.side,
                                 [](const Burst& b) { return b.quantity >= 0 && b.opposite >= 0; });
    });
  }

 private:
  void take(Burst& burst, const Occurrence& event, const Market& market) const {
    const Fill& fill = *event.fill;
    const std::uint64_t taken = market.tape().taken(event.instrument, fill.side);
    if (burst.quantity == 0 || event.now() - burst.from > params_.burst_s.seconds()) {
      burst = {};
      burst.from = event.now();
      burst.first = burst.far = fill.price;
      burst.usual_trade = market.tape().usual_trade(event.instrument).units;
      burst.taken_before = taken - static_cast<std::uint64_t>(fill.quantity.units);
      burst.first_seq = event.moment.seq;
    }
    burst.last = event.now();
    burst.last_seq = event.moment.seq;
    burst.taken_by = taken;
    burst.quantity += std::min(fill.quantity.units, INT64_MAX - burst.quantity);
    burst.paid += Int128{fill.price.units} * fill.quantity.units;
    burst.far =
        fill.side == Side::buy ? std::max(burst.far, fill.price) : std::min(burst.far, fill.price);
  }

  // Only what is traded once the price has been driven counts.
  void trade_back(Burst& burst, const Occurrence& event, const Market& market,
                  Findings& findings) const {
    const Fill& fill = *event.fill;
    const Int128 taken = burst.taken_by - burst.taken_before;
    if (burst.quantity == 0 || event.now() - burst.last > params_.opposite_s.seconds() ||
        burst.far == burst.first ||
        !params_.trades_min.reached(burst.quantity, burst.usual_trade) ||
        !params_.taken_share_min.reached(burst.quantity, taken)) {
      return;
    }
    if (burst.opposite == 0 && !driven(burst, event, market, findings)) {
      return;
    }
    burst.opposite += std::min(fill.quantity.units, INT64_MAX - burst.opposite);
    burst.got += Int128{fill.price.units} * fill.quantity.units;
    if (params_.opposite_share_min.reached(burst.opposite, burst.quantity)) {
      tell(burst, event, market, findings);
      burst = {};
    }
  }

  static std::int64_t moved(const Burst& burst) {
    return std::max(burst.far.units - burst.first.units, burst.first.units - burst.far.units);
  }

  // As it was before the burst: at least a tick.
  std::int64_t sigma(const Burst& burst, InstrumentIndex instrument, const Market& market) const {
    const auto usual = market.tape().calm_move(instrument, params_.burst_s.seconds(), burst.from);
    return std::max(usual.value_or(0), market.directory().instrument(instrument).tick);
  }

  bool driven(const Burst& burst, const Occurrence& event, const Market& market,
              Findings& findings) const {
    const Tape& tape = market.tape();
    if (!params_.spreads_min.reached(moved(burst), tape.median_spread(event.instrument))) {
      return false;
    }
    if (!tape.calm_move(event.instrument, params_.burst_s.seconds(), burst.from)) {
      findings.unjudged();
      return false;
    }
    return params_.sigmas_min.reached(moved(burst), sigma(burst, event.instrument, market));
  }

  void tell(const Burst& burst, const Occurrence& event, const Market& market,
            Findings& findings) const {
    const std::int64_t usual = sigma(burst, event.instrument, market);
    const bool bought = event.fill->side == Side::sell;
    const Int128 bought_at = burst.paid / burst.quantity, sold_at = burst.got / burst.opposite;
    const bool gained = bought ? sold_at > bought_at : sold_at < bought_at;
    const bool again = findings.reports(event.account, event.instrument) >= 1;
    Report report;
    report.account = event.account;
    report.instrument = event.instrument;
    report.from = burst.from;
    report.facts = {
        ratio("sigmas", moved(burst), usual, &params_.sigmas_min),
        ratio("taken_share", burst.quantity, Int128{burst.taken_by - burst.taken_before},
              &params_.taken_share_min),
        ratio("opposite_share", burst.opposite, burst.quantity, &params_.opposite_share_min)};
    const bool far = params_.sigmas_min.reached(moved(burst), 2 * Int128{usual});
    report.score_parts = {{"ignition", 40},
                          {"sigmas", far ? 10 : 0},
                          {"gain", gained ? 20 : 0},
                          {"again", again ? 20 : 0}};
    report.evidence = {burst.first_seq, burst.last_seq, event.moment.seq};
    sort_unique(report.evidence);
    findings.report(report);
  }

  Params params_;
  Entries<Bursts> bursts_;  // by owner and instrument
};

}  // namespace

MW_DETECTOR_IS(momentum_ignition, MomentumIgnition, spec)

}  // namespace marktwacht
