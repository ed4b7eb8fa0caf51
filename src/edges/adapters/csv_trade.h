// From the cells of a CSV row to a trade.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edges/adapters/input.h"
#include "events/batch.h"

namespace marktwacht {

// The fields that a column may hold, in the order of the event's table.
enum class CsvField : std::uint8_t {
  ts,
  trade_id,
  instrument_id,
  price,
  quantity,
  buyer_id,
  seller_id,
  aggressor,
  end_
};
std::string_view csv_field_name(CsvField field);

// Which cell of a row holds a field.
struct CsvPlaces {
  std::array<std::optional<std::size_t>, static_cast<std::size_t>(CsvField::end_)> list{};
  std::size_t columns = 0;  // of the header line

  std::optional<std::size_t>& operator[](CsvField field) {
    return list[static_cast<std::size_t>(field)];
  }
  const std::optional<std::size_t>& operator[](CsvField field) const {
    return list[static_cast<std::size_t>(field)];
  }
};

// Makes `trade` events. Without a column: trade_id is the row's number, instrument_id the one given
// here, aggressor buy. An empty cell is a field that is absent.
class CsvTradeReader {
 public:
  CsvTradeReader(const CsvPlaces& places, std::int64_t ts_unit_ns, std::string instrument_id)
      : places_(places), ts_unit_ns_(ts_unit_ns), instrument_id_(std::move(instrument_id)) {}

  // Sets `item.event`, or `item.fault` to the first failure: missing fields before wrong values,
  // each in table order; a row with more cells than the header is a bad value without a field. The
  // event lives in `arena`, its texts there or in the cells.
  void read(const std::vector<std::string_view>& cells, std::uint64_t row, Arena& arena,
            Item& item) const;

 private:
  std::string_view cell(CsvField field, const std::vector<std::string_view>& cells) const;
  std::optional<CsvField> missing(const std::vector<std::string_view>& cells) const;
  std::optional<CsvField> set_values(const std::vector<std::string_view>& cells,
                                     event::Trade& trade) const;
  void set_defaults(std::uint64_t row, Arena& arena, event::Trade& trade) const;

  CsvPlaces places_;
  std::int64_t ts_unit_ns_;
  std::string instrument_id_;
};

// 1 to id_bytes_max bytes of UTF-8.
bool is_csv_id(std::string_view text);

// A time as CSV files have it: a number of units since the epoch, fractions allowed down to the
// nanosecond, or RFC 3339.
std::optional<Time> parse_csv_time(std::string_view text, std::int64_t unit_ns);

// The spot instrument that `--instrument` describes. Base and quote are what stands before and
// behind the first '-', '/' or '_' of its id; else the id itself and "quote".
const Event* make_spot_instrument(const InstrumentOption& option, Time ts, Arena& arena);

}  // namespace marktwacht
