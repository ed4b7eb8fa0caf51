// Circular trades (clause 2.7): the same quantity goes round among three to five accounts and is
// back where it was within minutes.
#include "sim/abuse/circle.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class CircularTrade : public Circle {
 public:
  using Circle::Circle;

 private:
  Script act() override {
    const std::int64_t rounds = random().between(4, by_severity(5, 12));
    for (std::int64_t round = 0; round < rounds; ++round) {
      const std::int64_t lots = usual_lots() * random().between(10, 40) / 10;
      std::size_t handed = 0;
      for (int tries = 0; handed < crew().size() && tries < 400; ++tries) {
        // Within one percent, whoever wants to look different.
        const std::int64_t part =
            is(Manner::noisy) ? lots * random().between(996, 1'000) / 1'000 : lots;
        const bool done = trade(account(handed), account(handed + 1), part);
        handed += done ? 1 : 0;
        co_await pause(done ? 4'000 : 400);
      }
      co_await pause(15'000);
    }
  }
};

}  // namespace

void add_circular_trade(Cast& cast) {
  add_episodes<CircularTrade>(cast,
                              {.accounts = 3, .split_accounts = 2, .lasts = {600 * second.ns}});
}

}  // namespace marktwacht::sim
