// The either-or rules, type by type.
#include "events/shape.h"

namespace marktwacht {
namespace {

std::optional<Fault> missing(bool is_missing, std::string_view field) {
  return is_missing ? std::optional(Fault{RejectReason::missing_field, field}) : std::nullopt;
}

template <class Order>
std::optional<Fault> order_fault(const Order& order) {
  return missing(!order.has_quantity() && !order.has_quote_quantity(), "quantity");
}

// A pair is given whole or not at all, even when the other one would do.
std::optional<Fault> trade_fault(const event::Trade& trade) {
  const bool has_orders = trade.has_maker_order_id() || trade.has_taker_order_id();
  if (has_orders && !(trade.has_maker_order_id() && trade.has_taker_order_id())) {
    return missing(true, trade.has_maker_order_id() ? "taker_order_id" : "maker_order_id");
  }
  if (trade.has_buyer_id() != trade.has_seller_id()) {
    return missing(true, trade.has_buyer_id() ? "seller_id" : "buyer_id");
  }
  return missing(!has_orders && !trade.has_aggressor(), "aggressor");
}

}  // namespace

std::optional<Fault> shape_fault(const Event& event) {
  switch (event.type) {
    case EventType::order:
      return order_fault(as<event::Order>(event));
    case EventType::book_order:
      return order_fault(as<event::BookOrder>(event));
    case EventType::trade:
      return trade_fault(as<event::Trade>(event));
    case EventType::announcement: {
      const auto& announcement = as<event::Announcement>(event);
      return missing(!announcement.has_instrument_id() && !announcement.has_asset(),
                     "instrument_id");
    }
    case EventType::command_result: {
      const auto& result = as<event::CommandResult>(event);
      return missing(!result.has_account_id() && !result.has_instrument_id(), "account_id");
    }
    default:
      return std::nullopt;
  }
}

}  // namespace marktwacht
