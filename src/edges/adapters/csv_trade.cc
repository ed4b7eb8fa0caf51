// Cells to fields of a trade.
#include "edges/adapters/csv_trade.h"

#include <simdjson.h>

#include <charconv>
#include <limits>

#include "events/shape.h"

namespace marktwacht {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(CsvField::end_)> field_names = {
    "ts", "trade_id", "instrument_id", "price", "quantity", "buyer_id", "seller_id", "aggressor"};

template <class T>
void mark(T& event, typename T::Field field) {
  event.present |= std::uint64_t{1} << static_cast<std::size_t>(field);
}

std::optional<Side> parse_side(std::string_view text) {
  std::string word(text.substr(0, 5));
  for (char& c : word) {
    c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
  if (word == "buy" || word == "b") {
    return Side::buy;
  }
  return word == "sell" || word == "s" ? std::optional(Side::sell) : std::nullopt;
}

}  // namespace

bool is_csv_id(std::string_view text) {
  return !text.empty() && text.size() <= id_bytes_max &&
         simdjson::validate_utf8(text.data(), text.size());
}

std::string_view csv_field_name(CsvField field) {
  return field_names[static_cast<std::size_t>(field)];
}

std::optional<Time> parse_csv_time(std::string_view text, std::int64_t unit_ns) {
  std::int64_t units = 0;
  const char* end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, units);
  Int128 ns = 0;
  if (stop == end && fault == std::errc{}) {
    ns = Int128{units} * unit_ns;
  } else if (const auto number = parse_decimal(text)) {
    const auto scaled = multiply(number->mantissa, unit_ns);
    const auto decimal = scaled ? make_decimal(*scaled, number->exponent) : std::nullopt;
    const auto whole = decimal ? scaled_int64(*decimal, 0) : std::unexpected(ScaleFault::too_large);
    if (!whole) {
      return std::nullopt;
    }
    ns = *whole;
  } else {
    return parse_rfc3339(text);
  }
  if (ns < 0 || ns > std::numeric_limits<std::int64_t>::max()) {
    return std::nullopt;
  }
  return Time{static_cast<std::int64_t>(ns)};
}

const Event* make_spot_instrument(const InstrumentOption& option, Time ts, Arena& arena) {
  using Field = event::Instrument::Field;
  auto* instrument = arena.make<event::Instrument>();
  instrument->type = event::Instrument::event_type;
  instrument->ts = ts;
  const std::string_view id = arena.copy(option.instrument_id);
  const std::size_t cut = id.find_first_of("-/_");
  const bool pair = cut != id.npos && cut > 0 && cut + 1 < id.size();
  instrument->instrument_id = make_text(id);
  instrument->kind = InstrumentKind::spot;
  instrument->base = make_text(pair ? id.substr(0, cut) : id);
  instrument->quote = make_text(pair ? id.substr(cut + 1) : std::string_view("quote"));
  instrument->tick_size = option.tick_size;
  instrument->lot_size = option.lot_size;
  for (const Field field : {Field::instrument_id, Field::kind, Field::base, Field::quote,
                            Field::tick_size, Field::lot_size}) {
    mark(*instrument, field);
  }
  return instrument;
}

void CsvTradeReader::read(const std::vector<std::string_view>& cells, std::uint64_t row,
                          Arena& arena, Item& item) const {
  if (const auto field = missing(cells)) {
    item.fault = {RejectReason::missing_field, csv_field_name(*field)};
    return;
  }
  if (cells.size() > places_.columns) {
    item.fault = {RejectReason::bad_value, {}};
    return;
  }
  auto* trade = arena.make<event::Trade>();
  trade->type = event::Trade::event_type;
  if (const auto field = set_values(cells, *trade)) {
    item.fault = {RejectReason::bad_value, csv_field_name(*field)};
    return;
  }
  set_defaults(row, arena, *trade);
  if (const auto fault = shape_fault(*trade)) {
    item.fault = *fault;
    return;
  }
  item.event = trade;
}

// Empty where there is no such column or cell.
std::string_view CsvTradeReader::cell(CsvField field,
                                      const std::vector<std::string_view>& cells) const {
  const std::optional<std::size_t> place = places_[field];
  return place && *place < cells.size() ? cells[*place] : std::string_view{};
}

std::optional<CsvField> CsvTradeReader::missing(const std::vector<std::string_view>& cells) const {
  for (const CsvField field : {CsvField::ts, CsvField::trade_id, CsvField::instrument_id,
                               CsvField::price, CsvField::quantity}) {
    if (places_[field] && cell(field, cells).empty()) {
      return field;
    }
  }
  return std::nullopt;
}

// The first field whose value is wrong.
std::optional<CsvField> CsvTradeReader::set_values(const std::vector<std::string_view>& cells,
                                                   event::Trade& trade) const {
  using Field = event::Trade::Field;
  const auto take_id = [&](CsvField field, Field number, Text& to) {
    const std::string_view id = cell(field, cells);
    if (id.empty()) {
      return true;
    }
    to = make_text(id);
    mark(trade, number);
    return is_csv_id(id);
  };
  const auto take_decimal = [&](CsvField field, Field number, Decimal& to) {
    const auto value = parse_decimal(cell(field, cells));
    to = value.value_or(Decimal{});
    mark(trade, number);
    return value.has_value();
  };
  const auto take_side = [&](CsvField field, Field number, Side& to) {
    const std::string_view word = cell(field, cells);
    if (word.empty()) {
      return true;
    }
    const auto side = parse_side(word);
    to = side.value_or(Side::buy);
    mark(trade, number);
    return side.has_value();
  };
  const auto ts = parse_csv_time(cell(CsvField::ts, cells), ts_unit_ns_);
  if (!ts) {
    return CsvField::ts;
  }
  trade.ts = *ts;
  if (!take_id(CsvField::trade_id, Field::trade_id, trade.trade_id)) {
    return CsvField::trade_id;
  }
  if (!take_id(CsvField::instrument_id, Field::instrument_id, trade.instrument_id)) {
    return CsvField::instrument_id;
  }
  if (!take_decimal(CsvField::price, Field::price, trade.price)) {
    return CsvField::price;
  }
  if (!take_decimal(CsvField::quantity, Field::quantity, trade.quantity) ||
      !trade.quantity.positive()) {
    return CsvField::quantity;
  }
  if (!take_id(CsvField::buyer_id, Field::buyer_id, trade.buyer_id)) {
    return CsvField::buyer_id;
  }
  if (!take_id(CsvField::seller_id, Field::seller_id, trade.seller_id)) {
    return CsvField::seller_id;
  }
  if (!take_side(CsvField::aggressor, Field::aggressor, trade.aggressor)) {
    return CsvField::aggressor;
  }
  return std::nullopt;
}

void CsvTradeReader::set_defaults(std::uint64_t row, Arena& arena, event::Trade& trade) const {
  using Field = event::Trade::Field;
  if (!trade.has_trade_id()) {
    std::array<char, 20> digits{};
    const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), row).ptr;
    trade.trade_id = make_text(arena.copy(std::string_view(digits.data(), end)));
    mark(trade, Field::trade_id);
  }
  if (!trade.has_instrument_id()) {
    trade.instrument_id = make_text(arena.copy(instrument_id_));
    mark(trade, Field::instrument_id);
  }
  if (!places_[CsvField::aggressor]) {
    trade.aggressor = Side::buy;
    mark(trade, Field::aggressor);
  }
}

}  // namespace marktwacht
