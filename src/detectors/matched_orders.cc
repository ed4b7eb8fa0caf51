// matched_orders: accounts whose opposite orders look for each other again and again.
// docs/detectors/matched_orders.md.
#include "detectors/catalogue.h"
#include "detectors/trading_memory.h"

namespace marktwacht {
namespace {

// name, default, least, most
#define PARAMS(P)              \
  MW_CHANCE_PARAMS(P)          \
  P(apart_s_max, 1, 0.001, 60) \
  P(size_within, 0.01, 0, 0.5) \
  P(filled_min, 0.9, 0.1, 1)
MW_PARAMS(PARAMS)
#undef PARAMS

constexpr DetectorSpec spec = {
    .id = "matched_orders",
    .claim =
        "These accounts placed opposite orders of one price and size within a moment and filled "
        "each other, again and again, far beyond what chance explains.",
    .clause = "2.7",
    .severity = Severity::medium,
    .maturity = Maturity::stable,
    .hears = {EventKind::fill},
    .looks_ahead = {EventKind::trade},
    .memory_max = day,
    .quiet_max = {1'800 * second.ns},
    .entries_max = 50'000,
    .params = Params::specs,
    .text_en =
        "In {instrument} {accounts} filled each other {matched} times with orders of one price and "
        "size, placed within a moment: {matched_share} of their trades with each other.",
    .text_de =
        "In {instrument} füllten {accounts} einander {matched} mal mit Aufträgen von gleichem "
        "Preis "
        "und gleicher Größe, im selben Augenblick erteilt: {matched_share} ihrer Geschäfte "
        "miteinander.",
};

class MatchedOrders final : public Detector {
 public:
  MatchedOrders(const DetectorSetup& setup, TradingMemories& memories)
      : params_(Params::of(setup.params)),
        limits_(ChanceLimits::of(params_)),
        memory_(memories.of(
            setup, {params_.apart_s_max.seconds(), params_.size_within, params_.filled_min})),
        purchases_(setup) {}

  void on(const Occurrence& event, const Market& market, Findings& findings) override {
    const Fill& fill = *event.fill;
    if (!is_meeting(fill)) {
      return;
    }
    memory_->take(event, findings);
    if (!memory_->meetings.matched(fill)) {
      return;
    }
    purchases_.take(event, findings);
    if (fill.maker) {
      return;
    }
    const auto set = memory_->meetings.set_around(event, market, {limits_, false});
    if (set && set->matched >= params_.trades_min.whole()) {
      tell(*set, event, findings);
    }
  }

  void look_ahead(Ahead ahead, AccountIndex account, InstrumentIndex instrument,
                  const Market&) const override {
    memory_->look_ahead(ahead, account, instrument);
  }
  void save(ByteWriter& out) const override { purchases_.save(out); }
  bool load(ByteReader& in, const Market&) override { return purchases_.load(in); }

 private:
  void tell(const TradingSet& set, const Occurrence& event, Findings& findings) {
    const Time since{event.now().ns - Meetings::window.ns};
    const auto trades = purchases_.inside(set, event.instrument, since, event.now());
    const bool linked = set.tie == Tie::link;
    Report report;
    report.instrument = event.instrument;
    report.from = trades.back().at;
    report.facts = {{"matched", set.matched, 0, &params_.trades_min},
                    ratio("matched_share", set.matched, set.trades, nullptr)};
    report.score_parts = {{"matched", 30}, {"link", linked ? 20 : 0}};
    add_set(set, limits_, report);
    add_evidence(trades, findings, report);
    findings.report(report);
  }

  Params params_;
  ChanceLimits limits_;
  std::shared_ptr<TradingMemory> memory_;
  Purchases purchases_;  // of matched orders alone
};

}  // namespace

MW_DETECTOR_IS(matched_orders, MatchedOrders, spec)

}  // namespace marktwacht
