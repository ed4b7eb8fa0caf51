// Accounts in lockstep (clause 2.1): several that nothing else joins do the same thing in the same
// second, again and again, now one first and now another.
#include <numeric>

#include "sim/abuse/episode.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class LockstepAccounts : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    const std::int64_t acts = is(Manner::skirting) ? 32 : random().between(36, by_severity(45, 90));
    std::vector<OrderRef> orders(crew().size());
    std::vector<std::size_t> order_of(crew().size());
    std::iota(order_of.begin(), order_of.end(), 0U);
    for (std::int64_t number = 0; number < acts; ++number) {
      // Early in a second, so that none of them falls into the next.
      co_await sleep(
          Duration{second.ns - now().ns % second.ns + random().between(20, 300) * millisecond.ns});
      const Side side = draw_side(random());
      const std::int32_t price = beside_best(side, random().between(1, 9));
      for (std::size_t at = order_of.size(); at > 1; --at) {
        std::swap(order_of[at - 1], order_of[random().below(static_cast<std::uint32_t>(at))]);
      }
      for (const std::size_t at : order_of) {
        // Now and then one of them misses.
        if (!is(Manner::noisy) || random().chance(92)) {
          desk().cancel(orders[at]);
          orders[at] =
              offer(account(at), side, price, usual_lots() * random().between(5, 15) / 10).order;
        }
        co_await sleep(Duration{random().between(5, 90) * millisecond.ns});
      }
      if (number >= 30) {
        succeed("2.1", "lockstep_accounts");
      }
      co_await pause(8'000);
    }
    for (const OrderRef order : orders) {
      desk().cancel(order);
    }
  }
};

}  // namespace

void add_lockstep_accounts(Cast& cast) {
  add_episodes<LockstepAccounts>(
      cast, {.accounts = 3, .split_accounts = 2, .lasts = {1'000 * second.ns}, .linked = false});
}

}  // namespace marktwacht::sim
