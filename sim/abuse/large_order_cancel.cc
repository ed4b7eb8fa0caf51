// Frequent cancelling of large orders (clause 2.9): orders of the size that counts as large, near
// the best price, withdrawn after seconds.
#include "sim/abuse/episode.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

constexpr std::int64_t limit = 20;  // withdrawals of a group in an instrument and day

class LargeOrderCancel : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    if (!open_market()) {
      co_return;
    }
    const std::int64_t cancels = is(Manner::skirting) ? limit - 2 : by_severity(22, 70);
    const Side side = draw_side(random());
    for (std::int64_t at = 0; at < cancels; ++at) {
      const std::int64_t lots = listing().large_lots * random().between(100, 160) / 100;
      const OrderRef order = offer(account(static_cast<std::size_t>(at)), side,
                                   beside_best(side, random().between(2, 3)), lots)
                                 .order;
      co_await pause(1'200);
      const Order* left = desk().find(order);
      withdrawn_ += left != nullptr && left->remaining >= listing().large_lots ? 1 : 0;
      desk().cancel(order);
      if (withdrawn_ >= limit) {
        succeed("2.9", "large_order_cancel");
      }
      co_await pause(4'000);
    }
  }

  std::int64_t withdrawn_ = 0;
};

}  // namespace

void add_large_order_cancel(Cast& cast) {
  add_episodes<LargeOrderCancel>(cast, {.lasts = {500 * second.ns}});
}

}  // namespace marktwacht::sim
