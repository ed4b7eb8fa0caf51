// Self-trades (clause 2.7): two accounts of one hand trade with each other, so that an instrument
// looks busy.
#include "sim/abuse/episode.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

constexpr std::int64_t limit = 5;  // trades a day

class SelfTrade : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    const std::int64_t trades = is(Manner::skirting) ? limit - 1 : by_severity(6, 40);
    std::int64_t done = 0;
    for (std::int64_t tries = 0; done < trades && tries < 4 * trades; ++tries) {
      const auto at = static_cast<std::size_t>(tries);
      done += trade_between(account(at), account(at + 1), draw_lots(listing(), random())) ? 1 : 0;
      if (done >= limit) {
        succeed("2.7", "self_trade");
      }
      co_await pause(4'000);
    }
  }
};

}  // namespace

void add_self_trade(Cast& cast) {
  add_episodes<SelfTrade>(cast, {.accounts = 2, .lasts = {400 * second.ns}});
}

}  // namespace marktwacht::sim
