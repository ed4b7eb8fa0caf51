// Loophole gain (clause 2.2): a fault credits more than was paid in; somebody notices, uses it
// again, and withdraws what nothing explains.
#include "sim/abuse/episode.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class LoopholeGain : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    const std::int64_t times = random().between(2, by_severity(3, 6));
    for (std::int64_t time = 0; time < times; ++time) {
      const std::uint32_t who = account(static_cast<std::size_t>(time));
      const std::int64_t amount = random().between(4, 60) * 50;
      desk().login(who);
      desk().deposit(who, "USDT", decimal(amount, 0));
      paid_in_[static_cast<std::size_t>(time) % crew().size()] += amount;
      co_await pause(10'000);
      // Credited twice, or more by a share.
      const std::int64_t extra = amount * (is(Manner::skirting) ? 30 : by_severity(60, 150)) / 100;
      credited_[static_cast<std::size_t>(time) % crew().size()] += extra;
      const std::int64_t total = paid_in_[static_cast<std::size_t>(time) % crew().size()] +
                                 credited_[static_cast<std::size_t>(time) % crew().size()];
      event::Balance balance;
      balance.type = EventType::balance;
      MW_SET(balance, account_id, desk().account_id(who));
      MW_SET(balance, asset, make_text("USDT"));
      MW_SET(balance, total, decimal(total, 0));
      MW_SET(balance, available, decimal(total, 0));
      desk().publish(balance);
      co_await pause(30'000);
      desk().withdraw(who, "USDT", decimal(total, 0), address_text(random().next()));
      paid_in_[static_cast<std::size_t>(time) % crew().size()] = 0;
      credited_[static_cast<std::size_t>(time) % crew().size()] = 0;
      succeed("2.2", "loophole_gain", crew(), false);
      co_await pause(60'000);
    }
  }

  std::int64_t paid_in_[8] = {}, credited_[8] = {};
};

}  // namespace

void add_loophole_gain(Cast& cast) {
  add_episodes<LoopholeGain>(cast, {.lasts = {600 * second.ns}});
}

}  // namespace marktwacht::sim
