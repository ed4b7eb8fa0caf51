// spoofing: interest shown on the other side of an own fill and taken back after it.
// docs/detectors/spoofing.md.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "detectors/catalogue.h"
#include "detectors/taken_back.h"
#include "market/book_questions.h"

namespace marktwacht {
namespace {

// name, default, least, most
#define PARAMS(P)                     \
  P(withdraw_s, 5, 0.1, 60)           \
  P(ratio_min, 5, 1, 1'000)           \
  P(depth_share_min, 0.1, 0.001, 1)   \
  P(withdrawn_share_min, 0.8, 0.1, 1) \
  P(requote_ms, 1'000, 1, 10'000)     \
  P(requote_ticks, 10, 0, 10'000)     \
  P(requote_bp, 10, 0, 1'000)         \
  P(half_ticks, 10, 1, 10'000)        \
  P(half_spreads, 2, 0, 100)          \
  P(half_bp, 5, 0, 1'000)             \
  P(episodes_min, 3, 1, 1'000)
MW_PARAMS(PARAMS)
#undef PARAMS

constexpr DetectorSpec spec = {
    .id = "spoofing",
    .claim =
        "While orders on the other side of the book pushed the price its way, one hand was "
        "filled, and then took those orders back untraded: they were never meant to trade.",
    .clause = "2.8",
    .severity = Severity::low,
    .maturity = Maturity::incubating,
    .hears = {EventKind::fill, EventKind::withdrawn, EventKind::order},
    .asks_tape = true,
    .memory_max = day,
    .quiet_max = {600 * second.ns},
    .entries_max = 100'000,
    .params = Params::specs,
    .text_en =
        "{accounts} showed interest on {instrument} worth {ratio} times what it then traded "
        "on the other side, {depth_share} of the depth near it, and took it back untraded; "
        "{episodes} times.",
    .text_de =
        "{accounts} zeigte in {instrument} das {ratio}-Fache dessen, was dann auf der "
        "Gegenseite gehandelt wurde, {depth_share} der nahen Tiefe, und nahm es ungehandelt "
        "zurück; {episodes}-mal.",
};

// A hand's fills of one side, no two farther apart than the time to withdraw.
struct Fills {
  Time first, last;
  std::int64_t quantity = 0;  // 0: none
  Price price;                // of the last
  std::uint64_t first_seq = 0, last_seq = 0;
  std::uint64_t account = 0;  // of the last
};

struct BothSides {
  Fills side[2];
  Time judged_at;  // when what was taken back is judged; of 0: nothing waits
};

struct Episodes {
  std::int64_t day = 0, count = 0;
};

// Longer than two withdraw_s and a requote_ms may be.
constexpr Duration short_memory{180 * second.ns};

Duration twice(Duration span) { return {2 * span.ns}; }

std::size_t place(Side side) { return static_cast<std::size_t>(side); }

class Spoofing final : public Detector {
 public:
  explicit Spoofing(const DetectorSetup& setup)
      : params_(Params::of(setup.params)),
        requoting_{params_.requote_ms.milliseconds(), params_.requote_ticks.whole(),
                   params_.requote_bp.units / 100},
        fills_(setup, short_memory),
        taken_back_(setup, short_memory),
        episodes_(setup, spec.memory_max) {}

  void on(const Occurrence& event, const Market& market, Findings& findings) override {
    const std::uint64_t key = key_of(owner_of(market, event.account), event.instrument);
    if (event.kind == EventKind::fill) {
      take_fill(event, key, findings);
    } else if (event.kind == EventKind::withdrawn) {
      take_withdrawn(event, key, market, findings);
    } else if (TakenBackLately* taken_back = taken_back_.find(key, event.now())) {
      taken_back->requote(event, market, requoting_);
    }
  }

  void fire(std::uint64_t key, const Market& market, Findings& findings) override {
    const Owner owner{static_cast<std::uint32_t>(key >> 32)};
    const InstrumentIndex instrument{static_cast<std::uint32_t>(key)};
    BothSides* both = fills_.find(key, findings.now());
    TakenBackLately* taken_back = taken_back_.find(key, findings.now());
    if (both == nullptr) {
      return;
    }
    both->judged_at = {};
    if (taken_back == nullptr) {
      return;
    }
    if (must_wait(*both, *taken_back, findings.now())) {
      both->judged_at = findings.now() + params_.requote_ms.milliseconds();
      return findings.wake(both->judged_at, key);
    }
    for (const Side side : {Side::buy, Side::sell}) {
      Fills& fills = both->side[place(side)];
      if (judge({owner, instrument, side}, fills, *taken_back, market, findings)) {
        fills = {};
        *taken_back = {};
      }
    }
  }

  void save(ByteWriter& out) const override {
    fills_.save(out);
    taken_back_.save(out);
    episodes_.save(out);
  }
  bool load(ByteReader& in, const Market&) override {
    return fills_.load(in, [](auto, const BothSides&) { return true; }) &&
           taken_back_.load(in, [](auto, const TakenBackLately& all) { return all.sound(); }) &&
           episodes_.load(in, [](auto, const Episodes&) { return true; });
  }

 private:
  struct Case {
    Owner owner;
    InstrumentIndex instrument;
    Side side;  // of the fills
  };

  void take_fill(const Occurrence& event, std::uint64_t key, Findings& findings) {
    const Fill& fill = *event.fill;
    BothSides& both = fills_.touch(key, findings);
    Fills& fills = both.side[place(fill.side)];
    if (fills.quantity == 0 || findings.now() - fills.last > params_.withdraw_s.seconds()) {
      fills = {findings.now(), {}, 0, {}, event.moment.seq, 0, 0};
    }
    fills.last = findings.now();
    fills.last_seq = event.moment.seq;
    fills.account = event.account.value;
    fills.price = fill.price;
    fills.quantity += std::min(fill.quantity.units, INT64_MAX - fills.quantity);
    if (const TakenBackLately* taken_back = taken_back_.find(key, findings.now())) {
      plan(both, *taken_back, key, findings);
    }
  }

  // Without a fill so far only what is larger than a usual trade is kept: it may come yet.
  void take_withdrawn(const Occurrence& event, std::uint64_t key, const Market& market,
                      Findings& findings) {
    const Withdrawn& withdrawn = *event.withdrawn;
    BothSides* both = fills_.find(key, event.now());
    const bool filled = both != nullptr &&
                        (recent(both->side[0], event.now()) || recent(both->side[1], event.now()));
    if (!filled && withdrawn.quantity <= market.tape().usual_trade(event.instrument)) {
      return;
    }
    TakenBackLately& taken_back = taken_back_.touch(key, findings);
    const Time since{event.now().ns - twice(params_.withdraw_s.seconds()).ns};
    taken_back.add(event, market, requoting_, since);
    if (filled) {
      plan(*both, taken_back, key, findings);
    }
  }

  void plan(BothSides& both, const TakenBackLately& taken_back, std::uint64_t key,
            Findings& findings) const {
    if (both.judged_at == Time{} && may_be_enough(both, taken_back, findings.now())) {
      both.judged_at = findings.now() + params_.requote_ms.milliseconds();
      findings.wake(both.judged_at, key);
    }
  }

  bool recent(const Fills& fills, Time now) const {
    return fills.quantity > 0 && now - fills.last <= params_.withdraw_s.seconds();
  }
  // Something may still be found of them.
  bool in_question(const Fills& fills, Time now) const {
    return fills.quantity > 0 && now - fills.last <= twice(params_.withdraw_s.seconds());
  }

  // What was taken back just now may be quoted again: judged later, though not for ever.
  bool must_wait(const BothSides& both, const TakenBackLately& taken_back, Time now) const {
    const bool fresh = std::ranges::any_of(both.side, [&](const Fills& fills) {
      return in_question(fills, now) && now - fills.first < twice(params_.withdraw_s.seconds());
    });
    return fresh && std::ranges::any_of(taken_back.orders, [&](const TakenBack& order) {
             return order.quantity > 0 && now - order.at < params_.requote_ms.milliseconds();
           });
  }

  // Whatever the distances are: without this nothing needs to be judged.
  bool may_be_enough(const BothSides& both, const TakenBackLately& taken_back, Time now) const {
    Int128 sum[2] = {};
    for (const TakenBack& order : taken_back.orders) {
      sum[order.side] += order.quantity;
    }
    return std::ranges::any_of(std::array{Side::buy, Side::sell}, [&](Side side) {
      const Fills& fills = both.side[place(side)];
      return in_question(fills, now) &&
             params_.ratio_min.reached(sum[place(opposite(side))] - sum[place(side)],
                                       fills.quantity);
    });
  }

  struct Sums {
    std::int64_t withdrawn = 0, same_side = 0;  // weighted
    Int128 whole = 0;                           // unweighted, of those within one halving
    Time from;
    std::vector<std::uint64_t> seqs;
    Time last;
  };

  Sums sums(const Case& of, const Fills& fills, const TakenBackLately& taken_back,
            std::int64_t half, Time now) const {
    Sums sums;
    sums.from = fills.first;
    const Duration withdraw = params_.withdraw_s.seconds();
    for (const TakenBack& order : taken_back.orders) {
      if (order.quantity == 0 || order.placed > fills.last || fills.first - order.at > withdraw ||
          order.at - fills.last > withdraw || now - order.at < params_.requote_ms.milliseconds()) {
        continue;
      }
      const std::int64_t distance = std::abs(order.price.units - fills.price.units);
      const std::int64_t weighted = halved(Quantity{order.quantity}, distance, half);
      if (order.side == static_cast<std::int64_t>(of.side)) {
        sums.same_side += weighted;
        continue;
      }
      sums.withdrawn += weighted;
      sums.whole += distance <= half ? order.quantity : 0;
      sums.from = std::min(sums.from, order.placed);
      sums.last = std::max(sums.last, order.at);
      sums.seqs.push_back(order.seq);
    }
    return sums;
  }

  // Whether it was reported.
  bool judge(const Case& of, const Fills& fills, const TakenBackLately& taken_back,
             const Market& market, Findings& findings) {
    if (fills.quantity == 0) {
      return false;
    }
    const Instrument& instrument = market.directory().instrument(of.instrument);
    const std::int64_t by_spread =
        params_.half_spreads.whole() * market.tape().median_spread(of.instrument);
    const std::int64_t half =
        std::max({distance_of(instrument, fills.price, params_.half_ticks.whole(),
                              params_.half_bp.units / 100),
                  by_spread, std::int64_t{1}});
    const Sums taken = sums(of, fills, taken_back, half, findings.now());
    if (!params_.ratio_min.reached(taken.withdrawn, fills.quantity)) {
      return false;
    }
    if (market.books().crossed(of.instrument)) {
      findings.unjudged();
      return false;
    }
    const Side shown = opposite(of.side);
    const Int128 depth =
        taken.whole + depth_within(market, of.instrument, shown, fills.price, half).units;
    // Too little, whatever is left: then nobody's orders are walked.
    if (depth == 0 || !params_.depth_share_min.reached(Int128{taken.withdrawn} * Param::one,
                                                       depth * params_.withdrawn_share_min.units)) {
      return false;
    }
    const auto left = [&](Side side) {
      return own_interest(market, of.owner, of.instrument, side, fills.price, half, fills.last);
    };
    const Int128 interest = Int128{taken.withdrawn} + left(shown) - taken.same_side - left(of.side);
    if (!params_.ratio_min.reached(interest, fills.quantity) ||
        !params_.depth_share_min.reached(interest, depth) ||
        !params_.withdrawn_share_min.reached(taken.withdrawn, interest)) {
      return false;
    }
    tell(of, fills, taken, interest, depth, market, findings);
    return true;
  }

  void tell(const Case& of, const Fills& fills, const Sums& taken, Int128 interest, Int128 depth,
            const Market& market, Findings& findings) {
    const std::int64_t today = findings.day();
    Episodes& episodes = episodes_.touch(key_of(of.owner, of.instrument), findings);
    episodes = {today, episodes.day == today ? episodes.count + 1 : 1};
    const bool often = episodes.count >= params_.episodes_min.whole();
    const bool strong = params_.ratio_min.reached(interest, 2 * Int128{fills.quantity});
    const bool large_fill = Quantity{fills.quantity} > market.tape().usual_trade(of.instrument);
    Report report;
    report.account = AccountIndex{static_cast<std::uint32_t>(fills.account)};
    report.instrument = of.instrument;
    report.from = taken.from;
    report.severity = often ? Severity::high : Severity::low;
    report.facts = {{"episodes", episodes.count, 0, &params_.episodes_min},
                    ratio("ratio", interest, fills.quantity, &params_.ratio_min),
                    ratio("depth_share", interest, depth, &params_.depth_share_min),
                    {"withdrawn_ms", (taken.last - fills.last).ns / millisecond.ns, 0, nullptr}};
    report.score_parts = {{"spoofing", 40},
                          {"ratio", strong ? 10 : 0},
                          {"fill", large_fill ? 10 : 0},
                          {"episodes", often ? 30 : 0}};
    report.evidence = taken.seqs;
    report.evidence.push_back(fills.first_seq);
    if (fills.last_seq != fills.first_seq) {
      report.evidence.push_back(fills.last_seq);
    }
    std::ranges::sort(report.evidence);
    findings.report(report);
  }

  Params params_;
  Requoting requoting_;
  // By owner and instrument.
  Entries<BothSides> fills_;
  Entries<TakenBackLately> taken_back_;
  Entries<Episodes> episodes_;
};

}  // namespace

MW_DETECTOR_IS(spoofing, Spoofing, spec)

}  // namespace marktwacht
