// Short holding (clause 2.4): many round trips a day on a product that forbids it, most of them
// held for seconds to minutes, and the profit comes from them.
#include "sim/abuse/episode.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class ShortHolding : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    const std::int64_t trips =
        is(Manner::skirting) ? 20 : random().between(22, by_severity(26, 40));
    for (std::int64_t trip = 0; trip < trips; ++trip) {
      co_await round_trip();
      co_await pause(5'000);
      if (trips_ >= 20 && earned() > 0) {
        succeed("2.4", "short_holding");
      }
    }
  }

  // In and out; what it bets on happens more often than not, or it would not do this.
  Script round_trip() {
    if (!open_market()) {
      co_return;
    }
    const std::uint32_t who = account(static_cast<std::size_t>(trips_));
    const Side side = listing().perpetual() ? draw_side(random()) : Side::buy;
    const std::int64_t sign = side == Side::buy ? 1 : -1;
    const std::int64_t lots =
        std::max<std::int64_t>(1, usual_lots() * random().between(3, 12) / 10);
    const std::int64_t got = take(who, side, lots).filled;
    if (got == 0) {
      co_return;
    }
    const std::int64_t fee = desk().mid(instrument()) / 1000;  // both ways, in ticks
    const std::int64_t move = 2 * fee + random().between(4, 20);
    nudge(random().chance(85) ? sign * move : -sign * move / 2);
    const bool long_held = is(Manner::slow) && random().chance(30);
    co_await sleep(
        Duration{(long_held ? random().between(185, 260) : random().between(20, 110)) * second.ns});
    if (take(who, opposite(side), got).filled == got) {
      ++trips_;
    }
  }

  std::int64_t trips_ = 0;
};

// Elsewhere nobody minds.
bool forbids(const Listing& listing) { return listing.hft_forbidden; }

}  // namespace

void add_short_holding(Cast& cast) {
  add_episodes<ShortHolding>(cast,
                             {.per_million = 10, .lasts = {2'200 * second.ns}, .where = forbids});
}

}  // namespace marktwacht::sim
