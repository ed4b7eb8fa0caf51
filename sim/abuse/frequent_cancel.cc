// Frequent cancelling (clause 2.8): hundreds of orders near the best price, with weight, withdrawn
// within a moment and hardly ever filled.
#include "sim/abuse/episode.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

constexpr std::int64_t limit = 500;  // withdrawals of a group in an instrument and day

class FrequentCancel : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    if (!open_market()) {
      co_return;
    }
    // Whoever knows the limit stays below it, and does nothing forbidden.
    const std::int64_t cancels = is(Manner::skirting) ? limit - 10 : by_severity(510, 900);
    Side side = draw_side(random());
    for (std::int64_t at = 0; at < cancels; ++at) {
      side = random().chance(5) ? opposite(side) : side;
      const std::int64_t lots = usual_lots() + depth(side, 2) * by_severity(30, 100) / 100;
      const OrderRef order = offer(account(static_cast<std::size_t>(at)), side,
                                   beside_best(side, random().between(1, 2)), lots)
                                 .order;
      co_await sleep(Duration{random().between(60, 250) * millisecond.ns});
      withdrawn_ += desk().cancel(order) ? 1 : 0;
      if (withdrawn_ >= limit) {
        succeed("2.8", "frequent_cancel");
      }
      co_await pause(250);
    }
  }

  std::int64_t withdrawn_ = 0;
};

}  // namespace

void add_frequent_cancel(Cast& cast) {
  add_episodes<FrequentCancel>(
      cast, {.per_million = 10, .lasts = {500 * second.ns}, .own_events = 1'000});
}

}  // namespace marktwacht::sim
