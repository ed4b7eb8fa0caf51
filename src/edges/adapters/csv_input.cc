// CSV files of trades as an input.
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "edges/adapters/csv_row.h"
#include "edges/adapters/csv_trade.h"
#include "edges/adapters/inputs.h"
#include "edges/adapters/line_reader.h"

namespace marktwacht {
namespace {

std::string quoted_list(const std::vector<std::string_view>& names) {
  std::string list;
  for (const std::string_view name : names) {
    list += (list.empty() ? "'" : ", '") + std::string(name) + "'";
  }
  return list;
}

// The place of the column `name` in the header.
std::expected<std::size_t, std::string> find_column(std::string_view field, const std::string& name,
                                                    const std::vector<std::string_view>& header) {
  const std::string asked = "--columns " + std::string(field) + "=" + name + ": ";
  const auto count = std::ranges::count(header, name);
  if (count == 0) {
    return std::unexpected(asked + "there is no such column; the header line has " +
                           quoted_list(header));
  }
  if (count > 1) {
    return std::unexpected(asked + "the header line has this column " + std::to_string(count) +
                           " times; give each its own name");
  }
  return static_cast<std::size_t>(std::ranges::find(header, name) - header.begin());
}

// Where each field of the trade stands in a row.
std::expected<CsvPlaces, std::string> find_places(const CsvColumns& columns,
                                                  const std::vector<std::string_view>& header) {
  const std::pair<CsvField, std::optional<std::string>> wanted[] = {
      {CsvField::ts, columns.ts.name},
      {CsvField::trade_id, columns.trade_id},
      {CsvField::instrument_id, columns.instrument_id},
      {CsvField::price, columns.price},
      {CsvField::quantity, columns.quantity},
      {CsvField::buyer_id, columns.buyer_id},
      {CsvField::seller_id, columns.seller_id},
      {CsvField::aggressor, columns.aggressor},
  };
  CsvPlaces places;
  places.columns = header.size();
  for (const auto& [field, name] : wanted) {
    if (!name) {
      continue;
    }
    const auto place = find_column(csv_field_name(field), *name, header);
    if (!place) {
      return std::unexpected(place.error());
    }
    places[field] = *place;
  }
  return places;
}

class CsvInput : public Input {
 public:
  CsvInput(std::unique_ptr<ByteSource> source, const CsvColumns& columns,
           std::vector<InstrumentOption> instruments)
      : reader_(std::move(source), LineReader::Cut::csv_rows),
        columns_(columns),
        instruments_(std::move(instruments)) {}

  // Reads up to the header line and what came with it.
  std::expected<void, std::string> open() {
    make_movable(first_);
    std::uint64_t blank_lines = 0;
    do {
      const auto more = reader_.read(first_, lines_);
      if (!more) {
        return std::unexpected(more.error());
      }
      if (!*more) {
        return std::unexpected(name() + ": is empty; trades-csv needs a header line");
      }
      blank_lines += first_.blank_lines;
    } while (lines_.empty());
    first_.blank_lines = blank_lines;
    first_waits_ = true;
    return read_header(lines_.front());
  }

  std::expected<bool, std::string> read(Batch& batch) override {
    std::expected<bool, std::string> more = true;
    if (std::exchange(first_waits_, false)) {
      std::swap(batch, first_);
      lines_.erase(lines_.begin());
    } else {
      more = reader_.read(batch, lines_);
    }
    for (const Line& line : lines_) {
      add_row(line, batch);
    }
    if (more && !*more && !announced_) {
      announce({}, batch);  // a file without one good row
      return true;
    }
    return more;
  }

  Progress progress() const override { return reader_.progress(); }

 private:
  std::string name() const { return std::string(reader_.name()); }

  std::expected<void, std::string> read_header(const Line& line) {
    if (line.too_large || !split_csv_row(line.text, first_.arena, cells_)) {
      return std::unexpected(name() + ": the header line is not one row of column names");
    }
    auto places = find_places(columns_, cells_);
    if (!places) {
      return std::unexpected(name() + ": " + places.error());
    }
    header_ = {std::string(line.text), line.line, line.offset};
    decoder_.emplace(*places, columns_.ts.unit_ns, instruments_.front().instrument_id);
    return {};
  }

  void add_row(const Line& line, Batch& batch) {
    ++rows_;
    Item item;
    item.line = line.line;
    item.offset = line.offset;
    item.text = line.text;
    if (line.too_large) {
      item.fault = {RejectReason::too_large, {}};
    } else if (!split_csv_row(line.text, batch.arena, cells_)) {
      item.fault = {RejectReason::bad_value, {}};
    } else {
      decoder_->read(cells_, rows_, batch.arena, item);
    }
    if (item.event != nullptr && !announced_) {
      announce(item.event->ts, batch);
    }
    batch.items.push_back(item);
  }

  // The instruments, as if the header line had said them.
  void announce(Time ts, Batch& batch) {
    announced_ = true;
    for (const InstrumentOption& instrument : instruments_) {
      Item& item = batch.items.emplace_back();
      item.event = make_spot_instrument(instrument, ts, batch.arena);
      item.line = header_.line;
      item.offset = header_.offset;
      item.text = batch.arena.copy(header_.text);
    }
  }

  struct Header {
    std::string text;
    std::uint64_t line = 0;
    std::uint64_t offset = 0;
  };

  LineReader reader_;
  CsvColumns columns_;
  std::vector<InstrumentOption> instruments_;
  Header header_;
  std::optional<CsvTradeReader> decoder_;
  Batch first_;  // read while opening; with the header line in it
  bool first_waits_ = false;
  bool announced_ = false;
  std::uint64_t rows_ = 0;
  std::vector<Line> lines_;
  std::vector<std::string_view> cells_;
};

std::expected<void, std::string> check_options(const CsvColumns& columns,
                                               const std::vector<InstrumentOption>& instruments) {
  if (columns.ts.name.empty() || columns.price.empty() || columns.quantity.empty()) {
    return std::unexpected(
        "trades-csv needs --columns ts=COL[:s|ms|us|ns],price=COL,quantity=COL and may take "
        "aggressor, buyer_id, seller_id, trade_id and instrument_id besides");
  }
  if (instruments.empty()) {
    return std::unexpected(
        "trades-csv needs --instrument ID:tick:lot, such as --instrument BTC-USDT:0.01:0.0001");
  }
  if (instruments.size() > 1 && !columns.instrument_id) {
    return std::unexpected(
        "trades-csv with more than one --instrument needs --columns instrument_id=COL, which says "
        "to which of them a row belongs");
  }
  return {};
}

}  // namespace

OpenedInput open_trades_csv(std::unique_ptr<ByteSource> source, const CsvColumns& columns,
                            const std::vector<InstrumentOption>& instruments) {
  if (const auto fit = check_options(columns, instruments); !fit) {
    return std::unexpected(fit.error());
  }
  auto input = std::make_unique<CsvInput>(std::move(source), columns, instruments);
  if (const auto opened = input->open(); !opened) {
    return std::unexpected(opened.error());
  }
  return input;
}

}  // namespace marktwacht
