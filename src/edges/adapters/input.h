// Where events come from: files and streams of every form, behind one small interface.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/decimal.h"
#include "events/batch.h"

namespace marktwacht {

// How far an input is, for the progress line. `bytes_total` is 0 where it is not known.
struct Progress {
  std::uint64_t bytes_done = 0;
  std::uint64_t bytes_total = 0;
};

// A stream of items. One thread at a time.
class Input {
 public:
  virtual ~Input() = default;

  // Resets `batch` and fills it with the next items, in order. False at the end (the batch is then
  // empty); true without items means that there were only blank lines, which are counted. An error
  // means that the world failed: a file that cannot be read, a compressed stream that is broken or
  // swells beyond 200:1; what came before it was valid, and every later call gives it again.
  virtual std::expected<bool, std::string> read(Batch& batch) = 0;
  virtual Progress progress() const = 0;
  // What the reader of the whole should know besides, once the end was reached: a journal's torn
  // tail. One sentence each.
  virtual std::vector<std::string> notes() const { return {}; }
};

// `--instrument ID:tick:lot`, for adapters whose source does not say.
struct InstrumentOption {
  std::string instrument_id;
  Decimal tick_size;
  Decimal lot_size;
};

// `--columns ts=COL[:ms],price=COL,…` of trades-csv: each names a column of the header line.
struct CsvColumns {
  struct TimeColumn {
    std::string name;
    std::int64_t unit_ns = 1;  // of an integer: s, ms, us or ns; RFC 3339 text is taken as well
  };
  TimeColumn ts;
  std::string price, quantity;
  std::optional<std::string> aggressor, buyer_id, seller_id, trade_id, instrument_id;
};

struct InputOptions {
  // "auto" (journal where the path is a directory or starts with the journal's magic, else
  // ndjson), "ndjson", "journal", "trades-csv", "hyperliquid".
  std::string from = "auto";
  std::vector<std::string> paths;  // "-" is standard input; several are merged by ts
  std::vector<InstrumentOption> instruments;
  CsvColumns columns;
  int threads = 1;  // 2 or more: decoding runs on a thread of its own
};

// An error says which option or file is wrong, and what is allowed.
std::expected<std::unique_ptr<Input>, std::string> open_input(const InputOptions& options);

// The parsers of the two options above.
std::expected<InstrumentOption, std::string> parse_instrument_option(const std::string& text);
std::expected<CsvColumns, std::string> parse_csv_columns(const std::string& text);

}  // namespace marktwacht
