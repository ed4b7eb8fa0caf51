// The statuses that Hyperliquid documents for `orderStatus`, with our reasons.
#include "edges/adapters/hyperliquid_words.h"

namespace marktwacht {
namespace {

struct NamedStatus {
  std::string_view name;
  StatusWord word;
};

constexpr StatusWord canceled(CancelReason reason) { return {StatusKind::canceled, reason}; }
constexpr StatusWord rejected(CancelReason late,
                              RejectedOrderReason reason = RejectedOrderReason::other) {
  return {StatusKind::rejected, late, reason};
}

// Words that are not here end as `system` and `other`: see parse_status.
constexpr NamedStatus statuses[] = {
    {"open", {StatusKind::open}},
    {"triggered", {StatusKind::triggered}},
    {"filled", {StatusKind::filled}},
    {"canceled", canceled(CancelReason::user)},
    {"selfTradeCanceled", canceled(CancelReason::self_match)},
    {"reduceOnlyCanceled", canceled(CancelReason::reduce_only)},
    {"siblingFilledCanceled", canceled(CancelReason::oco)},
    {"delistedCanceled", canceled(CancelReason::admin)},
    {"liquidatedCanceled", canceled(CancelReason::liquidation)},
    // The dead man's switch: its client was silent for too long.
    {"scheduledCancel", canceled(CancelReason::disconnect)},
    {"outcomeSettledCanceled", canceled(CancelReason::expired)},
    {"badAloPxRejected", rejected(CancelReason::post_only, RejectedOrderReason::post_only)},
    {"perpMarginRejected", rejected(CancelReason::system, RejectedOrderReason::margin)},
    {"iocCancelRejected", rejected(CancelReason::ioc)},
    {"marketOrderNoLiquidityRejected", rejected(CancelReason::ioc)},
    {"reduceOnlyRejected", rejected(CancelReason::reduce_only)},
    {"rejected", rejected(CancelReason::system)},
};

}  // namespace

std::optional<StatusWord> parse_status(std::string_view word) {
  for (const NamedStatus& status : statuses) {
    if (status.name == word) {
      return status.word;
    }
  }
  if (word.ends_with("Canceled") || word.ends_with("Cancel")) {
    return canceled(CancelReason::system);
  }
  if (word.ends_with("Rejected")) {
    return rejected(CancelReason::system);
  }
  return std::nullopt;
}

std::optional<TimeInForce> parse_time_in_force(std::string_view tif, std::string_view order_type) {
  if (tif.empty()) {
    return order_type.ends_with("Market") ? TimeInForce::ioc : TimeInForce::gtc;
  }
  if (tif == "Alo") {
    return TimeInForce::gtx;
  }
  if (tif == "Gtc") {
    return TimeInForce::gtc;
  }
  if (tif == "Ioc" || tif == "FrontendMarket" || tif == "LiquidationMarket") {
    return TimeInForce::ioc;
  }
  return std::nullopt;
}

PositionEffect parse_direction(std::string_view direction) {
  if (direction.starts_with("Open ")) {
    return PositionEffect::open;
  }
  return direction.starts_with("Close ") ? PositionEffect::close : PositionEffect::none;
}

}  // namespace marktwacht
