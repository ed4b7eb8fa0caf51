// One person with two accounts trades with itself to make an instrument look busy (clause 2.7).
#include <memory>

#include "sim/agents/draws.h"
#include "sim/catalogue.h"
#include "sim/desk.h"

namespace marktwacht::sim {
namespace {

class SelfTrader : public Agent {
 public:
  SelfTrader(std::uint32_t maker, std::uint32_t taker, std::uint32_t instrument,
             std::int64_t trades)
      : maker_(maker), taker_(taker), instrument_(instrument), trades_(trades) {}

  // Puts one order inside the spread, or where there is no room behind the best, and takes it with
  // the other account at once.
  Time wake(Desk& desk) override {
    const Book& book = desk.book(instrument_);
    if (book.has(Side::buy) && book.has(Side::sell)) {
      const std::int32_t price = book.best_bid() + 1;
      trade(desk, price, book.level(price).visible);
    }
    if (done_ == trades_) {
      desk.close_label(label_);
      return never;
    }
    return desk.now() + desk.random().wait(Duration{20 * second.ns});
  }

 private:
  void trade(Desk& desk, std::int32_t price, std::int64_t ahead) {
    if (done_ == 0) {
      label_ = desk.open_label({.clause = "2.7",
                                .detector = "self_trade",
                                .accounts = {maker_, taker_},
                                .instrument_id = desk.listing(instrument_).instrument_id});
    }
    const OrderRequest sale{.account = maker_,
                            .instrument = instrument_,
                            .side = Side::sell,
                            .price = price,
                            .quantity = draw_lots(desk.listing(instrument_), desk.random()),
                            .channel = Channel::api,
                            .self_match = SelfMatch::none};
    OrderRequest purchase = sale;
    purchase.account = taker_;
    purchase.side = Side::buy;
    purchase.quantity += ahead;
    purchase.time_in_force = TimeInForce::ioc;
    desk.place(sale);
    desk.place(purchase);
    ++done_;
  }

  std::uint32_t maker_, taker_, instrument_;
  std::int64_t trades_, done_ = 0;
  std::size_t label_ = 0;
};

}  // namespace

// Each hour of the stream one of them; more trades the more severe.
void add_self_trade(Cast& cast) {
  constexpr Duration hour{3600 * second.ns};
  for (Time at = cast.start() + Duration{600 * second.ns}; at < cast.start() + cast.length();
       at = at + hour) {
    const std::uint32_t maker = cast.take_account(), taker = cast.take_account();
    if (maker == no_account || taker == no_account) {
      return;
    }
    cast.declare(maker, {.person = maker});
    cast.declare(taker, {.person = maker});
    const std::uint32_t instrument = cast.random().below(cast.instruments());
    const std::int64_t trades = 6 + 40 * cast.severity_per_mille() / 1000;
    cast.join(std::make_unique<SelfTrader>(maker, taker, instrument, trades), at);
  }
}

}  // namespace marktwacht::sim
