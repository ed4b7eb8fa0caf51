// The streams that benchmarks run on: made from a seed, the same on every machine.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/fixed.h"
#include "base/time.h"

namespace marktwacht::bench {

// tight: books like those of a stock exchange. deep: like those of a crypto exchange, whose ticks
// are small against the price, with orders far away from it.
enum class Shape : std::uint8_t { tight, deep };

inline std::string_view name_of(Shape shape) { return shape == Shape::tight ? "tight" : "deep"; }

enum class CommandKind : std::uint8_t { place, cancel, replace, trade };

// One event in its most compact form.
struct Command {
  Time ts;
  std::uint64_t order_id = 0;      // of a trade: the maker's
  std::uint64_t new_order_id = 0;  // replace: the order's next id; trade: the taker's
  std::int32_t price = 0;          // in ticks
  std::uint32_t quantity = 0;      // in lots
  std::uint32_t account = 0;       // owner of the order; of a trade: the taker
  std::uint32_t maker = 0;         // of a trade: the maker's account
  std::uint16_t instrument = 0;
  CommandKind kind{};
  Side side{};  // of the order; of a trade: the maker's
};
static_assert(sizeof(Command) == 48);

struct StreamOptions {
  std::uint32_t events = 10'000'000;  // besides the warm-up
  std::uint64_t seed = 1;
  std::uint32_t instruments = 200;
  std::uint32_t accounts = 100'000;
};

// What a reader compares with docs/performance.md. Shares and times are of the timed part.
struct StreamFacts {
  std::uint32_t live_orders = 0;  // at the end
  std::uint32_t levels = 0;       // at the end, all books
  std::uint32_t levels_most = 0;  // at any time in one book, both sides
  std::uint32_t orders = 0, cancels = 0, replaces = 0, trades = 0;
  std::int64_t seconds = 0;  // of market time
};

struct Stream {
  Shape shape{};
  StreamOptions options;
  std::uint32_t warm_up = 0;  // so many commands come first, not timed
  std::vector<Command> commands;
  StreamFacts facts;
};

// 46 % orders, 44 % cancels (75 % of them of young orders), 6 % replaces (each with a new id), 4 %
// trades against the first order at the best price. Instruments and accounts by Zipf's law, a
// millisecond between events on average. The warm-up fills the books.
Stream make_stream(Shape shape, const StreamOptions& options);

}  // namespace marktwacht::bench
