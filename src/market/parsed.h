// Events after their checks, in the market's own numbers: what `parse` gives and `commit` takes.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "books/books.h"
#include "events/event.h"
#include "market/directory.h"
#include "market/order_tags.h"

namespace marktwacht {

struct ParsedNothing {};

struct ParsedInstrument {
  Terms terms;
  InstrumentGrid grid;
};

// Where an event happens; none where it names no instrument.
struct ParsedPlace {
  InstrumentIndex instrument;
};

struct ParsedAmount {
  Int128 units = 0;  // in the asset's decimals
};

struct ParsedBalance {
  Int128 total = 0, available = 0;
};

struct ParsedPosition {
  InstrumentIndex instrument;
  Quantity quantity;
  std::optional<Price> entry_price;
};

struct ParsedPrice {
  InstrumentIndex instrument;
  Price price;
};

struct ParsedOrder {
  InstrumentIndex instrument;
  NewOrder order;  // but for account and time
  IdKey key;       // of its id
  OrderTags tags;
  Int128 quote = 0;  // of an order by quote_quantity, in 10^-notional_scale
  Price trigger_price;
};

struct ParsedFound {
  OrderSlot order;  // none where it may be one that we could not see
};

struct ParsedReplace {
  OrderSlot order;
  std::optional<Price> price;
  std::optional<Quantity> quantity;
};

struct ParsedTrade {
  InstrumentIndex instrument;
  Price price;
  Quantity quantity;
  Money notional;
  TradeKind kind{};
  OrderSlot maker, taker;  // none where not named or not known
  Side taker_side{};
  Int128 maker_fee = 0, taker_fee = 0;  // in their assets' decimals
  std::uint32_t unknown_orders = 0;
  Text trade_id;
};

using ParsedEvent =
    std::variant<ParsedNothing, ParsedInstrument, ParsedPlace, ParsedAmount, ParsedBalance,
                 ParsedPosition, ParsedPrice, ParsedOrder, ParsedFound, ParsedReplace, ParsedTrade>;

// What the checks of one event type give.
template <class EventStruct>
struct ParsedAs {
  using type = ParsedNothing;
};

#define MW_PARSED_AS(Name, Parsed) \
  template <>                      \
  struct ParsedAs<event::Name> {   \
    using type = Parsed;           \
  };
MW_PARSED_AS(Instrument, ParsedInstrument)
MW_PARSED_AS(Exemption, ParsedPlace)
MW_PARSED_AS(Deposit, ParsedAmount)
MW_PARSED_AS(Withdrawal, ParsedAmount)
MW_PARSED_AS(Transfer, ParsedAmount)
MW_PARSED_AS(Reward, ParsedAmount)
MW_PARSED_AS(Ledger, ParsedAmount)
MW_PARSED_AS(Balance, ParsedBalance)
MW_PARSED_AS(Order, ParsedOrder)
MW_PARSED_AS(BookOrder, ParsedOrder)
MW_PARSED_AS(Triggered, ParsedFound)
MW_PARSED_AS(Replace, ParsedReplace)
MW_PARSED_AS(Cancel, ParsedFound)
MW_PARSED_AS(Reject, ParsedPlace)
MW_PARSED_AS(BookReset, ParsedPlace)
MW_PARSED_AS(Trade, ParsedTrade)
MW_PARSED_AS(Position, ParsedPosition)
MW_PARSED_AS(IndexPrice, ParsedPrice)
MW_PARSED_AS(MarkPrice, ParsedPrice)
MW_PARSED_AS(Settlement, ParsedPrice)
MW_PARSED_AS(Announcement, ParsedPlace)
MW_PARSED_AS(CommandResult, ParsedPlace)
MW_PARSED_AS(Decision, ParsedPlace)
#undef MW_PARSED_AS

template <class EventStruct>
using Parsed = typename ParsedAs<EventStruct>::type;

}  // namespace marktwacht
