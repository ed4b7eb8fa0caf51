// Off-index gain (clause 2.2): while the index is disturbed, orders wait far from any fair price;
// somebody's market order finds an empty book and trades there; the gain is sold at once.
#include "sim/abuse/episode.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class OffIndexGain : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    if (!open_market()) {
      co_return;
    }
    // The venue's fault, not the crew's: its index fails for a minute or two.
    desk().values().disturb(listing().base_number,
                            now() + Duration{random().between(60, 150) * second.ns});
    const std::int32_t fair = desk().value(instrument());
    desk().tape().index_price(instrument(), std::int64_t{fair} * 16, IndexStatus::disturbed);
    const Side side = draw_side(random());
    const std::int64_t sign = side == Side::buy ? -1 : 1;
    const std::int64_t away = fair * (is(Manner::skirting) ? 11 : by_severity(14, 40)) / 1000;
    const auto price = within_band(fair + sign * away);
    const std::int64_t lots = usual_lots() * random().between(2, 8);
    co_await pause(4'000);
    const OrderRef waiting = offer(account(0), side, price, lots).order;
    const std::uint32_t other = account(crew().size() - 1);
    const OrderRef second_one =
        offer(other, side, behind(side, price, random().between(2, 12)), lots / 2 + 1).order;
    co_await pause(8'000);
    // Somebody's mistake: he sells, or buys, whatever the price.
    const std::int64_t all = desk().book(instrument()).depth(side, price) * 2;
    take(desk().population().draw(random()), opposite(side), all, price, 2);
    co_await pause(3'000);
    const std::int64_t got = filled_lots();
    desk().cancel(waiting);
    desk().cancel(second_one);
    for (std::size_t part = 0; part < 40 && filled_lots(1) < got; ++part) {
      const auto worst = within_band(fair + sign * away * 3 / 4);
      take(account(part), opposite(side), std::min(got / 6 + 1, got - filled_lots(1)), worst, 1);
      co_await pause(3'000);
    }
    if (got > 0 && filled_lots(1) > 0) {
      succeed("2.2", "off_index_gain");
    }
  }
};

}  // namespace

void add_off_index_gain(Cast& cast) {
  add_episodes<OffIndexGain>(cast, {.lasts = {180 * second.ns}, .where = perpetuals});
}

}  // namespace marktwacht::sim
