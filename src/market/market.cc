// Preparing and committing events, and the whole state in and out.
#include "market/market.h"

#include <algorithm>

namespace marktwacht {

std::optional<Fault> Market::prepare(const Event& event, const Whom* whom) {
  whom_ = whom;
  return visit(event, [this](const auto& typed) -> std::optional<Fault> {
    auto parsed = parse(typed);
    if (!parsed) {
      return parsed.error();
    }
    prepared_.emplace<Parsed<std::remove_cvref_t<decltype(typed)>>>(*parsed);
    return std::nullopt;
  });
}

void Market::commit(const Event& event, const Moment& moment) {
  derived_.clear();
  touched_.reset();
  visit(event,
        [&]<class T>(const T& typed) { commit(typed, std::get<Parsed<T>>(prepared_), moment); });
  feeds_.accept(event, moment.seq, moment.now);
}

// Live orders in the order in which Books saves them.
template <class Visitor>
void Market::visit_orders(Visitor&& visitor) const {
  const auto each = [&](OrderSlot slot) {
    visitor(slot);
    return true;
  };
  for (std::uint32_t i = 0; i < directory_.instruments(); ++i) {
    const InstrumentIndex instrument{i};
    for (const Side side : {Side::buy, Side::sell}) {
      books_.visit_levels(instrument, side, [&](const LevelView& level) {
        books_.visit_queue(instrument, side, level.price, each);
        return true;
      });
    }
    books_.visit_beside(instrument, each);
  }
}

void Market::save_extras(ByteWriter& out) const {
  visit_orders([&](OrderSlot slot) {
    if (OrderTags::unpack(books_.order(slot).tags).has_extra) {
      const OrderExtra& extra = *extras_.find(slot.value);
      out.zigzag(extra.opened_day);
      out.zigzag128(extra.filled_notional);
      out.zigzag128(extra.quote_remaining);
      out.zigzag(extra.trigger_price.units);
    }
  });
}

void Market::load_extras(ByteReader& in) {
  visit_orders([&](OrderSlot slot) {
    if (OrderTags::unpack(books_.order(slot).tags).has_extra) {
      OrderExtra& extra = extras_[slot.value];
      extra.opened_day = in.zigzag();
      extra.filled_notional = in.zigzag128();
      extra.quote_remaining = in.zigzag128();
      extra.trigger_price.units = in.zigzag();
    }
  });
}

void Market::save_valuations(ByteWriter& out) const {
  std::vector<std::uint64_t> keys;
  for (const auto& entry : valuations_) {  // tidy: sorted below
    keys.push_back(entry.first);
  }
  std::ranges::sort(keys);
  out.fixed(first_currency_.value);
  out.varint(keys.size());
  for (const std::uint64_t key : keys) {
    const Decimal& price = valuations_.find(key)->second;
    out.fixed(key);
    out.zigzag128(price.mantissa);
    out.zigzag(price.exponent);
  }
}

void Market::load_valuations(ByteReader& in) {
  first_currency_.value = in.fixed<std::uint32_t>();
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    const auto key = in.fixed<std::uint64_t>();
    Decimal& price = valuations_[key];
    price.mantissa = in.zigzag128();
    price.exponent = static_cast<std::int32_t>(in.zigzag());
  }
}

void Market::save(ByteWriter& out) const {
  directory_.save(out);
  books_.save(out);
  accounts_.save(out);
  links_.save(out);
  feeds_.save(out);
  exemptions_.save(out);
  tape_.save(out);
  gains_.save(out);
  save_extras(out);
  save_valuations(out);
}

bool Market::load(ByteReader& in) {
  if (!directory_.load(in) || !books_.load(in) || !accounts_.load(in) ||
      !links_.load(in, {directory_.accounts(), directory_.instruments()}) || !feeds_.load(in) ||
      !exemptions_.load(in) || !tape_.load(in) ||
      !gains_.load(in, {directory_.accounts(), directory_.instruments(), directory_.assets()})) {
    return false;
  }
  load_extras(in);
  load_valuations(in);
  for (std::uint32_t i = 0; i < directory_.instruments(); ++i) {
    const BookState state = directory_.instrument(InstrumentIndex{i}).book_state;
    unfilled_books_ += state == BookState::whole ? 0 : 1;
  }
  return in.ok() && (!first_currency_.exists() || first_currency_.value < directory_.assets());
}

}  // namespace marktwacht
