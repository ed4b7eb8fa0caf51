// spoofing: interest shown on the other side of an own fill and taken back after it.
// docs/detectors/spoofing.md.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>

#include "detectors/catalogue.h"
#include "detectors/taken_back.h"
#include "market/book_questions.h"

namespace marktwacht {
namespace {

// name, default, least, most
#define PARAMS(P)                     \
  P(withdraw_s, 7, 0.1, 60)           \
  P(ratio_min, 5, 1, 1'000)           \
  P(depth_share_min, 0.1, 0.001, 1)   \
  P(withdrawn_share_min, 0.8, 0.1, 1) \
  P(after_share_min, 0.5, 0, 1)       \
  P(ahead_ms, 500, 0, 60'000)         \
  P(cancelled_share_min, 0.4, 0, 1)   \
  P(habit_share_min, 0.35, 0, 1)      \
  P(alert_from, 1, 1, 1'000)          \
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
    .looks_ahead = {EventKind::cancel, EventKind::replace, EventKind::trade},
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

// A hand's fills of one side: no two farther apart than the time to withdraw, all within twice
// that.
struct Fills {
  Time first, last;
  std::int64_t quantity = 0;  // 0: none
  Price price;                // of the last
  std::uint64_t first_seq = 0, last_seq = 0;
  std::uint64_t account = 0;  // of the last
  std::uint64_t counted = 0;  // 1: it is a chance
};

struct BothSides {
  Fills side[2];
  // All that it cancelled, of either side: in one withdraw_s and the one before.
  std::int64_t stretch = 0, cancelled = 0, cancelled_before = 0;
  Time judged_at;  // when what was taken back is judged; of 0: nothing waits
};

// How often it was seen of a hand, beside how often it could have been: fills around which it took
// something back. What was before today counts half, a quarter, ...
struct Episodes {
  std::int64_t day = 0, count = 0;
  std::int64_t chances = 0, earlier = 0;
  Time from;  // of the first today
  std::uint64_t first_seq = 0;

  void go_on(std::int64_t today) {
    if (day != today) {
      *this = {today, 0, chances / 2, (earlier + count) / 2, {}, 0};
    }
  }
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
    } else {
      taken_back_.requote(key, event, market, requoting_);
    }
  }

  void fire(std::uint64_t key, const Market& market, Findings& findings) override {
    const Owner owner{static_cast<std::uint32_t>(key >> 32)};
    const InstrumentIndex instrument{static_cast<std::uint32_t>(key)};
    BothSides* both = fills_.find(key, findings.now());
    TakenBackLately* taken_back = taken_back_.find(key, findings.now());
    if (both != nullptr) {
      both->judged_at = {};
    }
    if (both == nullptr || taken_back == nullptr) {
      return;
    }
    if (must_wait(*both, *taken_back, findings.now())) {
      both->judged_at = findings.now() + params_.requote_ms.milliseconds();
      return findings.wake(both->judged_at, key);
    }
    count_cancelled(*both, 0, findings.now());
    const Int128 cancelled = Int128{both->cancelled} + both->cancelled_before;
    for (const Side side : {Side::buy, Side::sell}) {
      Fills& fills = both->side[place(side)];
      if (judge({owner, instrument, side, cancelled}, fills, *taken_back, market, findings)) {
        fills = {};
        *taken_back = {};
      }
    }
  }

  void look_ahead(Ahead ahead, AccountIndex account, InstrumentIndex instrument,
                  const Market& market) const override {
    const std::uint64_t key = key_of(owner_of(market, account), instrument);
    fills_.look_ahead(ahead, key);
    taken_back_.look_ahead(ahead, key);
  }
  void save(ByteWriter& out) const override {
    fills_.save(out);
    taken_back_.save(out);
    episodes_.save(out);
  }
  bool load(ByteReader& in, const Market&) override {
    return fills_.load(in, [](auto, const BothSides&) { return true; }) && taken_back_.load(in) &&
           episodes_.load(in, [](auto, const Episodes&) { return true; });
  }

 private:
  struct Case {
    Owner owner;
    InstrumentIndex instrument;
    Side side;  // of the fills
    Int128 cancelled;
  };

  void take_fill(const Occurrence& event, std::uint64_t key, Findings& findings) {
    const Fill& fill = *event.fill;
    BothSides& both = fills_.touch(key, findings);
    Fills& fills = both.side[place(fill.side)];
    if (fills.quantity == 0 || findings.now() - fills.last > params_.withdraw_s.seconds() ||
        findings.now() - fills.first > twice(params_.withdraw_s.seconds())) {
      fills = {findings.now(), {}, 0, {}, event.moment.seq, 0, 0, 0};
    }
    fills.last = findings.now();
    fills.last_seq = event.moment.seq;
    fills.account = event.account.value;
    fills.price = fill.price;
    fills.quantity += std::min(fill.quantity.units, INT64_MAX - fills.quantity);
    if (const TakenBackLately* taken_back = taken_back_.find(key, findings.now())) {
      count_chances(both, key, findings);
      plan(both, *taken_back, key, findings);
    }
  }

  void count_chances(BothSides& both, std::uint64_t key, Findings& findings) {
    for (Fills& fills : both.side) {
      if (fills.counted == 0 && recent(fills, findings.now())) {
        fills.counted = 1;
        Episodes& episodes = episodes_.touch(key, findings);
        episodes.go_on(findings.day());
        ++episodes.chances;
      }
    }
  }

  // Without a fill so far only what is larger than a usual trade is kept: it may come yet.
  void take_withdrawn(const Occurrence& event, std::uint64_t key, const Market& market,
                      Findings& findings) {
    const Withdrawn& withdrawn = *event.withdrawn;
    const bool large = withdrawn.quantity > market.tape().usual_trade(event.instrument);
    BothSides* both = large ? &fills_.touch(key, findings) : fills_.find(key, event.now());
    const bool filled = both != nullptr &&
                        (recent(both->side[0], event.now()) || recent(both->side[1], event.now()));
    if (both != nullptr && !withdrawn.by_replace) {
      count_cancelled(*both, withdrawn.quantity.units, event.now());
    }
    if (!filled && !large) {
      return;
    }
    TakenBackLately& taken_back = taken_back_.touch(key, findings);
    const Time since{event.now().ns - twice(params_.withdraw_s.seconds()).ns};
    taken_back.add(event, market, requoting_, since);
    if (filled) {
      count_chances(*both, key, findings);
      plan(*both, taken_back, key, findings);
    }
  }

  void count_cancelled(BothSides& both, std::int64_t quantity, Time now) const {
    const std::int64_t stretch = now.ns / params_.withdraw_s.seconds().ns;
    if (stretch != both.stretch) {
      both.cancelled_before = stretch == both.stretch + 1 ? both.cancelled : 0;
      both.cancelled = 0;
      both.stretch = stretch;
    }
    both.cancelled += std::min(quantity, INT64_MAX - both.cancelled);
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
    return fresh && std::ranges::any_of(taken_back.standing(), [&](const TakenBack& order) {
             return now - order.at < params_.requote_ms.milliseconds();
           });
  }

  // Whatever the distances are: without this nothing needs to be judged.
  bool may_be_enough(const BothSides& both, const TakenBackLately& taken_back, Time now) const {
    return std::ranges::any_of(std::array{Side::buy, Side::sell}, [&](Side side) {
      const Fills& fills = both.side[place(side)];
      return in_question(fills, now) &&
             params_.ratio_min.reached(taken_back.sum_of(opposite(side)) - taken_back.sum_of(side),
                                       fills.quantity);
    });
  }

  struct Sums {
    std::int64_t withdrawn = 0, same_side = 0;  // weighted
    std::int64_t after = 0;                     // of `withdrawn`, not long before the fill
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
    for (const TakenBack& order : taken_back.standing()) {
      if (order.placed > fills.last || fills.first - order.at > withdraw ||
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
      sums.after += fills.first - order.at <= params_.ahead_ms.milliseconds() ? weighted : 0;
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
    if (!params_.ratio_min.reached(taken.withdrawn, fills.quantity) ||
        !params_.after_share_min.reached(taken.after, taken.withdrawn) ||
        !params_.cancelled_share_min.reached(taken.withdrawn, of.cancelled)) {
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
    Episodes& episodes = episodes_.touch(key_of(of.owner, of.instrument), findings);
    episodes.go_on(findings.day());
    if (++episodes.count == 1) {
      episodes.from = taken.from;
      episodes.first_seq = fills.first_seq;
    }
    // Half an episode is granted to chance.
    const std::int64_t ever = episodes.earlier + episodes.count;
    const std::int64_t chances = std::max(episodes.chances, ever);
    if (episodes.count < params_.alert_from.whole() ||
        !params_.habit_share_min.reached(2 * ever - 1, 2 * chances)) {
      return;
    }
    const bool often = episodes.count >= params_.episodes_min.whole();
    const bool strong = params_.ratio_min.reached(interest, 2 * Int128{fills.quantity});
    const bool large_fill = Quantity{fills.quantity} > market.tape().usual_trade(of.instrument);
    Report report;
    report.account = AccountIndex{static_cast<std::uint32_t>(fills.account)};
    report.instrument = of.instrument;
    report.from = episodes.from;
    report.severity = often ? Severity::high : Severity::low;
    report.facts = {{"episodes", episodes.count, 0, &params_.episodes_min},
                    ratio("ratio", interest, fills.quantity, &params_.ratio_min),
                    ratio("depth_share", interest, depth, &params_.depth_share_min),
                    ratio("habit_share", 2 * ever - 1, 2 * chances, &params_.habit_share_min),
                    {"withdrawn_ms", (taken.last - fills.last).ns / millisecond.ns, 0, nullptr}};
    report.score_parts = {{"spoofing", 40},
                          {"ratio", strong ? 10 : 0},
                          {"fill", large_fill ? 10 : 0},
                          {"episodes", often ? 30 : 0}};
    std::set<std::uint64_t> seqs(taken.seqs.begin(), taken.seqs.end());
    seqs.insert({episodes.first_seq, fills.first_seq, fills.last_seq});
    report.evidence.assign(seqs.begin(), seqs.end());
    findings.report(report);
  }

  Params params_;
  Requoting requoting_;
  // By owner and instrument.
  Entries<BothSides> fills_;
  TakenBackEntries taken_back_;
  Entries<Episodes> episodes_;
};

}  // namespace

MW_DETECTOR_IS(spoofing, Spoofing, spec)

}  // namespace marktwacht
