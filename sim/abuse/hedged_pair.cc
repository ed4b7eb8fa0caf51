// Hedged pair (clause 2.3): two accounts of one hand hold opposite positions in one perpetual for
// as long as a programme pays for having positions; together they risk nothing.
#include "sim/abuse/episode.h"
#include "sim/agents/programs.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class HedgedPair : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    const std::uint32_t buyer = account(0), seller = account(1);
    const std::int64_t lots = usual_lots() * random().between(10, by_severity(20, 60));
    co_await trade_opposite(buyer, seller, lots);
    const std::int64_t longs = desk().position(buyer, instrument());
    const std::int64_t shorts = -desk().position(seller, instrument());
    // Two accounts that were hardly filled are no pair.
    const bool paired = std::min(longs, shorts) * 20 > std::max(longs, shorts) * 19;
    const std::int64_t payouts = random().between(3, 8);
    for (std::int64_t payout = 0; paired && payout < payouts; ++payout) {
      co_await pause(150'000);
      for (const std::uint32_t who : {buyer, seller}) {
        desk().reward(who, {.kind = RewardKind::bonus, .program_id = programs[2].id}, "USDT",
                      decimal(random().between(5, 40), 0));
      }
      succeed("2.3", "hedged_pair", {buyer, seller});
    }
    co_await trade_opposite(seller, buyer, lots);
  }

  // Both trade with the market, part by part; the last parts make them equal.
  Script trade_opposite(std::uint32_t buyer, std::uint32_t seller, std::int64_t lots) {
    std::int64_t bought = 0, sold = 0;
    for (int part = 0; part < 60 && (bought < lots || sold < lots); ++part) {
      if (bought < lots) {
        bought += take(buyer, Side::buy, std::min(lots / 10 + 1, lots - bought)).filled;
      }
      if (sold < lots) {
        sold += take(seller, Side::sell, std::min(lots / 10 + 1, lots - sold)).filled;
      }
      co_await pause(2'500);
    }
  }
};

}  // namespace

void add_hedged_pair(Cast& cast) {
  add_episodes<HedgedPair>(
      cast,
      {.accounts = 2, .split_accounts = 0, .lasts = {1'200 * second.ns}, .where = perpetuals});
}

}  // namespace marktwacht::sim
