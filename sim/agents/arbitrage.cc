// Arbitrageurs between the perpetual and the spot pair of one asset: both legs at once.
#include <memory>

#include "sim/agents/draws.h"
#include "sim/catalogue.h"
#include "sim/desk.h"

namespace marktwacht::sim {
namespace {

constexpr std::int64_t share = 12;  // per mille of the perpetual's events

class Arbitrage : public Agent {
 public:
  Arbitrage(std::uint32_t perpetual, std::uint32_t spot, std::uint32_t account)
      : perpetual_(perpetual), spot_(spot), account_(account) {}

  Time wake(Desk& desk) override {
    const Book& perpetual = desk.book(perpetual_);
    const Book& spot = desk.book(spot_);
    const std::int32_t edge = 1 + desk.mid(spot_) / 1'000;
    if (perpetual.has(Side::buy) && spot.has(Side::sell) &&
        perpetual.best_bid() > spot.best_ask() + edge) {
      trade(desk, perpetual.best_bid(), spot.best_ask(), Side::sell);
    } else if (perpetual.has(Side::sell) && spot.has(Side::buy) &&
               perpetual.best_ask() < spot.best_bid() - edge) {
      trade(desk, perpetual.best_ask(), spot.best_bid(), Side::buy);
    }
    return desk.now() + desk.random().wait(desk.pace(perpetual_, share));
  }

 private:
  // `side` in the perpetual, the other in the spot pair; as much as both sides show at the touch.
  void trade(Desk& desk, std::int32_t perpetual_price, std::int32_t spot_price, Side side) {
    const std::int64_t lots =
        std::min({desk.book(perpetual_).level(perpetual_price).visible,
                  desk.book(spot_).level(spot_price).visible, desk.listing(perpetual_).large_lots});
    OrderRequest leg{.account = account_,
                     .instrument = perpetual_,
                     .side = side,
                     .price = perpetual_price,
                     .quantity = lots,
                     .time_in_force = TimeInForce::ioc,
                     .channel = Channel::api};
    const std::int64_t filled = desk.place(leg).filled;
    if (filled > 0) {
      leg.instrument = spot_;
      leg.side = opposite(side);
      leg.price = no_price;
      leg.quantity = filled;
      desk.place(leg);
    }
  }

  std::uint32_t perpetual_, spot_, account_;
};

}  // namespace

void add_arbitrage(Cast& cast) {
  const std::vector<std::uint32_t> firms = cast.take_accounts(6);
  for (std::uint32_t at = 0; at + 1 < cast.instruments() && !firms.empty(); at += 2) {
    if (cast.listing(at).hft_forbidden || cast.listing(at + 1).hft_forbidden) {
      continue;
    }
    const std::uint32_t firm = firms[at / 2 % firms.size()];
    cast.declare(firm, {.kyc_level = 3});
    cast.look_alike("arbitrage", {firm}, at);
    cast.join(std::make_unique<Arbitrage>(at, at + 1, firm),
              cast.start() + Duration{3 * second.ns});
  }
}

}  // namespace marktwacht::sim
