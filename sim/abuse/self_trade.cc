// Self-trades (clause 2.7): two accounts of one hand trade with each other, so that an instrument
// looks busy.
#include "sim/abuse/circle.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class SelfTrade : public Circle {
 public:
  using Circle::Circle;

 private:
  // Whoever knows that five a day are too many makes four.
  Script act() override {
    const std::int64_t aim = is(Manner::skirting) ? 4 : by_severity(6, 20);
    for (std::int64_t tries = 0; trades() < aim && tries < 60 * aim; ++tries) {
      const auto at = static_cast<std::size_t>(tries);
      const std::int64_t before = trades();
      trade(account(at), account(at + 1), usual_lots() * random().between(8, 40) / 10);
      co_await pause(trades() == before ? 400 : 6'000);
    }
  }
};

}  // namespace

void add_self_trade(Cast& cast) {
  add_episodes<SelfTrade>(cast, {.accounts = 2, .lasts = {400 * second.ns}});
}

}  // namespace marktwacht::sim
