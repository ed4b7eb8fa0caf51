// The crowd: people who place, take and cancel for reasons of their own.
#include <memory>
#include <vector>

#include "sim/agents/draws.h"
#include "sim/catalogue.h"
#include "sim/desk.h"

namespace marktwacht::sim {
namespace {

constexpr std::int64_t share = 240;  // per mille of the instrument's events

class Noise : public Agent {
 public:
  Noise(std::uint32_t instrument, std::size_t orders) : instrument_(instrument), full_(orders) {}

  Time wake(Desk& desk) override {
    Random& random = desk.random();
    const std::uint32_t draw = random.below(1000);
    if (draw < 22) {
      take(desk);
    } else if (draw < 32) {
      stop(desk);
    } else if (random.below(static_cast<std::uint32_t>(2 * full_)) < live_.size()) {
      cancel(desk);
    } else {
      offer(desk);
    }
    return desk.now() + random.wait(desk.pace(instrument_, share));
  }

 private:
  OrderRequest request(Desk& desk) {
    Random& random = desk.random();
    const std::uint32_t account = desk.population().draw(random);
    return {.account = account,
            .instrument = instrument_,
            .side = draw_side(random),
            .quantity = draw_lots(desk.listing(instrument_), random),
            .channel = random.chance(60) ? Channel::app : Channel::web,
            .leverage = leverage(desk, account)};
  }

  // What an account uses it always uses.
  std::uint8_t leverage(Desk& desk, std::uint32_t account) const {
    static constexpr std::uint8_t usual[] = {0, 2, 3, 5, 5, 10, 10, 20};
    return desk.listing(instrument_).perpetual() ? usual[scattered(account) % 8] : 0;
  }

  void take(Desk& desk) {
    OrderRequest asked = request(desk);
    const Book& book = desk.book(instrument_);
    asked.time_in_force = TimeInForce::ioc;
    if (!book.has(opposite(asked.side))) {
      return;
    }
    if (desk.random().chance(40)) {
      asked.price = book.best(opposite(asked.side));
      if (desk.random().chance(10)) {
        asked.time_in_force = TimeInForce::fok;
      }
    }
    desk.place(asked);
  }

  // To get out where it hurts.
  void stop(Desk& desk) {
    OrderRequest asked = request(desk);
    const std::int64_t away = heavy_tail(desk.random(), desk.mid(instrument_) / 200, 4);
    asked.trigger = behind(opposite(asked.side), desk.last_price(instrument_), away);
    asked.time_in_force = TimeInForce::ioc;
    keep(desk.place(asked));
  }

  void offer(Desk& desk) {
    Random& random = desk.random();
    OrderRequest asked = request(desk);
    const Book& book = desk.book(instrument_);
    const std::int32_t best = book.has(asked.side) ? book.best(asked.side) : desk.mid(instrument_);
    const std::uint32_t draw = random.below(100);
    std::int64_t away = 0;
    const bool wide = book.best_ask() - book.best_bid() > 3;
    if (draw < 4 && wide) {
      away = -random.between(1, 2);
    } else if (draw >= 12) {
      away = heavy_tail(random, 8, 8);
    }
    asked.price = behind(asked.side, best, away);
    if (random.chance(20)) {
      const std::int32_t up = asked.side == Side::sell ? 49 : 0;
      asked.price = within_band(std::max((asked.price + up) / 50 * 50, 1));
    }
    if (random.chance(3)) {
      asked.display = std::max<std::int64_t>(1, asked.quantity / 5);
    } else if (random.chance(4)) {
      asked.time_in_force = TimeInForce::gtd;
      asked.expires = desk.now() + Duration{random.between(30, 3600) * second.ns};
    } else if (random.chance(15)) {
      asked.time_in_force = TimeInForce::gtx;
    }
    keep(desk.place(asked));
  }

  void keep(const Placed& placed) {
    if (placed.order.slot != no_slot) {
      live_.push_back(placed.order);
    }
  }

  // Mostly a young one; some of them are gone already.
  void cancel(Desk& desk) {
    Random& random = desk.random();
    while (!live_.empty()) {
      const auto size = static_cast<std::uint32_t>(live_.size());
      const std::uint32_t recent = std::min(size, 20U);
      const std::uint32_t at =
          random.chance(70) ? size - 1 - random.below(recent) : random.below(size);
      const OrderRef order = live_[at];
      live_[at] = live_.back();
      live_.pop_back();
      if (desk.cancel(order)) {
        return;
      }
    }
  }

  std::uint32_t instrument_;
  std::size_t full_;
  std::vector<OrderRef> live_;
};

}  // namespace

void add_noise(Cast& cast) {
  for (std::uint32_t at = 0; at < cast.instruments(); ++at) {
    const auto orders = static_cast<std::size_t>(40 + cast.listing(at).activity / 60);
    cast.join(std::make_unique<Noise>(at, orders), cast.start() + Duration{second.ns / 10 + at});
  }
}

}  // namespace marktwacht::sim
