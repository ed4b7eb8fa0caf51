// market_stress: a market whose prices can no longer be relied on, against its own history, and
// what is proposed for it. docs/detectors/market_stress.md.
#include <algorithm>

#include "detectors/catalogue.h"
#include "market/book_questions.h"

namespace marktwacht {
namespace {

// name, default, least, most
#define PARAMS(P)                \
  P(times_min, 5, 1.1, 1'000)    \
  P(away_min, 0.01, 0.0001, 1)   \
  P(depth_bp, 50, 1, 1'000)      \
  P(lasts_s, 60, 10, 3'600)      \
  P(top_share_min, 0.5, 0.15, 1) \
  P(alerts_s, 3'600, 60, 86'400)
MW_PARAMS(PARAMS)
#undef PARAMS

constexpr Duration look{10 * second.ns};
// A market without trades for so long is not looked at.
constexpr Duration idle{1'800 * second.ns};

constexpr DetectorSpec spec = {
    .id = "market_stress",
    .claim =
        "Spread, depth or distance to the index of this market were for a while nothing like what "
        "they had been, so that its prices can hardly be relied on.",
    .clause = "2.5",
    .severity = Severity::medium,
    .maturity = Maturity::incubating,
    .hears = {EventKind::trade, EventKind::fill, EventKind::alert},
    .memory_max = {24 * 3'600 * second.ns},
    .quiet_max = {600 * second.ns},
    .entries_max = 10'000,
    .params = Params::specs,
    .text_en =
        "{instrument} shows {signs} of 5 signs of stress: its spread is {spread_times} times the "
        "usual one, its usual depth {depth_times} times the present one, its distance to the index "
        "{away}; one hand has {top_share} of the volume; alerts of clause 2.7: {alerts}. Proposed "
        "(1 = yes): suspend {suspend}, cap leverage {cap_leverage}, delist {delist}.",
    .text_de =
        "{instrument} zeigt {signs} von 5 Zeichen von Stress: die Spanne ist das {spread_times}-"
        "Fache der üblichen, die übliche Tiefe das {depth_times}-Fache der jetzigen, der Abstand "
        "zum Index {away}; eine Hand hat {top_share} des Volumens; Alarme zu 2.7: {alerts}. "
        "Vorgeschlagen (1 = ja): Aussetzen {suspend}, Hebel begrenzen {cap_leverage}, Delisting "
        "{delist}.",
};

// How a market stood at one look; the worst possible where a side is missing.
struct Look {
  std::int64_t spread = 0, depth = 0;
  std::int64_t away = 0;  // from the index, in price units
};

// Volume by hand, the smallest giving way: off by a quarter of all at most.
struct Shares {
  static constexpr std::size_t hands = 8;

  std::int64_t all = 0;
  std::uint64_t owner[hands] = {};                      // its number + 1; 0: nobody
  std::int64_t volume[hands] = {}, before[hands] = {};  // before: of those who stood here

  // Each trade is told once for either side, and counts once.
  void add(Owner of, std::int64_t quantity, bool maker) {
    if (all > INT64_MAX / 4 - quantity) {
      return;
    }
    const std::uint64_t number = std::uint64_t{of.value} + 1;
    auto at = static_cast<std::size_t>(std::ranges::find(owner, number) - owner);
    if (at == hands) {
      at = static_cast<std::size_t>(std::ranges::min_element(volume) - volume);
      owner[at] = number;
      before[at] = volume[at];
    }
    all += maker ? quantity : 0;
    volume[at] += quantity;
  }
  void halve() {
    all /= 2;
    for (std::size_t at = 0; at < hands; ++at) {
      volume[at] /= 2;
      before[at] /= 2;
    }
  }
  // What the largest has for certain.
  std::int64_t top() const {
    std::int64_t most = 0;
    for (std::size_t at = 0; at < hands; ++at) {
      most = std::max(most, volume[at] - before[at]);
    }
    return std::min(most, all);
  }
};

struct Stress {
  static constexpr std::int64_t kept = 120;  // twenty minutes
  static constexpr std::int64_t needed = 18;

  Time traded, halved, alerted;
  Time next;                  // when it will be looked at; of 0: not before a trade
  Time since;                 // it has been stressed, where `stressed` > 0
  std::int64_t stressed = 0;  // looks at which it was, less those at which it was not
  std::int64_t looks = 0;     // ever
  std::int64_t alerts = 0, days = 0, day = 0;  // days: on which it was reported
  std::uint64_t last_seq = 0;                  // of a trade
  Shares shares;
  Look past[kept];
};

class MarketStress final : public Detector {
 public:
  explicit MarketStress(const DetectorSetup& setup)
      : params_(Params::of(setup.params)), markets_(setup, spec.memory_max) {}

  void on(const Occurrence& event, const Market& market, Findings& findings) override {
    if (event.kind == EventKind::alert) {
      hear(*event.alert, findings);
    } else if (event.kind == EventKind::fill) {
      Stress& stress = markets_.touch(event.instrument.value, findings);
      stress.shares.add(owner_of(market, event.account), event.fill->quantity.units,
                        event.fill->maker);
    } else {
      const auto& trade = as<event::Trade>(*event.line);
      const InstrumentIndex index = market.directory().find_instrument(trade.instrument_id);
      Stress& stress = markets_.touch(index.value, findings);
      stress.traded = event.now();
      stress.last_seq = event.moment.seq;
      if (stress.next == Time{}) {
        look_again(stress, index.value, findings);
      }
    }
  }

  // A look. What is usual is asked before it is one of those that say so.
  void fire(std::uint64_t key, const Market& market, Findings& findings) override {
    const InstrumentIndex index{static_cast<std::uint32_t>(key)};
    Stress* stress = markets_.find(key, findings.now());
    if (stress == nullptr || stress->next != findings.now()) {
      return;  // that of a record that had to go
    }
    stress->next = {};
    if (findings.now() - stress->traded > idle) {
      return;
    }
    look_again(*stress, key, findings);
    if (market.directory().instrument(index).status != InstrumentStatus::trading) {
      stress->stressed = 0;  // nobody may trade: an empty book says nothing
      return;
    }
    if (findings.now() - stress->halved >= Duration{600 * second.ns}) {
      stress->halved = findings.now();
      stress->shares.halve();
    }
    const Look now = look_at(index, market);
    if (stress->looks >= Stress::needed) {
      judge(*stress, now, index, market, findings);
    }
    stress->past[stress->looks++ % Stress::kept] = now;
  }

  void save(ByteWriter& out) const override { markets_.save(out); }
  bool load(ByteReader& in, const Market&) override {
    return markets_.load(in, [](auto, const Stress& stress) {
      return stress.looks >= 0 && stress.stressed >= 0 && stress.shares.all >= 0;
    });
  }

 private:
  static void look_again(Stress& stress, std::uint64_t key, Findings& findings) {
    stress.next = findings.now() + look;
    findings.wake(stress.next, key);
  }

  void hear(const AlertOpened& alert, Findings& findings) {
    if (alert.heard.clause != "2.7" || !alert.instrument.exists()) {
      return;
    }
    Stress& stress = markets_.touch(alert.instrument.value, findings);
    stress.alerts = alert.at - stress.alerted > params_.alerts_s.seconds() ? 1 : stress.alerts + 1;
    stress.alerted = alert.at;
  }

  static std::int64_t apart(Price one, Price other) {
    const Int128 by = Int128{one.units} - other.units;
    return static_cast<std::int64_t>(std::min(by < 0 ? -by : by, Int128{INT64_MAX}));
  }

  Look look_at(InstrumentIndex index, const Market& market) const {
    const auto bid = market.books().best(index, Side::buy);
    const auto ask = market.books().best(index, Side::sell);
    const Instrument& of = market.directory().instrument(index);
    const auto middle =
        bid && ask ? std::optional(Price{bid->units / 2 + ask->units / 2}) : of.trade_price;
    Look now;
    now.away = middle && of.index_price ? apart(*middle, *of.index_price) : 0;
    if (!bid || !ask || *ask <= *bid) {
      now.spread = INT64_MAX;
      return now;
    }
    now.spread = apart(*ask, *bid);
    const auto near = [&](Side side, Price price) {
      return depth_within(market, index, side, price,
                          distance_of(of, price, 1, params_.depth_bp.units / 100))
          .units;
    };
    now.depth = std::min(near(Side::buy, *bid), near(Side::sell, *ask));
    return now;
  }

  static std::int64_t usual(const Stress& stress, std::int64_t Look::* of) {
    std::int64_t sorted[Stress::kept];
    const auto held = std::min(stress.looks, Stress::kept);
    std::transform(stress.past, stress.past + held, sorted, [&](const Look& l) { return l.*of; });
    std::nth_element(sorted, sorted + held / 2, sorted + held);
    return sorted[held / 2];
  }

  void judge(Stress& stress, const Look& now, InstrumentIndex index, const Market& market,
             Findings& findings) const {
    const Look past{std::max(usual(stress, &Look::spread), std::int64_t{1}),
                    usual(stress, &Look::depth), usual(stress, &Look::away)};
    const auto& index_price = market.directory().instrument(index).index_price;
    const bool wide = params_.times_min.reached(now.spread, past.spread);
    const bool thin = params_.times_min.reached(past.depth, now.depth);
    const bool away = index_price && index_price->units > 0 &&
                      params_.away_min.reached(now.away, index_price->units) &&
                      params_.times_min.reached(now.away, past.away);
    if (int{wide} + int{thin} + int{away} < 2) {
      stress.stressed -= stress.stressed > 0 ? 1 : 0;
      return;
    }
    stress.since = stress.stressed == 0 ? findings.now() : stress.since;
    const std::int64_t enough = params_.lasts_s.seconds().ns / look.ns;
    if (++stress.stressed < enough) {
      return;
    }
    stress.stressed = std::min(stress.stressed, 2 * enough);
    if (stress.days == 0 || stress.day != findings.day()) {
      stress.day = findings.day();
      ++stress.days;
    }
    tell(stress, now, past, {wide, thin, away}, index_price, index, findings);
  }

  struct Signs {
    bool wide = false, thin = false, away = false;
  };

  void tell(const Stress& stress, const Look& now, const Look& past, const Signs& signs,
            const std::optional<Price>& index_price, InstrumentIndex index,
            Findings& findings) const {
    const bool held = stress.shares.all > 0 &&
                      params_.top_share_min.reached(stress.shares.top(), stress.shares.all);
    const std::int64_t alerts =
        findings.now() - stress.alerted <= params_.alerts_s.seconds() ? stress.alerts : 0;
    const int market_signs = int{signs.wide} + int{signs.thin} + int{signs.away};
    constexpr Int128 most = 1'000;  // times; as a missing side
    const bool suspend = market_signs == 3 || (signs.away && (held || alerts > 0));
    Report report;
    report.instrument = index;
    report.from = stress.since;
    report.severity = suspend ? Severity::high : Severity::medium;
    report.facts = {
        {"signs", market_signs + int{held} + int{alerts > 0}, 0, nullptr},
        ratio("spread_times", std::min(Int128{now.spread}, most * past.spread), past.spread,
              &params_.times_min),
        ratio("depth_times", past.depth, std::max(Int128{now.depth}, past.depth / most + 1),
              &params_.times_min),
        ratio("away", now.away, index_price ? std::max(index_price->units, std::int64_t{1}) : 1,
              &params_.away_min),
        ratio("top_share", stress.shares.top(), std::max(stress.shares.all, std::int64_t{1}),
              &params_.top_share_min),
        {"alerts", alerts, 0, nullptr},
        {"suspend", int{suspend}, 0, nullptr},
        {"cap_leverage", 1, 0, nullptr},
        {"delist", int{stress.days >= 3}, 0, nullptr}};
    report.score_parts = {{"market", 20 * market_signs},
                          {"concentration", held ? 20 : 0},
                          {"alerts", alerts > 0 ? 20 : 0}};
    report.evidence = {stress.last_seq};
    findings.report(report);
  }

  Params params_;
  Entries<Stress> markets_;  // by instrument
};

}  // namespace

MW_DETECTOR_IS(market_stress, MarketStress, spec)

}  // namespace marktwacht
