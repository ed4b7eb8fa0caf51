// Hedgers: they build up spot and sell the perpetual against it, live on the funding, and take both
// down again. Opposite positions, one purpose.
#include <memory>

#include "sim/agents/draws.h"
#include "sim/catalogue.h"
#include "sim/desk.h"

namespace marktwacht::sim {
namespace {

constexpr std::int64_t share = 4;  // per mille of the spot pair's events

class Hedger : public Agent {
 public:
  Hedger(std::uint32_t perpetual, std::uint32_t spot, std::uint32_t account, std::int64_t most)
      : perpetual_(perpetual), spot_(spot), account_(account), most_(most) {}

  Time wake(Desk& desk) override {
    if (owed_ != 0) {  // the other leg, a moment later
      const std::int64_t lots = std::abs(owed_);
      trade(desk, perpetual_, owed_ > 0 ? Side::sell : Side::buy, lots);
      owed_ = 0;
    } else {
      building_ = held_ <= 0 || (building_ && held_ < most_);
      const std::int64_t lots = draw_lots(desk.listing(spot_), desk.random());
      trade(desk, spot_, building_ ? Side::buy : Side::sell,
            building_ ? lots : std::min(lots, held_));
      if (owed_ != 0) {
        return desk.now() + Duration{desk.random().between(50, 900) * millisecond.ns};
      }
    }
    return desk.now() + desk.random().wait(desk.pace(spot_, share));
  }

  void filled(const Fill& fill, Desk&) override {
    const std::int64_t lots = fill.side == Side::buy ? fill.quantity : -fill.quantity;
    if (fill.instrument == spot_) {
      held_ += lots;
      owed_ += lots;
    }
  }

 private:
  void trade(Desk& desk, std::uint32_t instrument, Side side, std::int64_t lots) {
    desk.place({.account = account_,
                .instrument = instrument,
                .side = side,
                .quantity = lots,
                .time_in_force = TimeInForce::ioc,
                .channel = Channel::api});
  }

  std::uint32_t perpetual_, spot_, account_;
  std::int64_t most_, held_ = 0, owed_ = 0;
  bool building_ = true;
};

}  // namespace

void add_hedger(Cast& cast) {
  const std::vector<std::uint32_t> accounts = cast.take_accounts(40);
  for (std::uint32_t at = 0; at + 1 < cast.instruments() && !accounts.empty(); at += 2) {
    const std::uint32_t account = accounts[at / 2 % accounts.size()];
    cast.declare(account, {.roles = {Role::hedger}, .kyc_level = 3});
    cast.exempt(account, ExemptionKind::hedging);
    cast.look_alike("hedger", {account}, at);
    cast.join(std::make_unique<Hedger>(at, at + 1, account, cast.listing(at + 1).usual_lots * 100),
              cast.start() + Duration{7 * second.ns});
  }
}

}  // namespace marktwacht::sim
