// The texts of --instrument and --columns.
#include <simdjson.h>

#include <array>
#include <utility>

#include "edges/adapters/input.h"
#include "events/fields.h"

namespace marktwacht {
namespace {

struct Unit {
  std::string_view word;
  std::int64_t ns;
};
constexpr std::array<Unit, 4> units = {
    {{"s", 1'000'000'000}, {"ms", 1'000'000}, {"us", 1'000}, {"ns", 1}}};

constexpr std::string_view columns_allowed =
    "allowed are ts=COL[:s|ms|us|ns], price, quantity, aggressor, buyer_id, seller_id, trade_id "
    "and instrument_id, as in ts=time:ms,price=px,quantity=amount";

std::unexpected<std::string> wrong_columns(const std::string& what) {
  return std::unexpected("--columns: " + what + "; " + std::string(columns_allowed));
}

// The parts of `text` between `separator`.
std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back().push_back(c);
    }
  }
  return parts;
}

std::expected<void, std::string> set_time(CsvColumns& columns, const std::string& column) {
  const std::size_t colon = column.rfind(':');
  columns.ts.name = column.substr(0, colon);
  if (colon == std::string::npos) {
    return {};
  }
  const std::string word = column.substr(colon + 1);
  for (const Unit& unit : units) {
    if (unit.word == word) {
      columns.ts.unit_ns = unit.ns;
      return {};
    }
  }
  return wrong_columns("'" + word + "' is no unit of ts");
}

std::expected<void, std::string> set_column(CsvColumns& columns, const std::string& field,
                                            const std::string& column) {
  if (field == "ts" && columns.ts.name.empty()) {
    return set_time(columns, column);
  }
  const std::pair<std::string_view, std::string*> required[] = {{"price", &columns.price},
                                                                {"quantity", &columns.quantity}};
  const std::pair<std::string_view, std::optional<std::string>*> optional[] = {
      {"aggressor", &columns.aggressor},
      {"buyer_id", &columns.buyer_id},
      {"seller_id", &columns.seller_id},
      {"trade_id", &columns.trade_id},
      {"instrument_id", &columns.instrument_id}};
  bool known = field == "ts";
  for (const auto& [name, to] : required) {
    known = known || name == field;
    if (name == field && to->empty()) {
      *to = column;
      return {};
    }
  }
  for (const auto& [name, to] : optional) {
    known = known || name == field;
    if (name == field && !*to) {
      *to = column;
      return {};
    }
  }
  return wrong_columns("'" + field + "' is " + (known ? "given twice" : "no field of a trade"));
}

}  // namespace

std::expected<CsvColumns, std::string> parse_csv_columns(const std::string& text) {
  CsvColumns columns;
  for (const std::string& part : split(text, ',')) {
    const std::size_t equals = part.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == part.size()) {
      return wrong_columns("'" + part + "' is not FIELD=COL");
    }
    const auto set = set_column(columns, part.substr(0, equals), part.substr(equals + 1));
    if (!set) {
      return std::unexpected(set.error());
    }
  }
  if (columns.ts.name.empty() || columns.price.empty() || columns.quantity.empty()) {
    return wrong_columns("ts, price and quantity are needed");
  }
  if (columns.buyer_id.has_value() != columns.seller_id.has_value()) {
    return wrong_columns("buyer_id and seller_id are given together or not at all");
  }
  return columns;
}

std::expected<InstrumentOption, std::string> parse_instrument_option(const std::string& text) {
  const auto wrong = [&](const std::string& what) {
    return std::unexpected("--instrument '" + text + "': " + what +
                           "; it is ID:tick:lot, such as BTC-USDT:0.01:0.0001");
  };
  const std::vector<std::string> parts = split(text, ':');
  if (parts.size() != 3) {
    return wrong("has " + std::to_string(parts.size()) + " parts");
  }
  const std::string& id = parts[0];
  if (id.empty() || id.size() > id_bytes_max || !simdjson::validate_utf8(id)) {
    return wrong("the id must have 1 to 128 bytes of UTF-8");
  }
  const auto tick_size = parse_decimal(parts[1]);
  const auto lot_size = parse_decimal(parts[2]);
  if (!tick_size || !tick_size->positive()) {
    return wrong("tick '" + parts[1] + "' is no decimal above 0");
  }
  if (!lot_size || !lot_size->positive()) {
    return wrong("lot '" + parts[2] + "' is no decimal above 0");
  }
  return InstrumentOption{id, *tick_size, *lot_size};
}

}  // namespace marktwacht
