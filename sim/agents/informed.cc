// Informed traders: they see what a thing is worth a little sooner, and take what is mispriced.
#include <memory>

#include "sim/agents/draws.h"
#include "sim/catalogue.h"
#include "sim/desk.h"

namespace marktwacht::sim {
namespace {

constexpr std::int64_t share = 4;  // per mille of the instrument's events

class Informed : public Agent {
 public:
  Informed(std::uint32_t instrument, std::uint32_t account, std::int64_t own_share)
      : instrument_(instrument), account_(account), share_(own_share) {}

  Time wake(Desk& desk) override {
    const Book& book = desk.book(instrument_);
    const std::int32_t value = desk.value(instrument_);
    // Beyond the fees it is worth it.
    const std::int32_t edge = 2 + value / 1'500;
    if (book.has(Side::sell) && book.best_ask() < value - edge) {
      take(desk, Side::buy, value - edge);
    } else if (book.has(Side::buy) && book.best_bid() > value + edge) {
      take(desk, Side::sell, value + edge);
    }
    return desk.now() + desk.random().wait(desk.pace(instrument_, share_));
  }

 private:
  void take(Desk& desk, Side side, std::int32_t price) {
    desk.place({.account = account_,
                .instrument = instrument_,
                .side = side,
                .price = price,
                .quantity = draw_lots(desk.listing(instrument_), desk.random()),
                .time_in_force = TimeInForce::ioc,
                .channel = Channel::api});
  }

  std::uint32_t instrument_, account_;
  std::int64_t share_;
};

}  // namespace

void add_informed(Cast& cast) {
  constexpr std::int64_t traders = 3;
  const std::vector<std::uint32_t> accounts = cast.take_accounts(60);
  for (const std::uint32_t account : accounts) {
    cast.declare(account, {.kyc_level = 3});
  }
  for (std::uint32_t at = 0; at < cast.instruments() && !accounts.empty(); ++at) {
    if (cast.listing(at).hft_forbidden) {
      continue;
    }
    for (std::int64_t trader = 0; trader < traders; ++trader) {
      const auto which = static_cast<std::uint32_t>(at * traders + trader) % accounts.size();
      cast.join(std::make_unique<Informed>(at, accounts[which], share / traders),
                cast.start() + Duration{2 * second.ns});
    }
  }
}

}  // namespace marktwacht::sim
