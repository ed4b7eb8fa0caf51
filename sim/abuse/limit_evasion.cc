// Limit evasion (clause 2.11): a position larger than the product allows, held by accounts of one
// hand of which each stays below the limit.
#include "sim/abuse/episode.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class LimitEvasion : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    const std::int64_t limit = listing().position_limit_lots;
    const std::int64_t aim = limit * (is(Manner::skirting) ? 96 : by_severity(106, 170)) / 100;
    const auto members = static_cast<std::int64_t>(crew().size());
    const Side side = draw_side(random());
    for (std::size_t part = 0; filled_lots() < aim && part < 900; ++part) {
      const std::int64_t left = aim / members + 1 - held(account(part));
      if (left > 0) {
        take(account(part), side, std::min(left, usual_lots() * random().between(3, 12)));
      }
      if (filled_lots() > limit) {
        succeed("2.11", "limit_evasion");
      }
      co_await pause(1'500);
    }
    co_await pause(60'000);
    for (std::size_t part = 0; part < 900 && filled_lots(1) < filled_lots(); ++part) {
      const std::int64_t left = held(account(part));
      if (left > 0) {
        take(account(part), opposite(side), std::min(left, usual_lots() * 12), no_price, 1);
      }
      co_await pause(1'500);
    }
  }

  std::int64_t held(std::uint32_t who) const {
    return std::abs(desk().position(who, instrument()));
  }
};

bool limited(const Listing& listing) { return listing.position_limit_lots > 0; }

}  // namespace

void add_limit_evasion(Cast& cast) {
  add_episodes<LimitEvasion>(cast, {.per_million = 10,
                                    .accounts = 3,
                                    .split_accounts = 2,
                                    .lasts = {900 * second.ns},
                                    .where = limited});
}

}  // namespace marktwacht::sim
