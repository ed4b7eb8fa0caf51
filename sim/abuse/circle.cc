// Trades within a crew: see circle.h.
#include "sim/abuse/circle.h"

#include <algorithm>
#include <cstdlib>

namespace marktwacht::sim {
namespace {

// Where self-trades of one hand are too many, and matched orders or circles are a pattern.
constexpr std::int64_t self_trades = 5, self_worth = 100'000, matched = 10, circling = 10,
                       washed = 10, returns_least = 3;
// A circle: so many accounts at most, within so long.
constexpr std::int64_t circle_accounts = 5;
constexpr Duration circle_lasts{600 * second.ns};

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
  done_.push_back({seller, buyer, lots, now()});
  if (const std::int64_t round = round_over(seller, done_.size() - 1, 1); round > 0) {
    in_rounds_ += round;
    round_from_ = done_.size();
  }
  if (in_rounds_ >= circling) {
    succeed("2.7", "circular_trade");
  }
  net_[seller] -= lots;
  net_[buyer] += lots;
  lots_ += lots;
  const auto is_back = [&](const auto& net) {
    return std::abs(net.second) * 100 * trades_ <= lots_;  // a hundredth of the mean
  };
  if (std::ranges::all_of(net_, is_back)) {
    ++returns_;
    if (trades_ >= washed && returns_ >= returns_least) {
      succeed("2.7", "wash_trade");
    }
  }
  return true;
}

std::int64_t Circle::round_over(std::uint32_t holder, std::size_t later,
                                std::int64_t trades) const {
  const Done &last = done_.back(), &passed_on = done_[later];
  for (std::size_t at = later; at > round_from_ && trades < circle_accounts; --at) {
    const Done& one = done_[at - 1];
    const std::int64_t off = std::abs(one.lots - passed_on.lots);
    if (last.at - one.at > circle_lasts) {
      break;
    }
    if (one.buyer != holder || off * 100 > std::max(one.lots, passed_on.lots)) {
      continue;
    }
    const std::int64_t round =
        one.seller == last.buyer ? trades + 1 : round_over(one.seller, at - 1, trades + 1);
    if (round > 0) {
      return round;
    }
  }
  return 0;
}

}  // namespace marktwacht::sim
