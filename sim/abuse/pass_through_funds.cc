// Funds that pass through (clause 2.1): paid in, hardly traded, paid out again within hours, to
// addresses that were never used before.
#include "sim/abuse/episode.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class PassThroughFunds : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    const std::int64_t rounds = random().between(2, by_severity(3, 6));
    for (std::int64_t round = 0; round < rounds; ++round) {
      const std::uint32_t who = account(static_cast<std::size_t>(round));
      const std::int64_t amount = random().between(40, 600) * 100;
      desk().login(who);
      desk().deposit(who, "USDT", decimal(amount, 0), address_text(random().next()));
      co_await pause(60'000);
      // A trade or two, as if it were for that.
      const std::int64_t lots = std::max<std::int64_t>(1, usual_lots() / 20);
      take(who, Side::buy, lots);
      co_await pause(30'000);
      take(who, Side::sell, lots);
      co_await pause(90'000);
      const std::int64_t percent = is(Manner::skirting) ? 78 : random().between(83, 98);
      desk().withdraw(who, "USDT", decimal(amount * percent / 100, 0),
                      address_text(random().next()));
      if (round >= 1) {
        succeed("2.1", "pass_through_funds", crew(), false);
      }
      co_await pause(60'000);
    }
  }
};

}  // namespace

void add_pass_through_funds(Cast& cast) {
  add_episodes<PassThroughFunds>(cast, {.lasts = {1'500 * second.ns}});
}

}  // namespace marktwacht::sim
