// The same over a day (clause 2.4): never quick enough to be seen within seconds, but thousands of
// messages.
#include "sim/abuse/episode.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

constexpr std::int64_t limit = 5'000;  // messages of a group in a day

class HftForbiddenDay : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    const std::int64_t aim = is(Manner::skirting) ? limit - 100 : by_severity(5'100, 7'000);
    // As quick as goes without counting as quick: four messages a second.
    while (sent_ < aim) {
      if (open_market()) {
        const Side side = draw_side(random());
        const OrderRef order = offer(account(static_cast<std::size_t>(sent_ / 2)), side,
                                     beside_best(side, random().between(1, 15)), usual_lots())
                                   .order;
        ++sent_;
        co_await sleep(Duration{random().between(150, 350) * millisecond.ns});
        sent_ += desk().cancel(order) ? 1 : 0;
        if (sent_ >= limit) {
          succeed("2.4", "hft_forbidden_day");
        }
      }
      co_await sleep(Duration{random().between(200, 400) * millisecond.ns});
    }
  }

  std::int64_t sent_ = 0;
};

bool forbids(const Listing& listing) { return listing.hft_forbidden; }

}  // namespace

void add_hft_forbidden_day(Cast& cast) {
  add_episodes<HftForbiddenDay>(
      cast,
      {.per_million = 2, .lasts = {2'000 * second.ns}, .where = forbids, .own_events = 5'000});
}

}  // namespace marktwacht::sim
