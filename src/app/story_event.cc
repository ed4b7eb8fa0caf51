// Fields of the event, and what the market knows of the order it is about.
#include "app/story_event.h"

#include <algorithm>
#include <array>

#include "events/ndjson.h"

namespace marktwacht {
namespace {

// What is told of an event besides who, where, side, price and quantity.
constexpr std::array<std::string_view, 18> told = {
    "order_id", "new_order_id",  "reason",     "time_in_force", "display_quantity",
    "kind",     "trigger_price", "status",     "asset",         "amount",
    "result",   "destination",   "device_id",  "aggressor",     "liquidated",
    "trade_id", "channel",       "reduce_only"};

std::string value_of(const Event& event, const FieldInfo& field) {
  switch (field.kind) {
    case FieldKind::id:
      return std::string(member<Text>(event, field).view());
    case FieldKind::decimal:
    case FieldKind::positive:
    case FieldKind::non_negative:
      return format_decimal(member<Decimal>(event, field));
    case FieldKind::count:
      return std::to_string(member<std::int64_t>(event, field));
    case FieldKind::flag:
      return member<bool>(event, field) ? "true" : "false";
    case FieldKind::word:
      return std::string(field.words[member<std::uint8_t>(event, field)]);
    default:
      return {};
  }
}

void take_field(const std::string_view name, std::string value, StoryEvent& story) {
  if (name == "account_id" || name == "from_account_id" || name == "to_account_id" ||
      name == "buyer_id" || name == "seller_id") {
    story.account_ids.push_back(std::move(value));
  } else if (name == "instrument_id") {
    story.instrument_id = std::move(value);
  } else if (name == "side") {
    story.side = std::move(value);
  } else if (name == "price") {
    story.price = std::move(value);
  } else if (name == "quantity") {
    story.quantity = std::move(value);
  } else if (std::ranges::find(told, name) != told.end()) {
    story.more += (story.more.empty() ? "" : ", ") + std::string(name) + " " + value;
  }
}

// The order that is cancelled, replaced or triggered, as it stood before.
void take_order(const OrderTouched& touched, const Market& market, StoryEvent& story) {
  const Directory& directory = market.directory();
  const Terms& terms = directory.instrument(touched.instrument).terms;
  story.account_ids = {directory.account_id(touched.account)};
  story.instrument_id = directory.instrument_id(touched.instrument);
  story.side = word_of(touched.order.side);
  const std::string price =
      touched.order.has_price ? format_scaled(touched.order.price.units, terms.price_scale) : "";
  const std::string quantity =
      touched.order.sized ? format_scaled(touched.order.remaining().units, terms.quantity_scale)
                          : "";
  if (story.type == "replace") {
    story.more += ", was " + price + " × " + quantity;
  }
  story.price = story.price.empty() ? price : story.price;
  story.quantity = story.quantity.empty() ? quantity : story.quantity;
}

// Buyer and seller, also where the trade names only their orders.
void take_fills(const Market& market, std::span<const AccountIndex> subject, StoryEvent& story) {
  std::vector<std::string> parties(2);
  std::vector<Side> own;
  for (const Derived& derived : market.derived()) {
    const Fill* fill = std::get_if<Fill>(&derived);
    if (fill == nullptr || !fill->account.exists()) {
      continue;
    }
    parties[fill->side == Side::buy ? 0 : 1] = market.directory().account_id(fill->account);
    if (std::ranges::find(subject, fill->account) != subject.end()) {
      own.push_back(fill->side);
    }
  }
  std::erase(parties, "");
  story.account_ids = parties.empty() ? story.account_ids : parties;
  if (own.size() == 1) {
    story.side = word_of(own.front());
  } else if (own.size() == 2) {
    story.side = "both";
  }
}

}  // namespace

StoryEvent story_event(const Event& event, std::uint64_t seq, const Market& market,
                       std::span<const AccountIndex> subject) {
  const EventInfo& info = event_info(event.type);
  StoryEvent story;
  story.seq = seq;
  story.ts = event.ts;
  story.type = info.word;
  for (std::size_t i = 0; i < info.fields.size(); ++i) {
    if (event.has(i)) {
      take_field(info.fields[i].name, value_of(event, info.fields[i]), story);
    }
  }
  const bool about_order = event.type == EventType::cancel || event.type == EventType::replace ||
                           event.type == EventType::triggered;
  if (about_order && market.touched()) {
    take_order(*market.touched(), market, story);
  } else if (event.type == EventType::trade) {
    take_fills(market, subject, story);
  }
  write_ndjson(event, story.line);
  return story;
}

}  // namespace marktwacht
