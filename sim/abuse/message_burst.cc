// Message bursts (clause 2.11): hundreds of messages within a second, over several instruments,
// most of them refused or withdrawn, none of them for a trade.
#include "sim/abuse/episode.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

constexpr std::int64_t limit = 200;  // messages of a group within a second

class MessageBurst : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    const std::int64_t messages = is(Manner::skirting) ? limit - 20 : by_severity(230, 700);
    const bool refused = random().chance(50);
    const Time first = now();
    for (std::int64_t sent = 0; sent < messages;) {
      // Somewhere in the neighbourhood: rules on bursts look at all instruments together.
      const std::uint32_t at = (instrument() + random().below(3)) % desk().instruments();
      const Side side = draw_side(random());
      const Book& there = desk().book(at);
      if (!there.has(Side::buy) || !there.has(Side::sell)) {
        co_return;
      }
      OrderRequest asked =
          request(account(static_cast<std::size_t>(sent)), side, 0, desk().listing(at).usual_lots);
      asked.instrument = at;
      asked.time_in_force = TimeInForce::gtx;
      const bool would_trade = refused && random().chance(80);
      asked.price = would_trade ? there.best(opposite(side))
                                : behind(side, there.best(side), random().between(5, 50));
      const Placed placed = desk().place(asked);
      sent += placed.refused ? 1 : 2;
      desk().cancel(placed.order);
      if (sent >= limit && (reached_ || now() - first < second)) {
        reached_ = true;
        succeed("2.11", "message_burst", crew(), false);
      }
      // A second has room for the limit and some more.
      co_await sleep(Duration{random().between(400, 3'000) * 1'000});
    }
  }

  bool reached_ = false;
};

}  // namespace

void add_message_burst(Cast& cast) {
  add_episodes<MessageBurst>(cast, {.lasts = {10 * second.ns}});
}

}  // namespace marktwacht::sim
