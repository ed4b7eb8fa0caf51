// Quote stuffing (clause 2.8): hundreds of orders in seconds that live for milliseconds or are
// refused, to keep others busy.
#include "sim/abuse/episode.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class QuoteStuffing : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    if (!open_market()) {
      co_return;
    }
    const std::int64_t orders = is(Manner::skirting) ? 60 : by_severity(100, 450);
    const std::int64_t apart_us = is(Manner::slow) ? 30'000 : by_severity(12'000, 3'000);
    const bool refused = random().chance(40);
    for (std::int64_t at = 0; at < orders; ++at) {
      const Side side = draw_side(random());
      OrderRequest asked = request(account(static_cast<std::size_t>(at)), side, 0, usual_lots());
      asked.time_in_force = TimeInForce::gtx;
      const bool would_trade = refused && random().chance(70) && book().has(opposite(side));
      asked.price =
          would_trade ? book().best(opposite(side)) : beside_best(side, random().between(3, 40));
      const OrderRef order = desk().place(asked).order;
      co_await sleep(Duration{random().between(300, 3'000) * 1'000});
      desk().cancel(order);
      co_await sleep(Duration{random().between(apart_us / 2, apart_us) * 1'000});
    }
    succeed("2.8", "quote_stuffing");
  }
};

}  // namespace

void add_quote_stuffing(Cast& cast) {
  add_episodes<QuoteStuffing>(cast, {.lasts = {30 * second.ns}});
}

}  // namespace marktwacht::sim
