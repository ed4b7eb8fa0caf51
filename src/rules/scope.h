// What an expression can see: one event as it is being counted, or one key as it is being judged.
#pragma once

#include <cstdint>
#include <string_view>

#include "events/event.h"
#include "findings/alert_opened.h"
#include "market/market.h"
#include "rules/number.h"

namespace marktwacht {

// Stored in snapshots: never renumber. The stream's types have their own codes (table.h); what is
// derived comes behind them.
enum class RuleEvent : std::uint8_t {
  order = static_cast<int>(EventType::order),
  triggered = static_cast<int>(EventType::triggered),
  replace = static_cast<int>(EventType::replace),
  cancel = static_cast<int>(EventType::cancel),
  reject = static_cast<int>(EventType::reject),
  fill = 64,
  withdrawn = 65,
  order_closed = 66,
  message = 67,
  alert = 68,
};
inline constexpr std::size_t rule_events_end = 69;

constexpr RuleEvent rule_event(EventType type) { return static_cast<RuleEvent>(type); }

struct Scope {
  const Market* market = nullptr;
  Time now;
  Time window_start;  // events at or before it are outside a sliding window
  bool window_start_counts = true;
  AccountIndex account;
  InstrumentIndex instrument;

  // The event being counted; what it does not have is nullptr.
  const Event* raw = nullptr;
  const OrderFacts* order = nullptr;
  const OrderFacts* counterparty_order = nullptr;
  const Fill* fill = nullptr;
  const Withdrawn* withdrawn = nullptr;
  const OrderClosed* order_closed = nullptr;
  const Message* message = nullptr;
  const AlertHeard* alert = nullptr;

  // The key being judged: what its aggregates and lets amount to.
  const Number* aggregates = nullptr;
  const Number* lets = nullptr;
  const Number* baselines = nullptr;

  // Set when a comparison met a faulty number: then the result says nothing.
  mutable bool faulty = false;
};

}  // namespace marktwacht
