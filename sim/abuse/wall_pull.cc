// Wall pull (clause 2.8): a wall is shown that others lean on, while the crew holds a position
// against it; then it is gone within seconds and the price falls through.
#include "sim/abuse/episode.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class WallPull : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    if (!open_market()) {
      co_return;
    }
    const Side wall = listing().perpetual() ? draw_side(random()) : Side::buy;
    const Side against = opposite(wall);
    const std::int64_t percent = desk().mid(instrument()) / 100;  // in ticks
    // A position that gains when the price falls through: sold on spot, before, from what one has.
    const std::int64_t position = usual_lots() * random().between(4, 10);
    for (int part = 0; part < 4; ++part) {
      take(account(0), against, position / 4);
      co_await pause(1'500);
    }
    // A third of the depth within one percent and more; a little less just below the limit.
    const std::int64_t relative = is(Manner::skirting) ? 36 : by_severity(60, 150);
    raise(wall, depth(wall, percent) * relative / 100, percent);
    co_await sleep(Duration{random().between(12'000, 40'000) * millisecond.ns});
    const std::int32_t before = desk().last_price(instrument());
    const std::int64_t built = lots_, withdrawn = pull();
    // Those who leaned on it get out too; the crew helps.
    const std::int64_t sign = wall == Side::buy ? -1 : 1, far = 6 * usual_move(60);
    nudge(sign * far);
    for (int step = 1; step <= 10; ++step) {
      co_await pause(is(Manner::slow) ? 900 : 2'500);
      take(account(0), against, depth(wall, far) + usual_lots(),
           within_band(before + sign * far * step / 10));
    }
    if ((desk().last_price(instrument()) - before) * sign >= 4 * usual_move(60) &&
        withdrawn * 10 >= built * 8) {
      succeed("2.8", "wall_pull");
    }
    co_await pause(20'000);
    take(account(0), wall, filled_lots());
    nudge(-sign * far / 2);
  }

  // In several orders behind one another, off the best price.
  void raise(Side side, std::int64_t lots, std::int64_t percent) {
    const std::int64_t orders = random().between(3, 8);
    lots_ = lots;
    for (std::int64_t at = 0; at < orders; ++at) {
      const std::int64_t away = percent / 8 + percent * (6 * at + random().between(0, 4)) / 60;
      wall_.push_back(offer(account(static_cast<std::size_t>(at)), side, beside_best(side, away),
                            lots / orders + 1, 1)
                          .order);
    }
  }

  std::int64_t pull() {
    std::int64_t withdrawn = 0;
    for (const OrderRef ref : wall_) {
      const Order* order = desk().find(ref);
      withdrawn += order != nullptr ? order->remaining : 0;
      desk().cancel(ref);
    }
    return withdrawn;
  }

  std::vector<OrderRef> wall_;
  std::int64_t lots_ = 0;
};

}  // namespace

void add_wall_pull(Cast& cast) { add_episodes<WallPull>(cast, {.lasts = {180 * second.ns}}); }

}  // namespace marktwacht::sim
