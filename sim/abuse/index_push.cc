// Index push (clause 2.7): a position in a perpetual, then market orders in the spot market that
// its index follows, then out at the price that they made.
#include "sim/abuse/episode.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class IndexPush : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    const std::uint32_t derivative = listing().partner;
    if (derivative == instrument() || !open_market()) {
      co_return;
    }
    const std::uint32_t holder = account(0), pusher = account(crew().size() - 1);
    // Spot: one can only buy what one has not.
    const std::int64_t lots = desk().listing(derivative).usual_lots * by_severity(10, 50);
    for (int part = 0; part < 8; ++part) {
      in_derivative(holder, derivative, Side::buy, lots / 8 + 1, 1);
      co_await pause(2'500);
    }
    const std::int32_t before = desk().last_price(instrument());
    const std::int64_t move =
        usual_move(120) * (is(Manner::skirting) ? 35 : by_severity(50, 90)) / 10;
    const std::int64_t steps = random().between(15, 30);
    for (std::int64_t step = 1; step <= steps; ++step) {
      take(pusher, Side::buy, depth(Side::sell, move) / 3 + usual_lots(),
           within_band(before + move * step / steps));
      nudge(move / steps);  // the index follows its source
      co_await pause(is(Manner::slow) ? 1'800 : 2'500);
    }
    const std::int64_t moved = desk().last_price(instrument()) - before;
    for (int part = 0; part < 6; ++part) {
      in_derivative(holder, derivative, Side::sell, filled_lots(1) / 6 + 1, 2);
      co_await pause(2'000);
    }
    if (moved * 10 >= move * 8 && filled_lots(2) > 0 && filled_lots() > 0) {
      succeed("2.7", "index_push");
    }
    for (int part = 0; part < 10; ++part) {
      nudge(-move / 10);
      take(pusher, Side::sell, filled_lots() / 10 + 1, no_price, 3);
      co_await pause(4'000);
    }
  }

  void in_derivative(std::uint32_t who, std::uint32_t derivative, Side side, std::int64_t lots,
                     std::uint32_t tag) {
    OrderRequest asked = request(who, side, no_price, lots, tag);
    asked.instrument = derivative;
    asked.time_in_force = TimeInForce::ioc;
    desk().place(asked);
  }
};

}  // namespace

void add_index_push(Cast& cast) {
  add_episodes<IndexPush>(cast, {.accounts = 2, .lasts = {240 * second.ns}, .where = spot});
}

}  // namespace marktwacht::sim
