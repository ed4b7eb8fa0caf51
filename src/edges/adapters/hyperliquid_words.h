// The node's words and what they mean in the event stream.
#pragma once

#include <optional>
#include <string_view>

#include "events/words.h"

namespace marktwacht {

enum class StatusKind : std::uint8_t { open, triggered, filled, canceled, rejected };

// `cancel` is the reason where a live order ends by this status (a refusal after the trigger, too);
// `reject` the one where an order was refused at once.
struct StatusWord {
  StatusKind kind{};
  CancelReason cancel = CancelReason::system;
  RejectedOrderReason reject = RejectedOrderReason::other;
};

// Nothing for a word that does not even end like a cancellation or a refusal.
std::optional<StatusWord> parse_status(std::string_view word);

// `tif` is empty for trigger orders: then the type decides ("Stop Market" never rests). Nothing for
// a word that we do not know.
std::optional<TimeInForce> parse_time_in_force(std::string_view tif, std::string_view order_type);

// What the `dir` of a fill says about the position: "Open Long", "Close Short"; none for others.
PositionEffect parse_direction(std::string_view direction);

}  // namespace marktwacht
