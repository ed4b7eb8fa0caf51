// index_push: a source of an index is driven, for a position in what follows that index.
// docs/detectors/index_push.md.
#include <algorithm>
#include <cstdlib>

#include "detectors/catalogue.h"
#include "market/book_questions.h"

namespace marktwacht {
namespace {

// name, default, least, most
#define PARAMS(P)              \
  P(push_s, 120, 5, 3'600)     \
  P(share_min, 0.3, 0.01, 1)   \
  P(sigmas_min, 4, 1, 100)     \
  P(spreads_min, 2, 0, 100)    \
  P(move_bp_min, 10, 1, 5'000) \
  P(gain_min, 1, 0, 1'000'000'000)
MW_PARAMS(PARAMS)
#undef PARAMS

// Longer than push_s may be.
constexpr Duration push_memory{3'900 * second.ns};

constexpr DetectorSpec spec = {
    .id = "index_push",
    .claim =
        "One hand's aggressive trades drove the price of a market that an index follows far beyond "
        "what is usual, while it held a position in a derivative on that index that gains by it.",
    .clause = "2.7",
    .severity = Severity::high,
    .maturity = Maturity::incubating,
    .hears = {EventKind::fill},
    .asks_tape = true,
    .memory_max = push_memory,
    .quiet_max = {600 * second.ns},
    .entries_max = 100'000,
    .params = Params::specs,
    .text_en =
        "{accounts} made {share} of the aggressive volume in {instrument} while its price moved by "
        "{sigmas} times its usual move ({move_bp} basis points), and held positions in derivatives "
        "on it that gain {gain} by such a move.",
    .text_de =
        "{accounts} stellte {share} des aggressiven Volumens in {instrument}, während sich der "
        "Kurs um das {sigmas}-Fache der üblichen Bewegung ({move_bp} Basispunkte) bewegte, und "
        "hielt Positionen in Derivaten darauf, die dadurch {gain} gewinnen.",
};

// What a hand took of one side within push_s of the first of it.
struct Push {
  Time from;
  std::int64_t quantity = 0;  // 0: none
  Price first;
  std::uint64_t taken_before = 0;  // by all, on both sides
  std::uint64_t first_seq = 0;
};

struct Pushes {
  Push side[2];
};

class IndexPush final : public Detector {
 public:
  explicit IndexPush(const DetectorSetup& setup)
      : params_(Params::of(setup.params)), pushes_(setup, push_memory) {}

  void on(const Occurrence& event, const Market& market, Findings& findings) override {
    const Fill& fill = *event.fill;
    if (fill.maker || fill.kind != TradeKind::book || fill.same_account || fill.same_group) {
      return;
    }
    const Owner owner = owner_of(market, event.account);
    Push& push = pushes_.touch(key_of(owner, event.instrument), findings)
                     .side[static_cast<std::size_t>(fill.side)];
    const std::uint64_t taken = market.tape().taken(event.instrument, Side::buy) +
                                market.tape().taken(event.instrument, Side::sell);
    if (push.quantity == 0 || event.now() - push.from > params_.push_s.seconds()) {
      push = {event.now(), 0, fill.price, taken - static_cast<std::uint64_t>(fill.quantity.units),
              event.moment.seq};
    }
    push.quantity += std::min(fill.quantity.units, INT64_MAX - push.quantity);
    judge(push, owner, Int128{taken - push.taken_before}, event, market, findings);
  }

  void save(ByteWriter& out) const override { pushes_.save(out); }
  bool load(ByteReader& in, const Market&) override {
    return pushes_.load(in, [](auto, const Pushes& both) {
      return std::ranges::all_of(both.side, [](const Push& push) { return push.quantity >= 0; });
    });
  }

 private:
  // The cheap questions first.
  void judge(const Push& push, Owner owner, Int128 taken, const Occurrence& event,
             const Market& market, Findings& findings) const {
    const Fill& fill = *event.fill;
    const Tape& tape = market.tape();
    const bool up = fill.side == Side::buy;
    const Int128 move = up ? Int128{fill.price.units} - push.first.units
                           : Int128{push.first.units} - fill.price.units;
    const std::int64_t from = std::abs(push.first.units);
    constexpr std::int64_t basis_points = 10'000;
    if (move <= 0 || from == 0 || !params_.share_min.reached(push.quantity, taken) ||
        !params_.move_bp_min.reached(move * basis_points, from) ||
        !params_.spreads_min.reached(move, tape.median_spread(event.instrument))) {
      return;
    }
    const auto usual = tape.usual_move(event.instrument, params_.push_s.seconds(), push.from);
    if (!usual) {
      return findings.unjudged();
    }
    const std::int64_t sigma =
        std::max(*usual, market.directory().instrument(event.instrument).tick);
    if (!params_.sigmas_min.reached(move, sigma)) {
      return;
    }
    Int128 gained = 0;
    for (const InstrumentIndex derivative : derivatives_on(market, event.instrument)) {
      gained += gain_by_move(market, owner, derivative, up ? move : -move, from);
    }
    if (gained <= 0 || gained < params_.gain_min.units) {
      return;
    }
    const bool far = params_.sigmas_min.reached(move, 2 * Int128{sigma});
    const bool most = 2 * Int128{push.quantity} >= taken;
    Report report;
    report.account = event.account;
    report.instrument = event.instrument;
    report.from = push.from;
    report.facts = {ratio("sigmas", move, sigma, &params_.sigmas_min),
                    ratio("share", push.quantity, taken, &params_.share_min),
                    ratio("move_bp", move * basis_points, from, &params_.move_bp_min),
                    {"gain", gained, Param::scale, &params_.gain_min}};
    report.score_parts = {
        {"push", 40}, {"position", 20}, {"sigmas", far ? 10 : 0}, {"share", most ? 10 : 0}};
    report.evidence = {push.first_seq};
    if (event.moment.seq != push.first_seq) {
      report.evidence.push_back(event.moment.seq);
    }
    findings.report(report);
  }

  Params params_;
  Entries<Pushes> pushes_;  // by owner and instrument
};

}  // namespace

MW_DETECTOR_IS(index_push, IndexPush, spec)

}  // namespace marktwacht
