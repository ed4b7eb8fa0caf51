// Executors: a large order for a client, cut into slices at round seconds (TWAP) or shown a part at
// a time (iceberg).
#include <memory>

#include "sim/agents/draws.h"
#include "sim/catalogue.h"
#include "sim/desk.h"

namespace marktwacht::sim {
namespace {

constexpr std::int64_t share = 8;  // per mille of the instrument's events

class Executor : public Agent {
 public:
  Executor(std::uint32_t instrument, std::uint32_t account)
      : instrument_(instrument), account_(account) {}

  Time wake(Desk& desk) override {
    Random& random = desk.random();
    if (left_ <= 0) {
      begin(desk);
    }
    if (iceberg_) {
      show(desk);
    } else {
      slice(desk);
    }
    const Time next = desk.now() + random.wait(desk.pace(instrument_, share));
    // At a whole second, like everybody's schedule.
    return iceberg_ ? next : Time{(next.ns / second.ns + 1) * second.ns};
  }

  void filled(const Fill& fill, Desk&) override { left_ -= fill.quantity; }

 private:
  void begin(Desk& desk) {
    Random& random = desk.random();
    desk.cancel(order_);
    side_ = draw_side(random);
    iceberg_ = random.chance(40);
    slice_ = draw_lots(desk.listing(instrument_), random);
    left_ = slice_ * random.between(20, 60);
  }

  OrderRequest request(Desk& desk) const {
    const Book& book = desk.book(instrument_);
    return {.account = account_,
            .instrument = instrument_,
            .side = side_,
            .price = book.has(side_) ? book.best(side_) : desk.mid(instrument_),
            .quantity = std::min(slice_, left_),
            .channel = Channel::api};
  }

  // What the last slice left is taken back; every third slice takes.
  void slice(Desk& desk) {
    desk.cancel(order_);
    OrderRequest asked = request(desk);
    if (desk.random().below(3) == 0) {
      asked.price = no_price;
      asked.time_in_force = TimeInForce::ioc;
    }
    order_ = desk.place(asked).order;
  }

  // Follows the best price, showing one slice of all that is left.
  void show(Desk& desk) {
    OrderRequest asked = request(desk);
    if (const Order* order = desk.find(order_); order != nullptr) {
      if (order->price != asked.price) {
        order_ = desk.replace(order_, asked.price, order->remaining).order;
      }
      return;
    }
    asked.quantity = left_;
    asked.display = slice_;
    order_ = desk.place(asked).order;
  }

  std::uint32_t instrument_, account_;
  OrderRef order_;
  Side side_ = Side::buy;
  bool iceberg_ = false;
  std::int64_t slice_ = 0, left_ = 0;
};

}  // namespace

void add_executor(Cast& cast) {
  const std::vector<std::uint32_t> accounts = cast.take_accounts(50);
  for (std::uint32_t at = 0; at < cast.instruments() && !accounts.empty(); ++at) {
    const std::uint32_t account = accounts[at % accounts.size()];
    cast.declare(account, {.kyc_level = 3});
    cast.look_alike("executor", {account}, at);
    cast.join(std::make_unique<Executor>(at, account), cast.start() + Duration{10 * second.ns});
  }
}

}  // namespace marktwacht::sim
