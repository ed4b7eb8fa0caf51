// Quote stuffing (clause 2.8): hundreds of orders in seconds that live for milliseconds or are
// refused, to keep others busy.
#include <algorithm>

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
    // Several times what the whole market sends, or as fast as it is worth the while.
    const Duration quick{by_severity(12'000, 3'000) * 1'000};
    const Duration market{2 * desk().pace(instrument(), by_severity(1'500, 4'000)).ns};
    const Duration apart = is(Manner::slow) ? Duration{30 * millisecond.ns} : quick;
    const Time end = now() + Duration{random().between(1'500, 3'000) * millisecond.ns};
    const bool refused = random().chance(40);
    for (std::int64_t at = 0; is(Manner::skirting) ? at < 60 : now() < end; ++at) {
      const std::int64_t most = std::min(apart, market).ns;
      const Duration life{std::min(random().between(300, 3'000) * 1'000, most / 2)};
      const Side side = draw_side(random());
      OrderRequest asked = request(account(static_cast<std::size_t>(at)), side, 0, usual_lots());
      asked.time_in_force = TimeInForce::gtx;
      const bool would_trade = refused && random().chance(70) && book().has(opposite(side));
      asked.price =
          would_trade ? book().best(opposite(side)) : beside_best(side, random().between(3, 40));
      const OrderRef order = desk().place(asked).order;
      co_await sleep(life);
      desk().cancel(order);
      co_await sleep(Duration{random().between(most / 2, most)});
    }
    // Sixty are no more than an honest fault.
    if (is(Manner::skirting)) {
      co_return;
    }
    succeed("2.8", "quote_stuffing");
  }
};

}  // namespace

void add_quote_stuffing(Cast& cast) {
  add_episodes<QuoteStuffing>(cast, {.lasts = {30 * second.ns}, .apart = {120 * second.ns}});
}

}  // namespace marktwacht::sim
