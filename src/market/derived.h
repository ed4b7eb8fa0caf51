// What the market view derives from the stream, once for all who listen: fills, withdrawals of
// visible interest, ends of orders, messages (rules.md, "derived").
#pragma once

#include <cstdint>
#include <variant>

#include "base/fixed.h"
#include "base/index.h"
#include "base/time.h"
#include "events/words.h"

namespace marktwacht {

// An order as its end or its fill left it: the order itself may be gone.
struct OrderFacts {
  bool known = false;  // false: the trade named no order that we know
  bool has_price = false;
  Side side{};
  Price price;
  bool sized = false;  // false: by quote_quantity, so that `quantity` says what was filled
  Quantity quantity;   // all of it: filled and remaining
  Quantity filled;
  Time placed;
  TimeInForce time_in_force{};
  PositionEffect position_effect{};
  bool reduce_only = false;
  bool copied = false;  // channel copy

  Quantity remaining() const { return quantity - filled; }
};

// The order that an order, triggered, replace or cancel is about, as it was before a replace or
// cancel changed it.
struct OrderTouched {
  AccountIndex account;
  InstrumentIndex instrument;
  OrderFacts order;
  // False: it waits for its trigger or was resting when the feed began, and counts as nothing.
  bool counts = false;
};

// Where an order stood in its book, before what happened to it.
struct Standing {
  bool rested = false;  // else the rest says nothing
  Side side{};
  Price price;
  Price touch;                   // the best price of its side
  std::int64_t touch_units = 0;  // how far behind that it stood, in price units
  Quantity own;                  // its visible quantity
  // Of that, what still stands at its price or better: `Market::depth_before` needs it.
  Quantity left;
};

// One side of a trade.
struct Fill {
  AccountIndex account;
  InstrumentIndex instrument;
  AccountIndex counterparty;  // none where the trade does not say
  OrderFacts order, counterparty_order;
  Side side{};
  Price price;
  Quantity quantity;
  Money notional;  // 10^-notional_scale
  bool maker = false;
  TradeKind kind{};
  Quantity opened, closed;
  bool first_opening = false;  // its order is known and opened something, the first time that day
  std::int64_t held_ms = 0;
  Money realised_gain;  // 10^-gain_scale
  Money fee;            // in the fee asset's decimals
  AssetIndex fee_asset;
  bool same_account = false;
  bool same_group = false;
};

// Visible interest taken back before it traded: a user's cancel, or a replace that moves the price
// or cuts the quantity.
struct Withdrawn {
  AccountIndex account;
  InstrumentIndex instrument;
  bool by_replace = false;  // else by cancel, reason user
  OrderFacts order;
  Standing standing;
  Quantity quantity;
  Money notional;
  std::int64_t age_ms = 0;
  bool large = false;
};

// How an order ended: filled, or the reason of its cancel.
struct OrderClosed {
  AccountIndex account;
  InstrumentIndex instrument;
  bool filled = false;
  CancelReason reason{};  // when not filled
  OrderFacts order;
  Standing standing;
  Money notional;  // of the whole quantity at its own price; of fills where it had none
  Money filled_notional;
  std::int64_t life_ms = 0;
  bool large = false;
};

enum class MessageKind : std::uint8_t { order, replace, cancel, reject };

struct Message {
  AccountIndex account;
  InstrumentIndex instrument;
  MessageKind kind{};
};

using Derived = std::variant<Fill, Withdrawn, OrderClosed, Message>;

// Which kinds somebody listens to; the others are not made.
struct Listening {
  bool fill = false, withdrawn = false, order_closed = false, message = false;
  bool order_touched = false;
  bool tape = false;      // Market::tape() is kept
  bool owned = false;     // Books::visit_owned is kept
  bool lockstep = false;  // Links::lockstep is kept, though the table of weights does not ask
};

}  // namespace marktwacht
