// wall_pull: a wall that held the price is taken away, and the price falls where it stood.
// docs/detectors/wall_pull.md.
#include <algorithm>

#include "detectors/catalogue.h"
#include "detectors/taken_back.h"
#include "market/book_questions.h"

namespace marktwacht {
namespace {

// name, default, least, most
#define PARAMS(P)                     \
  P(wall_share_min, 0.3, 0.01, 1)     \
  P(wall_bp, 100, 1, 1'000)           \
  P(stood_s, 10, 0.1, 3'600)          \
  P(withdraw_s, 5, 0.1, 60)           \
  P(withdrawn_share_min, 0.8, 0.1, 1) \
  P(sigmas_min, 4, 1, 100)            \
  P(move_s, 60, 1, 600)
MW_PARAMS(PARAMS)
#undef PARAMS

// Longer than withdraw_s and move_s may be.
constexpr Duration wall_memory{1'320 * second.ns};

constexpr DetectorSpec spec = {
    .id = "wall_pull",
    .claim =
        "One hand's wall of orders held the price, was taken away untraded all at once, and the "
        "price broke through where it had stood, while that hand held a position.",
    .clause = "2.8",
    .severity = Severity::medium,
    .maturity = Maturity::sandbox,
    .hears = {EventKind::withdrawn},
    .asks_tape = true,
    .asks_owned = true,
    .memory_max = wall_memory,
    .quiet_max = {600 * second.ns},
    .entries_max = 100'000,
    .params = Params::specs,
    .text_en =
        "{accounts} took {withdrawn_share} of a wall that was {wall_share} of the depth near the "
        "price of {instrument} away; then the price went {sigmas} times its usual move against "
        "that side.",
    .text_de =
        "{accounts} zog {withdrawn_share} einer Mauer ab, die {wall_share} der Tiefe nahe dem "
        "Preis von {instrument} war; danach lief der Preis um das {sigmas}-Fache der üblichen "
        "Bewegung gegen diese Seite.",
};

// The wall of a side, from when the first of it was taken back.
struct Wall {
  Time look_next, from, gone;  // gone: when enough of it was taken back; of 0: it was not yet
  std::int64_t quantity = 0;   // 0: none
  std::int64_t withdrawn = 0;
  std::int64_t depth = 0;  // it was a part of
  Price price;             // last traded when it was gone
  std::uint64_t first_seq = 0, last_seq = 0;
  std::uint64_t account = 0;
};

struct Walls {
  Wall side[2];
};

class WallPull final : public Detector {
 public:
  explicit WallPull(const DetectorSetup& setup)
      : params_(Params::of(setup.params)), walls_(setup, wall_memory) {}

  // Only what stood for long, and more than a usual trade, makes it look; once a second at most.
  void on(const Occurrence& event, const Market& market, Findings& findings) override {
    const Withdrawn& withdrawn = *event.withdrawn;
    if (!withdrawn.standing.rested ||
        event.now() - withdrawn.order.placed < params_.stood_s.seconds()) {
      return;
    }
    const std::uint64_t key = key_of(owner_of(market, event.account), event.instrument);
    const auto side = static_cast<std::size_t>(withdrawn.standing.side);
    Walls* walls = walls_.find(key, event.now());
    if (withdrawn.quantity <= market.tape().usual_trade(event.instrument) &&
        (walls == nullptr || walls->side[side].quantity == 0)) {
      return;
    }
    Wall& wall = (walls != nullptr ? *walls : walls_.touch(key, findings)).side[side];
    if (wall.gone != Time{}) {
      return;
    }
    const bool over = event.now() - wall.from > params_.withdraw_s.seconds();
    if ((wall.quantity == 0 || over) && !look(wall, event, market, findings)) {
      return;
    }
    wall.withdrawn += std::min(withdrawn.quantity.units, INT64_MAX - wall.withdrawn);
    wall.last_seq = event.moment.seq;
    if (params_.withdrawn_share_min.reached(wall.withdrawn, wall.quantity)) {
      pulled(wall, key, event, market, findings);
    }
  }

  // Each second, until the move came or its time is over.
  void fire(std::uint64_t key, const Market& market, Findings& findings) override {
    Walls* walls = walls_.find(key, findings.now());
    if (walls == nullptr) {
      return;
    }
    const InstrumentIndex instrument{static_cast<std::uint32_t>(key)};
    bool waits = false;
    for (const Side side : {Side::buy, Side::sell}) {
      Wall& wall = walls->side[static_cast<std::size_t>(side)];
      if (wall.gone == Time{}) {
        continue;
      }
      if (tell(wall, side, instrument, market, findings) ||
          findings.now() - wall.gone >= params_.move_s.seconds()) {
        wall = {};
      }
      waits = waits || wall.gone != Time{};
    }
    if (waits) {
      findings.wake(findings.now() + second, key);
    }
  }

  void save(ByteWriter& out) const override { walls_.save(out); }
  bool load(ByteReader& in, const Market&) override {
    return walls_.load(in, [](auto, const Walls& walls) {
      return std::ranges::all_of(walls.side, [](const Wall& wall) {
        return wall.quantity >= 0 && wall.withdrawn >= 0 && (wall.gone == Time{} || wall.depth > 0);
      });
    });
  }

 private:
  // Whether a wall stood there, what is just taken back in it.
  bool look(Wall& wall, const Occurrence& event, const Market& market, Findings& findings) const {
    const Withdrawn& withdrawn = *event.withdrawn;
    if (event.now() < wall.look_next) {
      return false;
    }
    const Owner owner = owner_of(market, event.account);
    wall = {};
    wall.look_next = event.now() + look_wait(own_orders(market, owner, event.instrument,
                                                        withdrawn.standing.side));
    if (market.books().crossed(event.instrument)) {
      findings.unjudged();
      return false;
    }
    const Instrument& instrument = market.directory().instrument(event.instrument);
    const Price touch = withdrawn.standing.touch;
    const Near near{withdrawn.standing.side, touch,
                    distance_of(instrument, touch, 0, params_.wall_bp.units / 100)};
    const Time stood{event.now().ns - params_.stood_s.seconds().ns};
    const std::int64_t own =
        own_quantity(market, owner, event.instrument, near, stood,
                     {withdrawn.standing.price, withdrawn.quantity, stands_now(event, market)});
    const Quantity depth = depth_within(market, event.instrument, near.side, touch, near.distance,
                                        params_.wall_share_min.whole_of(own));
    wall.depth = depth.units + std::min(withdrawn.quantity.units, INT64_MAX - depth.units);
    if (!params_.wall_share_min.reached(own, wall.depth)) {
      return false;
    }
    wall.quantity = own;
    wall.from = event.now();
    wall.first_seq = event.moment.seq;
    return true;
  }

  void pulled(Wall& wall, std::uint64_t key, const Occurrence& event, const Market& market,
              Findings& findings) const {
    const auto price = market.tape().last_price(event.instrument);
    if (!price || !holds_position(market, event.account, event.instrument)) {
      wall = {};
      return;
    }
    wall.gone = event.now();
    wall.price = *price;
    wall.account = event.account.value;
    findings.wake(event.now() + second, key);
  }

  // Whether it was reported.
  bool tell(const Wall& wall, Side side, InstrumentIndex instrument, const Market& market,
            Findings& findings) const {
    const Tape& tape = market.tape();
    const Price now = tape.last_price(instrument).value_or(wall.price);
    const std::int64_t move =
        side == Side::buy ? wall.price.units - now.units : now.units - wall.price.units;
    if (move <= 0) {
      return false;
    }
    const auto usual = tape.usual_move(instrument, params_.move_s.seconds(), wall.from);
    if (!usual) {
      findings.unjudged();
      return false;
    }
    const std::int64_t sigma = std::max(*usual, market.directory().instrument(instrument).tick);
    if (!params_.sigmas_min.reached(move, sigma)) {
      return false;
    }
    const bool far = params_.sigmas_min.reached(move, 2 * Int128{sigma});
    const bool most = 2 * Int128{wall.quantity} >= wall.depth;
    Report report;
    report.account = AccountIndex{static_cast<std::uint32_t>(wall.account)};
    report.instrument = instrument;
    report.from = wall.from;
    report.facts = {
        ratio("sigmas", move, sigma, &params_.sigmas_min),
        ratio("wall_share", wall.quantity, wall.depth, &params_.wall_share_min),
        ratio("withdrawn_share", wall.withdrawn, wall.quantity, &params_.withdrawn_share_min)};
    report.score_parts = {{"wall", 40}, {"sigmas", far ? 10 : 0}, {"share", most ? 10 : 0}};
    report.evidence = {wall.first_seq};
    if (wall.last_seq != wall.first_seq) {
      report.evidence.push_back(wall.last_seq);
    }
    findings.report(report);
    return true;
  }

  Params params_;
  Entries<Walls> walls_;  // by owner and instrument
};

}  // namespace

MW_DETECTOR_IS(wall_pull, WallPull, spec)

}  // namespace marktwacht
