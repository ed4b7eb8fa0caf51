// Commands as the events that a venue would send, and as calls to the books.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/arena.h"
#include "bench/streams.h"
#include "events/event.h"

namespace marktwacht::bench {

// Prices are counted in `price_units` of a tick and quantities in `quantity_units` of a lot, as the
// engine does: three digits finer than tick 0.01 and lot 0.001.
inline constexpr std::int64_t price_units = 1'000;
inline constexpr std::int64_t quantity_units = 1'000;

inline Price price_of(const Command& command) { return {command.price * price_units}; }
inline Quantity quantity_of(const Command& command) { return {command.quantity * quantity_units}; }

// The decimal digits of an order id, in `arena`.
Text id_text(std::uint64_t id, Arena& arena);

// Makes a stream's events. Its names live as long as it does; all else lives in the arena given.
class StreamEvents {
 public:
  explicit StreamEvents(const StreamOptions& options);

  // What comes before the first command: assets, instruments, accounts.
  std::vector<const Event*> declarations(Arena& arena) const;
  const Event* make(const Command& command, Arena& arena) const;

 private:
  struct Name {
    std::string text;
    Text view() const { return {text.data(), static_cast<std::uint32_t>(text.size()), hash}; }
    std::uint32_t hash = 0;
  };
  static std::vector<Name> names(std::uint32_t size, std::string_view head, std::string_view tail,
                                 std::uint32_t first);

  const Event* order(const Command& command, Arena& arena) const;
  const Event* replace(const Command& command, Arena& arena) const;
  const Event* cancel(const Command& command, Arena& arena) const;
  const Event* trade(const Command& command, Arena& arena) const;

  std::vector<Name> assets_;
  std::vector<Name> instruments_;
  std::vector<Name> accounts_;
};

}  // namespace marktwacht::bench
