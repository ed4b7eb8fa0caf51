// What the market marks on an order, packed into the 16 bits that the books keep for it. Stored in
// snapshots: never renumber.
#pragma once

#include <cstdint>
#include <optional>

#include "events/words.h"

namespace marktwacht {

struct OrderTags {
  TimeInForce time_in_force{};
  PositionEffect position_effect{};
  std::optional<PositionSide> position_side;
  bool reduce_only = false;
  bool copied = false;         // channel copy, or copied_from
  bool liquidation = false;    // channel liquidation
  bool from_snapshot = false;  // a book_order: never counted as placing
  bool untriggered = false;    // waits for its trigger, outside the book
  bool by_quote = false;       // its size is a quote_quantity
  bool has_extra = false;      // has an OrderExtra

  std::uint16_t pack() const {
    unsigned bits = static_cast<unsigned>(time_in_force);                          // 3 bits
    bits |= static_cast<unsigned>(position_effect) << 3;                           // 2 bits
    bits |= (position_side ? 1 + static_cast<unsigned>(*position_side) : 0) << 5;  // 2 bits
    const bool flags[] = {reduce_only, copied,   liquidation, from_snapshot,
                          untriggered, by_quote, has_extra};
    for (unsigned i = 0; i < 7; ++i) {
      bits |= (flags[i] ? 1u : 0u) << (7 + i);
    }
    return static_cast<std::uint16_t>(bits);
  }

  static OrderTags unpack(std::uint16_t bits) {
    OrderTags tags;
    tags.time_in_force = static_cast<TimeInForce>(bits & 7);
    tags.position_effect = static_cast<PositionEffect>(bits >> 3 & 3);
    if (const unsigned side = bits >> 5 & 3; side != 0) {
      tags.position_side = static_cast<PositionSide>(side - 1);
    }
    bool* const flags[] = {&tags.reduce_only,   &tags.copied,      &tags.liquidation,
                           &tags.from_snapshot, &tags.untriggered, &tags.by_quote,
                           &tags.has_extra};
    for (unsigned i = 0; i < 7; ++i) {
      *flags[i] = (bits >> (7 + i) & 1) != 0;
    }
    return tags;
  }
};

}  // namespace marktwacht
