// The matching engine: price-time priority, every time in force, trigger orders, self-match
// prevention, liquidations. What it decides it writes on the tape.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/book.h"
#include "sim/listing.h"
#include "sim/order.h"
#include "sim/positions.h"
#include "sim/tape.h"

namespace marktwacht::sim {

// An iceberg's hidden part keeps the place of the order. Trades of one order bear one time.
class Venue {
 public:
  // `insurance` takes over what a liquidation cannot sell.
  Venue(const std::vector<Listing>& listings, const Population& population, Tape& tape,
        std::uint32_t insurance);

  // `owner` is told of the fills.
  Placed place(const OrderRequest& request, std::uint32_t owner);
  // Publishes that the request was refused.
  void refuse(const OrderRequest& request, RejectedOrderReason reason);
  // False when it was gone already.
  bool cancel(OrderRef ref, CancelReason reason);
  // New terms; `quantity` is what shall remain. Priority is lost and the id changes unless only the
  // quantity falls. What comes back has no slot when nothing is live any more; a post-only order
  // that would trade is refused its new price and stays.
  Placed replace(OrderRef ref, std::int32_t price, std::int64_t quantity);
  // A new mark price: liquidates who cannot hold on.
  void mark(std::uint32_t instrument, std::int32_t price);
  // Expires gtd orders that are due.
  void expire(Time until);

  const Book& book(std::uint32_t instrument) const { return books_[instrument]; }
  const OrderPool& orders() const { return orders_; }
  // The price of the last trade; the listing's first price before there was one.
  std::int32_t last_price(std::uint32_t instrument) const { return last_[instrument]; }
  void set_last_price(std::uint32_t instrument, std::int32_t price) { last_[instrument] = price; }
  std::int64_t position(std::uint32_t account, std::uint32_t instrument) const {
    return positions_.quantity(account, instrument);
  }
  // Fills that their owners have not been told of yet; each with its owner.
  struct Notice {
    std::uint32_t owner = 0;
    Fill fill;
  };
  std::vector<Notice>& notices() { return notices_; }
  // Live orders that wait for their trigger.
  std::size_t waiting(std::uint32_t instrument) const {
    return waiting_[instrument].buys.size() + waiting_[instrument].sells.size();
  }

 private:
  struct WaitingOrder {
    std::int32_t trigger;
    std::uint64_t id;
    std::uint32_t slot;
  };
  struct Waiting {  // the next that is due stands last
    std::vector<WaitingOrder> buys, sells;
  };
  struct Expiry {
    Time due;
    OrderRef order;
  };

  // venue.cc
  void expire_at(OrderRef order, Time due);
  void wait(std::uint32_t slot);
  void stop_waiting(const Order& order);
  bool keep_reducing(std::uint32_t slot);
  void fire_triggers(std::uint32_t instrument);

  // venue_match.cc
  bool meets(const Order& order, std::int32_t price) const;
  bool can_fill(const Order& order) const;
  std::int64_t execute(std::uint32_t slot);
  bool match_next(std::uint32_t slot);
  bool prevent_self_match(std::uint32_t taker, std::uint32_t maker);
  void trade(std::uint32_t taker, std::uint32_t maker, std::int64_t quantity);
  void notify(const Order& order, std::uint32_t slot, bool maker, std::int32_t price,
              std::int64_t quantity);
  void end(std::uint32_t slot, CancelReason reason);

  // venue_liquidate.cc
  void liquidate(std::uint32_t account, std::uint32_t instrument, std::int32_t mark);
  void cancel_all(std::uint32_t account, std::uint32_t instrument);

  const std::vector<Listing>& listings_;
  const Population& population_;
  Tape& tape_;
  OrderPool orders_;
  std::vector<Book> books_;
  std::vector<Waiting> waiting_;
  std::vector<std::int32_t> last_;
  std::vector<Expiry> expiries_;  // a heap, the first due on top; some orders are gone already
  std::vector<Time> expires_;     // by slot, of gtd orders
  Positions positions_;
  std::vector<Notice> notices_;
  std::uint64_t ids_ = 0;
  std::uint32_t insurance_;
};

}  // namespace marktwacht::sim
