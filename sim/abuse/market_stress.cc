// Market stress (clause 2.5): a crew takes a quiet market's whole side again and again, until
// spread, depth and distance to the index are nothing like usual. About the instrument, not its
// traders.
#include "sim/abuse/episode.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class MarketStress : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    if (!open_market()) {
      co_return;
    }
    const std::int32_t fair = desk().value(instrument());
    const std::int64_t far = fair * (is(Manner::skirting) ? 15 : by_severity(30, 120)) / 1000;
    const Time end = now() + Duration{random().between(90, by_severity(150, 400)) * second.ns};
    while (now() < end) {
      const std::int32_t worst = within_band(fair + far);
      const std::int64_t there = desk().book(instrument()).depth(Side::sell, worst);
      if (there > 0) {
        take(account(turn_++), Side::buy, there, worst);
        stressed_ += book().best_ask() > fair + far / 2 ? 1 : 0;
      }
      if (stressed_ >= 10) {
        succeed("2.5", "market_stress", {});
      }
      co_await pause(is(Manner::slow) ? 800 : 1'500);
    }
    for (int part = 0; part < 30; ++part) {
      take(account(turn_++), Side::sell, filled_lots() / 30 + 1, no_price, 1);
      co_await pause(5'000);
    }
  }

  std::size_t turn_ = 0;
  int stressed_ = 0;
};

// The busy ones stand it.
bool quiet(const Listing& listing) { return listing.activity < 15'000; }

}  // namespace

void add_market_stress(Cast& cast) {
  add_episodes<MarketStress>(
      cast, {.per_million = 10, .accounts = 2, .lasts = {600 * second.ns}, .where = quiet});
}

}  // namespace marktwacht::sim
