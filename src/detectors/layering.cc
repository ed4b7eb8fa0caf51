// layering: several levels of one side shown for others to see: taken back around an own fill, or
// moved along with the market and never filled. docs/detectors/layering.md.
#include <algorithm>
#include <cstdlib>

#include "detectors/catalogue.h"
#include "detectors/taken_back.h"
#include "market/book_questions.h"

namespace marktwacht {
namespace {

// name, default, least, most
#define PARAMS(P)                   \
  P(levels_min, 3, 2, 12)           \
  P(depth_share_min, 0.1, 0.001, 1) \
  P(near_ticks, 20, 1, 10'000)      \
  P(near_bp, 10, 0, 1'000)          \
  P(withdraw_s, 5, 0.1, 60)         \
  P(ratio_min, 5, 1, 1'000)         \
  P(requote_ms, 1'000, 1, 10'000)   \
  P(moves_min, 50, 2, 100'000)      \
  P(moving_s, 60, 1, 3'600)         \
  P(filled_share_max, 0.01, 0, 1)
MW_PARAMS(PARAMS)
#undef PARAMS

// A hand that did not move its layers for so long has stopped.
constexpr Duration pause{60 * second.ns};
constexpr Duration memory{3'600 * second.ns};

constexpr DetectorSpec spec = {
    .id = "layering",
    .claim =
        "One hand showed interest at several prices of one side that was not to be traded: it "
        "took it back around its own fill on the other side, or kept moving it out of reach.",
    .clause = "2.8",
    .severity = Severity::low,
    .maturity = Maturity::incubating,
    .hears = {EventKind::fill, EventKind::withdrawn, EventKind::order},
    .asks_owned = true,
    .memory_max = memory,
    .quiet_max = {600 * second.ns},
    .entries_max = 100'000,
    .params = Params::specs,
    .text_en =
        "{accounts} showed interest at {levels} prices of one side of {instrument}, {depth_share} "
        "of the depth near the best price, worth {ratio} times what it then traded on the other "
        "side, or moved {moves} times with the market, and took it back untraded.",
    .text_de =
        "{accounts} zeigte Interesse zu {levels} Preisen einer Seite von {instrument}, "
        "{depth_share} der nahen Tiefe, das {ratio}-Fache dessen, was dann auf der Gegenseite "
        "gehandelt wurde, oder {moves}-mal mit dem Markt verschoben, und nahm es ungehandelt "
        "zurück.",
};

// Fills of one side, no two farther apart than the time to withdraw.
struct Fills {
  Time first, last;
  std::int64_t quantity = 0;  // 0: none
  Price price;
  std::uint64_t first_seq = 0, account = 0;
};

// Interest of one side that moves.
struct Moving {
  Time from, last, look_next, cancelled;  // cancelled: what is not yet quoted again
  std::int64_t moves = 0, moved = 0;      // moved: quantity, each time anew
  std::int64_t filled = 0;
  std::int64_t levels = 0, own = 0;  // when it was looked at last
  std::int64_t direction = 0;        // the market's last move
  std::int64_t told = 0;             // moves at the last report
  std::int64_t depth = 0;
  Price touch, cancelled_price;
  std::uint64_t first_seq = 0;
};

struct Hand {
  Fills fills[2];
  Moving moving[2];
  Time judged_at, taken_back_at;  // of 0: it is not to be judged; nothing was taken back
  TakenBackLately taken_back;
};

std::size_t place(Side side) { return static_cast<std::size_t>(side); }
std::int64_t sign(std::int64_t value) { return value > 0 ? 1 : value < 0 ? -1 : 0; }

class Layering final : public Detector {
 public:
  explicit Layering(const DetectorSetup& setup)
      : params_(Params::of(setup.params)),
        requoting_{params_.requote_ms.milliseconds(), params_.near_ticks.whole(),
                   params_.near_bp.units / 100},
        hands_(setup, memory) {}

  void on(const Occurrence& event, const Market& market, Findings& findings) override {
    const std::uint64_t key = key_of(owner_of(market, event.account), event.instrument);
    if (event.kind == EventKind::fill) {
      take_fill(event, key, findings);
    } else if (event.kind == EventKind::withdrawn) {
      take_withdrawn(event, key, market, findings);
    } else {
      take_order(event, key, market, findings);
    }
  }

  // Judged once it is known what is quoted again.
  void fire(std::uint64_t key, const Market& market, Findings& findings) override {
    Hand* hand = hands_.find(key, findings.now());
    if (hand == nullptr) {
      return;
    }
    hand->judged_at = {};
    for (const Side side : {Side::buy, Side::sell}) {
      Fills& fills = hand->fills[place(side)];
      if (fills.quantity > 0 && judge(key, side, fills, hand->taken_back, market, findings)) {
        fills = {};
        hand->taken_back = {};
      }
    }
  }

  void save(ByteWriter& out) const override { hands_.save(out); }
  bool load(ByteReader& in, const Market&) override {
    return hands_.load(in, [](auto, const Hand& hand) {
      return hand.taken_back.sound() &&
             std::ranges::all_of(hand.moving, [](const Moving& m) { return m.moves >= 0; });
    });
  }

 private:
  void take_fill(const Occurrence& event, std::uint64_t key, Findings& findings) {
    const Fill& fill = *event.fill;
    Hand& hand = hands_.touch(key, findings);
    std::int64_t& filled = hand.moving[place(fill.side)].filled;
    filled += std::min(fill.quantity.units, INT64_MAX - filled);
    Fills& fills = hand.fills[place(fill.side)];
    if (fills.quantity == 0 || event.now() - fills.last > params_.withdraw_s.seconds()) {
      fills = {event.now(), {}, 0, {}, event.moment.seq, 0};
    }
    fills.last = event.now();
    fills.quantity += std::min(fill.quantity.units, INT64_MAX - fills.quantity);
    fills.price = fill.price;
    fills.account = event.account.value;
    plan(hand, key, findings);
  }

  void take_withdrawn(const Occurrence& event, std::uint64_t key, const Market& market,
                      Findings& findings) {
    const Withdrawn& withdrawn = *event.withdrawn;
    if (!withdrawn.standing.rested) {
      return;
    }
    Hand& hand = hands_.touch(key, findings);
    Moving& moving = hand.moving[place(withdrawn.standing.side)];
    look(moving, event, market);
    const OrderSlot slot = stands_now(event, market);
    if (slot.exists()) {
      const Order& order = market.books().order(slot);
      move(moving, withdrawn.standing.price, order.price, order.remaining, event, findings);
    } else {
      moving.cancelled = event.now();
      moving.cancelled_price = withdrawn.standing.price;
    }
    const Time since{event.now().ns - 2 * params_.withdraw_s.seconds().ns};
    hand.taken_back.add(event, market, requoting_, since);
    hand.taken_back_at = event.now();
    plan(hand, key, findings);
  }

  void take_order(const Occurrence& event, std::uint64_t key, const Market& market,
                  Findings& findings) {
    const OrderFacts& order = event.touched->order;
    Hand* hand = hands_.find(key, event.now());
    if (hand == nullptr || !order.has_price || !order.sized) {
      return;
    }
    if (event.now() - hand->taken_back_at <= requoting_.within) {
      hand->taken_back.requote(event, market, requoting_);
    }
    Moving& moving = hand->moving[place(order.side)];
    if (moving.cancelled != Time{} &&
        event.now() - moving.cancelled <= params_.requote_ms.milliseconds()) {
      moving.cancelled = {};
      move(moving, moving.cancelled_price, order.price, order.remaining(), event, findings);
    }
  }

  void plan(Hand& hand, std::uint64_t key, Findings& findings) {
    const auto recent = [&](const Fills& fills) {
      return fills.quantity > 0 && findings.now() - fills.last <= params_.withdraw_s.seconds();
    };
    if (hand.judged_at == Time{} && hand.taken_back_at != Time{} &&
        (recent(hand.fills[0]) || recent(hand.fills[1]))) {
      hand.judged_at = findings.now() + params_.requote_ms.milliseconds();
      findings.wake(hand.judged_at, key);
    }
  }

  Near near(InstrumentIndex instrument, Side side, Price price, const Market& market) const {
    return {side, price,
            distance_of(market.directory().instrument(instrument), price,
                        params_.near_ticks.whole(), params_.near_bp.units / 100)};
  }

  // Once a second at most, what was just taken back in it. Where layers are missing, or as much
  // stands on the other side, the count starts anew.
  void look(Moving& moving, const Occurrence& event, const Market& market) const {
    const Standing& standing = event.withdrawn->standing;
    if (const std::int64_t step = sign(standing.touch.units - moving.touch.units); step != 0) {
      moving.direction = moving.touch == Price{} ? 0 : step;
      moving.touch = standing.touch;
    }
    if (event.now() < moving.look_next) {
      return;
    }
    const Layered now = layered(event, market);
    if (now.levels == 0 || event.now() - moving.last > pause) {
      const Moving before = moving;
      moving = {};
      moving.from = moving.last = event.now();
      moving.touch = before.touch;
      moving.direction = before.direction;
      moving.first_seq = event.moment.seq;
    }
    moving.look_next = event.now() + now.wait;
    moving.levels = now.levels;
    moving.own = now.own;
    moving.depth = now.depth;
  }

  struct Layered {
    std::int64_t levels = 0;  // 0: it is not
    std::int64_t own = 0, depth = 0;
    Duration wait = second;  // before the next look
  };

  // The cheap questions first: most hands have too few orders there.
  Layered layered(const Occurrence& event, const Market& market) const {
    const Standing& standing = event.withdrawn->standing;
    const Owner owner = owner_of(market, event.account);
    const InstrumentIndex instrument = event.instrument;
    const std::int64_t levels_min = params_.levels_min.whole();
    const std::int64_t orders = own_orders(market, owner, instrument, standing.side);
    Layered found;
    if (orders + 1 < levels_min || market.books().crossed(instrument)) {
      return found;
    }
    found.wait = look_wait(orders);
    const Near here = near(instrument, standing.side, standing.touch, market);
    const OrderSlot now = stands_now(event, market);
    const JustTaken taken{standing.price, event.withdrawn->quantity, now};
    const std::int64_t gone = now.exists() ? 0 : taken.quantity.units;
    const auto is_enough = [&](std::int64_t shown) {
      if (shown < 0) {
        return false;
      }
      const Int128 enough = params_.depth_share_min.whole_of(shown);
      const std::int64_t left =
          depth_within(market, instrument, here.side, here.price, here.distance, enough).units;
      found.depth = left + std::min(gone, INT64_MAX - left);
      return params_.depth_share_min.reached(shown, found.depth);
    };
    found.own = own_quantity(market, owner, instrument, here, event.now(), taken);
    if (!is_enough(found.own)) {
      return found;
    }
    const Side other = opposite(here.side);
    const auto touch = market.books().best(instrument, other);
    const std::int64_t beside =
        touch ? own_quantity(market, owner, instrument, near(instrument, other, *touch, market),
                             event.now(), {})
              : 0;
    if (beside > 0 && !is_enough(found.own - beside)) {
      return found;
    }
    const OwnDepth own = own_depth(market, owner, instrument, here, event.now(), taken);
    found.levels = own.levels >= levels_min ? own.levels : 0;
    return found;
  }

  // Counts when it goes where the market has just gone.
  void move(Moving& moving, Price from, Price to, Quantity quantity, const Occurrence& event,
            Findings& findings) const {
    if (moving.levels == 0 || moving.direction == 0 ||
        sign(to.units - from.units) != moving.direction) {
      return;
    }
    ++moving.moves;
    moving.moved += std::min(quantity.units, INT64_MAX - moving.moved);
    moving.last = event.now();
    if (moving.moves >= params_.moves_min.whole() && moving.moves >= 2 * moving.told &&
        event.now() - moving.from >= params_.moving_s.seconds() && moving.depth > 0 &&
        Int128{moving.filled} * Param::one <=
            Int128{moving.moved} * params_.filled_share_max.units) {
      Layers layers{event.account, event.instrument, moving.from, moving.levels, moving.own};
      layers.depth = moving.depth;
      layers.moves = moving.moves;
      layers.new_moves = moving.moves - moving.told;
      layers.evidence = {moving.first_seq, event.moment.seq};
      tell(layers, findings);
      moving.told = moving.moves;
    }
  }

  // Around a fill: whether it was reported.
  bool judge(std::uint64_t key, Side side, const Fills& fills, const TakenBackLately& taken_back,
             const Market& market, Findings& findings) const {
    const InstrumentIndex instrument{static_cast<std::uint32_t>(key)};
    if (market.books().crossed(instrument)) {
      findings.unjudged();
      return false;
    }
    const Near shown = near(instrument, opposite(side), fills.price, market);
    Layers layers;
    layers.account = {static_cast<std::uint32_t>(fills.account)};
    layers.instrument = instrument;
    layers.from = fills.first;
    layers.filled = fills.quantity;
    layers.evidence = {fills.first_seq};
    Int128 same_side = 0;
    std::vector<Price> prices;
    for (const TakenBack& order : taken_back.standing()) {
      const bool around = order.placed <= fills.last &&
                          std::abs(order.at.ns - fills.last.ns) <= params_.withdraw_s.seconds().ns;
      if (!around || std::abs(order.price.units - fills.price.units) > shown.distance) {
        continue;
      }
      if (order.side == static_cast<std::int64_t>(side)) {
        same_side += order.quantity;
        continue;
      }
      layers.shown += order.quantity;
      layers.from = std::min(layers.from, order.placed);
      layers.evidence.push_back(order.seq);
      prices.push_back(order.price);
    }
    std::ranges::sort(prices);
    layers.levels = std::ranges::unique(prices).begin() - prices.begin();
    layers.depth = layers.shown;
    layers.shown -= same_side;
    if (layers.levels < params_.levels_min.whole() ||
        !params_.ratio_min.reached(layers.shown, fills.quantity)) {
      return false;
    }
    layers.depth += depth_within(market, instrument, shown.side, shown.price, shown.distance).units;
    if (!params_.depth_share_min.reached(layers.shown, layers.depth)) {
      return false;
    }
    tell(layers, findings);
    return true;
  }

  struct Layers {
    AccountIndex account;
    InstrumentIndex instrument;
    Time from;
    std::int64_t levels = 0;
    Int128 shown = 0, depth = 0;
    std::int64_t filled = 0;  // on the other side; 0: moved only
    std::int64_t moves = 0, new_moves = 0;
    std::vector<std::uint64_t> evidence{};
  };

  void tell(const Layers& layers, Findings& findings) const {
    const bool again = findings.reports(layers.account, layers.instrument) >= 2;
    Report report;
    report.account = layers.account;
    report.instrument = layers.instrument;
    report.from = layers.from;
    report.severity = again ? Severity::high : Severity::low;
    report.facts = {{"levels", layers.levels, 0, &params_.levels_min},
                    ratio("depth_share", layers.shown, layers.depth, &params_.depth_share_min),
                    ratio("ratio", layers.filled > 0 ? layers.shown : 0,
                          std::max(layers.filled, std::int64_t{1}), &params_.ratio_min),
                    {"moves", layers.moves, 0, &params_.moves_min}};
    const bool much = 3 * layers.shown >= layers.depth;
    report.score_parts = {{"layers", 40}, {"share", much ? 10 : 0}, {"again", again ? 30 : 0}};
    report.evidence = layers.evidence;
    std::ranges::sort(report.evidence);
    report.counted = std::max<std::uint64_t>(report.evidence.size(),
                                             static_cast<std::uint64_t>(layers.new_moves));
    findings.report(report);
  }

  Params params_;
  Requoting requoting_;
  Entries<Hand> hands_;  // by owner and instrument
};

}  // namespace

MW_DETECTOR_IS(layering, Layering, spec)

}  // namespace marktwacht
