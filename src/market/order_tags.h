// What the market marks on an order, packed into the 16 bits that the books keep for it. Stored in
// snapshots: never renumber.
#pragma once

#include <bit>
#include <cstdint>

#include "accounts/accounts.h"
#include "events/words.h"

namespace marktwacht {

inline Leg leg_of(PositionSide side) {
  return side == PositionSide::long_ ? Leg::long_leg : Leg::short_leg;
}

// Each from the lowest bit on.
struct OrderTags {
  TimeInForce time_in_force : 3 {};
  PositionEffect position_effect : 2 {};
  Leg leg : 2 {};
  bool reduce_only : 1 = false;
  bool copied : 1 = false;         // channel copy, or copied_from
  bool liquidation : 1 = false;    // channel liquidation
  bool from_snapshot : 1 = false;  // a book_order: never counted as placing
  bool untriggered : 1 = false;    // waits for its trigger, outside the book
  bool by_quote : 1 = false;       // its size is a quote_quantity
  bool has_extra : 1 = false;      // has an OrderExtra
  std::uint8_t unused : 2 = 0;

  std::uint16_t pack() const { return std::bit_cast<std::uint16_t>(*this); }
  static OrderTags unpack(std::uint16_t bits) { return std::bit_cast<OrderTags>(bits); }
};

}  // namespace marktwacht
