// Each event changes at most a few orders: what is shown of them is compared with how they stand.
#include "edges/itch/itch_stream.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace marktwacht {

std::uint64_t ItchStream::total() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

std::expected<void, std::string> ItchStream::outcome() const {
  return error_.empty() ? std::expected<void, std::string>{} : std::unexpected(error_);
}

std::expected<void, std::string> ItchStream::take(const Event& event, const Step& step) {
  // An engine that goes on from a snapshot has orders whose events nobody will bring.
  const bool restored = !std::exchange(begun_, true) && step.seq > 1;
  if (!engine_.clock()) {
    now_ = step.now;  // declarations alone; the stream may begin before them
    return {};
  }
  pass_time(step.now);
  list_instruments();
  if (error_.empty()) {
    restored ? show_books() : apply(event);
  }
  return outcome();
}

std::expected<void, std::string> ItchStream::finish() {
  if (!begun_) {
    return {};
  }
  pass_time(now_);
  list_instruments();
  while (!held_.empty()) {
    release(held_.front().instrument);
  }
  write_system(ItchSystemEvent::ends);
  return outcome();
}

// Books go on over midnight. The end is said once: readers stop there.
void ItchStream::pass_time(Time now) {
  now_ = now;
  if (const std::int64_t number = now.ns / day.ns; day_ != number) {
    day_ = number;
    write_system(ItchSystemEvent::begins);
  }
}

void ItchStream::list_instruments() {
  const Directory& directory = market().directory();
  while (listed_.size() < directory.instruments()) {
    const InstrumentIndex next{static_cast<std::uint32_t>(listed_.size())};
    if (next.value + 1 > UINT16_MAX) {
      error_ = "instrument " + directory.instrument_id(next) + ": ITCH has numbers for 65535";
      return;
    }
    const Instrument& instrument = directory.instrument(next);
    listed_.push_back({instrument.tick, instrument.lot, symbol_of(next)});
    write(next, ItchDirectory{listed_.back().symbol});
  }
}

ItchSymbol ItchStream::symbol_of(InstrumentIndex instrument) {
  const std::string& id = market().directory().instrument_id(instrument);
  ItchSymbol symbol;
  symbol.fill(' ');
  const bool fits = id.size() <= symbol.size() &&
                    std::ranges::all_of(id, [](char c) { return c > ' ' && c <= '~'; });
  const std::string text = fits ? id : "#" + std::to_string(instrument.value + 1);
  if (!fits && without_symbol_++ == 0) {
    first_without_symbol_ = instrument;
  }
  std::ranges::copy(text, symbol.begin());
  return symbol;
}

std::string ItchStream::note() const {
  if (without_symbol_ == 0) {
    return "";
  }
  const std::string number = std::to_string(first_without_symbol_.value + 1);
  return "ids that are no symbols of eight characters: " + std::to_string(without_symbol_) +
         "; # and the instrument's number stand in their place, #" + number + " for " +
         market().directory().instrument_id(first_without_symbol_);
}

void ItchStream::show_books() {
  for (std::uint32_t at = 0; at < listed_.size(); ++at) {
    for (const Side side : {Side::buy, Side::sell}) {
      const Books& books = market().books();
      books.visit_levels({at}, side, [&](const LevelView& level) {
        books.visit_queue({at}, side, level.price, [&](OrderSlot slot) {
          add(std::string(books.order_id(slot)), {at}, *standing(slot));
          return true;
        });
        return true;
      });
    }
  }
}

void ItchStream::apply(const Event& event) {
  switch (event.type) {
    case EventType::order:
      return placed(as<event::Order>(event).order_id);
    case EventType::book_order:
      return placed(as<event::BookOrder>(event).order_id);
    case EventType::triggered:
      return placed(as<event::Triggered>(event).order_id);
    case EventType::replace:
      return replaced(as<event::Replace>(event));
    case EventType::cancel:
      return cancelled(as<event::Cancel>(event).order_id.view());
    case EventType::trade:
      return traded(as<event::Trade>(event));
    case EventType::book_reset:
      return reset(market().directory().find_instrument(as<event::BookReset>(event).instrument_id));
    default:
      return;
  }
}

// Nothing for an order that does not rest.
std::optional<ItchStream::Standing> ItchStream::standing(OrderSlot slot) const {
  if (!slot.exists() || !market().books().order(slot).rests) {
    return std::nullopt;
  }
  const Order& order = market().books().order(slot);
  return Standing{order.side, order.price, market().books().visible(slot), order.remaining};
}

std::optional<ItchStream::Standing> ItchStream::standing(Text order_id) const {
  return standing(market().books().find(order_id));
}

void ItchStream::placed(Text order_id) {
  const OrderSlot slot = market().books().find(order_id);
  if (const auto now = standing(slot)) {
    const InstrumentIndex instrument = market().books().order(slot).instrument;
    release(instrument);
    stand(order_id.view(), instrument, *now);
  }
}

bool ItchStream::could_trade(InstrumentIndex instrument, const Standing& standing) const {
  const auto other = market().books().best(instrument, opposite(standing.side));
  const Price own = standing.price;
  return other && (standing.side == Side::buy ? own >= *other : own <= *other);
}

void ItchStream::stand(std::string_view order_id, InstrumentIndex instrument,
                       const Standing& standing) {
  if (could_trade(instrument, standing)) {
    held_.push_back({std::string(order_id), instrument, standing});
  } else {
    add(order_id, instrument, standing);
  }
}

ItchStream::Held* ItchStream::held(InstrumentIndex instrument) {
  const auto at = std::ranges::find(held_, instrument, &Held::instrument);
  return at == held_.end() ? nullptr : &*at;
}

void ItchStream::drop_held(InstrumentIndex instrument) {
  std::erase_if(held_, [&](const Held& one) { return one.instrument == instrument; });
}

// Nothing more is to be expected of it: shown as it last stood.
void ItchStream::release(InstrumentIndex instrument) {
  if (const Held* const one = held(instrument)) {
    add(one->order_id, instrument, one->standing);
    drop_held(instrument);
  }
}

// After what may have ended it, filled it, or taken away what it could trade with.
void ItchStream::reconsider(InstrumentIndex instrument) {
  Held* const one = held(instrument);
  if (one == nullptr) {
    return;
  }
  const auto now = standing(make_text(one->order_id));
  if (!now) {
    return drop_held(instrument);
  }
  one->standing = *now;
  if (!could_trade(instrument, *now)) {
    release(instrument);
  }
}

void ItchStream::replaced(const event::Replace& event) {
  const Text id = event.has_new_order_id() ? event.new_order_id : event.order_id;
  const OrderSlot slot = market().books().find(id);
  const auto now = standing(slot);
  if (!now) {
    return;
  }
  const InstrumentIndex instrument = market().books().order(slot).instrument;
  if (Held* const one = held(instrument); one && one->order_id == event.order_id.view()) {
    one->order_id = id.view();
    return reconsider(instrument);
  }
  const auto at = shown_.find(event.order_id.view());
  if (at == shown_.end()) {
    return;  // of an order that was never seen; `id` is another's
  }
  const Standing before = at->second.standing;
  if (now->price != before.price || now->remaining >= before.remaining) {
    return requeued(event.order_id.view(), id.view(), instrument, *now);
  }
  if (now->visible < before.visible) {
    write(instrument, ItchCancel{at->second.reference,
                                 lots(instrument, before.visible - now->visible, id.view())});
  }
  at->second.standing = *now;
  rename(event.order_id.view(), id.view());
}

// It has lost its place: a new order by ITCH's rules.
void ItchStream::requeued(std::string_view before, std::string_view order_id,
                          InstrumentIndex instrument, const Standing& now) {
  release(instrument);
  Shown& shown = shown_.find(before)->second;
  if (could_trade(instrument, now)) {
    write(instrument, ItchDelete{shown.reference});
    shown_.erase(shown_.find(before));
    held_.push_back({std::string(order_id), instrument, now});
    return;
  }
  const std::uint64_t reference = std::exchange(shown.reference, ++last_reference_);
  shown.standing = now;
  write(instrument, ItchReplace{reference, last_reference_, lots(instrument, now.visible, order_id),
                                ticks(instrument, now.price, order_id)});
  rename(before, order_id);
}

void ItchStream::rename(std::string_view before, std::string_view order_id) {
  if (before != order_id) {
    const auto at = shown_.find(before);
    const Shown shown = at->second;
    shown_.erase(at);
    shown_.emplace(order_id, shown);
  }
}

void ItchStream::cancelled(std::string_view order_id) {
  if (const auto at = shown_.find(order_id); at != shown_.end()) {
    const Shown shown = at->second;
    shown_.erase(at);
    write(shown.instrument, ItchDelete{shown.reference});
    return reconsider(shown.instrument);
  }
  std::erase_if(held_, [&](const Held& one) { return one.order_id == order_id; });
}

struct ItchStream::Execution {
  Price price;
  std::uint64_t match = 0;
  bool printable = false;
  std::string_view trade_id;
};

// How much of what the order showed a trade took; says so.
Quantity ItchStream::executed(Text order_id, const Execution& execution) {
  const auto at = shown_.find(order_id.view());
  if (at == shown_.end()) {
    return {};
  }
  const auto [reference, instrument, before] = at->second;
  const auto now = standing(order_id);
  const Quantity taken = before.visible - (now ? now->visible : Quantity{});
  if (now) {
    at->second.standing = *now;
  } else {
    shown_.erase(at);
  }
  if (taken.units == 0) {
    return taken;
  }
  const std::uint32_t shares = lots(instrument, taken, order_id.view());
  if (execution.printable && execution.price == before.price) {
    write(instrument, ItchExecuted{reference, shares, execution.match});
  } else {
    write(instrument, ItchExecutedAt{reference, shares, execution.match, execution.printable,
                                     ticks(instrument, execution.price, execution.trade_id)});
  }
  return taken;
}

void ItchStream::traded(const event::Trade& event) {
  const Directory& directory = market().directory();
  const InstrumentIndex instrument = directory.find_instrument(event.instrument_id);
  const Terms& terms = directory.instrument(instrument).terms;
  const Price price{*units_of(event.price, terms.price_scale, "price")};
  const Quantity quantity{*units_of(event.quantity, terms.quantity_scale, "quantity")};
  const Held* const one = held(instrument);
  if (one && !(event.has_taker_order_id() && one->order_id == event.taker_order_id.view())) {
    release(instrument);
  }
  Execution execution{price, ++last_match_, true, event.trade_id.view()};
  Quantity said;
  if (event.has_maker_order_id()) {
    said = executed(event.maker_order_id, execution);
    execution.printable = said.units == 0;
  }
  if (event.has_taker_order_id()) {
    const Quantity taken = executed(event.taker_order_id, execution);
    said = execution.printable ? taken : said;
  }
  if (said < quantity) {  // what nobody saw
    write(instrument,
          ItchTrade{lots(instrument, quantity - said, execution.trade_id),
                    listed_[instrument.value].symbol, ticks(instrument, price, execution.trade_id),
                    said.units == 0 ? last_match_ : ++last_match_});
  }
  reconsider(instrument);
}

void ItchStream::reset(InstrumentIndex instrument) {
  drop_held(instrument);
  std::vector<std::uint64_t> gone;
  erase_if(shown_, [&](const auto& one) {
    const Shown& shown = one.second;
    if (shown.instrument == instrument) {
      gone.push_back(shown.reference);
    }
    return shown.instrument == instrument;
  });
  std::ranges::sort(gone);
  for (const std::uint64_t reference : gone) {
    write(instrument, ItchDelete{reference});
  }
}

void ItchStream::add(std::string_view order_id, InstrumentIndex instrument,
                     const Standing& standing) {
  write(instrument,
        ItchAdd{++last_reference_, standing.side, lots(instrument, standing.visible, order_id),
                listed_[instrument.value].symbol, ticks(instrument, standing.price, order_id)});
  shown_.emplace(order_id, Shown{last_reference_, instrument, standing});
}

template <class Message>
void ItchStream::write(InstrumentIndex instrument, const Message& message) {
  append(bytes_, {static_cast<std::uint16_t>(instrument.value + 1), now_}, message);
  ++counts_[static_cast<unsigned char>(Message::type)];
}

void ItchStream::write_system(char code) {
  append(bytes_, {0, now_}, ItchSystemEvent{code});
  ++counts_[static_cast<unsigned char>(ItchSystemEvent::type)];
}

// A value that is to be a number of steps of 32 bits.
struct ItchStream::Measure {
  std::string_view value, step_name;
  std::int64_t step = 1;
  int scale = 0;
};

std::uint32_t ItchStream::steps(std::int64_t units, const Measure& measure, std::string_view of) {
  const std::int64_t whole = units / measure.step;
  if (error_.empty() && (units % measure.step != 0 || whole < 0 || whole > UINT32_MAX)) {
    error_ = std::string(of) + ": ITCH has no place for the " + std::string(measure.value) + " " +
             format_scaled(units, measure.scale) + ": 0 to 4294967295 whole " +
             std::string(measure.step_name) + " of " + format_scaled(measure.step, measure.scale) +
             " fit";
  }
  return static_cast<std::uint32_t>(whole);
}

std::uint32_t ItchStream::ticks(InstrumentIndex instrument, Price price, std::string_view of) {
  const Terms& terms = market().directory().instrument(instrument).terms;
  return steps(price.units, {"price", "ticks", listed_[instrument.value].tick, terms.price_scale},
               of);
}

std::uint32_t ItchStream::lots(InstrumentIndex instrument, Quantity quantity, std::string_view of) {
  const Terms& terms = market().directory().instrument(instrument).terms;
  return steps(quantity.units,
               {"quantity", "lots", listed_[instrument.value].lot, terms.quantity_scale}, of);
}

}  // namespace marktwacht
