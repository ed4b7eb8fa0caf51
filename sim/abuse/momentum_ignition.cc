// Momentum ignition (clause 2.7): a burst of own market orders sets off a move; into those who
// follow the position is closed.
#include "sim/abuse/episode.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class MomentumIgnition : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    if (!open_market()) {
      co_return;
    }
    const Side side = listing().perpetual() ? draw_side(random()) : Side::buy;
    const std::int64_t sign = side == Side::buy ? 1 : -1;
    const std::int32_t before = desk().last_price(instrument());
    const std::int64_t move =
        usual_move(30) * (is(Manner::skirting) ? 35 : by_severity(50, 90)) / 10;
    // The burst: everything up to a price that rises step by step.
    std::int64_t moved = 0;
    const std::int64_t steps = random().between(6, 14);
    const std::int64_t apart_ms = is(Manner::slow) ? 2'200 : random().between(150, 900);
    for (std::int64_t step = 1; step <= steps; ++step) {
      const std::int32_t worst = within_band(before + sign * move * step / steps);
      take(account(static_cast<std::size_t>(step)), side,
           depth(opposite(side), move) + usual_lots(), worst);
      moved = std::max(moved, (desk().last_price(instrument()) - before) * sign);
      nudge(sign * move / steps / 2);
      co_await sleep(Duration{apart_ms * millisecond.ns});
    }
    // Out again, into the others.
    const std::int64_t bought = filled_lots();
    while (filled_lots(1) < bought && sold_ < 20) {
      co_await pause(1'500);
      take(account(sold_), opposite(side), std::min(bought / 8 + 1, bought - filled_lots(1)),
           no_price, 1);
      ++sold_;
    }
    if (moved * 10 >= move * 9 && filled_lots(1) * 2 > bought) {
      succeed("2.7", "momentum_ignition");
    }
    nudge(-sign * move / 2);
  }

  std::size_t sold_ = 0;
};

}  // namespace

void add_momentum_ignition(Cast& cast) {
  add_episodes<MomentumIgnition>(cast, {.lasts = {120 * second.ns}, .history = {600 * second.ns}});
}

}  // namespace marktwacht::sim
