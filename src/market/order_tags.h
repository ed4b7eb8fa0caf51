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
    const unsigned leg = position_side ? 1 + static_cast<unsigned>(*position_side) : 0;
    return static_cast<std::uint16_t>(
        static_cast<unsigned>(time_in_force) | static_cast<unsigned>(position_effect) << 3 |
        leg << 5 | bit(reduce_only, 7) | bit(copied, 8) | bit(liquidation, 9) |
        bit(from_snapshot, 10) | bit(untriggered, 11) | bit(by_quote, 12) | bit(has_extra, 13));
  }

  static OrderTags unpack(std::uint16_t bits) {
    OrderTags tags;
    tags.time_in_force = static_cast<TimeInForce>(bits & 7);
    tags.position_effect = static_cast<PositionEffect>(bits >> 3 & 3);
    if (const int leg = bits >> 5 & 3; leg != 0) {
      tags.position_side = static_cast<PositionSide>(leg - 1);
    }
    tags.reduce_only = is_set(bits, 7);
    tags.copied = is_set(bits, 8);
    tags.liquidation = is_set(bits, 9);
    tags.from_snapshot = is_set(bits, 10);
    tags.untriggered = is_set(bits, 11);
    tags.by_quote = is_set(bits, 12);
    tags.has_extra = is_set(bits, 13);
    return tags;
  }

 private:
  static constexpr unsigned bit(bool set, int place) { return (set ? 1u : 0u) << place; }
  static constexpr bool is_set(std::uint16_t bits, int place) { return (bits >> place & 1) != 0; }
};

}  // namespace marktwacht
