// Fee farming (clause 2.3): two accounts trade with each other for a rebate that is worth more than
// what the trades cost them.
#include "sim/abuse/circle.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class FeeFarming : public Circle {
 public:
  using Circle::Circle;

 private:
  Script act() override {
    const std::int64_t payouts = random().between(2, by_severity(3, 6));
    for (std::int64_t payout = 0; payout < payouts; ++payout) {
      const std::int64_t before = worth();
      const std::int64_t aim = trades() + 2 * random().between(4, by_severity(6, 12));
      for (std::int64_t tries = 0; trades() < aim && tries < 100 * aim; ++tries) {
        const auto way = static_cast<std::size_t>(trades());
        const bool done = trade(account(way), account(way + 1), usual_lots() * 2);
        co_await pause(done ? 4'000 : 400);
      }
      // Six hundredths of a percent are the fees of both; the rebate is more.
      const std::int64_t cents = (worth() - before) * by_severity(7, 12) / 100;
      desk().reward(account(0), {.kind = RewardKind::fee_rebate, .source_account = account(1)},
                    "USDT", decimal(std::max<std::int64_t>(1, cents), -2));
      if (trades() >= 10) {
        succeed("2.3", "fee_farming");
      }
      co_await pause(30'000);
    }
  }
};

}  // namespace

void add_fee_farming(Cast& cast) {
  add_episodes<FeeFarming>(cast, {.accounts = 2, .split_accounts = 0, .lasts = {600 * second.ns}});
}

}  // namespace marktwacht::sim
