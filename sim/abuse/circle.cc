// Trades within a crew: see circle.h.
#include "sim/abuse/circle.h"

namespace marktwacht::sim {
namespace {

// Where self-trades of one hand are too many, and matched orders are a pattern.
constexpr std::int64_t self_trades = 5, self_worth = 100'000, matched = 10;

}  // namespace

bool Circle::trade(std::uint32_t seller, std::uint32_t buyer, std::int64_t lots) {
  if (!trade_between(seller, buyer, lots)) {
    return false;
  }
  ++trades_;
  worth_ += whole(desk().notional(instrument(), desk().last_price(instrument()), lots));
  if (bond() != Bond::none && (trades_ >= self_trades || worth_ >= self_worth)) {
    succeed("2.7", "self_trade");
  }
  if (trades_ >= matched) {
    succeed("2.7", "matched_orders");
  }
  return true;
}

}  // namespace marktwacht::sim
