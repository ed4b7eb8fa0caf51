// Commands as events: see stream_events.h.
#include "bench/stream_events.h"

#include <charconv>

#include "base/decimal.h"

namespace marktwacht::bench {
namespace {

constexpr std::string_view quote_asset = "USDT";

Decimal decimal(std::int64_t mantissa, int exponent) {
  const auto value = make_decimal(mantissa, exponent);
  check(value.has_value(), "a decimal in range");
  return *value;
}

Decimal price(const Command& command) { return decimal(command.price, -2); }
Decimal quantity(const Command& command) { return decimal(command.quantity, -3); }

// Sets a member and its bit.
template <class T, class Member, class Value>
void set(T& event, typename T::Field field, Member T::* member, const Value& value) {
  event.*member = value;
  event.present |= std::uint64_t{1} << static_cast<unsigned>(field);
}

#define MW_SET(event, field, value)                                  \
  set(event, std::remove_reference_t<decltype(event)>::Field::field, \
      &std::remove_reference_t<decltype(event)>::field, value)

template <class T>
T& fresh(EventType type, Time ts, Arena& arena) {
  T& event = static_cast<T&>(*event_info(type).make(arena));
  event.ts = ts;
  return event;
}

}  // namespace

Text id_text(std::uint64_t id, Arena& arena) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, id).ptr;
  return make_text(arena.copy(std::string_view(digits, end)));
}

std::vector<StreamEvents::Name> StreamEvents::names(std::uint32_t size, std::string_view head,
                                                    std::string_view tail, std::uint32_t first) {
  std::vector<Name> all(size);
  for (std::uint32_t at = 0; at < size; ++at) {
    all[at].text = std::string(head) + std::to_string(first + at) + std::string(tail);
    all[at].hash = hash_of(all[at].text);
  }
  return all;
}

StreamEvents::StreamEvents(const StreamOptions& options)
    : assets_(names(options.instruments, "C", "", 100)),
      instruments_(names(options.instruments, "C", "-USDT", 100)),
      accounts_(names(options.accounts, "u", "", 10'000'000)) {}

std::vector<const Event*> StreamEvents::declarations(Arena& arena) const {
  std::vector<const Event*> all;
  const auto asset = [&](Text id) {
    auto& event = fresh<event::Asset>(EventType::asset, {}, arena);
    MW_SET(event, asset, id);
    MW_SET(event, decimals, 8);
    all.push_back(&event);
  };
  asset(make_text(quote_asset));
  for (std::size_t at = 0; at < instruments_.size(); ++at) {
    asset(assets_[at].view());
    auto& event = fresh<event::Instrument>(EventType::instrument, {}, arena);
    MW_SET(event, instrument_id, instruments_[at].view());
    MW_SET(event, kind, InstrumentKind::spot);
    MW_SET(event, base, assets_[at].view());
    MW_SET(event, quote, make_text(quote_asset));
    MW_SET(event, tick_size, decimal(1, -2));
    MW_SET(event, lot_size, decimal(1, -3));
    all.push_back(&event);
  }
  for (const Name& name : accounts_) {
    auto& event = fresh<event::Account>(EventType::account, {}, arena);
    MW_SET(event, account_id, name.view());
    all.push_back(&event);
  }
  return all;
}

const Event* StreamEvents::make(const Command& command, Arena& arena) const {
  switch (command.kind) {
    case CommandKind::place:
      return order(command, arena);
    case CommandKind::cancel:
      return cancel(command, arena);
    case CommandKind::replace:
      return replace(command, arena);
    case CommandKind::trade:
      return trade(command, arena);
  }
  __builtin_unreachable();
}

const Event* StreamEvents::order(const Command& command, Arena& arena) const {
  auto& event = fresh<event::Order>(EventType::order, command.ts, arena);
  MW_SET(event, order_id, id_text(command.order_id, arena));
  MW_SET(event, account_id, accounts_[command.account].view());
  MW_SET(event, instrument_id, instruments_[command.instrument].view());
  MW_SET(event, side, command.side);
  MW_SET(event, price, price(command));
  MW_SET(event, quantity, quantity(command));
  MW_SET(event, channel, Channel::api);
  return &event;
}

const Event* StreamEvents::cancel(const Command& command, Arena& arena) const {
  auto& event = fresh<event::Cancel>(EventType::cancel, command.ts, arena);
  MW_SET(event, order_id, id_text(command.order_id, arena));
  MW_SET(event, instrument_id, instruments_[command.instrument].view());
  MW_SET(event, reason, CancelReason::user);
  return &event;
}

const Event* StreamEvents::replace(const Command& command, Arena& arena) const {
  auto& event = fresh<event::Replace>(EventType::replace, command.ts, arena);
  MW_SET(event, order_id, id_text(command.order_id, arena));
  MW_SET(event, instrument_id, instruments_[command.instrument].view());
  MW_SET(event, new_order_id, id_text(command.new_order_id, arena));
  MW_SET(event, price, price(command));
  MW_SET(event, quantity, quantity(command));
  return &event;
}

// The taker's order was never announced: it is gone at once, and the parties stand in for it.
const Event* StreamEvents::trade(const Command& command, Arena& arena) const {
  auto& event = fresh<event::Trade>(EventType::trade, command.ts, arena);
  const Text maker = accounts_[command.maker].view(), taker = accounts_[command.account].view();
  MW_SET(event, trade_id, id_text(command.new_order_id, arena));
  MW_SET(event, instrument_id, instruments_[command.instrument].view());
  MW_SET(event, price, price(command));
  MW_SET(event, quantity, quantity(command));
  MW_SET(event, maker_order_id, id_text(command.order_id, arena));
  MW_SET(event, taker_order_id, event.trade_id);
  MW_SET(event, buyer_id, command.side == Side::buy ? maker : taker);
  MW_SET(event, seller_id, command.side == Side::buy ? taker : maker);
  MW_SET(event, aggressor, opposite(command.side));
  return &event;
}

}  // namespace marktwacht::bench
