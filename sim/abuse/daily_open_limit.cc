// More opened in a day than the product allows (clause 2.10), by one hand with one or two accounts.
#include "sim/abuse/episode.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class DailyOpenLimit : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    const std::int64_t limit = listing().daily_open_limit_lots;
    const std::int64_t aim =
        is(Manner::skirting) ? limit * 95 / 100 : limit * by_severity(105, 160) / 100;
    for (std::size_t part = 0; filled_lots() < aim && part < 600; ++part) {
      const std::int64_t lots = usual_lots() * random().between(4, 16);
      take(account(part), Side::buy, std::min(lots, aim - filled_lots()));
      if (filled_lots() > limit) {
        succeed("2.10", "daily_open_limit");
      }
      co_await pause(5'000);
    }
  }
};

bool limited(const Listing& listing) { return listing.daily_open_limit_lots > 0; }

}  // namespace

void add_daily_open_limit(Cast& cast) {
  add_episodes<DailyOpenLimit>(cast,
                               {.per_million = 6, .lasts = {1'200 * second.ns}, .where = limited});
}

}  // namespace marktwacht::sim
