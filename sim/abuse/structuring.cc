// Structuring (clause 2.1): deposits or withdrawals again and again just below the amount that
// would be reported, 10,000.
#include "sim/abuse/episode.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class Structuring : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    const std::int64_t payments = random().between(3, by_severity(5, 12));
    const bool in = random().chance(60);
    std::int64_t made = 0;
    for (std::int64_t payment = 0; payment < payments; ++payment) {
      const std::uint32_t who = account(static_cast<std::size_t>(payment));
      const std::int64_t amount =
          is(Manner::skirting) ? random().between(9'000, 9'150) : random().between(9'200, 9'990);
      if (in) {
        desk().deposit(who, "USDT", decimal(amount, 0), address_text(random().next()));
      } else {
        desk().withdraw(who, "USDT", decimal(amount, 0), address_text(random().next()));
      }
      if (++made >= 3) {
        succeed("2.1", "structuring", crew(), false);
      }
      co_await pause(120'000);
    }
  }
};

}  // namespace

void add_structuring(Cast& cast) {
  add_episodes<Structuring>(cast, {.lasts = {1'500 * second.ns}});
}

}  // namespace marktwacht::sim
