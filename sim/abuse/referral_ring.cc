// Referral ring (clause 2.3): somebody refers accounts of his own; what they trade earns him a
// commission, and part of it goes back to them.
#include "sim/abuse/episode.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class ReferralRing : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    const std::int64_t rounds = random().between(3, by_severity(4, 8));
    for (std::int64_t round = 0; round < rounds; ++round) {
      for (std::size_t at = 1; at < crew().size(); ++at) {
        const Side side = round % 2 == 0 ? Side::buy : Side::sell;
        if (take(account(at), side, usual_lots() * 2).filled > 0) {
          desk().reward(account(0), {.kind = RewardKind::commission, .source_account = account(at)},
                        "USDT", decimal(random().between(40, 900), -2));
        }
        co_await pause(4'000);
      }
      // Half of it comes back.
      const std::size_t one = 1 + static_cast<std::size_t>(round) % (crew().size() - 1);
      desk().transfer(account(0), account(one), "USDT", decimal(random().between(20, 400), -2));
      if (round >= 2) {
        succeed("2.3", "referral_ring", crew(), false);
      }
      co_await pause(40'000);
    }
  }
};

}  // namespace

// The referred were opened within an hour of one another, long after their referrer.
void add_referral_ring(Cast& cast) {
  for (Plan& plan :
       plan_episodes(cast, {.accounts = 4, .split_accounts = 3, .lasts = {700 * second.ns}})) {
    Population& population = cast.population();
    const Duration own = population.age(plan.accounts[0]);
    std::int64_t age_ns = own.ns / cast.random().between(2, 20);
    for (std::size_t at = 1; at < plan.accounts.size(); ++at) {
      age_ns -= age_ns / 1'000'000 * cast.random().between(100, 1'000);
      population.set_origin(plan.accounts[at], plan.accounts[0], {age_ns});
    }
    const Time start = plan.start;
    cast.join(std::make_unique<ReferralRing>(std::move(plan)), start);
  }
}

}  // namespace marktwacht::sim
