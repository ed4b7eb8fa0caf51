// Orders as the venue keeps and takes them.
#pragma once

#include <cstdint>
#include <limits>

#include "base/time.h"
#include "events/words.h"

namespace marktwacht::sim {

inline constexpr std::uint32_t no_slot = 0;
inline constexpr std::int32_t no_price = std::numeric_limits<std::int32_t>::min();
inline constexpr std::int32_t price_end = 1 << 16;  // prices are ticks from 1 to here, exclusive
inline constexpr std::int32_t price_limit = price_end - 1;
inline constexpr std::uint32_t no_account = 0xFFFF'FFFF;

// What happens when an order would meet one of its own account or of its account's person. Modes as
// venues offer them; `none` lets the two trade.
enum class SelfMatch : std::uint8_t { none, cancel_taker, cancel_maker, cancel_both, decrement };

enum class OrderState : std::uint8_t { free, taking, resting, waiting };

// One live order: a cache line.
struct alignas(64) Order {
  std::uint64_t id = 0;
  std::int64_t remaining = 0;  // lots
  Time placed{};
  std::uint32_t account = 0;
  std::uint32_t owner = 0;          // the agent
  std::uint32_t tag = 0;            // the agent's own mark
  std::int32_t price = no_price;    // ticks
  std::int32_t trigger = no_price;  // ticks; of a waiting order
  std::uint32_t prev = no_slot, next = no_slot;
  std::uint32_t display = 0;  // lots shown at most; 0 = all
  std::uint16_t instrument = 0;
  Side side = Side::buy;
  TimeInForce time_in_force = TimeInForce::gtc;
  OrderState state = OrderState::free;
  SelfMatch self_match = SelfMatch::cancel_taker;
  bool liquidation : 1 = false;
  bool reduce_only : 1 = false;
  std::uint8_t leverage = 0;  // 0: is never liquidated

  std::int64_t visible() const { return display != 0 && display < remaining ? display : remaining; }
};
static_assert(sizeof(Order) == 64);

// Names an order for as long as it lives, and stays harmless afterwards.
struct OrderRef {
  std::uint32_t slot = no_slot;
  std::uint64_t id = 0;
};

struct OrderRequest {
  std::uint32_t account = 0;
  std::uint32_t instrument = 0;
  Side side = Side::buy;
  std::int32_t price = no_price;  // no_price: a market order, which never rests
  std::int64_t quantity = 0;      // lots
  std::int64_t display = 0;       // lots shown at most; 0 = all
  TimeInForce time_in_force = TimeInForce::gtc;
  std::int32_t trigger = no_price;  // waits outside the book: a buy until trades reach it from
                                    // below, a sell from above
  Channel channel = Channel::web;
  SelfMatch self_match = SelfMatch::cancel_taker;
  bool reduce_only = false;
  Time expires{};                          // of gtd
  std::uint32_t copied_from = no_account;  // the leader
  std::uint8_t leverage = 0;               // of a perpetual; 0: all of it is paid
  std::uint32_t tag = 0;                   // the agent's own mark, comes back with fills
};

// What came of a request.
struct Placed {
  OrderRef order{};         // no_slot when nothing of it is live any more
  bool refused = false;     // a `reject` was published instead of an order
  std::int64_t filled = 0;  // lots, at once
};

// A fill as its owner learns of it.
struct Fill {
  OrderRef order{};
  std::uint32_t account = 0;
  std::uint32_t instrument = 0;
  std::uint32_t tag = 0;
  Side side = Side::buy;
  bool maker = false;
  std::int32_t price = 0;
  std::int64_t quantity = 0;
  std::int64_t remaining = 0;  // 0: the order is gone
};

}  // namespace marktwacht::sim
