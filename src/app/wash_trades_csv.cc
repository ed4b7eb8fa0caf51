// Rows to trades; what cannot be one is refused for a reason.
#include "app/wash_trades_csv.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "edges/adapters/csv_row.h"
#include "edges/adapters/csv_trade.h"
#include "edges/adapters/line_reader.h"

namespace marktwacht {
namespace {

constexpr std::array<std::string_view, 6> column_names = {"trade_id", "timestamp", "token",
                                                          "buyer",    "seller",    "amount"};
enum Column : std::uint8_t { trade_id, timestamp, token, buyer, seller, amount };

class TradeRows {
 public:
  explicit TradeRows(std::unique_ptr<ByteSource> source)
      : reader_(std::move(source), LineReader::Cut::csv_rows) {}

  std::expected<void, WashCsvFault> read(const WashCsvHandlers& handlers, WashTradeList& list) {
    for (bool header = true;;) {
      const auto more = reader_.read(batch_, lines_);
      if (!more) {
        return std::unexpected(WashCsvFault{true, more.error()});
      }
      auto rows = std::span<const Line>(lines_);
      if (header && !rows.empty()) {
        if (auto read = read_header(rows.front()); !read) {
          return unfit(read.error());
        }
        header = false;
        rows = rows.subspan(1);
      }
      if (header && !*more) {
        return unfit("is empty; wash-trades needs a header line");
      }
      if (auto taken = take(rows, handlers, list); !taken) {
        return std::unexpected(WashCsvFault{true, taken.error()});
      }
      if (!*more) {
        return {};
      }
      handlers.progress(list.size(), reader_.progress());
    }
  }

  std::uint64_t rejected() const { return rejected_; }

 private:
  std::unexpected<WashCsvFault> unfit(const std::string& what) const {
    return std::unexpected(WashCsvFault{false, std::string(reader_.name()) + ": " + what});
  }

  std::expected<void, std::string> read_header(const Line& line) {
    if (line.too_large || !split_csv_row(line.text, batch_.arena, cells_)) {
      return std::unexpected("the header line is not one row of column names");
    }
    columns_ = cells_.size();
    for (std::size_t column = 0; column < column_names.size(); ++column) {
      const auto count = std::ranges::count(cells_, column_names[column]);
      if (count != 1) {
        return std::unexpected("the header line has " +
                               std::string(count == 0 ? "no" : "more than one") + " column '" +
                               std::string(column_names[column]) +
                               "'; needed are trade_id, timestamp, token, buyer, seller, amount");
      }
      places_[column] = static_cast<std::size_t>(std::ranges::find(cells_, column_names[column]) -
                                                 cells_.begin());
    }
    return {};
  }

  std::expected<void, std::string> take(std::span<const Line> rows, const WashCsvHandlers& handlers,
                                        WashTradeList& list) {
    for (const Line& line : rows) {
      NamedTrade trade;
      const auto fault = parse(line, trade);
      if (!fault) {
        list.add(trade);
        continue;
      }
      ++rejected_;
      const std::string_view head = line.text.substr(0, rejected_head_bytes);
      if (auto told = handlers.rejected({line.line, line.offset, *fault, head}); !told) {
        return told;
      }
    }
    return {};
  }

  std::optional<Fault> parse(const Line& line, NamedTrade& trade) {
    if (line.too_large) {
      return Fault{RejectReason::too_large, {}};
    }
    if (!split_csv_row(line.text, batch_.arena, cells_) || cells_.size() > columns_) {
      return Fault{RejectReason::bad_value, {}};
    }
    for (std::size_t column = 0; column < column_names.size(); ++column) {
      if (cell(column).empty()) {
        return Fault{RejectReason::missing_field, column_names[column]};
      }
    }
    for (const Column column : {trade_id, token, buyer, seller}) {
      if (!is_csv_id(cell(column))) {
        return Fault{RejectReason::bad_value, column_names[column]};
      }
    }
    const auto ts = parse_csv_time(cell(timestamp), second.ns);
    const auto size = parse_decimal(cell(amount));
    if (!ts || !size || !size->positive()) {
      return Fault{RejectReason::bad_value, column_names[ts ? amount : timestamp]};
    }
    trade = {cell(trade_id), *ts, cell(token), cell(buyer), cell(seller), *size};
    return std::nullopt;
  }

  std::string_view cell(std::size_t column) const {
    return places_[column] < cells_.size() ? cells_[places_[column]] : std::string_view{};
  }

  LineReader reader_;
  Batch batch_;
  std::vector<Line> lines_;
  std::vector<std::string_view> cells_;
  std::array<std::size_t, column_names.size()> places_{};
  std::size_t columns_ = 0;
  std::uint64_t rejected_ = 0;
};

}  // namespace

std::expected<std::uint64_t, WashCsvFault> read_wash_trades_csv(std::unique_ptr<ByteSource> source,
                                                                const WashCsvHandlers& handlers,
                                                                WashTradeList& list) {
  TradeRows rows(std::move(source));
  if (auto read = rows.read(handlers, list); !read) {
    return std::unexpected(read.error());
  }
  return rows.rejected();
}

}  // namespace marktwacht
