// Prices the exchange publishes, people's words, and records that change nothing in the market.
#include "market/market.h"

namespace marktwacht {

std::expected<ParsedPrice, Fault> Market::stated_price(Text instrument_id,
                                                       const Decimal& price) const {
  const auto index = instrument(instrument_id, "instrument_id");
  if (!index) {
    return std::unexpected(index.error());
  }
  const Instrument& of = directory_.instrument(*index);
  if (!of.may_price_at(price)) {
    return std::unexpected(Fault{RejectReason::bad_value, "price"});
  }
  const auto units = units_of(price, of.terms.price_scale, "price");
  if (!units) {
    return std::unexpected(units.error());
  }
  return ParsedPrice{*index, Price{*units}};
}

std::expected<ParsedPrice, Fault> Market::parse(const event::IndexPrice& event) const {
  return stated_price(event.instrument_id, event.price);
}

void Market::commit(const event::IndexPrice& event, const ParsedPrice& parsed, const Moment&) {
  Instrument& of = directory_.instrument(parsed.instrument);
  of.index_price = parsed.price;
  of.index_status = event.status;
}

std::expected<ParsedPrice, Fault> Market::parse(const event::MarkPrice& event) const {
  return stated_price(event.instrument_id, event.price);
}

void Market::commit(const event::MarkPrice&, const ParsedPrice& parsed, const Moment&) {
  directory_.instrument(parsed.instrument).mark_price = parsed.price;
}

std::expected<ParsedPrice, Fault> Market::parse(const event::Settlement& event) const {
  return stated_price(event.instrument_id, event.price);
}

void Market::commit(const event::Settlement&, const ParsedPrice& parsed, const Moment& moment) {
  if (keeps_lockstep()) {
    links_.notice(parsed.instrument, moment.now);
  }
  directory_.instrument(parsed.instrument).settlement_price = parsed.price;
}

// Events that may name an instrument, which must then be known.
#define MW_PARSE_PLACE(Name)                                                        \
  std::expected<ParsedPlace, Fault> Market::parse(const event::Name& event) const { \
    if (!event.has_instrument_id()) {                                               \
      return ParsedPlace{};                                                         \
    }                                                                               \
    const auto index = instrument(event.instrument_id, "instrument_id");            \
    return index ? std::expected<ParsedPlace, Fault>(ParsedPlace{*index})           \
                 : std::unexpected(index.error());                                  \
  }
MW_PARSE_PLACE(Exemption)
MW_PARSE_PLACE(Reject)
MW_PARSE_PLACE(BookReset)
MW_PARSE_PLACE(Announcement)
MW_PARSE_PLACE(CommandResult)
#undef MW_PARSE_PLACE

// Whatever it is about, what it moves is not only that.
void Market::commit(const event::Announcement&, const ParsedPlace&, const Moment& moment) {
  if (keeps_lockstep()) {
    links_.notice(InstrumentIndex::none(), moment.now);
  }
}

void Market::commit(const event::CommandResult& event, const ParsedPlace&, const Moment&) {
  if (event.has_account_id()) {
    account(event.account_id);
  }
}

std::expected<ParsedNothing, Fault> Market::parse(const event::Post& event) const {
  for (const Text& id : event.instrument_ids) {
    if (const auto index = instrument(id, "instrument_ids"); !index) {
      return std::unexpected(index.error());
    }
  }
  return {};
}

void Market::commit(const event::Post& event, const ParsedNothing&, const Moment&) {
  if (event.has_account_id()) {
    account(event.account_id);
  }
}

// Events that only show that their account exists.
#define MW_SEEN_ACCOUNT(Name)                                                                \
  std::expected<ParsedNothing, Fault> Market::parse(const event::Name&) const { return {}; } \
  void Market::commit(const event::Name& event, const ParsedNothing&, const Moment&) {       \
    account(event.account_id);                                                               \
  }
MW_SEEN_ACCOUNT(Credential)
MW_SEEN_ACCOUNT(Report)
MW_SEEN_ACCOUNT(Appeal)
#undef MW_SEEN_ACCOUNT

// Events that change nothing here.
#define MW_NO_EFFECT(Name)                                                                   \
  std::expected<ParsedNothing, Fault> Market::parse(const event::Name&) const { return {}; } \
  void Market::commit(const event::Name&, const ParsedNothing&, const Moment&) {}
MW_NO_EFFECT(Tick)
MW_NO_EFFECT(Alert)
MW_NO_EFFECT(Proposal)
MW_NO_EFFECT(Timer)
MW_NO_EFFECT(Config)
#undef MW_NO_EFFECT

}  // namespace marktwacht
