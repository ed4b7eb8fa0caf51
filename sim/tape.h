// The tape: everything the exchange publishes, made into events as it happens. Events and their
// texts live until the next call.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "events/event.h"
#include "sim/listing.h"
#include "sim/order.h"
#include "sim/population.h"

namespace marktwacht::sim {

// Takes the stream, in order.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void take(const Event& event) = 0;
};

struct TradeFacts {
  std::uint32_t instrument = 0;
  std::int32_t price = 0;
  std::int64_t quantity = 0;
  std::uint64_t maker_order = 0, taker_order = 0;  // 0: made without orders
  std::uint32_t maker_account = 0, taker_account = 0;
  Side taker_side = Side::buy;
  TradeKind kind = TradeKind::book;
};

class Tape {
 public:
  Tape(const std::vector<Listing>& listings, const Population& population, Sink& sink);

  Time now() const { return now_; }
  // Never goes back.
  void advance(Time to) { now_ = std::max(now_, to); }
  // Some hundreds of nanoseconds pass between two requests.
  void pass() { now_.ns += static_cast<std::int64_t>(300 + (count_ * 0x9E37'79B1U >> 22 & 1023)); }
  std::uint64_t count() const { return count_; }

  void order(const OrderRequest& request, std::uint64_t id, std::int64_t quantity);
  void reject(const OrderRequest& request, RejectedOrderReason reason);
  void cancel(const Order& order, CancelReason reason);
  // Without `price` the price stays, with new_id 0 the id.
  void replace(const Order& order, std::uint64_t new_id, std::int32_t price, std::int64_t quantity);
  void triggered(const Order& order);
  void trade(const TradeFacts& trade);
  void index_price(std::uint32_t instrument, std::int64_t sixteenths, IndexStatus status);
  void mark_price(std::uint32_t instrument, std::int32_t price);
  void settlement(std::uint32_t instrument, std::int32_t price, std::int64_t rate_millionths);

  // Any event, stamped with the present moment.
  void publish(Event& event) {
    event.ts = now_;
    ++count_;
    sink_.take(event);
  }

  Text instrument_id(std::uint32_t instrument) const {
    const std::string& id = listings_[instrument].instrument_id;
    return {id.data(), static_cast<std::uint32_t>(id.size()), instrument_hashes_[instrument]};
  }
  Decimal price(std::uint32_t instrument, std::int64_t ticks) const;
  Decimal quantity(std::uint32_t instrument, std::int64_t lots) const;
  // What the trade is worth, in the quote asset.
  Decimal notional(std::uint32_t instrument, std::int64_t ticks, std::int64_t lots) const;

 private:
  using IdText = std::array<char, 24>;
  static Text text(std::uint64_t id, IdText& room);
  Decimal fee(const Listing& listing, std::int64_t ticks, std::int64_t lots,
              std::int64_t rate) const;

  const std::vector<Listing>& listings_;
  const Population& population_;
  Sink& sink_;
  std::vector<std::uint32_t> instrument_hashes_;
  Time now_;
  std::uint64_t count_ = 0;
  std::uint64_t trades_ = 0;
  IdText first_id_, second_id_, trade_id_;
  event::Order order_;
  event::Reject reject_;
  event::Cancel cancel_;
  event::Replace replace_;
  event::Trade trade_;
};

}  // namespace marktwacht::sim
