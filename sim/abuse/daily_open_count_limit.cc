// More orders that open something in a day than the product allows (clause 2.10).
#include "sim/abuse/episode.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class DailyOpenCountLimit : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    const std::int64_t limit = listing().daily_open_count_limit;
    const std::int64_t aim =
        is(Manner::skirting) ? limit - 10 : limit * by_severity(104, 150) / 100;
    for (std::size_t order = 0; opened_ < aim && order < 2'000; ++order) {
      const std::int64_t lots = std::max<std::int64_t>(1, usual_lots() / random().between(8, 40));
      opened_ += take(account(order), Side::buy, lots).filled > 0 ? 1 : 0;
      if (opened_ > limit) {
        succeed("2.10", "daily_open_count_limit");
      }
      co_await pause(1'500);
    }
  }

  std::int64_t opened_ = 0;
};

bool limited(const Listing& listing) { return listing.daily_open_count_limit > 0; }

}  // namespace

void add_daily_open_count_limit(Cast& cast) {
  add_episodes<DailyOpenCountLimit>(
      cast, {.per_million = 5, .lasts = {900 * second.ns}, .where = limited, .own_events = 800});
}

}  // namespace marktwacht::sim
