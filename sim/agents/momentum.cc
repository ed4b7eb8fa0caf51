// Momentum traders: they follow a move for a while and get out again.
#include <memory>

#include "sim/agents/draws.h"
#include "sim/catalogue.h"
#include "sim/desk.h"

namespace marktwacht::sim {
namespace {

constexpr std::int64_t share = 4;  // per mille of the instrument's events

class Momentum : public Agent {
 public:
  Momentum(std::uint32_t instrument, std::uint32_t account)
      : instrument_(instrument), account_(account) {}

  Time wake(Desk& desk) override {
    const std::int64_t mid = desk.mid(instrument_);
    // A slow mean of prices, in 1/16 ticks.
    slow_ = slow_ == 0 ? mid * 16 : slow_ + mid - slow_ / 16;
    const std::int64_t moved = mid - slow_ / 16, enough = mid / 800;
    if (held_ != 0 && (desk.random().chance(10) || (held_ > 0) != (moved > 0))) {
      trade(desk, held_ > 0 ? Side::sell : Side::buy, std::abs(held_));
    } else if (held_ == 0 && std::abs(moved) > enough) {
      trade(desk, moved > 0 ? Side::buy : Side::sell,
            draw_lots(desk.listing(instrument_), desk.random()));
    }
    return desk.now() + desk.random().wait(desk.pace(instrument_, share));
  }

  void filled(const Fill& fill, Desk&) override {
    held_ += fill.side == Side::buy ? fill.quantity : -fill.quantity;
  }

 private:
  void trade(Desk& desk, Side side, std::int64_t lots) {
    desk.place({.account = account_,
                .instrument = instrument_,
                .side = side,
                .quantity = lots,
                .time_in_force = TimeInForce::ioc,
                .channel = Channel::api});
  }

  std::uint32_t instrument_, account_;
  std::int64_t slow_ = 0, held_ = 0;
};

}  // namespace

void add_momentum(Cast& cast) {
  const std::vector<std::uint32_t> accounts = cast.take_accounts(100);
  for (std::uint32_t at = 0; at < cast.instruments() && !accounts.empty(); ++at) {
    if (cast.listing(at).hft_forbidden) {
      continue;
    }
    const std::uint32_t account = accounts[at % accounts.size()];
    cast.declare(account, {});
    cast.join(std::make_unique<Momentum>(at, account), cast.start() + Duration{5 * second.ns});
  }
}

}  // namespace marktwacht::sim
